"""Stretches of days with figures: where a line is interrupted, and where it is not."""

from dataclasses import replace
from datetime import date, timedelta

from models.units.queries import PastDay
from pages.progress.plots import runs
from tests.pages.unit_world import past


def runs_of(history, campaign):
    return [
        [point.day.day for point in run] for run in runs(history, campaign=campaign, indicator="online", language="vi")
    ]


def test_stretch_in_which_figures_had_gone_stale_is_a_gap(campaign):
    days = past("online", 4)
    silence = tuple(replace(day, day=day.day + timedelta(days=4), is_fresh=False) for day in days)
    later = past("online", 2, start=days[0].day + timedelta(days=8))

    assert runs_of((*days, *silence, *later), campaign) == [[22, 23, 24, 25], [30, 31]]


def test_figure_carried_on_over_a_day_off_is_no_gap_and_no_point(campaign):
    first, second, third = past("online", 3)
    carried = replace(second, reading_as_of=first.day)

    assert runs_of((first, carried, third), campaign) == [[22, 24]]


def test_new_month_is_no_fall(campaign):
    monthly = tuple(replace(each, basis="month") for each in campaign.indicators)
    days = past("online", 3, start=date(2024, 3, 30))

    assert runs_of(days, replace(campaign, indicators=monthly)) == [[30, 31], [1]]


def test_day_without_cases_is_left_out(campaign):
    empty = PastDay(date(2024, 3, 22), "online", None, None, "no_cases", date(2024, 3, 22), is_fresh=True)

    assert runs_of((empty,), campaign) == []
