"""Counts and durations: figures of their own, which are no share of anything.

A rate comes from its counts; a count of cases and an average number of days are the figure itself, judged like a
percent that was told without counts, with no ceiling. Where their figures are added up each stands as a numerator and a
denominator: counts add up; days are weighed by the cases they are the average of, and enter no sum where nobody told
how many. `kind` says of each element which it is (KINDS). Source: definitions.md, "Kinds of indicators".
"""

from typing import get_args

import numpy as np
import numpy.typing as npt

from targets.values import MeasuredIn

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
KINDS: tuple[MeasuredIn, ...] = get_args(MeasuredIn)
UNITS, COUNT, DAYS = (KINDS.index(of) for of in ("units", "count", "days"))
Figures = tuple[Floats, Floats, Floats]
"""Numerator, denominator and what was reported as the figure itself."""


def is_amount(kind: Whole) -> npt.NDArray[np.bool_]:
    """Whether it is a figure of its own."""
    return np.asarray((kind == COUNT) | (kind == DAYS))


def as_judged(numerator: Floats, denominator: Floats, reported: Floats, kind: Whole) -> Figures:
    """What was told: a count is its numerator, days are their average; how many cases it is of stays known."""
    if not is_amount(kind).any():
        return numerator, denominator, reported
    average = numerator / np.where(denominator > 0, denominator, np.nan)
    figure = np.where(kind == COUNT, numerator, np.where(np.isnan(reported), average, reported))
    return (
        np.where(is_amount(kind), np.nan, numerator),
        np.where(kind == COUNT, np.nan, denominator),
        np.where(is_amount(kind), figure, reported),
    )


def as_summands(numerator: Floats, denominator: Floats, reported: Floats, kind: Whole) -> tuple[Floats, Floats]:
    """What a judged figure adds to a sum: a count itself and one figure, days as those of all its cases together."""
    cases = np.where(kind == COUNT, np.where(np.isnan(reported), np.nan, 1.0), denominator)
    return np.where(is_amount(kind), reported * cases, numerator), cases


def of_sums(numerator: Floats, denominator: Floats, kind: Whole) -> Figures:
    """The judged figure that sums make."""
    reported = np.full(np.broadcast(numerator, kind).shape, np.nan)
    if not is_amount(kind).any():
        return numerator, denominator, reported
    average = numerator / np.where(denominator > 0, denominator, np.nan)
    figure = np.where(kind == COUNT, numerator, np.where(kind == DAYS, average, np.nan))
    return np.where(is_amount(kind), np.nan, numerator), np.where(kind == COUNT, np.nan, denominator), figure


def points_each(target: Floats, kind: Whole) -> Floats:
    """The percent that one case, or one day, is of the target: by it limits in points hold for all kinds alike.

    A target of 0 days or cases is judged by whole ones.
    """
    return np.where(is_amount(kind), 100 / np.maximum(np.abs(target), 1), 1.0)
