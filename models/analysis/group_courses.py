"""The kept rows of a group's units, and what they add up to on the days that a projection looks back to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np
import numpy.typing as npt
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.analysis.courses import (
    Course,
    Courses,
    Milestone,
    counted_days,
    ends_before_due,
    path_of,
    shown_phase,
)
from models.campaign.holidays import working_days
from models.core.audit import find_state
from models.core.columns import day_number, day_of
from models.core.store import read_numbers
from models.results.inputs import Owed, Units, kinds, load_campaign, load_owed, load_units, wholes_of
from models.results.kept import standing_columns
from models.results.paths import Place, knot_days
from models.results.rows import Results
from models.results.standing import is_kept
from models.tables import DailySum, StandingRow
from models.units.queries import PastDay
from targets.errors import UnknownName
from targets.periods import OPEN_END, is_young, period_bounds
from targets.projection.outlook import Outlook, Projection, unknown
from targets.projection.pace import as_the_week_went, needed_pace, pace
from targets.projection.projection import project
from targets.results import Result
from targets.standing.amounts import DAYS, UNITS, as_summands, is_amount, of_sums, points_each
from targets.standing.direction import as_reported, mirrored_cases, mirrored_history, projection_as_reported
from targets.standing.history import LOOKS, History
from targets.standing.pooling import is_thin
from targets.standing.progress import BY_WORDS, SHORTFALLS, Cases, assess, expected_cases, rate
from targets.values import STANDINGS, Campaign, Phase

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
COLUMNS = (
    "numerator", "denominator", "is_bound", "coverage", "reading_as_of", "trajectory", "week_numerator",
    "week_denominator", "week_change", "value",
)  # fmt: skip
Rows = dict[str, Floats]
"""Columns of the group's units: days × units, NaN where there is no row."""


@dataclass(frozen=True)
class Looks:
    """What the group had reported on the looks back, and what it says of the days to come."""

    history: History
    daily_cases: float
    newest: int


class GroupRows:
    """The units of a level on the day they are judged, and before; everything vectorised over them."""

    def __init__(
        self, session: Session, campaign: Campaign, units: Units, *, level: str, as_of: date, phase: Phase
    ) -> None:
        self.session, self.campaign, self.units, self.level, self.phase = session, campaign, units, level, phase
        self.calendar, self.kind = working_days(campaign), kinds(campaign)
        self.as_of = day_number(as_of)
        self.due = None if phase.due is None else day_number(phase.due)
        self.day = self.as_of if self.due is None else min(self.as_of, self.due)
        self.members: Whole = np.flatnonzero(
            (np.array(units.levels, dtype=object) == level) & units.expected_on(self.day)
        )
        self.before, self.heirs = self._ended()
        self.phase_at = [known.key for known in campaign.phases].index(phase.key)
        is_kept_day = is_kept(session, campaign, day_of(self.day))
        self._computed = None if is_kept_day else _computed(session, self.day)

    def _ended(self) -> tuple[Whole, Whole]:
        """Units of the level that have ended and whose past is a member's now, and the place of that member."""
        place = {unit: at for at, unit in enumerate(self.members.tolist())}
        for ending in reversed([each for each in self.units.endings if each.day <= self.day]):
            if ending.to in place and self.units.levels[ending.unit] == self.level:
                place.setdefault(ending.unit, place[ending.to])
        ended = np.array(list(place.items())[len(self.members) :], dtype=np.int64).reshape(-1, 2)
        return ended[:, 0], ended[:, 1]

    def rows(
        self,
        indicator: str,
        days: Collection[int],
        *,
        columns: Sequence[str] = COLUMNS,
        of: Whole | None = None,
    ) -> tuple[list[int], Rows]:
        """The kept rows of the group, or of some units, on some days; days that are not kept are empty.

        All units' rows of a day lie together: reading them and leaving some out is faster than asking whose they are.
        """
        ordered = sorted(set(days))
        statement = select_columns(
            col(StandingRow.day), col(StandingRow.unit_id), *(getattr(StandingRow, name) for name in columns)
        ).where(col(StandingRow.day).in_([day_of(day) for day in ordered]), col(StandingRow.indicator) == indicator)
        current = read_numbers(self.session, statement, whole=("day", "unit_id"))
        rows: Rows = {name: np.full((len(ordered), len(self.units)), np.nan) for name in columns}
        if len(current["day"]):
            where = (np.searchsorted(ordered, current["day"]), self.units.positions(current["unit_id"]))
            for name in columns:
                rows[name][where] = current[name]
        of = self.members if of is None else of
        return ordered, {name: values[:, of] for name, values in self._added(indicator, rows).items()}

    def _added(self, indicator: str, rows: Rows) -> Rows:
        """The rows with what a count or days add to a sum for their counts."""
        kind = self.kind[[known.key for known in self.campaign.indicators].index(indicator)]
        if not is_amount(kind) or not rows.keys() >= {"denominator", "value"}:
            return rows
        counts = as_summands(rows["numerator"], rows["denominator"], rows["value"], kind)
        return rows | dict(zip(("numerator", "denominator"), counts, strict=True))

    def today(self, at: int) -> Rows:
        """Columns of the members on the day they are judged."""
        key = self.campaign.indicators[at].key
        if self._computed is None:
            _, rows = self.rows(key, [self.day])
            return {name: values[0] for name, values in rows.items()}
        found: Rows = {name: np.full(len(self.units), np.nan) for name in COLUMNS}
        is_asked = np.array([indicator == key for indicator in self._computed["indicator"]], dtype=bool)
        where = self.units.positions(np.asarray(self._computed["unit_id"])[is_asked])
        for name in COLUMNS:
            found[name][where] = np.asarray(self._computed[name], dtype=np.float64)[is_asked]
        return {name: values[self.members] for name, values in self._added(key, found).items()}

    def look_back(self, at: int, now: Rows, is_in: Bools) -> Looks | None:
        """The group's counts on the looks back, always of today's units and of those whose past is theirs.

        None where none of them has reported any.
        """
        current = now["reading_as_of"][is_in]
        if not len(current):
            return None
        indicator, newest = self.campaign.indicators[at], int(current.max())
        start = int(period_bounds(indicator.basis, np.array([newest]), self.campaign)[0][0])
        back = [newest, *(int(self.calendar.back(newest, look)) for look in LOOKS[1:])]
        window = int(self.calendar.latest(newest)) - self.campaign.volume_window_days
        columns = ("numerator", "denominator", "value", "is_bound", "reading_as_of")
        is_carried = self.kind[at] not in (DAYS, UNITS)
        before, heirs = (self.before, self.heirs) if is_carried else (self.before[:0], self.heirs[:0])
        of, was_in = np.concatenate([self.members, before]), np.concatenate([is_in, is_in[heirs]])
        days, rows = self.rows(indicator.key, [*back[1:], window], columns=columns, of=of)
        counts: dict[int, tuple[float, float]] = {}
        for position, day in enumerate(days):
            # A figure of the period before counts with nothing: there the counting began anew.
            is_counted = was_in & (rows["reading_as_of"][position] >= start) & (rows["is_bound"][position] == 0)
            counts[day] = (
                float(np.nansum(rows["numerator"][position][is_counted])),
                float(np.nansum(rows["denominator"][position][is_counted])),
            )
        counts[newest] = (float(now["numerator"][is_in].sum()), float(now["denominator"][is_in].sum()))
        since = [start - 1 if day < start else day for day in back]
        pairs = [(0.0, 0.0) if day < start else counts[day] for day in back]
        worked = np.array([[float(self.calendar.between(day, newest)) for day in since]])
        numerator, denominator, reported = of_sums(
            np.array([[pair[0] for pair in pairs]]), np.array([[pair[1] for pair in pairs]]), self.kind[at]
        )
        history = History(
            worked=worked,
            numerator=numerator,
            denominator=denominator,
            reported=reported,
            revised=np.zeros(worked.shape),
        )
        opened = max(window, start - 1)
        worked_days = int(self.calendar.between(opened, newest))
        cases = counts[newest][1] - (counts[window][1] if window >= start else 0.0)
        return Looks(history, max(cases, 0.0) / worked_days if worked_days else np.nan, newest)

    def days(self, indicator: str) -> tuple[PastDay, ...]:
        """The group's rate day by day; on a day on which no count moved, none of its units reported."""
        statement = (
            select_columns(col(DailySum.day), col(DailySum.numerator), col(DailySum.denominator), col(DailySum.counted))
            .where(
                col(DailySum.pool) == f"level:{self.level}",
                col(DailySum.indicator) == indicator,
                col(DailySum.day) <= day_of(self.as_of),
            )
            .order_by(col(DailySum.day))
        )
        found, before = [], (np.nan, np.nan)
        kind = self.kind[[known.key for known in self.campaign.indicators].index(indicator)]
        current = read_numbers(self.session, statement)
        for day, right, cases, counted in zip(*current.values(), strict=True):
            counts = (float(right), float(cases))
            value = float(rate(*of_sums(np.array(counts[0]), np.array(counts[1]), kind)))
            is_reported = counted > 0 and counts != before
            found.append(
                PastDay(
                    day=day_of(int(day)),
                    indicator=indicator,
                    value=_known(value),
                    trajectory=None,
                    standing="",
                    reading_as_of=day_of(int(day)) if is_reported else None,
                    is_fresh=bool(counted > 0),
                )
            )
            before = counts
        return tuple(found)


def _computed(session: Session, day: int) -> dict[str, npt.NDArray[np.generic]]:
    """The rows of a day that is not kept, by column."""
    results = Results.load(session, first=day, last=day)
    columns = standing_columns(results.on(day)[0], results.units, results.campaign)
    return {name: np.asarray(values) for name, values in columns.items()}


SAMPLED = 14
"""Days between two days that a group's path is worked out for: it bends only at milestones and changed targets."""


def find_group_courses(session: Session, *, level: str, as_of: date, phase: str | None = None) -> Courses:
    """The courses of all units of a level, in the phase that the campaign runs or the one named.

    Raises UnknownName for a level or phase.
    """
    campaign = load_campaign(session)
    if level not in (known.key for known in campaign.levels):
        raise UnknownName(kind="level", name=level, allowed=[known.key for known in campaign.levels])
    shown, _ = shown_phase(campaign.phases, as_of, phase)
    units = load_units(session, campaign)
    group = _Group(session, campaign, units, level=level, as_of=as_of, phase=shown)
    owed = load_owed(session, campaign, units)
    simulated = find_state(session).simulated
    return Courses(
        campaign=campaign,
        as_of=as_of,
        unit=None,
        level=level,
        name=level,
        phase=shown,
        phases=campaign.phases,
        lines=tuple(group.course(at, owed, simulated=simulated) for at in range(len(campaign.indicators))),
    )


class _Group(GroupRows):
    """What follows from the rows of a group."""

    def course(self, at: int, owed: Owed, *, simulated: bool) -> Course:
        """One indicator of the group."""
        indicator = self.campaign.indicators[at]
        now = self.today(at)
        is_in = (now["coverage"] == 1) & ~np.isnan(now["numerator"] + now["denominator"]) & (now["is_bound"] == 0)
        cases = np.where(is_in, np.nan_to_num(now["denominator"]), 0.0)
        looks = self.look_back(at, now, is_in)
        targets = owed.target[self.members, at, :]
        owed_by_phase = [self._together(at, targets[:, phase], cases) for phase in range(targets.shape[1])]
        baseline = self._together(at, owed.baseline[self.members, at], cases)
        result = self._result(
            at,
            now,
            is_in,
            looks,
            target=owed_by_phase[self.phase_at],
            trajectory=self._together(at, now["trajectory"], cases),
            baseline=baseline,
            is_proposed=self._is_proposed(owed, at, self.phase_at),
            simulated=simulated,
        )
        milestones = tuple(
            Milestone(
                phase=phase.key,
                due=phase.due,
                target=_known(owed_by_phase[number]),
                is_proposed=self._is_proposed(owed, at, number),
            )
            for number, phase in enumerate(self.campaign.phases)
            if phase.due is not None
        )
        days = self.days(indicator.key)
        current = [day.day for day in days if day.reading_as_of == day.day]
        path, knots = self._path(at, cases, milestones, baseline=baseline, now=result.trajectory)
        return Course(
            result=result,
            days=days,
            milestones=milestones,
            path=path,
            knots=knots,
            changes=(),
            counted_days=counted_days(result, current[0] if current else None, self.campaign),
            ends_before_due=ends_before_due(result, self.campaign),
            counted=int(is_in.sum()),
            expected=len(self.members),
        )

    # --- what follows from them -------------------------------------------------------------------------------------

    def _result(
        self,
        at: int,
        now: Rows,
        is_in: Bools,
        looks: Looks | None,
        *,
        target: float,
        trajectory: float,
        baseline: float,
        is_proposed: bool,
        simulated: bool,
    ) -> Result:
        indicator = self.campaign.indicators[at]
        is_over = self.due is not None and self.as_of > self.due
        has_week = is_in & ~np.isnan(now["week_numerator"]) & ~np.isnan(now["week_denominator"])

        def added(name: str, of: Bools) -> float:
            return float(now[name][of].sum()) if of.any() else np.nan

        newest = self.day if looks is None else looks.newest
        end = int(period_bounds(indicator.basis, np.array([newest]), self.campaign)[1][0])
        left = np.nan if self.due is None else float(self.calendar.between(newest, self.due))
        numerator, denominator, reported = of_sums(
            np.array(added("numerator", is_in)), np.array(added("denominator", is_in)), self.kind[at]
        )
        changes = now["week_change"][is_in & ~np.isnan(now["week_change"])]
        before = float(reported) - float(changes.sum()) if indicator.measured_in == "count" and len(changes) else np.nan
        is_rate = indicator.measure.is_rate
        fields_of = {
            "numerator": float(numerator), "denominator": float(denominator), "reported": float(reported),
            "high": np.nan, "week_numerator": added("week_numerator", has_week),
            "week_denominator": added("week_denominator", has_week), "before": before,
            "daily_cases": np.nan if looks is None else looks.daily_cases,
            "days_left": np.nan if self.due is None or end < self.due else 0.0 if is_over else left,
            "target": target, "trajectory": trajectory,
            "ceiling": float(indicator.best) if is_rate else np.nan,
            "points_each": float(points_each(np.array(target), self.kind[at])),
            "chance": np.nan, "trust": np.nan,
        }  # fmt: skip
        current = ~np.isnan(now["reading_as_of"])
        cases_in, usual = added("denominator", is_in), added("denominator", ~np.isnan(now["denominator"]))
        thin = is_thin(
            counted=is_in.sum(), expected=np.array(len(is_in)), cases=np.array(cases_in), usual=np.array(usual),
            least=self.campaign.least_coverage,
        )  # fmt: skip
        young = is_young(indicator.basis, np.array([newest]), self.campaign, self.calendar)[0] and not is_over
        flags = {
            "qualifier": 0, "has_reading": bool(current.any()),
            "is_over": is_over, "starts_anew": end < (OPEN_END if self.due is None else self.due),
            "is_arriving": indicator.arriving,
            "is_stale": bool(current.any() and not (now["coverage"] == 1).any()), "is_thin": bool(thin or young),
        }  # fmt: skip
        known = {field.name for field in fields(Cases)}
        arrays = {name: np.array([value]) for name, value in {**fields_of, **flags}.items() if name in known}
        shortfall = np.array([SHORTFALLS.index(indicator.shortfall)], dtype=np.int64)
        cases = Cases(**arrays, shortfall=shortfall)
        whole = wholes_of(self.campaign)[[at]]
        judged = mirrored_cases(cases, whole)
        history = None if looks is None else mirrored_history(looks.history, whole)
        ahead = _projected(judged, history)
        progress = assess(_with(judged, ahead), self.campaign.thresholds)
        week = needed_pace(progress.gap, np.array([0.0 if is_over else left]))
        moved = np.array([np.nan]) if history is None else as_the_week_went(pace(history), progress.week_change)
        progress, ahead = as_reported(progress, cases, whole), projection_as_reported(ahead, whole)

        def first(values: npt.NDArray[np.generic]) -> float | None:
            return _known(float(values[0]))

        def number(values: npt.NDArray[np.generic]) -> int | None:
            value = first(values)
            return None if value is None else int(value)

        return Result(
            unit="",
            name=self.level,
            level=self.level,
            indicator=indicator.key,
            phase=self.phase.key,
            as_of=day_of(self.day),
            value=first(progress.value),
            numerator=number(cases.numerator),
            denominator=number(cases.denominator),
            baseline=_known(baseline),
            target=_known(target),
            gap=first(progress.gap),
            cases_missing=number(progress.cases_missing),
            cases_needed=number(progress.cases_needed),
            share_needed=first(progress.share_needed),
            attainable=first(progress.attainable),
            week_value=first(progress.week_value),
            coverage=float(is_in.mean()) if len(is_in) else None,
            by=BY_WORDS[progress.by[0]],
            due=self.phase.due,
            trajectory=_known(trajectory),
            ahead=first(progress.ahead),
            pace=first(moved),
            needed_pace=first(week),
            projection=first(ahead.projection),
            low=first(ahead.low),
            high=first(ahead.high),
            probability=first(ahead.probability),
            standing=STANDINGS[int(progress.standing[0])],
            reading_as_of=day_of(int(np.nanmax(now["reading_as_of"]))) if current.any() else None,
            origin=None if np.isnan(target) else "proposed" if is_proposed else "issued",
            expected_cases=number(progress.expected_cases),
            week_numerator=number(cases.week_numerator),
            week_denominator=number(cases.week_denominator),
            week_change=first(progress.week_change),
            simulated=simulated,
            lower_is_better=indicator.lower_is_better,
            is_only_followed=indicator.rule.kind == "none" and np.isnan(target),
            measure=indicator.measure,
        )

    def _together(self, at: int, values: Floats, cases: Floats) -> float:
        """What the units counted owe together: of a count the sum, unknown where one of them has none."""
        if self.campaign.indicators[at].measured_in == "count":
            return float(values[cases > 0].sum()) if (cases > 0).any() else np.nan
        return _weighed(values, cases)

    def _is_proposed(self, owed: Owed, at: int, phase: int) -> bool:
        return bool((owed.origin[self.members, at, phase] == 0).any())

    def _path(
        self, at: int, cases: Floats, milestones: Sequence[Milestone], *, baseline: float, now: float | None
    ) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
        """The units' paths, weighed by today's cases: what was owed now and then, then what is owed to come."""
        indicator = self.campaign.indicators[at].key
        bending = knot_days(self.campaign, indicator, self.campaign.phases)
        first = day_number(self.campaign.start)
        named = [day_number(day) for day in (*bending, *(one.due for one in milestones))]
        sampled = [day for day in (*named, *range(first, self.day, SAMPLED)) if day < self.day]
        days, rows = self.rows(indicator, sampled, columns=("trajectory",))
        owed = [(day_of(day), self._together(at, rows["trajectory"][place], cases)) for place, day in enumerate(days)]
        owed.append((day_of(self.day), np.nan if now is None else now))
        return path_of(
            [(day, value) for day, value in owed if not np.isnan(value)],
            milestones,
            begun=None if np.isnan(baseline) else (self.campaign.baseline_day, baseline),
            campaign=self.campaign,
            indicator=indicator,
            phases=self.campaign.phases,
            last=max([self.campaign.end, day_of(self.as_of), *(one.due for one in milestones)]),
        )


def _weighed(values: Floats, cases: Floats) -> float:
    """The mean of what is known, weighed by cases; NaN where nothing is."""
    counts = ~np.isnan(values) & (cases > 0)
    total = cases[counts].sum()
    return float((values[counts] * cases[counts]).sum() / total) if total else np.nan


def _projected(cases: Cases, history: History | None) -> Projection:
    if history is None:
        return unknown(1)
    return project(
        Outlook(
            history=history,
            days_left=cases.days_left,
            expected=expected_cases(cases),
            target=cases.target,
            ceiling=cases.ceiling,
            shortfall=cases.shortfall,
            is_arriving=cases.is_arriving,
            is_sound=cases.has_reading & ~cases.is_stale & ~cases.is_thin & ~cases.is_over,
        )
    )


def _with(cases: Cases, ahead: Projection) -> Cases:
    return replace(cases, chance=ahead.chance, trust=ahead.trust)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
