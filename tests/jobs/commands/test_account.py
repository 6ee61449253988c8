"""The commands about accounts, as people and scripts use them."""

import stat

import openpyxl
import pytest
from sqlmodel import select
from typer.testing import CliRunner

from jobs.__main__ import app
from models.accounts import passwords
from models.accounts.queries import find_account, find_password_hash
from models.core.settings import load_settings
from models.core.store import open_store
from models.tables import AuditEntry
from tests.jobs.people_file import workbook
from tests.models.accounts_world import CHEAP


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)


@pytest.fixture
def kept(home):
    """What the store holds of an account, and whether a password is its own."""

    def asked(login, password=None):
        with open_store(load_settings()).reading() as session:
            found = find_account(session, login)
            if password is None:
                return found
            return passwords.matches(find_password_hash(session, found.id), password)

    return asked


def test_account_is_added_with_a_one_time_password_printed_once(run, answer, kept):
    got = answer("account", "add", "Lan.Nguyen", "--role", "leader", "--name", "Nguyễn Lan")

    account = kept("lan.nguyen")
    assert got["login"] == "lan.nguyen"
    assert (account.name, account.role, account.must_change) == ("Nguyễn Lan", "leader", True)
    assert kept("lan.nguyen", got["one_time_password"])
    assert got["one_time_password"] not in run("account", "list").output


def test_password_may_come_from_standard_input_and_is_never_printed(home, kept):
    outcome = CliRunner().invoke(
        app, ["account", "add", "lan", "--role", "viewer", "--stdin"], input="bốn từ dễ nhớ\nmore\n"
    )

    assert outcome.exit_code == 0
    assert "bốn từ" not in outcome.output
    assert kept("lan", "bốn từ dễ nhớ")


def test_weak_password_from_standard_input_is_refused(home):
    outcome = CliRunner().invoke(
        app, ["account", "add", "lan", "--role", "viewer", "--stdin", "--lang", "en"], input="short\n"
    )

    assert outcome.exit_code == 1
    assert "at least 12 characters" in outcome.stderr


def test_no_command_takes_a_password_as_an_argument(home, run):
    for command in ("add", "password"):
        assert "--password" not in run("account", command, "--help").output


def test_list_shows_accounts_for_people_and_scripts(home, run, answer):
    run("account", "add", "lan", "--role", "unit_head", "--unit", "SGTVT")

    [row] = answer("account", "list", "giao thông")
    shown = run("account", "list", "lan").output

    assert (row["login"], row["units"]) == ("lan", ["SGTVT"])
    assert "lan" in shown


def test_role_units_and_state_are_changed(run, kept):
    run("account", "add", "lan", "--role", "viewer")

    assert run("account", "units", "lan", "SGTVT", "SGDDT").exit_code == 0
    assert run("account", "role", "lan", "unit_head").exit_code == 0
    assert run("account", "disable", "lan").exit_code == 0

    account = kept("lan")
    assert (account.role, set(account.units), account.is_enabled) == ("unit_head", {"SGTVT", "SGDDT"}, False)
    run("account", "disable", "lan", "--undo")
    assert kept("lan").is_enabled


def test_forgotten_password_is_replaced_by_a_one_time_one(run, answer, kept):
    first = answer("account", "add", "lan", "--role", "viewer")["one_time_password"]

    second = answer("account", "password", "lan")["one_time_password"]

    assert not kept("lan", first)
    assert kept("lan", second)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("account", "role", "nobody", "viewer"), 2, "nobody"),
        (("account", "add", "lan", "--role", "boss"), 2, "boss"),
        (("account", "add", "lan", "--role", "viewer", "--unit", "X"), 2, "X"),
        (("account", "add", "hai từ", "--role", "viewer"), 1, "cannot be a login"),
    ],
)
def test_mistake_is_told_with_its_exit(home, run, words, code, said):
    outcome = run(*words)

    assert outcome.exit_code == code
    assert said in outcome.stderr


def test_workbook_is_taken_in_and_only_its_owner_may_read_the_list(home, run, kept, tmp_path):
    people = workbook(tmp_path / "people.xlsx", ("Họ tên", "Mã đơn vị"), ("Lê Văn A", "SGTVT"))
    out = tmp_path / "sealed.xlsx"

    outcome = run("account", "import", str(people), "--out", str(out))

    assert outcome.exit_code == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    password = openpyxl.load_workbook(out).active["E5"].value
    assert kept("sgtvt", password)
    assert password not in outcome.output


def test_list_of_another_import_is_never_written_over(home, run, tmp_path):
    people = workbook(tmp_path / "people.xlsx", ("Họ tên", "Mã đơn vị"), ("Lê Văn A", "SGTVT"))
    out = tmp_path / "sealed.xlsx"
    out.write_text("passwords of another import")

    outcome = run("account", "import", str(people), "--out", str(out))

    assert outcome.exit_code == 2
    assert out.read_text() == "passwords of another import"


def test_every_change_is_told_in_the_audit_with_the_systems_account(home, run):
    run("account", "add", "lan", "--role", "viewer")
    run("account", "disable", "lan")

    with open_store(load_settings()).reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.subject == "account lan")).all()
    assert [entry.action for entry in entries] == ["create_account", "disable_account"]
    assert all(entry.by.startswith("system:") for entry in entries)
