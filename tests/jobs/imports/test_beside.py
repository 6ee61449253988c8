"""What stands beside a table's headings, and rows of other provinces: nothing that holds a number goes in silence."""

import pytest

from jobs.imports.files import read_file
from tests.jobs.imports_world import DAY, context, readings, write_csv, write_ods, write_xls, write_xlsx

HEAD = ("Đơn vị", "Trực tuyến (%)")


def as_xls(folder, rows):
    return write_xls(folder / "file.xls", rows)


def as_ods(folder, rows):
    return write_ods(folder / "file.ods", rows)


def result(outcome):
    return [(row[0], row[6]) for row in outcome.rows]


@pytest.mark.parametrize("write", [write_xlsx, as_xls, as_ods])
@pytest.mark.parametrize("cell", [45, "45", "45%", "~45", 0])
def test_figure_to_the_right_of_all_headings_refuses_its_row(tmp_path, write, cell):
    outcome = readings(write(tmp_path, [HEAD, ("Pleiku", 47.4, cell), ("KBang", 40)]), as_of=DAY)

    assert result(outcome) == [(13, 40)]
    [(place, code)] = outcome.problems
    assert (place.rpartition("!")[2], code) == ("C2", "beyond_headings")
    assert f"“{cell}”" in outcome.rejected[0].sentence("vi")


@pytest.mark.parametrize("cell", ["còn thiếu một xã", DAY, "?"])
def test_words_to_the_right_of_all_headings_are_said_to_be_left_out(tmp_path, cell):
    outcome = readings(write_xlsx(tmp_path, [HEAD, ("Pleiku", 47.4, None, cell), ("KBang", 40)]), as_of=DAY)

    assert result(outcome) == [(14, 47.4), (13, 40)]
    assert [warning.sentence("vi") for warning in outcome.warned("words_beyond_left_out")] == [
        "1 dòng có chữ ở ngoài các cột có tiêu đề, không được ghi nhận: Sheet1!C2."
    ]


def test_words_beside_a_signature_are_no_matter(tmp_path):
    outcome = readings(write_xlsx(tmp_path, [HEAD, ("Pleiku", 47.4), (None, None, None, "CHỦ TỊCH")]), as_of=DAY)

    assert not outcome.warned("words_beyond_left_out")


@pytest.mark.parametrize("blank", [None, " ", ""])
def test_blank_cells_to_the_right_are_no_matter(tmp_path, blank):
    outcome = readings(write_xlsx(tmp_path, [HEAD, ("Pleiku", 47.4, blank, blank)]), as_of=DAY)

    assert result(outcome) == [(14, 47.4)]
    assert outcome.warnings == []


def test_figures_under_no_heading_among_others_are_named(tmp_path):
    rows = [(None, "Đơn vị", None, "Trực tuyến (%)"), (1, "Pleiku", 12, 47.4), (2, "KBang", "x", 40)]

    outcome = readings(write_xlsx(tmp_path, rows), as_of=DAY)

    assert result(outcome) == [(14, 47.4), (13, 40)]
    assert [warning.terms["columns"] for warning in outcome.warned("columns_without_heading")] == ["C"]


def test_smaller_kinds_refuse_such_rows_too(tmp_path):
    head = ("Chỉ số", "Năm", "Tỷ lệ (%)", "Văn bản")
    path = write_xlsx(tmp_path, [head, ("online", 2024, 50, "QĐ", 60), ("payment", 2024, 40, "QĐ", "x")])

    parsed = read_file(path, context(kind="central"))

    assert [(row.place, row.problem) for row in parsed.rejected] == [("Sheet1!E2", "beyond_headings")]
    assert [record.indicator for record in parsed.records] == ["payment"]


def test_row_without_a_field_behind_its_last_is_read_in_text_files(tmp_path):
    assert result(readings(write_csv(tmp_path, [(*HEAD, "Ghi chú"), ("Pleiku", 47.4)]), as_of=DAY)) == [(14, 47.4)]


# --- other provinces ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["readings", "baselines"])
def test_rows_of_other_provinces_are_counted_in_one_sentence(tmp_path, kind):
    others = [("H12.58", "UBND huyện khác", 30), ("", "UBND tỉnh Kon Tum", 31), ("", "Hà Nội", 32)]
    rows = [("Mã", "Đơn vị", "Trực tuyến (%)"), *others, ("H21.58", "", 40), ("H21.99", "", 41)]

    parsed = read_file(write_csv(tmp_path, rows), context(kind=kind, as_of=DAY))

    batches = list(parsed.batches)
    rejected = [*parsed.rejected, *(row for batch in batches for row in batch.rejected)]
    warnings = [*parsed.warnings, *(one for batch in batches for one in batch.warnings)]
    assert [(row.place, row.problem) for row in rejected] == [("line 6", "unit_code_unknown")]
    assert [one.terms["count"] for one in warnings if one.code == "other_provinces_left_out"] == ["3"]
