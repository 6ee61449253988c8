"""Several campaigns of one installation on the command line: `--store`, the archive, backups of all, the scheduler."""

import json
import shutil
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jobs.__main__ import app
from jobs.intake.waiting_files import find_other_roots
from jobs.pulls.schedule import Beside
from jobs.workplace import workplace_of
from models.core.settings import load_settings
from models.core.store import open_store
from models.core.stores import find_keys, settings_of
from tests.campaign_folders import write_small

KEY = "small-2025"
NOW, AFTER = "2024-05-07T18:00:00+07:00", "2024-04-20T08:00:00+07:00"


def write_both(folder):
    """The small campaign, and another one of the same units."""
    made = {key: write_small(folder / key) for key in ("small", KEY)}
    settings = made[KEY] / "campaign.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('"small"', f'"{KEY}"', 1), encoding="utf-8")
    return made


@pytest.fixture
def folders(tmp_path):
    return write_both(tmp_path)


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """An installation with both, made once; copied, never changed."""
    folder = tmp_path_factory.mktemp("installation")
    made = write_both(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAODIEM_HOME", str(folder / "home"))
        patch.setenv("CAODIEM_NOW", NOW)
        patch.chdir(folder)
        for words in ((), ("--store", KEY)):
            done = CliRunner().invoke(app, [*words, "init", "--campaign", str(made[KEY if words else "small"])])
            assert done.exit_code == 0, done.stderr
        close()
    return folder / "home"


def close():
    """The stores, so that each is one file."""
    for key in ("", KEY):
        open_store(settings_of(load_settings(), key)).close()


@pytest.fixture
def several(installation, real_home):
    shutil.copytree(installation, real_home)
    yield real_home
    close()


def asked(run, *words, exit_code=0):
    result = run(*words, "--json")
    assert result.exit_code == exit_code, result.stderr
    return json.loads(result.stdout)


@pytest.mark.soak
def test_each_command_works_in_the_store_that_is_named(several, run, monkeypatch):
    run("--store", KEY, "propose")

    assert {row["origin"] for row in asked(run, "targets", "--unit", "S1", "--indicator", "online")} == {"proposed"}
    trails = {key: asked(run, *(("--store", key) if key else ()), "doctor", exit_code=1) for key in ("", KEY)}
    assert [each["says"].split(",")[0] for each in trails[KEY] if each["subject"] == "store"] == [KEY]
    monkeypatch.setenv("CAODIEM_STORE", KEY)
    assert asked(run, "doctor", exit_code=1) == trails[KEY]


def test_doctor_of_the_installation_says_which_campaign_it_speaks_of(several, run):
    found = {each["subject"]: each["says"] for each in asked(run, "doctor", exit_code=1)}

    assert found["store"].startswith("small,")
    assert found[f"{KEY}: store"].startswith(f"{KEY},")


def test_further_store_is_for_the_campaign_of_its_key_and_no_campaign_has_two(several, run, folders):
    wrong = run("--store", "other", "init", "--campaign", str(folders[KEY]))
    twice = run("--store", "small", "init", "--campaign", str(folders["small"]))

    assert (wrong.exit_code, twice.exit_code) == (1, 1)
    assert f"--store {KEY}" in wrong.stderr
    assert "has a store here already" in twice.stderr
    assert find_keys(load_settings()) == (KEY,)


def test_further_store_needs_a_front(real_home, run, folders):
    result = run("--store", KEY, "init", "--campaign", str(folders[KEY]))

    assert result.exit_code == 1
    assert find_keys(load_settings()) == ()


def test_addresses_that_are_sent_name_the_campaign(several, monkeypatch):
    monkeypatch.setenv("CAODIEM_PUBLIC_ADDRESS", "https://cao-diem.example")
    front, further = (workplace_of(load_settings(), key) for key in ("", KEY))

    assert front.page("/unit?unit=H1") == "https://cao-diem.example/unit?unit=H1"
    assert further.page("/unit?unit=H1") == f"https://cao-diem.example/unit?unit=H1&campaign={KEY}"
    assert further.page("/feeds") == f"https://cao-diem.example/feeds?campaign={KEY}"


def test_key_that_names_no_store_is_said(several, run):
    assert run("--store", "../x", "doctor").exit_code == 2
    assert "There is no store" in run("--store", "nobody", "standing").stderr


# --- accounts --------------------------------------------------------------------------------------------------------


def people(run, *words):
    return {
        row["login"]: (row["role"], row["units"], row["is_enabled"]) for row in asked(run, *words, "account", "list")
    }


def test_accounts_are_made_at_the_front_and_head_units_of_the_campaign_named(several, run):
    run("account", "add", "lan", "--role", "unit_head", "--unit", "H1")
    added = run("--store", KEY, "account", "add", "mai", "--role", "unit_head", "--unit", "H2")
    run("--store", KEY, "account", "units", "lan", "H2")
    run("--store", KEY, "account", "disable", "mai")
    refused = run("--store", KEY, "account", "add", "tu", "--role", "unit_head", "--unit", "none")

    assert added.exit_code == 0, added.stderr
    assert refused.exit_code == 2
    assert people(run) == {
        "admin": ("administrator", [], True), "lan": ("unit_head", ["H1"], True), "mai": ("unit_head", [], False),
    }  # fmt: skip
    assert people(run, "--store", KEY)["lan"] == ("unit_head", ["H2"], True)
    assert people(run, "--store", KEY)["mai"][:2] == ("unit_head", ["H2"])


def test_role_is_given_at_the_front(several, run):
    run("account", "add", "lan", "--role", "viewer")

    assert run("account", "role", "lan", "unit_head").exit_code == 1
    assert run("--store", KEY, "account", "role", "lan", "unit_head").exit_code == 0
    assert people(run)["lan"][0] == "unit_head"


# --- archive and backups ---------------------------------------------------------------------------------------------


def test_archived_campaign_refuses_commands_and_is_upgraded_all_the_same(several, run, folders, monkeypatch):
    monkeypatch.setenv("CAODIEM_NOW", AFTER)
    late = [run(*where, "campaign", "archive", "--reason", "over") for where in (("--store", KEY), ())]

    assert [each.exit_code for each in late] == [0, 0]
    assert "lies in the archive" in run("propose").stderr
    assert run("init", "--campaign", str(folders["small"])).exit_code == 0
    assert run("standing").exit_code == 0
    assert run("campaign", "archive", "--undo", "--reason", "more to do").exit_code == 0
    assert run("propose").exit_code == 0
    assert "lies in the archive" in run("--store", KEY, "propose").stderr


def test_backup_copies_every_store_and_each_comes_back_by_itself(several, run, tmp_path):
    place = tmp_path / "backups"
    place.mkdir()
    file = run("backup", str(tmp_path / "one.db"))
    copies = {report["campaign"]: report["file"] for report in asked(run, "backup", str(place))}
    alone = asked(run, "--store", KEY, "backup", str(tmp_path / "one.db"))

    assert file.exit_code == 2
    assert copies.keys() == {"small", KEY}
    assert alone["campaign"] == KEY
    close()
    wrong = run("--store", KEY, "restore", copies["small"], "--replace")
    right = run("--store", KEY, "restore", copies[KEY], "--replace")
    assert wrong.exit_code == 1
    assert right.exit_code == 0, right.stderr
    assert run("--store", KEY, "derive", "--check").exit_code == 0


def test_results_of_the_earlier_campaign_are_asked_for_by_its_key(several, run, monkeypatch):
    monkeypatch.setenv("CAODIEM_NOW", AFTER)

    unknown = run("--store", KEY, "campaign", "baselines", "--from", "nobody", "--reason", "test")
    wrong = run("--store", KEY, "campaign", "baselines", "--from", "small", "--reason", "test")

    assert unknown.exit_code == 2
    assert "ended in 2024" in wrong.stderr


# --- the scheduler ---------------------------------------------------------------------------------------------------


class Running:
    """A schedule that runs until it is stopped."""

    def __init__(self, workplace):
        self.workplace, self.stopped = workplace, threading.Event()

    def run(self):
        self.stopped.wait()

    def stop(self):
        self.stopped.set()


def test_scheduler_works_for_each_further_campaign_and_one_that_is_made_later_joins(several, run, folders, tmp_path):
    made = []
    beside = Beside(
        workplace_of(load_settings(), ""), make=lambda workplace: made.append(Running(workplace)) or made[-1]
    )
    beside.follow()
    beside.follow()
    third = Path(write_small(tmp_path / "third"))
    settings = third / "campaign.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('"small"', '"third"', 1), encoding="utf-8")
    run("--store", "third", "init", "--campaign", str(third))

    beside.follow()

    assert beside.campaigns == (KEY, "third")
    assert [each.workplace.campaign for each in made] == [KEY, "third"]
    beside.stop()
    assert all(each.stopped.is_set() for each in made)
    made[-1].workplace.store.close()


def test_campaign_whose_store_is_not_ready_waits_and_holds_nobody_up(several, run, caplog):
    store = open_store(settings_of(load_settings(), KEY))
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    beside = Beside(workplace_of(load_settings(), ""), make=Running)

    beside.follow()

    assert beside.campaigns == ()
    assert "cannot" in caplog.text


def test_each_campaign_knows_what_the_others_behind_its_door_are_of(several):
    front = load_settings()
    open_store(settings_of(front, "empty"))

    named = {key: find_other_roots(workplace_of(front, key)) for key in ("", KEY)}

    assert [len(names) for names in named.values()] == [1, 1]
    assert set(named[""]) == set(named[KEY])
