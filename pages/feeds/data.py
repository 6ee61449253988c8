"""Answers to the questions of the feeds page, kept until figures, runs or the hour change.

A failed run raises no data version, and a source grows late without any run: so these answers are kept under the mark
of the newest run and a few minutes of business time as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from jobs.health.wellness import find_feeds
from jobs.sources import is_pulled
from models.campaign.holidays import working_days
from models.core.clock import business_now
from models.core.columns import day_number
from models.feeds.calendar import ReportedDays, SourceDay, find_calendar, find_reported_days
from models.feeds.files import find_waiting_files
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
from pages.kit.answers import Reader, remembered
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
    now = business_now(answers.settings(situation), rehearsal=situation.rehearsal)
    with answers.store(situation).reading() as session:
        return Pulse(find_run_mark(session), now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % STEP)


def find_strip(situation: Situation, language: str) -> tuple[str, ...]:
    """What every page says at its top of sources that have not sent what they should; mostly nothing."""
    campaign, states = answers.find_campaign(situation), _find_states(situation, find_pulse(situation))
    return strip(campaign, states, _find_deciding(situation), today=situation.today, language=language)


def find_under_way_now(situation: Situation) -> list[UnderWay]:
    """The pulls that somebody works on; never kept, for people watch them."""
    with answers.store(situation).reading() as session:
        return find_under_way(session)


@remembered(entries=50)
def find_head_view(reader: Reader, pulse: Pulse, language: str) -> HeadView:
    """The first sentence, who does what next, and how each source is."""
    situation, last = reader.situation, reader.situation.today
    campaign, states = answers.find_campaign(situation), _find_states(situation, pulse)
    completeness, deciding = _find_completeness(situation), _find_deciding(situation)
    days = _find_days(reader, states, first=last - timedelta(days=CALENDAR_DAYS - 1), last=last, now=pulse.now)
    arrivals = Arrivals(
        campaign=campaign,
        now=pulse.now,
        states=states,
        days=days,
        completeness=completeness,
        deciding=deciding,
        waiting_rows=count_quarantined(reader.session),
    )
    return head_view(arrivals, [source.key for source in campaign.sources if is_pulled(source)], language)


@remembered(entries=100)
def find_calendar_view(reader: Reader, pulse: Pulse, asked: int, language: str) -> CalendarView:
    """A screen of the calendar; the first ends today."""
    today = reader.situation.today
    campaign, states = answers.find_campaign(reader.situation), _find_states(reader.situation, pulse)
    run_so_far = max(1, (today - campaign.start).days + 1)
    screen = screen_of(asked, whole=run_so_far, most=CALENDAR_DAYS)
    last = today - timedelta(days=screen.after)
    first = last - timedelta(days=CALENDAR_DAYS - 1)
    days = _find_days(reader, states, first=first, last=last, now=pulse.now)
    calendar = working_days(campaign)
    days_off = {day.day for day in days if not calendar.is_working_day(day_number(day.day))}
    return calendar_view(campaign, days, days_off=days_off, screen=screen, language=language)


@remembered(entries=200)
def find_units_view(reader: Reader, pulse: Pulse, choices: FeedChoices, query: str, language: str) -> UnitsView:
    """Who has told and who has not, for one set of choices."""
    known = _find_completeness(reader.situation)
    return units_view(answers.find_campaign(reader.situation), known, choices, query, language)


@remembered(entries=100)
def find_runs_view(
    reader: Reader, pulse: Pulse, asked: int, run: int | None, query: Mapping[str, str], language: str
) -> tuple[ListView, ListView | None]:
    """The last loads, and the raw answers of the one that is looked at."""
    campaign, session = answers.find_campaign(reader.situation), reader.session
    screen = screen_of(asked, whole=count_loads(session), most=RUNS)
    loads = find_loads(session, after=screen.after, most=RUNS)
    chosen = None if run is None else find_load(session, run)
    kept = [] if chosen is None else find_payloads(session, chosen.id)
    looked_at = None if chosen is None else answers_view(chosen, kept, language)
    return runs_view(campaign, loads, screen, dict(query), language), looked_at


@remembered(entries=100)
def find_flags_view(reader: Reader, asked: int, query: str, language: str) -> ListView:
    """Figures that stand out."""
    campaign, today = answers.find_campaign(reader.situation), reader.situation.today
    screen = screen_of(asked, whole=sum(count_flags(reader.session, through=today).values()), most=FLAGS)
    found = find_flagged(reader.session, through=today, after=screen.after, most=FLAGS)
    return flags_view(campaign, found, screen, query, language)


@remembered(entries=100)
def find_apart_view(reader: Reader, asked: int, query: str, language: str) -> ListView:
    """Where two sources differ."""
    campaign = answers.find_campaign(reader.situation)
    found = find_differences(reader.session, as_of=reader.situation.today)
    return differences_view(campaign, found, asked, query, language)


@remembered(entries=100)
def find_quarantine_view(reader: Reader, pulse: Pulse, asked: int, language: str) -> QuarantineView:
    """Rows that wait to be mended."""
    campaign, session = answers.find_campaign(reader.situation), reader.session
    screen = screen_of(asked, whole=count_quarantined(session), most=ROWS)
    rows = find_quarantined(session, after=screen.after, most=ROWS)
    settled = find_settled(session, most=SETTLED)
    groups = find_waiting_groups(session, least=GROUP, most=GROUPS)
    return quarantine_view(campaign, rows, settled, screen, language, groups, find_waiting_files(session))


@remembered(entries=50)
def _find_states(reader: Reader, pulse: Pulse) -> tuple[FeedState, ...]:
    return tuple(find_feeds(reader.session, now=pulse.now, home=answers.settings(reader.situation).home))


@remembered(entries=20)
def _find_deciding(reader: Reader) -> dict[str, dict[str, int]]:
    return find_deciding(reader.session)


def _find_days(
    reader: Reader, states: Sequence[FeedState], *, first: date, last: date, now: datetime
) -> list[SourceDay]:
    """The calendar from one day to another."""
    reported = _find_reported_days(reader.situation, first, last)
    return find_calendar(reader.session, states, reported=reported, first=first, last=last, now=now)


@remembered(entries=20, is_shared=True)
def _find_reported_days(reader: Reader, first: date, last: date) -> ReportedDays:
    """Kept apart from the states of the days: lateness comes with the hour, and this takes longest."""
    return find_reported_days(reader.session, first=first, last=last)


@remembered(entries=20, is_shared=True)
def _find_completeness(reader: Reader) -> Completeness:
    return find_completeness(reader.session, as_of=reader.situation.today)
