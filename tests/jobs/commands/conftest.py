"""Stores of few units: what a command does and says of them is the same in a large one."""

from pathlib import Path

import pytest

from tests.jobs import few_units


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return few_units.demonstrated(tmp_path_factory)


@pytest.fixture
def home_of_few(real_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for a real campaign of few units."""
    monkeypatch.setenv("CAODIEM_CAMPAIGN", str(few_units.write_few_units(tmp_path / "few")))
    return real_home
