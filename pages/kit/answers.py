"""Answers to the pages' questions, remembered until the store changes. The only place with `st.cache_*`.

Each is keyed by the situation it is asked in, the store's data version first: a new figure or target shows at the next
click, nothing else is worked out again, and no clock decides.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from jobs import adjusting
from jobs.campaigns import borders
from jobs.campaigns.borders import Borders
from jobs.documents import target_annex
from jobs.documents.target_annex import AnnexFile
from models.analysis.compare import Comparison
from models.analysis.courses import Courses, own_phases
from models.campaign.files import find_file
from models.core.clock import business_day, business_now
from models.core.settings import Settings, load_settings
from models.core.state import find_state
from models.core.store import Store, StoreSession, open_store
from models.core.stores import find_keys, settings_of
from models.meetings.agendas import MILESTONE, default_slides
from models.meetings.milestones import find_ended_rows
from models.meetings.snapshots import find_agenda, find_snapshots
from models.readings import arrivals, disagreements
from models.readings.baselines import find_baselines
from models.results import attention
from models.results import gaps as results_gaps
from models.results import overview as overview_queries
from models.results.gaps import GapRow
from models.results.inputs import load_campaign
from models.results.overview import Overview
from models.results.standing import find_standing
from models.targets import assigning
from models.targets.agreements import find_waiting
from models.targets.assigning import Assigned, IssueDocument, IssuePlan
from models.targets.queries import RuleTrial, try_rule
from models.units import queries as unit_queries
from models.units.changes import find_unit_events
from models.units.own_figures import find_own_figures
from models.units.queries import UnitName
from models.units.shape_file import SHAPES
from pages.charts.layout import NAMED_UNITS
from pages.gaps.borders import MapView, map_view
from pages.gaps.file import GapFile, gap_file
from pages.gaps.selection import GapFilters, select
from pages.gaps.tiles import TilesView, tiles_view
from pages.gaps.view import HEAT_UNITS, GapView, HeatView, gap_view, heat_view
from pages.kit.page import Situation
from pages.overview.view import FocusView, OverviewView, focus_view, overview_view
from pages.targets.view import Office
from pages.unit.data import Findable, UnitAnswers, findables
from pages.unit.view import UnitView, unit_view
from targets.values import Campaign, Rule

RECENT = timedelta(days=7)
"""So long the overview tells of a unit that changed."""
P = ParamSpec("P")
R = TypeVar("R")

KNOWN_BY: dict[str | type, Callable[[Any], object]] = {
    Situation: repr,
    Overview: lambda it: f"{it.data_version} {it.as_of} {it.phase.key}",
    UnitAnswers: lambda it: f"{it.profile.unit.code} {it.as_of} {it.phase.key}",
    Courses: lambda it: f"{it.unit} {it.level} {it.as_of} {it.phase.key}",
    # Units with dates of their own run another phase than the province, unless one was named for all.
    Comparison: lambda it: f"{it.indicator} {it.as_of} {it.whole.phase} {sorted({row.phase for row in it.rows})}",
    "pages.compare.ranks.Ranking": lambda it: it.comparison,
}
"""What one answer hands to the next is known by what it was asked with: reading it through would take longer."""


class Reader:
    """Works an answer out: the situation it is asked in, and a session that sees one moment of the store.

    Other answers are asked for before the session, which holds a connection from then on.
    """

    def __init__(self, situation: Situation, open_until: ExitStack) -> None:
        self.situation = situation
        self._open_until = open_until

    @cached_property
    def session(self) -> StoreSession:
        return self._open_until.enter_context(store(self.situation).reading())


def remembered(
    *, entries: int, is_shared: bool = False
) -> Callable[[Callable[Concatenate[Reader, P], R]], Callable[Concatenate[Situation, P], R]]:
    """Keep what a function finds for as long as the store is in the situation that it is asked in.

    The key is the situation, which holds the store's address, its data version and the day, and every argument.
    `entries`: how many are kept. `is_shared`: everybody gets the same object, which nobody may change, not a copy.
    """

    def remember(find: Callable[Concatenate[Reader, P], R]) -> Callable[Concatenate[Situation, P], R]:
        @wraps(find)
        def work_out(situation: Situation, *args: P.args, **kwargs: P.kwargs) -> R:
            with ExitStack() as stack:
                return find(Reader(situation, stack), *args, **kwargs)

        keep: Any = st.cache_resource if is_shared else st.cache_data
        kept: Callable[Concatenate[Situation, P], R] = keep(
            work_out, max_entries=entries, show_spinner=False, hash_funcs=KNOWN_BY
        )
        return kept

    return remember


@st.cache_resource(show_spinner=False)
def front() -> Settings:
    """The settings of this process, read once: those of the front's store, which holds accounts and sign-ins."""
    return load_settings()


def settings(situation: Situation) -> Settings:
    """The settings of the campaign that is looked at."""
    return settings_of(front(), situation.campaign)


def store(situation: Situation) -> Store:
    """The store of the campaign that is looked at: the one way of pages to a store, but for who somebody is."""
    return open_store(settings(situation))


def find_further() -> tuple[str, ...]:
    """The campaigns beside the front's, by key. Asked at every rerun: a folder is listed."""
    return find_keys(front())


def find_situation(campaign: str = "") -> Situation:
    """A campaign's store as it is now, without a key the front's. Asked at every rerun, and therefore kept to one row.

    Raises StoreNotReady where there is no store or no campaign in it.
    """
    known = settings_of(front(), campaign)
    opened = open_store(known)
    with opened.reading() as session:
        state = find_state(session)
        lies_in_archive = state.is_archived
    now = business_now(known, rehearsal=state.rehearsal_now)
    situation = Situation(
        campaign=campaign,
        database=opened.url,
        data_version=state.data_version,
        simulated=state.simulated,
        rehearsal=now if known.now or state.rehearsal_now else None,
        today=business_day(now),
        is_archived=lies_in_archive,
    )
    return replace(situation, updated=_find_updated(situation))


@remembered(entries=20)
def _find_updated(reader: Reader) -> datetime | None:
    return overview_queries.find_updated(reader.session)


@remembered(entries=4)
def find_first_slide(reader: Reader) -> dict[str, str] | None:
    """Where the newest meeting begins, as its address says it; None where none has been prepared."""
    heads = find_snapshots(reader.session)
    if not heads:
        return None
    slides = find_agenda(reader.session, heads[0].id) or default_slides(load_campaign(reader.session))
    first = slides[0] if heads[0].opens_with is None else MILESTONE
    return {"snapshot": str(heads[0].id), "slide": first}


@remembered(entries=200)
def find_overview(reader: Reader, *, as_of: date, phase: str | None) -> Overview:
    """Where the province stands on a day, in the phase running then or in the one named."""
    return overview_queries.find_overview(reader.session, as_of=as_of, phase=phase)


@remembered(entries=200)
def find_overview_view(reader: Reader, overview: Overview, language: str) -> OverviewView:
    """The province as the overview draws it, and how many units two sources tell differently."""
    disagreeing = disagreements.find_disagreeing_units(reader.session, as_of=overview.as_of)
    since = overview.as_of - RECENT
    events = find_unit_events(reader.session, as_of=overview.as_of, since=since)
    return overview_view(overview, disagreeing, language, events=events)


@remembered(entries=500)
def find_focus_view(reader: Reader, overview: Overview, indicator: str, language: str) -> FocusView:
    """The units on one indicator, in the phase that the overview shows."""
    focus = _find_focus(reader.situation, overview.as_of, _asked_phase(overview), indicator)
    names = {unit.code: unit.name for unit in find_unit_names(reader.situation)}
    return focus_view(overview, indicator, focus, names, language)


def _asked_phase(overview: Overview) -> str | None:
    """None where the phase shown is the one running: its results are kept, any other phase's are worked out."""
    running = overview.campaign.phase_on(overview.as_of)
    return None if overview.phase.key == running.key else overview.phase.key


@remembered(entries=50, is_shared=True)
def _find_focus(reader: Reader, as_of: date, phase: str | None, indicator: str) -> attention.Focus:
    return attention.find_focus(reader.session, as_of=as_of, indicator=indicator, phase=phase, most=NAMED_UNITS)


# --- gaps -----------------------------------------------------------------------------------------------------------


@remembered(entries=20, is_shared=True)
def find_gap_rows(reader: Reader, *, as_of: date, indicator: str, phase: str | None) -> tuple[GapRow, ...]:
    """Every unit on an indicator, to choose from; the same rows for everybody who looks."""
    return tuple(results_gaps.find_gaps(reader.session, as_of=as_of, indicator=indicator, phase=phase))


@remembered(entries=200)
def find_gap_view(reader: Reader, overview: Overview, filters: GapFilters, *, query: str, language: str) -> GapView:
    """The page of gaps as it is drawn, for one set of choices."""
    rows = find_gap_rows(reader.situation, as_of=overview.as_of, indicator=filters.indicator, phase=filters.phase)
    return gap_view(overview, rows, filters, select(rows, filters, overview.campaign), query, language)


@remembered(entries=50)
def find_tiles_view(reader: Reader, overview: Overview, filters: GapFilters, *, query: str, language: str) -> TilesView:
    """The units of the page of gaps as tiles."""
    rows = find_gap_rows(reader.situation, as_of=overview.as_of, indicator=filters.indicator, phase=filters.phase)
    selection = select(rows, filters, overview.campaign)
    return tiles_view(overview, rows, filters, selection, unit_queries.find_places(reader.session), query, language)


@remembered(entries=4, is_shared=True)
def find_borders(reader: Reader) -> Borders:
    """The borders that the campaign brings, by the code of their unit; none where it brings no map."""
    content = find_file(reader.session, SHAPES)
    if content is None:
        return {}
    return borders.find_borders(content, unit_queries.find_units(reader.session), load_campaign(reader.session))


@remembered(entries=50)
def find_map_view(reader: Reader, overview: Overview, filters: GapFilters, *, language: str) -> MapView:
    """The units of the page of gaps on the real map."""
    rows = find_gap_rows(reader.situation, as_of=overview.as_of, indicator=filters.indicator, phase=filters.phase)
    known = find_borders(reader.situation)
    return map_view(overview, rows, filters.indicator, select(rows, filters, overview.campaign), known, language)


@remembered(entries=50)
def find_heat_view(reader: Reader, overview: Overview, filters: GapFilters, *, query: str, language: str) -> HeatView:
    """The units of the page of gaps on all indicators."""
    as_of, phase = overview.as_of, filters.phase
    rows = find_gap_rows(reader.situation, as_of=as_of, indicator=filters.indicator, phase=phase)
    selection = select(rows, filters, overview.campaign)
    units = [row.result.unit for row in selection.found] if len(selection.found) <= HEAT_UNITS else []
    counts = results_gaps.find_standing_counts(reader.session, as_of=as_of, phase=phase)
    results = find_standing(reader.session, as_of=as_of, units=units, phase=phase) if units else []
    return heat_view(overview, filters, selection, counts, results, query, language)


def find_gap_file(
    situation: Situation, overview: Overview, filters: GapFilters, *, kind: GapFile, language: str
) -> bytes:
    """All units that fit the choices as a file, made when somebody asks for it."""
    rows = find_gap_rows(situation, as_of=overview.as_of, indicator=filters.indicator, phase=filters.phase)
    return gap_file(overview, rows, filters, kind=kind, language=language)


# --- a unit ---------------------------------------------------------------------------------------------------------


@remembered(entries=20)
def find_campaign(reader: Reader) -> Campaign:
    """The campaign's settings: what the choices of an address are checked against."""
    return load_campaign(reader.session)


@remembered(entries=20, is_shared=True)
def find_unit_names(reader: Reader) -> tuple[UnitName, ...]:
    """All units in the campaign's order, merged ones included."""
    return tuple(unit_queries.find_unit_names(reader.session))


@remembered(entries=20, is_shared=True)
def find_findables(reader: Reader, language: str) -> tuple[Findable, ...]:
    """All units as the search lists them."""
    return findables(find_unit_names(reader.situation), language)


@remembered(entries=500)
def find_unit(reader: Reader, unit: str, *, as_of: date, phase: str | None) -> UnitAnswers:
    """All that is known of a unit on a day, in the phase named or in its own running one."""
    session = reader.session
    campaign = load_campaign(session)
    profile = unit_queries.find_profile(session, unit)
    own = own_phases(campaign, unit)
    running = next((each for each in own if each.due is None or as_of <= each.due), own[-1])
    shown = next((each for each in own if each.key == phase), running)
    below = [child.code for child in profile.children]
    asked = None if shown.key == running.key else shown.key
    # One question for the unit and those below it: a phase that is not running is computed, for all at once.
    rows = find_standing(session, as_of=as_of, units=[unit, *below], phase=asked)
    return UnitAnswers(
        campaign=campaign,
        profile=profile,
        as_of=as_of,
        phase=shown,
        rows=tuple(row for row in rows if row.unit == unit),
        ended=tuple(
            (each, find_ended_rows(session, unit, each.key, as_of=as_of))
            for each in own
            if each.due is not None and each.due < as_of and each.key != shown.key
        ),
        history=tuple(unit_queries.find_history(session, unit, as_of=as_of)),
        versions=tuple(unit_queries.find_target_versions(session, unit)),
        arrivals=tuple(arrivals.find_arrivals(session, unit, as_of=as_of)),
        flags=tuple(arrivals.find_flags(session, unit, as_of=as_of)),
        withdrawn=tuple(arrivals.find_withdrawn_figures(session, unit, as_of=as_of)),
        disagreements=tuple(arrivals.find_disagreements(session, unit, as_of=as_of)),
        scores=tuple(unit_queries.find_scores(session, unit, as_of=as_of)),
        parts=tuple(unit_queries.find_parts(session, profile, as_of=as_of)),
        children=tuple(row for row in rows if row.unit != unit),
        changes=tuple(attention.find_changes(session, as_of=as_of, units=[unit])) if asked is None else (),
        baselines={
            key: reported
            for (_, key), reported in find_baselines(session, year=campaign.baseline_year, unit=unit).items()
        },
        own=find_own_figures(session, unit, as_of=as_of, phase=asked),
        events=tuple(find_unit_events(session, as_of=as_of, about=unit)),
        heads={code: head.name for code, head in unit_queries.find_heads(session, below).items() if head.name},
    )


@remembered(entries=500)
def find_unit_view(reader: Reader, unit: UnitAnswers, indicator: str, language: str) -> UnitView:
    """A unit as its page draws it, on one indicator."""
    return unit_view(unit, indicator, language)


# --- the office's targets -------------------------------------------------------------------------------------------


@remembered(entries=20)
def find_office(reader: Reader, phase: str) -> Office:
    """How far a phase is, which central targets are known or missing, and what waits for the office."""
    return Office(
        count=assigning.find_phase_count(reader.session, phase, today=reader.situation.today),
        central=tuple(assigning.find_central(reader.session)),
        missing=tuple(assigning.find_central_missing(reader.session)),
        waiting=tuple(row for row in find_waiting(reader.session) if row.kind != "question"),
    )


@remembered(entries=50)
def find_assigned(reader: Reader, *, indicator: str, phase: str) -> list[Assigned]:
    """Every unit's targets of an indicator for a phase."""
    today = reader.situation.today
    return assigning.find_assigned(reader.session, today=today, indicator=indicator, phase=phase)


@remembered(entries=50)
def find_values_now(reader: Reader, *, indicator: str) -> dict[str, float | None]:
    """Each unit's rate of an indicator today, by code, in its running phase."""
    rows = find_standing(reader.session, as_of=reader.situation.today, indicator=indicator)
    return {row.unit: row.value for row in rows}


@remembered(entries=50)
def find_trial(reader: Reader, indicator: str, rule: Rule) -> RuleTrial:
    """What another rule would propose for an indicator."""
    return try_rule(reader.session, indicator, rule)


@remembered(entries=5)
def find_issue_documents(reader: Reader) -> list[IssueDocument]:
    """The documents under which targets were issued, the newest first."""
    return assigning.find_issue_documents(reader.session)


def annex_file(
    situation: Situation, language: str, document: IssueDocument | None, *, phase: str, kind: AnnexFile
) -> bytes:
    """The annex of a document; without one what is proposed for a phase. Made when somebody asks for it."""
    with store(situation).reading() as session:
        of_phase = phase if document is None else None
        rows = assigning.find_assigned(session, today=situation.today, phase=of_phase, document=document)
    return target_annex.annex_file(
        rows, find_campaign(situation), document=document, kind=kind, is_simulated=situation.simulated,
        language=language,
    )  # fmt: skip


def adjusting_workbook(situation: Situation, language: str, phase: str) -> bytes:
    """The workbook in which a phase's proposals are adjusted, made when somebody asks for it."""
    with store(situation).reading() as session:
        rows = assigning.find_assigned(session, today=situation.today, phase=phase)
    return adjusting.adjusting_workbook(rows, find_campaign(situation), language)


def foresee_issue(situation: Situation, phase: str, document: str, document_date: date) -> IssuePlan:
    """What issuing a phase would do. Never kept: it is looked at once."""
    with store(situation).reading() as session:
        return assigning.foresee_issue(
            session, phase=phase, document=document, document_date=document_date, today=situation.today
        )
