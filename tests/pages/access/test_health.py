"""`/healthz`: 200 where all is well, 503 and a word where it is not, and nothing an outsider should not read."""

import json
from contextlib import contextmanager

import pytest

from models.queries.health import Health
from pages.access import health
from targets.errors import CampaignError, StoreNotReady


class FakeStore:
    def __init__(self, error=None):
        self.error = error

    @contextmanager
    def reading(self):
        if self.error:
            raise self.error
        yield None


def asked(monkeypatch, *, error=None, found=None):
    monkeypatch.setattr(health, "load_settings", lambda: None)
    monkeypatch.setattr(health, "open_store", lambda _settings: FakeStore(error))
    monkeypatch.setattr(health, "find_health", lambda _session: found)
    answer = health.answer_health(None)
    return answer.status_code, json.loads(answer.body)


def test_well_store_is_answered_200(monkeypatch):
    status, said = asked(monkeypatch, found=Health(database="ok", migrations="ok"))

    assert status == 200
    assert said == {"database": "ok", "migrations": "ok", "sources": [], "backup_age_hours": None}


def test_store_of_another_version_is_answered_503(monkeypatch):
    status, said = asked(monkeypatch, found=Health(database="ok", migrations="at 1, needs 2"))

    assert status == 503
    assert said["migrations"] == "at 1, needs 2"


@pytest.mark.parametrize(
    "error",
    [StoreNotReady("no store at /srv/secret"), CampaignError("/srv/secret"), ConnectionError("db://secret refused")],
)
def test_store_that_does_not_answer_is_answered_503_without_giving_away_where_it_is(monkeypatch, error):
    status, said = asked(monkeypatch, error=error)

    assert status == 503
    assert said["database"] != "ok"
    assert "secret" not in json.dumps(said)
