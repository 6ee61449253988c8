"""Slides on the province as a whole: what it is to reach, where it stands, each indicator on its way, what is to be
done."""

from collections.abc import Sequence
from datetime import date, timedelta

from jobs.slides.meeting_data import MeetingData
from jobs.slides.values import (
    Ahead,
    Course,
    Fact,
    Line,
    Lines,
    Marked,
    Roll,
    Slide,
    Tick,
    round_step,
    round_top,
)
from jobs.wording import milestones, reporting, surveys
from jobs.wording import results as wording
from jobs.wording.results import best_of, how_much_is_known, standing_of, word_of
from models.core import formats
from models.core.clock import business_day
from models.core.texts import text, text_of
from models.meetings.agendas import DECIDED, INDICATOR, MILESTONE, OPENING, PROVINCE, TASKS
from models.meetings.frozen import FrozenTask
from models.meetings.milestones import PhaseResult
from models.results.paths import corners_of, day_by_day
from models.tasks.queries import CONCLUSION
from targets.findings import furthest, is_short, may_be_lost
from targets.results import Result
from targets.values import Campaign, Indicator

SHOWN_TASKS = 8
LEGEND = ("met", "likely", "at_risk", "high_risk", "unlikely", "out_of_reach", "missed", "stale")
"""Standings that the opening slide explains where some unit has them, the best first."""
ROOM_AHEAD = 0.18
"""The share of the days up to the milestone that stays free after it: words about it stand there."""
CUT_ABOVE = 33
"""Percent: where all that is drawn lies higher, the vertical axis begins with the tens below it."""
LINE_SHARE = 0.075
"""The share of a chart's height that a line of words takes."""
LEAST_SPAN = 20
"""Points from bottom to top at the least: a change of one must not look like a leap."""


# --- what the campaign is to reach ----------------------------------------------------------------------------------


def opening(meeting: MeetingData, language: str) -> Slide:
    """The campaign and its day, the province's targets by phase, and what the marks of all slides mean."""
    campaign, day = meeting.campaign, meeting.campaign.day_number(meeting.as_of)
    lines = surveys.own_lines(meeting.province, campaign)
    headline = text(
        "slide.opening.headline",
        language,
        campaign=campaign.short_title.of(language),
        until=_until(meeting, language),
    )
    now = text("slide.column.now", language)
    if 1 <= day <= campaign.days:
        now = text("slide.opening.day", language, number=day, date=formats.short_day(meeting.as_of, language))
    heads = [text("slide.column.indicator", language), now]
    heads += [
        formats.capitalised(wording.milestone(phase, campaign, language))
        if phase.due is None
        else text(
            "slide.opening.due",
            language,
            milestone=formats.capitalised(wording.milestone(phase, campaign, language)),
            date=formats.short_day(phase.due, language),
        )
        for phase in campaign.phases
    ]
    used = {row.standing for row in meeting.rows}
    return Slide(
        key=OPENING,
        title=text("slide.title.opening", language),
        headline=headline,
        finding=headline,
        picture=Roll(
            heads=tuple(heads),
            rows=tuple(_to_reach(row, meeting, language) for row in lines),
            marks=tuple("" for _ in lines),
            numbers=tuple(range(1, len(heads))),
        ),
        legend=tuple(Marked(word, text(f"standing.{word}", language)) for word in LEGEND if word in used),
        below=(text("slide.opening.bar", language),),
        unit=campaign.province,
    )


def _to_reach(row: Result, meeting: MeetingData, language: str) -> tuple[str, ...]:
    """An indicator's name, figure and target of each phase; the star of what is proposed is the row's."""
    targets = {each.phase: each.target for each in meeting.frozen.facts.milestones.get(row.indicator, ())}
    said = []
    for phase in meeting.campaign.phases:
        target = targets.get(phase.key)
        value = "—" if target is None else wording.decided(target, row, language)
        is_proposed = target is not None and row.origin == "proposed"
        said.append(text("target.proposed", language, value=value) if is_proposed else value)
    return meeting.indicator(row.indicator).name.of(language), wording.figure_or_dash(row, language), *said


def _until(meeting: MeetingData, language: str) -> str:
    """ "còn 4 ngày đến mốc 50 ngày", within which phase it is, or that it has ended."""
    phase = meeting.campaign.phase(meeting.frozen.head.phase)
    named = wording.milestone(phase, meeting.campaign, language)
    if phase.due is None:
        return text("slide.province.in_phase", language, milestone=named)
    if phase.due < max(meeting.as_of, _day(meeting)):
        return text("slide.province.ended", language, milestone=named)
    days = formats.whole((phase.due - meeting.as_of).days, language)
    return text("slide.province.days", language, days=days, milestone=named)


# --- how a phase ended -----------------------------------------------------------------------------------------------


def milestone(result: PhaseResult, indicator: str, language: str) -> Slide:
    """How the phase ended by indicator and level; how many units met all, and who rose most on an indicator."""
    table, headline = milestones.table(result, language), milestones.headline(result, language)
    first, *others = milestones.told(result, indicator, language)
    return Slide(
        key=MILESTONE,
        title=text("slide.title.milestone", language),
        headline=headline,
        finding=headline,
        picture=table if table.rows else None,
        below=(first, *map(wording.in_sentence, others)),
        unit=result.campaign.province,
    )


# --- where the province stands --------------------------------------------------------------------------------------


def province(meeting: MeetingData, language: str) -> Slide:
    """All indicators below each other, and how many targets are met."""
    lines = meeting.province
    below = [reporting.who_told(meeting.told[0], language)]
    late = sum(task.is_overdue(_day(meeting)) for task in meeting.frozen.facts.carried)
    if late:
        below.append(text("slide.province.late_tasks", language, count=formats.whole(late, language)))
    in_full = wording.in_sentence(_whole(meeting, lines, language, in_full=True))
    return Slide(
        key=PROVINCE,
        title=text("slide.title.province", language, root=wording.root_word(meeting.campaign, language)),
        headline=_whole(meeting, lines, language),
        finding=f"{formats.capitalised(_until(meeting, language))}: {in_full}",
        picture=lines_of(lines, meeting.campaign, language),
        below=tuple(below),
        unit=meeting.campaign.province,
    )


def _whole(meeting: MeetingData, lines: Sequence[Result], language: str, *, in_full: bool = False) -> str:
    """How many targets are met, and how far the main indicator is from its own; another one where that is met."""
    judged = [row for row in lines if row.target is not None]
    if not judged:
        return text("slide.province.no_targets", language)
    if all(row.value is None for row in judged):
        return text("slide.province.unknown", language, set=len(judged))
    met = sum(row.standing == "met" for row in judged)
    said = text(
        "slide.province.met", language, root=meeting.campaign.root_level.name.of(language), met=met, set=len(judged)
    )
    main = meeting.line(meeting.campaign.main)
    row = main if main is not None and is_short(main) else furthest(lines)
    if row is None:
        return said
    known = meeting.indicator(row.indicator)
    name = wording.in_sentence((known.name if in_full else known.short_name).of(language))
    points = wording.points_missing(row, language)
    if in_full and row.standing == "out_of_reach":
        standing = wording.in_sentence(word_of(row, language))
        terms = {"said": said, "name": name, "points": points, "standing": standing}
        return wording.said("slide.province.out_of_reach", row, language, **terms)
    return wording.said("slide.province.furthest", row, language, said=said, name=name, points=points)


def lines_of(rows: Sequence[Result], campaign: Campaign, language: str) -> Lines:
    """A unit's indicators below each other."""
    indicator, now, bar, missing, standing = (
        text(f"slide.column.{name}", language) for name in ("indicator", "now", "bar", "missing", "standing")
    )
    return Lines(
        heads=(indicator, now, bar, missing, standing),
        rows=tuple(
            _line(row, campaign.indicator(row.indicator), campaign, language)
            for row in surveys.own_lines(rows, campaign)
        ),
    )


def _line(row: Result, indicator: Indicator, campaign: Campaign, language: str) -> Line:
    return Line(
        key=row.indicator,
        name=indicator.name.of(language),
        short_name=indicator.short_name.of(language),
        is_main=row.indicator == campaign.main,
        standing=row.standing,
        word=word_of(row, language),
        reason=wording.reason(row, campaign, language, waits_for_centre=indicator.rule.needs_central),
        in_full=standing_of(row, language),
        now=row.on_scale(row.value),
        trajectory=row.on_scale(row.trajectory),
        target=row.on_scale(row.target),
        figure=wording.figure_or_dash(row, language),
        points=bare_points(row, language),
        missing=wording.said("line.missing", row, language, points=wording.points_missing(row, language))
        if is_short(row)
        else "",
    )


def bare_points(row: Result, language: str) -> str:
    """Missing points for a column whose head says so; "—" where none are known to be missing."""
    if not is_short(row):
        return "—"
    return wording.number_missing(row, language)


NAMED = 3
"""Units that the slide of an indicator names: those that lack most."""


# --- one indicator --------------------------------------------------------------------------------------------------


def indicator(meeting: MeetingData, key: str, language: str) -> Slide:
    """The province's way so far, the trajectory it should keep to, and where it is going."""
    known, row = meeting.indicator(key), meeting.line(key)
    course = None if row is None else _course(row, meeting, language)
    about_picture: tuple[str, ...] = ()
    if course is not None and course.low and course.history:
        about_picture = (text("slide.indicator.cut", language, percent=wording.decided(course.low, known, language)),)
    below = [] if row is None else [*_said_beside(row, meeting, language), *_later(row, meeting, language)]
    if named := meeting.missing_most(key)[:NAMED]:
        names = ", ".join(short_name(each.name) for each in named)
        below.append(
            text_of("slide.indicator.missing_most", language, lower_is_better=known.lower_is_better, names=names)
        )
    return Slide(
        key=f"{INDICATOR}.{key}",
        title=text("slide.title.indicator", language, name=known.short_name.of(language)),
        headline=_headline(row, known, language),
        finding=_finding(row, known, meeting, language),
        picture=course,
        facts=() if row is None else _facts(row, known, language),
        below=tuple(below),
        about_picture=about_picture,
        unit=meeting.campaign.province,
        indicator=key,
    )


def _said_beside(row: Result, meeting: MeetingData, language: str) -> list[str]:
    """How a survey's votes are spread, what share of other cases it is too, and a percent that is not its counts'."""
    spread = surveys.spread(surveys.grades(row, meeting.rows, meeting.campaign), meeting.campaign, language)
    beside = surveys.beside(row, meeting.rows, meeting.campaign, language)
    return [said for said in (spread, beside, wording.told_otherwise(row, language)) if said]


def _headline(row: Result | None, known: Indicator, language: str) -> str:
    """One line: what is projected against the target where that is known, else where it stands."""
    name = known.short_name.of(language)

    def said(key: str, **terms: str) -> str:
        return text_of(f"slide.headline.{key}", language, lower_is_better=known.lower_is_better, name=name, **terms)

    if row is None or row.value is None or row.standing == "no_cases":
        return text("slide.indicator.unknown", language, name=name)
    value = wording.figure_or_dash(row, language)
    if row.standing == "insufficient":
        return said("thin", value=value)
    if row.target is None:
        return said("only_followed" if row.is_only_followed else "no_target", value=value)
    if row.standing == "stale":
        return said("stale", value=value, date=wording.day_or_dash(row.reading_as_of, language))
    target = wording.said("target.value", row, language, value=wording.decided(row.target, row, language))
    points = wording.points_missing(row, language)
    if row.standing == "met":
        return said("met_keep" if may_be_lost(row) else "met", value=value, target=target)
    if row.standing == "missed":
        return said("missed", value=value, target=target, points=points)
    if row.standing == "out_of_reach" and row.attainable is not None:
        return said(
            "best",
            best=wording.written(row.attainable, row, language, target=row.target),
            target=target,
        )
    going = wording.projected(row, language)
    if row.standing == "out_of_reach" or not going or row.due is None:
        return said("short", value=value, target=target, points=points)
    date = formats.short_day(row.due, language)
    short = wording.short_of(row.projection or 0, row.target, row)
    if not short:
        return said("arriving", date=date, projection=going, target=target)
    missing = wording.in_full(formats.amount(short, row.measure, language), row, language)
    return said("projected", date=date, projection=going, points=missing)


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
        key = "only_followed" if row.is_only_followed else "no_target"
        return text(f"slide.indicator.{key}", language, **terms)
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
        return wording.said("slide.indicator.missed", row, language, **terms, **goal, points=points)
    if row.standing == "out_of_reach":
        said, best = text("slide.indicator.out_of_reach", language, **terms, **goal), best_of(row, language)
        return text("standing_best", language, standing=said, best=best) if best else said
    standing = wording.in_sentence(standing_of(row, language))
    if row.projection is not None and row.due is not None:
        projected = wording.written(row.projection, row, language, target=row.target)
        return wording.said(
            "slide.indicator.projected", row, language, **terms, **goal, standing=standing, projection=projected
        )
    return wording.said("slide.indicator.short", row, language, **terms, **goal, standing=standing, points=points)


def _course(row: Result, meeting: MeetingData, language: str) -> Course:
    """From the baseline's day to the milestone that the row is judged by, with room for the words about it."""
    facts, campaign = meeting.frozen.facts, meeting.campaign
    first = campaign.baseline_day
    history = tuple((each.day, each.value) for each in facts.history.get(row.indicator, ()))
    milestones = [each for each in facts.milestones.get(row.indicator, ()) if each.target is not None]
    dated = [(each.due, each.target) for each in milestones if each.due is not None and each.target is not None]
    begins = ((first, row.baseline),) if row.baseline is not None else history[:1]
    until = max(row.due or meeting.as_of, meeting.as_of)
    last = until + timedelta(days=round((until - first).days * ROOM_AHEAD))
    due = [(day, target) for day, target in dated if day <= last]
    trajectory = corners_of(day_by_day([*begins, *due], campaign)) if begins and due else ()
    going = row.projection if row.due is not None and row.due > meeting.as_of else None
    drawn = [value for _, value in (*history, *trajectory, *due)]
    drawn = drawn if going is None else [*drawn, going]
    low, high = _span(drawn) if row.measure.is_rate else (0, round_top(drawn))

    def apart(own: float, other: float | None) -> float:
        """Where words about a value stand, away from those about another on the same day."""
        least = (high - low) * LINE_SHARE
        if other is None or abs(own - other) >= least:
            return own
        return (own + other) / 2 + (least / 2 if own >= other else -least / 2)

    ahead = None
    if going is not None and row.due is not None:
        said = wording.written(going, row, language, target=row.target)
        label = wording.said("ahead.projection", row, language, value=said)
        ahead = Ahead(row.due, going, row.low, row.high, label, apart(going, dict(due).get(row.due)))
    ticks = tuple(
        Tick(
            day,
            target,
            text("slide.indicator.tick", language, target=wording.decided(target, row, language)),
            apart(target, going if day == row.due else None),
        )
        for day, target in due
    )
    return Course(
        first=first,
        last=last,
        low=low,
        high=high,
        baseline=""
        if row.baseline is None or not trajectory
        else text(
            "slide.indicator.baseline",
            language,
            year=campaign.baseline_year,
            value=wording.written(row.baseline, row, language),
        ),
        history=history,
        trajectory=trajectory,
        ticks=ticks,
        ahead=ahead,
        standing=row.standing,
        figure=wording.figure_or_dash(row, language),
        step=None if row.measure.is_rate else round_step(high),
    )


def _span(values: Sequence[float]) -> tuple[int, int]:
    """Whole tens around what is drawn, from 0 unless all of it lies high."""
    least, most = min(values, default=0), max(values, default=100)
    low = int(least // 10 * 10) if least > CUT_ABOVE else 0
    high = min(100, int(-(-most // 10) * 10))
    while high - low < LEAST_SPAN:
        low, high = max(0, low - 10), min(100, high + 10)
    return low, high


def _later(row: Result, meeting: MeetingData, language: str) -> list[str]:
    """The targets that are due after the milestone of the row."""
    return [
        text(
            "slide.indicator.later",
            language,
            milestone=wording.milestone(meeting.campaign.phase(each.phase), meeting.campaign, language),
            target=wording.decided(each.target, row, language),
        )
        for each in meeting.frozen.facts.milestones.get(row.indicator, ())
        if each.target is not None and each.due is not None and row.due is not None and each.due > row.due
    ]


def _facts(row: Result, known: Indicator, language: str) -> tuple[Fact, ...]:
    """What is needed of the cases to come, what this week had, and how many are missing."""
    facts, counted = [], known.counted.of(language)
    needed = row.share_needed if is_short(row) else None

    def strong(share: str) -> str:
        return text("share.strong", language, share=share, counted=counted)

    if needed is not None and not wording.is_too_late(row):
        share = formats.share_needed(needed, language, lower_is_better=row.lower_is_better)
        facts.append(Fact(wording.said("slide.fact.needed", row, language), strong(share)))
    if row.week_value is not None:
        facts.append(Fact(text("slide.fact.week", language), strong(wording.share_had(row, language))))
    if row.cases_missing:
        missing = wording.cases(row.cases_missing, known, language)
        facts.append(Fact(wording.said("slide.fact.missing", row, language), missing))
    return tuple(facts)


def short_name(name: str) -> str:
    """A unit's name without "UBND" in front of it: slides name several side by side."""
    return name.removeprefix("UBND ").removeprefix("huyện ").removeprefix("thị xã ").removeprefix("thành phố ")


# --- what is to be done ---------------------------------------------------------------------------------------------


def _day(meeting: MeetingData) -> date:
    """The day of the meeting: the one on which the figures were frozen."""
    return business_day(meeting.frozen.head.recorded_at)


def decided(meeting: MeetingData, language: str) -> Slide:
    """What the meeting before concluded and gave, and where each of it stands; what is late comes first."""
    day, found = _day(meeting), meeting.frozen.facts.decided
    late, done = sum(task.is_overdue(day) for task in found), sum(task.state == "done" for task in found)
    shown = sorted(found, key=lambda task: (not task.is_overdue(day), task.due or date.max))[:SHOWN_TASKS]
    said = {"count": len(found), "done": done, "late": late}
    counts = {name: formats.whole(number, language) for name, number in said.items()}
    headline = text(f"slide.decided.{'some' if found else 'none'}", language, **(counts if found else {}))
    below = []
    if meeting.before is not None:
        day_before = formats.day(meeting.before.as_of, language)
        below.append(text("slide.decided.meeting", language, title=meeting.before.title, date=day_before))
    if len(found) > len(shown):
        below.append(text("slide.tasks.more", language, count=formats.whole(len(found) - len(shown), language)))
    return Slide(
        key=DECIDED,
        title=text("slide.title.decided", language),
        headline=headline,
        finding=headline,
        picture=_roll(shown, day, language) if shown else None,
        below=tuple(below),
    )


def _roll(tasks: Sequence[FrozenTask], day: date, language: str) -> Roll:
    """Tasks with their units, days and states."""

    def state(task: FrozenTask) -> str:
        if task.kind == CONCLUSION and task.state == "open":
            return text("tasks.conclusion", language)
        return text("slide.tasks.overdue" if task.is_overdue(day) else f"task.state.{task.state}", language)

    return Roll(
        heads=tuple(text(f"slide.tasks.column.{name}", language) for name in ("unit", "what", "who", "due", "state")),
        rows=tuple(
            (
                short_name(task.unit_name) or text("slide.tasks.everybody", language),
                task.what,
                task.who,
                wording.day_or_dash(task.due, language),
                state(task),
            )
            for task in tasks
        ),
        marks=tuple("missed" if task.is_overdue(day) else "met" if task.state == "done" else "" for task in tasks),
    )


def tasks(meeting: MeetingData, language: str) -> Slide:
    """What was carried into this meeting, overdue first, and how much this meeting has added."""
    day = _day(meeting)
    carried = meeting.frozen.facts.carried
    late = [task for task in carried if task.is_overdue(day)]
    ordered = sorted(carried, key=lambda task: task.due or date.max)
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
    first, *further = _roll(ordered, day, language).pages(SHOWN_TASKS)
    below = []
    if further:
        more = formats.whole(len(carried) - len(first.rows), language)
        below.append(text("slide.tasks.more", language, count=more))
    if meeting.recorded:
        count = formats.whole(len(meeting.recorded), language)
        below.append(text("slide.tasks.recorded", language, count=count))
    return Slide(
        key=TASKS,
        title=text("slide.title.tasks", language),
        headline=headline,
        finding=headline,
        picture=first if ordered else None,
        below=tuple(below),
        further=(*further, *(_recorded(meeting, language).pages(SHOWN_TASKS) if meeting.recorded else ())),
    )


def _recorded(meeting: MeetingData, language: str) -> Roll:
    """What this meeting has concluded and given out so far."""
    return Roll(
        heads=tuple(text(f"slide.tasks.column.{name}", language) for name in ("unit", "recorded", "who", "due")),
        rows=tuple(
            (
                short_name(task.unit_name) or text("slide.tasks.everybody", language),
                task.what,
                task.who,
                wording.day_or_dash(task.due, language),
            )
            for task in meeting.recorded
        ),
        marks=tuple("" for _ in meeting.recorded),
    )
