"""A campaign as a value: its days, its phases, and finding what is named."""

from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import get_args

import pytest

from targets import values
from targets.values import (
    NEVER_STALE,
    PUBLISHED,
    STANDINGS,
    Campaign,
    Indicator,
    Level,
    Origin,
    Phase,
    Rule,
    Source,
    Text,
    Thresholds,
)


def text(word: str) -> Text:
    return Text(vi=f"{word} (vi)", en=f"{word} (en)")


def indicator(key: str) -> Indicator:
    return Indicator(
        key=key,
        order=1,
        name=text(key),
        short_name=text(key),
        numerator=text("dossiers received online"),
        denominator=text("dossiers received"),
        counted=text("dossiers"),
        portal_column="CLGQ",
        max_points=Decimal(12),
        ceiling=Decimal(100),
        basis="campaign",
        arriving=True,
        shortfall="diluted",
        sources=("file",),
        rule=Rule(kind="central_plus"),
    )


FIRST = Phase("50-day", text("50 days"), start=date(2024, 3, 22), due=date(2024, 5, 10))
SECOND = Phase("100-day", text("100 days"), start=date(2024, 5, 11), due=date(2024, 6, 29))
AFTER = Phase("maintain", text("maintain"), start=date(2024, 6, 30), due=None)


def campaign(*phases: Phase) -> Campaign:
    return Campaign(
        key="made-up",
        title=text("campaign"),
        short_title=text("campaign"),
        province="P",
        document="629/KH-UBND",
        document_date=date(2024, 3, 19),
        start=date(2024, 3, 22),
        end=date(2024, 6, 29),
        baseline_year=2023,
        target_year=2024,
        holidays="VN",
        phases=phases or (FIRST, SECOND, AFTER),
        unit_phases=(),
        levels=tuple(Level(key, text(key), group=None, default_scope="own") for key in ("department", "commune")),
        indicators=(indicator("online"), indicator("payment")),
        sources=tuple(Source(key, text(key), kind="file", basis=None) for key in ("file", "igate")),
        thresholds=Thresholds(*(Decimal(limit) for limit in ("0.8", "0.5", "0.2", "0", "5", "15"))),
        score_bands=(),
        score_bands_confirmed=False,
        stale_after_working_days=3,
        volume_window_days=28,
        small_volume=100,
        disagreement_points=Decimal(2),
    )


def test_first_level_is_the_roots_and_points_are_known_where_every_file_says_them():
    known = campaign()
    unsaid = replace(known, indicators=(known.indicators[0], replace(known.indicators[1], max_points=None)))

    assert known.root_level.key == "department"
    assert [known.most_points(key) for key in ("online", "")] == [Decimal(12), Decimal(24)]
    assert [unsaid.most_points(key) for key in ("online", "payment", "")] == [Decimal(12), None, None]


def test_cases_have_names_of_their_own_beside_what_is_counted():
    rate = indicator("online")
    count = replace(rate, measured_in="count", numerator=rate.counted)

    assert set(rate.named_cases) == {"numerator", "denominator"}
    assert set(count.named_cases) == {"denominator"}


def test_campaign_has_100_days_when_both_ends_count():
    assert campaign().days == 100


@pytest.mark.parametrize(
    ("day", "number"),
    [("2024-03-21", 0), ("2024-03-22", 1), ("2024-05-10", 50), ("2024-06-29", 100), ("2024-06-30", 101)],
)
def test_day_n_counts_from_one_when_the_campaign_begins(day, number):
    assert campaign().day_number(date.fromisoformat(day)) == number


def test_baseline_stands_on_the_day_before_when_the_campaign_begins():
    assert campaign().baseline_day == date(2024, 3, 21)


@pytest.mark.parametrize(
    ("day", "running"),
    [
        ("2024-01-01", "50-day"),
        ("2024-03-22", "50-day"),
        ("2024-05-10", "50-day"),
        ("2024-05-11", "100-day"),
        ("2024-06-29", "100-day"),
        ("2024-06-30", "maintain"),
        ("2025-06-30", "maintain"),
    ],
)
def test_phase_runs_to_its_due_date_inclusive_when_asked_day_by_day(day, running):
    assert campaign().phase_on(date.fromisoformat(day)).key == running


def test_last_phase_stays_the_running_one_when_nothing_comes_after_it():
    of_two_phases = campaign(FIRST, SECOND)

    assert of_two_phases.phase_on(date(2024, 8, 1)) == SECOND


def test_parts_are_found_by_key_when_a_campaign_names_them():
    synthetic = campaign()

    assert synthetic.indicator("payment").key == "payment"
    assert synthetic.level("commune").key == "commune"
    assert synthetic.phase("100-day") == SECOND
    assert synthetic.source("igate").key == "igate"


def test_figures_grow_stale_by_their_sources_own_limit_when_it_has_one_and_never_when_published():
    own, published = (
        Source(key, text(key), kind=kind, basis=None) for key, kind in (("own", "http"), ("paper", PUBLISHED))
    )
    known = replace(campaign(), sources=(replace(own, stale_after_working_days=7), published))

    assert [known.stale_after(key) for key in ("own", "paper", "nobody")] == [7, NEVER_STALE, 3]


def test_name_is_vietnamese_when_no_other_language_is_asked_for():
    name = Text(vi="Tiến độ", en="Timeliness")

    assert (name.of("vi"), name.of("en"), name.of("fr")) == ("Tiến độ", "Timeliness", "Tiến độ")


def test_rule_is_the_plans_own_when_a_file_sets_nothing_else():
    """Ten points on the unit's own result too, half of them in the first phase (definitions.md, "Targets")."""
    rule = Rule(kind="central_plus")

    assert (rule.uplift, rule.uplift_kind, rule.share) == (10, "points", Decimal("0.5"))
    assert (rule.at_or_above, rule.phase_1) == ("own_plus_uplift", "half_uplift")


def test_standings_are_in_order_of_precedence_when_listed():
    """As definitions.md, "Standing", promises them."""
    assert (
        *("no_target", "no_cases", "insufficient", "stale", "met", "missed", "out_of_reach"),
        *("likely", "at_risk", "high_risk", "unlikely"),
    ) == STANDINGS


def test_origins_are_in_order_of_precedence_when_listed():
    assert get_args(Origin) == ("proposed", "issued", "registered")


def test_nothing_of_a_campaign_can_be_changed_when_it_has_been_read():
    for kind in vars(values).values():
        if isinstance(kind, type) and is_dataclass(kind):
            untouched = object.__new__(kind)
            with pytest.raises(FrozenInstanceError):
                setattr(untouched, fields(kind)[0].name, "changed")


@pytest.mark.parametrize(
    ("other", "is_alike"),
    [
        ({}, True),
        ({"basis": "month"}, False),
        ({"measured_in": "count"}, False),
        ({"direction": "down"}, False),
    ],
)
def test_campaigns_share_an_indicator_that_counts_alike(other, is_alike):
    assert campaign().counts_alike(replace(indicator("online"), **other)) is is_alike
    assert not campaign().counts_alike(indicator("another"))


def test_grades_of_a_survey_are_no_lines_of_their_own():
    survey, grade = campaign().indicators

    graded = replace(campaign(), indicators=(survey, replace(grade, grade_of=survey.key)))

    assert graded.own_lines == (survey,)
    assert campaign().own_lines == (survey, grade)
