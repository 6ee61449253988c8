"""What the overview's blocks on one indicator say in words. Units are named with their cases, never by points alone."""

from collections.abc import Sequence
from datetime import date

from jobs.wording import results as wording
from models.core import formats
from models.core.texts import text
from models.results.attention import Attention, Movers, Pressed
from models.results.overview import Overview
from models.units.queries import Head, StatedCause
from pages.kit import sentences as kit_sentences
from targets.results import Result
from targets.standing.history import WEEK
from targets.values import Indicator


def chosen_indicator(overview: Overview, asked: str | None) -> str:
    """The indicator that the blocks are about: the one asked for, else the one that the sentence names.

    Where the sentence names none, the first with a target, else the first.
    """
    if asked is not None:
        return asked
    worst = kit_sentences.worst_line(overview)
    if worst is not None:
        return worst.indicator
    with_target = [line for line in overview.lines if line.target is not None]
    return (with_target or overview.lines)[0].indicator


# --- units to press -------------------------------------------------------------------------------------------------


def shortfall(row: Result, indicator: Indicator, language: str) -> str:
    """How much is missing, in points and in cases; empty where neither is known."""
    said = []
    if row.value is not None and row.target is not None:
        missing = formats.decimal(formats.missing_points(row.value, row.target), language)
        said.append(text("attention.missing", language, points=text("points", language, number=missing)))
    if row.cases_missing is not None:
        said.append(cases(row.cases_missing, indicator, language))
    return " · ".join(said)


def own_part(pressed: Pressed, language: str) -> str:
    """Of a unit that tells with those below it: how much is missing at its own counter and how much at theirs."""
    missing = pressed.result.cases_missing
    if pressed.own_missing is None or missing is None:
        return ""
    own = min(pressed.own_missing, missing)
    return text(
        "attention.own_part",
        language,
        own=formats.whole(own, language),
        below=formats.whole(missing - own, language),
    )


def cases(number: int, indicator: Indicator, language: str) -> str:
    """ "831 hồ sơ", by the indicator's own name for its cases."""
    return text(
        "attention.cases", language, cases=formats.whole(number, language), counted=indicator.counted.of(language)
    )


def pace(row: Result, language: str) -> str:
    """How much it rose this week and must rise a week from now on; nothing is asked for that is out of reach.

    With less than a week left it says how many working days there are: how much is missing stands beside it.
    """
    if row.needed_pace is None or row.standing == "out_of_reach":
        known = row.week_change
        return "" if known is None else text("attention.pace_only", language, change=formats.signed(known, language))
    if row.days_left is not None and row.days_left < WEEK:
        left = wording.days_left(row.days_left, language)
        change = row.week_change
        return (
            left
            if change is None
            else text("ahead.week_and", language, change=formats.signed(change, language), more=left)
        )
    needed = formats.signed(row.needed_pace, language)
    if row.week_change is None:
        return text("attention.pace_unknown_week", language, needed=needed)
    return text("attention.pace", language, change=formats.signed(row.week_change, language), needed=needed)


def cause(stated: StatedCause | None, language: str) -> str:
    """Why, and whether that is confirmed; a cause that nobody stated is said to be missing."""
    if stated is None:
        return text("attention.cause_none", language)
    named = stated.text or text(f"attention_cause.{stated.category}", language)
    if not stated.is_confirmed:
        return text("attention.cause_stated", language, cause=named)
    if stated.due is None:
        return text("attention.cause_confirmed", language, cause=named)
    due = formats.short_day(stated.due, language)
    return text("attention.cause_confirmed_until", language, cause=named, date=due)


def head(known: Head, language: str) -> str:
    """Who answers for the unit: name and phone where they are known, the title otherwise."""
    said = [part for part in (known.name or known.title, known.phone) if part]
    return " · ".join(said) or text("attention.head_unknown", language)


def small_volume(attention: Attention, overview: Overview, indicator: Indicator, language: str) -> str:
    """Units behind that are too small to be ranked: counted, not named; empty where there is none."""
    if not attention.small:
        return ""
    return _small("attention.small", attention.small, overview, indicator, language)


def _small(key: str, units: int, overview: Overview, indicator: Indicator, language: str) -> str:
    return text(
        key,
        language,
        units=formats.whole(units, language),
        limit=formats.whole(overview.campaign.small_volume_of(indicator.key), language),
        counted=indicator.counted.of(language),
    )


def nobody_behind(overview: Overview, rows: Sequence[str], language: str) -> str:
    """Why a level's list is empty; `rows` are the standings that its units have."""
    if overview.day_number < 1:
        return text("attention.not_begun", language)
    if rows and all(standing == "no_target" for standing in rows):
        return text("attention.none_targeted", language)
    if rows and all(standing in kit_sentences.UNCERTAIN for standing in rows):
        return text("attention.none_reported", language)
    return text("attention.none", language)


# --- against last week ----------------------------------------------------------------------------------------------


def weeks(movers: Movers, language: str) -> str:
    """How many working days the two weeks have: a holiday explains part of a change."""
    if movers.working_days == movers.working_days_before:
        return text("movers.days_equal", language, days=movers.working_days)
    return text("movers.days_unequal", language, days=movers.working_days, before=movers.working_days_before)


def moved(row: Result, indicator: Indicator, language: str) -> str:
    """Where a unit stands now and how many cases of the week that rests on.

    Of a stock that is worked off no cases arrive: there it says how many more are done.
    """
    now = wording.figure(row, language)
    if indicator.arriving and row.week_denominator is not None:
        of_week = cases(row.week_denominator, indicator, language)
        return text("movers.row", language, now=now, cases=of_week)
    if not indicator.arriving and row.week_numerator is not None and row.week_numerator > 0:
        gained = text(
            "movers.gained",
            language,
            cases=formats.whole(row.week_numerator, language),
            counted=indicator.counted.of(language),
        )
        return text("movers.row", language, now=now, cases=gained)
    return now


def unranked(movers: Movers, overview: Overview, indicator: Indicator, language: str) -> str:
    """Units too small to be ranked by a change; empty where there is none."""
    return _small("movers.small", movers.small, overview, indicator, language) if movers.small else ""


# --- where figures stopped ------------------------------------------------------------------------------------------


def gaps_of_source(
    name: str, missing: Sequence[date], last: date | None, silent_since: date | None, language: str
) -> str:
    """What is missing of a source on working days, in words; empty where nothing is.

    A source that told nothing up to the last day is said to have stopped; otherwise its gaps are named one by one.
    """
    if not missing:
        return ""
    if last is None:
        return text("freshness.silent", language, source=name)
    if silent_since is not None:
        return text("freshness.stopped", language, source=name, date=formats.short_day(silent_since, language))
    days = ", ".join(formats.short_day(day, language) for day in missing)
    return text("freshness.missing", language, source=name, days=days)
