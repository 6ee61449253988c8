"""Who is behind, who is missing most, who is pressed, who moved: drawn up by hand, a name at a time."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from targets.findings import (
    BEHIND,
    NOT_ARRIVED,
    REPORTINGS,
    SORTINGS,
    Beyond,
    Ended,
    PhaseEnd,
    Silent,
    Told,
    ambitious,
    as_ended,
    beyond_most,
    furthest,
    how_ended,
    is_short,
    is_small,
    may_be_lost,
    missing_most,
    most_have_target,
    movers,
    phase_end,
    praised,
    reported,
    rise,
    silent_units,
    sorted_out,
    to_press,
    who_told,
)
from targets.results import Result
from targets.values import STANDINGS, Campaign, Measure, Source, Text
from tests.models.conftest import small_campaign
from tests.targets.test_results import result

CAMPAIGN = replace(small_campaign(), small_volume=100)
THREE = replace(CAMPAIGN, indicators=CAMPAIGN.indicators[:3])


def unit(name: str, standing: str = "at_risk", **known: object) -> Result:
    """A unit at 40 % of 1,000 cases against 50 %: 100 cases and 10 points missing."""
    got: dict[str, object] = {
        "unit": name, "name": name, "level": "district", "standing": standing,
        "indicator": "online", "value": 40.0, "numerator": 400,
        "denominator": 1_000, "target": 50.0, "gap": 10.0, "cases_missing": 100, "coverage": 1.0,
    }  # fmt: skip
    return result(**(got | known))


def names(rows: object) -> list[str]:
    return [row.unit for row in rows]


def test_missing_most_is_an_order_by_dossiers_where_a_small_unit_stands_worse():
    """A town that lacks 8 ratings is no match for a district that lacks 23, whatever their standings."""
    rows = [unit("town", "high_risk", cases_missing=8), unit("district", "at_risk", cases_missing=23)]

    assert names(missing_most(rows, members={"town", "district"})) == ["district", "town"]


def test_missing_most_names_members_of_the_sum_alone():
    """A commune is in its district's figure: it is not blamed beside it."""
    rows = [unit("district", cases_missing=90), unit("commune", "missed", cases_missing=80), unit("office")]

    assert names(missing_most(rows, members={"district", "office"})) == ["office", "district"]


def test_missing_most_leaves_out_who_arrived_who_is_excused_and_whoever_is_not_judged():
    rows = [
        unit("met", "met", value=60.0),
        unit("bound", "likely", value=50.0, gap=0.0),
        unit("silent", "insufficient", value=None),
        unit("excused"),
        unit("likely", "likely"),
    ]

    assert names(missing_most(rows, members=names(rows), excused={"excused"})) == ["likely"]


def test_missing_most_puts_percents_alone_last_by_points():
    rows = [
        unit("ten", cases_missing=None, denominator=None, gap=10.0),
        unit("thirty", cases_missing=None, denominator=None, gap=30.0),
        unit("counted", cases_missing=1),
    ]

    assert names(missing_most(rows, members=names(rows))) == ["counted", "thirty", "ten"]


@pytest.mark.parametrize(("without", "named"), [(1, ["one"]), (2, [])])
def test_the_one_unit_that_has_a_target_is_not_blamed_where_most_have_none(without, named):
    """Sở GT-VT alone registered a target of payment."""
    others = [unit(f"other {number}", "no_target", target=None, gap=None) for number in range(without)]
    rows = [unit("one"), *others]

    assert most_have_target(rows) is bool(named)
    assert names(missing_most(rows, members=names(rows))) == named
    pressing = to_press(rows, campaign=CAMPAIGN, is_excused=lambda row: False)
    assert (names(pressing.named), pressing.behind, pressing.held) == (named, 1, 1)


def test_pressing_is_an_order_by_standing_and_then_by_dossiers():
    rows = [unit("mild", "at_risk", cases_missing=500), *(unit(word, word) for word in reversed(BEHIND[:-1]))]
    rows += [unit("more", "missed", cases_missing=101), unit("likely", "likely"), unit("met", "met")]

    found = to_press(rows, campaign=CAMPAIGN, is_excused=lambda row: False)

    assert names(found.named) == ["more", "missed", "out_of_reach", "unlikely", "high_risk", "mild"]
    assert found.behind == 6


def test_pressing_keeps_the_excused_apart_and_counts_the_small():
    rows = [unit("excused"), unit("small", denominator=99), unit("pressed")]

    found = to_press(rows, campaign=CAMPAIGN, is_excused=lambda row: row.unit == "excused")

    assert (names(found.named), names(found.excused)) == (["pressed"], ["excused"])
    assert (found.behind, found.small) == (3, 1)


@pytest.mark.parametrize(
    ("targets", "value", "spared"),
    [
        ((50.0, 50.0), 50.0, True),
        ((50.0, 50.0), 49.9, False),
        ((50.0, 40.0), 50.0, True),
        ((50.0, 45.0, 40.0), 50.0, False),
    ],
)
def test_who_asks_more_of_itself_is_spared_once_it_has_reached_what_at_least_half_of_its_peers_owe(
    targets, value, spared
):
    peers = [unit(f"peer {number}", target=target) for number, target in enumerate(targets)]
    above = unit("commune", level="commune", target=10.0)
    higher = unit("higher", origin="registered", value=value, target=60.0, gap=60.0 - value, cases_missing=900)
    rows = [higher, *peers, above]

    found = to_press([higher, *peers], campaign=CAMPAIGN, is_excused=lambda row: False)

    assert ambitious(rows) == ({"higher"} if spared else frozenset())
    assert names(found.ambitious) == (["higher"] if spared else [])
    assert found.behind == len(peers) + (0 if spared else 1)
    assert ("higher" in names(found.named)) is not spared
    assert ("higher" in names(missing_most(rows, members=names(rows)))) is not spared


@pytest.mark.parametrize(
    ("denominator", "points", "small"),
    [
        (99, None, True),
        (100, None, False),
        (0, None, False),
        (None, None, False),
        (39, "2.5", True),
        (40, "2.5", False),
    ],
)
def test_small_is_who_moves_by_more_points_a_case_than_the_indicator_allows(denominator, points, small):
    allowed = None if points is None else Decimal(points)
    indicators = tuple(replace(known, points_per_case=allowed) for known in CAMPAIGN.indicators)

    assert is_small(unit("one", denominator=denominator), replace(CAMPAIGN, indicators=indicators)) is small


def test_furthest_is_the_gravest_standing_and_then_the_most_points():
    rows = [unit("likely", "likely", gap=40.0), unit("less", gap=5.0), unit("more", gap=6.0), unit("met", "met")]

    assert furthest(rows) == rows[2]
    assert furthest([rows[3], unit("unknown", "missed", value=None)]) is None
    assert [is_short(unit("none", target=None)), is_short(rows[0])] == [False, True]
    assert set(BEHIND) < set(NOT_ARRIVED)


def test_movers_are_those_with_a_fresh_figure_and_cases_enough():
    rows = [
        unit("up", week_change=3.0), unit("most", week_change=4.0), unit("down", week_change=-1.0),
        unit("still", week_change=0.0), unit("small", week_change=9.0, denominator=50),
        unit("old", week_change=8.0, coverage=0.0), unit("new", week_change=None),
    ]  # fmt: skip

    found = movers(rows, campaign=CAMPAIGN, most=2)

    assert (names(found.up), names(found.down)) == (["most", "up"], ["down"])
    assert (found.rose, found.fell, found.small) == (2, 1, 1)


DUE = date(2024, 5, 10)
DAY = date(2024, 5, 7)


@pytest.mark.parametrize(
    ("known", "may"),
    [
        ({"expected_cases": 20}, False),  # 60 of 120 at the worst
        ({"expected_cases": 21}, True),
        ({"expected_cases": 0}, False),  # a stock: nothing is to come
        ({"expected_cases": None}, True),
        ({"expected_cases": 0, "numerator": None, "denominator": None}, True),
        ({"expected_cases": 21, "due": DAY}, False),  # the day itself
        ({"expected_cases": None, "due": None}, True),
        ({"expected_cases": 21, "standing": "likely"}, False),
    ],
)
def test_target_met_before_its_day_may_be_lost_where_cases_enough_are_to_come(known, may):
    met = {"standing": "met", "numerator": 60, "denominator": 100, "value": 60.0, "as_of": DAY, "due": DUE}

    assert may_be_lost(unit("one", **(met | known))) is may


# --- what hardly anybody can reach ----------------------------------------------------------------------------------


def test_target_out_of_reach_for_four_in_five_is_found_with_the_level_that_three_in_four_can_reach():
    rows = [unit(f"late{at}", "out_of_reach", attainable=90.0 + at + 0.09) for at in range(7)]
    rows += [unit("there", "met", attainable=100.0), unit("silent", "stale"), unit("none", "no_target")]
    rows += [unit(f"online{at}", "out_of_reach", indicator="payment", attainable=40.0) for at in range(7)]
    rows += [unit(f"open{at}", "likely", indicator="payment") for at in range(2)]

    [found] = beyond_most(rows, province="whole")

    # 7 of 8; of their best figures, from 90.09 up, six are at or above 92.09.
    assert found == Beyond("online", 7, 8, 92.0)


def test_no_level_is_suggested_where_only_percents_are_known():
    assert beyond_most([unit("late", "out_of_reach", attainable=None)], province="whole") == [
        Beyond("online", 1, 1, None)
    ]


@pytest.mark.parametrize(("reached", "level"), [(91.9, 92.0), (92.0, None), (None, 92.0)])
def test_no_level_is_suggested_that_the_province_has_already_and_it_is_not_counted_itself(reached, level):
    rows = [unit(f"late{at}", "out_of_reach", attainable=92.0) for at in range(4)]
    rows.append(unit("whole", "out_of_reach", value=reached, attainable=99.0))

    assert beyond_most(rows, province="whole") == [Beyond("online", 4, 4, level)]


def test_first_to_be_looked_at_is_what_misses_most_among_the_gravest():
    """One late answer puts 100 % out of reach; that must not hide what half of the dossiers are missing to."""
    rows = [
        unit("late", "out_of_reach", indicator="timeliness", gap=0.4),
        unit("online", "unlikely", gap=20.4),
        unit("stock", "high_risk", indicator="publicity", gap=40.0),
    ]

    assert furthest(rows) == rows[1]
    assert furthest([rows[0], rows[2]]) == rows[0]


def test_a_count_is_compared_with_rates_by_percents_of_its_target():
    rate = unit("one", gap=4.5, target=50.0)
    count = unit("one", indicator="payment", gap=20.0, target=1000.0, value=980.0, measure=Measure("count"))

    assert furthest([count, rate]) == rate


# --- who has told ---------------------------------------------------------------------------------------------------

NEWEST = 20


@pytest.mark.parametrize(
    ("reached", "is_stale", "reporting", "missing"),
    [
        ((20, 19), (False, False), "told", ()),
        ((20, -1), (False, False), "lacking", (1,)),
        ((18, 19), (False, False), "old", (0,)),
        ((18, -1), (False, False), "old", (0, 1)),
        ((20, 19), (False, True), "old", (1,)),
        ((-1, -1), (False, False), "never", (0, 1, 2)),
    ],
    ids=["told all", "one never told", "of an earlier day", "both", "too old to be judged", "told nothing"],
)
def test_unit_is_asked_for_each_indicator_up_to_the_newest_day_that_anybody_told_of_it(
    reached, is_stale, reporting, missing
):
    """The second indicator comes a day later than the first; the third was told by nobody and is asked of nobody."""
    others = [(20, 19, -1), (20, 19, -1)]

    found = reported(
        np.array([(*reached, -1), *others]),
        np.array([(*is_stale, False), *((False,) * 3 for _ in others)]),
        np.zeros((3, 3), dtype=bool),
        THREE,
    )

    assert found.newest == NEWEST
    assert REPORTINGS[found.code[0]] == reporting
    assert np.flatnonzero(found.missing[0]).tolist() == list(missing)


def test_where_nobody_told_anything_there_is_no_day_and_nobody_has_told():
    nothing = np.zeros((2, 3), dtype=bool)
    found = reported(np.full((2, 3), -1), nothing, nothing, THREE)

    assert (found.newest, found.code.tolist()) == (-1, [0, 0])
    assert reported(np.zeros((0, 3), dtype=int), nothing[:0], nothing[:0], THREE).newest == -1


def published(*keys: str) -> Campaign:
    """The campaign of three indicators, of which some are only known from an article."""
    article = Source("article", Text("Báo", "Press"), "published", "campaign")
    indicators = tuple(replace(each, sources=("article",)) if each.key in keys else each for each in THREE.indicators)
    return replace(THREE, sources=(*THREE.sources, article), indicators=indicators)


def test_nobody_awaits_another_figure_of_what_was_published():
    keys = [indicator.key for indicator in THREE.indicators]
    reached = np.array([(20, 9, -1), (20, -1, -1), (18, -1, -1)])

    nothing = np.zeros(reached.shape, dtype=bool)
    of_one = reported(reached, nothing, nothing, published(keys[1]))
    rows = [result(unit="A", level="district", indicator=keys[0], reading_as_of=date(2024, 3, 4), coverage=0.0)]
    rows.append(replace(rows[0], unit="B", reading_as_of=None))

    assert [REPORTINGS[code] for code in of_one.code] == ["told", "told", "old"]
    assert not of_one.missing[:, 1].any()
    assert who_told(rows, published(*keys))[0] == Told(date(2024, 3, 4), 1, 1)


def test_frozen_rows_are_counted_by_the_same_rule_without_levels_that_no_list_has():
    monday, tuesday = date(2024, 3, 4), date(2024, 3, 5)
    row = result(level="district", indicator="online", reading_as_of=tuesday, coverage=1.0)
    rows = [
        replace(row, unit="P", level="province"),
        replace(row, unit="A"),
        replace(row, unit="B", reading_as_of=monday),
        replace(row, unit="C", coverage=0.0),
        replace(row, unit="D", reading_as_of=None),
    ]

    told, by_unit = who_told(rows, CAMPAIGN)

    assert (told, told.silent) == (Told(tuesday, 1, 4), 3)
    assert by_unit == {"A": "told", "B": "old", "C": "old", "D": "never"}
    assert who_told(rows[-1:], CAMPAIGN)[0] == Told(None, 0, 1)


def test_sum_is_not_asked_and_a_unit_is_asked_only_of_what_it_tells_itself():
    """What a sum reaches is told by those below. A unit without any figure, not even a sum, is asked of everything."""
    monday, tuesday = date(2024, 3, 4), date(2024, 3, 5)
    keys = [indicator.key for indicator in THREE.indicators]
    own = result(level="district", indicator=keys[0], reading_as_of=tuesday, coverage=1.0)
    summed = replace(own, is_pooled=True, reading_as_of=date(2024, 3, 6), coverage=0.5)
    nothing = replace(own, reading_as_of=None, coverage=0.0)
    rows = [
        *(replace(summed, unit="only sums", indicator=key) for key in keys[:2]),
        replace(nothing, unit="only sums", indicator=keys[2]),
        replace(own, unit="both"), replace(summed, unit="both", indicator=keys[1]),
        replace(own, unit="old", reading_as_of=monday), replace(summed, unit="old", indicator=keys[1]),
        replace(nothing, unit="nothing"),
    ]  # fmt: skip

    told, by_unit = who_told(rows, THREE)

    assert by_unit == {"both": "told", "old": "old", "nothing": "never"}
    assert told == Told(tuesday, 1, 3)


def test_days_of_few_cases_are_not_small_and_a_count_reached_is_not_lost_again():
    days = unit("days", denominator=3, measure=Measure("days"))
    done = unit(
        "done",
        "met",
        value=250.0,
        numerator=None,
        measure=Measure("count"),
        as_of=date(2024, 5, 1),
        due=date(2024, 6, 1),
    )

    assert not is_small(days, CAMPAIGN)
    assert not may_be_lost(done)
    assert may_be_lost(replace(done, lower_is_better=True))


def test_every_unit_is_in_exactly_one_list_whatever_its_standing():
    rows = [unit(f"{standing} {excused}", standing) for standing in STANDINGS for excused in (True, False)]
    rows += [unit(f"peer {number}", "met", origin="issued") for number in range(40)]
    rows.append(unit("higher", "high_risk", origin="registered", value=55.0, target=60.0))
    excused = {row.unit for row in rows if row.unit.endswith("True")}

    found = sorted_out(rows, excused=excused)

    assert tuple(found) == SORTINGS
    assert sorted(names(row for each in found.values() for row in each)) == sorted(names(rows))
    assert set(names(found["excused"])) == {f"{standing} True" for standing in NOT_ARRIVED}
    assert names(found["out_of_reach"]) == ["out_of_reach False"]
    assert set(names(found["open"])) == {f"{each} False" for each in NOT_ARRIVED if each != "out_of_reach"}
    assert set(names(found["unknown"])) == {
        f"{each} {so}" for each in ("insufficient", "stale") for so in (True, False)
    }
    assert names(found["ambitious"]) == ["higher"]
    assert len(found["met"]) == 42


def test_praised_are_those_furthest_beyond_their_target_with_a_fresh_exact_figure_and_cases_enough():
    rows = [
        unit("first", "met", gap=-9.0),
        unit("second", "met", gap=-3.0),
        unit("third", "met", gap=-1.0),
        unit("small", "met", gap=-20.0, denominator=3),
        unit("old", "met", gap=-20.0, coverage=0.0),
        unit("edge", "met", gap=-20.0, is_bound=True),
        unit("behind", "at_risk", gap=-20.0),
    ]

    assert names(praised(rows, campaign=CAMPAIGN, most=2)) == ["first", "second"]


def test_silent_units_are_grouped_by_level_and_by_what_is_in_use_in_their_place():
    """One day told late is named by the oldest figure that others have told anew; all who are counted are named."""
    monday, tuesday = date(2024, 3, 4), date(2024, 3, 5)
    keys = [indicator.key for indicator in THREE.indicators[:2]]
    days = {
        "A": (tuesday, tuesday),
        "B": (tuesday, monday),
        "C": (monday, tuesday),
        "D": (None, None),
        "E": (tuesday, None),
    }
    rows = [
        result(unit=code, level="district", indicator=key, reading_as_of=day, coverage=1.0)
        for code, told in days.items()
        for key, day in zip(keys, told, strict=True)
    ]

    found = silent_units(rows, THREE)

    assert [(each.level, each.reporting, each.since, names(each.units)) for each in found] == [
        ("district", "never", None, ["D"]),
        ("district", "old", monday, ["B", "C"]),
        ("district", "lacking", None, ["E"]),
    ]
    assert isinstance(found[0], Silent)
    assert sum(len(each.units) for each in found) == who_told(rows, THREE)[0].silent


# --- how a phase ended ----------------------------------------------------------------------------------------------

ENDS_ON, AFTER = date(2024, 3, 22), date(2024, 3, 25)


def over(name: str, standing: str, **known: object) -> Result:
    """A unit's row of a phase that ended on Friday 22 March, with that day's figure and 30 % the year before."""
    return unit(
        name, standing, **({"due": ENDS_ON, "as_of": ENDS_ON, "reading_as_of": ENDS_ON, "baseline": 30.0} | known)
    )


@pytest.mark.parametrize(
    ("rows", "ended"),
    [
        ([], Ended()),
        ([over("A", "met"), over("B", "missed"), over("C", "missed")], Ended(met=1, missed=2)),
        ([over("A", "insufficient"), over("B", "stale"), over("C", "no_cases")], Ended(undecided=3)),
        ([over("A", "no_target", target=None)], Ended()),
        ([over("A", "met", due=date(2024, 4, 1)), over("B", "likely", due=None)], Ended(later=2)),
        ([over("A", "met", due=AFTER)], Ended(later=1)),
    ],
    ids=["nobody", "met and missed", "undecided", "without a target", "due later", "due on the day itself"],
)
def test_targets_of_a_phase_end_met_missed_undecided_or_later(rows, ended):
    found = how_ended(rows, seen_on=AFTER)

    assert found == ended
    assert found.held == sum(row.target is not None for row in rows)


@pytest.mark.parametrize("standing", ["out_of_reach", "unlikely", "high_risk", "at_risk", "likely", "missed"])
def test_what_was_short_on_its_last_day_is_missed_from_the_day_after(standing):
    row = over("A", standing, by="gap", probability=0.4, projection=44.0, pace=1.0, share_needed=90.0)

    seen = as_ended(row, seen_on=AFTER)

    assert (seen.standing, seen.value, seen.gap) == ("missed", row.value, row.gap)
    assert {seen.by, seen.probability, seen.projection, seen.pace, seen.share_needed} == {None}
    assert as_ended(row, seen_on=ENDS_ON) == row


@pytest.mark.parametrize(
    "row",
    [
        over("A", "met", value=50.0),
        over("A", "insufficient"),
        over("A", "stale"),
        over("A", "no_target", target=None),
        over("A", "likely", due=AFTER),
        over("A", "at_risk", as_of=date(2024, 3, 15)),
        over("A", "likely", due=None),
    ],
    ids=["met", "unknown", "old", "without a target", "due later", "of a day before", "open end"],
)
def test_what_is_met_undecided_or_due_later_is_not_missed(row):
    assert as_ended(row, seen_on=AFTER) == row


@pytest.mark.parametrize(
    ("known", "standing"),
    [
        ({"qualifier": "about"}, "insufficient"),
        ({"qualifier": "over"}, "insufficient"),
        ({"qualifier": "under"}, "missed"),
        ({"qualifier": "range", "value_high": 50.0}, "insufficient"),
        ({"qualifier": "range", "value_high": 49.0}, "missed"),
        ({"qualifier": "over", "lower_is_better": True, "value": 60.0}, "missed"),
        ({"qualifier": "under", "lower_is_better": True, "value": 60.0}, "insufficient"),
        ({"qualifier": "range", "lower_is_better": True, "value": 60.0, "value_high": 70.0}, "missed"),
    ],
)
def test_what_a_bound_leaves_open_stays_undecided_after_the_last_day(known, standing):
    assert as_ended(over("A", "at_risk", is_bound=True, **known), seen_on=AFTER).standing == standing


@pytest.mark.parametrize(
    ("known", "better"),
    [
        ({}, 10.0),
        ({"lower_is_better": True}, -10.0),
        ({"baseline": None}, None),
        ({"value": None}, None),
        ({"is_bound": True}, None),
        ({"coverage": 0.0}, None),
        ({"measure": Measure("count"), "value": 45.0}, 50.0),
    ],
)
def test_rise_is_since_the_year_before_and_of_exact_fresh_figures_alone(known, better):
    assert rise(over("A", "met", **known)) == better


def ending(*rows: Result, campaign: Campaign = CAMPAIGN, told_by: date = ENDS_ON) -> PhaseEnd:
    return phase_end(rows, campaign, due=ENDS_ON, told_by=told_by, seen_on=AFTER)


def test_phase_is_told_by_province_level_and_unit():
    payment = {"indicator": "payment"}
    end = ending(
        over("P", "missed", level="province"),
        over("A", "met"), over("A", "met", **payment),
        over("B", "missed"), over("B", "insufficient", **payment),
        over("C", "missed", level="commune"), over("C", "likely", level="commune", due=None, **payment),
        over("D", "no_target", target=None),
    )  # fmt: skip

    assert end.province == Ended(missed=1)
    assert end.levels == {
        ("district", "online"): Ended(met=1, missed=1),
        ("district", "payment"): Ended(met=1, undecided=1),
        ("commune", "online"): Ended(missed=1),
        ("commune", "payment"): Ended(later=1),
    }
    assert set(end.units) == {"A", "B", "C"}
    assert (end.all_met, end.none_met) == (("A",), ("B",))


def test_who_rose_most_is_named_largest_first_without_the_small_and_those_due_later():
    end = ending(
        over("P", "met", level="province", value=99.0),
        over("A", "missed", value=35.0), over("B", "met", value=60.0), over("C", "met", value=50.0),
        over("D", "met", value=55.0), over("fell", "missed", value=20.0), over("same", "missed", value=30.0),
        over("small", "met", value=100.0, denominator=20), over("later", "met", value=90.0, due=AFTER),
        over("open", "met", value=90.0, due=None),
    )  # fmt: skip

    assert {key: names(rows) for key, rows in end.rose.items()} == {"online": ["B", "D", "C"]}


SATURDAY = date(2024, 3, 23)


@pytest.mark.parametrize(
    ("told", "awaited"),
    [
        ((ENDS_ON, ENDS_ON), 0),
        ((ENDS_ON, date(2024, 3, 21)), 1),
        ((ENDS_ON, None), 1),
        ((date(2024, 3, 21), date(2024, 3, 21)), 2),
        ((SATURDAY, ENDS_ON), 0),
    ],
    ids=["all told", "one uses an older figure", "one told nothing", "nobody told the day", "some told a day of rest"],
)
def test_phase_is_no_result_while_figures_of_its_last_day_are_to_come(told, awaited):
    rows = [over(name, "met", reading_as_of=day) for name, day in zip("AB", told, strict=True)]

    assert ending(*rows, over("early", "missed", due=date(2024, 3, 13), reading_as_of=None)).awaited == awaited


def test_nobody_is_awaited_where_every_figure_was_published():
    rows = [over("A", "met", reading_as_of=date(2024, 3, 1))]

    assert ending(*rows, campaign=published(*(indicator.key for indicator in THREE.indicators))).awaited == 0
