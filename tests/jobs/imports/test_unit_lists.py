"""Lists of units: known again by codes short of their zeros, never two of one name; the public lists as they are."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs.imports.files import read_file
from jobs.imports.tables.vocabulary import check_headings
from jobs.imports.units.levels import LevelWords
from jobs.imports.units.matching import UnitCodes, UnitMatcher, without_zeros
from models.catalogue import load_campaign_files
from models.core.settings import CAMPAIGNS
from models.core.texts import LANGUAGES, text
from targets.errors import CampaignFilesError
from targets.values import Unit
from tests.jobs.imports_world import CAMPAIGN, UNITS, context, words, write_csv, write_xlsx

CASES = Path(__file__).parent.parent / "cases"
HANOI = replace(CAMPAIGN, province="H26")
ROOT = Unit("H26", "province", "UBND thành phố Hà Nội", None, gso_code="01", identity_code="H26", unit_id=1)
WARD = Unit("00004", "commune", "UBND phường Ba Đình", "H26", gso_code="00004", unit_id=2)
FORM = ("Mã", "Cấp", "Tên đơn vị", "Trực thuộc")


def problems(parsed):
    return [(row.place, row.problem) for row in parsed.rejected]


def warned(parsed):
    return [one.code for one in parsed.warnings]


def listed(parsed):
    return [(one.code, one.level, one.name, one.parent) for one in parsed.records]


# --- zeros and names ------------------------------------------------------------------------------------------------


def test_case_of_lost_zeros_is_the_unit_that_is_there_and_no_second_one():
    units = (ROOT, WARD, replace(WARD, unit_id=3, code="00097", name="UBND phường Hồng Hà", gso_code="00097"))

    parsed = read_file(CASES / "lz_units.xlsx", context(campaign=HANOI, units=units))

    assert listed(parsed) == [
        ("00004", "commune", "UBND phường Ba Đình", "H26"),
        ("00097", "commune", "UBND phường Hồng Hà", "H26"),
        ("00025", "commune", "UBND phường X", "H26"),
    ]
    assert (problems(parsed), warned(parsed)) == ([], ["code_taken_for", "code_taken_for"])


def test_case_of_lost_zeros_in_a_new_list_asks_for_the_zeros():
    parsed = read_file(CASES / "lz_units.xlsx", context(campaign=HANOI, units=(ROOT,)))

    assert problems(parsed) == [("Sheet!A2", "code_without_zeros"), ("Sheet!A3", "code_without_zeros")]
    assert parsed.rejected[0].terms["code"] == "00004"


@pytest.mark.parametrize("column", ["Chức vụ", "Họ và tên"])
def test_head_whose_name_is_a_formula_to_whoever_opens_the_exported_table_is_refused(tmp_path, column):
    form = (*FORM, column)
    path = write_csv(tmp_path, [form, ("00004", "Phường", "UBND phường Ba Đình", "H26", "=1+1")])

    parsed = read_file(path, context(campaign=HANOI, units=(ROOT, WARD)))

    assert problems(parsed) == [("line 2", "begins_a_formula")]
    assert not parsed.records


def test_code_short_of_zeros_with_another_name_is_not_taken_for_the_unit(tmp_path):
    path = write_xlsx(tmp_path, [FORM, (4, "Phường", "UBND phường Hồng Hà", "H26")])

    parsed = read_file(path, context(campaign=HANOI, units=(ROOT, WARD)))

    assert problems(parsed) == [("Sheet1!A2", "code_without_zeros")]


def test_same_name_under_the_same_parent_is_refused_with_both(tmp_path):
    path = write_xlsx(tmp_path, [FORM, ("X9", "Phường", "Phường Ba Đình", "H26")])

    parsed = read_file(path, context(campaign=HANOI, units=(ROOT, WARD)))

    assert problems(parsed) == [("Sheet1!C2", "unit_same_name")]
    for language in LANGUAGES:
        said = parsed.rejected[0].sentence(language)
        assert "UBND phường Ba Đình (00004)" in said
        assert "X9" in said


SAME = """
    first                 | second                | valid from | are two
    Xã Ia Mới             | Xã Ia Mới             |            | no
    UBND xã Ia Mới        | xã  ia mới            |            | no
    Ia Mới                | Xã Ia Mới             |            | no
    Xã Ia Mới             | Thị trấn Ia Mới       |            | yes
    Xã Ia Băng            | Xã Ia Bang            |            | yes
    Xã Ia Mới             | Xã Ia Mới             | 01/06/2024 | yes
"""


def drawn(table):
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()][1:]


@pytest.mark.parametrize(("first", "second", "start", "two"), drawn(SAME))
def test_two_rows_of_a_file_are_two_units_only_where_a_reader_would_tell_them_apart(
    tmp_path, first, second, start, two
):
    head = ("Mã", "Cấp", "Tên đơn vị", "Mã đơn vị cấp trên", "Hiệu lực từ", "Hiệu lực đến")
    rows = [
        head,
        ("X1", "Xã", first, "H21.58", "", "31/05/2024" if start else ""),
        ("X2", "Xã", second, "H21.58", start, ""),
    ]

    parsed = read_file(write_xlsx(tmp_path, rows), context())

    assert len(parsed.records) == (2 if two == "yes" else 1)
    assert problems(parsed) == ([] if two == "yes" else [("Sheet1!C3", "unit_same_name")])


def test_unit_may_take_the_name_of_one_that_is_gone(tmp_path):
    path = write_xlsx(
        tmp_path, [("Mã", "Cấp", "Tên đơn vị", "Mã đơn vị cấp trên", "Hiệu lực từ"),
                   ("X1", "Phường", "Phường Trà Bá", "H21.65", "01/05/2024")]
    )  # fmt: skip

    parsed = read_file(path, context())

    assert (listed(parsed), problems(parsed)) == ([("X1", "commune", "Phường Trà Bá", "H21.65")], [])


@given(number=st.integers(1, 99_999), text_code=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_code_that_lost_its_zeros_names_the_same_unit(number, text_code):
    full = f"{number:05}"
    unit = replace(WARD, code=full, gso_code=None)
    result = full if text_code else str(number)

    meant = UnitCodes((ROOT, unit)).meant(result, level="commune", name=unit.name)

    assert meant == full
    assert without_zeros(result) == without_zeros(full)


@pytest.mark.parametrize(
    ("name", "code", "found"),
    [
        ("", "4", [1]),
        ("Phường Ba Đình", "4", [1]),
        ("", "00004", [1]),
        ("Phường Hồng Hà", "4", "unit_unknown"),
    ],
)
def test_figures_find_their_unit_by_a_code_short_of_its_zeros(name, code, found):
    matched = UnitMatcher((ROOT, WARD), HANOI).find(name=name, code=code)

    assert (list(matched) if isinstance(matched, tuple) else matched.code) == found


def test_running_number_beside_a_known_name_is_no_code():
    other = replace(WARD, unit_id=3, code="00097", name="UBND phường Hồng Hà", gso_code="00097")

    assert UnitMatcher((ROOT, WARD, other), HANOI).find(name="Phường Hồng Hà", code="4") == (2,)


# --- levels ---------------------------------------------------------------------------------------------------------

LEVELS = """
    cell              | name               | level
    Xã                | Xã Mới             | commune
    Phường            | Phường Mới         | commune
    Thị trấn          | Thị trấn Mới       | commune
    TT.               | TT. Mới            | commune
    Đặc khu           | Đặc khu Mới        | commune
    xa                | Mới                | commune
    Huyện             | Huyện Mới          | district
    Quận              | Quận Mới           | district
    Thị xã            | Thị xã Mới         | district
    Thành phố         | Thành phố Mới      | district
    Tỉnh              | Tỉnh Gia Lai       | province
    UBND cấp xã       | Mới                | commune
    Cấp xã            | Mới                | commune
    commune           | Mới                | commune
    Communes          | Mới                | commune
                      | UBND thị xã Mới    | district
                      | P. Mới             | commune
                      | Mới                | none
    xóm               | Xóm Mới            | none
"""


@pytest.mark.parametrize(("cell", "name", "level"), drawn(LEVELS))
def test_level_is_the_campaigns_whatever_a_list_calls_it(cell, name, level):
    known = LevelWords(CAMPAIGN, UNITS)

    assert (known.level(cell, name=name) or "none") == level


def test_city_that_is_the_province_itself_is_at_the_top():
    units = (ROOT, replace(WARD, code="X", name="UBND quận Ba Đình", level="district"))

    known = LevelWords(HANOI, units)

    assert known.level("Thành phố", name="Thành phố Hà Nội") == "province"
    assert known.level("Thành phố", name="Thành phố Sơn Tây") == "district"


# --- the public lists -----------------------------------------------------------------------------------------------

CAMEL = ("provinceCode", "provinceName", "districtCode", "districtName", "wardCode", "wardName")
STATISTICS = (
    "Tỉnh Thành Phố", "Mã TP", "Quận Huyện", "Mã QH", "Phường Xã", "Mã PX", "Cấp", "Tên Tiếng Anh",
)  # fmt: skip
OWN = (
    ("64", "Tỉnh Gia Lai", "628", "Huyện Ia Grai", "23728", "Xã Ia Hrung"),
    ("64", "Tỉnh Gia Lai", "628", "Huyện Ia Grai", "23740", "Xã Ia Mới"),
    ("64", "Tỉnh Gia Lai", "639", "Huyện Chư Pưh", "23900", "Thị trấn Nhơn Hoà"),
)
OTHERS = (
    ("01", "Thành phố Hà Nội", "001", "Quận Ba Đình", "00001", "Phường Phúc Xá"),
    ("04", "Tỉnh Cao Bằng", "040", "Thành phố Cao Bằng", "01267", "Phường Sông Hiến"),
)
TAKEN = [
    ("H21.58", "district", "UBND huyện Ia Grai", "H21"),
    ("23728", "commune", "UBND xã Ia Hrung", "H21.58"),
    ("23740", "commune", "Xã Ia Mới", "H21.58"),
    ("639", "district", "Huyện Chư Pưh", "H21"),
    ("23900", "commune", "Thị trấn Nhơn Hoà", "639"),
]


def camel(rows):
    return [CAMEL, *rows]


def statistics(rows):
    def row(province_code, province, district_code, district, ward_code, ward):
        return province, province_code, district, district_code, ward, ward_code, ward.split()[0], ""

    return [STATISTICS, *(row(*one) for one in rows)]


def as_numbers(rows):
    return [[int(cell) if str(cell).isdecimal() else cell for cell in row] for row in rows]


@pytest.mark.parametrize("layout", [camel, statistics])
@pytest.mark.parametrize("kind", ["auto", "units"])
def test_public_list_gives_the_own_provinces_units_with_their_parents(tmp_path, layout, kind):
    parsed = read_file(write_xlsx(tmp_path, layout([*OTHERS[:1], *OWN, *OTHERS[1:]])), context(kind=kind))

    assert listed(parsed) == TAKEN
    assert [one.gso_code for one in parsed.records] == ["628", "23728", "23740", "639", "23900"]
    assert problems(parsed) == []
    left_out = next(one for one in parsed.warnings if one.code == "other_provinces_left_out")
    assert left_out.terms["count"] == "2"


@pytest.mark.parametrize("layout", [camel, statistics])
def test_public_list_whose_codes_became_numbers_keeps_their_zeros(tmp_path, layout):
    units = (ROOT, replace(WARD, code="00002", gso_code="00002", name="UBND phường Cũ"))
    rows = as_numbers(layout(OTHERS))

    parsed = read_file(write_xlsx(tmp_path, rows), context(campaign=HANOI, units=units))

    assert listed(parsed) == [("001", "district", "Quận Ba Đình", "H26"), ("00001", "commune", "Phường Phúc Xá", "001")]


def test_public_list_as_csv_reads_the_same(tmp_path):
    assert listed(read_file(write_csv(tmp_path, camel(OWN)), context())) == TAKEN


def test_public_list_without_districts_puts_communes_under_the_province(tmp_path):
    rows = [("provinceCode", "provinceName", "wardCode", "wardName"), ("64", "Gia Lai", "23740", "Xã Ia Mới")]

    parsed = read_file(write_xlsx(tmp_path, rows), context())

    assert listed(parsed) == [("23740", "commune", "Xã Ia Mới", "H21")]


def test_district_without_communes_is_a_district(tmp_path):
    rows = [STATISTICS, ("Tỉnh Gia Lai", "64", "Huyện Đảo", "699", "", "", "Huyện", "")]

    parsed = read_file(write_xlsx(tmp_path, rows), context())

    assert listed(parsed) == [("699", "district", "Huyện Đảo", "H21")]


def test_name_without_its_level_takes_the_lists_word(tmp_path):
    rows = [STATISTICS, ("Tỉnh Gia Lai", "64", "Huyện Ia Grai", "628", "Ia Mới", "23740", "Xã", "")]

    parsed = read_file(write_xlsx(tmp_path, rows), context())

    assert parsed.records[-1].name == "Xã Ia Mới"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("99", "Tỉnh Gia Lai", "628", "Huyện Ia Grai", "23740", "Xã Ia Mới"), "province_code_differs"),
        (("64", "Tỉnh Gia Lai", "628", "Huyện Ia Grai", "", "Xã Ia Mới"), "code_missing"),
        (("64", "Tỉnh Gia Lai", "628", "Huyện Ia Grai", "23740", ""), "name_missing"),
        (("64", "Tỉnh Gia Lai", "628", "Huyện Ia Grai", "mới", "Xã Ia Mới"), "gso_code_unreadable"),
        (("64", "Tỉnh Gia Lai", "628", "Huyện Ia Grai", "23741", "Xã Ia Hrung"), "unit_same_name"),
    ],
)
def test_row_of_a_public_list_that_is_not_certain_is_refused(tmp_path, row, problem):
    parsed = read_file(write_xlsx(tmp_path, camel([row])), context())

    assert [row.problem for row in parsed.rejected] == [problem]


# --- names that a heading cannot carry ------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["name", "short_name", "numerator", "denominator"])
@pytest.mark.parametrize("name", ["đơn vị", "Ghi chú", "Ngày", "Tử số", "Unit"])
def test_indicator_named_like_another_column_is_refused(field, name):
    renamed = replace(CAMPAIGN.indicators[0], **{field: words(name)})

    with pytest.raises(CampaignFilesError) as refused:
        check_headings(replace(CAMPAIGN, indicators=(renamed, *CAMPAIGN.indicators[1:])))

    (problem, _) = refused.value.problems
    assert (problem.file, problem.where, problem.code) == (
        "indicators/publicity.toml",
        f"{field}.vi",
        "name_reserved",
    )
    assert all(name in text(f"campaign.problem.{problem.code}", one, **problem.terms) for one in LANGUAGES)


def test_bundled_campaign_names_nothing_like_another_column():
    check_headings(load_campaign_files(CAMPAIGNS / "gia-lai-2024").campaign)


def test_unit_that_ends_keeps_its_row(tmp_path):
    rows = [
        ("Mã", "Cấp", "Tên đơn vị", "Trực thuộc", "Hiệu lực đến"),
        ("23590", "Xã", "Xã Biển Hồ", "H21.65", "30/06/2024"),
    ]

    parsed = read_file(write_xlsx(tmp_path, rows), context())

    assert parsed.records[0].valid_to == date(2024, 6, 30)
