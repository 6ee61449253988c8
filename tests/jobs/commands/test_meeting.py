"""The commands of the meeting: figures frozen, listed and told again; the digest addressed and listed."""

import json
from datetime import date
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from jobs.__main__ import app
from jobs.commands import meeting
from models.core.texts import text


@pytest.mark.soak
def test_snapshot_prints_its_id_and_standing_tells_it_again_after_a_pull(home, run, answer):
    frozen = run("snapshot", "--as-of", "06/05/2024", "--title", "Giao ban tuần 7").stdout.strip()
    before = answer("standing", "--as-of", "2024-05-06")

    run("pull")

    assert frozen == "1"
    assert answer("standing", "--snapshot", frozen) == before
    assert answer("standing", "--snapshot", frozen, "--unit", "H21.58") == [
        row for row in before if row["unit"] == "H21.58"
    ]
    (head,) = answer("snapshot", "--list")
    assert (head["title"], head["as_of"], head["simulated"]) == ("Giao ban tuần 7", "2024-05-06", True)
    assert "Giao ban tuần 7" in run("snapshot", "--list", "--lang", "en").stdout


def test_snapshot_names_itself_after_its_day_and_refuses_one_that_lies_ahead(home, run):
    got = json.loads(run("snapshot", "--as-of", "2024-05-06", "--json").stdout)
    ahead = run("snapshot", "--as-of", "2024-05-20")

    assert got["title"] == "Giao ban ngày 06/05/2024"
    assert ahead.exit_code == 2
    assert "Figures are frozen of a day from" in ahead.stderr


@pytest.mark.soak
def test_command_that_is_repeated_freezes_nothing_twice(home, run, answer):
    asked = ("snapshot", "--as-of", "06/05/2024", "--title", "Giao ban tuần 7")
    first, again = run(*asked), run(*asked)
    insisted = run(*asked, "--again")
    by_moment = (*asked, "--known-at", "2024-05-06T20:00")
    known = [run(*by_moment), run(*by_moment)]

    assert [result.exit_code for result in (first, again, insisted, *known)] == [0] * 5
    assert [result.stdout.strip() for result in (first, again, insisted, *known)] == ["1", "1", "2", "3", "3"]
    assert (first.stderr, "--again" in again.stderr) == ("", True)


@pytest.mark.soak
def test_snapshot_is_frozen_anew_once_a_figure_was_told_otherwise(home, run, answer, tmp_path):
    """By a source that tells of everybody: one row of another source is nobody's figure."""
    asked = ("snapshot", "--as-of", "06/05/2024", "--title", "Giao ban tuần 7")
    run(*asked)
    got = [row for row in answer("standing", "--as-of", "2024-05-06") if row["indicator"] == "online"]
    rows = [
        f"{row['unit']},online,06/05/2024,{row['numerator'] - (row['unit'] == 'H21.58')},{row['denominator']}\n"
        for row in got
        if row["level"] != "province" and row["numerator"]
    ]
    file = tmp_path / "figures.csv"
    file.write_text("Mã đơn vị,Chỉ tiêu,Ngày,Tử số,Mẫu số\n" + "".join(rows))
    assert run("import", str(file)).exit_code == 0

    assert run(*asked).stdout.strip() == "2"


def test_result_of_a_phase_is_told_closed_and_confirmed(home, run, answer, monkeypatch):
    running = run("result", "50-day")
    monkeypatch.setenv("CAODIEM_NOW", "2024-05-13T08:00:00")
    told = run("result", "50-day", "--lang", "en")
    refused = [
        run("result", "50-days"),
        run("result", "50-day", "--close"),
        run("result", "50-day", "--document", "45/TB"),
        run("result", "50-day", "--document", "45/TB", "--date", "13/05/2024", "--signer", "Chủ tịch"),
    ]

    closed = answer("result", "50-day", "--close", "--without", "999")
    confirmed = run("result", "50-day", "--document", "45/TB", "--date", "13/05/2024", "--signer", "Chủ tịch A")

    assert (running.exit_code, told.exit_code) == (2, 0)
    assert "so far" in told.stdout
    assert [each.exit_code for each in refused] == [2, 2, 2, 2]
    assert "50-day" in refused[0].stderr
    assert (closed["phase"], closed["due"], closed["closed"], closed["snapshot"]) == ("50-day", "2024-05-10", True, 1)
    assert "45/TB" in confirmed.stdout
    assert answer("result", "50-day")["confirmation"]["signer"] == "Chủ tịch A"


def test_unknown_snapshot_is_wrong_use(home, run):
    assert run("standing", "--snapshot", "9").exit_code == 2


def test_digest_is_addressed_and_says_that_no_server_is_set(home, run, answer):
    created = run("account", "add", "truc", "--name", "Trúc", "--role", "leader")
    assert created.exit_code == 0, created.stderr
    assert run("digest", "--to", "truc=truc@example.vn").exit_code == 0

    without = run("digest")
    wrong = run("digest", "--to", "admin")

    assert without.exit_code == 1
    assert "CAODIEM_MAIL" in without.stderr
    assert wrong.exit_code == 2
    assert answer("digest", "--list") == []


@pytest.mark.soak
def test_digest_that_does_not_get_there_ends_with_1_and_says_what_waits(home, run, answer, monkeypatch):
    run("account", "add", "truc", "--name", "Trúc", "--role", "leader")
    run("digest", "--to", "truc=truc@example.vn")
    assert run("snapshot", "--as-of", "2024-05-06").exit_code == 0
    monkeypatch.setenv("CAODIEM_MAIL", "mailto://127.0.0.1:1")

    sent = run("digest", "--lang", "vi")

    assert sent.exit_code == 1
    assert "Còn 1 thư chờ gửi lại" in sent.stdout
    [mail] = answer("digest", "--list")
    assert (mail["state"], mail["failure"], mail["attempts"]) == ("waiting", "unreachable", 1)


def test_digests_are_listed_with_their_addresses(home, run):
    run("account", "add", "truc", "--name", "Trúc", "--role", "leader")
    run("digest", "--to", "truc=truc@example.vn")

    listed = run("digest", "--list")
    assert listed.exit_code == 0
    assert "truc@example.vn" in listed.stdout


def test_freezing_says_what_is_open_and_asks_once_whoever_sits_at_the_terminal(home, run, answer, monkeypatch):
    """A script is told, and goes on."""
    monkeypatch.setattr(meeting, "find_under_review", lambda _: {("H21.58", "online"): date(2024, 5, 8)})
    asked = ["snapshot", "--lang", "vi", "--as-of", "06/05/2024", "--title", "Giao ban"]
    script = run(*asked, "--known-at", "2024-05-06T20:00")
    monkeypatch.setattr(meeting, "sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True)))

    said = [CliRunner().invoke(app, asked, input=f"{answered}\n") for answered in "ny"]

    assert script.exit_code == 0
    assert text("meeting.preview.reviews", "vi", count="1") in script.stderr
    assert "08/05" in script.stderr
    assert [result.exit_code for result in said] == [1, 0]
    assert [head["id"] for head in answer("snapshot", "--list")] == [2, 1]
