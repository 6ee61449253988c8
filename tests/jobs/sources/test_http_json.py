"""JSON from anywhere, by what sources.toml declares: path, columns, gaps for the day, pages, the secret."""

import json
from dataclasses import replace

import pytest
from pydantic import ValidationError

from jobs.fetching.values import PullFailed
from jobs.sources.http_json import SOURCE
from tests.jobs.portals import FIREWALL, Answer, Asked, as_json, serving
from tests.jobs.source_world import DAY, TOKEN, asked_of, checked, figures_in, gia_lai, refused_by, reported_by

ONLINE = {"indicator": "online", "numerator": "online", "denominator": ["online", "direct"]}
COLUMNS = {"unit_code": "agency.code", "unit_name": "agency.name", "figures": [ONLINE]}
ROWS = [
    {"agency": {"code": "H21.58", "name": "UBND huyện Ia Grai"}, "online": 1030, "direct": 335},
    {"agency": {"code": None, "name": "Sở Y tế - tỉnh Gia Lai"}, "online": "12.417", "direct": "83"},
]
BOTH = {("H21.58", "online"): (1030, 1365), ("SYT", "online"): (12417, 12500)}


def paged(rows, size_name: str = "size"):
    def answering(asked: Asked) -> Answer:
        size, page = int(asked.query[size_name]), int(asked.query["page"])
        return as_json({"items": rows[page * size : (page + 1) * size]})

    return answering


def test_rows_at_a_path_become_figures_with_parts_of_a_count_added():
    with serving(as_json({"data": {"items": ROWS}})) as portal:
        result = reported_by(SOURCE, portal.address, options=COLUMNS | {"rows": "data.items"})

    assert figures_in(checked(SOURCE, result)) == BOTH
    assert result.figures[0].place == "row 1"


def test_names_that_hold_dots_are_reached_by_a_pointer():
    rows = {"v1.0": [[{"code": "H21.58", "a/b": 1, "all": 2}]]}
    figures = [{"indicator": "online", "numerator": "/a~1b", "denominator": "/all"}]
    with serving(as_json(rows)) as portal:
        options = {"rows": "/v1.0/0", "unit_code": "code", "figures": figures}
        result = reported_by(SOURCE, portal.address, options=options)

    assert figures_in(checked(SOURCE, result)) == {("H21.58", "online"): (1, 2)}


def test_gaps_are_filled_with_the_day_its_period_and_the_secret():
    asking = {
        "path": "/{year}/{month:02d}",
        "query": {"from": "{from}", "to": "{to:%d/%m/%Y}", "quarter": "{quarter}"},
        "headers": {"X-Api-Key": "{secret}"},
    }
    with serving(as_json(ROWS)) as portal:
        reported_by(SOURCE, f"{portal.address}/api", options=COLUMNS | asking, secret=TOKEN, basis="month")

    (asked,) = portal.asked
    assert (asked.path, asked.query) == ("/api/2024/05", {"from": "2024-05-01", "to": "07/05/2024", "quarter": "2"})
    assert asked.headers["x-api-key"] == TOKEN
    assert "authorization" not in asked.headers


def test_secret_that_no_gap_names_is_sent_as_a_bearer_token():
    with serving(as_json(ROWS)) as portal:
        reported_by(SOURCE, portal.address, options=COLUMNS, secret=TOKEN)

    assert portal.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_body_is_sent_as_json_with_its_gaps_filled_however_deep():
    body = {"filter": {"days": ["{day}"], "deep": True}}
    sent = {"method": "POST", "body": body, "accepted": [201]}
    with serving(as_json(ROWS, status=201)) as portal:
        reported_by(SOURCE, portal.address, options=COLUMNS | sent)

    assert portal.asked[0].json == {"filter": {"days": ["2024-05-07"], "deep": True}}


def test_pages_are_asked_for_in_turn():
    rows = [{"agency": {"code": f"H21.{number}"}, "online": 1, "direct": 1} for number in range(7)]
    pages = {"size": 3, "size_name": "size", "first": 0}
    with serving(paged(rows)) as portal:
        options = {"unit_code": "agency.code", "figures": [ONLINE], "rows": "items", "pages": pages}
        result = reported_by(SOURCE, portal.address, options=options)

    assert len(result.figures) == 7
    assert [asked.query["page"] for asked in portal.asked] == ["0", "1", "2"]


def test_row_can_name_its_indicator_and_its_day():
    rows = [
        {"code": "H21.58", "kind": "CLGQ", "day": "2024-05-07T00:00:00", "rate": 41.6},
        {"code": "H21.58", "kind": "TTTT", "day": "06/05/2024", "rate": 12.5},
    ]
    columns = {"unit_code": "code", "indicator": "kind", "as_of": "day", "figures": [{"value": "rate"}]}
    with serving(as_json(rows)) as portal:
        result = reported_by(SOURCE, portal.address, options=columns)

    assert [(figure.indicator, figure.value) for figure in result.figures] == [("CLGQ", 41.6)]
    assert result.notes == (("other_days_left_out", {"count": "1"}),)


def test_shares_become_percents_exactly():
    rows = [{"code": "H21.58", "rate": 0.706}, {"code": "SYT", "rate": "0,416"}]
    columns = {"unit_code": "code", "value_is": "share", "figures": [{"indicator": "online", "value": "rate"}]}
    with serving(as_json(rows)) as portal:
        result = reported_by(SOURCE, portal.address, options=columns)

    assert [figure.value for figure in result.figures] == [70.6, 41.6]


def test_points_are_scores():
    rows = [{"code": "H21.58", "points": 8.08, "total": "55.51", "rank": 9}]
    figures = [{"indicator": "online", "points": "points"}, {"indicator": "total", "points": "total", "rank": "rank"}]
    with serving(as_json(rows)) as portal:
        result = reported_by(SOURCE, portal.address, options={"unit_code": "code", "figures": figures}, basis="month")

    assert result.figures == ()
    assert [(score.indicator, score.points, score.rank) for score in result.scores] == [
        ("online", "8.08", None), ("", "55.51", "9"),
    ]  # fmt: skip


STRANGERS = [{"agency": {"code": f"H01.{number}"}, "online": 1, "direct": 1} for number in range(2)]
EXPECTED = {"rows": "data", "expected": {"of": "{day:%Y-%m}"}}


@pytest.mark.daily(7)
@pytest.mark.parametrize(
    ("answer", "options", "failure"),
    [
        (as_json({"data": []}), {"rows": "data.items"}, "other_shape"),
        (as_json({"data": {"items": 7}}), {"rows": "data.items"}, "other_shape"),
        (as_json([]), {}, "empty_answer"),
        (as_json([{"agency": {"code": "H21.58"}, "online": 1}]), {}, "columns_missing"),
        (as_json(STRANGERS), {"unit_name": None}, "other_province"),
        (as_json({"month": 4, "data": ROWS}), {"rows": "data"}, "other_period"),
        (as_json({"of": "2024-04", "data": ROWS}), EXPECTED, "not_as_expected"),
        (as_json({"data": ROWS}), EXPECTED, "not_as_expected"),
        (as_json([row | {"day": "2024-05-06"} for row in ROWS]), {"as_of": "day"}, "other_days"),
        (as_json(ROWS), {"pages": {"size": 2}}, "page_repeated"),
        (Answer(FIREWALL), {}, "firewall"),
        (as_json({}, status=401), {}, "token_refused"),
        (Answer(b"[{"), {}, "cut_off"),
    ],
)  # fmt: skip
def test_answer_that_is_none_of_ours_is_refused_as_a_whole(answer, options, failure):
    with serving(answer) as portal:
        assert refused_by(SOURCE, portal.address, options=COLUMNS | options).failure == failure


def test_unclear_first_day_is_refused_before_anything_is_asked():
    campaign = gia_lai().campaign
    monthly = tuple(replace(known, basis="month") if known.key == "payment" else known for known in campaign.indicators)
    options = COLUMNS | {"query": {"since": "{from}"}}
    with serving(as_json(ROWS)) as portal, asked_of(SOURCE, portal.address, options=options) as asking:
        mixed = replace(asking, campaign=replace(campaign, indicators=monthly))
        with pytest.raises(PullFailed) as failed:
            SOURCE.tell(mixed)

    assert (failed.value.failure, failed.value.terms) == ("basis_unclear", {"bases": "campaign, month"})
    assert portal.asked == []


# --- what may be declared -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "problem"),
    [
        ({"unit_code": None, "unit_name": None}, "unit_code or unit_name"),
        ({"figures": []}, "at least 1 item"),
        ({"figures": [{"indicator": "online", "numerator": "a"}]}, "needs numerator and denominator"),
        ({"figures": [{"indicator": "online", "value": "a", "points": "b"}]}, "never both"),
        ({"figures": [{"indicator": "total", "value": "a"}]}, "never as a rate"),
        ({"figures": [{"value": "a"}]}, "must name its indicator"),
        ({"indicator": "x", "figures": [{"value": "a"}, {"value": "b"}]}, "one table of figures"),
        ({"query": {"day": "{dya}"}}, "has the gap {dya}, which nothing fills"),
        ({"headers": {"x": "{token}"}}, "has the gap {token}"),
        ({"expected": {"x": "{nothing}"}}, "has the gap {nothing}"),
        ({"form": {"a": "1"}}, 'only with method = "POST"'),
        ({"method": "POST", "form": {"a": "1"}, "body": {"a": "1"}}, "either a form or a body"),
        ({"pages": {"size": 9, "stands_in": "body"}}, 'only with method = "POST"'),
        ({"pages": {"size": 0}}, "greater than or equal to 1"),
        ({"colour": "red"}, "Extra inputs are not permitted"),
    ],
)
def test_declaration_that_cannot_work_is_refused_with_the_reason(declared, problem):
    with pytest.raises(ValidationError) as refused:
        SOURCE.options.model_validate(COLUMNS | declared)

    assert problem in str(refused.value)


def test_indicator_and_gaps_in_the_address_are_checked_against_the_campaign():
    figures = [{"indicator": "onlin", "value": "a"}, {"indicator": "total", "points": "b"}]
    options = SOURCE.options.model_validate(COLUMNS | {"figures": figures})
    with asked_of(SOURCE, "https://x.example/{day}", options=COLUMNS) as asking:
        mistakes = SOURCE.mistakes(options, asking.source, gia_lai().campaign)

    assert [where for where, _ in mistakes] == ["options.figures[1].indicator", "address"]
    assert "Did you mean “online”?" in mistakes[0][1]


@pytest.mark.parametrize(
    ("sent", "recovers"),
    [({"query": {"d": "{day}"}}, True), ({"path": "/{to}.json"}, True), ({"query": {"m": "{month}"}}, False)],
)
def test_day_gone_by_can_be_had_back_where_the_request_names_it(sent, recovers):
    options = SOURCE.options.model_validate(COLUMNS | sent)

    assert SOURCE.recovers(options, DAY.replace(day=1), DAY) is recovers
    assert SOURCE.recovers(options, DAY, DAY)


NEST: list = []
for _ in range(200):
    NEST = [NEST]
ODD = [
    *(
        {"deep": {"er": [1]}},
        [],
        NEST,
        True,
        "\ud800",
        "\x00",
        "x" * 100_000,
        "- " * 50_000,
        "1_0",
        "nan",
        -1,
        0.5,
        1e300,
    ),
    *(10**400, "9" * 5_000, {"\ud800": "\udfff"}),
]


@pytest.mark.daily(8)
@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_one_odd_value_sends_its_row_to_quarantine_and_no_other(odd):
    good = ROWS[0]
    rows = [
        *ROWS,
        {"agency": {"code": "H21.55"}, "online": odd, "direct": 1},
        {"agency": {"code": odd, "name": odd}, "online": 1, "direct": 1},
        {"agency": odd, "online": 1, "direct": 1},
        odd,
        good | {"note": odd, "\ud800": odd},
    ]
    body = json.dumps({"items": rows}).replace('"nan"', "NaN").encode()
    with serving(Answer(body)) as portal:
        answer = checked(SOURCE, reported_by(SOURCE, portal.address, options=COLUMNS | {"rows": "items"}))

    assert figures_in(answer) == BOTH
    assert len(answer.bad_figures) >= 3
    for row in answer.bad_figures:
        assert json.dumps([row.value, dict(row.raw), dict(row.terms)], ensure_ascii=False).encode()
        assert sum(map(len, row.raw.values())) < 4_000


def test_answer_without_any_row_is_another_answer():
    with serving(as_json({"items": ["a", 1]})) as portal:
        assert refused_by(SOURCE, portal.address, options=COLUMNS | {"rows": "items"}).failure == "other_shape"
