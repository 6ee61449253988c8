"""A row that waits: what was told, what is wrong with it, and which of its cells can be mended."""

import pytest

from models.core.texts import LANGUAGES
from models.readings.quarantine import QuarantinedRow
from pages.feeds.choices import screen_of
from pages.feeds.quarantine import quarantine_view
from tests.pages.feeds_world import NOW, TODAY, campaign

ONE = screen_of(1, whole=1, most=5)
RAW = {"Đơn vị": "Sở X", "Chỉ số": "online", "Ngày": "06/05/2024", "Tử số": "9"}


def waiting(**known):
    got = {
        "id": 3, "run": 7, "kind": "readings", "source": "igate", "file": "a.csv", "place": "line 3",
        "field": "Đơn vị", "value": "Sở X", "problem": "unit_unknown", "terms": {}, "raw": RAW, "state": "open",
        "received_at": NOW, "for_date": None, "version": 1, "settled_by": None, "settled_at": None,
        "settled_reason": None, "settled_run": None,
    }  # fmt: skip
    return QuarantinedRow(**(got | known))


def row(language="vi", **known):
    [found] = quarantine_view(campaign(), [waiting(problem="indicator_missing", **known)], [], ONE, language).rows
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_row_tells_its_problem_and_where_it_came_from(language):
    found = row(language)

    assert found.problem
    assert "a.csv" in found.origin
    assert "07/05/2024 18:00" in found.origin


def test_cell_that_was_refused_is_marked():
    assert [(field.name, field.is_wrong) for field in row().fields] == [
        ("Đơn vị", True), ("Chỉ số", False), ("Ngày", False), ("Tử số", False),
    ]  # fmt: skip


def test_cell_that_was_empty_can_be_filled_in():
    assert row(field="Mẫu số", value="").fields[-1].name == "Mẫu số"


def test_day_is_asked_for_where_the_row_names_none():
    without = {name: value for name, value in RAW.items() if name != "Ngày"}

    assert row(raw=without, for_date=TODAY).fields[-1].value == "07/05/2024"
    assert row(raw=without).fields[-1].name == "Tính đến ngày"
    assert row(raw=without, kind="baselines").fields[-1].name == "Tử số"


def test_what_the_source_itself_said_is_shown_and_not_mended():
    found = row(raw=RAW | {"source_row": '{"MA": "H21"}'})

    assert found.source_row == '{"MA": "H21"}'
    assert "source_row" not in [field.name for field in found.fields]


def test_rows_settled_last_are_named_with_who_and_why():
    settled = waiting(state="dismissed", settled_by="lan", settled_at=NOW, settled_reason="trùng")
    half = waiting(state="readmitted")

    view = quarantine_view(campaign(), [], [settled, half], screen_of(1, whole=0, most=5), "vi")

    assert view.settled[0] == "Dòng 3: lan bỏ qua lúc 07/05/2024 18:00 (trùng)."
    assert view.shown == "Không có dòng lỗi nào chờ xử lý."
