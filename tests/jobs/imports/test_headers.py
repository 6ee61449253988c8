"""Where a table begins, what its columns mean, which kind of file it is, and from which day its figures are."""

from datetime import date

import openpyxl
import pytest

from jobs.imports.files import read_file
from jobs.imports.problems import FileRefused, KindUnsure
from tests.jobs.imports_world import (
    DAY,
    LONG,
    context,
    fill_sheet,
    long_csv,
    readings,
    write_csv,
    write_xlsx,
)

FIGURE = (10, "online", 1030, 1365, None)


def refused(path, **changes):
    with pytest.raises(FileRefused) as caught:
        read_file(path, context(**changes))
    return caught.value


@pytest.mark.parametrize(
    "header",
    [
        ("Đơn vị", "Chỉ số", "Tính đến ngày", "Tử số", "Mẫu số"),
        ("DON VI", "CHI SO", "NGAY", "TU SO", "MAU SO"),
        ("unit", "indicator", "as_of", "numerator", "denominator"),
        ("Tên đơn vị", "Tên  chỉ số ", "Ngày\nsố liệu", "Tử số (hồ sơ)", "Mẫu số (hồ sơ)*"),
        ("Cơ quan, đơn vị, địa phương", "Chỉ tiêu", "Số liệu tính đến ngày", "TỬ SỐ:", "MẪU  SỐ"),
    ],
)
def test_header_is_understood_however_it_is_written(tmp_path, header):
    path = write_csv(tmp_path, [header, ("Ia Grai", "Trực tuyến", "10/05/2024", "1.030", "1.365")])

    assert readings(path).figures == [FIGURE]


def test_columns_may_stand_in_any_order_and_others_are_named(tmp_path):
    header = ("STT", "Mẫu số", "Tử số", "Số điện thoại trực", "Ngày", "Chỉ số", "Đơn vị", "Ghi chú")
    path = write_csv(tmp_path, [header, ("1", "1365", "1030", "x", "10/05/2024", "CLGQ", "Ia Grai", "")])

    outcome = readings(path)

    assert outcome.figures == [FIGURE]
    assert [warning.terms["columns"] for warning in outcome.warned("columns_left_out")] == ["Số điện thoại trực"]


def test_header_is_found_below_title_rows_and_a_row_of_column_numbers(tmp_path):
    rows = [
        ("UBND TỈNH GIA LAI", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("TỔ CÔNG TÁC", None, None, "Độc lập - Tự do - Hạnh phúc"),
        (),
        ("TỔNG HỢP KẾT QUẢ CHIẾN DỊCH CAO ĐIỂM",),
        ("(Số liệu tính đến ngày 10/05/2024)",),
        (),
        ("STT", "Đơn vị", "Chỉ số", "Tử số", "Mẫu số"),
        ("(1)", "(2)", "(3)", "(4)", "(5)"),
        (1, "UBND huyện Ia Grai", "online", 1030, 1365),
    ]

    outcome = readings(write_xlsx(tmp_path, rows))

    assert outcome.figures == [FIGURE]
    assert [row[2] for row in outcome.rows] == [DAY]
    assert outcome.parsed.as_of == DAY
    assert (outcome.parsed.sheets[0].header, outcome.parsed.sheets[0].as_of) == ("Sheet1!A7", DAY)


def test_wide_table_with_merged_headers_of_three_rows_is_understood(tmp_path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    rows = [
        ("KẾT QUẢ (Từ ngày 22/03/2024 đến ngày 10/05/2024)",),
        ("STT", "Đơn vị", "Kết quả các chỉ số", None, None, None, None, None),
        (None, None, "Tỷ lệ hồ sơ trực tuyến", None, None, "Thanh toán trực tuyến", None, None),
        (None, None, "Tử số", "Mẫu số", "Tỷ lệ", "Tử số", "Mẫu số", "Tỷ lệ"),
        (1, "Ia Grai", 1030, 1365, (0.7546, "0.00%"), 20, 80, (0.25, "0%")),
        (2, "Pleiku", None, None, (0.5, "0.00%"), None, None, None),
    ]
    fill_sheet(sheet, rows)
    for area in ("A2:A4", "B2:B4", "C2:H2", "C3:E3", "F3:H3"):
        sheet.merge_cells(area)
    workbook.save(tmp_path / "file.xlsx")

    outcome = readings(tmp_path / "file.xlsx")

    assert outcome.figures == [
        (10, "online", 1030, 1365, 75.46),
        (14, "online", None, None, 50.0),
        (10, "payment", 20, 80, 25.0),
    ]
    assert outcome.parsed.sheets[0].layout == "wide"
    assert not outcome.rejected


@pytest.mark.parametrize(
    "headings",
    [
        ("online", "payment"),
        ("Tỷ lệ hồ sơ trực tuyến (%)", "Tỷ lệ thanh toán trực tuyến (%)"),
        ("Online rate", "Payment rate"),
        ("Trực tuyến", "Thanh toán"),
        ("CLGQ", "TTTT"),
        ("Dịch vụ công trực tuyến", "Tỷ lệ thanh toán"),
    ],
)
def test_wide_table_names_its_indicators_in_many_ways(tmp_path, headings):
    path = write_csv(tmp_path, [("Đơn vị", *headings), ("Ia Grai", "41,6%", "12.5")], delimiter=";")

    outcome = readings(path, as_of=DAY, kind="readings")

    assert outcome.figures == [(10, "online", None, None, 41.6), (10, "payment", None, None, 12.5)]


@pytest.mark.parametrize(
    "headings",
    [
        ("online_numerator", "online_denominator"),
        ("Tử số trực tuyến", "Mẫu số trực tuyến"),
        ("Hồ sơ tiếp nhận trực tuyến", "Hồ sơ tiếp nhận"),
    ],
)
def test_indicator_and_part_may_share_one_heading(tmp_path, headings):
    path = write_csv(tmp_path, [("Đơn vị", *headings), ("Ia Grai", "1030", "1365")])

    assert readings(path, as_of=DAY).figures == [FIGURE]


def test_counts_may_share_one_column(tmp_path):
    path = write_csv(
        tmp_path,
        [
            ("Đơn vị", "Chỉ số", "Tử số/Mẫu số", "Tỷ lệ"),
            ("Ia Grai", "online", "1030/1.365", "75,46%"),
            ("Pleiku", "online", "5/10 (50%)", ""),
        ],
    )

    assert readings(path, as_of=DAY).figures == [(10, "online", 1030, 1365, 75.46), (14, "online", 5, 10, 50.0)]


def test_wide_cell_without_a_sub_header_may_hold_counts_and_refuses_what_could_be_either(tmp_path):
    path = write_xlsx(
        tmp_path,
        [("Đơn vị", "online", "payment"), ("Ia Grai", "1030/1.365", "1.365"), ("Pleiku", "xấp xỉ 94%", "90-100%")],
    )

    outcome = readings(path, as_of=DAY)

    assert outcome.figures == [
        (10, "online", 1030, 1365, None), (14, "online", None, None, 94.0), (14, "payment", None, None, 90.0),
    ]  # fmt: skip
    assert outcome.problems == [("Sheet1!C2", "thousands_or_decimal")]
    assert "1365" in outcome.rejected[0].sentence("vi")
    assert "1,365%" in outcome.rejected[0].sentence("vi")


def test_heading_of_one_indicator_above_plain_parts_names_it(tmp_path):
    rows = [("Tỷ lệ hồ sơ trực tuyến",), ("Đơn vị", "Tử số", "Mẫu số"), ("Ia Grai", 1030, 1365)]

    path = write_xlsx(tmp_path, [(None, *rows[0]), *rows[1:]])

    assert readings(path, as_of=DAY).figures == [FIGURE]


def test_file_without_a_header_says_which_columns_it_needs(tmp_path):
    error = refused(write_csv(tmp_path, [("a", "b"), ("1", "2")]))

    assert error.code == "header_not_found"
    assert "đơn vị/unit" in str(error)


def test_file_without_a_header_of_the_kind_asked_for_says_what_that_needs(tmp_path):
    error = refused(write_csv(tmp_path, [("a", "b"), ("1", "2")]), kind="targets")

    assert "giai đoạn/phase" in error.terms["needed"]
    assert "readings:" not in error.terms["needed"]


def test_table_of_another_kind_than_asked_for_is_refused_with_the_columns_it_lacks(tmp_path):
    error = refused(long_csv(tmp_path, ("Ia Grai", "online", "10/05/2024", 1, 2, "")), kind="targets")

    assert error.code == "columns_missing"


def test_two_columns_of_one_meaning_are_refused(tmp_path):
    path = write_csv(tmp_path, [("Đơn vị", "Chỉ số", "Tỷ lệ", "Tỷ lệ (%)"), ("Ia Grai", "online", "1", "2")])

    error = refused(path, as_of=DAY)

    assert error.code == "column_twice"
    assert "Tỷ lệ (%)" in str(error)


def test_two_columns_of_points_of_one_meaning_are_refused(tmp_path):
    path = write_csv(tmp_path, [("Đơn vị", "Tổng điểm", "Tổng số điểm"), ("Ia Grai", "1", "2")])

    assert refused(path, as_of=DAY).code == "column_twice"


def test_file_that_almost_has_a_header_says_what_was_understood(tmp_path):
    error = refused(write_csv(tmp_path, [("Đơn vị", "Chỉ số", "Kết quả thực hiện"), ("Ia Grai", "online", "5")]))

    assert error.terms["found"] == "Đơn vị, Chỉ số"


# --- which day ------------------------------------------------------------------------------------------------------

UNDATED = [("Đơn vị", "Chỉ số", "Tử số", "Mẫu số"), ("Ia Grai", "online", 1030, 1365)]


def test_option_gives_the_day_where_no_column_does(tmp_path):
    assert [row[2] for row in readings(write_csv(tmp_path, UNDATED), as_of=DAY).rows] == [DAY]


def test_column_goes_before_the_option_and_the_option_fills_its_gaps(tmp_path):
    path = long_csv(tmp_path, ("Ia Grai", "online", "09/05/2024", 1, 2, ""), ("Pleiku", "online", "", 1, 2, ""))

    assert [row[2] for row in readings(path, as_of=DAY).rows] == [date(2024, 5, 9), DAY]


def test_row_without_a_day_is_refused_where_nothing_gives_one(tmp_path):
    path = long_csv(tmp_path, ("Ia Grai", "online", "09/05/2024", 1, 2, ""), ("Pleiku", "online", "", 1, 2, ""))

    assert readings(path).problems == [("line 3", "as_of_missing")]


def test_option_and_title_that_disagree_refuse_the_file_with_both_days(tmp_path):
    path = write_csv(tmp_path, [("Số liệu tính đến ngày 09/05/2024",), *UNDATED])

    error = refused(path, as_of=DAY)

    assert error.code == "days_disagree"
    assert "10/05/2024" in str(error)
    assert "09/05/2024" in str(error)


def test_option_and_title_that_agree_are_fine(tmp_path):
    path = write_csv(tmp_path, [("Số liệu tính đến ngày 10/05/2024",), *UNDATED])

    assert readings(path, as_of=DAY).parsed.as_of == DAY


def test_title_with_two_days_is_refused_without_an_option(tmp_path):
    path = write_csv(tmp_path, [("đến ngày 09/05/2024",), ("đến ngày 10/05/2024",), *UNDATED])

    assert refused(path).code == "title_names_several_days"
    assert readings(path, as_of=DAY).parsed.as_of == DAY


def test_title_with_an_impossible_day_refuses_the_file(tmp_path):
    path = write_csv(tmp_path, [("Số liệu tính đến ngày 31/02/2024",), *UNDATED])

    assert refused(path).code == "title_day_unreadable"


def test_file_without_any_day_is_refused_when_its_kind_is_known(tmp_path):
    assert refused(write_csv(tmp_path, UNDATED), kind="readings").code == "no_day"


# --- which kind -----------------------------------------------------------------------------------------------------

PORTAL = (
    "ID",
    "TEN",
    "TEN_COQUAN",
    "MA_COQUAN",
    "TDGQ",
    "MDHL",
    "MDSH",
    "TTTT",
    "CLGQ",
    "CKMB",
    "TONG_SCORE",
    "ROW_STT",
)
PORTAL_ROW = (
    "1",
    "UBND tỉnh Gia Lai",
    "UBND tỉnh Gia Lai",
    "H21",
    "17.96",
    "17.99",
    "16.86",
    "7.15",
    "8.06",
    "18",
    "86.02",
    "17",
)
WIDE_POINTS = [("Đơn vị", "TDGQ", "MDHL", "CLGQ"), ("Ia Grai", "17.96", "17.99", "8.06")]
KIND_CASES = {
    "readings by a day's column": ([LONG, ("Ia Grai", "online", "10/05/2024", 1, 2, "")], {}, "readings"),
    "readings by the option": (UNDATED, {"as_of": DAY}, "readings"),
    "undated rates": (UNDATED, {}, "no_day"),
    "baselines by a year": (
        [("Đơn vị", "Chỉ số", "Năm", "Tỷ lệ"), ("Ia Grai", "online", 2023, "0,3%")],
        {},
        "baselines",
    ),
    "wide results of the year that the campaign starts from": (
        [("KẾT QUẢ NĂM 2023",), ("Đơn vị", "online", "payment"), ("Ia Grai", "0,3%", "12%")],
        {},
        "baselines",
    ),
    "wide results of another year": (
        [("KẾT QUẢ NĂM 2022",), ("Đơn vị", "online", "payment"), ("Ia Grai", "0,3%", "12%")],
        {},
        "readings, baselines",
    ),
    "year and day": (
        [("Đơn vị", "Chỉ số", "Năm", "Ngày", "Tỷ lệ"), ("Ia Grai", "online", 2023, "10/05/2024", "0,3%")],
        {},
        "readings, baselines",
    ),
    "targets by a phase": (
        [
            ("Đơn vị", "Chỉ số", "Giai đoạn", "Chỉ tiêu", "Văn bản", "Ngày"),
            ("Ia Grai", "online", "50-day", 50, "1/QĐ", "1/4/2024"),
        ],
        {},
        "targets",
    ),
    "central targets": ([("Chỉ số", "Năm", "Tỷ lệ", "Văn bản"), ("online", 2024, 50, "1/QĐ")], {}, "central"),
    "units": ([("Mã", "Cấp", "Tên đơn vị", "Cấp trên"), ("A", "department", "Sở A", "H21")], {}, "units"),
    "the portal's points": ([PORTAL, PORTAL_ROW], {"as_of": DAY}, "scores"),
    "points by their heading": (
        [("Đơn vị", "Tổng điểm", "Xếp hạng"), ("Ia Grai", "55,51", 9)],
        {"as_of": DAY},
        "scores",
    ),
    "portal columns within their points": (WIDE_POINTS, {"as_of": DAY}, "scores"),
    "names whose figures fit points": (
        [("Đơn vị", "Tiến độ", "Hài lòng", "Trực tuyến"), ("Ia Grai", "17.96", "17.99", "8.06")],
        {"as_of": DAY},
        "readings, scores, baselines",
    ),
    "percents in small numbers": (
        [("Đơn vị", "Tiến độ", "Hài lòng", "Trực tuyến"), ("Ia Grai", "17.96%", "17.99%", "8.06%")],
        {"as_of": DAY},
        "readings",
    ),
    "portal columns with rates": (
        [("Đơn vị", "TDGQ", "MDHL", "CLGQ"), ("Ia Grai", "97.96", "17.99", "8.06")],
        {"as_of": DAY},
        "readings",
    ),
    "rates with a rank": (
        [("Đơn vị", "Tiến độ", "Hài lòng", "Trực tuyến", "Xếp hạng"), ("Ia Grai", "97.9", "88.5", "41%", 2)],
        {"as_of": DAY},
        "readings",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "changes", "kind"), KIND_CASES.values(), ids=KIND_CASES)
def test_kind_is_decided_or_refused_with_the_candidates(tmp_path, rows, changes, kind):
    path = write_csv(tmp_path, rows)

    try:
        decided = read_file(path, context(**changes)).kind
    except KindUnsure as unsure:
        decided = unsure.terms["candidates"]
    except FileRefused as refused_for:
        decided = refused_for.code

    assert decided == kind


def test_table_that_lacks_nothing_but_its_day_is_asked_for_the_day(tmp_path):
    error = refused(write_csv(tmp_path, UNDATED))

    assert error.code == "no_day"
    assert "Give the day" in str(error)
    assert "“Tính đến ngày”" in error.sentence("vi")


def test_unsure_kind_says_how_to_name_it(tmp_path):
    error = refused(write_csv(tmp_path, [["Kết quả năm 2024"], *UNDATED]))

    assert isinstance(error, KindUnsure)
    assert "for example readings" in str(error)
    assert "ví dụ readings" in error.sentence("vi")


@pytest.mark.parametrize("kind", ["readings", "baselines"])
@pytest.mark.parametrize("rows", [[PORTAL, PORTAL_ROW], WIDE_POINTS])
def test_points_never_become_rates_even_when_asked(tmp_path, rows, kind):
    error = refused(write_csv(tmp_path, rows), kind=kind, as_of=DAY)

    assert error.code == "points_are_not_rates"
    assert "“scores”" in str(error)


def test_person_may_say_that_small_numbers_are_rates(tmp_path):
    rows, changes, _ = KIND_CASES["names whose figures fit points"]

    outcome = readings(write_csv(tmp_path, rows), kind="readings", **changes)

    assert [figure[4] for figure in outcome.figures] == [17.96, 17.99, 8.06]


def test_sheets_of_different_kinds_need_to_be_told_which_to_read(tmp_path):
    workbook = openpyxl.Workbook()
    fill_sheet(workbook.active, [LONG, ("Ia Grai", "online", "10/05/2024", 1, 2, None)])
    fill_sheet(
        workbook.create_sheet("Trung ương"), [("Chỉ số", "Năm", "Tỷ lệ", "Văn bản"), ("online", 2024, 50, "1/QĐ")]
    )
    workbook.save(tmp_path / "file.xlsx")

    error = refused(tmp_path / "file.xlsx")
    parsed = read_file(tmp_path / "file.xlsx", context(kind="central"))

    assert error.code == "kind_unsure"
    assert [record.indicator for record in parsed.records] == ["online"]
    assert [(warning.code, warning.terms["sheet"]) for warning in parsed.warnings] == [("sheet_of_other_kind", "Sheet")]
