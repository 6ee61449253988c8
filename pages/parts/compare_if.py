"""What if: the province's figure, its units' standings and the probability, before and after. Nothing is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from jobs.documents.gap_table import Cell
from models import formats
from models.queries.compare import Comparison
from models.queries.compare_scene import Stage
from models.queries.overview import Overview
from models.texts import text
from pages.parts import sentences
from pages.parts.charts import Spec
from pages.parts.compare_choices import CompareChoices
from pages.parts.compare_exhibits import Column, Exhibit, Row, Table
from pages.parts.compare_shares import unit_names
from pages.parts.gap_selection import GRAVEST_FIRST
from pages.parts.layout import MARKS
from pages.parts.overview_charts import Segment, standings_bar
from targets.progress import STANDING_CODE
from targets.scenes import slowest, until_the_province
from targets.values import STANDINGS
from targets.what_if import Answer, as_it_is, if_on_trajectory, if_pace_holds

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Imagined:
    """How things are and how they would be. `standing` of each unit is None where only their number is known.

    chosen    the units that the question is about; all of them for a pace or another uplift
    """

    today: Answer
    rate: float
    standings: Whole
    probability: float
    value: Floats
    target: Floats
    standing: Whole | None
    chosen: Bools


@dataclass(frozen=True)
class StandingsBar:
    """All units as one bar, and what it says in words."""

    title: str
    chart: Spec
    spoken: str
    parts: tuple[tuple[str, str], ...]
    """Each standing that occurs, with its number in words."""


@dataclass(frozen=True)
class IfView:
    """The answer in words: facts before and after, two bars, and a table of the units that change."""

    exhibit: Exhibit
    facts: tuple[tuple[str, str, str], ...] = ()
    """What it is, today, and then."""
    bars: tuple[StandingsBar, ...] = ()


def imagine(
    stage: Stage, other: Stage | None, choices: CompareChoices, *, level: str | None, small_volume: int
) -> Imagined:
    """The scene of the choices. `other`: the stage with another uplift, where that is what is asked."""
    scene, today = stage.scene, as_it_is(stage.scene)
    everybody = np.ones(len(stage.codes), dtype=bool)
    if choices.scene == "pace":
        outcome, shared = if_pace_holds(scene, stage.pace), if_pace_holds(until_the_province(scene), stage.pace)
        return Imagined(
            today, shared.rate, outcome.standings, np.nan, outcome.value, scene.cases.target, None, everybody
        )
    if choices.scene == "uplift":
        answer, target = as_it_is((other or stage).scene), (other or stage).scene.cases.target
        return _imagined(today, answer, target, everybody)
    among = np.array([level in (None, known) for known in stage.levels], dtype=bool)
    among[scene.province] = False
    if choices.scene == "units":
        chosen = np.array([code in choices.units for code in stage.codes], dtype=bool)
    else:
        cases = np.where(np.isnan(scene.cases.numerator), np.nan, scene.cases.denominator)
        chosen = slowest(today.progress, cases, most=choices.slowest, least_cases=small_volume, among=among)
    return _imagined(today, if_on_trajectory(scene, chosen), scene.cases.target, chosen)


def _imagined(today: Answer, answer: Answer, target: Floats, chosen: Bools) -> Imagined:
    return Imagined(
        today=today,
        rate=answer.rate,
        standings=answer.standings,
        probability=answer.probability,
        value=answer.progress.value,
        target=target,
        standing=answer.progress.standing,
        chosen=chosen,
    )


def if_view(
    overview: Overview,
    comparison: Comparison,
    stage: Stage,
    imagined: Imagined,
    choices: CompareChoices,
    language: str,
) -> IfView:
    """The page's answer; a sentence alone where there is nothing to be asked."""
    indicator = comparison.campaign.indicator(comparison.indicator)
    whole = comparison.whole
    name = sentences.in_sentence(indicator.name.of(language))
    phase = comparison.campaign.phase(whole.phase)
    milestone = sentences.milestone(phase, comparison.campaign, language)
    if choices.scene == "uplift" and indicator.rule.kind != "central_plus":
        return IfView(Exhibit("if", text("compare.if.fixed", language, name=indicator.name.of(language))))
    if choices.scene == "pace" and phase.due is None:
        return IfView(Exhibit("if", text("compare.if.open_ended", language, milestone=milestone)))
    if not imagined.chosen.any():
        return IfView(Exhibit("if", text(f"compare.if.nobody_{choices.scene}", language)))
    if np.isnan(imagined.rate):
        return IfView(Exhibit("if", text("compare.if.unknown", language, name=name)))
    told = {
        "name": name,
        "rate": formats.percent(imagined.rate, language, target=_target(imagined, stage)),
        "tail": _tail(imagined, stage, milestone, language),
    }
    opening = _opening(imagined, stage, choices, comparison, language)
    title = text("compare.if.title", language, opening=opening, **told)
    return IfView(
        exhibit=Exhibit(
            key="if",
            title=title,
            table=_table(comparison, stage, imagined, language),
            notes=_notes(overview, stage, imagined, choices, language),
        ),
        facts=_facts(imagined, stage, milestone, language),
        bars=(
            _bar(text("compare.if.today", language), imagined.today.standings, language),
            _bar(text("compare.if.then", language), imagined.standings, language),
        ),
    )


def _target(imagined: Imagined, stage: Stage) -> float | None:
    target = float(imagined.target[stage.scene.province])
    return None if np.isnan(target) else target


def _opening(imagined: Imagined, stage: Stage, choices: CompareChoices, comparison: Comparison, language: str) -> str:
    count = formats.whole(int(imagined.chosen.sum()), language)
    if choices.scene == "pace":
        due = comparison.whole.due or comparison.as_of
        return text("compare.if.pace", language, date=formats.day(due, language))
    if choices.scene == "uplift":
        rule = comparison.campaign.indicator(comparison.indicator).rule
        uplift, now = (
            formats.target_percent(value, language).removesuffix("%")
            for value in (rule.uplift if choices.uplift is None else choices.uplift, rule.uplift)
        )
        return text("compare.if.uplift", language, uplift=uplift, now=now)
    return text(f"compare.if.{choices.scene}", language, count=count)


def _tail(imagined: Imagined, stage: Stage, milestone: str, language: str) -> str:
    target = _target(imagined, stage)
    if target is None:
        return text("compare.if.no_target", language)
    missing = formats.missing_points(imagined.rate, target)
    if not missing:
        return text("compare.if.reached", language, milestone=milestone)
    short = text("compare.points", language, points=formats.decimal(missing, language))
    return text("compare.if.short", language, points=short, milestone=milestone)


def probability_words(probability: float, language: str) -> str:
    """9%; "dưới 1%" and "trên 99%" at the ends, where nobody is that sure; a sentence where nothing is known."""
    if np.isnan(probability):
        return text("compare.if.no_probability", language)
    if probability < 0.01:
        return text("compare.if.hardly", language)
    if probability > 0.99:
        return text("compare.if.surely", language)
    return f"{formats.whole(round(100 * probability), language)}%"


def _facts(imagined: Imagined, stage: Stage, milestone: str, language: str) -> tuple[tuple[str, str, str], ...]:
    province = stage.scene.province
    now = imagined.today
    target_now, target_then = float(stage.scene.cases.target[province]), _target(imagined, stage)
    nothing = text("gaps.nothing", language)

    def missing(rate: float, target: float | None) -> str:
        if target is None or np.isnan(target) or np.isnan(rate):
            return nothing
        return formats.decimal(formats.missing_points(rate, target), language)

    def rate(value: float) -> str:
        return nothing if np.isnan(value) else formats.percent(value, language)

    def met(standings: Whole) -> str:
        return formats.whole(int(standings[STANDING_CODE["met"]]), language)

    return (
        (text("compare.if.rate", language), rate(now.rate), rate(imagined.rate)),
        (
            text("compare.if.missing", language),
            missing(now.rate, target_now),
            missing(imagined.rate, target_then),
        ),
        (
            text("compare.if.probability", language, milestone=milestone),
            probability_words(now.probability, language),
            probability_words(imagined.probability, language),
        ),
        (text("compare.if.met", language), met(now.standings), met(imagined.standings)),
    )


def _bar(title: str, standings: Whole, language: str) -> StandingsBar:
    parts = [(word, int(standings[STANDING_CODE[word]])) for word in reversed(GRAVEST_FIRST)]
    parts = [(word, units) for word, units in parts if units]
    said = [
        text(
            "compare.if.part",
            language,
            units=formats.whole(units, language),
            standing=text(f"standing.{word}", language),
        )
        for word, units in parts
    ]  # fmt: skip
    segments = [
        Segment(word, units, ((title, f"{MARKS[word].glyph} {words}"),))
        for (word, units), words in zip(parts, said, strict=True)
    ]
    words = tuple((word, part) for (word, _), part in zip(parts, said, strict=True))
    return StandingsBar(title, standings_bar(segments, language), f"{title}: {', '.join(said)}", words)


def _table(comparison: Comparison, stage: Stage, imagined: Imagined, language: str) -> Table:
    """The units whose figure, target or standing would be another one, the province first."""
    names = dict(zip((row.unit for row in comparison.rows), unit_names(comparison, language), strict=True))
    before = imagined.today.progress
    target = stage.scene.cases.target
    changes = _differ(before.value, imagined.value) | _differ(target, imagined.target)
    if imagined.standing is not None:
        changes |= before.standing != imagined.standing
    order = [stage.scene.province, *(at for at in np.flatnonzero(changes).tolist() if at != stage.scene.province)]
    rows = []
    for at in order:
        words = [STANDINGS[int(before.standing[at])]]
        if imagined.standing is not None:
            words.append(STANDINGS[int(imagined.standing[at])])
        cells = (
            names.get(stage.codes[at], stage.names[at]),
            _percent(before.value[at], target[at]),
            _percent(imagined.value[at], imagined.target[at]),
            _decided(target[at]),
            _decided(imagined.target[at]),
            *(f"{MARKS[word].glyph} {text(f'standing.{word}', language)}" for word in words),
        )
        rows.append(Row(cells, code=stage.codes[at]))
    then = (Column(text("compare.column.standing_then", language), "wide"),) if imagined.standing is not None else ()
    return Table(
        columns=(
            Column(text("compare.column.unit", language), "wide"),
            Column(text("gaps.column.now", language), "percent"),
            Column(text("compare.column.value_then", language), "percent"),
            Column(text("compare.column.target", language), "target"),
            Column(text("compare.column.target_then", language), "target"),
            Column(text("gaps.column.standing", language), "wide"),
            *then,
        ),
        rows=tuple(rows),
        spoken=text("compare.if.table", language),
    )


def _differ(one: Floats, other: Floats) -> Bools:
    """Whether two numbers are not the same; two unknown ones are."""
    result: Bools = ~((np.abs(one - other) < 1e-9) | (np.isnan(one) & np.isnan(other)))
    return result


def _percent(value: float, target: float = np.nan) -> Cell:
    if np.isnan(value):
        return None
    return formats.rounded_percent(float(value), target=None if np.isnan(target) else float(target))


def _decided(target: float) -> Cell:
    return None if np.isnan(target) else Decimal(str(float(target)))


def _notes(
    overview: Overview, stage: Stage, imagined: Imagined, choices: CompareChoices, language: str
) -> tuple[str, ...]:
    said: list[str] = [text("compare.if.nothing_saved", language)]
    if choices.scene == "slowest":
        limit = formats.whole(overview.campaign.small_volume, language)
        said.append(text("compare.if.note_slowest", language, limit=limit))
    if choices.scene in ("slowest", "units"):
        said.append(text("compare.if.note_trajectory", language))
    if choices.scene == "pace":
        said.append(text("compare.if.note_pace", language))
    if choices.scene == "uplift":
        said += _uplift_notes(stage, imagined, language)
    return tuple(said)


def _uplift_notes(stage: Stage, imagined: Imagined, language: str) -> Sequence[str]:
    changed = int(_differ(stage.scene.cases.target, imagined.target).sum())
    key = "changed" if changed else "unchanged"
    count = {"count": formats.whole(changed, language)} if changed else {}
    return text(f"compare.if.note_{key}", language, **count), text("compare.if.note_registered", language)
