"""Units beside one another on one indicator, and the same as “what if” looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.core.columns import day_number
from models.core.store import read_numbers
from models.meetings.snapshots import find_frozen, find_snapshots
from models.results.inputs import ORIGINS, Owed, Units, load_campaign, load_owed, load_units
from models.results.rows import DayCases, Results, first_judged
from models.results.series import load_lines
from models.results.standing import find_standing
from models.tables import StandingRow, UnitRow
from models.targets.queries import try_rule
from models.units.members import find_members
from targets.comparison.what_if import Scenario, as_it_is, counted_in
from targets.projection.outlook import Outlook, Projection
from targets.projection.pace import as_the_week_went, pace
from targets.results import Result
from targets.standing.progress import Cases
from targets.standing.splitting import COUNTS, Counts
from targets.values import Campaign

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Comparison:
    """Every unit that exists on a day, the province among them, on one indicator; arrays follow the order of `rows`.

    members   the figures that the province's sums are made of, and `in_sums` whose they are; in another scope than the
              unit's row where the pool takes it so (definitions.md, "Sums")
    own       what each unit's row says, where it is fresh
    """

    campaign: Campaign
    indicator: str
    as_of: date
    rows: tuple[Result, ...]
    parent: Whole
    province: int
    in_sums: Bools
    members: Counts
    own: Counts

    @property
    def whole(self) -> Result:
        """The province's row."""
        return self.rows[self.province]


def find_comparison(session: Session, *, as_of: date, indicator: str, phase: str | None = None) -> Comparison:
    """The units of an indicator with the figures that make up the province's.

    An ended phase that is named is looked at as it stood on the province's due date.
    Raises UnknownName for an indicator or phase.
    """
    campaign = load_campaign(session)
    rows = tuple(find_standing(session, as_of=as_of, indicator=indicator, phase=phase))
    units = load_units(session, campaign)
    at = {code: position for position, code in enumerate(units.codes)}
    of_row = np.array([at[row.unit] for row in rows], dtype=np.int64)
    province = next(position for position, row in enumerate(rows) if row.unit == campaign.province)
    column = [known.key for known in campaign.indicators].index(indicator)
    members = find_members(session, campaign, units, day=day_number(rows[province].as_of))
    place = np.full(len(units), -1, dtype=np.int64)
    place[of_row] = np.arange(len(rows))
    parent = units.on(day_number(as_of)).parent[of_row]
    return Comparison(
        campaign=campaign,
        indicator=indicator,
        as_of=as_of,
        rows=rows,
        parent=np.where(parent >= 0, place[parent], -1),
        province=province,
        in_sums=members.inside[of_row, column],
        members=Counts(**{name: getattr(members.counts, name)[of_row, column] for name in COUNTS}),
        own=_own(rows),
    )


def _own(rows: Sequence[Result]) -> Counts:
    def column(name: str) -> Floats:
        current = [getattr(row, name) if row.coverage == 1 else None for row in rows]
        return np.array([np.nan if count is None else float(count) for count in current])

    return Counts(**{name: column(name) for name in COUNTS})


@dataclass(frozen=True)
class Before:
    """What today is compared with: the units' rows on an earlier day, by code."""

    day: date
    is_meeting: bool
    """Frozen for a meeting on that day; otherwise as they stand now for the same weekday a week before."""
    rows: dict[str, Result]


def find_before(session: Session, *, as_of: date, indicator: str) -> Before:
    """The figures of the last meeting before a day; where there was none, those of a week before."""
    earlier = [head for head in find_snapshots(session) if head.as_of < as_of]
    meeting = max(earlier, key=lambda head: (head.as_of, head.id), default=None)
    if meeting is not None:
        rows = find_frozen(session, meeting.id, indicator=indicator)
        return Before(meeting.as_of, is_meeting=True, rows={row.unit: row for row in rows})
    rows = find_standing(session, as_of=as_of - WEEK, indicator=indicator)
    return Before(as_of - WEEK, is_meeting=False, rows={row.unit: row for row in rows})


def find_past_values(
    session: Session, *, indicator: str, days: Sequence[date], units: Sequence[str]
) -> dict[str, dict[date, float]]:
    """The rates of some units on some days as they stand now, by code; a day on which none was known is left out.

    Only of days whose results are kept: from the campaign's start to the last one loaded.
    """
    current = read_numbers(
        session,
        select_columns(col(StandingRow.unit_id), col(StandingRow.day), col(StandingRow.value))
        .join(UnitRow, col(UnitRow.id) == col(StandingRow.unit_id))
        .where(col(StandingRow.day).in_(days), col(StandingRow.indicator) == indicator, col(UnitRow.code).in_(units)),
    )
    known = session.connection().execute(
        select_columns(col(UnitRow.id), col(UnitRow.code)).where(col(UnitRow.code).in_(units))
    )
    codes = {identity: code for identity, code in known}  # noqa: C416 - dict() takes a result for a mapping
    dates = {day_number(day): day for day in days}
    found: dict[str, dict[date, float]] = {code: {} for code in units}
    for unit, day, value in zip(current["unit_id"], current["day"], current["value"], strict=True):
        if not np.isnan(value):
            found[codes[int(unit)]][dates[int(day)]] = float(value)
    return found


REGISTERED = ORIGINS.index("registered")


@dataclass(frozen=True)
class Stage:
    """A scenario and who is in it: codes, names and levels in the order of its elements, the campaign's own.

    pace   points per week so far, to the better, NaN where unknown
    lower_is_better   the scenario is the mirror image of what was reported (`targets.standing.direction`)
    """

    scenario: Scenario
    codes: tuple[str, ...]
    names: tuple[str, ...]
    levels: tuple[str, ...]
    pace: Floats
    lower_is_better: bool = False


@dataclass(frozen=True)
class PhaseResults:
    """Every unit in one phase, the province among them; percents in points, NaN unknown."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    province: int
    value: Floats
    target: Floats
    standing: Whole
    """Index into STANDINGS."""
    probability: Floats


def find_stage(session: Session, *, as_of: date, indicator: str) -> Stage:
    """Every unit that exists on a day, in the phase that runs for it; nothing is stored."""
    day = day_number(as_of)
    campaign = load_campaign(session)
    units = load_units(session, campaign).on(day)
    column = [known.key for known in campaign.indicators].index(indicator)
    gathered = Results.load(session, first=day, last=day).cases_on(day)
    chosen = np.flatnonzero(gathered.indicator == column)
    chosen = chosen[np.argsort(gathered.unit[chosen], kind="stable")]
    position = gathered.unit[chosen]
    outlook = _taken(gathered.outlook, chosen)
    scenario = _scenario(gathered, chosen, outlook, units, campaign, column=column)
    week_change = as_it_is(scenario).progress.week_change
    return Stage(
        scenario=scenario,
        codes=tuple(units.codes[at] for at in position.tolist()),
        names=tuple(units.names[at] for at in position.tolist()),
        levels=tuple(units.levels[at] for at in position.tolist()),
        pace=np.where(outlook.is_sound, as_the_week_went(pace(outlook.history), week_change), np.nan),
        lower_is_better=campaign.indicators[column].lower_is_better,
    )


def _scenario(
    gathered: DayCases, chosen: Whole, outlook: Outlook, units: Units, campaign: Campaign, *, column: int
) -> Scenario:
    position = gathered.unit[chosen]
    place = np.full(len(units), -1, dtype=np.int64)
    place[position] = np.arange(len(position))
    inside = counted_in(parent=units.parent, depth=units.depth, members=gathered.members, column=column)[position]
    return Scenario(
        cases=Cases(**{name: values[chosen] for name, values in vars(gathered.cases).items()}),
        outlook=outlook,
        otherwise=Projection(**{name: values[chosen] for name, values in vars(gathered.otherwise).items()}),
        counted_in=np.where(inside >= 0, place[inside], inside),
        province=_root(units, position),
        thresholds=campaign.thresholds,
    )


def _root(units: Units, position: Whole) -> int:
    return int(np.flatnonzero(units.parent[position] < 0)[0])


def _taken(outlook: Outlook, chosen: Whole) -> Outlook:
    columns: dict[str, Any] = {name: values[chosen] for name, values in vars(outlook).items() if name != "history"}
    return replace(outlook, history=outlook.history.take(chosen), **columns)


def find_phase_results(
    session: Session, *, as_of: date, indicator: str, phase: str, uplift: Decimal | None = None
) -> PhaseResults:
    """Where every unit stands in a phase, by the rows that `standing` returns; nothing is stored.

    With `uplift`, as if the rule proposed with it and the office issued that: a unit's registered target stays, and so
    does every target for which the rule has no value.
    """
    day = day_number(as_of)
    campaign = load_campaign(session)
    units = load_units(session, campaign)
    column = [known.key for known in campaign.indicators].index(indicator)
    owed = load_owed(session, campaign, units)
    if uplift is not None:
        owed = _with_uplift(session, campaign, units, owed, indicator=indicator, uplift=uplift)
    first = first_judged(campaign, phase, day)
    results = Results(
        campaign=campaign,
        units=units,
        owed=owed,
        lines=load_lines(session, campaign, units, last=day, of_day=day if first == day else None),
        first=first,
        last=day,
    )
    parts = list(results.for_phase(day, [known.key for known in campaign.phases].index(phase)))
    unit = np.concatenate([part.unit[part.indicator == column] for part in parts])
    order = np.argsort(unit, kind="stable")
    position = unit[order]

    def column_of(read: Any) -> Any:
        return np.concatenate([read(part)[part.indicator == column] for part in parts])[order]

    return PhaseResults(
        codes=tuple(units.codes[at] for at in position.tolist()),
        names=tuple(units.names[at] for at in position.tolist()),
        province=_root(units, position),
        value=column_of(lambda part: part.progress.value),
        target=column_of(lambda part: part.target),
        standing=column_of(lambda part: part.progress.standing),
        probability=column_of(lambda part: part.ahead.probability),
    )


def _with_uplift(
    session: Session, campaign: Campaign, units: Units, owed: Owed, *, indicator: str, uplift: Decimal
) -> Owed:
    known = campaign.indicator(indicator)
    column = campaign.indicators.index(known)
    phases = {phase.key: at for at, phase in enumerate(campaign.phases)}
    at = {code: position for position, code in enumerate(units.codes)}
    target = owed.target.copy()
    for tried in try_rule(session, indicator, replace(known.rule, uplift=uplift)).targets:
        place = (at[tried.unit], column, phases[tried.phase])
        if tried.tried is not None and owed.origin[place] != REGISTERED:
            target[place] = float(tried.tried)
    return replace(owed, target=target)
