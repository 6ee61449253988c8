"""What an address of the feeds page may say, and which screen of a list is shown."""

import pytest

from pages.parts.feeds_choices import FeedChoices, read_feed_choices, screen_of

LEVELS = ("department", "district")


def read(**query):
    return read_feed_choices(query, levels=LEVELS, language="vi")


def test_address_without_choices_shows_the_first_screen_of_everything():
    assert read() == FeedChoices()


def test_choices_are_read_as_the_address_writes_them():
    chosen = read(page="3", days="2", run="17", level="district", show="never", q="ia grai")

    assert (chosen.page, chosen.days, chosen.run) == (3, 2, 17)
    assert (chosen.level, chosen.show, chosen.q) == ("district", "never", "ia grai")
    assert chosen.ignored == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [("page", "0"), ("page", "-1"), ("days", "x"), ("run", "²"), ("runs", "9" * 12), ("level", "moon"), ("show", "x")],
)
def test_value_that_cannot_be_used_is_named_and_left_out(name, value):
    chosen = read(**{name: value})

    [ignored] = chosen.ignored
    assert (ignored.name, ignored.value) == (name, value)
    assert ignored.sentence("vi")
    assert getattr(chosen, name) == getattr(FeedChoices(), name)


@pytest.mark.parametrize(
    ("asked", "whole", "number", "screens", "after"),
    [(1, 0, 1, 1, 0), (1, 10, 1, 1, 0), (2, 11, 2, 2, 10), (9, 11, 2, 2, 10), (1, 21, 1, 3, 0)],
)
def test_screen_too_far_is_the_last_one(asked, whole, number, screens, after):
    screen = screen_of(asked, whole=whole, most=10)

    assert (screen.number, screen.screens, screen.after, screen.whole) == (number, screens, after, whole)
    assert screen.is_only == (screens == 1)
