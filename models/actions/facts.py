"""Versioned facts: baselines, central targets, targets and scores.

A changed fact is a further version; the old one stays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from models.actions.permission import require
from models.audit import Deed
from models.tables import Baseline, CentralTarget, Score, SourceRow, Target
from targets.permissions import Permission
from targets.values import Origin


@dataclass(frozen=True)
class Counts:
    """What a load did: new facts, changed ones, and those that were known already."""

    accepted: int = 0
    revised: int = 0
    unchanged: int = 0
    second: int = 0
    """Of the unchanged, those told without counts for a day that has them: kept, and compared with the counts."""

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            accepted=self.accepted + other.accepted,
            revised=self.revised + other.revised,
            unchanged=self.unchanged + other.unchanged,
            second=self.second + other.second,
        )

    @property
    def changes(self) -> int:
        return self.accepted + self.revised + self.second


NEW, REVISED, UNCHANGED = Counts(accepted=1), Counts(revised=1), Counts(unchanged=1)


@dataclass(frozen=True)
class BaselineFact:
    """A unit's result before the campaign, in points or counts."""

    unit_id: int
    indicator: str
    year: int
    value: Decimal | None
    numerator: int | None = None
    denominator: int | None = None
    qualifier: str | None = None
    source_note: str = ""
    is_simulated: bool = False


@dataclass(frozen=True)
class CentralFact:
    """The centre's target; `level` empty means every level, `value` None withdraws it."""

    indicator: str
    year: int
    level: str
    value: Decimal | None
    document: str
    source_note: str = ""


@dataclass(frozen=True)
class TargetFact:
    """A target that people set: issued by a decision or registered by the unit."""

    unit_id: int
    indicator: str
    phase: str
    origin: Origin
    value: Decimal
    because: str
    document: str
    document_date: date | None
    source_note: str = ""


@dataclass(frozen=True)
class ScoreFact:
    """An official score or rank; `indicator` empty is the total."""

    unit_id: int
    indicator: str
    basis: str
    period_start: date
    period_end: date
    as_of: date
    points: Decimal | None
    max_points: Decimal | None
    rank: int | None
    rank_of: int | None
    rank_group: str
    source_note: str


def record_baselines(session: Session, facts: Sequence[BaselineFact], *, is_simulated: bool, deed: Deed) -> Counts:
    """Record baselines; the same figure again is unchanged."""
    require(session, deed, Permission.IMPORT)
    known = _newest(session, Baseline, ("unit_id", "indicator", "year"), "version")
    total = Counts()
    for fact in facts:
        key = (fact.unit_id, fact.indicator, fact.year)
        told: dict[str, Any] = {
            "value": fact.value,
            "numerator": fact.numerator,
            "denominator": fact.denominator,
            "qualifier": fact.qualifier,
            "source_note": fact.source_note,
        }
        row = Baseline(
            unit_id=fact.unit_id,
            indicator=fact.indicator,
            year=fact.year,
            **told,
            simulated=is_simulated or fact.is_simulated,
            **_recorded(deed),
        )
        total += _add_version(session, known, key, row, told, "version")
    session.flush()
    return total


def record_central(session: Session, facts: Sequence[CentralFact], *, is_simulated: bool, deed: Deed) -> Counts:
    """Record central targets; the same value under the same document again is unchanged."""
    require(session, deed, Permission.IMPORT)
    known = _newest(session, CentralTarget, ("indicator", "year", "level"), "version")
    total = Counts()
    for fact in facts:
        key = (fact.indicator, fact.year, fact.level)
        told: dict[str, Any] = {"value": fact.value, "document": fact.document, "source_note": fact.source_note}
        row = CentralTarget(
            indicator=fact.indicator,
            year=fact.year,
            level=fact.level,
            **told,
            simulated=is_simulated,
            **_recorded(deed),
        )
        total += _add_version(session, known, key, row, told, "version")
    session.flush()
    return total


def record_targets(session: Session, facts: Sequence[TargetFact], *, is_simulated: bool, deed: Deed) -> Counts:
    """Record issued or registered targets as versions in force."""
    require(session, deed, Permission.IMPORT)
    known = _newest(session, Target, ("unit_id", "indicator", "phase", "origin"), "version")
    total = Counts()
    for fact in facts:
        key = (fact.unit_id, fact.indicator, fact.phase, fact.origin)
        told: dict[str, Any] = {"value": fact.value, "document": fact.document, "document_date": fact.document_date}
        row = Target(
            unit_id=fact.unit_id,
            indicator=fact.indicator,
            phase=fact.phase,
            origin=fact.origin,
            because=fact.because,
            **told,
            source_note=fact.source_note,
            simulated=is_simulated,
            **_recorded(deed),
        )
        total += _add_version(session, known, key, row, told, "version")
    session.flush()
    return total


def record_scores(
    session: Session, facts: Sequence[ScoreFact], *, source: SourceRow, run_id: int, is_simulated: bool
) -> Counts:
    """Record official scores as told: never computed, never mixed with rates."""
    parts = ("unit_id", "indicator_key", "rank_group", "source_id", "basis", "period_start", "as_of")
    known = _newest(session, Score, parts, "revision")
    total = Counts()
    for fact in facts:
        told: dict[str, Any] = {
            "points": fact.points,
            "max_points": fact.max_points,
            "rank": fact.rank,
            "rank_of": fact.rank_of,
            "source_note": fact.source_note,
        }
        row = Score(
            unit_id=fact.unit_id,
            indicator_key=fact.indicator,
            source_id=source.id or 0,
            basis=fact.basis,
            period_start=fact.period_start,
            period_end=fact.period_end,
            as_of=fact.as_of,
            rank_group=fact.rank_group,
            **told,
            simulated=is_simulated,
            run_id=run_id,
        )
        key = tuple(getattr(row, part) for part in parts)
        total += _add_version(session, known, key, row, told, "revision")
    session.flush()
    return total


def _recorded(deed: Deed) -> dict[str, Any]:
    return {"by": deed.by, "reason": deed.reason, "recorded_at": deed.now}


def _newest(session: Session, table: type[SQLModel], parts: Iterable[str], version: str) -> dict[tuple[Any, ...], Any]:
    """The newest version of each fact."""
    rows = session.exec(select(table).order_by(col(getattr(table, version)))).all()
    return {tuple(getattr(row, part) for part in parts): row for row in rows}


def _add_version(
    session: Session,
    known: dict[tuple[Any, ...], Any],
    key: tuple[Any, ...],
    row: Any,
    told: dict[str, Any],
    version: str,
) -> Counts:
    """Add the row as the first or a further version unless the newest one tells the same."""
    newest = known.get(key)
    if newest is not None and all(getattr(newest, name) == value for name, value in told.items()):
        return UNCHANGED
    setattr(row, version, 1 if newest is None else getattr(newest, version) + 1)
    known[key] = row
    session.add(row)
    return NEW if newest is None else REVISED
