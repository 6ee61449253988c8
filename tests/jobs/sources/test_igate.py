"""The provincial one-stop system: received online of all received, between the period's first day and the day."""

from datetime import date

import pytest

from jobs.sources.igate import SOURCE
from tests.jobs.portals import Answer, agency, as_json, igate, serving
from tests.jobs.source_world import DAY, TOKEN, asked_of, checked, figures_in, refused_by, reported_by

ROWS = [
    agency("H21.58", "UBND huyện Ia Grai", 1030, 335),
    agency("SYT-01", "Sở Y tế - tỉnh Gia Lai", "12.417", "83"),
    agency("", "UBND xã Ia Pnôn", 0, 0),
]


def test_dossiers_received_online_are_told_of_all_received():
    with serving(igate(ROWS, token=TOKEN)) as portal:
        result = reported_by(SOURCE, portal.address, secret=TOKEN)

    assert figures_in(checked(SOURCE, result)) == {
        ("H21.58", "online"): (1030, 1365), ("SYT", "online"): (12417, 12500), ("23881", "online"): (0, 0),
    }  # fmt: skip
    assert {figure.value for figure in result.figures} == {None}


@pytest.mark.parametrize(
    ("basis", "first"),
    [(None, "2024-03-22"), ("campaign", "2024-03-22"), ("month", "2024-05-01"), ("year", "2024-01-01")],
)
def test_counting_begins_with_the_period_and_ends_with_the_day(basis, first):
    with serving(igate(ROWS, token=TOKEN)) as portal:
        reported_by(SOURCE, portal.address, secret=TOKEN, basis=basis, options={"agency_id": "64"})

    (asked,) = portal.asked
    assert asked.query == {"from-date": first, "to-date": "2024-05-07", "agency-id": "64"}


def test_days_are_written_as_the_system_wants_them():
    written = {"from_date": "{from:%d/%m/%Y}", "to_date": "{to:%d/%m/%Y} 23:59", "path": "/thong-ke/{year}"}
    with serving(as_json(ROWS)) as portal:
        reported_by(SOURCE, portal.address, secret=TOKEN, options=written)

    (asked,) = portal.asked
    assert (asked.path, asked.query) == ("/thong-ke/2024", {"from-date": "22/03/2024", "to-date": "07/05/2024 23:59"})


def test_agency_that_units_csv_does_not_know_is_found_by_the_source_s_own_map():
    rows = [agency("064.01", "Trung tâm hành chính công", 5, 5)]
    with serving(igate(rows, token=TOKEN)) as portal:
        result = reported_by(SOURCE, portal.address, secret=TOKEN)

    assert figures_in(checked(SOURCE, result, units={"064.01": "VPUBND"})) == {("VPUBND", "online"): (5, 10)}
    assert len(checked(SOURCE, result).bad_figures) == 1


def test_each_unit_can_be_asked_for_by_itself():
    steps = []
    one_each = igate(ROWS, token=TOKEN, by_agency={"581": 0, "640": 1})
    with serving(one_each) as portal:
        result = reported_by(
            SOURCE,
            portal.address,
            secret=TOKEN,
            options={"agencies": {"H21.58": "581", "SYT": "640"}},
            tell=lambda step, numbers: steps.append((step, dict(numbers))),
        )

    assert [asked.query["agency-id"] for asked in portal.asked] == ["581", "640"]
    assert [figure.unit_code for figure in result.figures] == ["H21.58", "SYT"]
    assert steps == [("unit", {"unit": 1, "units": 2}), ("unit", {"unit": 2, "units": 2})]


def test_count_that_is_none_is_left_to_the_checking():
    rows = [ROWS[0], agency("SYT", "Sở Y tế", 12, "n/a?"), agency("SYT", "Sở Y tế", 12, None)]
    with serving(igate(rows, token=TOKEN)) as portal:
        result = reported_by(SOURCE, portal.address, secret=TOKEN)

    answer = checked(SOURCE, result)

    assert [figure.denominator for figure in result.figures] == [1365, "12 + n/a?", "12 + ?"]
    assert figures_in(answer) == {("H21.58", "online"): (1030, 1365)}
    assert len(answer.bad_figures) == 2


def test_expired_token_is_said_without_repeating_it():
    with serving(igate(ROWS, token="another")) as portal:  # noqa: S106 - made up
        failed = refused_by(SOURCE, portal.address, secret=TOKEN)

    assert failed.failure == "token_refused"
    assert TOKEN not in f"{failed} {failed.terms}"


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (as_json([agency(f"H01.{number}", f"Sở {number}", 1, 1) for number in range(3)]), "other_province"),
        (as_json([row | {"to-date": "2024-04-30"} for row in ROWS]), "other_period"),
        (as_json([]), "empty_answer"),
        (as_json([{"agency": {"code": "H21.58"}, "resolved": 3}]), "columns_missing"),
        (as_json({"content": []}), "other_shape"),
        (Answer(b'[{"agency": {"code": "H2'), "cut_off"),
    ],
)
def test_answer_that_is_not_ours_is_refused_as_a_whole(answer, failure):
    with serving(answer) as portal:
        assert refused_by(SOURCE, portal.address, secret=TOKEN).failure == failure


@pytest.mark.parametrize(
    ("rows", "failure"), [(ROWS, "not_one_unit"), ([agency("H21.65", "UBND thành phố Pleiku", 1, 1)], "other_unit")]
)
def test_answer_for_one_unit_is_about_that_unit_alone(rows, failure):
    with serving(as_json(rows)) as portal:
        failed = refused_by(SOURCE, portal.address, secret=TOKEN, options={"agencies": {"H21.58": "581"}})

    assert failed.failure == failure


def test_day_before_the_campaign_is_not_asked_for():
    with serving(as_json(ROWS)) as portal:
        failed = refused_by(SOURCE, portal.address, secret=TOKEN, day=date(2024, 3, 1))

    assert (failed.failure, portal.asked) == ("before_the_period", [])


def test_missing_token_is_named_by_its_variable():
    with (
        asked_of(SOURCE, "http://127.0.0.1:9", secret=None) as asking,
        pytest.raises(Exception, match="secret_missing"),
    ):
        SOURCE.tell(asking)


def test_any_day_gone_by_can_be_had_back():
    assert SOURCE.recovers(None, date(2024, 3, 22), DAY)
