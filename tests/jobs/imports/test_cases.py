"""Files as offices send them: each case gives the figure that is meant, or is refused where it is wrong."""

import pytest

from jobs.imports.problems import FileRefused
from tests.jobs.office_files import read_case, result

READ = {
    "05_day_22-3.xlsx": ["xã Ia Pnôn online 22/03 40.1", "phường Diên Hồng online 20/04 41.1"],
    "12_second_table_columns_swapped.xlsx": [
        "Sở Xây dựng online 20/04 61.5", "Sở Xây dựng payment 20/04 12",
        "xã Ia Pnôn payment 20/04 8.5", "xã Ia Pnôn online 20/04 47.4",
    ],
    "14_sheet_per_district.xlsx": [
        "xã Ia Băng online 20/04 11", "xã Ia Pết online 20/04 12",
        "xã Ia Băng online 20/04 22", "xã Ia O online 20/04 33",
    ],
    "21_district_merged_down.xlsx": [
        "xã Ia Băng online 20/04 11", "xã Ia Pết online 20/04 12",
        "xã Ia O online 20/04 33", "xã Ia Băng online 20/04 22",
    ],
    "22_serial_date.xlsx": ["xã Ia Pnôn online 20/04 40.1"],
    "24_unit_merged_down.xlsx": [
        "xã Ia Pnôn online 20/04 40/100", "xã Ia Pnôn payment 20/04 5/50", "xã Ia Pnôn digitisation 20/04 60/100",
    ],
    "26_utf16_tab.csv": ["xã Ia Pnôn online 20/04 47.4"],
    "27_semicolon_decimal_comma.csv": ["xã Ia Pnôn online 20/04 47.4"],
    "29_google_sheets.csv": ["xã Ia Pnôn online 20/04 47.4", "xã Ia Khai online 20/04 8.25"],
    "38_date_merged_down.xlsx": ["xã Ia Pnôn online 13/04 40", "xã Ia Khai online 13/04 41"],
    "40_1904_dates.xlsx": ["xã Ia Pnôn online 20/04 40", "xã Ia Khai online 20/04 41"],
    "50_xls_percent_above_100.xls": ["xã Ia Pnôn online 20/04 47.4", "xã Ia Khai online 20/04 98"],
    "a10_second_block_other_day.xlsx": ["Sở Xây dựng online 13/04 61.5", "Sở Y tế online 20/04 62.5"],
}  # fmt: skip
ROWS_REFUSED = {
    "28_comma_decimal_comma_note.csv": [("line 2", "too_many_fields"), ("line 3", "too_many_fields")],
    "39_two_digit_year.xlsx": [("Sheet1!C2", "year_two_digits")],
    "49_ratio_became_date.xlsx": [("Sheet1!C3", "date_in_figure")],
    "50_xls_percent_above_100.xls": [("Sheet!C5", "percent_above_hundred")],
    "52_xls_error_cells.xls": [
        ("Sheet!C3", "excel_error"), ("Sheet!D4", "excel_error"), ("Sheet!E5", "excel_error"),
    ],
}  # fmt: skip
REFUSED = {
    "11_two_tables_side_by_side.xlsx": "column_twice",
    "15_hidden_column.xlsx": "hidden_or_seen",
    "23_us_dates.xlsx": "days_of_two_orders",
    "25_windows1258.csv": "not_utf_8",
    "45_utf16_no_bom.csv": "not_utf_8",
    "47_week_title_no_day.xlsx": "no_day",
    "comp_lzma_garbage.xlsx": "damaged_workbook",
    "enc_foo.xlsx": "damaged_workbook",
    "keep_f117.xls": "damaged_workbook",
}


@pytest.mark.parametrize(("name", "figures"), READ.items(), ids=READ)
def test_file_gives_the_figures_that_are_meant(name, figures):
    outcome = read_case(name)

    assert result(outcome) == figures
    assert outcome.problems == ROWS_REFUSED.get(name, [])


@pytest.mark.parametrize(("name", "problems"), ROWS_REFUSED.items(), ids=ROWS_REFUSED)
def test_rows_that_are_not_certain_are_refused(name, problems):
    outcome = read_case(name)

    assert outcome.problems == problems
    assert result(outcome) == READ.get(name, [])


@pytest.mark.parametrize(("name", "code"), REFUSED.items(), ids=REFUSED)
def test_file_that_is_not_certain_is_refused(name, code):
    with pytest.raises(FileRefused) as caught:
        read_case(name)

    assert caught.value.code == code
    assert name in caught.value.sentence("vi")
