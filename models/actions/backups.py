"""What the audit trail says of copies of the store: who took one away, and when the store was brought back from one."""

from sqlmodel import Session, delete

from models.audit import Deed, find_state, record
from models.tables import SignInSession


def record_backup(session: Session, *, file: str, rows: int, deed: Deed) -> None:
    """Somebody made a copy of everything. No figure changes."""
    record(session, deed=deed, action="backup", subject=file, new={"rows": rows}, is_change=False)


def record_restore(session: Session, *, file: str, version: str, last_data_version: int, deed: Deed) -> None:
    """The store is what a backup held. Whoever was signed in then signs in anew.

    The data version goes on from the one that pages saw last: none of their remembered answers may pass for new.
    """
    state = find_state(session)
    state.data_version = max(state.data_version, last_data_version)
    session.add(state)
    session.exec(delete(SignInSession))
    record(session, deed=deed, action="restore", subject=file, new={"version": version})
