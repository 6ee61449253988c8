"""Official scores: the lists that offices send, and the same as a file; every number as it was told."""

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from models.core.texts import LANGUAGES
from models.results.scores import Rank, ScoreRow, ScoreSet
from pages.scores.view import MOST_LINES, file_name, score_file, scores_view
from targets.values import ScoreBand, Source, Text

YEAR = ScoreSet("paper", "year", date(2023, 1, 1), date(2023, 12, 31), date(2023, 12, 31), 4, simulated=True)
MONTH = ScoreSet("paper", "month", date(2024, 3, 1), date(2024, 3, 31), date(2024, 3, 28), 4, simulated=False)
BANDS = (ScoreBand(Decimal(90), Text("Xuất sắc", "Excellent")), ScoreBand(Decimal(50), Text("Trung bình", "Average")))


def row(code, points, *, level="commune", **changes):
    got = ScoreRow(
        unit=code, name=f"UBND {code}", level=level, points=None if points is None else Decimal(points),
        max_points=Decimal(100), ranks=(), parts=(), before=None, before_rank=None,
    )  # fmt: skip
    return replace(got, **changes)


ROWS = (
    row("A", "79.99"),
    row("B", "55.510", ranks=(Rank(9, 17, "cấp huyện"), Rank(3, None, ""))),
    row("C", "80"),
    row("D", "92.5", level="district", parts=(("online", Decimal("10.25"), Decimal(12)),)),
    row("E", None, ranks=(Rank(1, 220, ""),)),
)


@pytest.fixture
def known(with_levels):
    paper = Source("paper", Text("Báo Gia Lai", "Gia Lai newspaper"), "published", "year")
    return replace(with_levels, sources=(paper,), score_bands=BANDS)


def view_of(known, rows=ROWS, *, shown=YEAR, level=None, language="vi"):
    return scores_view([MONTH, YEAR], shown, rows, known, level=level, language=language)


def cells(view, key):
    return [line.cells for found in view.lists if found.key == key for line in found.lines]


def test_headline_counts_the_units_of_each_list(known):
    assert view_of(known).headline == (
        "Điểm chính thức năm 2023: 2 đơn vị dưới 80, 1 đơn vị từ 80 đến dưới 90, 1 đơn vị từ 90"
    )


def test_lists_are_those_that_offices_send_the_fewest_points_first(known):
    view = view_of(known)

    assert [found.title for found in view.lists] == [
        "Dưới 80 điểm (2)",
        "Từ 80 đến dưới 90 điểm (1)",
        "Từ 90 điểm (1)",
        "Chưa xếp vào danh sách (không có tổng điểm, hoặc thang điểm khác 100) (1)",
    ]
    assert [line[1] for line in cells(view, "under")] == ["UBND B", "UBND A"]


def test_points_and_ranks_stand_as_told(known):
    [first, *_] = cells(view_of(known), "under")

    assert first == ("1", "UBND B", "UBND cấp xã", "55,510/100", "9/17 (cấp huyện); 3", "Trung bình")


def test_level_narrows_the_lists(known):
    view = view_of(known, level="district")

    assert [(found.key, len(found.lines)) for found in view.lists] == [("from", 1)]
    assert view.headline == "Điểm chính thức năm 2023: 1 đơn vị từ 90"


def test_source_date_and_period_are_said(known):
    assert view_of(known).reported == "Báo Gia Lai, số liệu đến 31/12/2023, kỳ năm 2023"
    assert "từ 01/03/2024 đến 31/03/2024" in view_of(known, shown=MONTH).reported


def test_limits_that_no_document_confirms_say_so(known):
    assert "chưa có văn bản xác nhận" in " ".join(view_of(known).notes)
    assert "chưa có văn bản" not in " ".join(view_of(replace(known, score_bands_confirmed=True)).notes)


@pytest.mark.parametrize(
    ("points", "before", "said"), [("87.0", "86.02", "▲ 0,98"), ("85", "86.02", "▼ 1,02"), ("86.02", "86.02", "＝")]
)
def test_change_since_the_time_before_has_a_mark(known, points, before, said):
    view = view_of(known, (row("A", points, before=Decimal(before)), row("B", "81")))

    assert view.columns[4] == "So với lần trước"
    assert [line[4] for line in cells(view, "between")] in (["", said], [said, ""])


def test_table_without_any_total_is_told_by_its_number_of_units(known):
    view = view_of(known, (row("E", None, ranks=(Rank(1, 220, ""),)),))

    assert view.headline == "Điểm chính thức năm 2023: 1 đơn vị"
    assert [found.key for found in view.lists] == ["unlisted"]


def test_total_of_another_scale_has_no_class(known):
    view = view_of(known, (row("F", "19.38", max_points=Decimal(20)), row("G", "30", max_points=None)))

    assert cells(view, "unlisted") == [("1", "UBND F", "UBND cấp xã", "19,38/20", "", "")]
    assert cells(view, "under")[0][3] == "30"


def test_long_list_says_how_many_are_only_in_the_file(known):
    view = view_of(known, tuple(row(str(number), "60") for number in range(MOST_LINES + 7)))

    assert len(view.lists[0].lines) == MOST_LINES
    assert view.lists[0].more == "Còn 7 đơn vị nữa trong tệp tải về."


def test_campaign_without_classes_has_no_such_column(known):
    assert "Xếp loại" not in view_of(replace(known, score_bands=())).columns


def test_csv_holds_every_unit_with_its_list_and_its_mark(known):
    data = score_file(YEAR, ROWS, known, level=None, kind="csv", updated=None, language="vi")

    lines = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert [line["Mã"] for line in lines] == ["B", "A", "C", "D", "E"]
    assert lines[0]["Điểm"] == "55,510"
    assert lines[0]["Danh sách"] == "Dưới 80 điểm"
    assert lines[3]["Tỷ lệ hồ sơ trực tuyến"] == "10,25"
    assert {line["Lưu ý"] for line in lines} == {"SỐ LIỆU MINH HỌA"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_workbook_opens_and_says_source_and_day(known, language):
    changed = (*ROWS, row("H", "81", before=Decimal(80)))

    data = score_file(MONTH, changed, known, level="commune", kind="xlsx", updated=None, language=language)

    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    got = [str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert any("28/03/2024" in words for words in got)
    assert any("79.99" in words for words in got)
    assert not any("92.5" in words for words in got)


def test_file_is_named_by_source_and_day_and_says_when_simulated():
    assert file_name(YEAR, kind="xlsx", language="vi") == "diem-chinh-thuc_paper_2023_2023-12-31_minh-hoa.xlsx"
    assert file_name(MONTH, kind="csv", language="en") == "official-scores_paper_2024-03_2024-03-28.csv"
