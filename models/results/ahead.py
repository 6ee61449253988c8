"""What lies ahead of every unit on every indicator, as far as its reported figures can say.

Brings the readings of `models.results.series` before `targets.standing.history` and `targets.projection.resampling`.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from models.results.current_readings import CurrentReadings
from models.results.inputs import Units, kinds
from models.results.series import LineReadings
from targets.comparison.contribution import Members
from targets.projection.outlook import Outlook, Projection, unknown
from targets.projection.resampling import Percents, project_percents, stable_seed
from targets.standing.amounts import as_summands, is_amount, of_sums
from targets.standing.history import LOOKS, History, pool_histories
from targets.standing.snapshots import Snapshots
from targets.values import Campaign
from targets.working_days import WorkingDays

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Ahead:
    """Looks back on the lines of one loaded state of affairs, and ahead."""

    def __init__(
        self, *, campaign: Campaign, units: Units, lines: LineReadings, snapshots: Snapshots, calendar: WorkingDays
    ) -> None:
        self._units, self._lines, self._snapshots, self._calendar = units, lines, snapshots, calendar
        self._kind = kinds(campaign)
        self._keys = [indicator.key for indicator in campaign.indicators]
        self._seeds: dict[tuple[int, int], int] = {}

    def histories(self, day: int, current: dict[str, CurrentReadings], members: Members, is_pooled: Bools) -> History:
        """What every unit had reported on the looks back, units × indicators × looks; a pooled one's is a sum."""
        by_scope = self._looked_back(day, current)
        is_below, kind, units = self._units.is_below[:, None, None], self._kind[:, None], self._units.on(day)
        found = History(
            **{
                name: np.where(is_below, getattr(by_scope["below"], name), getattr(by_scope["own"], name))
                for name in History.__dataclass_fields__
            }
        )
        parts = [(_as_summands(by_scope[scope], kind), getattr(members, scope)) for scope in ("below", "own")]
        for depth in range(int(units.depth.max(initial=0)) + 1):
            nodes = np.flatnonzero((units.depth == depth) & is_pooled.any(axis=1))
            if len(nodes):
                pooled = _of_sums(pool_histories(parts, pool=units.below(nodes), pools=len(nodes)), kind)
                for name, values in vars(found).items():
                    values[nodes] = np.where(is_pooled[nodes, :, None], getattr(pooled, name), values[nodes])
        return found

    def _looked_back(self, day: int, current: dict[str, CurrentReadings]) -> dict[str, History]:
        looked = self._snapshots.look_back(np.array([day], dtype=np.int64))
        return {scope: _of_lines(looked, of_scope.line) for scope, of_scope in current.items()}

    def from_percents(
        self, day: int, outlook: Outlook, *, unit: Whole, indicator: Whole, line: Whole, row: Whole
    ) -> Projection:
        """The projection of the cases that reported percents alone; unknown for all others.

        `line` and `row` say where each case's judged figure stands among the readings.
        """
        result = unknown(len(unit))
        is_counted = ~np.isnan(outlook.history.numerator[:, 0]) & ~np.isnan(outlook.history.denominator[:, 0])
        has_percent = ~is_counted & ~np.isnan(outlook.history.reported[:, 0])
        is_root = self._units.parent[unit] < 0
        # Of counts and days nothing is drawn: what they may come to has no limit that is known.
        has_percent &= ~is_amount(self._kind[indicator])
        chosen = np.flatnonzero(outlook.is_sound & has_percent & ~is_root & ~np.isnan(outlook.days_left))
        if not len(chosen):
            return result
        readings, row = self._lines.readings, row[chosen]
        projected = project_percents(
            Percents(
                rates=self._snapshots.rates_back(line[chosen], day, days=LOOKS[-1]),
                elapsed=self._calendar.between(readings.period_start[row] - 1, readings.as_of[row]).astype(np.float64),
                days_left=outlook.days_left[chosen],
                ceiling=outlook.ceiling[chosen],
                shortfall=outlook.shortfall[chosen],
                is_arriving=outlook.is_arriving[chosen],
                is_sound=outlook.is_sound[chosen],
                seed=self._seeds_of(unit[chosen], indicator[chosen]),
            )
        )
        for name, values in vars(projected).items():
            getattr(result, name)[chosen] = values
        return result

    def _seeds_of(self, unit: Whole, indicator: Whole) -> npt.NDArray[np.uint64]:
        """Each series draws its own futures, the same ones whenever it is asked; worked out once."""
        known, codes = self._seeds, self._units.codes
        for at in zip(unit.tolist(), indicator.tolist(), strict=True):
            if at not in known:
                known[at] = stable_seed(codes[at[0]], self._keys[at[1]])
        return np.array([known[at] for at in zip(unit.tolist(), indicator.tolist(), strict=True)], dtype=np.uint64)


def _as_summands(history: History, kind: Whole) -> History:
    numerator, denominator = as_summands(history.numerator, history.denominator, history.reported, kind)
    return replace(history, numerator=numerator, denominator=denominator)


def _of_sums(history: History, kind: Whole) -> History:
    numerator, denominator, reported = of_sums(history.numerator, history.denominator, kind)
    return replace(history, numerator=numerator, denominator=denominator, reported=reported)


def _of_lines(looked: History, line: Whole) -> History:
    """The history of some lines on one day, NaN where there is no line."""
    if not len(looked):
        blank = np.full((*line.shape, len(LOOKS)), np.nan)
        return History(blank, blank, blank, blank, blank)
    taken = looked.take((np.maximum(line, 0), 0))
    for values in vars(taken).values():
        # They are copies already: a second one of each would be the largest thing a day of 11,000 units holds.
        values[line < 0] = np.nan
    return taken
