"""The courses of a group: all units of a level as if they were one.

Their counts are added up and their targets and paths weighed by their cases of today, so the group arrives exactly when
its units together owe nothing. The projection is the one of `targets.projection`, over the same looks back, with
today's units on each of them; units that tell a percent alone, or nothing fresh, are left out and counted.
"""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date

import numpy as np
import numpy.typing as npt
from sqlmodel import Session

from models.audit import find_state
from models.columns import day_number, day_of
from models.inputs import Owed, load_campaign, load_owed, load_units
from models.queries.courses import (
    Course,
    Courses,
    Milestone,
    counted_days,
    ends_before_due,
    knot_days,
    path_of,
    shown_phase,
)
from models.queries.group_rows import GroupRows, Looks, Rows
from models.queries.paths import Place
from targets.errors import UnknownName
from targets.outlook import Outlook, Projection, unknown
from targets.pace import as_the_week_went, needed_pace, pace
from targets.periods import OPEN_END, is_young, period_bounds
from targets.pooling import is_thin
from targets.progress import BY_WORDS, SHORTFALLS, Cases, assess, expected_cases
from targets.projection import project
from targets.results import Result
from targets.values import STANDINGS

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
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
        is_in = (now["coverage"] == 1) & ~np.isnan(now["numerator"]) & ~np.isnan(now["denominator"])
        cases = np.where(is_in, np.nan_to_num(now["denominator"]), 0.0)
        looks = self.look_back(at, now, is_in)
        targets = owed.target[self.members, at, :]
        owed_by_phase = [_weighed(targets[:, phase], cases) for phase in range(targets.shape[1])]
        baseline = _weighed(owed.baseline[self.members, at], cases)
        result = self._result(
            at,
            now,
            is_in,
            looks,
            target=owed_by_phase[self.phase_at],
            trajectory=_weighed(now["trajectory"], cases),
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
        told = [day.day for day in days if day.reading_as_of == day.day]
        path, knots = self._path(at, cases, milestones, baseline=baseline, now=result.trajectory)
        return Course(
            result=result,
            days=days,
            milestones=milestones,
            path=path,
            knots=knots,
            changes=(),
            counted_days=counted_days(result, told[0] if told else None, self.campaign),
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
        fields_of = {
            "numerator": added("numerator", is_in), "denominator": added("denominator", is_in), "reported": np.nan,
            "week_numerator": added("week_numerator", has_week),
            "week_denominator": added("week_denominator", has_week), "before": np.nan,
            "daily_cases": np.nan if looks is None else looks.daily_cases,
            "days_left": np.nan if self.due is None or end < self.due else 0.0 if is_over else left,
            "target": target, "trajectory": trajectory, "ceiling": float(indicator.ceiling),
            "chance": np.nan, "trust": np.nan,
        }  # fmt: skip
        told = ~np.isnan(now["reading_as_of"])
        cases_in, usual = added("denominator", is_in), added("denominator", ~np.isnan(now["denominator"]))
        thin = is_thin(
            counted=is_in.sum(), expected=np.array(len(is_in)), cases=np.array(cases_in), usual=np.array(usual),
            least=self.campaign.least_coverage,
        )  # fmt: skip
        young = is_young(indicator.basis, np.array([newest]), self.campaign, self.calendar)[0] and not is_over
        flags = {
            "is_bound": False, "is_open_below": False, "has_reading": bool(told.any()),
            "is_over": is_over, "starts_anew": end < (OPEN_END if self.due is None else self.due),
            "is_arriving": indicator.arriving,
            "is_stale": bool(told.any() and not (now["coverage"] == 1).any()), "is_thin": bool(thin or young),
        }  # fmt: skip
        known = {field.name for field in fields(Cases)}
        arrays = {name: np.array([value]) for name, value in {**fields_of, **flags}.items() if name in known}
        shortfall = np.array([SHORTFALLS.index(indicator.shortfall)], dtype=np.int64)
        cases = Cases(**arrays, shortfall=shortfall)
        ahead = _projected(cases, looks)
        progress = assess(_with(cases, ahead), self.campaign.thresholds)
        week = needed_pace(progress.gap, np.array([0.0 if is_over else left]))
        moved = np.array([np.nan]) if looks is None else as_the_week_went(pace(looks.history), progress.week_change)

        def first(values: npt.NDArray[np.generic]) -> float | None:
            return _known(float(values[0]))

        def whole(values: npt.NDArray[np.generic]) -> int | None:
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
            numerator=whole(cases.numerator),
            denominator=whole(cases.denominator),
            baseline=_known(baseline),
            target=_known(target),
            gap=first(progress.gap),
            cases_missing=whole(progress.cases_missing),
            cases_needed=whole(progress.cases_needed),
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
            reading_as_of=day_of(int(np.nanmax(now["reading_as_of"]))) if told.any() else None,
            origin=None if np.isnan(target) else "proposed" if is_proposed else "issued",
            expected_cases=whole(progress.expected_cases),
            week_numerator=whole(cases.week_numerator),
            week_denominator=whole(cases.week_denominator),
            week_change=first(progress.week_change),
            simulated=simulated,
        )

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
        owed = [(day_of(day), _weighed(rows["trajectory"][place], cases)) for place, day in enumerate(days)]
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


def _projected(cases: Cases, looks: Looks | None) -> Projection:
    if looks is None:
        return unknown(1)
    return project(
        Outlook(
            history=looks.history,
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
