"""Messages about sources: when one is raised, who sends it, and what becomes of one that nobody takes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from models.feeds.alerts import (
    FIRST_PAUSE,
    LONGEST_SENDING,
    MOST_TRIES,
    claim_alerts,
    message_state,
    next_try,
    raise_alerts,
    settle_alert,
)
from models.feeds.states import FeedState
from models.tables import Alert, SourceRow
from targets.values import Text
from tests.models.conftest import at, context, day, on_each_engine

MACHINE = datetime(2030, 1, 1, tzinfo=UTC)
FRESH = FeedState(
    source="igate",
    source_id=1,
    name=Text("iGate", "iGate"),
    kind="igate",
    state="fresh",
    last_good=at("4/3 06:31"),
    age_hours=1.0,
    newest=day("4/3"),
    is_stale=False,
    expected_at=at("4/3 06:30"),
    expected_day=day("4/3"),
    is_late=False,
    next_at=at("5/3 06:30"),
    failures=0,
    failed_at=None,
    failure=None,
    failure_terms=None,
)
LATE = replace(FRESH, state="late", is_late=True, expected_at=at("5/3 06:30"), expected_day=day("5/3"))
FAILING = replace(FRESH, state="failing", failures=2, failed_at=at("5/3 06:41"), failure="timeout", failure_terms={})
BOTH = replace(LATE, state="failing", failures=2, failed_at=at("5/3 06:41"), failure="timeout", failure_terms={})
OFF = replace(FRESH, state="off")


@pytest.fixture
def workplace(small):
    """The small campaign, with the few moves of the tests."""

    class Workplace:
        def see(self, *feeds, when="5/3 09:00"):
            with small.store.reading() as session:
                source_id = session.exec(select(SourceRow).where(SourceRow.key == "igate")).one().id
            seen = [replace(feed, source_id=source_id) for feed in feeds]
            return small.changed(raise_alerts, seen, context=context(when))

        def send(self, *, machine=MACHINE, missed=(), told=("mail",)):
            claimed = small.changed(claim_alerts, machine=machine, context=context("5/3 09:00"))
            for alert in claimed:
                small.changed(settle_alert, alert.alert_id, told=told, missed=missed, context=context("5/3 09:00"))
            return [alert.kind for alert in claimed]

        def claim(self, machine=MACHINE):
            return small.changed(claim_alerts, machine=machine, context=context("5/3 09:00"))

        def states(self, machine=MACHINE):
            with small.store.reading() as session:
                rows = session.exec(select(Alert).order_by(Alert.id)).all()
                return [(row.kind, message_state(row, machine=machine)) for row in rows]

        def rows(self):
            with small.store.reading() as session:
                return list(session.exec(select(Alert).order_by(Alert.id)).all())

    return Workplace()


@on_each_engine
def test_trouble_is_told_once_until_it_is_over_and_then_that_it_is_over(workplace):
    sent = []
    for hour, feed in enumerate((FRESH, LATE, LATE, LATE, FRESH, FRESH)):
        workplace.see(feed, when=f"5/3 {9 + hour:02}:00")
        sent.append(workplace.send())

    assert sent == [[], ["late"], [], [], ["recovered"], []]
    assert workplace.states() == [("late", "sent"), ("recovered", "sent")]


def test_trouble_that_lasts_for_days_stays_one_message(workplace):
    for number in range(5, 15):
        workplace.see(replace(LATE, expected_day=day(f"{number}/3")), when=f"{number}/3 09:00")
        workplace.send()

    assert workplace.states() == [("late", "sent")]


def test_late_and_failing_are_two_things_to_tell_and_one_to_be_over(workplace):
    workplace.see(FAILING)
    workplace.see(BOTH)
    workplace.send()
    workplace.see(FRESH)

    assert [kind for kind, _ in workplace.states()] == ["failing", "late", "recovered"]


def test_source_that_is_still_late_after_it_stopped_failing_has_not_recovered(workplace):
    workplace.see(BOTH)
    workplace.send()

    assert workplace.see(LATE) == 0


def test_next_trouble_after_a_recovery_is_told_again(workplace):
    for number, feed in ((5, LATE), (6, FRESH), (7, replace(LATE, expected_day=day("7/3"))), (8, FRESH)):
        workplace.see(feed, when=f"{number}/3 09:00")
        workplace.send()

    assert [kind for kind, _ in workplace.states()] == ["late", "recovered", "late", "recovered"]


def test_source_that_comes_and_goes_makes_one_message_of_each_kind_a_day(workplace):
    for _ in range(5):
        for feed in (FAILING, FRESH):
            workplace.see(feed, when="5/3 09:00")
            workplace.send()

    assert [kind for kind, _ in workplace.states()] == ["failing", "recovered"]


def test_trouble_that_ended_before_anybody_heard_of_it_is_dropped(workplace):
    workplace.see(LATE)
    workplace.see(FRESH)
    workplace.see(FRESH)

    assert workplace.send() == []
    assert workplace.states() == [("late", "superseded")]


def test_trouble_that_one_address_heard_of_is_told_to_be_over(workplace):
    workplace.see(LATE)
    workplace.send(missed=["json hook"], told=["mail"])
    workplace.see(FRESH)

    assert workplace.states() == [("late", "superseded"), ("recovered", "waiting")]


def test_source_that_is_switched_off_has_not_recovered(workplace):
    workplace.see(LATE)
    workplace.send()

    assert workplace.see(OFF) == 0


def test_source_that_never_promised_a_day_is_told_of_by_the_day_of_the_trouble(workplace):
    workplace.see(replace(LATE, expected_day=None), when="6/3 09:00")

    assert workplace.rows()[0].for_date == day("6/3")


@on_each_engine
def test_message_is_claimed_by_one_sender(workplace):
    workplace.see(LATE)

    assert [len(workplace.claim()), len(workplace.claim())] == [1, 0]


def test_message_of_a_sender_that_died_is_uncertain_and_never_sent_again(workplace):
    workplace.see(LATE)
    workplace.claim()

    later = MACHINE + LONGEST_SENDING + timedelta(seconds=1)

    assert (workplace.states(), workplace.states(later)) == ([("late", "waiting")], [("late", "uncertain")])
    assert workplace.claim(later + timedelta(days=365)) == []


def test_message_that_was_not_taken_is_tried_again_after_pauses_that_grow_and_then_given_up(workplace):
    workplace.see(LATE)
    moment, pauses = MACHINE, []
    while workplace.send(machine=moment, missed=["json hook"], told=[]):
        alert = workplace.rows()[0]
        pauses.append((next_try(alert) - moment) / FIRST_PAUSE)
        assert workplace.claim(next_try(alert) - timedelta(seconds=1)) == []
        moment = next_try(alert)

    assert pauses == [2**tries for tries in range(MOST_TRIES)]
    assert workplace.states(moment) == [("late", "given_up")]


def test_address_that_has_a_message_is_known_when_the_others_are_tried_again(workplace):
    workplace.see(LATE)
    workplace.send(told=["mail"], missed=["json hook"])

    again = workplace.claim(MACHINE + FIRST_PAUSE)

    assert [claimed.told for claimed in again] == [frozenset({"mail"})]
    assert again[0].terms["missed"] == ["json hook"]


def test_message_that_was_never_tried_may_go_at_once(workplace):
    workplace.see(LATE)

    assert next_try(workplace.rows()[0]) is None


def test_alert_keeps_what_it_will_say(workplace):
    workplace.see(BOTH)

    terms = workplace.rows()[0].terms

    assert terms["expected_day"] == "2024-03-05"
    assert (terms["failures"], terms["failure"], terms["newest"]) == (2, "timeout", "2024-03-04")


def test_alerts_change_no_figure(workplace, small):
    before = small.data_version()
    workplace.see(LATE)
    workplace.send()

    assert small.data_version() == before
