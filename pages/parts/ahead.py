"""What lies ahead of a row, in words: its pace, and where it is likely to be on its due date.

Leaders' pages get a figure and a sentence; intervals and probabilities stay on the page of progress.
"""

from collections.abc import Sequence

from models import formats
from models.texts import text
from targets.history import WEEK
from targets.results import Result
from targets.values import Campaign


def projection(row: Result, language: str) -> str:
    """ "ước đạt 48,4%", never rounded up to the target; empty on the due date itself and where nothing is projected."""
    value = projected(row, language)
    return text("ahead.projection", language, value=value) if value else ""


def projected(row: Result, language: str) -> str:
    """The projected figure alone."""
    if row.projection is None or not row.days_left:
        return ""
    return formats.percent(row.projection, language, target=row.target)


def pace(row: Result, language: str) -> str:
    """ "+3,5 điểm phần trăm/tuần"; empty where nobody knows."""
    if row.pace is None:
        return ""
    return text("ahead.per_week", language, points=formats.signed(row.pace, language))


def needed(row: Result, language: str) -> str:
    """ "cần +4,3", or how many working days are left where that is less than a week: a weekly pace says nothing then.

    Empty where nothing more is needed, the target is out of reach, or the due date is open.
    """
    if not row.needed_pace or row.standing in ("missed", "out_of_reach"):
        return ""
    if row.days_left is not None and row.days_left < WEEK:
        return days_left(row.days_left, language)
    return text("ahead.needed", language, needed=formats.signed(row.needed_pace, language))


def days_left(days: int, language: str) -> str:
    """ "còn 3 ngày làm việc"."""
    if days == 0:
        return text("ahead.due_today", language)
    return text("ahead.days_one", language) if days == 1 else text("ahead.days_many", language, days=days)


def facts(row: Result, language: str) -> list[tuple[str, str]]:
    """Label and value for tooltips, where they are known; values that are not stay empty."""
    due = "" if row.due is None else formats.short_day(row.due, language)
    asked = needed(row, language)
    return [
        (text("ahead.fact_pace", language), ", ".join(part for part in (pace(row, language), asked) if part)),
        (text("ahead.fact_projection", language, date=due), projected(row, language)),
    ]


def judged_by(rows: Sequence[Result], campaign: Campaign, language: str) -> str:
    """Which indicators are judged by gap bands instead of by where they are going; empty where none is."""
    by_gap = [row.indicator for row in rows if row.by == "gap"]
    if not by_gap:
        return ""
    if not any(row.by == "probability" for row in rows):
        return text("overview.by_gap", language)
    names = ", ".join(campaign.indicator(key).short_name.of(language) for key in dict.fromkeys(by_gap))
    return text("ahead.by_both", language, indicators=names)


def units_judged_by(rows: Sequence[Result], language: str) -> str:
    """The same of many units on one indicator."""
    by_gap = sum(row.by == "gap" for row in rows)
    if not any(row.by == "probability" for row in rows):
        return text("overview.by_gap", language) if by_gap else ""
    if not by_gap:
        return text("ahead.by_probability", language)
    return text("ahead.units_by_both", language, count=formats.whole(by_gap, language))
