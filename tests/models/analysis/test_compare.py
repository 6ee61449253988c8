"""Units beside one another: the parts of the province's number add up to what `standing` tells of it."""

import json
import math

import numpy as np
import pytest

from models.analysis.compare import find_before, find_comparison, find_past_values
from models.meetings.actions import freeze_figures
from targets.comparison.contribution import Snapshot, change_contributions, gap_contributions
from targets.standing.splitting import COUNTS, split_members
from tests.models.conftest import Small, context, day, on_each_engine
from tests.models.results.test_rows import two_weeks

EXACT = 1e-9


def compared(small: Small, when: str = "15/3", indicator: str = "online", **other):
    return small.asked(find_comparison, as_of=day(when), indicator=indicator, **other)


def result(small: Small) -> None:
    """Two weeks of figures on both sides of every rule: a department, a district with all below, one without."""
    two_weeks(small)
    small.load(("H1", "online", "13/3", 100, 340), ("X1", "online", "8/3", 10, 30), ("X3", "online", "8/3", 2, 6))


def parts_of(comparison, chosen):
    return split_members(
        members=comparison.members,
        in_sums=comparison.in_sums,
        own=comparison.own,
        parent=comparison.parent,
        chosen=chosen,
    )


def as_told(small: Small, when: str = "15/3"):
    """The province's row as the command prints it."""
    [row] = [row for row in small.rows(when, indicator="online") if row.unit == "P"]
    return json.loads(json.dumps(vars(row), default=str))


@pytest.mark.daily(1)
@on_each_engine
def test_members_add_up_to_the_province_s_own_counts(small: Small):
    result(small)

    comparison = compared(small)

    members, whole = comparison.members, as_told(small)
    assert np.nansum(members.numerator[comparison.in_sums]) == whole["numerator"]
    assert np.nansum(members.denominator[comparison.in_sums]) == whole["denominator"]


def test_nobody_under_a_district_that_tells_for_all_below_is_a_member(small: Small):
    result(small)

    comparison = compared(small)

    members = {row.unit for row, is_member in zip(comparison.rows, comparison.in_sums, strict=True) if is_member}
    assert members == {"S1", "S2", "H1", "H2", "X3"}


def test_unit_s_figure_in_the_other_scope_counts_where_the_pool_takes_it(small: Small):
    """H2's own counter is in the sums; its row is the sum of it and what is below."""
    result(small)

    comparison = compared(small)

    at = [row.unit for row in comparison.rows].index("H2")
    assert comparison.rows[at].denominator > 20
    assert comparison.members.denominator[at] == 20
    assert math.isnan(comparison.own.denominator[at])


@pytest.mark.daily(1)
@pytest.mark.parametrize("is_split", [False, True], ids=["members", "taken apart"])
def test_contributions_add_up_to_the_gap_and_the_change_that_standing_tells(small: Small, is_split):
    result(small)
    comparison, whole = compared(small), as_told(small)
    parts = parts_of(comparison, comparison.in_sums & is_split)
    counts, weight = parts.counts, np.ones(len(parts.unit))

    gap = gap_contributions(
        numerator=counts.numerator, denominator=counts.denominator, weight=weight, target=whole["target"]
    )
    before = Snapshot(counts.numerator - counts.week_numerator, counts.denominator - counts.week_denominator, weight)
    change = change_contributions(before, Snapshot(counts.numerator, counts.denominator, weight))

    assert parts.is_rest.any() == is_split
    assert math.fsum(gap.contribution) == pytest.approx(whole["gap"], abs=EXACT)
    assert math.fsum(change.rate_effect) + math.fsum(change.volume_effect) == pytest.approx(
        whole["week_change"], abs=EXACT
    )


def test_parents_are_places_among_the_rows(small: Small):
    comparison = compared(small)

    codes = [row.unit for row in comparison.rows]
    above = {code: codes[at] if at >= 0 else None for code, at in zip(codes, comparison.parent, strict=True)}
    assert above["X1"] == "H1"
    assert above["H1"] == "P"
    assert above["P"] is None
    assert codes[comparison.province] == "P"


def test_unit_that_has_ended_is_not_compared(small: Small):
    assert "X5" not in {row.unit for row in compared(small, "11/3").rows}
    assert "X5" in {row.unit for row in compared(small, "10/3").rows}


def test_ended_phase_is_compared_as_it_stood_on_its_due_date(small: Small):
    result(small)
    small.load(("S1", "online", "22/3", 120, 240), ("S1", "online", "28/3", 300, 400))

    comparison = compared(small, "28/3", phase="first")

    assert comparison.whole.phase == "first"
    assert comparison.whole.as_of == day("22/3")
    assert comparison.members.denominator[[row.unit for row in comparison.rows].index("S1")] == 240


def test_store_without_figures_has_members_of_nothing(small: Small):
    comparison = compared(small)

    assert not comparison.in_sums.any()
    assert all(np.isnan(getattr(comparison.members, name)).all() for name in COUNTS)


# --- earlier days ---------------------------------------------------------------------------------------------------


def test_past_values_are_those_of_the_kept_days(small: Small):
    result(small)

    found = small.asked(find_past_values, indicator="online", days=[day("8/3"), day("15/3")], units=["S1", "X2"])

    assert found["S1"] == {day("8/3"): 30.0, day("15/3"): 45.0}
    assert found["X2"] == {}


def test_today_is_compared_with_a_week_before_where_nobody_has_met_yet(small: Small):
    result(small)

    before = small.asked(find_before, as_of=day("15/3"), indicator="online")

    assert before.day == day("8/3")
    assert not before.is_meeting
    assert before.rows["S1"].value == 30.0


@pytest.mark.soak
def test_today_is_compared_with_the_figures_of_the_last_meeting_as_they_were_frozen(small: Small):
    result(small)
    small.changed(freeze_figures, as_of=day("13/3"), title="Tuần 2", context=context("13/3 18:00"))
    small.load(("H1", "online", "13/3", 50, 340), when="14/3 08:00")

    before = small.asked(find_before, as_of=day("15/3"), indicator="online")

    assert (before.day, before.is_meeting) == (day("13/3"), True)
    assert before.rows["H1"].numerator == 100
    assert {row.indicator for row in before.rows.values()} == {"online"}


def test_meeting_of_the_day_itself_is_nothing_to_compare_it_with(small: Small):
    result(small)
    small.changed(freeze_figures, as_of=day("15/3"), title="Tuần 2", context=context("15/3 18:00"))

    assert not small.asked(find_before, as_of=day("15/3"), indicator="online").is_meeting
