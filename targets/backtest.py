"""What projections were worth: how often the range held, whether "70 %" arrived seven times in ten, and whether two
plain guesses would have done as well. One element per projection that was made and whose outcome is known by now.
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from targets.history import LOOKS, History

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
LEAST_CASES = 50
"""Cases below which a rate jumps by whole points: coverage is judged from here up."""
HORIZONS = (7, 14, 21)
"""Days from the figure to the outcome."""
COVERAGE = (75.0, 85.0)
"""Between these percents of outcomes must lie in the 80 % range."""
BINS = 10
ROUNDING = 0.0051
"""Points by which an outcome told to two decimals may lie beside the range and still be in it."""
_TWO_WEEKS = LOOKS.index(10)


@dataclass(frozen=True)
class Forecasts:
    """Projections beside what came of them; points and probabilities, all known.

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
    """

    count: int
    coverage: float
    below: float
    above: float
    width: float
    error: float
    error_last: float
    error_line: float
    brier: float
    brier_last: float
    brier_line: float

    @property
    def holds(self) -> bool:
        """The range held 75 to 85 % of outcomes, and both plain guesses are beaten by Brier score."""
        low, high = COVERAGE
        return low <= self.coverage <= high and self.brier < min(self.brier_last, self.brier_line)


def score(forecasts: Forecasts) -> Score:
    """Coverage, errors and Brier scores of some forecasts; there must be at least one.

    coverage: outcomes within low and high; below, above: outcomes beyond them (percent). error: mean distance of
    the projection from the outcome (points). Brier: mean of (probability − arrived)², a plain guess saying 0 or 1.
    Source: Brier 1950; issue "Will they make it", projection.
    """
    outcome, arrived = forecasts.outcome, _arrived(forecasts.outcome, forecasts.target)
    below, above = outcome < forecasts.low - ROUNDING, outcome > forecasts.high + ROUNDING
    guesses = {
        name: _arrived(values, forecasts.target)
        for name, values in (("last", forecasts.last), ("line", forecasts.line))
    }
    return Score(
        count=len(forecasts),
        coverage=100 * float((~below & ~above).mean()),
        below=100 * float(below.mean()),
        above=100 * float(above.mean()),
        width=float((forecasts.high - forecasts.low).mean()),
        error=float(np.abs(outcome - forecasts.projection).mean()),
        error_last=float(np.abs(outcome - forecasts.last).mean()),
        error_line=float(np.abs(outcome - forecasts.line).mean()),
        brier=float(((forecasts.probability - arrived) ** 2).mean()),
        brier_last=float((guesses["last"] != arrived).mean()),
        brier_line=float((guesses["line"] != arrived).mean()),
    )


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
    Source: issue "Will they make it", projection.
    """
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
