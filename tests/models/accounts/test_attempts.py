"""How guessing is slowed down: the rule as a table, and whom a count is held against."""

from datetime import UTC, datetime, timedelta

import pytest

from models.accounts.attempts import (
    FORGOTTEN_AFTER,
    LONGEST_WAIT,
    account_key,
    address_key,
    browser_key,
    is_forgotten,
    pair_key,
    wait_after,
)

# After so many wrong passwords, of which so many are free, the next waits so many seconds.
WAITS = """
    failures | free | seconds
    0        | 5    | 0
    4        | 5    | 0
    5        | 5    | 2
    6        | 5    | 4
    9        | 5    | 32
    10       | 5    | 60
    1000000  | 5    | 60
    1        | 1    | 2
    29       | 30   | 0
    30       | 30   | 2
"""


@pytest.mark.parametrize(
    ("failures", "free", "seconds"),
    [[int(cell) for cell in line.split("|")] for line in WAITS.strip().splitlines()[1:]],
)
def test_wait_grows_and_never_passes_a_minute(failures, free, seconds):
    assert wait_after(failures, free=free) == timedelta(seconds=seconds)
    assert timedelta(seconds=60) == LONGEST_WAIT


def test_counts_are_forgotten_after_a_day():
    last = datetime(2026, 3, 2, tzinfo=UTC)

    assert not is_forgotten(last, last + FORGOTTEN_AFTER - timedelta(seconds=1))
    assert is_forgotten(last, last + FORGOTTEN_AFTER)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("203.0.113.5", "203.0.113.6", False),
        ("203.0.113.5", "::ffff:203.0.113.5", True),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("testclient", "", True),
    ],
)
def test_address_stands_for_whoever_can_choose_it(one, other, is_same):
    assert (address_key(one) == address_key(other)) is is_same


def test_keys_never_hold_what_was_typed_as_a_name():
    typed = "my secret password"

    keys = account_key(typed), pair_key(typed, "203.0.113.5"), browser_key("hash", typed)

    assert not [key for key in keys if "secret" in key]
    assert len(set(keys)) == 3
