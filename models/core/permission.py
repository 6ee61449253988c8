"""The check that counts: the person who acts is looked up in the store, at the moment of the change."""

from dataclasses import replace

from sqlmodel import Session, select

from models.accounts.queries import find_actor
from models.core.audit import ChangeContext, record
from models.tables import StoreState, UnitRow
from targets.permissions import (
    SYSTEM,
    Actor,
    Permission,
    Refused,
    check_may,
    refusal_of_strangers,
    system_actor,
)


def require(
    session: Session,
    context: ChangeContext,
    permission: Permission,
    unit_id: int | None = None,
    *,
    is_change: bool = True,
) -> Actor:
    """Raise Refused unless the person who acts may: for the unit named, or, without one, for the whole campaign.

    Role and units are the store's of this moment, whatever a page believed when it was opened. A command on the server
    may do everything, but that a campaign in the archive is changed by nobody. Answers who acts.
    """
    actor = system_actor(context.by) if context.by.startswith(SYSTEM) else find_actor(session, context.by)
    if actor is None:
        raise refusal_of_strangers(permission)
    unit = None if unit_id is None else session.get_one(UnitRow, unit_id).code
    check_may(replace(actor, is_in_archive=is_change and find_archived(session)), permission, unit=unit)
    return actor


def find_archived(session: Session) -> bool:
    """Whether the campaign lies in the archive; a store without one does not."""
    return session.exec(select(StoreState.is_archived)).first() or False


def record_refusal(session: Session, refused: Refused, *, context: ChangeContext) -> None:
    """Keep a trace of what somebody was not allowed to do; the change itself has been rolled back."""
    record(
        session,
        context=context,
        action="refused",
        subject=refused.permission.value,
        new=dict(refused.terms),
        is_change=False,
    )
