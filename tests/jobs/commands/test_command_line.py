"""The command line as scripts and people use it: what it prints, and how it ends."""

import json
import os
import re
import runpy
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from jobs.__main__ import app
from jobs.commands import standing
from jobs.pulls import turns
from models.core.settings import CAMPAIGNS, PROJECT
from models.core.store import Store
from tests.campaign_folders import write_small
from tests.jobs.conftest import Command

Answer = Callable[..., Any]

GOLDEN = """
    unit   | indicator    | phase   | value
    SGTVT  | online       | 50-day  | 50
    SGTVT  | online       | 100-day | 60
    SGTVT  | payment      | 50-day  | 72.37
    SGTVT  | payment      | 100-day | 77.37
    H21.58 | online       | 50-day  | 50
    H21.58 | online       | 100-day | 60
    23881  | online       | 50-day  | 50
    23881  | online       | 100-day | 60
    H21.58 | publicity    | 100-day | 100
    H21.58 | digitisation | 100-day | 100
    H21.58 | timeliness   | 100-day | 100
    H21.58 | satisfaction | 100-day | 100
"""


def golden() -> list[tuple[str, str, str, str]]:
    lines = GOLDEN.strip().splitlines()[1:]
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [(unit, indicator, phase, value) for unit, indicator, phase, value in rows]


def test_targets_gives_the_golden_values(real_home: Path, run: Command, answer: Answer) -> None:
    run("init")

    every = answer("targets")

    for unit, indicator, phase, value in golden():
        found = [row for row in every if (row["unit"], row["indicator"], row["phase"]) == (unit, indicator, phase)]
        assert [row["value"] for row in found] == [value], (unit, indicator, phase)
    assert answer("targets", "--unit", unit, "--indicator", indicator, "--phase", phase) == found


def test_targets_says_what_is_missing_where_the_centre_has_set_nothing(
    home_of_few: Path, run: Command, answer: Answer
) -> None:
    run("init")

    row = answer("targets", "--unit", "H21", "--indicator", "payment", "--phase", "50-day")[0]

    assert (row["value"], row["because"], row["origin"]) == (None, "central_target_missing", "proposed")
    assert "2024" in row["explanation"]
    assert "Tỷ lệ thanh toán trực tuyến" in row["explanation"]


def test_targets_have_every_column_of_the_contract(home: Path, answer: Answer) -> None:
    row = answer("targets", "--unit", "SGTVT", "--indicator", "payment", "--phase", "100-day")[0]

    promised = "unit name indicator phase due baseline central value origin because explanation document version by at"
    assert set(promised.split()) <= set(row)
    assert (row["baseline"], row["due"], row["document"]) == ("67.37", "2024-06-30", "696/KH-SGTVT")


def test_standing_has_every_column_of_the_contract(home: Path, answer: Answer) -> None:
    rows = answer("standing", "--unit", "H21")

    promised = (
        "unit name level indicator phase as_of value numerator denominator baseline target gap cases_missing "
        "cases_needed share_needed attainable week_value coverage by due trajectory ahead pace needed_pace projection "
        "low high probability standing"
    )
    assert [set(promised.split()) <= set(row) for row in rows] == [True] * 6
    assert {row["as_of"] for row in rows} == {"2024-05-07"}


def test_standing_as_known_earlier_differs_from_today_only_where_figures_came_late(home: Path, answer: Answer) -> None:
    now = answer("standing", "--as-of", "2024-04-20")

    then = answer("standing", "--as-of", "2024-04-20", "--known-at", "2024-04-20T20:00")

    late = {row["unit"] for row, was in zip(now, then, strict=True) if row != was}
    on_time = {row["unit"] for row in now} - late
    assert late
    assert len(on_time) > len(late)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("standing", "--as-of", "31/02/2024"), 2, "31/02/2024"),
        (("standing", "--known-at", "Monday"), 2, "Monday"),
        (("standing", "--unit", "H99"), 2, "No unit is called “H99”"),
        (("standing", "--phase", "60-day"), 2, "Known: 50-day, 100-day, maintain"),
        (("targets", "--indicator", "online_rate"), 2, "Known: publicity"),
        (("issue", "--phase", "50-day", "--document", " ", "--date", "2024-03-19"), 2, "give its number"),
        (("issue", "--phase", "60-day", "--document", "1/QĐ", "--date", "2024-03-19"), 2, "Known: 50-day"),
        (("init", "--campaign", "nowhere"), 2, "gia-lai-2024"),
        (("no-such-command",), 2, "No such command"),
        (("standing", "--lang", "xx"), 2, "write one of vi, en"),
        (("targets", "--lang", "xx"), 2, "write one of vi, en"),
        (("quarantine", "--lang", "xx"), 2, "write one of vi, en"),
        (("pull", "--lang", "xx"), 2, "write one of vi, en"),
        (("account", "list", "--lang", "xx"), 2, "write one of vi, en"),
        (("backtest", "--own", "--lang", "xx"), 2, "write one of vi, en"),
        (("template", "readings", "--out", "nowhere/form.xlsx"), 2, "there is no folder nowhere"),
        (("template", "readings", "--out", "."), 2, "name a file"),
        (("quarantine", "--set", "Tử số=1"), 2, "goes with --readmit"),
        (("quarantine", "--as-of", "2024-05-06"), 2, "goes with --readmit"),
        (("snapshot", "--as-of", "2024-01-01"), 2, "Figures are frozen of a day from"),
        (("snapshot", "--as-of", "2030-01-01"), 2, "Figures are frozen of a day from"),
        (("restore", "nowhere.db"), 2, "cannot be read"),
    ],
)
def test_a_wrong_word_is_answered_with_what_is_allowed(
    home: Path, run: Command, words: tuple[str, ...], code: int, says: str
) -> None:
    result = run(*words)

    assert result.exit_code == code
    assert says in " ".join((result.output + result.stderr).replace("│", " ").split())
    assert "Traceback" not in result.output + result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("CAODIEM_NOW", "soon"), ("CAODIEM_PORT", "x"), ("CAODIEM_DATABASE", "foo")],
)
def test_a_wrong_setting_is_wrong_use(
    home: Path, run: Command, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    result = run("standing")

    assert result.exit_code == 2
    assert name in result.stderr


def test_a_store_that_cannot_be_used_is_said_and_no_traceback_shown(home: Path, run: Command) -> None:
    (home / "caodiem.db").write_bytes(b"SQLite format 3\0" + b"rubbish" * 1000)

    result = run("standing")

    assert result.exit_code == 1
    assert "The store cannot be used now:" in result.stderr


def test_init_refuses_a_store_that_no_step_brings_here_before_it_asks_it_anything(home: Path, run: Command) -> None:
    with closing(sqlite3.connect(home / "caodiem.db")) as store, store:
        store.execute("ALTER TABLE store_state DROP COLUMN trail_seal")
        store.execute("UPDATE alembic_version SET version_num = '0009'")

    result = run("init")

    assert result.exit_code == 1
    assert "version 0009, made before the first release" in result.stderr


def test_a_disk_that_takes_nothing_is_said_and_no_traceback_shown(
    home: Path, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "form.xlsx")

    monkeypatch.setattr("jobs.commands.figures.write_template", refuse)

    result = run("template", "readings", "--out", "form.xlsx")

    assert result.exit_code == 1
    assert "form.xlsx: No space left on device." in result.stderr


@pytest.mark.parametrize("words", [("standing",), ("targets",), ("propose",), ("derive",), ("serve",)])
def test_a_command_before_init_says_to_run_init(real_home: Path, run: Command, words: tuple[str, ...]) -> None:
    result = run(*words)

    assert result.exit_code == 1
    assert "python -m jobs init" in result.stderr


def test_issuing_is_versioned_and_twice_is_once(real_home: Path, run: Command, answer: Answer) -> None:
    run("init")
    words = ("issue", "--phase", "50-day", "--document", "629/KH-UBND", "--date", "19/03/2024")

    first, second = answer(*words), answer(*words)

    row = answer("targets", "--unit", "H21.58", "--indicator", "online", "--phase", "50-day")[0]
    assert (first["unchanged"], second["issued"]) == (0, 0)
    assert second["unchanged"] == first["issued"] > 1000
    assert (row["origin"], row["document"], row["version"]) == ("issued", "629/KH-UBND", 1)


@pytest.mark.soak
def test_issuing_says_which_target_is_out_of_reach_for_nearly_all_and_what_most_can_reach(
    home: Path, run: Command
) -> None:
    said = run("issue", "--lang", "vi", "--phase", "100-day", "--document", "1/KH-UBND", "--date", "07/05/2024")

    assert said.exit_code == 0
    assert re.search(r"Tiến độ giải quyết: \d+/\d+ đơn vị không còn khả năng đạt.*Gợi ý: 9\d,\d% là mức", said.output)
    assert "Tỷ lệ hồ sơ trực tuyến" not in said.output


@pytest.mark.soak
def test_init_again_changes_nothing(home_of_few: Path, run: Command, answer: Answer) -> None:
    first = answer("init")
    before = answer("targets")

    again = answer("init")

    assert (first["founding"]["is_new"], again["founding"]["is_new"]) == (True, False)
    assert answer("targets") == before


def test_init_names_each_place_of_the_files_that_it_follows(
    real_home: Path, run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_small(tmp_path / "small")
    monkeypatch.setenv("CAODIEM_CAMPAIGN", str(folder))
    run("init")
    _write(folder / "indicators" / "online.toml", "uplift = 10", "uplift = 12")
    _write(folder / "units.csv", "X2,commune,UBND xã Hai,H1,,,,,,,,,\n", "")

    got, again = run("init").output, run("init").output

    assert "its files have changed, 2 places followed." in got
    assert "indicators/online.toml, rule.uplift: “10” → “12”" in got
    assert "Rows taken out of the files that stay in the store:\n  units.csv, X2: “" in got
    assert "Campaign small: up to date." in again


def test_init_names_so_many_places_and_counts_the_others(
    real_home: Path, run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_small(tmp_path / "small")
    monkeypatch.setenv("CAODIEM_CAMPAIGN", str(folder))
    monkeypatch.setattr("jobs.campaigns.folder.MOST_SAID", 1)
    run("init")
    _write(folder / "indicators" / "online.toml", "uplift = 10", "uplift = 12")
    _write(folder / "campaign.toml", "small_volume = 100", "small_volume = 90")

    assert "… (+1)" in run("init").output


def test_init_says_that_only_comments_changed(
    real_home: Path, run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_small(tmp_path / "small")
    monkeypatch.setenv("CAODIEM_CAMPAIGN", str(folder))
    run("init")
    _write(folder / "campaign.toml", "# Falling.", "# They fall.")

    assert "only comments, spacing or the order of rows" in run("init").output


def test_init_and_doctor_say_which_source_no_indicator_takes(
    real_home: Path, run: Command, answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_small(tmp_path / "small")
    monkeypatch.setenv("CAODIEM_CAMPAIGN", str(folder))
    for path in (folder / "indicators").glob("*.toml"):
        _write(path, '["igate", "file"]', '["igate"]')

    got = run("init").output

    assert "No indicator takes its figures from the source file: what it tells is stored and never judged." in got
    findings = {each["subject"]: each for each in answer("doctor", exit_code=1)}
    assert findings["untaken source file"]["is_well"]
    assert "never judged" in findings["untaken source file"]["says"]


def test_init_refuses_an_ftp_address_with_file_key_and_what_to_write(
    real_home: Path, run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_small(tmp_path / "small")
    monkeypatch.setenv("CAODIEM_CAMPAIGN", str(folder))
    _write(folder / "sources.toml", "https://igate.example", "ftp://igate.example")

    result = run("init", "--lang", "vi")

    assert result.exit_code == 2
    assert "sources.toml, igate.address: " in result.stderr
    assert "không phải địa chỉ dùng được; ví dụ https://" in result.stderr


def _write(path: Path, old: str, new: str) -> None:
    before = path.read_text("utf-8")
    assert old in before
    path.write_bytes(before.replace(old, new).encode())


def test_init_tells_the_first_administrators_password_once(home_of_few: Path, run: Command) -> None:
    first = run("init").output

    again = run("init").output

    [password] = re.findall(r"one-time password: (\S+)", first)
    assert "admin" in run("account", "list").output
    assert "password" not in again
    assert password not in again


def test_scripts_get_the_first_administrators_password_too(home_of_few: Path, answer: Answer) -> None:
    first, again = answer("init"), answer("init")

    assert first["administrator"]["login"] == "admin"
    assert len(first["administrator"]["password"]) >= 12
    assert again["administrator"] is None


def test_a_demonstration_is_never_added_to_a_real_campaign(home_of_few: Path, run: Command) -> None:
    run("init")

    result = run("init", "--demo")

    assert result.exit_code == 1
    assert "CAODIEM_HOME" in result.stderr


def test_demo_if_empty_leaves_a_real_campaign_as_it_is(home_of_few: Path, run: Command, answer: Answer) -> None:
    run("init")

    again = answer("init", "--demo-if-empty")

    assert again["is_demonstration"] is False
    assert {row["simulated"] for row in answer("standing", "--unit", "H21")} == {False}


def test_a_mistake_in_the_files_names_file_and_line_and_loads_nothing(
    real_home: Path, run: Command, tmp_path: Path
) -> None:
    folder = tmp_path / "campaign"
    folder.mkdir()
    for path in (CAMPAIGNS / "gia-lai-2024").rglob("*"):
        if path.is_file():
            copy = folder / path.relative_to(CAMPAIGNS / "gia-lai-2024")
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(path.read_bytes())
    units = folder / "units.csv"
    units.write_text(units.read_text(encoding="utf-8").replace(",district,", ",distrikt,", 1), encoding="utf-8")

    result = run("init", "--campaign", str(folder), "--lang", "vi")

    assert result.exit_code == 2
    assert "units.csv, dòng 23, cột level: nêu cấp «distrikt» chưa có; có phải là «district»?" in result.stderr
    assert run("standing").exit_code == 1


@pytest.mark.soak
@pytest.mark.parametrize("home", ["whole"], indirect=True)
def test_derive_proves_what_is_kept(home: Path, answer: Answer) -> None:
    assert answer("derive", "--check") == {"differences": []}
    assert answer("derive") == {"days": 47}
    assert answer("derive", "--check") == {"differences": []}


def test_doctor_finds_a_demonstration_well_but_for_its_late_source(home: Path, run: Command) -> None:
    result = run("doctor", "--json")
    findings = {finding["subject"]: finding["is_well"] for finding in json.loads(result.stdout)}

    assert findings.keys() >= {"settings", "disk", "store", "migrations", "audit chain", "figures", "backup"}
    assert {subject for subject in findings if subject.startswith("source ")} >= {
        "source demonstration",
        "source igate",
    }
    assert [subject for subject, is_well in findings.items() if not is_well] == ["source demonstration-late"]
    assert result.exit_code == 1


def test_doctor_finds_trouble_before_init(real_home: Path, run: Command) -> None:
    result = run("doctor")

    assert result.exit_code == 1
    assert "TROUBLE store" in result.output


def test_people_get_tables_in_their_language(home: Path, run: Command) -> None:
    vietnamese, english = run("standing", "--unit", "H21", "--lang", "vi"), run("standing", "--unit", "H21")

    assert "số liệu minh họa" in vietnamese.output
    assert "simulated figures" in english.output


def test_table_says_which_sums_mix_sources(home: Path, run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "find_mixed", lambda *_, **__: {"online": {"igate": 2, "file": 1}})

    result = run("standing", "--unit", "H21", "--lang", "en")

    assert "added up from several sources:" in result.output.splitlines()[-1]


def test_every_command_has_help(run: Command) -> None:
    names = [
        command.name or (command.callback.__name__ if command.callback else "") for command in app.registered_commands
    ]

    for name in names:
        assert run(name.replace("import_file", "import"), "--help").exit_code == 0


# --- a store that others write to, and files that are the owner's alone ---------------------------------------------


def test_import_waits_for_others_with_a_sentence(home: Path, run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.core.store.BUSY_SECONDS", 0)
    monkeypatch.setattr(turns, "PAUSE", 0.05)
    file = home.parent / "figures.csv"
    file.write_text("Mã đơn vị,Chỉ tiêu,Ngày,Tử số,Mẫu số\nH21.58,online,06/05/2024,1,30000\n", encoding="utf-8")
    with closing(Store(f"sqlite:///{home / 'caodiem.db'}")) as other, ExitStack() as holding:
        holding.enter_context(other.writing())
        waiting = turns.is_occupied
        monkeypatch.setattr(turns, "is_occupied", lambda error: (holding.close(), waiting(error))[1])

        result = run("import", str(file), "--lang", "en")

    assert result.exit_code == 0, result.stderr
    assert result.stderr.count("Others are writing to the store; waiting for them.") == 1


def test_import_that_waits_in_vain_says_so(home: Path, run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.core.store.BUSY_SECONDS", 0)
    monkeypatch.setattr(turns, "PATIENCE", 0.0)
    file = home.parent / "figures.csv"
    file.write_text("Mã đơn vị,Chỉ tiêu,Ngày,Tử số,Mẫu số\nH21.58,online,06/05/2024,1,30000\n", encoding="utf-8")
    with closing(Store(f"sqlite:///{home / 'caodiem.db'}")) as other, other.writing():
        result = run("import", str(file), "--lang", "en")

    assert result.exit_code == 1
    assert "nothing was changed" in result.stderr
    assert "Traceback" not in result.stderr


def run_unmasked(*words: str) -> int:
    """`python -m jobs` in a process that may show its files to everybody; answers how it ends."""
    child = os.fork()
    if child == 0:
        ended: object = "stumbled"
        try:
            os.umask(0)
            sys.argv = ["jobs", *words]
            runpy.run_path(str(PROJECT / "jobs"), run_name="__main__")
        except SystemExit as end:
            ended = end.code or 0
        finally:
            os._exit(ended if isinstance(ended, int) else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_whatever_a_command_writes_is_its_owner_s_alone(founded: Path, real_home: Path) -> None:
    home = real_home
    shutil.copytree(founded, home)
    for path in (home, *home.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)

    assert run_unmasked("backup", str(home.parent / "new" / "copy.db")) == 0

    written = {path.name: path.stat().st_mode & 0o777 for path in (*home.rglob("*"), *(home.parent / "new").rglob("*"))}
    assert written["copy.db"] == written["last_backup.json"] == 0o600
    assert {name for name, mode in written.items() if mode & 0o077} == set()
    assert (home.parent / "new").stat().st_mode & 0o777 == 0o700


@pytest.mark.soak
def test_audit_trail_is_sealed_when_asked_and_then_by_itself(
    founded: Path, real_home: Path, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(founded, real_home)
    without = run("init", "--seal")
    monkeypatch.setenv("CAODIEM_AUDIT_KEY", "a key of the province")
    got = [run("doctor"), run("init", "--seal"), run("doctor"), run("propose"), run("doctor")]

    assert (without.exit_code, "CAODIEM_AUDIT_KEY" in without.stderr) == (2, True)
    assert "TROUBLE audit seal: it is not sealed" in got[0].stdout
    assert (got[1].exit_code, "The audit trail is sealed" in got[1].stdout) == (0, True)
    assert all("ok      audit seal: it holds" in got[at].stdout for at in (2, 4))
