"""Messages about sources, sent to a real mail server and a real webhook on this machine."""

import email
import email.policy
import json
import logging
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pytest_httpserver import HTTPServer
from sqlmodel import select

from jobs.mails import alerts
from jobs.mails.alerts import Wording, deliver, mark_of, message, service_of, watch_sources
from jobs.workplace import Workplace
from models.campaign.actions import found_campaign
from models.catalogue import load_campaign_files
from models.core.audit import ChangeContext
from models.core.settings import TIMEZONE, Settings
from models.core.store import Store
from models.feeds.alerts import Claimed
from models.tables import Run, SourceRow
from tests.browser.serving import free_port
from tests.jobs import few_units
from tests.made_once import made_once

SCHEDULE = '\n[daily]\nname = { vi = "Cổng tỉnh", en = "Province" }\nkind = "igate"\nschedule = "30 6 * * *"\n'
MACHINE = datetime(2030, 1, 1, tzinfo=UTC)
SECRET = "T0p5ecret"  # noqa: S105 - of no account


@dataclass
class Mails:
    """What a mail server was handed."""

    received: list[Any] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the server's name for it
        self.received.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    @property
    def titles(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.received]

    def text(self, position: int = 0) -> str:
        return self.received[position].get_body(("plain",)).get_content()


@pytest.fixture
def mails() -> Mails:
    return Mails()


@pytest.fixture
def mail_address(mails: Mails) -> Iterator[str]:
    controller = Controller(mails, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield f"mailto://127.0.0.1:{controller.port}?from=caodiem@example.vn&to=truc@example.vn"
    controller.stop()


@dataclass
class Watching:
    """A real store with one source on a schedule, watched at instants of business time in March 2024."""

    home: Path
    stores: list[Store]

    def look(self, when: str, *addresses: str, machine: datetime = MACHINE, **settings: Any) -> alerts.Watched:
        return watch_sources(self.workplace(when, *addresses, **settings), machine=machine)

    def workplace(self, when: str, *addresses: str, **settings: Any) -> Workplace:
        now = datetime.fromisoformat(f"2024-{when}").replace(tzinfo=TIMEZONE)
        result = Settings(home=self.home, now=now, alerts=" ".join(addresses), **settings)
        self.stores.append(Store(result.database_url))
        return Workplace(settings=result, store=self.stores[-1], by="system:test")

    def ran(self, when: str, **other: Any) -> None:
        workplace = self.workplace(when)
        with workplace.store.writing() as session:
            source = session.exec(select(SourceRow).where(SourceRow.key == "daily")).one()
            result = {
                "kind": "pull",
                "status": "done",
                "for_date": workplace.today(),
                "received_at": workplace.now(),
            } | other
            session.add(Run(source_id=source.id, by="x", **result))


@pytest.fixture
def watching(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Watching]:
    monkeypatch.chdir(tmp_path)

    def watched(home: Path) -> None:
        shutil.copytree(few_units.real_one(tmp_path_factory), home, dirs_exist_ok=True)
        files = few_units.write_few_units(tmp_path / "gia-lai-2024")
        with (files / "sources.toml").open("a", encoding="utf-8") as sources:
            sources.write(SCHEDULE)
        with closing(Store(f"sqlite:///{home / 'caodiem.db'}")) as store, store.writing() as session:
            context = ChangeContext(by="system:x", reason="test", now=datetime(2024, 3, 20, 8, tzinfo=TIMEZONE))
            found_campaign(session, load_campaign_files(files), context=context)

    shutil.copytree(made_once(tmp_path_factory, "watched", watched), tmp_path / "home")
    found = Watching(tmp_path / "home", [])
    yield found
    for store in found.stores:
        store.close()


# --- what is sent ---------------------------------------------------------------------------------------------------


def test_late_source_is_told_once_by_mail_and_webhook_and_so_is_its_recovery(
    watching, mails, mail_address, httpserver: HTTPServer
):
    httpserver.expect_request("/hook").respond_with_data("")
    where = (mail_address, f"json://127.0.0.1:{httpserver.port}/hook")
    watching.ran("03-25T06:31")

    seen = [watching.look(when, *where) for when in ("03-26T08:29", "03-26T08:30", "03-26T08:35", "03-27T09:00")]
    watching.ran("03-27T09:30")
    seen += [watching.look(when, *where) for when in ("03-27T10:00", "03-27T10:05")]

    hooked = [json.loads(request.get_data())["title"] for request, _ in httpserver.log]
    assert [(watched.raised, watched.sent) for watched in seen] == [(0, 0), (1, 1), (0, 0), (0, 0), (1, 1), (0, 0)]
    assert mails.titles == [
        "Cao Điểm: Cổng tỉnh chưa có số liệu ngày 26/03/2024",
        "Cao Điểm: Cổng tỉnh đã có số liệu trở lại",
    ]
    assert hooked == mails.titles
    assert "Lần nhận số liệu gần nhất: 25/03/2024 06:31." in mails.text()


def test_source_that_fails_twice_says_why_and_where_to_go(watching, mails, mail_address):
    watching.ran("03-25T06:31")
    for minute in ("31", "41"):
        watching.ran(f"03-26T06:{minute}", status="failed", failure="nobody_knows_this", failure_terms={"why": "42"})

    watching.look("03-26T06:45", mail_address, public_address="https://caodiem.example.vn", alerts_language="en")

    assert mails.titles == ["Cao Điểm: Province cannot be updated"]
    assert "the last 2 updates failed" in mails.text()
    assert "42" in mails.text()
    assert "https://caodiem.example.vn/feeds" in mails.text()
    assert str(mails.received[0]["To"]) == "truc@example.vn"


def test_several_events_are_one_message(watching, mails, mail_address):
    watching.ran("03-25T06:31")
    for minute in ("31", "41"):
        watching.ran(f"03-26T06:{minute}", status="failed", failure="timeout")

    watched = watching.look("03-26T09:00", mail_address)

    assert (watched.raised, watched.sent) == (2, 2)
    assert mails.titles == ["Cao Điểm: 2 tin về nguồn số liệu"]
    assert mails.text().count("•") == 2


def test_nobody_is_told_where_no_address_is_set(watching):
    watching.ran("03-25T06:31")

    assert watching.look("03-26T09:00") == alerts.Watched()


@pytest.mark.soak
def test_four_schedulers_send_one_message(watching, mails, mail_address):
    watching.ran("03-25T06:31")
    workplaces = [watching.workplace("03-26T09:00", mail_address) for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        watched = list(pool.map(lambda workplace: watch_sources(workplace, machine=MACHINE), workplaces))

    assert sum(each.sent for each in watched) == 1
    assert len(mails.received) == 1


@pytest.mark.soak
def test_service_that_refuses_is_tried_again_and_the_other_is_not_told_twice(
    watching, mails, mail_address, httpserver: HTTPServer
):
    where = (mail_address, f"json://user:{SECRET}@127.0.0.1:{httpserver.port}/hook")
    watching.ran("03-25T06:31")
    httpserver.expect_ordered_request("/hook").respond_with_data("", status=503)
    httpserver.expect_ordered_request("/hook").respond_with_data("")

    minutes = (0, 4, 5, 60)
    seen = [watching.look("03-26T09:00", *where, machine=MACHINE + timedelta(minutes=each)) for each in minutes]

    assert [(watched.sent, watched.missed) for watched in seen] == [(0, 1), (0, 0), (1, 0), (0, 0)]
    assert (len(mails.received), len(httpserver.log)) == (1, 2)


# --- secrets --------------------------------------------------------------------------------------------------------


def test_no_secret_reaches_the_log_or_the_store(watching, caplog, httpserver: HTTPServer):
    caplog.set_level(logging.DEBUG)
    httpserver.expect_request("/hook").respond_with_data("", status=403)
    where = f"json://user:{SECRET}@127.0.0.1:{httpserver.port}/hook"
    watching.ran("03-25T06:31")

    watching.look("03-26T09:00", where, f"mailto://user:{SECRET}@127.0.0.1:1?from=a@b.vn&to=a@b.vn")

    kept = b"".join(path.read_bytes() for path in watching.home.iterdir())
    assert "was not taken by json 127.0.0.1" in caplog.text
    assert "was not taken by mailto 127.0.0.1" in caplog.text
    assert SECRET not in caplog.text
    assert SECRET.encode() not in kept


def test_redirect_is_not_followed(httpserver: HTTPServer):
    httpserver.expect_request("/hook").respond_with_data("", 307, {"Location": httpserver.url_for("/elsewhere")})
    httpserver.expect_request("/elsewhere").respond_with_data("")

    assert not deliver(f"json://127.0.0.1:{httpserver.port}/hook", "title", "text")
    assert [request.path for request, _ in httpserver.log] == ["/hook"]


def test_service_that_stumbles_is_a_message_not_sent(monkeypatch, caplog):
    def stumble(_address):
        raise ValueError(SECRET)

    monkeypatch.setattr(alerts, "notifier", stumble)

    assert not deliver(f"json://{SECRET}@host", "title", "text")
    assert "json host stumbled: ValueError" in caplog.text
    assert SECRET not in caplog.text


def test_address_is_known_again_by_a_mark_that_tells_nothing_of_it():
    marks = {mark_of(f"json://host/{path}") for path in ("a", "b")}

    assert len(marks) == 2
    assert mark_of("json://host/a") in marks


@pytest.mark.parametrize(
    ("address", "named"),
    [("mailtos://u:p@mail.vn?to=a@b.vn", "mailtos mail.vn"), ("slack://T1/T2/T3", "slack"), ("json://", "json")],
)
def test_service_is_named_without_what_is_secret_in_its_address(address, named):
    assert service_of(address) == named


# --- wording --------------------------------------------------------------------------------------------------------

FACTS = {
    "expected_at": None, "expected_day": None, "last_good": None, "newest": None, "failures": 2, "failed_at": None,
    "failure": None, "failure_terms": None,
}  # fmt: skip


def worded(kind: str, *, language: str = "vi", simulated: bool = False, source_id: int = 1) -> str:
    wording = Wording(language, {1: "Cổng tỉnh"}, "Chiến dịch", "/feeds", simulated)
    return "\n".join(message([Claimed(1, source_id, kind, FACTS, frozenset())], wording))


def test_demonstration_says_that_its_figures_are_simulated():
    assert worded("recovered", simulated=True).count("Số liệu minh họa") == 2
    assert "minh họa" not in worded("recovered")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", ["late", "failing", "recovered"])
def test_what_is_not_known_is_said_so(kind, language):
    said = worded(kind, language=language)

    assert {"vi": "chưa rõ", "en": "not known"}[language] in said
    assert ("Chưa nhận được" in said or "ever arrived" in said) == (kind == "late")


def test_source_that_the_files_no_longer_name_is_a_dash():
    assert "Cao Điểm: — đã có số liệu trở lại" in worded("recovered", source_id=2)
