"""The address: what it may say, and what is ignored and named."""

from datetime import date

import pytest

from models.core.texts import text
from pages.kit import address
from pages.kit.address import read_choices

TODAY = date(2024, 5, 7)


def test_choices_are_what_the_address_says(campaign):
    query = {"unit": "H21.58", "indicator": "online", "phase": "50-day", "level": "province"}
    query |= {"as_of": "2024-04-20", "lang": "en"}

    choices = address.settled(read_choices(query, today=TODAY), campaign, {"H21.58"})

    assert (choices.unit, choices.indicator, choices.phase, choices.level) == ("H21.58", "online", "50-day", "province")
    assert choices.as_of == date(2024, 4, 20)
    assert choices.language == "en"
    assert choices.ignored == ()


def test_language_is_vietnamese_where_none_is_asked_for():
    assert read_choices({}, today=TODAY).language == "vi"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            {"phase": "abc"},
            "“phase=abc” không dùng được nên đã bỏ qua; trang dùng lựa chọn mặc định. Dùng được: 50-day",
        ),
        (
            {"as_of": "31/31"},
            "“as_of=31/31” không dùng được nên đã bỏ qua; trang hiển thị số liệu ngày 07/05/2024. Ngày viết",
        ),
        (
            {"as_of": "2024-05-08"},
            "đã bỏ qua; trang hiển thị số liệu ngày 07/05/2024. Ngày này còn ở phía trước.",
        ),
        ({"indicator": "abc"}, "“indicator=abc” không dùng được"),
        ({"level": "abc"}, "“level=abc” không dùng được"),
        ({"standing": "good"}, "“standing=good” không dùng được"),
        ({"unit": "H99"}, "“unit=H99” không dùng được"),
        ({"parent": "H99"}, "“parent=H99” không dùng được"),
        ({"lang": "de"}, "“lang=de” không dùng được nên đã bỏ qua; trang dùng lựa chọn mặc định. Dùng được: vi, en."),
    ],
)
def test_unknown_value_is_named_and_ignored(campaign, query, said):
    choices = address.settled(read_choices(query, today=TODAY), campaign)

    [ignored] = choices.ignored
    assert said in ignored.sentence("vi")
    assert (choices.phase, choices.as_of, choices.indicator, choices.level) == (None, None, None, None)


def test_choice_of_which_there_is_nothing_yet_lists_nothing():
    asking = address.Asking({"result": "50-day"}, "vi")

    assert asking.one_of("result", ()) is None
    assert asking.ignored[0].sentence("vi").endswith(text("choice.instead", "vi") + ".")


def test_message_repeats_no_more_of_a_wrong_value_than_is_needed(campaign):
    choices = address.settled(read_choices({"phase": "a" * 5_000}, today=TODAY), campaign)

    assert len(choices.ignored[0].sentence("vi")) < 200


def test_names_that_mean_nothing_here_are_left_alone(campaign):
    choices = address.settled(read_choices({"embed": "true", "utm_source": "zalo"}, today=TODAY), campaign)

    assert choices.ignored == ()


@pytest.mark.parametrize(
    ("language", "query"), [("en", {"phase": "50-day", "lang": "en"}), ("vi", {"phase": "50-day"})]
)
def test_other_language_keeps_the_place(language, query):
    before = {"phase": "50-day", "lang": "vi"}

    assert address.in_language(before, language) == query
