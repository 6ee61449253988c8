"""What the feeds page shows of sources, days, runs and units, finished to the last word: cards, calendar, lists."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from jobs.imports.problems import Notice, sentence
from jobs.imports.words import folded
from jobs.wording.results import unit_below
from jobs.wording.trail import reason_words
from models.core import formats
from models.core.texts import text, texts
from models.feeds.calendar import REHEARSED, SourceDay
from models.feeds.queries import RunRow
from models.feeds.states import FeedState
from models.feeds.words import failure_sentence, note_sentence
from models.readings.loads import KeptAnswer
from models.results.completeness import Completeness, UnitReport
from models.units.queries import Head
from pages.charts import calendar
from pages.charts.calendar import Cell, DayHead
from pages.charts.marks import Spec
from pages.feeds import sentences
from pages.feeds.choices import EVERYONE, FeedChoices, Screen, screen_of
from pages.feeds.sentences import Arrivals
from pages.kit.address import in_language
from targets.findings import REPORTINGS
from targets.values import PUBLISHED, Campaign

LEGEND = ("complete", "partial", "late", "revised", "missing", "lost", "waiting")
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
        headline=sentences.headline(arrivals, language),
        advice=sentences.advice(arrivals, language),
        is_well=not sentences.troubled(arrivals.campaign, arrivals.states, arrivals.deciding, today=arrivals.today),
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
        facts.append(sentences.next_time(state, arrivals.now, language))
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
        age=sentences.age(state.last_good, now, language),
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
    rows = {source: reported for source, reported in rows.items() if any(day.state != "unasked" for day in reported)}
    if not rows:
        return CalendarView(None, "", legend, (text("feeds.calendar.none", language),), "", screen)
    columns = [day.day for day in next(iter(rows.values()))]
    return CalendarView(
        chart=calendar.calendar(
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
        reported = text(
            "feeds.fact.told",
            language,
            units=formats.whole(day.units, language),
            expected=formats.whole(day.expected, language),
        )
        facts.append((text("feeds.fact.units", language), reported))
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
    return DayHead(
        label=f"{formats.weekday(day, language)} {day.day}", short_label=str(day.day), is_rest=day in days_off
    )


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


RUNS = 12
"""Runs on one screen."""
HASH_SHOWN = 12
KILOBYTE = 1024


@dataclass(frozen=True)
class TableRow:
    """A row of a table: its cells in words; `state` marks the cell `marked`, `link` leads from the cell `linked`."""

    cells: tuple[str, ...]
    state: str = ""
    marked: int = -1
    link: str = ""
    linked: int = -1


@dataclass(frozen=True)
class ListView:
    """One screen of a list."""

    title: str
    intro: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    shown: str
    """Which entries these are; where there are none, why."""
    screen: Screen
    spoken: str


# --- runs -----------------------------------------------------------------------------------------------------------


def runs_view(
    campaign: Campaign, loads: Sequence[RunRow], screen: Screen, query: Mapping[str, str], language: str
) -> ListView:
    """The last loads; `query` is the address that a link to one run starts from."""
    columns = (
        *("at", "source", "day", "status", "received", "accepted", "revised", "unchanged", "rejected"),
        *("attempts", "took", "said"),
    )
    return ListView(
        title=text("feeds.runs.title", language),
        intro=text("feeds.runs.intro", language),
        columns=columns_of("runs", columns, language),
        rows=tuple(_run_row(load, campaign, query, language) for load in loads),
        shown=shown_of("runs", screen, len(loads), language),
        screen=screen,
        spoken=text("feeds.runs.title", language),
    )


def _run_row(load: RunRow, campaign: Campaign, query: Mapping[str, str], language: str) -> TableRow:
    counts = (load.received, load.accepted, load.revised, load.unchanged, load.rejected, load.attempts)
    address = {name: value for name, value in query.items() if name != "run"} | {"run": str(load.id)}
    return TableRow(
        cells=(
            formats.moment(load.received_at, language),
            source_name(load.source, campaign, language),
            "–" if load.for_date is None else formats.day(load.for_date, language),
            text(f"feeds.status.{load.status}", language),
            *(formats.whole(count, language) for count in counts),
            sentences.took(load.seconds, language) or "–",
            _said(load, language),
        ),
        state=load.status,
        marked=3,
        link=f"/feeds?{urlencode(in_language(address, language))}",
        linked=0,
    )


def _said(load: RunRow, language: str) -> str:
    """Why it failed; else what was brought, where it was a file."""
    if load.failure is not None:
        return failure_sentence(load.failure, load.failure_terms, language)
    if load.withdraws is not None:
        reason = reason_words(load.reason or "–", language)
        return text("withdrawal.of", language, run=str(load.withdraws), reason=reason)
    return load.file_name or ""


def source_name(key: str | None, campaign: Campaign, language: str) -> str:
    """A source in words; one that the campaign's files no longer name by its key."""
    return next((source.name.of(language) for source in campaign.sources if source.key == key), key or "–")


def answers_view(load: RunRow, answers: Sequence[KeptAnswer], language: str) -> ListView:
    """The raw answers of one run, and what it noticed."""
    screen = screen_of(1, whole=len(answers), most=max(1, len(answers)))
    title = text("feeds.answers.title", language, run=formats.whole(load.id, language))
    return ListView(
        title=title,
        intro=" ".join(_notes(load, language)),
        columns=columns_of("answers", ("number", "address", "status", "size", "hash", "kept"), language),
        rows=tuple(
            TableRow(
                (
                    formats.whole(answer.position, language),
                    answer.address,
                    "–" if answer.status is None else str(answer.status),
                    text("feeds.answers.kilobytes", language, size=formats.decimal(answer.size / KILOBYTE, language)),
                    answer.sha256[:HASH_SHOWN],
                    answer.path or text("feeds.answers.gone", language),
                )
            )
            for answer in answers
        ),
        shown="" if answers else text("feeds.answers.none", language),
        screen=screen,
        spoken=title,
    )


def _notes(load: RunRow, language: str) -> list[str]:
    """What a run noticed: its own notes, and the warnings of the files' readers."""
    known = texts(language)
    notes = []
    for note in load.warnings:
        if f"pull.note.{note['code']}" in known:
            notes.append(note_sentence(note, language))
        elif f"warning.{note['code']}" in known:
            notes.append(warning_words(note, language))
    return notes


def warning_words(note: Mapping[str, object], language: str) -> str:
    """A warning of a file's reader as its run kept it."""
    return sentence(Notice("warning", str(note["code"]), note.get("terms") or {}), language, place=str(note["place"]))  # type: ignore[arg-type]


# --- what every list needs ------------------------------------------------------------------------------------------


def columns_of(table: str, names: Collection[str], language: str) -> tuple[str, ...]:
    return tuple(text(f"feeds.{table}.column.{name}", language) for name in names)


def shown_of(table: str, screen: Screen, rows: int, language: str) -> str:
    if not screen.whole:
        return text(f"feeds.{table}.none", language)
    return text(
        "feeds.shown",
        language,
        first=formats.whole(screen.after + 1, language),
        last=formats.whole(screen.after + rows, language),
        whole=formats.whole(screen.whole, language),
    )


UNITS = 20
"""Units on one screen."""


@dataclass(frozen=True)
class UnitsView:
    """Who has told and who has not, counted by level, and one screen of those looked for."""

    summary: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """Of each level: how many units are in which state (a state of FEED_MARKS and its words)."""
    levels: tuple[tuple[str, str], ...]
    states: tuple[tuple[str, str], ...]
    table: ListView


def units_view(campaign: Campaign, known: Completeness, choices: FeedChoices, query: str, language: str) -> UnitsView:
    """`query`: what a link to a unit carries on."""
    chosen = [unit for unit in known.units if _is_chosen(unit, choices)]
    chosen.sort(key=lambda unit: (REPORTINGS.index(unit.reporting), -unit.working_days))
    screen = screen_of(choices.page, whole=len(chosen), most=UNITS)
    rows = chosen[screen.after : screen.after + UNITS]
    title = _title(known, language)
    told = REPORTINGS if known.newest is not None else ("never",)
    return UnitsView(
        summary=_summary(campaign, known, language),
        levels=tuple((level.key, level.name.of(language)) for level in campaign.levels if level.group is not None),
        states=(("", title), *((state, _state(state, known, language)) for state in (EVERYONE, *told))),
        table=ListView(
            title=title,
            intro=text("feeds.units.intro", language),
            columns=columns_of("units", ("number", "unit", "state", "last", "days", "silent", "head"), language),
            rows=tuple(
                _unit_row(number, unit, campaign, known, query, language)
                for number, unit in enumerate(rows, start=screen.after + 1)
            ),
            shown=shown_of("units", screen, len(rows), language),
            screen=screen,
            spoken=title,
        ),
    )


def _is_chosen(unit: UnitReport, choices: FeedChoices) -> bool:
    if choices.level is not None and unit.level != choices.level:
        return False
    if choices.q:
        # Whoever looks for a unit wants to see it, whatever its state.
        known = folded(f"{unit.name} {unit.code}")
        is_there = all(word in known for word in folded(choices.q).split())
        return is_there and choices.show in (None, EVERYONE, unit.reporting)
    if choices.show is None:
        return unit.reporting != "told"
    return choices.show in (EVERYONE, unit.reporting)


def _summary(
    campaign: Campaign, known: Completeness, language: str
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    counted: dict[tuple[str, str], int] = {}
    for unit in known.units:
        key = unit.level, unit.reporting
        counted[key] = counted.get(key, 0) + 1
    return tuple(
        (
            level.group.of(language),
            tuple(
                (
                    state,
                    text(
                        "feeds.units.count",
                        language,
                        state=_state(state, known, language),
                        units=formats.whole(counted[level.key, state], language),
                    ),
                )
                for state in reversed(REPORTINGS)
                if (level.key, state) in counted
            ),
        )
        for level in campaign.levels
        if level.group is not None and any(key[0] == level.key for key in counted)
    )


def _title(known: Completeness, language: str) -> str:
    if known.newest is None:
        return text("feeds.units.title_none", language)
    return text("feeds.units.title", language, day=formats.short_day(known.newest, language))


def _state(state: str, known: Completeness, language: str, *, since: date | None = None) -> str:
    """How it is with units, in a word; of one that uses older figures since when, unless only some are older."""
    if state == "told" and known.newest is not None:
        return text("feeds.reporting.told", language, day=formats.short_day(known.newest, language))
    if state == "old" and since not in (None, known.newest):
        return text("feeds.reporting.old_since", language, day=formats.short_day(since, language))
    return text(f"feeds.reporting.{state}", language)


def _unit_row(
    number: int, unit: UnitReport, campaign: Campaign, known: Completeness, query: str, language: str
) -> TableRow:
    name = unit.name
    if unit.parent_name is not None:
        name = unit_below(name, unit.parent_name, language)
    silent = [indicator.short_name.of(language) for indicator in campaign.indicators if indicator.key in unit.silent]
    everything = len(silent) == len(campaign.indicators)
    return TableRow(
        cells=(
            formats.whole(number, language),
            name,
            _state(unit.reporting, known, language, since=unit.last),
            "–" if unit.last is None else formats.day(unit.last, language),
            formats.whole(unit.working_days, language),
            text("feeds.units.all_indicators", language) if everything else ", ".join(silent) or "–",
            head_words(unit.head, language),
        ),
        state=unit.reporting,
        marked=2,
        link=f"/unit?{urlencode({'unit': unit.code})}{'&' if query else ''}{query}",
        linked=1,
    )


def head_words(head: Head, language: str) -> str:
    """Who answers for a unit and how to reach them; said where nobody is entered."""
    named = " ".join(part for part in (head.title, head.name) if part)
    if not named and not head.phone:
        return text("feeds.units.no_head", language)
    return " · ".join(part for part in (named, head.phone) if part)
