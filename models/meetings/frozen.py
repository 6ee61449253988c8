"""What is frozen with the figures of a snapshot: the way the province came, milestones, heads, causes, reviews,
tasks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from models.core.columns import day_number, day_of
from models.results.inputs import Units, load_owed, load_units
from models.results.rows import Results
from models.results.standing import is_kept
from models.tables import Snapshot, SnapshotWithdrawal
from models.targets.agreements import find_under_review
from models.tasks.queries import WAITING, Owed, TaskRow, find_tasks
from models.units.members import PoolMembers, find_members
from models.units.queries import Head, StatedCause, find_causes, find_heads, find_history, find_parents
from targets.values import Campaign


@dataclass(frozen=True)
class FrozenDay:
    """The province's rate on one day."""

    day: date
    value: float


@dataclass(frozen=True)
class FrozenMilestone:
    """What the province owes at the end of a phase; `due` is None in the open-ended one."""

    phase: str
    due: date | None
    target: float | None


@dataclass(frozen=True)
class FrozenMember:
    """A unit in the province's sum, with the counts that it adds."""

    unit: str
    numerator: int
    denominator: int


@dataclass(frozen=True)
class FrozenTask(Owed):
    """A task as it stood when the figures were frozen."""

    id: int
    kind: str
    unit: str | None
    unit_name: str
    what: str
    who: str
    due: date | None
    state: str
    progress: str


@dataclass(frozen=True)
class FrozenFacts:
    """All that stands beside the figures."""

    history: Mapping[str, tuple[FrozenDay, ...]]
    """Indicator → the province's days up to the as-of day."""
    milestones: Mapping[str, tuple[FrozenMilestone, ...]]
    """Indicator → the province's targets, phase by phase."""
    parents: Mapping[str, str | None]
    heads: Mapping[str, Head]
    causes: Mapping[tuple[str, str], StatedCause]
    """Unit and indicator → the cause in force."""
    reviews: Mapping[tuple[str, str], date]
    """Unit and indicator → the day by which its figure will have been checked."""
    tasks: tuple[FrozenTask, ...]
    members: Mapping[str, tuple[FrozenMember, ...]]
    """Indicator → whose figures the province's sum is made of, in the campaign's order of units."""
    sources: Mapping[str, Mapping[str, int]]
    """Indicator → source → how many units of the province's sum it reported."""
    decided: tuple[FrozenTask, ...]
    """What the meeting before concluded and gave, as it stood."""

    @property
    def carried(self) -> tuple[FrozenTask, ...]:
        """The tasks that were not settled: all that was carried on but conclusions."""
        return tuple(task for task in self.tasks if task.is_carried)


def facts_as_json(facts: FrozenFacts) -> dict[str, Any]:
    """The facts as the store keeps them."""
    return {
        "history": {key: [[each.day.isoformat(), each.value] for each in days] for key, days in facts.history.items()},
        "milestones": {
            key: [[each.phase, _written(each.due), each.target] for each in milestones]
            for key, milestones in facts.milestones.items()
        },
        "parents": dict(facts.parents),
        "heads": {
            code: [head.title, head.name, head.phone]
            for code, head in facts.heads.items()
            if head.title or head.name or head.phone
        },
        "causes": [
            [unit, indicator, cause.category, cause.text, cause.action, _written(cause.due), cause.is_confirmed]
            for (unit, indicator), cause in facts.causes.items()
        ],
        "reviews": [[unit, indicator, _written(due)] for (unit, indicator), due in facts.reviews.items()],
        "tasks": _tasks_as_json(facts.tasks),
        "decided": _tasks_as_json(facts.decided),
        "members": {
            key: [[each.unit, each.numerator, each.denominator] for each in members]
            for key, members in facts.members.items()
        },
        "sources": {key: dict(sources) for key, sources in facts.sources.items()},
    }  # fmt: skip


def _tasks_as_json(tasks: Iterable[FrozenTask]) -> list[list[Any]]:
    return [
        [task.id, task.kind, task.unit, task.unit_name, task.what, task.who, _written(task.due), task.state,
         task.progress]
        for task in tasks
    ]  # fmt: skip


def _tasks_from_json(content: Iterable[list[Any]]) -> tuple[FrozenTask, ...]:
    return tuple(
        FrozenTask(identity, kind, unit, name, what, who, _read(due), state, progress)
        for identity, kind, unit, name, what, who, due, state, progress in content
    )


def facts_from_json(content: Mapping[str, Any]) -> FrozenFacts:
    """The facts as they were frozen."""
    return FrozenFacts(
        history={
            key: tuple(FrozenDay(date.fromisoformat(day), value) for day, value in days)
            for key, days in content["history"].items()
        },
        milestones={
            key: tuple(FrozenMilestone(phase, _read(due), target) for phase, due, target in milestones)
            for key, milestones in content["milestones"].items()
        },
        parents=dict(content["parents"]),
        heads={code: Head(*said) for code, said in content["heads"].items()},
        causes={
            (unit, indicator): StatedCause(category, text, action, _read(due), is_confirmed)
            for unit, indicator, category, text, action, due, is_confirmed in content["causes"]
        },
        reviews={(unit, indicator): date.fromisoformat(due) for unit, indicator, due in content["reviews"]},
        tasks=_tasks_from_json(content["tasks"]),
        # What snapshots of stores older than the first release may lack is told as not known.
        members={
            key: tuple(FrozenMember(*each) for each in members)
            for key, members in (content.get("members") or {}).items()
        },
        sources=content.get("sources", {}),
        decided=_tasks_from_json(content.get("decided", ())),
    )


def _written(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _read(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)


def find_facts(session: Session, campaign: Campaign, *, as_of: date, known_at: datetime | None) -> FrozenFacts:
    """All that stands beside the figures of a day; the province's way and targets as known at a moment."""
    parents, units = find_parents(session), load_units(session, campaign)
    pool = find_members(session, campaign, units, day=day_number(as_of), known_at=known_at)
    return FrozenFacts(
        history=_history(session, campaign, as_of=as_of, known_at=known_at),
        milestones=_milestones(session, campaign, known_at=known_at),
        parents=parents,
        heads=find_heads(session, list(parents)),
        causes=find_causes(session, as_of=as_of),
        reviews=find_under_review(session),
        tasks=_freezable(find_tasks(session, states=WAITING)),
        decided=_decided_before(session, as_of),
        members=_members(pool, units, campaign),
        sources=pool.sources,
    )


def _decided_before(session: Session, as_of: date) -> tuple[FrozenTask, ...]:
    """What was concluded and given at the newest meeting of an earlier day that counts."""
    withdrawn = select(SnapshotWithdrawal.snapshot_id)
    meetings = select(Snapshot.id).where(col(Snapshot.closes).is_(None), col(Snapshot.id).not_in(withdrawn))
    earlier = meetings.where(col(Snapshot.as_of) < as_of)
    before = session.exec(earlier.order_by(col(Snapshot.as_of).desc(), col(Snapshot.id).desc())).first()
    return () if before is None else _freezable(find_tasks(session, snapshot=before))


def _freezable(tasks: Iterable[TaskRow]) -> tuple[FrozenTask, ...]:
    names = [field.name for field in fields(FrozenTask)]
    return tuple(FrozenTask(**{name: getattr(task, name) for name in names}) for task in tasks)


def _members(pool: PoolMembers, units: Units, campaign: Campaign) -> dict[str, tuple[FrozenMember, ...]]:
    counts = pool.counts
    return {
        indicator.key: tuple(
            FrozenMember(units.codes[at], int(counts.numerator[at, place]), int(counts.denominator[at, place]))
            for at in pool.inside[:, place].nonzero()[0].tolist()
        )
        for place, indicator in enumerate(campaign.indicators)
    }


def _history(
    session: Session, campaign: Campaign, *, as_of: date, known_at: datetime | None
) -> dict[str, tuple[FrozenDay, ...]]:
    """The province's rates from the start on; where nothing is kept or a past moment is asked for, computed."""
    found: dict[str, list[FrozenDay]] = {indicator.key: [] for indicator in campaign.indicators}
    if as_of < campaign.start:
        return dict.fromkeys(found, ())
    if known_at is None and is_kept(session, campaign, as_of):
        for past in find_history(session, campaign.province, as_of=as_of):
            if past.value is not None:
                found[past.indicator].append(FrozenDay(past.day, past.value))
        return {key: tuple(days) for key, days in found.items()}
    first, last = day_number(campaign.start), day_number(as_of)
    results = Results.load(session, first=first, last=last, known_at=known_at)
    province = results.units.codes.index(campaign.province)
    for day in range(first, last + 1):
        rows, _ = results.on(day)
        for at in (rows.unit == province).nonzero()[0]:
            value = float(rows.progress.value[at])
            if value == value:  # NaN is no value
                found[campaign.indicators[int(rows.indicator[at])].key].append(FrozenDay(day_of(day), value))
    return {key: tuple(days) for key, days in found.items()}


def _milestones(
    session: Session, campaign: Campaign, *, known_at: datetime | None
) -> dict[str, tuple[FrozenMilestone, ...]]:
    units = load_units(session, campaign)
    targets = load_owed(session, campaign, units, known_at=known_at).target[units.codes.index(campaign.province)]
    return {
        indicator.key: tuple(
            FrozenMilestone(phase.key, phase.due, None if value != value else float(value))
            for phase, value in zip(campaign.phases, targets[at], strict=True)
        )
        for at, indicator in enumerate(campaign.indicators)
    }
