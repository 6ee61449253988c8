"""The lines of units that others were merged into: their own readings with what the others had done by then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby

import numpy as np
import numpy.typing as npt

from models.results.inputs import Ending, Units
from targets.standing.amounts import DAYS, UNITS
from targets.standing.carrying import Left, carry_over
from targets.standing.snapshots import NOTHING, Readings

Whole = npt.NDArray[np.int64]
OWN, BELOW = 0, 1
"""Places of the scopes in the lines of a unit and indicator."""


@dataclass(frozen=True)
class CarriedLines:
    """Readings with further lines, and the lines that hold from each day of a change on."""

    readings: Readings
    line_of: Whole
    """units × indicators × scopes × (ranks of the first days, ranks from the first change on, …)."""
    changed_on: tuple[int, ...]
    like: Whole
    """Further line → the reported line whose source and patience it shares."""
    row: Whole
    """Further reading → the reported one it rests on."""


def units_carrying(units: Units, *, last: int) -> Whole:
    """The units, by position, whose whole past is looked at where others end up to a day."""
    named = {place for ending in units.endings if ending.day <= last for place in (ending.unit, ending.to)}
    ended = np.isin(units.parent, [ending.unit for ending in units.endings if ending.day <= last])
    moved = [place for _, place, former in units.moves if former in named]
    return np.array(sorted(named | set(np.flatnonzero(ended).tolist()) | set(moved)), dtype=np.int64)


def carry_lines(readings: Readings, line_of: Whole, units: Units, *, kind: Whole, last: int) -> CarriedLines:
    """Add what units left by day `last` to the lines of those they left it to.

    `kind`: what each indicator's figures are. Days are left alone, an average is of its own unit's cases; and so
    is what a unit has or has not: its successor has it or not itself.
    """
    is_carried = ~np.isin(kind, (DAYS, UNITS))
    work = _Work(readings, line_of, units, np.flatnonzero(is_carried), last)
    stages, changed_on = [line_of], []
    endings = [ending for ending in units.endings if ending.day <= last]
    for day, of_day in groupby(endings, key=lambda ending: ending.day):
        stages.append(work.after(day, list(of_day)))
        changed_on.append(day)
    like, row = np.array(work.like, dtype=np.int64), np.concatenate(work.rows) if work.rows else np.zeros(0, np.int64)
    return CarriedLines(work.readings, np.concatenate(stages, axis=3), tuple(changed_on), like, row)


class _Work:
    """Goes through the changes day by day: what was joined yesterday may end today."""

    def __init__(self, readings: Readings, line_of: Whole, units: Units, indicators: Whole, last: int) -> None:
        self.readings, self._line_of, self._units, self._last = readings, line_of, units, last
        self._indicators: list[int] = indicators.tolist()
        self._reported = int(line_of.max(initial=NOTHING)) + 1
        self.like: list[int] = []
        self.rows: list[Whole] = []
        self._behind = np.arange(len(readings))
        """The reported reading behind each: some were joined themselves."""
        self._told_daily: set[int] = set()

    def after(self, day: int, endings: Sequence[Ending]) -> Whole:
        """The lines of every unit from a day on."""
        now, tree, made = self._line_of.copy(), self._units.on(day - 1), []
        is_exact, before = self.readings.qualifier == 0, len(self.rows)
        for to in dict.fromkeys(ending.to for ending in endings):
            of_unit = [ending for ending in endings if ending.to == to]
            for indicator in self._indicators:
                for scope in (OWN, BELOW):
                    left = [part for ending in of_unit for part in self._left(ending, tree, indicator, scope)]
                    for rank, own in self._own(to, indicator, scope, left) if left else ():
                        is_rest = all(to == tree.parent[ending.unit] for ending in of_unit)
                        is_told = is_rest and (own == NOTHING or own in self._told_daily)
                        carried = carry_over(
                            self.readings,
                            own=own,
                            left=[part for _, part in left],
                            day=day,
                            is_exact=is_exact,
                            stands_until=self._last if is_told else None,
                        )
                        if not len(carried.readings):
                            continue
                        number = self._reported + len(self.like)
                        now[to, indicator, scope, rank] = number
                        like = left[0][1].line if own == NOTHING else own
                        self.like.append(like if like < self._reported else self.like[like - self._reported])
                        self.rows.append(self._behind[carried.row])
                        self._told_daily |= {number} if is_told else set()
                        made.append(replace(carried.readings, line=np.full(len(carried.row), number)))
        self.readings, self._line_of = _joined([self.readings, *made]), now
        self._behind = np.concatenate([self._behind, *self.rows[before:]])
        return now

    def _left(self, ending: Ending, tree: Units, indicator: int, scope: int) -> Iterator[tuple[int, Left]]:
        """What a unit leaves in one scope, each with the rank of its source.

        Of a figure with all below it only the unit's own part goes to one that does not tell all below, or upwards:
        the units below go on telling theirs.
        """
        share = Left(NOTHING, ending.above, ending.upto, stays=ending.counts != "continued")
        to_rest = tree.is_below[ending.unit] and (ending.to == tree.parent[ending.unit] or not tree.is_below[ending.to])
        whole = self._told(ending.unit, indicator, BELOW, ending.day)
        if to_rest and whole is not None:
            if scope == OWN:
                yield whole[0], replace(share, line=whole[1])
                for child in np.flatnonzero((tree.parent == ending.unit) & tree.expected_on(ending.day - 1)).tolist():
                    theirs = self._told(child, indicator, BELOW if tree.is_below[child] else OWN, ending.day)
                    if theirs is not None:
                        yield theirs[0], replace(share, line=theirs[1], is_taken_off=True)
        elif (own := self._told(ending.unit, indicator, scope, ending.day)) is not None:
            yield own[0], replace(share, line=own[1])

    def _told(self, unit: int, indicator: int, scope: int, day: int) -> tuple[int, int] | None:
        """The first line in the order of sources that had told anything before a day, behind its rank."""
        for rank, line in enumerate(self._line_of[unit, indicator, scope].tolist()):
            at = np.searchsorted(self.readings.line, line)
            is_there = line != NOTHING and at < len(self.readings) and self.readings.line[at] == line
            if is_there and self.readings.as_of[at] < day:
                return rank, line
        return None

    def _own(self, to: int, indicator: int, scope: int, left: Sequence[tuple[int, Left]]) -> Sequence[tuple[int, int]]:
        """The lines that are added to, behind their ranks: the unit's own, of a root what was left to it before."""
        lines = self._line_of[to, indicator, scope].tolist()
        first = 0 if self._units.parent[to] >= 0 else self._reported
        return [(rank, line) for rank, line in enumerate(lines) if line >= first] or [(left[0][0], NOTHING)]


def _joined(parts: Sequence[Readings]) -> Readings:
    return Readings(
        **{field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Readings)}
    )
