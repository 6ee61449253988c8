"""How many units stand where: every unit of a level once, for each indicator."""

from collections import Counter

from models.results.gaps import find_standing_counts
from tests.models.conftest import Small, day, on_each_engine, postgresql_in_soak

UNITS_ON_15_MARCH = {"department": 2, "district": 2, "commune": 4}
"""X5 ended on 10 March."""


def counted(small: Small, when: str, **other: object) -> dict[tuple[str, str], Counter]:
    """Level and indicator → how many units have which standing."""
    found: dict[tuple[str, str], Counter] = {}
    for count in small.asked(find_standing_counts, as_of=day(when), **other):
        found.setdefault((count.level, count.indicator), Counter())[count.standing] += count.units
    return found


def result(small: Small) -> None:
    small.load(("S1", "online", "15/3", 90, 200), ("H1", "online", "15/3", 120, 400), ("X1", "online", "15/3", 30, 60))


@on_each_engine
def test_counts_of_a_level_add_up_to_its_units_for_every_indicator(small: Small):
    result(small)

    found = counted(small, "15/3")

    assert {level: sum(counts.values()) for (level, _), counts in found.items()} == UNITS_ON_15_MARCH
    assert len(found) == len(UNITS_ON_15_MARCH) * 4


@postgresql_in_soak
def test_counts_say_where_the_units_stand(small: Small):
    result(small)

    found = counted(small, "15/3")

    assert found["commune", "online"] == {"met": 1, "insufficient": 3}
    assert found["district", "online"] == {"high_risk": 1, "insufficient": 1}


@postgresql_in_soak
def test_province_is_no_unit_among_others(small: Small):
    result(small)

    assert not [level for level, _ in counted(small, "15/3") if level == "province"]


@postgresql_in_soak
def test_unit_that_has_ended_is_counted_up_to_its_last_day(small: Small):
    small.load(("X3", "online", "8/3", 4, 10), ("S1", "online", "15/3", 90, 200))

    assert sum(counted(small, "10/3")["commune", "online"].values()) == 5
    assert sum(counted(small, "11/3")["commune", "online"].values()) == 4


@postgresql_in_soak
def test_counts_of_a_named_phase_are_those_of_its_results(small: Small):
    result(small)

    named = counted(small, "15/3", phase="second")

    of_rows: Counter = Counter(
        row.standing for row in small.rows("15/3", phase="second", indicator="online") if row.level == "commune"
    )
    assert named["commune", "online"] == of_rows


@postgresql_in_soak
def test_counts_of_a_day_that_is_not_kept_are_worked_out_alike(small: Small):
    result(small)

    assert sum(counted(small, "25/3")["commune", "online"].values()) == 4
