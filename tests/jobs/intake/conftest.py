"""Stores of few units: what comes in is checked, kept and told the same way in a large one."""

from pathlib import Path

import pytest

from tests.jobs import few_units


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return few_units.real_one(tmp_path_factory)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return few_units.demonstrated(tmp_path_factory)
