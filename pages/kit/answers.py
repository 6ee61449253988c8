"""Answers to the pages' questions, kept until the store changes. The only place with `st.cache_*`.

Each kept answer is keyed by the store's address and its data version: a new figure or target shows at the next click,
nothing else is worked out again, and no clock decides.
"""

from datetime import date, datetime

import streamlit as st

from models.campaign.holidays import working_days
from models.core.clock import business_day, business_now
from models.core.columns import day_number
from models.core.settings import Settings, load_settings
from models.core.state import find_state
from models.core.store import open_store
from models.readings import arrivals, disagreements
from models.readings.baselines import find_baselines
from models.results import attention
from models.results import gaps as gap_queries
from models.results import gaps as results_gaps
from models.results import overview as overview_queries
from models.results.gaps import GapRow, find_standing_counts
from models.results.inputs import load_campaign
from models.results.overview import Overview
from models.results.standing import find_standing
from models.targets import assigning
from models.targets.agreements import find_waiting
from models.targets.assigning import Assigned, IssuePlan
from models.targets.queries import RuleTrial, try_rule
from models.units import queries as unit_queries
from models.units.queries import UnitName
from pages.charts.layout import NAMED_UNITS
from pages.gaps.file import GapFile, gap_file
from pages.gaps.selection import GapFilters, select
from pages.gaps.view import HEAT_UNITS, GapView, HeatView, gap_view, heat_view
from pages.kit.page import Situation
from pages.overview.view import FocusView, FreshnessView, OverviewView, focus_view, freshness_view, overview_view
from pages.targets import view as targets_view
from pages.targets.view import Office
from pages.unit.data import Findable, UnitAnswers, findables, phases_of
from pages.unit.view import UnitView, unit_view
from targets.values import Campaign, Rule


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """The settings of this process, read once."""
    return load_settings()


def find_situation() -> Situation:
    """The store as it is now. Asked at every rerun, and therefore kept to one row.

    Raises StoreNotReady where there is no store or no campaign in it.
    """
    known = settings()
    store = open_store(known)
    with store.reading() as session:
        state = find_state(session)
    now = business_now(known, rehearsal=state.rehearsal_now)
    return Situation(
        database=store.url,
        data_version=state.data_version,
        simulated=state.simulated,
        rehearsal=now if known.now or state.rehearsal_now else None,
        today=business_day(now),
        updated=_updated(store.url, state.data_version),
    )


@st.cache_data(show_spinner=False, max_entries=4)
def _updated(database: str, data_version: int) -> datetime | None:
    with open_store(settings()).reading() as session:
        return overview_queries.find_updated(session)


def find_overview(situation: Situation, *, as_of: date, phase: str | None) -> Overview:
    """Where the province stands on a day, in the phase running then or in the one named."""
    return _overview(situation.database, situation.data_version, as_of, phase)


def find_overview_view(situation: Situation, overview: Overview, language: str) -> OverviewView:
    """An overview as its page draws it."""
    return _overview_view(
        situation.database, overview.data_version, overview.as_of, overview.phase.key, language, overview
    )


def find_focus_view(situation: Situation, overview: Overview, indicator: str, language: str) -> FocusView:
    """The units on one indicator, in the phase that the overview shows."""
    return _focus_view(
        situation.database, overview.data_version, overview.as_of, overview.phase.key, indicator, language, overview
    )


def find_freshness_view(situation: Situation, overview: Overview, language: str) -> FreshnessView:
    """Which source told figures on the last days, and how many units two sources tell differently."""
    return _freshness_view(situation.database, overview.data_version, overview.as_of, language, overview)


@st.cache_data(max_entries=200, show_spinner=False)
def _overview(database: str, data_version: int, as_of: date, phase: str | None) -> Overview:
    with open_store(settings()).reading() as session:
        return overview_queries.find_overview(session, as_of=as_of, phase=phase)


@st.cache_data(max_entries=200, show_spinner=False)
def _overview_view(
    database: str, data_version: int, as_of: date, phase: str, language: str, _overview: Overview
) -> OverviewView:
    return overview_view(_overview, language)


@st.cache_data(max_entries=500, show_spinner=False)
def _focus_view(
    database: str,
    data_version: int,
    as_of: date,
    phase: str,
    indicator: str,
    language: str,
    _overview: Overview,
) -> FocusView:
    counts = _standing_counts(database, data_version, as_of, _asked_phase(_overview))
    units, movers = _units(database, data_version, as_of, _asked_phase(_overview), indicator)
    return focus_view(
        _overview,
        indicator,
        counts=counts,
        attention=units,
        movers=movers,
        changes=_changes(database, data_version, as_of, indicator) if _asked_phase(_overview) is None else None,
        language=language,
    )


@st.cache_data(max_entries=500, show_spinner=False)
def _changes(database: str, data_version: int, as_of: date, indicator: str) -> list[attention.StandingChange]:
    with open_store(settings()).reading() as session:
        return attention.find_changes(session, as_of=as_of, indicator=indicator)


def _asked_phase(overview: Overview) -> str | None:
    """None where the phase shown is the one running: its results are kept, any other phase's are worked out."""
    running = overview.campaign.phase_on(overview.as_of)
    return None if overview.phase.key == running.key else overview.phase.key


@st.cache_data(max_entries=200, show_spinner=False)
def _standing_counts(
    database: str, data_version: int, as_of: date, phase: str | None
) -> list[results_gaps.StandingCount]:
    with open_store(settings()).reading() as session:
        return results_gaps.find_standing_counts(session, as_of=as_of, phase=phase)


@st.cache_data(max_entries=500, show_spinner=False)
def _units(
    database: str, data_version: int, as_of: date, phase: str | None, indicator: str
) -> tuple[list[attention.Attention], attention.Movers]:
    with open_store(settings()).reading() as session:
        return (
            attention.find_attention(session, as_of=as_of, indicator=indicator, phase=phase, most=NAMED_UNITS),
            attention.find_movers(session, as_of=as_of, indicator=indicator),
        )


@st.cache_data(max_entries=200, show_spinner=False)
def _freshness_view(database: str, data_version: int, as_of: date, language: str, _overview: Overview) -> FreshnessView:
    with open_store(settings()).reading() as session:
        days = arrivals.find_freshness(session, as_of=as_of)
        disagreeing = disagreements.find_disagreeing_units(session, as_of=as_of)
    calendar = working_days(_overview.campaign)
    days_off = {reported.day for reported in days if not calendar.is_working_day(day_number(reported.day))}
    return freshness_view(_overview, days, days_off=days_off, disagreeing=disagreeing, language=language)


# --- gaps -----------------------------------------------------------------------------------------------------------


def find_gap_rows(situation: Situation, *, as_of: date, indicator: str, phase: str | None) -> tuple[GapRow, ...]:
    """Every unit on an indicator, to choose from; the same rows for everybody who looks."""
    return _gap_rows(situation.database, situation.data_version, as_of, indicator, phase)


def find_gap_view(
    situation: Situation, overview: Overview, filters: GapFilters, *, query: str, language: str
) -> tuple[GapView, HeatView]:
    """The page of gaps as it is drawn, for one set of choices."""
    return _gap_view(
        situation.database, situation.data_version, overview.as_of, filters, query, language, situation, overview
    )


def find_gap_file(
    situation: Situation, overview: Overview, filters: GapFilters, *, kind: GapFile, language: str
) -> bytes:
    """All units that fit the choices as a file, made when somebody asks for it."""
    rows = find_gap_rows(situation, as_of=overview.as_of, indicator=filters.indicator, phase=filters.phase)
    return gap_file(overview, rows, filters, kind=kind, language=language)


@st.cache_resource(max_entries=20, show_spinner=False)
def _gap_rows(database: str, data_version: int, as_of: date, indicator: str, phase: str | None) -> tuple[GapRow, ...]:
    with open_store(settings()).reading() as session:
        return tuple(gap_queries.find_gaps(session, as_of=as_of, indicator=indicator, phase=phase))


@st.cache_data(max_entries=200, show_spinner=False)
def _gap_view(
    database: str,
    data_version: int,
    as_of: date,
    filters: GapFilters,
    query: str,
    language: str,
    _situation: Situation,
    _overview: Overview,
) -> tuple[GapView, HeatView]:
    rows = find_gap_rows(_situation, as_of=as_of, indicator=filters.indicator, phase=filters.phase)
    selection = select(rows, filters, _overview.campaign)
    view = gap_view(_overview, rows, filters, selection, query, language)
    units = [row.result.unit for row in selection.found] if len(selection.found) <= HEAT_UNITS else []
    with open_store(settings()).reading() as session:
        counts = find_standing_counts(session, as_of=as_of, phase=filters.phase)
        results = find_standing(session, as_of=as_of, units=units, phase=filters.phase) if units else []
    return view, heat_view(_overview, filters, selection, counts, results, query, language)


# --- a unit ---------------------------------------------------------------------------------------------------------


def find_campaign(situation: Situation) -> Campaign:
    """The campaign's settings: what the choices of an address are checked against."""
    return _campaign(situation.database, situation.data_version)


def find_unit_names(situation: Situation) -> tuple[UnitName, ...]:
    """All units in the campaign's order, merged ones included."""
    return _unit_names(situation.database, situation.data_version)


def find_findables(situation: Situation, language: str) -> tuple[Findable, ...]:
    """All units as the search lists them."""
    return _findables(situation.database, situation.data_version, language, find_unit_names(situation))


def find_unit(situation: Situation, unit: str, *, as_of: date, phase: str | None) -> UnitAnswers:
    """All that is known of a unit on a day, in the phase named or in its own running one."""
    return _unit(situation.database, situation.data_version, unit, as_of, phase)


def find_unit_view(situation: Situation, unit: UnitAnswers, indicator: str | None, language: str) -> UnitView:
    """A unit as its page draws it; the units below are told on the indicator, or where the unit is worst."""
    code, phase = unit.profile.unit.code, unit.phase.key
    return _unit_view(situation.database, situation.data_version, code, unit.as_of, phase, indicator, language, unit)


@st.cache_data(max_entries=20, show_spinner=False)
def _campaign(database: str, data_version: int) -> Campaign:
    with open_store(settings()).reading() as session:
        return load_campaign(session)


@st.cache_data(max_entries=20, show_spinner=False)
def _unit_names(database: str, data_version: int) -> tuple[UnitName, ...]:
    with open_store(settings()).reading() as session:
        return tuple(unit_queries.find_unit_names(session))


@st.cache_data(max_entries=20, show_spinner=False)
def _findables(database: str, data_version: int, language: str, _names: tuple[UnitName, ...]) -> tuple[Findable, ...]:
    return findables(_names, language)


@st.cache_data(max_entries=500, show_spinner=False)
def _unit(database: str, data_version: int, unit: str, as_of: date, phase: str | None) -> UnitAnswers:
    with open_store(settings()).reading() as session:
        campaign = load_campaign(session)
        profile = unit_queries.find_profile(session, unit)
        own = phases_of(campaign, unit)
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
                (each, tuple(find_standing(session, as_of=as_of, units=[unit], phase=each.key)))
                for each in own
                if each.due is not None and each.due < as_of and each.key != shown.key
            ),
            history=tuple(unit_queries.find_history(session, unit, as_of=as_of)),
            versions=tuple(unit_queries.find_target_versions(session, unit)),
            arrivals=tuple(arrivals.find_arrivals(session, unit, as_of=as_of)),
            qualifiers=arrivals.find_qualifiers(session, unit, as_of=as_of),
            flags=tuple(arrivals.find_flags(session, unit, as_of=as_of)),
            disagreements=tuple(arrivals.find_disagreements(session, unit, as_of=as_of)),
            scores=tuple(unit_queries.find_scores(session, unit, as_of=as_of)),
            parts=tuple(unit_queries.find_parts(session, profile, as_of=as_of)),
            children=tuple(row for row in rows if row.unit != unit),
            changes=tuple(attention.find_changes(session, as_of=as_of, units=[unit])) if asked is None else (),
            baselines={
                key: reported
                for (_, key), reported in find_baselines(session, year=campaign.baseline_year, unit=unit).items()
            },
        )


@st.cache_data(max_entries=500, show_spinner=False)
def _unit_view(
    database: str,
    data_version: int,
    unit: str,
    as_of: date,
    phase: str,
    indicator: str | None,
    language: str,
    _unit: UnitAnswers,
) -> UnitView:
    return unit_view(_unit, indicator, language)


# --- the office's targets -------------------------------------------------------------------------------------------


def find_office(situation: Situation, phase: str) -> Office:
    """How far a phase is, which central targets are known or missing, and what waits for the office."""
    return _office(situation.database, situation.data_version, phase)


def find_assigned(situation: Situation, *, indicator: str, phase: str) -> list[Assigned]:
    """Every unit's targets of an indicator for a phase."""
    return _assigned(situation.database, situation.data_version, indicator, phase)


def find_values_now(situation: Situation, *, indicator: str) -> dict[str, float | None]:
    """Each unit's rate of an indicator today, by code, in its running phase."""
    return _values_now(situation.database, situation.data_version, situation.today, indicator)


def find_trial(situation: Situation, indicator: str, rule: Rule) -> RuleTrial:
    """What another rule would propose for an indicator."""
    return _trial(situation.database, situation.data_version, indicator, rule)


def annex_file(situation: Situation, language: str, kind: targets_view.AnnexFile = "xlsx") -> bytes:
    """The annex of targets, made when somebody asks for it."""
    with open_store(settings()).reading() as session:
        rows = assigning.find_assigned(session)
    campaign, simulated = find_campaign(situation), situation.simulated
    return targets_view.annex_file(rows, campaign, kind=kind, is_simulated=simulated, language=language)


def foresee_issue(phase: str, document: str, document_date: date, today: date) -> IssuePlan:
    """What issuing a phase would do. Never kept: it is looked at once."""
    with open_store(settings()).reading() as session:
        return assigning.foresee_issue(
            session, phase=phase, document=document, document_date=document_date, today=today
        )


@st.cache_data(max_entries=20, show_spinner=False)
def _office(database: str, data_version: int, phase: str) -> Office:
    with open_store(settings()).reading() as session:
        return Office(
            count=assigning.find_phase_count(session, phase),
            central=tuple(assigning.find_central(session)),
            missing=tuple(assigning.find_central_missing(session)),
            waiting=tuple(row for row in find_waiting(session) if row.kind != "question"),
        )


@st.cache_data(max_entries=50, show_spinner=False)
def _assigned(database: str, data_version: int, indicator: str, phase: str) -> list[Assigned]:
    with open_store(settings()).reading() as session:
        return assigning.find_assigned(session, indicator=indicator, phase=phase)


@st.cache_data(max_entries=50, show_spinner=False)
def _values_now(database: str, data_version: int, today: date, indicator: str) -> dict[str, float | None]:
    with open_store(settings()).reading() as session:
        return {row.unit: row.value for row in find_standing(session, as_of=today, indicator=indicator)}


@st.cache_data(max_entries=50, show_spinner=False)
def _trial(database: str, data_version: int, indicator: str, rule: Rule) -> RuleTrial:
    with open_store(settings()).reading() as session:
        return try_rule(session, indicator, rule)
