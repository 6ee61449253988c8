"""Backups of a store on PostgreSQL, by its own programs pg_dump and pg_restore.

They are given the password in their environment, never on a command line, where everybody on the machine can read it.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel

from jobs.backups.files import END_OF_TRAIL, BackupFailed, Contents, check_whole
from models.core.store import Store
from models.migrations import find_version, newest_version

SUFFIX = ".dump"
HEADER = b"PGDMP"
HOMES = ("usr/lib/postgresql/*/bin", "opt/homebrew/opt/postgresql*/bin", "usr/local/opt/postgresql*/bin")
COPY = re.compile(r'COPY (?:public\.)?"?(?P<table>\w+)"? \((?P<columns>.*)\) FROM stdin;')
WAIT = "30s"
"""How long a restore waits for others to let go of the tables."""


def copy_store(store: Store, to: Path) -> Contents:
    """Dump the store as it is at one moment; answers what was in it then."""
    is_current = find_version(store) == newest_version()
    with store.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        names = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
        ).scalars()
        counts = {
            name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()  # noqa: S608
            for name in names.all()
        }
        if is_current:
            check_whole(Session(connection))
        _run(store, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}",
             f"--file={to}")  # fmt: skip
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
        reported = connection.execute(text("SELECT campaign_key, simulated FROM store_state")).one_or_none()
        trail = connection.exec_driver_sql(END_OF_TRAIL).scalar_one_or_none()
    campaign, simulated = (None, False) if reported is None else reported
    return Contents(version=version, campaign=campaign, simulated=simulated, counts=counts, trail=trail or "")


def read_backup(path: Path) -> Contents:
    """What a dump holds, read from its first to its last row.

    Raises BackupFailed where it is damaged, or no dump at all.
    """
    reader = subprocess.Popen(
        [find_program("pg_restore"), "--data-only", "--file=-", str(path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_quiet_environment(), text=True, encoding="utf-8",
    )  # fmt: skip
    with reader:
        contents = _contents(reader.stdout or ())
        said = (reader.stderr.read() if reader.stderr else "").strip()
    if reader.returncode:
        raise BackupFailed(
            f"{path} is damaged or no dump: {_last_line(said)}. Take another backup.",
            code="damaged_dump",
            file=str(path),
            why=_last_line(said),
        )
    return contents


def replace_store(store: Store, path: Path, script: Path, finish: Callable[[Connection], None]) -> None:
    """Bring the tables of a dump back and `finish` them in one transaction: it is all done, or nothing has changed.

    `script` is a file to write to; what stood in the tables before is dropped.
    """
    _check(subprocess.run(
        [find_program("pg_restore"), "--no-owner", "--no-privileges", f"--file={script}", str(path)],
        capture_output=True, text=True, encoding="utf-8", env=_quiet_environment(), check=False,
    ), "pg_restore")  # fmt: skip
    try:
        with store.engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT}'")
            for drop in _drops(connection):
                connection.exec_driver_sql(drop)
            _play(script, connection.connection.driver_connection)
            connection.exec_driver_sql("RESET ALL")  # the script looks for tables nowhere but where it names them
            finish(connection)
    except (psycopg.Error, DBAPIError) as error:
        said = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise BackupFailed(
            f"The backup could not be restored, the store is what it was: {said}.", code="not_restored", why=said
        ) from error
    finally:
        # Connections made before look for tables that are gone.
        store.close()


def _play(script: Path, connection: Any) -> None:
    """Carry out a script of pg_restore within the connection's transaction."""
    statements: list[str] = []
    with script.open(encoding="utf-8", newline="\n") as lines, connection.cursor() as cursor:
        for line in lines:
            if COPY.match(line) is None:
                # Commands to psql itself stand outside statements; newer versions begin and end a script with one.
                statements += [] if line.startswith("\\") else [line]
                continue
            cursor.execute("".join(statements))
            statements = []
            with cursor.copy(line) as copy:
                while (row := next(lines)) != "\\.\n":
                    copy.write(row)
        cursor.execute("".join(statements))


def _drops(connection: Connection) -> Iterator[str]:
    """Statements that drop our tables and the functions behind their triggers, and nothing else."""
    ours = sorted({*SQLModel.metadata.tables, "alembic_version"})
    functions = connection.execute(
        text(
            "SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE NOT tgisinternal AND relname = ANY(:ours)"
        ),
        {"ours": ours},
    ).scalars()
    names = functions.all()
    yield from (f'DROP TABLE IF EXISTS "{table}" CASCADE' for table in ours)
    yield from (f"DROP FUNCTION IF EXISTS {name} CASCADE" for name in names)


# --- the programs ---------------------------------------------------------------------------------------------------


def find_program(name: str) -> str:
    """Where one of PostgreSQL's programs stands: on the path, else the newest that is installed.

    Raises BackupFailed with what to install.
    """
    found = shutil.which(name)
    if found:
        return found
    installed = [path for home in HOMES for path in Path("/").glob(f"{home}/{name}")]
    if not installed:
        raise BackupFailed(
            f"PostgreSQL's program {name} is not on this machine, and backups of a store on PostgreSQL need it. "
            "Debian and Ubuntu: apt-get install postgresql-client; macOS: brew install libpq.",
            code="program_missing",
            program=name,
        )
    return str(max(installed, key=lambda path: [int(number) for number in re.findall(r"\d+", str(path))]))


def _run(store: Store, program: str, *arguments: str) -> None:
    connection, password = _way_in(store)
    environment = _quiet_environment() | ({"PGPASSWORD": password} if password else {})
    outcome = subprocess.run(
        [find_program(program), "--no-password", f"--dbname={connection}", *arguments],
        capture_output=True, text=True, encoding="utf-8", env=environment, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    _check(outcome, program)


def _check(outcome: subprocess.CompletedProcess[str], program: str) -> None:
    if outcome.returncode:
        raise BackupFailed(
            f"{program} failed: {_last_line(outcome.stderr)}.",
            code="program_failed",
            program=program,
            why=_last_line(outcome.stderr),
        )


def _last_line(said: str) -> str:
    """A program's last error line, which begins with its name; hints and context follow it."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    mistakes = [line for line in lines if "error:" in line.lower() or "fatal:" in line.lower()]
    return (mistakes or lines or ["it said nothing"])[0].rstrip(".")


def _way_in(store: Store) -> tuple[str, str]:
    """The store's address as libpq reads it without the password, and the password."""
    url = make_url(store.url).set(drivername="postgresql+psycopg")
    _, reported = store.engine.dialect.create_connect_args(url)
    options: dict[str, Any] = {key: value for key, value in reported.items() if key not in ("password", "context")}
    return make_conninfo("", **options), url.password or ""


def _quiet_environment() -> dict[str, str]:
    """This process's environment with messages in English, as they are looked through for the mistake."""
    return dict(os.environ) | {"LC_ALL": "C.UTF-8", "PGCONNECT_TIMEOUT": "10"}


def _contents(lines: Iterable[str]) -> Contents:
    """Tables and rows of a dump as a script, and the few facts that decide about it."""
    counts: dict[str, int] = {}
    facts: dict[str, dict[str, str]] = {}
    table, newest = "", 0
    columns: list[str] = []
    for line in lines:
        if table:
            if line == "\\.\n":
                table = ""
                continue
            counts[table] += 1
            if table in ("alembic_version", "store_state"):
                facts[table] = dict(zip(columns, line.rstrip("\n").split("\t"), strict=False))
            elif table == "audit_entry":
                newest = max(newest, int(line.split("\t")[columns.index("id")]))
        elif (begun := COPY.match(line)) is not None:
            table, columns = begun["table"], [name.strip('" ') for name in begun["columns"].split(",")]
            counts[table] = 0
    state = facts.get("store_state", {})
    is_ours = {"alembic_version", "store_state"} <= counts.keys()
    return Contents(
        version=facts.get("alembic_version", {}).get("version_num") if is_ours else None,
        campaign=state.get("campaign_key"),
        simulated=state.get("simulated") == "t",
        counts=counts,
        trail=f"{newest}:{state['audit_hash']}" if is_ours and newest and "audit_hash" in state else "",
    )
