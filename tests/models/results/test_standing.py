"""Where units stand: asked for any day, and as it was known at any moment."""

import random
from dataclasses import fields
from datetime import UTC, timedelta

import pytest

from models.results.standing import find_standing
from models.tables.kept import ResultColumns
from models.targets.actions import issue_targets
from targets.errors import StoreNotReady, UnknownName
from targets.results import Result
from tests.models.conftest import (
    UNITS,
    Small,
    at,
    change_at_random,
    context,
    day,
    on_each_engine,
    postgresql_in_soak,
    seeds,
    small_campaign,
    small_files,
    with_indicator,
)

INDICATORS = ("publicity", "timeliness", "online", "payment")


# --- what is asked for ----------------------------------------------------------------------------------------------


@postgresql_in_soak
@pytest.mark.parametrize("when", ["8/3", "18/3"], ids=["a kept day", "a day after the last kept one"])
def test_rows_come_in_the_campaigns_order_of_units_and_indicators(small, when):
    small.load(("S1", "online", "15/3", 1, 2))

    rows = small.rows(when)

    there = [unit.code for unit in UNITS if unit.valid_to is None or day(when) <= unit.valid_to]
    assert [(row.unit, row.indicator) for row in rows] == [(unit, key) for unit in there for key in INDICATORS]


@pytest.mark.parametrize("when", ["8/3", "18/3"], ids=["a kept day", "a day after the last kept one"])
def test_only_the_units_asked_for_come(small, when):
    small.load(("S1", "online", "15/3", 1, 2))

    rows = small.rows(when, units=["H1", "S1"])

    assert [(row.unit, row.name, row.level) for row in rows] == [("S1", "Sở Một", "department")] * 4 + [
        ("H1", "UBND huyện Một", "district")
    ] * 4


def test_no_unit_asked_for_is_no_row(small):
    assert small.rows("8/3", units=[]) == []


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"units": ["S1", "S9"]}, "No unit is called “S9”"),
        ({"phase": "third"}, r"No phase is called “third”. Known: first, second, keep\."),
    ],
    ids=["unit", "phase"],
)
def test_unknown_name_is_refused(small, asked, message):
    with pytest.raises(UnknownName, match=message):
        small.rows("15/3", **asked)


def test_store_without_a_campaign_is_refused_with_the_way_out(migrated):
    with migrated.reading() as session, pytest.raises(StoreNotReady, match="python -m jobs init"):
        find_standing(session, as_of=day("15/3"))


def test_moment_before_the_campaign_was_loaded_is_refused(small):
    with pytest.raises(StoreNotReady, match="No campaign had been loaded"):
        small.rows("15/3", known_at=at("29/2 08:00"))


def test_named_phase_holds_for_every_unit(small):
    small.load(("S1", "online", "15/3", 1, 2))

    rows = small.rows("15/3", phase="keep")

    assert {row.phase for row in rows} == {"keep"}
    assert len(rows) == (len(UNITS) - 1) * 4


def test_day_long_before_any_figure_has_a_row_for_everybody(small):
    small.load(("S1", "online", "15/3", 1, 2))

    rows = small.rows("1/1")

    assert {row.standing for row in rows if row.indicator == "online"} == {"insufficient"}
    assert {row.as_of for row in rows} == {day("1/1")}


# --- what was known at a moment -------------------------------------------------------------------------------------


@pytest.mark.daily(1)
@on_each_engine
def test_revision_that_came_later_was_not_known(small):
    small.load(("S1", "online", "15/3", 90, 200), when="15/3 17:30")
    small.load(("S1", "online", "15/3", 95, 200), when="20/3 17:30")

    values = [
        small.standing("15/3", known_at=at(when))["S1", "online"].value
        for when in ("15/3 17:29", "15/3 17:30", "20/3 17:29", "20/3 17:30")
    ]

    assert values == [None, 45, 45, 47.5]


def test_source_that_began_later_was_not_known(small):
    small.load(
        ("S1", "publicity", "8/3", 10, 100), ("S1", "publicity", "15/3", 20, 100), source="file", when="15/3 17:30"
    )
    then = small.rows("15/3")

    small.load(("S1", "publicity", "14/3", 60, 100), source="igate", when="20/3 17:30")

    assert small.rows("15/3", known_at=at("16/3")) == then
    assert small.standing("15/3")["S1", "publicity"].value == 60


def test_baseline_target_and_settings_that_came_later_were_not_known(small):
    small.load(("S1", "online", "8/3", 30, 100), ("S1", "online", "13/3", 40, 100), when="15/3 17:30")
    then = small.rows("15/3")

    small.set_baseline("S1", "online", "55", when="16/3 08:00")
    small.set_central("payment", "20", when="16/3 09:00")
    small.changed(
        issue_targets, phase="first", document="1/KH", document_date=day("16/3"), context=context("16/3 10:00")
    )
    small.register("S1", "online", "first", "70", when="16/3 11:00")
    small.found(small_files(with_indicator(small_campaign(stale_after_working_days=0), "online", basis="month")))

    assert small.rows("15/3", known_at=at("15/3 18:00")) == then
    assert small.rows("15/3") != then


@on_each_engine
def test_moment_has_the_same_answer_whatever_offset_it_is_written_with(small):
    small.load(("S1", "online", "15/3", 90, 200), when="15/3 00:30")

    vietnam, utc = (
        small.rows("15/3", known_at=moment) for moment in (at("15/3 00:30"), at("15/3 00:30").astimezone(UTC))
    )

    assert vietnam == utc
    assert vietnam[6].value == 45


def test_ended_phase_may_be_asked_for_as_it_was_known(small):
    small.load(("S1", "online", "22/3", 50, 100), when="22/3 17:30")
    small.load(("S1", "online", "22/3", 49, 100), when="28/3 17:30")

    standings = [
        small.standing("2/4", phase="first", known_at=at(when))["S1", "online"].standing for when in ("25/3", "29/3")
    ]

    assert standings == ["met", "missed"]


@pytest.mark.soak
@pytest.mark.parametrize("seed", seeds(1, 4))
def test_what_was_said_then_can_be_said_again(small, seed):
    dice = random.Random(seed)  # noqa: S311 # a history, not a secret
    told_then = []

    for step in range(6):
        moment = at("4/3 08:00") + timedelta(hours=step)
        change_at_random(dice, small, when=moment)
        told_then.append((moment, _answers(small)))

    assert [_answers(small, known_at=moment) for moment, _ in told_then] == [answers for _, answers in told_then]


@postgresql_in_soak
def test_what_was_said_then_can_be_said_again_on_each_engine(small):
    small.load(("S1", "online", "8/3", 1, 3), ("H1", "publicity", "8/3", 2, 3), when="8/3 17:30")
    small.load(("X1", "publicity", "8/3", None, None, 41.6, "about"), when="9/3 08:00")
    then = _answers(small)

    small.load(("S1", "online", "8/3", 2, 3), ("H1", "publicity", "7/3", 1, 3), when="9/3 10:00")
    small.set_baseline("H1", "publicity", "33.3", when="9/3 11:00")

    assert _answers(small, known_at=at("9/3 09:00")) == then
    assert _answers(small) != then


def _answers(small: Small, **asked: object) -> list:
    return [small.rows("9/3", **asked), small.rows("22/3", **asked), small.rows("2/4", phase="first", **asked)]


def test_columns_that_are_stored_are_those_of_a_result():
    """All of them but whose row it is, and what follows from the day and the store it is asked of."""
    columns = {field.name: field.type for field in fields(Result)}
    stored = {name: field.annotation for name, field in ResultColumns.model_fields.items()}

    assert columns.keys() - stored.keys() == {
        "unit", "name", "level", "indicator", "phase", "as_of", "simulated", "days_left", "lower_is_better",
        "is_only_followed", "measure",
    }  # fmt: skip
    assert stored == {name: columns[name] for name in stored}
