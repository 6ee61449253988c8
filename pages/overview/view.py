"""View-models of the overview: finished to the last word, so that a rerun only hands them out."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from jobs.wording import prose, surveys
from jobs.wording import results as wording
from jobs.wording.results import proposed_note, word_of
from models.core import formats
from models.core.texts import text
from models.readings.disagreements import DisagreeingUnit
from models.results.attention import Attention, Focus, Pressed
from models.results.overview import Overview
from models.units.changes import UnitEvent
from pages.charts.marks import Spec
from pages.charts.stacks import MOST, Dot, stacks, units_of_a_dot
from pages.kit import sentences as kit_sentences
from pages.kit.markdown import WORST_FIRST
from pages.overview import sentences
from targets.findings import NOT_ARRIVED, Moved, movers
from targets.results import Result
from targets.values import Indicator, Level

DISAGREEING_NAMED = 3
"""Units with two sources that a sentence names before it only counts."""
MOVED_NAMED = 3
EVENTS_TOLD = 2


@dataclass(frozen=True)
class CardView:
    """One indicator of the province: its card, and what the page says of it where it is the chosen one."""

    row: Result
    name: str
    value: str
    standing_words: str
    short: str
    """ "thiếu 2,6"; empty where nothing is missing."""
    reason: str
    spoken: str
    """Of the bar."""
    headline: str
    milestone: str
    reason_in_full: str
    notes: tuple[str, ...]
    """What else must be known of the figure: the province's own beside it."""
    sources: str
    """Of which sources the figure is made, where they are several."""
    events: tuple[str, ...] = ()
    """Which units changed of late, and what it did to the figure."""


@dataclass(frozen=True)
class OverviewView:
    """The province's indicators, and what is said once for the whole page."""

    cards: tuple[CardView, ...]
    advice: str
    """Who can do what next; empty where nothing needs doing."""
    silent: tuple[str, str]
    """How many units have no fresh figure, and their names; empty where all have one."""
    disagreeing: str
    disagreeing_units: tuple[tuple[str, str], ...]
    """Code and name of the first of them."""
    foot: str


def overview_view(
    overview: Overview, disagreeing: Sequence[DisagreeingUnit], language: str, *, events: Sequence[UnitEvent] = ()
) -> OverviewView:
    """Everything the overview says of the province, in one language; `events` are the units' changes of late."""
    limit = formats.decimal(overview.campaign.disagreement_points, language)
    units, points = formats.whole(len(disagreeing), language), text("points", language, number=limit)
    return OverviewView(
        cards=tuple(
            _card(line, overview, events, language) for line in surveys.own_lines(overview.lines, overview.campaign)
        ),
        advice=kit_sentences.advice(overview, language),
        silent=sentences.silent(overview, language),
        disagreeing=text("overview.disagreeing", language, units=units, points=points) if disagreeing else "",
        disagreeing_units=tuple((unit.code, unit.name) for unit in disagreeing[:DISAGREEING_NAMED]),
        foot=proposed_note(overview.lines, language),
    )


def _card(line: Result, overview: Overview, events: Sequence[UnitEvent], language: str) -> CardView:
    campaign = overview.campaign
    indicator = campaign.indicator(line.indicator)
    mixed = wording.where_it_is_from(overview.mixed.get(line.indicator, {}), campaign, language)
    waits, units = line.indicator in overview.central_targets_missing, overview.in_sums.get(line.indicator)

    def reason(*, in_full: bool) -> str:
        return wording.reason(line, campaign, language, in_full=in_full, waits_for_centre=waits, units=units)

    return CardView(
        row=line,
        name=indicator.short_name.of(language),
        value=wording.figure_or_dash(line, language),
        standing_words=word_of(line, language),
        short=sentences.short_of(line, language),
        reason=reason(in_full=False),
        spoken=wording.bar_in_words(line, language),
        headline=sentences.headline(line, overview, language),
        milestone=sentences.milestone(line, overview, language),
        reason_in_full="" if line.standing == "stale" else reason(in_full=True),
        notes=kit_sentences.beside(line, overview, language),
        sources=formats.capitalised(mixed),
        events=kit_sentences.unit_events(events, indicator, language, most=EVENTS_TOLD),
    )


# --- the units on one indicator -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PressedView:
    """A unit to be pressed, as a row of a table; empty cells are not known."""

    row: Result
    name: str
    place: str
    value: str
    spoken: str
    points: str
    cases: str
    week: str
    needed: str
    cause: str
    is_confirmed: bool
    head: str


@dataclass(frozen=True)
class MoverView:
    """A unit that rose or fell, and by how many points."""

    code: str
    name: str
    place: str
    change: str


@dataclass(frozen=True)
class LevelView:
    """A level on the indicator: who is to be pressed, where all stand, who moved."""

    level: str
    name: str
    behind: int
    counts: Mapping[str, int]
    """By standing; they add up to the level's units."""
    pressed: tuple[PressedView, ...]
    empty: str
    """Why nobody is named; empty where somebody is."""
    external: tuple[tuple[str, str, str], ...]
    """Code, name and cause of those behind for causes outside them: not pressed."""
    small: str
    dots: Spec | None
    dots_title: str
    dots_note: str
    dots_spoken: str
    up: tuple[MoverView, ...]
    down: tuple[MoverView, ...]
    still: str
    """That nobody moved one way, or none at all; empty where some did both ways."""


@dataclass(frozen=True)
class FocusView:
    """Everybody on one indicator."""

    indicator: str
    counted: str
    """What its cases are called, to head a column."""
    by_share: bool
    """Whether a week and what is needed are told as shares of cases, not as points."""
    levels: tuple[LevelView, ...]
    first: str
    """The level that is shown unless another is chosen: the one that other units of the campaign stand below."""
    weeks: str
    about: Indicator

    def level(self, key: str | None) -> LevelView:
        """The level asked for, where there is such a one, else the first to be shown."""
        known = {level.level: level for level in self.levels}
        return known.get(key or "", known[self.first])


def focus_view(overview: Overview, indicator: str, focus: Focus, names: Mapping[str, str], language: str) -> FocusView:
    """The units on one indicator, in one language. `names`: of all units, by code."""
    known, campaign = overview.campaign.indicator(indicator), overview.campaign
    by_share = any(row.share_needed is not None for row in focus.rows)
    levels = {row.level: campaign.level(row.level) for row in focus.rows}
    of_unit = {row.unit: row.level for row in focus.rows}
    above = [of_unit[parent] for parent in focus.parents.values() if parent in of_unit]
    shown = [
        _level(levels[attention.level], attention, overview, known, focus, names, by_share=by_share, language=language)
        for attention in focus.attention
        if attention.level in levels
    ]
    counted = known.counted.of(language)
    return FocusView(
        indicator=indicator,
        counted=formats.capitalised(counted),
        by_share=by_share,
        levels=tuple(shown),
        first=next(iter(above), shown[0].level if shown else ""),
        weeks=sentences.weeks(focus, language),
        about=known,
    )


def _level(
    level: Level,
    attention: Attention,
    overview: Overview,
    indicator: Indicator,
    focus: Focus,
    names: Mapping[str, str],
    *,
    by_share: bool,
    language: str,
) -> LevelView:
    rows = [row for row in focus.rows if row.level == level.key]
    inside = {row.unit for row in focus.rows}

    def place(row: Result) -> str:
        """The unit above, where that is not the province."""
        parent = focus.parents.get(row.unit)
        return wording.bare_name(names[parent]) if parent in inside and parent in names else ""

    def moved(row: Result) -> MoverView:
        change = wording.change(row.week_change or 0, row, language)
        return MoverView(row.unit, wording.bare_name(row.name), place(row), change)

    found = movers(rows, campaign=overview.campaign, most=MOVED_NAMED)
    up, down = (
        tuple(moved(row) for row in way if formats.rounded_tenth(row.week_change or 0))
        for way in (found.up, found.down)
    )
    is_judged = any(row.gap is not None for row in rows)
    units, met = formats.whole(len(rows), language), sum(row.standing == "met" for row in rows)
    title = (
        text("dots.met", language, met=formats.whole(met, language), units=units)
        if any(row.standing in (*NOT_ARRIVED, "met") for row in rows)
        else text("dots.results", language, units=units)
    )
    each = formats.whole(units_of_a_dot(len(rows)), language) if len(rows) > MOST else ""
    mark = text("dots.several", language, units=each) if each else text("dots.one", language)
    note = wording.said("dots.away" if is_judged else "dots.percent", indicator, language, mark=mark)
    name = wording.without_office(level.name.of(language))
    dots = _dots(rows, place, language, is_judged=is_judged)
    return LevelView(
        level=level.key,
        name=formats.capitalised(name),
        behind=attention.behind,
        counts=Counter(row.standing for row in rows),
        pressed=tuple(_pressed(each, place(each.result), language, by_share=by_share) for each in attention.pressed),
        empty=sentences.nobody_named(attention, overview, rows, language),
        external=tuple(
            (each.result.unit, wording.bare_name(each.result.name), sentences.cause(each.cause, language))
            for each in attention.external
        ),
        small=sentences.small_volume(attention, overview, indicator, language),
        dots=stacks(dots, target=text("dots.target", language) if is_judged else "", language=language)
        if dots
        else None,
        dots_title=title,
        dots_note=note,
        dots_spoken=f"{title}. {note}",
        up=up,
        down=down,
        still=_still(found, rows, indicator, language, is_up=bool(up), is_down=bool(down)),
    )


def _still(
    found: Moved, rows: Sequence[Result], indicator: Indicator, language: str, *, is_up: bool, is_down: bool
) -> str:
    """Which way nobody moved, in words that hold for either direction; those too small to be named are set apart."""
    if is_up and is_down:
        return ""
    if all(row.week_change is None for row in rows):
        return text("movers.none", language)
    said = text(f"movers.{'none_worse' if is_up else 'none_better' if is_down else 'same'}", language)
    if found.small:
        count, counted = formats.whole(found.small, language), indicator.counted.of(language)
        said = text("movers.but_small", language, said=said, count=count, counted=counted)
    return prose.written(said)


def _pressed(pressed: Pressed, place: str, language: str, *, by_share: bool) -> PressedView:
    row = pressed.result
    is_known = row.value is not None and row.target is not None
    return PressedView(
        row=row,
        name=wording.bare_name(row.name),
        place=place,
        value=wording.figure_or_dash(row, language),
        spoken=f"{wording.bar_in_words(row, language)}, {wording.in_sentence(word_of(row, language))}",
        points=wording.number_missing(row, language) if is_known else "",
        cases="" if row.cases_missing is None else formats.whole(row.cases_missing, language),
        week=sentences.week(row, language, by_share=by_share),
        needed=sentences.needed(row, language, by_share=by_share),
        cause=sentences.cause(pressed.cause, language),
        is_confirmed=pressed.cause is not None and pressed.cause.is_confirmed,
        head=sentences.head(pressed.head),
    )


FURTHEST = 100.0
"""Points that a dot is away from the target at the most."""


def _dots(rows: Sequence[Result], place: Callable[[Result], str], language: str, *, is_judged: bool) -> list[Dot]:
    """Every unit with a figure, the worst at the bottom of its stack; without any target by their results alone."""
    dots = []
    for row in sorted(rows, key=lambda row: (WORST_FIRST.index(row.standing), row.points_short or 0)):
        away = row.value if not is_judged else None if row.points_short is None else -row.points_short
        if away is None or not (is_judged or row.measure.is_rate):
            continue
        # A count may be many times its target: what lies further away than the target is long stands at the end.
        away = min(max(away, -FURTHEST), FURTHEST)
        name = wording.bare_name(row.name)
        facts = (
            ("fact.unit", f"{name}, {above}" if (above := place(row)) else name),
            ("fact.now", wording.figure(row, language)),
            ("fact.target", wording.target_of(row, language)),
            ("fact.standing", word_of(row, language)),
        )
        dots.append(
            Dot(row.unit, row.standing, away, tuple((text(key, language), said) for key, said in facts if said))
        )
    return dots
