"""What the feeds page shows of sources and days, finished to the last word: cards, calendar."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models import formats
from models.pull_words import failure_sentence
from models.queries.feed_states import FeedState
from models.queries.feeds import REHEARSED, SourceDay
from models.texts import text
from pages.parts import feeds_charts, feeds_sentences
from pages.parts.charts import LOCALES, Spec
from pages.parts.feeds_charts import Cell, DayHead
from pages.parts.feeds_choices import Screen
from pages.parts.feeds_sentences import Arrivals
from targets.values import Campaign

LEGEND = ("complete", "partial", "late", "revised", "missing", "lost", "waiting")
PUBLISHED = "published"
"""A kind of source whose figures were taken from a publication by hand, once."""
MOST_NAMED = 6
"""Days that a note names one by one."""


@dataclass(frozen=True)
class SourceCard:
    """One source: how it is, in words, and whether it can be asked right now."""

    key: str
    name: str
    state: str
    state_words: str
    governs: str
    """For how many units its figures are the ones that are judged; empty where for none."""
    facts: tuple[str, ...]
    trouble: str
    """Why the last attempt came to nothing; empty where it did not."""
    is_pulled: bool
    moves_rehearsal: bool
    """Pulling it moves a demonstration on by a day."""


@dataclass(frozen=True)
class HeadView:
    """The top of the page."""

    headline: str
    advice: tuple[str, ...]
    is_well: bool
    cards: tuple[SourceCard, ...]
    unused: tuple[str, ...]
    """Sources that tell nothing, and why."""


@dataclass(frozen=True)
class CalendarView:
    """Twenty-eight days of the sources in use; `chart` is None where no source is."""

    chart: Spec | None
    spoken: str
    legend: tuple[tuple[str, str], ...]
    """A state of FEED_MARKS and its word."""
    notes: tuple[str, ...]
    span: str
    screen: Screen


def head_view(arrivals: Arrivals, pulled: Collection[str], language: str) -> HeadView:
    """`pulled`: keys of the sources that can be asked at the press of a button."""
    used = sorted(filter(_is_used, arrivals.states), key=lambda state: -_decided(state, arrivals))
    return HeadView(
        headline=feeds_sentences.headline(arrivals, language),
        advice=feeds_sentences.advice(arrivals, language),
        is_well=not feeds_sentences.troubled(
            arrivals.campaign, arrivals.states, arrivals.deciding, today=arrivals.today
        ),
        cards=tuple(_card(state, arrivals, state.source in pulled, language) for state in used),
        unused=tuple(
            text(
                "feeds.sources.unused",
                language,
                source=state.name.of(language),
                state=text(f"feeds.state.{state.state}", language),
            )
            for state in arrivals.states
            if not _is_used(state) and state.kind != PUBLISHED
        ),
    )


def _is_used(state: FeedState) -> bool:
    """Whether figures come in under its name; a publication is no feed."""
    if state.kind == PUBLISHED:
        return False
    return state.newest is not None or state.last_good is not None or state.state not in ("off", "by_hand")


def _card(state: FeedState, arrivals: Arrivals, is_pulled: bool, language: str) -> SourceCard:
    decided = _decided(state, arrivals)
    rehearses = state.kind == REHEARSED
    facts = [_newest(state, language), _answered(state, arrivals.now, language)]
    if rehearses and state.state != "off":
        facts.append(text("feeds.sources.rehearses", language))
    elif state.next_at is not None:
        facts.append(feeds_sentences.next_time(state, arrivals.now, language))
    shown = "stale" if state.state in ("fresh", "by_hand") and state.is_stale else state.state
    trouble = ""
    if state.failures and state.failure is not None:
        trouble = failure_sentence(state.failure, state.failure_terms or {}, language)
    return SourceCard(
        key=state.source,
        name=state.name.of(language),
        state=shown,
        state_words=text(f"feeds.state.{shown}", language),
        governs=text("feeds.sources.governs", language, units=formats.whole(decided, language)) if decided else "",
        facts=tuple(fact for fact in facts if fact),
        trouble=trouble,
        is_pulled=is_pulled and state.state not in ("off", "by_hand"),
        moves_rehearsal=rehearses,
    )


def _decided(state: FeedState, arrivals: Arrivals) -> int:
    """For how many units it decides the indicator on which it decides most."""
    return max((units.get(state.source, 0) for units in arrivals.deciding.values()), default=0)


def _newest(state: FeedState, language: str) -> str:
    if state.newest is None:
        return text("feeds.sources.no_figure", language)
    return text("feeds.sources.newest", language, day=formats.day(state.newest, language))


def _answered(state: FeedState, now: datetime, language: str) -> str:
    if state.last_good is None:
        return ""
    return text(
        "feeds.sources.answered",
        language,
        at=formats.moment(state.last_good, language),
        age=feeds_sentences.age(state.last_good, now, language),
    )


# --- the calendar ---------------------------------------------------------------------------------------------------


def calendar_view(
    campaign: Campaign, days: Sequence[SourceDay], *, days_off: Collection[date], screen: Screen, language: str
) -> CalendarView:
    """The calendar of the days given; `days_off` are weekends and holidays among them."""
    names = {source.key: source.name.of(language) for source in campaign.sources}
    legend = tuple((state, text(f"feeds.day.{state}", language)) for state in LEGEND)
    rows: dict[str, list[SourceDay]] = {}
    for day in days:
        rows.setdefault(day.source, []).append(day)
    # A source of which nothing is to be said on any of the days needs no row.
    rows = {source: told for source, told in rows.items() if any(day.state != "unasked" for day in told)}
    if not rows:
        return CalendarView(None, "", legend, (text("feeds.calendar.none", language),), "", screen)
    columns = [day.day for day in next(iter(rows.values()))]
    return CalendarView(
        chart=feeds_charts.calendar(
            [(names[source], [_cell(day, language) for day in of_source]) for source, of_source in rows.items()],
            [_head(day, days_off, language) for day in columns],
            language,
        ),
        spoken=" ".join(_spoken(names[source], of_source, language) for source, of_source in rows.items()),
        legend=legend,
        notes=tuple(
            note
            for source, of_source in rows.items()
            for state in ("missing", "lost")
            if (note := _note(names[source], state, of_source, language))
        ),
        span=text(
            "feeds.calendar.span",
            language,
            first=formats.day(columns[0], language),
            last=formats.day(columns[-1], language),
        ),
        screen=screen,
    )


def mark_of(day: SourceDay) -> str:
    """The one mark a day gets: how it came says more than that it was corrected later."""
    if not day.units:
        return day.state
    if day.is_late:
        return "late"
    if day.state == "partial":
        return "partial"
    return "revised" if day.revised else "complete"


def _cell(day: SourceDay, language: str) -> Cell:
    facts = [
        (text("feeds.fact.day", language), formats.day(day.day, language)),
        (text("feeds.fact.state", language), _state_words(day, language)),
    ]
    if day.expected:
        told = text(
            "feeds.fact.told",
            language,
            units=formats.whole(day.units, language),
            expected=formats.whole(day.expected, language),
        )
        facts.append((text("feeds.fact.units", language), told))
    facts.append((text("feeds.fact.revised", language), formats.whole(day.revised, language)))
    if day.compared:
        facts.append((text("feeds.fact.compared", language), formats.whole(day.compared, language)))
    came = "–" if day.arrived_at is None else formats.moment(day.arrived_at, language)
    facts.append((text("feeds.fact.arrived", language), came))
    return Cell(
        mark=mark_of(day),
        share=day.units / day.expected if day.expected else 0.0,
        units=formats.whole(day.units, language) if day.units else "",
        is_revised=day.revised > 0,
        facts=tuple(facts),
    )


def _state_words(day: SourceDay, language: str) -> str:
    said = [text(f"feeds.day.{mark_of(day)}", language)]
    if day.units and day.state == "partial" and day.is_late:
        said.append(text("feeds.day.partial", language))
    if day.failures:
        said.append(text("feeds.fact.failures", language, count=formats.whole(day.failures, language)))
    return " · ".join(said)


def _head(day: date, days_off: Collection[date], language: str) -> DayHead:
    weekday = LOCALES[language]["time"]["shortDays"][(day.weekday() + 1) % 7]
    return DayHead(label=f"{weekday} {day.day}", short_label=str(day.day), is_rest=day in days_off)


def _spoken(name: str, days: Sequence[SourceDay], language: str) -> str:
    counts: Mapping[str, int] = {mark: sum(mark_of(day) == mark for day in days) for mark in LEGEND}
    said = ", ".join(
        text(
            "feeds.calendar.count",
            language,
            state=text(f"feeds.day.{mark}", language),
            days=formats.whole(count, language),
        )
        for mark, count in counts.items()
        if count
    )
    return text("feeds.calendar.spoken", language, source=name, days=said or text("feeds.day.unasked", language))


def _note(name: str, state: str, days: Sequence[SourceDay], language: str) -> str:
    found = [day.day for day in days if day.state == state]
    if not found:
        return ""
    named = ", ".join(formats.short_day(day, language) for day in found[:MOST_NAMED])
    if len(found) > MOST_NAMED:
        rest = formats.whole(len(found) - MOST_NAMED, language)
        named = text("feeds.calendar.and_more", language, days=named, count=rest)
    return text(f"feeds.calendar.{state}", language, source=name, days=named)
