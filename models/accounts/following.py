"""The people of the front's store, as a further campaign's store knows them.

Who somebody is, which role they have and whether they may come in holds for every campaign, and is the front's to say.
Which units somebody heads is the campaign's own: at first those of the same codes, from then on what is said there. The
copies hold no password: they only tell a campaign's actions who acts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from models.accounts.queries import find_accounts, find_known_units
from models.core.audit import ChangeContext, record
from models.core.permission import require
from models.tables import Account, AccountUnit, UnitRow
from targets.permissions import SYSTEM, Permission, Role

FRONT, FOLLOWING = f"{SYSTEM}front", "accounts follow the front"
"""Who brings the copies up to date, and why."""


@dataclass(frozen=True)
class Person:
    """Somebody with an account at the front."""

    login: str
    name: str
    role: Role
    is_enabled: bool
    units: tuple[str, ...]


def find_people(session: Session) -> tuple[Person, ...]:
    """Everybody who has an account in this store, by login."""
    return tuple(Person(row.login, row.name, row.role, row.is_enabled, row.units) for row in find_accounts(session))


def follow_people(session: Session, people: Sequence[Person], *, context: ChangeContext) -> int:
    """Bring a further campaign's accounts up to the front's; answers how many differed, of which each leaves an entry.

    An account that the front does not know can do nothing any more.
    """
    require(session, context, Permission.MANAGE_ACCOUNTS)
    held = {account.login: account for account in session.exec(select(Account))}
    changed = 0
    for person in people:
        account = held.pop(person.login, None)
        told = {"name": person.name, "role": person.role, "is_enabled": person.is_enabled}
        if account is None:
            _copy(session, person, told, context)
        elif (old := {name: getattr(account, name) for name in told}) != told:
            _change(session, account, old, told, context)
        else:
            continue
        changed += 1
    for account in held.values():
        if account.is_enabled:
            _change(session, account, {"is_enabled": True}, {"is_enabled": False}, context)
            changed += 1
    return changed


def _copy(session: Session, person: Person, told: dict[str, Any], context: ChangeContext) -> None:
    account = Account(login=person.login, created_at=context.now, **told)
    session.add(account)
    session.flush()
    codes = find_known_units(session, person.units)
    ids = session.exec(select(UnitRow.id).where(col(UnitRow.code).in_(codes)))
    session.add_all(AccountUnit(account_id=account.id or 0, unit_id=unit_id or 0) for unit_id in ids)
    _note(session, person.login, None, told | {"units": list(codes)}, context)


def _change(
    session: Session, account: Account, old: dict[str, object], told: dict[str, object], context: ChangeContext
) -> None:
    for name, value in told.items():
        setattr(account, name, value)
    account.version_id += 1
    session.add(account)
    _note(session, account.login, old, told, context)


def _note(
    session: Session, login: str, old: dict[str, object] | None, new: dict[str, object], context: ChangeContext
) -> None:
    record(
        session,
        context=context,
        action="follow_front",
        subject=f"account {login}",
        old=old,
        new=new,
        is_change=False,
    )
