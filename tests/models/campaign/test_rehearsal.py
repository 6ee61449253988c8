"""The clock of a demonstration: on by the days that are told, never back, and never in a real store."""

from sqlmodel import select

from models.campaign.actions import move_rehearsal
from models.core.state import find_state
from models.tables import AuditEntry, StoreState
from tests.models.conftest import Small, at, context


def rehearse(small: Small, when: str) -> None:
    with small.store.writing() as session:
        session.get(StoreState, 1).rehearsal_now = at(when)


def test_demonstration_moves_on_and_the_audit_says_so(small):
    rehearse(small, "7/3 18:00")

    has_moved = small.changed(move_rehearsal, to=at("8/3 18:00"), context=context("8/3 17:30"))

    assert has_moved
    assert small.asked(find_state).rehearsal_now == at("8/3 18:00")
    with small.store.reading() as session:
        entry = session.exec(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert (entry.action, entry.old, entry.new) == (
            "move_rehearsal",
            {"now": "2024-03-07T18:00:00+07:00"},
            {"now": "2024-03-08T18:00:00+07:00"},
        )


def test_demonstration_never_moves_back(small):
    rehearse(small, "7/3 18:00")
    before = small.data_version()

    has_moved = small.changed(move_rehearsal, to=at("7/3 18:00"), context=context("8/3 17:30"))

    assert not has_moved
    assert small.data_version() == before


def test_real_store_has_no_such_clock(small):
    assert not small.changed(move_rehearsal, to=at("8/3 18:00"), context=context("8/3 17:30"))
    assert small.asked(find_state).rehearsal_now is None
