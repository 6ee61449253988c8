"""Settings of alerts and backups: what they may be, and that no refusal repeats a secret."""

from pathlib import Path

import pytest

from models.core.settings import Settings, WrongSettings, load_settings

SECRET = "T0p5ecret"  # noqa: S105 - of no account


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a `.env`, whoever runs the tests."""
    monkeypatch.chdir(tmp_path)


def refused(monkeypatch, name, written) -> str:
    monkeypatch.setenv(name, written)
    with pytest.raises(WrongSettings) as caught:
        load_settings()
    return str(caught.value)


def test_nobody_is_told_and_two_weeks_of_backups_are_kept_where_nothing_is_said():
    settings = load_settings()

    assert (settings.alert_addresses, settings.alerts_language) == ((), "vi")
    assert (settings.backup_folder, settings.backup_days) == (None, 14)


def test_key_of_the_audit_trail_is_a_secret_that_nobody_guesses(monkeypatch):
    said = refused(monkeypatch, "CAODIEM_AUDIT_KEY", "short-secret")
    monkeypatch.setenv("CAODIEM_AUDIT_KEY", SECRET * 2)

    assert "16 characters" in said
    assert "short-secret" not in said
    assert load_settings().audit_key.get_secret_value() == SECRET * 2
    assert SECRET not in repr(load_settings())


def test_several_addresses_stand_with_spaces_between_them(monkeypatch):
    monkeypatch.setenv("CAODIEM_ALERTS", "mailto://u:p@localhost?to=a@b.vn,c@b.vn\n json://localhost/hook ")

    assert load_settings().alert_addresses == ("mailto://u:p@localhost?to=a@b.vn,c@b.vn", "json://localhost/hook")


def test_address_that_is_not_understood_is_counted_and_never_repeated(monkeypatch, caplog):
    said = refused(monkeypatch, "CAODIEM_ALERTS", f"json://localhost nonsense://user:{SECRET}@host")

    assert "not understood: address 2 of 2" in said
    assert SECRET not in said + caplog.text


def test_secrets_do_not_show_in_the_settings():
    settings = Settings(alerts=f"json://user:{SECRET}@localhost")

    assert SECRET not in repr(settings)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("CAODIEM_ALERTS_LANGUAGE", "fr"),
        ("CAODIEM_BACKUP_DAYS", "-1"),
        ("CAODIEM_METRICS_TOKEN", "only15character"),
        ("CAODIEM_PUBLIC_ADDRESS", "caodiem.example.vn"),
        ("CAODIEM_PUBLIC_ADDRESS", "https://caodiem.example.vn/?a=b"),
        ("CAODIEM_PUBLIC_ADDRESS", "https://user@caodiem.example.vn"),
    ],
)
def test_wrong_setting_is_refused_with_its_name(monkeypatch, name, written):
    assert name in refused(monkeypatch, name, written)


def test_public_address_ends_without_a_slash(monkeypatch):
    monkeypatch.setenv("CAODIEM_PUBLIC_ADDRESS", "https://example.vn/caodiem/")

    assert load_settings().public_address == "https://example.vn/caodiem"


def test_token_of_sixteen_characters_is_taken_and_hidden(monkeypatch):
    monkeypatch.setenv("CAODIEM_METRICS_TOKEN", "just16characters")

    settings = load_settings()

    assert settings.metrics_token.get_secret_value() == "just16characters"
    assert "just16characters" not in repr(settings)
