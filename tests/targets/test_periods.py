"""Accounting periods: first and last day, for every basis, at the edges of months, quarters and years."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from targets.periods import EPOCH, counted_since, is_young, period_of
from targets.working_days import WorkingDays

CAMPAIGN = SimpleNamespace(start=date(2024, 3, 4))
"""All that a period asks of a campaign."""


@pytest.mark.parametrize(
    ("basis", "when", "start", "end"),
    [
        ("campaign", "2024-03-15", "2024-03-04", "9999-12-31"),
        ("day", "2024-03-15", "2024-03-15", "2024-03-15"),
        ("month", "2024-03-15", "2024-03-01", "2024-03-31"),
        ("month", "2024-02-29", "2024-02-01", "2024-02-29"),
        ("month", "2024-12-31", "2024-12-01", "2024-12-31"),
        ("quarter", "2024-03-31", "2024-01-01", "2024-03-31"),
        ("quarter", "2024-04-01", "2024-04-01", "2024-06-30"),
        ("quarter", "2024-12-31", "2024-10-01", "2024-12-31"),
        ("year", "2024-03-15", "2024-01-01", "2024-12-31"),
    ],
)
def test_period_follows_from_the_basis_and_the_day(basis, when, start, end):
    first, last = period_of(basis, date.fromisoformat(when), CAMPAIGN)

    assert (first.isoformat(), last.isoformat()) == (start, end)


def whole(day: str) -> int:
    return (date.fromisoformat(day) - EPOCH).days


@pytest.mark.parametrize(
    ("basis", "when", "since", "young"),
    [
        ("month", "2024-03-06", "2024-03-04", False),
        ("month", "2024-03-29", "2024-03-04", False),
        ("month", "2024-04-01", "2024-04-01", True),
        ("month", "2024-04-04", "2024-04-01", True),
        ("month", "2024-04-05", "2024-04-01", False),
        ("month", "2024-06-07", "2024-06-01", False),
        ("quarter", "2024-04-02", "2024-04-01", True),
        ("campaign", "2024-04-01", "2024-03-04", False),
        ("day", "2024-04-01", "2024-03-04", False),
    ],
)
def test_counting_that_began_anew_within_the_campaign_is_young_for_a_working_week(basis, when, since, young):
    on = np.array([whole(when)])
    calendar = WorkingDays(first=whole("2024-01-01"), last=whole("2024-12-31"), holidays=())

    assert counted_since(basis, on, CAMPAIGN) == [whole(since)]
    assert is_young(basis, on, CAMPAIGN, calendar) == [young]
