"""What if in words: the province, its units and the probability, before and after, in every state."""

import math
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from models.analysis.compare import PhaseResults, Stage
from models.core.texts import LANGUAGES
from pages.compare.choices import CompareChoices
from pages.compare.what_if import if_view, imagine, imagine_uplift, no_uplift, probability_words
from targets.standing.progress import STANDING_CODE
from tests.pages.compare_world import UNITS, comparison
from tests.targets.comparison.test_what_if import NAMES, scenario

NAN = math.nan
CODES = ("H21", "H21.54", "X1", "X2", "SCT", "P", "S")
LEVELS = ("province", "district", "commune", "commune", "department", "department", "department")


def stage(**changes):
    """The province of the tests of `targets.comparison.what_if`: 500 of 1,000, target 60 %, trajectory 55 %."""
    return Stage(scenario(**changes), CODES, tuple(NAMES), LEVELS, np.full(len(NAMES), 2.0))


def imagined(choices, *, level=None, got=None, small_volume=100):
    return imagine(got or stage(), choices, level=level, small_volume=small_volume, phase="50-day")


def view(choices, language="vi", **other):
    return if_view(comparison(), imagined(choices, **other), choices, language)


def facts(shown):
    return {label: (before, after) for label, before, after in shown.facts}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "vi",
            "Nếu 2 đơn vị đã chọn đạt lộ trình, tỷ lệ hồ sơ trực tuyến tính chung là 57,5%, "
            "còn thiếu 2,5 điểm phần trăm so với mốc 50 ngày",
        ),
        (
            "en",
            "If the 2 chosen units reach their trajectory, the online rate overall is 57.5%, "
            "2.5 percentage points short of",
        ),
    ],
)
def test_chosen_units_on_their_trajectory_move_the_province(language, said):
    shown = view(CompareChoices(scenario="units", units=("SCT", "X1")), language)

    assert shown.exhibit.title.startswith(said)
    assert shown.exhibit.table.rows[0].code == "H21"
    assert {row.code for row in shown.exhibit.table.rows} == {"H21", "H21.54", "X1", "SCT"}


@pytest.mark.parametrize(("units", "carried"), [(("SCT",), 0), (("X1",), 1), (("X1", "H21.54"), 0)])
def test_district_that_rises_with_its_communes_is_said(units, carried):
    asked = CompareChoices(scenario="units", units=units)

    assert imagined(asked).carried == carried
    assert ("Tăng theo: 1 đơn vị" in " ".join(view(asked).exhibit.notes)) == bool(carried)


def test_facts_stand_before_and_after():
    found = facts(view(CompareChoices(scenario="units", units=("SCT", "X1"))))

    assert found["Tỷ lệ chung"] == ("50,0%", "57,5%")
    assert found["Còn thiếu (điểm phần trăm)"] == ("10,0", "2,5")
    assert "Xác suất đạt mốc 50 ngày" in found


def test_slowest_units_are_those_of_the_level_with_enough_cases():
    every = imagined(CompareChoices(slowest=3))
    communes = imagined(CompareChoices(slowest=3), level="commune")

    assert (every.chosen, communes.chosen) == (3, 2)
    assert imagined(CompareChoices(slowest=3), small_volume=250).chosen == 3
    assert imagined(CompareChoices(slowest=9), small_volume=301).chosen == 1


def test_pace_that_holds_leads_somewhere_and_has_no_probability():
    shown = view(CompareChoices(scenario="pace"))

    assert shown.exhibit.title.startswith("Nếu mức tăng hiện nay giữ nguyên đến ngày 10/05/2024, ")
    assert not [label for label in facts(shown) if "Xác suất" in label]
    assert len(shown.exhibit.table.columns) == 6


def test_bars_count_every_unit_before_and_after_and_say_so_in_words():
    shown = view(CompareChoices(scenario="units", units=("SCT", "X1", "X2")))

    assert [bar.title for bar in shown.bars] == ["Hiện nay", "Khi đó"]
    for bar in shown.bars:
        assert sum(int(words.split()[0]) for _, words in bar.parts) == len(NAMES) - 1
        assert bar.title in bar.spoken


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("choices", "changes", "said"),
    [
        (CompareChoices(scenario="units"), {}, ("Chọn đơn vị", "Choose units")),
        (CompareChoices(), {"trajectory": 10.0}, ("Không có đơn vị nào chậm hơn", "No unit is behind")),
        (CompareChoices(scenario="units", units=("SCT",)), {"target": NAN}, ("chưa có chỉ tiêu", "no target")),
        (CompareChoices(scenario="units", units=("SCT",)), {"target": 50.5}, ("đạt mốc 50 ngày", "which reaches")),
    ],
    ids=["nobody chosen", "nobody behind", "no target", "reached"],
)
def test_answer_says_what_is_the_case_in_every_state(choices, changes, said, language):
    shown = view(choices, language, got=stage(**changes))

    assert said[LANGUAGES.index(language)] in shown.exhibit.title
    assert shown.exhibit.title[-1] not in ".,:; "


def test_phase_without_an_end_leads_to_no_milestone():
    choices = CompareChoices(scenario="pace")
    got = replace(imagined(choices), phase="maintain")

    shown = if_view(comparison(), got, choices, "vi")

    assert "không có ngày kết thúc" in shown.exhibit.title
    assert not shown.facts


def test_province_without_figures_is_not_reckoned_with():
    bare = stage()
    cases = replace(bare.scenario.cases, numerator=np.full(7, NAN), denominator=np.full(7, NAN))

    shown = view(CompareChoices(), got=replace(bare, scenario=replace(bare.scenario, cases=cases)))

    assert shown.exhibit.title == "Chưa có số liệu chung về tỷ lệ hồ sơ trực tuyến để tính"


@pytest.mark.parametrize(
    ("probability", "said"), [(0.0, "dưới 1%"), (0.094, "9%"), (1.0, "trên 99%"), (NAN, "chưa có cơ sở")]
)
def test_probability_is_never_told_as_sure(probability, said):
    assert probability_words(probability, "vi") == said


# --- another uplift -------------------------------------------------------------------------------------------------


def results(target, met):
    codes = tuple(unit[0] for unit in UNITS)
    standing = np.full(len(codes), STANDING_CODE["unlikely"])
    standing[1 : 1 + met] = STANDING_CODE["met"]
    return PhaseResults(
        codes=codes,
        names=tuple(unit[1] for unit in UNITS),
        province=0,
        value=np.full(len(codes), 47.4),
        target=np.full(len(codes), target),
        standing=standing,
        probability=np.full(len(codes), 0.06 if target > 55 else 0.48),
    )


def uplifted(now, then, uplift="5", language="vi"):
    choices = CompareChoices(scenario="uplift", uplift=Decimal(uplift))
    return if_view(comparison(), imagine_uplift(now, then, phase="100-day"), choices, language)


def test_another_uplift_is_told_by_who_would_have_met_it():
    shown = uplifted(results(60.0, 1), results(55.0, 3))

    assert shown.exhibit.title == (
        "Nếu mức tăng thêm là 5 thay vì 10 điểm phần trăm, 3 đơn vị đã đạt thay vì 1; "
        "tính chung còn thiếu 7,6 điểm phần trăm so với mốc 100 ngày"
    )
    assert facts(shown)["Xác suất đạt mốc 100 ngày"] == ("6%", "48%")
    assert "6 đơn vị có chỉ tiêu khác ở mốc này." in shown.exhibit.notes


def test_uplift_that_changes_no_target_says_so():
    same = results(60.0, 1)

    assert "Ở mốc này không chỉ tiêu nào thay đổi." in uplifted(same, same).exhibit.notes


def test_indicator_with_a_fixed_target_has_no_uplift_to_try():
    assert "không có mức tăng thêm để thử" in no_uplift(comparison(), "vi").exhibit.title
