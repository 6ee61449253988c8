"""A course as charts draw it: the days told, the path owed, the targets, the band. One chart large, its marks named."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.wording import results as wording
from models.analysis.courses import Course, Courses
from models.core import formats
from models.core.texts import text
from models.units.queries import PastDay
from pages.charts.course import Fan, Plot, Point, Size, Tick, course_chart, scale_of, up_to
from pages.charts.layout import PROJECTION_GLYPH, TRAJECTORY_GLYPH
from pages.charts.marks import Spec
from pages.unit.sentences import named
from targets.periods import period_of
from targets.values import Campaign

KNOT_GLYPH = "◇"
FROM_ZERO = 20
"""Points: a scale that would begin no higher begins at zero."""


@dataclass(frozen=True)
class Large:
    """The one large chart of a page, up to the milestone of the phase shown."""

    plot: Plot
    spec: Spec
    legend: tuple[tuple[str, str], ...]
    """Glyph and meaning of what has no label of its own."""
    notes: tuple[str, ...]
    """What is owed later, and where the scale begins."""


def large(course: Course, courses: Courses, *, size: Size, simulated: bool, language: str) -> Large:
    """The chart of a course with its words; `simulated` marks it inside the picture."""
    plot = plot_of(course, courses, simulated=simulated, language=language)
    due = courses.phase.due
    if due is not None:
        plot = up_to(plot, max(due, courses.as_of))
    bottom, top = scale_of([plot])
    bottom = 0 if bottom <= FROM_ZERO or plot.now is None else bottom
    return Large(
        plot=plot,
        spec=course_chart(plot, language, size=size, scale=(bottom, top)),
        legend=_legend(plot, language),
        notes=(*_later(course, courses, plot, language), *_cut(bottom, language)),
    )


def plot_of(course: Course, courses: Courses, *, simulated: bool, language: str) -> Plot:
    """A course as a chart draws it. What stands beside the marks says what it is, so that no legend has to."""
    row, campaign = course.result, courses.campaign
    dues = tuple(milestone.due for milestone in course.milestones)
    first = campaign.baseline_day
    is_there = row.value is not None and row.reading_as_of is not None and row.standing != "no_cases"
    now = Point(row.reading_as_of, row.value) if is_there else None  # type: ignore[arg-type]
    return Plot(
        first=first,
        last=max([campaign.end, *dues, courses.as_of]),
        runs=runs(course.days, campaign=campaign, indicator=row.indicator, language=language),
        baseline=None if row.baseline is None else Point(first, row.baseline),
        path=course.path,
        knots=course.knots,
        ticks=_ticks(course, courses, language),
        changed=tuple(dict.fromkeys(change.day for change in course.changes)),
        now=now,
        standing=row.standing,
        figure=wording.figure(row, language),
        fan=_fan(course, now, language),
        dues=dues,
        dates=tuple((day, formats.short_day(day, language)) for day in dict.fromkeys([campaign.start, *dues])),
        mark=text("frame.simulated", language) if simulated else "",
        begun=""
        if row.baseline is None
        else text(
            "unit.chart.baseline",
            language,
            year=campaign.baseline_year,
            value=formats.target_percent(row.baseline, language),
        ),
    )


def runs(
    history: Sequence[PastDay], *, campaign: Campaign, indicator: str, language: str
) -> tuple[tuple[Point, ...], ...]:
    """The days of which a figure was told, in stretches: a new one begins where figures had gone stale in between, and
    with each accounting period, as a rate that starts anew has not fallen."""
    basis = campaign.indicator(indicator).basis
    found: list[list[Point]] = []
    period, is_open = None, False
    for past in history:
        if not past.is_fresh:
            is_open = False
        elif past.reading_as_of == past.day and past.value is not None:
            its = period_of(basis, past.day, campaign)[0]
            if not is_open or its != period:
                found.append([])
            period, is_open = its, True
            facts = (
                (text("unit.fact.day", language), formats.day(past.day, language)),
                (text("unit.fact.value", language), formats.percent(past.value, language)),
            )
            found[-1].append(Point(past.day, past.value, facts))
    return tuple(tuple(run) for run in found)


def _ticks(course: Course, courses: Courses, language: str) -> tuple[Tick, ...]:
    """Today's targets with their names, those of the past without, and what a target was before it changed."""
    due = {milestone.phase: milestone.due for milestone in course.milestones}
    ticks = [Tick(due[change.phase], change.before, "", is_past=True) for change in course.changes]
    for milestone in course.milestones:
        if milestone.target is None:
            continue
        value = formats.target_percent(milestone.target, language) if milestone.due >= courses.as_of else ""
        label = text("unit.chart.target", language, value=value) if value else ""
        ticks.append(Tick(milestone.due, milestone.target, label, brief=value))
    return tuple(ticks)


def _fan(course: Course, now: Point | None, language: str) -> Fan | None:
    """The band to the due date; none where nothing is projected, or the due date has passed."""
    row = course.result
    if now is None or row.due is None or row.projection is None or row.low is None or row.high is None:
        return None
    if row.due <= now.day or row.standing == "stale":
        return None
    brief = formats.percent(row.projection, language, target=row.target, lower_is_better=row.lower_is_better)
    label = text("ahead.projection", language, value=brief)
    return Fan(now.day, now.value, row.due, row.low, row.projection, row.high, label, brief)


def _legend(plot: Plot, language: str) -> tuple[tuple[str, str], ...]:
    drawn = (
        (TRAJECTORY_GLYPH, "path", plot.path), (KNOT_GLYPH, "knot", plot.knots), (PROJECTION_GLYPH, "range", plot.fan)
    )  # fmt: skip
    return tuple((glyph, text(f"unit.chart.{key}", language)) for glyph, key, is_drawn in drawn if is_drawn)


def _later(course: Course, courses: Courses, plot: Plot, language: str) -> tuple[str, ...]:
    """What is owed after the last day drawn."""
    return tuple(
        text(
            "unit.chart.later",
            language,
            milestone=named(courses.campaign.phase(later.phase), courses.campaign, language),
            date=formats.short_day(later.due, language),
            value=formats.target_percent(later.target, language),
        )
        for later in course.milestones
        if later.due > plot.last and later.target is not None
    )


def _cut(bottom: int, language: str) -> tuple[str, ...]:
    return (text("unit.chart.cut", language, value=formats.target_percent(bottom, language)),) if bottom else ()
