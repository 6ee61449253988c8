"""A campaign that is over: put into the archive, where it is read and no longer changed, and taken out again."""

from sqlmodel import Session

from models.core.audit import ChangeContext, find_state, record
from models.core.permission import require
from models.targets.registrations import check_reason
from targets.permissions import Permission


def set_archived(session: Session, *, is_archived: bool, context: ChangeContext) -> bool:
    """Put the campaign into the archive, or take it out; answers whether it was elsewhere.

    What refuses every change to it from then on is `models.core.permission.require`. Raises Refused, and Incomplete
    where nobody says why.
    """
    require(session, context, Permission.ARCHIVE)
    check_reason(context)
    state = find_state(session)
    if state.is_archived == is_archived:
        return False
    state.is_archived = is_archived
    session.add(state)
    record(
        session,
        context=context,
        action="archive_campaign" if is_archived else "reopen_campaign",
        subject=state.campaign_key,
        old={"is_archived": not is_archived},
        new={"is_archived": is_archived},
    )
    return True
