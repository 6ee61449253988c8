"""What people take along leaves a trace too."""

from sqlmodel import Session

from models.actions.permission import require
from models.audit import Deed, record
from targets.permissions import Permission


def record_download(session: Session, *, subject: str, rows: int, deed: Deed) -> None:
    """Note that somebody took the audit trail along. Raises Refused for whoever may not see it."""
    require(session, deed, Permission.READ_OPERATIONS)
    record(session, deed=deed, action="download", subject=subject, new={"rows": rows}, is_change=False)
