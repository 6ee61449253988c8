"""What became of units, told with the counts that went over."""

from datetime import timedelta

from models.units.changes import find_unit_events
from targets.values import UnitChange
from tests.models.conftest import Small, day
from tests.models.units.test_carried import CLOSED, FIGURES, MONDAY, SPLIT, change, merge, move, tell


def events(small: Small, when: str = "11/3", **asked: object) -> list[str]:
    found = small.asked(find_unit_events, as_of=day(when), **asked)
    return [
        f"{event.change.kind} {event.name} → {event.to_name or event.above_name}: {event.left.get('online')}"
        for event in found
    ]


def test_shares_are_told_with_the_cases_that_went_over(small):
    change(small, *SPLIT)
    tell(small, "8/3", **FIGURES)

    assert events(small) == [
        "split UBND xã Năm → UBND xã Bốn: (8, 12)",
        "split UBND xã Năm → UBND xã Ba: (13, 18)",
    ]
    assert events(small, "10/3") == []


def test_change_is_told_where_it_touches_a_sum(small):
    change(small, merge("X5", "X3"), move("X1", "H1"), parents={"X1": "P"})
    tell(small, "8/3", **FIGURES)

    told = {unit: len(events(small, about=unit)) for unit in ("P", "H1", "H2", "X1", "X3", "X5", "X4", "S1")}
    assert told == {"P": 2, "H1": 1, "H2": 1, "X1": 1, "X3": 1, "X5": 1, "X4": 0, "S1": 0}


def test_change_that_is_long_ago_is_no_news(small):
    change(small, CLOSED)

    assert len(events(small, "18/3", since=MONDAY)) == 1
    assert events(small, "18/3", since=MONDAY + timedelta(days=1)) == []


def test_of_a_district_only_its_own_part_goes_over(small):
    change(small, UnitChange(MONDAY, "close", "H1", counts="apart"))
    tell(small, "8/3", H1=(40, 100))

    (event,) = small.asked(find_unit_events, as_of=MONDAY)
    assert (event.is_own_part, event.left) == (True, {})


def test_new_name_is_told_by_the_unit_alone(small):
    change(small, UnitChange(MONDAY, "rename", "X3", former="UBND xã Ba Cũ"))

    assert [len(events(small, about=unit)) for unit in ("X3", "H2", "P")] == [1, 0, 0]
    assert events(small) == []
