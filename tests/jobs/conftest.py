"""A demonstration made once, copied for each test; and the command line run in this process."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import Result
from typer.testing import CliRunner

from jobs.__main__ import app
from jobs.campaigns.demonstrated_office import DemonstratedOffice
from jobs.campaigns.initialise import initialise
from models.accounts import passwords
from models.catalogue import load_campaign_files
from models.core.settings import CAMPAIGNS
from models.core.store import Store
from tests.jobs.moments import FOUNDED
from tests.jobs.pull_world import teller, world  # noqa: F401 - fixtures of the tests about pulls
from tests.made_once import made_once
from tests.models.accounts_world import CHEAP
from tests.models.conftest import prepared  # noqa: F401 - a fixture: stores made once for all tests

BUNDLED = CAMPAIGNS / "gia-lai-2024"
Command = Callable[..., Result]


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """How slow a password is to guess is tested where passwords are."""
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)


def home_of(factory: pytest.TempPathFactory, kind: str) -> Path:
    """A folder with the bundled campaign's store: a "demonstration", or a "real" one without figures.

    Copied, never changed. It begins shortly before today, not weeks: every change keeps results of each day anew. Only
    the "whole" demonstration begins when its campaign did.
    """
    assert kind in ("real", "demonstration", "whole")
    return made_once(factory, kind, lambda home: _initialised(home, kind))


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration's home; copied, never changed."""
    return home_of(tmp_path_factory, "demonstration")


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a demonstration that is as long as its campaign; copied, never changed."""
    return home_of(tmp_path_factory, "whole")


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real store's home; copied, never changed."""
    return home_of(tmp_path_factory, "real")


@pytest.fixture
def store(founded: Path, tmp_path: Path) -> Iterator[Store]:
    """A real store with the bundled campaign and no figures."""
    shutil.copytree(founded, tmp_path / "home")
    with closing(Store(f"sqlite:///{tmp_path / 'home' / 'caodiem.db'}")) as store:
        yield store


def _initialised(home: Path, kind: str) -> None:
    with closing(Store(f"sqlite:///{home / 'caodiem.db'}")) as store, tempfile.TemporaryDirectory() as folder:
        campaign = BUNDLED if kind == "whole" else _begun_late(Path(folder) / "campaign")
        found_bundled(store, campaign, with_demonstration=kind != "real")


def _begun_late(folder: Path) -> Path:
    shutil.copytree(BUNDLED, folder)
    settings = folder / "campaign.toml"
    words = settings.read_text(encoding="utf-8")
    settings.write_text(words.replace("start = 2024-03-22", "start = 2024-04-19"), encoding="utf-8")
    return folder


def found_bundled(store: Store, folder: Path = BUNDLED, *, with_demonstration: bool = False) -> None:
    """The bundled campaign, as `init` founds it; of a demonstration the figures alone."""
    files = load_campaign_files(folder)
    with without_office():
        initialise(
            store, files, with_demonstration=with_demonstration, by="system:test", now=FOUNDED, tell=lambda _: None
        )


def without_office() -> AbstractContextManager[object]:
    """Demonstrations in which nobody has done anything with the figures yet."""
    return patch.multiple(DemonstratedOffice, before_the_first_day=lambda _: None, until_today=lambda _: None)


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A demonstration of the test's own, which the settings point to; `indirect` names the whole one."""
    folder = tmp_path / "home"
    shutil.copytree(request.getfixturevalue(getattr(request, "param", "demonstration")), folder)
    monkeypatch.setenv("CAODIEM_HOME", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def real_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for a real campaign in May 2024."""
    folder = tmp_path / "home"
    monkeypatch.setenv("CAODIEM_HOME", str(folder))
    monkeypatch.setenv("CAODIEM_NOW", "2024-05-07T18:00:00+07:00")
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def run() -> Command:
    """Run a command as a person would type it whose terminal speaks English; `--lang vi` asks for the other."""

    def command(*words: str) -> Result:
        return CliRunner(env={"LC_ALL": "en_GB.UTF-8"}).invoke(app, list(words))

    return command


@pytest.fixture
def answer(run: Command) -> Callable[..., Any]:
    """Run a command with --json and read its answer; any exit but the expected one fails."""

    def command(*words: str, exit_code: int = 0) -> Any:
        result = run(*words, "--json")
        assert result.exit_code == exit_code, result.output + result.stderr
        return json.loads(result.stdout)

    return command
