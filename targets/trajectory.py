"""The path a unit should be on: through its milestones, spread over working days; what was owed stays owed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Clock = Callable[[Floats], Floats]
"""How many working days had passed by the end of a day; NaN for a day that is unknown."""


@dataclass(frozen=True)
class Bend:
    """How the way to one milestone is spread over its time, for some of the cases.

    cases   positions of the cases this is about
    worked  cases × places, growing, by the clock: the stretch's begin (the milestone before), its knots, the due date
    done    cases × places: the share of the way done by each, from 0 to 1, never falling
    """

    cases: Whole
    worked: Floats
    done: Floats


@dataclass(frozen=True)
class TargetSpan:
    """Targets that were in force until they changed, for some of the cases.

    until    the day of the change: the old path is owed up to it, this day included
    cases    positions of the cases
    target   cases × milestones, points
    """

    until: int
    cases: Whole
    target: Floats


def trajectory(
    *,
    day: Floats,
    start_day: Floats,
    start_value: Floats,
    milestones: Sequence[tuple[Floats, Floats]],
    clock: Clock,
    bends: Sequence[Bend | None] = (),
) -> Floats:
    """The value owed on a day, in points; one element per case, NaN where there is no way to say.

    Between milestones it moves by the same step each working day and rests with everybody else: a weekend or a holiday
    asks for nothing, and on the last working day before a milestone all of it is owed.

    `start_day`, `start_value`: the baseline on the day before the campaign (or the first reading); NaN where there is
    neither. `milestones`: for each phase in order its due date and target; a NaN in either leaves the phase out.
    After the last milestone its target is owed. A first reading that comes after a milestone starts on the way to the
    next one, and is not known on the days before it. `bends`, where given, has one for each milestone: a path that
    starts later than the stretch goes the rest of the way as the rest of the stretch is spread.
    """
    is_started = day >= start_day
    from_day, from_value = np.where(is_started, start_day, np.nan), np.where(is_started, start_value, np.nan)
    owed = np.where(day == from_day, from_value, np.nan)
    final_day, final_value = np.full(len(day), np.nan), np.full(len(day), np.nan)
    for position, (due, target) in enumerate(milestones):
        counts = ~np.isnan(due) & ~np.isnan(target)
        with np.errstate(invalid="ignore", divide="ignore"):
            on_the_way = counts & (day > from_day) & (day <= due)
            since, now, until = clock(from_day), clock(day), clock(due)
            # Where nobody works in between, nothing is owed before the milestone's own day.
            done = np.where(until > since, (now - since) / (until - since), 0.0)
            bend = bends[position] if bends else None
            if bend is not None:
                done[bend.cases] = _done(bend, since[bend.cases], now[bend.cases])
            owed = np.where(on_the_way, from_value + (target - from_value) * done, owed)
        owed = np.where(counts & (day == due), target, owed)
        is_passed = counts & ~(due < from_day)
        from_day, from_value = np.where(is_passed, due, from_day), np.where(is_passed, target, from_value)
        final_day, final_value = np.where(counts, due, final_day), np.where(counts, target, final_value)
    return np.where(np.isnan(final_day), np.nan, np.where(day > final_day, final_value, owed))


def _done(bend: Bend, since: Floats, until: Floats) -> Floats:
    """The share of the way from one moment of a stretch to its end that is done by another one, by the clock."""
    begun, now = _share(bend, since), _share(bend, until)
    return np.where(begun < 1, (now - begun) / np.where(begun < 1, 1 - begun, 1.0), 1.0)


def _share(bend: Bend, worked: Floats) -> Floats:
    result = np.zeros(len(worked))
    for place in range(1, bend.done.shape[1]):
        since, until = bend.worked[:, place - 1], bend.worked[:, place]
        part = np.clip((worked - since) / np.where(until > since, until - since, np.nan), 0.0, 1.0)
        result += np.where(np.isnan(part), 0.0, part) * (bend.done[:, place] - bend.done[:, place - 1])
    return result


def trajectory_on(
    day: int,
    *,
    start_day: Floats,
    start_value: Floats,
    milestones: Sequence[tuple[Floats, Floats]],
    clock: Clock,
    bends: Sequence[Bend | None] = (),
    target_spans: Sequence[TargetSpan] = (),
) -> Floats:
    """The value owed on one day by every case, also by those whose targets were changed on the way; points.

    Up to the day of a change the old path is owed, that day included; from there the way leads on to the new targets.
    So nobody is behind all at once because a target was raised. `target_spans` are sorted by their day; a change before
    the path begins has no old path. Source: definitions.md, "Numbers of a row".
    """
    start_day, start_value = start_day.copy(), start_value.copy()
    targets = [target.copy() for _, target in milestones]
    for span in reversed(target_spans):
        if span.until > day:
            for position, target in enumerate(targets):
                target[span.cases] = span.target[:, position]
    for span in target_spans:
        if span.until > day:
            break
        at = span.cases
        until = np.full(len(at), float(span.until))
        turned = trajectory(
            day=until,
            start_day=start_day[at],
            start_value=start_value[at],
            milestones=[(due[at], span.target[:, position]) for position, (due, _) in enumerate(milestones)],
            clock=clock,
            bends=[_of(bend, at, len(start_day)) for bend in bends],
        )
        is_turned = ~np.isnan(turned) & (until > start_day[at])
        start_day[at] = np.where(is_turned, until, start_day[at])
        start_value[at] = np.where(is_turned, turned, start_value[at])
    return trajectory(
        day=np.full(len(start_day), float(day)),
        start_day=start_day,
        start_value=start_value,
        milestones=[(due, target) for (due, _), target in zip(milestones, targets, strict=True)],
        clock=clock,
        bends=bends,
    )


def _of(bend: Bend | None, cases: Whole, count: int) -> Bend | None:
    """A bend as it concerns some cases, which are then counted from 0."""
    if bend is None:
        return None
    row = np.full(count, -1, dtype=np.int64)
    row[bend.cases] = np.arange(len(bend.cases))
    found = row[cases]
    inside = np.flatnonzero(found >= 0)
    return Bend(inside, bend.worked[found[inside]], bend.done[found[inside]])
