"""The national portal until 2025: points and ranks by its own form, refused where they are not ours."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from jobs.sources.national_portal_2024 import SOURCE
from tests.jobs.portals import FIREWALL, Answer, Kept, as_json, portal_2024, row_2024, serving
from tests.jobs.source_world import DAY, checked, refused_by, reported_by

UNITS = [
    row_2024(1, "Sở Giao thông vận tải - tỉnh Gia Lai", "000.00.16.H21", total="91.52"),
    row_2024(2, "UBND huyện Ia Grai - tỉnh Gia Lai", "H21.58", total="55.51"),
    row_2024(3, "UBND xã Ia Pnôn - tỉnh Gia Lai", "", kind="3", total="48.1"),
]
PROVINCES = [
    row_2024(1, "UBND tỉnh Bắc Ninh", "H05", kind="1"),
    row_2024(2, "UBND tỉnh Gia Lai", "000.00.00.H21", kind="1", total="86.02"),
    row_2024(3, "UBND tỉnh An Giang", "H01", kind="1"),
]
BOTH = {"province_id": 64}
MONTHLY = {"basis": "month"}


def test_portal_is_asked_by_its_own_form_for_the_month_of_the_day():
    with serving(portal_2024(UNITS, PROVINCES)) as portal:
        reported_by(SOURCE, portal.address, options=BOTH, **MONTHLY)

    provinces, units = (json.loads(asked.form["params"]) for asked in portal.asked)
    assert units == {
        "type": "ref", "p_nam": "2024", "p_6thang": 0, "p_tinh_id": 64, "pageIndex": 1, "pageSize": 100,
        "p_loaidonvi": 1, "loaichitieu": 0, "service": "report_tinh_766_service", "p_quy": 0, "p_thang": 5,
    }  # fmt: skip
    assert provinces == units | {"p_tinh_id": 0}


def test_points_are_scores_by_the_portal_s_columns_and_never_rates():
    with serving(portal_2024(UNITS)) as portal:
        result = reported_by(SOURCE, portal.address, options=BOTH | {"tables": ["units"]}, **MONTHLY)

    first = {score.indicator: score.points for score in result.scores[:7]}
    assert result.figures == ()
    assert first == {
        "": "91.52", "publicity": "18", "timeliness": "19.38", "online": "8.08", "payment": "9.31",
        "satisfaction": "18", "digitisation": "18.75",
    }  # fmt: skip


def test_official_total_is_told_as_it_stands_and_not_added_up_anew():
    with serving(portal_2024(UNITS)) as portal:
        result = reported_by(SOURCE, portal.address, options=BOTH | {"tables": ["units"]}, **MONTHLY)

    answer = checked(SOURCE, result, **MONTHLY)

    totals = {fact.unit: fact.points for fact in answer.scores if fact.indicator == ""}
    parts = sum(fact.points for fact in answer.scores if fact.indicator and fact.unit == "H21.58")
    assert totals["H21.58"] == Decimal("55.51") != parts


def test_codes_in_both_forms_and_names_with_the_province_behind_them_find_their_units():
    with serving(portal_2024(UNITS)) as portal:
        result = reported_by(SOURCE, portal.address, options=BOTH | {"tables": ["units"]}, **MONTHLY)

    answer = checked(SOURCE, result, units={"000.00.16.H21": "SGTVT"}, **MONTHLY)

    assert answer.bad_scores == ()
    assert {fact.unit for fact in answer.scores} == {"SGTVT", "H21.58", "23881"}
    assert result.scores[0].unit_name == "Sở Giao thông vận tải"


def test_rank_is_told_with_the_total_and_among_whom():
    with serving(portal_2024(UNITS, PROVINCES)) as portal:
        result = reported_by(SOURCE, portal.address, options=BOTH, **MONTHLY)

    ranked = [(score.points, score.rank, score.rank_of, score.rank_group) for score in result.scores if score.rank]
    assert ranked[0] == ("86.02", "2", 3, "cả nước")
    assert ranked[1:] == [
        ("91.52", "1", 3, "trong tỉnh"),
        ("55.51", "2", 3, "trong tỉnh"),
        ("48.1", "3", 3, "trong tỉnh"),
    ]


def test_of_all_provinces_only_our_own_line_is_told():
    with serving(portal_2024([], PROVINCES)) as portal:
        result = reported_by(SOURCE, portal.address, options={"tables": ["provinces"]}, **MONTHLY)

    assert {score.unit_name for score in result.scores} == {"UBND tỉnh Gia Lai"}
    assert {fact.unit for fact in checked(SOURCE, result, **MONTHLY).scores} == {"H21"}


def test_pages_are_asked_for_one_after_the_other_until_one_is_not_full():
    many = [row_2024(number, f"UBND xã Số {number}", f"H21.58.{number}") for number in range(1, 206)]
    steps: list[tuple[str, dict]] = []
    with serving(portal_2024(many)) as portal:
        result = reported_by(
            SOURCE,
            portal.address,
            options=BOTH | {"tables": ["units"]},
            tell=lambda step, numbers: steps.append((step, dict(numbers))),
            **MONTHLY,
        )

    assert len({score.unit_code for score in result.scores}) == 205
    assert result.scores[-1].place == "page 3, row 5"
    assert steps[-1] == ("page", {"page": 3, "rows": 205})


def test_bad_row_is_left_to_the_checking_and_takes_no_other_with_it():
    rows = [*UNITS, row_2024(4, "UBND thị xã An Khê - tỉnh Gia Lai", "H21.66", total="n.n.", CLGQ="19.5")]
    with serving(portal_2024(rows)) as portal:
        result = reported_by(SOURCE, portal.address, options=BOTH | {"tables": ["units"]}, **MONTHLY)

    answer = checked(SOURCE, result, units={"000.00.16.H21": "SGTVT"}, **MONTHLY)

    assert {row.field for row in answer.bad_scores} == {"points"}
    assert len(answer.bad_scores) == 2
    assert len(answer.scores) == 3 * 7 + 5


STRANGERS = [row_2024(number, f"Sở Số {number} - tỉnh An Giang", f"H01.{number}") for number in range(1, 5)]
NAMED = [row | {"MA_COQUAN": ""} for row in STRANGERS]
HUNDRED = [row_2024(number, f"Đơn vị {number}", f"H21.{number}") for number in range(1, 101)]


@pytest.mark.daily(6)
@pytest.mark.parametrize(
    ("answering", "failure"),
    [
        (portal_2024(STRANGERS), "other_province"),
        (portal_2024(NAMED), "other_province"),
        (portal_2024([row | {"THANG": "4"} for row in UNITS]), "other_period"),
        (portal_2024([row | {"NAM": "2023"} for row in UNITS]), "other_period"),
        (portal_2024(HUNDRED, repeats=True), "page_repeated"),
        (portal_2024([]), "empty_answer"),
        (portal_2024([{"ID": "1", "TEN": "x", "MA_COQUAN": "H21.1"}]), "columns_missing"),
        (as_json({"message": "ok"}), "other_shape"),
        (as_json(["a", "b"]), "other_shape"),
        (Answer(b'[{"ID": "1", "TEN"'), "cut_off"),
        (Answer(FIREWALL), "firewall"),
        (Answer(b"", 403), "forbidden"),
        (Answer(b"", 429, {"Retry-After": "60"}), "too_often"),
    ],
)  # fmt: skip
def test_answer_that_is_not_ours_is_refused_as_a_whole(answering, failure):
    with serving(answering) as portal:
        failed = refused_by(SOURCE, portal.address, options=BOTH | {"tables": ["units"]}, **MONTHLY)

    assert failed.failure == failure


def test_missing_columns_are_named():
    row = {name: value for name, value in UNITS[0].items() if name not in ("CLGQ", "TTTT")}
    with serving(portal_2024([row])) as portal:
        failed = refused_by(SOURCE, portal.address, options=BOTH | {"tables": ["units"]}, **MONTHLY)

    assert failed.terms == {"columns": "CLGQ, TTTT"}


def test_single_stranger_among_ours_is_refused_by_itself():
    with serving(portal_2024([*UNITS, STRANGERS[0]])) as portal:
        result = reported_by(SOURCE, portal.address, options=BOTH | {"tables": ["units"]}, **MONTHLY)

    answer = checked(SOURCE, result, units={"000.00.16.H21": "SGTVT"}, **MONTHLY)

    assert {row.problem for row in answer.bad_scores} == {"other_province"}
    assert len(answer.scores) == 21


def test_table_of_provinces_without_us_is_refused():
    with serving(portal_2024([], PROVINCES[:1])) as portal:
        failed = refused_by(SOURCE, portal.address, options={"tables": ["provinces"]}, **MONTHLY)

    assert (failed.failure, failed.terms) == ("province_missing", {"ours": "H21"})


def test_raw_answers_are_kept_as_they_came():
    kept = Kept()
    with serving(portal_2024(UNITS, PROVINCES)) as portal:
        reported_by(SOURCE, portal.address, options=BOTH, keep=kept, **MONTHLY)

    assert [json.loads(body) for *_, body in kept.answers] == [PROVINCES, UNITS]


@pytest.mark.parametrize(("days_ago", "recovers"), [(0, True), (1, True), (2, False), (30, False), (-1, False)])
def test_day_gone_by_is_lost_for_the_portal_tells_only_how_things_stand(days_ago, recovers):
    assert SOURCE.recovers(None, DAY - timedelta(days=days_ago), DAY) is recovers
