"""A demonstration of few units: it is pulled for and looked at as a large one."""

from pathlib import Path

import pytest

from tests.jobs import few_units


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return few_units.demonstrated(tmp_path_factory)
