"""The path each unit should be on: where it begins, what is owed on a day, and its corners for charts."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from models.campaign.holidays import working_days
from models.core.columns import day_number, day_of
from models.results.current_readings import CurrentReadings
from models.results.inputs import Owed, Units
from models.results.series import LineReadings
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
        self._calendar = working_days(campaign)
        self._milestones = [
            (np.repeat(phase_due[:, phase], self._shape[1]), owed.target[:, :, phase].ravel())
            for phase in range(phase_due.shape[1])
        ]
        self._bends = self._bends_of(phase_due)

    def owed_on(self, day: int, judged: CurrentReadings, is_pooled: Bools) -> Floats:
        """What each unit owes on a day: units × indicators, points, NaN where there is no way to say.

        A day of rest asks for no more than the working day before it, unless a milestone falls on it or since: nobody
        falls behind while nobody works.
        """
        start_day, start_value = (values.ravel() for values in self._starts(day, judged, is_pooled))

        def owed(on: int) -> Floats:
            return trajectory_on(
                on,
                start_day=start_day,
                start_value=start_value,
                milestones=self._milestones,
                bends=self._bends,
                target_spans=self._owed.target_spans,
            )

        now, worked = owed(day), int(self._calendar.latest(day))
        if worked < day:
            dues = [(due > worked) & (due <= day) for due, _ in self._milestones]
            then = owed(worked)
            now = np.where(np.isnan(then) | np.logical_or.reduce(dues), now, then)
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
        days = begins[:, None, None] + time[None] * (due - begins)[:, None, None]
        return Bend(
            cases=(units[:, None] * self._shape[1] + np.array(bent)[None, :]).ravel(),
            days=days.reshape(-1, most + 2),
            done=np.broadcast_to(way[None], days.shape).reshape(-1, most + 2),
        )

    def _starts(self, day: int, judged: CurrentReadings, is_pooled: Bools) -> tuple[Floats, Floats]:
        """Where each trajectory begins: the baseline on the day before the campaign, else the first judged reading.

        Only lines that have reported by the day come in, so a later source or unit changes no earlier day.
        """
        lines = self._lines
        baseline_day = float(day_number(self._campaign.baseline_day))
        has_line = judged.line >= 0
        at = np.where(has_line, judged.line, 0)
        if lines.count:
            first_day = np.where(has_line, lines.first_day[at], np.nan)
            numerator = np.where(has_line, lines.first_numerator[at], np.nan)
            denominator = np.where(has_line, lines.first_denominator[at], np.nan)
            reported = np.where(has_line, lines.first_reported[at], np.nan)
        else:
            first_day = numerator = denominator = reported = np.full(self._shape, np.nan)
        units = self._units.on(day)
        pooled = np.flatnonzero(is_pooled.any(axis=1))
        for node in pooled[np.argsort(-units.depth[pooled], kind="stable")]:
            # A pooled unit's first value is that of the earliest day on which some unit right below it reported.
            is_reported = (units.parent == node)[:, None] & ~np.isnan(first_day)
            earliest = np.where(is_reported, first_day, np.inf).min(axis=0, initial=np.inf)
            counts = is_reported & (first_day == earliest)
            total = np.where(counts, np.nan_to_num(denominator), 0).sum(axis=0)
            right = np.where(counts, np.nan_to_num(numerator), 0).sum(axis=0)
            found = {"numerator": right, "denominator": total, "day": np.where(np.isinf(earliest), np.nan, earliest)}
            for values, of_node in zip((numerator, denominator, first_day), found.values(), strict=True):
                values[node] = np.where(is_pooled[node], of_node, values[node])
            reported[node] = np.where(is_pooled[node], np.nan, reported[node])
        first_value = rate(numerator, denominator, reported)
        has_baseline = ~np.isnan(self._owed.baseline)
        return (
            np.where(has_baseline, baseline_day, first_day),
            np.where(has_baseline, self._owed.baseline, first_value),
        )


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
    """From a place on the path through the milestones to come: the place, each knot and target, and the last day.

    `phases` have the unit's own dates, `targets` are in points by phase. What was owed before `since` is known from
    the kept rows; a path that goes on from one of its places stays the same path.
    """
    begins, dues, bends_of, corners = campaign.baseline_day, [], [], {since[0], last}
    for phase in phases:
        if phase.due is None:
            continue
        of_phase = [knot for knot in knots if knot.phase == phase.key]
        span = (phase.due - begins).days
        days = [
            day_number(begins) + span * share for share in (0.0, *(float(knot.time) / 100 for knot in of_phase), 1.0)
        ]
        done = [0.0, *(float(knot.way) / 100 for knot in of_phase), 1.0]
        dues.append((day_number(phase.due), targets.get(phase.key, float("nan"))))
        bends_of.append((days, done) if of_phase else None)
        corners |= {phase.due, *(day_of(round(day)) for day in days[1:-1] if of_phase)}
        begins = phase.due
    shown = sorted(day for day in corners if since[0] <= day <= last)
    count = len(shown)
    values = trajectory(
        day=np.array([float(day_number(day)) for day in shown]),
        start_day=np.full(count, float(day_number(since[0]))),
        start_value=np.full(count, since[1]),
        milestones=[(np.full(count, float(due)), np.full(count, target)) for due, target in dues],
        bends=[
            None
            if bend is None
            else Bend(np.arange(count), np.tile(np.array(bend[0]), (count, 1)), np.tile(np.array(bend[1]), (count, 1)))
            for bend in bends_of
        ],
    )
    return tuple((day, float(value)) for day, value in zip(shown, values, strict=True) if not np.isnan(value))


def without_rest(path: Sequence[Place], campaign: Campaign) -> list[Place]:
    """A path given day by day without the days of rest that owe what the day before did: a line needs no step there."""
    calendar = working_days(campaign)
    kept: list[Place] = []
    for day, value in path:
        if not kept or kept[-1][1] != value or calendar.is_working_day(day_number(day)):
            kept.append((day, value))
    return kept


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
