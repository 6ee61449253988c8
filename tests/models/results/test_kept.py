"""The kept tables: after every kind of change they hold exactly what follows from the readings."""

import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlmodel import select

from models.core.audit import find_state
from models.core.store import Store
from models.results.kept import bring_up_to_date, compute_anew, find_differences
from models.tables import AuditEntry
from models.targets.actions import issue_targets
from targets.results import CALCULATION
from targets.values import Campaign
from tests.models.conftest import (
    UNITS,
    PreparedStores,
    Small,
    at,
    change_at_random,
    context,
    day,
    found_small,
    on_each_engine,
    postgresql_in_soak,
    seeds,
    small_campaign,
    small_files,
    with_indicator,
)

KEPT = ("standing", "daily_sum", "latest_reading")


def begun(small: Small) -> None:
    """Two weeks of three indicators, one unit that tells late and one that has fallen silent."""
    small.load(
        *(("S1", "online", f"{number}/3", 10 * number, 30 * number) for number in (6, 8, 12, 15)),
        *(("S2", "publicity", f"{number}/3", number, 20) for number in (6, 8, 12, 15)),
        *(("H1", "online", f"{number}/3", number, 20 * number) for number in (6, 8, 12)),
        ("X1", "timeliness", "7/3", 9, 10),
        ("X3", "online", "6/3", 1, 4),
    )


@pytest.fixture
def told(prepared: PreparedStores) -> Iterator[Small]:
    """The small campaign with these figures."""
    store = prepared.in_turn("begun", _found_begun)
    yield Small(store)
    store.close()


def _found_begun(store: Store) -> None:
    found_small(store)
    begun(Small(store))


def kept_rows(small: Small, table: str) -> list[tuple[object, ...]]:
    with small.store.reading() as session:
        rows = session.connection().execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608
    return sorted((tuple(row) for row in rows), key=repr)


def rebuilt(small: Small) -> None:
    small.changed(bring_up_to_date)


# --- every kind of change -------------------------------------------------------------------------------------------


def more_days(small: Small) -> None:
    small.load(("S1", "online", "18/3", 200, 500))


def a_day_in_between(small: Small) -> None:
    small.load(("S1", "online", "7/3", 60, 200))


def a_revised_day(small: Small) -> None:
    small.load(("S1", "online", "8/3", 1, 240))


def a_units_first_figure(small: Small) -> None:
    small.load(("X4", "publicity", "14/3", 3, 9))


def a_first_figure_before_the_first(small: Small) -> None:
    small.load(("S2", "publicity", "4/3", 0, 20))


def a_figure_of_the_day_before_the_start(small: Small) -> None:
    small.load(("S2", "publicity", "3/3", 0, 20))


def a_better_source(small: Small) -> None:
    small.load(("S2", "publicity", "5/3", 1, 20), source="file")


def a_source_that_takes_over(small: Small) -> None:
    small.load(("S2", "timeliness", "5/3", 1, 20), source="file")
    small.load(("S2", "timeliness", "13/3", 1, 20), source="igate")


def a_districts_own_counter(small: Small) -> None:
    small.load(("H2", "online", "14/3", 3, 9), scope="own")


def a_province_that_reports_itself(small: Small) -> None:
    small.load(("P", "online", "14/3", 3, 9))


def percents_alone(small: Small) -> None:
    small.load(("X2", "online", "14/3", None, None, 33.3, "about"))


def a_source_nobody_judges(small: Small) -> None:
    small.load(("X2", "online", "14/3", 1, 3), source="monthly")


def a_baseline(small: Small) -> None:
    small.set_baseline("S1", "online", "44.4")


def a_central_target(small: Small) -> None:
    small.set_central("payment", "20")


def a_central_target_withdrawn(small: Small) -> None:
    small.set_central("online", None)


def an_issue(small: Small) -> None:
    small.changed(
        issue_targets, phase="first", document="629/KH", document_date=day("5/3"), context=context("31/5 08:00")
    )


def a_registration(small: Small) -> None:
    small.register("S1", "online", "first", "70")


def a_target_raised_in_mid_phase(small: Small) -> None:
    small.register("S1", "online", "first", "70", when="12/3 08:00")


def changed(change: Callable[[Campaign], Campaign], **files: object) -> Callable[[Small], None]:
    def follow(small: Small) -> None:
        small.found(small_files(change(small_campaign()), **files))

    return follow


def shifted_start(days: int) -> Callable[[Campaign], Campaign]:
    def shift(campaign: Campaign) -> Campaign:
        first, *others = campaign.phases
        start = campaign.start + timedelta(days=days)
        return replace(campaign, start=start, phases=(replace(first, start=start), *others), unit_phases=())

    return shift


CHANGES: dict[str, Callable[[Small], None]] = {
    function.__name__: function
    for function in (
        more_days,
        a_day_in_between,
        a_revised_day,
        a_units_first_figure,
        a_first_figure_before_the_first,
        a_figure_of_the_day_before_the_start,
        a_better_source,
        a_source_that_takes_over,
        a_districts_own_counter,
        a_province_that_reports_itself,
        percents_alone,
        a_source_nobody_judges,
        a_baseline,
        a_central_target,
        a_central_target_withdrawn,
        an_issue,
        a_registration,
        a_target_raised_in_mid_phase,
    )
} | {
    "an_earlier_start": changed(shifted_start(-3)),
    "a_later_start": changed(shifted_start(5)),
    "a_start_after_all_figures": changed(shifted_start(17)),
    "less_patience": changed(lambda campaign: replace(campaign, stale_after_working_days=1)),
    "another_order_of_sources": changed(
        lambda campaign: with_indicator(campaign, "publicity", sources=("file", "igate"))
    ),
    "another_basis": changed(lambda campaign: with_indicator(campaign, "online", basis="month")),
    "an_indicator_less": changed(lambda campaign: replace(campaign, indicators=campaign.indicators[1:])),
    "other_due_dates": changed(lambda campaign: replace(campaign, unit_phases=())),
    "a_unit_that_ended_earlier": changed(
        lambda campaign: campaign,
        units=tuple(replace(unit, valid_to=day("7/3")) if unit.code == "X3" else unit for unit in UNITS[:-1]),
    ),
    "a_unit_that_moved": changed(
        lambda campaign: campaign,
        units=tuple(replace(unit, parent="H2") if unit.code == "X1" else unit for unit in UNITS),
    ),
}


@pytest.mark.daily(8)
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_kept_rows_follow_from_the_readings_after(told, change):
    change(told)

    assert told.differences() == []


def test_nothing_is_kept_once_the_campaign_begins_after_all_figures(told):
    CHANGES["a_start_after_all_figures"](told)

    assert {table: told.count(table) for table in KEPT} == dict.fromkeys(KEPT, 0)


@pytest.mark.daily("sqlite")
@on_each_engine
def test_kept_rows_equal_the_rebuilt_ones_on_each_engine(small):
    begun(small)
    for change in (a_revised_day, a_better_source, a_baseline, an_issue, a_units_first_figure):
        change(small)
    before = {table: kept_rows(small, table) for table in KEPT}

    rebuilt(small)

    assert {table: kept_rows(small, table) for table in KEPT} == before
    assert all(before.values())


def test_day_that_is_kept_answers_as_the_same_day_computed(told):
    for when in ("4/3", "11/3", "15/3"):
        kept, computed = told.rows(when), told.rows(when, known_at=at("31/12"))

        assert kept == computed


def test_day_after_the_last_kept_one_answers_as_once_it_is_kept(told):
    computed = told.rows("18/3", units=["S2", "H1", "H2", "X1"])

    told.load(("S1", "online", "18/3", 1, 2))

    assert told.rows("18/3", units=["S2", "H1", "H2", "X1"]) == computed


# --- random histories -----------------------------------------------------------------------------------------------


@pytest.mark.soak
@pytest.mark.parametrize("seed", seeds(1, 6))
def test_kept_rows_follow_from_the_readings_after_any_history(small, seed):
    dice = random.Random(seed)  # noqa: S311 # a history, not a secret

    for _ in range(4):
        for _ in range(2):
            change_at_random(dice, small)

        assert small.differences() == []


DAILY = ("S1", "S2", "H1", "X1", "X3", "X4")
"""Who tells nearly every day; X4 percents alone."""


def tell_a_day(dice: random.Random, small: Small, when: str, *, number: int) -> None:
    """Most units' figures of a day, growing; some are silent, and now and then a source falls back."""
    rows: list[tuple[object, ...]] = []
    for place, unit in enumerate(DAILY):
        for key in ("online", "timeliness"):
            if dice.random() < 0.2:
                continue
            cases = 10 * number + place - (25 if dice.random() < 0.1 else 0)
            right = max(0, min(cases, round(cases * (0.4 + place / 10)) + dice.randint(-2, 2)))
            counts = (right, max(cases, 0)) if unit != "X4" else (None, None, 40.0 + number)
            rows.append((unit, key, when, *counts))
    small.load(*rows)


@pytest.mark.soak
@pytest.mark.parametrize(("seed", "basis"), [(0, "campaign"), (1, "month")])
def test_kept_rows_follow_from_the_readings_when_days_came_one_by_one(small, seed, basis):
    dice = random.Random(seed)  # noqa: S311 # a history, not a secret
    small.found(small_files(with_indicator(small_campaign(), "online", basis=basis)), when="1/3 09:00")

    for number in range(1, 36):
        when = day("3/3") + timedelta(days=number)
        if dice.random() < 0.8:
            tell_a_day(dice, small, f"{when.day}/{when.month}", number=number)
        if number in (8, 20):
            small.register("S1", "online", "second", str(60 + number), when=f"{when.day}/{when.month} 10:00")

    assert small.differences() == []
    rows = small.rows("20/3")
    assert {row.by for row in rows} >= {"gap"}
    assert any(row.projection is not None for row in rows)


@pytest.mark.soak
@postgresql_in_soak
def test_kept_rows_follow_on_each_engine_when_days_came_one_by_one(small):
    dice = random.Random(5)  # noqa: S311 # a history, not a secret

    for number in range(1, 16):
        tell_a_day(dice, small, f"{number + 3}/3", number=number)

    assert small.differences() == []


# --- what a check finds ---------------------------------------------------------------------------------------------

TAMPERED = {
    "a standing": (
        "UPDATE standing SET standing = 'met' WHERE indicator = 'online' AND standing = 'insufficient'",
        "standing",
    ),
    "a value": ("UPDATE standing SET value = value + 1 WHERE indicator = 'online' AND value IS NOT NULL", "value"),
    "a value that is not known": ("UPDATE standing SET value = 1 WHERE value IS NULL", "value"),
    "a value made unknown": ("UPDATE standing SET numerator = NULL WHERE numerator IS NOT NULL", "numerator"),
    "a sum": ("UPDATE daily_sum SET denominator = denominator + 1 WHERE denominator > 0", "daily_sum"),
    "a latest reading": ("UPDATE latest_reading SET revision = 7", "revision is kept as 7"),
    "a missing row": (
        "DELETE FROM standing WHERE indicator = 'online' AND phase = 'first'",
        "follow from the readings",
    ),
    "a row too many": (
        "INSERT INTO daily_sum (indicator, pool, day, counted, percent_only, expected)"
        " VALUES ('online', 'level:x', 19790, 0, 0, 0)",
        "daily_sum",
    ),
}


@pytest.mark.daily(3)
@pytest.mark.parametrize(("statement", "named"), TAMPERED.values(), ids=TAMPERED.keys())
def test_check_finds(told, statement, named):
    with told.store.writing() as session:
        session.connection().execute(text(statement))

    differences = told.differences()

    assert differences
    assert all(named in difference for difference in differences)


def test_check_finds_nothing_where_nothing_was_ever_loaded(small):
    assert small.differences() == []


def test_check_says_which_row_differs_and_what_it_should_hold(told):
    with told.store.writing() as session:
        session.connection().execute(
            text(
                "UPDATE standing SET cases_missing = 77 WHERE indicator = 'online' AND day = 19797 AND unit_id = :unit"
            ),
            {"unit": told.ids["S1"]},
        )

    differences = told.differences()

    assert differences == [
        f"standing (day 19797, indicator online, unit_id {told.ids['S1']}, phase first):"
        " cases_missing is kept as 77.0, 75.0 follows"
    ]


def test_rebuilding_mends_what_a_check_finds(told):
    with told.store.writing() as session:
        session.connection().execute(text("UPDATE standing SET value = 1"))

    rebuilt(told)

    assert told.differences() == []


# --- which days are kept --------------------------------------------------------------------------------------------


def test_days_are_kept_from_the_start_of_the_campaign_to_the_last_one_told_of(small):
    small.load(("S1", "online", "6/3", 1, 2))

    days = {row[0] for row in kept_rows(small, "standing")}

    assert days == {19786, 19787, 19788}  # 4, 5 and 6 March


def test_nothing_is_kept_before_a_day_of_the_campaign_was_told_of(small):
    small.load(("S1", "online", "3/3", 1, 2))

    assert small.asked(find_state).kept_through is None
    assert small.count("standing") == 0


def test_last_kept_day_stays_when_an_earlier_one_is_revised(small):
    small.load(("S1", "online", "15/3", 1, 2))

    small.load(("S1", "online", "6/3", 1, 2))

    assert small.asked(find_state).kept_through == day("15/3")


def test_latest_reading_is_that_of_the_governing_source(small):
    small.load(("S1", "online", "14/3", 1, 2), source="file")
    small.load(("S1", "online", "8/3", 3, 4), ("S1", "online", "12/3", 5, 10), source="igate")
    small.load(("S1", "online", "12/3", 6, 10), source="igate")

    with small.store.reading() as session:
        rows = (
            session.connection().execute(text("SELECT unit_id, as_of, revision, numerator FROM latest_reading")).all()
        )

    assert [tuple(row) for row in rows] == [(small.ids["S1"], 19794, 2, 6)]


@pytest.mark.daily("postgresql")
@on_each_engine
def test_counts_beyond_four_bytes_are_kept_as_they_are(small):
    small.set_baseline("S1", "online", "89.999999")
    small.load(("S1", "online", "15/3", 2_000_000_000, 6_000_000_000))

    row = small.standing("15/3")["S1", "online"]

    # short of 99.999999 % by nearly four thousand million, each of which wants a hundred million more
    assert row.target == pytest.approx(94.999999)
    assert (row.numerator, row.denominator) == (2_000_000_000, 6_000_000_000)
    assert row.cases_missing == 3_699_999_940
    assert small.differences() == []


@pytest.mark.daily("postgresql")
@on_each_engine
def test_target_of_nearly_all_asks_for_a_number_of_cases_no_four_bytes_hold(small):
    small.set_baseline("S1", "online", "89.999999")
    small.load(("S1", "online", "25/3", 15_000, 30_000))

    row = small.standing("25/3")["S1", "online"]

    assert Decimal(str(row.target)) == Decimal("99.999999")
    # (0.99999999 × 30,000 − 15,000) / 0.00000001
    assert row.cases_needed == 1_499_999_970_000


def test_kept_rows_carry_the_version_of_the_data_they_follow_from(small):
    small.load(("S1", "online", "15/3", 1, 2))

    state = small.asked(find_state)

    assert state.kept_version == state.data_version


def test_find_differences_changes_nothing(told):
    before = {table: kept_rows(told, table) for table in KEPT}

    with told.store.reading() as session:
        find_differences(session)

    assert {table: kept_rows(told, table) for table in KEPT} == before


# --- the calculation ------------------------------------------------------------------------------------------------

RESULTS = {1: "c3a271b6854c9427", 4: "7df16e5c17c92ce9", 5: "dcf3f0560923d910", 6: "0ce2f01fb71a449e"}
"""Calculation → what it makes of the figures below. Results that come out otherwise are another calculation: raise
`targets.results.CALCULATION` and add its line, so that stores that keep the old ones compute them anew."""


def five_weeks(small: Small) -> None:
    """Every kind of figure, standing and phase there is, through both milestones and beyond."""
    days = [f"{number}/3" for number in (3, 5, 6, 8, 11, 13, 15, 19, 22, 27, 29)] + ["3/4", "8/4", "12/4", "15/4"]
    rows = []
    for place, when in enumerate(days, start=1):
        rows += [
            ("S1", "online", when, 9 * place * place, 20 * place * place + 7),
            ("S1", "timeliness", when, 39 * place, 40 * place),
            ("S2", "online", when, 70 * place, 100 * place),
            ("H1", "online", when, 3 * place, 30 * place + place % 4),
            ("H1", "payment", when, None, None, 1.5 * place),
            ("X1", "publicity", when, min(place, 11), 11),
            ("X3", "payment", when, place // 3, place),
            *([("X4", "online", when, place, 2 * place + 9), ("X2", "online", when, 0, 0)] if place % 3 else []),
            *([("X5", "online", when, place, 4 * place)] if place < 6 else []),
        ]
    small.load(*rows, ("X2", "timeliness", "13/3", 5, 6, None, "about"), ("S2", "publicity", "6/3", 9, 20))
    small.load(("S1", "online", "15/3", 400, 1000), source="file", scope="below")
    small.set_central("payment", "20")
    small.register("S2", "publicity", "first", "44.5")


def test_results_follow_from_the_calculation_whose_number_the_code_bears(small):
    five_weeks(small)

    digest = hashlib.sha256()
    for table in KEPT:
        for row in kept_rows(small, table):
            # Six digits: the last ones of a float are the machine's.
            digest.update(repr([f"{value:.6g}" if isinstance(value, float) else value for value in row]).encode())

    assert small.count("standing") > 1000
    assert digest.hexdigest()[:16] == RESULTS[CALCULATION]


def of_another_calculation(small: Small) -> None:
    """What an older program left: other results, which it brought up to date by its own rules."""
    with small.store.writing() as session:
        session.connection().execute(text("UPDATE standing SET value = 99, standing = 'met'"))
        session.connection().execute(text("UPDATE store_state SET calculation = 0"))


@pytest.mark.daily("sqlite")
@pytest.mark.parametrize(
    "change", [more_days, a_revised_day, a_baseline, lambda told: told.register("S2", "publicity", "first", "50")]
)
def test_results_of_two_calculations_never_stand_side_by_side(told, change):
    of_another_calculation(told)

    change(told)

    assert told.differences() == []
    assert told.asked(lambda session: find_state(session).calculation) == CALCULATION


def test_results_of_another_calculation_are_computed_anew_once_and_noted(told):
    of_another_calculation(told)
    result = []

    for _ in range(2):
        told.changed(compute_anew, context=context(), progress=lambda *day: result.append(day))

    assert told.differences() == []
    assert result == [(day, 12) for day in range(1, 13)]
    with told.store.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "compute_anew")).all()
    assert [(entry.old, entry.new) for entry in entries] == [({"calculation": 0}, {"calculation": CALCULATION})]
