"""Withdrawing a load: what held before holds again, as if it had never come; and nothing is deleted."""

import random
from decimal import Decimal

import pytest
from sqlmodel import select

from models.feeds.calendar import find_reported_days
from models.feeds.states import find_feed_states
from models.meetings.actions import freeze_figures
from models.meetings.snapshots import find_frozen, find_revisions
from models.readings.actions import Counts
from models.readings.arrivals import find_arrivals, find_withdrawn_figures
from models.readings.comparing import NEW, find_same_load, foresee_readings
from models.readings.flagging import count_flags
from models.readings.loading import Arrival, load_readings
from models.readings.quarantine import find_quarantined_row
from models.readings.records import ScoreRecord
from models.readings.settling import dismiss_row, settle_readmitted
from models.readings.withdrawing import Figure, FigureChange, foresee_withdrawal, withdraw_load
from models.results.inputs import load_campaign
from models.results.scores import find_score_rows, find_score_sets
from models.tables import AuditEntry, Quarantined, Run
from models.targets.checks import Dispute, request_check, revise_figure
from models.units.queries import find_scores
from targets.errors import CampaignError, UnknownName, WrongUse
from tests.models.conftest import Small, at, context, day, on_each_engine, postgresql_in_soak, seeds
from tests.models.readings.test_settling import quarantine_rows

TOO_HIGH = context("1/6 08:00", reason="wrong province")


def withdraw(small: Small, run: int, **options):
    return small.changed(withdraw_load, run, context=options.pop("context", TOO_HIGH), **options)


def foresee(small: Small, run: int):
    return small.changed(foresee_withdrawal, run, context=TOO_HIGH)


def values(small: Small, when: str, **options):
    return {key: row.value for key, row in small.standing(when, **options).items() if key[1] == "online"}


@pytest.mark.daily("sqlite")
@on_each_engine
def test_what_held_before_holds_again_and_what_is_known_only_through_the_load_is_gone(small):
    small.load(("S1", "online", "15/3", 90, 200), ("S2", "online", "12/3", 10, 40), when="15/3 17:30")
    before = values(small, "18/3")
    wrong = small.load(
        *(("S1", "online", "15/3", 180, 200), ("S2", "online", "18/3", 30, 40), ("X3", "online", "18/3", 1, 2)),
        when="18/3 17:30",
    )

    found = foresee(small, wrong.run_id)
    done = withdraw(small, wrong.run_id, seen=found.mark)

    assert (found.back, found.gone, found.again, found.kept) == (1, 2, 0, 0)
    assert found.changes[0] == FigureChange(
        "S1", "Sở Một", "online", day("15/3"), Figure(180, 200, None, None, None), Figure(90, 200, None, None, None)
    )
    assert found.changes == done.changes
    assert [change.then for change in found.changes[1:]] == [None, None]
    assert values(small, "18/3") == before
    assert small.differences() == []
    assert small.count("reading") == 5


@postgresql_in_soak
def test_figures_revised_since_stay_and_are_counted(small):
    wrong = small.load(("S1", "online", "15/3", 180, 200), ("S2", "online", "15/3", 1, 2))
    small.load(("S1", "online", "15/3", 95, 200))

    found = withdraw(small, wrong.run_id)

    assert (found.gone, found.kept) == (1, 1)
    assert small.standing("15/3")["S1", "online"].numerator == 95
    assert small.differences() == []


@pytest.mark.daily("sqlite")
@on_each_engine
def test_load_whose_figures_were_all_revised_since_is_withdrawn_and_does_not_come_back_with_what_revised_them(small):
    small.load(("S1", "online", "15/3", 90, 200))
    wrong = small.load(("S1", "online", "15/3", 180, 200)).run_id
    revising = small.load(("S1", "online", "15/3", 190, 200)).run_id

    found = withdraw(small, wrong)
    then = small.standing("15/3")["S1", "online"].numerator
    withdraw(small, revising)

    assert (found.kept, found.back, found.gone, then) == (1, 0, 0, 190)
    assert small.standing("15/3")["S1", "online"].numerator == 90
    assert withdraw(small, found.by).back == 1
    assert small.standing("15/3")["S1", "online"].numerator == 180
    assert small.differences() == []


@postgresql_in_soak
def test_counts_withdrawn_give_way_to_the_percent_before_them(small):
    small.load(("S1", "online", "15/3", None, None, 41.5))
    wrong = small.load(("S1", "online", "15/3", 180, 200))

    found = withdraw(small, wrong.run_id)

    assert found.changes[0].then == Figure(None, None, 41.5, None, None)
    assert small.standing("15/3")["S1", "online"].value == 41.5


@postgresql_in_soak
def test_withdrawal_withdrawn_brings_all_back_and_can_be_withdrawn_again(small):
    small.load(("S1", "online", "15/3", 90, 200))
    load = small.load(("S1", "online", "15/3", 180, 200), ("S2", "online", "15/3", 1, 2)).run_id
    told = values(small, "15/3")
    first = withdraw(small, load).by
    without = values(small, "15/3")

    second = withdraw(small, first)

    assert (second.is_withdrawing, second.load, second.back, second.again) == (False, load, 1, 1)
    assert values(small, "15/3") == told
    assert withdraw(small, second.by).is_withdrawing
    assert values(small, "15/3") == without
    assert small.differences() == []


def test_what_was_known_before_the_withdrawal_is_still_answered(small):
    small.load(("S1", "online", "15/3", 90, 200), when="15/3 17:30")
    load = small.load(("S1", "online", "15/3", 180, 200), when="15/3 18:30").run_id
    withdraw(small, load, context=context("16/3 09:00", reason="wrong file"))

    found = [
        small.standing("15/3", known_at=at(when))["S1", "online"].numerator
        for when in ("15/3 18:00", "15/3 19:00", "16/3 09:00")
    ]

    assert found == [90, 180, 90]


def test_frozen_figures_stay_and_the_difference_is_told(small):
    load = small.load(("S1", "online", "15/3", 180, 200)).run_id
    frozen = small.changed(freeze_figures, as_of=day("15/3"), title="Giao ban", context=context("31/5 09:00"))
    before = small.asked(find_frozen, frozen)

    withdraw(small, load)

    assert small.asked(find_frozen, frozen) == before
    [difference] = [pair for pair in small.asked(find_revisions, frozen) if pair.frozen.unit == "S1"]
    assert (difference.frozen.numerator, difference.now.numerator) == (180, None)


@postgresql_in_soak
def test_same_file_again_after_a_withdrawal_is_taken_in_as_new(small):
    rows = (("S1", "online", "15/3", 180, 200), ("S2", "online", "15/3", 1, 2))
    small.load(("S2", "online", "15/3", None, None, 40.0))
    small.load(("S2", "online", "15/3", 5, 10))
    small.load(("S2", "online", "15/3", None, None, 45.0))
    load = small.load(*rows, payload_hash="abc").run_id
    withdraw(small, load)
    frame = small.frame((*rows, ("S2", "online", "15/3", None, None, 45.0)))

    foreseen = small.asked(foresee_readings, frame, campaign=small.asked(load_campaign), source="igate")
    again = small.load(*rows, ("S2", "online", "15/3", None, None, 45.0), payload_hash="abc")

    assert foreseen.fate[0] == NEW
    assert again.counts == Counts(accepted=1, revised=1, unchanged=1)
    assert small.asked(find_same_load, "abc").run == again.run_id
    assert small.standing("15/3")["S1", "online"].numerator == 180


def test_day_that_only_the_load_told_is_not_told_any_more(small):
    small.load(("S1", "online", "14/3", 90, 200))
    load = small.load(("S1", "online", "15/3", 180, 200)).run_id
    withdraw(small, load)

    days = small.asked(find_reported_days, first=day("14/3"), last=day("15/3"))
    [state] = [
        feed for feed in small.asked(find_feed_states, now=at("16/3 09:00"), watched=()) if feed.source == "igate"
    ]

    assert days.is_reported.sum(axis=(0, 2)).tolist() == [1, 0]
    assert state.newest == day("14/3")
    assert [arrival.as_of for arrival in small.asked(find_arrivals, "S1", as_of=day("16/3"))] == [day("14/3")]
    [figure] = small.asked(find_withdrawn_figures, "S1", as_of=day("16/3"))
    assert (figure.as_of, figure.numerator, figure.load) == (day("15/3"), 180, load)
    assert (figure.reason, figure.at) == ("wrong province", at("1/6 08:00"))


@pytest.mark.soak
@postgresql_in_soak
def test_flags_say_what_stands_out_among_the_figures_that_hold(small):
    small.load(("S1", "online", "14/3", 50, 100))
    load = small.load(("S1", "online", "15/3", 90, 160)).run_id
    small.load(("S1", "online", "18/3", 60, 120))
    assert small.asked(count_flags, through=day("20/3")) == {"fell": 2}

    back = withdraw(small, load).by
    assert small.asked(count_flags, through=day("20/3")) == {}

    withdraw(small, back)
    assert small.asked(count_flags, through=day("20/3")) == {"fell": 2}


@pytest.mark.soak
def test_figure_that_was_revised_since_keeps_what_stood_out_about_it(small):
    small.load(("S1", "online", "14/3", 50, 100), ("S2", "online", "14/3", 50, 100))
    load = small.load(("S1", "online", "15/3", 60, 120), ("S2", "online", "15/3", 60, 120)).run_id
    small.load(("S2", "online", "15/3", 40, 90))
    assert small.asked(count_flags, through=day("20/3")) == {"fell": 2}

    withdraw(small, load)

    assert small.asked(count_flags, through=day("20/3")) == {"fell": 2}


def test_series_of_which_nothing_is_left_carries_no_flag(small):
    load = small.load(("S1", "online", "14/3", 50, 100), ("S1", "online", "15/3", 50, 90)).run_id

    withdraw(small, load)

    assert small.asked(count_flags, through=day("20/3")) == {}


def test_bounds_are_brought_back_without_being_held_against_anything(small):
    small.load(("S1", "online", "15/3", None, None, 90.0, "over"))
    load = small.load(("S1", "online", "15/3", None, None, 10.0)).run_id

    withdraw(small, load)

    assert small.standing("15/3")["S1", "online"].qualifier == "over"
    assert small.asked(count_flags, through=day("20/3")) == {}


# --- scores ---------------------------------------------------------------------------------------------------------


def score(unit: str, points: str) -> ScoreRecord:
    days = {"period_start": day("1/3"), "period_end": day("31/3"), "as_of": day("15/3")}
    return ScoreRecord(unit, "", "month", **days, points=Decimal(points), max_points=None, rank=None, rank_of=None)


def load_scores(small: Small, *scores: ScoreRecord):
    arrival = Arrival(kind="scores", source="igate")
    return small.changed(load_readings, [], arrival=arrival, scores=scores, context=context())


@postgresql_in_soak
def test_scores_of_the_load_go_with_it_and_the_earlier_ones_hold(small):
    load_scores(small, score("S1", "80"))
    load = load_scores(small, score("S1", "90"), score("S2", "70")).run_id
    [told] = small.asked(find_score_sets, as_of=day("15/3"))

    found = withdraw(small, load)

    assert (found.scores, found.back, found.gone, found.changes) == (2, 0, 0, ())
    assert [(row.unit, row.points) for row in small.asked(find_score_rows, told.key, as_of=day("15/3"))] == [
        ("S1", Decimal(80))
    ]
    assert small.asked(find_scores, "S2", as_of=day("15/3")) == []
    revised = load_scores(small, score("S1", "85")).run_id
    load_scores(small, score("S1", "80"))
    assert withdraw(small, revised).scores == 0
    assert load_scores(small, score("S1", "90"), score("S2", "70")).counts == Counts(accepted=1, revised=1)


# --- what goes with it ----------------------------------------------------------------------------------------------


@postgresql_in_soak
def test_rows_of_the_load_that_wait_are_dismissed_and_wait_again_when_it_counts_again(small):
    one, other = quarantine_rows(small, 2)
    load = small.asked(find_quarantined_row, one).run
    small.changed(dismiss_row, one, version=1, context=context(reason="a total"))

    found = withdraw(small, load)
    with small.store.reading() as session:
        row = session.get_one(Quarantined, other)
        assert (row.state, row.settled_by, row.settled_reason) == ("dismissed", "system:test", "wrong province")
        assert row.settled_run_id == found.by
    assert found.rows == 1

    assert withdraw(small, found.by).rows == 1
    with small.store.reading() as session:
        states = {row.id: (row.state, row.settled_by) for row in session.exec(select(Quarantined))}
    assert states == {one: ("dismissed", "system:test"), other: ("open", None)}


def test_preview_names_loads_of_mended_rows_later_loads_and_open_requests(small):
    load = small.load(("S1", "online", "15/3", 180, 200)).run_id
    [row] = quarantine_rows(small, 1)
    with small.store.writing() as session:
        session.get_one(Quarantined, row).run_id = load
    mended = small.load(("S2", "online", "15/3", 1, 2)).run_id
    small.changed(settle_readmitted, row, version=1, run_id=mended, mended={}, context=context())
    same = small.load(("S1", "online", "15/3", 180, 200)).run_id
    dispute = Dispute("S1", "online", "sổ của đơn vị", day("5/6"), 90, 200)
    asked = small.changed(request_check, dispute, context=context("31/5 09:00"))

    found = foresee(small, load)

    assert (found.mended, found.unseen, found.disputes) == ((mended,), (same,), 1)
    withdraw(small, load)
    decided = {"numerator": 180, "denominator": 200, "seen_version": 1, "context": context("1/6 10:00")}
    small.changed(revise_figure, asked, **decided)
    assert small.standing("15/3")["S1", "online"].numerator == 180


@pytest.mark.daily("sqlite")
@on_each_engine
def test_preview_tells_whose_standing_changes_and_changes_nothing(small):
    small.load(("S1", "online", "31/3", 190, 200), ("S2", "online", "31/3", 190, 200))
    load = small.load(("S1", "online", "31/3", 10, 200)).run_id
    version, runs = small.data_version(), small.count("run")
    on_the_day = context("31/3 18:00", reason="wrong file")

    found = small.changed(foresee_withdrawal, load, context=on_the_day)

    changed = {(change.unit, change.indicator) for change in found.standings}
    assert ("S1", "online") in changed
    assert ("S2", "online") not in changed
    assert (small.data_version(), small.count("run")) == (version, runs)
    told = {(change.unit, change.indicator): change for change in found.standings}["S1", "online"]
    small.changed(withdraw_load, load, context=on_the_day)
    assert small.standing("31/3")["S1", "online"].standing == told.then != told.now


# --- what the store keeps of it -------------------------------------------------------------------------------------


@postgresql_in_soak
def test_withdrawal_is_a_load_of_its_own_and_an_entry_of_the_trail(small):
    small.load(("S1", "online", "15/3", 90, 200))
    load = small.load(("S1", "online", "15/3", 180, 200), file_name="sai.xlsx").run_id

    by = withdraw(small, load).by

    with small.store.reading() as session:
        run, withdrawn = session.get_one(Run, by), session.get_one(Run, load)
        entry = session.exec(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (run.kind, run.withdraws_id, run.reason, run.file_name) == ("withdrawal", load, "wrong province", "sai.xlsx")
    assert (run.received, run.revised, run.accepted, run.unchanged) == (1, 1, 0, 0)
    assert withdrawn.status == "withdrawn"
    assert (entry.action, entry.subject, entry.reason) == ("withdraw_load", f"run {load}", "wrong province")
    assert entry.new["back"] == 1

    withdraw(small, by)
    with small.store.reading() as session:
        assert (session.get_one(Run, load).status, session.get_one(Run, by).status) == ("done", "withdrawn")


# --- refused --------------------------------------------------------------------------------------------------------


def test_withdrawal_without_a_reason_or_of_what_cannot_be_withdrawn_is_refused(small):
    load = small.load(("S1", "online", "15/3", 180, 200)).run_id
    same = small.load(("S1", "online", "15/3", 180, 200)).run_id
    with small.store.writing() as session:
        session.add(Run(kind="targets", status="done", received_at=at("1/6"), by="lan"))
        session.flush()
    targets = same + 1

    refused = {
        "no_reason_to_withdraw": lambda: withdraw(small, load, context=context(reason=" ")),
        "nothing_to_withdraw": lambda: withdraw(small, same),
        "load_not_of_figures": lambda: withdraw(small, targets),
        "withdrawal_changed": lambda: withdraw(small, load, seen="0-0"),
    }

    for code, change in refused.items():
        with pytest.raises(CampaignError) as problem:
            change()
        assert problem.value.code == code
    with pytest.raises(UnknownName):
        withdraw(small, 99)
    by = withdraw(small, load).by
    with pytest.raises(WrongUse, match=f"withdrawn by load {by}"):
        withdraw(small, load)


# --- any history ----------------------------------------------------------------------------------------------------


@pytest.mark.soak
@pytest.mark.parametrize("seed", seeds(1, 20))
def test_after_any_withdrawals_the_last_load_that_counts_holds_for_each_day(small, seed):
    dice = random.Random(seed)  # noqa: S311 - a test
    told: dict[int, dict[tuple[str, str], int]] = {}
    for number in range(8):
        days = {(unit, dice.choice(("11", "15", "18"))): 100 * number for unit in dice.sample(("S1", "S2", "X1"), 2)}
        rows = [(unit, "online", f"{when}/3", counted, 5_000) for (unit, when), counted in days.items()]
        told[small.load(*rows).run_id] = days
    by: dict[int, int] = {}
    for _ in range(6):
        run = dice.choice(sorted(told))
        try:
            withdrawal = withdraw(small, by.get(run, run))
        except WrongUse:
            continue
        by.pop(run, None)
        if withdrawal.is_withdrawing:
            by[run] = withdrawal.by

    held: dict[tuple[str, str], int] = {}
    for run, days in told.items():
        held |= days if run not in by else {}
    newest = {unit: counted for (unit, _), counted in sorted(held.items(), key=lambda item: item[0][1])}
    assert small.differences() == []
    found = small.standing("19/3")
    assert {unit: found[unit, "online"].numerator for unit in ("S1", "S2", "X1")} == {
        unit: newest.get(unit) for unit in ("S1", "S2", "X1")
    }
