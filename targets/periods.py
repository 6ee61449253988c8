"""Accounting periods: which stretch of days an as-of date's figure accumulates over."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from targets.standing.history import WEEK
from targets.values import Basis, Campaign
from targets.working_days import WorkingDays

Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
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


def counted_since(basis: Basis, as_of: Whole, campaign: Campaign) -> Whole:
    """The first day of the counting that a figure belongs to (whole days): the campaign's, or that of a later period.

    A `day` is a figure of its own, not the beginning of a count: it belongs to the campaign's.
    """
    first = (campaign.start - EPOCH).days
    start = np.full(len(as_of), first) if basis == "day" else period_bounds(basis, as_of, campaign)[0]
    return np.maximum(start, first)


def is_young(basis: Basis, as_of: Whole, campaign: Campaign, working_days: WorkingDays) -> Bools:
    """Whether counting began anew less than a working week before a figure: too few days to hold it to a target.

    Only where it began anew within the campaign: a reset is never a fall. The campaign's own first days are judged.
    """
    since = counted_since(basis, as_of, campaign)
    return (since > (campaign.start - EPOCH).days) & (working_days.between(since - 1, as_of) < WEEK)


def _whole(days: npt.NDArray[np.datetime64]) -> Whole:
    return days.astype("datetime64[D]").astype(np.int64)
