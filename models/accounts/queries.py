"""Who may come in and who is in: accounts, sessions, and the person behind a session or a name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlmodel import Session, col, select

from models.accounts.attempts import account_key, address_key, browser_key, pair_key
from models.core.store import filled
from models.tables import Account, AccountUnit, Guesses, KnownBrowser, SignInSession, UnitRow
from targets.errors import UnknownName
from targets.permissions import Actor, Role, kept_to_branch


@dataclass(frozen=True)
class SignedIn:
    """A session that is open, and whose it is: what the gate needs to know at each request."""

    session_id: int
    account_id: int
    login: str
    role: Role
    units: tuple[str, ...]
    must_change: bool
    seen: datetime


@dataclass(frozen=True)
class AccountRow:
    """An account as administrators see it."""

    id: int
    login: str
    name: str
    role: Role
    units: tuple[str, ...]
    """Codes of the units it heads, in the campaign's order."""
    unit_names: tuple[str, ...]
    is_enabled: bool
    must_change: bool
    is_external: bool
    """It comes in through the organisation's own sign-in."""
    last_seen: datetime | None
    version: int


@dataclass(frozen=True)
class SessionRow:
    """Somebody signed in on a browser."""

    id: int
    account_id: int
    login: str
    via: str
    address: str
    browser: str
    opened: datetime
    seen: datetime
    until: datetime


def find_signed_in(session: Session, token_hash: str, *, machine: datetime, idle: timedelta) -> SignedIn | None:
    """Whose session this is; None where there is none, it is over, or its account is disabled."""
    found = session.exec(
        select(SignInSession, Account)
        .join(Account, col(Account.id) == col(SignInSession.account_id))
        .where(
            col(SignInSession.token_hash) == token_hash,
            *_is_open(machine, idle),
        )
    ).first()
    if found is None:
        return None
    row, account = found
    return SignedIn(
        session_id=row.id or 0,
        account_id=account.id or 0,
        login=account.login,
        role=cast("Role", account.role),
        units=_codes(session, account.id or 0),
        must_change=account.must_change,
        seen=row.seen_machine,
    )


def find_open_tokens(
    session: Session, token_hashes: Iterable[str], *, machine: datetime, idle: timedelta
) -> frozenset[str]:
    """Which of these sessions are still open: one question for all the pages that are being looked at."""
    return frozenset(
        session.exec(
            select(SignInSession.token_hash)
            .join(Account, col(Account.id) == col(SignInSession.account_id))
            .where(
                col(SignInSession.token_hash).in_(list(token_hashes)),
                col(Account.must_change).is_(False),
                *_is_open(machine, idle),
            )
        )
    )


def find_visitor(
    session: Session, session_id: int, *, machine: datetime, idle: timedelta, keeps_to_branch: bool
) -> Actor | None:
    """Who looks, with the role and units of this moment; None where the session is over or a password is due."""
    account = session.exec(
        select(Account)
        .join(SignInSession, col(SignInSession.account_id) == col(Account.id))
        .where(
            col(SignInSession.id) == session_id,
            col(Account.must_change).is_(False),
            *_is_open(machine, idle),
        )
    ).first()
    if account is None:
        return None
    actor = _actor(session, account)
    return kept_to_branch(actor) if keeps_to_branch else actor


def find_actor(session: Session, login: str) -> Actor | None:
    """The person with this login as the store knows them now; None where there is none or it is disabled."""
    account = session.exec(select(Account).where(Account.login == login, col(Account.is_enabled).is_(True))).first()
    return None if account is None else _actor(session, account)


def find_accounts(session: Session, *, words: str = "", account_id: int | None = None) -> list[AccountRow]:
    """Accounts whose login, name or unit holds the words, by login; or the one with this id."""
    statement = select(Account).order_by(col(Account.login))
    headed = (
        select(AccountUnit.account_id, UnitRow.code, UnitRow.name)
        .join(UnitRow, col(UnitRow.id) == col(AccountUnit.unit_id))
        .order_by(col(UnitRow.position))
    )
    if account_id is not None:
        statement, headed = (
            statement.where(Account.id == account_id),
            headed.where(AccountUnit.account_id == account_id),
        )
    units: dict[int, list[tuple[str, str]]] = {}
    for owner, code, name in session.exec(headed):
        units.setdefault(owner, []).append((code, name))
    rows = [_account_row(account, units.get(account.id or 0, [])) for account in session.exec(statement)]
    wanted = words.casefold().split()
    return [row for row in rows if all(word in _searched(row) for word in wanted)]


def find_account(session: Session, login: str) -> AccountRow:
    """The account with this login.

    Raises UnknownName where there is none.
    """
    account_id = session.exec(select(Account.id).where(Account.login == login)).first()
    if account_id is None:
        raise UnknownName(kind="account", name=login)
    return find_accounts(session, account_id=account_id)[0]


def find_by_subject(session: Session, *, issuer: str, subject: str) -> AccountRow | None:
    """The account of somebody whom the organisation's own sign-in knows; None where there is none."""
    statement = select(Account.id).where(Account.issuer == issuer, Account.subject == subject)
    account_id = session.exec(statement).first()
    return None if account_id is None else find_accounts(session, account_id=account_id)[0]


def find_known_units(session: Session, codes: Sequence[str]) -> tuple[str, ...]:
    """Those of the codes that are units', in the campaign's order."""
    statement = select(UnitRow.code).where(col(UnitRow.code).in_(list(codes))).order_by(col(UnitRow.position))
    return tuple(session.exec(statement))


def has_accounts(session: Session) -> bool:
    return session.exec(select(Account.id).limit(1)).first() is not None


def find_password_hash(session: Session, account_id: int) -> str | None:
    """What a password of this account must match; None where it has none."""
    return session.exec(select(Account.password_hash).where(Account.id == account_id)).first()


def find_sessions(
    session: Session, *, machine: datetime, idle: timedelta, account_id: int | None = None
) -> list[SessionRow]:
    """The sessions that are open, of one account or of all, the one last used first."""
    statement = (
        select(SignInSession, Account.login)
        .join(Account, col(Account.id) == col(SignInSession.account_id))
        .where(*_is_open(machine, idle))
        .order_by(col(SignInSession.seen_machine).desc(), col(SignInSession.id).desc())
    )
    if account_id is not None:
        statement = statement.where(SignInSession.account_id == account_id)
    return [
        filled(SessionRow, row, login=login, opened=row.opened_machine, seen=row.seen_machine, until=row.until_machine)
        for row, login in session.exec(statement)
    ]


def is_known_browser(session: Session, browser_hash: str | None, login: str) -> bool:
    """Whether this browser has been signed in to this account before."""
    if browser_hash is None:
        return False
    statement = (
        select(KnownBrowser.token_hash)
        .join(Account, col(Account.id) == col(KnownBrowser.account_id))
        .where(KnownBrowser.token_hash == browser_hash, Account.login == login)
    )
    return session.exec(statement).first() is not None


def find_wait(session: Session, *, login: str, address: str, browser_hash: str | None, machine: datetime) -> timedelta:
    """How long an attempt must still wait; nothing where it may be made now."""
    keys = keys_of(session, login=login, address=address, browser_hash=browser_hash)
    waits = session.exec(
        select(Guesses.wait_until_machine).where(col(Guesses.key).in_(keys), col(Guesses.wait_until_machine) > machine)
    ).all()
    return max((until - machine for until in waits if until is not None), default=timedelta())


def keys_of(session: Session, *, login: str, address: str, browser_hash: str | None) -> tuple[str, ...]:
    """The counts that an attempt is held against: its browser's own, where that is known; else pair and address."""
    if browser_hash is not None and is_known_browser(session, browser_hash, login):
        return (browser_key(browser_hash, login),)
    return pair_key(login, address), address_key(address), account_key(login)


def _is_open(machine: datetime, idle: timedelta) -> tuple[bool, ...]:
    conditions = (
        col(SignInSession.ended_machine).is_(None),
        col(SignInSession.until_machine) > machine,
        col(SignInSession.seen_machine) > machine - idle,
        col(Account.is_enabled).is_(True),
    )
    return cast("tuple[bool, ...]", conditions)


def _codes(session: Session, account_id: int) -> tuple[str, ...]:
    return tuple(
        session.exec(
            select(UnitRow.code)
            .join(AccountUnit, col(AccountUnit.unit_id) == col(UnitRow.id))
            .where(AccountUnit.account_id == account_id)
            .order_by(col(UnitRow.position))
        )
    )


def _actor(session: Session, account: Account) -> Actor:
    units = _codes(session, account.id or 0)
    return Actor(
        login=account.login,
        name=account.name,
        role=cast("Role", account.role),
        units=units,
        branch=_branch(session, units) if units else frozenset(),
    )


def _branch(session: Session, own: tuple[str, ...]) -> frozenset[str]:
    """The units and all below them, merged ones included: their past is theirs to explain."""
    below: dict[int | None, list[int]] = {}
    codes: dict[int, str] = {}
    for unit_id, parent_id, code in session.exec(select(UnitRow.id, UnitRow.parent_id, UnitRow.code)):
        codes[unit_id or 0] = code
        below.setdefault(parent_id, []).append(unit_id or 0)
    waiting = [unit_id for unit_id, code in codes.items() if code in own]
    found: set[int] = set()
    while waiting:
        unit_id = waiting.pop()
        found.add(unit_id)
        waiting += below.get(unit_id, [])
    return frozenset(codes[unit_id] for unit_id in found)


def _account_row(account: Account, units: list[tuple[str, str]]) -> AccountRow:
    return filled(
        AccountRow,
        account,
        units=tuple(code for code, _ in units),
        unit_names=tuple(name for _, name in units),
        is_external=account.subject is not None,
        last_seen=account.last_seen_machine,
        version=account.version_id,
    )


def _searched(row: AccountRow) -> str:
    return " ".join((row.login, row.name, *row.units, *row.unit_names)).casefold()
