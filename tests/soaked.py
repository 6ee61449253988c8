"""Of a test's cases, a few that run every day; the others run with `make soak`."""

from collections.abc import Iterable
from typing import Any

import pytest


def mostly_soaked(cases: Iterable[Any], *daily: Any) -> list[Any]:
    """The cases in their order, those that are not named as `daily` left to the soak."""
    cases = list(cases)
    assert all(case in cases for case in daily), f"no such case: {daily}"
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=() if case in daily else pytest.mark.soak)
        for case in cases
    ]
