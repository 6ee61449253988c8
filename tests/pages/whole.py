"""Which states a whole page is drawn in: a few telling ones here, every other one with `make soak`.

What a page says in each state and language is proved on its views and sentences, which need no page.
"""

from collections.abc import Iterable

import pytest

from models.core.texts import LANGUAGES


def whole_pages(states: Iterable[str], *, vietnamese: Iterable[str], english: str) -> pytest.MarkDecorator:
    """Cases `state` and `language`: the telling states in Vietnamese and one in English; all others are soaked."""
    every = [(state, language) for state in states for language in LANGUAGES]
    telling = {(state, "vi") for state in vietnamese} | {(english, "en")}
    assert telling <= set(every), f"no such state: {sorted(telling - set(every))}"
    cases = [pytest.param(*case, marks=() if case in telling else pytest.mark.soak) for case in every]
    return pytest.mark.parametrize(("state", "language"), cases)
