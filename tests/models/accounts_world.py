"""The small campaign with people in it: an administrator, a coordinator, a leader, a viewer, and the head of H1."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher

from models.accounts.actions import NewAccount, create_account
from models.accounts.queries import find_account
from models.accounts.sessions import Attempt, Door, begin_attempt, open_session
from models.core.audit import ChangeContext
from tests.models.conftest import Small, at

MACHINE = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""The system clock of these tests; business time is March 2024."""
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Argon2id that takes no time: what is tested is not how slow it is."""
PEOPLE = (
    ("admin", "administrator", ()),
    ("dieuphoi", "coordinator", ()),
    ("lanhdao", "leader", ()),
    ("nguoixem", "viewer", ()),
    ("truong.h1", "unit_head", ("H1",)),
)
HOME = Door(address="203.0.113.5", browser="Firefox", browser_hash="a known browser")
ELSEWHERE = Door(address="198.51.100.9", browser="curl", browser_hash="a strange browser")


def by(login: str, reason: str = "test", when: str = "5/3 08:00") -> ChangeContext:
    return ChangeContext(by=login, reason=reason, now=at(when), origin="a page")


@dataclass
class Peopled:
    """The store and who is in it; time goes on when it is told to."""

    small: Small
    machine: datetime = MACHINE

    def wait(self, **time: float) -> None:
        self.machine += timedelta(**time)

    def account(self, login: str):
        return self.small.asked(find_account, login)

    def create(self, login: str, role: str, units=(), *, context: ChangeContext | None = None, **other) -> int:
        new = NewAccount(login, other.pop("name", login.title()), role, tuple(units), **other)
        return self.small.changed(create_account, new, context=context or by("system:test"), machine=self.machine)

    def attempt(self, login: str, door: Door = ELSEWHERE) -> Attempt:
        return self.small.changed(begin_attempt, login=login, door=door, machine=self.machine, context=by(login))

    def guess(self, login: str, doors: Iterable[Door], *, every: timedelta) -> None:
        """Many attempts, one after the other in a single change."""
        with self.small.store.writing() as session:
            for door in doors:
                begin_attempt(session, login=login, door=door, machine=self.machine, context=by(login))
                self.machine += every

    def sign_in(self, login: str, door: Door = HOME, *, cookie: str = "", hours: float = 24) -> int:
        return self.small.changed(
            open_session,
            account_id=self.account(login).id,
            token_hash=cookie or f"token of {login} at {self.machine} on {door.browser}",
            door=door,
            via="password",
            machine=self.machine,
            lasts=timedelta(hours=hours),
            context=by(login),
        )


def people(small: Small) -> Peopled:
    world = Peopled(small)
    for login, role, units in PEOPLE:
        world.create(login, role, units, hashed=f"hash of {login}")
    return world
