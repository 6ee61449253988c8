"""Stores of few units: what is found in one is found the same way in a large one."""

from pathlib import Path

import pytest

from tests.jobs import few_units


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return few_units.demonstrated(tmp_path_factory)
