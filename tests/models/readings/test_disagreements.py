"""Which units two sources tell differently, all units at once, as each unit's page tells its own."""

from models.readings.arrivals import find_disagreements
from models.readings.disagreements import find_differences, find_disagreeing_units
from tests.models.conftest import UNITS, Small, day, on_each_engine, postgresql_in_soak


def disagreeing(small: Small, when: str = "15/3") -> dict[str, tuple[str, ...]]:
    """Unit → the indicators on which its sources differ."""
    return {unit.code: unit.indicators for unit in small.asked(find_disagreeing_units, as_of=day(when))}


@on_each_engine
def test_sources_that_differ_by_more_than_the_campaign_allows_disagree(small: Small):
    small.load(("S1", "online", "15/3", 90, 200), ("S2", "online", "15/3", 90, 200))
    small.load(("S1", "online", "15/3", 80, 200), ("S2", "online", "15/3", 88, 200), source="file")

    assert disagreeing(small) == {"S1": ("online",)}


@postgresql_in_soak
def test_newest_day_that_both_told_decides(small: Small):
    small.load(("S1", "online", "14/3", 90, 200), ("S1", "online", "15/3", 20, 200))
    small.load(("S1", "online", "13/3", 10, 200), ("S1", "online", "14/3", 90, 200), source="file")

    assert disagreeing(small) == {}


@postgresql_in_soak
def test_figures_of_another_basis_or_scope_are_not_held_against_each_other(small: Small):
    small.load(("S1", "online", "15/3", 90, 200), ("H1", "online", "15/3", 90, 200))
    small.load(("S1", "online", "15/3", 10, 200), source="monthly")
    small.load(("H1", "online", "15/3", 10, 200), source="file", scope="own")

    assert disagreeing(small) == {}


@postgresql_in_soak
def test_revision_counts_and_what_it_replaced_does_not(small: Small):
    small.load(("S1", "online", "15/3", 10, 200), source="file")
    small.load(("S1", "online", "15/3", 90, 200))
    small.load(("S1", "online", "15/3", 90, 200), source="file", when="31/5 09:00")

    assert disagreeing(small) == {}


@postgresql_in_soak
def test_count_of_no_case_is_no_rate_to_disagree_with(small: Small):
    small.load(("S1", "online", "15/3", 90, 200))
    small.load(("S1", "online", "15/3", 0, 0), source="file")

    assert disagreeing(small) == {}


@postgresql_in_soak
def test_figures_told_after_the_day_looked_at_are_not_seen(small: Small):
    small.load(("S1", "online", "15/3", 90, 200))
    small.load(("S1", "online", "15/3", 10, 200), source="file")

    assert disagreeing(small, "14/3") == {}


@postgresql_in_soak
def test_each_units_own_page_says_the_same(small: Small):
    small.load(("S1", "online", "15/3", 90, 200), ("H1", "online", "15/3", None, None, 40.0))
    small.load(("S1", "online", "15/3", 10, 200), ("H1", "online", "15/3", 10, 200), source="file")

    one_by_one = {
        unit.code: tuple(found.indicator for found in small.asked(find_disagreements, unit.code, as_of=day("15/3")))
        for unit in UNITS
    }
    assert disagreeing(small) == {code: keys for code, keys in one_by_one.items() if keys}


@postgresql_in_soak
def test_source_that_does_not_govern_yet_is_the_other_one_everywhere(small: Small):
    small.load(*((unit, "online", "15/3", 90, 200) for unit in ("S1", "S2", "H1")), source="file")
    small.load(("S1", "online", "15/3", 10, 200))

    (found,) = small.asked(find_differences, as_of=day("15/3"))
    (own,) = small.asked(find_disagreements, "S1", as_of=day("15/3"))

    assert (found.governing, found.other, found.points) == ("file", "igate", -40)
    assert (own.governing, own.other, own.governing_value) == ("file", "igate", 45)
    assert small.standing("15/3")["S1", "online"].value == 45


# --- day by day -----------------------------------------------------------------------------------------------------


def differences(small: Small, when: str = "15/3") -> list[tuple[str, str, float]]:
    """Unit, day and points of each difference, in the order told."""
    found = small.asked(find_differences, as_of=day(when))
    return [(row.unit, f"{row.as_of.day}/{row.as_of.month}", row.points) for row in found]


@postgresql_in_soak
def test_each_day_two_sources_differ_is_told_newest_first_and_widest_first(small: Small):
    small.load(("S1", "online", "14/3", 90, 200), ("S1", "online", "15/3", 90, 200), ("S2", "online", "15/3", 90, 200))
    small.load(("S1", "online", "14/3", 80, 200), ("S1", "online", "15/3", 84, 200), source="file")
    small.load(("S2", "online", "15/3", 120, 200), source="file", when="31/5 09:00")

    assert differences(small) == [("S2", "15/3", 15.0), ("S1", "15/3", -3.0), ("S1", "14/3", -5.0)]


@postgresql_in_soak
def test_difference_tells_both_sources_with_their_values(small: Small):
    small.load(("H1", "online", "15/3", 90, 200))
    small.load(("H1", "online", "15/3", None, None, 40.0), source="file")

    [row] = small.asked(find_differences, as_of=day("15/3"))

    assert (row.governing, row.governing_value, row.other, row.other_value) == ("igate", 45.0, "file", 40.0)
    assert (row.unit, row.level, row.indicator) == ("H1", "district", "online")


@postgresql_in_soak
def test_sources_that_agree_or_differ_by_what_is_allowed_are_not_told(small: Small):
    small.load(("S1", "online", "15/3", 90, 200), ("S2", "online", "15/3", 90, 200))
    small.load(("S1", "online", "15/3", 90, 200), ("S2", "online", "15/3", 94, 200), source="file")

    assert differences(small) == []


@postgresql_in_soak
def test_days_longer_ago_than_a_fortnight_are_not_told(small: Small):
    small.load(("S1", "online", "5/3", 90, 200))
    small.load(("S1", "online", "5/3", 10, 200), source="file")

    assert (differences(small, "19/3"), differences(small, "20/3")) == ([("S1", "5/3", -40.0)], [])


@postgresql_in_soak
def test_bound_contradicts_nobody(small: Small):
    small.load(("S1", "online", "15/3", None, None, 45.0), ("S2", "online", "15/3", None, None, 45.0))
    small.load(("S1", "online", "15/3", None, None, 60.0, "over"), ("S2", "online", "15/3", 60, 100), source="file")

    assert disagreeing(small) == {"S2": ("online",)}
    assert small.asked(find_disagreements, "S1", as_of=day("15/3")) == []
