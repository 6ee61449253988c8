"""Whose standing changed since last week, in words."""

from datetime import date

import pytest

from models.core.texts import LANGUAGES, text
from models.results.attention import StandingChange
from pages.overview.view import CHANGES_NAMED, changes_view
from targets.standing.changes import REASONS

SINCE = date(2024, 4, 13)


@pytest.fixture
def view(make_result, with_levels):
    """What is said of some changes, each told as (unit, level, before, now, reason, direction)."""

    def made(*got, language="vi"):
        changes = [
            StandingChange(
                make_result("online", before, unit=unit, name=f"UBND {unit}", level=level),
                make_result("online", now, unit=unit, name=f"UBND {unit}", level=level, denominator=cases),
                reason,
                direction,
            )
            for cases, (unit, level, before, now, reason, direction) in enumerate(got, start=100)
        ]
        return changes_view(changes, since=SINCE, campaign=with_levels, language=language)

    return made


def test_changes_are_counted_by_direction_the_worse_first(view):
    said = view(
        ("X1", "commune", "at_risk", "likely", "figure", 1),
        ("X2", "commune", "at_risk", "unlikely", "figure", -1),
        ("X3", "commune", "at_risk", "stale", "stale", 0),
        ("X4", "commune", "met", "at_risk", "target", -1),
    )

    assert said.said == "Tình hình so với 13/04: 2 đơn vị giảm sút, 1 đơn vị tiến bộ, 1 đơn vị thay đổi vì lý do khác"
    assert [[unit.code for unit in units] for _, units, _ in said.groups] == [["X4", "X2"], ["X1"], ["X3"]]


def test_each_unit_is_told_with_both_standings_and_the_reason(view):
    ((_, (unit,), more),) = view(("X1", "commune", "met", "at_risk", "target", -1)).groups

    assert unit.words == "UBND X1: Đã đạt → Cần theo dõi"
    assert (unit.standing, unit.reason, more) == ("at_risk", "do chỉ tiêu thay đổi", "")


def test_province_is_none_of_its_units(view):
    assert view(("P", "province", "met", "at_risk", "figure", -1)).groups == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_changed_is_said_to_be_nothing(view, language):
    nothing = view(language=language)

    assert nothing.said == text("ahead.changes.none", language, date="13/04")
    assert nothing.groups == ()


def test_units_beyond_the_first_are_counted(view):
    got = [(f"X{number}", "commune", "at_risk", "unlikely", "figure", -1) for number in range(CHANGES_NAMED + 3)]

    ((_, named, more),) = view(*got).groups

    assert len(named) == CHANGES_NAMED
    assert more == "Còn 3 đơn vị khác."


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_its_words(view, reason, language):
    ((_, (unit,), _),) = view(("X1", "commune", "at_risk", "likely", reason, 1), language=language).groups

    assert unit.reason
