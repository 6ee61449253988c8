"""Accounting periods: first and last day, for every basis, at the edges of months, quarters and years."""

from datetime import date
from types import SimpleNamespace

import pytest

from targets.periods import period_of

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
