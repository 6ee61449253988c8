"""The workbook in which many proposals are adjusted: written, filled in, read back, and its mistakes by cell."""

import io
from decimal import Decimal

import openpyxl
import pytest

from jobs.adjusting import AdjustmentsRefused, adjusting_workbook, read_adjustments
from models.core.texts import LANGUAGES
from models.targets.actions import Adjustment
from models.targets.assigning import Assigned, Given
from models.targets.registrations import Incomplete
from tests.models.conftest import at, small_campaign

CAMPAIGN = small_campaign()
VALUE, REASON = 7, 8


def assigned(unit, indicator="online", version=2):
    given = Given(Decimal(60), "below_central", {}, version, "", None, "test", at("8/3"), "", is_simulated=False)
    return Assigned(unit, f"=Đơn vị {unit}", "department", indicator, "second", None, given, None, None)


def filled(tmp_path, cells, *, language="vi"):
    """The workbook as an office hands it in: row → its new value and reason."""
    rows = [assigned("S1"), assigned("H1"), assigned("H2", "timeliness")]
    book = openpyxl.load_workbook(io.BytesIO(adjusting_workbook(rows, CAMPAIGN, language)))
    for row, (value, reason) in cells.items():
        book.active.cell(row, VALUE, value)
        book.active.cell(row, REASON, reason)
    path = tmp_path / "filled.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_that_were_filled_in_are_read_and_the_others_say_nothing(tmp_path, language):
    path = filled(tmp_path, {2: (57.5, "ít hồ sơ"), 4: ("95 %", " mới sáp nhập ")}, language=language)

    assert read_adjustments(path, CAMPAIGN) == [
        Adjustment("S1", "online", "second", Decimal("57.5"), "ít hồ sơ", 2),
        Adjustment("H2", "timeliness", "second", Decimal(95), "mới sáp nhập", 2),
    ]


def test_every_wrong_cell_is_named_and_nothing_is_taken(tmp_path):
    path = filled(tmp_path, {2: ("nhiều", "x"), 3: (57, " "), 4: (120, "x")})

    with pytest.raises(AdjustmentsRefused) as refused:
        read_adjustments(path, CAMPAIGN)

    assert [place.rpartition("!")[2] for place, _ in refused.value.problems] == ["G2", "H3", "G4"]
    assert "G2: “nhiều” không phải tỷ lệ phần trăm" in refused.value.sentence("vi")


def test_name_that_is_changed_is_told_by_its_cell(tmp_path):
    path = filled(tmp_path, {2: (57, "x")})
    book = openpyxl.load_workbook(path)
    book.active.cell(2, 3, "no such")
    book.save(path)

    with pytest.raises(AdjustmentsRefused, match="C2: No indicator is called “no such”"):
        read_adjustments(path, CAMPAIGN)


@pytest.mark.parametrize(
    ("cell", "written", "place"), [("F2", "mới", "F2"), ("A3", "S1", "G3")], ids=["no version", "a target told twice"]
)
def test_line_that_cannot_be_what_was_downloaded_is_told(tmp_path, cell, written, place):
    path = filled(tmp_path, {2: (57, "x"), 3: (58, "x")})
    book = openpyxl.load_workbook(path)
    book.active[cell] = written
    book.save(path)

    with pytest.raises(AdjustmentsRefused) as refused:
        read_adjustments(path, CAMPAIGN)

    assert [at.rpartition("!")[2] for at, _ in refused.value.problems] == [place]


def test_many_mistakes_are_counted():
    refused = AdjustmentsRefused([(f"G{row}", Incomplete("x", code="no_reason")) for row in range(30)])

    assert refused.sentence("en").endswith("… and 10 more.")


@pytest.mark.parametrize("is_ours", [True, False])
def test_workbook_without_a_new_value_or_of_another_kind_is_told(tmp_path, is_ours):
    path = filled(tmp_path, {})
    if not is_ours:
        book = openpyxl.load_workbook(path)
        book.active.cell(1, VALUE, "Something else")
        book.save(path)

    with pytest.raises(Incomplete, match="No line of the sheet"):
        read_adjustments(path, CAMPAIGN)


def test_no_cell_of_the_workbook_is_a_formula():
    book = openpyxl.load_workbook(io.BytesIO(adjusting_workbook([assigned("S1")], CAMPAIGN, "vi")))

    assert book.active["B2"].data_type == "s"


def test_workbook_is_filtered_on_screen_and_printed_as_wide_as_its_paper():
    sheet = openpyxl.load_workbook(io.BytesIO(adjusting_workbook([assigned("S1")], CAMPAIGN, "vi"))).active

    assert sheet.auto_filter.ref == "A1:H2"
    # As many pages high as it takes; one page wide is what a workbook says by saying nothing.
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "landscape",
        None,
        0,
    )
    assert sheet.print_title_rows == "$1:$1"
