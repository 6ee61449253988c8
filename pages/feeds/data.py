"""Answers to the questions of the feeds page, kept until figures, runs or the hour change.

A failed run raises no data version, and a source grows late without any run: so these answers are kept under the mark
of the newest run and a few minutes of business time as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import streamlit as st

from jobs.health.feeds import find_feeds
from jobs.sources import is_pulled
from models.campaign.holidays import working_days
from models.core.clock import business_now
from models.core.columns import day_number
from models.core.store import open_store
from models.feeds.calendar import ReportedDays, SourceDay, find_calendar, find_reported_days
from models.feeds.states import FeedState
from models.readings.disagreements import find_differences
from models.readings.flagging import count_flags, find_flagged
from models.readings.loads import (
    UnderWay,
    count_loads,
    find_load,
    find_loads,
    find_payloads,
    find_run_mark,
    find_under_way,
)
from models.readings.quarantine import count_quarantined, find_quarantined, find_settled, find_waiting_groups
from models.results.completeness import Completeness, find_completeness, find_deciding
from pages.charts.layout import CALENDAR_DAYS
from pages.feeds.choices import FeedChoices, screen_of
from pages.feeds.oddities import FLAGS, differences_view, flags_view
from pages.feeds.quarantine import GROUP, GROUPS, ROWS, QuarantineView, quarantine_view
from pages.feeds.sentences import Arrivals, strip
from pages.feeds.view import (
    RUNS,
    CalendarView,
    HeadView,
    ListView,
    UnitsView,
    answers_view,
    calendar_view,
    head_view,
    runs_view,
    units_view,
)
from pages.kit import answers
from pages.kit.page import Situation

STEP = timedelta(minutes=5)
"""How long an answer about lateness may be kept while nothing else changes."""
SETTLED = 5
"""Rows settled last that are still named."""


@dataclass(frozen=True)
class Pulse:
    """What the answers are kept under beside the data version: the newest run, and the hour to a few minutes."""

    mark: str
    now: datetime


def find_pulse(situation: Situation) -> Pulse:
    """Asked at every rerun, and therefore two small sums."""
    known = answers.settings()
    now = business_now(known, rehearsal=situation.rehearsal)
    with open_store(known).reading() as session:
        return Pulse(find_run_mark(session), now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % STEP)


def find_strip(situation: Situation, language: str) -> tuple[str, ...]:
    """What every page says at its top of sources that have not sent what they should; mostly nothing."""
    pulse = find_pulse(situation)
    campaign, states = answers.find_campaign(situation), _states(situation.database, situation.data_version, pulse)
    deciding = _deciding(situation.database, situation.data_version)
    return strip(campaign, states, deciding, today=situation.today, language=language)


def find_under_way_now(situation: Situation) -> list[UnderWay]:
    """The pulls that somebody works on; never kept, for people watch them."""
    with open_store(answers.settings()).reading() as session:
        return find_under_way(session)


def find_head_view(situation: Situation, pulse: Pulse, language: str) -> HeadView:
    """The first sentence, who does what next, and how each source is."""
    return _head_view(situation.database, situation.data_version, pulse, language, situation)


def find_calendar_view(situation: Situation, pulse: Pulse, asked: int, language: str) -> CalendarView:
    """A screen of the calendar; the first ends today."""
    return _calendar_view(situation.database, situation.data_version, pulse, asked, language, situation)


def find_units_view(situation: Situation, pulse: Pulse, choices: FeedChoices, query: str, language: str) -> UnitsView:
    """Who has told and who has not, for one set of choices."""
    return _units_view(situation.database, situation.data_version, pulse, choices, query, language, situation)


def find_runs_view(
    situation: Situation, pulse: Pulse, choices: FeedChoices, query: Mapping[str, str], language: str
) -> tuple[ListView, ListView | None]:
    """The last loads, and the raw answers of the one that is looked at."""
    address = tuple(sorted(query.items()))
    return _runs_view(
        situation.database, situation.data_version, pulse, choices.runs, choices.run, address, language, situation
    )


def find_flags_view(situation: Situation, asked: int, query: str, language: str) -> ListView:
    """Figures that stand out."""
    return _flags_view(situation.database, situation.data_version, situation.today, asked, query, language, situation)


def find_apart_view(situation: Situation, asked: int, query: str, language: str) -> ListView:
    """Where two sources differ."""
    return _apart_view(situation.database, situation.data_version, situation.today, asked, query, language, situation)


def find_quarantine_view(situation: Situation, pulse: Pulse, asked: int, language: str) -> QuarantineView:
    """Rows that wait to be mended."""
    return _quarantine_view(situation.database, situation.data_version, pulse, asked, language, situation)


@st.cache_data(max_entries=50, show_spinner=False)
def _states(database: str, data_version: int, pulse: Pulse) -> tuple[FeedState, ...]:
    settings = answers.settings()
    with open_store(settings).reading() as session:
        return tuple(find_feeds(session, now=pulse.now, home=settings.home))


@st.cache_data(max_entries=20, show_spinner=False)
def _deciding(database: str, data_version: int) -> dict[str, dict[str, int]]:
    with open_store(answers.settings()).reading() as session:
        return find_deciding(session)


def _days(
    situation: Situation, states: Sequence[FeedState], *, first: date, last: date, now: datetime
) -> list[SourceDay]:
    """The calendar from one day to another."""
    reported = _told_days(situation.database, situation.data_version, first, last)
    with open_store(answers.settings()).reading() as session:
        return find_calendar(session, states, reported=reported, first=first, last=last, now=now)


@st.cache_resource(max_entries=20, show_spinner=False)
def _told_days(database: str, data_version: int, first: date, last: date) -> ReportedDays:
    """Kept apart from the states of the days: lateness comes with the hour, and this takes longest."""
    with open_store(answers.settings()).reading() as session:
        return find_reported_days(session, first=first, last=last)


@st.cache_resource(max_entries=20, show_spinner=False)
def _completeness(database: str, data_version: int, today: date) -> Completeness:
    with open_store(answers.settings()).reading() as session:
        return find_completeness(session, as_of=today)


@st.cache_data(max_entries=50, show_spinner=False)
def _head_view(database: str, data_version: int, pulse: Pulse, language: str, _situation: Situation) -> HeadView:
    campaign, states = answers.find_campaign(_situation), _states(database, data_version, pulse)
    last = _situation.today
    days = _days(_situation, states, first=last - timedelta(days=CALENDAR_DAYS - 1), last=last, now=pulse.now)
    with open_store(answers.settings()).reading() as session:
        waiting = count_quarantined(session)
    arrivals = Arrivals(
        campaign=campaign,
        now=pulse.now,
        states=states,
        days=days,
        completeness=_completeness(database, data_version, _situation.today),
        deciding=_deciding(database, data_version),
        waiting_rows=waiting,
    )
    return head_view(arrivals, [source.key for source in campaign.sources if is_pulled(source)], language)


@st.cache_data(max_entries=100, show_spinner=False)
def _calendar_view(
    database: str, data_version: int, pulse: Pulse, asked: int, language: str, _situation: Situation
) -> CalendarView:
    campaign, states = answers.find_campaign(_situation), _states(database, data_version, pulse)
    run_so_far = max(1, (_situation.today - campaign.start).days + 1)
    screen = screen_of(asked, whole=run_so_far, most=CALENDAR_DAYS)
    last = _situation.today - timedelta(days=screen.after)
    first = last - timedelta(days=CALENDAR_DAYS - 1)
    days = _days(_situation, states, first=first, last=last, now=pulse.now)
    calendar = working_days(campaign)
    days_off = {day.day for day in days if not calendar.is_working_day(day_number(day.day))}
    return calendar_view(campaign, days, days_off=days_off, screen=screen, language=language)


@st.cache_data(max_entries=200, show_spinner=False)
def _units_view(
    database: str,
    data_version: int,
    pulse: Pulse,
    choices: FeedChoices,
    query: str,
    language: str,
    _situation: Situation,
) -> UnitsView:
    known = _completeness(database, data_version, _situation.today)
    return units_view(answers.find_campaign(_situation), known, choices, query, language)


@st.cache_data(max_entries=100, show_spinner=False)
def _runs_view(
    database: str,
    data_version: int,
    pulse: Pulse,
    asked: int,
    run: int | None,
    address: tuple[tuple[str, str], ...],
    language: str,
    _situation: Situation,
) -> tuple[ListView, ListView | None]:
    campaign = answers.find_campaign(_situation)
    with open_store(answers.settings()).reading() as session:
        screen = screen_of(asked, whole=count_loads(session), most=RUNS)
        loads = find_loads(session, after=screen.after, most=RUNS)
        chosen = None if run is None else find_load(session, run)
        kept = [] if chosen is None else find_payloads(session, chosen.id)
    looked_at = None if chosen is None else answers_view(chosen, kept, language)
    return runs_view(campaign, loads, screen, dict(address), language), looked_at


@st.cache_data(max_entries=100, show_spinner=False)
def _flags_view(
    database: str, data_version: int, today: date, asked: int, query: str, language: str, _situation: Situation
) -> ListView:
    campaign = answers.find_campaign(_situation)
    with open_store(answers.settings()).reading() as session:
        whole = sum(count_flags(session, through=today).values())
        screen = screen_of(asked, whole=whole, most=FLAGS)
        found = find_flagged(session, through=today, after=screen.after, most=FLAGS)
    return flags_view(campaign, found, screen, query, language)


@st.cache_data(max_entries=100, show_spinner=False)
def _apart_view(
    database: str, data_version: int, today: date, asked: int, query: str, language: str, _situation: Situation
) -> ListView:
    with open_store(answers.settings()).reading() as session:
        found = find_differences(session, as_of=today)
    return differences_view(answers.find_campaign(_situation), found, asked, query, language)


@st.cache_data(max_entries=100, show_spinner=False)
def _quarantine_view(
    database: str, data_version: int, pulse: Pulse, asked: int, language: str, _situation: Situation
) -> QuarantineView:
    campaign = answers.find_campaign(_situation)
    with open_store(answers.settings()).reading() as session:
        screen = screen_of(asked, whole=count_quarantined(session), most=ROWS)
        rows = find_quarantined(session, after=screen.after, most=ROWS)
        settled = find_settled(session, most=SETTLED)
        groups = find_waiting_groups(session, least=GROUP, most=GROUPS)
    return quarantine_view(campaign, rows, settled, screen, language, groups)
