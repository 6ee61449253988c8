"""Settings: what holds where nothing is said, and the help that comes with a refusal."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from models.core.settings import PROJECT, TIMEZONE, Settings, WrongSettings, load_settings
from targets.errors import CampaignError


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a `.env`, whoever runs the tests."""
    monkeypatch.chdir(tmp_path)


def test_everything_has_a_default():
    settings = load_settings()

    assert (settings.home, settings.database, settings.campaign) == (PROJECT / "data" / "store", "", "gia-lai-2024")
    assert (settings.now, settings.port) == (None, 8501)


def test_embedded_store_stands_in_the_home(tmp_path, monkeypatch):
    monkeypatch.setenv("CAODIEM_HOME", "campaigns/gia lai")

    settings = load_settings()

    assert settings.database_url == f"sqlite:///{tmp_path / 'campaigns' / 'gia lai' / 'caodiem.db'}"


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:////var/lib/caodiem/store.db",
        "postgresql://caodiem@localhost/caodiem",
        "postgresql+psycopg://caodiem:secret@db:5432/caodiem",
    ],
)
def test_database_that_is_named_goes_before_the_home(monkeypatch, address):
    monkeypatch.setenv("CAODIEM_HOME", "elsewhere")
    monkeypatch.setenv("CAODIEM_DATABASE", address)

    assert load_settings().database_url == address


def test_settings_may_stand_in_a_file(tmp_path):
    (tmp_path / ".env").write_text("CAODIEM_CAMPAIGN=binh-dinh-2025\nCAODIEM_PORT=9000\nOTHERS=ignored\n")

    settings = load_settings()

    assert (settings.campaign, settings.port) == ("binh-dinh-2025", 9000)


def test_environment_goes_before_the_file(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("CAODIEM_PORT=9000\n")
    monkeypatch.setenv("CAODIEM_PORT", "9001")

    assert load_settings().port == 9001


def test_settings_cannot_be_changed_while_the_program_runs():
    settings = load_settings()

    with pytest.raises(ValidationError):
        settings.port = 1


# --- the fixed instant ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-05-07T08:00:00+07:00", datetime(2024, 5, 7, 8, tzinfo=TIMEZONE)),
        ("2024-05-07T08:00:00", datetime(2024, 5, 7, 8, tzinfo=TIMEZONE)),
        ("2024-05-07T08:00", datetime(2024, 5, 7, 8, tzinfo=TIMEZONE)),
        ("2024-05-07 08:00", datetime(2024, 5, 7, 8, tzinfo=TIMEZONE)),
        ("2024-05-07", datetime(2024, 5, 7, tzinfo=TIMEZONE)),
        ("20240507", datetime(2024, 5, 7, tzinfo=TIMEZONE)),
        ("2024-05-07T01:00:00Z", datetime(2024, 5, 7, 8, tzinfo=TIMEZONE)),
        ("2024-05-06T20:00:00-05:00", datetime(2024, 5, 7, 8, tzinfo=TIMEZONE)),
    ],
)
def test_fixed_instant_is_vietnamese_time_unless_it_says_otherwise(monkeypatch, written, meant):
    monkeypatch.setenv("CAODIEM_NOW", written)

    now = load_settings().now

    assert now == meant
    assert now.utcoffset() == meant.utcoffset()


def test_fixed_instant_may_be_given_as_one():
    settings = Settings(now=datetime(2024, 5, 7, 1, tzinfo=UTC))

    assert settings.now == datetime(2024, 5, 7, 8, tzinfo=TIMEZONE)


# --- what is wrong --------------------------------------------------------------------------------------------------

WRONG = {
    "an instant in words": ("NOW", "today", "CAODIEM_NOW is an ISO instant"),
    "an instant by day and month": ("NOW", "07/05/2024", "CAODIEM_NOW is an ISO instant"),
    "a year alone": ("NOW", "2024", "CAODIEM_NOW is an ISO instant"),
    "seconds since 1970": ("NOW", "1715040000", "CAODIEM_NOW is an ISO instant"),
    "a month that does not exist": ("NOW", "2024-13-01T08:00", "CAODIEM_NOW is an ISO instant"),
    "an instant left empty": ("NOW", "", "CAODIEM_NOW is an ISO instant"),
    "a port in words": ("PORT", "eighty", "CAODIEM_PORT is a port number"),
    "a port nobody has": ("PORT", "70000", "CAODIEM_PORT is a port number"),
    "no port": ("PORT", "0", "CAODIEM_PORT is a port number"),
    "a database we do not know": ("DATABASE", "mysql://root@localhost/x", "CAODIEM_DATABASE is an SQLAlchemy address"),
    "a database's short name": (
        "DATABASE",
        "postgres://caodiem@localhost/x",
        "CAODIEM_DATABASE is an SQLAlchemy address",
    ),
    "a file instead of an address": ("DATABASE", "/var/lib/store.db", "CAODIEM_DATABASE is an SQLAlchemy address"),
}


@pytest.mark.parametrize(("name", "value", "help_for_it"), WRONG.values(), ids=WRONG.keys())
def test_wrong_setting_is_refused_with_help_for(monkeypatch, name, value, help_for_it):
    monkeypatch.setenv(f"CAODIEM_{name}", value)

    with pytest.raises(WrongSettings) as caught:
        load_settings()

    assert list(caught.value.problems) == [name.lower()]
    assert help_for_it in str(caught.value)
    assert "nothing was started" in str(caught.value)


def test_every_wrong_setting_is_named_at_once(monkeypatch):
    monkeypatch.setenv("CAODIEM_NOW", "today")
    monkeypatch.setenv("CAODIEM_PORT", "eighty")
    monkeypatch.setenv("CAODIEM_DATABASE", "mysql://root@localhost/x")

    with pytest.raises(WrongSettings) as caught:
        load_settings()

    assert sorted(caught.value.problems) == ["database", "now", "port"]


def test_refusal_is_a_mistake_people_can_mend(monkeypatch):
    monkeypatch.setenv("CAODIEM_PORT", "eighty")

    with pytest.raises(CampaignError):
        load_settings()


def test_refusal_does_not_repeat_a_password(monkeypatch):
    monkeypatch.setenv("CAODIEM_DATABASE", "mysql://root:hunter2@localhost/x")

    with pytest.raises(WrongSettings) as caught:
        load_settings()

    assert "hunter2" not in str(caught.value)
