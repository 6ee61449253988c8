"""Files of the page of gaps hold what the page shows."""

import csv
import io
from decimal import Decimal

import pytest

from jobs.documents.gap_table import Rate
from pages.gaps.file import file_name, gap_file, gap_table
from pages.gaps.selection import GapFilters
from tests.pages.gap_rows import ROWS, each, gap_overview

ONLINE = GapFilters("online")


def cells(overview=None, **filters):
    table = gap_table(overview or gap_overview(), ROWS, GapFilters("online", **filters), "vi")
    titles = [column.title for column in table.columns]
    return {line.cells[2]: dict(zip(titles, line.cells, strict=True)) for line in table.lines}


def test_numbers_are_the_exact_ones_with_the_target_they_may_not_seem_to_reach():
    row = cells()["SYT"]
    known = next(row.result for row in ROWS if row.result.unit == "SYT")

    assert row["Hiện tại"] == Rate(Decimal(str(known.value)), Decimal(str(known.target)))
    assert row["Còn thiếu (điểm phần trăm)"] == Decimal(str(known.gap))
    assert (row["Tử số (hồ sơ)"], row["Mẫu số (hồ sơ)"], row["Còn thiếu (hồ sơ)"]) == (1_666, 3_334, 1)
    assert row["Nguồn gốc chỉ tiêu"] == "dự kiến"


@pytest.mark.parametrize(
    ("bound", "now", "missing"),
    [
        ({"qualifier": "under", "value": 40.0}, "gần 40%", "trên 10,0"),
        ({"qualifier": "range", "value": 40.0, "value_high": 45.0}, "40–45%", "5,0–10,0"),
    ],
)
def test_bound_is_no_number_that_a_spreadsheet_adds_up(bound, now, missing):
    rows = each(ROWS[:1], is_bound=True, target=50.0, gap=10.0, cases_missing=None, **bound)

    [line] = gap_table(gap_overview(), rows, ONLINE, "vi").lines
    lines = gap_file(gap_overview(), rows, ONLINE, kind="csv", language="vi").decode("utf-8-sig")

    assert (now in line.cells, missing in line.cells) == (True, True)
    assert f";{now};" in lines
    assert f";{missing};" in lines


def test_all_units_that_fit_are_in_the_file_and_its_scope_is_named():
    table = gap_table(gap_overview(), ROWS, GapFilters("online", parent="H21.54", standing="stale", q="ia"), "vi")

    assert [line.cells[1] for line in table.lines] == ["UBND xã Ia Ko"]
    assert "Phạm vi: UBND huyện Chư Sê · Đang dùng số liệu cũ · “ia”" in table.subtitles


@pytest.mark.parametrize(("simulated", "name"), [
    (True, "so-voi-chi-tieu_online_2024-04-20_minh-hoa.csv"), (False, "so-voi-chi-tieu_online_2024-04-20.csv"),
])  # fmt: skip
def test_simulated_figures_are_named_in_table_and_file(simulated, name):
    overview = gap_overview(simulated=simulated)

    assert file_name(overview, ONLINE, kind="csv", language="vi") == name
    assert bool(gap_table(overview, ROWS, ONLINE, "vi").mark) is simulated


@pytest.mark.parametrize("language", ["vi", "en"])
def test_both_files_are_made_in_both_languages(language):
    workbook = gap_file(gap_overview(), ROWS, ONLINE, kind="xlsx", language=language)
    lines = gap_file(gap_overview(), ROWS, ONLINE, kind="csv", language=language)

    assert workbook.startswith(b"PK")
    shown = list(csv.reader(io.StringIO(lines.decode("utf-8-sig")), delimiter=";" if language == "vi" else ","))
    assert len(shown) == len(ROWS) + 1


def test_file_tells_pace_and_where_it_leads_with_the_range():
    way = {"pace": 1.74, "needed_pace": 2.36, "projection": 49.98, "low": 46.2, "high": 51.3}
    rows = each(ROWS[1:2], **way)

    table = gap_table(gap_overview(), rows, ONLINE, "vi")

    (line,) = table.lines
    shown = dict(zip((column.title for column in table.columns), line.cells, strict=True))
    exact = [shown[title] for title in PACE_COLUMNS]
    assert exact[:2] == [Decimal("1.74"), Decimal("2.36")]
    assert [rate.value for rate in exact[2:]] == [Decimal("49.98"), Decimal("46.2"), Decimal("51.3")]
    assert [cells()["SYT"][title] for title in PACE_COLUMNS] == [None] * 5


PACE_COLUMNS = (
    "Mức tăng/tuần",
    "Mức tăng cần thiết/tuần",
    "Ước đạt khi đến hạn",
    "Ước đạt, thấp nhất trong khoảng dự báo",
    "Ước đạt, cao nhất trong khoảng dự báo",
)
