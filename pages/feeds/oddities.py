"""Figures that somebody should look at: those that stand out, and those that two sources tell differently."""

from collections.abc import Sequence
from urllib.parse import urlencode

from models.core import formats
from models.core.texts import text
from models.readings.disagreements import Difference
from models.readings.flagging import FlaggedReading
from pages.feeds.choices import Screen, screen_of
from pages.feeds.view import ListView, TableRow, columns_of, shown_of, source_name
from pages.unit.records import what_is_odd
from targets.values import PERCENT, Campaign

FLAGS, APART = 10, 10
"""Entries on one screen."""


def flags_view(
    campaign: Campaign, flags: Sequence[FlaggedReading], screen: Screen, query: str, language: str
) -> ListView:
    """Figures that stand out, newest first."""
    return ListView(
        title=text("feeds.flags.title", language),
        intro=text("feeds.flags.intro", language),
        columns=columns_of("flags", ("day", "unit", "indicator", "source", "kind"), language),
        rows=tuple(_flag_row(flag, campaign, query, language) for flag in flags),
        shown=shown_of("flags", screen, len(flags), language),
        screen=screen,
        spoken=text("feeds.flags.title", language),
    )


def _flag_row(flag: FlaggedReading, campaign: Campaign, query: str, language: str) -> TableRow:
    indicator = next((known for known in campaign.indicators if known.key == flag.indicator), None)
    return TableRow(
        cells=(
            formats.day(flag.as_of, language),
            flag.unit_name,
            _indicator_name(flag.indicator, campaign, language),
            source_name(flag.source, campaign, language),
            "–" if indicator is None else what_is_odd(flag.kind, flag.terms, indicator=indicator, language=language),
        ),
        link=_unit_link(flag.unit, flag.indicator, query),
        linked=1,
    )


def differences_view(
    campaign: Campaign, differences: Sequence[Difference], asked: int, query: str, language: str
) -> ListView:
    """Where two sources tell a unit differently."""
    screen = screen_of(asked, whole=len(differences), most=APART)
    rows = differences[screen.after : screen.after + APART]
    limit = text("points", language, number=formats.decimal(campaign.disagreement_points, language))
    return ListView(
        title=text("feeds.apart.title", language),
        intro=text("feeds.apart.intro", language, limit=limit),
        columns=columns_of("apart", ("day", "unit", "indicator", "governing", "other", "difference"), language),
        rows=tuple(_difference_row(row, campaign, query, language) for row in rows),
        shown=shown_of("apart", screen, len(rows), language),
        screen=screen,
        spoken=text("feeds.apart.title", language),
    )


def _difference_row(row: Difference, campaign: Campaign, query: str, language: str) -> TableRow:
    measure = next((known.measure for known in campaign.indicators if known.key == row.indicator), PERCENT)

    def reported(source: str, value: float) -> str:
        name = source_name(source, campaign, language)
        return text("feeds.apart.told", language, source=name, value=formats.figure(value, measure, language))

    points = formats.change(row.points, measure, language)
    return TableRow(
        cells=(
            formats.day(row.as_of, language),
            row.unit_name,
            _indicator_name(row.indicator, campaign, language),
            reported(row.governing, row.governing_value),
            reported(row.other, row.other_value),
            formats.in_full(points, measure, language),
        ),
        link=_unit_link(row.unit, row.indicator, query),
        linked=1,
    )


def _indicator_name(key: str, campaign: Campaign, language: str) -> str:
    return next((known.name.of(language) for known in campaign.indicators if known.key == key), key)


def _unit_link(unit: str, indicator: str, query: str) -> str:
    return f"/unit?{urlencode({'unit': unit, 'indicator': indicator})}{'&' if query else ''}{query}"
