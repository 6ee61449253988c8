"""What the front door asks of the store and changes in it. Everything here waits: never on the event loop.

Sessions are remembered for two seconds, so that a page and its fifty files cost one look; a page that is being looked
at is asked about every two seconds (`watch.Watch`), so that a session that ends is cut off within five.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Literal

from models.accounts import passwords
from models.accounts.actions import KeptSession, change_own_password
from models.accounts.queries import (
    AccountRow,
    SessionRow,
    SignedIn,
    find_account,
    find_open_tokens,
    find_password_hash,
    find_sessions,
    find_signed_in,
    find_wait,
    is_known_browser,
)
from models.accounts.sessions import (
    Door,
    begin_attempt,
    end_session,
    end_sessions,
    forgive_attempt,
    open_session,
    record_failure,
    touch_session,
)
from models.core.audit import ChangeContext
from models.core.clock import business_now, machine_now
from models.core.settings import Settings, load_settings
from models.core.state import find_state
from models.core.store import Store, open_store
from models.units.queries import find_province_name
from pages.access.request_info import fresh_token, hash_of

REMEMBERED = 2.0
"""Seconds for which a session is not looked up again."""
TOUCHED = 60.0
"""Seconds until a click is noted again."""
MOST_REMEMBERED = 5_000


@dataclass(frozen=True)
class Welcome:
    """Somebody is signed in: the token of the cookie, which nobody keeps but the browser."""

    token: str
    session_id: int
    must_change: bool


@dataclass(frozen=True)
class Turned:
    """Somebody is not let in, and why."""

    because: Literal["wrong", "wait", "expired"]
    wait: timedelta = timedelta()


class SessionService:
    """Knows the settings and the store, and remembers for a moment who is in."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._remembered: dict[str, tuple[float, SignedIn | None]] = {}
        self._touched: dict[int, float] = {}

    @property
    def store(self) -> Store:
        return open_store(self.settings)

    def check_store(self) -> None:
        """Raise StoreNotReady where nobody could sign in at all."""
        with self.store.reading() as session:
            find_state(session)

    def context(self, by: str, reason: str, address: str, *, role: str = "") -> ChangeContext:
        """The change context of somebody at the front door."""
        with self.store.reading() as session:
            now = business_now(self.settings, rehearsal=find_state(session).rehearsal_now)
        return ChangeContext(by=by, reason=reason, now=now, origin=f"front door, {address}", role=role)

    def find(self, token: str) -> SignedIn | None:
        """Whose session this is, as it was at most two seconds ago."""
        token_hash, moment = hash_of(token), time.monotonic()
        known = self._remembered.get(token_hash)
        if known is not None and moment - known[0] < REMEMBERED:
            return known[1]
        with self.store.reading() as session:
            found = find_signed_in(session, token_hash, machine=machine_now(), idle=self.settings.idle)
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[token_hash] = (moment, found)
        return found

    def forget(self, token: str | None = None) -> None:
        """Look again at once: after a sign-out, or, without a token, after anything that may end sessions."""
        if token is None:
            self._remembered.clear()
        else:
            self._remembered.pop(hash_of(token), None)

    def still_open(self, token_hashes: Collection[str]) -> frozenset[str]:
        """Which of these sessions are open now; what was remembered of the others is forgotten."""
        with self.store.reading() as session:
            found = find_open_tokens(session, token_hashes, machine=machine_now(), idle=self.settings.idle)
        for ended in set(token_hashes) - found:
            self._remembered.pop(ended, None)
        return found

    def is_due_for_touch(self, session_id: int) -> bool:
        """Whether a click of this session is worth noting; asked at every click, answers yes once a minute."""
        moment = time.monotonic()
        if moment - self._touched.get(session_id, -TOUCHED) < TOUCHED:
            return False
        if len(self._touched) >= MOST_REMEMBERED:
            self._touched.clear()
        self._touched[session_id] = moment
        return True

    def touch(self, signed_in: SignedIn) -> None:
        """Note that somebody is still there."""
        context = self.context(signed_in.login, "still there", "")
        with self.store.writing() as session:
            touch_session(session, signed_in.session_id, machine=machine_now(), context=context)

    def is_known(self, typed: str, door: Door) -> bool:
        """Whether somebody of this name has signed in on this browser before."""
        with self.store.reading() as session:
            return is_known_browser(session, door.browser_hash, passwords.folded(typed))

    def sign_in(self, typed: str, password: str, door: Door) -> Welcome | Turned:
        """Let somebody in who knows the password; a known name and an unknown one take the same way."""
        login, machine = passwords.folded(typed), machine_now()
        with self.store.reading() as session:
            wait = find_wait(
                session, login=login, address=door.address, browser_hash=door.browser_hash, machine=machine
            )
        if wait:
            return Turned("wait", wait)
        context = self.context(login if passwords.is_login(login) else "?", "sign in", door.address)
        with self.store.writing() as session:
            attempt = begin_attempt(session, login=login, door=door, machine=machine, context=context)
        if attempt.wait:
            return Turned("wait", attempt.wait)
        is_right = passwords.matches(attempt.hashed, password)
        if not is_right or attempt.account_id is None or not attempt.is_welcome:
            with self.store.writing() as session:
                if is_right:
                    forgive_attempt(session, login=login, door=door, context=context)
                record_failure(session, login=login, context=context)
            return Turned("expired" if is_right and attempt.is_late else "wrong")
        return self.open(attempt.account_id, door, via="password", context=context)

    def open(self, account_id: int, door: Door, *, via: str, context: ChangeContext) -> Welcome:
        """Open a session for somebody who has shown who they are."""
        token = fresh_token()
        with self.store.writing() as session:
            session_id = open_session(
                session,
                account_id=account_id,
                token_hash=hash_of(token),
                door=door,
                via=via,
                machine=machine_now(),
                lasts=self.settings.lasts,
                context=context,
            )
        found = self.find(token)
        return Welcome(token, session_id, must_change=found is not None and found.must_change)

    def sign_out(self, token: str, signed_in: SignedIn, address: str, *, everywhere: bool = False) -> None:
        """End a session, or every session of the same account."""
        context = self.context(signed_in.login, "sign out", address, role=signed_in.role)
        with self.store.writing() as session:
            if everywhere:
                end_sessions(session, signed_in.account_id, context=context, machine=machine_now())
            else:
                end_session(session, signed_in.session_id, context=context, machine=machine_now())
        self.forget(None if everywhere else token)

    def end(self, signed_in: SignedIn, session_id: int, address: str) -> None:
        """End one of somebody's own sessions.

        Raises Refused where it is somebody else's.
        """
        context = self.context(signed_in.login, "end a session", address, role=signed_in.role)
        with self.store.writing() as session:
            end_session(session, session_id, context=context, machine=machine_now())
        self.forget()

    def is_own_password(self, signed_in: SignedIn, password: str, door: Door) -> bool | timedelta:
        """Whether somebody signed in knows their password; a wait where they have guessed too often."""
        machine = machine_now()
        context = self.context(signed_in.login, "change password", door.address, role=signed_in.role)
        with self.store.writing() as session:
            attempt = begin_attempt(session, login=signed_in.login, door=door, machine=machine, context=context)
        if attempt.wait:
            return attempt.wait
        with self.store.reading() as session:
            kept = find_password_hash(session, signed_in.account_id)
        is_right = passwords.matches(kept, password)
        with self.store.writing() as session:
            if is_right:
                forgive_attempt(session, login=signed_in.login, door=door, context=context)
            else:
                record_failure(session, login=signed_in.login, context=context)
        return is_right

    def change_password(self, signed_in: SignedIn, password: str, address: str) -> str:
        """Give somebody the password they chose; their other sessions end, and this one's cookie becomes the answer.

        Raises WeakPassword.
        """
        with self.store.reading() as session:
            province = find_province_name(session)
            before = find_password_hash(session, signed_in.account_id)
        passwords.check_acceptable(password, login=signed_in.login, province=province)
        passwords.check_differs(password, before)
        hashed, token = passwords.hashed(password), fresh_token()
        context = self.context(signed_in.login, "change password", address, role=signed_in.role)
        kept = KeptSession(signed_in.session_id, hash_of(token))
        with self.store.writing() as session:
            change_own_password(session, hashed=hashed, context=context, machine=machine_now(), kept=kept)
        self.forget()
        return token

    def account_of(self, signed_in: SignedIn) -> tuple[AccountRow, list[SessionRow]]:
        """Somebody's account and its open sessions."""
        with self.store.reading() as session:
            account = find_account(session, signed_in.login)
            found = find_sessions(
                session, machine=machine_now(), idle=self.settings.idle, account_id=signed_in.account_id
            )
        return account, found


@cache
def find_session_service() -> SessionService:
    """The session service of this process."""
    return SessionService(load_settings())
