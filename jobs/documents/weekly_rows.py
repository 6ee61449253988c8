"""The weekly table's lines: every unit by group, a total for each, the province last; for workbook and report.

Numbers are those of `standing`, whole and unrounded; only a group's total is added up here, from the fresh counts of
its units, because no row of `standing` holds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.documents.figures import PackFigures
from jobs.slides import words
from models import formats
from models.standing_words import how_much_is_known, standing_of, why_otherwise
from models.texts import text
from targets.findings import is_short
from targets.results import Result
from targets.values import Indicator


@dataclass(frozen=True)
class WeeklyRow:
    """A line of the table. Percents in points, None where unknown; what is missing is None where nothing is."""

    number: int | None
    name: str
    baseline: float | None
    targets: tuple[float | None, ...]
    last: float | None
    now: float | None
    change: float | None
    missing_points: float | None
    missing_cases: int | None
    numerator: int | None
    denominator: int | None
    rank: int | None
    standing: str
    note: str
    target: float | None
    """The one it is judged by: no figure is rounded up to it."""


@dataclass(frozen=True)
class WeeklyGroup:
    """The units of a level, and what they come to together."""

    title: str
    rows: tuple[WeeklyRow, ...]
    total: WeeklyRow


def weekly_groups(figures: PackFigures, indicator: Indicator, language: str) -> tuple[WeeklyGroup, ...]:
    """The groups of one indicator, each numbered anew."""
    found = []
    for level in figures.groups:
        rows = figures.of_group(level.key, indicator.key)
        title = (level.group or level.name).of(language)
        lines = tuple(
            weekly_row(figures, row, language, number=number, name=row.name) for number, row in enumerate(rows, start=1)
        )
        found.append(WeeklyGroup(title, lines, _total(rows, language)))
    return tuple(found)


def province_row(figures: PackFigures, indicator: str, language: str) -> WeeklyRow | None:
    """The province on an indicator, as `standing` tells it."""
    row = figures.scene.line(indicator)
    if row is None:
        return None
    return weekly_row(figures, row, language, number=None, name=text("weekly.province", language))


def weekly_row(figures: PackFigures, row: Result, language: str, *, number: int | None, name: str) -> WeeklyRow:
    """One unit's line."""
    short = is_short(row)
    return WeeklyRow(
        number=number,
        name=name,
        baseline=row.baseline,
        targets=figures.targets.get((row.unit, row.indicator), (None,) * len(figures.campaign.phases)),
        last=row.week_before,
        now=row.value,
        change=row.week_change,
        missing_points=row.gap if short else None,
        missing_cases=row.cases_missing if short else None,
        numerator=row.numerator,
        denominator=row.denominator,
        rank=figures.ranks.get((row.unit, row.indicator)),
        standing=standing_of(row, language),
        note=_note(figures, row, language),
        target=row.target,
    )


def _total(rows: Sequence[Result], language: str) -> WeeklyRow:
    """Counts of the units with a fresh figure, added up; a percent alone adds up to nothing and is left out."""
    counted = [row for row in rows if row.coverage == 1 and row.numerator is not None and row.denominator is not None]
    numerator = sum(row.numerator or 0 for row in counted)
    denominator = sum(row.denominator or 0 for row in counted)
    judged = [row for row in rows if row.target is not None]
    met = sum(row.standing == "met" for row in judged)
    missing = [row.cases_missing for row in rows if is_short(row) and row.cases_missing is not None]
    now = 100 * numerator / denominator if denominator else None
    # No rounding of the sum may reach a target that one of its units, and so perhaps all of them, has to reach.
    ahead = [row.target for row in rows if row.target is not None and now is not None and now < row.target]
    return WeeklyRow(
        number=None,
        name=text("weekly.total", language),
        baseline=None,
        targets=(),
        last=None,
        now=now,
        change=None,
        missing_points=None,
        missing_cases=sum(missing) if missing else None,
        numerator=numerator if counted else None,
        denominator=denominator if counted else None,
        rank=None,
        standing=text("weekly.met", language, met=met, set=len(judged)),
        note=text("weekly.counted", language, counted=len(counted), units=len(rows)),
        target=min(ahead, default=None),
    )


def _note(figures: PackFigures, row: Result, language: str) -> str:
    """What must be known beside a unit's figures."""
    facts, key = figures.scene.frozen.facts, (row.unit, row.indicator)
    said = []
    if row.reading_as_of is None:
        said.append(text("line.no_reading", language))
    elif row.standing == "stale":
        said.append(text("weekly.note.stale", language, day=formats.day(row.reading_as_of, language)))
    elif row.is_thin:
        said.append(how_much_is_known(row, figures.campaign, language))
    if why := why_otherwise(row, language):
        said.append(why)
    if row.is_bound:
        said.append(text("weekly.note.bound", language))
    if row.origin == "proposed":
        said.append(text("weekly.note.proposed", language))
    if key in facts.reviews:
        said.append(text("weekly.note.review", language, day=formats.short_day(facts.reviews[key], language)))
    if (cause := facts.causes.get(key)) is not None:
        said.append(words.cause_with_day(cause, language))
    return "; ".join(said)
