"""What becomes of a file, in words: figures, facts, refusals, progress."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from jobs.imports.problems import FileRefused, KindUnsure
from jobs.imports.values import RejectedRow
from jobs.intake.previews import Change, PreviewedValue
from jobs.intake.uploads import Asked, Look
from models.core.texts import LANGUAGES
from pages.upload.view import (
    ROWS,
    new_table,
    on_page,
    pages_of,
    progress_words,
    refusal,
    rejected_table,
    reported_words,
    revised_table,
    what_words,
)
from targets.errors import CampaignError, UnknownName

LOOK = Look(file="so-lieu.csv", asked=Asked())
CHANGE = Change("Sheet1!D5", "H1", "UBND huyện Một", "online", PreviewedValue(numerator=415, denominator=1000))


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (PreviewedValue(numerator=415, denominator=1000), "41,5% (415/1.000)"),
        (PreviewedValue(numerator=415, denominator=1000, value=41.0), "41,5% (415/1.000), báo cáo 41%"),
        (PreviewedValue(value=41.57), "41,57%"),
        (PreviewedValue(value=12.0, qualifier="over"), "trên 12%"),
        (PreviewedValue(value=12.0, qualifier="under"), "gần 12%"),
        (PreviewedValue(value=90.0, qualifier="range", value_high=100.0), "90–100%"),
        (PreviewedValue(numerator=1200, qualifier="more"), "hơn 1.200, chưa có mẫu số"),
        (PreviewedValue(value=12.0, qualifier="about"), "xấp xỉ 12%"),
        (PreviewedValue(numerator=0, denominator=0), "không phát sinh"),
        (PreviewedValue(numerator=7), "7, chưa có mẫu số"),
        (PreviewedValue(), "không có"),
        (PreviewedValue(points=Decimal("81.5"), rank=3, rank_of=17), "81,5 điểm, hạng 3/17"),
        (PreviewedValue(points=Decimal(80)), "80 điểm"),
        (PreviewedValue(rank=4), "hạng 4"),
        (PreviewedValue(value=Decimal(35), document="QĐ 200"), "35%, theo QĐ 200"),
        (
            PreviewedValue(value=Decimal("72.37"), document="700/UBND", document_date=date(2024, 4, 2)),
            "72,37%, theo 700/UBND ngày 02/04/2024",
        ),
        (
            PreviewedValue(fields={"head_name": "Bà A", "valid_to": "2024-05-10"}),
            "người đứng đầu: Bà A; hiệu lực đến: 10/05/2024",
        ),
        (PreviewedValue(fields={"aliases": ["A", "B"], "head_phone": None}), "tên khác: A, B; điện thoại: để trống"),
    ],
)
def test_what_is_told_reads_as_people_write_it(got, words):
    assert reported_words(got, "vi") == words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"as_of": date(2024, 5, 6), "scope": "own"}, "Tỷ lệ hồ sơ trực tuyến, ngày 06/05/2024, riêng đơn vị"),
        ({"year": 2023}, "Tỷ lệ hồ sơ trực tuyến, năm 2023"),
        ({"phase": "50-day"}, "Tỷ lệ hồ sơ trực tuyến, 50 ngày"),
        ({"year": 2024, "level": "district"}, "Tỷ lệ hồ sơ trực tuyến, năm 2024, UBND cấp huyện"),
        ({"indicator": None, "as_of": date(2024, 4, 30)}, "Tổng điểm, ngày 30/04/2024"),
        ({"new": PreviewedValue(fields={"name": "x"})}, "Thông tin đơn vị"),
    ],
)
def test_what_a_figure_is_of_is_said_with_all_that_tells_it_from_others(with_levels, change, words):
    assert what_words(replace(CHANGE, **change), with_levels, "vi") == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_name_place_unit_and_both_values(with_levels, language):
    change = replace(CHANGE, old=PreviewedValue(numerator=400, denominator=1000), as_of=date(2024, 5, 6))

    revised, new = revised_table([change], with_levels, language), new_table([CHANGE], with_levels, language)

    [row] = revised.rows
    assert (len(row), len(new.rows[0])) == (len(revised.heads), len(new.heads)) == (5, 4)
    assert row[:2] == ("Sheet1!D5", "UBND huyện Một")
    assert ("400/1" in row[3], "415/1" in row[4]) == (True, True)


def test_note_is_told_where_it_is_what_changed(with_levels):
    old, new = PreviewedValue(value=12.0, source_note="a.csv"), PreviewedValue(value=12.0, source_note="")

    [row] = revised_table([replace(CHANGE, old=old, new=new)], with_levels, "vi").rows

    assert row[3:] == ("12% · a.csv", "12% · để trống")


def test_lines_of_text_files_are_said_in_the_readers_language():
    row = RejectedRow("line 5", "Tử số", "9", "numerator_above_denominator", {}, {})

    places = [rejected_table([row], language).rows[0][0] for language in LANGUAGES]

    assert places == ["dòng 5", "line 5"]


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (ROWS, 1), (ROWS + 1, 2)])
def test_screens_hold_so_many_rows(count, pages):
    rows = list(range(count))

    assert pages_of(count) == pages
    assert [row for page in range(1, pages + 1) for row in on_page(rows, page)] == rows


@pytest.mark.parametrize(
    ("look", "share", "part"),
    [
        (LOOK, 0.0, "chờ đến lượt"),
        (replace(LOOK, stage="reading", done=5000), 0.0, "5.000 dòng"),
        (replace(LOOK, stage="reading", done=5000, total=10000), 0.5, "5.000/10.000 dòng"),
        (replace(LOOK, stage="reading", done=12, total=10), 1.0, "12/12 dòng"),
        (replace(LOOK, stage="comparing"), 1.0, "so với số liệu trong kho"),
        (replace(LOOK, stage="saving"), 1.0, "Đang lưu “so-lieu.csv”"),
    ],
)
def test_progress_says_how_far_and_what(look, share, part):
    said = progress_words(look, "vi")

    assert said[0] == share
    assert part in said[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_unsure_kind_says_what_to_choose_on_the_page(language):
    problem = KindUnsure("kind_unsure", name="a.csv", candidates="readings, baselines", example="readings")

    said = refusal(problem, language)

    assert {"vi": "“Số liệu thực hiện”; “Kết quả đầu kỳ”", "en": "“Figures of the indicators”; “Baselines”"}[
        language
    ] in said


@pytest.mark.parametrize(
    ("problem", "part"),
    [
        (FileRefused("no_day", name="a.csv"), "chọn ngày ở ô"),
        (FileRefused("points_are_not_rates", name="a.csv", kind="readings"), "“Điểm chính thức”"),
        (FileRefused("empty_file", name="a.csv"), "“a.csv” trống"),
        (UnknownName(kind="source", name="báo", allowed=["file"]), "nguồn số liệu"),
        (CampaignError("as it is"), "as it is"),
    ],
)
def test_refusals_say_what_to_do(problem, part):
    assert part in refusal(problem, "vi")
