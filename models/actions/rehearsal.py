"""The clock of a demonstration: it moves on by the days that are told to it."""

from datetime import datetime

from sqlmodel import Session

from models.actions.permission import require
from models.audit import Deed, find_state, record
from models.settings import TIMEZONE
from targets.permissions import Permission


def move_rehearsal(session: Session, *, to: datetime, deed: Deed) -> bool:
    """Move a demonstration's instant on, never back; answers whether it moved."""
    require(session, deed, Permission.PULL)
    state = find_state(session)
    was = state.rehearsal_now
    if was is None or to <= was:
        return False
    state.rehearsal_now = to
    session.add(state)
    record(
        session,
        deed=deed,
        action="move_rehearsal",
        subject=state.campaign_key,
        old={"now": was.astimezone(TIMEZONE).isoformat()},
        new={"now": to.astimezone(TIMEZONE).isoformat()},
    )
    return True
