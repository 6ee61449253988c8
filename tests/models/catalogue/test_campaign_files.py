"""The bundled campaign: facts that can be checked with the documents in the other hand."""

import csv
import shutil
import unicodedata
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.catalogue import CampaignFiles, campaign_from_json, campaign_to_json, load_campaign_files
from targets.values import Signer

FOLDER = Path(__file__).parents[3] / "data" / "campaigns" / "gia-lai-2024"

# Article 002, year 2023, to the digit: unit, then publicity … digitisation in the order of the portal's group.
RESULTS_2023 = """
unit   | publicity | timeliness | online | payment | satisfaction | digitisation
H21    | 55.9      | 88.67      | 7      | 0.98    | 98.4         | 20.2
SGTVT  | 13.2      | 92.12      | 40.3   | 67.37   | 100          |
H21.58 | 90.1      | 81.6       | 0.3    | 0       | 96.8         | 21.1
23881  | 98.8      | 92.98      | 0.5    | 0       | 100          | 20.2
"""
REGISTERED = """
unit   | phase   | publicity | timeliness | online | payment | satisfaction | digitisation
SGTVT  | 50-day  | 100       | 100        | 50     | 72.37   | 100          |
SGTVT  | 100-day |           |            | 60     | 77.37   |              |
H21.58 | 100-day | 100       | 100        |        |         | 100          | 100
"""
DEPARTMENTS = 20
COMMUNES_OF_DISTRICTS = {
    "H21.65": 22, "H21.66": 11, "H21.67": 8, "H21.60": 14, "H21.55": 17, "H21.51": 14, "H21.58": 13, "H21.63": 12,
    "H21.61": 14, "H21.57": 10, "H21.52": 20, "H21.54": 15, "H21.56": 8, "H21.59": 9, "H21.62": 14, "H21.64": 10,
    "H21.53": 9,
}  # fmt: skip
NAMESAKES = {"UBND phường Tây Sơn", "UBND xã Ia Sao", "UBND xã Ia Băng", "UBND xã Ia O"}
"""Twice each, in different districts."""


@pytest.fixture(scope="module")
def files() -> CampaignFiles:
    return load_campaign_files(FOLDER)


def drawn(table: str) -> list[dict[str, str]]:
    header, *rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [dict(zip(header, row, strict=True)) for row in rows]


# --- the campaign ---------------------------------------------------------------------------------------------------


def test_campaign_lasts_100_days_when_both_ends_count(files):
    assert (files.campaign.days, files.campaign.day_number(date(2024, 5, 10))) == (100, 50)


def test_campaign_runs_three_phases_when_asked_day_by_day(files):
    days = [date(2024, 3, 22), date(2024, 5, 10), date(2024, 5, 11), date(2024, 6, 29), date(2024, 6, 30)]

    phases = [files.campaign.phase_on(day).key for day in days]

    assert phases == ["50-day", "50-day", "100-day", "100-day", "maintain"]


def test_department_of_transport_has_41_and_60_days_when_its_own_plan_counts(files):
    own = {phase.phase: phase for phase in files.campaign.unit_phases}

    lengths = [(own[key].due - own[key].start).days + 1 for key in ("50-day", "100-day")]

    assert lengths == [41, 60]
    assert (own["maintain"].start, own["maintain"].due) == (date(2024, 7, 1), None)
    assert {(phase.unit, phase.document) for phase in own.values()} == {("SGTVT", "696/KH-SGTVT")}


def test_those_who_may_sign_are_read_in_their_order_with_or_without_a_name(tmp_path):
    folder = shutil.copytree(FOLDER, tmp_path / "campaign")
    file = folder / "campaign.toml"
    told = file.read_text("utf-8").replace('title = "Phó Chủ tịch"', 'title = "Phó Chủ tịch"\nname = "Lê B"')
    file.write_text('recipients = ["Tỉnh ủy (để báo cáo)"]\n' + told, "utf-8")

    campaign = load_campaign_files(folder).campaign

    assert campaign.signers == (
        Signer("TM", "Chủ tịch"), Signer("KT", "Phó Chủ tịch", "Lê B"), Signer("TL", "Chánh Văn phòng"),
    )  # fmt: skip
    assert campaign.recipients == ("Tỉnh ủy (để báo cáo)",)
    assert campaign_from_json(campaign_to_json(campaign)) == campaign


def test_indicators_add_up_to_100_points_when_all_six_are_taken(files):
    points = {indicator.portal_column: indicator.max_points for indicator in files.campaign.indicators}

    assert points == {"CKMB": 18, "TDGQ": 20, "CLGQ": 12, "TTTT": 10, "MDHL": 18, "MDSH": 22}
    assert sum(points.values()) == 100


def test_only_publicity_is_a_stock_when_indicators_say_whether_cases_arrive(files):
    assert [indicator.key for indicator in files.campaign.indicators if not indicator.arriving] == ["publicity"]


def test_only_online_and_payment_follow_the_centre_when_targets_are_proposed(files):
    kinds = {indicator.key: indicator.rule.kind for indicator in files.campaign.indicators}

    assert {key for key, kind in kinds.items() if kind == "central_plus"} == {"online", "payment"}


def test_score_bands_are_marked_unconfirmed_when_no_document_confirms_them(files):
    assert not files.campaign.score_bands_confirmed


def test_only_shown_words_are_used_when_names_are_shown(files):
    """`chỉ tiêu` is a target, never an indicator (campaign.md, "How people here write")."""
    names = [
        text.vi.casefold()
        for indicator in files.campaign.indicators
        for text in (indicator.name, indicator.short_name, indicator.numerator, indicator.denominator)
    ]

    assert not [name for name in names if "chỉ tiêu" in name]


# --- the units ------------------------------------------------------------------------------------------------------


def test_units_are_258_when_all_levels_are_counted(files):
    assert Counter(unit.level for unit in files.units) == {
        "province": 1,
        "department": DEPARTMENTS,
        "district": 17,
        "commune": 220,
    }


def test_districts_have_their_communes_when_the_tree_is_walked(files):
    assert Counter(unit.parent for unit in files.units if unit.level == "commune") == COMMUNES_OF_DISTRICTS


def test_tree_has_one_root_when_parents_are_followed(files):
    parents = {unit.code: unit.parent for unit in files.units}
    levels = {unit.code: unit.level for unit in files.units}

    above = {(unit.level, levels[unit.parent]) for unit in files.units if unit.parent}

    assert [code for code, parent in parents.items() if parent is None] == ["H21"]
    assert above == {("department", "province"), ("district", "province"), ("commune", "district")}


def test_units_stand_in_the_order_of_official_lists_when_read(files):
    rank = {"province": 0, "department": 1, "district": 2, "commune": 3}
    districts = [unit.code for unit in files.units if unit.level == "district"]

    keys = [(rank[unit.level], districts.index(unit.parent) if unit.level == "commune" else 0) for unit in files.units]

    assert keys == sorted(keys)


def test_names_are_unique_within_a_parent_when_all_names_are_compared(files):
    names = Counter((unit.parent, unit.name) for unit in files.units)

    assert max(names.values()) == 1


def test_names_repeat_only_where_known_when_all_units_are_compared(files):
    names = Counter(unit.name for unit in files.units)

    assert {name for name, count in names.items() if count > 1} == NAMESAKES


def test_names_are_bodies_in_composed_form_when_shown(files):
    beginnings = {
        "province": ("UBND tỉnh ",),
        "district": ("UBND thành phố ", "UBND thị xã ", "UBND huyện "),
        "commune": ("UBND phường ", "UBND xã ", "UBND thị trấn "),
        "department": ("Sở ", "Văn phòng ", "Thanh tra ", "Ban "),
    }

    assert all(unit.name.startswith(beginnings[unit.level]) for unit in files.units)
    assert all(unicodedata.is_normalized("NFC", name) for unit in files.units for name in (unit.name, *unit.aliases))


def test_codes_are_identity_codes_first_when_a_unit_has_several(files):
    assert all(unit.code == (unit.identity_code or unit.gso_code or unit.code) for unit in files.units)
    assert [
        unit.code for unit in files.units if unit.level == "department" and (unit.gso_code or unit.identity_code)
    ] == []


def test_two_communes_end_in_october_2024_when_validity_is_asked(files):
    ended = {unit.code: (unit.valid_to, unit.successor) for unit in files.units if unit.valid_to}

    assert ended == {"23593": (date(2024, 10, 31), "23590"), "23671": (date(2024, 10, 31), "23674")}


def test_renamed_commune_is_known_by_both_names_when_its_aliases_are_read(files):
    unit = next(unit for unit in files.units if unit.code == "23674")

    assert (unit.name, "UBND xã Kông Bơ La" in unit.aliases) == ("UBND xã Đăk HLơ", True)


def test_every_unit_says_who_heads_it_when_names_and_phones_are_not_known(files):
    assert all(unit.head_title for unit in files.units)
    assert not any(unit.head_name or unit.head_phone for unit in files.units)


# --- the figures ----------------------------------------------------------------------------------------------------


def test_baselines_are_the_article_to_the_digit_when_read(files):
    expected = [
        (row["unit"], indicator, value)
        for row in drawn(RESULTS_2023)
        for indicator, value in row.items()
        if indicator != "unit" and value
    ]

    read = [(row.unit, row.indicator, str(row.value)) for row in files.baselines]

    assert sorted(read) == sorted(expected)
    assert {(row.year, row.numerator, row.denominator, row.qualifier) for row in files.baselines} == {
        (2023, None, None, None)
    }


def test_registrations_are_the_published_ones_when_read(files):
    expected = [
        (row["unit"], row["phase"], indicator, value)
        for row in drawn(REGISTERED)
        for indicator, value in row.items()
        if indicator not in ("unit", "phase") and value
    ]

    read = [(row.unit, row.phase, row.indicator, str(row.value)) for row in files.registrations]

    assert sorted(read) == sorted(expected)


def test_registrations_carry_document_and_date_only_when_they_are_known(files):
    dates = {(row.unit, row.document_date) for row in files.registrations}

    assert dates == {("SGTVT", date(2024, 3, 21)), ("H21.58", None)}
    assert all("chưa rõ số" in row.document for row in files.registrations if row.unit == "H21.58")


def test_central_targets_lack_payment_when_no_source_gives_it(files):
    assert [(row.indicator, row.year, row.level, row.value) for row in files.central] == [
        ("online", 2024, "", Decimal(50))
    ]


def test_scores_are_the_official_ones_when_read(files):
    assert [
        (row.unit, row.indicator, row.as_of.year, str(row.points), row.rank, row.rank_of) for row in files.scores
    ] == [
        ("H21", "", 2023, "53.13", 61, 63),
        ("H21", "", 2023, "53.13", 4, 5),
        ("H21.58", "", 2023, "55.51", 9, 17),
    ]


# The numbers of golden_targets.csv that come from these files: a unit's result and the central target.
GOLDEN = """
unit   | indicator    | baseline | central
SGTVT  | online       | 40.3     | 50
SGTVT  | payment      | 67.37    |
H21.58 | online       | 0.3      | 50
23881  | online       | 0.5      | 50
H21.58 | publicity    | 90.1     |
H21.58 | digitisation | 21.1     |
H21.58 | timeliness   | 81.6     |
H21.58 | satisfaction | 96.8     |
"""


@pytest.mark.parametrize("row", drawn(GOLDEN), ids=lambda row: f"{row['unit']} {row['indicator']}")
def test_golden_target_finds_its_numbers_when_the_files_are_read(row, files):
    baselines = {(each.unit, each.indicator): str(each.value) for each in files.baselines}
    central = {each.indicator: str(each.value) for each in files.central}

    assert baselines[row["unit"], row["indicator"]] == row["baseline"]
    assert central.get(row["indicator"], "") == row["central"]


def test_csv_files_have_plain_line_ends_and_no_mark_when_opened():
    for path in sorted(FOLDER.glob("*.csv")):
        content = path.read_bytes()
        assert not content.startswith(b"\xef\xbb\xbf"), path.name
        assert b"\r" not in content, path.name
        assert content.endswith(b"\n"), path.name
        assert len({len(row) for row in csv.reader(content.decode().splitlines())}) == 1, path.name
