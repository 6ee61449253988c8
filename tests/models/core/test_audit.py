"""The audit chain: whatever is altered, cut or put in another order shows."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from models.core.audit import (
    ChangeContext,
    entry_hash,
    find_break,
    find_broken_seal,
    find_head,
    find_lost,
    find_state,
    find_unguarded,
    record,
    seal_trail,
)
from models.core.store import Store
from models.tables import AuditEntry
from targets.errors import StoreNotReady
from tests.models.conftest import Small, at, context, on_each_engine


def with_entries(small: Small, *actions: str) -> list[int]:
    """Entries one after another; answers their ids."""
    with small.store.writing() as session:
        for number, action in enumerate(actions):
            record(
                session,
                context=ChangeContext(
                    by="Nguyễn Văn A", reason="vì sao", now=at("2/3 08:00") + timedelta(hours=number)
                ),
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
    found = small.asked(find_break)
    return found and str(found)


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
            context=ChangeContext(
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
            record(session, context=context("2/3 08:00"), action="same", subject="S1")

    with small.store.reading() as session:
        hashes = [entry.hash for entry in session.exec(select(AuditEntry).where(AuditEntry.action == "same"))]

    assert len(set(hashes)) == 2


def test_nothing_is_recorded_in_a_store_without_a_campaign(migrated):
    with pytest.raises(StoreNotReady, match="python -m jobs init"), migrated.writing() as session:
        record(session, context=context(), action="x", subject="x")


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

    assert broken(small) == f"audit entry {ids[-2]} is missing, the next one is {ids[-1]}"


def test_chain_without_its_beginning_is_found(small):
    ids = with_entries(small, "first", "second")

    tampered(small, "DELETE FROM audit_entry WHERE id = :id", id=ids[0])

    assert broken(small) == f"audit entry {ids[0]} is missing, the next one is {ids[1]}"


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


# --- what the chain alone does not show -----------------------------------------------------------------------------


def written_anew(small: Small, **changed: object) -> None:
    """What somebody does who knows the program: change the newest entry but one, and every hash from there on."""
    with small.store.reading() as session:
        entries = session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()
        session.expunge_all()
    statements, terms, previous = [], {}, ""
    for number, entry in enumerate(entries):
        for name, value in changed.items() if number == len(entries) - 2 else ():
            setattr(entry, name, value)
        entry.previous_hash = previous
        previous = entry_hash(entry)
        terms |= {f"by{number}": entry.by, f"before{number}": entry.previous_hash, f"hash{number}": previous}
        statements.append(
            f"UPDATE audit_entry SET by = :by{number}, previous_hash = :before{number}, hash = :hash{number}"  # noqa: S608
            f" WHERE id = {entry.id}"
        )
    tampered(small, *statements, f"UPDATE store_state SET audit_hash = '{previous}'", **terms)  # noqa: S608


@on_each_engine
def test_change_that_failed_leaves_no_number_out(small):
    with pytest.raises(ZeroDivisionError), small.store.writing() as session:
        record(session, context=context(), action="undone", subject="S1")
        raise ZeroDivisionError
    with_entries(small, "first", "second")

    assert broken(small) is None


@on_each_engine
def test_numbers_that_postgresql_left_out_before_they_meant_something_are_no_gap(small):
    ids = with_entries(small, "first")
    tampered(
        small,
        "UPDATE audit_entry SET id = id + 3 WHERE id = :id",
        "UPDATE store_state SET trail_gapless_from = :id + 4",
        id=ids[-1],
    )
    after = with_entries(small, "second")

    assert broken(small) is None
    tampered_again = f"UPDATE audit_entry SET id = id + 1 WHERE id = {after[-1]}"  # noqa: S608
    with small.store.engine.begin() as connection:
        connection.execute(text(tampered_again))
    assert "is missing" in str(broken(small))


@on_each_engine
def test_trail_written_anew_is_whole_by_itself_and_not_what_was_noted(small):
    with_entries(small, "first", "second")
    noted = str(small.asked(find_head))
    with_entries(small, "third")
    kept = small.asked(find_lost, noted)

    written_anew(small, by="somebody else")

    assert kept is None
    assert broken(small) is None
    assert "no audit entry has the hash" in small.asked(find_lost, noted)


def test_end_of_the_trail_is_known_by_its_hash_alone_and_by_its_number(small):
    number, _, result = str(small.asked(find_head)).partition(":")

    assert small.asked(find_lost, result) is None
    assert f"was number 99 and is {number} now" in small.asked(find_lost, f"99:{result}")
    with pytest.raises(ValueError, match="yesterday"):
        small.asked(find_lost, "yesterday")


@on_each_engine
def test_every_table_that_only_grows_is_guarded(small):
    assert small.asked(find_unguarded) == []


@on_each_engine
@pytest.mark.parametrize("name", ["refuse_delete_of_reading", "refuse_update_of_snapshot_row"])
def test_guard_that_was_taken_off_is_named(small, name):
    change, _, table = name.removeprefix("refuse_").partition("_of_")
    with small.store.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER {name}" + ("" if small.store.is_sqlite else f" ON {table}")))

    assert small.asked(find_unguarded) == [f"{table} ({change})"]


@pytest.mark.parametrize(
    ("engine", "statements"),
    [
        (
            "sqlite",
            [
                "DROP TRIGGER refuse_update_of_audit_entry",
                "CREATE TRIGGER refuse_update_of_audit_entry BEFORE UPDATE ON audit_entry WHEN 0 "
                "BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END",
            ],
        ),
        ("postgresql", ["ALTER TABLE audit_entry DISABLE TRIGGER refuse_update_of_audit_entry"]),
    ],
    indirect=["engine"],
)
def test_guard_that_guards_nothing_is_no_guard(small, statements):
    with small.store.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)

    assert small.asked(find_unguarded) == ["audit_entry (update)"]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_guards_whose_function_does_nothing_are_no_guards(small):
    with small.store.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN RETURN coalesce(NEW, OLD); END'"
        )

    assert len(small.asked(find_unguarded)) == 12


# --- the seal -------------------------------------------------------------------------------------------------------


@pytest.fixture
def keyed(small):
    """The same store for somebody who has the key; the trail is sealed."""
    store = Store(small.store.url, audit_key="a key of the province")
    with store.writing() as session:
        seal_trail(session, context=context())
    yield Small(store)
    store.close()


def test_what_is_written_with_the_key_bears_its_seal(keyed):
    with_entries(keyed, "first", "second")

    assert keyed.asked(find_broken_seal) is None
    assert broken(keyed) is None


def test_store_without_a_key_has_no_seal_to_examine(small):
    assert small.asked(find_broken_seal) is None
    with pytest.raises(ValueError, match="no key"):
        small.changed(seal_trail, context=context())


def test_trail_that_was_never_sealed_is_told(small):
    store = Store(small.store.url, audit_key="a key of the province")

    assert "--seal" in Small(store).asked(find_broken_seal)
    store.close()


def test_trail_written_anew_without_the_key_is_found_however_much_follows(small, keyed):
    with_entries(keyed, "first", "second")
    written_anew(small, by="somebody else")
    found = keyed.asked(find_broken_seal)
    with_entries(keyed, "third")

    assert broken(small) is None
    assert "does not bear the seal" in found
    assert keyed.asked(find_broken_seal) == found


def test_entries_without_the_key_are_told_apart_until_somebody_seals_them(small, keyed):
    last = with_entries(keyed, "first")[-1]
    with_entries(small, "by somebody who has no key")
    with_entries(keyed, "after")

    assert f"the entries after {last} were written without" in keyed.asked(find_broken_seal)
    keyed.changed(seal_trail, context=context())
    assert keyed.asked(find_broken_seal) is None


def test_another_key_does_not_know_the_seal(keyed):
    other = Store(keyed.store.url, audit_key="another key of the province")

    assert "the key is another" in Small(other).asked(find_broken_seal)
    other.close()
