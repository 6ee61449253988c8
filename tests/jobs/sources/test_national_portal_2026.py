"""The national portal since 2026: seven reports, counts and points apart, refused where they are not ours."""

from datetime import date
from decimal import Decimal

import pytest

from jobs.sources.national_portal_2026 import SOURCE
from tests.jobs.portals import (
    FIREWALL,
    Answer,
    as_json,
    department_2026,
    in_order,
    metric_2026,
    portal_2026,
    serving,
)
from tests.jobs.source_world import TOKEN, checked, figures_in, refused_by, reported_by

ROOT = "root-of-gia-lai"
DAY = date(2024, 5, 7)
MONTHLY = {"basis": "month"}
SYT, IA_GRAI = ("000.00.19.H21", "Sở Y tế - tỉnh Gia Lai"), ("H21.58", "UBND huyện Ia Grai")
ONLINE = {"provide-online-tree": {"indicator": "online", "metric": "DVC-01"}}


def options(**other) -> dict:
    return {"root_department_id": ROOT, "reports": ONLINE} | other


def online(*rows) -> dict:
    return {"provide-online-tree": rows}


def department(unit: tuple[str, str], *metrics, **other) -> dict:
    return department_2026(*unit, *metrics, **other)


TWO = online(
    department(SYT, metric_2026("DVC-01", 416, 1000, 41.6), metric_2026("DVC-02", 9, 10, 90)),
    department(IA_GRAI, metric_2026("DVC-02", 1, 2, 50), metric_2026("DVC-01", "1030", "1365", "75.46"), points="12.5"),
)


def test_portal_is_asked_for_the_month_of_the_day_and_answers_with_201():
    with serving(portal_2026(TWO)) as portal:
        reported_by(SOURCE, portal.address, options=options(page_size=50), secret=TOKEN, **MONTHLY)

    (asked,) = portal.asked
    assert asked.path == "/api/v1/reporting/evaluation/provide-online-tree"
    assert asked.json == {
        "timeType": "month", "year": 2024, "month": 5, "rootDepartmentId": ROOT, "currentPage": 1, "pageSize": 50,
    }  # fmt: skip
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"


def test_named_metric_s_counts_are_the_indicator_s_whether_numbers_or_texts():
    with serving(portal_2026(TWO)) as portal:
        result = reported_by(SOURCE, portal.address, options=options(), **MONTHLY)

    answer = checked(SOURCE, result, **MONTHLY)

    assert figures_in(answer) == {("SYT", "online"): (416, 1000), ("H21.58", "online"): (1030, 1365)}
    assert [figure.value for figure in result.figures] == [41.6, "75.46"]
    # The campaign judges by the year so far.
    assert [warning.code for warning in answer.warnings] == ["source_never_judged"]


def test_points_of_a_report_are_a_score_and_its_share_of_points_is_no_rate():
    with serving(portal_2026(TWO)) as portal:
        result = reported_by(SOURCE, portal.address, options=options(), **MONTHLY)

    answer = checked(SOURCE, result, **MONTHLY)

    scores = {fact.unit: (fact.indicator, fact.points, fact.max_points) for fact in answer.scores}
    assert scores == {"SYT": ("online", Decimal("15.5"), 18), "H21.58": ("online", Decimal("12.5"), 18)}
    assert 86.11 not in [figure.value for figure in result.figures]


def test_usual_reports_are_asked_one_after_the_other_where_none_is_named():
    one = {report: [department(SYT, metric_2026("1", 1, 2))] for report in (
        "transparency", "dvc-progress-tree", "provide-online-tree", "formality-online-payment-tree",
        "handling-satisfaction", "dossier-digitized",
    )}  # fmt: skip
    with serving(portal_2026(one)) as portal:
        result = reported_by(SOURCE, portal.address, options={"root_department_id": ROOT}, **MONTHLY)

    assert [asked.path.rpartition("/")[2] for asked in portal.asked] == list(one)
    assert [figure.indicator for figure in result.figures] == [
        "publicity", "timeliness", "online", "payment", "satisfaction", "digitisation",
    ]  # fmt: skip


def test_report_can_stand_for_the_total():
    results = {"service-results": [department(SYT, metric_2026("1", 1, 2), points=91.52)]}
    reports = {"service-results": {"indicator": "total"}}
    with serving(portal_2026(results)) as portal:
        result = reported_by(SOURCE, portal.address, options=options(reports=reports), **MONTHLY)

    assert result.figures == ()
    assert [(score.indicator, score.points) for score in result.scores] == [("", "91.52")]


def test_report_of_several_metrics_gives_no_rate_until_one_is_named_and_says_so():
    with serving(portal_2026(TWO)) as portal:
        reports = {"provide-online-tree": {"indicator": "online"}}
        result = reported_by(SOURCE, portal.address, options=options(reports=reports), **MONTHLY)

    assert result.figures == ()
    assert len(result.scores) == 2
    assert result.notes == (("metric_not_named", {"report": "provide-online-tree"}),)


@pytest.mark.parametrize(
    ("told_ratios", "values"),
    [
        ([(416, 1000, 41.6), (None, None, 38.9)], [41.6, 38.9]),
        ([(416, 1000, 0.416), (None, None, 0.389)], [41.6, 38.9]),
        ([(416, 1000, "0,416"), (None, None, "0,389")], [41.6, 38.9]),
        ([(416, 1000, 41.6), (416, 1000, 0.416), (None, None, 38.9)], [None, None, None]),
        ([(None, None, 38.9)], [None]),
        ([(5, 1000, 0.5)], [None]),
    ],
    ids=["percents", "shares", "shares as texts", "both", "nothing to tell by", "too small to tell"],
)
def test_ratio_is_read_as_the_counts_beside_it_tell_and_else_not_at_all(told_ratios, values):
    rows = online(*(department(SYT, metric_2026("DVC-01", *ratios)) for ratios in told_ratios))
    # Each is a unit of its own to the portal.
    for number, row in enumerate(rows["provide-online-tree"]):
        row["departmentCode"] = f"H21.{number}"
    with serving(portal_2026(rows)) as portal:
        result = reported_by(SOURCE, portal.address, options=options(), **MONTHLY)

    assert [figure.value for figure in result.figures] == values


def test_ratio_is_read_as_it_is_said_to_be_written():
    with serving(portal_2026(online(department(SYT, metric_2026("DVC-01", None, None, 0.389))))) as portal:
        result = reported_by(SOURCE, portal.address, options=options(ratio="share"), **MONTHLY)

    assert [figure.value for figure in result.figures] == [38.9]


def test_pages_follow_each_other_until_one_is_not_full():
    many = online(
        *(department((f"H21.{number}", f"Đơn vị {number}"), metric_2026("DVC-01", 1, 2)) for number in range(5))
    )
    with serving(portal_2026(many)) as portal:
        result = reported_by(SOURCE, portal.address, options=options(page_size=2), **MONTHLY)

    assert [asked.json["currentPage"] for asked in portal.asked] == [1, 2, 3]
    assert [figure.place for figure in result.figures][-1] == "provide-online-tree, page 3, row 1"


def test_unit_without_the_metric_tells_nothing_and_that_is_mentioned():
    with serving(portal_2026(online(TWO["provide-online-tree"][0], department(IA_GRAI)))) as portal:
        result = reported_by(SOURCE, portal.address, options=options(), **MONTHLY)

    answer = checked(SOURCE, result, **MONTHLY)

    assert figures_in(answer) == {("SYT", "online"): (416, 1000)}
    assert [warning.code for warning in answer.warnings] == ["source_never_judged", "rows_without_figures"]


STRANGERS = online(
    *(department((f"000.00.0{number}.H37", f"Sở {number}"), metric_2026("DVC-01", 1, 2)) for number in range(3))
)
ONE_PAGE = as_json({"data": {"evaluation": TWO["provide-online-tree"]}}, status=201)


@pytest.mark.daily(6)
@pytest.mark.parametrize(
    ("answering", "failure"),
    [
        (portal_2026(STRANGERS), "other_province"),
        (portal_2026(TWO, month=4), "other_period"),
        (portal_2026(TWO, year="2023"), "other_period"),
        (portal_2026(TWO, rootDepartmentId="root-of-an-giang"), "other_department"),
        (in_order(ONE_PAGE), "page_repeated"),
        (portal_2026({}), "empty_answer"),
        (portal_2026(online({"departmentCode": "H21.58", "departmentName": "x"})), "columns_missing"),
        (portal_2026(online(department(SYT, metric_2026("DVC-09", 1, 2)))), "metric_missing"),
        (as_json({"data": None}, status=201), "other_shape"),
        (as_json({"data": {"evaluation": {}}}, status=201), "other_shape"),
        (as_json([], status=201), "other_shape"),
        (Answer(b'{"data": {"evalua', 201), "cut_off"),
        (Answer(FIREWALL, 201), "firewall"),
        (as_json({}, status=401), "token_refused"),
    ],
)
def test_answer_that_is_not_ours_is_refused_as_a_whole(answering, failure):
    with serving(answering) as portal:
        failed = refused_by(SOURCE, portal.address, options=options(page_size=2), **MONTHLY)

    assert failed.failure == failure


@pytest.mark.parametrize(
    "odd", [{"code": "DVC-01"}, "DVC-01", [1], [[]], 7, [{"code": "DVC-01", "numerator": {}, "denominator": [1]}]]
)
def test_department_whose_metrics_are_none_is_refused_alone(odd):
    good = department(IA_GRAI, metric_2026("DVC-01", 1030, 1365, 75.46))
    rows = online(good, department(SYT) | {"metrics": odd, "totalScore": {}, "totalMaxScore": []})
    with serving(portal_2026(rows)) as portal:
        answer = checked(SOURCE, reported_by(SOURCE, portal.address, options=options(), **MONTHLY), **MONTHLY)

    assert figures_in(answer) == {("H21.58", "online"): (1030, 1365)}
    assert len(answer.bad_figures) == 1
    assert len(answer.bad_scores) == 1
