"""Runs and raw answers, flags and differences, as tables of finished words."""

from datetime import timedelta

import pytest

from models.core.texts import LANGUAGES
from models.feeds.queries import RunRow
from models.readings.disagreements import Difference
from models.readings.flagging import FlaggedReading
from models.readings.loads import KeptAnswer
from pages.feeds.choices import screen_of
from pages.feeds.oddities import APART, differences_view, flags_view
from pages.feeds.view import answers_view, runs_view, source_name
from tests.pages.feeds_world import NOW, TODAY, campaign

ONE = screen_of(1, whole=1, most=10)


def load(*, seconds=1.26, **known):
    got = {
        "id": 7, "source": "igate", "kind": "pull", "for_date": TODAY, "status": "done", "received_at": NOW,
        "by": "system:test", "file_name": None, "received": 1500, "accepted": 1494, "revised": 5, "unchanged": 1,
        "rejected": 0, "attempts": 2, "warnings": (), "failure": None, "failure_terms": {}, "payloads": 0,
        "started_machine": NOW, "finished_machine": None if seconds is None else NOW + timedelta(seconds=seconds),
    }  # fmt: skip
    return RunRow(**(got | known))


def run_row(language="vi", query=None, **known):
    [row] = runs_view(campaign(), [load(**known)], ONE, query or {}, language).rows
    return row


def test_run_tells_when_what_how_it_ended_and_what_it_brought():
    row = run_row()

    assert row.cells == (
        "07/05/2024 18:00", "Hệ thống tỉnh", "07/05/2024", "Đã cập nhật", "1.500", "1.494", "5", "1", "0", "2",
        "1,3 giây", "",
    )  # fmt: skip
    assert (row.state, row.marked, row.linked) == ("done", 3, 0)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", ["running", "done", "done_with_rejects", "unchanged", "failed", "unrecoverable"])
def test_every_status_has_its_word(status, language):
    assert run_row(language, status=status).cells[3]


def test_failed_run_says_why_and_a_file_its_name():
    assert "403" in run_row(status="failed", failure="no_such_words", failure_terms={"status": "403"}).cells[-1]
    assert run_row(file_name="so-lieu.csv").cells[-1] == "so-lieu.csv"


def test_run_without_day_or_measured_time_shows_a_dash():
    cells = run_row(for_date=None, seconds=None, source="").cells

    assert (cells[1], cells[2], cells[10]) == ("–", "–", "–")


def test_link_to_a_run_keeps_the_rest_of_the_address():
    row = run_row("en", query={"level": "district", "run": "3", "lang": "en"})

    assert row.link == "/feeds?level=district&run=7&lang=en"


def test_source_the_files_no_longer_name_is_told_by_its_key():
    assert source_name("gone", campaign(), "vi") == "gone"


def test_runs_nobody_made_are_said_to_be_none():
    assert runs_view(campaign(), [], screen_of(1, whole=0, most=10), {}, "vi").shown == "Chưa có lần cập nhật nào."


def test_raw_answers_are_told_with_size_hash_and_where_they_lie():
    kept = [
        KeptAnswer(1, "https://a/b", 200, "f" * 64, 2048, "2024/x.gz"),
        KeptAnswer(2, "a.csv", None, "e" * 64, 512, None),
    ]

    view = answers_view(load(payloads=2), kept, "vi")

    assert [row.cells for row in view.rows] == [
        ("1", "https://a/b", "200", "2,0 kB", "f" * 12, "2024/x.gz"),
        ("2", "a.csv", "–", "0,5 kB", "e" * 12, "đã hết hạn lưu"),
    ]


def test_run_without_raw_answers_says_so():
    assert answers_view(load(), [], "vi").shown == "Lần cập nhật này không giữ câu trả lời gốc nào."


def test_what_a_run_noticed_is_told_in_words_and_what_has_none_is_left_out():
    warnings = (
        {"code": "sheet_left_out", "terms": {"sheet": "Phụ lục"}, "place": ""},
        {"code": "other_days_left_out", "terms": {"count": "3"}},
        {"code": "no_such_warning", "terms": {}, "place": ""},
    )

    said = answers_view(load(warnings=warnings), [], "vi").intro

    assert "Phụ lục" in said
    assert "3 dòng của ngày khác" in said
    assert "no_such_warning" not in said


# --- flags and differences ------------------------------------------------------------------------------------------


def flag(**known):
    got = {
        "unit": "H21.58", "unit_name": "UBND huyện Ia Grai", "level": "district", "indicator": "online",
        "source": "igate", "as_of": TODAY, "revision": 1, "kind": "frozen", "terms": {"days": 6}, "received_at": NOW,
    }  # fmt: skip
    return FlaggedReading(**(got | known))


def test_flag_says_which_figure_and_what_is_odd():
    [row] = flags_view(campaign(), [flag()], ONE, "lang=en", "vi").rows

    assert row.cells[:4] == ("07/05/2024", "UBND huyện Ia Grai", "Tỷ lệ hồ sơ trực tuyến", "Hệ thống tỉnh")
    assert "6" in row.cells[4]
    assert row.link == "/unit?unit=H21.58&indicator=online&lang=en"


def test_flag_of_an_indicator_that_is_gone_keeps_its_key():
    [row] = flags_view(campaign(), [flag(indicator="gone")], ONE, "", "vi").rows

    assert row.cells[2:] == ("gone", "Hệ thống tỉnh", "–")


def test_no_flag_is_said_to_be_none():
    view = flags_view(campaign(), [], screen_of(1, whole=0, most=10), "", "vi")

    assert view.shown == "Không có số liệu nào có dấu hiệu bất thường."


def difference(days=0, **known):
    got = {
        "unit": "H21.58", "unit_name": "UBND huyện Ia Grai", "level": "district", "indicator": "online",
        "as_of": TODAY - timedelta(days=days), "governing": "igate", "other": "portal", "governing_value": 41.6,
        "other_value": 38.9,
    }  # fmt: skip
    return Difference(**(got | known))


def test_difference_tells_both_sources_and_the_points_between():
    [row] = differences_view(campaign(), [difference()], 1, "", "vi").rows

    assert row.cells[3:] == ("Hệ thống tỉnh 41,6%", "Cổng quốc gia 38,9%", "−2,7 điểm phần trăm")


def test_differences_are_shown_screen_by_screen():
    many = [difference(days) for days in range(APART + 1)]

    view = differences_view(campaign(), many, 2, "", "vi")

    assert (len(view.rows), view.screen.screens) == (1, 2)
    assert differences_view(campaign(), [], 1, "", "vi").shown.startswith("Không có đơn vị nào")
