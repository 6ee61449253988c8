"""Odd figures are taken in and flagged: from which readings a load's own are told to have fallen, jumped or frozen."""

import pytest
from sqlmodel import select

from models.tables import ReadingFlag, Series
from tests.models.conftest import Small, on_each_engine, postgresql_in_soak


def flags(small: Small) -> list[tuple[str, str, int]]:
    """Every flag as (kind, as-of day, revision)."""
    with small.store.reading() as session:
        rows = session.exec(select(ReadingFlag).order_by(ReadingFlag.id)).all()
    return [(row.kind, f"{row.as_of:%d/%m}", row.revision) for row in rows]


@pytest.mark.daily("sqlite")
@on_each_engine
def test_figure_below_the_one_of_an_earlier_load_is_taken_in_and_flagged(small):
    small.load(("S1", "online", "14/3", 50, 100))

    small.load(("S1", "online", "15/3", 49, 99))

    assert flags(small) == [("fell", "15/03", 1), ("fell", "15/03", 1)]
    assert small.standing("15/3")["S1", "online"].denominator == 99


@postgresql_in_soak
def test_flag_says_the_numbers_and_the_series(small):
    small.load(("S1", "online", "14/3", 40, 100))

    small.load(("S1", "online", "15/3", 70, 100))

    with small.store.reading() as session:
        flag, indicator = session.exec(
            select(ReadingFlag, Series.indicator).join(Series, Series.id == ReadingFlag.series_id)
        ).one()
    assert (flag.kind, flag.terms, indicator) == ("jumped", {"of": "value", "before": 40.0, "after": 70.0}, "online")


def test_days_of_one_load_are_held_against_each_other(small):
    small.load(("S1", "online", "14/3", 50, 100), ("S1", "online", "15/3", 50, 90))

    assert flags(small) == [("fell", "15/03", 1)]


def test_revision_is_held_against_the_day_before_not_against_what_it_replaces(small):
    small.load(("S1", "online", "14/3", 50, 100), ("S1", "online", "15/3", 60, 120))

    small.load(("S1", "online", "15/3", 55, 110))

    assert flags(small) == []


def test_revision_below_the_day_before_carries_its_own_number(small):
    small.load(("S1", "online", "14/3", 50, 100), ("S1", "online", "15/3", 60, 120))

    small.load(("S1", "online", "15/3", 50, 95))

    assert flags(small) == [("fell", "15/03", 2)]


def test_same_figures_again_are_not_flagged_again(small):
    small.load(("S1", "online", "14/3", 50, 100))
    small.load(("S1", "online", "15/3", 50, 90))

    small.load(("S1", "online", "15/3", 50, 90))

    assert flags(small) == [("fell", "15/03", 1)]


def test_figure_after_a_long_silence_is_held_against_nothing(small):
    small.load(("S1", "online", "8/3", 50, 100))

    small.load(("S1", "online", "29/3", 20, 90))

    assert flags(small) == []


@postgresql_in_soak
def test_figure_that_was_known_is_flagged_when_the_day_before_it_arrives_late(small):
    small.load(("S1", "online", "15/3", 64, 100))

    small.load(("S1", "online", "14/3", 92, 100))

    assert flags(small) == [("fell", "15/03", 1), ("jumped", "15/03", 1)]


def test_step_is_flagged_once_however_often_its_first_day_is_revised(small):
    small.load(("S1", "online", "15/3", 64, 100))
    small.load(("S1", "online", "14/3", 92, 100))

    small.load(("S1", "online", "14/3", 91, 100))

    assert flags(small) == [("fell", "15/03", 1), ("jumped", "15/03", 1)]


def test_figure_of_long_after_is_not_held_against_one_that_arrives_late(small):
    small.load(("S1", "online", "5/4", 64, 100))

    small.load(("S1", "online", "14/3", 92, 100))

    assert flags(small) == []
