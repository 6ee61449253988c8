"""Homes with the bundled campaign, made once for the pages of sources and of uploads, and copied for each test."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.jobs.conftest import home_of


@pytest.fixture(scope="session")
def furnished_home(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A home by its kind: a "real" one without figures, or a "demonstration". Copied, never changed."""
    return partial(home_of, tmp_path_factory)
