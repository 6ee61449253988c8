"""What pages explain: each method once, with what it is, in what unit, and where it comes from."""

import pytest

from targets.methods import METHODS, Method

OLDER = ("trajectory", "standing")
"""Explained long before this list was made."""


def test_methods_have_each_key_and_each_function_once():
    assert len({method.key for method in METHODS}) == len({method.function for method in METHODS}) == len(METHODS)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.key)
def test_method_says_what_it_is_and_where_it_stands(method: Method):
    first_line = method.definition.splitlines()[0]

    assert first_line
    assert "\n    " not in method.definition.split("\n\n")[0]
    assert method.place == f"{method.function.__module__}.{method.function.__name__}"


@pytest.mark.parametrize(
    "method", [method for method in METHODS if method.key not in OLDER], ids=lambda method: method.key
)
def test_method_names_its_source(method: Method):
    assert "Source:" in method.definition


def test_definition_is_empty_when_a_function_says_nothing():
    assert Method("silent", lambda: None).definition == ""
