"""Merged cells: a unit, a day, a district belongs to every row it spans; a figure that may be any row's is refused."""

from datetime import date

import openpyxl
import pytest
import xlwt
from hypothesis import strategies as st
from odfdo import Cell, Document, Row, Table

from tests.jobs.imports_world import explored, fill_sheet, readings

DAY = ("Số liệu tính đến ngày 20/4/2024",)
LONG = ("STT", "Đơn vị", "Ngày", "Chỉ số", "Tử số", "Mẫu số")


def merged(folder, rows, *areas, name="file.xlsx"):
    workbook = openpyxl.Workbook()
    fill_sheet(workbook.active, rows)
    for area in areas:
        workbook.active.merge_cells(area)
    workbook.save(folder / name)
    return folder / name


def merged_xls(path, rows, areas):
    """Areas as first and last row, first and last column, from 0."""
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Trang 1")
    corners = {(top, left): (bottom, right) for top, bottom, left, right in areas}
    for number, row in enumerate(rows):
        for index, value in enumerate(row):
            if (number, index) in corners:
                bottom, right = corners[number, index]
                sheet.write_merge(number, bottom, index, right, value)
            elif value is not None:
                sheet.write(number, index, value)
    workbook.save(str(path))
    return path


def merged_ods(path, rows, areas):
    document = Document("spreadsheet")
    table = Table("Trang 1")
    table.set_values(rows)
    for top, bottom, left, right in areas:
        table.set_span((left, top, right, bottom))
    document.body.clear()
    document.body.append(table)
    document.save(str(path))
    return path


def result(outcome):
    return [(row[0], row[1], row[2].day, row[6] if row[4] is None else f"{row[4]}/{row[5]}") for row in outcome.rows]


WIDE = ("STT", "Đơn vị", "Trực tuyến (%)", "Thanh toán (%)")
# Rows below the title, merged areas → figures, refused cells.
CASES = {
    "a unit over its indicators": (
        [LONG, (1, "Pleiku", None, "online", 4, 10), (None, None, None, "payment", 5, 50)], ["B3:B4", "A3:A4"],
        [(14, "online", 20, "4/10"), (14, "payment", 20, "5/50")], [],
    ),
    "a day over its units": (
        [LONG, (1, "Pleiku", "13/4/2024", "online", 4, 10), (2, "Ia Grai", None, "online", 5, 50)], ["C3:C4"],
        [(14, "online", 13, "4/10"), (10, "online", 13, "5/50")], [],
    ),
    "a real day over its units": (
        [LONG, (1, "Pleiku", date(2024, 4, 13), "online", 4, 10), (2, "Ia Grai", None, "online", 5, 50)], ["C3:C4"],
        [(14, "online", 13, "4/10"), (10, "online", 13, "5/50")], [],
    ),
    "an indicator over its units": (
        [LONG, (1, "Pleiku", None, "payment", 4, 10), (2, "Ia Grai", None, None, 5, 50)], ["D3:D4"],
        [(14, "payment", 20, "4/10"), (10, "payment", 20, "5/50")], [],
    ),
    "a unit and its day merged alike": (
        [LONG, (1, "Pleiku", "13/4/2024", "online", 4, 10), (None, None, None, "payment", 5, 50)],
        ["A3:A4", "B3:B4", "C3:C4"],
        [(14, "online", 13, "4/10"), (14, "payment", 13, "5/50")], [],
    ),
    "a district over its communes": (
        [
            ("Huyện", "Đơn vị", "Trực tuyến (%)"),
            ("Đăk Đoa", "Xã Ia Băng", 11), (None, "Thị trấn Đăk Đoa", 12), ("Chư Prông", "Xã Ia Băng", 22),
        ], ["A3:A4"],
        [(20, "online", 20, 11), (23, "online", 20, 12), (21, "online", 20, 22)], [],
    ),
    "a merged day that ends leaves what follows to be said": (
        [
            LONG, (1, "Pleiku", "13/4/2024", "online", 4, 10), (2, "Ia Grai", None, "online", 5, 50),
            (3, "KBang", None, "online", 6, 60),
        ], ["C3:C4"],
        [(14, "online", 13, "4/10"), (10, "online", 13, "5/50")], [("Sheet!C5", "as_of_left_blank")],
    ),
    "a day left blank below another without a merge": (
        [LONG, (1, "Pleiku", "13/4/2024", "online", 4, 10), (2, "Ia Grai", None, "online", 5, 50)], [],
        [(14, "online", 13, "4/10")], [("Sheet!C4", "as_of_left_blank")],
    ),
    "a percent over two units": (
        [WIDE, (1, "Pleiku", 47, 8), (2, "Ia Grai", None, 9)], ["C3:C4"],
        [], [("Sheet!C3", "figure_merged"), ("Sheet!C4", "figure_merged")],
    ),
    "a denominator over two units": (
        [LONG, (1, "Pleiku", None, "online", 4, 100), (2, "Ia Grai", None, "online", 5, None)], ["F3:F4"],
        [], [("Sheet!F3", "figure_merged"), ("Sheet!F4", "figure_merged")],
    ),
    "a percent over two indicators": (
        [WIDE, (1, "Pleiku", 47, None), (2, "Ia Grai", 48, 9)], ["C3:D3"],
        [(10, "online", 20, 48), (10, "payment", 20, 9)], [("Sheet!C3", "figure_merged")],
    ),
    "words over two indicators": (
        [WIDE, (1, "Pleiku", "chưa báo cáo", None), (2, "Ia Grai", 48, 9)], ["C3:D3"],
        [(10, "online", 20, 48), (10, "payment", 20, 9)], [],
    ),
    "words over the figures of two units": (
        [WIDE, (1, "Pleiku", "chưa báo cáo", 8), (2, "Ia Grai", None, 9)], ["C3:C4"],
        [(14, "payment", 20, 8), (10, "payment", 20, 9)], [],
    ),
    "every row written two rows tall": (
        [WIDE, (1, "Pleiku", 47, 8), (), (2, "Ia Grai", 48, 9), ()],
        [f"{column}{row}:{column}{row + 1}" for row in (3, 5) for column in "ABCD"],
        [(14, "online", 20, 47), (10, "online", 20, 48), (14, "payment", 20, 8), (10, "payment", 20, 9)], [],
    ),
    "a group's heading over the whole width": (
        [WIDE, ("II. Cấp huyện", None, None, None), (1, "Pleiku", 47, 8)], ["A3:D3"],
        [(14, "online", 20, 47), (14, "payment", 20, 8)], [],
    ),
    "a merged title and header": (
        [("STT", "Đơn vị", "Trực tuyến", None), (None, None, "Tử số", "Mẫu số"), (1, "Pleiku", 4, 10)],
        ["A2:A3", "B2:B3", "C2:D2"],
        [(14, "online", 20, "4/10")], [],
    ),
    "a merged note": (
        [(*WIDE, "Ghi chú"), (1, "Pleiku", 47, 8, "theo báo cáo"), (2, "Ia Grai", 48, 9, None)], ["E3:E4"],
        [(14, "online", 20, 47), (10, "online", 20, 48), (14, "payment", 20, 8), (10, "payment", 20, 9)], [],
    ),
    "a unit over two rows with the same indicator": (
        [WIDE, (1, "Pleiku", 47, None), (None, None, 48, None)], ["B3:B4"],
        [(14, "online", 20, 47)], [("Sheet!C4", "told_otherwise")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "areas", "figures", "problems"), CASES.values(), ids=CASES)
def test_merged_cells_are_read_as_they_are_seen(tmp_path, rows, areas, figures, problems):
    outcome = readings(merged(tmp_path, [DAY, *rows], *areas))

    assert result(outcome) == figures
    assert outcome.problems == problems


def test_refused_figure_names_the_cells_that_are_merged(tmp_path):
    rows = [DAY, WIDE, (1, "Pleiku", 47, 8), (2, "Ia Grai", None, 9)]

    outcome = readings(merged(tmp_path, rows, "C3:C4"))

    assert "Sheet!C3:C4" in outcome.rejected[0].sentence("vi")


def test_what_a_covered_cell_still_holds_is_not_read(tmp_path):
    path = merged(tmp_path, [DAY, WIDE, (1, "Pleiku", 47, 8), (2, None, 48, 9)])
    workbook = openpyxl.load_workbook(path)
    workbook.active["B4"] = "Ia Grai"
    workbook.active.merged_cells.add("B3:B4")
    workbook.save(path)

    outcome = readings(path)

    assert result(outcome) == [(14, "online", 20, 47), (14, "payment", 20, 8)]
    assert {row.problem for row in outcome.rejected} == {"told_otherwise"}


@pytest.mark.parametrize("write", [merged_xls, merged_ods])
def test_merged_cells_of_other_workbooks_are_known_too(tmp_path, write):
    rows = [
        DAY, WIDE[:3], (1, "Pleiku", 47), (2, "Ia Grai", None),
        ("STT", "Huyện", "Đơn vị", "Thanh toán (%)"),
        (1, "Đăk Đoa", "Xã Ia Băng", 11), (2, None, "Thị trấn Đăk Đoa", 12), (3, "Chư Prông", "Xã Ia Băng", 22),
    ]  # fmt: skip
    path = tmp_path / f"file.{write.__name__.removeprefix('merged_')}"

    outcome = readings(write(path, rows, [(2, 3, 2, 2), (5, 6, 1, 1)]))

    assert result(outcome) == [(20, "payment", 20, 11), (23, "payment", 20, 12), (21, "payment", 20, 22)]
    assert outcome.problems == [("Trang 1!C3", "figure_merged")]


def test_repeated_rows_and_cells_of_an_ods_workbook_are_all_read(tmp_path):
    document = Document("spreadsheet")
    table = Table("Trang 1")
    for row in (DAY, ("STT", "Đơn vị", "Tử số trực tuyến", "Mẫu số trực tuyến"), (1, "Pleiku")):
        line = Row()
        line.set_values(row)
        if row[-1] == "Pleiku":
            line.append_cell(Cell(50, repeated=2))
        table.append_row(line)
    document.body.clear()
    document.body.append(table)
    document.save(str(tmp_path / "file.ods"))

    assert result(readings(tmp_path / "file.ods")) == [(14, "online", 20, "50/50")]


# --- whatever is merged with whatever -------------------------------------------------------------------------------

UNITS = {"Ia Grai": 10, "Pleiku": 14, "Sở Y tế": 3, "KBang": 13}
KEYS = ("online", "payment", "digitisation")


def runs(draw, count, choices):
    """Values for so many rows in runs, and which rows each run spans."""
    values, areas = [], []
    while len(values) < count:
        length = draw(st.integers(1, min(4, count - len(values))))
        areas.append((len(values), len(values) + length - 1))
        values += [draw(st.sampled_from(choices))] * length
    return values, areas


@st.composite
def merged_sheets(draw):
    count = draw(st.integers(1, 10))
    columns = [
        ("Đơn vị", *runs(draw, count, sorted(UNITS))),
        ("Ngày", *runs(draw, count, [f"{day}/4/2024" for day in range(1, 31)])),
        ("Chỉ số", *runs(draw, count, KEYS)),
    ]
    order = draw(st.permutations(range(4)))
    meant = {21 + row / 4: tuple(values[row] for _, values, _ in columns) for row in range(count)}
    headings = [*(name for name, _, _ in columns), "Tỷ lệ (%)"]
    rows = [[headings[place] for place in order], *([None] * 4 for _ in range(count))]
    areas = []
    for place, column in enumerate(order):
        for row in range(count):
            if column == len(columns):
                rows[row + 1][place] = 21 + row / 4
        for first, last in columns[column][2] if column < len(columns) else ():
            rows[first + 1][place] = columns[column][1][first]
            areas.append((first + 1, last + 1, place, place))
    return rows, areas, meant


@explored(merged_sheets(), st.sampled_from(("xlsx", "xls", "ods")))
def test_every_figure_beside_merged_cells_is_the_one_meant_or_refused(tmp_path_factory, sheet, form):
    rows, areas, meant = sheet
    folder = tmp_path_factory.mktemp("merged")
    tall = [area for area in areas if area[0] < area[1]]
    if form == "xlsx":
        names = [f"{'ABCD'[left]}{top + 1}:{'ABCD'[left]}{bottom + 1}" for top, bottom, left, _ in tall]
        path = merged(folder, rows, *names)
    else:
        path = {"xls": merged_xls, "ods": merged_ods}[form](folder / f"file.{form}", rows, tall)

    outcome = readings(path, kind="readings")

    read = {row[6]: (row[0], f"{row[2].day}/4/2024", row[1]) for row in outcome.rows}
    assert all((UNITS[meant[value][0]], *meant[value][1:]) == what for value, what in read.items())
    assert len(read) + len(outcome.rejected) + outcome.repeated == len(meant)
    assert {row.problem for row in outcome.rejected} <= {"told_otherwise"}
