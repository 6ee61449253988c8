"""What people take along leaves a trace too."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from models.actions.permission import require
from models.audit import Deed, record
from targets.permissions import ANONYMOUS, Permission


def record_download(
    session: Session, *, subject: str, told: Mapping[str, Any], permission: Permission, deed: Deed
) -> None:
    """Note that somebody took a file along, which file, and what it was narrowed to.

    Where everybody may look, nobody's name is known, and none is asked for. Raises Refused for whoever may not see
    what is in the file.
    """
    if deed.by != ANONYMOUS.login or permission is not Permission.READ:
        require(session, deed, permission)
    record(session, deed=deed, action="download", subject=subject, new=dict(told), is_change=False)
