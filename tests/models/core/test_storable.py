"""Texts from outside, made fit to be kept on either engine and on any disk."""

import os

import pytest
from sqlmodel import select

from models.core.audit import ChangeContext, find_break, record
from models.core.columns import MOST_NAME_BYTES, storable, storable_json, storable_name
from models.tables import Run, StoreState
from tests.models.conftest import at


@pytest.mark.parametrize(
    ("result", "kept"),
    [
        ("Xã Ia Pnôn", "Xã Ia Pnôn"),
        ("10\x0030", "10\ufffd30"),
        ("a\ud800b", "a\ufffdb"),
        ("\udc00\ud800", "\ufffd\ufffd"),
        ("\ud83d\ude00", "😀"),
        ("tab\tand\nline", "tab\tand\nline"),
    ],
)
def test_what_no_database_takes_is_marked_and_halves_written_apart_become_one_letter(result, kept):
    assert storable(result) == kept
    assert storable(result).encode()


def test_longer_text_ends_with_an_ellipsis():
    assert storable("x" * 11, 10) == "x" * 9 + "…"
    assert storable("x" * 10, 10) == "x" * 10


def test_texts_within_a_value_are_cleaned_wherever_they_stand():
    assert storable_json({"a\x00": ["b\ud800", ("c", 1, None)]}) == {"a\ufffd": ["b\ufffd", ["c", 1, None]]}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("so-lieu.csv", "so-lieu.csv"),
        (os.fsdecode(b"b\xe1o c\xe1o.csv"), "b�o c�o.csv"),
        ("a\nb\x1b[31m.csv", "a_b_[31m.csv"),
        ("../x", ".._x"),
        ("\u200b", "_"),
        ("", "_"),
    ],
)
def test_names_of_files_are_such_as_every_disk_and_store_takes(name, kept):
    assert storable_name(name) == kept


@pytest.mark.parametrize("letter", ["x", "ủ", "😀"])
def test_long_names_keep_their_end_and_leave_room_for_a_number(letter):
    kept = storable_name(letter * 253 + " (2).xlsx")

    assert kept.startswith("…")
    assert kept.endswith(f"{letter} (2).xlsx")
    assert len(f"{kept} (1000).part".encode()) <= 255
    assert len(kept.encode()) > MOST_NAME_BYTES - 4
    assert storable_name(kept) == kept


def test_every_text_of_every_row_is_cleaned_before_it_is_written(migrated):
    """On PostgreSQL a NUL is refused, and half a pair of surrogates can be written on neither engine."""
    odd, kept = "a\x00\ud800", "a\ufffd\ufffd"
    with migrated.writing() as session:
        run = Run(kind="readings", status="done", received_at=at("7/5"), by=odd, warnings=[{"terms": {odd: odd}}])
        run.file_name = odd
        session.add(run)

    with migrated.reading() as session:
        found = session.exec(select(Run)).one()
        assert (found.by, found.file_name, found.warnings) == (kept, kept, [{"terms": {kept: kept}}])


def test_entry_of_the_audit_is_clean_before_its_hash_covers_it(migrated):
    with migrated.writing() as session:
        session.add(StoreState(campaign_key="small"))
        session.flush()
        context = ChangeContext(by="system:test", reason="a\x00\ud800", now=at("7/5"))
        record(session, context=context, action="test", subject="b\ud800", new={"file": "c\ud800"})

    with migrated.reading() as session:
        assert find_break(session) is None
