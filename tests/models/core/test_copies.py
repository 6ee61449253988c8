"""What the audit trail says of copies of the store."""

from sqlmodel import col, select

from models.core.audit import find_break
from models.core.trail import record_backup, record_restore
from models.tables import AuditEntry
from tests.models.conftest import context


def last_entry(small):
    with small.store.reading() as session:
        return session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()


def test_copy_that_was_taken_is_noted_and_changes_no_figure(small):
    before = small.data_version()

    small.changed(record_backup, file="a.db", rows=12, context=context())

    entry = last_entry(small)
    assert (entry.action, entry.subject, entry.new) == ("backup", "a.db", {"rows": 12})
    assert small.data_version() == before


def test_restored_store_goes_on_from_the_version_that_pages_saw_last(small):
    small.changed(record_restore, file="a.db", version="0002", last_data_version=900, context=context())

    assert (last_entry(small).action, small.data_version()) == ("restore", 901)
    assert small.asked(find_break) is None


def test_restored_store_never_goes_back_in_version(small):
    before = small.data_version()

    small.changed(record_restore, file="a.db", version="0002", last_data_version=0, context=context())

    assert small.data_version() == before + 1
