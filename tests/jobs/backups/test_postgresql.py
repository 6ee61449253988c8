"""PostgreSQL's programs: found or asked for kindly, and never told a password where others can read it."""

import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from jobs.backups import postgresql
from jobs.backups.files import BackupFailed
from jobs.backups.postgresql import find_program
from models import migrations
from models.core.store import Store

SECRET = "T0p5ecret"  # noqa: S105 - of no account


def test_program_that_is_missing_is_asked_for_kindly(monkeypatch):
    monkeypatch.setattr(postgresql.shutil, "which", lambda _: None)
    monkeypatch.setattr(postgresql, "HOMES", ())

    with pytest.raises(BackupFailed, match="apt-get install postgresql-client"):
        find_program("pg_dump")


def test_newest_program_is_taken_where_none_is_on_the_path(monkeypatch, tmp_path):
    monkeypatch.setattr(postgresql.shutil, "which", lambda _: None)
    for version in ("9", "15", "14"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "pg_dump").touch()
    monkeypatch.setattr(postgresql, "HOMES", (f"{str(tmp_path)[1:]}/*/bin",))

    assert find_program("pg_dump") == str(tmp_path / "15" / "bin" / "pg_dump")


def test_password_stands_in_the_environment_and_never_on_the_command_line(monkeypatch, postgresql_url, tmp_path):
    seen = []

    def watched(command, **options):
        seen.append((command, options["env"]))
        return subprocess.CompletedProcess(command, 0, "", "")

    url = postgresql_url.replace("caodiem@", f"caodiem:{SECRET}@")
    with closing(Store(url)) as store:
        migrations.upgrade(store)
        monkeypatch.setattr(postgresql.subprocess, "run", watched)
        postgresql._run(store, "pg_dump", "--file=x")

    ((command, environment),) = seen
    assert SECRET not in " ".join(command)
    assert environment["PGPASSWORD"] == SECRET
    assert any("user=caodiem" in word and "host=" in word for word in command)


def test_mistake_of_a_program_is_told_in_its_own_words(postgresql_url, tmp_path):
    nowhere = tmp_path / "nowhere" / "copy.dump"

    with closing(Store(postgresql_url)) as store, pytest.raises(BackupFailed, match=r"could not open output file"):
        postgresql._run(store, "pg_dump", "--format=custom", f"--file={nowhere}")


def test_row_that_looks_like_the_end_is_no_end(tmp_path):
    script = ["COPY public.unit (code, name) FROM stdin;\n", "a\t\\\\.\n", "b\tx\n", "\\.\n", "SELECT 1;\n"]

    assert postgresql._contents(script).counts == {"unit": 2}


@pytest.mark.parametrize(("said", "result"), [("", "it said nothing"), ("x: error: no.\nHINT: do", "x: error: no")])
def test_mistake_is_found_in_what_a_program_said(said, result):
    assert postgresql._last_line(said) == result


def test_program_is_found_here():
    assert Path(find_program("pg_restore")).exists()
