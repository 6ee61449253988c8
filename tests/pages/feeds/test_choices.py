"""What an address of the feeds page may say, and which screen of a list is shown."""

from datetime import date

import pytest

from pages.feeds.choices import FeedChoices, read_feed_choices, screen_of, too_far
from pages.kit.address import read_choices, settled


def read(campaign, **query):
    choices = settled(read_choices(query, today=date(2024, 5, 7)), campaign)
    return read_feed_choices(choices, query, campaign)


def test_address_without_choices_shows_the_first_screen_of_everything(with_levels):
    assert read(with_levels) == FeedChoices()


def test_choices_are_read_as_the_address_writes_them(with_levels):
    chosen = read(with_levels, page="3", days="2", run="17", level="district", show="never", q="ia grai")

    assert (chosen.page, chosen.days, chosen.run) == (3, 2, 17)
    assert (chosen.level, chosen.show, chosen.q) == ("district", "never", "ia grai")
    assert chosen.ignored == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "0"),
        ("page", "-1"),
        ("days", "x"),
        ("run", "²"),
        ("runs", "9" * 12),
        ("level", "province"),
        ("show", "x"),
    ],
)
def test_value_that_cannot_be_used_is_named_and_left_out(with_levels, name, value):
    chosen = read(with_levels, **{name: value})

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
    assert [each.value for each in too_far("page", screen, "vi")] == ([str(asked)] if asked > screens else [])
