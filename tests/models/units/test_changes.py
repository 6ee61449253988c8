"""What became of units, told with the counts that went over."""

from datetime import timedelta

import pytest
from sqlalchemy.event import listen

from models.units.changes import find_unit_events
from targets.values import Rule, UnitChange
from tests.models.conftest import Small, day, small_campaign, with_indicator
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


@pytest.mark.parametrize(
    ("measured_in", "figure", "left"),
    [
        ("count", (21, None), (21,)),
        ("percent", (21, 30, None, "over"), None),
        ("percent", (None, None, 70.0), None),
        ("units", (1, 1), None),
        ("days", (None, 30, 4.0), None),
    ],
)
def test_only_what_is_carried_over_is_told_as_gone_over(small, measured_in, figure, left):
    measured = with_indicator(small_campaign(), "online", measured_in=measured_in, rule=Rule(kind="none")).indicators
    change(small, merge("X5", "X3"), indicators=measured)
    small.load(("X5", "online", "8/3", *figure))

    (event,) = small.asked(find_unit_events, as_of=MONDAY)

    assert event.left.get("online") == left


def test_counts_of_many_changes_of_a_day_are_asked_for_at_once(small):
    change(small, *SPLIT, merge("X2", "X1"), UnitChange(MONDAY, "close", "S1", counts="apart"))
    tell(small, "8/3", **FIGURES, X2=(3, 9))
    asked = []

    def found(session):
        listen(session.connection(), "before_cursor_execute", lambda *told: asked.append(told[2]))
        return find_unit_events(session, as_of=MONDAY)

    known = small.asked(found)

    assert {(event.name, event.left["online"]) for event in known} == {
        ("UBND xã Năm", (13, 18)), ("UBND xã Năm", (8, 12)), ("UBND xã Hai", (3, 9)), ("Sở Một", (50, 100)),
    }  # fmt: skip
    assert sum("FROM standing" in statement for statement in asked) == 1
