"""Several tables on one sheet: each is read by its own header, or its rows are refused."""

from datetime import date

import openpyxl
import pytest
from hypothesis import strategies as st

from jobs.imports.problems import KindUnsure
from jobs.imports.tables import tables as tables_tables
from tests.jobs.imports_world import (
    LONG,
    answered,
    asked,
    explored,
    fill_sheet,
    readings,
    write_csv,
    write_ods,
    write_xls,
    write_xlsx,
)

DAY_13 = ("Số liệu tính đến ngày 13/4/2024",)
DAY_20 = ("Số liệu tính đến ngày 20/4/2024",)
FIRST = [DAY_13, ("STT", "Đơn vị", "Trực tuyến (%)"), (1, "Sở Y tế", 61.5)]
IN_FIRST = (3, "online", date(2024, 4, 13), 61.5)

# What stands below the first table → what is read beside its one figure, and where rows are refused.
BELOW = {
    "other columns": (
        [(), ("Biểu 2",), ("STT", "Đơn vị", "Thanh toán (%)", "Trực tuyến (%)"), (1, "Pleiku", 8.5, 47.4)],
        [(14, "payment", 13, 8.5), (14, "online", 13, 47.4)], [],
    ),
    "fewer columns, no blank row between": (
        [("Đơn vị", "Thanh toán (%)"), ("Pleiku", 8.5)], [(14, "payment", 13, 8.5)], [],
    ),
    "shifted to the right": (
        [(), (None, None, "Đơn vị", "Thanh toán (%)"), (None, None, "Pleiku", 8.5)], [(14, "payment", 13, 8.5)], [],
    ),
    "a header of two lines": (
        [
            (), ("STT", "Đơn vị", "Thanh toán", None), (None, None, "Tử số", "Mẫu số"), (1, "Pleiku", 5, 50),
        ],
        [(14, "payment", 13, "5/50")], [],
    ),
    "a day of its own": (
        [(), DAY_20, ("STT", "Đơn vị", "Trực tuyến (%)"), (1, "Pleiku", 47.4)], [(14, "online", 20, 47.4)], [],
    ),
    "a column of indicators": (
        [(), ("Đơn vị", "Chỉ số", "Tử số", "Mẫu số"), ("Pleiku", "Thanh toán", 5, 50)],
        [(14, "payment", 13, "5/50")], [],
    ),
    "a column of days": (
        [(), ("Đơn vị", "Ngày", "Trực tuyến"), ("Pleiku", "20/4/2024", "47,4%")], [(14, "online", 20, 47.4)], [],
    ),
    "the same header again": (
        [("STT", "Đơn vị", "Trực tuyến (%)"), (2, "Pleiku", 47.4)], [(14, "online", 13, 47.4)], [],
    ),
    "the numbers of columns below the header": (
        [(), ("STT", "Đơn vị", "Thanh toán (%)"), ("(1)", "(2)", "(3)"), (1, "Pleiku", 8.5)],
        [(14, "payment", 13, 8.5)], [],
    ),
    "another name for the unit's column, not known": (
        [(), ("STT", "Phòng ban", "Thanh toán (%)"), (1, "Pleiku", 8.5)], [], [("Sheet1!B6", "below_other_header")],
    ),
    "a header whose indicator stands above it": (
        [(), ("Thanh toán trực tuyến",), ("STT", "Đơn vị", "Tỷ lệ (%)"), (1, "Pleiku", 8.5)],
        [(14, "payment", 13, 8.5)], [],
    ),
    "two columns of one meaning": (
        [(), ("Đơn vị", "Thanh toán (%)", "Tỷ lệ thanh toán"), ("Pleiku", 8.5, 9.5)],
        [], [("Sheet1!B6", "below_other_header")],
    ),
    "two columns of one meaning, the unit where it was": (
        [(), (None, "Đơn vị", "Thanh toán (%)", "Tỷ lệ thanh toán"), (None, "Pleiku", 8.5, 9.5)],
        [], [("Sheet1!B6", "below_other_header")],
    ),
    "a title with a day that it does not say to be the figures'": (
        [(), ("Báo cáo ngày 20/4/2024",), ("STT", "Đơn vị", "Trực tuyến (%)"), (1, "Pleiku", 47.4)],
        [], [("Sheet1!B7", "below_other_day")],
    ),
    "another day and no header": ([(), DAY_20, (1, "Pleiku", 47.4)], [], [("Sheet1!B6", "below_other_day")]),
    "the same day again": ([(), DAY_13, (1, "Pleiku", 47.4)], [(14, "online", 13, 47.4)], []),
    "another indicator and no header": (
        [("II", "Thanh toán trực tuyến"), (1, "Pleiku", 8.5)], [], [("Sheet1!B5", "below_other_indicator")],
    ),
    "another indicator in words of a title": (
        [(), ("Biểu 2. Kết quả thanh toán trực tuyến",), (1, "Pleiku", 8.5)],
        [], [("Sheet1!B6", "below_other_indicator")],
    ),
    "words of another time": ([("Tuần trước",), (1, "Pleiku", 8.5)], [], [("Sheet1!B5", "below_other_matter")]),
    "words of a week": ([("Tuần 2 tháng 4",), (1, "Pleiku", 8.5)], [], [("Sheet1!B5", "below_other_matter")]),
    "words of targets": ([("II. Chỉ tiêu giao",), (1, "Pleiku", 50)], [], [("Sheet1!B5", "below_other_matter")]),
    "words of a year": ([("Kết quả năm 2023",), (1, "Pleiku", 8.5)], [], [("Sheet1!B5", "below_other_matter")]),
    "a day alone": ([("20/4/2024",), (1, "Pleiku", 8.5)], [], [("Sheet1!B5", "below_other_day")]),
    "a real day alone": ([(date(2024, 4, 20),), (1, "Pleiku", 8.5)], [], [("Sheet1!B5", "below_other_day")]),
    "a day behind a word": ([("Ngày 20/4",), (1, "Pleiku", 8.5)], [], [("Sheet1!B5", "below_other_day")]),
    "a numbered part": ([("4.5. Các xã vùng I",), (1, "Pleiku", 47.4)], [(14, "online", 13, 47.4)], []),
    "a region": ([("Khu vực phía Đông",), (1, "Pleiku", 47.4)], [(14, "online", 13, 47.4)], []),
    "the same indicator as a title": (
        [("II", "Tỷ lệ hồ sơ trực tuyến"), (1, "Pleiku", 47.4)], [(14, "online", 13, 47.4)], [],
    ),
    "notes and signatures": (
        [("Ghi chú: số liệu chưa đầy đủ",), (None, "Gia Lai, ngày 21 tháng 4 năm 2024"), (None, "NGƯỜI LẬP BIỂU")],
        [], [],
    ),
    "a group named like a heading": (
        [("II", "Xã, phường, thị trấn", None), (1, "Ia Hrung", 30)], [(24, "online", 13, 30)], [],
    ),
}  # fmt: skip


def result(outcome):
    return [(row[0], row[1], row[2].day, row[6] if row[4] is None else f"{row[4]}/{row[5]}") for row in outcome.rows]


@pytest.mark.parametrize(("below", "figures", "problems"), BELOW.values(), ids=BELOW)
def test_what_stands_below_is_read_by_its_own_header_or_refused(tmp_path, below, figures, problems):
    outcome = readings(write_xlsx(tmp_path, [*FIRST, *below]))

    assert result(outcome) == [(3, "online", 13, 61.5), *figures]
    assert outcome.problems == problems


@pytest.mark.parametrize(
    ("titles", "options"),
    [
        ([("Số liệu tuần 4 tháng 4",)], ["26/04/2024", "28/04/2024"]),
        ([DAY_13, DAY_20], ["13/04/2024", "20/04/2024"]),
    ],
)
def test_later_title_that_leaves_its_day_open_is_asked_about(tmp_path, titles, options):
    path = write_xlsx(tmp_path, [*FIRST, (), *titles, ("STT", "Đơn vị", "Trực tuyến (%)"), (1, "Pleiku", 47.4)])
    question = asked(path)

    found = answered(path, question.options[1].code)

    assert [option.terms["day"] for option in question.options] == options
    assert [f"{row[2]:%d/%m/%Y}" for row in found.rows] == ["13/04/2024", options[1]]


def test_row_below_a_header_that_is_not_understood_says_where_that_stands(tmp_path):
    below = [("STT", "Phòng ban", "Thanh toán (%)"), (1, "Pleiku", 8.5)]

    outcome = readings(write_xlsx(tmp_path, [*FIRST, *below]))

    assert "Sheet1!A4" in outcome.rejected[0].sentence("vi")
    assert "Sheet1!A4" in outcome.rejected[0].sentence("en")


def test_later_table_and_its_day_are_said_before_anything_is_saved(tmp_path):
    outcome = readings(write_xlsx(tmp_path, [*FIRST, (), DAY_20, *FIRST[1:]]))

    said = [(warning.code, warning.place) for warning in outcome.parsed.warnings]
    assert said == [("later_table_read", "Sheet1!A6"), ("later_table_of_day", "Sheet1!A6")]
    assert "20/04/2024" in outcome.parsed.warnings[1].sentence("vi")
    assert [(sheet.header, sheet.as_of.day) for sheet in outcome.parsed.sheets] == [
        ("Sheet1!A2", 13),
        ("Sheet1!A6", 20),
    ]


def test_first_table_counts_where_the_one_below_has_more_columns(tmp_path):
    wider = [("STT", "Đơn vị", "Trực tuyến (%)", "Thanh toán (%)", "Số hóa (%)"), (1, "Pleiku", 41, 42, 43)]

    outcome = readings(write_xlsx(tmp_path, [*FIRST, (), *wider]))

    assert result(outcome) == [
        (3, "online", 13, 61.5), (14, "online", 13, 41), (14, "payment", 13, 42), (14, "digitisation", 13, 43),
    ]  # fmt: skip


def test_same_unit_told_otherwise_in_the_table_below_is_refused(tmp_path):
    outcome = readings(write_xlsx(tmp_path, [*FIRST, (), ("Đơn vị", "Trực tuyến (%)"), ("Sở Y tế", 47.4)]))

    assert result(outcome) == [(3, "online", 13, 61.5)]
    assert outcome.problems == [("Sheet1!B6", "told_otherwise")]


@pytest.mark.parametrize("write", [write_xls, write_ods])
def test_tables_of_other_workbooks_are_told_apart_too(tmp_path, write):
    rows = [*FIRST, (), ("STT", "Đơn vị", "Thanh toán (%)", "Trực tuyến (%)"), (1, "Pleiku", 8.5, 47.4)]

    outcome = readings(write(tmp_path / f"file.{write.__name__.removeprefix('write_')}", rows))

    assert result(outcome) == [(3, "online", 13, 61.5), (14, "payment", 13, 8.5), (14, "online", 13, 47.4)]


def test_tables_of_a_text_file_are_told_apart_too(tmp_path):
    rows = [*FIRST, ("Đơn vị", "Thanh toán (%)", "Trực tuyến (%)"), ("Pleiku", "8,5", "47,4")]

    outcome = readings(write_csv(tmp_path, rows, delimiter=";"))

    assert result(outcome) == [(3, "online", 13, 61.5), (14, "payment", 13, 8.5), (14, "online", 13, 47.4)]


def test_table_of_another_kind_below_is_named_and_not_read(tmp_path):
    rows = [*FIRST, (), ("Đơn vị", "Chỉ số", "Năm", "Tỷ lệ"), ("Pleiku", "online", 2023, 30)]

    outcome = readings(write_xlsx(tmp_path, rows), kind="readings")

    assert result(outcome) == [(3, "online", 13, 61.5)]
    assert [warning.place for warning in outcome.warned("table_of_other_kind")] == ["Sheet1!A5"]


def test_table_of_another_kind_below_makes_the_person_say_the_kind(tmp_path):
    rows = [*FIRST, (), ("Đơn vị", "Chỉ số", "Năm", "Tỷ lệ"), ("Pleiku", "online", 2023, 30)]

    with pytest.raises(KindUnsure):
        readings(write_xlsx(tmp_path, rows))


def test_headings_that_nothing_stands_below_are_words_above_the_next_header(tmp_path):
    rows = [DAY_13, ("STT", "Đơn vị", "Thanh toán (%)"), ("STT", "Đơn vị", "Trực tuyến (%)"), (1, "Pleiku", 47.4)]

    outcome = readings(write_xlsx(tmp_path, rows))

    assert result(outcome) == [(14, "online", 13, 47.4)]


def test_header_that_is_hidden_is_none_where_another_is_seen(tmp_path):
    workbook = openpyxl.Workbook()
    rows = [DAY_13, ("STT", "Đơn vị", "Thanh toán (%)", "Trực tuyến (%)"), (), *FIRST[1:]]
    fill_sheet(workbook.active, rows)
    workbook.active.row_dimensions[2].hidden = True
    workbook.save(tmp_path / "file.xlsx")

    outcome = readings(tmp_path / "file.xlsx")

    assert result(outcome) == [(3, "online", 13, 61.5)]


def test_day_in_a_hidden_title_is_not_the_figures_day(tmp_path):
    workbook = openpyxl.Workbook()
    fill_sheet(workbook.active, [DAY_20, *FIRST])
    workbook.active.row_dimensions[1].hidden = True
    workbook.save(tmp_path / "file.xlsx")

    assert result(readings(tmp_path / "file.xlsx")) == [(3, "online", 13, 61.5)]


def test_header_far_below_is_not_looked_for_and_its_rows_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tables_tables, "HELD_ROWS", 3)
    monkeypatch.setattr(tables_tables, "BLOCK", 2)
    rows = [LONG, *[("Ia Grai", "online", f"{day}/4/2024", 1, 2, None) for day in range(1, 30)]]
    below = [("STT", "Đơn vị", "Thanh toán (%)"), (1, "Pleiku", 8.5), ("Pleiku", "online", "1/5/2024", 1, 2, None)]

    outcome = readings(write_xlsx(tmp_path, [*rows, *below]))

    assert len(outcome.rows) == 29
    assert outcome.problems == [("Sheet1!A32", "below_other_header"), ("Sheet1!A33", "below_other_header")]


# --- whatever stands below whatever ---------------------------------------------------------------------------------

HEADINGS = {
    "online": ("Trực tuyến (%)", "Tỷ lệ hồ sơ trực tuyến (%)", "CLGQ"),
    "payment": ("Thanh toán (%)", "Tỷ lệ thanh toán trực tuyến"),
    "digitisation": ("Số hóa hồ sơ (%)", "Tỷ lệ số hóa"),
    "timeliness": ("Tiến độ giải quyết (%)",),
}
UNITS = {"Ia Grai": 10, "Pleiku": 14, "Sở Y tế": 3, "Xã Ia Hrung": 24, "Xã Ia Tô": 26, "KBang": 13, "Sở GT-VT": 2}


@st.composite
def sheets(draw):
    """Tables below each other in a campaign's words; what each of their figures means."""
    rows, meant = [], {}
    day = None
    number = 0
    for place in range(draw(st.integers(1, 4))):
        own = draw(st.integers(1, 30)) if not place else draw(st.none() | st.integers(1, 30))
        day = own or day
        rows += [()] * draw(st.integers(0, 2))
        rows += (
            [(f"Số liệu tính đến ngày {own}/4/2024",)] if own else draw(st.sampled_from([[], [("Biểu tiếp theo",)]]))
        )
        keys = draw(st.lists(st.sampled_from(sorted(HEADINGS)), min_size=1, max_size=4, unique=True))
        columns = draw(st.permutations(["STT", "unit", *keys][draw(st.integers(0, 1)) :]))
        gap = draw(st.integers(0, 1))
        names = {"STT": "STT", "unit": draw(st.sampled_from(("Đơn vị", "Tên đơn vị", "Cơ quan, đơn vị")))}
        names |= {key: draw(st.sampled_from(HEADINGS[key])) for key in keys}
        rows.append((*[None] * gap, *(names[column] for column in columns)))
        for serial, unit in enumerate(
            draw(st.lists(st.sampled_from(sorted(UNITS)), min_size=1, max_size=4, unique=True))
        ):
            cells = {"STT": serial + 1, "unit": unit}
            for key in keys:
                number += 1
                cells[key] = 20.1 + number / 4
                meant[20.1 + number / 4] = (UNITS[unit], key, day)
            rows.append((*[None] * gap, *(cells[column] for column in columns)))
    return rows, meant


@explored(sheets())
def test_every_figure_of_every_table_is_the_one_meant_or_refused(tmp_path_factory, sheet):
    rows, meant = sheet
    path = write_xlsx(tmp_path_factory.mktemp("tables"), rows)

    outcome = readings(path, kind="readings")

    read = {row[6]: (row[0], row[1], row[2].day) for row in outcome.rows}
    assert all(meant[value] == what for value, what in read.items())
    told_twice = sum(row.problem == "told_otherwise" for row in outcome.rejected)
    assert len(read) + told_twice == len(meant)
