"""Where units stand: one row per unit and indicator, on any day, as known at any moment; and its words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.campaign.holidays import working_days
from models.core.audit import find_state
from models.core.columns import day_number, day_of
from models.core.store import plain_columns
from models.results.inputs import load_campaign
from models.results.kept import sql_table, standing_columns
from models.results.rows import DayResults, Results, first_judged
from models.tables import StandingRow, UnitRow
from models.tables.kept import ResultColumns
from targets.errors import UnknownName
from targets.results import Result, columns_of
from targets.values import Campaign

COPIED = tuple(ResultColumns.model_fields)
"""What a result says that is stored as it was computed."""
DAYS = tuple(name for name in columns_of(date) if name in COPIED)
WHOLE = tuple(name for name in columns_of(int) if name in COPIED)


def find_standing(
    session: Session,
    *,
    as_of: date,
    known_at: datetime | None = None,
    units: Sequence[str] | None = None,
    indicator: str | None = None,
    phase: str | None = None,
) -> list[Result]:
    """Where units stand on a day, in the campaign's order of units and indicators.

    For each unit's running phase unless one is named; an ended phase is judged on its due date. `known_at` leaves out
    whatever was recorded later. A unit that has never reported is kept: silence is a finding, not a missing row.
    Raises UnknownName for a unit, indicator or phase.
    """
    state = find_state(session)
    campaign = load_campaign(session, known_at=known_at)
    if phase is not None and phase not in (known.key for known in campaign.phases):
        raise UnknownName(kind="phase", name=phase, allowed=[known.key for known in campaign.phases])
    if units is not None:
        check_units(session, units)
    order = {known.key: position for position, known in enumerate(campaign.indicators)}
    if indicator is not None and indicator not in order:
        raise UnknownName(kind="indicator", name=indicator, allowed=list(order))
    if known_at is None and phase is None and is_kept(session, campaign, as_of):
        rows = [
            row for row in _kept(session, as_of=as_of, units=units, indicator=indicator) if row["indicator"] in order
        ]
        rows.sort(key=lambda row: (row["position"], order[row["indicator"]]))
        around = _Around(campaign)
        return [_result(row, around, is_simulated=state.simulated) for row in rows]
    day = day_number(as_of)
    first = day if phase is None else first_judged(campaign, phase, day)
    results = Results.load(session, first=first, last=day, known_at=known_at)
    if phase is None:
        parts: Iterable[DayResults] = [results.on(day)[0]]
    else:
        parts = results.for_phase(day, [known.key for known in campaign.phases].index(phase))
    found = computed(results, parts, units=units, is_simulated=state.simulated)
    return [result for result in found if indicator in (None, result.indicator)]


def is_kept(session: Session, campaign: Campaign, as_of: date) -> bool:
    """Whether the result rows of a day are kept; any other day is computed when asked."""
    kept_through = find_state(session).kept_through
    return kept_through is not None and campaign.start <= as_of <= kept_through


def check_units(session: Session, codes: Sequence[str]) -> None:
    """Raise UnknownName for a code that no unit has."""
    known = set(session.scalars(select_columns(col(UnitRow.code))))
    for code in codes:
        if code not in known:
            raise UnknownName(kind="unit", name=code)


def _kept(session: Session, *, as_of: date, units: Sequence[str] | None, indicator: str | None) -> list[dict[str, Any]]:
    statement = (
        select_columns(
            *sql_table(StandingRow).columns,
            col(UnitRow.code),
            col(UnitRow.name),
            col(UnitRow.level),
            col(UnitRow.position),
        )
        .join(UnitRow, col(UnitRow.id) == col(StandingRow.unit_id))
        .where(col(StandingRow.day) == as_of)
    )
    if units is not None:
        statement = statement.where(col(UnitRow.code).in_(units))
    if indicator is not None:
        statement = statement.where(col(StandingRow.indicator) == indicator)
    return [dict(row) for row in session.connection().execute(statement).mappings()]


def computed(
    results: Results, parts: Iterable[DayResults], *, units: Sequence[str] | None = None, is_simulated: bool
) -> list[Result]:
    """Results worked out when asked, in the campaign's order of units and indicators."""
    found: list[tuple[int, int, Result]] = []
    around = _Around(results.campaign)
    position = {int(identity): at for at, identity in enumerate(results.units.ids)}
    order = {indicator.key: at for at, indicator in enumerate(results.campaign.indicators)}
    for part in parts:
        columns = plain_columns(standing_columns(part, results.units, results.campaign))
        for values in zip(*columns.values(), strict=True):
            # NaN, the only value that differs from itself, means unknown.
            current = {name: None if value != value else value for name, value in zip(columns, values, strict=True)}
            row: dict[str, Any] = dict.fromkeys(COPIED) | current
            at = position[row["unit_id"]]
            if units is not None and results.units.codes[at] not in units:
                continue
            row |= {name: day_of(int(row[name])) for name in (*DAYS, "day") if row[name] is not None}
            row |= {"code": results.units.codes[at], "name": results.units.names[at], "level": results.units.levels[at]}
            found.append((at, order[row["indicator"]], _result(row, around, is_simulated=is_simulated)))
    return [result for _, _, result in sorted(found, key=lambda item: item[:2])]


class _Around:
    """What the campaign says around a row: its indicators, and working days between two dates, each counted once."""

    def __init__(self, campaign: Campaign) -> None:
        self.indicators = {indicator.key: indicator for indicator in campaign.indicators}
        self._calendar = working_days(campaign)
        self._known: dict[tuple[date, date], int] = {}

    def days_left(self, due: date | None, *, after: date) -> int | None:
        if due is None:
            return None
        if (after, due) not in self._known:
            self._known[after, due] = int(self._calendar.between(day_number(after), day_number(due)))
        return self._known[after, due]


def _result(row: Mapping[str, Any], around: _Around, *, is_simulated: bool) -> Result:
    copied = {name: row[name] for name in COPIED}
    copied |= {name: None if row[name] is None else int(row[name]) for name in WHOLE}
    as_of = row["day"] if row["due"] is None else min(row["day"], row["due"])
    indicator = around.indicators[row["indicator"]]
    return Result(
        unit=row["code"],
        name=row["name"],
        level=row["level"],
        indicator=row["indicator"],
        phase=row["phase"],
        as_of=as_of,
        days_left=around.days_left(row["due"], after=as_of),
        simulated=is_simulated,
        lower_is_better=indicator.lower_is_better,
        is_only_followed=indicator.rule.kind == "none" and row["target"] is None,
        measure=indicator.measure,
        **copied,
    )
