"""Lower is better: a figure and its mirror image.

Of some rates the lower figure is the better one: dossiers overdue, citizens who complain. Such a rate is judged as its
mirror image, the share of the cases that are as they should be: 41.6 % overdue against 2 % is 58.4 % in time against
98 %. Days and cases that should be few are mirrored at 0: less of them is more of their negative. So whatever `targets`
decides is written once, for figures that should rise; what goes in is mirrored here before, and what comes out after.
`whole` says of each element what a figure and its mirror image add up to: 100 or 0, NaN where a higher figure is the
better one and nothing is mirrored. Source: definitions.md, "Direction".
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from targets.projection.outlook import Projection
from targets.results import DECIMALS
from targets.standing.history import History
from targets.standing.progress import Cases, Progress, rate
from targets.values import MIRRORED

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
FULL = 100.0


def wholes(is_down: Bools, is_amount: Bools) -> Floats:
    """The `whole` of each element."""
    return np.where(is_down, np.where(is_amount, 0.0, FULL), np.nan)


def mirrored(figures: Floats, whole: Floats) -> Floats:
    """The whole less the figure where lower is better; the noise of the subtraction is taken off."""
    return np.where(np.isnan(whole), figures, np.round(whole - figures, DECIMALS))


def mirrored_counts(numerator: Floats, denominator: Floats, whole: Floats) -> Floats:
    """The cases that are not in the numerator where lower is better; a numerator alone stays what it is.

    What sums of days and of counts have for a numerator is mirrored as they are.
    """
    cases = np.where(whole == FULL, denominator, 0.0)
    return np.where(np.isnan(whole) | np.isnan(denominator), numerator, cases - numerator)


def mirrored_ends(reported: Floats, high: Floats, whole: Floats) -> tuple[Floats, Floats]:
    """A percent and, of a range, its high end: mirrored, the high end is the low one."""
    is_down, low = ~np.isnan(whole), np.where(np.isnan(high), reported, high)
    return mirrored(np.where(is_down, low, reported), whole), mirrored(
        np.where(is_down & ~np.isnan(high), reported, high), whole
    )


def mirrored_cases(cases: Cases, whole: Floats) -> Cases:
    """What is known of each case, as `targets.standing.progress` judges it; twice is as it was.

    `ceiling` holds the best figure there can be, whichever end of the scale that is.
    """
    if np.isnan(whole).all():
        return cases
    reported, high = mirrored_ends(cases.reported, cases.high, whole)
    return replace(
        cases,
        numerator=mirrored_counts(cases.numerator, cases.denominator, whole),
        week_numerator=mirrored_counts(cases.week_numerator, cases.week_denominator, whole),
        reported=reported,
        high=high,
        qualifier=np.where(~np.isnan(whole), MIRRORED[cases.qualifier], cases.qualifier),
        before=mirrored(cases.before, whole),
        target=mirrored(cases.target, whole),
        trajectory=mirrored(cases.trajectory, whole),
        ceiling=mirrored(cases.ceiling, whole),
    )


def mirrored_history(history: History, whole: Floats) -> History:
    """What had been reported on the looks back: cases × looks."""
    whole = whole[:, None]
    return replace(
        history,
        numerator=mirrored_counts(history.numerator, history.denominator, whole),
        reported=mirrored(history.reported, whole),
    )


def as_reported(progress: Progress, cases: Cases, whole: Floats) -> Progress:
    """What was decided of mirrored cases, in the figures of those who reported them; `cases` are as reported.

    What says how far and which way stays: `gap` is what is short of the target, `ahead` what is better than the path,
    counts of cases are how many are wrong. `share_needed` becomes the share that may be so at most, and the change
    of a week is that of the figure itself.
    """
    if np.isnan(whole).all():
        return progress
    is_down = ~np.isnan(whole)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = rate(cases.numerator, cases.denominator, cases.reported)
    return replace(
        progress,
        value=np.where(is_down, value, progress.value),
        week_change=np.where(is_down, -progress.week_change, progress.week_change),
        share_needed=mirrored(progress.share_needed, whole),
        attainable=mirrored(progress.attainable, whole),
        week_value=mirrored(progress.week_value, whole),
    )


def projection_as_reported(ahead: Projection, whole: Floats) -> Projection:
    """A projection of mirrored cases in the figures of those who reported them: low stays below high."""
    if np.isnan(whole).all():
        return ahead
    is_down = ~np.isnan(whole)
    return replace(
        ahead,
        projection=mirrored(ahead.projection, whole),
        low=np.where(is_down, mirrored(ahead.high, whole), ahead.low),
        high=np.where(is_down, mirrored(ahead.low, whole), ahead.high),
    )
