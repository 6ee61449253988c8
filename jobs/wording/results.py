"""A result in words: its figure, its standing and why, what is missing, what lies ahead, where it comes from."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from models.campaign.holidays import working_days
from models.core import formats
from models.core.columns import day_number, day_of
from models.core.texts import text, text_of, texts
from models.units.queries import StatedCause
from targets.findings import Beyond, is_short, may_be_lost
from targets.periods import counted_since, is_young
from targets.results import Result
from targets.standing.history import WEEK
from targets.values import MIRRORED, QUALIFIERS, Campaign, Indicator, Measure, Phase

SETTLED = ("no_target", "no_cases", "insufficient", "stale")
"""Standings that say nothing of good or bad."""
OF_THE_REST: Mapping[str | None, str | None] = {
    word: QUALIFIERS[rest] for word, rest in zip(QUALIFIERS, MIRRORED.tolist(), strict=True)
}
"""What is missing from "gần 80%" is more than what is missing from 80%."""


def said(key: str, of: Result | Indicator, language: str, **terms: str | int) -> str:
    """A text about a row or an indicator, in the words of its direction, and of a figure that is no rate."""
    if not of.measure.is_rate:
        known, ways = texts(language), (f"{key}_down_amount",) if of.lower_is_better else ()
        for of_kind in (*ways, f"{key}_amount"):
            if of_kind in known:
                return text(of_kind, language, **terms)
    return text_of(key, language, lower_is_better=of.lower_is_better, **terms)


def measured(of: Result | Indicator, language: str) -> str:
    """What differences are in: "điểm phần trăm", "hồ sơ", "ngày"."""
    if of.measure.kind == "count":
        return of.measure.counted.of(language)
    return text("measure.of_days" if of.measure.kind == "days" else "measure.of_points", language)


def moved(to_the_better: float, row: Result, language: str) -> str:
    """ "+3,5": a movement to the better as the figure itself shows it; "−3,5" where lower is better."""
    return change(-to_the_better if row.lower_is_better else to_the_better, row, language)


def change(value: float, of: Result | Indicator, language: str) -> str:
    """ "+3,5", "−120 hồ sơ": a change as the figure itself shows it."""
    return formats.change(value, of.measure, language)


def written(value: float, of: Result | Indicator, language: str, *, target: float | None = None) -> str:
    """ "47,4%", "12.345 hồ sơ", "7,5 ngày": a figure in what its indicator is measured in, never up to the target."""
    return formats.figure(value, of.measure, language, target=target, lower_is_better=of.lower_is_better)


def decided(value: float | Decimal, of: Result | Indicator, language: str) -> str:
    """ "50%", "825 thủ tục", "7 ngày": a figure as somebody decided it."""
    return formats.decided(value, of.measure, language)


def short_of(value: float, target: float, of: Result | Indicator) -> Decimal:
    """What is missing between two figures as they are shown; 0 where nothing is."""
    return formats.missing_points(value, target, lower_is_better=of.lower_is_better, measure=of.measure)


def in_full(number: str, of: Result | Indicator, language: str) -> str:
    """ "20,4 điểm phần trăm", "655 hồ sơ": a difference inside a sentence."""
    return formats.in_full(number, of.measure, language)


def in_sentence(name: str) -> str:
    """A name inside a sentence: its first letter small, unless it begins with an abbreviation."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def root_word(campaign: Campaign, language: str) -> str:
    """What kind of place the campaign is of, inside a sentence: "tỉnh", "huyện"."""
    return in_sentence(campaign.root_level.name.of(language))


OFFICES = re.compile(r"^UBND (?:(?:xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh) (?!\d))?")
"""How the name of a people's committee begins: with its place's kind too, unless only a number follows."""


def without_office(name: str) -> str:
    """ "xã Ia Ko" of "UBND xã Ia Ko"."""
    return name.removeprefix("UBND ")


def bare_name(name: str) -> str:
    """ "Ia Ko" of "UBND xã Ia Ko": where the level stands beside it."""
    return OFFICES.sub("", name)


def milestone(phase: Phase, campaign: Campaign, language: str) -> str:
    """ "mốc 50 ngày", by the phase's own name."""
    if phase.due is None:
        return text("milestone.open_ended", language, name=in_sentence(phase.name.of(language)))
    return text("milestone.day", language, name=in_sentence(phase.name.of(language)))


def figure(line: Result, language: str) -> str:
    """The figure as it may be shown: never up to the target, a bound with its own word; empty where there is none."""
    if line.value is None:
        return ""
    if line.is_bound:
        return bound(line.value, line.qualifier, line.measure, language, high=line.value_high, **limit(line))
    if line.measure.kind == "units" and line.has_counts:
        return adopted(line.numerator or 0, line.denominator or 0, line.measure, language)
    return written(line.value, line, language, target=line.target)


def limit(line: Result) -> dict[str, Any]:
    """What a figure must not be rounded onto: its target, from the side that is not there yet."""
    return {"target": line.target, "lower_is_better": line.lower_is_better}


def adopted(numerator: int, denominator: int, measure: Measure, language: str) -> str:
    """ "19/20 đơn vị"; of one unit whether it has it."""
    if denominator == 1:
        return text("figure.has" if numerator else "figure.has_not", language)
    numbers = {"numerator": formats.whole(numerator, language), "denominator": formats.whole(denominator, language)}
    return text("figure.units", language, **numbers, counted=measure.counted.of(language))


def figure_or_dash(row: Result, language: str) -> str:
    """The figure as it may be shown, for tables and slides: "—" where there is none."""
    return figure(row, language) or "—"


def told_otherwise(row: Result, language: str) -> str:
    """ "báo cáo ghi 7,01%" of a percent that is not that of its own counts; empty where they agree."""
    if row.stated is None:
        return ""
    return text("figure.told", language, value=formats.published_percent(Decimal(str(row.stated)), language))


def bound(
    value: float,
    qualifier: str | None,
    measure: Measure,
    language: str,
    *,
    high: float | None = None,
    target: float | None = None,
    lower_is_better: bool = False,
) -> str:
    """ "trên 80%", "gần 90%", "90–100%": the figure of a bound."""
    beside: dict[str, Any] = {"target": target, "lower_is_better": lower_is_better}
    low = formats.bound(value, measure, language, **beside)
    if high is not None:
        # What they are measured in stands once, behind both.
        bare = low.removesuffix(formats.suffix(measure, language))
        return text("figure.range", language, low=bare, high=formats.bound(high, measure, language, **beside))
    return bounded(low, qualifier, language)


def bounded(value: str, qualifier: str | None, language: str) -> str:
    """ "xấp xỉ 94%", "hơn 1.200"; "≈ 94%" where nothing more is known of a bound than that it is one."""
    return text(f"figure.{qualifier or 'bound'}", language, value=value)


def number_missing(row: Result, language: str) -> str:
    """ "20,4": points that a row is short of its target, or "655 hồ sơ"; of "gần 80%" it is more, and said so: "trên
    10,0"."""
    return _away(lambda value: short_of(value, row.target or 0, row), row, language, is_beyond=False)


def number_above(row: Result, language: str) -> str:
    """ "3,1": points beyond the target; of "trên 83,1%" more than that, and said so. Empty where it is at it."""

    def over(value: float) -> Decimal:
        away = formats.rounded(value, measure=row.measure) - formats.rounded(row.target or 0, measure=row.measure)
        return -away if row.lower_is_better else away

    return _away(over, row, language, is_beyond=True) if over(row.value or 0) > 0 else ""


def _away(distance: Callable[[float], Decimal], row: Result, language: str, *, is_beyond: bool) -> str:
    """A distance from the target, and which way a bound leaves it open."""
    number = formats.amount(distance(row.value or 0), row.measure, language)
    if row.value_high is not None:
        ends = sorted((distance(row.value or 0), distance(row.value_high)))
        low, high = (formats.amount(end, row.measure, language) for end in ends)
        return text("figure.range", language, low=low, high=high)
    # What is missing grows as the figure falls, or as it rises where lower is better.
    grows_with_it = is_beyond != row.lower_is_better
    return (
        bounded(number, row.qualifier if grows_with_it else OF_THE_REST[row.qualifier], language)
        if row.is_bound
        else number
    )


def at_target(row: Result, language: str) -> str:
    """ "đúng bằng chỉ tiêu"; of a bound no more than that it is no lower."""
    return said("line.reached_bound" if row.is_bound else "line.reached", row, language)


def target_of(line: Result, language: str) -> str:
    """ "50%", with the mark that the foot explains where it is only proposed; empty where there is none."""
    if line.target is None:
        return ""
    value = said("target.value", line, language, value=decided(line.target, line, language))
    return text("target.proposed", language, value=value) if line.origin == "proposed" else value


def bar_in_words(row: Result, language: str) -> str:
    """ "47,4%, chỉ tiêu 50%, lộ trình hôm nay 47,2%": a figure's bar for whoever listens."""
    parts = [figure(row, language) or text("line.no_reading", language)]
    if row.target is not None:
        parts.append(text("spoken.target", language, target=target_of(row, language)))
    if row.trajectory is not None:
        parts.append(text("spoken.trajectory", language, value=written(row.trajectory, row, language)))
    return ", ".join(parts)


def projection(row: Result, language: str) -> str:
    """ "ước đạt 48,4%", never rounded up to the target; empty on the due date itself and where nothing is projected."""
    value = projected(row, language)
    return said("ahead.projection", row, language, value=value) if value else ""


def projected(row: Result, language: str) -> str:
    """The projected figure alone."""
    if row.projection is None or not row.days_left:
        return ""
    return written(row.projection, row, language, target=row.target)


def pace(row: Result, language: str) -> str:
    """ "+3,5 điểm phần trăm/tuần"; empty where nobody knows."""
    if row.pace is None:
        return ""
    return text("ahead.per_week", language, points=in_full(moved(row.pace, row, language), row, language))


def needed(row: Result, language: str) -> str:
    """ "cần +4,3", or how many working days are left where that is less than a week: a weekly pace says nothing then.

    Empty where nothing more is needed, the target is out of reach, or the due date is open.
    """
    if not row.needed_pace or row.standing in ("missed", "out_of_reach"):
        return ""
    if row.days_left is not None and row.days_left < WEEK:
        return days_left(row.days_left, language)
    return text("ahead.needed", language, needed=moved(row.needed_pace, row, language))


def days_left(days: int, language: str) -> str:
    """ "còn 3 ngày làm việc"."""
    if days == 0:
        return text("ahead.due_today", language)
    return text("ahead.days_one", language) if days == 1 else text("ahead.days_many", language, days=days)


def facts_ahead(row: Result, language: str) -> list[tuple[str, str]]:
    """Label and value for tooltips, where they are known; values that are not stay empty."""
    due = "" if row.due is None else formats.short_day(row.due, language)
    asked = needed(row, language)
    return [
        (said("ahead.fact_pace", row, language), ", ".join(part for part in (pace(row, language), asked) if part)),
        (said("ahead.fact_projection", row, language, date=due), projected(row, language)),
    ]


def points_missing(row: Result, language: str) -> str:
    """ "20,4 điểm phần trăm": what a reader works out from the two figures shown."""
    return in_full(number_missing(row, language), row, language)


def cases(number: int, indicator: Indicator, language: str) -> str:
    """ "831 hồ sơ", by the indicator's own name for its cases."""
    return text(
        "attention.cases", language, cases=formats.whole(number, language), counted=indicator.counted.of(language)
    )


def milestone_of(row: Result, campaign: Campaign, language: str) -> str:
    """The milestone a row is judged by."""
    return milestone(campaign.phase(row.phase), campaign, language)


def count_alone(count: int, qualifier: str | None, indicator: Indicator, language: str) -> str:
    """ "mới có số lượng (hơn 1.200 hồ sơ), chưa có tỷ lệ"."""
    said = cases(count, indicator, language)
    return text("line.count_only", language, count=bounded(said, qualifier, language) if qualifier else said)


def cause_with_day(cause: StatedCause | None, language: str) -> str:
    """Why, what is done and until when; a cause that nobody stated is said to be missing."""
    if cause is None:
        return text("attention.cause_none", language)
    named = cause.text or text(f"attention_cause.{cause.category}", language)
    stated = text("slide.cause_confirmed" if cause.is_confirmed else "attention.cause_stated", language, cause=named)
    if cause.due is None:
        return stated
    return text("slide.cause_until", language, cause=stated, date=formats.short_day(cause.due, language))


def day_or_dash(day: date | None, language: str) -> str:
    return "—" if day is None else formats.short_day(day, language)


def missing(row: Result, indicator: Indicator, language: str) -> str:
    """ "20,4 điểm phần trăm · 831 hồ sơ", and the best still to be had of what is out of reach.

    The standing where nothing is known to be missing.
    """
    if not is_short(row):
        return standing_of(row, language)
    return " · ".join(part for part in (owed(row, indicator, language), best_of(row, language)) if part)


def owed(row: Result, indicator: Indicator, language: str, *, apart: str = " · ") -> str:
    """ "20,4 điểm phần trăm · 831 hồ sơ" of a row that is short of its target; papers put them `apart` otherwise."""
    parts = [said("owed.points", row, language, points=points_missing(row, language))]
    if row.cases_missing:
        parts.append(cases(row.cases_missing, indicator, language))
    return apart.join(parts)


def standing_of(row: Result, language: str) -> str:
    """ "Nguy cơ cao"; of a target that is met and may be lost again before its day: "Đã đạt, cần giữ".

    Out of reach is told with the best still to be had: "Không còn khả năng đạt, cao nhất còn có thể 95,6%".
    """
    word = word_of(row, language)
    best = best_of(row, language)
    return text("standing_best", language, standing=word, best=best) if best else word


def word_of(row: Result, language: str) -> str:
    """The standing alone, where the best still to be had stands beside it."""
    if row.is_only_followed and row.standing == "no_target":
        return text("standing_only_followed", language)
    return text("standing_keep" if may_be_lost(row) else f"standing.{row.standing}", language)


def best_of(row: Result, language: str) -> str:
    """ "cao nhất còn có thể 95,6%" of what is out of reach; empty of all else, and where nobody knows how much."""
    return _best(row, language) if row.standing == "out_of_reach" else ""


def _best(row: Result, language: str) -> str:
    if row.attainable is None:
        return ""
    return said(
        "best",
        row,
        language,
        value=written(row.attainable, row, language, target=row.target),
    )


def why_otherwise(row: Result, language: str) -> str:
    """Why a row on its path, or ahead of it, is still in doubt, or one behind it is likely; empty where they agree.

    "vượt lộ trình 2,1 điểm phần trăm nhưng ước đạt 49,0%": the first reason that is true.
    What is out of reach says why itself, by the best that can still be had.
    """
    if row.by != "probability" or row.ahead is None or row.value is None or row.target is None:
        return ""
    is_ahead = row.ahead >= 0
    if is_ahead == (row.standing == "likely"):
        return ""
    away = formats.amount(abs(row.ahead), row.measure, language)
    if away == formats.amount(0, row.measure, language):
        path = text("otherwise.on_path", language)
    else:
        points = in_full(away, row, language)
        path = said("otherwise.ahead" if is_ahead else "otherwise.behind", row, language, points=points)
    return text("otherwise.said", language, path=path, why=_reason(row, language))


def reason(
    row: Result,
    campaign: Campaign,
    language: str,
    *,
    in_full: bool = False,
    waits_for_centre: bool = False,
    units: tuple[int, int] | None = None,
) -> str:
    """The one thing that says most about why a row stands as it does, in a few words; empty where its standing does.

    Above the target by how much → the best still to be had → how far behind its trajectory → on it, and what is needed
    all the same. A standing that its trajectory does not explain is always told why.
    `in_full`: for a sentence, what is needed is told of every hundred cases, beside what this week had.
    `waits_for_centre`: its target follows the centre's, which is not known. `units`: of a thin sum, as
    `how_much_is_known` takes them.
    """
    if row.target is None:
        return text("reason.centre", language) if waits_for_centre and not row.is_only_followed else ""
    if row.is_thin:
        return how_much_is_known(row, campaign, language, units=units)
    if row.value is None and row.numerator is not None and row.denominator is None:
        return count_alone(row.numerator, row.qualifier, campaign.indicator(row.indicator), language)
    if row.value is None or row.standing in ("no_cases", "missed"):
        return ""
    if row.standing == "stale":
        return text("reason.of_day", language, date=day_or_dash(row.reading_as_of, language))
    if not is_short(row):
        return _reached(row, language)
    is_capped = row.attainable is not None and not row.reaches(row.attainable, row.target) and not row.is_bound
    if row.standing == "out_of_reach" or is_capped:
        return _best(row, language)
    return _on_the_way(row, campaign.indicator(row.indicator), language, in_full=in_full)


def _reached(row: Result, language: str) -> str:
    """By how much a row is above its target, or why it is not met although no less than it."""
    if row.standing != "met":
        return text("line.bound", language)
    above = number_above(row, language)
    if not above:
        return at_target(row, language)
    return said("reason.above", row, language, points=formats.in_short(above, row.measure, language))


def _on_the_way(row: Result, indicator: Indicator, language: str, *, in_full: bool) -> str:
    """Behind or on the trajectory; and, where that does not explain the standing, what does."""
    away = formats.rounded(row.ahead or 0, measure=row.measure)
    path = text("reason.on_path", language) if row.ahead is not None else ""
    if away < 0:
        behind = formats.in_short(_behind(row, -away, language), row.measure, language)
        path = text("reason.behind", language, points=behind)
    more = "" if away < 0 and row.standing != "likely" else _asked(row, indicator, language, in_full=in_full)
    if path and more:
        return text("otherwise.said" if in_full else "reason.and", language, path=path, why=more)
    return path or more


def _behind(row: Result, points: Decimal, language: str) -> str:
    """ "8,9"; how far behind its trajectory a bound is depends on where in it the true figure lies."""
    most = formats.amount(points, row.measure, language)
    path = row.trajectory or 0.0
    if row.value_high is not None:
        least = (row.value or 0.0) - path if row.lower_is_better else path - row.value_high
        return text("figure.range", language, low=formats.amount(max(0.0, least), row.measure, language), high=most)
    qualifier = row.qualifier if row.lower_is_better else OF_THE_REST[row.qualifier]
    return bounded(most, qualifier, language) if row.is_bound else most


def _asked(row: Result, indicator: Indicator, language: str, *, in_full: bool) -> str:
    """What is needed of the cases to come, or a week, or what is projected: the first that goes the way of the
    standing."""
    is_likely, share, week = row.standing == "likely", row.share_needed, row.week_value
    if share and (week is None or row.reaches(week, share) == is_likely):
        if in_full and row.due is not None:
            return share_of(row, indicator, row.due, language)[1]
        needed = formats.share_needed(share, language, lower_is_better=row.lower_is_better)
        return said("reason.share", row, language, share=needed)
    if not is_likely and row.pace is not None and row.needed_pace and row.pace < row.needed_pace:
        return text("reason.pace", language, pace=moved(row.needed_pace, row, language))
    if row.projection is not None and row.reaches(row.projection, row.target or 0) == is_likely:
        return text(
            "ahead.projection",
            language,
            value=written(row.projection, row, language, target=row.target),
        )
    return text("otherwise.uneven", language) if row.by == "probability" else ""


def _reason(row: Result, language: str) -> str:
    """What a probability saw beside the path: the recent pace, this week's cases, else where the rate is going."""
    is_likely = row.standing == "likely"
    enough = "enough" if is_likely else "not_enough"
    if row.pace is not None and row.needed_pace and row.days_left and (row.pace >= row.needed_pace) == is_likely:
        missing = number_missing(row, language)
        return said(
            f"otherwise.pace_{enough}",
            row,
            language,
            pace=in_full(moved(row.pace, row, language), row, language),
            points=in_full(missing, row, language),
            days=row.days_left,
        )
    week, share = row.week_value, row.share_needed
    if week is not None and share is not None and row.reaches(week, share) == is_likely:
        return said(
            "otherwise.week",
            row,
            language,
            week=formats.percent(week, language),
            share=formats.share_needed(share, language, lower_is_better=row.lower_is_better),
        )
    if row.projection is not None and row.reaches(row.projection, row.target or 0) == is_likely:
        projected = written(row.projection, row, language, target=row.target)
        return said("otherwise.projection", row, language, projection=projected)
    return text("otherwise.uneven", language)


def share_of(row: Result, indicator: Indicator, due: date, language: str) -> tuple[str, str]:
    """ "71/100 hồ sơ", and in words: "cứ 100 hồ sơ từ nay đến 10/05 phải có 71 …; tuần này mới 58".

    Of what is still to come by `due`, how many must be right; of a row that has reached its target, how many keep it.
    """
    needed = row.share_needed or 0
    share = formats.share_needed(needed, language, lower_is_better=row.lower_is_better)
    counted = indicator.counted.of(language)
    terms = {"share": share, "counted": counted, "done": indicator.numerator.of(language)}
    key = "needed" if is_short(row) else "keep"
    sentence = said(f"share.{key}", row, language, date=formats.short_day(due, language), **terms)
    if key == "needed" and row.week_value is not None:
        week = formats.share_had(row.week_value, needed, language, lower_is_better=row.lower_is_better)
        is_enough = row.reaches(row.week_value, needed)
        sentence = said("share.week" if is_enough else "share.week_only", row, language, said=sentence, week=week)
    return text("share.strong", language, share=share, counted=counted), sentence


def share_had(row: Result, language: str) -> str:
    """Of every hundred cases of the week, how many were right, or wrong where lower is better."""
    unknown = 100.0 if row.lower_is_better else 0.0
    needed = unknown if row.share_needed is None else row.share_needed
    return formats.share_had(row.week_value or 0, needed, language, lower_is_better=row.lower_is_better)


def is_too_late(row: Result) -> bool:
    """Whether not even all cases to come would do."""
    return row.share_needed is not None and not 0 <= row.share_needed <= 100


def proposed_note(rows: Iterable[Result], language: str) -> str:
    """What the mark beside a target that is only proposed means, for the foot; empty where no row has such a target."""
    is_any = any(row.origin == "proposed" and row.target is not None for row in rows)
    return text("overview.proposed", language) if is_any else ""


def unit_below(name: str, parent: str, language: str) -> str:
    """ "UBND xã Ia Ko, huyện Chư Sê": four names of communes stand twice in a province."""
    return text("gaps.unit_of", language, name=name, parent=parent.removeprefix("UBND "))


def beyond_of(found: Beyond, campaign: Campaign, language: str) -> str:
    """What the office is told of a target that nearly all units cannot reach, and the level that most still can."""
    sentence = text(
        "beyond",
        language,
        indicator=campaign.indicator(found.indicator).name.of(language),
        out=formats.whole(found.out, language),
        judged=formats.whole(found.judged, language),
    )
    if found.level is None:
        return sentence
    return text(
        "beyond_level",
        language,
        said=sentence,
        level=written(found.level, campaign.indicator(found.indicator), language),
    )


def where_it_is_from(sources: Mapping[str, int], campaign: Campaign, language: str) -> str:
    """ "gộp từ nhiều nguồn: Hệ thống tỉnh 250 đơn vị, Tệp 1 đơn vị"; empty where one source told all units of a sum."""
    if len(sources) < 2:
        return ""
    current = (
        text(
            "mixed.source", language, source=campaign.source(key).name.of(language), units=formats.whole(many, language)
        )
        for key, many in sources.items()
    )
    return text("mixed.sources", language, sources=", ".join(current))


def how_much_is_known(row: Result, campaign: Campaign, language: str, *, units: tuple[int, int] | None = None) -> str:
    """ "mới có số liệu của 7 trên 257 đơn vị": what makes a row thin, its units or, where they are enough, their cases;
    or that its period has only begun.

    `units`: how many are in the sum, of how many; without them their share is told.
    """
    basis = campaign.indicator(row.indicator).basis
    if row.reading_as_of is not None:
        current = np.array([day_number(row.reading_as_of)], dtype=np.int64)
        if is_young(basis, current, campaign, working_days(campaign))[0]:
            since = day_of(int(counted_since(basis, current, campaign)[0]))
            return text("thin.young", language, date=formats.day(since, language))
    share = 100 * (row.coverage or 0)
    if share >= campaign.least_coverage:
        least = formats.target_percent(campaign.least_coverage, language)
        counted = campaign.indicator(row.indicator).counted.of(language)
        return text("thin.cases", language, least=least, counted=counted)
    if units is None:
        return text("thin.share", language, share=formats.percent(share, language))
    counted_units, expected = (formats.whole(number, language) for number in units)
    return text("thin.units", language, counted=counted_units, expected=expected)
