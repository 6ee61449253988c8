"""Accounting periods: which stretch of days an as-of date's figure accumulates over."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from targets.values import Basis, Campaign

Whole = npt.NDArray[np.int64]
EPOCH = date(1970, 1, 1)
OPEN_END = (date(9999, 12, 31) - EPOCH).days
"""The end of a period that nothing ends: cumulative since the campaign's start."""


def period_bounds(basis: Basis, as_of: Whole, campaign: Campaign) -> tuple[Whole, Whole]:
    """First and last day of the accounting period that an as-of date lies in (whole days)."""
    days = as_of.astype("datetime64[D]")
    if basis == "campaign":
        return np.full(len(as_of), (campaign.start - EPOCH).days), np.full(len(as_of), OPEN_END)
    if basis == "day":
        return as_of, as_of
    if basis == "year":
        start = days.astype("datetime64[Y]")
        return _whole(start), _whole((start + 1).astype("datetime64[D]") - 1)
    months = days.astype("datetime64[M]")
    if basis == "quarter":
        months = months - months.astype(np.int64) % 3
        return _whole(months), _whole((months + 3).astype("datetime64[D]") - 1)
    return _whole(months), _whole((months + 1).astype("datetime64[D]") - 1)


def period_of(basis: Basis, as_of: date, campaign: Campaign) -> tuple[date, date]:
    """First and last day of the accounting period that one as-of date lies in."""
    start, end = period_bounds(basis, np.array([(as_of - EPOCH).days], dtype=np.int64), campaign)
    return EPOCH + timedelta(days=int(start[0])), EPOCH + timedelta(days=int(end[0]))


def _whole(days: npt.NDArray[np.datetime64]) -> Whole:
    return days.astype("datetime64[D]").astype(np.int64)
