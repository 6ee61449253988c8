"""How columns are read, as somebody chose it: kept by source, replaced by a later choice, told in the audit."""

import pytest
from sqlmodel import select

from models.readings.loading import remember_choices
from models.readings.quarantine import find_choices
from models.tables import AuditEntry, ColumnChoice
from tests.models.accounts_world import by, people
from tests.models.conftest import on_each_engine, postgresql_in_soak


@pytest.fixture
def world(small):
    return people(small)


def remember(world, choices, *, source="file", at="9/3 08:00"):
    world.small.changed(remember_choices, choices, source=source, context=by("dieuphoi", "weekly report", at))


def rows(world, table):
    with world.small.store.reading() as session:
        return [row.model_dump() for row in session.exec(select(table))]


@postgresql_in_soak
def test_choices_are_known_again_for_their_source_alone(world):
    remember(world, {"a:one": "percent", "a:two": "count"})

    assert world.small.asked(find_choices, "file") == {"a:one": "percent", "a:two": "count"}
    assert world.small.asked(find_choices, "portal") == {}
    assert {row["by"] for row in rows(world, ColumnChoice)} == {"dieuphoi"}


@on_each_engine
def test_later_choice_replaces_an_earlier_one_and_the_audit_keeps_both(world):
    remember(world, {"a:one": "percent", "a:two": "count"})
    version = world.small.data_version()

    remember(world, {"a:one": "fraction", "a:two": "count"}, at="10/3 08:00")

    assert world.small.asked(find_choices, "file")["a:one"] == "fraction"
    entry = [entry for entry in rows(world, AuditEntry) if entry["action"] == "remember_choices"][-1]
    assert (entry["subject"], entry["old"], entry["new"]) == ("file", {"a:one": "percent"}, {"a:one": "fraction"})
    assert (entry["by"], entry["reason"]) == ("dieuphoi", "weekly report")
    assert world.small.data_version() == version


def test_choice_that_is_known_already_leaves_no_trace(world):
    remember(world, {"a:one": "percent"})

    remember(world, {"a:one": "percent"})
    remember(world, {})

    assert len([entry for entry in rows(world, AuditEntry) if entry["action"] == "remember_choices"]) == 1
