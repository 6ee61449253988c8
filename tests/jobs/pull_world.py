"""The small campaign with sources that answer what a test tells them to, and clocks that a test sets."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, select

from jobs import sources
from jobs.fetching.http import Manners
from jobs.fetching.values import Asking, PullFailed, ReportedFigure, SourceAnswer, SourceKind
from jobs.pulls.run import Puller
from jobs.workplace import Workplace
from models import migrations
from models.campaign.actions import found_campaign
from models.core.settings import Settings
from models.core.store import Store
from models.feeds.queries import RunRow, find_runs
from models.tables import Payload, Quarantined, Reading, Run, RunClaim
from targets.values import Campaign, Source, Text
from tests.models.conftest import PreparedStores, at, context, day, small_campaign, small_files

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
"""Where the machine's clock stands when a test begins: years away from the campaign, as on any machine."""
UNITS = ("S1", "S2", "H1", "X1", "X3")
Answer = SourceAnswer | PullFailed | Callable[[Asking], SourceAnswer]


class NoOptions(BaseModel):
    """A source of the tests has none."""

    model_config = ConfigDict(extra="forbid")


def source(key: str, kind: str = "teller", **other: Any) -> Source:
    result: dict[str, Any] = {"schedule": "30 6 * * *"} | other
    return Source(key, Text(vi=key, en=key), kind, result.pop("basis", None), **result)


def pulled_campaign(**other: Any) -> Campaign:
    """The small campaign, told by `igate` each morning at half past six about the same day."""
    result = (source("igate"), source("file", "file", schedule=None), source("monthly", "file", schedule=None))
    return small_campaign(**{"sources": result} | other)


def figure(unit: str, when: date, *, numerator: Any, denominator: Any = None, **other: Any) -> ReportedFigure:
    """A figure of `online`, as a source with codes of ours would tell it."""
    result = {"place": f"row {unit}", "unit_code": unit, "unit_name": "", "indicator": "online"} | other
    return ReportedFigure(**result, as_of=when, numerator=numerator, denominator=denominator)


def figures(when: date, *, units: Iterable[str] = UNITS, more: int = 0) -> SourceAnswer:
    """What all of a source's units tell of a day; `more` changes every figure."""
    number = (when - date(2024, 3, 4)).days
    return SourceAnswer(
        figures=tuple(figure(unit, when, numerator=10 + number + more, denominator=100) for unit in units)
    )


@dataclass
class Teller:
    """Answers by what a test wrote down for a day, else with that day's usual figures; remembers what it was asked."""

    answers: dict[date, Answer] = field(default_factory=dict)
    asked: list[date] = field(default_factory=list)
    recovers: Callable[[Any, date, date], bool] = lambda options, day, today: True

    def tell(self, asking: Asking) -> SourceAnswer:
        self.asked.append(asking.day)
        answer = self.answers.get(asking.day) or figures(asking.day)
        if isinstance(answer, PullFailed):
            raise answer
        return answer(asking) if callable(answer) else answer

    def _recovers(self, options: Any, when: date, today: date) -> bool:
        return self.recovers(options, when, today)

    def kind(self, key: str = "teller", cadence: Any = "daily") -> SourceKind:
        return SourceKind(
            key=key,
            options=NoOptions,
            tell=self.tell,
            needs_address=False,
            cadence=cadence,
            recovers=self._recovers,
        )


def kinds_of(*result: SourceKind) -> Callable[[], dict[str, SourceKind]]:
    return lambda: {kind.key: kind for kind in result}


@dataclass
class PullWorld:
    """A store, a source, and both clocks."""

    url: str
    home: Path
    store: Store
    teller: Teller = field(default_factory=Teller)
    machine: datetime = FIRST
    stop: threading.Event = field(default_factory=threading.Event)

    def workplace(self, now: str) -> Workplace:
        settings = Settings(_env_file=None, home=self.home, database=self.url, now=at(now))  # type: ignore[call-arg]
        return Workplace(settings=settings, store=self.store, by="system:test")

    def puller(self, now: str = "8/3 07:00") -> Puller:
        return Puller(self.workplace(now), machine=lambda: self.machine, stop=self.stop, manners=Manners(pace=0))

    def pull(self, when: str, *, now: str | None = None, key: str = "igate", **other: Any) -> Any:
        (pulled, *_) = self.puller(now or f"{when} 07:00").pull(key, day(when), **other)
        return pulled

    def wait(self, **time: float) -> None:
        self.machine += timedelta(**time)

    # --- what is there ----------------------------------------------------------------------------------------------

    def runs(self, **other: Any) -> list[RunRow]:
        """Oldest first."""
        with self.store.reading() as session:
            return list(reversed(find_runs(session, **other)))

    def days(self) -> list[tuple[date | None, str]]:
        return [(run.for_date, run.status) for run in self.runs()]

    def rows(self, table: Any) -> list[Any]:
        with self.store.reading() as session:
            return list(session.exec(select(table)).all())

    def readings(self) -> list[tuple[int, date, int, int | None]]:
        """Series, day, revision and numerator, in that order."""
        return sorted((row.series_id, row.as_of, row.revision, row.numerator) for row in self.rows(Reading))

    def claims(self) -> list[RunClaim]:
        return self.rows(RunClaim)

    def quarantined(self) -> list[Quarantined]:
        return self.rows(Quarantined)

    def payloads(self) -> list[Payload]:
        return self.rows(Payload)

    def run_count(self) -> int:
        return len(self.rows(Run))

    def changed(self, change: Callable[[Session], Any]) -> Any:
        with self.store.writing() as session:
            return change(session)


def made(url: str, home: Path, *, campaign: Campaign | None = None) -> PullWorld:
    """A world of its own, the campaign founded on 1 March."""
    store = Store(url)
    found(store, campaign)
    return PullWorld(url, home, store)


def found(store: Store, campaign: Campaign | None = None) -> None:
    migrations.upgrade(store)
    with store.writing() as session:
        found_campaign(session, small_files(campaign or pulled_campaign()), context=context("1/3 08:00"))


@pytest.fixture
def teller(monkeypatch: pytest.MonkeyPatch) -> Teller:
    """The source of the tests, under three cadences."""
    result = Teller()
    known = kinds_of(result.kind(), result.kind("watcher", "watch"), result.kind("rehearsing", "rehearsal"))
    monkeypatch.setattr(sources, "kinds", known)
    return result


@pytest.fixture
def world(prepared: PreparedStores, tmp_path: Path, teller: Teller) -> Any:
    """On SQLite."""
    url = f"sqlite:///{tmp_path / 'caodiem.db'}"
    store = prepared.copy("pulled", found, to=url)
    yield PullWorld(url, tmp_path / "home", store, teller)
    store.close()
