"""The audit chain: whatever is altered, cut or put in another order shows."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from models.audit import Deed, entry_hash, find_break, find_state, record
from models.tables import AuditEntry
from targets.errors import StoreNotReady
from tests.models.conftest import Small, at, deed, on_each_engine


def with_entries(small: Small, *actions: str) -> list[int]:
    """Entries one after another; answers their ids."""
    with small.store.writing() as session:
        for number, action in enumerate(actions):
            record(
                session,
                deed=Deed(by="Nguyễn Văn A", reason="vì sao", now=at("2/3 08:00") + timedelta(hours=number)),
                action=action,
                subject="S1",
                old={"value": "50"},
                new={"value": "60", "đơn vị": ["Sở Một"]},
            )
    with small.store.reading() as session:
        return [entry.id or 0 for entry in session.exec(select(AuditEntry).order_by(AuditEntry.id))]


def tampered(small: Small, *statements: str, **terms: object) -> None:
    """What somebody with the database's own password could do: take the guard off, then change."""
    with small.store.engine.begin() as connection:
        for change in ("update", "delete"):
            name = f"refuse_{change}_of_audit_entry"
            where = "" if small.store.is_sqlite else " ON audit_entry"
            connection.execute(text(f"DROP TRIGGER {name}{where}"))
        for statement in statements:
            connection.execute(text(statement), terms)


def broken(small: Small) -> str | None:
    found: str | None = small.asked(find_break)
    return found


# --- a whole chain --------------------------------------------------------------------------------------------------


@on_each_engine
def test_chain_is_whole_after_any_number_of_changes(small):
    with_entries(small, "first", "second", "third")
    small.load(("S1", "online", "15/3", 1, 2))

    assert broken(small) is None


@on_each_engine
def test_entry_says_who_what_when_why_and_under_which_document(small):
    with small.store.writing() as session:
        record(
            session,
            deed=Deed(
                by="Trần Thị B", reason="quyết định", now=at("2/3 08:00"), document="629/KH-UBND", origin="page targets"
            ),
            action="issue_targets",
            subject="50-day",
            old={"value": None},
            new={"value": "60"},
        )

    with small.store.reading() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "issue_targets")).one()
    assert (entry.by, entry.reason, entry.at) == ("Trần Thị B", "quyết định", at("2/3 08:00"))
    assert (entry.document, entry.origin, entry.subject) == ("629/KH-UBND", "page targets", "50-day")
    assert (entry.old, entry.new) == ({"value": None}, {"value": "60"})


def test_each_entry_raises_the_version_of_the_data(small):
    before = small.data_version()

    with_entries(small, "first", "second")

    assert small.data_version() == before + 2


def test_each_entry_names_the_hash_of_the_one_before(small):
    with_entries(small, "first", "second")

    with small.store.reading() as session:
        entries = session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()
        state = find_state(session)

    assert [entry.previous_hash for entry in entries] == ["", *(entry.hash for entry in entries[:-1])]
    assert state.audit_hash == entries[-1].hash


def test_two_equal_deeds_have_different_hashes(small):
    for _ in range(2):
        with small.store.writing() as session:
            record(session, deed=deed("2/3 08:00"), action="same", subject="S1")

    with small.store.reading() as session:
        hashes = [entry.hash for entry in session.exec(select(AuditEntry).where(AuditEntry.action == "same"))]

    assert len(set(hashes)) == 2


def test_nothing_is_recorded_in_a_store_without_a_campaign(migrated):
    with pytest.raises(StoreNotReady, match="python -m jobs init"), migrated.writing() as session:
        record(session, deed=deed(), action="x", subject="x")


# --- what shows -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "by = 'somebody else'",
        "reason = 'another reason'",
        "document = '1/QD'",
        "action = 'nothing'",
        "subject = 'S2'",
        "origin = 'elsewhere'",
        "role = 'admin'",
        'new = \'{"value": "61"}\'',
        "old = NULL",
        "at = '2024-03-01 08:00:00+00:00'",
        "hash = 'abc'",
        "previous_hash = 'abc'",
    ],
)
def test_altered_entry_is_found(small, change):
    ids = with_entries(small, "first", "second", "third")
    name = change.split(" = ")[0]

    tampered(small, f"UPDATE audit_entry SET {change} WHERE id = :id", id=ids[-2])  # noqa: S608

    found = broken(small)
    assert found is not None, name
    assert "was changed after it was written" in found
    assert str(ids[-2]) in found


@on_each_engine
def test_cut_tail_is_found(small):
    ids = with_entries(small, "first", "second", "third")

    tampered(small, "DELETE FROM audit_entry WHERE id >= :id", id=ids[-2])

    assert broken(small) == "audit entries are missing at the end"


def test_entry_taken_out_of_the_middle_is_found(small):
    ids = with_entries(small, "first", "second", "third")

    tampered(small, "DELETE FROM audit_entry WHERE id = :id", id=ids[-2])

    assert "third" in str(broken(small))


def test_chain_without_its_beginning_is_found(small):
    ids = with_entries(small, "first", "second")

    tampered(small, "DELETE FROM audit_entry WHERE id = :id", id=ids[0])

    assert broken(small) is not None


def test_emptied_chain_is_found(small):
    tampered(small, "DELETE FROM audit_entry")

    assert broken(small) == "audit entries are missing at the end"


@on_each_engine
def test_entries_in_another_order_are_found(small):
    ids = with_entries(small, "first", "second", "third")

    tampered(
        small,
        "UPDATE audit_entry SET id = -1 WHERE id = :one",
        "UPDATE audit_entry SET id = :one WHERE id = :other",
        "UPDATE audit_entry SET id = :other WHERE id = -1",
        one=ids[-3],
        other=ids[-2],
    )

    assert "was changed after it was written" in str(broken(small))


def test_entry_slipped_in_at_the_end_is_found(small):
    with_entries(small, "first")

    tampered(
        small,
        "INSERT INTO audit_entry (at, by, role, origin, action, subject, reason, document, previous_hash, hash)"
        " SELECT at, by, role, origin, action, subject, reason, document, hash, 'abc' FROM audit_entry"
        " ORDER BY id DESC LIMIT 1",
    )

    assert broken(small) is not None


@on_each_engine
def test_altered_entry_is_found_even_when_its_own_hash_was_made_anew(small):
    ids = with_entries(small, "first", "second", "third")
    with small.store.reading() as session:
        entry = session.get_one(AuditEntry, ids[-2])
        session.expunge(entry)
    entry.by = "somebody else"

    tampered(
        small,
        "UPDATE audit_entry SET by = 'somebody else', hash = :hash WHERE id = :id",
        id=ids[-2],
        hash=entry_hash(entry),
    )

    assert "third" in str(broken(small))
