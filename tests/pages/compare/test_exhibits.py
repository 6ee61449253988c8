"""A picture's table on screen and as a file, and labels that never overlap."""

import csv
import io
import itertools
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.compare.exhibits import Column, Exhibit, Row, Table, cell_words, exhibit_file, file_name, spread
from tests.pages.compare_world import overview

TABLE = Table(
    columns=(
        Column("Đơn vị", "wide"), Column("Hồ sơ", "whole"), Column("Tỷ lệ", "percent"), Column("Chỉ tiêu", "target"),
        Column("Đóng góp", "hundredths"), Column("Thay đổi", "change"), Column("Tăng", "points"), Column("Mã", "text"),
    ),
    rows=(
        Row(
            ("=UBND", 1_234, Decimal("42.0"), Decimal("72.37"), Decimal("-0.05"), Decimal("0.30"), Decimal("1.5"), "x")
        ),
        Row(("Toàn tỉnh", None, None, None, Decimal("2.59"), Decimal(0), None, None), is_total=True),
    ),
    spoken="a table",
)  # fmt: skip
EXHIBIT = Exhibit("gap", "12 đơn vị chiếm 82%.", table=TABLE, notes=("A note.",))
WORDS = {
    "vi": ["=UBND", "1.234", "42,0%", "72,37%", "−0,05", "+0,30", "+1,5", "x"],
    "en": ["=UBND", "1,234", "42.0%", "72.37%", "−0.05", "+0.30", "+1.5", "x"],
}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_cells_are_written_in_the_reader_s_language(language):
    kinds = [column.kind for column in TABLE.columns]

    said = [cell_words(cell, kind, language) for cell, kind in zip(TABLE.rows[0].cells, kinds, strict=True)]

    assert said == WORDS[language]
    assert cell_words(None, "percent", language) == "—"


def test_csv_holds_every_row_and_says_that_figures_are_simulated():
    written = exhibit_file(overview(), EXHIBIT, kind="csv", language="vi").decode("utf-8-sig")

    heads, first, last = csv.reader(io.StringIO(written), delimiter=";")
    assert heads[1:9] == [column.title for column in TABLE.columns]
    assert first[1:] == ["'=UBND", "1234", "42,0", "72,37", "-0,05", "0,30", "1,5", "x", first[-1]]
    assert "MINH HỌA" in first[-1]
    assert "MINH HỌA" in last[-1]
    assert (first[0], last[0]) == ("Đơn vị", "Cộng")


def test_workbook_bears_the_message_and_keeps_numbers_as_numbers():
    made = exhibit_file(overview(simulated=False), EXHIBIT, kind="xlsx", language="vi")

    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert sheet["A1"].value == EXHIBIT.title
    assert not [cell for cell in cells if "MINH HỌA" in str(cell.value)]
    [contribution] = [cell for cell in cells if cell.value == -0.05]
    assert contribution.number_format.endswith("0.00")
    assert any(cell.value == "A note." for cell in cells)


@pytest.mark.parametrize(
    ("is_simulated", "name"),
    [
        (True, "so-sanh_phan-con-thieu_online_2024-04-20_minh-hoa.csv"),
        (False, "so-sanh_phan-con-thieu_online_2024-04-20.csv"),
    ],
)
def test_file_is_named_after_what_it_holds(is_simulated, name):
    assert file_name(overview(simulated=is_simulated), EXHIBIT, "online", kind="csv", language="vi") == name


# --- labels ---------------------------------------------------------------------------------------------------------


PLACES = st.lists(st.floats(0, 400), min_size=1, max_size=19)


@given(PLACES)
def test_labels_never_overlap_and_never_leave_the_chart(places):
    found = spread(places, apart=21, least=10, most=410)

    upward = sorted(found)
    assert all(after - before >= 21 - 1e-6 for before, after in itertools.pairwise(upward))
    assert upward[0] >= 10 - 1e-6
    assert upward[-1] <= 410 + 1e-6
    assert [found[at] for at in sorted(range(len(places)), key=places.__getitem__)] == upward


@given(PLACES)
def test_labels_with_room_stand_at_their_marks(places):
    roomy = sorted(places)
    if any(after - before < 21 for before, after in itertools.pairwise(roomy)):
        return

    assert spread(places, apart=21, least=0, most=400) == pytest.approx(places)


def test_more_labels_than_there_is_room_for_stand_closer_together():
    found = spread([0.0] * 41, apart=21, least=0, most=400)

    assert (min(found), max(found)) == (0, 400)
    assert spread([], apart=21, least=0, most=400) == []
