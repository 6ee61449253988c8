"""What follows from changes of units by itself."""

from datetime import date

import pytest

from targets.standing.unit_changes import all_changes, as_changed, usual_counting
from targets.values import Level, Text, Unit, UnitChange

P = Unit("P", "province", "UBND tỉnh", None)
H1 = Unit("H1", "district", "UBND huyện Một", "P")
H2 = Unit("H2", "district", "UBND huyện Hai", "P")
X1 = Unit("X1", "commune", "UBND xã Một", "H1")
X2 = Unit("X2", "commune", "UBND xã Hai", "H1")
X3 = Unit("X3", "commune", "UBND xã Ba", "H2")
S1 = Unit("S1", "department", "Sở Một", "P")
LEVELS = [
    Level(key, Text(key, key), None, scope)  # type: ignore[arg-type]
    for key, scope in (("province", "below"), ("department", "own"), ("district", "below"), ("commune", "own"))
]
UNITS = {unit.code: unit for unit in (P, H1, H2, X1, X2, X3, S1)}
SCOPES = {level.key: level.default_scope for level in LEVELS}
MONDAY = date(2024, 3, 11)

COUNTING = """
unit | to | counts
X1   | X2 | carried
X1   | H1 | carried
X1   | X3 | apart
S1   | X1 | carried
H1   | H2 | carried
P    | H1 | carried
X1   | —  | apart
"""


@pytest.mark.parametrize(
    ("unit", "to", "counts"),
    [[cell.strip() for cell in line.split("|")] for line in COUNTING.strip().splitlines()[1:]],
)
def test_what_a_unit_had_done_goes_to_its_successor_unless_its_district_holds_it(unit, to, counts):
    assert usual_counting(unit, None if to == "—" else to, units=UNITS, scopes=SCOPES) == counts


def test_district_that_tells_its_own_counter_holds_nothing_of_its_communes():
    assert usual_counting("X1", "X3", units=UNITS, scopes=SCOPES | {"district": "own"}) == "carried"


def test_last_day_in_the_list_of_units_is_a_change_where_none_is_declared():
    units = UNITS | {
        code: Unit(code, "commune", code, "H1", valid_to=date(2024, 3, 10), successor=successor)
        for code, successor in (("X1", "X2"), ("X4", None), ("X5", "X2"))
    }
    declared = UnitChange(date(2024, 3, 11), "merge", "X5", "X2", counts="continued")

    found = all_changes([UnitChange(date(2024, 4, 1), "rename", "X2", former="cũ"), declared], units, LEVELS)

    assert [(change.day, change.kind, change.unit, change.to, change.counts) for change in found] == [
        (MONDAY, "merge", "X5", "X2", "continued"),
        (MONDAY, "merge", "X1", "X2", "carried"),
        (MONDAY, "close", "X4", None, "apart"),
        (date(2024, 4, 1), "rename", "X2", None, "carried"),
    ]


def test_units_have_a_sole_successor_and_their_former_names():
    changes = [
        UnitChange(MONDAY, "merge", "X1", "X2"),
        UnitChange(MONDAY, "split", "X3", "X1"),
        UnitChange(MONDAY, "split", "X3", "X2"),
        UnitChange(MONDAY, "rename", "X2", former="UBND xã Hai Cũ"),
        UnitChange(MONDAY, "move", "S1", former="H1"),
    ]

    found = {unit.code: unit for unit in as_changed(UNITS.values(), changes)}

    assert (found["X1"].successor, found["X3"].successor) == ("X2", None)
    assert found["X2"].aliases == ("UBND xã Hai Cũ",)
    assert all(found[code] is UNITS[code] for code in ("P", "H1", "H2", "S1"))
