"""The stores whose golden texts are kept: made by commands at a clock that stands still, with people in them."""

import os
import shutil
import smtplib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import apprise
import streamlit as st
import time_machine
from click.testing import Result
from typer.testing import CliRunner

from jobs.__main__ import app
from jobs.mails.alerts import watch_sources
from jobs.workplace import open_workplace

CAMPAIGNS = Path(__file__).resolve().parent.parent.parent / "data" / "campaigns"
UNIT, DEPARTMENT, COMMUNE = "H21.58", "SGTVT", "23557"
LEADER, COORDINATOR, ADMINISTRATOR, HEAD = "lanhdao", "dieuphoi", "quantri", "truong"
PEOPLE = ((LEADER, "leader"), (COORDINATOR, "coordinator"), (ADMINISTRATOR, "administrator"), (HEAD, "unit_head"))
DISK = SimpleNamespace(total=100 * 10**9, used=60 * 10**9, free=40 * 10**9)
PASSWORD = "bốn từ dễ nhớ"  # noqa: S105 - everybody's, in these stores
FIGURES = f"""Đơn vị;Chỉ số;Ngày;Tử số;Mẫu số
{UNIT};online;06/05/2024;310;900
{DEPARTMENT};payment;06/05/2024;120;400
{DEPARTMENT};online;06/05/2024;500;400
Sở Không Có;online;06/05/2024;1;2
{UNIT};chỉ số lạ;06/05/2024;1;2
{UNIT};payment;31/02/2024;1;2
"""
"""A file of which two rows disagree with the source, and the others cannot be taken in."""


@dataclass
class World:
    """A store and the settings that point to it."""

    home: Path
    clock: str
    """The machine's time, as ISO with an offset; what is done in the world takes none."""
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return self.home / "caodiem.db"

    def __post_init__(self) -> None:
        """Files of the campaign of its own, that a page may write to."""
        self.home.mkdir(parents=True)
        campaign = shutil.copytree(CAMPAIGNS / "gia-lai-2024", self.home.parent / "gia-lai-2024")
        self.settings["CAODIEM_CAMPAIGN"] = str(campaign)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """The settings, clock, disk and caller's address of this world, and of no other."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("CAODIEM_", "PG"))}
        told = {"CAODIEM_HOME": str(self.home), "COLUMNS": "160", "TERM": "dumb", "NO_COLOR": "1", "TZ": "UTC"}
        st.cache_data.clear()
        st.cache_resource.clear()
        here, mask = Path.cwd(), os.umask(0o077)
        os.chdir(self.home.parent)
        try:
            with (
                patch.dict(os.environ, ours | told | self.settings, clear=True),
                patch.object(shutil, "disk_usage", lambda _: DISK),
                patch.object(type(st.context), "ip_address", "203.0.113.5"),
                time_machine.travel(datetime.fromisoformat(self.clock), tick=False),
            ):
                yield
        finally:
            os.chdir(here)
            os.umask(mask)

    def run(self, *words: str, given: str | None = None, accepted: tuple[int, ...] = (0,)) -> Result:
        """A command as a person would type it, in this process. Raises AssertionError where it ends otherwise."""
        answer = CliRunner().invoke(app, list(words), input=given)
        if answer.exit_code not in accepted:
            raise AssertionError(f"jobs {' '.join(words)} ended with {answer.exit_code}:\n{answer.output}")
        return answer

    def asked(self, statement: str, *values: Any) -> list[Any]:
        """Rows of the store, for numbers that only it gives."""
        with closing(sqlite3.connect(self.database)) as connection, connection:
            return connection.execute(statement, values).fetchall()


def add_people(world: World) -> None:
    """An account of each kind, whose password is their own."""
    for login, role in PEOPLE:
        units = ("--unit", UNIT) if role == "unit_head" else ()
        world.run("account", "add", login, "--role", role, "--name", f"Người {role}", "--stdin", *units, given=PASSWORD)
    world.asked("UPDATE account SET must_change = 0")


def sign_in(world: World, login: str) -> int:
    """The sign-in of somebody, as the front door would note it; the same one each time."""
    now = datetime.fromisoformat(world.clock)
    name = f"golden {login} {world.clock}"
    world.asked(
        "INSERT OR IGNORE INTO sign_in_session "
        "(token_hash, account_id, via, address, browser, opened_machine, seen_machine, until_machine) "
        "SELECT ?, id, 'password', '203.0.113.5', 'Firefox', ?, ?, ? FROM account WHERE login = ?",
        name,
        *(f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" for moment in (now, now, now + timedelta(hours=24))),
        login,
    )
    [(number,)] = world.asked("SELECT id FROM sign_in_session WHERE token_hash = ?", name)
    return int(number)


def hold(world: World) -> None:
    """Beside what the demonstration's office did, a file that was brought in."""
    file = world.home.parent / "so-lieu.csv"
    file.write_text(FIGURES, encoding="utf-8")
    world.run("import", str(file), "--kind", "readings", accepted=(0, 3))


class Postman:
    """Stands where the mail server would, and keeps what is handed in."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    def __call__(self, *_: object, **__: object) -> "Postman":
        return self

    def send_message(self, mail: EmailMessage) -> None:
        self.mails.append(mail)

    def quit(self) -> None:
        """Nothing to leave."""


def mailed(world: World) -> Mapping[str, EmailMessage]:
    """The digest of the newest snapshot by who gets it, mailed by the command."""
    for login, _ in PEOPLE:
        world.run("digest", "--to", f"{login}={login}@example.vn")
    postman = Postman()
    settings = {"CAODIEM_MAIL": "mailto://mail.example.vn", "CAODIEM_PUBLIC_ADDRESS": "https://example.vn"}
    with patch.object(smtplib, "SMTP", postman), patch.dict(os.environ, settings):
        world.run("digest", "--json")
    return {str(mail["To"]).partition("@")[0]: mail for mail in postman.mails}


def alerted() -> list[tuple[str, str]]:
    """Title and body of each message about sources that is due now."""
    said: list[tuple[str, str]] = []

    def notify(_: object, *, title: str, body: str, **__: object) -> bool:
        said.append((title, body))
        return True

    settings = {"CAODIEM_ALERTS": "json://hooks.example.vn/caodiem", "CAODIEM_PUBLIC_ADDRESS": "https://example.vn"}
    with patch.object(apprise.Apprise, "notify", notify), patch.dict(os.environ, settings):
        watch_sources(open_workplace())
    return said
