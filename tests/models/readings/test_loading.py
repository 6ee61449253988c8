"""Figures into the store: new ones, revisions, and rows that could not be read. One load is one transaction."""

import dataclasses
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text
from sqlmodel import select

from models.core.audit import find_state
from models.core.columns import day_number
from models.feeds.actions import claim_day
from models.readings.actions import Counts
from models.readings.loading import Arrival, LoadReport, load_history, load_readings
from models.readings.records import ScoreRecord
from models.tables import AuditEntry, Quarantined, Reading, Run, Series
from targets.errors import UnknownName
from targets.periods import OPEN_END
from targets.values import Source, Text
from tests.models.conftest import (
    Small,
    at,
    context,
    day,
    on_each_engine,
    postgresql_in_soak,
    small_campaign,
    small_files,
    with_indicator,
)

FIGURE = ("S1", "online", "15/3", 90, 200)


def readings(small: Small) -> list[Reading]:
    with small.store.reading() as session:
        order = (Reading.series_id, Reading.as_of, Reading.revision)
        return list(session.exec(select(Reading).order_by(*order)))


def entries(small: Small, action: str) -> list[AuditEntry]:
    with small.store.reading() as session:
        return list(session.exec(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def runs(small: Small) -> list[Run]:
    with small.store.reading() as session:
        return list(session.exec(select(Run).order_by(Run.id)))


# --- new, revised, unchanged ----------------------------------------------------------------------------------------


@on_each_engine
def test_load_counts_what_is_new_revised_and_unchanged(small):
    small.load(FIGURE, ("S2", "online", "15/3", 1, 2), ("H1", "online", "15/3", 5, 9))

    report = small.load(
        FIGURE, ("S2", "online", "15/3", 2, 2), ("X1", "online", "15/3", 3, 4), ("S2", "online", "18/3", 2, 2)
    )

    assert report.counts == Counts(accepted=2, revised=1, unchanged=1)
    assert (report.status, report.rejected) == ("done", 0)


@postgresql_in_soak
def test_same_figures_twice_leave_a_run_and_nothing_else(small):
    small.load(FIGURE, ("S2", "online", "15/3", None, None, 41.6, "about"))
    version, audited = small.data_version(), small.count("audit_entry")

    report = small.load(FIGURE, ("S2", "online", "15/3", None, None, 41.6, "about"))

    assert (report.status, report.counts) == ("unchanged", Counts(unchanged=2))
    assert (small.data_version(), small.count("audit_entry"), small.count("reading")) == (version, audited, 2)
    assert [run.status for run in runs(small)] == ["done", "unchanged"]


@on_each_engine
def test_changed_figure_of_a_past_day_is_a_revision_and_the_old_one_stays(small):
    small.load(FIGURE, ("S1", "online", "18/3", 100, 220), when="18/3 17:30")

    small.load(("S1", "online", "15/3", 95, 200), when="20/3 17:30")

    result = [(row.as_of, row.revision, row.numerator) for row in readings(small)]
    assert result == [(day("15/3"), 1, 90), (day("15/3"), 2, 95), (day("18/3"), 1, 100)]
    assert small.standing("15/3")["S1", "online"].value == 47.5


def test_figure_told_back_to_what_it_was_is_a_third_revision(small):
    for numerator in (90, 95, 90):
        small.load(("S1", "online", "15/3", numerator, 200))

    assert [(row.revision, row.numerator) for row in readings(small)] == [(1, 90), (2, 95), (3, 90)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((90, 200), (91, 200)),
        ((90, 200), (90, 201)),
        ((90, 200, 45.0), (90, 200, 45.1)),
        ((90, 200), (90, 200, 45.0)),
        ((None, None, 45.0), (None, None, 45.0, "about")),
        ((None, None, 45.0, "about"), (None, None, 45.0, "over")),
        ((None, None, 45.0, "about"), (None, None, 45.0)),
        ((None, None, 0.0), (0, 0)),
    ],
)
def test_figure_that_differs_in_anything_is_a_revision(small, before, after):
    small.load(("S1", "online", "15/3", *before))

    report = small.load(("S1", "online", "15/3", *after))

    assert report.counts == Counts(revised=1)


def test_second_source_is_no_revision_of_the_first(small):
    small.load(FIGURE, source="igate")

    report = small.load(("S1", "online", "15/3", 95, 200), source="file")

    assert report.counts == Counts(accepted=1)
    assert [(row.revision, row.numerator) for row in readings(small)] == [(1, 90), (1, 95)]


def test_other_scope_is_no_revision(small):
    small.load(("H1", "online", "15/3", 90, 200))

    report = small.load(("H1", "online", "15/3", 9, 20), scope="own")

    assert report.counts == Counts(accepted=1)
    with small.store.reading() as session:
        assert sorted(session.exec(select(Series.scope))) == ["below", "own"]


def test_figures_may_come_in_several_parts(small):
    parts = [
        small.frame([FIGURE]),
        small.frame([("S2", "online", "15/3", 1, 2)]),
        small.frame([("S1", "online", "15/3", 91, 200)]),
    ]

    report = small.changed(load_readings, parts, arrival=Arrival(kind="readings", source="igate"), context=context())

    assert report.counts == Counts(accepted=2, revised=1)


@pytest.mark.parametrize("parts", [[], [pd.DataFrame()]], ids=["no part", "an empty part"])
def test_load_without_figures_changes_nothing(small, parts):
    version = small.data_version()

    report = small.changed(load_readings, parts, arrival=Arrival(kind="readings", source="igate"), context=context())

    assert (report.status, report.counts) == ("unchanged", Counts())
    assert small.data_version() == version


def test_figure_of_a_later_day_between_known_ones_is_new(small):
    small.load(("S1", "online", "8/3", 1, 10), ("S1", "online", "15/3", 5, 20))

    report = small.load(("S1", "online", "12/3", 3, 15))

    assert report.counts == Counts(accepted=1)
    assert small.standing("13/3")["S1", "online"].value == 20


# --- what a run remembers -------------------------------------------------------------------------------------------


@postgresql_in_soak
def test_everything_a_run_brought_was_received_at_one_moment(small):
    report = small.load(
        FIGURE, ("S2", "online", "12/3", 1, 2), when="15/3 17:30", file_name="bao cao.xlsx", payload_hash="abc",
        warnings=({"code": "percent_differs", "terms": {}, "place": "Sheet1!D5"},),
    )  # fmt: skip

    (run,) = runs(small)
    assert (run.id, run.received_at, run.by, run.kind) == (report.run_id, at("15/3 17:30"), "system:test", "readings")
    assert (run.file_name, run.payload_hash, run.received, run.accepted) == ("bao cao.xlsx", "abc", 2, 2)
    assert run.warnings == [{"code": "percent_differs", "terms": {}, "place": "Sheet1!D5"}]
    assert {row.run_id for row in readings(small)} == {run.id}


def test_load_is_in_the_audit_with_its_counts(small):
    report = small.load(FIGURE, file_name="bao cao.xlsx", payload_hash="abc", when="15/3 17:30")

    (entry,) = entries(small, "load_readings")
    assert (entry.subject, entry.at) == ("bao cao.xlsx", at("15/3 17:30"))
    assert entry.new == {
        "run": report.run_id,
        "accepted": 1,
        "revised": 0,
        "unchanged": 0,
        "rejected": 0,
        "payload": "abc",
    }


def test_load_without_a_file_is_in_the_audit_under_its_source(small):
    small.load(FIGURE)

    assert [entry.subject for entry in entries(small, "load_readings")] == ["igate"]


def test_real_stores_figures_are_not_simulated(small):
    small.load(FIGURE)

    with small.store.reading() as session:
        assert session.exec(select(Series.simulated)).all() == [False]
    assert not small.standing("15/3")["S1", "online"].simulated


@postgresql_in_soak
def test_demonstrations_figures_are_simulated_wherever_they_come_from(small):
    with small.store.engine.begin() as connection:
        connection.execute(text("UPDATE store_state SET simulated = (1 = 1)"))

    small.load(FIGURE, source="file")

    with small.store.reading() as session:
        assert session.exec(select(Series.simulated)).all() == [True]
    assert small.standing("15/3")["S1", "online"].simulated


# --- what is refused ------------------------------------------------------------------------------------------------


@postgresql_in_soak
def test_source_that_the_campaign_does_not_name_is_refused(small):
    with pytest.raises(UnknownName, match=r"No source is called “rumour”.*file, igate, monthly"):
        small.load(FIGURE, source="rumour")

    assert small.count("run") == 0


def test_source_that_the_campaign_no_longer_names_is_refused(small):
    sources = (Source("igate", Text("igate", "igate"), "igate", None),)
    campaign = small_campaign(sources=sources)
    for key in ("publicity", "timeliness", "online", "payment"):
        campaign = with_indicator(campaign, key, sources=("igate",))
    small.found(small_files(campaign))

    with pytest.raises(UnknownName, match=r"No source is called “file”. Known: igate\."):
        small.load(FIGURE, source="file")


@on_each_engine
def test_load_that_fails_half_way_leaves_nothing_behind(small):
    version = small.data_version()
    nobody = small.frame([FIGURE]).assign(unit_id=7777)

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        small.changed(
            load_readings,
            [small.frame([FIGURE]), nobody],
            arrival=Arrival(kind="readings", source="igate"),
            context=context(),
        )

    assert [small.count(table) for table in ("run", "series", "reading", "standing")] == [0, 0, 0, 0]
    assert small.data_version() == version


@on_each_engine
def test_figure_below_nothing_is_refused_by_the_store_itself(small):
    with pytest.raises(Exception, match=r"(?i)check"):
        small.load(("S1", "online", "15/3", None, None, -0.5))

    assert small.count("reading") == 0


# --- runs that are under way ----------------------------------------------------------------------------------------


def taken_in(small: Small, *, scores: tuple[ScoreRecord, ...] = ()) -> LoadReport:
    """What a run brings that began on the 16th to ask about the 15th, and was answered a quarter of an hour later."""
    asking, answered = context("16/3 06:30"), context("16/3 06:45")
    claimed = small.changed(
        claim_day, source="igate", for_date=day("15/3"), owner="a", machine=at("16/3 06:30"), context=asking
    )
    arrival = Arrival(kind="pull", source="igate", received=1, payload_hash="abc", warnings=("late",))
    with small.store.writing() as session:
        run = session.get(Run, claimed.run_id)
        return load_readings(
            session, [small.frame([FIGURE])], arrival=arrival, context=answered, run=run, scores=scores
        )


def test_run_that_is_under_way_takes_in_what_came_when_it_came(small):
    report = taken_in(small)

    (run,) = runs(small)
    assert (report.run_id, report.status, report.counts) == (run.id, "done", Counts(accepted=1))
    assert (run.received_at, run.payload_hash, run.received, run.warnings) == (at("16/3 06:45"), "abc", 1, ["late"])


def test_run_that_is_under_way_takes_in_scores_beside_its_figures(small):
    score = ScoreRecord(
        "S1", "", "month", day("1/3"), day("31/3"), as_of=day("15/3"), points=Decimal(70), max_points=Decimal(100),
        rank=None, rank_of=None,
    )  # fmt: skip

    report = taken_in(small, scores=(score,))

    assert report.counts == Counts(accepted=2)


# --- accounting periods ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("basis", "when", "start", "end"),
    [
        ("campaign", "15/3", "4/3", None),
        ("day", "15/3", "15/3", "15/3"),
        ("quarter", "31/3", "1/1", "31/3"),
    ],
)
def test_period_that_is_stored_follows_from_the_basis_and_the_day(small, basis, when, start, end):
    """Every basis and its edges: tests/targets/test_periods.py."""
    small.found(small_files(with_indicator(small_campaign(), "online", basis=basis)))

    small.load(("S1", "online", when, 1, 2))

    (row,) = readings(small)
    assert (row.period_start, row.period_end) == (day(start), date(9999, 12, 31) if end is None else day(end))
    assert day_number(row.period_end) <= OPEN_END


def test_source_may_have_a_basis_of_its_own(small):
    small.load(FIGURE, source="monthly")

    with small.store.reading() as session:
        series = session.exec(select(Series)).one()
    assert series.basis == "month"
    assert [row.period_start for row in readings(small)] == [day("1/3")]


def test_figures_of_two_months_are_no_revisions_of_each_other(small):
    small.load(("S1", "online", "31/3", 1, 2), source="monthly")

    report = small.load(("S1", "online", "1/4", 1, 2), source="monthly")

    assert report.counts == Counts(accepted=1)


# --- a history ------------------------------------------------------------------------------------------------------


def history(small: Small, *days: tuple[str, int]) -> list:
    arrivals = [
        (
            context(f"{when} 17:30"),
            Arrival(kind="readings", source="igate"),
            small.frame([("S1", "online", when, right, 100)]),
        )
        for when, right in days
    ]
    return small.changed(load_history, arrivals, context=context("31/5 08:00", reason="a history"))


@postgresql_in_soak
def test_history_keeps_the_moment_of_each_arrival(small):
    reports = history(small, ("14/3", 40), ("15/3", 45))

    assert [report.counts for report in reports] == [Counts(accepted=1)] * 2
    assert [run.received_at for run in runs(small)] == [at("14/3 17:30"), at("15/3 17:30")]
    assert small.standing("31/5", known_at=at("15/3 08:00"))["S1", "online"].value == 40
    assert small.differences() == []


def test_history_is_one_entry_in_the_audit(small):
    history(small, ("14/3", 40), ("15/3", 45))

    (entry,) = entries(small, "load_history")
    assert (entry.subject, entry.reason) == ("2 runs", "a history")
    assert entry.new == {"accepted": 2, "revised": 0, "unchanged": 0}


def test_history_told_again_changes_nothing(small):
    history(small, ("14/3", 40), ("15/3", 45))
    version = small.data_version()

    reports = history(small, ("14/3", 40), ("15/3", 45))

    assert [report.status for report in reports] == ["unchanged", "unchanged"]
    assert small.data_version() == version
    assert len(entries(small, "load_history")) == 1


def test_history_without_arrivals_changes_nothing(small):
    version = small.data_version()

    assert history(small) == []

    assert small.data_version() == version


# --- quarantine -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rejected:
    place: str = "Sheet1!D5"
    field: str = "numerator"
    value: str = "1.365 hồ sơ"
    problem: str = "not_a_figure"
    terms: dict[str, str] = dataclasses.field(default_factory=lambda: {"thousands": "1365"})
    raw: dict[str, str] = dataclasses.field(default_factory=lambda: {"Đơn vị": "Sở Một", "Tử số": "1.365 hồ sơ"})
    about: tuple[int, str, int] | None = None


def quarantined(small: Small) -> list[Quarantined]:
    with small.store.reading() as session:
        return list(session.exec(select(Quarantined).order_by(Quarantined.id)))


@on_each_engine
def test_bad_row_is_kept_with_its_place_its_problem_and_its_raw_text(small):
    report = small.load(FIGURE, rejected=(Rejected(),), file_name="bao cao.xlsx")

    (row,) = quarantined(small)
    assert (report.status, report.rejected, report.counts.accepted) == ("done_with_rejects", 1, 1)
    assert (row.run_id, row.kind, row.file_name, row.state) == (report.run_id, "readings", "bao cao.xlsx", "open")
    assert (row.place, row.field, row.value, row.problem) == ("Sheet1!D5", "numerator", "1.365 hồ sơ", "not_a_figure")
    assert row.raw == {"Đơn vị": "Sở Một", "Tử số": "1.365 hồ sơ"}
    assert row.terms == {"thousands": "1365"}


def test_same_bad_row_twice_is_kept_once(small):
    small.load(rejected=(Rejected(), Rejected(place="Sheet1!D9")))

    report = small.load(rejected=(Rejected(place="Sheet2!D5"),), file_name="again.xlsx")

    assert report.rejected == 1
    assert [row.place for row in quarantined(small)] == ["Sheet1!D5"]


@pytest.mark.parametrize(
    "other",
    [{"value": "x"}, {"field": "denominator"}, {"problem": "negative"}, {"raw": {"Đơn vị": "Sở Hai"}}],
    ids=lambda other: next(iter(other)),
)
def test_bad_row_that_differs_is_another_one(small, other):
    small.load(rejected=(Rejected(), Rejected(**other)))

    assert len(quarantined(small)) == 2


def test_same_bad_row_from_another_source_is_another_one(small):
    small.load(rejected=(Rejected(),), source="igate")
    small.load(rejected=(Rejected(),), source="file")

    assert len(quarantined(small)) == 2


@pytest.mark.daily("sqlite")
@on_each_engine
def test_more_bad_rows_than_one_question_holds_are_all_kept_once(small):
    many = tuple(Rejected(value=str(number)) for number in range(1201))
    small.load(rejected=many[:600])

    report = small.load(rejected=many)

    assert report.rejected == 1201
    assert small.count("quarantined") == 1201


def test_run_of_bad_rows_alone_says_so(small):
    report = small.load(rejected=(Rejected(),))

    (run,) = runs(small)
    assert (report.status, run.status, run.rejected, run.accepted) == ("done_with_rejects", "done_with_rejects", 1, 0)


@on_each_engine
def test_missing_numbers_of_a_frame_may_be_missing_in_any_way(small):
    frame = small.frame([FIGURE]).assign(
        numerator=pd.array([pd.NA], dtype="Int64"),
        denominator=[None],
        value=np.array([45.0]),
        qualifier=pd.array([pd.NA], dtype="string"),
    )

    report = small.changed(load_readings, [frame], arrival=Arrival(kind="readings", source="igate"), context=context())

    (row,) = readings(small)
    assert report.counts == Counts(accepted=1)
    assert (row.numerator, row.denominator, row.value, row.qualifier) == (None, None, 45.0, None)


def test_data_version_rises_once_with_each_load(small):
    before = small.data_version()

    small.load(FIGURE)

    assert small.data_version() == before + 1
    assert small.asked(find_state).kept_version == before + 1
