"""Signals: from the kept rows of each week, never of the province, at most a handful, nothing that was told before."""

from datetime import timedelta

import pytest

from models.analysis.signals import find_signals
from targets.comparison.signals import HANDFUL
from tests.models.conftest import Small, day, on_each_engine, small_campaign, small_files, with_indicator

WEEKS = ("8/3", "15/3", "22/3", "29/3", "5/4", "12/4")


def tell_weekly(small: Small, unit: str, *rights: int, indicator: str = "online", cases: int = 1000) -> None:
    """One figure a week on Fridays, of so many cases; `rights` of a thousand."""
    result = zip(WEEKS, rights, strict=False)
    small.load(*((unit, indicator, when, right * cases // 1000, cases) for when, right in result))


def watch(small: Small, when: str = "12/4"):
    return small.asked(find_signals, as_of=day(when))


def on_path(*away: float) -> tuple[int, ...]:
    """Figures of S1 so many points from its path of 40, 50 and 60 %, as shares of a thousand."""
    owed = {"8/3": 40 + 10 * 5 / 19, "15/3": 40 + 10 * 12 / 19, "22/3": 50.0}
    owed |= {"29/3": 50 + 10 * 7 / 21, "5/4": 50 + 10 * 14 / 21, "12/4": 60.0}
    return tuple(round(10 * (owed[when] + off)) for when, off in zip(WEEKS, away, strict=False))


@on_each_engine
def test_week_far_below_the_usual_is_a_signal_with_its_weeks_and_limits(small):
    tell_weekly(small, "S1", *on_path(1, -1, 1, -1, 1, -20))

    [found] = watch(small).found

    assert (found.unit, found.indicator, found.kind, found.side) == ("S1", "online", "beyond", -1)
    assert [when for when, _ in found.weeks] == [day(when) for when in WEEKS]
    assert found.weeks[-1][1] == pytest.approx(-20, abs=0.1)
    assert found.low < -5 < found.high
    assert (found.cases, found.assurance) == (1000, "varies")


def test_ordinary_weeks_are_no_signal(small):
    tell_weekly(small, "S1", *on_path(1, -1, 1, -1, 1, -1))

    found = watch(small)

    assert found.found == ()
    assert found.series == 1


def test_too_few_weeks_say_how_many_are_needed(small):
    tell_weekly(small, "S1", *on_path(1, -1, 1))

    found = watch(small, "22/3")

    assert (found.weeks, found.needed, found.found) == (3, 6, ())


def test_before_anything_is_kept_there_are_no_weeks(small):
    assert watch(small).weeks == 0


def test_day_after_the_last_load_is_judged_by_the_last_kept_one(small):
    tell_weekly(small, "S1", *on_path(1, -1, 1, -1, 1, -20))

    found = small.asked(find_signals, as_of=day("12/4") + timedelta(days=2))

    assert found.as_of == day("12/4")
    assert len(found.found) == 1


def test_nothing_is_said_of_a_week_of_which_nothing_was_told(small):
    tell_weekly(small, "S1", *on_path(1, -1, 1, -1, 1, -20))

    found = small.asked(find_signals, as_of=day("12/4") + timedelta(days=7))

    assert (found.has_stopped, found.found) == (True, ())


def test_province_is_nobodys_process(small):
    for unit in ("S1", "S2"):
        tell_weekly(small, unit, 400, 410, 400, 410, 400, 900)

    assert {found.unit for found in watch(small).found} == {"S1", "S2"}


@pytest.mark.soak
def test_more_than_a_handful_are_told_by_the_cases_concerned(small):
    for place, unit in enumerate(("S1", "S2", "H1", "X1", "X3", "X4"), start=1):
        tell_weekly(small, unit, 400, 410, 400, 410, 400, 100, cases=1000 * place)

    found = watch(small).found

    assert len(found) == HANDFUL
    assert "S1" not in {one.unit for one in found}
    assert [one.cases * one.strength for one in found] == sorted(
        (one.cases * one.strength for one in found), reverse=True
    )


@pytest.mark.soak
def test_week_without_a_fresh_figure_is_a_gap(small):
    campaign = small_campaign(stale_after_working_days=1)
    small.found(small_files(with_indicator(campaign, "online")), when="1/3 09:00")
    small.load(("S1", "online", "8/3", 440, 1000))
    for when, right in (("22/3", 500), ("29/3", 530), ("5/4", 560), ("12/4", 590)):
        small.load(("S1", "online", when, right, 1000))

    found = watch(small)

    assert found.series == 0
    assert found.found == ()
