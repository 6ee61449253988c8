"""What the address of the page of comparisons may say, and what becomes of what it may not."""

from decimal import Decimal

import pytest

from pages.compare.choices import MOST_UNITS, CompareChoices, read_compare_choices

CODES = {f"U{n}" for n in range(40)} | {"H21.58"}


def read(language="vi", **query):
    return read_compare_choices(query, codes=CODES, sizes=4, language=language)


def test_address_that_says_nothing_shows_the_gap():
    assert read() == CompareChoices()


def test_choices_are_what_the_address_says():
    query = {"section": "if", "by": "level", "units": "H21.58, U3,U3", "size": "2", "page": "4", "if": "uplift"}

    choices = read(**query, n="12", uplift="7.5")

    assert choices == CompareChoices("if", "level", ("H21.58", "U3"), 2, 4, "uplift", 12, Decimal("7.5"))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("section", "abc"), ("by", "parent"), ("if", "war"), ("units", "nobody"),
        ("size", "4"), ("size", "-1"), ("page", "0"), ("page", "²"), ("page", "9" * 5000),
        ("n", "0"), ("n", "51"), ("n", "ten"),
        ("uplift", "abc"), ("uplift", "-5"), ("uplift", "51"), ("uplift", "0.3"), ("uplift", "NaN"),
        ("uplift", "1e9999999"), ("uplift", "Infinity"), ("uplift", "٥"),
    ],
)  # fmt: skip
def test_value_that_cannot_be_used_is_named_and_left_out(name, value, language):
    choices = read(language, **{name: value})

    [ignored] = choices.ignored
    assert (ignored.name, ignored.value) == (name, value)
    assert ignored.hint
    assert choices == CompareChoices(ignored=choices.ignored)


def test_more_units_than_can_be_followed_are_named_and_left_out():
    choices = read(units=",".join(f"U{n}" for n in range(17)))

    assert len(choices.units) == MOST_UNITS
    [ignored] = choices.ignored
    assert ignored.value == "U15,U16"


def test_unit_that_there_is_not_leaves_the_others():
    choices = read(units="U1,nobody,U2")

    assert choices.units == ("U1", "U2")
    assert [ignored.value for ignored in choices.ignored] == ["nobody"]
