"""How a phase ends: told once by the first meeting after it, closed once its figures are there, never changed again."""

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import text

from models.meetings.actions import close_phase, confirm_result, freeze_figures, withdraw_snapshot
from models.meetings.milestones import (
    find_closed,
    find_ended,
    find_ended_rows,
    find_named_phase,
    find_result,
    last_told_day,
    load_result,
)
from models.meetings.snapshots import (
    find_all_snapshots,
    find_frozen,
    find_revisions,
    find_same_snapshot,
    find_snapshots,
)
from models.targets.registrations import Incomplete
from targets.errors import UnknownName
from targets.findings import Ended
from tests.models.accounts_world import by, people
from tests.models.conftest import UNITS, at, day, on_each_engine, small_campaign, small_files

ALL = tuple(unit.code for unit in UNITS if unit.code not in ("P", "X5"))


@pytest.fixture
def world(small):
    """The first phase ends on Friday 22 March, S2's on the 13th; all but X4 have told those days' figures."""
    tell(small, "S2", of="13/3", when="13/3 18:00")
    tell(small, *(code for code in ALL if code != "X4"))
    return people(small)


def tell(small, *codes, of="22/3", right=55, when="22/3 18:00"):
    small.load(*((code, "online", of, right, 100) for code in codes), when=when)


def freeze(world, *, as_of="24/3", when="25/3 08:00", title="Tuần 3", **other):
    return world.small.changed(
        freeze_figures, as_of=day(as_of), title=title, context=by("dieuphoi", "freezes", when), **other
    )


def close(world, phase="first", *, when="25/3 08:00", **other):
    return world.small.changed(close_phase, phase, context=by("dieuphoi", "closes", when), **other)


def confirm(world, snapshot, *, document="45/TB", of="25/3", signer="Chủ tịch A", when="26/3 08:00"):
    world.small.changed(
        confirm_result, snapshot, document=document, document_date=day(of), signer=signer,
        context=by("dieuphoi", "confirms", when),
    )  # fmt: skip


def withdraw(world, snapshot):
    world.small.changed(withdraw_snapshot, snapshot, context=by("dieuphoi", "it was wrong", "26/3 08:00"))


def opened_with(world, meeting):
    """The phase, and how many units were still awaited, that a meeting opens with; None: it opens with none."""
    heads = {head.id: head for head in world.small.asked(find_all_snapshots)}
    opening = heads.get(heads[meeting].opens_with)
    return None if opening is None else (opening.closes, opening.awaited)


# --- closed ---------------------------------------------------------------------------------------------------------


@pytest.mark.daily("sqlite")
@on_each_engine
def test_closing_keeps_the_rows_of_the_phase_as_they_were_on_their_due_dates(world):
    tell(world.small, "X4")
    expected = world.small.rows("25/3", phase="first")

    closed = close(world)

    assert world.small.asked(find_frozen, closed) == expected
    assert {row.standing for row in expected if row.indicator == "online"} == {"met", "missed"}
    head = world.small.asked(find_closed)["first"]
    assert (head.id, head.as_of, head.closes, head.awaited) == (closed, day("22/3"), "first", None)
    assert head.title == "Số liệu chốt kỳ first"
    assert world.small.asked(find_snapshots) == []


def test_closing_waits_for_the_last_days_figures_unless_it_is_told_not_to(world):
    with pytest.raises(Incomplete) as refused:
        close(world)

    assert (refused.value.code, refused.value.terms) == ("figures_awaited", {"count": "1", "day": "22/03/2024"})
    assert world.small.asked(find_result, "first", today=day("25/3")).end.awaited == 1
    assert world.small.asked(load_result, close(world, without=9)).is_closed


@pytest.mark.parametrize(
    ("phase", "when", "code"),
    [("first", "22/3 20:00", "phase_not_ended"), ("keep", "25/3 08:00", "phase_not_ended")],
)
def test_phase_that_has_not_ended_cannot_be_closed(world, phase, when, code):
    with pytest.raises(Incomplete) as refused:
        close(world, phase, when=when)

    assert refused.value.code == code


def test_phase_is_closed_once_until_its_result_is_put_aside(world):
    first = close(world, without=9)
    with pytest.raises(Incomplete) as refused:
        close(world, without=9)
    withdraw(world, first)

    again = close(world, without=9)

    assert refused.value.code == "phase_closed"
    assert world.small.asked(find_closed)["first"].id == again != first


def test_phases_that_there_are_not_and_phases_without_an_end_are_named(world):
    with pytest.raises(UnknownName):
        close(world, "third")
    with pytest.raises(UnknownName):
        world.small.asked(last_told_day, small_campaign(), find_named_phase(small_campaign(), "keep"))


# --- never changed --------------------------------------------------------------------------------------------------


def test_result_of_a_closed_phase_stays_and_what_is_told_otherwise_later_is_a_difference(world):
    closed = close(world, without=9)
    confirm(world, closed)
    before = world.small.asked(find_result, "first", today=day("26/3"))

    tell(world.small, "X1", right=1, when="27/3 08:00")

    after = world.small.asked(find_result, "first", today=day("28/3"))
    assert (after.rows, after.end, after.confirmation) == (before.rows, before.end, before.confirmation)
    assert after.confirmation.document == "45/TB"
    changed = {pair.frozen.unit: pair.now.standing for pair in world.small.asked(find_revisions, closed)}
    assert changed["X1"] == "missed"
    assert "S1" not in changed


@pytest.mark.soak
def test_phase_that_the_files_drop_after_it_was_closed_keeps_its_result(world):
    closed = close(world, without=9)
    kept = tuple(phase for phase in small_campaign().phases if phase.key != "first")
    world.small.found(small_files(small_campaign(phases=kept, unit_phases=())), when="26/3 08:00")

    assert world.small.asked(find_revisions, closed) == []
    assert world.small.asked(find_result, "first", today=day("28/3")).is_closed


def test_unit_page_shows_what_closed_the_phase_beside_the_next_one(world):
    live = world.small.asked(find_ended_rows, "X1", "first", as_of=day("25/3"))
    close(world, without=9)

    tell(world.small, "X1", right=1, when="27/3 08:00")

    assert live == world.small.asked(find_ended_rows, "X1", "first", as_of=day("28/3"))


def test_unit_whose_own_phase_ended_later_is_not_judged_by_what_closed_it(small):
    """S2 is due on 12 April like all others in the second phase; closed, its first phase's rows are of 13 March."""
    tell(small, *ALL)
    world = people(small)
    close(world)

    (row,) = [
        row for row in small.asked(find_ended_rows, "S2", "first", as_of=day("28/3")) if row.indicator == "online"
    ]

    assert (row.as_of, row.due) == (day("13/3"), day("13/3"))


@on_each_engine
def test_database_refuses_to_change_a_confirmation(world):
    confirm(world, close(world, without=9))

    for change in ("UPDATE result_confirmation SET document = 'other'", "DELETE FROM result_confirmation"):
        with pytest.raises(DBAPIError, match="append-only"), world.small.store.writing() as session:
            session.connection().execute(text(change))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"document": " "}, "no_confirming_document"),
        ({"signer": ""}, "no_signer"),
        ({"of": "21/3"}, "document_out_of_time"),
        ({"of": "27/3"}, "document_out_of_time"),
    ],
)
def test_confirmation_names_a_document_of_its_time_and_who_signed_it(world, said, code):
    closed = close(world, without=9)

    with pytest.raises(Incomplete) as refused:
        confirm(world, closed, **said)

    assert refused.value.code == code


def test_only_the_result_of_a_closed_phase_is_confirmed_and_the_newest_document_counts(world):
    meeting = freeze(world)
    so_far = next(head.id for head in world.small.asked(find_all_snapshots) if head.awaited)
    closed = close(world, without=9)
    for other in (meeting, so_far):
        with pytest.raises(Incomplete):
            confirm(world, other)
    confirm(world, closed)
    confirm(world, closed, document="46/TB")

    assert world.small.asked(load_result, closed).confirmation.document == "46/TB"
    withdraw(world, closed)
    with pytest.raises(Incomplete):
        confirm(world, closed)


def test_ended_phases_are_told_in_a_line_with_their_result_once_they_are_closed(world):
    assert world.small.asked(find_ended, today=day("22/3")) == {}
    is_open = world.small.asked(find_ended, today=day("25/3"))["first"]
    confirm(world, close(world, without=9))

    both = world.small.asked(find_ended, today=day("13/4"))

    assert is_open.province is None
    assert list(both) == ["second", "first"]
    assert both["first"].is_confirmed
    assert both["first"].province == world.small.asked(find_result, "first", today=day("13/4")).end.province
    assert both["second"].province is None


# --- the meeting that opens with it ---------------------------------------------------------------------------------


@pytest.mark.daily(2)
@pytest.mark.parametrize(
    ("as_of", "when", "opens"),
    [
        ("21/3", "22/3 08:00", None),
        ("22/3", "22/3 20:00", None),
        ("21/3", "25/3 08:00", None),
        ("22/3", "23/3 08:00", ("first", 1)),
        ("24/3", "25/3 08:00", ("first", 1)),
    ],
    ids=["before", "on the due day itself", "of a day before it", "the morning after", "the Monday after"],
)
def test_first_meeting_after_a_phase_opens_with_how_it_stands(world, as_of, when, opens):
    assert opened_with(world, freeze(world, as_of=as_of, when=when)) == opens


def test_meeting_closes_the_phase_once_every_figure_of_its_last_day_has_come(world):
    tell(world.small, "X4")

    assert opened_with(world, freeze(world)) == ("first", None)
    assert "first" in world.small.asked(find_closed)


@pytest.mark.soak
def test_phase_whose_figures_come_weekly_is_closed_once_its_last_week_has_come(small):
    for of in ("5/3", "12/3", "19/3"):
        tell(small, *(code for code in ALL if (code, of) != ("X4", "19/3")), of=of, when=f"{of} 18:00")
    waits = small.asked(find_result, "first", today=day("25/3"))
    tell(small, "X4", of="19/3", when="23/3 08:00")

    ended = small.asked(find_result, "first", today=day("25/3"))

    assert [(found.told_by, found.end.awaited) for found in (waits, ended)] == [(day("19/3"), 1), (day("19/3"), 0)]
    world = people(small)
    assert opened_with(world, freeze(world)) == ("first", None)


def test_phase_whose_figures_come_daily_waits_for_its_last_day(small):
    for of in ("18/3", "19/3", "20/3"):
        tell(small, *ALL, of=of, when=f"{of} 18:00")

    ended = small.asked(find_result, "first", today=day("25/3"))

    assert (ended.told_by, ended.end.awaited) == (day("22/3"), len(ALL) - 1)


def test_how_it_stands_is_told_once_and_the_result_once_more(world):
    opens = [opened_with(world, freeze(world)), opened_with(world, freeze(world, as_of="25/3", when="26/3 08:00"))]
    close(world, when="27/3 08:00", without=9)

    opens += [opened_with(world, freeze(world, as_of=f"{27 + n}/3", when=f"{28 + n}/3 08:00")) for n in range(2)]

    assert opens == [("first", 1), None, ("first", None), None]


def test_meeting_closes_what_an_earlier_one_could_not(world):
    freeze(world)
    tell(world.small, "X4", when="25/3 09:00")

    assert opened_with(world, freeze(world, as_of="25/3", when="26/3 08:00")) == ("first", None)


@pytest.mark.soak
def test_meeting_that_was_put_aside_has_told_nothing(world):
    withdraw(world, freeze(world))

    assert opened_with(world, freeze(world, as_of="25/3", when="26/3 08:00")) == ("first", 1)


@pytest.mark.soak
def test_figures_as_known_at_a_moment_close_nothing_and_know_no_later_closing(world):
    tell(world.small, "X4")
    close(world, when="26/3 08:00")

    known = freeze(world, when="27/3 08:00", known_at=at("25/3 08:00"))
    now = freeze(world, as_of="25/3", when="27/3 09:00", title="Tuần 4")

    assert opened_with(world, known) == ("first", 0)
    assert opened_with(world, now) == ("first", None)


@pytest.mark.soak
def test_the_same_meeting_is_frozen_anew_once_its_phase_has_been_closed(world):
    meeting = freeze(world)
    same = {"as_of": day("24/3"), "title": "Tuần 3", "known_at": None}
    before = world.small.asked(find_same_snapshot, **same)

    close(world, without=9)

    assert (before, world.small.asked(find_same_snapshot, **same)) == (meeting, None)


def test_result_counts_targets_by_level_and_unit(world):
    result = world.small.asked(find_result, "first", today=day("25/3"))

    online = result.end.levels["commune", "online"]
    assert (online.met, online.missed) == (
        sum(row.standing == "met" for row in result.rows if (row.level, row.indicator) == ("commune", "online")),
        sum(row.standing == "missed" for row in result.rows if (row.level, row.indicator) == ("commune", "online")),
    )
    assert online.held > 0
    assert all(row.target is not None for row in result.of_unit("X1"))
    assert result.end.units["X1"] == Ended(met=1, undecided=len(result.of_unit("X1")) - 1)
    assert result.end.province.held == sum(row.target is not None for row in result.province)
