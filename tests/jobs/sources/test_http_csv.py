"""CSV from anywhere, by what sources.toml declares: columns by their headings, whatever the delimiter and encoding."""

import pytest

from jobs.sources.http_csv import SOURCE
from tests.jobs.portals import FIREWALL, Answer, Asked, serving
from tests.jobs.source_world import checked, figures_in, refused_by, reported_by

COLUMNS = {
    "unit_code": "Mã",
    "unit_name": "Đơn vị",
    "figures": [{"indicator": "online", "numerator": "Trực tuyến", "denominator": "Tiếp nhận"}],
}
TABLE = "Mã,Đơn vị,Trực tuyến,Tiếp nhận\r\nH21.58,UBND huyện Ia Grai,1030,1365\r\n,Sở Y tế,12417,12500\r\n\r\n"
BOTH = {("H21.58", "online"): (1030, 1365), ("SYT", "online"): (12417, 12500)}


def csv(text: str, encoding: str = "utf-8") -> Answer:
    return Answer(text.encode(encoding), headers={"Content-Type": "text/csv"})


@pytest.mark.parametrize(
    "answer",
    [
        csv(TABLE),
        csv(TABLE, "utf-8-sig"),
        csv(TABLE, "utf-16"),
        csv(TABLE.replace(",", ";")),
        csv(TABLE.replace(",", "\t")),
        csv(TABLE.replace("Mã,Đơn vị,Trực tuyến,Tiếp nhận", "ma,don vi,TRUC TUYEN,Tiep  nhan")),
    ],
    ids=["comma", "with a mark", "UTF-16", "semicolon", "tab", "headings without marks"],
)
def test_columns_are_found_by_their_headings(answer):
    with serving(answer) as portal:
        result = reported_by(SOURCE, portal.address, options=COLUMNS)

    assert figures_in(checked(SOURCE, result)) == BOTH
    assert [figure.place for figure in result.figures] == ["line 2", "line 3"]


def test_title_lines_above_the_headings_are_passed_over():
    with serving(csv(f"Báo cáo\nngày 7/5\n{TABLE}")) as portal:
        result = reported_by(SOURCE, portal.address, options=COLUMNS | {"header_line": 3})

    assert figures_in(checked(SOURCE, result)) == BOTH


def test_row_keeps_all_that_it_said():
    with serving(csv("Mã,Đơn vị,Trực tuyến,Tiếp nhận,Ghi chú\nH21.58,x y,1,hai,đang rà soát\n")) as portal:
        result = reported_by(SOURCE, portal.address, options=COLUMNS)

    assert result.figures[0].denominator == "hai"
    assert result.figures[0].raw["Ghi chú"] == "đang rà soát"


def test_row_with_a_text_that_no_cell_holds_is_refused_alone():
    with serving(csv(TABLE + "x" * 200_000 + ",y,1,2\r\n")) as portal:
        answer = checked(SOURCE, reported_by(SOURCE, portal.address, options=COLUMNS))

    assert figures_in(answer) == BOTH
    assert len(answer.bad_figures) == 1


def test_pages_are_asked_for_until_one_is_not_full():
    lines = TABLE.strip().split("\r\n")

    def answering(asked: Asked) -> Answer:
        first = int(asked.query["page"])
        return csv("\n".join([lines[0], *lines[first : first + 1]]) if first < 3 else "")

    with serving(answering) as portal:
        result = reported_by(SOURCE, portal.address, options=COLUMNS | {"pages": {"size": 1}})

    assert figures_in(checked(SOURCE, result)) == BOTH
    assert len(portal.asked) == 3


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (csv("Mã,Đơn vị,Trực tuyến\nH21.58,x,1\n"), "columns_missing"),
        (csv(TABLE.split("\r\n", maxsplit=1)[0]), "empty_answer"),
        (csv(""), "empty_answer"),
        (Answer(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "no_text"),
        (Answer(b"M\0,x"), "no_text"),
        (csv(TABLE.replace("H21.58", "H01.58").replace(",Sở Y tế", "H01.2,Sở Y tế")), "other_province"),
        (Answer(FIREWALL), "firewall"),
        (Answer(TABLE.encode(), promised=4000), "cut_off"),
    ],
)
def test_answer_that_is_none_of_ours_is_refused_as_a_whole(answer, failure):
    with serving(answer) as portal:
        assert refused_by(SOURCE, portal.address, options=COLUMNS).failure == failure
