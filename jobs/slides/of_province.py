"""Slides on the province as a whole: where it stands, each indicator on its way, what is to be done."""

from collections.abc import Sequence
from datetime import date

from jobs.slides.meeting_data import MeetingData
from jobs.slides.values import Ahead, Course, Fact, Line, Lines, Roll, Slide, Tick
from jobs.wording import results as wording
from jobs.wording.results import best_of, how_much_is_known, share_of, standing_of, word_of
from models.core import formats
from models.core.clock import business_day
from models.core.texts import text
from models.meetings.agendas import INDICATOR, PROVINCE, TASKS
from models.meetings.frozen import FrozenTask
from targets.findings import is_short, may_be_lost
from targets.results import Result
from targets.values import Indicator

SHOWN_TASKS = 5


# --- where the province stands --------------------------------------------------------------------------------------


def province(meeting: MeetingData, language: str) -> Slide:
    """All indicators below each other, and how many targets are met."""
    lines = meeting.province
    return Slide(
        key=PROVINCE,
        title=text("slide.title.province", language),
        headline=_whole(meeting, lines, language),
        picture=Lines(tuple(line_of(row, meeting.indicator(row.indicator), language) for row in lines)),
        facts=_province_facts(meeting, language),
        unit=meeting.campaign.province,
    )


def _whole(meeting: MeetingData, lines: Sequence[Result], language: str) -> str:
    """How long until the milestone, how many targets are met, and what is furthest from its target."""
    phase = meeting.campaign.phase(meeting.frozen.head.phase)
    named = wording.milestone(phase, meeting.campaign, language)
    if phase.due is None:
        opening = text("slide.province.in_phase", language, milestone=named)
    else:
        days = (phase.due - meeting.as_of).days
        opening = text("slide.province.days", language, days=formats.whole(days, language), milestone=named)
    judged = [row for row in lines if row.target is not None]
    if not judged:
        return text("slide.province.no_targets", language, opening=opening)
    met = sum(row.standing == "met" for row in judged)
    said = text("slide.province.met", language, opening=opening, met=met, set=len(judged))
    worst = meeting.line(meeting.focus)
    if worst is None or not is_short(worst):
        return said
    name = wording.in_sentence(meeting.indicator(meeting.focus).name.of(language))
    points = wording.points_missing(worst, language)
    key, more = "headline.short", {}
    if worst.standing == "out_of_reach":
        key, more = "headline.out_of_reach", {"standing": wording.in_sentence(word_of(worst, language))}
    return f"{said}; {text(key, language, name=name, points=points, **more)}"


def line_of(row: Result, indicator: Indicator, language: str) -> Line:
    return Line(
        key=row.indicator,
        name=indicator.short_name.of(language),
        standing=row.standing,
        standing_words=standing_of(row, language),
        now=row.value,
        baseline=row.baseline,
        trajectory=row.trajectory,
        target=row.target,
        figure=wording.figure_or_dash(row, language),
        target_label=wording.target_of(row, language),
        missing=text("line.missing", language, points=wording.points_missing(row, language)) if is_short(row) else "",
    )


def _province_facts(meeting: MeetingData, language: str) -> tuple[Fact, ...]:
    silent, expected = reported(meeting)
    facts = [
        Fact(
            text(
                "slide.of",
                language,
                part=formats.whole(expected - len(silent), language),
                whole=formats.whole(expected, language),
            ),
            text("slide.province.reported", language),
        )
    ]
    worst = meeting.line(meeting.focus)
    if worst is not None and worst.share_needed is not None and worst.share_needed <= 100:
        facts.append(Fact(*share_of(worst, meeting.indicator(meeting.focus), worst.due or meeting.as_of, language)))
    late = [task for task in meeting.frozen.facts.to_do if is_late(task, _day(meeting))]
    if late:
        facts.append(Fact(formats.whole(len(late), language), text("slide.province.late_tasks", language)))
    return tuple(facts)


def reported(meeting: MeetingData) -> tuple[list[Result], int]:
    """The units without a fresh figure for any indicator, and how many units there are."""
    reported: dict[str, bool] = {}
    first: dict[str, Result] = {}
    for rows in meeting.by_indicator.values():
        for row in rows:
            first.setdefault(row.unit, row)
            reported[row.unit] = reported.get(row.unit, False) or row.coverage == 1
    return [first[unit] for unit, is_reported in reported.items() if not is_reported], len(reported)


# --- one indicator --------------------------------------------------------------------------------------------------


def indicator(meeting: MeetingData, key: str, language: str) -> Slide:
    """The province's way so far, the trajectory it should keep to, and where it is going."""
    known = meeting.indicator(key)
    row = meeting.line(key)
    return Slide(
        key=f"{INDICATOR}.{key}",
        title=text("slide.title.indicator", language, name=known.short_name.of(language)),
        headline=_finding(row, known, meeting, language),
        picture=None if row is None else _course(row, meeting, language),
        facts=() if row is None else _indicator_facts(row, known, meeting, language),
        unit=meeting.campaign.province,
        indicator=key,
    )


def _finding(row: Result | None, known: Indicator, meeting: MeetingData, language: str) -> str:
    name = known.name.of(language)
    if row is not None and row.is_thin:
        known_so_far = how_much_is_known(row, meeting.campaign, language)
        return text(
            "slide.indicator.thin", language, name=name, value=wording.figure_or_dash(row, language), known=known_so_far
        )
    if row is None or row.value is None or row.standing in ("insufficient", "no_cases"):
        return text("slide.indicator.unknown", language, name=name)
    terms = {"name": name, "value": wording.figure_or_dash(row, language)}
    if row.target is None:
        return text("slide.indicator.no_target", language, **terms)
    goal = {
        "target": wording.target_of(row, language),
        "milestone": wording.milestone_of(row, meeting.campaign, language),
    }
    if row.standing == "stale":
        day = wording.day_or_dash(row.reading_as_of, language)
        return text("slide.indicator.stale", language, date=day, **terms, target=goal["target"])
    if row.standing == "met":
        return text(
            "slide.indicator.met_keep" if may_be_lost(row) else "slide.indicator.met", language, **terms, **goal
        )
    points = wording.points_missing(row, language)
    if row.standing == "missed":
        return text("slide.indicator.missed", language, **terms, **goal, points=points)
    if row.standing == "out_of_reach":
        said, best = text("slide.indicator.out_of_reach", language, **terms, **goal), best_of(row, language)
        return text("standing_best", language, standing=said, best=best) if best else said
    standing = wording.in_sentence(standing_of(row, language))
    if row.projection is not None and row.due is not None:
        projected = formats.percent(row.projection, language, target=row.target)
        return text("slide.indicator.projected", language, **terms, **goal, standing=standing, projection=projected)
    return text("slide.indicator.short", language, **terms, **goal, standing=standing, points=points)


def _course(row: Result, meeting: MeetingData, language: str) -> Course:
    facts, campaign = meeting.frozen.facts, meeting.campaign
    history = tuple((each.day, each.value) for each in facts.history.get(row.indicator, ()))
    milestones = facts.milestones.get(row.indicator, ())
    ticks = tuple(
        Tick(
            each.due,
            each.target,
            text(
                "slide.indicator.tick",
                language,
                milestone=_capital(wording.milestone(campaign.phase(each.phase), campaign, language)),
                target=formats.target_percent(each.target, language),
            ),
        )
        for each in milestones
        if each.due is not None and each.target is not None
    )
    begins = ((campaign.baseline_day, row.baseline),) if row.baseline is not None else history[:1]
    ahead = None
    if row.projection is not None and row.due is not None and row.due > meeting.as_of:
        said = formats.percent(row.projection, language, target=row.target)
        label = text("ahead.projection", language, value=said)
        ahead = Ahead(row.due, row.projection, row.low, row.high, label)
    return Course(
        first=campaign.baseline_day,
        last=campaign.end,
        history=history,
        trajectory=(*begins, *((tick.day, tick.value) for tick in ticks)) if begins and ticks else (),
        ticks=ticks,
        ahead=ahead,
        standing=row.standing,
        figure=text(
            "reported.told",
            language,
            value=wording.figure_or_dash(row, language),
            date=formats.short_day(history[-1][0] if history else meeting.as_of, language),
        ),
    )


def _capital(words_of: str) -> str:
    return words_of[:1].upper() + words_of[1:]


def _indicator_facts(row: Result, known: Indicator, meeting: MeetingData, language: str) -> tuple[Fact, ...]:
    facts = []
    if is_short(row) and row.share_needed is not None:
        if row.share_needed <= 100:
            facts.append(Fact(*share_of(row, known, row.due or meeting.as_of, language)))
        elif row.attainable is not None:
            best = formats.percent(row.attainable, language, target=row.target)
            facts.append(Fact(best, text("slide.indicator.best", language)))
    elif row.week_value is not None:
        week = formats.percent(row.week_value, language)
        terms = {"counted": known.counted.of(language), "numerator": known.numerator.of(language)}
        facts.append(Fact(week, text("slide.indicator.week", language, **terms)))
    if row.cases_missing:
        facts.append(
            Fact(
                wording.cases(row.cases_missing, known, language),
                text(
                    "slide.indicator.cases",
                    language,
                    denominator=formats.whole(row.denominator or 0, language),
                    counted=wording.in_sentence(known.denominator.of(language)),
                ),
            )
        )
    named = meeting.missing_most(known.key)[:3]
    if named:
        causes = [meeting.frozen.facts.causes.get((each.unit, known.key)) for each in named]
        said = " · ".join(wording.cause_with_day(cause, language) for cause in causes)
        if not any(causes):
            said = text("slide.cause_none_of", language)
        facts.append(Fact(" · ".join(short_name(each.name) for each in named), said))
    return tuple(facts)


def short_name(name: str) -> str:
    """A unit's name without "UBND" in front of it: slides name several side by side."""
    return name.removeprefix("UBND ").removeprefix("huyện ").removeprefix("thị xã ").removeprefix("thành phố ")


# --- what is to be done ---------------------------------------------------------------------------------------------


def _day(meeting: MeetingData) -> date:
    """The day of the meeting: the one on which the figures were frozen."""
    return business_day(meeting.frozen.head.recorded_at)


def is_late(task: FrozenTask, day: date) -> bool:
    """Its day had passed when the figures were frozen."""
    return task.due is not None and task.due < day


def tasks(meeting: MeetingData, language: str) -> Slide:
    """What was carried into this meeting, overdue first, and how much this meeting has added."""
    day = _day(meeting)
    carried = meeting.frozen.facts.to_do
    late = [task for task in carried if is_late(task, day)]
    shown = sorted(carried, key=lambda task: task.due or date.max)[:SHOWN_TASKS]
    if not carried:
        headline = text("slide.tasks.none" if meeting.before else "slide.tasks.first", language)
    elif late:
        headline = text(
            "slide.tasks.late",
            language,
            late=formats.whole(len(late), language),
            count=formats.whole(len(carried), language),
        )
    else:
        headline = text("slide.tasks.on_time", language, count=formats.whole(len(carried), language))
    roll = Roll(
        heads=tuple(text(f"slide.tasks.column.{name}", language) for name in ("unit", "what", "who", "due", "state")),
        rows=tuple(
            (
                short_name(task.unit_name) or text("slide.tasks.everybody", language),
                task.what,
                task.who,
                wording.day_or_dash(task.due, language),
                text("slide.tasks.overdue", language)
                if is_late(task, day)
                else text(f"task.state.{task.state}", language),
            )
            for task in shown
        ),
        marks=tuple("missed" if is_late(task, day) else "" for task in shown),
    )
    facts = []
    if meeting.recorded:
        facts.append(Fact(formats.whole(len(meeting.recorded), language), text("slide.tasks.recorded", language)))
    if len(carried) > len(shown):
        more = formats.whole(len(carried) - len(shown), language)
        facts.append(Fact(more, text("slide.tasks.more", language)))
    return Slide(
        key=TASKS,
        title=text("slide.title.tasks", language),
        headline=headline,
        picture=roll if shown else None,
        facts=tuple(facts),
    )
