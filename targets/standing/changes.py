"""Whose standing differs from that of some days ago, and why.

One element per unit and indicator, the same order at both moments. Two figures of different phases are never compared
in silence: the row then says that a new phase runs, and the ended phase keeps its own result elsewhere.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from targets.standing.progress import BY_NOTHING, STANDING_CODE

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
ABSENT = -1
"""The standing of a unit that did not exist at that moment."""
REASONS = ("stale", "reported", "phase", "target", "period", "measure", "figure", "due", "time")
"""In the order in which they are looked for: the figure became too old · came in again · a new phase runs · the target
was changed · counting began anew · a probability decides now, or no longer · the figure moved · the due date has passed
· the due date came nearer while the figure stood still."""
STALE, REPORTED, PHASE, TARGET, PERIOD, MEASURE, FIGURE, DUE, TIME = range(9)
_SILENT = tuple(STANDING_CODE[word] for word in ("no_cases", "insufficient", "stale"))
_GRADES = {"met": 5, "likely": 4, "at_risk": 3, "high_risk": 2, "unlikely": 1, "out_of_reach": 0, "missed": 0}
"""What is out of reach is as good as missed: the due date adds nothing that was not known."""


@dataclass(frozen=True)
class Moment:
    """What a change of standing is read off: arrays over unit × indicator, percents in points, NaN unknown.

    standing   index into STANDINGS, ABSENT where the unit did not exist
    phase      position of the phase the row is about
    target, value   in points;  is_over   1 where the due date has passed, else 0
    since      the first day of the counting the figure belongs to: `targets.periods.counted_since`
    by         what decided: BY_NOTHING, BY_GAP or BY_PROBABILITY of `targets.standing.progress`
    """

    standing: Whole
    phase: Whole
    target: Floats
    value: Floats
    numerator: Floats
    denominator: Floats
    is_over: Floats
    since: Floats
    by: Whole


@dataclass(frozen=True)
class Changes:
    """Rows whose standing changed: their position, the reason (index into REASONS), and which way (1 better, −1 worse,
    0 where one of the two says neither)."""

    position: Whole
    reason: Whole
    direction: Whole


def standing_changes(before: Moment, now: Moment, *, worked: Floats) -> Changes:
    """The changes of standing between two days, each with the first reason that holds.

    `worked`: working days of each row between the two days. Where none lies between and neither figure, target nor
    phase changed, nothing is a change: a holiday moves nobody. Where counting began anew nobody got better or worse.
    Rows absent at one of the moments are left out.
    Source: definitions.md, "Standing".
    """
    is_both = (before.standing != ABSENT) & (now.standing != ABSENT)
    stale = STANDING_CODE["stale"]
    became_stale = (now.standing == stale) & (before.standing != stale)
    came_in = np.isin(before.standing, _SILENT) & ~np.isin(now.standing, _SILENT)
    moved = (
        _differs(before.value, now.value)
        | _differs(before.numerator, now.numerator)
        | _differs(before.denominator, now.denominator)
    )
    reason = np.select(
        [
            became_stale,
            came_in,
            before.phase != now.phase,
            _differs(before.target, now.target),
            _differs(before.since, now.since),
            (before.by != now.by) & (before.by != BY_NOTHING) & (now.by != BY_NOTHING),
            moved,
            now.is_over > before.is_over,
        ],
        [STALE, REPORTED, PHASE, TARGET, PERIOD, MEASURE, FIGURE, DUE],
        TIME,
    ).astype(np.int64)
    is_change = is_both & (before.standing != now.standing) & ((reason != TIME) | (worked > 0))
    position = np.flatnonzero(is_change)
    direction = _direction(before.standing[position], now.standing[position])
    return Changes(position, reason[position], np.where(reason[position] == PERIOD, 0, direction))


def _differs(one: Floats, other: Floats) -> Bools:
    return np.asarray((one != other) & ~(np.isnan(one) & np.isnan(other)), dtype=np.bool_)


def _direction(before: Whole, now: Whole) -> Whole:
    grades = np.full(len(STANDING_CODE), np.nan)
    for word, grade in _GRADES.items():
        grades[STANDING_CODE[word]] = grade
    return np.asarray(np.nan_to_num(np.sign(grades[now] - grades[before])), dtype=np.int64)
