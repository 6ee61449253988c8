"""Settling rows in quarantine: for a reason, once, with a trace."""

import pytest
from sqlmodel import select

from jobs.imports.values import RejectedRow
from models.core.audit import find_break
from models.core.columns import day_number
from models.core.texts import sentence_of
from models.readings.loading import Arrival, load_readings
from models.readings.quarantine import find_quarantined, find_quarantined_row, find_waiting_groups
from models.readings.settling import SettlingConflict, dismiss_row, dismiss_rows, settle_readmitted, spans
from models.readings.withdrawing import withdraw_load
from models.tables import AuditEntry
from targets.errors import CampaignError, UnknownName
from targets.permissions import Refused
from tests.models.conftest import context, day, on_each_engine, postgresql_in_soak

RUN = 1


def quarantine_rows(small, count):
    """A load whose rows all wait in quarantine; answers their numbers."""
    rejected = [
        RejectedRow("line 2", "Đơn vị", f"nobody {at}", "unit_unknown", {}, {"Đơn vị": f"nobody {at}"})
        for at in range(count)
    ]
    small.load(("S1", "online", "14/3", 9, 20), rejected=rejected)
    return list(range(1, count + 1))


def entries(small):
    """The audit trail, oldest first."""
    with small.store.reading() as session:
        return session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()


@postgresql_in_soak
def test_dismissed_row_keeps_who_when_and_why(small):
    [row] = quarantine_rows(small, 1)

    small.changed(dismiss_row, row, version=1, context=context("15/3 09:00", reason="told twice"))

    found = small.asked(find_quarantined_row, row)
    assert (found.state, found.settled_by, found.settled_reason) == ("dismissed", "system:test", "told twice")
    assert (found.settled_at, found.version) == (context("15/3 09:00").now, 2)


def test_dismissal_is_an_audit_entry_with_what_the_row_held(small):
    [row] = quarantine_rows(small, 1)
    before = small.data_version()

    small.changed(dismiss_row, row, version=1, context=context(reason="told twice"))

    with small.store.reading() as session:
        entry = session.exec(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert find_break(session) is None
    assert (entry.action, entry.subject, entry.reason) == ("row_dismissed", f"quarantined {row}", "told twice")
    assert (entry.old["raw"], entry.new) == ({"Đơn vị": "nobody 0"}, {"state": "dismissed"})
    assert small.data_version() == before + 1


@pytest.mark.parametrize("reason", ["", "  "])
def test_row_is_not_dismissed_without_a_reason(small, reason):
    [row] = quarantine_rows(small, 1)

    with pytest.raises(CampaignError, match="reason") as refused:
        small.changed(dismiss_row, row, version=1, context=context(reason=reason))

    assert "lý do" in sentence_of(refused.value, "vi")
    assert small.asked(find_quarantined_row, row).state == "open"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_later_of_two_is_told_who_settled_the_row_when_and_why(small, language):
    [row] = quarantine_rows(small, 1)
    small.changed(dismiss_row, row, version=1, context=context("15/3 09:00", reason="told twice"))

    with pytest.raises(SettlingConflict) as late:
        small.changed(dismiss_row, row, version=1, context=context("15/3 09:01", reason="mine"))

    said = sentence_of(late.value, language)
    assert all(part in said for part in ("system:test", "15/03/2024 09:00", "told twice"))
    assert small.asked(find_quarantined_row, row).settled_reason == "told twice"


def test_row_taken_in_meanwhile_is_told_as_such(small):
    [row] = quarantine_rows(small, 1)
    small.changed(
        settle_readmitted, row, version=1, run_id=RUN, mended={"Đơn vị": "S1"}, context=context(reason="mended")
    )

    with pytest.raises(SettlingConflict, match="mended and taken in"):
        small.changed(dismiss_row, row, version=2, context=context(reason="mine"))


def test_row_that_was_taken_in_names_its_run_and_what_was_mended(small):
    [row] = quarantine_rows(small, 1)

    small.changed(
        settle_readmitted, row, version=1, run_id=RUN, mended={"Đơn vị": "S1"}, context=context(reason="mended")
    )

    found = small.asked(find_quarantined_row, row)
    with small.store.reading() as session:
        entry = session.exec(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (found.state, found.settled_run) == ("readmitted", RUN)
    assert entry.new == {"state": "readmitted", "run": RUN, "mended": {"Đơn vị": "S1"}}


def test_row_seen_in_another_version_is_not_settled(small):
    [row] = quarantine_rows(small, 1)

    with pytest.raises(CampaignError, match="Open it again") as changed:
        small.changed(dismiss_row, row, version=7, context=context(reason="mine"))

    assert "Mở lại" in sentence_of(changed.value, "vi")


def test_number_that_no_row_has_is_named(small):
    with pytest.raises(UnknownName, match="99"):
        small.changed(dismiss_row, 99, version=1, context=context(reason="mine"))


@on_each_engine
def test_waiting_rows_of_a_load_are_dismissed_at_once_by_one_entry_that_names_them(small):
    quarantine_rows(small, 5)
    small.changed(dismiss_row, 3, version=1, context=context(reason="seen already"))
    before = len(entries(small))

    count = small.changed(
        dismiss_rows,
        run=RUN,
        problem="unit_unknown",
        seen=4,
        context=context("15/3 09:00", reason="an old list of units"),
    )

    known = [small.asked(find_quarantined_row, row) for row in (1, 2, 3, 4, 5)]
    assert count == 4
    assert [row.settled_reason == "seen already" for row in known] == [False, False, True, False, False]
    assert {(row.state, row.settled_by, row.version) for row in known} == {("dismissed", "system:test", 2)}
    assert known[0].settled_at == context("15/3 09:00").now
    [entry] = entries(small)[before:]
    assert (entry.action, entry.subject, entry.reason) == ("rows_dismissed", "run 1", "an old list of units")
    assert entry.old == {"state": "open", "problems": ["unit_unknown"]}
    assert entry.new == {"state": "dismissed", "rows": 4, "quarantined": "1-2, 4-5"}


def test_rows_with_another_problem_or_of_another_load_stay(small):
    quarantine_rows(small, 2)
    other = RejectedRow("line 9", "Tử số", "x", "no_number", {}, {"Tử số": "x"})
    small.load(("S1", "online", "15/3", 9, 20), rejected=[other])

    small.changed(dismiss_rows, run=RUN, problem=None, seen=None, context=context(reason="told twice"))

    assert [group.run for group in small.asked(find_waiting_groups)] == [2]
    with pytest.raises(UnknownName, match="2, unit_unknown"):
        small.changed(dismiss_rows, run=2, problem="unit_unknown", seen=None, context=context(reason="told twice"))


def test_rows_that_were_not_shown_are_not_dismissed_unseen(small):
    quarantine_rows(small, 3)

    with pytest.raises(CampaignError, match="3 such rows wait now") as changed:
        small.changed(dismiss_rows, run=RUN, problem="unit_unknown", seen=2, context=context(reason="told twice"))

    assert "đồng chí đã xem 2 dòng" in sentence_of(changed.value, "vi")
    assert [group.count for group in small.asked(find_waiting_groups)] == [3]


def test_rows_are_not_dismissed_at_once_without_a_reason(small):
    quarantine_rows(small, 2)

    with pytest.raises(CampaignError, match="reason"):
        small.changed(dismiss_rows, run=RUN, problem=None, seen=None, context=context(reason=" "))


def test_load_without_waiting_rows_is_named(small):
    with pytest.raises(UnknownName, match="77"):
        small.changed(dismiss_rows, run=77, problem=None, seen=None, context=context(reason="told twice"))


def test_numbers_in_a_row_are_told_in_short():
    assert spans([3, 4, 5, 6, 7, 9, 11, 12]) == "3-7, 9, 11-12"


def test_somebody_the_store_does_not_know_settles_nothing(small):
    [row] = quarantine_rows(small, 1)
    stranger = context(reason="mine")

    for settle in (
        lambda session, by: dismiss_row(session, row, version=1, context=by),
        lambda session, by: dismiss_rows(session, run=RUN, problem=None, seen=None, context=by),
        lambda session, by: settle_readmitted(session, row, version=1, run_id=RUN, mended={}, context=by),
    ):
        with pytest.raises(Refused):
            small.changed(settle, type(stranger)(by="nobody", reason="mine", now=stranger.now))

    assert small.asked(find_quarantined_row, row).state == "open"


# --- a later load brings the figure -----------------------------------------------------------------------------------


@postgresql_in_soak
def test_row_is_closed_by_the_load_that_brings_its_figure_and_opened_again_when_that_is_withdrawn(small):
    about = (small.ids["S1"], "online", day_number(day("15/3")))
    wrong = RejectedRow("line 2", "Tử số", "x", "not_a_number", {}, {"Tử số": "x"}, about)
    small.load(("S2", "online", "15/3", 1, 2), rejected=[wrong])
    [row] = small.asked(find_quarantined)
    small.load(("S1", "online", "14/3", 1, 2), ("S1", "payment", "15/3", 1, 2))
    small.load(("S1", "online", "15/3", 1, 2), source="file")
    assert small.asked(find_quarantined_row, row.id).state == "open"

    # A reason that repeats a file's name may hold what no database takes.
    with small.store.writing() as session:
        arrival = Arrival(kind="readings", source="igate")
        told = small.frame([("S1", "online", "15/3", 1, 2)])
        reason = context(reason="import s\udce1.csv")
        brought = load_readings(session, [told], arrival=arrival, context=reason).run_id

    found = small.asked(find_quarantined_row, row.id)
    assert (found.state, found.settled_run, found.settled_by) == ("superseded", brought, "system:test")
    assert entries(small)[-1].new["rows_closed"] == 1
    with pytest.raises(SettlingConflict, match="later load"):
        small.changed(dismiss_row, row.id, version=row.version, context=context(reason="x"))
    by = small.changed(withdraw_load, brought, context=context("1/6 08:00", reason="wrong")).by
    assert small.asked(find_quarantined_row, row.id).state == "open"
    small.changed(withdraw_load, by, context=context("1/6 09:00", reason="right"))
    assert small.asked(find_quarantined_row, row.id).state == "superseded"


@pytest.fixture
def row(small):
    """A row of load 1 about S1's figure of 15 March, which loads 2 and 3 bring: 1/2, then 2/2."""
    about = (small.ids["S1"], "online", day_number(day("15/3")))
    wrong = RejectedRow("line 2", "Tử số", "x", "not_a_number", {}, {"Tử số": "x"}, about)
    small.load(("S2", "online", "15/3", 1, 2), rejected=[wrong])
    [found] = small.asked(find_quarantined)
    for numerator in (1, 2):
        small.load(("S1", "online", "15/3", numerator, 2), file_name=f"{numerator}.csv")
    return found.id


def withdrawn(small, load):
    return small.changed(withdraw_load, load, context=context("1/6 08:00", reason="wrong")).by


def settled(small, row):
    found = small.asked(find_quarantined_row, row)
    return found.state, found.settled_run, found.settled_reason


@pytest.mark.daily("sqlite")
@on_each_engine
def test_row_stays_closed_as_long_as_another_load_that_counts_brings_its_figure(small, row):
    by = withdrawn(small, 2)
    after = settled(small, row)
    withdrawn(small, 3)
    without = settled(small, row)
    withdrawn(small, by)

    assert after == ("superseded", 3, "2.csv")
    assert without == ("open", None, None)
    assert settled(small, row) == ("superseded", 2, "1.csv")


@pytest.mark.daily("sqlite")
@on_each_engine
def test_row_of_a_load_that_counts_no_more_does_not_wait_when_what_brought_its_figure_is_withdrawn(small, row):
    own = withdrawn(small, 1)
    for load in (2, 3):
        withdrawn(small, load)
    assert settled(small, row) == ("dismissed", own, "wrong")

    withdrawn(small, own)

    assert settled(small, row)[0] == "open"


@pytest.mark.daily("sqlite")
@on_each_engine
def test_row_that_waits_again_is_closed_where_its_figure_came_meanwhile(small):
    about = (small.ids["S1"], "online", day_number(day("15/3")))
    wrong = RejectedRow("line 2", "Tử số", "x", "not_a_number", {}, {"Tử số": "x"}, about)
    small.load(("S2", "online", "15/3", 1, 2), rejected=[wrong])
    [found] = small.asked(find_quarantined)
    own = withdrawn(small, 1)
    brought = small.load(("S1", "online", "15/3", 1, 2), file_name="sau.csv").run_id

    withdrawn(small, own)

    assert settled(small, found.id) == ("superseded", brought, "sau.csv")


def test_row_is_settled_as_mended_by_the_load_that_brings_its_own_figure(small):
    about = (small.ids["S1"], "online", day_number(day("15/3")))
    wrong = RejectedRow("line 2", "Tử số", "x", "not_a_number", {}, {"Tử số": "x"}, about)
    small.load(("S2", "online", "15/3", 1, 2), rejected=[wrong])
    [row] = small.asked(find_quarantined)
    run = small.load(("S1", "online", "15/3", 1, 2)).run_id

    small.changed(settle_readmitted, row.id, version=row.version, run_id=run, mended={}, context=context())

    assert small.asked(find_quarantined_row, row.id).state == "readmitted"
