"""One unit: its profile, its days, its targets' chain, its parts and its official scores."""

from datetime import date
from decimal import Decimal

import pytest

from models.tables import Run, Score, SourceRow, UnitRow
from models.units import queries
from targets.errors import UnknownName
from tests.models.conftest import at, day


def parts_of(small, code, when):
    profile = small.asked(queries.find_profile, code)
    return {part.indicator: part for part in small.asked(queries.find_parts, profile, as_of=day(when))}


def tell_score(small, **reported):
    """A score that a source gave, as a run brought it."""

    def reported_in(session):
        source = session.exec(queries.select(SourceRow).where(SourceRow.key == "file")).one()
        unit = session.exec(queries.select(UnitRow).where(UnitRow.code == "H1")).one()
        run = Run(source_id=source.id, kind="scores", status="done", received_at=at("2/3"), by="system:test")
        session.add(run)
        session.flush()
        known = {"basis": "year", "period_start": date(2023, 1, 1), "period_end": date(2023, 12, 31)}
        known |= {"as_of": date(2023, 12, 31), "points": Decimal("55.51"), "max_points": Decimal(100)}
        session.add(Score(unit_id=unit.id, source_id=source.id, run_id=run.id, **(known | reported)))

    small.changed(reported_in)


def test_profile_names_parent_head_and_all_that_is_below(small):
    profile = small.asked(queries.find_profile, "H2")

    assert (profile.unit.name, profile.unit.parent_name) == ("UBND huyện Hai", "UBND tỉnh P")
    assert [child.code for child in profile.children] == ["X3", "X4", "X5"]
    assert (profile.head.title, profile.head.name, profile.head.phone) == (None, None, None)


def test_profile_of_a_unit_that_ended_names_its_successor(small):
    profile = small.asked(queries.find_profile, "X5")

    assert (profile.valid_to, profile.successor.name) == (date(2024, 3, 10), "UBND xã Ba")


def test_profile_of_an_unknown_unit_is_refused(small):
    with pytest.raises(UnknownName):
        small.asked(queries.find_profile, "ABC")


def test_history_tells_which_days_have_a_figure_of_their_own(small):
    small.load(("S1", "online", "5/3", 40, 100), ("S1", "online", "7/3", 50, 100))

    days = [row for row in small.asked(queries.find_history, "S1", as_of=day("7/3")) if row.indicator == "online"]

    assert [(row.day, row.reading_as_of, row.is_fresh) for row in days] == [
        (day("4/3"), None, False),
        (day("5/3"), day("5/3"), True),
        (day("6/3"), day("5/3"), True),
        (day("7/3"), day("7/3"), True),
    ]


def test_history_tells_when_a_figure_had_grown_too_old(small):
    small.load(("S1", "online", "5/3", 40, 100), ("S2", "online", "15/3", 40, 100))

    days = {row.day: row.is_fresh for row in small.asked(queries.find_history, "S1", as_of=day("15/3"))
            if row.indicator == "online"}  # fmt: skip

    assert days[day("8/3")]
    assert not days[day("15/3")]


def test_history_of_an_unknown_unit_is_refused(small):
    with pytest.raises(UnknownName):
        small.asked(queries.find_history, "ABC", as_of=day("7/3"))


def test_chain_says_which_version_counts(small):
    small.register("S1", "online", "second", "70", when="5/3 08:00")

    versions = small.asked(queries.find_target_versions, "S1")
    chain = [version for version in versions if (version.indicator, version.phase) == ("online", "second")]

    assert [(version.origin, version.value, version.is_in_force) for version in chain] == [
        ("proposed", Decimal(60), False),
        ("registered", Decimal(70), True),
    ]


def test_chain_has_one_version_in_force_for_each_target(small):
    in_force = [
        (version.indicator, version.phase)
        for version in small.asked(queries.find_target_versions, "S2")
        if version.is_in_force
    ]

    assert len(in_force) == len(set(in_force)) == 4 * 3


def test_unit_with_all_below_it_is_taken_apart(small):
    small.load(("H1", "online", "5/3", 50, 100), ("X1", "online", "5/3", 20, 40), ("X2", "online", "5/3", 5, 20))

    part = parts_of(small, "H1", "5/3")["online"]

    assert (part.whole, part.below, part.own) == (
        queries.Part(50, 100), queries.Part(25, 60), queries.Part(25, 40),
    )  # fmt: skip
    assert part.own.value == 62.5


def test_unit_is_taken_apart_on_the_newest_day_that_all_have_told_of(small):
    small.load(
        ("H1", "online", "5/3", 50, 100), ("H1", "online", "6/3", 60, 120),
        ("X1", "online", "5/3", 20, 40), ("X1", "online", "6/3", 25, 50),
        ("X2", "online", "5/3", 5, 20),
    )  # fmt: skip

    part = parts_of(small, "H1", "6/3")["online"]

    assert (part.day, part.own) == (day("5/3"), queries.Part(25, 40))


def test_unit_is_not_taken_apart_while_one_below_is_silent(small):
    small.load(("H1", "online", "5/3", 50, 100), ("X1", "online", "5/3", 20, 40))

    part = parts_of(small, "H1", "5/3")["online"]

    assert (part.own, part.reported, part.expected) == (None, 1, 2)


def test_sum_below_that_exceeds_the_whole_leaves_the_rest_unknown(small):
    small.load(("H1", "online", "5/3", 10, 50), ("X1", "online", "5/3", 20, 40), ("X2", "online", "5/3", 5, 20))

    assert parts_of(small, "H1", "5/3")["online"].own is None


def test_unit_below_that_has_ended_is_not_waited_for(small):
    small.load(("H2", "online", "15/3", 50, 100), ("X3", "online", "15/3", 20, 40), ("X4", "online", "15/3", 5, 20))

    part = parts_of(small, "H2", "15/3")["online"]

    assert (part.expected, part.own) == (2, queries.Part(25, 40))


@pytest.mark.parametrize("code", ["P", "S1", "X1"])
def test_units_that_tell_for_themselves_alone_have_no_parts(small, code):
    small.load(("S1", "online", "5/3", 50, 100), ("X1", "online", "5/3", 20, 40))

    assert parts_of(small, code, "5/3") == {}


def test_part_without_cases_has_no_rate():
    assert queries.Part(0, 0).value is None


def test_scores_are_told_with_rank_and_date(small):
    tell_score(small, rank=9, rank_of=17, rank_group="districts")

    [score] = small.asked(queries.find_scores, "H1", as_of=day("5/3"))

    assert (score.points, score.max_points, score.rank, score.rank_of) == (Decimal("55.51"), Decimal(100), 9, 17)
    assert (score.indicator, score.source, score.as_of) == (None, "file", date(2023, 12, 31))


def test_score_told_again_counts_once(small):
    tell_score(small)
    tell_score(small, revision=2, points=Decimal("56.00"))

    assert [score.points for score in small.asked(queries.find_scores, "H1", as_of=day("5/3"))] == [Decimal(56)]


def test_score_of_a_later_day_is_not_told(small):
    tell_score(small, as_of=day("6/3"))

    assert small.asked(queries.find_scores, "H1", as_of=day("5/3")) == []
