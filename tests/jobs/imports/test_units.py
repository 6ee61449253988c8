"""What files call units, as drawn tables: the unit it is, or why it is refused."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from jobs.imports.problems import Notice
from jobs.imports.units.matching import MOST_SUGGESTED, UnitMatcher
from jobs.imports.units.names import normal_code, parsed
from models.catalogue import load_campaign_files
from models.core.settings import CAMPAIGNS
from tests.jobs.imports_world import CAMPAIGN, UNITS, readings, write_csv

MATCHES = """
    name                                   | code            | district          | unit
    UBND huyện Ia Grai                     |                 |                   | 10
    huyện Ia Grai                          |                 |                   | 10
    HUYỆN  IA GRAI                         |                 |                   | 10
    Ia Grai                                |                 |                   | 10
    H. Ia Grai                             |                 |                   | 10
    Ủy ban nhân dân huyện Ia Grai          |                 |                   | 10
    Uỷ ban nhân dân huyện Ia Grai          |                 |                   | 10
    Uy ban nhan dan huyen Ia Grai          |                 |                   | 10
    IaGrai                                 |                 |                   | 10
    Huyện Đak Đoa                          |                 |                   | 11
    huyen Dak Doa                          |                 |                   | 11
    Huyện Đắk Đoa                          |                 |                   | 11
    Huyện K'Bang                           |                 |                   | 13
    Huyện K’Bang                           |                 |                   | 13
    K Bang                                 |                 |                   | 13
    TP. Pleiku                             |                 |                   | 14
    TP.Pleiku                              |                 |                   | 14
    Thành phố Pleiku                       |                 |                   | 14
    Sở Giao thông - Vận tải                |                 |                   | 2
    Sở GT-VT                               |                 |                   | 2
    Sở GTVT                                |                 |                   | 2
    Sở Y tế - tỉnh Gia Lai                 |                 |                   | 3
    Sở Y tế (tỉnh Gia Lai)                 |                 |                   | 3
    Sở Y tế tỉnh Gia Lai                   |                 |                   | 3
    Tỉnh Gia Lai                           |                 |                   | 1
    UBND tỉnh                              |                 |                   | 1
    TT. Đăk Đoa                            |                 |                   | 23
    Thị trấn Đăk Đoa                       |                 |                   | 23
    Đăk Đoa (huyện Đăk Đoa)                |                 |                   | unit_ambiguous
    Đăk Đoa                                |                 |                   | unit_ambiguous
    Đăk Đoa (huyện)                        |                 |                   | 11
    Đăk Đoa (thị trấn)                     |                 |                   | 23
    Xã Ia Băng                             |                 |                   | unit_ambiguous
    Xã Ia Băng                             |                 | Chư Prông         | 21
    Xã Ia Băng                             |                 | Huyện Đăk Đoa     | 20
    Xã Ia Băng                             |                 | H21.55            | 20
    Xã Ia Băng                             |                 | không rõ          | unit_ambiguous
    Xã Ia Băng (huyện Chư Prông)           |                 |                   | 21
    UBND xã Ia Băng, huyện Chư Prông       |                 |                   | 21
    Xã Ia Băng - huyện Đăk Đoa             |                 |                   | 20
    Xã Ia Bang                             |                 |                   | 22
    Xã Ia Bang                             |                 | Chư Prông         | 22
    xã ia bang                             |                 | Đăk Đoa           | 20
    Xa Ia Bang                             |                 |                   | unit_ambiguous
    Xa Ia Bang                             |                 | Chu Prong         | unit_ambiguous
    Xa Ia Bang                             |                 | Dak Doa           | 20
    Xã Ia Băng                             |                 | Ia Grai           | unit_not_in_district
    Xã Ia Hrung                            |                 | Gia Lai           | 24
    Huyện Ia Hrung                         |                 |                   | unit_unknown_near
    Ia Krây                                |                 |                   | unit_unknown_near
    Cục Thuế quan                          |                 |                   | unit_unknown
    H21.58                                 |                 |                   | 10
    000.00.58.H21                          |                 |                   | 10
    628                                    |                 |                   | 10
    H21.99                                 |                 |                   | unit_code_unknown
    H05                                    |                 |                   | other_province
    UBND tỉnh Bắc Ninh                     |                 |                   | other_province
    Sở Y tế - tỉnh An Giang                |                 |                   | other_province
    Xã Ia Hrung - huyện Mù Cang Chải       |                 |                   | unit_unknown_near
                                           | h21.58          |                   | 10
                                           | 000.00.58.H21   |                   | 10
                                           | 000.00.00.H21   |                   | 1
                                           | 23728           |                   | 24
                                           | sgtvt           |                   | 2
                                           | H21.99          |                   | unit_code_unknown
                                           | 000.00.00.H37   |                   | other_province
    UBND tỉnh Lạng Sơn                     | 000.00.00.H37   |                   | other_province
    huyện Ia Grai                          | H21.58          |                   | 10
    một cách gọi khác                      | H21.58          |                   | 10
    Xã Ia Băng                             | 23905           |                   | 21
    huyện Đăk Đoa                          | H21.58          |                   | code_and_name_differ
    huyện Ia Grai                          | X-99            |                   | 10
"""


def drawn(table):
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()][1:]


def matcher():
    return UnitMatcher(UNITS, CAMPAIGN)


@pytest.mark.parametrize(("name", "code", "district", "unit"), drawn(MATCHES))
def test_unit_is_the_one_the_table_says(name, code, district, unit):
    units = matcher()

    found = units.find(name=name, code=code, district=district)

    assert (found.code if isinstance(found, Notice) else str(units.units[found[0]].unit_id)) == unit


def test_refused_namesakes_are_named_with_what_they_belong_to_and_their_code():
    found = matcher().find(name="Xã Ia Băng")

    assert found.terms == {
        "candidates": "UBND xã Ia Băng (UBND huyện Đăk Đoa, 23719); UBND xã Ia Băng (UBND huyện Chư Prông, 23905)"
    }


def test_unknown_unit_comes_with_the_nearest_names():
    found = matcher().find(name="xã Ia Krây")

    assert "UBND xã Ia Krai (UBND huyện Ia Grai, 23734)" in found.terms["nearest"]


@pytest.mark.parametrize(
    ("code", "normal"),
    [
        ("000.00.00.H37", "h37"), ("000.00.58.H21", "h21.58"), ("000.05.58.H21", "h21.58.05"), ("H01.13", "h01.13"),
        (" h21.58 ", "h21.58"), ("23719", "23719"), ("SGTVT", "sgtvt"),
    ],
)  # fmt: skip
def test_codes_are_compared_in_one_form(code, normal):
    assert normal_code(code) == normal


def test_name_is_taken_apart_into_level_and_rest():
    apart = parsed("UBND TP. Pleiku")

    assert (apart.level, apart.rest) == ("thanh pho", "pleiku")


@pytest.mark.parametrize(("day", "position"), [(date(2024, 4, 30), "23600"), (date(2024, 5, 1), "23601")])
def test_namesakes_that_followed_each_other_are_told_apart_by_the_day(day, position):
    units = matcher()

    found = units.find(name="Phường Đống Đa")

    assert len(found) == 2
    assert units.units[units.on_day(found, day)].code == position


def test_several_units_on_one_day_stay_ambiguous():
    units = matcher()
    both = tuple(position for position, unit in enumerate(units.units) if unit.unit_id in (20, 21))

    assert units.on_day(both, date(2024, 5, 1)).code == "unit_ambiguous"


def test_unit_that_is_gone_names_its_successor(tmp_path):
    rows = [("Đơn vị", "Chỉ số", "Ngày", "Tử số", "Mẫu số")]
    rows += [(name, "online", "10/05/2024", 1, 2) for name in ("Xã Tân Sơn", "Phường Trà Bá")]
    rows += [("Phường Đống Đa", "online", day, 1, 2) for day in ("30/04/2024", "01/05/2024")]

    outcome = readings(write_csv(tmp_path, rows))

    assert outcome.problems == [("line 2", "unit_succeeded"), ("line 3", "unit_ended")]
    assert "UBND xã Biển Hồ (UBND thành phố Pleiku, 23590)" in outcome.rejected[0].sentence("vi")
    assert [figure[0] for figure in outcome.figures] == [32, 33]


def test_unit_that_is_not_there_yet_is_refused(tmp_path):
    rows = [("Mã đơn vị", "Chỉ số", "Ngày", "Tử số", "Mẫu số"), ("23601", "online", "30/04/2024", 1, 2)]

    outcome = readings(write_csv(tmp_path, rows))

    assert outcome.problems == [("line 2", "unit_not_yet")]


def test_namesakes_without_any_on_the_day_are_refused():
    units = matcher()
    found = units.find(name="Xã Tân Sơn")

    assert units.on_day(found, date(2024, 5, 1)).code == "unit_succeeded"


def test_namesakes_that_exist_at_once_are_refused_on_their_day(tmp_path):
    units = tuple(replace(unit, valid_from=date(2024, 1, 1)) if unit.unit_id == 20 else unit for unit in UNITS)
    rows = [("Đơn vị", "Chỉ số", "Ngày", "Tử số", "Mẫu số"), ("Xã Ia Băng", "online", "10/05/2024", 1, 2)]

    outcome = readings(write_csv(tmp_path, rows), units=units)

    assert outcome.problems == [("line 2", "unit_ambiguous")]


@pytest.mark.parametrize(("name", "found"), [("", "unit_ambiguous"), ("Sở Y tế", 3), ("Xã Ia Tô", "unit_ambiguous")])
def test_code_that_two_units_share_needs_the_name_too(name, found):
    units = UnitMatcher(
        tuple(replace(unit, gso_code="77") if unit.unit_id in (2, 3) else unit for unit in UNITS), CAMPAIGN
    )

    unit = units.find(name=name, code="77")

    assert (unit.code if isinstance(unit, Notice) else units.units[unit[0]].unit_id) == found


def test_code_in_place_of_a_name_that_two_units_share_is_refused():
    units = UnitMatcher(
        tuple(replace(unit, gso_code="77") if unit.unit_id in (2, 3) else unit for unit in UNITS), CAMPAIGN
    )

    assert units.find(name="77").code == "unit_ambiguous"


@pytest.fixture(scope="module")
def real():
    files = load_campaign_files(CAMPAIGNS / "gia-lai-2024")
    records = tuple(replace(unit, unit_id=number) for number, unit in enumerate(files.units, start=1))
    return UnitMatcher(records, files.campaign)


def test_every_real_unit_is_found_by_each_of_its_codes(real):
    wrong = [
        (unit.code, code)
        for position, unit in enumerate(real.units)
        for code in (unit.code, unit.gso_code, unit.identity_code)
        if code and real.find(code=code.lower()) != (position,)
    ]

    assert not wrong


def test_every_real_unit_is_found_by_its_name_and_district_however_they_are_written(real):
    names = {unit.code: unit.name for unit in real.units}
    ways = (
        str,
        str.upper,
        lambda name: name.removeprefix("UBND "),
        lambda name: name.replace("UBND", "Ủy ban nhân dân"),
    )

    wrong = [
        way(unit.name)
        for position, unit in enumerate(real.units)
        for way in ways
        if real.find(name=way(unit.name), district=names.get(unit.parent or "", "")) != (position,)
    ]

    assert not wrong


def test_real_namesakes_are_refused_without_a_district_and_no_one_else(real):
    refused = [unit.name for unit in real.units if isinstance(real.find(name=unit.name), Notice)]

    names = Counter(unit.name.casefold() for unit in real.units)
    twice = [unit.name for unit in real.units if names[unit.name.casefold()] > 1]
    assert refused == twice
    assert "UBND xã Ia Băng" in twice


def test_file_for_a_campaign_without_units_refuses_every_row(tmp_path):
    rows = [
        ("Đơn vị", "Chỉ số", "Ngày", "Tử số", "Mẫu số"),
        ("Ia Grai", "online", "10/05/2024", 1, 2),
        ("Tổng", "online", "10/05/2024", 1, 2),
    ]

    assert readings(write_csv(tmp_path, rows), units=()).problems == [("line 2", "unit_unknown")]


def test_nearest_names_are_looked_for_only_so_often():
    units = matcher()

    codes = [units.find(name=f"Ia Gray{number}").code for number in range(MOST_SUGGESTED + 1)]

    assert set(codes[:10]) == {"unit_unknown_near"}
    assert codes[-1] == "unit_unknown"


def test_campaign_whose_province_is_no_unit_still_matches():
    units = UnitMatcher(UNITS[1:], CAMPAIGN)

    assert units.find(name="Sở Y tế - tỉnh An Giang").code == "other_province"
    assert units.units[units.find(name="Sở Y tế")[0]].unit_id == 3
