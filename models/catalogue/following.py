"""What of changed files is to be followed: what they say otherwise than when they were loaded last.

What was imported or entered on a page since stays, as long as the files themselves say nothing new about it.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from models.catalogue.records import CampaignFiles
from models.readings.records import BaselineRecord, CentralRecord, ScoreRecord, TargetRecord
from targets.values import Unit

Record = TypeVar("Record")


@dataclass(frozen=True)
class Following(Generic[Record]):
    """The rows of one file: those to be followed, how many say what they said before, and those taken out."""

    rows: tuple[Record, ...]
    unchanged: int = 0
    gone: tuple[Record, ...] = ()


@dataclass(frozen=True)
class ToFollow:
    """The four files of figures."""

    baselines: Following[BaselineRecord]
    central: Following[CentralRecord]
    registrations: Following[TargetRecord]
    scores: Following[ScoreRecord]


def to_follow(files: CampaignFiles, before: CampaignFiles | None) -> ToFollow:
    """What the files say otherwise than `before`; everything where it is not known what they said then."""
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
    )


def units_to_follow(
    units: Iterable[Unit], before: Iterable[Unit], held: Mapping[str, Mapping[str, Any]]
) -> tuple[Unit, ...]:
    """The units as they are to be: each field as the file says it where that is new, else as the store holds it."""
    reported = {unit.code: unit for unit in before}
    return tuple(
        unit
        if unit.code not in reported or unit.code not in held
        else replace(
            unit,
            **{
                name: value
                for name, value in held[unit.code].items()
                if getattr(unit, name) == getattr(reported[unit.code], name)
            },
        )
        for unit in units
    )


def _following(
    now: tuple[Record, ...], before: tuple[Record, ...] | None, key: Callable[[Record], Hashable]
) -> Following[Record]:
    if before is None:
        return Following(now)
    reported, said = {key(row): row for row in before}, {key(row) for row in now}
    rows = tuple(row for row in now if reported.get(key(row)) != row)
    gone = tuple(row for identity, row in reported.items() if identity not in said)
    return Following(rows, unchanged=len(now) - len(rows), gone=gone)
