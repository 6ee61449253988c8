"""`/metrics`: what is measured, who may read it, and that nobody's questions fill the memory."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlmodel import select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from models.core.clock import machine_now
from models.core.settings import load_settings
from models.core.store import Store, open_store
from models.tables import Quarantined, Run, RunClaim, SourceRow
from pages.access import metrics
from pages.access.metrics import Timing, answer_metrics, place_of
from targets.errors import CampaignError
from tests.models.conftest import at, day
from tests.pages.access.conftest import TestClient

TOKEN = "a token nobody guesses"  # noqa: S105 - of no account


def broken(_request):
    raise RuntimeError("on purpose")


APP = Starlette(
    routes=[
        Route("/metrics", answer_metrics),
        Route("/gaps", lambda _request: PlainTextResponse("drawn")),
        Route("/auth/broken", broken),
    ],
    middleware=[Middleware(Timing)],
)


@pytest.fixture
def home(peopled_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A real store with a little of everything that is measured."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAODIEM_HOME", str(tmp_path))
    monkeypatch.setenv("CAODIEM_NOW", "2024-03-15T08:00")
    shutil.copyfile(peopled_store, tmp_path / "caodiem.db")
    yield tmp_path
    open_store(load_settings()).close()


def client(host: str = "127.0.0.1", **headers: str) -> TestClient:
    return TestClient(APP, client=(host, 50_000), headers=headers, raise_server_exceptions=False)


def measured(**headers: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    answer = client(**headers).get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(name: str, *, campaign: str = "small", **labels: str) -> float | None:
    labels |= {"campaign": campaign} if not name.startswith("caodiem_http") else {}
    return measured().get((name, frozenset(labels.items())))


def add(home: Path, *rows: Any) -> None:
    store = Store(f"sqlite:///{home / 'caodiem.db'}")
    with store.writing() as session:
        session.add_all(rows)
    store.close()


def source_id(home: Path, key: str) -> int:
    store = Store(f"sqlite:///{home / 'caodiem.db'}")
    with store.reading() as session:
        found = session.exec(select(SourceRow).where(SourceRow.key == key)).one().id
    store.close()
    return found


def test_store_tells_its_version_sources_and_what_waits(home):
    igate = source_id(home, "igate")
    pull = {"source_id": igate, "kind": "pull", "received_at": at("15/3 06:00"), "by": "x", "for_date": day("15/3")}
    add(home, *(Run(status=status, **pull) for status in ("done", "failed", "failed")))
    add(
        home, Quarantined(run_id=1, kind="readings", place="line 5", field="x", value="x", problem="x", fingerprint="x")
    )

    assert value("caodiem_store_up") == 1
    assert value("caodiem_data_version") > 0
    assert value("caodiem_quarantine_open") == 1
    assert value("caodiem_runs", source="igate", status="failed") == 2
    assert value("caodiem_source_failures", source="igate") == 2
    assert value("caodiem_source_last_good_age_seconds", source="igate") == 7200
    assert value("caodiem_source_state", source="igate", state="by_hand") == 1
    assert value("caodiem_source_state", source="igate", state="late") == 0
    assert value("caodiem_backup_age_seconds") is None


def test_every_campaign_is_measured_under_its_key_and_one_that_does_not_answer_is_down(home, peopled_store):
    for key in ("good-2025", "torn-2025"):
        place = home / "campaigns" / key / "caodiem.db"
        place.parent.mkdir(parents=True)
        shutil.copyfile(peopled_store, place)
    place.write_bytes(b"no database at all" * 100)

    assert [value("caodiem_store_up", campaign=key) for key in ("small", "good-2025", "torn-2025")] == [1, 1, 0]
    assert value("caodiem_data_version", campaign="good-2025") == value("caodiem_data_version")
    assert value("caodiem_data_version", campaign="torn-2025") is None


def test_pull_under_way_tells_since_when_its_owner_is_silent(home):
    sign = machine_now() - timedelta(hours=1)
    claim = {"source_id": source_id(home, "igate"), "owner": "x", "lease_until": sign}
    add(
        home,
        RunClaim(for_date=day("15/3"), heartbeat_at=sign, **claim),
        RunClaim(for_date=day("14/3"), heartbeat_at=machine_now(), **claim),
        RunClaim(for_date=day("13/3"), heartbeat_at=sign - timedelta(days=9), done=True, **claim),
    )

    assert 3600 <= value("caodiem_claim_age_seconds", source="igate") < 4000


def test_age_of_the_newest_backup_is_measured(home):
    (home / "backups").mkdir()
    name = f"caodiem-small-{machine_now() - timedelta(hours=5):%Y%m%dT%H%M%SZ}.db"
    (home / "backups" / name).touch()

    assert value("caodiem_backup_age_seconds") == 5 * 3600


def test_no_unit_and_no_person_is_named(home):
    said = client().get("/metrics").text

    assert not [word for word in ("UBND", "Sở", "X1", "system:", str(home)) if word in said]


def test_requests_are_counted_by_where_they_went_and_how_they_ended(home):
    pages, broken_ones = (
        {"place": "page", "method": "GET", "status": "2xx"},
        {"place": "auth", "method": "GET", "status": "5xx"},
    )
    before = measured()
    client().get("/gaps")
    client().get("/auth/broken")

    after = measured()

    def grown(name: str, labels: dict[str, str]) -> float:
        key = (name, frozenset(labels.items()))
        return after[key] - before.get(key, 0)

    assert [grown("caodiem_http_requests_total", labels) for labels in (pages, broken_ones)] == [1, 1]
    assert grown("caodiem_http_request_duration_seconds_count", {"place": "page"}) == 1


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/", "page"),
        ("/gaps", "page"),
        ("/healthz", "healthz"),
        ("/auth/login", "auth"),
        ("/_stcore/stream", "streamlit"),
        ("/nonsense/../x", "other"),
    ],
)
def test_place_of_a_request_is_one_of_a_few_words(path, place):
    assert place_of(path) == place


def test_method_that_nobody_has_is_other(home):
    client().request("NONSENSE", "/gaps")

    assert value("caodiem_http_requests_total", place="page", method="other", status="4xx") >= 1


# --- who may read ---------------------------------------------------------------------------------------------------


BEARER = {"authorization": f"Bearer {TOKEN}"}
PROXIED = {"x-forwarded-for": "10.0.0.5"}


@pytest.mark.parametrize(
    ("token", "host", "headers", "status"),
    [
        ("", "127.0.0.1", {}, 200),
        ("", "::1", {}, 200),
        ("", "10.0.0.5", {}, 403),
        ("", "testclient", {}, 403),
        ("", "127.0.0.1", PROXIED, 403),
        ("", "127.0.0.1", {"forwarded": "for=10.0.0.5"}, 403),
        (TOKEN, "127.0.0.1", {}, 403),
        (TOKEN, "127.0.0.1", BEARER, 200),
        (TOKEN, "10.0.0.5", BEARER, 200),
        (TOKEN, "127.0.0.1", PROXIED | BEARER, 200),
        (TOKEN, "10.0.0.5", {"authorization": f"Bearer {TOKEN}x"}, 403),
        (TOKEN, "10.0.0.5", {"authorization": TOKEN}, 403),
    ],
)
def test_token_opens_and_this_machine_where_none_is_set(home, monkeypatch, token, host, headers, status):
    monkeypatch.setenv("CAODIEM_METRICS_TOKEN", token)

    assert client(host, **headers).get("/metrics").status_code == status


def test_empty_token_opens_nothing(home):
    assert client("10.0.0.5", authorization="Bearer ").get("/metrics").status_code == 403


# --- what does not answer -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [CampaignError("/srv/secret"), ConnectionError("db://secret")])
def test_store_that_does_not_answer_is_measured_as_down(home, monkeypatch, error):
    def refuse(_settings):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(metrics, "open_store", refuse)
        answer = client().get("/metrics")

    is_down = 'caodiem_store_up{campaign="gia-lai-2024"} 0.0' in answer.text
    assert (answer.status_code, is_down, "secret" in answer.text) == (200, True, False)


def test_store_of_another_version_is_measured_as_down(home):
    store = Store(f"sqlite:///{home / 'caodiem.db'}")
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    store.close()

    # A store that cannot be read does not say whose it is: the settings do.
    assert (value("caodiem_store_up", campaign="gia-lai-2024"), value("caodiem_data_version")) == (0, None)


def test_settings_that_cannot_be_used_are_answered_503(home, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setenv("CAODIEM_PORT", "nonsense")
        answer = client().get("/metrics")

    assert answer.status_code == 503
