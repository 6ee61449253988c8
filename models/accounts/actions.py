"""Accounts: created, changed, disabled. Passwords arrive hashed: hashing takes its time before the store is locked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete, select

from models.accounts.passwords import ONE_TIME_FOR, check_login
from models.accounts.queries import find_account, find_accounts, has_accounts
from models.accounts.sessions import end_sessions
from models.core.audit import ChangeContext, record
from models.core.permission import require
from models.tables import Account, AccountUnit, SignInSession, UnitRow
from models.targets.registrations import check_reason
from targets.errors import CampaignError, UnknownName
from targets.permissions import ROLES, Permission, Role

FIRST_LOGIN, FIRST_NAME = "admin", "Quản trị"


class AccountConflict(CampaignError):
    """An account cannot be made or changed this way; the text says why."""


@dataclass(frozen=True)
class NewAccount:
    """An account to be made. Its password is a one-time one; without one it only comes in through another door."""

    login: str
    name: str
    role: Role
    units: tuple[str, ...] = ()
    """Codes of the units it heads."""
    heads_elsewhere: bool = False
    """It heads units of a further campaign, and of this store's perhaps none."""
    hashed: str | None = None
    issuer: str | None = None
    subject: str | None = None


@dataclass(frozen=True)
class KeptSession:
    """The session in which somebody changes their own password, and the sha256 of its new token."""

    id: int
    token_hash: str


def create_account(session: Session, new: NewAccount, *, context: ChangeContext, machine: datetime) -> int:
    """Make an account; answers its id.

    Raises Refused, WrongLogin, UnknownName for a role or unit, AccountConflict where the login is taken or a unit head
    would head no unit.
    """
    require(session, context, Permission.MANAGE_ACCOUNTS)
    return _create(session, new, context=context, machine=machine)


def create_accounts(
    session: Session, accounts: Sequence[NewAccount], *, context: ChangeContext, machine: datetime
) -> int:
    """Make many accounts, all or none; answers how many."""
    require(session, context, Permission.MANAGE_ACCOUNTS)
    for new in accounts:
        _create(session, new, context=context, machine=machine)
    return len(accounts)


def create_first_administrator(
    session: Session, *, hashed: str, context: ChangeContext, machine: datetime
) -> str | None:
    """Make the first administrator with a one-time password; None, and nothing happens, where there is any account."""
    require(session, context, Permission.MANAGE_ACCOUNTS)
    if has_accounts(session):
        return None
    new = NewAccount(FIRST_LOGIN, FIRST_NAME, "administrator", hashed=hashed)
    _create(session, new, context=context, machine=machine)
    return FIRST_LOGIN


def change_role(
    session: Session,
    login: str,
    role: Role,
    *,
    heads_elsewhere: bool = False,
    context: ChangeContext,
    seen_version: int | None = None,
) -> None:
    """Give an account another role; it counts from the next click of its open pages.

    `heads_elsewhere`: a further campaign says which units it heads, as `NewAccount` has it.
    """
    require(session, context, Permission.MANAGE_ACCOUNTS)
    _check_role(role)
    account = _open_for_change(session, login, seen_version)
    if account.role == role:
        return
    if account.role == "administrator":
        _check_another_administrator(session, account)
    if role == "unit_head" and not heads_elsewhere:
        _check_heads_a_unit(role, find_account(session, login).units)
    before, account.role = account.role, role
    _keep(session, account, context=context, action="change_role", old={"role": before}, new={"role": role})


def change_units(
    session: Session, login: str, units: Sequence[str], *, context: ChangeContext, seen_version: int | None = None
) -> None:
    """Say which units an account heads, by their codes; it no longer heads any other."""
    require(session, context, Permission.MANAGE_ACCOUNTS)
    account = _open_for_change(session, login, seen_version)
    ids = _unit_ids(session, units)
    before = find_account(session, login).units
    if set(before) == set(ids):
        return
    _check_heads_a_unit(account.role, tuple(ids))
    session.exec(delete(AccountUnit).where(col(AccountUnit.account_id) == account.id))
    session.add_all(AccountUnit(account_id=account.id or 0, unit_id=unit_id) for unit_id in ids.values())
    _keep(
        session,
        account,
        context=context,
        action="change_units",
        old={"units": list(before)},
        new={"units": sorted(ids)},
    )


def set_enabled(
    session: Session,
    login: str,
    *,
    is_enabled: bool,
    context: ChangeContext,
    machine: datetime,
    seen_version: int | None = None,
) -> None:
    """Disable an account, which ends its sessions at once, or let it in again. Raises Incomplete without a reason."""
    require(session, context, Permission.MANAGE_ACCOUNTS)
    check_reason(context)
    account = _open_for_change(session, login, seen_version)
    if account.is_enabled == is_enabled:
        return
    if account.role == "administrator" and not is_enabled:
        _check_another_administrator(session, account)
    account.is_enabled = is_enabled
    _keep(
        session,
        account,
        context=context,
        action="enable_account" if is_enabled else "disable_account",
        old={"is_enabled": not is_enabled},
        new={"is_enabled": is_enabled},
    )
    if not is_enabled:
        end_sessions(session, account.id or 0, context=context, machine=machine)


def reset_password(session: Session, login: str, *, hashed: str, context: ChangeContext, machine: datetime) -> None:
    """Give an account a one-time password, which must be changed at the next sign-in; its sessions end.

    Raises Incomplete without a reason.
    """
    require(session, context, Permission.MANAGE_ACCOUNTS)
    check_reason(context)
    account = _open_for_change(session, login, None)
    account.password_hash = hashed
    account.must_change, account.one_time_until_machine = True, machine + ONE_TIME_FOR
    _keep(session, account, context=context, action="reset_password")
    end_sessions(session, account.id or 0, context=context, machine=machine)


def change_own_password(
    session: Session, *, hashed: str, context: ChangeContext, machine: datetime, kept: KeptSession | None = None
) -> None:
    """Give the person who acts the password they chose; all their sessions end but the one they did it in.

    That one goes on under a new token: a copied cookie is then worth nothing. Raises UnknownName where the
    person has no account.
    """
    account = _open_for_change(session, context.by, None)
    account.password_hash = hashed
    account.must_change, account.one_time_until_machine = False, None
    _keep(session, account, context=context, action="change_password")
    if kept is not None:
        renewed = session.get_one(SignInSession, kept.id)
        renewed.token_hash = kept.token_hash
        session.add(renewed)
    end_sessions(session, account.id or 0, context=context, machine=machine, but=None if kept is None else kept.id)


def follow_claims(
    session: Session,
    login: str,
    *,
    name: str,
    role: Role,
    units: Sequence[str],
    heads_elsewhere: bool = False,
    context: ChangeContext,
) -> None:
    """Take over name, role and units as the organisation's own sign-in reports them; a change leaves its audit entry.

    `heads_elsewhere`: another campaign knows units that it heads, as `NewAccount` has it.

    The last administrator stays one whatever the sign-in reports, and that is written down: otherwise nobody could make
    another. No permission is checked: the change is the sign-in itself, which only the front door makes. Raises
    AccountConflict where a unit head would head no unit.
    """
    _check_role(role)
    account = _open_for_change(session, login, None)
    known = find_account(session, login)
    ids = _unit_ids(session, units)
    if known.role == "administrator" != role and known.is_enabled and not _has_another_administrator(session, account):
        record(
            session,
            context=context,
            action="kept_administrator",
            subject=f"account {login}",
            new={"claimed": role},
            is_change=False,
        )
        role = "administrator"
    if not heads_elsewhere:
        _check_heads_a_unit(role, tuple(ids))
    old = {"name": known.name, "role": known.role, "units": list(known.units)}
    new: dict[str, Any] = {"name": name, "role": role, "units": sorted(ids)}
    if (old["name"], old["role"], set(known.units)) == (name, role, set(ids)):
        return
    account.name, account.role = name, role
    session.exec(delete(AccountUnit).where(col(AccountUnit.account_id) == account.id))
    session.add_all(AccountUnit(account_id=account.id or 0, unit_id=unit_id) for unit_id in ids.values())
    _keep(session, account, context=context, action="follow_claims", old=old, new=new)


def admit(session: Session, new: NewAccount, *, context: ChangeContext, machine: datetime) -> int:
    """Make the account of somebody whom the organisation's own sign-in sends for the first time.

    No permission is checked: the change is the sign-in itself. Raises like `create_account`.
    """
    return _create(session, new, context=context, machine=machine)


def link(session: Session, login: str, *, issuer: str, subject: str, context: ChangeContext) -> None:
    """Tie an account that administrators made to the person whom the organisation's own sign-in means by its login.

    Raises AccountConflict where it is tied to somebody else already, or is an administrator's with a password: a name
    that people may have chosen themselves elsewhere never decides who may do everything.
    """
    account = _open_for_change(session, login, None)
    if account.role == "administrator" and account.password_hash is not None:
        raise AccountConflict(
            f"The administrator {login} signs in with the password, not through the organisation's sign-in.",
            code="account_by_password",
            login=login,
        )
    if account.subject is not None:
        raise AccountConflict(
            f"The account {login} belongs to another person of the organisation's sign-in.",
            code="account_linked",
            login=login,
        )
    account.issuer, account.subject = issuer, subject
    _keep(session, account, context=context, action="link_account", new={"issuer": issuer, "subject": subject})


def _create(session: Session, new: NewAccount, *, context: ChangeContext, machine: datetime) -> int:
    check_login(new.login)
    _check_role(new.role)
    ids = _unit_ids(session, new.units)
    if not new.heads_elsewhere:
        _check_heads_a_unit(new.role, tuple(ids))
    if session.exec(select(Account.id).where(Account.login == new.login)).first() is not None:
        raise AccountConflict(
            f"There is an account {new.login} already; choose another login, or change that account.",
            code="account_taken",
            login=new.login,
        )
    has_password = new.hashed is not None
    account = Account(
        login=new.login,
        name=new.name.strip() or new.login,
        role=new.role,
        password_hash=new.hashed,
        must_change=has_password,
        one_time_until_machine=machine + ONE_TIME_FOR if has_password else None,
        issuer=new.issuer,
        subject=new.subject,
        created_at=context.now,
    )
    session.add(account)
    session.flush()
    session.add_all(AccountUnit(account_id=account.id or 0, unit_id=unit_id) for unit_id in ids.values())
    record(
        session,
        context=context,
        action="create_account",
        subject=f"account {new.login}",
        new={"name": account.name, "role": new.role, "units": sorted(ids)},
        is_change=False,
    )
    return account.id or 0


def _keep(
    session: Session,
    account: Account,
    *,
    context: ChangeContext,
    action: str,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> None:
    account.version_id += 1
    session.add(account)
    record(
        session, context=context, action=action, subject=f"account {account.login}", old=old, new=new, is_change=False
    )


def _open_for_change(session: Session, login: str, seen_version: int | None) -> Account:
    account = session.exec(select(Account).where(Account.login == login)).one_or_none()
    if account is None:
        raise UnknownName(kind="account", name=login)
    if seen_version is not None and account.version_id != seen_version:
        raise AccountConflict(
            f"Somebody has changed the account {login} since you opened it. Look at it again, then repeat your change.",
            code="account_changed",
            login=login,
        )
    return account


def _unit_ids(session: Session, units: Sequence[str]) -> dict[str, int]:
    """Code → id, each unit once; refuses a code that no unit has."""
    wanted = tuple(dict.fromkeys(units))
    known = {
        code: unit_id or 0
        for code, unit_id in session.exec(select(UnitRow.code, UnitRow.id).where(col(UnitRow.code).in_(wanted)))
    }
    for code in wanted:
        if code not in known:
            raise UnknownName(kind="unit", name=code)
    return {code: known[code] for code in wanted}


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise UnknownName(kind="role", name=role, allowed=ROLES)


def _check_heads_a_unit(role: str, units: Sequence[str]) -> None:
    if role == "unit_head" and not units:
        raise AccountConflict("A unit head heads at least one unit: name it.", code="account_without_unit")


def _check_another_administrator(session: Session, account: Account) -> None:
    if not _has_another_administrator(session, account):
        raise AccountConflict(
            f"{account.login} is the last administrator. Make another one first.",
            code="last_administrator",
            login=account.login,
        )


def _has_another_administrator(session: Session, account: Account) -> bool:
    return any(
        row.role == "administrator" and row.is_enabled and row.id != account.id for row in find_accounts(session)
    )
