"""The path that a unit still owes, as the corners of a line: for charts."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from models.columns import day_number, day_of
from models.holidays import working_days
from targets.trajectory import Bend, trajectory
from targets.values import Campaign, Knot, Phase

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
    """A path told day by day without the days of rest that owe what the day before did: a line needs no step there."""
    calendar = working_days(campaign)
    kept: list[Place] = []
    for day, value in path:
        if not kept or kept[-1][1] != value or calendar.is_working_day(day_number(day)):
            kept.append((day, value))
    return kept


def corners_of(path: Sequence[Place]) -> tuple[Place, ...]:
    """The places of a path told day by day at which it turns, with its first and last: the same line, fewer points."""
    kept: list[Place] = []
    for place in path:
        while len(kept) > 1 and _is_between(kept[-2], kept[-1], place):
            kept.pop()
        kept.append(place)
    return tuple(kept)


def _is_between(before: Place, place: Place, after: Place) -> bool:
    whole, part = (after[0] - before[0]).days, (place[0] - before[0]).days
    return abs(before[1] + (after[1] - before[1]) * part / whole - place[1]) < 1e-9
