"""Lower is better: a figure and its mirror image.

Of some rates the lower figure is the better one: dossiers overdue, citizens who complain. Such a rate is judged as its
mirror image, the share of the cases that are as they should be: 41.6 % overdue against 2 % is 58.4 % in time against
98 %. So whatever `targets` decides is written once, for rates that should rise; what goes in is mirrored here before,
and what comes out after. `is_down` says of each element whether it is such a rate. Source: definitions.md, "Direction".
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from targets.projection.outlook import Projection
from targets.results import DECIMALS
from targets.standing.history import History
from targets.standing.progress import Cases, Progress, rate

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def mirrored(points: Floats, is_down: Bools) -> Floats:
    """100 − points where lower is better; the noise of the subtraction is taken off."""
    return np.where(is_down, np.round(100 - points, DECIMALS), points)


def mirrored_counts(numerator: Floats, denominator: Floats, is_down: Bools) -> Floats:
    """The cases that are not in the numerator where lower is better; a numerator alone stays what it is."""
    return np.where(is_down & ~np.isnan(denominator), denominator - numerator, numerator)


def mirrored_cases(cases: Cases, is_down: Bools) -> Cases:
    """What is known of each case, as `targets.standing.progress` judges it; twice is as it was.

    `ceiling` holds the best figure there can be, whichever end of the scale that is.
    """
    if not is_down.any():
        return cases
    return replace(
        cases,
        numerator=mirrored_counts(cases.numerator, cases.denominator, is_down),
        week_numerator=mirrored_counts(cases.week_numerator, cases.week_denominator, is_down),
        reported=mirrored(cases.reported, is_down),
        before=mirrored(cases.before, is_down),
        target=mirrored(cases.target, is_down),
        trajectory=mirrored(cases.trajectory, is_down),
        ceiling=mirrored(cases.ceiling, is_down),
    )


def mirrored_history(history: History, is_down: Bools) -> History:
    """What had been reported on the looks back: cases × looks."""
    is_down = is_down[:, None]
    return replace(
        history,
        numerator=mirrored_counts(history.numerator, history.denominator, is_down),
        reported=mirrored(history.reported, is_down),
    )


def as_reported(progress: Progress, cases: Cases, is_down: Bools) -> Progress:
    """What was decided of mirrored cases, in the figures of those who reported them; `cases` are as reported.

    What says how far and which way stays: `gap` is what is short of the target, `ahead` what is better than the path,
    counts of cases are how many are wrong. `share_needed` becomes the share that may be so at most, and the change
    of a week is that of the figure itself.
    """
    if not is_down.any():
        return progress
    with np.errstate(invalid="ignore", divide="ignore"):
        value = rate(cases.numerator, cases.denominator, cases.reported)
    return replace(
        progress,
        value=np.where(is_down, value, progress.value),
        week_change=np.where(is_down, -progress.week_change, progress.week_change),
        share_needed=mirrored(progress.share_needed, is_down),
        attainable=mirrored(progress.attainable, is_down),
        week_value=mirrored(progress.week_value, is_down),
    )


def projection_as_reported(ahead: Projection, is_down: Bools) -> Projection:
    """A projection of mirrored cases in the figures of those who reported them: low stays below high."""
    if not is_down.any():
        return ahead
    return replace(
        ahead,
        projection=mirrored(ahead.projection, is_down),
        low=np.where(is_down, mirrored(ahead.high, is_down), ahead.low),
        high=np.where(is_down, mirrored(ahead.low, is_down), ahead.high),
    )
