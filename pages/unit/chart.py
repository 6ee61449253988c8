"""The one large chart of a unit's page: the indicator chosen, day by day up to its milestone."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.wording.results import standing_of
from models.analysis.courses import Courses, course_of
from models.core import formats
from models.core.texts import text
from pages.charts.course import ONE, Plot
from pages.charts.marks import Spec
from pages.progress.plots import large
from pages.unit.data import UnitAnswers
from pages.unit.sentences import Fact
from targets.results import Result
from targets.values import Phase


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
    drawn = large(course, courses, size=ONE, simulated=False, language=language)
    return ChartView(
        spec=drawn.spec,
        spoken=_spoken(row, drawn.plot, courses, facts, language),
        legend=drawn.legend,
        notes=drawn.notes,
    )


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
