"""The page of methods: made from the list, the docstrings, the campaign and the kept back-test."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from jobs.backtest import Judged, Record
from models.core.texts import LANGUAGES, texts
from pages.methods.view import GROUPS, NUMBERS, methods_view
from targets.methods import METHODS
from targets.projection.backtest import Bin, Score
from targets.values import ScoreBand, Text

SCORE = Score(
    count=1_365, coverage=80.06, below=9.0, above=10.94, width=5.8, error=2.0, error_last=2.7, error_line=2.6,
    told=41.2, brier=0.123, brier_last=0.261, brier_line=0.207, apart=4.44,
)  # fmt: skip
BINS = [Bin(0.05, 0.15, 40, 10.2, 18.1), Bin(0.65, 0.75, 50, 70.1, 71.4)]


def record(*names):
    parts = tuple(Judged(name, SCORE, {7: SCORE, 14: replace(SCORE, coverage=91.0)}, BINS) for name in names)
    return Record(date(2024, 3, 1), (21, 22), parts)


def test_every_method_stands_under_one_heading():
    listed = [key for keys in GROUPS.values() for key in keys]

    assert sorted(listed) == sorted(method.key for method in METHODS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_method_is_explained_and_nothing_else_is(language):
    explained = {key.split(".")[2] for key in texts(language) if key.startswith("methods.item.")}

    assert explained == {method.key for method in METHODS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_method_tells_meaning_measure_source_and_the_codes_own_definition(campaign, language):
    view = methods_view(campaign, None, language)

    methods = {method.key: method for _, of_group in view.groups for method in of_group}
    assert "Theil–Sen" in methods["pace"].definition
    assert methods["pace"].place == "targets.projection.pace.pace"
    assert all(one.name and one.meaning and one.measure and one.source for one in methods.values())


def test_headline_tells_what_projections_were_worth(campaign):
    view = methods_view(campaign, record("rhythm", "simulated"), "vi")

    assert view.headline == (
        "Dự báo đáng tin đến đâu: 80,1% kết quả nằm trong khoảng dự báo (yêu cầu 80%); "
        "khi nêu xác suất quanh mức 70% thì 71,4% thực sự đạt"
    )


@pytest.mark.parametrize("kept", [None, record("rhythm")])
def test_without_a_kept_back_test_nothing_is_claimed(campaign, kept):
    view = methods_view(campaign, kept, "vi")

    assert (view.headline, view.check) == ("Các con số được tính như thế nào", None)


def test_headline_claims_nothing_where_nobody_was_given_seventy_percent(campaign):
    part = Judged("simulated", SCORE, {7: SCORE}, BINS[:1])

    view = methods_view(campaign, Record(date(2024, 3, 1), (21,), (part,)), "vi")

    assert view.headline == "Các con số được tính như thế nào"


def test_back_test_is_told_with_its_day_its_seeds_and_every_horizon(campaign):
    check = methods_view(campaign, record("rhythm", "simulated"), "vi").check

    assert "01/03/2024" in check.made_on
    assert "21, 22" in check.made_on
    assert check.rows[0] == (
        "Tất cả mô phỏng", "7", "1.365", "80,1", "5,8", "2,0 / 2,7 / 2,6", "41,2", "12,3 / 26,1 / 20,7", "4,4", "có",
    )  # fmt: skip
    assert check.rows[1][-1] == "không"
    assert [row[0] for row in check.kinds] == ["Nhịp theo ngày trong tuần"] * 2


def test_chart_holds_every_tenth_that_was_told(campaign):
    check = methods_view(campaign, record("simulated"), "vi").check

    values = next(rows for rows in check.calibration["datasets"].values() if "count" in rows[0])
    assert [(row["said"], row["arrived"]) for row in values] == [(10.2, 18.1), (70.1, 71.4)]
    assert "nêu 70,1%, đạt 71,4%" in check.calibration_spoken


@pytest.mark.parametrize("language", LANGUAGES)
def test_limits_are_those_of_the_campaign(campaign, language):
    changed = replace(campaign, thresholds=replace(campaign.thresholds, likely=Decimal("0.85")))

    before, after = (dict(methods_view(known, None, language).limits) for known in (campaign, changed))

    assert [value for key, value in before.items() if after[key] != value] in (["từ 80%"], ["80% or more"])


def test_classes_of_scores_say_that_nobody_confirmed_them(campaign):
    bands = (ScoreBand(Decimal(90), Text("Xuất sắc", "Excellent")), ScoreBand(Decimal(0), Text("Yếu", "Weak")))
    open_ones, confirmed = (
        methods_view(replace(campaign, score_bands=bands, score_bands_confirmed=is_confirmed), None, "vi").limits[-1]
        for is_confirmed in (False, True)
    )

    assert open_ones == ("Xếp loại điểm chính thức (chưa có văn bản xác nhận)", "Xuất sắc ≥ 90 · Yếu ≥ 0")
    assert confirmed[0] == "Xếp loại điểm chính thức"


def test_score_says_so_where_no_probability_was_told(campaign):
    silent = replace(SCORE, told=0.0, brier=None, brier_last=None, brier_line=None, apart=None)
    kept = Record(date(2024, 3, 1), (21,), (Judged("simulated", SCORE, {30: silent}, BINS),))

    check = methods_view(campaign, kept, "vi").check

    assert check.rows[0][-4:] == ("0,0", "—", "—", "có")


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_in_explanations_come_from_the_code(campaign, language, monkeypatch):
    """Every number that an explanation names changes with the code's."""
    before = methods_view(campaign, None, language)
    monkeypatch.setattr("pages.methods.view.NUMBERS", {name: 800 + at for at, name in enumerate(NUMBERS)})

    after = methods_view(campaign, None, language)

    told = " ".join(method.meaning for _, methods in after.groups for method in methods)
    assert all(str(800 + at) in told for at in range(len(NUMBERS)))
    assert "800" not in " ".join(method.meaning for _, methods in before.groups for method in methods)
