"""Rows of an answer, believed one by one: units matched, figures read, bad rows with all that they said."""

import json
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from jobs.fetching.checking import Checked, Checker
from jobs.fetching.values import ReportedFigure, ReportedScore
from models.core.columns import day_number
from targets.values import Source
from tests.jobs.pull_world import figure, source
from tests.models.conftest import UNITS, day, small_campaign

TODAY = day("8/3")
CAMPAIGN = small_campaign()
RECORDS = tuple(replace(unit, unit_id=number) for number, unit in enumerate(UNITS, start=1))
IDS = {unit.code: unit.unit_id for unit in RECORDS}


def check(*rows: ReportedFigure | ReportedScore, of: Source | None = None) -> Checked:
    checker = Checker(of or source("igate"), campaign=CAMPAIGN, units=RECORDS, today=TODAY)
    return checker.check(
        [row for row in rows if isinstance(row, ReportedFigure)],
        [row for row in rows if isinstance(row, ReportedScore)],
    )


def result(unit: str, **other) -> ReportedFigure:
    counts = {"numerator": 41, "denominator": 100} if "value" not in other else {"numerator": None}
    return figure(unit, other.pop("when", TODAY), **(counts | other))


def score(unit: str, **other) -> ReportedScore:
    row = {"place": f"row {unit}", "unit_code": unit, "unit_name": "", "indicator": "online", "as_of": TODAY}
    return ReportedScore(**(row | {"points": "7.5", "max_points": "10"} | other))


def test_good_row_becomes_a_reading_in_the_scope_of_its_level():
    checked = check(result("S1"), result("H1"), result("X1", scope="below"))

    rows = checked.frame
    assert rows["unit_id"].tolist() == [IDS["S1"], IDS["H1"], IDS["X1"]]
    assert rows["scope"].tolist() == ["own", "below", "below"]
    assert rows["as_of"].tolist() == [day_number(TODAY)] * 3
    assert (checked.received, checked.good, checked.bad_figures) == (3, 3, ())


def test_source_that_covers_more_than_its_level_says_so_for_all_its_rows():
    checked = check(result("X1"), of=source("igate", scope="below"))

    assert checked.frame["scope"].tolist() == ["below"]


@pytest.mark.parametrize(
    ("row", "numbers"),
    [
        (result("S1", numerator="1.030", denominator="1.365"), (1030, 1365, None)),
        (result("S1", numerator="41", denominator=None, value="41,6"), (41, None, 41.6)),
        (result("S1", value=41.6), (None, None, 41.6)),
        (result("S1", numerator=0, denominator=0), (0, 0, None)),
    ],
)
def test_figures_are_read_as_in_a_file(row, numbers):
    checked = check(row)

    found = checked.frame.iloc[0]
    assert tuple(None if np.isnan(found[name]) else found[name] for name in ("numerator", "denominator", "value")) == (
        numbers
    )


def test_qualifier_of_a_percent_is_kept():
    checked = check(result("S1", value=94, qualifier="about"))

    assert checked.frame["qualifier"].tolist() == ["about"]


@pytest.mark.parametrize(
    ("row", "problem", "where"),
    [
        (result("Z9"), "unit_code_unknown", "unit"),
        (result("", unit_name="Cục Thuế Trung ương"), "unit_unknown", "unit"),
        (result("S1", when=day("9/3")), "as_of_future", "as_of"),
        (result("S1", when=day("2/3")), "as_of_before", "as_of"),
        (result("S1", indicator="speed"), "indicator_unknown", "indicator"),
        (result("S1", indicator=""), "indicator_missing", "indicator"),
        (result("S1", numerator=101), "numerator_above_denominator", "numerator"),
        (result("S1", numerator="many"), "not_a_figure", "numerator"),
        (result("S1", value=101), "percent_above_hundred", "value"),
    ],
)
def test_bad_row_is_refused_with_its_reason(row, problem, where):
    checked = check(row, result("S2"))

    (bad,) = checked.bad_figures
    assert (bad.problem, bad.field, bad.place) == (problem, where, row.place)
    assert bad.sentence("vi")
    assert bad.sentence("en")
    assert len(checked.frame) == 1


def test_unit_that_has_ended_is_refused_with_who_follows_it():
    checker = Checker(source("igate"), campaign=CAMPAIGN, units=RECORDS, today=day("12/3"))

    checked = checker.check([result("X5", when=day("12/3"))])

    assert [bad.problem for bad in checked.bad_figures] == ["unit_succeeded"]


def test_namesakes_are_told_apart_by_the_day():
    """A unit that ended and the one that carries its name on."""
    older = replace(RECORDS[5], unit_id=50, code="X2a", name="UBND xã Mười", valid_to=day("5/3"))
    newer = replace(RECORDS[5], unit_id=51, code="X2b", name="UBND xã Mười", valid_from=day("6/3"))
    checker = Checker(source("igate"), campaign=CAMPAIGN, units=(*RECORDS, older, newer), today=TODAY)

    checked = checker.check(
        [result("", unit_name="UBND xã Mười", when=day(when), place=when) for when in ("5/3", "6/3")]
    )

    assert checked.frame["unit_id"].tolist() == [50, 51]


def test_namesakes_on_one_day_are_refused():
    twin = replace(RECORDS[5], unit_id=50, code="X2a", valid_to=day("20/3"))
    checker = Checker(source("igate"), campaign=CAMPAIGN, units=(*RECORDS, twin), today=TODAY)

    checked = checker.check([result("", unit_name="UBND xã Hai")])

    assert [bad.problem for bad in checked.bad_figures] == ["unit_ambiguous"]


@pytest.mark.parametrize(("code", "name"), [("77.H21", ""), ("", "Sở số một"), ("", "SỞ SỐ MỘT "), ("77.H21", "Sở Lạ")])
def test_source_own_map_of_units_goes_first(code, name):
    checked = check(result(code, unit_name=name), of=source("igate", units={"77.H21": "S1", "Sở số một": "S1"}))

    assert checked.frame["unit_id"].tolist() == [IDS["S1"]]


def test_indicators_that_are_not_to_be_taken_are_left_aside():
    checked = check(result("S1"), result("S1", indicator="payment"), of=source("igate", indicators=("payment",)))

    assert checked.frame["indicator"].tolist() == ["payment"]
    assert checked.received == 1


def test_indicator_may_be_named_by_its_portal_column():
    assert check(result("S1", indicator="ONLINE")).frame["indicator"].tolist() == ["online"]


def test_same_figure_twice_counts_once_and_another_one_is_refused():
    checked = check(result("S1"), result("S1", place="row 2"), result("S1", numerator=42, place="row 3"))

    (bad,) = checked.bad_figures
    assert (len(checked.frame), checked.repeated, checked.good) == (1, 1, 2)
    assert (bad.problem, bad.place, bad.terms) == ("told_otherwise", "row 3", {"first": "row S1"})


def test_row_without_a_figure_is_left_out_and_counted():
    checked = check(result("S1", numerator=None, denominator=None), result("S2"))

    assert (len(checked.frame), checked.bad_figures) == (1, ())
    assert [(warning.code, warning.terms["count"]) for warning in checked.warnings] == [("rows_without_figures", "1")]


def test_percent_that_its_counts_do_not_give_is_taken_and_said():
    checked = check(result("S1", numerator=21_683, denominator=306_958, value="7,01"))

    (warning,) = checked.warnings
    assert (warning.code, warning.terms["recomputed"]) == ("percent_differs", "7.06")
    assert len(checked.frame) == 1


def test_many_warnings_of_a_kind_are_named_up_to_twenty_and_counted():
    units = [replace(RECORDS[1], unit_id=100 + number, code=f"U{number}", name=f"Sở {number}") for number in range(25)]
    checker = Checker(source("igate"), campaign=CAMPAIGN, units=(*RECORDS, *units), today=TODAY)

    checked = checker.check([result(unit.code, value=90.0, numerator=1, denominator=10) for unit in units])

    assert [warning.code for warning in checked.warnings] == ["percent_differs"] * 20 + ["more_of_these"]


def test_bad_row_keeps_what_it_said_under_headings_that_an_import_understands():
    checked = check(result("Z9", unit_name="Sở Lạ", raw={"MA": "Z9", "CLGQ": "7.1"}))

    (bad,) = checked.bad_figures
    source_row = json.loads(bad.raw["source_row"])
    told_again = {name: value for name, value in bad.raw.items() if name != "source_row"}
    assert source_row == {"MA": "Z9", "CLGQ": "7.1"}
    assert told_again == {
        "unit": "Sở Lạ",
        "code": "Z9",
        "indicator": "online",
        "as_of": "2024-03-08",
        "numerator": "41",
        "denominator": "100",
    }


def test_score_stays_points_in_the_period_of_its_source():
    checked = check(score("S1"), score("P", indicator="", points="31.4", max_points=None, rank="9", rank_of=63))

    online, total = checked.scores
    assert (online.points, online.max_points, online.basis) == (Decimal("7.5"), Decimal(10), "month")
    assert (online.period_start, online.period_end) == (day("1/3"), day("31/3"))
    assert (total.indicator, total.points, total.max_points, total.rank) == ("", Decimal("31.4"), Decimal(40), 9)
    assert checked.good == 2


def test_score_without_its_most_points_has_those_of_the_indicator():
    assert check(score("S1", max_points=None)).scores[0].max_points == Decimal(10)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (score("S1", points="11"), "points_above_most"),
        (score("S1", points="7%"), "percent_in_points"),
        (score("S1", max_points="ten"), "not_a_figure"),
        (score("S1", rank="0"), "rank_impossible"),
        (score("S1", rank=9, rank_of=8), "rank_impossible"),
        (score("S1", rank="first"), "not_a_figure"),
        (score("Z9"), "unit_code_unknown"),
        (score("S1", as_of=day("9/3")), "as_of_future"),
    ],
)
def test_bad_score_is_refused_with_its_reason(row, problem):
    checked = check(row)

    (bad,) = checked.bad_scores
    assert bad.problem == problem
    assert checked.scores == ()


def test_score_told_twice_counts_once_and_otherwise_is_refused():
    checked = check(score("S1"), score("S1", place="row 2"), score("S1", points="8", place="row 3"))

    assert len(checked.scores) == 1
    assert [(bad.problem, bad.place) for bad in checked.bad_scores] == [("told_otherwise", "row 3")]


def test_score_that_says_nothing_is_left_out():
    checked = check(score("S1", points=None), score("S2"))

    assert (len(checked.scores), checked.bad_scores) == (1, ())
    assert [warning.code for warning in checked.warnings] == ["rows_without_figures"]


# --- never judged ---------------------------------------------------------------------------------------------------


def never_judged(checked: Checked) -> list[tuple[str, str]]:
    return [(one.code, one.terms["count"]) for one in checked.warnings if one.code.endswith("never_judged")]


@pytest.mark.parametrize(
    ("of", "rows", "said"),
    [
        (source("igate"), [result("H1"), result("X1")], []),
        (source("igate"), [result("H1", scope="own"), result("X1")], [("own_never_judged", "1")]),
        (replace(source("igate"), key="nobodys"), [result("H1"), result("X1")], [("source_never_judged", "2")]),
        (replace(source("igate"), basis="year"), [result("H1")], [("basis_never_judged", "1")]),
    ],
)
def test_pull_says_what_can_never_be_judged(of, rows, said):
    checked = check(*rows, of=of)

    assert never_judged(checked) == said
    assert len(checked.frame) == len(rows)


@pytest.mark.parametrize(
    ("measure", "row", "numbers"),
    [
        ("count", {"value": "1.200"}, (1200, None, None)),
        ("count", {"numerator": 825}, (825, None, None)),
        ("days", {"value": "7,5", "denominator": 120}, (None, 120, 7.5)),
        ("days", {"value": 132.0}, (None, None, 132)),
        ("units", {"value": "có"}, (1, 1, None)),
        ("units", {"value": "chưa"}, (0, 1, None)),
        ("units", {"value": "true"}, (1, 1, None)),
        ("units", {"value": "19/20"}, (19, 20, None)),
        ("percent", {"value": "7,5"}, (None, None, 7.5)),
    ],
)
def test_figure_is_read_as_its_indicator_is_measured_as_in_a_file(measure, row, numbers):
    indicators = tuple(replace(one, measured_in=measure) if one.key == "online" else one for one in CAMPAIGN.indicators)
    campaign = replace(CAMPAIGN, indicators=indicators)
    told = figure("S1", TODAY, **({"numerator": None, "denominator": None} | row))

    checked = Checker(source("igate"), campaign=campaign, units=RECORDS, today=TODAY).check([told])

    assert checked.bad_figures == ()
    found = checked.frame.iloc[0]
    assert tuple(None if np.isnan(found[name]) else found[name] for name in ("numerator", "denominator", "value")) == (
        numbers
    )
