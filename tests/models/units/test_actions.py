"""Units: added, and followed when what is told of them changes, each change with an audit entry of its own."""

from dataclasses import replace

import pytest
from sqlmodel import select

from models.tables import AuditEntry, UnitRow
from models.units.actions import name_heads, record_units
from models.units.queries import Head
from targets.errors import UnknownName
from targets.values import Unit
from tests.models.conftest import UNITS, Small, context, day, on_each_engine


def reported(small: Small, *units: Unit, is_whole: bool = False):
    return small.changed(record_units, units, is_whole=is_whole, context=context("2/3 08:00", reason="a new list"))


def entries(small: Small) -> list[AuditEntry]:
    with small.store.reading() as session:
        return list(session.exec(select(AuditEntry).where(AuditEntry.action == "change_unit").order_by(AuditEntry.id)))


def unit(small: Small, code: str) -> UnitRow:
    with small.store.reading() as session:
        return session.exec(select(UnitRow).where(UnitRow.code == code)).one()


@on_each_engine
def test_change_of_a_unit_is_in_the_audit_with_what_was_and_what_is(small):
    changed = replace(UNITS[9], name="UBND xã Năm mới", valid_to=day("31/3"), successor="X4", parent="H1")

    counts = reported(small, changed)

    (entry,) = entries(small)
    assert (counts.accepted, counts.revised, counts.unchanged) == (0, 1, 0)
    assert (entry.subject, entry.by, entry.reason) == ("X5", "system:test", "a new list")
    assert entry.old == {
        "name": "UBND xã Năm",
        "aliases": [],
        "valid_to": "2024-03-10",
        "successor": "X3",
        "parent": "H2",
    }
    assert entry.new == {
        "name": "UBND xã Năm mới", "aliases": ["UBND xã Năm"], "valid_to": "2024-03-31", "successor": "X4",
        "parent": "H1",
    }  # fmt: skip


def test_unit_told_as_it_is_known_leaves_no_trace(small):
    version = small.data_version()

    counts = reported(small, *UNITS, is_whole=True)

    assert counts.unchanged == len(UNITS)
    assert entries(small) == []
    assert small.data_version() == version


def test_renamed_unit_keeps_its_old_names(small):
    for name in ("UBND xã Năm A", "UBND xã Năm B", "ubnd xã năm B"):
        reported(small, replace(UNITS[9], name=name))

    assert unit(small, "X5").aliases == ["UBND xã Năm", "UBND xã Năm A"]


def test_name_that_another_unit_bears_now_is_no_alias(small):
    reported(small, replace(UNITS[9], name=UNITS[8].name), replace(UNITS[8], name=UNITS[9].name))

    assert (unit(small, "X4").aliases, unit(small, "X5").aliases) == ([], [])


def test_list_of_some_units_leaves_alone_what_it_does_not_say(small):
    reported(small, replace(UNITS[9], head_name="Nguyễn Văn A", aliases=("Xã 5",)))

    reported(small, Unit("X5", "commune", "UBND xã Năm", None))

    row = unit(small, "X5")
    assert (row.head_name, row.aliases, row.valid_to, row.position) == ("Nguyễn Văn A", ["Xã 5"], day("10/3"), 9)
    assert (row.parent_id, row.successor_id) == (small.ids["H2"], small.ids["X3"])


def test_whole_list_takes_away_what_it_does_not_say(small):
    without = tuple(replace(known, valid_to=None, successor=None) if known.code == "X5" else known for known in UNITS)

    reported(small, *without, is_whole=True)

    row = unit(small, "X5")
    assert (row.valid_to, row.successor_id) == (None, None)


def test_whole_list_gives_the_order(small):
    counts = reported(small, *reversed(UNITS), is_whole=True)

    # ten places, and the one in the middle is nobody's
    assert counts.revised == len(UNITS)
    assert [unit(small, code).position for code in ("P", "X5")] == [9, 0]


def test_new_unit_of_a_list_of_some_is_put_last(small):
    counts = reported(small, Unit("X9", "commune", "UBND xã Chín", "H1"))

    row = unit(small, "X9")
    assert (counts.accepted, row.position, row.parent_id) == (1, len(UNITS), small.ids["H1"])


@pytest.mark.parametrize("link", ["parent", "successor"])
def test_unit_that_points_at_nobody_is_refused_by_name(small, link):
    with pytest.raises(UnknownName, match="X77"):
        reported(small, replace(UNITS[9], **{link: "X77"}))

    assert entries(small) == []


def test_head_is_named_and_a_telephone_number_stays_only_with_the_same_person(small):
    named = small.changed(name_heads, {"X5": Head("Chủ tịch", "Lê A", "0905 1")}, context=context("2/3 08:00"))
    again = small.changed(name_heads, {"X5": Head(None, "Lê A", None)}, context=context("2/3 09:00"))
    first = unit(small, "X5")
    small.changed(name_heads, {"X5": Head(None, "Trần B", None)}, context=context("3/3 08:00"))

    second = unit(small, "X5")
    assert (named, again) == (1, 0)
    assert (first.head_title, first.head_name, first.head_phone) == ("Chủ tịch", "Lê A", "0905 1")
    assert (second.head_title, second.head_name, second.head_phone) == ("Chủ tịch", "Trần B", None)
    assert [entry.subject for entry in entries(small)] == ["X5", "X5"]


def test_head_of_no_unit_is_refused(small):
    with pytest.raises(UnknownName):
        small.changed(name_heads, {"nowhere": Head(None, "Lê A", None)}, context=context("2/3 08:00"))
