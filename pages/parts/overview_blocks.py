"""View-models of the overview's blocks: units on one indicator, who has to be pressed, who moved; and fresh figures."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from models import formats
from models.queries.arrivals import SourceDay
from models.queries.attention import Attention, Movers, Pressed
from models.queries.changes import WEEK, StandingChange
from models.queries.disagreements import DisagreeingUnit
from models.queries.groups import StandingCount
from models.queries.overview import Overview
from models.standing_words import standing_of
from models.texts import text
from pages.parts import overview_charts, overview_sentences, sentences
from pages.parts.change_views import ChangesView, changes_view
from pages.parts.charts import LOCALES, Spec
from targets.findings import NOT_ARRIVED
from targets.results import Result
from targets.values import STANDINGS, Indicator

WORST_FIRST = (*NOT_ARRIVED, "met")
ORDER = (*WORST_FIRST, *(standing for standing in STANDINGS if standing not in WORST_FIRST))
"""In bars and lists: the worst first, those that cannot be judged last."""
NAMED = 3
"""Units that a sentence names before it only counts."""


@dataclass(frozen=True)
class PartView:
    """The units of a level with one standing: a segment of its bar, and the link to their list."""

    standing: str
    words: str
    units: int


@dataclass(frozen=True)
class LevelView:
    """How the units of a level stand. The parts add up to its units."""

    level: str
    title: str
    chart: Spec
    spoken: str
    parts: tuple[PartView, ...]


@dataclass(frozen=True)
class UnitView:
    """A unit to be pressed, as lines of words."""

    code: str
    name: str
    standing: str
    standing_words: str
    shortfall: str
    details: tuple[str, ...]


@dataclass(frozen=True)
class PressedView:
    """A level's list: the units named, those behind for causes outside them, and what is only counted."""

    level: str
    title: str
    behind: str
    units: tuple[UnitView, ...]
    external: tuple[UnitView, ...]
    small: str
    empty: str
    """Why nobody is named; empty where somebody is."""


@dataclass(frozen=True)
class MoverView:
    """A unit that rose or fell: by how many points, who, and to what on how many cases."""

    change: str
    name: str
    figures: str


@dataclass(frozen=True)
class FocusView:
    """Everything about one indicator, below the province's line of it."""

    indicator: str
    standings_title: str
    levels: tuple[LevelView, ...]
    standings_empty: str
    attention_title: str
    pressed: tuple[PressedView, ...]
    movers_title: str
    weeks: str
    up: tuple[MoverView, ...]
    down: tuple[MoverView, ...]
    movers_empty: str
    movers_note: str
    changes: ChangesView | None = None
    """Whose standing changed; None in a phase that is not the running one."""


@dataclass(frozen=True)
class FreshnessView:
    """Which source told figures on which of the last days."""

    chart: Spec | None
    spoken: str
    notes: tuple[str, ...]
    disagreeing: str
    disagreeing_units: tuple[tuple[str, str], ...]
    """Code and name of the first of them."""


def focus_view(
    overview: Overview,
    indicator: str,
    *,
    counts: Sequence[StandingCount],
    attention: Sequence[Attention],
    movers: Movers,
    changes: Sequence[StandingChange] | None = None,
    language: str,
) -> FocusView:
    """The blocks on one indicator, in one language. `counts` may hold other indicators; they are left out."""
    known = overview.campaign.indicator(indicator)
    name = sentences.in_sentence(known.name.of(language))
    of_indicator = [count for count in counts if count.indicator == indicator]
    levels = _levels(overview, known, of_indicator, language)
    return FocusView(
        indicator=indicator,
        standings_title=text("standings.title", language, indicator=name),
        levels=levels,
        standings_empty="" if levels else text("standings.none", language),
        attention_title=text("attention.title", language, indicator=name),
        pressed=tuple(
            _pressed(part, overview, known, [count for count in of_indicator if count.level == part.level], language)
            for part in attention
            if any(count.level == part.level for count in of_indicator)
        ),
        movers_title=text("movers.title", language, indicator=name),
        weeks=overview_sentences.weeks(movers, language),
        up=tuple(_mover(row, known, language) for row in movers.up),
        down=tuple(_mover(row, known, language) for row in movers.down),
        movers_empty="" if movers.up or movers.down else text("movers.none", language),
        movers_note=overview_sentences.unranked(movers, overview, known, language),
        changes=None
        if changes is None
        else changes_view(changes, since=overview.as_of - WEEK, campaign=overview.campaign, language=language),
    )


def _levels(
    overview: Overview, indicator: Indicator, counts: Sequence[StandingCount], language: str
) -> tuple[LevelView, ...]:
    views = []
    for level in overview.campaign.levels:
        units = {count.standing: count.units for count in counts if count.level == level.key}
        if not units:
            continue
        parts = tuple(
            PartView(standing, text(f"standing.{standing}", language), units[standing])
            for standing in ORDER
            if units.get(standing)
        )
        name = level.name.of(language)
        title = text("standings.level", language, level=name, units=formats.whole(sum(units.values()), language))
        segments = [
            overview_charts.Segment(part.standing, part.units, ((part.words, formats.whole(part.units, language)),))
            for part in parts
        ]
        said = "; ".join(
            text("standings.part", language, standing=part.words, units=formats.whole(part.units, language))
            for part in parts
        )
        views.append(
            LevelView(
                level=level.key,
                title=title,
                chart=overview_charts.standings_bar(segments, language),
                spoken=f"{title}, {indicator.name.of(language)}: {said}.",
                parts=parts,
            )
        )
    return tuple(views)


def _pressed(
    attention: Attention, overview: Overview, indicator: Indicator, counts: Sequence[StandingCount], language: str
) -> PressedView:
    none = sum(count.units for count in counts if count.standing == "no_target")
    named = bool(attention.pressed or attention.external)
    return PressedView(
        level=attention.level,
        title=overview.campaign.level(attention.level).name.of(language),
        behind=_behind(attention, none, language) if attention.behind else "",
        units=tuple(_unit(pressed, indicator, language) for pressed in attention.pressed),
        external=tuple(_unit(pressed, indicator, language) for pressed in attention.external),
        small=overview_sentences.small_volume(attention, overview, indicator, language),
        empty=""
        if named or attention.small
        else text("attention.few_targets", language)
        if attention.behind
        else overview_sentences.nobody_behind(overview, [count.standing for count in counts], language),
    )


def _behind(attention: Attention, none: int, language: str) -> str:
    """ "13/17 chậm", of the units that have a target; how many have none is said beside it."""
    units = formats.whole(attention.held, language)
    said = text("attention.behind", language, behind=formats.whole(attention.behind, language), units=units)
    return text("attention.without", language, behind=said, none=formats.whole(none, language)) if none else said


def _unit(pressed: Pressed, indicator: Indicator, language: str) -> UnitView:
    row = pressed.result
    details = (
        overview_sentences.own_part(pressed, language),
        overview_sentences.pace(row, language),
        overview_sentences.cause(pressed.cause, language),
        overview_sentences.head(pressed.head, language),
    )
    return UnitView(
        code=row.unit,
        name=row.name,
        standing=row.standing,
        standing_words=standing_of(row, language),
        shortfall=overview_sentences.shortfall(row, indicator, language),
        details=tuple(part for part in details if part),
    )


def _mover(row: Result, indicator: Indicator, language: str) -> MoverView:
    return MoverView(
        change=formats.signed(row.week_change or 0, language),
        name=row.name,
        figures=overview_sentences.moved(row, indicator, language),
    )


def freshness_view(
    overview: Overview,
    days: Sequence[SourceDay],
    *,
    days_off: Collection[date],
    disagreeing: Sequence[DisagreeingUnit],
    language: str,
) -> FreshnessView:
    """The last days of each source. `days_off` are weekends and public holidays among them."""
    sources = {source.key: source.name.of(language) for source in overview.campaign.sources}
    rows, spoken, notes = [], [], []
    for key in dict.fromkeys(day.source for day in days):
        of_source = [day for day in days if day.source == key]
        name = sources.get(key, key)
        rows.append((name, [_told(day, overview, days_off, language) for day in of_source]))
        spoken.append(_spoken(name, of_source, language))
        told = [day.day for day in of_source if day.units]
        missing = [day.day for day in of_source if _is_missing(day, overview, days_off)]
        after = [day for day in missing if told and day > told[-1]]
        since = after[0] if after and after[-1] == missing[-1] and overview.as_of not in told else None
        notes.append(overview_sentences.gaps_of_source(name, missing, told[-1] if told else None, since, language))
    limit = formats.decimal(overview.campaign.disagreement_points, language)
    return FreshnessView(
        chart=overview_charts.freshness(rows, language) if rows else None,
        spoken=" ".join(spoken),
        notes=tuple(note for note in notes if note) if rows else (text("freshness.none", language),),
        disagreeing=text(
            "freshness.disagreeing",
            language,
            units=formats.whole(len(disagreeing), language),
            points=text("points", language, number=limit),
        )
        if disagreeing
        else "",
        disagreeing_units=tuple((unit.code, unit.name) for unit in disagreeing[:NAMED]),
    )


def _is_missing(day: SourceDay, overview: Overview, days_off: Collection[date]) -> bool:
    """Nothing told on a working day of the campaign; what was before it began was asked of nobody."""
    return not day.units and day.day not in days_off and day.day >= overview.campaign.start


def _told(day: SourceDay, overview: Overview, days_off: Collection[date], language: str) -> overview_charts.ToldDay:
    weekday = LOCALES[language]["time"]["shortDays"][(day.day.weekday() + 1) % 7]
    is_day_off = day.day in days_off
    is_holiday = is_day_off and day.day.weekday() < 5
    kind = text("freshness.holiday", language) if is_holiday else weekday
    return overview_charts.ToldDay(
        label=f"{kind} {formats.short_day(day.day, language)}",
        short_label=kind if is_day_off else str(day.day.day),
        figure=formats.whole(day.units, language) if day.units else "",
        is_day_off=is_day_off,
        is_missing=_is_missing(day, overview, days_off),
        facts=((formats.day(day.day, language), _figure(day, language)),),
    )


def _figure(day: SourceDay, language: str) -> str:
    if not day.units:
        return text("freshness.spoken_none", language)
    return text("freshness.units", language, units=formats.whole(day.units, language))


def _spoken(name: str, days: Sequence[SourceDay], language: str) -> str:
    said = ", ".join(
        text("freshness.day", language, date=formats.short_day(day.day, language), units=_figure(day, language))
        for day in days
    )
    return text("freshness.spoken", language, source=name, days=said)
