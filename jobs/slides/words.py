"""The words slides are made of: figures as they may be shown, milestones, causes, and what a unit still owes."""

from datetime import date

from jobs.slides.meeting_data import MeetingData
from models.core import formats
from models.core.texts import text
from models.results.standing import best_of, standing_of
from models.units.queries import StatedCause
from targets.findings import is_short
from targets.results import Result
from targets.values import Indicator, Phase

SETTLED = ("no_target", "no_cases", "insufficient", "stale")
"""Standings that say nothing of good or bad."""


def in_sentence(name: str) -> str:
    """A name inside a sentence: its first letter small, unless it begins with an abbreviation."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def figure(row: Result, language: str) -> str:
    """The figure as it may be shown: never up to the target, a bound as one; "—" where there is none."""
    if row.value is None:
        return "—"
    value = formats.percent(row.value, language, target=row.target)
    return text("figure.bound", language, value=value) if row.is_bound else value


def target_of(row: Result, language: str) -> str:
    """ "50%", with the mark that the foot explains where it is only proposed; empty where there is none."""
    if row.target is None:
        return ""
    value = formats.target_percent(row.target, language)
    return text("target.proposed", language, value=value) if row.origin == "proposed" else value


def points_missing(row: Result, language: str) -> str:
    """ "20,4 điểm phần trăm": what a reader works out from the two figures shown."""
    missing = formats.missing_points(row.value or 0, row.target or 0)
    return text("points", language, number=formats.decimal(missing, language))


def cases(number: int, indicator: Indicator, language: str) -> str:
    """ "831 hồ sơ", by the indicator's own name for its cases."""
    return text(
        "attention.cases", language, cases=formats.whole(number, language), counted=indicator.counted.of(language)
    )


def milestone(phase: Phase, meeting: MeetingData, language: str) -> str:
    """ "mốc 50 ngày", by the phase's own name."""
    if phase.due is None:
        return text("milestone.open_ended", language, name=in_sentence(phase.name.of(language)))
    return text("milestone.day", language, name=in_sentence(phase.name.of(language)))


def milestone_of(row: Result, meeting: MeetingData, language: str) -> str:
    """The milestone a row is judged by."""
    return milestone(meeting.campaign.phase(row.phase), meeting, language)


def cause_with_day(cause: StatedCause | None, language: str) -> str:
    """Why, what is done and until when; a cause that nobody stated is said to be missing."""
    if cause is None:
        return text("attention.cause_none", language)
    named = cause.text or text(f"attention_cause.{cause.category}", language)
    said = text("slide.cause_confirmed" if cause.is_confirmed else "attention.cause_stated", language, cause=named)
    if cause.due is None:
        return said
    return text("slide.cause_until", language, cause=said, date=formats.short_day(cause.due, language))


def day_or_dash(day: date | None, language: str) -> str:
    return "—" if day is None else formats.short_day(day, language)


def missing(row: Result, indicator: Indicator, language: str) -> str:
    """ "20,4 điểm phần trăm · 831 hồ sơ", and the best still to be had of what is out of reach.

    The standing where nothing is known to be missing.
    """
    if not is_short(row):
        return standing_of(row, language)
    return " · ".join(part for part in (owed(row, indicator, language), best_of(row, language)) if part)


def owed(row: Result, indicator: Indicator, language: str) -> str:
    """ "20,4 điểm phần trăm · 831 hồ sơ" of a row that is short of its target."""
    said = [points_missing(row, language)]
    if row.cases_missing:
        said.append(cases(row.cases_missing, indicator, language))
    return " · ".join(said)
