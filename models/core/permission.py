"""The check that counts: the person who acts is looked up in the store, at the moment of the change."""

from sqlmodel import Session

from models.accounts.queries import find_actor
from models.core.audit import ChangeContext, record
from models.tables import UnitRow
from targets.permissions import (
    SYSTEM,
    Actor,
    Permission,
    Refused,
    check_may,
    refusal_of_strangers,
    system_actor,
)


def require(session: Session, context: ChangeContext, permission: Permission, unit_id: int | None = None) -> Actor:
    """Raise Refused unless the person who acts may: for the unit named, or, without one, for the whole campaign.

    Role and units are the store's of this moment, whatever a page believed when it was opened. A command on the server
    may do everything. Answers who acts.
    """
    if context.by.startswith(SYSTEM):
        return system_actor(context.by)
    actor = find_actor(session, context.by)
    if actor is None:
        raise refusal_of_strangers(permission)
    unit = None if unit_id is None else session.get_one(UnitRow, unit_id).code
    check_may(actor, permission, unit=unit)
    return actor


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
