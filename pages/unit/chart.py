"""The one large chart of a unit's page: the indicator chosen, day by day up to its milestone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobs.wording.results import standing_of
from models.analysis.courses import Course, Courses, course_of
from models.core import formats
from models.core.texts import text
from pages.charts.course import ONE, Plot, Tick, course_chart, scale_of, up_to
from pages.charts.layout import PROJECTION_GLYPH, TRAJECTORY_GLYPH
from pages.charts.marks import Spec
from pages.progress.view import plot_of
from pages.unit import sentences
from pages.unit.data import UnitAnswers
from pages.unit.sentences import Fact
from targets.results import Result
from targets.values import Phase

FROM_ZERO = 20
"""Points: a scale that would begin no higher begins at zero."""


@dataclass(frozen=True)
class ChartView:
    """The chart with what is said under it, and all of it in words."""

    spec: Spec
    spoken: str
    legend: tuple[tuple[str, str], ...]
    """Glyph and meaning of what has no label of its own."""
    notes: tuple[str, ...]


def chart_of(
    row: Result, answers: UnitAnswers, phases: Sequence[Phase], facts: Sequence[Fact], language: str
) -> ChartView:
    """The course of one indicator. `phases` have the unit's own dates."""
    campaign, unit = answers.campaign, answers.profile.unit
    course = course_of(
        row,
        campaign=campaign,
        as_of=answers.as_of,
        phases=phases,
        days=tuple(day for day in answers.history if day.indicator == row.indicator),
        versions=[version for version in answers.versions if version.indicator == row.indicator],
    )
    courses = Courses(
        campaign=campaign, as_of=answers.as_of, unit=unit.code, level=unit.level, name=unit.name, phase=answers.phase,
        phases=tuple(phases), lines=(course,),
    )  # fmt: skip
    plot = _labelled(plot_of(course, courses, simulated=False, language=language), courses, language)
    due = answers.phase.due
    if due is not None:
        plot = up_to(plot, max(due, answers.as_of))
    bottom, top = scale_of([plot])
    bottom = 0 if bottom <= FROM_ZERO or plot.now is None else bottom
    return ChartView(
        spec=course_chart(plot, language, size=ONE, scale=(bottom, top)),
        spoken=_spoken(row, plot, courses, facts, language),
        legend=_legend(plot, language),
        notes=(*_later(course, courses, plot, language), *_cut(bottom, language)),
    )


def _labelled(plot: Plot, courses: Courses, language: str) -> Plot:
    """What stands beside the marks says what it is, so that no legend has to."""
    year, baseline, fan = courses.campaign.baseline_year, plot.baseline, plot.fan

    def named(tick: Tick) -> Tick:
        if tick.is_past or not tick.label:
            return tick
        return replace(tick, label=text("unit.chart.target", language, value=tick.label), brief=tick.label)

    return replace(
        plot,
        begun="" if baseline is None else text(
            "unit.chart.baseline", language, year=str(year), value=formats.target_percent(baseline.value, language)
        ),
        ticks=tuple(map(named, plot.ticks)),
        fan=None if fan is None else replace(
            fan, label=text("ahead.projection", language, value=fan.label), brief=fan.label
        ),
        dates=tuple((day, formats.short_day(day, language)) for day, _ in plot.dates),
    )  # fmt: skip


def _legend(plot: Plot, language: str) -> tuple[tuple[str, str], ...]:
    drawn = ((TRAJECTORY_GLYPH, "path", plot.path), (PROJECTION_GLYPH, "range", plot.fan))
    return tuple((glyph, text(f"unit.chart.{key}", language)) for glyph, key, is_drawn in drawn if is_drawn)


def _later(course: Course, courses: Courses, plot: Plot, language: str) -> tuple[str, ...]:
    """What is owed after the last day drawn."""
    return tuple(
        text(
            "unit.chart.later",
            language,
            milestone=sentences.named(courses.campaign.phase(later.phase), courses.campaign, language),
            date=formats.short_day(later.due, language),
            value=formats.target_percent(later.target, language),
        )
        for later in course.milestones
        if later.due > plot.last and later.target is not None
    )


def _cut(bottom: int, language: str) -> tuple[str, ...]:
    return (text("unit.chart.cut", language, value=formats.target_percent(bottom, language)),) if bottom else ()


def _spoken(row: Result, plot: Plot, courses: Courses, facts: Sequence[Fact], language: str) -> str:
    said = [f"{fact.label} {fact.strong} {fact.more}".strip() for fact in facts]
    if len(plot.runs) > 1:
        said.append(text("unit.chart.spoken_gap", language, count=len(plot.runs) - 1))
    return text(
        "unit.chart.spoken",
        language,
        name=courses.campaign.indicator(row.indicator).name.of(language),
        first=formats.day(plot.first, language),
        last=formats.day(plot.last, language),
        said="; ".join([*said, standing_of(row, language)]),
    )
