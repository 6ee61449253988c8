"""What the overview asks: where the province stands, and how much of it is known."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import text

from jobs.wording.results import where_it_is_from
from models.results.overview import find_overview
from targets.errors import StoreNotReady, UnknownName
from targets.findings import Told
from tests.models.conftest import (
    Small,
    central,
    day,
    on_each_engine,
    postgresql_in_soak,
    small_campaign,
    small_files,
    with_indicator,
)


def overview(small: Small, when: str, **asked):
    return small.asked(find_overview, as_of=day(when), **asked)


def result(small: Small) -> None:
    """S1 told all on the 15th, S2 the day before and H1 a week ago one indicator, X1 another one only."""
    small.load(
        ("S1", "online", "15/3", 90, 200),
        ("S1", "timeliness", "15/3", 18, 20),
        ("S2", "online", "14/3", 70, 100),
        ("H1", "online", "8/3", 60, 200),
        ("X1", "timeliness", "13/3", 9, 10),
        ("P", "online", "12/3", 1, 2),
    )


# --- how much is known ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "told", "units", "newest"),
    [
        ("3/3", 0, 9, None),
        ("7/3", 0, 9, None),
        ("8/3", 1, 9, "8/3"),
        ("11/3", 1, 8, "8/3"),
        ("15/3", 1, 8, "15/3"),
        ("20/3", 1, 8, "15/3"),
        ("21/3", 0, 8, "15/3"),
        ("12/4", 0, 8, "15/3"),
    ],
    ids=[
        "before the campaign",
        "before the first figure",
        "the day of the first one",
        "after a unit has ended",
        "the last day told of",
        "the last day on which a figure is fresh",
        "when all are out of date",
        "weeks later",
    ],
)
def test_overview_says_how_many_units_have_told(small, when, told, units, newest):
    result(small)

    found = overview(small, when)

    assert found.told == Told(newest and day(newest), told, units)


@on_each_engine
def test_overview_of_a_kept_day_says_the_same_on_each_engine(small):
    result(small)

    found = overview(small, "15/3")

    assert found.told == Told(day("15/3"), 1, 8)
    assert [line.value for line in found.lines] == [None, 90, pytest.approx(100 * 160 / 300), None]


def test_overview_of_a_store_without_figures_has_a_line_for_each_indicator(small):
    found = overview(small, "15/3")

    assert [(line.indicator, line.unit, line.standing) for line in found.lines] == [
        ("publicity", "P", "insufficient"),
        ("timeliness", "P", "insufficient"),
        ("online", "P", "insufficient"),
        ("payment", "P", "no_target"),
    ]
    assert found.told == Told(None, 0, 8)


@postgresql_in_soak
def test_stale_province_keeps_its_figure_and_says_so(small):
    result(small)

    found = overview(small, "21/3")

    line = found.lines[2]
    assert (line.standing, line.numerator, line.coverage) == ("stale", 220, 0)


# --- the day and its phase ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "number", "phase"),
    [
        ("3/3", 0, "first"),
        ("4/3", 1, "first"),
        ("22/3", 19, "first"),
        ("23/3", 20, "second"),
        ("12/4", 40, "second"),
        ("13/4", 41, "keep"),
        ("31/12", 303, "keep"),
    ],
)
def test_overview_knows_which_day_of_which_phase_it_is(small, when, number, phase):
    found = overview(small, when)

    assert (found.day_number, found.phase.key, found.as_of) == (number, phase, day(when))
    assert {line.phase for line in found.lines} == {phase}


def test_named_phase_is_shown_instead_of_the_running_one(small):
    result(small)

    found = overview(small, "15/3", phase="second")

    assert found.phase.key == "second"
    assert [(line.phase, line.target) for line in found.lines if line.indicator == "online"] == [("second", 60)]


def test_running_phase_may_be_named(small):
    result(small)

    assert overview(small, "15/3", phase="first") == overview(small, "15/3")


def judged_by_anything(small: Small) -> None:
    """A campaign that asks for no share of the units."""
    small.found(small_files(small_campaign(least_coverage=Decimal(0))))


def test_ended_phase_is_shown_as_it_ended(small):
    judged_by_anything(small)
    small.load(("S1", "online", "22/3", 60, 100), ("S1", "online", "25/3", 10, 100))

    line = overview(small, "25/3", phase="first").lines[2]

    assert (line.as_of, line.value, line.standing) == (day("22/3"), 60, "met")


def test_unknown_phase_is_refused_by_name(small):
    with pytest.raises(UnknownName, match=r"No phase is called “third”. Known: first, second, keep\."):
        overview(small, "15/3", phase="third")


# --- targets --------------------------------------------------------------------------------------------------------


def test_overview_counts_the_targets_that_are_set_and_met(small):
    judged_by_anything(small)
    result(small)
    small.load(("S1", "timeliness", "15/3", 50, 50), ("X1", "timeliness", "15/3", 10, 10))

    found = overview(small, "15/3")

    # 160 of 300 is more than 50 %, 60 of 60 is all; nobody told of publicity, and payment has no target
    assert (found.targets_met, found.targets_set) == (2, 3)


def test_overview_names_the_central_targets_that_are_missing(small):
    assert overview(small, "15/3").central_targets_missing == ("payment",)


def test_central_target_that_arrives_is_missing_no_more(small):
    small.found(small_files(central=(central("online", "50"), central("payment", "20"))))

    assert overview(small, "15/3").central_targets_missing == ()


def test_central_target_that_is_withdrawn_is_missing(small):
    small.set_central("online", None)

    assert overview(small, "15/3").central_targets_missing == ("online", "payment")


# --- the store itself -----------------------------------------------------------------------------------------------


def test_overview_says_which_version_of_the_data_it_shows(small):
    before = overview(small, "15/3").data_version

    result(small)

    assert (before, overview(small, "15/3").data_version) == (small.data_version() - 1, small.data_version())


def test_overview_says_that_its_figures_are_simulated(small):
    with small.store.engine.begin() as connection:
        connection.execute(text("UPDATE store_state SET simulated = (1 = 1)"))

    found = overview(small, "15/3")

    assert found.simulated
    assert all(line.simulated for line in found.lines)


def test_overview_of_a_real_store_in_real_time_says_so(small):
    found = overview(small, "15/3")

    assert (found.simulated, found.rehearsal, found.province_name) == (False, None, "UBND tỉnh P")
    assert found.campaign == small_campaign()


def test_store_without_a_campaign_is_refused_with_the_way_out(migrated):
    with migrated.reading() as session, pytest.raises(StoreNotReady, match="python -m jobs init"):
        find_overview(session, as_of=day("15/3"))


# --- what the province itself reports -------------------------------------------------------------------------------


def reported(small: Small, when: str):
    """Indicator → the province's own figure, the day it is of, and its source."""
    found = overview(small, when).reported_figures
    return {figure.indicator: (figure.value, figure.as_of, figure.source) for figure in found}


def test_newest_figure_of_the_province_stands_beside_the_pooled_one(small):
    small.load(("P", "online", "12/3", 40, 100), ("P", "online", "14/3", 45, 100), ("S1", "online", "15/3", 90, 200))

    assert reported(small, "15/3") == {"online": (45.0, day("14/3"), "igate")}
    assert reported(small, "13/3") == {"online": (40.0, day("12/3"), "igate")}


def test_what_the_province_published_of_a_period_that_is_over_stands_with_its_bound(small):
    article = replace(small_campaign().sources[1], key="article", kind="published", basis="month")
    campaign = small_campaign(sources=(*small_campaign().sources, article))
    small.found(small_files(with_indicator(campaign, "online", sources=("article",), basis="month")))
    small.load(("P", "online", "31/3", None, None, (90.0, 95.0), "range"), source="article")

    [found] = overview(small, "10/5").reported_figures

    assert (found.value, found.value_high, found.qualifier, found.as_of) == (90.0, 95.0, "range", day("31/3"))


def test_source_that_governs_is_heard_before_a_newer_one(small):
    small.load(("P", "online", "12/3", 40, 100))
    small.load(("P", "online", "14/3", 60, 100), source="file")

    assert reported(small, "15/3") == {"online": (40.0, day("12/3"), "igate")}


def test_revised_figure_of_the_province_replaces_the_first(small):
    small.load(("P", "online", "14/3", 45, 100))
    small.load(("P", "online", "14/3", 50, 100), when="31/5 09:00")

    assert reported(small, "15/3")["online"][0] == 50.0


@pytest.mark.parametrize(
    ("row", "value"),
    [(("P", "online", "14/3", None, None, 41.6), 41.6), (("P", "online", "14/3", 0, 0), None)],
    ids=["a percent alone", "no case at all"],
)
def test_province_reports_a_rate_or_nothing(small, row, value):
    small.load(row)

    assert reported(small, "15/3") == ({} if value is None else {"online": (value, day("14/3"), "igate")})


def test_figure_of_another_basis_or_of_the_provinces_own_counter_is_not_taken_for_it(small):
    small.load(("P", "online", "14/3", 45, 100), source="monthly")
    small.load(("P", "online", "14/3", 45, 100), scope="own")

    assert reported(small, "15/3") == {}


# --- where a sum is from --------------------------------------------------------------------------------------------


def test_sum_of_several_sources_says_who_told_how_many(small):
    """Two districts from the better source, two departments, of which it has told nothing, from the other one."""
    small.load(*((unit, "online", "8/3", 20, 100) for unit in ("S1", "S2", "H1")), source="file")
    small.load(("H1", "online", "8/3", 90, 100), ("H2", "online", "8/3", 60, 100), source="igate")
    small.load(("S1", "payment", "8/3", 20, 100), source="file")

    found = overview(small, "8/3")

    assert found.mixed == {"online": {"igate": 2, "file": 2}}
    assert where_it_is_from(found.mixed["online"], found.campaign, "en") == (
        "added up from several sources: igate 2 units, file 2 units"
    )


def test_sum_of_one_source_says_nothing_of_sources(small):
    result(small)

    assert overview(small, "15/3").mixed == {}
    assert where_it_is_from({"igate": 4}, small_campaign(), "vi") == ""
