"""`/healthz`: 200 where all is well, 503 and a word where it is not, and nothing an outsider should not read."""

import json
import shutil
from contextlib import contextmanager
from datetime import datetime
from types import SimpleNamespace

import pytest
from sqlmodel import update
from starlette.requests import Request

from models.core.settings import TIMEZONE, Settings, load_settings
from models.core.store import Store, open_store
from models.core.stores import settings_of
from models.feeds.health import Health, SourceHealth
from models.tables import StoreState
from pages.access import health
from targets.errors import CampaignError, StoreNotReady

GOOD = Health(database="ok", migrations="ok")
AT = datetime(2024, 5, 7, 6, 31, tzinfo=TIMEZONE)


def asking(host, **headers):
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/healthz", "headers": sent, "client": (host, 1)})


HERE = asking("127.0.0.1")


@pytest.fixture(autouse=True)
def _nothing_looked_at_before():
    health.LAST_LOOK.forget()
    yield
    health.LAST_LOOK.forget()


class FakeStore:
    def __init__(self, error=None):
        self.error = error

    @contextmanager
    def reading(self):
        if self.error:
            raise self.error
        yield None


@pytest.fixture
def watched_home(peopled_store, tmp_path, monkeypatch):
    """A real store in the home that the settings name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAODIEM_HOME", str(tmp_path))
    monkeypatch.setenv("CAODIEM_NOW", "2024-03-15T08:00")
    shutil.copyfile(peopled_store, tmp_path / "caodiem.db")
    yield tmp_path
    open_store(load_settings()).close()


@pytest.fixture
def asked(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def ask(*, error=None, found=GOOD, whole=GOOD, settings=None, by=HERE):
        monkeypatch.setattr(health, "load_settings", settings or (lambda: Settings(home=tmp_path)))
        monkeypatch.setattr(health, "open_store", lambda _settings: FakeStore(error))
        monkeypatch.setattr(health, "find_health", lambda _session: found)
        monkeypatch.setattr(health, "find_wellness", lambda _session, _settings, machine: SimpleNamespace(health=whole))
        health.LAST_LOOK.forget()
        answer = health.answer_health(by)
        return answer.status_code, json.loads(answer.body)

    return ask


def test_well_store_is_answered_200_in_the_shape_that_is_promised(asked):
    whole = Health(
        "ok", "ok", (SourceHealth("igate", AT, 1.5, "fresh"), SourceHealth("file", None, None, "never")), 7.5
    )

    status, said = asked(whole=whole)

    assert status == 200
    assert said == {
        "database": "ok",
        "migrations": "ok",
        "sources": [
            {"key": "igate", "last_good": "2024-05-07T06:31:00+07:00", "age_hours": 1.5, "state": "fresh"},
            {"key": "file", "last_good": None, "age_hours": None, "state": "never"},
        ],
        "backup_age_hours": 7.5,
    }


@pytest.mark.parametrize("state", ["late", "failing", "stale"])
def test_source_that_is_unwell_is_told_and_takes_nothing_away(asked, state):
    status, said = asked(whole=Health("ok", "ok", (SourceHealth("igate", AT, 99.0, state),)))

    assert (status, said["sources"][0]["state"]) == (200, state)


def test_store_of_another_version_is_answered_503_and_asked_nothing_more(asked):
    status, said = asked(found=Health(database="ok", migrations="at 1, needs 2"), whole=None)

    assert status == 503
    assert said["migrations"] == "at 1, needs 2"


@pytest.mark.parametrize(
    "error",
    [StoreNotReady("no store at /srv/secret"), CampaignError("/srv/secret"), ConnectionError("db://secret refused")],
)
def test_store_that_does_not_answer_is_answered_503_without_giving_away_where_it_is(asked, error):
    status, said = asked(error=error)

    assert status == 503
    assert said["database"] != "ok"
    assert "secret" not in json.dumps(said)


def test_settings_that_cannot_be_used_are_answered_503(asked):
    def refuse():
        raise CampaignError("/srv/secret")

    status, said = asked(settings=refuse)

    assert (status, said) == (503, {"database": "not ok", "migrations": "not ok"})


def test_backups_are_told_of_while_the_store_is_down(asked, tmp_path):
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "caodiem-one-20240507T000000Z.db").touch()

    _, said = asked(error=ConnectionError())

    assert said["backup_age_hours"] > 0


@pytest.mark.parametrize("by", [asking("203.0.113.5"), asking("127.0.0.1", x_forwarded_for="203.0.113.5")])
def test_stranger_hears_what_a_load_balancer_needs_and_no_more(asked, by):
    whole = Health("ok", "ok", (SourceHealth("igate", AT, 1.5, "late"),), 7.5)

    well = asked(whole=whole, by=by)
    unwell = asked(found=Health(database="ok", migrations="at 0042_secret, needs 0043"), by=by)

    assert well == (200, {"database": "ok", "migrations": "ok"})
    assert unwell == (503, {"database": "ok", "migrations": "not ok"})


def test_whoever_may_measure_hears_everything_from_anywhere(asked, tmp_path):
    settings = Settings(home=tmp_path, metrics_token="sixteen characters")  # noqa: S106 - of this test
    token = asking("203.0.113.5", authorization="Bearer sixteen characters")

    sent = [asked(settings=lambda: settings, by=by)[1].keys() for by in (token, HERE)]

    assert ["sources" in each for each in sent] == [True, False]


def test_store_is_asked_once_however_many_ask(asked, monkeypatch):
    asked()
    monkeypatch.setattr(health, "open_store", None)

    answers = [health.answer_health(HERE).status_code for _ in range(500)]

    assert answers == [200] * 500


def test_real_store_is_told_as_it_is(watched_home):
    health.LAST_LOOK.forget()
    answer = health.answer_health(HERE)

    said = json.loads(answer.body)
    assert (answer.status_code, said["database"], said["migrations"]) == (200, "ok", "ok")
    assert {source["key"]: source["state"] for source in said["sources"]} == dict.fromkeys(
        ("igate", "file", "monthly"), "by_hand"
    )
    assert said["backup_age_hours"] is None


def test_unwell_store_of_a_further_campaign_is_the_answer_and_is_named_unless_it_lies_in_the_archive(
    watched_home, peopled_store
):
    for key in ("good-2025", "old-2023", "torn-2025"):
        place = watched_home / "campaigns" / key / "caodiem.db"
        place.parent.mkdir(parents=True)
        shutil.copyfile(peopled_store, place)
    archived = Store(f"sqlite:///{watched_home}/campaigns/old-2023/caodiem.db")
    with archived.writing() as session:
        session.exec(update(StoreState).values(is_archived=True))
    archived.close()
    answers = [health.answer_health(HERE)]
    place.write_bytes(b"no database at all" * 100)
    health.LAST_LOOK.forget()
    answers += [health.answer_health(HERE), health.answer_health(asking("203.0.113.5"))]

    well, torn, stranger = (json.loads(each.body) for each in answers)
    assert [each.status_code for each in answers] == [200, 503, 503]
    assert list(well["campaigns"]) == ["good-2025", "torn-2025"]
    assert (torn["database"], torn["campaigns"]["good-2025"]["database"]) == ("torn-2025: no answer", "ok")
    assert stranger == {"database": "not ok", "migrations": "not ok"}
    for key in well["campaigns"]:
        open_store(settings_of(load_settings(), key)).close()
