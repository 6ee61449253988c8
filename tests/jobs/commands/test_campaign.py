"""`campaign import` and `campaign export`, and what `init` asks where folder and store were both changed."""

import shutil
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import col, select
from typer.testing import CliRunner

from jobs.__main__ import app
from jobs.commands import store
from models.catalogue import load_campaign_files
from models.core.settings import load_settings
from models.core.store import open_store
from models.tables import AuditEntry
from tests.campaign_folders import write_small


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Homes with the small campaign's folder in them, taken in; copied, never changed.

    In `changed` the folder says 90, the store 70: the store's was left once.
    """
    place = tmp_path_factory.mktemp("begun")
    for name in ("taken", "changed"):
        folder = write_small(place / name / "small")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CAODIEM_HOME", str(place / name / "home"))
            patch.setenv("CAODIEM_NOW", "2024-05-07T18:00:00+07:00")
            patch.setenv("CAODIEM_CAMPAIGN", str(folder))
            initialise()
            if name == "changed":
                write(folder, "small_volume = 100", "small_volume = 70")
                initialise()
                write(folder, "small_volume = 70", "small_volume = 80")
                initialise("--take", "store")
                write(folder, "small_volume = 80", "small_volume = 90")
            open_store(load_settings()).close()
    return place


def initialise(*words: str) -> None:
    assert CliRunner().invoke(app, ["init", *words]).exit_code == 0


@pytest.fixture
def folder(begun: Path, real_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small campaign's folder, taken in."""
    return copied(begun / "taken", tmp_path, monkeypatch)


@pytest.fixture
def both_changed(begun: Path, real_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder says 90, the store 70."""
    return copied(begun / "changed", tmp_path, monkeypatch)


def copied(begun: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(begun, place, dirs_exist_ok=True)
    monkeypatch.setenv("CAODIEM_CAMPAIGN", str(place / "small"))
    return place / "small"


def write(folder: Path, old: str, new: str) -> None:
    path = folder / "campaign.toml"
    before = path.read_text("utf-8")
    assert old in before
    path.write_bytes(before.replace(old, new).encode())


def volume(run, tmp_path: Path) -> int:
    out = tmp_path / f"out{len(list(tmp_path.iterdir()))}"
    assert run("campaign", "export", str(out)).exit_code == 0
    return load_campaign_files(out).campaign.small_volume


@pytest.mark.daily(1)
@pytest.mark.parametrize("command", [("init",), ("init", "--json"), ("campaign", "import", "FOLDER")])
def test_script_is_refused_with_the_differences_and_what_to_say(both_changed, run, tmp_path, command):
    result = run(*(str(both_changed) if word == "FOLDER" else word for word in command))

    assert result.exit_code == 2
    assert "campaign.toml, figures.small_volume: “70” → “90”" in result.stderr
    assert "`--take file`" in result.stderr
    assert volume(run, tmp_path) == 70


@pytest.mark.parametrize(("take", "holds"), [("file", 90), ("store", 70)])
@pytest.mark.parametrize("command", ["init", "campaign import"])
def test_what_is_said_to_hold_holds(both_changed, run, tmp_path, command, take, holds):
    place = () if command == "init" else (str(both_changed),)

    result = run(*command.split(), *place, "--take", take)

    assert result.exit_code == 0
    assert ("the store's holds; places where its folder says otherwise: 1" in result.output) is (take == "store")
    assert volume(run, tmp_path) == holds


@pytest.mark.parametrize(("answer", "holds"), [("y", 90), ("n", 70)])
def test_whoever_sits_at_a_terminal_is_shown_the_differences_and_asked(
    both_changed, run, tmp_path, monkeypatch, answer, holds
):
    asked = []
    monkeypatch.setattr(store, "is_terminal", lambda: True)
    monkeypatch.setattr(store.typer, "confirm", lambda words, default: asked.append(words) or answer == "y")

    result = run("init")

    assert "“70” → “90”" in result.output
    assert (len(asked), volume(run, tmp_path)) == (1, holds)


@pytest.mark.soak
def test_answer_holds_for_what_was_shown_and_what_changed_meanwhile_is_asked_about(
    both_changed, run, tmp_path, monkeypatch
):
    asked = []

    def changed_meanwhile(words: str, default: None) -> bool:
        asked.append(words)
        if len(asked) == 1:
            other = write_small(tmp_path / "other")
            write(other, "small_volume = 100", "small_volume = 71")
            monkeypatch.setattr(store, "is_terminal", lambda: False)
            assert run("campaign", "import", str(other), "--take", "file").exit_code == 0
            monkeypatch.setattr(store, "is_terminal", lambda: True)
        return len(asked) == 1

    monkeypatch.setattr(store, "is_terminal", lambda: True)
    monkeypatch.setattr(store.typer, "confirm", changed_meanwhile)

    result = run("init")

    assert "“71” → “90”" in result.output
    assert (len(asked), volume(run, tmp_path)) == (2, 71)


def test_import_says_what_the_folder_itself_lacks(folder, run):
    (folder / "scores.csv").rename(folder / "score.csv")
    for file in (folder / "indicators").iterdir():
        file.unlink()

    result = run("campaign", "import", str(folder), "--take", "file", "--lang", "vi")

    assert result.exit_code == 2
    assert "scores.csv, cả tệp: không có tệp này; có phải là tệp “score.csv”?" in result.stderr
    assert "indicators/, cả thư mục: chưa có tệp .toml nào" in result.stderr


def test_nobody_is_asked_where_there_is_no_terminal():
    assert not store.is_terminal()


def test_word_that_is_no_answer_is_refused(folder, run):
    assert run("init", "--take", "both").exit_code == 2


@pytest.mark.soak
def test_export_and_import_answer_scripts(folder, run, answer, tmp_path):
    written = answer("campaign", "export", str(tmp_path / "out"))
    taken = answer("campaign", "import", str(tmp_path / "out"))

    assert written["files"][0] == "campaign.toml"
    assert taken["founding"]["has_new_files"] is False


def test_export_is_noted_in_the_trail_by_name_alone(folder, run, tmp_path):
    """The folder holds telephone numbers of heads."""
    run("campaign", "export", str(tmp_path / "out"))

    with open_store(load_settings()).reading() as session:
        newest = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
    assert (newest.action, newest.subject, newest.new) == ("download", "campaign folder", {"file": "out"})
    assert newest.reason == "campaign export"


def test_export_says_how_many_files_it_wrote_and_refuses_what_would_be_lost(folder, run, tmp_path):
    said = run("campaign", "export", str(tmp_path / "out")).output
    write(tmp_path / "out", "small_volume = 100", "small_volume = 60")
    again = run("campaign", "export", str(tmp_path / "out"))

    assert "11 files, as the store holds the campaign" in said
    assert again.exit_code == 2
    assert "--replace" in again.stderr
    assert run("campaign", "export", str(tmp_path / "out"), "--replace").exit_code == 0


def test_export_names_what_was_imported_and_no_folder_may_say(folder, run, answer, tmp_path):
    table = tmp_path / "results.csv"
    table.write_text("Mã đơn vị,Chỉ số,Năm,Kết quả (%)\nS1,online,1999,55%\n", "utf-8")
    assert run("import", str(table), "--kind", "baselines").exit_code == 0

    said = run("campaign", "export", str(tmp_path / "out"), "--lang", "vi")

    assert (said.exit_code, "cột year: là «1999»" in said.output) == (0, True)
    assert "1999" in answer("campaign", "export", str(tmp_path / "again"))["problems"][0]


def test_import_before_init_says_to_run_init(real_home, run, tmp_path):
    result = run("campaign", "import", str(write_small(tmp_path / "small")))

    assert result.exit_code == 1
    assert "python -m jobs init" in result.stderr


# --- as a workbook, and a new one -----------------------------------------------------------------------------------


def test_campaign_goes_out_as_a_workbook_and_comes_back_changed(folder, run, tmp_path):
    book = tmp_path / "small.xlsx"
    assert run("campaign", "export", str(book)).exit_code == 0
    assert "up to date" in run("campaign", "import", str(book)).output
    in_cell(book, "Chiến dịch", "Ít hồ sơ khi dưới", "1.050")

    refused = run("campaign", "import", str(book))
    taken = run("campaign", "import", str(book), "--take", "file")

    assert (refused.exit_code, taken.exit_code) == (2, 0)
    assert "figures.small_volume: “100” → “1050”" in refused.stderr
    assert volume(run, tmp_path) == 1050


def test_export_writes_over_no_workbook_unasked(folder, run, tmp_path):
    book = tmp_path / "small.xlsx"
    book.write_bytes(b"somebody's")

    assert run("campaign", "export", str(book)).exit_code == 2
    assert book.read_bytes() == b"somebody's"
    assert run("campaign", "export", str(book), "--replace").exit_code == 0


def test_new_campaign_is_made_filled_in_with_excel_and_loaded(real_home, run, tmp_path, monkeypatch):
    book = tmp_path / "other.xlsx"
    made = run(
        "campaign",
        "new",
        "other",
        "--from",
        "gia-lai-2024",
        "--start",
        "24/03/2025",
        "--days",
        "92",
        "--out",
        str(book),
        "--lang",
        "vi",
    )
    in_cell(book, "Chiến dịch", "Số văn bản", "1/KH-UBND")
    in_cell(book, "Chiến dịch", "Ngày văn bản", "1-3-2025")

    done = run("init", "--campaign", str(book))

    assert made.exit_code == 0
    assert "Còn phải điền" in made.output
    assert done.exit_code == 0
    assert "Campaign other: 258 units loaded." in done.output
    monkeypatch.setenv("CAODIEM_CAMPAIGN", str(book))
    assert "up to date" in run("init").output
    assert run("doctor").exit_code in (0, 1)


def test_new_campaign_has_a_key_that_commands_can_name(run, tmp_path):
    out = ("--start", "2025-03-24", "--days", "92", "--out", str(tmp_path / "x"))

    assert run("campaign", "new", "Gia Lai", "--from", "gia-lai-2024", *out).exit_code == 2
    assert run("campaign", "new", "gia-lai", "--from", "gia-lai-2024", *out, "--json").exit_code == 0


def in_cell(book: Path, sheet: str, label: str, value: str) -> None:
    """Write beside a heading, as somebody with Excel does."""
    held = openpyxl.load_workbook(book)
    row = next(row for row in held[sheet].iter_rows() if str(row[0].value).removesuffix(" *") == label)
    row[1].value = value
    held.save(book)
