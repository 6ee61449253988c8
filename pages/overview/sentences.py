"""What the overview says in words: of the province on one indicator, and in the cells of its tables."""

from jobs.wording import reporting
from jobs.wording import results as wording
from models.core import formats
from models.core.texts import text
from models.results.attention import Attention, Focus
from models.results.completeness import SilentUnit
from models.results.overview import Overview
from models.units.queries import Head, StatedCause
from pages.kit import sentences as kit_sentences
from targets.findings import Told, is_short
from targets.results import Result
from targets.standing.history import WEEK
from targets.values import Indicator


def headline(line: Result, overview: Overview, language: str) -> str:
    """ "Tỷ lệ hồ sơ trực tuyến đạt 47,4%, còn thiếu 2,6 điểm phần trăm (2.953 hồ sơ)"."""
    indicator = overview.campaign.indicator(line.indicator)
    name, value = indicator.name.of(language), wording.figure(line, language)
    more = kit_sentences.finding(line, overview, language)
    if is_short(line) and line.cases_missing and line.standing not in wording.SETTLED:
        missing = wording.cases(line.cases_missing, indicator, language)
        more = text("overview.with_cases", language, finding=more, cases=missing)
    if not value:
        return text("overview.headline_bare", language, name=name, finding=more)
    return wording.said("overview.headline", line, language, name=name, value=value, finding=more)


def milestone(line: Result, overview: Overview, language: str) -> str:
    """ "Còn 3 ngày đến mốc 50 ngày, chỉ tiêu 50%."."""
    begun = kit_sentences.opening(
        campaign=overview.campaign, phase=overview.phase, as_of=overview.as_of, language=language
    )
    target = wording.target_of(line, language)
    if not target:
        return text("overview.until", language, opening=begun)
    return text("overview.until_target", language, opening=begun, target=target)


def short_of(line: Result, language: str) -> str:
    """ "thiếu 2,6" beside the standing on a card; empty where nothing is known to be, or it cannot be made up for."""
    if not is_short(line) or line.standing in ("out_of_reach", *wording.SETTLED):
        return ""
    return wording.said("overview.short", line, language, number=wording.number_missing(line, language))


def silent(overview: Overview, language: str) -> tuple[str, str]:
    """ "8/257 đơn vị chưa có số liệu ngày 07/05:" and who they are; empty where all have some, or nobody has any.

    Who uses older figures is named with their day.
    """
    told = overview.told
    if told.day is None or not told.silent:
        return "", ""
    names = [_silent(unit, told, language) for unit in overview.silent] if told.told else []
    rest = told.silent - len(names)
    if names and rest > 0:
        names.append(text("overview.silent_more", language, count=formats.whole(rest, language)))
    return reporting.who_is_silent(told, language), ", ".join(names)


def _silent(unit: SilentUnit, told: Told, language: str) -> str:
    name = wording.without_office(unit.name)
    if unit.last in (None, told.day):
        return name
    return text("overview.silent_since", language, name=name, day=formats.short_day(unit.last, language))


# --- units to press -------------------------------------------------------------------------------------------------


def week(row: Result, language: str, *, by_share: bool) -> str:
    """What the week had: its own cases' share, or where cases do not arrive, how the rate changed."""
    if not by_share:
        return "" if row.week_change is None else wording.change(row.week_change, row, language)
    if row.week_value is None:
        return ""
    return f"{wording.share_had(row, language)}%"


def needed(row: Result, language: str, *, by_share: bool) -> str:
    """What is needed from now on; where no share is enough it says so, with less than a week left no pace does."""
    if row.standing == "out_of_reach" or (by_share and wording.is_too_late(row)):
        return text("pressed.too_late", language)
    if by_share:
        if not row.share_needed:
            return ""
        share = formats.share_needed(row.share_needed, language, lower_is_better=row.lower_is_better)
        return wording.said("share.percent", row, language, share=share)
    if not row.needed_pace or row.standing == "missed" or (row.days_left or 0) < WEEK:
        return ""
    return wording.moved(row.needed_pace, row, language)


def cause(stated: StatedCause | None, language: str) -> str:
    """Why, as the unit states it, and until when; empty where it has stated nothing."""
    if stated is None:
        return ""
    named = stated.text or text(f"attention_cause.{stated.category}", language)
    if stated.due is None or not stated.is_confirmed:
        return named
    return text("attention.cause_until", language, cause=named, date=formats.short_day(stated.due, language))


def head(known: Head) -> str:
    """Who answers for the unit, by name and phone; empty where only a title is known: it says nothing of who."""
    return " · ".join(part for part in (known.name, known.phone) if part) if known.name else ""


def small_volume(attention: Attention, overview: Overview, indicator: Indicator, language: str) -> str:
    """Units behind that are too small to be ranked: counted, not named; empty where there is none."""
    if not attention.small:
        return ""
    return text(
        "attention.small",
        language,
        units=formats.whole(attention.small, language),
        limit=formats.whole(overview.campaign.small_volume_of(indicator.key), language),
        counted=indicator.counted.of(language),
    )


def nobody_named(attention: Attention, overview: Overview, rows: list[Result], language: str) -> str:
    """Why a level names nobody; empty where it does, or says how many are too small."""
    if attention.pressed or attention.external or attention.small:
        return ""
    standings = [row.standing for row in rows]
    if attention.behind:
        return text("attention.few_targets", language)
    if overview.day_number < 1:
        return text("attention.not_begun", language)
    if standings and all(standing == "no_target" for standing in standings):
        return text("attention.none_targeted", language)
    if standings and all(standing in kit_sentences.UNCERTAIN for standing in standings):
        return text("attention.none_reported", language)
    return text("attention.none", language)


def weeks(focus: Focus, language: str) -> str:
    """How many working days the two weeks have where they differ: a holiday explains part of a change."""
    if focus.working_days == focus.working_days_before:
        return ""
    return text("movers.days_unequal", language, days=focus.working_days, before=focus.working_days_before)
