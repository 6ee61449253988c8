"""What a measurement says does not depend on who takes it, and nothing is accepted without a floor."""

import subprocess

import pytest

from tests.bench.measuring import Measured, run_alone

MIB = 2**20
NOTHING = ["-c", "pass"]


def holding(size: int) -> list[str]:
    """A program that holds so many bytes, each of them written."""
    return ["-c", f"held = b'x' * {size}"]


def test_peak_is_the_same_whatever_the_measuring_process_holds():
    before = run_alone(NOTHING).peak

    held = b"x" * (300 * MIB)
    after = run_alone(NOTHING).peak

    assert len(held) == 300 * MIB
    assert after == pytest.approx(before, abs=4 * MIB)


def test_peak_counts_what_the_process_held():
    grown = run_alone(holding(100 * MIB)).peak - run_alone(NOTHING).peak

    assert grown == pytest.approx(100 * MIB, abs=4 * MIB)


def test_process_that_fails_is_not_measured():
    with pytest.raises(subprocess.CalledProcessError, match="status 3"):
        run_alone(["-c", "raise SystemExit(3)"])


def test_process_may_end_as_it_is_accepted():
    assert run_alone(["-c", "raise SystemExit(3)"], accepted=(0, 3)).seconds > 0


def test_ratio_is_not_accepted_without_a_floor():
    with pytest.raises(ValueError, match="no floor"):
        Measured("import", 1.0, most=4)


@pytest.mark.parametrize(
    ("row", "is_accepted"),
    [
        (Measured("import", 4.0, floor=1.0, most=4), True),
        (Measured("import", 4.1, floor=1.0, most=4), False),
        (Measured("pack", 21.0, most_seconds=20), False),
        (Measured("pack", 19.0, peak=500, most_peak=400), False),
        (Measured("pack", 19.0, floor=1.0, peak=500, most_seconds=20, most_peak=500), True),
        (Measured("floor", 19.0), True),
    ],
)
def test_row_is_accepted_up_to_its_limits(row, is_accepted):
    assert row.is_accepted is is_accepted
