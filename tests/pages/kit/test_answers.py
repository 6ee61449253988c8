"""Answers are kept until the store changes, and no longer."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from models.analysis.compare import Comparison
from models.core.formats import TIMEZONE
from pages.kit import answers
from pages.kit.page import Situation


@pytest.fixture
def store(monkeypatch, make_overview):
    """A store that counts how often it is asked, in the state that the test gives it."""
    state = SimpleNamespace(data_version=7, simulated=True, is_archived=False, rehearsal_now=None)
    asked = SimpleNamespace(overviews=0, state=state, now=None)

    @contextmanager
    def reading():
        yield None

    def find_overview(_session, *, as_of, phase):
        asked.overviews += 1
        return make_overview(as_of=as_of, data_version=asked.state.data_version)

    monkeypatch.setattr(answers, "load_settings", lambda: SimpleNamespace(now=asked.now))
    monkeypatch.setattr(answers, "find_unit_events", lambda _session, **_: [])
    monkeypatch.setattr(answers, "open_store", lambda _settings: SimpleNamespace(url="a store", reading=reading))
    monkeypatch.setattr(answers, "find_state", lambda _session: asked.state)
    monkeypatch.setattr(answers.overview_queries, "find_overview", find_overview)
    monkeypatch.setattr(answers.overview_queries, "find_updated", lambda _session: None)
    monkeypatch.setattr(answers.disagreements, "find_disagreeing_units", lambda _session, *, as_of: [])
    return asked


SITUATION = Situation("a store", 7, True, None, date(2024, 4, 20))


def test_overview_is_worked_out_once_for_a_state_of_the_store(store):
    for _ in range(3):
        answers.find_overview(SITUATION, as_of=date(2024, 4, 20), phase=None)

    assert store.overviews == 1


@pytest.mark.parametrize(
    "change", [{"data_version": 8}, {"database": "another store"}, {"today": date(2024, 4, 21)}, {"simulated": False}]
)
def test_overview_is_worked_out_anew_in_another_situation(store, change):
    answers.find_overview(SITUATION, as_of=date(2024, 4, 20), phase=None)
    answers.find_overview(replace(SITUATION, **change), as_of=date(2024, 4, 20), phase=None)

    assert store.overviews == 2


def test_overview_is_worked_out_for_each_day_and_phase(store):
    for as_of in (date(2024, 4, 20), date(2024, 4, 21)):
        for phase in (None, "100-day"):
            answers.find_overview(SITUATION, as_of=as_of, phase=phase)

    assert store.overviews == 4


def test_view_of_an_older_overview_is_never_shown(store, make_overview):
    """Two visitors whose situations are one may hold overviews of two versions: the store changed in between."""
    old, new = make_overview(data_version=7), make_overview(data_version=8, lines=())

    views = [answers.find_overview_view(SITUATION, each, "vi") for each in (old, new, old)]

    assert [bool(view.cards) for view in views] == [True, False, True]


def test_view_is_kept_for_each_language(store, make_overview):
    views = [answers.find_overview_view(SITUATION, make_overview(), language) for language in ("vi", "en", "vi")]

    assert views[0] == views[2]
    assert views[0].cards != views[1].cards


def test_situation_in_real_time_pretends_no_moment(store):
    assert answers.find_situation().rehearsal is None


def test_situation_of_a_demonstration_is_told_in_vietnamese_time(store):
    store.state.rehearsal_now = datetime(2024, 5, 6, 18, 30, tzinfo=UTC)

    situation = answers.find_situation()

    assert situation.today == date(2024, 5, 7)
    assert situation.rehearsal == datetime(2024, 5, 7, 1, 30, tzinfo=TIMEZONE)


def test_moment_that_is_set_from_outside_comes_before_the_stores_own(store):
    store.state.rehearsal_now = datetime(2024, 5, 6, 18, 30, tzinfo=UTC)
    store.now = datetime(2024, 6, 1, 8, tzinfo=TIMEZONE)

    assert answers.find_situation().today == date(2024, 6, 1)


def test_comparison_in_the_running_phases_is_told_from_one_in_a_phase_that_was_named():
    def known(*phases):
        rows = tuple(SimpleNamespace(phase=phase) for phase in phases)
        return answers.KNOWN_BY[Comparison](
            SimpleNamespace(indicator="online", as_of=date(2024, 5, 7), whole=rows[0], rows=rows)
        )

    assert known("50-day", "100-day") != known("50-day", "50-day")
    assert known("50-day", "50-day") == known("50-day", "50-day")
