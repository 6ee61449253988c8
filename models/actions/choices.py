"""How the columns of a source's files are read, where the files do not say it: chosen once, then remembered."""

from collections.abc import Mapping

from sqlmodel import Session

from models.actions.permission import require
from models.audit import Deed, record
from models.queries.choices import find_choices, find_source_id
from models.tables import ColumnChoice
from targets.permissions import Permission


def remember_choices(session: Session, choices: Mapping[str, str], *, source: str, deed: Deed) -> None:
    """Remember options by the keys of their questions; what was chosen before for the same column is replaced.

    Changes no figure, so the data version stays; the audit keeps what was chosen before.
    """
    require(session, deed, Permission.IMPORT)
    known = find_choices(session, source)
    new = {key: option for key, option in choices.items() if known.get(key) != option}
    if not new:
        return
    source_id = find_source_id(session, source)
    for key, option in new.items():
        session.merge(ColumnChoice(source_id=source_id, key=key, option=option, by=deed.by, recorded_at=deed.now))
    old = {key: known[key] for key in new if key in known}
    record(
        session, deed=deed, action="remember_choices", subject=source, old=old or None, new=dict(new), is_change=False
    )
