"""Result rows of the small campaign (see conftest.py), worked out by hand.

The drawn tables run on both engines; what follows them is arithmetic that no engine has a part in.
"""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import select

from models.core.columns import day_number
from models.results.completeness import find_completeness
from models.results.kept import bring_units_up_to_date
from models.results.overview import find_overview
from models.results.rows import Results
from models.tables import DailySum
from targets.values import Knot, Phase, UnitPhase
from tests.models.conftest import (
    UNITS,
    Small,
    at,
    baseline,
    central,
    day,
    on_each_engine,
    postgresql_in_soak,
    small_campaign,
    small_files,
    with_indicator,
)

FIRST_TWO_WEEKS = (
    ("S1", "online", "8/3", 30, 100),
    ("S1", "online", "15/3", 90, 200),
    ("S2", "online", "6/3", 20, 40),
    ("S2", "online", "14/3", 70, 100),
    ("H1", "online", "8/3", 60, 200),
    ("H1", "online", "15/3", 120, 400),
    ("X1", "online", "15/3", 30, 60),
    ("X3", "online", "15/3", 4, 10),
    ("X4", "online", "15/3", None, None, 40.0),
)
"""On Friday 15 March, day 12: ten working days done, five left to 22 March, twenty to 12 April."""
OWN_COUNTER_OF_H2 = ("H2", "online", "15/3", 10, 20)


def two_weeks(small: Small) -> None:
    small.load(*FIRST_TWO_WEEKS)
    small.load(OWN_COUNTER_OF_H2, scope="own")


def drawn(table: str) -> list[tuple[str, dict[str, str]]]:
    """The rows of a drawn table: the unit, and its other columns."""
    header, *lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [(cells[0], dict(zip(header[1:], cells[1:], strict=True))) for cells in lines]


def is_as_drawn(found: object, expected: str) -> bool:
    if expected == "-":
        return found is None
    return found == expected if isinstance(found, str) else found == pytest.approx(float(expected), abs=0.00005)


ONLINE_ON_15_MARCH = """
    unit | phase  | value   | target | gap    | cases_missing | cases_needed | standing
    P    | first  | 40.2740 | 50     | 9.7260 | 71            | 142          | likely
    S1   | first  | 45      | 50     | 5      | 10            | 20           | at_risk
    S2   | second | 70      | 77.37  | 7.37   | 8             | 33           | at_risk
    H1   | first  | 30      | 50     | 20     | 80            | 160          | high_risk
    X1   | first  | 50      | 50     | 0      | 0             | 0            | met
    X3   | first  | 40      | 50     | 10     | 1             | 2            | high_risk
    X4   | first  | 40      | 50     | 10     | -             | -            | at_risk
"""
COMING_AFTER_15_MARCH = """
    unit | expected_cases | share_needed | attainable | trajectory | ahead    | needed_pace | coverage
    P    | 371            | 69.1375      | 60.3996    | 35.6667    | 4.6073   | 9.7260      | 0.83333
    S1   | 100            | 60           | 63.3333    | 46.6667    | -1.6667  | 5           | 1
    S2   | 233            | 80.5331      | 90.9910    | 72.8245    | -2.8245  | 1.7548      | 1
    H1   | 200            | 90           | 53.3333    | 43.3333    | -13.3333 | 20          | 1
    X1   | 30             | 50           | 66.6667    | 40         | 10       | 0           | 1
    X3   | 5              | 70           | 60         | 45         | -5       | 10          | 1
    X4   | -              | -            | -          | 45         | -5       | 10          | 1
"""
"""S2 told on the 14th: 21 working days are left from there, the others have five."""
WAY_FROM_15_MARCH = """
    unit | pace    | projection | probability | by
    P    | 6.8544  | -          | -           | gap
    S1   | 15      | 51.3950    | -           | gap
    S2   | 16.6667 | -          | -           | gap
    H1   | 0       | 30.0002    | -           | gap
    X1   | -       | 50         | -           | -
    X3   | -       | 40.0264    | -           | gap
    X4   | -       | -          | -           | gap
"""
"""Ten working days after the start: who told on the 14th has one too few to be projected, and so has the sum; X4 told
one percent alone. S1 rose from 30 to 45 in the five working days from the 8th to the 15th."""
WEEK_TO_15_MARCH = """
    unit | week_numerator | week_denominator | week_value | week_change
    P    | 170            | 360              | 47.2222    | 6.7605
    S1   | 60             | 100              | 60         | 15
    S2   | 50             | 60               | 83.3333    | 20
    H1   | 60             | 200              | 30         | 0
    X1   | -              | -                | -          | -
    X4   | -              | -                | -          | -
"""


# --- one day by hand ------------------------------------------------------------------------------------------------


@postgresql_in_soak
@pytest.mark.parametrize("table", [ONLINE_ON_15_MARCH, COMING_AFTER_15_MARCH, WAY_FROM_15_MARCH, WEEK_TO_15_MARCH])
def test_result_row_holds_the_numbers_worked_out_by_hand(small, table):
    two_weeks(small)

    found = small.standing("15/3")

    for unit, columns in drawn(table):
        row = found[unit, "online"]
        wrong = {
            name: getattr(row, name) for name, result in columns.items() if not is_as_drawn(getattr(row, name), result)
        }
        assert wrong == {}, f"{unit}: {wrong}"


@on_each_engine
def test_sums_of_a_day_count_nobody_twice(small):
    two_weeks(small)

    with small.store.reading() as session:
        rows = session.exec(select(DailySum).where(DailySum.day == day("15/3"), DailySum.indicator == "online")).all()

    sums = {row.pool: (row.numerator, row.denominator, row.counted, row.percent_only, row.expected) for row in rows}
    assert sums == {
        # S1 + S2 + H1 with its communes + H2's own counter + X3; X4 told a percent alone, X2 is answered for by H1
        "province": (294, 730, 5, 1, 6),
        "level:department": (160, 300, 2, 0, 2),
        "level:district": (120, 400, 1, 0, 2),
        "level:commune": (34, 70, 2, 1, 4),
    }


def test_province_counts_a_districts_communes_one_by_one_once_its_own_sum_is_stale(small):
    small.load(("H1", "online", "8/3", 60, 200), ("X1", "online", "15/3", 30, 60), ("X2", "online", "15/3", 5, 40))

    province = small.standing("15/3")["P", "online"]

    assert (province.numerator, province.denominator) == (35, 100)


def test_province_leaves_its_own_reported_rate_out_of_the_sum(small):
    small.load(("P", "online", "15/3", 900, 1000), ("S1", "online", "15/3", 30, 100))

    province = small.standing("15/3")["P", "online"]

    assert (province.numerator, province.denominator) == (30, 100)


def test_province_has_no_figure_when_all_that_was_told_are_percents(small):
    small.load(("S1", "online", "15/3", None, None, 45.0), ("X4", "online", "15/3", None, None, 40.0))

    province = small.standing("15/3")["P", "online"]

    assert (province.value, province.standing, province.coverage) == (None, "insufficient", 0)


def test_counts_decide_the_value_when_the_reported_percent_disagrees(small):
    small.load(("S1", "online", "15/3", 21_683, 306_958, 7.01))

    row = small.standing("15/3")["S1", "online"]

    assert row.value == pytest.approx(7.0638, abs=0.0001)


def test_value_at_exactly_the_target_is_met_though_no_float_holds_it(small):
    small.load(("S2", "online", "12/3", 7237, 10_000))

    row = small.standing("12/3")["S2", "online"]

    assert (row.target, row.standing, row.cases_missing) == (72.37, "met", 0)


@postgresql_in_soak
def test_bound_is_kept_as_it_was_told_and_judged_by_what_it_leaves_open(small):
    small.load(
        ("S1", "online", "15/3", None, None, 94.0, "about"),
        ("S2", "online", "15/3", None, None, 94.0, "over"),
        ("X1", "online", "15/3", None, None, (90.0, 100.0), "range"),
        ("X2", "online", "15/3", None, None, 20.0, "less"),
    )

    rows = {unit: small.standing("15/3")[unit, "online"] for unit in ("S1", "S2", "X1", "X2")}
    told = {unit: (row.qualifier, row.value, row.value_high, row.standing) for unit, row in rows.items()}
    assert told == {
        "S1": ("about", 94.0, None, "likely"),
        "S2": ("over", 94.0, None, "met"),
        "X1": ("range", 90.0, 100.0, "met"),
        "X2": ("less", 20.0, None, "at_risk"),
    }
    assert all(row.is_bound and not row.has_counts for row in rows.values())


def test_bound_of_counts_is_in_no_sum_and_is_counted_beside_percents_alone(small):
    small.load(
        ("S1", "online", "15/3", 40, 100),
        ("S2", "online", "15/3", 4000, 5000, None, "about"),
        ("X1", "online", "15/3", None, None, 30.0),
    )

    row = small.standing("15/3")["P", "online"]

    assert (row.numerator, row.denominator, row.is_bound) == (40, 100, False)
    with small.store.reading() as session:
        sums = session.exec(select(DailySum).where(DailySum.day == day("15/3"), DailySum.indicator == "online"))
        counted = {found.pool: (found.numerator, found.counted, found.percent_only) for found in sums}
    assert (counted["province"], counted["level:department"]) == ((40, 1, 2), (40, 1, 1))


def test_nothing_is_worked_out_between_a_bound_and_another_figure(small):
    small.load(
        ("S1", "online", "5/3", None, None, 80.0, "about"),
        ("S1", "online", "13/3", None, None, 84.0),
        ("S2", "online", "5/3", 60, 100),
        ("S2", "online", "13/3", 80, 120, None, "over"),
    )

    rows = small.standing("13/3")

    known = [(rows[unit, "online"].week_change, rows[unit, "online"].week_value) for unit in ("S1", "S2")]
    assert known == [(None, None), (None, None)]
    assert (rows["S2", "online"].cases_missing, rows["S2", "online"].pace) == (None, None)


def published(small: Small) -> None:
    """Online comes from an article, and everything else too: nobody is to report."""
    article = replace(small_campaign().sources[1], key="article", kind="published")
    campaign = small_campaign(sources=(*small_campaign().sources, article))
    for key in ("publicity", "timeliness", "online", "payment"):
        campaign = with_indicator(campaign, key, sources=("article",))
    small.found(small_files(campaign))


def test_what_was_published_stays_as_it_was_and_tells_of_no_week(small):
    published(small)
    small.load(("S1", "online", "5/3", 30, 100), ("S1", "online", "15/3", 45, 120), source="article")

    row = small.standing("10/5")["S1", "online"]

    assert (row.value, row.reading_as_of, row.coverage, row.standing) == (37.5, day("15/3"), 1, "high_risk")
    assert (row.week_change, row.pace, row.expected_cases) == (None, None, None)
    assert small.differences() == []


def test_nobody_is_silent_where_every_figure_was_published(small):
    published(small)
    small.load(("S1", "online", "5/3", 30, 100), ("S2", "online", "12/3", 45, 120), source="article")

    found = small.asked(find_completeness, as_of=day("10/5"))

    assert {unit.code: (unit.reporting, unit.silent) for unit in found.units} == {
        "S1": ("told", ()),
        "S2": ("told", ()),
    }
    overview = small.asked(find_overview, as_of=day("10/5"))
    assert (overview.told.told, overview.told.units, overview.silent) == (2, 2, ())


def test_unit_that_never_told_anything_keeps_its_rows_as_insufficient(small):
    two_weeks(small)

    rows = small.rows("15/3", units=["X2"])

    assert [(row.indicator, row.standing, row.value, row.coverage) for row in rows] == [
        ("publicity", "insufficient", None, 0),
        ("timeliness", "insufficient", None, 0),
        ("online", "insufficient", None, 0),
        ("payment", "no_target", None, 0),
    ]


def test_district_that_told_only_of_its_own_counter_is_not_judged_by_it(small):
    small.load(OWN_COUNTER_OF_H2, scope="own")

    row = small.standing("15/3")["H2", "online"]

    # It is the sum of itself and its communes, of which none has told.
    assert (row.standing, row.coverage) == ("insufficient", pytest.approx(1 / 3))


def test_numerator_alone_gives_no_rate(small):
    small.load(("S1", "online", "15/3", 90, None))

    row = small.standing("15/3")["S1", "online"]

    assert (row.numerator, row.denominator, row.value, row.standing) == (90, None, None, "insufficient")


def test_no_case_at_all_is_no_rate_of_zero(small):
    small.load(("X1", "online", "15/3", 0, 0))

    row = small.standing("15/3")["X1", "online"]

    assert (row.value, row.standing, row.gap) == (None, "no_cases", None)


def test_target_that_is_not_known_comes_before_having_no_cases(small):
    small.load(("X1", "payment", "15/3", 0, 0))

    row = small.standing("15/3")["X1", "payment"]

    assert (row.target, row.standing) == (None, "no_target")


# --- shortfalls ------------------------------------------------------------------------------------------------------


def test_late_answer_puts_the_target_out_of_reach_and_the_best_attainable_is_said(small):
    small.load(("S1", "timeliness", "15/3", 190, 200))

    row = small.standing("15/3")["S1", "timeliness"]

    # 20 a working day, five days left: (190 + 100) / (200 + 100); five points from the target
    assert (row.attainable, row.cases_needed, row.standing, row.by) == (
        pytest.approx(96.6667, abs=0.0001), None, "out_of_reach", None,
    )  # fmt: skip


def test_dossiers_that_cannot_outweigh_the_shortfall_any_more_put_the_target_out_of_reach(small):
    small.load(("S1", "online", "20/3", 10, 1300))

    row = small.standing("20/3")["S1", "online"]

    # 1300 in 13 working days, two left: of 200 more, (0.5 × 1500 − 10) would have to be right
    assert (row.expected_cases, row.share_needed, row.standing) == (200, 370, "out_of_reach")


def test_procedures_not_yet_published_can_still_all_be_published(small):
    small.load(("S1", "publicity", "8/3", 50, 100), ("S1", "publicity", "15/3", 60, 100))

    row = small.standing("15/3")["S1", "publicity"]

    assert (row.expected_cases, row.attainable, row.share_needed) == (0, 100, None)


# --- standing by where a unit is going ------------------------------------------------------------------------------


@pytest.mark.daily(2)
@pytest.mark.parametrize(
    ("likely", "at_risk", "high_risk", "standing"),
    [
        ("0.4", "0.3", "0.2", "likely"),
        ("0.6", "0.4", "0.2", "at_risk"),
        ("0.7", "0.6", "0.4", "high_risk"),
        ("0.9", "0.7", "0.6", "unlikely"),
    ],
)
def test_standing_follows_the_campaigns_limits_of_probability(small, likely, at_risk, high_risk, standing):
    """Two days before the due date, a little below the target: about even chances."""
    limits = replace(
        small_campaign().thresholds, likely=Decimal(likely), at_risk=Decimal(at_risk), high_risk=Decimal(high_risk)
    )
    small.found(small_files(small_campaign(thresholds=limits)), when="1/3 09:00")
    days = [number for number in range(4, 21) if number not in (9, 10, 16, 17)]
    small.load(*(("S1", "online", f"{number}/3", 50 * number - 3, 100 * number) for number in days))

    row = small.standing("20/3")["S1", "online"]

    assert 0.4 < row.probability < 0.6
    assert (row.standing, row.by) == (standing, "probability")


def test_one_late_dossier_is_never_projected_to_a_hundred_percent(small):
    small.load(("S1", "timeliness", "8/3", 99, 100), ("S1", "timeliness", "15/3", 199, 200))

    row = small.standing("15/3")["S1", "timeliness"]

    assert (row.probability, row.standing) == (None, "out_of_reach")
    assert row.projection <= row.high <= row.attainable < 100


def test_weekend_without_figures_changes_nothing_but_the_day(small):
    two_weeks(small)

    friday, sunday = small.standing("15/3"), small.standing("17/3")

    for key in (("S1", "online"), ("H1", "online"), ("P", "online")):
        for name in ("standing", "by", "probability", "projection", "pace", "needed_pace", "expected_cases"):
            assert getattr(friday[key], name) == getattr(sunday[key], name), (key, name)


def test_day_of_rest_owes_no_more_than_the_working_day_before_it(small):
    """Exactly on its path on Friday, told again on Saturday and Sunday with the same counts."""
    small.load(*(("S1", "online", f"{number}/3", 44, 100) for number in (14, 15, 16, 17, 18)))

    rows = {when: small.standing(f"{when}/3")["S1", "online"] for when in (15, 16, 17, 18)}

    assert rows[15].trajectory == rows[16].trajectory == rows[17].trajectory < rows[18].trajectory
    assert rows[15].standing == rows[16].standing == rows[17].standing


def test_milestone_on_a_day_of_rest_is_owed_on_the_last_working_day_before_it(small):
    campaign = small_campaign()
    saturday = replace(campaign.phases[0], due=day("23/3"))
    small.found(small_files(replace(campaign, phases=(saturday, *campaign.phases[1:]))), when="1/3 09:00")
    small.load(("S1", "online", "21/3", 44, 100))

    thursday, friday, due = (small.standing(when)["S1", "online"] for when in ("21/3", "22/3", "23/3"))

    assert thursday.trajectory < friday.trajectory == due.trajectory == due.target


def test_source_that_keeps_correcting_itself_earns_no_probability(small):
    """Steady, two days before the due date: told once, and told anew with every figure of the last two weeks."""
    days = [number for number in range(4, 21) if number not in (9, 10, 16, 17)]
    small.load(*(("S1", "online", f"{number}/3", 45 * number, 100 * number) for number in days))
    once = small.standing("20/3")["S1", "online"]
    small.load(
        *(("S1", "online", f"{number}/3", 45 * number + 1, 100 * number) for number in days[:-1]), when="31/5 20:00"
    )

    again = small.standing("20/3")["S1", "online"]

    assert once.probability is not None
    assert once.by == "probability"
    assert (again.probability, again.by) == (None, "gap")
    assert again.low <= again.projection <= again.high


def test_nothing_is_projected_from_a_stale_or_qualified_figure(small):
    small.load(("S1", "online", "15/3", 90, 200), ("X1", "online", "21/3", None, None, 40.0, "about"))

    found = small.standing("21/3")

    for unit in ("S1", "X1"):
        row = found[unit, "online"]
        assert (row.pace, row.projection, row.low, row.high, row.probability) == (None,) * 5


def test_ended_phase_keeps_its_result_and_projects_nothing(small):
    small.load(("S1", "online", "15/3", 90, 200), ("S1", "online", "22/3", 100, 230))

    row = small.standing("26/3", phase="first")["S1", "online"]

    assert (row.standing, row.value, row.projection, row.probability) == (
        "missed",
        pytest.approx(100 / 2.3),
        None,
        None,
    )


@postgresql_in_soak
def test_percents_alone_are_projected_by_the_changes_of_their_days(small):
    small.load(
        *(("X4", "online", f"{number}/3", None, None, 30.0 + number) for number in (*range(4, 9), *range(11, 16)))
    )
    small.load(("X4", "online", "18/3", None, None, 47.5))

    row = small.standing("18/3")["X4", "online"]

    # Nearly a point a day for ten days, four days left to 22 March: about three more, as such a rate slows down.
    assert (row.by, row.probability) == ("gap", None)
    assert row.low <= row.projection <= row.high
    assert 48 < row.projection < 52
    assert small.differences() == []


def test_pace_needed_counts_working_days_to_the_due_date(small):
    two_weeks(small)

    row = small.standing("15/3")["S1", "online"]

    assert (row.days_left, row.gap, row.needed_pace) == (5, 5, 5)
    assert row.pace_ratio == row.pace / 5


# --- the path to the target ------------------------------------------------------------------------------------------


def test_path_starts_at_the_first_reading_when_there_is_no_baseline(small):
    small.load(("S1", "publicity", "8/3", 50, 100), ("S1", "publicity", "15/3", 60, 100))

    row = small.standing("15/3")["S1", "publicity"]

    # 50 on 8 March, 100 owed fourteen days later; half way on the 15th
    assert (row.baseline, row.trajectory) == (None, 75)


def test_path_is_not_known_before_the_first_reading(small):
    small.load(("S1", "publicity", "15/3", 60, 100), ("S2", "publicity", "18/3", 50, 100))

    row = small.standing("14/3")["S1", "publicity"]

    assert row.trajectory is None


def test_path_starts_where_the_judged_source_began(small):
    small.load(("S1", "publicity", "8/3", 40, 100), source="file")
    small.load(("S1", "publicity", "15/3", 50, 100), source="igate")

    before, after = small.standing("14/3")["S1", "publicity"], small.standing("15/3")["S1", "publicity"]

    # by file: 40 on the 8th, 100 on the 22nd, ten working days later, of which four have passed on the 14th; from the
    # 15th the provincial system governs, and its path begins there
    assert before.trajectory == pytest.approx(40 + 60 * 4 / 10)
    assert after.trajectory == 50


def test_path_stays_the_old_one_up_to_the_day_on_which_a_target_was_raised(small):
    small.load(("S1", "online", "21/3", 90, 200))
    small.register("S1", "online", "first", "68.5", when="13/3 10:00")

    owed = [small.standing(when)["S1", "online"].trajectory for when in ("8/3", "13/3", "14/3", "22/3")]

    # 40 on the 3rd and 50 on the 22nd, fifteen working days later, until the 13th; from there seven of them to 68.5
    on_the_13th = 40 + 10 * 8 / 15
    assert owed == pytest.approx([40 + 10 * 5 / 15, on_the_13th, on_the_13th + (68.5 - on_the_13th) / 7, 68.5])


def test_path_that_was_known_before_a_target_was_raised_is_the_old_one(small):
    small.load(("S1", "online", "12/3", 90, 200), when="12/3 20:00")
    small.register("S1", "online", "first", "68.5", when="13/3 10:00")

    known = small.standing("12/3", known_at=at("12/3 21:00"))["S1", "online"]

    assert (known.target, known.trajectory) == (50, small.standing("12/3")["S1", "online"].trajectory)


def test_path_bends_at_the_knots_of_the_indicators_file_by_each_units_own_dates(small):
    knots = (Knot("first", Decimal(50), Decimal(20)),)
    small.found(small_files(with_indicator(small_campaign(), "online", knots=knots)), when="1/3 09:00")
    small.load(("S1", "online", "12/3", 90, 200), ("S2", "online", "8/3", 90, 200))

    found = small.standing("8/3")

    # Five working days have passed. S1: 40 to 50 by the 22nd, a fifth of it by half of the fifteen working days;
    # S2: 67.37 to 72.37 by the 13th, a fifth of it by the fourth of eight, and a quarter of the rest on the fifth
    assert found["S1", "online"].trajectory == pytest.approx(40 + 10 * 0.2 * 5 / 7.5)
    assert found["S2", "online"].trajectory == pytest.approx(67.37 + 5 * (0.2 + 0.8 / 4))


def test_path_stands_at_the_baseline_on_the_day_before_the_campaign(small):
    row = small.standing("3/3")["S1", "online"]

    assert (row.trajectory, row.phase, row.standing) == (40, "first", "insufficient")


def test_provinces_path_starts_at_the_sum_of_those_who_told_first(small):
    small.load(
        ("S1", "publicity", "8/3", 50, 100), ("S2", "publicity", "8/3", 10, 100), ("H1", "publicity", "11/3", 90, 100)
    )  # fmt: skip

    row = small.standing("15/3")["P", "publicity"]

    # S1 and S2 began on the 8th with 60 of 200; half of the way to 100 is done a week later
    assert row.trajectory == 65


# --- phases ----------------------------------------------------------------------------------------------------------


def test_unit_with_a_plan_of_its_own_is_in_its_second_phase_before_the_others(small):
    found = small.standing("14/3")

    assert {unit: found[unit, "online"].phase for unit in ("S1", "S2", "P")} == {
        "S1": "first",
        "S2": "second",
        "P": "first",
    }


def test_due_date_itself_still_counts(small):
    small.load(("S1", "online", "22/3", 50, 100))

    row = small.standing("22/3")["S1", "online"]

    assert (row.phase, row.standing, row.due) == ("first", "met", day("22/3"))


@pytest.mark.parametrize(
    ("numerator", "standing"), [(50, "met"), (49, "missed")], ids=["reached in time", "one dossier short"]
)
def test_ended_phase_is_judged_on_its_due_date(small, numerator, standing):
    small.load(("S1", "online", "22/3", numerator, 100), ("S1", "online", "25/3", 90, 100))

    row = small.standing("26/3", phase="first")["S1", "online"]

    assert (row.as_of, row.standing, row.value) == (day("22/3"), standing, numerator)


def test_ended_phase_keeps_its_result_months_later(small):
    small.load(("S1", "online", "22/3", 50, 100), ("S1", "online", "25/3", 51, 200), ("S1", "online", "12/4", 60, 300))

    row = small.standing("31/12", phase="first")["S1", "online"]

    assert (row.as_of, row.standing, row.value) == (day("22/3"), "met", 50)


def test_ended_phase_can_be_asked_for_when_no_figure_ever_came(small):
    row = small.standing("26/3", phase="first")["S1", "online"]

    assert (row.as_of, row.standing) == (day("22/3"), "insufficient")


def test_ended_phase_sees_no_figure_that_came_after_it(small):
    small.load(*(("S1", "online", f"{number}/4", 90, 100) for number in range(1, 13)))

    row = small.standing("15/4", phase="first")["S1", "online"]

    assert (row.as_of, row.value, row.standing) == (day("22/3"), None, "insufficient")


def test_ended_phase_is_judged_on_each_units_own_due_date(small):
    small.load(("S1", "online", "13/3", 10, 100), ("S2", "online", "13/3", 80, 100), ("S2", "online", "22/3", 10, 100))

    found = small.standing("26/3", phase="first")

    assert (found["S1", "online"].as_of, found["S2", "online"].as_of) == (day("22/3"), day("13/3"))
    assert found["S2", "online"].standing == "met"


def test_ended_phase_stays_stale_when_the_last_figure_before_its_due_date_was_old(small):
    small.load(("S1", "online", "14/3", 80, 100), ("S1", "online", "25/3", 90, 100))

    row = small.standing("26/3", phase="first")["S1", "online"]

    assert (row.standing, row.value) == ("stale", 80)


def test_phase_to_come_is_judged_by_todays_figure(small):
    small.load(("S1", "online", "15/3", 30, 100))

    row = small.standing("15/3", phase="second")["S1", "online"]

    assert (row.as_of, row.target, row.due, row.value) == (day("15/3"), 60, day("12/4"), 30)


def test_open_ended_phase_expects_no_number_of_cases(small):
    small.load(("S1", "online", "15/4", 30, 100))

    row = small.standing("15/4")["S1", "online"]

    assert (row.phase, row.target, row.due) == ("keep", 60, None)
    assert (row.expected_cases, row.attainable, row.share_needed, row.needed_pace) == (None, None, None, None)


def test_last_phase_is_judged_on_its_due_date_when_no_phase_follows_it(small):
    phases = (Phase("first", small_campaign().phases[0].name, day("4/3"), day("22/3")),)
    small.found(small_files(small_campaign(phases=phases, unit_phases=(), end=day("22/3"))))
    small.load(("S1", "online", "22/3", 49, 100), ("S1", "online", "25/3", 90, 100))

    kept, computed = small.standing("25/3")["S1", "online"], small.standing("12/4")["S1", "online"]

    assert (kept.as_of, kept.standing, kept.value) == (day("22/3"), "missed", 49)
    assert (computed.as_of, computed.standing, computed.value) == (day("22/3"), "missed", 49)
    assert small.differences() == []


# --- stale figures ---------------------------------------------------------------------------------------------------


def test_figure_is_stale_after_more_than_three_working_days(small):
    small.load(("S1", "online", "15/3", 45, 100))

    wednesday, thursday = small.standing("20/3")["S1", "online"], small.standing("21/3")["S1", "online"]

    assert (wednesday.standing, wednesday.coverage) == ("high_risk", 1)
    assert (thursday.standing, thursday.coverage, thursday.value) == ("stale", 0, 45)


def test_figure_is_stale_sooner_where_its_source_says_so(small):
    campaign = small_campaign()
    sources = tuple(
        replace(source, stale_after_working_days=1) if source.key == "igate" else source for source in campaign.sources
    )
    small.found(small_files(small_campaign(sources=sources)), when="1/3 09:00")
    small.load(("S1", "online", "15/3", 45, 100))

    monday, tuesday = small.standing("18/3")["S1", "online"], small.standing("19/3")["S1", "online"]

    assert (monday.standing, tuesday.standing) == ("high_risk", "stale")


def test_stale_figure_leaves_the_provinces_sum(small):
    two_weeks(small)

    province = small.standing("20/3")["P", "online"]

    # S2 told last on the 14th: on Wednesday the 20th it is out of date, the others are not
    assert (province.numerator, province.denominator, province.coverage) == (224, 630, pytest.approx(4 / 6))


def test_province_keeps_its_last_figure_as_stale_when_everybody_is_silent(small):
    two_weeks(small)

    province = small.standing("21/3")["P", "online"]

    assert (province.numerator, province.denominator) == (294, 730)
    assert (province.standing, province.coverage) == ("stale", 0)


def test_week_is_not_told_of_a_stale_figure(small):
    two_weeks(small)

    row = small.standing("21/3")["S1", "online"]

    assert (row.week_value, row.week_change, row.expected_cases) == (None, None, None)


def test_public_holidays_make_no_figure_stale(bundled_small):
    bundled_small.load(("S1", "online", "29/4", 45, 100))

    row = bundled_small.standing("6/5")["S1", "online"]

    # 30 April and 1 May are holidays: Thursday, Friday and Monday are three working days
    assert row.standing != "stale"


# --- periods that begin anew ----------------------------------------------------------------------------------------


def test_new_month_is_never_shown_as_a_fall(monthly):
    monthly.load(("S1", "online", "29/3", 300, 400), ("S1", "online", "1/4", 1, 4))

    row = monthly.standing("1/4")["S1", "online"]

    assert row.value == 25
    assert (row.week_numerator, row.week_denominator, row.week_value, row.week_change) == (1, 4, 25, None)


@pytest.mark.daily(1)
@pytest.mark.parametrize(("when", "standing"), [("1/4", "insufficient"), ("4/4", "insufficient"), ("5/4", "high_risk")])
def test_month_that_began_anew_is_judged_after_a_working_week(monthly, when, standing):
    monthly.load(("S1", "online", "29/3", 399, 400), ("S1", "online", when, 16, 40))

    row = monthly.standing(when)["S1", "online"]

    assert (row.standing, row.value) == (standing, 40)


def test_campaigns_own_first_days_are_judged(monthly):
    monthly.load(("S1", "online", "5/3", 1, 40))

    assert monthly.standing("5/3")["S1", "online"].standing == "high_risk"


def test_week_never_reaches_into_the_month_before(monthly):
    monthly.load(("S1", "online", "29/3", 300, 400), ("S1", "online", "4/4", 20, 40), ("S1", "online", "12/4", 60, 100))

    row = monthly.standing("12/4")["S1", "online"]

    assert (row.week_numerator, row.week_denominator) == (40, 60)


def test_province_adds_no_figures_of_different_months(monthly):
    monthly.load(("S1", "online", "1/4", 1, 4), ("S2", "online", "29/3", 300, 400), ("H1", "online", "1/4", 2, 4))

    province = monthly.standing("1/4")["P", "online"]

    assert (province.numerator, province.denominator, province.coverage) == (3, 8, pytest.approx(2 / 6))


def test_levels_sum_adds_no_figures_of_different_months(monthly):
    monthly.load(("S1", "online", "1/4", 1, 4), ("S2", "online", "29/3", 300, 400))

    with monthly.store.reading() as session:
        found = session.exec(select(DailySum).where(DailySum.day == day("1/4"), DailySum.pool == "level:department"))
        sums = {row.indicator: (row.numerator, row.denominator, row.counted) for row in found}

    assert sums["online"] == (1, 4, 1)


def test_cases_are_expected_up_to_a_due_date_in_the_same_month(monthly):
    monthly.load(("S1", "online", "14/3", 100, 400))

    row = monthly.standing("14/3")["S1", "online"]

    # 400 in the ten working days of March so far; six are left to the 22nd
    assert (row.due, row.expected_cases) == (day("22/3"), 240)


def test_no_number_of_cases_is_expected_when_the_counting_starts_anew_before_the_due_date(monthly):
    monthly.load(("S1", "online", "28/3", 100, 400))

    row = monthly.standing("28/3")["S1", "online"]

    assert (row.due, row.expected_cases, row.attainable, row.share_needed) == (day("12/4"), None, None, None)


# --- units that begin and end ----------------------------------------------------------------------------------------


def test_unit_has_no_rows_after_its_last_day(small):
    small.load(("X5", "online", "8/3", 3, 6), ("S1", "online", "12/3", 1, 2))

    on_its_last_day, after = small.standing("10/3"), small.standing("11/3")

    assert on_its_last_day["X5", "online"].value == 50
    assert ("X5", "online") not in after


def test_what_a_unit_had_done_that_ended_stays_in_the_provinces_sum(small):
    small.load(("X5", "online", "8/3", 3, 6), ("S1", "online", "8/3", 1, 4))

    before, after = small.standing("10/3")["P", "online"], small.standing("11/3")["P", "online"]

    assert (before.numerator, before.denominator) == (4, 10)
    assert (after.numerator, after.denominator) == (4, 10)


def test_unit_that_ended_does_not_decide_which_month_is_added(monthly):
    monthly.load(("X5", "online", "1/4", 3, 6), ("S1", "online", "29/3", 1, 4))

    province = monthly.standing("1/4")["P", "online"]

    assert (province.numerator, province.denominator) == (1, 4)


def test_units_of_the_day_are_those_that_exist_then(small):
    assert {unit for unit, _ in small.standing("10/3")} - {unit for unit, _ in small.standing("11/3")} == {"X5"}


# --- which source governs --------------------------------------------------------------------------------------------


def test_first_source_of_the_list_governs_from_the_day_it_tells_anything(small):
    small.load(("S1", "online", "12/3", 20, 100), ("S1", "online", "14/3", 25, 100), source="file")
    small.load(("S1", "online", "13/3", 60, 100), source="igate")

    values = [small.standing(when)["S1", "online"].value for when in ("12/3", "13/3", "14/3")]

    assert values == [20, 60, 60]


EVERYBODY = tuple((unit, "online", "8/3", 20, 100) for unit in ("S1", "S2", "H1", "H2"))


@postgresql_in_soak
def test_one_row_of_a_better_source_moves_neither_its_unit_nor_the_province(small):
    small.load(*EVERYBODY, source="file")
    before = small.standing("8/3")

    small.load(("H1", "online", "8/3", 90, 100), source="igate")

    after = small.standing("8/3")
    assert [after[unit, "online"].value for unit in ("P", "S1", "H1")] == [20, 20, 20]
    assert before["P", "online"] == after["P", "online"]
    assert small.differences() == []


@postgresql_in_soak
def test_source_governs_every_unit_it_has_told_of_from_half_of_them_on(small):
    """Five of the ten units are told: two districts with all below, their communes among them, and two departments."""
    small.load(*EVERYBODY, source="file")
    small.load(("H1", "online", "8/3", 90, 100), source="igate")
    small.load(("H2", "online", "11/3", 60, 100), source="igate")

    rows = {when: small.standing(when) for when in ("8/3", "11/3")}

    assert [rows["8/3"][unit, "online"].value for unit in ("S1", "H1", "H2")] == [20, 20, 20]
    assert [rows["11/3"][unit, "online"].value for unit in ("S1", "H1", "H2")] == [20, 90, 60]
    assert rows["11/3"]["P", "online"].value == 47.5
    assert small.differences() == []


def test_half_is_counted_among_the_units_of_the_day_and_of_anybody(small):
    """Two departments alone are told: one of two is half of those of whom anything is known."""
    small.load(("S1", "online", "8/3", 20, 100), ("S2", "online", "8/3", 20, 100), source="file")
    small.load(("S2", "online", "8/3", 70, 100), source="igate")

    assert small.standing("8/3")["S2", "online"].value == 70


@postgresql_in_soak
def test_targets_changed_for_one_unit_leave_it_its_source(small):
    """Its rows are computed anew from its own readings alone; who governs is known by everybody's."""
    small.load(*EVERYBODY, source="file")
    small.load(("S1", "online", "8/3", 90, 100), source="igate")

    small.changed(bring_units_up_to_date, [small.ids["S1"]])

    assert small.standing("8/3")["S1", "online"].value == 20
    assert small.differences() == []


def test_target_changed_for_a_unit_that_is_a_sum_leaves_it_the_sum(small):
    """Each with its own part: on every day all are in it, or nobody is fresh, so the share tells of no sum."""
    small.load(*((unit, "online", "5/3", 9, 20) for unit in ("H2", "X3", "X4", "X5")), scope="own")
    small.load(("S1", "online", "15/3", 9, 20))

    small.changed(bring_units_up_to_date, [small.ids["H2"]])

    row = small.standing("6/3")["H2", "online"]
    assert (row.value, row.coverage, row.is_pooled) == (45, 1, True)
    assert small.differences() == []


def test_governing_source_that_falls_silent_goes_stale_and_nobody_steps_in(small):
    small.load(("S1", "online", "8/3", 60, 100), source="igate")
    small.load(("S1", "online", "15/3", 25, 100), source="file")

    row = small.standing("15/3")["S1", "online"]

    assert (row.value, row.standing, row.reading_as_of) == (60, "stale", day("8/3"))


def test_source_that_is_not_listed_is_stored_and_never_judged(small):
    small.found(small_files(with_indicator(small_campaign(), "online", sources=("igate",))))
    small.load(("S1", "online", "15/3", 90, 100), source="file")

    row = small.standing("15/3")["S1", "online"]

    assert (row.value, row.standing) == (None, "insufficient")
    assert small.count("reading") == 1


def test_source_that_accumulates_otherwise_than_declared_is_never_judged(small):
    small.found(small_files(with_indicator(small_campaign(), "online", sources=("monthly", "igate"))))
    small.load(("S1", "online", "15/3", 90, 100), source="monthly")
    small.load(("S1", "online", "15/3", 45, 100), source="igate")

    row = small.standing("15/3")["S1", "online"]

    assert row.value == 45


# --- what an incremental load reads ---------------------------------------------------------------------------------


def test_result_is_the_same_whether_everything_is_read_or_only_what_the_day_can_see(small):
    two_weeks(small)
    day_45 = day_number(day("15/3"))

    with small.store.reading() as session:
        part = Results.load(session, first=day_45, last=day_45).on(day_45)[0]
        whole = Results.load(session, first=day_45, last=day_45, everything=True).on(day_45)[0]

    assert part.progress.value.tolist() == pytest.approx(whole.progress.value.tolist(), nan_ok=True)


@pytest.mark.soak
def test_long_patience_with_silent_units_reads_far_enough_back(small):
    campaign = small_campaign(stale_after_working_days=60, end=day("30/9"))
    phases = (Phase("first", campaign.phases[0].name, day("4/3"), day("30/9")),)
    units = tuple(unit for unit in UNITS if unit.code in ("P", "S1", "S2"))
    small.found(small_files(small_campaign(
        stale_after_working_days=60, end=day("30/9"), phases=phases, unit_phases=()), units=units,
        baselines=(baseline("S1", "online", "40"),), central=(central("online", "50"),),
    ))  # fmt: skip
    small.load(
        ("S1", "online", "6/3", 10, 100), ("S1", "online", "20/4", 40, 450), ("S1", "online", "2/5", 50, 500)
    )  # fmt: skip

    small.load(("S2", "online", "24/7", 1, 2))

    assert small.differences() == []


def test_units_own_dates_of_a_unit_that_is_not_there_are_passed_over(small):
    campaign = small_campaign()
    stranger = UnitPhase("S9", "first", day("4/3"), day("13/3"), "9/KH")
    small.found(small_files(small_campaign(unit_phases=(*campaign.unit_phases, stranger))))

    found = small.standing("15/3")

    assert found["S1", "online"].due == day("22/3")


@pytest.fixture
def bundled_small(small) -> Small:
    """The small campaign moved into the days of the two holidays in spring."""
    phases = (Phase("first", small_campaign().phases[0].name, day("22/4"), day("30/5")),)
    small.found(
        small_files(small_campaign(start=day("22/4"), end=day("30/5"), phases=phases, unit_phases=())),
        when="1/3 09:00",
    )
    return small
