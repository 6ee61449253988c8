"""The path each unit should be on: where it begins, what is owed on a day, and its corners for charts."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from models.campaign.holidays import working_days
from models.core.columns import day_number, day_of
from models.results.current_readings import CurrentReadings
from models.results.inputs import Owed, Units, kinds
from models.results.series import LineReadings
from targets.standing.amounts import COUNT, as_summands, of_sums
from targets.standing.progress import rate
from targets.trajectory import Bend, trajectory, trajectory_on
from targets.values import Campaign, Knot, Phase

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Paths:
    """The trajectories of one loaded state of affairs."""

    def __init__(self, *, campaign: Campaign, units: Units, owed: Owed, lines: LineReadings, phase_due: Floats) -> None:
        self._campaign, self._units, self._owed, self._lines = campaign, units, owed, lines
        self._shape = (len(units), len(campaign.indicators))
        self._kind = kinds(campaign)
        self._is_of_campaign = np.array([indicator.basis == "campaign" for indicator in campaign.indicators])
        self._calendar = working_days(campaign)
        self._milestones = [
            (np.repeat(phase_due[:, phase], self._shape[1]), owed.target[:, :, phase].ravel())
            for phase in range(phase_due.shape[1])
        ]
        self._bends = self._bends_of(phase_due)

    def owed_on(self, day: int, judged: CurrentReadings, is_pooled: Bools) -> Floats:
        """What each unit owes on a day: units × indicators, points, NaN where there is no way to say."""
        start_day, start_value = (values.ravel() for values in self._starts(day, judged, is_pooled))
        now = trajectory_on(
            day,
            start_day=start_day,
            start_value=start_value,
            milestones=self._milestones,
            clock=self._calendar.clock,
            bends=self._bends,
            target_spans=self._owed.target_spans,
        )
        return now.reshape(self._shape)

    def _bends_of(self, phase_due: Floats) -> list[Bend | None]:
        """What the knots of the indicators' files make of the way to each milestone, by each unit's own dates."""
        bends: list[Bend | None] = []
        begins = np.full(len(phase_due), float(day_number(self._campaign.baseline_day)))
        for phase in self._campaign.phases:
            due = phase_due[:, len(bends)]
            bends.append(self._bend(phase.key, begins, due))
            begins = np.where(np.isnan(due), begins, due)
        return bends if any(bend is not None for bend in bends) else []

    def _bend(self, phase: str, begins: Floats, due: Floats) -> Bend | None:
        """Indicators bend at their own knots; where one has fewer knots, its due date is repeated."""
        knots = {
            position: [knot for knot in indicator.knots if knot.phase == phase]
            for position, indicator in enumerate(self._campaign.indicators)
        }
        bent = [position for position, of in knots.items() if of]
        if not bent:
            return None
        most = max(len(knots[position]) for position in bent)
        time, way = np.ones((len(bent), most + 2)), np.ones((len(bent), most + 2))
        for row, position in enumerate(bent):
            for place, knot in enumerate(knots[position], start=1):
                time[row, place], way[row, place] = float(knot.time) / 100, float(knot.way) / 100
        time[:, 0], way[:, 0] = 0.0, 0.0
        units = np.arange(len(begins))
        since, until = self._calendar.clock(begins), self._calendar.clock(due)
        worked = since[:, None, None] + time[None] * (until - since)[:, None, None]
        return Bend(
            cases=(units[:, None] * self._shape[1] + np.array(bent)[None, :]).ravel(),
            worked=worked.reshape(-1, most + 2),
            done=np.broadcast_to(way[None], worked.shape).reshape(-1, most + 2),
        )

    def _starts(self, day: int, judged: CurrentReadings, is_pooled: Bools) -> tuple[Floats, Floats]:
        """Where each trajectory begins: the baseline on the day before the campaign, else the first judged reading.

        What is counted within the campaign begins at 0 where nothing else is known. A bound is begun at as it is
        judged, by the figure written; a sum holds none.
        Only lines that have reported by the day come in, so a later source or unit changes no earlier day.
        """
        lines = self._lines
        baseline_day = float(day_number(self._campaign.baseline_day))
        has_line = judged.line >= 0
        at = np.where(has_line, judged.line, 0)
        told = (
            lines.first_day, lines.first_numerator, lines.first_denominator, lines.first_reported, lines.first_qualifier
        )  # fmt: skip
        first_day, numerator, denominator, reported, qualifier = (
            np.where(has_line, first[at], np.nan) if lines.count else np.full(self._shape, np.nan) for first in told
        )
        units = self._units.on(day)
        pooled = np.flatnonzero(is_pooled.any(axis=1))
        for node in pooled[np.argsort(-units.depth[pooled], kind="stable")]:
            # A pooled unit's first value is that of the earliest day on which some unit right below it told what may
            # be added.
            right, total = as_summands(numerator, denominator, reported, self._kind)
            is_added = (units.parent == node)[:, None] & ~np.isnan(first_day + right + total) & (qualifier == 0)
            earliest = np.where(is_added, first_day, np.inf).min(axis=0, initial=np.inf)
            counts = is_added & (first_day == earliest)
            right, total = (np.where(counts, added, 0).sum(axis=0) for added in (right, total))
            right = np.where(total > 0, right, np.nan)
            found = (
                *of_sums(right, total, self._kind),
                np.where(np.isinf(earliest), np.nan, earliest),
                np.zeros(len(earliest)),
            )
            for values, of_node in zip((numerator, denominator, reported, first_day, qualifier), found, strict=True):
                values[node] = np.where(is_pooled[node], of_node, values[node])
        first_value = rate(numerator, denominator, reported)
        begins_at_nothing = np.isnan(self._owed.baseline) & (self._kind == COUNT) & self._is_of_campaign
        baseline = np.where(begins_at_nothing, 0.0, self._owed.baseline)
        has_baseline = ~np.isnan(baseline)
        return np.where(has_baseline, baseline_day, first_day), np.where(has_baseline, baseline, first_value)


Place = tuple[date, float]
"""A day and the points owed on it."""


def path_ahead(
    campaign: Campaign,
    *,
    phases: Sequence[Phase],
    knots: Sequence[Knot],
    targets: Mapping[str, float],
    since: Place,
    last: date,
) -> tuple[Place, ...]:
    """From a place on the path, day by day, through the milestones to come to the last day.

    `phases` have the unit's own dates, `targets` are in points by phase. What was owed before `since` is known from
    the kept rows; a path that goes on from one of its places stays the same path.
    """
    calendar, bends = working_days(campaign), []
    days = np.arange(day_number(since[0]), day_number(last) + 1).astype(np.float64)
    count, milestones = len(days), []
    for stretch in _stretches(campaign, phases, knots):
        milestones.append((np.full(count, stretch.due), np.full(count, targets.get(stretch.phase, np.nan))))
        worked, done = (np.tile(np.array(of), (count, 1)) for of in (stretch.worked, stretch.done))
        bends.append(Bend(np.arange(count), worked, done) if len(stretch.done) > 2 else None)
    values = trajectory(
        day=days,
        start_day=np.full(count, days[0]),
        start_value=np.full(count, since[1]),
        milestones=milestones,
        clock=calendar.clock,
        bends=bends,
    )
    return tuple(
        (day_of(int(day)), float(value)) for day, value in zip(days, values, strict=True) if not np.isnan(value)
    )


@dataclass(frozen=True)
class _Stretch:
    """The way to one milestone: its due date, and when by the clock which share of it is done."""

    phase: str
    due: float
    worked: tuple[float, ...]
    done: tuple[float, ...]


def _stretches(campaign: Campaign, phases: Sequence[Phase], knots: Sequence[Knot]) -> list[_Stretch]:
    clock, begins, found = working_days(campaign).clock, float(day_number(campaign.baseline_day)), []
    for phase in phases:
        if phase.due is None:
            continue
        of_phase = [knot for knot in knots if knot.phase == phase.key]
        due = float(day_number(phase.due))
        since, until = clock(np.array([begins, due])).tolist()
        times = (0.0, *(float(knot.time) / 100 for knot in of_phase), 1.0)
        done = (0.0, *(float(knot.way) / 100 for knot in of_phase), 1.0)
        found.append(_Stretch(phase.key, due, tuple(since + time * (until - since) for time in times), done))
        begins = due
    return found


def knot_days(campaign: Campaign, indicator: str, phases: Sequence[Phase]) -> tuple[date, ...]:
    """The working days nearest to those on which an indicator's path bends between its milestones."""
    calendar = working_days(campaign)
    knots = [
        math.floor(worked + 0.5)
        for stretch in _stretches(campaign, phases, campaign.indicator(indicator).knots)
        for worked in stretch.worked[1:-1]
    ]
    days = calendar.latest(calendar.last_day(np.array(knots, dtype=np.int64)))
    return tuple(day_of(int(day)) for day in days)


def day_by_day(places: Sequence[Place], campaign: Campaign) -> list[Place]:
    """A path that is known on some of its days, on all of them: between two it moves with the working days."""
    if not places:
        return []
    clock = working_days(campaign).clock
    known = np.array([float(day_number(day)) for day, _ in places])
    values = np.array([value for _, value in places])
    days = np.arange(known[0], known[-1] + 1)
    before = np.searchsorted(known, days, side="right") - 1
    after = np.minimum(before + 1, len(known) - 1)
    since, now, until = clock(known[before]), clock(days), clock(known[after])
    part = np.where(until > since, (now - since) / np.where(until > since, until - since, 1.0), 0.0)
    owed = values[before] + (values[after] - values[before]) * part
    return [(day_of(int(day)), float(value)) for day, value in zip(days, owed, strict=True)]


def corners_of(path: Sequence[Place]) -> tuple[Place, ...]:
    """The places of a path given day by day at which it turns, with its first and last: the same line, fewer points."""
    kept: list[Place] = []
    for place in path:
        while len(kept) > 1 and _is_between(kept[-2], kept[-1], place):
            kept.pop()
        kept.append(place)
    return tuple(kept)


def _is_between(before: Place, place: Place, after: Place) -> bool:
    whole, part = (after[0] - before[0]).days, (place[0] - before[0]).days
    return abs(before[1] + (after[1] - before[1]) * part / whole - place[1]) < 1e-9
