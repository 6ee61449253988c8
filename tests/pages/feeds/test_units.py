"""Who has told and who has not: filtered, searched without accents, the longest silent first."""

import pytest

from models.core.texts import LANGUAGES
from models.results.completeness import Completeness
from models.units.queries import Head
from pages.feeds.choices import FeedChoices
from pages.feeds.view import UNITS, head_words, units_view
from tests.pages.feeds_world import TODAY, campaign, unit

KNOWN = (
    unit("A", "told", name="Sở Y tế", level="department"),
    unit("B", "lacking", name="UBND huyện Ia Grai", silent=("online",), working_days=1),
    unit("C", "old", name="UBND xã Chơ Long", level="commune", parent_name="UBND huyện Kông Chro", working_days=9),
    unit("D", "never", name="UBND xã Ia Pnôn", level="commune", working_days=29,
         silent=tuple(indicator.key for indicator in campaign().indicators)),
)  # fmt: skip


def view(choices=None, known=KNOWN, language="vi", query=""):
    return units_view(campaign(), Completeness(TODAY, TODAY, tuple(known)), choices or FeedChoices(), query, language)


def names(choices):
    return [row.cells[1] for row in view(choices).table.rows]


def test_units_that_have_not_told_all_are_listed_gravest_first():
    assert names(FeedChoices()) == ["UBND xã Ia Pnôn", "UBND xã Chơ Long, huyện Kông Chro", "UBND huyện Ia Grai"]


@pytest.mark.parametrize(
    ("choices", "found"),
    [
        (FeedChoices(show="all"), 4),
        (FeedChoices(show="told"), 1),
        (FeedChoices(show="never"), 1),
        (FeedChoices(level="commune"), 2),
        (FeedChoices(level="department"), 0),
        (FeedChoices(q="cho long"), 1),
        (FeedChoices(q="so y te"), 1),
        (FeedChoices(q="a", show="told"), 1),
        (FeedChoices(q="nobody"), 0),
    ],
)
def test_choices_narrow_the_list(choices, found):
    assert len(names(choices)) == found


def test_list_without_units_says_so():
    assert view(FeedChoices(q="nobody")).table.shown == "Không có đơn vị nào trong danh sách này."


def test_row_tells_last_figure_days_since_what_is_missing_and_whom_to_call():
    [row] = view(FeedChoices(q="ia grai"), query="lang=en").table.rows

    assert row.cells == (
        "1", "UBND huyện Ia Grai", "Thiếu chỉ số", "07/05/2024", "1", "Tỷ lệ hồ sơ trực tuyến",
        "Chủ tịch Nguyễn Văn A · 0900",
    )  # fmt: skip
    assert (row.state, row.link) == ("lacking", "/unit?unit=B&lang=en")


def test_unit_that_misses_everything_is_not_given_a_list_of_all_names():
    [row] = view(FeedChoices(q="Ia Pnôn")).table.rows

    assert row.cells[3:6] == ("–", "29", "tất cả chỉ số")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_level_is_counted_by_state(language):
    summary = view(language=language).summary

    assert [[state for state, _ in parts] for _, parts in summary] == [["told"], ["lacking"], ["old", "never"]]
    assert all(words.endswith(" 1") for _, parts in summary for _, words in parts)


def test_long_list_is_shown_screen_by_screen():
    many = [unit(str(number), "never", working_days=number) for number in range(UNITS + 1)]

    table = view(FeedChoices(page=2), known=many).table

    assert [row.cells[0] for row in table.rows] == [str(UNITS + 1)]
    assert table.shown == f"{UNITS + 1}–{UNITS + 1} trong {UNITS + 1}"


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (Head(None, None, None), "chưa nhập người đứng đầu"),
        (Head("Giám đốc", None, None), "Giám đốc"),
        (Head(None, None, "0900"), "0900"),
    ],
)
def test_who_answers_is_told_as_far_as_it_is_known(head, said):
    assert head_words(head, "vi") == said
