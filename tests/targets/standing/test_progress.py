"""Where units stand: examples drawn as tables, and every number against a slow, plain calculation in fractions."""

import math
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.figures import percent_in
from targets.standing.progress import (
    BY_GAP,
    BY_NOTHING,
    BY_PROBABILITY,
    SHORTFALLS,
    Cases,
    Progress,
    _banded,
    assess,
    rate,
)
from targets.values import QUALIFIERS, STANDINGS, Qualifier, Shortfall, Thresholds

THRESHOLDS = Thresholds(
    likely=Decimal("0.8"),
    at_risk=Decimal("0.5"),
    high_risk=Decimal("0.2"),
    gap_likely=Decimal(0),
    gap_at_risk=Decimal(5),
    gap_high_risk=Decimal(15),
)
BY = {BY_NOTHING: None, BY_GAP: "gap", BY_PROBABILITY: "probability"}


@dataclass(frozen=True)
class Case:
    """One unit, indicator, phase and day in exact numbers; None is unknown. By default: online, 40 of 100, 50 owed."""

    numerator: int | None = 40
    denominator: int | None = 100
    reported: Decimal | None = None
    qualifier: Qualifier | None = None
    high: Decimal | None = None
    has_reading: bool = True
    is_stale: bool = False
    is_thin: bool = False
    week_numerator: int | None = None
    week_denominator: int | None = None
    before: Decimal | None = None
    daily_cases: Fraction | None = None
    days_left: int | None = 20
    starts_anew: bool = False
    is_over: bool = False
    target: Decimal | None = Decimal(50)
    trajectory: Decimal | None = None
    ceiling: Decimal = Decimal(100)
    is_arriving: bool = True
    shortfall: Shortfall = "diluted"
    chance: Decimal | None = None
    trust: Decimal | None = Decimal(1)


OPEN_ENDED: dict[str, Any] = {"days_left": None}
DUE_TODAY: dict[str, Any] = {"days_left": 0}
ANEW: dict[str, Any] = {"days_left": None, "starts_anew": True}
OVER: dict[str, Any] = {"days_left": 0, "is_over": True}


def arrays(cases: list[Case]) -> Cases:
    """The cases as the columns that `assess` takes."""
    columns = {}
    for name in (field.name for field in fields(Case)):
        values = [getattr(case, name) for case in cases]
        if name == "shortfall":
            columns[name] = np.array([SHORTFALLS.index(value) for value in values], dtype=np.int64)
        elif name == "qualifier":
            columns[name] = np.array([QUALIFIERS.index(value) for value in values], dtype=np.int64)
        elif name.startswith(("is_", "has_", "starts_")):
            columns[name] = np.array(values, dtype=bool)
        else:
            columns[name] = np.array([math.nan if value is None else float(value) for value in values])
    return Cases(**columns)


def row(progress: Progress, at: int = 0) -> dict[str, Any]:
    """One element of the answer, by column; None where unknown."""
    found = {name: float(values[at]) for name, values in vars(progress).items() if name not in ("standing", "by")}
    result: dict[str, Any] = {name: None if math.isnan(value) else value for name, value in found.items()}
    return result | {"standing": STANDINGS[progress.standing[at]], "by": BY[progress.by[at]]}


def assess_one(**known: Any) -> dict[str, Any]:
    return row(assess(arrays([Case(**known)]), THRESHOLDS))


# --- every standing has an example ----------------------------------------------------------------------------------

# figure: counts or a percent alone; “>” a bound (trên), “~” one that may be less or more (xấp xỉ), “<” less (gần).
# “!” too old; “*” a sum of too few.
# path: the trajectory on the day. still: cases to come by the due date. by: what decided, gap bands or a probability p.
EXAMPLES = """
standing     | by  | figure   | target | path | shortfall  | still | due   | p    | because
no_target    | —   | 40/100   | —      | —    | diluted    | 20    | later | —    | nothing can be held against it
no_target    | —   | 40/100   | —      | —    | diluted    | 20    | over  | 0.9  | also after the end
no_target    | —   | nothing  | —      | —    | diluted    | —     | later | —    | before anything else
no_cases     | —   | 0/0      | 50     | 45   | diluted    | —     | later | —    | a commune without fee dossiers
no_cases     | —   | 0/0!     | 50     | 45   | diluted    | —     | later | —    | also by an old figure
no_cases     | —   | 0/0      | 50     | 50   | diluted    | —     | over  | —    | no cases, no miss
insufficient | —   | nothing  | 50     | 45   | diluted    | —     | later | —    | silence
insufficient | —   | 40/?     | 50     | 45   | diluted    | —     | later | —    | a count alone
insufficient | —   | nothing  | 50     | 50   | diluted    | —     | over  | —    | silence to the end
insufficient | —   | 60/100*  | 50     | 45   | diluted    | —     | later | 0.9  | a few units are no success
insufficient | —   | 40/100*  | 50     | 50   | diluted    | —     | over  | —    | nor a failure of all
insufficient | —   | 0/0*     | 50     | 45   | diluted    | —     | later | —    | a few without cases say nothing
stale        | —   | 60/100!  | 50     | 45   | diluted    | —     | later | —    | an old figure is never met
stale        | —   | 40/100!  | 50     | 50   | diluted    | —     | over  | —    | nor missed
met          | —   | 50/100   | 50     | 45   | diluted    | 20    | later | —    | exactly there
met          | —   | 60/100   | 50     | 45   | permanent  | 20    | later | 0.1  | a fact beats a probability
met          | —   | 50       | 50     | 45   | diluted    | —     | later | —    | a percent alone, exactly there
met          | —   | 50/100   | 50     | 50   | diluted    | —     | over  | —    | and stays so
missed       | —   | 49/100   | 50     | 50   | diluted    | —     | over  | —    | the due date has passed
met          | —   | >50      | 50     | 51   | diluted    | —     | later | —    | “trên 50” is more than 50
met          | —   | >100     | 100    | 99   | permanent  | —     | later | —    | also at 100
missed       | —   | <49      | 50     | 50   | repairable | —     | over  | —    | “gần 49” is less still
insufficient | —   | <50      | 50     | 50   | repairable | —     | over  | —    | “gần 50” decides neither way
insufficient | —   | >49      | 50     | 50   | repairable | —     | over  | —    | nor does “trên 49”
insufficient | —   | ~60      | 50     | 50   | repairable | —     | over  | —    | nor any “xấp xỉ”
out_of_reach | —   | 40/100   | 50     | 45   | diluted    | 19    | later | 0.9  | all 19 to come would not do
out_of_reach | —   | 95/100   | 98     | 94   | permanent  | 140   | later | —    | nor the 140 after five late answers
out_of_reach | —   | 99/100   | 100    | 98   | permanent  | 500   | later | —    | ahead, but one answer was late
out_of_reach | —   | 84/100   | 100    | 83   | permanent  | —     | later | —    | whatever is still to come
out_of_reach | —   | 99.9     | 100    | 98   | permanent  | —     | later | —    | by a percent alone
likely       | gap | 45/100   | 50     | 45   | diluted    | 20    | later | —    | on its path
likely       | gap | 48/100   | 50     | 45   | repairable | 20    | later | —    | ahead of it
likely       | gap | 95/100   | 98     | 94   | permanent  | 200   | later | —    | ahead, and 98 is still to be had
likely       | gap | 97.5     | 98     | 94   | permanent  | —     | later | —    | ahead, by a percent alone
at_risk      | gap | 40/100   | 50     | 45   | diluted    | 20    | later | —    | exactly 5 points behind
at_risk      | gap | 449/1000 | 50     | 45   | diluted    | 200   | later | —    | a tenth of a point behind
at_risk      | gap | >99      | 100    | 98   | permanent  | —     | later | —    | “trên 99” may be 100
at_risk      | gap | >45      | 50     | 46   | diluted    | —     | later | —    | a bound, judged by its bound
high_risk    | gap | 399/1000 | 50     | 45   | diluted    | 400   | later | —    | 5.1 points behind
high_risk    | gap | 30/100   | 50     | 45   | repairable | 20    | later | —    | exactly 15 points behind
high_risk    | gap | 299/1000 | 50     | 45   | repairable | 20    | later | —    | 15.1 points behind
likely       | p   | 30/100   | 50     | 45   | diluted    | 200   | later | 0.8  | from 80 %, whatever the gap
at_risk      | p   | 49/100   | 50     | 45   | diluted    | 20    | later | 0.79 | below 80 %
at_risk      | p   | 30/100   | 50     | 45   | repairable | 20    | later | 0.5  | from 50 %
high_risk    | p   | 49/100   | 50     | 45   | repairable | 20    | later | 0.49 | below 50 %
high_risk    | p   | 49/100   | 50     | 45   | diluted    | 20    | later | 0.2  | from 20 %
unlikely     | p   | 49/100   | 50     | 45   | diluted    | 20    | later | 0.19 | below 20 %
likely       | gap | 48/100   | 50     | 45   | permanent  | 20    | later | 0.1  | a permanent miss has no probability
likely       | gap | 45/100   | 50     | 45   | diluted    | —     | never | —    | an open-ended phase
out_of_reach | —   | 99/100   | 100    | 98   | permanent  | 500   | never | —    | also where nothing ends the phase
at_risk      | gap | 99/100   | 100    | 98   | permanent  | 500   | anew  | —    | next month starts at nothing
high_risk    | gap | 90/100   | 100    | 89   | permanent  | —     | anew  | —    | 10 points below this month's
high_risk    | gap | 40/100   | 50     | —    | diluted    | 20    | later | —    | no path: by the gap, 10 points
likely       | gap | ~60      | 50     | —    | diluted    | —     | later | —    | no path, and more than a band above
at_risk      | gap | <50      | 50     | 40   | diluted    | —     | later | —    | "gần 50" is less than 50
at_risk      | gap | <49      | 50     | 40   | diluted    | —     | later | —    | nor is "gần 49", which is no more
at_risk      | gap | <100     | 100    | 99   | permanent  | —     | later | —    | "gần 100" is a miss
high_risk    | gap | <40      | 50     | 50   | diluted    | —     | later | —    | behind as its bound is
likely       | gap | <55.1    | 50     | 40   | diluted    | —     | later | —    | a whole band beyond the target
"""


def drawn(table: str) -> list[dict[str, str]]:
    header, *rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [dict(zip(header, cells, strict=True)) for cells in rows]


def decimal(cell: str) -> Decimal | None:
    return None if cell == "—" else Decimal(cell)


def case_of(cells: dict[str, str]) -> Case:
    figure = cells["figure"].strip(">~<!*")
    known: dict[str, Any] = {"numerator": None, "denominator": None, "has_reading": figure != "nothing"}
    if "/" in figure:
        known |= {
            name: None if part == "?" else int(part)
            for name, part in zip(("numerator", "denominator"), figure.split("/"), strict=True)
        }
    elif known["has_reading"]:
        known["reported"] = Decimal(figure)
    due = {"later": {"days_left": 1}, "over": OVER, "never": OPEN_ENDED, "anew": ANEW}[cells["due"]]
    return Case(
        **known,
        **due,
        qualifier={">": "over", "~": "about", "<": "under"}.get(cells["figure"][0]),  # type: ignore[arg-type]
        is_stale=cells["figure"].endswith("!"),
        is_thin=cells["figure"].endswith("*"),
        target=decimal(cells["target"]),
        trajectory=decimal(cells["path"]),
        shortfall=cells["shortfall"],  # type: ignore[arg-type]  # the table's words are the type's
        daily_cases=None if cells["still"] == "—" else Fraction(cells["still"]),
        chance=decimal(cells["p"]),
    )


@pytest.mark.parametrize(
    "cells", [pytest.param(cells, id=f"{cells['standing']}: {cells['because']}") for cells in drawn(EXAMPLES)]
)
def test_standing_is_what_the_table_says_when_judged_by_hand(cells):
    progress = assess(arrays([case_of(cells)]), THRESHOLDS)

    by = {"—": None, "gap": "gap", "p": "probability"}[cells["by"]]
    assert (row(progress)["standing"], row(progress)["by"]) == (cells["standing"], by)


def test_examples_show_every_standing_when_taken_together():
    assert {cells["standing"] for cells in drawn(EXAMPLES)} == set(STANDINGS)


# --- the numbers, by name -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("numerator", "is_met"), [(49_999_999, False), (50_000_000, True)])
def test_met_is_exact_when_one_case_of_a_hundred_million_decides(numerator, is_met):
    answer = assess_one(numerator=numerator, denominator=100_000_000, target=Decimal(50), trajectory=Decimal(0))

    assert answer["standing"] == ("met" if is_met else "likely")
    assert answer["cases_missing"] == (0 if is_met else 1)


@pytest.mark.parametrize(("target", "is_met"), [("49.999998", True), ("49.999999", True), ("50", False)])
def test_met_is_exact_when_the_target_has_six_decimals(target, is_met):
    answer = assess_one(numerator=49_999_999, denominator=100_000_000, target=Decimal(target))

    assert (answer["standing"] == "met") is is_met


@pytest.mark.parametrize(
    ("reported", "target", "is_met"),
    [("49.999999", "50", False), ("50", "50", True), ("72.36", "72.37", False), ("72.37", "72.37", True)],
)
def test_met_is_exact_when_a_percent_stands_alone(reported, target, is_met):
    answer = assess_one(numerator=None, denominator=None, reported=Decimal(reported), target=Decimal(target))

    assert (answer["standing"] == "met") is is_met


@pytest.mark.parametrize("target", ["0.07", "7.01", "33.333333", "60", "67.37", "72.37", "77.37", "99.99", "100"])
def test_target_is_met_exactly_when_not_one_case_is_missing(target):
    owed = int(Fraction(target) * 10**6)

    short, there = (
        assess_one(numerator=owed + more, denominator=10**8, target=Decimal(target), trajectory=Decimal(100))
        for more in (-1, 0)
    )

    assert (short["standing"] == "met", there["standing"]) == (False, "met")
    assert (short["cases_missing"], there["cases_missing"], there["cases_needed"]) == (1, 0, 0)


def test_value_comes_from_the_counts_when_the_reported_percent_disagrees():
    """Tiền Giang reported 7,01% for 21.683/306.958, which is 7,06%."""
    answer = assess_one(numerator=21_683, denominator=306_958, reported=Decimal("7.01"), target=Decimal("7.05"))

    assert answer["value"] == pytest.approx(7.06383, abs=5e-6)
    assert answer["standing"] == "met"


def test_value_depends_on_the_denominator_when_the_same_dossiers_are_on_time():
    """Tiền Giang's on-time share: of the resolved and of the received dossiers, in round numbers."""
    of_resolved = assess_one(numerator=9_965, denominator=10_000, target=Decimal("99"), shortfall="permanent")
    of_received = assess_one(numerator=9_965, denominator=10_817, target=Decimal("99"), shortfall="permanent")

    assert (of_resolved["standing"], of_received["standing"]) == ("met", "high_risk")
    assert of_received["value"] == pytest.approx(92.12, abs=0.005)


def test_three_numbers_of_missing_dossiers_differ_when_half_of_306_958_is_owed():
    answer = assess_one(numerator=21_683, denominator=306_958, daily_cases=Fraction(10_000), days_left=30)

    assert answer["cases_missing"] == 153_479 - 21_683
    assert answer["cases_needed"] == 2 * (153_479 - 21_683)
    assert answer["share_needed"] == pytest.approx(100 * (303_479 - 21_683) / 300_000)
    assert answer["attainable"] == pytest.approx(100 * 321_683 / 606_958)


def test_share_needed_is_81_when_81_of_100_dossiers_to_come_must_be_right():
    """39 of 100 so far, 100 more by the due date, 60 % owed: 120 of 200, so 81 of the 100."""
    answer = assess_one(numerator=39, target=Decimal(60), daily_cases=Fraction(5), days_left=20)

    assert (answer["expected_cases"], answer["share_needed"], answer["attainable"]) == (100, 81, 69.5)
    assert (answer["cases_missing"], answer["cases_needed"]) == (21, 53)


def test_share_needed_is_nothing_when_the_target_holds_whatever_comes():
    answer = assess_one(numerator=90, daily_cases=Fraction(1), days_left=10)

    assert (answer["share_needed"], answer["cases_missing"], answer["cases_needed"]) == (0, 0, 0)


def test_one_dossier_is_all_or_nothing_when_it_is_the_only_one():
    right = assess_one(numerator=1, denominator=1)
    wrong = assess_one(numerator=0, denominator=1)

    assert (right["value"], right["standing"], right["cases_missing"]) == (100, "met", 0)
    assert (wrong["value"], wrong["cases_missing"], wrong["cases_needed"]) == (0, 1, 1)


def test_no_number_of_further_cases_is_enough_when_all_are_owed_and_one_is_missing():
    short = assess_one(numerator=99, target=Decimal(100))
    there = assess_one(numerator=100, target=Decimal(100))

    assert (short["cases_missing"], short["cases_needed"]) == (1, None)
    assert (there["cases_missing"], there["cases_needed"]) == (0, 0)


# Whether the whole volume to come is exactly enough. In binary fractions the last three would need a little more than
# all of it.
@pytest.mark.parametrize(
    ("target", "total", "to_come"),
    [("50", 100, 20), ("72.37", 10_000, 250), ("0.07", 10_000, 1), ("99.99", 10_000, 40), ("67.37", 20_000, 3)],
)
def test_target_is_lost_by_volume_only_when_every_case_to_come_is_one_too_few(target, total, to_come):
    owed = int(Fraction(target) / 100 * total)
    known: dict[str, Any] = {"denominator": total - to_come, "target": Decimal(target), "trajectory": Decimal(0)}

    enough, one_too_few = (
        assess_one(numerator=owed - to_come - less, daily_cases=Fraction(to_come), days_left=1, **known)
        for less in (0, 1)
    )

    assert (enough["standing"], enough["share_needed"]) == ("likely", 100)
    assert one_too_few["standing"] == "out_of_reach"
    assert one_too_few["share_needed"] > 100


@pytest.mark.parametrize(
    ("shortfall", "standing", "share", "attainable"),
    [
        ("repairable", "high_risk", None, 100),
        ("diluted", "out_of_reach", 250, 36.36),
        ("permanent", "out_of_reach", 250, 36.36),
    ],
)
def test_target_is_out_of_reach_by_volume_only_when_misses_stay(shortfall, standing, share, attainable):
    """30 of 100, ten more by the due date, half owed: 25 of the ten would have to be right."""
    answer = assess_one(
        numerator=30, daily_cases=Fraction(1), days_left=10, trajectory=Decimal(49), shortfall=shortfall
    )

    assert (answer["standing"], answer["share_needed"]) == (standing, share)
    assert answer["attainable"] == pytest.approx(attainable, abs=0.005)


@pytest.mark.parametrize(("days_left", "standing"), [(3, "likely"), (0, "out_of_reach")])
def test_target_is_out_of_reach_without_a_known_volume_only_when_no_day_is_left(days_left, standing):
    """Nothing came for weeks: a single case may come tomorrow. With the figure of the due date itself none may."""
    answer = assess_one(numerator=0, daily_cases=Fraction(0), days_left=days_left, trajectory=Decimal(0))

    assert (answer["standing"], answer["share_needed"]) == (standing, None)


@pytest.mark.parametrize("shortfall", ["diluted", "permanent"])
def test_bound_is_never_out_of_reach_when_the_true_figure_may_be_another(shortfall):
    counted = {"numerator": 30, "daily_cases": Fraction(1), "days_left": 10, "shortfall": shortfall}

    assert assess_one(**counted)["standing"] == "out_of_reach"
    for qualifier in QUALIFIERS[1:]:
        assert assess_one(**counted, qualifier=qualifier)["standing"] != "out_of_reach"


@pytest.mark.parametrize("shortfall", SHORTFALLS)
def test_due_date_still_counts_when_it_is_today(shortfall):
    today = assess_one(trajectory=Decimal(50), shortfall=shortfall, daily_cases=Fraction(10), **DUE_TODAY)
    tomorrow = assess_one(trajectory=Decimal(50), shortfall=shortfall, daily_cases=Fraction(10), **OVER)

    known = "high_risk" if shortfall == "repairable" else "out_of_reach"
    assert (today["standing"], tomorrow["standing"]) == (known, "missed")


def test_best_still_attainable_is_what_was_reached_when_the_phase_is_over():
    reached = [
        assess_one(shortfall=shortfall, daily_cases=Fraction(10), **OVER)["attainable"] for shortfall in SHORTFALLS
    ]

    assert reached == [40, 40, 40]


def test_best_still_attainable_is_unknown_when_the_phase_is_open_ended():
    answers = [assess_one(shortfall=shortfall, daily_cases=Fraction(10), **OPEN_ENDED) for shortfall in SHORTFALLS]

    for name in ("attainable", "share_needed", "expected_cases"):
        assert [answer[name] for answer in answers] == [None, None, None]


def test_best_still_attainable_is_the_ceiling_when_misses_can_be_mended():
    answer = assess_one(numerator=None, denominator=None, reported=Decimal(21), shortfall="repairable", ceiling=90)

    assert answer["attainable"] == 90


def test_no_cases_are_expected_when_a_stock_is_worked_off():
    answer = assess_one(is_arriving=False, daily_cases=Fraction(10), shortfall="permanent")

    assert (answer["expected_cases"], answer["attainable"], answer["share_needed"]) == (0, 40, None)


def test_rate_has_no_value_when_the_denominator_is_zero():
    """Also where a source reports 0 % for it: no dossier with a fee is not a rate of 0."""
    answers = [
        assess_one(numerator=numerator, denominator=0, reported=reported)
        for numerator in (0, None)
        for reported in (None, Decimal(0))
    ]

    for name in ("value", "gap", "cases_missing", "cases_needed", "attainable"):
        assert [answer[name] for answer in answers] == [None] * 4
    assert {answer["standing"] for answer in answers} == {"no_cases"}


def test_figure_is_neither_met_nor_likely_when_it_is_stale():
    answers = [
        assess_one(numerator=numerator, is_stale=True, trajectory=Decimal(0), **due, chance=Decimal("0.99"))
        for numerator in (0, 49, 50, 100)
        for due in ({}, DUE_TODAY, OVER, OPEN_ENDED)
    ]

    assert {(answer["standing"], answer["by"]) for answer in answers} == {("stale", None)}


BOUNDS = """
figure     | before: below | before: at | before: above | after: below | after: at    | after: above
trên 80%   | by its 80     | met        | met           | insufficient | met          | met
hơn 80%    | by its 80     | met        | met           | insufficient | met          | met
gần 80%    | by its 80     | by its 80  | by its 80     | missed       | insufficient | insufficient
dưới 80%   | by its 80     | by its 80  | by its 80     | missed       | insufficient | insufficient
xấp xỉ 80% | by its 80     | by its 80  | by its 80     | insufficient | insufficient | insufficient
80–90%     | by its 80     | met        | met           | insufficient | met          | met
60–80%     | by its 60     | by its 60  | by its 60     | missed       | insufficient | insufficient
"""
"""The table of definitions.md: a bound whose 80 lies below, at and above a target of 90, 80 and 70, before the due date
and after it. "By its 80": where the path does not owe that much, likely or at risk, and never met."""
TARGETS = {"below": Decimal(90), "at": Decimal(80), "above": Decimal(70)}


@pytest.mark.parametrize("cells", [pytest.param(cells, id=cells["figure"]) for cells in drawn(BOUNDS)])
@pytest.mark.parametrize("has_counts", [False, True])
def test_bound_decides_what_it_does_not_leave_open(cells, has_counts):
    figure = percent_in(cells["figure"])
    if has_counts and figure.qualifier != "range":
        known: dict[str, Any] = {"numerator": int(figure.number or 0), "denominator": 100}
    else:
        known = {"numerator": None, "denominator": None, "reported": figure.number, "high": figure.high}
    for column, expected in list(cells.items())[1:]:
        when, where = column.split(": ")
        target = TARGETS[where]
        due = OVER if when == "after" else {}
        answer = assess_one(**known, **due, qualifier=figure.qualifier, target=target, trajectory=Decimal(0))

        if expected.startswith("by its"):
            assert answer["standing"] in ("likely", "at_risk"), column
            assert answer["value"] == float(expected.removeprefix("by its "))
        else:
            assert answer["standing"] == expected, column


def test_table_of_bounds_is_that_of_the_definitions():
    page = (Path(__file__).parents[3] / "docs/reference/definitions.md").read_text(encoding="utf-8")
    told = [
        [cell.strip() for cell in line.strip(" |").split("|")] for line in page.splitlines() if line.count("|") == 8
    ]

    rows = [[cell.strip() for cell in line.split("|")] for line in BOUNDS.strip().splitlines()]
    assert [row for row in told if row in rows] == rows


@pytest.mark.parametrize("qualifier", QUALIFIERS[1:])
def test_bound_counts_no_dossiers(qualifier):
    answer = assess_one(qualifier=qualifier, high=Decimal(60), daily_cases=Fraction(10))

    assert {answer[name] for name in ("cases_missing", "cases_needed", "expected_cases", "share_needed")} == {None}


@given(data=st.data(), denominator=st.integers(1, 400), coming=st.integers(1, 200), target=st.integers(1, 100))
def test_what_is_out_of_reach_never_arrives_whatever_comes_of_the_cases_expected(data, denominator, coming, target):
    numerator = data.draw(st.integers(0, denominator))
    shortfall = data.draw(st.sampled_from(["diluted", "permanent"]))
    known = assess_one(
        numerator=numerator, denominator=denominator, target=Decimal(target), daily_cases=Fraction(coming),
        days_left=1, shortfall=shortfall, trajectory=Decimal(0), chance=Decimal("0.99"),
    )  # fmt: skip
    more = data.draw(st.integers(0, coming))
    right = data.draw(st.integers(0, more))

    arrives = 100 * (numerator + right) >= target * (denominator + more)

    assert not (known["standing"] == "out_of_reach" and arrives)
    # And nothing that all the cases expected could still mend is given up.
    assert (known["standing"] == "out_of_reach") == (100 * (numerator + coming) < target * (denominator + coming))


# --- one late dossier -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "known",
    [
        pytest.param({"numerator": 9_999, "denominator": 10_000}, id="before a volume is known"),
        pytest.param({"numerator": 9_999, "denominator": 10_000, "daily_cases": 10**6}, id="whatever is to come"),
        pytest.param({"numerator": 9_999, "denominator": 10_000, "daily_cases": 0}, id="with nothing to come"),
        pytest.param({"numerator": 99_999_999, "denominator": 10**8}, id="of a hundred million"),
        pytest.param({"numerator": None, "denominator": None, "reported": Decimal("99.99")}, id="by a percent alone"),
        pytest.param({"numerator": 9_999, "denominator": 10_000, **OPEN_ENDED}, id="in an open-ended phase"),
    ],
)
def test_cumulative_100_percent_is_never_likely_when_one_case_was_missed(known):
    """Far ahead and sure by a probability: what cannot be reached is not likely (definitions.md, "Standing")."""
    answer = assess_one(
        **known, target=Decimal(100), trajectory=Decimal(90), shortfall="permanent", chance=Decimal("0.99")
    )

    assert (answer["standing"], answer["by"]) == ("out_of_reach", None)


@pytest.mark.parametrize("shortfall", ["repairable", "diluted"])
def test_100_percent_may_be_likely_when_the_miss_is_no_lasting_one(shortfall):
    answer = assess_one(numerator=99, target=Decimal(100), trajectory=Decimal(90), shortfall=shortfall)

    assert answer["standing"] == "likely"


def test_target_below_100_may_be_likely_when_later_cases_can_make_up_for_the_miss():
    known: dict[str, Any] = {"target": Decimal(98), "trajectory": Decimal(94), "shortfall": "permanent"}

    within, beyond = (
        assess_one(numerator=95, daily_cases=Fraction(cases), days_left=1, **known) for cases in (150, 149)
    )

    assert (within["attainable"], within["standing"]) == (98, "likely")
    assert (beyond["attainable"] < 98, beyond["standing"]) == (True, "out_of_reach")


# --- gap bands ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "numerator", "denominator", "standing"),
    [
        ("49.224", 6_153, 12_500, "likely"),
        ("8.05", 305, 10_000, "at_risk"),
        ("8.05", 304, 10_000, "high_risk"),
        ("72.37", 6_737, 10_000, "at_risk"),
        ("72.37", 5_737, 10_000, "high_risk"),
        ("72.37", 5_736, 10_000, "high_risk"),
    ],
)
def test_gap_band_includes_its_limit_when_a_unit_lies_exactly_on_it(path, numerator, denominator, standing):
    """8.05 − 3.05 is 5 points, though in binary fractions it is a little more."""
    answer = assess_one(
        numerator=numerator, denominator=denominator, trajectory=Decimal(path), target=Decimal(100)
    )  # fmt: skip

    assert (answer["standing"], answer["by"]) == (standing, "gap")


def test_gap_bands_are_the_campaigns_when_it_sets_others():
    strict = Thresholds(
        likely=Decimal("0.9"), at_risk=Decimal("0.6"), high_risk=Decimal("0.3"),
        gap_likely=Decimal(-2), gap_at_risk=Decimal(1), gap_high_risk=Decimal(2),
    )  # fmt: skip
    cases = [Case(trajectory=Decimal(path)) for path in ("38", "39", "41", "42", "42.5")]
    cases += [Case(chance=Decimal(p)) for p in ("0.9", "0.89", "0.59", "0.29")]

    progress = assess(arrays(cases), strict)

    assert [STANDINGS[code] for code in progress.standing] == [
        *("likely", "at_risk", "at_risk", "high_risk", "high_risk"),
        *("likely", "at_risk", "high_risk", "unlikely"),
    ]


# --- gap and week --------------------------------------------------------------------------------------------------


@pytest.mark.daily(8)
@pytest.mark.parametrize("chance", ["0", "0.3", "0.6", "1"])
@pytest.mark.parametrize("path", ["20", "38", "43", "48", "80"])
def test_standing_goes_over_step_by_step_when_a_projection_earns_its_trust(path, chance):
    """From the gap's to the probability's, one standing after the other; the darkest only by a probability."""
    order = ["likely", "at_risk", "high_risk", "unlikely"]
    cases = [Case(trajectory=Decimal(path), chance=Decimal(chance), trust=Decimal(trust) / 100) for trust in range(101)]

    found = [row(assess(arrays([case]), THRESHOLDS)) for case in cases]

    steps = [order.index(result["standing"]) for result in found]
    assert all(abs(after - before) <= 1 for before, after in pairwise(steps))
    assert steps in (sorted(steps), sorted(steps, reverse=True))
    assert [result["by"] for result in found] == ["gap"] * 100 + ["probability"]
    assert "unlikely" not in [result["standing"] for result in found[:100]]


@pytest.mark.parametrize(
    ("gap", "probability"), [("likely", "likely"), ("at_risk", "at_risk"), ("high_risk", "high_risk")]
)
def test_limit_of_a_gap_is_worth_the_probability_it_stands_in_for(gap, probability):
    behind = np.array([float(getattr(THRESHOLDS, f"gap_{gap}"))])

    assert _banded(behind, THRESHOLDS) == [float(getattr(THRESHOLDS, probability))]


def test_gap_is_negative_when_the_target_is_exceeded():
    answer = assess_one(numerator=60, trajectory=Decimal(45))

    assert (answer["gap"], answer["ahead"]) == (-10, 15)


def test_this_weeks_dossiers_show_what_the_cumulative_rate_hides_when_two_snapshots_differ():
    """40 of 100, and 18 of the last 20: the rate rose by 12.5 points, this week's by far more."""
    answer = assess_one(week_numerator=18, week_denominator=20)

    assert (answer["week_value"], answer["week_change"]) == (90, 12.5)


@pytest.mark.parametrize(("week", "rate_of_week"), [((0, 5), 0), ((5, 5), 100), ((1, 1), 100), ((0, 1), 0)])
def test_this_weeks_rate_may_be_none_or_all_when_there_are_cases(week, rate_of_week):
    answer = assess_one(week_numerator=week[0], week_denominator=week[1])

    assert answer["week_value"] == rate_of_week


def test_change_counts_from_a_single_dossier_when_that_was_all_a_week_ago():
    answer = assess_one(week_numerator=39, week_denominator=99)

    assert answer["week_change"] == -60


def test_no_change_is_told_when_the_period_began_within_the_week():
    """The earlier snapshot is an empty one: a reset is never shown as a fall."""
    answer = assess_one(week_numerator=40, week_denominator=100)

    assert (answer["week_value"], answer["week_change"]) == (40, None)


@pytest.mark.parametrize(
    "week",
    [
        pytest.param((0, 0), id="no new cases"),
        pytest.param((-1, 5), id="fewer right ones than before"),
        pytest.param((6, 5), id="more right ones than cases"),
        pytest.param((-2, -3), id="fewer cases than before"),
        pytest.param((None, None), id="no earlier snapshot"),
    ],
)
def test_this_weeks_rate_is_unknown_when_the_difference_makes_none(week):
    answer = assess_one(week_numerator=week[0], week_denominator=week[1])

    assert answer["week_value"] is None


def test_change_is_the_difference_of_two_percents_when_percents_stand_alone():
    answer = assess_one(numerator=None, denominator=None, reported=Decimal("41.5"), before=Decimal(44))

    assert (answer["week_value"], answer["week_change"]) == (None, -2.5)


def test_week_says_nothing_when_the_figure_is_stale():
    counted = assess_one(week_numerator=18, week_denominator=20, is_stale=True)
    percent = assess_one(numerator=None, denominator=None, reported=Decimal(41), before=Decimal(44), is_stale=True)

    assert (counted["week_value"], counted["week_change"], percent["week_change"]) == (None, None, None)


def test_nothing_is_answered_when_nothing_is_asked():
    progress = assess(arrays([]), THRESHOLDS)

    assert {len(values) for values in vars(progress).values()} == {0}


def test_rate_prefers_counts_when_both_counts_and_a_percent_are_told():
    unknown = math.nan

    rates = rate(
        np.array([1.0, 1.0, unknown, 0.0, unknown]),
        np.array([4.0, unknown, unknown, 0.0, 0.0]),
        np.array([99.0, 30.0, 31.0, 32.0, 33.0]),
    )

    assert [None if math.isnan(value) else value for value in rates] == [25, 30, 31, None, None]


# --- every number of every case, against a plain calculation --------------------------------------------------------


def plain_rate(numerator: int | None, denominator: int | None, reported: Decimal | None) -> Fraction | None:
    if denominator == 0:
        return None
    if numerator is not None and denominator is not None:
        return Fraction(100 * numerator, denominator)
    return None if reported is None else Fraction(reported)


def plain(case: Case) -> dict[str, Any]:
    """definitions.md, "Numbers of a row" and "Standing", for one case in exact fractions, sentence by sentence."""
    n, d = case.numerator, case.denominator
    has_counts = n is not None and d is not None and d > 0 and case.qualifier is None
    target = None if case.target is None else Fraction(case.target)
    value = plain_rate(n, d, case.reported)
    gap = None if target is None or value is None else target - value
    path = None if case.trajectory is None else Fraction(case.trajectory)
    ahead = None if path is None or value is None else value - path

    missing = needed = None
    if has_counts and target is not None:
        short = target / 100 * d - n
        missing = max(0, math.ceil(short))
        if short <= 0:
            needed = 0
        elif target < 100:
            needed = math.ceil(short / (1 - target / 100))

    expected = None
    if has_counts and case.days_left is not None and not case.is_stale:
        if not case.is_arriving:
            expected = 0
        elif case.daily_cases is not None:
            expected = round(case.daily_cases * case.days_left)

    attainable = share = None
    if case.shortfall == "repairable":
        if value is not None and case.days_left is not None:
            attainable = value if case.is_over else Fraction(case.ceiling)
    elif expected is not None:
        attainable = Fraction(100 * (n + expected), d + expected)
        if expected > 0 and target is not None:
            share = max(Fraction(0), 100 * (target / 100 * (d + expected) - n) / expected)

    week_value = week_change = None
    week_n, week_d = case.week_numerator, case.week_denominator
    if week_n is not None and week_d is not None and 0 <= week_n <= week_d and week_d > 0 and not case.is_stale:
        # What was mended this week belongs to cases of any week.
        week_value = None if case.shortfall == "repairable" else Fraction(100 * week_n, week_d)
    if value is not None and not case.is_stale:
        if n is None or d is None:
            earlier = None if case.before is None else Fraction(case.before)
        elif week_n is None or week_d is None or d - week_d <= 0:
            earlier = None
        else:
            earlier = Fraction(100 * (n - week_n), d - week_d)
        week_change = None if earlier is None else value - earlier

    standing, by = plain_standing(case, value=value, gap=gap, ahead=ahead, share=share, attainable=attainable)
    return {
        "value": value,
        "gap": gap,
        "cases_missing": missing,
        "cases_needed": needed,
        "expected_cases": expected,
        "share_needed": share,
        "attainable": attainable,
        "week_value": week_value,
        "week_change": week_change,
        "ahead": ahead,
        "standing": standing,
        "by": by,
    }


def plain_standing(
    case: Case,
    *,
    value: Fraction | None,
    gap: Fraction | None,
    ahead: Fraction | None,
    share: Fraction | None,
    attainable: Fraction | None,
) -> tuple[str, str | None]:
    """The order of precedence of definitions.md, "Standing"."""
    if case.target is None:
        return "no_target", None
    if case.has_reading and case.denominator == 0 and not case.is_thin:
        return "no_cases", None
    if not case.has_reading or value is None or gap is None or case.is_thin:
        return "insufficient", None
    if case.is_stale:
        return "stale", None
    # The lowest and the highest that the true figure may be; None where the bound does not say.
    lowest = None if case.qualifier in ("about", "under", "less") else value
    highest = None if case.qualifier in ("about", "over", "more") else value
    if case.qualifier == "range":
        highest = case.high and Fraction(case.high)
    if lowest is not None and lowest >= case.target:
        return "met", None
    if case.is_over and highest is not None and highest < case.target:
        return "missed", None
    if case.is_over:
        return "insufficient", None
    is_beyond = share is not None and share > 100
    is_beyond |= case.days_left == 0 and case.shortfall != "repairable" and attainable is not None
    has_miss = case.shortfall == "permanent" and case.target == 100 and value < 100
    if case.qualifier is None and (is_beyond or (has_miss and not case.starts_anew)):
        return "out_of_reach", None
    limits = THRESHOLDS
    cannot_be_reached = case.shortfall == "permanent" and (
        (attainable is not None and attainable < case.target) or (case.target == 100 and value < 100)
    )
    if cannot_be_reached:
        behind = gap
    elif ahead is None:
        behind = max(gap, Fraction(0))
    else:
        behind = -ahead
    is_near = -gap > Fraction(limits.gap_at_risk) and case.qualifier != "less"
    is_doubtful = lowest is None and not is_near
    trust = Fraction(0)
    if case.chance is not None and case.trust is not None and case.shortfall != "permanent":
        trust = Fraction(case.trust)
    chance = trust * Fraction(case.chance or 0) + (1 - trust) * plain_worth(behind)
    for word in ("likely", "at_risk", "high_risk"):
        # A millionth beside a limit is the arithmetic's.
        if chance >= Fraction(getattr(limits, word)) - Fraction(1, 10**9) and not (
            word == "likely" and (cannot_be_reached or is_doubtful)
        ):
            return word, "probability" if trust == 1 else "gap"
    return ("unlikely", "probability") if trust == 1 else ("high_risk", "gap")


def plain_worth(behind: Fraction) -> Fraction:
    """The probability that a gap stands in for, on straight lines between the limits."""
    limits = [Fraction(-5), Fraction(0), Fraction(5), Fraction(15), Fraction(25)]
    worth = [Fraction(1), Fraction(4, 5), Fraction(1, 2), Fraction(1, 5), Fraction(0)]
    if behind <= limits[0]:
        return worth[0]
    for at in range(1, len(limits)):
        if behind <= limits[at]:
            part = (behind - limits[at - 1]) / (limits[at] - limits[at - 1])
            return worth[at - 1] + part * (worth[at] - worth[at - 1])
    return Fraction(0)


def is_same(result: Any, expected: Any) -> bool:
    if result is None or expected is None or isinstance(expected, str):
        return bool(result == expected)
    return math.isclose(result, float(expected), rel_tol=1e-9, abs_tol=1e-7)


percents = st.sampled_from([Decimal(text) for text in ("0", "0.3", "40.3", "50", "67.37", "72.37", "95", "100")])
percents |= st.decimals(0, 100, places=2)
targets = (
    st.sampled_from([Decimal(text) for text in ("50", "60", "72.37", "77.37", "90", "100", "33.333333", "99.999999")])
    | percents
)
sizes = st.sampled_from([1, 2, 3, 60, 100, 10_000, 10**8]) | st.integers(1, 10**8)


@st.composite
def counts(draw: st.DrawFn, target: Decimal | None) -> tuple[int | None, int | None]:
    """Counts: any, none, one of the two, of nothing; often exactly at the target, or one case beside it."""
    kind = draw(st.sampled_from(["any", "edge", "edge", "edge", "none", "half", "zero"]))
    denominator = draw(sizes)
    if kind == "zero":
        return draw(st.sampled_from([0, None])), 0
    if kind == "none":
        return None, None
    if kind == "half":
        return draw(st.sampled_from([(denominator, None), (None, denominator)]))
    if kind == "any" or target is None:
        return draw(st.integers(0, denominator)), denominator
    owed = math.ceil(Fraction(target) / 100 * denominator) + draw(st.integers(-1, 1))
    return min(max(owed, 0), denominator), denominator


@st.composite
def cases(draw: st.DrawFn) -> Case:
    target = draw(targets | st.none())
    numerator, denominator = draw(counts(target))
    left = draw(st.integers(1, 5) | st.integers(1, 100))
    due = draw(st.sampled_from([OPEN_ENDED, DUE_TODAY, OVER]) | st.just({"days_left": left}))
    numbers: dict[str, Any] = {
        # An odd number of working days, so that half a case never comes about.
        "daily_cases": draw(st.none() | st.builds(Fraction, st.integers(0, 10**6), st.sampled_from([1, 3, 7, 19, 21]))),
        "week_numerator": draw(st.none() | st.integers(-3, 50)),
        "week_denominator": draw(st.none() | st.integers(-3, 60)),
        "reported": draw(st.none() | percents | st.just(target)),
        "before": draw(st.none() | percents),
        "trajectory": draw(st.none() | percents),
        "ceiling": draw(st.sampled_from([Decimal(100), Decimal("97.5")])),
        "chance": draw(st.none() | st.decimals(0, 1, places=2)),
        "trust": draw(st.sampled_from([Decimal(0), Decimal("0.25"), Decimal("0.5"), Decimal("0.99"), Decimal(1)])),
        "shortfall": draw(st.sampled_from(SHORTFALLS)),
    }
    has_reading = draw(st.sampled_from([True, True, True, False]))
    if not has_reading:
        numerator = denominator = None
        numbers |= dict.fromkeys(("reported", "before", "week_numerator", "week_denominator", "daily_cases"))
    shortfall_by_due = draw(st.sampled_from([None, None, -1, 0, 1]))
    if shortfall_by_due is not None and numerator is not None and denominator and target and due.get("days_left"):
        # Exactly as many cases still to come as are missing, or one beside it.
        coming = max(0, math.ceil(Fraction(target) / 100 * denominator) - numerator + shortfall_by_due)
        numbers["daily_cases"] = Fraction(coming)
        due = due | {"days_left": 1}
    flags = {
        "qualifier": draw(st.sampled_from([None, None, None, *QUALIFIERS])),
        "high": draw(percents),
        "starts_anew": draw(st.booleans()),
        "is_stale": draw(st.sampled_from([False, False, False, True])) and has_reading,
        "is_thin": draw(st.sampled_from([False, False, False, True])) and has_reading,
        "is_arriving": draw(st.sampled_from([True, True, False])),
    }
    return Case(
        numerator=numerator, denominator=denominator, target=target, has_reading=has_reading, **numbers, **due, **flags
    )


@given(st.lists(cases(), min_size=1, max_size=12))
def test_progress_is_what_a_plain_calculation_gives_when_cases_are_assessed_together(several):
    progress = assess(arrays(several), THRESHOLDS)

    for at, case in enumerate(several):
        expected = plain(case)
        result = row(progress, at)
        assert {name: result[name] for name in expected if not is_same(result[name], expected[name])} == {}, (
            {name: expected[name] for name in expected if not is_same(result[name], expected[name])},
            case,
        )
