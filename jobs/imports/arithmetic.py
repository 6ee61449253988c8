"""What columns of numbers show of each other: a rate of two counts, a whole and its parts."""

import numpy as np

from jobs.imports.window import HIGHEST, Looked
from targets.figures import DECIMALS_COMPARED

NOISE = 1e-9


def rate_fit(numerator: Looked, denominator: Looked, rate: Looked) -> tuple[float, float]:
    """In which share of the rows a column is the percent that two counts give, to a unit of its last decimal; and the
    chance that columns which have nothing to do with each other agree so well.

    A row tells nothing where there are no cases, where all or none of them count, or where there are a hundred.
    """
    n, d, r = numerator.count, denominator.count, rate.percent
    with np.errstate(divide="ignore", invalid="ignore"):
        away = np.abs(100 * n / d - r)
    told = ~np.isnan(away) & (d > 0)
    if not told.any():
        return 0.0, 1.0
    unit = 10.0 ** -np.minimum(rate.decimals, DECIMALS_COMPARED)
    fits = told & (away <= unit + NOISE)
    telling = fits & (n > 0) & (n < d) & (d != HIGHEST)
    return float(fits.sum() / told.sum()), float(np.prod(unit[telling] / HIGHEST))


def is_sum(whole: Looked, one: Looked, other: Looked) -> bool:
    """Whether two columns add up to a third in every row, one of them where neither is 0. Parts of 100 tell nothing."""
    w, a, b = whole.count, one.count, other.count
    told = ~np.isnan(w + a + b)
    return bool(
        told.any() and (a + b == w)[told].all() and (told & (a > 0) & (b > 0)).any() and (w[told] != HIGHEST).any()
    )


def is_within(numerator: Looked, denominator: Looked) -> bool:
    """Whether a count is no larger than another one in every row that tells both."""
    told = ~np.isnan(numerator.count + denominator.count)
    return bool(told.any() and (numerator.count <= denominator.count)[told].all())
