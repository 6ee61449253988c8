"""Result rows: where every unit stands on every indicator on a day.

Brings together what is reported (readings), owed (targets) and agreed (settings), for `targets.standing.progress`.
Kept rows, questions about a past moment and days after the last load all come from here, so they cannot differ.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlmodel import Session

from models.campaign.holidays import working_days
from models.core.columns import day_number
from models.results.ahead import Ahead
from models.results.current_readings import CurrentReadings, readings_by_scope
from models.results.inputs import (
    Owed,
    Units,
    due_days,
    kinds,
    load_campaign,
    load_owed,
    load_units,
    mirrored_owed,
    wholes_of,
)
from models.results.paths import Paths
from models.results.pools import AMOUNTS, Pooled, pool_units, summed, sums_of_groups
from models.results.series import LineReadings, load_lines, mirrored_lines
from targets.comparison.contribution import Members
from targets.periods import OPEN_END, is_young
from targets.projection.outlook import Outlook, Projection
from targets.projection.pace import as_the_week_went, needed_pace, pace
from targets.projection.projection import project
from targets.standing.amounts import is_amount, of_sums, points_each
from targets.standing.direction import as_reported, mirrored, mirrored_cases, mirrored_counts, projection_as_reported
from targets.standing.history import LOOKS
from targets.standing.progress import SHORTFALLS, Cases, Progress, assess, expected_cases, told_otherwise
from targets.standing.snapshots import Snapshots, oldest_seen
from targets.values import Campaign
from targets.working_days import WorkingDays

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
FIGURE = ("numerator", "denominator", "reported")


@dataclass(frozen=True)
class DayResults:
    """All results of one day. Arrays are flat, units × indicators; only units that exist on that day."""

    day: int
    unit: Whole
    """Position in `Units`."""
    indicator: Whole
    phase: Whole
    is_over: Bools
    numerator: Floats
    denominator: Floats
    qualifier: Whole
    high: Floats
    stated: Floats
    """The percent that was told beside counts and is not theirs."""
    reading_as_of: Floats
    baseline: Floats
    target: Floats
    origin: Whole
    due: Floats
    trajectory: Floats
    week_numerator: Floats
    week_denominator: Floats
    coverage: Floats
    is_pooled: Bools
    pace: Floats
    """Points per week so far, to the better; and `needed_pace` what the rest of the way asks."""
    needed_pace: Floats
    ahead: Projection
    progress: Progress


@dataclass(frozen=True)
class DayCases:
    """What the results of one day are decided from, nothing decided yet; mirrored where a lower figure is better.

    Arrays are flat, units × indicators.
    """

    unit: Whole
    indicator: Whole
    cases: Cases
    outlook: Outlook
    otherwise: Projection
    """What follows from percents alone, where there are no counts to project."""
    due_in: Floats
    """Working days to the due date, also over the end of an accounting period."""
    members: Members
    """Which figures make up the province's."""


@dataclass(frozen=True)
class _Known:
    """What is known by a day: reported in both scopes, pooled, and each unit's judged figure."""

    day: int
    current: dict[str, CurrentReadings]
    is_expected: Bools
    pooled: Pooled
    judged: CurrentReadings


@dataclass(frozen=True)
class DayPools:
    """Sums of one day: for each pool (province, each level) arrays over indicators."""

    day: int
    pools: dict[str, dict[str, Floats]]
    """pool → numerator, denominator, counted, percent_only, expected."""


class Results:
    """Computes days from one loaded state of affairs."""

    def __init__(
        self, *, campaign: Campaign, units: Units, owed: Owed, lines: LineReadings, first: int, last: int
    ) -> None:
        """`owed` and `lines` as decided and reported; they are judged as `targets.standing.direction` mirrors them."""
        self.campaign, self.units, self.owed, self._reported = campaign, units, owed, lines
        self._whole, self._kind = wholes_of(campaign), kinds(campaign)
        self._owed = owed = mirrored_owed(owed, campaign)
        self._lines = lines = mirrored_lines(lines, campaign)
        self._working_days: WorkingDays = working_days(campaign)
        self._snapshots = Snapshots(
            lines.readings,
            lines=lines.count,
            first=first,
            last=last,
            working_days=self._working_days,
            stale_after=lines.stale_after,
            volume_window=campaign.volume_window_days,
        )
        self.phase_start, self.phase_due = due_days(campaign, units)
        self._shape = (len(units), len(campaign.indicators))
        self._is_root = units.parent < 0
        indicators = campaign.indicators
        self._arriving = np.array([indicator.arriving for indicator in indicators], dtype=bool)
        self._shortfall = np.array([SHORTFALLS.index(indicator.shortfall) for indicator in indicators], dtype=np.int64)
        best = np.array([float(indicator.best) if indicator.measure.is_rate else np.nan for indicator in indicators])
        self._ceiling = mirrored(best, self._whole)
        self._order = self._key_order()
        self._paths = Paths(campaign=campaign, units=units, owed=owed, lines=lines, phase_due=self.phase_due)
        self._ahead = Ahead(
            campaign=campaign, units=units, lines=lines, snapshots=self._snapshots, calendar=self._working_days
        )

    @classmethod
    def load(
        cls,
        session: Session,
        *,
        first: int,
        last: int,
        known_at: datetime | None = None,
        everything: bool = False,
        only: Collection[int] | None = None,
        campaign: Campaign | None = None,
    ) -> "Results":
        """Load what days `first` to `last` need.

        Only the readings these days can see, unless `everything` or a past moment is asked for: both answer the same,
        which `python -m jobs derive --check` proves. With `only`, the readings of the units with these ids alone:
        their own rows come out right, sums and other units' rows do not. `campaign`: where it is known already.
        """
        campaign = campaign or load_campaign(session, known_at=known_at)
        units = load_units(session, campaign)
        first = first_judged(campaign, campaign.phases[-1].key, first)
        is_whole = everything or known_at is not None or only is not None
        since = (
            None
            if is_whole
            else oldest_seen(
                first,
                working_days=working_days(campaign),
                stale_after=campaign.longest_fresh,
                volume_window=campaign.volume_window_days,
                looks_back=LOOKS[-1],
            )
        )
        return cls(
            campaign=campaign,
            units=units,
            owed=load_owed(session, campaign, units, known_at=known_at),
            lines=load_lines(
                session,
                campaign,
                units,
                last=last,
                since=since,
                known_at=known_at,
                only=only,
                of_day=last if first == last and not is_whole else None,
            ),
            first=first,
            last=last,
        )

    def running_phase(self, day: int) -> Whole:
        """For each unit the phase running on a day: the first whose due date has not passed, else the last."""
        due = np.where(np.isnan(self.phase_due), np.inf, self.phase_due)
        is_open = due >= day
        last = self.phase_due.shape[1] - 1
        return np.asarray(np.where(is_open.any(axis=1), is_open.argmax(axis=1), last), dtype=np.int64)

    def on(self, day: int) -> tuple[DayResults, DayPools]:
        """Every unit's running phase on a day; where the last one has ended, its result on the due date."""
        phases = self.running_phase(day)
        judged = judged_on(day, self.phase_due[np.arange(len(self.units)), phases])
        results, pools = self._evaluate(day, phases, judged == day, judged_from=day)
        ended = [
            self._evaluate(int(at), phases, (judged == at) & self.units.expected_on(day), judged_from=day)[0]
            for at in np.unique(judged[judged < day])
        ]
        return (replace(_joined([results, *ended]), day=day) if ended else results), pools

    def for_phase(self, day: int, phase: int) -> Iterable[DayResults]:
        """A named phase seen from a day: running or to come on that day, ended ones on their due date."""
        phases = np.full(len(self.units), phase, dtype=np.int64)
        judged = judged_on(day, self.phase_due[:, phase])
        for at in np.unique(judged):
            yield self._evaluate(int(at), phases, judged == at, judged_from=day)[0]

    def latest(self, day: int) -> dict[str, Floats]:
        """The newest judged reading of each unit and indicator up to a day, by column of `latest_reading`.

        As it was reported: what was carried over to a unit is no reading of its own.
        """
        held, lines = self._snapshots.held(np.array([day], dtype=np.int64)), self._lines.as_reported()
        current = readings_by_scope(lines, held, self.units, day=day, least=self.campaign.least_coverage)
        is_below = self.units.is_below[:, None]
        row = np.where(is_below, current["below"].row, current["own"].row)
        line = np.where(is_below, current["below"].line, current["own"].line)
        unit, indicator = np.nonzero(row >= 0)
        at = row[unit, indicator]
        readings = self._reported.readings
        columns: dict[str, Floats] = {
            "unit": unit.astype(np.float64),
            "indicator": indicator.astype(np.float64),
            "series_id": self._lines.series_ids[line[unit, indicator]].astype(np.float64),
            "period_start": readings.period_start[at].astype(np.float64),
            "as_of": readings.as_of[at].astype(np.float64),
            "revision": self._lines.revision[at].astype(np.float64),
            "numerator": readings.numerator[at],
            "denominator": readings.denominator[at],
            "value": readings.reported[at],
            "is_bound": (readings.qualifier[at] != 0).astype(np.float64),
        }
        return columns

    def _key_order(self) -> Whole:
        """Units × indicators, flat, in the order of the kept table's key: rows then go in at the end of its tree."""
        rank = np.argsort(np.argsort([indicator.key for indicator in self.campaign.indicators]))
        unit, indicator = (index.ravel() for index in np.indices(self._shape))
        return np.lexsort((self.units.ids[unit], rank[indicator])).astype(np.int64)

    def cases_on(self, day: int) -> DayCases:
        """What a day is judged by, every unit in its running phase, mirrored: for questions that ask what if."""
        phases = self.running_phase(day)
        return self._gather(self._known(day), phases, np.ones(len(self.units), dtype=bool), judged_from=day)

    def _evaluate(self, day: int, phase: Whole, wanted: Bools, *, judged_from: int) -> tuple[DayResults, DayPools]:
        known = self._known(day)
        gathered = self._gather(known, phase, wanted, judged_from=judged_from)
        unit, indicator, cases = gathered.unit, gathered.indicator, gathered.cases
        ahead = project(gathered.outlook).or_else(gathered.otherwise)
        progress = assess(replace(cases, chance=ahead.chance, trust=ahead.trust), self.campaign.thresholds)
        moved = as_the_week_went(pace(gathered.outlook.history), progress.week_change)
        whole = self._whole[indicator]
        reported = mirrored_cases(cases, whole)
        results = DayResults(
            day=day,
            unit=unit,
            indicator=indicator,
            phase=phase[unit],
            is_over=cases.is_over,
            numerator=reported.numerator,
            denominator=reported.denominator,
            qualifier=reported.qualifier,
            high=reported.high,
            stated=told_otherwise(reported.numerator, reported.denominator, reported.reported),
            reading_as_of=known.judged.as_of[unit, indicator],
            baseline=self.owed.baseline[unit, indicator],
            target=self.owed.target[unit, indicator, phase[unit]],
            origin=self.owed.origin[unit, indicator, phase[unit]],
            due=self.phase_due[unit, phase[unit]],
            trajectory=reported.trajectory,
            week_numerator=reported.week_numerator,
            week_denominator=reported.week_denominator,
            coverage=self._coverage(known)[unit, indicator],
            is_pooled=known.pooled.is_pooled[unit, indicator],
            pace=np.where(gathered.outlook.is_sound, moved, np.nan),
            needed_pace=needed_pace(progress.gap, gathered.due_in),
            ahead=projection_as_reported(ahead, whole),
            progress=as_reported(progress, reported, whole),
        )
        added = summed(known.current, self._kind)
        sums = sums_of_groups(self.campaign, self.units, added, known.pooled.pool, known.is_expected)
        for of_group in sums.values():
            of_group["numerator"] = mirrored_counts(of_group["numerator"], of_group["denominator"], self._whole)
        return results, DayPools(day=day, pools=sums)

    def _known(self, day: int) -> _Known:
        held = self._snapshots.held(np.array([day], dtype=np.int64))
        units = self.units.on(day)
        current = readings_by_scope(self._lines, held, units, day=day, least=self.campaign.least_coverage)
        is_expected = np.broadcast_to(units.expected_on(day)[:, None], self._shape)
        pooled = pool_units(units, summed(current, self._kind), is_expected)
        return _Known(day, current, is_expected, pooled, self._judged(current, pooled))

    def _gather(self, known: _Known, phase: Whole, wanted: Bools, *, judged_from: int) -> DayCases:
        day, judged = known.day, known.judged
        rows = np.arange(len(self.units))
        due = np.broadcast_to(self.phase_due[rows, phase][:, None], self._shape)
        # A due date in a later period: the counting starts anew before it, and today's volume says nothing of then.
        starts_anew = self._period_end(known.current, known.pooled.is_pooled) < np.where(np.isnan(due), OPEN_END, due)
        is_countable = ~np.isnan(due) & ~starts_anew
        is_over = judged_from > np.where(np.isnan(due), np.inf, due)
        due_in = np.where(is_over, 0.0, self._due_in(judged.as_of, due, day))
        target = self._owed.target[rows, :, phase]
        keep = self._order[(known.is_expected & wanted[:, None]).ravel()[self._order]]
        flat = {
            "numerator": judged.numerator,
            "denominator": judged.denominator,
            "reported": judged.reported,
            "qualifier": judged.qualifier,
            "high": judged.high,
            "has_reading": judged.row >= 0,
            "is_stale": judged.is_stale,
            "is_thin": (known.pooled.is_pooled & known.pooled.is_thin(self.campaign.least_coverage))
            | (self._is_young(judged.as_of) & ~is_over),
            "week_numerator": judged.week_numerator,
            "week_denominator": judged.week_denominator,
            "before": judged.before,
            "daily_cases": judged.daily_cases,
            "days_left": np.where(is_countable, due_in, np.nan),
            "is_over": is_over,
            "starts_anew": starts_anew,
            "target": target,
            "points_each": points_each(target, self._kind),
            "trajectory": self._paths.owed_on(day, judged, known.pooled.is_pooled),
            "ceiling": np.broadcast_to(self._ceiling, self._shape),
            "is_arriving": np.broadcast_to(self._arriving, self._shape),
            "shortfall": np.broadcast_to(self._shortfall, self._shape),
            "chance": np.full(self._shape, np.nan),
            "trust": np.full(self._shape, np.nan),
        }
        cases = Cases(**{name: values.ravel()[keep] for name, values in flat.items()})
        unit, indicator = (index.ravel()[keep] for index in np.indices(self._shape))
        outlook = Outlook(
            history=self._ahead.histories(day, known.current, known.pooled.members, known.pooled.is_pooled).take(
                (unit, indicator)
            ),
            expected=expected_cases(cases),
            is_sound=cases.has_reading & ~cases.is_stale & ~cases.is_thin & ~cases.is_bound & ~cases.is_over,
            **{name: getattr(cases, name) for name in ("days_left", "target", "ceiling", "shortfall", "is_arriving")},
        )
        otherwise = self._ahead.from_percents(
            day, outlook, unit=unit, indicator=indicator, line=judged.line.ravel()[keep], row=judged.row.ravel()[keep]
        )
        return DayCases(unit, indicator, cases, outlook, otherwise, due_in.ravel()[keep], known.pooled.members)

    def _is_young(self, current: Floats) -> Bools:
        """Figures of a period that began anew less than a week before: a reset is no fall, they are not judged yet."""
        as_of = np.nan_to_num(current).astype(np.int64)
        columns = [
            is_young(indicator.basis, as_of[:, column], self.campaign, self._working_days)
            for column, indicator in enumerate(self.campaign.indicators)
        ]
        return np.stack(columns, axis=1) & ~np.isnan(current)

    def _due_in(self, current: Floats, due: Floats, day: int) -> Floats:
        """Working days after each judged figure up to and including the due date; after the day where there is none.

        From the figure, not from the day: a day without reports brings no due date nearer. NaN: open-ended.
        """
        after = np.where(np.isnan(current), day, current).astype(np.int64)
        left = self._working_days.between(after, np.where(np.isnan(due), day, due).astype(np.int64)).astype(np.float64)
        return np.where(np.isnan(due), np.nan, left)

    def _period_end(self, current: dict[str, CurrentReadings], is_pooled: Bools) -> Floats:
        """The end of the period the judged figures belong to: new cases after it no longer count."""
        readings = self._lines.readings
        ends = np.full(self._shape, np.nan)
        for scope, of_scope in current.items():
            if len(readings):
                end = np.where(of_scope.row >= 0, readings.period_end[np.maximum(of_scope.row, 0)], np.nan)
                ends = np.where((self.units.is_below == (scope == "below"))[:, None], end, ends)
        newest = np.fmax.reduce(np.where(self._is_root[:, None], np.nan, ends), axis=0, initial=np.nan)
        return np.where(is_pooled, newest, ends)

    def _judged(self, current: dict[str, CurrentReadings], pooled: Pooled) -> CurrentReadings:
        """Each unit's figure in its default scope; the sum where it is pooled."""
        below, own, pool, is_pooled = current["below"], current["own"], pooled.pool, pooled.is_pooled
        is_below = self.units.is_below[:, None]
        values = {
            name: np.where(is_below, getattr(below, name), getattr(own, name))
            for name in CurrentReadings.__dataclass_fields__
        }
        has_pool, sums = pool.counted > 0, pool.amounts
        week = np.where(is_amount(self._kind), sums["week_numerator"], np.nan)
        of_pool = dict(zip(FIGURE, of_sums(sums["numerator"], sums["denominator"], self._kind), strict=True))
        of_pool = {name: sums[name] for name in AMOUNTS} | of_pool | {"before": of_pool["reported"] - week}
        for name, figures in of_pool.items():
            values[name] = np.where(is_pooled, np.where(has_pool, figures, np.nan), values[name])
        values["as_of"] = np.where(is_pooled, np.where(has_pool, pooled.as_of, np.nan), values["as_of"])
        values["row"] = np.where(is_pooled, np.where(has_pool, 0, -1), values["row"])
        values["is_stale"] = np.where(is_pooled, has_pool & pooled.is_carried, values["is_stale"])
        values["qualifier"] = np.where(is_pooled, 0, values["qualifier"])
        values["high"] = np.where(is_pooled, np.nan, values["high"])
        for name in ("week_numerator", "week_denominator"):
            values[name] = np.where(is_amount(self._kind), np.nan, values[name])
        return CurrentReadings(**values)

    def _coverage(self, known: _Known) -> Floats:
        """1 or 0 for a unit that answers for itself, for a sum the share of its units that are in it."""
        return np.where(known.pooled.is_pooled, known.pooled.coverage(), known.judged.is_fresh.astype(np.float64))


def first_judged(campaign: Campaign, phase: str, day: int) -> int:
    """The earliest day to be looked at for a phase: an ended one is judged on its due date, a unit's own one too."""
    dues = [known.due for known in campaign.phases if known.key == phase]
    dues += [own.due for own in campaign.unit_phases if own.phase == phase]
    return min([day, *(day_number(due) for due in dues if due is not None)])


def judged_on(day: int, due: Floats) -> Whole:
    """The day itself, or the due date that lies before it."""
    return np.where(np.isnan(due), day, np.fmin(due, day)).astype(np.int64)


def _joined(parts: list[Any]) -> Any:
    """Dataclasses of arrays as one, field by field; what is no array is taken from the first."""
    first = parts[0]
    joined: dict[str, Any] = {}
    for name in (field.name for field in fields(first)):
        values = [getattr(part, name) for part in parts]
        if isinstance(values[0], np.ndarray):
            joined[name] = np.concatenate(values)
        elif isinstance(values[0], Progress | Projection):
            joined[name] = _joined(values)
    return replace(first, **joined)
