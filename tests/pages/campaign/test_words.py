"""The campaign's files in the reader's words: places, values, mistakes; and fields written and read back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from models.catalogue import load_campaign_texts, read_texts
from models.catalogue.changes import Change
from models.catalogue.editing import KeyEdit
from models.catalogue.folder import CSV_COLUMNS
from models.core.texts import LANGUAGES, texts
from models.targets.registrations import Incomplete
from pages.campaign.fields import (
    Field,
    date_fields,
    edits_of,
    indicator_fields,
    limit_fields,
    read_back,
    shown_values,
    source_fields,
    written,
)
from pages.campaign.words import Names, column_words, field_words, place_words, problem_words, value_words
from targets.errors import FileProblem
from tests.campaign_folders import write_small

RULE = Field("indicators/online.toml", ("rule", "uplift"), "number", "rule.uplift")
CENTRAL = ("online", "2024")
CHOSEN = ("flag", "choice", "day", "sources")
"""Kinds of fields in which nothing is typed."""
KNOTS = Field("indicators/online.toml", ("knots",), "knots", "knots", is_optional=True, phase="first")


@pytest.fixture(scope="module")
def small_texts(tmp_path_factory):
    return read_texts(write_small(tmp_path_factory.mktemp("small") / "small"))


@pytest.fixture(scope="module")
def names(small_texts):
    return Names(load_campaign_texts(small_texts).campaign, {"S1": "Sở Một"}, "vi")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Change("campaign.toml", (), "phases.first.due", "a", "b"), "first · Đến hạn"),
        (Change("campaign.toml", (), "title.vi", "a", "b"), "Tên chiến dịch (tiếng Việt)"),
        (Change("campaign.toml", (), "levels.province.group.vi", "a", "b"), "levels.province.group.vi"),
        (Change("sources.toml", (), "igate.enabled", "a", "b"), "igate · Tự lấy số liệu"),
        (Change("sources.toml", (), "gone.options.path", "a", "b"), "gone · options.path"),
        (Change("indicators/online.toml", (), "rule.uplift", "a", "b"), "online · Mức tăng thêm"),
        (Change("indicators/online.toml", (), "knots[2].way", "a", "b"), "online · Điểm gãy lộ trình thứ 2"),
        (Change("units.csv", ("S1",), "head_phone", "a", "b"), "Sở Một · Điện thoại"),
        (Change("units.csv", ("S9",), "", None, "b"), "S9"),
        (
            Change("unit_changes.csv", ("2024-03-20", "merge", "X4", "S1"), "share", "a", "b"),
            "20/03/2024 · sáp nhập · X4 → Sở Một · Tỷ lệ (%)",
        ),
        (Change("unit_changes.csv", ("2024-03-20", "move", "X", ""), "", None, "b"), "20/03/2024 · chuyển · X"),
        (Change("central.csv", (*CENTRAL, ""), "value", "a", "b"), "Chỉ tiêu Trung ương online năm 2024 · Giá trị (%)"),
        (Change("central.csv", (*CENTRAL, "commune"), "", "a", None), "Chỉ tiêu Trung ương online năm 2024 · commune"),
        (Change("registrations.csv", ("S1", "online", "first"), "", "a", None), "Sở Một · online · first"),
    ],
)  # fmt: skip
def test_place_is_said_by_whose_it_is(names, change, said):
    assert place_words(change, names) == said


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("phases.first.due", "2024-03-22", "22/03/2024"),
        ("rule.uplift", "12.5", "12,5"),
        ("rule.uplift_kind", "relative", "phần trăm của kết quả"),
        ("igate.enabled", "false", "không"),
        ("sources", "igate, file", "igate, file"),
        ("head_name", None, "chưa có"),
        ("head_name", "", "chưa có"),
        ("head_phone", "0905 111", "0905 111"),
    ],
)
def test_value_is_said_as_people_write_it(names, key, value, said):
    assert value_words(key, value, names) == said


def test_every_column_of_every_file_has_a_word():
    for columns in CSV_COLUMNS.values():
        for column in columns:
            assert all(column_words(column, language) for language in LANGUAGES)


def test_number_keeps_its_point_in_english(names):
    assert value_words("rule.uplift", "12.5", replace(names, language="en")) == "12.5"


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (
            FileProblem("campaign.toml", "phases.second.start", "…", "overlap",
                        {"value": "2024-03-20", "phase": "first", "due": "2024-03-22"}),
            "second · Bắt đầu: là 20/03/2024, nhưng giai đoạn first trước đó kéo dài đến 22/03/2024.",
        ),
        (FileProblem("units.csv", "line 5, column head_name", "…", "control"),
         "units.csv, dòng 5, Họ tên: có dấu xuống dòng hoặc ký tự điều khiển."),
        (FileProblem("central.csv", "line 3", "…", "repeats", {"line": "2", "said": "online, 2024"}),
         "central.csv, dòng 3: lặp lại dòng 2: online, 2024."),
        (FileProblem("sources.toml", "whole file", "…", "file_lacks"), "sources.toml, cả tệp: không có tệp này."),
    ],
)  # fmt: skip
def test_mistake_is_said_with_its_place(names, problem, said):
    assert problem_words(problem, names) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_of_every_form_has_a_word(names, language):
    campaign = names.campaign
    groups = [
        *date_fields(campaign), *limit_fields(), *indicator_fields(campaign.indicators[0], campaign),
        source_fields(campaign.sources[0]),
    ]  # fmt: skip
    fields = [field for group in groups for field in group]

    assert [field.name for field in fields if field_words(field.name, language) == field.name] == []
    options = {f"campaign.option.{option}" for field in fields for option in field.options if field.kind == "choice"}
    assert options - {"campaign.option."} <= texts(language).keys()


def test_what_is_shown_is_read_back_as_the_same_and_edits_nothing(names, small_texts):
    campaign = names.campaign
    groups = [
        *date_fields(campaign), *limit_fields(), *(source_fields(source) for source in campaign.sources),
        *(group for each in campaign.indicators for group in indicator_fields(each, campaign)),
    ]  # fmt: skip
    fields = [field for group in groups for field in group if field.path[0] != "rule"]
    seen = shown_values(small_texts, fields)

    back = {
        field.key: read_back(
            field,
            seen[field.key] if field.kind in CHOSEN else written(field, seen[field.key], "vi"),
            field.name,
        )
        for field in fields
    }  # fmt: skip

    assert edits_of(fields, seen, back) == []


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (RULE, "12,5", Decimal("12.5")),
        (RULE, " 12.5 ", Decimal("12.5")),
        (RULE, "1.000,5", Decimal("1000.5")),
        (replace(RULE, kind="whole"), "12", 12),
        (replace(RULE, kind="whole"), "12,5", Decimal("12.5")),
        (replace(RULE, kind="text"), " a ", "a"),
        (replace(RULE, kind="text", is_optional=True), " ", None),
        (replace(RULE, kind="words"), "a; b ;; c", ("a", "b", "c")),
        (replace(RULE, kind="day", is_optional=True), None, None),
        (replace(RULE, kind="day"), date(2024, 3, 4), date(2024, 3, 4)),
        (KNOTS, "", ()),
        (KNOTS, "30 -> 10; 60:40,5", ((Decimal(30), Decimal(10)), (Decimal(60), Decimal("40.5")))),
    ],
)
def test_what_was_typed_is_read_as_people_write_it(field, typed, value):
    assert read_back(field, typed, "Ô") == value


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (RULE, ""),
        (RULE, "nhiều"),
        (RULE, "1.000,5.2"),
        (RULE, "trên 12"),
        (KNOTS, "30"),
        (KNOTS, "a → b"),
        (replace(RULE, kind="day"), None),
    ],
)
def test_what_is_no_value_is_refused_by_the_fields_name(field, typed):
    with pytest.raises(Incomplete, match="Ô"):
        read_back(field, typed, "Ô")


def test_knots_of_one_phase_are_changed_and_those_of_the_others_stay():
    other = replace(KNOTS, phase="second")
    seen = {KNOTS.key: (), other.key: ((Decimal(20), Decimal(5)),)}

    [edit] = edits_of([KNOTS, other], seen, seen | {KNOTS.key: ((Decimal(30), Decimal(10)),)})

    assert edit == KeyEdit(
        KNOTS.file, ("knots",),
        ({"phase": "first", "time": 30, "way": 10}, {"phase": "second", "time": 20, "way": 5}),
    )  # fmt: skip


def test_field_of_the_other_kind_of_rule_is_left_alone():
    kind = Field(RULE.file, ("rule", "kind"), "choice", "rule.kind", ("fixed", "central_plus"))
    value = Field(RULE.file, ("rule", "value"), "number", "rule.value")
    seen = {kind.key: "central_plus", value.key: Decimal(100), RULE.key: Decimal(10)}

    edits = edits_of([kind, value, RULE], seen, seen | {value.key: Decimal(90), RULE.key: Decimal(12)})

    assert edits == [KeyEdit(RULE.file, ("rule", "uplift"), Decimal(12))]
