"""Which units are looked at, in which order, on which screen."""

import pytest

from pages.gaps.selection import PAGE_SIZE, SORTS, GapFilters, parents_of, select
from tests.pages.gap_rows import CAMPAIGN_WITH_LEVELS, ROWS, many


def found(rows=ROWS, **filters):
    selection = select(rows, GapFilters("online", **filters), CAMPAIGN_WITH_LEVELS)
    return [row.result.unit for row in selection.found]


def test_units_stand_group_by_group_and_the_most_cases_missing_come_first_in_each():
    assert found() == ["SYT", "SCT", "H21.54", "23557", "23560", "23563", "23566"]


@pytest.mark.parametrize(
    ("sort", "communes"),
    [
        ("gap_least", ["23560", "23557", "23563", "23566"]),
        ("cases", ["23557", "23560", "23563", "23566"]),
        ("value_most", ["23563", "23560", "23557", "23566"]),
        ("week", ["23557", "23560", "23563", "23566"]),
        ("standing", ["23557", "23560", "23566", "23563"]),
        ("name", ["23566", "23557", "23560", "23563"]),
        ("order", ["23557", "23560", "23563", "23566"]),
    ],
)
def test_order_is_the_one_chosen_with_unknown_figures_last(sort, communes):
    assert found(sort=sort, level="commune") == communes


@pytest.mark.parametrize("sort", SORTS)
def test_no_order_loses_a_unit(sort):
    assert sorted(found(sort=sort)) == sorted(row.result.unit for row in ROWS)


@pytest.mark.parametrize("words", ["đăk trôi", "dak troi", "DAK", "troi dak", "23557"])
def test_names_are_found_without_accents_capitals_or_order(words):
    assert found(q=words) == ["23557"]


def test_part_of_the_tree_holds_the_unit_at_its_top():
    assert found(parent="H21.54") == ["H21.54", "23557", "23560", "23563", "23566"]


def test_filters_narrow_one_another():
    assert found(parent="H21.54", level="commune", standing="stale", q="ia") == ["23563"]
    assert found(standing="missed") == []


def test_scope_keeps_the_units_that_standing_and_words_leave_out():
    selection = select(ROWS, GapFilters("online", level="commune", standing="stale"), CAMPAIGN_WITH_LEVELS)

    assert len(selection.scope) == 4


def test_parents_are_the_units_with_others_below_them():
    assert parents_of(ROWS) == {"H21.54": "UBND huyện Chư Sê"}


def test_screens_hold_25_units_and_a_page_too_far_is_the_last():
    first, last = (select(many(60), GapFilters("online", page=page), CAMPAIGN_WITH_LEVELS) for page in (1, 9))

    assert (len(first.shown), first.pages, first.first) == (PAGE_SIZE, 3, 0)
    assert (len(last.shown), last.page, last.first) == (10, 3, 50)


def test_empty_list_has_one_page():
    selection = select((), GapFilters("online"), CAMPAIGN_WITH_LEVELS)

    assert (selection.pages, selection.shown) == (1, ())


def test_whole_country_is_sorted_and_searched():
    rows = many(11_000)

    selection = select(rows, GapFilters("online", q="so 9"), CAMPAIGN_WITH_LEVELS)

    assert len(selection.shown) == PAGE_SIZE
