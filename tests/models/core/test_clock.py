"""Two clocks: business time can be held still, machine time goes on."""

from datetime import UTC, date, datetime

import pytest

from models.core import clock
from models.core.clock import business_day, business_now, machine_now
from models.core.settings import TIMEZONE, Settings

FIXED = datetime(2024, 5, 7, 8, tzinfo=TIMEZONE)
REHEARSAL = datetime(2024, 4, 1, 18, tzinfo=TIMEZONE)
SYSTEM = datetime(2030, 1, 1, 0, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _system_clock(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(clock, "machine_now", lambda: SYSTEM)


@pytest.mark.parametrize(
    ("fixed", "rehearsal", "expected"),
    [
        (FIXED, REHEARSAL, FIXED),
        (FIXED, None, FIXED),
        (None, REHEARSAL, REHEARSAL),
        (None, None, SYSTEM),
    ],
    ids=["a fixed instant goes first", "a fixed instant alone", "then the rehearsal", "then the system clock"],
)
def test_business_is_done_at(fixed, rehearsal, expected):
    now = business_now(Settings(now=fixed), rehearsal=rehearsal)

    assert now == expected


@pytest.mark.parametrize("rehearsal", [REHEARSAL, REHEARSAL.astimezone(UTC), None])
def test_business_time_is_told_in_vietnam(rehearsal):
    now = business_now(Settings(), rehearsal=rehearsal)

    assert now.tzinfo == TIMEZONE


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (datetime(2024, 5, 6, 16, 59, tzinfo=UTC), date(2024, 5, 6)),
        (datetime(2024, 5, 6, 17, 0, tzinfo=UTC), date(2024, 5, 7)),
        (datetime(2024, 5, 7, 23, 59, tzinfo=TIMEZONE), date(2024, 5, 7)),
    ],
)
def test_business_day_changes_at_midnight_in_vietnam(instant, expected):
    assert business_day(instant) == expected


def test_machine_time_goes_on_whatever_business_pretends(monkeypatch):
    monkeypatch.undo()
    before = datetime.now(UTC)

    found = machine_now()

    assert before <= found <= datetime.now(UTC)
    assert found.tzinfo is UTC
