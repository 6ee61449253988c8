"""What projections were worth: how often the range held, whether "70 %" arrived seven times in ten, and whether two
plain guesses would have done as well. One element per projection that was made and whose outcome is known by now.
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from targets.standing.history import LOOKS, History

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
LEAST_CASES = 50
"""Cases below which a rate jumps by whole points: coverage is judged from here up."""
HORIZONS = (3, 7, 14, 30)
"""Days from the figure to the outcome."""
COVERAGE = (75.0, 90.0)
"""Between these percents of outcomes must lie in the 80 % range."""
CLASSES, CLASS_SIZE, APART = 5, 100, 10.0
"""Probabilities are compared by fifths; where one holds so many, what was said and what came may differ by so many
points."""
BINS = 10
ROUNDING = 0.0051
"""Points by which an outcome reported to two decimals may lie beside the range and still be in it."""
_TWO_WEEKS = LOOKS.index(10)


@dataclass(frozen=True)
class Forecasts:
    """Projections beside what came of them; points, all known, and the probabilities that were shown, else NaN.

    horizon   days from figure to outcome;  cases   denominator of the figure projected (NaN for a percent alone)
    last, line   the two plain guesses: the last value, and a straight line on from it
    """

    horizon: Whole
    cases: Floats
    projection: Floats
    low: Floats
    high: Floats
    probability: Floats
    target: Floats
    outcome: Floats
    last: Floats
    line: Floats

    def __len__(self) -> int:
        return len(self.horizon)

    def where(self, chosen: Bools) -> "Forecasts":
        """Some of them."""
        return Forecasts(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})


def joined(parts: list[Forecasts]) -> Forecasts:
    """Several sets of forecasts as one."""
    return Forecasts(
        **{field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Forecasts)}
    )


def straight_line(history: History, days_left: Floats) -> Floats:
    """The plain guess "it goes on like the last two weeks": points, between 0 and 100; the last value where unknown."""
    rates = history.rates()
    now, then, worked = rates[:, 0], rates[:, _TWO_WEEKS], history.worked[:, _TWO_WEEKS]
    daily = np.where(worked > 0, (now - then) / np.where(worked > 0, worked, 1.0), np.nan)
    return np.where(np.isnan(daily), now, np.clip(now + np.nan_to_num(daily) * days_left, 0, 100))


@dataclass(frozen=True)
class Score:
    """How a set of forecasts did. Shares in percent; width and errors in points; Brier scores between 0 (best) and 1.

    The last value and the straight line are held to the same questions: `error_*` and `brier_*`.

    told    of how many in a hundred a probability was shown; what follows is of them, None where there is none
    apart   by how many points at most what was said and what came differ, among classes with enough of them
    """

    count: int
    coverage: float
    below: float
    above: float
    width: float
    error: float
    error_last: float
    error_line: float
    told: float
    brier: float | None
    brier_last: float | None
    brier_line: float | None
    apart: float | None

    @property
    def holds(self) -> bool:
        """The range held 75 to 90 % of outcomes; probabilities shown meant what they said and beat both guesses.

        Without scores of probabilities the range alone decides.
        """
        low, high = COVERAGE
        is_range = low <= self.coverage <= high
        if self.brier is None or self.brier_last is None or self.brier_line is None or self.apart is None:
            return is_range
        return is_range and self.brier < min(self.brier_last, self.brier_line) and self.apart <= APART


def score(forecasts: Forecasts) -> Score:
    """Coverage, errors and Brier scores of some forecasts; there must be at least one.

    coverage: outcomes within low and high; below, above: outcomes beyond them (percent). error: mean distance of
    the projection from the outcome (points). Of those whose probability was shown, Brier: mean of (probability −
    arrived)², a plain guess saying 0 or 1; apart: the largest difference between what was said and what came (points)
    among fifths of probability with at least a hundred. Source: Brier 1950.
    """
    outcome = forecasts.outcome
    below, above = outcome < forecasts.low - ROUNDING, outcome > forecasts.high + ROUNDING
    told = forecasts.where(~np.isnan(forecasts.probability))
    arrived = _arrived(told.outcome, told.target)
    return Score(
        count=len(forecasts),
        coverage=100 * float((~below & ~above).mean()),
        below=100 * float(below.mean()),
        above=100 * float(above.mean()),
        width=float((forecasts.high - forecasts.low).mean()),
        error=float(np.abs(outcome - forecasts.projection).mean()),
        error_last=float(np.abs(outcome - forecasts.last).mean()),
        error_line=float(np.abs(outcome - forecasts.line).mean()),
        told=100 * len(told) / len(forecasts),
        brier=_mean((told.probability - arrived) ** 2),
        brier_last=_mean(_arrived(told.last, told.target) != arrived),
        brier_line=_mean(_arrived(told.line, told.target) != arrived),
        apart=_apart(told.probability, arrived),
    )


def _mean(values: Floats | Bools) -> float | None:
    return float(values.mean()) if len(values) else None


def _apart(probability: Floats, arrived: Bools) -> float | None:
    part = np.minimum((probability * CLASSES).astype(np.int64), CLASSES - 1)
    found = [
        100 * abs(float(probability[inside].mean() - arrived[inside].mean()))
        for number in range(CLASSES)
        if (inside := part == number).sum() >= CLASS_SIZE
    ]
    return max(found, default=None)


def _arrived(value: Floats, target: Floats) -> Bools:
    return value >= target - 1e-9


@dataclass(frozen=True)
class Bin:
    """Forecasts of about the same probability: how many there were, what they said on average, and how many of a
    hundred arrived."""

    low: float
    high: float
    count: int
    said: float
    arrived: float


def calibration(forecasts: Forecasts) -> list[Bin]:
    """Forecasts by tenths of probability, each tenth centred on its name (0.65 to 0.75 is "70 %"), empty ones left out.

    `said` and `arrived` in percent: where they agree, a probability means what it says.
    Source: definitions.md, "Pace and projection".
    """
    forecasts = forecasts.where(~np.isnan(forecasts.probability))
    edges = np.concatenate([[0.0], np.arange(0.05, 1.0, 1 / BINS), [1.0]])
    arrived = _arrived(forecasts.outcome, forecasts.target)
    bins = np.minimum(np.searchsorted(edges, forecasts.probability, side="right") - 1, len(edges) - 2)
    return [
        Bin(
            low=float(edges[number]),
            high=float(edges[number + 1]),
            count=int(inside.sum()),
            said=100 * float(forecasts.probability[inside].mean()),
            arrived=100 * float(arrived[inside].mean()),
        )
        for number in range(len(edges) - 1)
        if (inside := bins == number).any()
    ]
