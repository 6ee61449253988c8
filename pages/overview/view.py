"""View-models of the overview: finished to the last word, so that a rerun only hands them out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from jobs.documents.pictures import Drawing
from jobs.wording import results as wording
from jobs.wording.results import best_of, proposed_note, word_of
from models.core import formats
from models.core.texts import text
from models.readings.arrivals import SourceDay
from models.readings.disagreements import DisagreeingUnit
from models.results.attention import WEEK, Attention, Movers, Pressed, StandingChange
from models.results.gaps import StandingCount
from models.results.overview import Overview
from pages.charts import bars, marks
from pages.charts.layout import BASELINE_GLYPH, PROJECTION_GLYPH, TARGET_GLYPH, TRAJECTORY_GLYPH
from pages.charts.marks import LOCALES, Spec
from pages.kit import sentences as kit_sentences
from pages.kit.markdown import WORST_FIRST
from pages.overview import sentences
from targets.results import Result
from targets.values import Campaign, Indicator


@dataclass(frozen=True)
class ChangedUnit:
    """A unit and where it stood, where it stands, and why; its standing now for the mark."""

    code: str
    standing: str
    words: str
    reason: str


@dataclass(frozen=True)
class ChangesView:
    """A sentence, and for each direction its title, some units, and how many more there are."""

    said: str
    groups: tuple[tuple[str, tuple[ChangedUnit, ...], str], ...]


@dataclass(frozen=True)
class LineView:
    """One indicator of the overview."""

    indicator: str
    name: str
    chart: marks.Spec
    spoken: str
    findings: tuple[str, ...]
    standing: str
    standing_words: str

    @property
    def drawing(self) -> Drawing:
        """The line as a part of a picture to take away."""
        return Drawing(self.chart, " · ".join((self.name, *self.findings, self.standing_words)))


@dataclass(frozen=True)
class OverviewView:
    """The overview's header, its sentence and its lines."""

    title: str
    day: str
    coverage: str
    timeline: marks.Spec
    timeline_spoken: str
    headline: str
    advice: str
    """Who can do what next; empty where nothing needs doing."""
    lines_title: str
    legend: tuple[tuple[str, str], ...]
    """Glyph and meaning; the mark of today is not among them: its standing stands beside each line."""
    lines: tuple[LineView, ...]
    notes: tuple[str, ...]


def overview_view(overview: Overview, language: str) -> OverviewView:
    """Everything the overview shows, in one language."""
    milestones = [
        marks.Milestone(
            overview.campaign.day_number(phase.due),
            text(
                "timeline.milestone",
                language,
                name=phase.name.of(language),
                date=formats.short_day(phase.due, language),
            ),
        )
        for phase in overview.campaign.phases
        if phase.due is not None
    ]
    day = kit_sentences.day_of_campaign(overview.campaign, overview.as_of, language)
    return OverviewView(
        title=overview.campaign.short_title.of(language),
        day=day,
        coverage=kit_sentences.coverage(overview, language),
        timeline=marks.timeline(
            days=overview.campaign.days,
            today=overview.day_number,
            start_label=formats.short_day(overview.campaign.start, language),
            milestones=milestones,
            language=language,
        ),
        timeline_spoken=text(
            "timeline.spoken",
            language,
            now=day,
            start=formats.day(overview.campaign.start, language),
            milestones=", ".join(milestone.label for milestone in milestones),
        ),
        headline=kit_sentences.headline(overview, language),
        advice=kit_sentences.advice(overview, language),
        lines_title=text("overview.lines", language),
        legend=_legend(overview, language),
        lines=tuple(_line_view(line, overview, language) for line in overview.lines),
        notes=_notes(overview, language),
    )


def _line_view(line: Result, overview: Overview, language: str) -> LineView:
    bullet = marks.Bullet(
        standing=line.standing,
        now=line.value,
        baseline=line.baseline,
        trajectory=line.trajectory,
        target=line.target,
        figure=wording.figure(line, language),
        target_label=wording.target_of(line, language),
        facts=kit_sentences.facts(line, overview, language),
        projection=line.projection if wording.projected(line, language) else None,
    )
    return LineView(
        indicator=line.indicator,
        name=overview.campaign.indicator(line.indicator).name.of(language),
        chart=marks.bullet(bullet, language),
        spoken=kit_sentences.spoken(line, overview, language),
        findings=kit_sentences.findings(line, overview, language),
        standing=line.standing,
        standing_words=word_of(line, language),
    )


def _legend(overview: Overview, language: str) -> tuple[tuple[str, str], ...]:
    named = wording.milestone(overview.phase, overview.campaign, language)
    return (
        (BASELINE_GLYPH, text("overview.baseline", language, year=overview.campaign.baseline_year)),
        (TRAJECTORY_GLYPH, text("overview.trajectory", language)),
        (TARGET_GLYPH, text("overview.target", language, milestone=named)),
        *(
            [(PROJECTION_GLYPH, text("ahead.legend", language))]
            if any(wording.projected(line, language) for line in overview.lines)
            else []
        ),
    )


def _notes(overview: Overview, language: str) -> tuple[str, ...]:
    judged = kit_sentences.judged_by(overview.lines, overview.campaign, language)
    return tuple(note for note in (judged, proposed_note(overview.lines, language)) if note)


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
    name = wording.in_sentence(known.name.of(language))
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
        weeks=sentences.weeks(movers, language),
        up=tuple(_mover(row, known, language) for row in movers.up),
        down=tuple(_mover(row, known, language) for row in movers.down),
        movers_empty="" if movers.up or movers.down else text("movers.none", language),
        movers_note=sentences.unranked(movers, overview, known, language),
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
            for standing in WORST_FIRST
            if units.get(standing)
        )
        name = level.name.of(language)
        title = text("standings.level", language, level=name, units=formats.whole(sum(units.values()), language))
        segments = [
            bars.Segment(part.standing, part.units, ((part.words, formats.whole(part.units, language)),))
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
                chart=bars.standings_bar(segments, language),
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
        small=sentences.small_volume(attention, overview, indicator, language),
        empty=""
        if named or attention.small
        else text("attention.few_targets", language)
        if attention.behind
        else sentences.nobody_behind(overview, [count.standing for count in counts], language),
    )


def _behind(attention: Attention, none: int, language: str) -> str:
    """ "13/17 chậm", of the units that have a target; how many have none is said beside it."""
    units = formats.whole(attention.held, language)
    said = text("attention.behind", language, behind=formats.whole(attention.behind, language), units=units)
    return text("attention.without", language, behind=said, none=formats.whole(none, language)) if none else said


def _unit(pressed: Pressed, indicator: Indicator, language: str) -> UnitView:
    row = pressed.result
    details = (
        sentences.own_part(pressed, language),
        sentences.pace(row, language),
        sentences.cause(pressed.cause, language),
        sentences.head(pressed.head, language),
    )
    return UnitView(
        code=row.unit,
        name=row.name,
        standing=row.standing,
        standing_words=best_of(row, language) or word_of(row, language),
        shortfall=sentences.shortfall(row, indicator, language),
        details=tuple(part for part in details if part),
    )


def _mover(row: Result, indicator: Indicator, language: str) -> MoverView:
    return MoverView(
        change=formats.signed(row.week_change or 0, language),
        name=row.name,
        figures=sentences.moved(row, indicator, language),
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
        rows.append((name, [_reported(day, overview, days_off, language) for day in of_source]))
        spoken.append(_spoken(name, of_source, language))
        reported = [day.day for day in of_source if day.units]
        missing = [day.day for day in of_source if _is_missing(day, overview, days_off)]
        after = [day for day in missing if reported and day > reported[-1]]
        since = after[0] if after and after[-1] == missing[-1] and overview.as_of not in reported else None
        notes.append(sentences.gaps_of_source(name, missing, reported[-1] if reported else None, since, language))
    limit = formats.decimal(overview.campaign.disagreement_points, language)
    return FreshnessView(
        chart=bars.freshness(rows, language) if rows else None,
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


def _reported(day: SourceDay, overview: Overview, days_off: Collection[date], language: str) -> bars.ReportedDay:
    weekday = LOCALES[language]["time"]["shortDays"][(day.day.weekday() + 1) % 7]
    is_day_off = day.day in days_off
    is_holiday = is_day_off and day.day.weekday() < 5
    kind = text("freshness.holiday", language) if is_holiday else weekday
    return bars.ReportedDay(
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


CHANGES_NAMED = 8
"""Units named in each direction, those with most cases; the rest are counted."""
DIRECTIONS = (("down", -1), ("up", 1), ("other", 0))


def changes_view(changes: Sequence[StandingChange], *, since: date, campaign: Campaign, language: str) -> ChangesView:
    """The changes of the units on one indicator; the province is none of them."""
    when = formats.short_day(since, language)
    units = [change for change in changes if campaign.level(change.now.level).group is not None]
    if not units:
        return ChangesView(text("ahead.changes.none", language, date=when), ())
    said, groups = [], []
    for key, direction in DIRECTIONS:
        of_direction = [change for change in units if change.direction == direction]
        of_direction.sort(key=lambda change: -(change.now.denominator or 0))
        rest = len(of_direction) - CHANGES_NAMED
        more = text("ahead.changes.more", language, count=formats.whole(rest, language)) if rest > 0 else ""
        if of_direction:
            units_changed = formats.whole(len(of_direction), language)
            said.append(text(f"ahead.changes.count_{key}", language, count=units_changed))
            named = tuple(_changed(change, language) for change in of_direction[:CHANGES_NAMED])
            groups.append((text(f"ahead.changes.{key}", language), named, more))
    return ChangesView(text("ahead.changes.some", language, date=when, counts=", ".join(said)), tuple(groups))


def _changed(change: StandingChange, language: str) -> ChangedUnit:
    words = text(
        "ahead.changes.row",
        language,
        name=change.now.name,
        before=text(f"standing.{change.before.standing}", language),
        now=text(f"standing.{change.now.standing}", language),
    )
    return ChangedUnit(change.now.unit, change.now.standing, words, reason(change, language))


def reason(change: StandingChange, language: str) -> str:
    """ "kết quả thay đổi"."""
    return text(f"ahead.changes.{change.reason}", language)
