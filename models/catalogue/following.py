"""Which parts of changed files are to be followed: those that differ from when the files were loaded last.

What was imported or entered on a page since stays, as long as the files themselves say nothing new about it.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from models.catalogue.records import CampaignFiles
from models.readings.records import (
    BaselineRecord,
    CentralRecord,
    ReadingRecord,
    ScoreRecord,
    TargetRecord,
    TaskRecord,
)
from targets.values import UNIT_FIELDS, Unit

Record = TypeVar("Record")


@dataclass(frozen=True)
class Following(Generic[Record]):
    """The rows of one file: those to be followed, how many say what they said before, and those taken out."""

    rows: tuple[Record, ...]
    unchanged: int = 0
    gone: tuple[Record, ...] = ()


@dataclass(frozen=True)
class ToFollow:
    """The files of figures, and of tasks."""

    baselines: Following[BaselineRecord]
    central: Following[CentralRecord]
    registrations: Following[TargetRecord]
    scores: Following[ScoreRecord]
    readings: Following[ReadingRecord]
    tasks: Following[TaskRecord]


def to_follow(files: CampaignFiles, before: CampaignFiles | None) -> ToFollow:
    """Where the files differ from `before`; everything where it is not known what they said then."""
    return ToFollow(
        baselines=_following(
            files.baselines,
            None if before is None else before.baselines,
            lambda row: (row.unit, row.indicator, row.year),
        ),
        central=_following(
            files.central,
            None if before is None else before.central,
            lambda row: (row.indicator, row.year, row.level),
        ),
        registrations=_following(
            files.registrations,
            None if before is None else before.registrations,
            lambda row: (row.unit, row.indicator, row.phase),
        ),
        scores=_following(
            files.scores,
            None if before is None else before.scores,
            lambda row: (row.unit, row.indicator, row.period_start, row.source, row.rank_group),
        ),
        readings=_following(
            files.readings,
            None if before is None else before.readings,
            lambda row: (row.unit, row.indicator, row.as_of, row.scope, row.source),
        ),
        tasks=_following(
            files.tasks,
            None if before is None else before.tasks,
            lambda row: (row.unit, row.document, row.number, row.what),
        ),
    )


def units_to_follow(units: Iterable[Unit], before: Iterable[Unit], held: Iterable[Unit]) -> tuple[Unit, ...]:
    """The units as they are to be: each field as the file says it where that is new, else as the store holds it."""
    reported, kept = {unit.code: unit for unit in before}, {unit.code: unit for unit in held}

    def followed(unit: Unit) -> Unit:
        said, known = reported.get(unit.code), kept.get(unit.code)
        if said is None or known is None:
            return unit
        same = (name for name in UNIT_FIELDS if getattr(unit, name) == getattr(said, name))
        return replace(unit, **{name: getattr(known, name) for name in same})

    return tuple(map(followed, units))


def _following(
    now: tuple[Record, ...], before: tuple[Record, ...] | None, key: Callable[[Record], Hashable]
) -> Following[Record]:
    if before is None:
        return Following(now)
    reported, said = {key(row): row for row in before}, {key(row) for row in now}
    rows = tuple(row for row in now if reported.get(key(row)) != row)
    gone = tuple(row for identity, row in reported.items() if identity not in said)
    return Following(rows, unchanged=len(now) - len(rows), gone=gone)
