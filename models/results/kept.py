"""The kept tables: answers that pages read without computing.

Brought up to date with every change, rebuildable at any time. Kept are, for each day from the campaign's start to the
last day loaded: the result row of every unit and indicator in its running phase, the sums of each group, and the newest
judged readings.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Table, delete, select
from sqlmodel import Session, SQLModel, col

from models.core.audit import ChangeContext, find_state, record
from models.core.columns import day_number, day_of
from models.core.store import insert_rows, read_frame
from models.core.texts import text
from models.results.inputs import ORIGINS, Units, load_campaign
from models.results.rows import DayPools, DayResults, Results
from models.tables import DailySum, LatestReading, StandingRow, StoreState
from targets.results import CALCULATION
from targets.standing.progress import BY_WORDS
from targets.values import QUALIFIERS, STANDINGS, Campaign

Columns = dict[str, Sequence[Any] | npt.NDArray[Any]]
Days = Callable[[int, int], None]
"""Called after each day computed: how many are done, of how many."""


def bring_up_to_date(
    session: Session,
    *,
    since: int | None = None,
    through: int | None = None,
    campaign: Campaign | None = None,
    progress: Days | None = None,
) -> None:
    """Recompute the kept rows of days `since` to the last one, within the caller's transaction.

    Without `since`, or where another calculation made them, all days are recomputed (targets, baselines or settings
    changed). `through`: a new last day. `campaign`: where it is known already.
    """
    state = find_state(session)
    if is_of_another_calculation(state):
        since = None
    campaign = campaign or load_campaign(session)
    start = day_number(campaign.start)
    kept_through = day_number(state.kept_through) if state.kept_through else start - 1
    last = max(kept_through, through if through is not None else kept_through)
    # Days between the old end and the new one have no rows yet.
    first = start if since is None else max(start, min(since, kept_through + 1))
    if since is None:
        # Days before the start go too: it may have moved.
        _forget_days(session, since=None)
    if last >= first:
        _forget_days(session, since=first)
        results = Results.load(session, first=first, last=last, campaign=campaign)
        _keep_days(session, results, first=first, last=last, progress=progress)
    state.kept_through = day_of(last) if last >= start else None
    state.calculation = CALCULATION
    state.kept_version = state.data_version
    session.add(state)


def is_of_another_calculation(state: StoreState) -> bool:
    """Whether the kept results were made by a calculation that this code no longer, or not yet, does."""
    return state.calculation != CALCULATION


def compute_anew(session: Session, *, context: ChangeContext, progress: Days | None = None) -> None:
    """Recompute everything where another calculation made it, and note that in the audit trail."""
    state = find_state(session)
    if is_of_another_calculation(state):
        old, new = {"calculation": state.calculation}, {"calculation": CALCULATION}
        record(session, context=context, action="compute_anew", subject=state.campaign_key, old=old, new=new)
        bring_up_to_date(session, progress=progress)


def days_kept(state: StoreState, campaign: Campaign) -> int:
    """How many days results are kept for."""
    return 0 if state.kept_through is None else day_number(state.kept_through) - day_number(campaign.start) + 1


def bring_units_up_to_date(session: Session, unit_ids: Collection[int]) -> None:
    """Recompute every kept result row of some units, whose targets or dates have changed, and of no other unit.

    What a unit owes changes no sum and no other unit's row; for one whose rows are sums everything is computed.
    """
    state = find_state(session)
    of_sums = select(col(StandingRow.unit_id)).where(col(StandingRow.unit_id).in_(unit_ids), col(StandingRow.is_pooled))
    if is_of_another_calculation(state) or session.execute(of_sums.limit(1)).first() is not None:
        bring_up_to_date(session)
        return
    if state.kept_through is not None:
        first, last = day_number(load_campaign(session).start), day_number(state.kept_through)
        session.connection().execute(delete(StandingRow).where(col(StandingRow.unit_id).in_(unit_ids)))
        results = Results.load(session, first=first, last=last, only=unit_ids)
        writer = _Batches(session)
        for day in range(first, last + 1):
            columns = standing_columns(results.on(day)[0], results.units, results.campaign)
            at = np.flatnonzero(np.isin(columns["unit_id"], list(unit_ids)))
            writer.add(StandingRow, {name: _taken(values, at) for name, values in columns.items()})
        writer.flush()
    state.kept_version = state.data_version
    session.add(state)


def _taken(values: Sequence[Any] | npt.NDArray[Any], at: npt.NDArray[np.intp]) -> Sequence[Any] | npt.NDArray[Any]:
    return values[at] if isinstance(values, np.ndarray) else [values[position] for position in at]


def _forget_days(session: Session, *, since: int | None) -> None:
    for table in (StandingRow, DailySum):
        later = delete(table) if since is None else delete(table).where(col(table.day) >= day_of(since))
        session.connection().execute(later)
    session.connection().execute(delete(LatestReading))


def _keep_days(session: Session, results: Results, *, first: int, last: int, progress: Days | None) -> None:
    writer = _Batches(session)
    for day in range(first, last + 1):
        rows, pools = results.on(day)
        writer.add(StandingRow, standing_columns(rows, results.units, results.campaign))
        writer.add(DailySum, sum_columns([pools], results.campaign))
        if progress is not None:
            progress(day - first + 1, last - first + 1)
    writer.add(LatestReading, latest_columns(results, last))
    writer.flush()


class _Batches:
    """Collects rows by table and writes them in large batches."""

    ENOUGH = 20_000

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: dict[type[SQLModel], list[Columns]] = {}

    def add(self, table: type[SQLModel], columns: Columns) -> None:
        waiting = self._waiting.setdefault(table, [])
        waiting.append(columns)
        if sum(len(next(iter(part.values()))) for part in waiting) >= self.ENOUGH:
            self._write(table)

    def flush(self) -> None:
        for table in list(self._waiting):
            self._write(table)

    def _write(self, table: type[SQLModel]) -> None:
        for columns in self._waiting.pop(table):
            insert_rows(self._session, sql_table(table), columns)


def sql_table(table: Any) -> Table:
    """The SQL table behind a model."""
    found: Table = table.__table__
    return found


def _words(codes: npt.NDArray[np.int64], words: Sequence[str | None]) -> list[str | None]:
    return [words[code] for code in codes]


def standing_columns(rows: DayResults, units: Units, campaign: Campaign) -> Columns:
    """A day's result rows by column of the table `standing`; NaN means unknown."""
    count = len(rows.unit)
    progress = rows.progress
    columns: Columns = {
        "day": [rows.day] * count,
        "phase": _words(rows.phase, [phase.key for phase in campaign.phases]),
        "indicator": _words(rows.indicator, [indicator.key for indicator in campaign.indicators]),
        "unit_id": units.ids[rows.unit],
        "reading_as_of": rows.reading_as_of,
        "numerator": rows.numerator,
        "denominator": rows.denominator,
        "value": progress.value,
        "is_pooled": rows.is_pooled,
        "is_bound": rows.qualifier != 0,
        "qualifier": _words(rows.qualifier, QUALIFIERS),
        "value_high": rows.high,
        "stated": rows.stated,
        "baseline": rows.baseline,
        "target": rows.target,
        "origin": _words(rows.origin, [*ORIGINS, None]),
        "due": rows.due,
        "gap": progress.gap,
        "cases_missing": progress.cases_missing,
        "cases_needed": progress.cases_needed,
        "share_needed": progress.share_needed,
        "attainable": progress.attainable,
        "expected_cases": progress.expected_cases,
        "week_value": progress.week_value,
        "week_numerator": rows.week_numerator,
        "week_denominator": rows.week_denominator,
        "week_change": progress.week_change,
        "coverage": rows.coverage,
        "trajectory": rows.trajectory,
        "ahead": progress.ahead,
        "pace": rows.pace,
        "needed_pace": rows.needed_pace,
        "projection": rows.ahead.projection,
        "low": rows.ahead.low,
        "high": rows.ahead.high,
        "probability": rows.ahead.probability,
        "by": _words(progress.by, list(BY_WORDS)),
        "standing": _words(progress.standing, STANDINGS),
    }
    return columns


def sum_columns(days: Iterable[DayPools], campaign: Campaign) -> Columns:
    """The sums of days by column of the table `daily_sum`."""
    columns: dict[str, list[Any]] = {name: [] for name in ("indicator", "pool", "day")}
    names = ("numerator", "denominator", "counted", "percent_only", "expected")
    columns |= {name: [] for name in names}
    for day in days:
        for pool, values in day.pools.items():
            columns["indicator"] += [indicator.key for indicator in campaign.indicators]
            columns["pool"] += [pool] * len(campaign.indicators)
            columns["day"] += [day.day] * len(campaign.indicators)
            for name in names:
                columns[name] += values[name].tolist()
    return dict(columns)


def latest_columns(results: Results, day: int) -> Columns:
    """The newest judged readings by column of the table `latest_reading`."""
    latest = results.latest(day)
    keys = [indicator.key for indicator in results.campaign.indicators]
    columns: Columns = {
        "unit_id": results.units.ids[latest["unit"].astype(np.int64)].tolist(),
        "indicator": _words(latest["indicator"].astype(np.int64), keys),
        "is_bound": (latest["is_bound"] == 1).tolist(),
    }
    for name in ("series_id", "period_start", "as_of", "revision", "numerator", "denominator", "value"):
        columns |= {name: latest[name].tolist()}
    return columns


def find_differences(session: Session, language: str = "en") -> list[str]:
    """Recompute everything from the readings and compare it with what is kept; one sentence for each difference."""
    state = find_state(session)
    if state.kept_through is None:
        return []
    campaign = load_campaign(session)
    first, last = day_number(campaign.start), day_number(state.kept_through)
    results = Results.load(session, first=first, last=last, known_at=None, everything=True)
    days = [results.on(day) for day in range(first, last + 1)]
    computed = {
        StandingRow: _frame(standing_columns(rows, results.units, campaign) for rows, _ in days),
        DailySum: _frame([sum_columns([pools for _, pools in days], campaign)]),
        LatestReading: _frame([latest_columns(results, last)]),
    }
    differences: list[str] = []
    for table, expected in computed.items():
        kept = read_frame(session, select(*(getattr(table, name) for name in expected.columns)))
        differences += _compare(sql_table(table), kept, expected, language)
    return differences


def _frame(parts: Iterable[Columns]) -> pd.DataFrame:
    return pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)


def _compare(table: Table, kept: pd.DataFrame, expected: pd.DataFrame, language: str) -> list[str]:
    if len(kept) != len(expected):
        return [text("kept.rows", language, table=table.name, kept=len(kept), follow=len(expected))]
    keys = [column.name for column in table.primary_key]
    kept = kept.sort_values(keys).reset_index(drop=True)
    expected = expected.sort_values(keys).reset_index(drop=True)
    differences = []
    for name in expected.columns:
        left, right = kept[name], expected[name]
        is_same = (left.isna() & right.isna()) | (left == right)
        for at in np.flatnonzero(~is_same)[:5]:
            where = ", ".join(f"{key} {expected[key][at]}" for key in keys)
            terms = {"table": table.name, "where": where, "column": name}
            differences.append(text("kept.value", language, **terms, kept=str(left[at]), follows=str(right[at])))
    return differences
