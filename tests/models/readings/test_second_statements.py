"""A percent alone, told of a day that has counts: kept and compared, never in their place."""

import random

import pytest
from sqlmodel import select

from models.readings.actions import Counts
from models.readings.comparing import basis_of
from models.readings.loading import Arrival, load_history
from models.results.inputs import load_campaign
from models.tables import LatestReading, Reading, Run, Series, SourceRow, UnitRow
from tests.models.conftest import Small, at, change_at_random, context, on_each_engine, postgresql_in_soak, seeds

COUNTED = ("S1", "online", "15/3", 49_996, 100_000)
PERCENT = ("S1", "online", "15/3", None, None, 50.0)


def result(small: Small) -> list[tuple[int, int | None, float | None]]:
    with small.store.reading() as session:
        rows = session.exec(select(Reading).order_by(Reading.series_id, Reading.as_of, Reading.revision))
        return [(row.revision, row.numerator, row.value) for row in rows]


@pytest.mark.daily("sqlite")
@on_each_engine
def test_percent_alone_leaves_the_counts_and_all_that_follows_from_them(small):
    small.load(COUNTED, ("S2", "online", "15/3", 5_900, 10_000))
    before = small.rows("15/3")

    report = small.load(PERCENT)

    assert small.rows("15/3") == before
    assert small.standing("15/3")["S1", "online"].standing != "met"
    assert report.counts == Counts(unchanged=1, second=1)
    assert small.differences() == []


@postgresql_in_soak
def test_second_statement_is_kept_and_remarked_upon(small):
    small.load(COUNTED)
    version = small.data_version()

    report = small.load(PERCENT)

    assert result(small) == [(1, 49_996, None), (2, None, 50.0)]
    (remark,) = report.remarks
    assert remark["code"] == "percent_beside_counts"
    assert remark["terms"] == {
        "unit": "Sở Một",
        "indicator": "online",
        "day": "15/03/2024",
        "numerator": "49996",
        "denominator": "100000",
        "reported": "50",
        "recomputed": "49.996",
        "points": "0.004",
    }
    assert (report.status, small.data_version()) == ("done", version + 1)
    with small.store.reading() as session:
        assert session.get_one(Run, report.run_id).warnings == [remark]


@postgresql_in_soak
@pytest.mark.parametrize("again", [COUNTED, PERCENT])
def test_same_statement_again_is_nothing_new(small, again):
    small.load(COUNTED)
    small.load(PERCENT)

    report = small.load(again)

    assert (report.counts, report.status, report.remarks) == (Counts(unchanged=1), "unchanged", ())


def test_another_percent_is_another_statement(small):
    small.load(COUNTED)
    small.load(PERCENT)

    reports = [small.load((*PERCENT[:5], 51.0)), small.load(PERCENT), small.load((*PERCENT, "about"))]

    assert [report.counts for report in reports] == [Counts(unchanged=1, second=1)] * 3
    assert [value for _, _, value in result(small)] == [None, 50.0, 51.0, 50.0, 50.0]


def test_percent_that_came_along_with_the_counts_says_nothing_new_alone(small):
    small.load((*COUNTED, 50.0))

    report = small.load(PERCENT)

    assert report.counts == Counts(unchanged=1)


@postgresql_in_soak
def test_counts_again_are_a_revision_as_before(small):
    small.load(COUNTED)
    small.load(PERCENT)

    report = small.load(("S1", "online", "15/3", 50_100, 100_000))

    assert report.counts == Counts(revised=1)
    assert small.standing("15/3")["S1", "online"].numerator == 50_100
    assert result(small)[-1] == (3, 50_100, None)
    assert small.differences() == []


def test_counts_take_the_place_of_a_percent(small):
    small.load(PERCENT)

    report = small.load(COUNTED)

    assert report.counts == Counts(revised=1)
    assert small.standing("15/3")["S1", "online"].numerator == 49_996


@postgresql_in_soak
def test_percent_governs_at_no_moment_after_the_counts(small):
    small.load((*PERCENT[:5], 48.0), when="15/3 09:00")
    small.load(COUNTED, when="15/3 10:00")
    small.load(PERCENT, when="15/3 11:00")

    values = [
        small.standing("15/3", known_at=at(f"15/3 {hour}:30"))["S1", "online"].value for hour in ("09", "10", "11")
    ]

    assert values == [48.0, 49.996, 49.996]


def test_count_alone_is_compared_too(small):
    small.load(COUNTED)

    report = small.load(("S1", "online", "15/3", 50_100, None))

    assert small.standing("15/3")["S1", "online"].numerator == 49_996
    assert [remark["code"] for remark in report.remarks] == ["figure_beside_counts"]
    assert small.load(("S1", "online", "15/3", 50_100, None)).counts == Counts(unchanged=1)


def test_percent_beside_no_cases_is_compared_with_them(small):
    small.load(("S1", "online", "15/3", 0, 0))

    report = small.load(PERCENT)

    assert small.standing("15/3")["S1", "online"].standing == "no_cases"
    assert [remark["code"] for remark in report.remarks] == ["figure_beside_counts"]


def test_five_second_statements_are_named_and_the_others_counted(small):
    days = [f"{number}/3" for number in (11, 12, 13, 14, 15, 18, 19)]
    small.load(*(("S1", "online", when, 1, 4) for when in days))

    report = small.load(*(("S1", "online", when, None, None, 30.0) for when in days))

    assert [remark["code"] for remark in report.remarks] == ["percent_beside_counts"] * 5 + ["more_of_these"]
    assert report.remarks[-1]["terms"] == {"count": "2", "code": "percent_beside_counts"}


def test_second_statement_is_not_held_against_its_neighbours(small):
    small.load(("S1", "online", "14/3", 40, 100), ("S1", "online", "15/3", 41, 100))

    small.load(("S1", "online", "15/3", None, None, 90.0), ("S1", "online", "18/3", 42, 100))

    assert small.count("reading_flag") == 0


def test_history_of_runs_keeps_second_statements_apart(small):
    arrivals = [
        (context(when), Arrival(kind="readings", source="igate"), small.frame([row]))
        for when, row in (("15/3 09:00", COUNTED), ("16/3", PERCENT))
    ]

    with small.store.writing() as session:
        reports = load_history(session, arrivals, context=context("31/5 08:00"))

    assert [report.counts for report in reports] == [Counts(accepted=1), Counts(unchanged=1, second=1)]
    assert small.standing("15/3")["S1", "online"].numerator == 49_996


# --- any history ----------------------------------------------------------------------------------------------------


def keys_with_counts(small: Small) -> list[tuple[str, str, str, str, str]]:
    """Unit, indicator, day, source and scope of every day whose counts are known, on the basis of today's settings."""
    with small.store.reading() as session:
        campaign = load_campaign(session)
        statement = (
            select(UnitRow.code, Series.indicator, Reading.as_of, SourceRow.key, Series.scope, Series.basis)
            .join(Series, Series.id == Reading.series_id)
            .join(UnitRow, UnitRow.id == Series.unit_id)
            .join(SourceRow, SourceRow.id == Series.source_id)
            .where(Reading.denominator.is_not(None))
            .distinct()
            .order_by(UnitRow.code, Series.indicator, Reading.as_of, SourceRow.key, Series.scope, Series.basis)
        )
        return [
            (unit, key, f"{when.day}/{when.month}", source, scope)
            for unit, key, when, source, scope, basis in session.exec(statement)
            if basis == basis_of(campaign, key, source)
        ]


def everything(small: Small) -> list[object]:
    """All standings of all kept days, now and as known when all was told, and the newest readings."""
    with small.store.reading() as session:
        latest = [
            (row.unit_id, row.indicator, row.as_of, row.revision, row.numerator, row.value)
            for row in session.exec(select(LatestReading).order_by(LatestReading.unit_id, LatestReading.indicator))
        ]
    days = [f"{number}/3" for number in range(4, 32, 9)]
    return [
        latest,
        *(small.rows(when) for when in days),
        *(small.rows(when, known_at=at("15/6 08:00")) for when in days[::2]),
    ]


@pytest.mark.soak
@postgresql_in_soak
@pytest.mark.parametrize("seed", seeds(1, 8))
def test_second_statements_change_no_standing_of_any_history(small, seed):
    dice = random.Random(seed)  # noqa: S311 - a history, not a secret
    for _ in range(5):
        change_at_random(dice, small)
    before = everything(small)
    keys = keys_with_counts(small)

    for unit, key, when, source, scope in dice.sample(keys, min(len(keys), 6)):
        row = (unit, key, when, None, None, float(dice.randint(0, 100)), dice.choice((None, "over")))
        small.load(row, source=source, scope=scope, when="1/6 08:00")

    assert everything(small) == before
    assert small.differences() == []
