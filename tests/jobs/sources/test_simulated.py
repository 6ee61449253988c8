"""The demonstration's own source: exactly what a demonstration founded later would hold, one evening at a time."""

from datetime import date, timedelta

import pytest

from jobs.campaigns.demonstration import SEED, last_day, simulated_baseline, simulated_days
from jobs.sources.simulated import SOURCE
from models.core.columns import day_number
from tests.jobs.source_world import checked, gia_lai, refused_by, reported_by, unit_records

UNITS = unit_records()
DAY_48 = date(2024, 5, 8)
LATE = gia_lai().campaign.source("demonstration-late").options
OF_THE_LATE = LATE["units"]


@pytest.fixture(scope="module")
def baselines() -> dict[tuple[str, str], float]:
    """What the store holds: the article's results where there are some."""
    campaign = gia_lai().campaign
    made = {
        (unit.code, one.key): float(simulated_baseline(campaign, unit, one.key))
        for unit in UNITS
        for one in campaign.indicators
    }
    known = {(row.unit, row.indicator): float(row.value) for row in gia_lai().baselines if row.value is not None}
    assert known
    return made | known


@pytest.mark.parametrize(
    "day", [DAY_48, *(pytest.param(day, marks=pytest.mark.soak) for day in (date(2024, 3, 22), date(2024, 7, 3)))]
)
def test_evening_is_told_exactly_as_a_demonstration_tells_it(baselines, day):
    *_, evening = simulated_days(gia_lai().campaign, UNITS, baselines, through=day)

    result = reported_by(SOURCE, is_simulated=True, day=day, baselines=baselines)

    columns = ["unit_id", "indicator", "as_of", "scope", "numerator", "denominator"]
    ids = {unit.code: unit.unit_id for unit in UNITS}
    frame = evening.frame[~evening.frame["unit_id"].isin([ids[code] for code in OF_THE_LATE])]
    assert [
        (ids[row.unit_code], row.indicator, day_number(row.as_of), row.scope, row.numerator, row.denominator)
        for row in result.figures
    ] == list(frame[columns].itertuples(index=False, name=None))


@pytest.mark.soak
def test_every_figure_is_good_to_the_checking(baselines):
    result = reported_by(SOURCE, is_simulated=True, day=DAY_48, baselines=baselines)

    answer = checked(SOURCE, result, day=DAY_48)

    assert (len(answer.frame), answer.bad_figures) == (len(result.figures), ())
    assert len(result.figures) > 1_400


@pytest.mark.soak
def test_unit_without_a_baseline_gets_the_one_that_would_have_been_made_up(baselines):
    article = {(row.unit, row.indicator) for row in gia_lai().baselines}
    known = {key: value for key, value in baselines.items() if key in article}

    assert reported_by(SOURCE, is_simulated=True, day=DAY_48, baselines=known) == reported_by(
        SOURCE, is_simulated=True, day=DAY_48, baselines=baselines
    )


@pytest.mark.soak
def test_another_seed_tells_other_figures(baselines):
    one, other = (
        reported_by(SOURCE, is_simulated=True, day=DAY_48, baselines=baselines, options={"seed": seed})
        for seed in (SEED, SEED + 1)
    )

    assert one.figures != other.figures


def test_real_store_is_told_nothing():
    assert refused_by(SOURCE, is_simulated=False).failure == "not_a_demonstration"


@pytest.mark.soak
def test_days_outside_the_simulation_are_not_made_up():
    campaign = gia_lai().campaign
    outside = (campaign.start - timedelta(days=1), last_day(campaign) + timedelta(days=1))

    assert {refused_by(SOURCE, is_simulated=True, day=day).failure for day in outside} == {"rehearsal_over"}
    assert reported_by(SOURCE, is_simulated=True, day=last_day(campaign)).figures


def test_source_that_names_its_units_reports_them_alone_until_the_day_it_falls_silent(baselines):
    first = date.fromisoformat(LATE["silent_from"])
    asked = {"is_simulated": True, "baselines": baselines, "options": LATE}

    result = reported_by(SOURCE, day=first - timedelta(days=1), **asked)

    assert {row.unit_code for row in result.figures} == set(OF_THE_LATE)
    assert refused_by(SOURCE, day=first, **asked).failure == "simulated_silence"
