"""Dropped files that could not be taken in: they are seen until somebody settles them or one of their name comes."""

import pytest
from sqlmodel import select

from models.core.texts import LANGUAGES
from models.feeds.actions import record_refused
from models.feeds.alerts import raise_alerts
from models.feeds.files import HELD, find_waiting_files, note_place, settle_files
from models.feeds.states import find_feed_states
from models.feeds.words import failure_sentence
from models.tables import Alert, AuditEntry, Run
from targets.errors import UnknownName, WrongUse
from tests.models.conftest import at, context, day, on_each_engine, postgresql_in_soak

NOW = "15/3 17:30"


def refuse(small, name="sai.xlsx", *, status="failed", when=NOW):
    return small.changed(
        lambda session: record_refused(
            session, source="file", for_date=day("15/3"), file_name=name, failure="file_is_no_table",
            terms={"file": name}, machine=at(when), context=context(when), status=status,
        ).id
    )  # fmt: skip


def state(small):
    states = small.asked(find_feed_states, now=at("15/3 18:00"))
    return next(feed for feed in states if feed.source == "file")


@on_each_engine
def test_one_bad_file_makes_its_source_failing_and_says_why_in_a_sentence(small):
    assert state(small).is_well

    refuse(small, "cũ.xlsx")
    refuse(small, status=HELD)

    found = state(small)
    assert (found.state, found.is_well, found.is_failing, found.files, found.failures) == ("failing", False, True, 2, 2)
    assert found.is_failing_by_files
    for language in LANGUAGES:
        said = failure_sentence(found.failure, found.failure_terms, language)
        assert "sai.xlsx" in said
        assert "2" in said


@postgresql_in_soak
def test_file_of_the_same_name_that_is_taken_in_settles_the_bad_one(small):
    refuse(small)
    other = refuse(small, "khác.xlsx")

    small.load(("S1", "online", "15/3", 90, 200), source="file", file_name="sai.xlsx")

    assert [file.id for file in small.asked(find_waiting_files)] == [other]


@on_each_engine
def test_files_are_left_out_for_one_reason_and_the_trail_names_each(small):
    files = [refuse(small, name) for name in ("a.xlsx", "b.xlsx")]

    small.changed(settle_files, files, context=context(reason="gửi nhầm"))

    assert small.asked(find_waiting_files) == []
    assert state(small).is_well
    with small.store.reading() as session:
        assert {(run.status, run.reason) for run in session.exec(select(Run))} == {("dismissed", "gửi nhầm")}
        told = session.exec(select(AuditEntry).where(AuditEntry.action == "file_dismissed")).all()
    assert [entry.old for entry in told] == [{"file": "a.xlsx"}, {"file": "b.xlsx"}]


def test_file_that_was_taken_in_after_all_names_its_load(small):
    file = refuse(small)
    small.changed(note_place, file, path="/srv/bad/sai.xlsx")
    [waiting] = small.asked(find_waiting_files)

    small.changed(settle_files, [file], by=7, context=context(reason="đã xem"))

    assert (waiting.path, waiting.source) == ("/srv/bad/sai.xlsx", "file")
    with small.store.reading() as session:
        entry = session.exec(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.new) == ("file_taken_in", {"run": 7})


def test_only_files_that_wait_are_settled_and_only_for_a_reason(small):
    file = refuse(small)

    with pytest.raises(WrongUse, match="reason"):
        small.changed(settle_files, [file], context=context(reason=" "))
    with pytest.raises(UnknownName):
        small.changed(settle_files, [99], context=context())
    assert [waiting.id for waiting in small.asked(find_waiting_files)] == [file]


def test_bad_file_makes_one_message_and_another_once_it_is_settled(small):
    file = refuse(small)
    small.changed(raise_alerts, [state(small)], context=context("15/3 18:00"))
    small.changed(raise_alerts, [state(small)], context=context("15/3 18:05"))
    with small.store.writing() as session:
        [alert] = session.exec(select(Alert)).all()
        assert (alert.kind, alert.terms["failure"]) == ("failing", "bad_file")
        alert.sent_machine = at("15/3 18:01")
    small.changed(settle_files, [file], context=context(reason="gửi nhầm"))

    small.changed(raise_alerts, [state(small)], context=context("15/3 19:00"))

    with small.store.reading() as session:
        assert [alert.kind for alert in session.exec(select(Alert).order_by(Alert.id))] == ["failing", "recovered"]
