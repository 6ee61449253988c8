"""Sign-ins: attempts counted, sessions opened and ended, sign-ins under way at the organisation's own door.

How long an attempt must wait after wrong passwords is said in `models.accounts.attempts`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from models.accounts.attempts import (
    ATTACK,
    FORGOTTEN_AFTER,
    FREE,
    FREE_OF_AN_ADDRESS,
    FREE_UNDER_ATTACK,
    account_key,
    address_key,
    browser_key,
    is_forgotten,
    pair_key,
    wait_after,
)
from models.accounts.passwords import is_login
from models.accounts.queries import find_wait, is_known_browser
from models.core.audit import ChangeContext, record
from models.core.permission import require
from models.tables import Account, Guesses, KnownBrowser, OidcAttempt, SignInSession
from targets.errors import UnknownName
from targets.permissions import Permission

KNOWN_FOR = timedelta(days=180)
"""How long a browser stays known after its last sign-in."""
KEPT_FOR = timedelta(days=90)
"""How long sessions that are over are kept."""
OIDC_WITHIN = timedelta(minutes=15)
"""How long somebody may take at the organisation's own door."""


@dataclass(frozen=True)
class Door:
    """From where somebody tries to come in."""

    address: str
    browser: str = ""
    """What the browser calls itself, shortened."""
    browser_hash: str | None = None
    """The sha256 of the cookie by which a browser is recognised."""


@dataclass(frozen=True)
class Attempt:
    """What one attempt may be held against; without an account there is nothing that could match."""

    wait: timedelta
    account_id: int | None = None
    hashed: str | None = None
    is_welcome: bool = False
    """Whether the account exists, is enabled, and its one-time password, if it has one, still works."""
    is_late: bool = False
    """Whether all that is wrong is that the one-time password has run out."""


def begin_attempt(session: Session, *, login: str, door: Door, machine: datetime, context: ChangeContext) -> Attempt:
    """Count an attempt as failed before its password is looked at: however many come at once, each is counted.

    `open_session` takes the failure off again where the password was right. The context names who is being tried.
    """
    wait = find_wait(session, login=login, address=door.address, browser_hash=door.browser_hash, machine=machine)
    if wait:
        return Attempt(wait=wait)
    if door.browser_hash is not None and is_known_browser(session, door.browser_hash, login):
        _count(session, browser_key(door.browser_hash, login), free=FREE, machine=machine)
    else:
        in_all = _count(session, account_key(login), free=None, machine=machine)
        free = FREE if in_all <= ATTACK else FREE_UNDER_ATTACK
        _count(session, pair_key(login, door.address), free=free, machine=machine)
        _count(session, address_key(door.address), free=FREE_OF_AN_ADDRESS, machine=machine)
    account = session.exec(select(Account).where(Account.login == login)).one_or_none()
    if account is None:
        return Attempt(wait=wait)
    is_late = account.one_time_until_machine is not None and account.one_time_until_machine <= machine
    return Attempt(
        wait=wait,
        account_id=account.id,
        hashed=account.password_hash,
        is_welcome=account.is_enabled and not is_late,
        is_late=account.is_enabled and is_late,
    )


def forgive_attempt(session: Session, *, login: str, door: Door, context: ChangeContext) -> None:
    """Take an attempt off again whose password was right although nobody was signed in: it was no guess.

    The context names who knew the password.
    """
    _forgive(session, login, door)


def record_failure(session: Session, *, login: str, context: ChangeContext) -> None:
    """Keep a trace of a failed attempt. A name that cannot be a login is not repeated: it may be a password."""
    shown = login if is_login(login) else "?"
    record(session, context=context, action="sign_in_failed", subject=f"account {shown}", is_change=False)


def open_session(
    session: Session,
    *,
    account_id: int,
    token_hash: str,
    door: Door,
    via: str,
    machine: datetime,
    lasts: timedelta,
    context: ChangeContext,
) -> int:
    """Sign somebody in on a browser, which is known from now on; their wrong guesses are forgotten.

    Answers the session's id. Old sessions, browsers and counts are deleted.
    """
    account = session.get_one(Account, account_id)
    _forgive(session, account.login, door)
    if door.browser_hash is not None:
        known = session.get(KnownBrowser, (door.browser_hash, account_id))
        known = known or KnownBrowser(token_hash=door.browser_hash, account_id=account_id, seen_machine=machine)
        known.seen_machine = machine
        session.add(known)
    account.last_seen_machine = machine
    opened = SignInSession(
        token_hash=token_hash,
        account_id=account_id,
        via=via,
        address=door.address,
        browser=door.browser,
        opened_machine=machine,
        seen_machine=machine,
        until_machine=machine + lasts,
    )
    session.add_all((account, opened))
    session.flush()
    record(
        session,
        context=context,
        action="sign_in",
        subject=f"account {account.login}",
        new={"via": via, "browser": door.browser},
        is_change=False,
    )
    _sweep(session, machine)
    return opened.id or 0


def touch_session(session: Session, session_id: int, *, machine: datetime, context: ChangeContext) -> None:
    """Note that somebody is still there. No audit entry: nothing happens but time."""
    row = session.get(SignInSession, session_id)
    if row is not None and row.seen_machine < machine:
        row.seen_machine = machine
        session.add(row)


def end_session(session: Session, session_id: int, *, context: ChangeContext, machine: datetime) -> None:
    """End one session: one's own, or, for administrators, anybody's.

    Raises UnknownName where there is none, Refused where it is somebody else's.
    """
    row = session.get(SignInSession, session_id)
    if row is None:
        raise UnknownName(kind="session", name=str(session_id))
    account = session.get_one(Account, row.account_id)
    if account.login != context.by:
        require(session, context, Permission.MANAGE_ACCOUNTS)
    _end(session, [row], account, context=context, machine=machine)


def end_sessions(
    session: Session, account_id: int, *, context: ChangeContext, machine: datetime, but: int | None = None
) -> int:
    """End every session of an account, but for the one named; answers how many. One's own, or for administrators."""
    account = session.get_one(Account, account_id)
    if account.login != context.by:
        require(session, context, Permission.MANAGE_ACCOUNTS)
    open_ones = select(SignInSession).where(
        SignInSession.account_id == account_id, col(SignInSession.ended_machine).is_(None)
    )
    rows = [row for row in session.exec(open_ones) if row.id != but]
    _end(session, rows, account, context=context, machine=machine)
    return len(rows)


def begin_oidc(
    session: Session,
    *,
    state_hash: str,
    browser_hash: str,
    content: dict[str, object],
    machine: datetime,
    context: ChangeContext,
) -> None:
    """Remember a sign-in that is sent to the organisation's own door, until it comes back or is given up."""
    session.exec(delete(OidcAttempt).where(col(OidcAttempt.until_machine) <= machine))
    session.add(
        OidcAttempt(
            state_hash=state_hash,
            browser_hash=browser_hash,
            content=dict(content),
            until_machine=machine + OIDC_WITHIN,
        )
    )


def finish_oidc(
    session: Session, *, state_hash: str, browser_hash: str, machine: datetime, context: ChangeContext
) -> dict[str, object] | None:
    """What was remembered of a sign-in that comes back to the browser it left from; used once, None where unknown."""
    row = session.get(OidcAttempt, state_hash)
    if row is None:
        return None
    session.delete(row)
    is_ours = row.browser_hash == browser_hash and row.until_machine > machine
    return dict(row.content) if is_ours else None


def _count(session: Session, key: str, *, free: int | None, machine: datetime) -> int:
    """One failure more; without `free` it is counted and nobody waits."""
    row = session.get(Guesses, key) or Guesses(key=key, last_machine=machine)
    if is_forgotten(row.last_machine, machine):
        row.failures = 0
    row.failures += 1
    row.last_machine = machine
    wait = timedelta() if free is None else wait_after(row.failures, free=free)
    row.wait_until_machine = machine + wait if wait else None
    session.add(row)
    session.flush()
    return row.failures


def _forgive(session: Session, login: str, door: Door) -> None:
    """The right password ends the counts of its own browser and pair; those of all others lose this one attempt."""
    own = [pair_key(login, door.address)]
    if door.browser_hash is not None:
        own.append(browser_key(door.browser_hash, login))
    session.exec(delete(Guesses).where(col(Guesses.key).in_(own)))
    if is_known_browser(session, door.browser_hash, login):
        return
    for key in (address_key(door.address), account_key(login)):
        row = session.get(Guesses, key)
        if row is not None:
            row.failures = max(0, row.failures - 1)
            row.wait_until_machine = None
            session.add(row)


def _end(
    session: Session, rows: list[SignInSession], account: Account, *, context: ChangeContext, machine: datetime
) -> None:
    ended = [row for row in rows if row.ended_machine is None]
    for row in ended:
        row.ended_machine = machine
        session.add(row)
    if ended:
        record(
            session,
            context=context,
            action="sign_out",
            subject=f"account {account.login}",
            new={"sessions": len(ended)},
            is_change=False,
        )


def _sweep(session: Session, machine: datetime) -> None:
    session.exec(delete(Guesses).where(col(Guesses.last_machine) < machine - FORGOTTEN_AFTER))
    session.exec(delete(KnownBrowser).where(col(KnownBrowser.seen_machine) < machine - KNOWN_FOR))
    session.exec(delete(SignInSession).where(col(SignInSession.until_machine) < machine - KEPT_FOR))
