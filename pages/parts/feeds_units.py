"""Who has told their figures and who has not: counted by level, and one screen of the units looked for."""

from dataclasses import dataclass
from urllib.parse import urlencode

from jobs.imports.words import folded
from models import formats
from models.queries.completeness import REPORTINGS, Completeness, UnitReport
from models.queries.heads import Head
from models.texts import text
from pages.parts.feeds_choices import EVERYONE, FeedChoices, screen_of
from pages.parts.feeds_lists import ListView, TableRow, columns_of, shown_of
from targets.values import Campaign

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
    title = text("feeds.units.title", language)
    return UnitsView(
        summary=_summary(campaign, known, language),
        levels=tuple((level.key, level.name.of(language)) for level in campaign.levels if level.group is not None),
        states=tuple((state, text(f"feeds.reporting.{state}", language)) for state in (EVERYONE, *REPORTINGS)),
        table=ListView(
            title=title,
            intro=text("feeds.units.intro", language),
            columns=columns_of("units", ("number", "unit", "state", "last", "days", "silent", "head"), language),
            rows=tuple(
                _unit_row(number, unit, campaign, query, language)
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
                        state=text(f"feeds.reporting.{state}", language),
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


def _unit_row(number: int, unit: UnitReport, campaign: Campaign, query: str, language: str) -> TableRow:
    name = unit.name
    if unit.parent_name is not None:
        name = text("gaps.unit_of", language, name=name, parent=unit.parent_name.removeprefix("UBND "))
    silent = [indicator.short_name.of(language) for indicator in campaign.indicators if indicator.key in unit.silent]
    everything = len(silent) == len(campaign.indicators)
    return TableRow(
        cells=(
            formats.whole(number, language),
            name,
            text(f"feeds.reporting.{unit.reporting}", language),
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
