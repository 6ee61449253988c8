"""Official scores and ranks as their sources gave them: shown with their date, never computed over, never estimated."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.feeds.withdrawn import which_count
from models.tables import Score, SourceRow, UnitRow
from targets.errors import UnknownName

LIMITS = (Decimal(80), Decimal(90))
"""Where the offices' weekly lists part: "dưới 80", "80 đến dưới 90", "từ 90" (intake.md, "Scores")."""
FULL = Decimal(100)
"""The scale those lists are of; a total of another scale is in none of them."""
LISTS = ("under", "between", "from", "unlisted")


@dataclass(frozen=True)
class ScoreSet:
    """All scores that a source gave of one period on one day."""

    source: str
    basis: str
    period_start: date
    period_end: date
    as_of: date
    units: int
    simulated: bool

    @property
    def key(self) -> str:
        """How an address names it. A year, its first quarter and its first month begin on the same day."""
        return f"{self.plain_key}_{self.basis}"

    @property
    def plain_key(self) -> str:
        """How older addresses name it; the first of several sets is meant."""
        return f"{self.source}_{self.period_start.isoformat()}_{self.as_of.isoformat()}"


@dataclass(frozen=True)
class Rank:
    """A place among `of` units, where the source says so; `group` names among whom."""

    rank: int
    of: int | None
    group: str


@dataclass(frozen=True)
class ScoreRow:
    """A unit's scores in a set. Points are exactly as reported."""

    unit: str
    name: str
    level: str
    points: Decimal | None
    max_points: Decimal | None
    ranks: tuple[Rank, ...]
    parts: tuple[tuple[str, Decimal | None, Decimal | None], ...]
    """Indicator, its points and most points, where the source reports them."""
    before: Decimal | None
    before_rank: int | None
    """The same source's total and rank on its day before, for the same period; None where it did not."""

    @property
    def listed(self) -> str:
        """Which of the offices' lists the total belongs to (one of LISTS)."""
        if self.points is None or self.max_points not in (None, FULL):
            return "unlisted"
        low, high = LIMITS
        return "under" if self.points < low else "between" if self.points < high else "from"


def find_score_sets(session: Session, *, as_of: date) -> list[ScoreSet]:
    """The sets that describe a day up to the as-of one, the newest first."""
    columns = (col(SourceRow.key), col(Score.basis), col(Score.period_start), col(Score.period_end), col(Score.as_of))
    statement = (
        select_columns(
            *columns,
            func.count(func.distinct(col(Score.unit_id))),
            func.max(case((col(Score.simulated), 1), else_=0)),
        )
        .join(SourceRow, col(SourceRow.id) == col(Score.source_id))
        .where(col(Score.as_of) <= as_of, *which_count(session, col(Score.run_id)))
        .group_by(*columns)
    )
    found = [
        ScoreSet(source, basis, start, end, day, units, bool(simulated))
        for source, basis, start, end, day, units, simulated in session.connection().execute(statement)
    ]
    return sorted(found, key=lambda one: (one.as_of, one.period_end, one.units, one.source), reverse=True)


def find_score_rows(session: Session, key: str, *, as_of: date) -> list[ScoreRow]:
    """The units of a set in the campaign's order, each with what was reported for it the time before.

    Raises UnknownName for a set.
    """
    sets = find_score_sets(session, as_of=as_of)
    shown = next((one for one in sets if key in (one.key, one.plain_key)), None)
    if shown is None:
        raise UnknownName(kind="score set", name=key, allowed=[one.key for one in sets])
    earlier = [one for one in sets if _is_same_period(one, shown) and one.as_of < shown.as_of]
    before = _reported(session, earlier[0]) if earlier else {}
    rows = []
    for code, current in _reported(session, shown).items():
        total = _total(current)
        was = _total(before.get(code, []))
        first_rank = next((row.rank for row in before.get(code, []) if row.rank is not None), None)
        rows.append(
            ScoreRow(
                unit=code,
                name=current[0].name,
                level=current[0].level,
                points=None if total is None else total.points,
                max_points=None if total is None else total.max_points,
                ranks=tuple(Rank(row.rank, row.rank_of, row.rank_group) for row in current if row.rank is not None),
                parts=tuple((row.indicator_key, row.points, row.max_points) for row in current if row.indicator_key),
                before=None if was is None else was.points,
                before_rank=first_rank,
            )
        )
    return rows


def _is_same_period(one: ScoreSet, other: ScoreSet) -> bool:
    return (one.source, one.basis, one.period_start) == (other.source, other.basis, other.period_start)


def _reported(session: Session, of: ScoreSet) -> dict[str, list[Any]]:
    """The rows of a set by unit, in the campaign's order; of a row that was reported again, the last revision."""
    statement = (
        select_columns(
            col(UnitRow.code), col(UnitRow.name), col(UnitRow.level), col(Score.indicator_key), col(Score.rank_group),
            col(Score.points), col(Score.max_points), col(Score.rank), col(Score.rank_of),
        )
        .join(UnitRow, col(UnitRow.id) == col(Score.unit_id))
        .join(SourceRow, col(SourceRow.id) == col(Score.source_id))
        .where(
            col(SourceRow.key) == of.source,
            col(Score.basis) == of.basis,
            col(Score.period_start) == of.period_start,
            col(Score.as_of) == of.as_of,
            *which_count(session, col(Score.run_id)),
        )
        .order_by(col(UnitRow.position), col(Score.indicator_key), col(Score.id), col(Score.revision))
    )  # fmt: skip
    newest: dict[tuple[str, str, str], Any] = {}
    for row in session.connection().execute(statement):
        newest[row.code, row.indicator_key, row.rank_group] = row
    current: dict[str, list[Any]] = {}
    for row in newest.values():
        current.setdefault(row.code, []).append(row)
    return current


def _total(rows: Iterable[Any]) -> Any:
    """The row of the total; of several with ranks of their own, the first that has points."""
    totals = [row for row in rows if not row.indicator_key]
    return next((row for row in totals if row.points is not None), totals[0] if totals else None)
