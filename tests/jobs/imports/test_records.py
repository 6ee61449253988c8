"""Baselines, central targets, targets, scores and units: exact values, each with what it needs."""

from datetime import date
from decimal import Decimal

import pytest

from jobs.imports.files import read_file
from models.readings.records import CentralRecord, TargetRecord
from tests.jobs.imports_world import DAY, context, write_csv, write_xlsx


def parsed(tmp_path, rows, **changes):
    return read_file(write_csv(tmp_path, rows), context(**changes))


def problems(outcome):
    return [(row.place, row.problem) for row in outcome.rejected]


def warned(outcome):
    return [warning.code for warning in outcome.warnings]


# --- baselines ------------------------------------------------------------------------------------------------------


def test_baselines_are_exact_and_keep_counts_bound_and_source(tmp_path):
    rows = [
        ("Đơn vị", "Chỉ số", "Năm", "Tỷ lệ", "Tử số", "Mẫu số", "Nguồn"),
        ("Sở Giao thông - Vận tải", "payment", 2023, "67,37%", "", "", "Bài viết 002"),
        ("Ia Grai", "online", "Năm 2023", "0,3%", "", "", ""),
        ("Đăk Đoa (huyện)", "online", 2023, "", "27.503", "28.861", ""),
        ("Pleiku", "online", 2023, "gần 90%", "", "", ""),
        ("KBang (huyện)", "online", 2023, "", "", "", ""),
    ]

    outcome = parsed(tmp_path, rows)

    assert outcome.kind == "baselines"
    assert [
        (
            one.unit,
            one.indicator,
            one.year,
            one.value,
            one.numerator,
            one.denominator,
            one.qualifier,
            one.source_note,
        )
        for one in outcome.records
    ] == [
        ("SGTVT", "payment", 2023, Decimal("67.37"), None, None, None, "Bài viết 002"),
        ("H21.58", "online", 2023, Decimal("0.3"), None, None, None, ""),
        ("H21.55", "online", 2023, None, 27503, 28861, None, ""),
        ("H21.65", "online", 2023, Decimal("90"), None, None, "under", ""),
    ]
    assert warned(outcome) == ["rows_without_figures"]
    assert outcome.rows_read == 5


def test_wide_baselines_take_their_year_from_a_heading_or_title(tmp_path):
    rows = [("KẾT QUẢ NĂM 2022",), ("Đơn vị", "online", "payment"), ("Ia Grai", "0,3%", "0%")]

    outcome = parsed(tmp_path, rows, kind="baselines")

    assert [(one.indicator, one.year, one.value) for one in outcome.records] == [
        ("online", 2022, Decimal("0.3")), ("payment", 2022, Decimal("0")),
    ]  # fmt: skip


def test_baselines_without_a_year_take_the_campaigns_and_say_so(tmp_path):
    rows = [("Đơn vị", "Chỉ số", "Kết quả"), ("Ia Grai", "online", "0,3%")]

    outcome = parsed(tmp_path, rows, kind="baselines")

    assert [one.year for one in outcome.records] == [2023]
    assert warned(outcome) == ["year_assumed"]


def test_baselines_are_checked_like_readings(tmp_path):
    rows = [
        ("Đơn vị", "Chỉ số", "Năm", "Tỷ lệ", "Tử số", "Mẫu số"),
        ("Ia Grai", "online", 2023, "7,01%", "21.683", "306.958"),
        ("Pleiku", "online", 2023, "101", "", ""),
        ("Pleiku", "nothing", 2023, "10", "", ""),
        ("Pleiku", "online", "hai ngàn", "10", "", ""),
        ("Pleiku", "online", 2025, "10", "", ""),
        ("Nobody", "online", 2023, "10", "", ""),
        ("Ia Grai", "online", 2023, "7,01%", "21683", "306958"),
        ("Ia Grai", "online", 2023, "7,02%", "21683", "306958"),
        ("Tổng cộng", "online", 2023, "7,02%", "", ""),
    ]

    outcome = parsed(tmp_path, rows)

    assert [one.value for one in outcome.records] == [Decimal("7.01")]
    assert sorted(problems(outcome)) == [
        ("line 3", "percent_above_hundred"), ("line 4", "indicator_unknown"), ("line 5", "year_unreadable"),
        ("line 6", "year_future"), ("line 7", "unit_unknown"), ("line 9", "told_otherwise"),
    ]  # fmt: skip
    assert outcome.repeated == 1
    assert warned(outcome) == ["percent_differs", "percent_differs", "percent_differs", "totals_left_out"]


# --- central targets ------------------------------------------------------------------------------------------------


def test_central_targets_are_read_with_document_and_level(tmp_path):
    rows = [
        ("Chỉ số", "Năm", "Cấp", "Chỉ tiêu", "Văn bản", "Ghi chú"),
        ("Tỷ lệ hồ sơ trực tuyến", 2024, "", "50%", "766/QĐ-TTg", "suy ra"),
        ("payment", 2024, "UBND cấp huyện", "45", "766/QĐ-TTg", ""),
        ("payment", 2024, "commune", "30,5", "766/QĐ-TTg", ""),
        ("satisfaction", 2024, "", "", "", ""),
    ]

    outcome = parsed(tmp_path, rows)

    assert outcome.records == (
        CentralRecord("online", 2024, "", Decimal("50"), "766/QĐ-TTg", "suy ra"),
        CentralRecord("payment", 2024, "district", Decimal("45"), "766/QĐ-TTg"),
        CentralRecord("payment", 2024, "commune", Decimal("30.5"), "766/QĐ-TTg"),
    )
    assert [one.place for one in outcome.records] == ["line 2", "line 3", "line 4"]
    assert warned(outcome) == ["rows_without_figures"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("", 2024, "", "50", "766"), "indicator_missing"),
        (("xyz", 2024, "", "50", "766"), "indicator_unknown"),
        (("online", 2024, "", "trên 50", "766"), "target_with_qualifier"),
        (("online", 2024, "", "kps", "766"), "value_missing"),
        (("online", 2024, "", "500", "766"), "percent_above_hundred"),
        (("online", 2024, "", "abc", "766"), "not_a_figure"),
        (("online", 2024, "xóm", "50", "766"), "word_unknown"),
        (("online", "x", "", "50", "766"), "year_unreadable"),
        (("online", 2024, "", "50", ""), "document_missing"),
        (("online", 2024, "", "50", "-12/QĐ"), "begins_a_formula"),
    ],
)
def test_central_target_that_lacks_something_is_refused(tmp_path, row, problem):
    outcome = parsed(tmp_path, [("Chỉ số", "Năm", "Cấp", "Tỷ lệ", "Văn bản"), row])

    assert problems(outcome) == [("line 2", problem)]
    assert not outcome.records


def test_central_targets_without_a_year_take_the_target_year(tmp_path):
    outcome = parsed(tmp_path, [("Chỉ số", "Tỷ lệ", "Văn bản"), ("online", "50", "766/QĐ-TTg")])

    assert [one.year for one in outcome.records] == [2024]
    assert warned(outcome) == ["year_assumed"]


# --- targets --------------------------------------------------------------------------------------------------------

TARGET = ("Đơn vị", "Chỉ số", "Giai đoạn", "Chỉ tiêu được giao (%)", "Văn bản", "Ngày")


@pytest.mark.parametrize(
    ("phase", "key"),
    [("50-day", "50-day"), ("50 ngày", "50-day"), ("Giai đoạn 1", "50-day"), ("1", "50-day"), ("GĐ 2", "100-day"),
     ("100 ngày", "100-day"), ("mốc 100 ngày", "100-day"), ("Duy trì", "maintain"), ("Maintain", "maintain")],
)  # fmt: skip
def test_targets_name_their_phase_in_many_ways(tmp_path, phase, key):
    outcome = parsed(tmp_path, [TARGET, ("Sở GTVT", "payment", phase, "72,37%", "629/KH-UBND", "19/03/2024")])

    assert outcome.records == (
        TargetRecord("SGTVT", "payment", key, "issued", Decimal("72.37"), "629/KH-UBND", date(2024, 3, 19)),
    )


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("Ia Grai", "online", "", "50", "1/QĐ", "1/4/2024"), "phase_missing"),
        (("Ia Grai", "online", "sau này", "50", "1/QĐ", "1/4/2024"), "word_unknown"),
        (("Ia Grai", "online", "1", "gần 50", "1/QĐ", "1/4/2024"), "target_with_qualifier"),
        (("Ia Grai", "online", "1", "kps", "1/QĐ", "1/4/2024"), "value_missing"),
        (("Ia Grai", "online", "1", "150", "1/QĐ", "1/4/2024"), "percent_above_hundred"),
        (("Ia Grai", "online", "1", "50", "", "1/4/2024"), "document_missing"),
        (("Ia Grai", "online", "1", "50", "@12/QĐ", "1/4/2024"), "begins_a_formula"),
        (("Ia Grai", "online", "1", "50", "1/QĐ", ""), "document_date_missing"),
        (("Ia Grai", "online", "1", "50", "1/QĐ", "4/31/2024"), "date_month_first"),
        (("Ia Grai", "", "1", "50", "1/QĐ", "1/4/2024"), "indicator_missing"),
    ],
)
def test_target_that_lacks_something_is_refused(tmp_path, row, problem):
    outcome = parsed(tmp_path, [TARGET, row], kind="targets")

    assert problems(outcome) == [("line 2", problem)]


def test_same_target_twice_counts_once_and_another_value_is_refused(tmp_path):
    rows = [TARGET, *[("Ia Grai", "online", "1", value, "1/QĐ", "1/4/2024") for value in ("50", "50,0", "60")]]

    outcome = parsed(tmp_path, rows)

    assert len(outcome.records) == outcome.repeated == 1
    assert problems(outcome) == [("line 4", "told_otherwise")]


# --- scores ---------------------------------------------------------------------------------------------------------

PORTAL = (
    "ID",
    "TEN",
    "TEN_COQUAN",
    "MA_COQUAN",
    "LOAI_COQUAN",
    "TDGQ",
    "MDHL",
    "MDSH",
    "TTTT",
    "CLGQ",
    "CKMB",
    "TONG_SCORE",
    "ROW_STT",
)


def portal_row(name, code, rank, *, total="86.02", online="8.06"):
    return ("1", name, name, code, "1", "17.96", "17.99", "16.86", "7.15", online, "18", total, rank)


def scores(outcome):
    return {one.indicator: (one.points, one.max_points, one.rank, one.rank_of) for one in outcome.records}


def test_portals_table_gives_points_of_the_own_province_and_counts_the_others(tmp_path):
    rows = [
        PORTAL,
        portal_row("UBND tỉnh Bắc Ninh", "H05", "1"),
        portal_row("UBND tỉnh Gia Lai", "000.00.00.H21", "2"),
        portal_row("UBND tỉnh Lạng Sơn", "000.00.00.H37", "3"),
    ]

    outcome = parsed(tmp_path, rows, as_of=DAY)

    assert outcome.kind == "scores"
    assert scores(outcome) == {
        "timeliness": (Decimal("17.96"), Decimal(20), None, None),
        "satisfaction": (Decimal("17.99"), Decimal(18), None, None),
        "digitisation": (Decimal("16.86"), Decimal(22), None, None),
        "payment": (Decimal("7.15"), Decimal(10), None, None),
        "online": (Decimal("8.06"), Decimal(12), None, None),
        "publicity": (Decimal("18"), Decimal(18), None, None),
        "": (Decimal("86.02"), Decimal(100), 2, 3),
    }
    assert {one.as_of for one in outcome.records} == {DAY}
    assert problems(outcome) == []
    left_out = next(one for one in outcome.warnings if one.code == "other_provinces_left_out")
    assert left_out.terms == {"count": "2", "places": "line 2, line 4"}


def test_names_with_the_own_provinces_suffix_are_accepted(tmp_path):
    rows = [PORTAL, portal_row("Sở Y tế - tỉnh Gia Lai", "", "1"), portal_row("Sở Y tế - tỉnh An Giang", "", "2")]

    outcome = parsed(tmp_path, rows, as_of=DAY)

    assert {one.unit for one in outcome.records} == {"SYT"}
    assert problems(outcome) == []
    assert "other_provinces_left_out" in warned(outcome)


def test_points_above_the_most_possible_are_refused_and_an_odd_total_is_remarked_on(tmp_path):
    rows = [PORTAL, portal_row("Sở Y tế", "", "", total="90"), portal_row("Ia Grai", "", "", online="41.6")]

    outcome = parsed(tmp_path, rows, as_of=DAY)

    assert problems(outcome) == [("line 3", "points_above_most")]
    assert warned(outcome) == ["total_is_not_the_sum", "period_assumed"]
    assert scores(outcome)[""] == (Decimal("90"), Decimal(100), None, None)


def test_scores_in_one_column_with_rank_of_how_many(tmp_path):
    rows = [
        ("Đơn vị", "Chỉ số", "Tính đến ngày", "Điểm", "Điểm tối đa", "Xếp hạng"),
        ("Ia Grai", "", "31/12/2023", "55,51", 100, "9/17"),
        ("Ia Grai", "online", "31/12/2023", "2,5 điểm", "", ""),
        ("Pleiku", "", "31/12/2023", "", "", 3),
        ("Pleiku", "", "2/6/2024", "50", "", ""),
        ("Đăk Đoa (huyện)", "", "31/12/2023", "5%", "", ""),
        ("KBang (huyện)", "", "31/12/2023", "50", "", "18/17"),
        ("KBang (huyện)", "", "31/12/2023", "", "", ""),
        ("KBang (huyện)", "", "", "50", "", "0"),
        ("Tổng cộng", "", "", "50", "", ""),
    ]

    outcome = parsed(tmp_path, rows, kind="scores")

    assert [
        (one.unit, one.indicator, one.points, one.max_points, one.rank, one.rank_of) for one in outcome.records
    ] == [
        ("H21.58", "", Decimal("55.51"), Decimal(100), 9, 17),
        ("H21.58", "online", Decimal("2.5"), Decimal(12), None, None),
        ("H21.65", "", None, Decimal(100), 3, None),
    ]
    assert sorted(problems(outcome)) == [
        ("line 5", "as_of_future"),
        ("line 6", "percent_in_points"),
        ("line 7", "rank_impossible"),
        ("line 9", "as_of_missing"),
    ]


def test_ranks_alone_are_kept_with_how_many_there_are(tmp_path):
    rows = [("Đơn vị", "Xếp hạng", "Tổng số đơn vị"), ("Ia Grai", 9, 17), ("Pleiku", "kps", 17), ("Sở Y tế", 20, 17)]

    outcome = parsed(tmp_path, rows, as_of=DAY)

    assert [(one.unit, one.points, one.rank, one.rank_of) for one in outcome.records] == [("H21.58", None, 9, 17)]
    assert problems(outcome) == [("line 4", "rank_impossible")]


@pytest.mark.parametrize(
    ("points", "most", "rank"), [("hơn 50", "100", ""), ("50", "gần 100", ""), ("50", "100", "khoảng 9")]
)
def test_points_and_ranks_that_are_only_bounds_are_refused(tmp_path, points, most, rank):
    rows = [("Đơn vị", "Chỉ số", "Tính đến ngày", "Điểm", "Điểm tối đa", "Xếp hạng")]
    rows.append(("Ia Grai", "", "31/12/2023", points, most, rank))

    outcome = parsed(tmp_path, rows, kind="scores")

    assert (outcome.records, problems(outcome)) == ((), [("line 2", "not_exact")])


def test_range_is_no_result_of_the_year_before(tmp_path):
    rows = [
        ("Đơn vị", "Chỉ số", "Tỷ lệ", "Trích dẫn"),
        ("Ia Grai", "online", "40-45%", ""),
        ("Pleiku", "online", "41", "Trang 3"),
    ]

    outcome = parsed(tmp_path, rows, kind="baselines")

    assert problems(outcome) == [("line 2", "range")]
    assert [record.source_note for record in outcome.records] == ["Trang 3"]


def test_scores_told_twice_count_once(tmp_path):
    rows = [("Đơn vị", "Tổng điểm"), ("Ia Grai", "55,51"), ("Ia Grai", "55,51"), ("Ia Grai", "56")]

    outcome = parsed(tmp_path, rows, as_of=DAY)

    assert len(outcome.records) == outcome.repeated == 1
    assert problems(outcome) == [("line 4", "told_otherwise")]


# --- units ----------------------------------------------------------------------------------------------------------

UNIT = (
    "Mã đơn vị",
    "Cấp",
    "Tên đơn vị",
    "Mã đơn vị cấp trên",
    "Tên khác",
    "Mã GSO",
    "Chức vụ",
    "Người đứng đầu",
    "Điện thoại",
    "Hiệu lực từ",
    "Hiệu lực đến",
    "Đơn vị kế thừa",
)


def test_units_are_read_with_all_that_is_said_of_them(tmp_path):
    rows = [
        UNIT,
        (
            "X1",
            "commune",
            "UBND xã Mới",
            "H21.58",
            "Xã Mới; Mới",
            "99001",
            "Chủ tịch",
            "Nguyễn Văn A",
            "0912",
            "01/05/2024",
            "",
            "",
        ),
        ("X2", "UBND cấp xã", "UBND xã Cũ", "Huyện Ia Grai", "", "", "", "", "", "", "30/04/2024", "X1"),
        ("", "", "Tổng cộng", "", "", "", "", "", "", "", "", ""),
        ("", "", "Người lập biểu", "", "", "", "", "", "", "", "", ""),
    ]

    outcome = parsed(tmp_path, rows)

    assert outcome.kind == "units"
    new, old = outcome.records
    assert (new.code, new.level, new.name, new.parent, new.aliases, new.gso_code) == (
        "X1", "commune", "UBND xã Mới", "H21.58", ("Xã Mới", "Mới"), "99001",
    )  # fmt: skip
    assert (new.head_title, new.head_name, new.head_phone, new.valid_from) == (
        "Chủ tịch",
        "Nguyễn Văn A",
        "0912",
        date(2024, 5, 1),
    )
    assert (old.parent, old.valid_to, old.successor, old.identity_code) == ("H21.58", date(2024, 4, 30), "X1", None)
    assert warned(outcome) == ["totals_left_out", "notes_left_out"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("", "commune", "A", "H21.58"), "code_missing"),
        (("X", "", "A", "H21.58"), "level_missing"),
        (("X", "xóm", "A", "H21.58"), "word_unknown"),
        (("X", "commune", "", "H21.58"), "name_missing"),
        (("X", "commune", "A", ""), "parent_missing"),
        (("X", "commune", "A", "nowhere"), "other_unit_unknown"),
        (("X", "commune", "A", "H21.58", "", "", "", "", "", "2/5/2024", "1/5/2024"), "ends_before_it_begins"),
        (("X", "commune", "A", "H21.58", "", "", "", "", "", "2024", ""), "not_a_date"),
        (("X", "commune", "A", "H21.58", "", "", "", "", "", "", "", "nobody"), "other_unit_unknown"),
    ],
)
def test_unit_that_lacks_something_is_refused(tmp_path, row, problem):
    outcome = parsed(tmp_path, [UNIT, (*row, *[""] * (len(UNIT) - len(row)))], kind="units")

    assert problems(outcome) == [("line 2", problem)]


def test_unit_at_the_top_needs_no_parent_and_one_code_is_one_unit(tmp_path):
    rows = [UNIT[:4], ("H21", "province", "UBND tỉnh", ""), ("h21", "province", "UBND tỉnh Gia Lai", "")]

    outcome = parsed(tmp_path, rows)

    assert [(one.code, one.parent) for one in outcome.records] == [("H21", None)]
    assert problems(outcome) == [("line 3", "told_otherwise")]


def test_progress_of_the_smaller_kinds_is_told_by_rows_and_ends_with_those_read(tmp_path):
    result = []
    path = write_xlsx(tmp_path, [("Chỉ số", "Năm", "Tỷ lệ", "Văn bản"), ("online", 2024, 50, "766")])

    read_file(path, context(), progress=lambda done, total: result.append((done, total)))

    assert result == [(2, 2), (1, 1)]
