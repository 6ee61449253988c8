"""A file on its whole way: from the command line into the store, into quarantine, and back out in the answers."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jobs.__main__ import app
from models.core.settings import CAMPAIGNS
from tests.jobs.conftest import Command

Answer = Callable[..., Any]
HEADER = "Đơn vị;Chỉ số;Ngày;Tử số;Mẫu số;Tỷ lệ"


@pytest.fixture
def campaign(founded: Path, real_home: Path) -> Path:
    """A real store with the bundled campaign, on the evening of 07/05/2024."""
    shutil.copytree(founded, real_home)
    return real_home


def write(path: Path, *lines: str) -> str:
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return str(path)


def online(answer: Answer, unit: str, *words: str) -> dict[str, Any]:
    return next(row for row in answer("standing", "--unit", unit, *words) if row["indicator"] == "online")


def test_good_rows_come_in_and_bad_ones_wait_in_quarantine(campaign: Path, tmp_path: Path, answer: Answer) -> None:
    file = write(
        tmp_path / "so-lieu.csv",
        "UBND huyện Ia Grai;Tỷ lệ hồ sơ trực tuyến;06/05/2024;415;1.000;41,5%",
        "UBND huyện Ia Gray;Tỷ lệ hồ sơ trực tuyến;06/05/2024;1;2;",
        "Sở GT-VT;online;06/05/2024;9;5;",
    )

    report = answer("import", file, exit_code=3)

    assert (report["kind"], report["accepted"], len(report["rejected"])) == ("readings", 1, 2)
    assert [row["where"] for row in report["rejected"]] == ["line 3", "line 4"]
    assert "UBND huyện Ia Grai" in report["rejected"][0]["problem"]
    kept = answer("quarantine")
    assert [row["raw"]["Đơn vị"] for row in kept] == ["UBND huyện Ia Gray", "Sở GT-VT"]
    row = online(answer, "H21.58")
    assert (row["numerator"], row["denominator"], row["value"], row["week_value"]) == (415, 1000, 41.5, None)


def test_the_same_file_twice_changes_nothing(campaign: Path, tmp_path: Path, answer: Answer) -> None:
    file = write(tmp_path / "a.csv", "H21.58;online;06/05/2024;415;1000;", "nobody;online;06/05/2024;1;2;")
    answer("import", file, exit_code=3)
    before = answer("standing")

    again = answer("import", file, exit_code=3)

    assert (again["accepted"], again["revised"], again["unchanged"]) == (0, 0, 1)
    assert answer("standing") == before
    assert len(answer("quarantine")) == 1


def test_a_changed_figure_is_a_revision_and_the_old_one_can_be_asked_for(
    campaign: Path, tmp_path: Path, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAODIEM_NOW", "2024-05-08T08:00:00+07:00")
    answer("import", write(tmp_path / "a.csv", "H21.58;online;05/05/2024;400;1000;"))
    monkeypatch.setenv("CAODIEM_NOW", "2024-05-09T08:00:00+07:00")

    report = answer("import", write(tmp_path / "b.csv", "H21.58;online;05/05/2024;300;1000;"))

    assert (report["accepted"], report["revised"]) == (0, 1)
    assert online(answer, "H21.58", "--as-of", "2024-05-05")["value"] == 30
    assert online(answer, "H21.58", "--as-of", "2024-05-05", "--known-at", "2024-05-08T12:00")["value"] == 40


def test_strict_takes_all_rows_or_none(campaign: Path, tmp_path: Path, answer: Answer) -> None:
    file = write(tmp_path / "a.csv", "H21.58;online;06/05/2024;415;1000;", "nobody;online;06/05/2024;1;2;")

    report = answer("import", file, "--strict", exit_code=1)

    assert (report["stored"], report["accepted"], len(report["rejected"])) == (False, 0, 1)
    assert online(answer, "H21.58")["value"] is None
    assert answer("quarantine") == []


def test_a_dry_run_counts_and_changes_nothing(campaign: Path, tmp_path: Path, answer: Answer) -> None:
    file = write(tmp_path / "a.csv", "H21.58;online;06/05/2024;415;1000;")

    report = answer("import", file, "--dry-run")

    assert (report["stored"], report["accepted"], report["run"]) == (False, 1, None)
    assert online(answer, "H21.58")["value"] is None


def test_a_reported_percent_that_its_counts_contradict_is_taken_in_with_a_warning(
    campaign: Path, tmp_path: Path, answer: Answer
) -> None:
    file = write(tmp_path / "a.csv", "H21;online;06/05/2024;21.683;306.958;7,01%")

    report = answer("import", file)

    assert report["accepted"] == 1
    assert any("7,06" in warning["says"] for warning in report["warnings"])


def test_a_central_target_brings_the_proposals_that_waited_for_it(
    campaign: Path, tmp_path: Path, answer: Answer
) -> None:
    file = tmp_path / "trung-uong.csv"
    file.write_text("Chỉ số,Tỷ lệ,Năm,Văn bản\nTỷ lệ thanh toán trực tuyến,30,2024,QĐ 100/QĐ-TTg\n", encoding="utf-8")

    report = answer("import", str(file))

    row = answer("targets", "--unit", "H21.58", "--indicator", "payment", "--phase", "100-day")[0]
    assert (report["kind"], report["accepted"]) == ("central", 1)
    assert (row["value"], row["because"], row["central"]) == ("40", "below_central", "30")


def test_a_portal_table_of_points_is_never_taken_for_rates(campaign: Path, tmp_path: Path, answer: Answer) -> None:
    file = tmp_path / "cong.csv"
    file.write_text(
        "TEN_COQUAN,MA_COQUAN,TDGQ,MDHL,MDSH,TTTT,CLGQ,CKMB,TONG_SCORE,ROW_STT\n"
        "UBND huyện Ia Grai,000.00.58.H21,19.38,18,18.75,9.31,8.08,18,91.52,1\n",
        encoding="utf-8",
    )

    report = answer("import", str(file), "--source", "portal-2024", "--as-of", "2024-04-30")

    assert report["kind"] == "scores"
    assert {row["value"] for row in answer("standing", "--unit", "H21.58")} == {None}


def test_a_workbook_below_titles_and_with_a_total_row_names_its_cells(
    campaign: Path, tmp_path: Path, answer: Answer
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["BÁO CÁO TỶ LỆ HỒ SƠ TRỰC TUYẾN"],
        ["(Số liệu tính đến ngày 06/05/2024)"],
        [],
        ["STT", "Đơn vị", "Chỉ số", "Tử số", "Mẫu số"],
        [1, "UBND huyện Ia Grai", "online", 415, 1000],
        [2, "UBND xã Ia Pnôn", "online", 12, 9],
        ["", "Tổng cộng", "", 427, 1009],
    ):
        sheet.append(row)
    file = tmp_path / "bao-cao.xlsx"
    book.save(file)

    report = answer("import", str(file), exit_code=3)

    assert (report["accepted"], report["as_of"]) == (1, "2024-05-06")
    assert [(row["where"], row["value"]) for row in report["rejected"]] == [("Sheet!D6", "12")]


@pytest.mark.parametrize("kind", ["readings", "baselines", "central", "targets", "scores", "units"])
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_template_is_written_for_each_kind(
    campaign: Path, tmp_path: Path, run: Command, kind: str, ending: str
) -> None:
    out = tmp_path / f"mau.{ending}"

    result = run("template", kind, "--out", str(out))

    assert (result.exit_code, out.stat().st_size > 0) == (0, True)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("page.xls", b"<!DOCTYPE html><html><body>Request rejected</body></html>"),
        ("not.xlsx", b"this is no workbook"),
        ("latin.csv", "Đơn vị;Tỷ lệ\nSở;1\n".encode("utf-16-le")),
        ("columns.csv", b"a;b;c\n1;2;3\n"),
    ],
)
def test_a_file_that_is_no_table_ends_with_its_reason_and_exit_2(
    campaign: Path, tmp_path: Path, run: Command, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)

    result = run("import", str(file))

    assert result.exit_code == 2
    assert name in result.stderr
    assert "Traceback" not in result.output + result.stderr


@pytest.mark.parametrize(
    ("words", "says"), [((), "holds JSON"), (("--lang", "vi"), "dữ liệu JSON"), (("--lang", "en"), "holds JSON")]
)
def test_a_refused_file_is_told_in_the_language_of_what_is_printed(
    campaign: Path, tmp_path: Path, run: Command, words: tuple[str, ...], says: str
) -> None:
    file = tmp_path / "a.json"
    file.write_text('[{"unit": "H21.58"}]')

    result = run("import", str(file), *words)

    assert result.exit_code == 2
    assert says in result.stderr
    assert len(result.stderr.splitlines()) <= 5


def test_a_font_nobody_knows_is_wrong_use(campaign: Path, tmp_path: Path, run: Command) -> None:
    file = write(tmp_path / "a.csv", "H21.58;online;06/05/2024;415;1000;")

    result = run("import", file, "--font", "viscii")

    assert result.exit_code == 2
    assert "unicode, tcvn3, vni" in result.stderr


def test_a_missing_file_and_an_unknown_source_end_with_exit_2(campaign: Path, tmp_path: Path, run: Command) -> None:
    file = write(tmp_path / "a.csv", "H21.58;online;06/05/2024;415;1000;")

    missing = run("import", str(tmp_path / "nothing.csv"))
    unknown = run("import", file, "--source", "newspaper")

    assert (missing.exit_code, unknown.exit_code) == (2, 2)
    assert "nothing.csv" in missing.stderr
    assert "newspaper" in unknown.stderr


def test_everything_that_enters_a_demonstration_is_simulated(home: Path, tmp_path: Path, answer: Answer) -> None:
    answer("import", write(tmp_path / "a.csv", "H21.58;online;06/05/2024;415;1000;"))

    assert {row["simulated"] for row in answer("standing", "--unit", "H21.58")} == {True}


@pytest.mark.soak
def test_people_read_what_became_of_their_file(campaign: Path, tmp_path: Path, run: Command) -> None:
    file = write(tmp_path / "a.csv", "H21.58;online;06/05/2024;415;1000;", "nobody;online;06/05/2024;1;2;")

    vietnamese = run("import", file, "--lang", "vi").output
    english = run("import", file, "--lang", "en", "--dry-run").output

    assert "2 số liệu: 1 mới, 0 điều chỉnh, 0 không đổi, 1 dòng lỗi" in vietnamese
    assert "2 figures: 0 new, 0 revised, 1 unchanged, 1 refused" in english
    with pytest.raises(json.JSONDecodeError):
        json.loads(vietnamese)


@pytest.mark.soak
def test_a_source_that_the_files_no_longer_name_is_refused_by_its_name(
    founded: Path, real_home: Path, tmp_path: Path, run: Command
) -> None:
    shutil.copytree(founded, real_home)
    folder = tmp_path / "gia-lai-2024"
    shutil.copytree(CAMPAIGNS / "gia-lai-2024", folder)
    sources = (folder / "sources.toml").read_text(encoding="utf-8")
    (folder / "sources.toml").write_text(sources.replace("[igate]", "[one-stop]"), encoding="utf-8")
    for path in (folder / "indicators").glob("*.toml"):
        path.write_text(path.read_text(encoding="utf-8").replace('"igate"', '"one-stop"'), encoding="utf-8")
    assert run("init", "--campaign", str(folder)).exit_code == 0
    file = write(tmp_path / "a.csv", "H21.58;online;06/05/2024;415;1000;")

    result = run("import", file, "--source", "igate")

    assert result.exit_code == 2
    assert "igate" in result.stderr
    assert "one-stop" in result.stderr


def imported(file: str, **where: Any) -> subprocess.CompletedProcess[bytes]:
    """The command as a process of its own."""
    environment = dict(os.environ) | where.pop("env", {})
    got = {"stdout": subprocess.PIPE} | where
    words = [sys.executable, "-m", "jobs", "import", file]
    return subprocess.run(words, cwd=CAMPAIGNS.parents[1], env=environment, stderr=subprocess.PIPE, check=False, **got)


@pytest.mark.soak
def test_console_that_has_not_our_letters_shows_their_numbers(campaign: Path, tmp_path: Path, answer: Answer) -> None:
    place = tmp_path / os.fsdecode(b"s\xe1 li\xe1u.csv")
    file = write(place, "UBND huyện Ia Grai;online;06/05/2024;415;1000;", "Xã Không Có;online;06/05/2024;415;1000;")

    done = imported(file, env={"PYTHONIOENCODING": "ascii:strict"})

    assert (done.returncode, done.stderr) == (3, b"")
    assert b"\\u" in done.stdout
    assert online(answer, "H21.58")["numerator"] == 415


@pytest.mark.soak
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_output_that_takes_nothing_makes_no_failure_of_what_is_stored(
    campaign: Path,
    tmp_path: Path,
    answer: Answer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = write(tmp_path / "a.csv", "UBND huyện Ia Grai;online;06/05/2024;415;1000;")

    # Closing it writes what is left, as the end of a process does.
    with Path("/dev/full").open("w", encoding="utf-8") as full, monkeypatch.context() as here:
        here.setattr(sys, "stdout", full)
        with pytest.raises(SystemExit) as ended:
            app(["import", file])

    said = capsys.readouterr().err
    assert not ended.value.code
    assert "đã được ghi vào kho" in said
    assert "Traceback" not in said
    assert online(answer, "H21.58")["numerator"] == 415
