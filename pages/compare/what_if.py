"""What if: the province's figure, its units' standings and the probability, before and after. Nothing is stored."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from jobs.documents.gap_table import Cell, exact, rate
from jobs.wording import results as wording
from models.analysis.compare import Comparison, PhaseResults, Stage
from models.core import formats
from models.core.texts import text, text_of
from pages.charts.bars import Segment, standings_bar
from pages.charts.layout import MARKS
from pages.charts.marks import Spec
from pages.compare.choices import CompareChoices
from pages.compare.exhibits import Column, Exhibit, Row, Table
from pages.compare.shares import unit_names
from pages.kit.markdown import WORST_FIRST
from pages.progress import sentences as progress_sentences
from targets.comparison.what_if import Answer, as_it_is, if_on_trajectory, if_pace_holds, slowest
from targets.standing.direction import mirrored, wholes
from targets.standing.progress import STANDING_CODE
from targets.values import STANDINGS, Campaign, Phase

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Side:
    """How things are, or how they would be; per unit in the order of the codes. Percents in points, NaN unknown.

    standings     units by standing (as STANDINGS; the province is none of them)
    standing      of each unit; None where only their number is known
    probability   that the province reaches its target; None where the question is not asked
    """

    standings: Whole
    probability: float | None
    value: Floats
    target: Floats
    standing: Whole | None


@dataclass(frozen=True)
class Imagined:
    """The province and its units before and after.

    chosen    how many units the question is about
    carried   how many others rise with them, as their figures contain them; the province is none of them
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    province: int
    phase: str
    before: Side
    after: Side
    chosen: int
    carried: int = 0
    lower_is_better: bool = False

    def rate(self, side: Side) -> float:
        """The province's rate on a side, as its row says: points, NaN unknown."""
        return float(side.value[self.province])

    @property
    def target(self) -> float | None:
        """What the province would owe."""
        target = float(self.after.target[self.province])
        return None if np.isnan(target) else target


def imagine(stage: Stage, choices: CompareChoices, *, level: str | None, small_volume: int, phase: str) -> Imagined:
    """The scenario of the choices: units on their trajectories, or everybody at the present pace."""
    scenario = stage.scenario
    today, is_down = as_it_is(scenario), stage.lower_is_better
    everybody = len(stage.codes) - 1
    if choices.scenario == "pace":
        outcome = if_pace_holds(scenario, stage.pace)
        before = replace(_side(today, stage), probability=None)
        after = replace(before, standings=outcome.standings, value=_as_reported(outcome.value, stage), standing=None)
        return Imagined(
            stage.codes, stage.names, scenario.province, phase, before, after, everybody, lower_is_better=is_down
        )
    if choices.scenario == "units":
        chosen = np.array([code in choices.units for code in stage.codes], dtype=bool)
    else:
        among = np.array([level in (None, known) for known in stage.levels], dtype=bool)
        among[scenario.province] = False
        cases = np.where(np.isnan(scenario.cases.numerator), np.nan, scenario.cases.denominator)
        chosen = slowest(today.progress, cases, most=choices.slowest, least_cases=small_volume, among=among)
    then = if_on_trajectory(scenario, chosen)
    carried = (then.progress.value > today.progress.value) & ~chosen
    carried[scenario.province] = False
    return Imagined(
        codes=stage.codes,
        names=stage.names,
        province=scenario.province,
        phase=phase,
        before=_side(today, stage),
        after=_side(then, stage),
        chosen=int(chosen.sum()),
        carried=int(carried.sum()),
        lower_is_better=is_down,
    )


def imagine_uplift(before: PhaseResults, after: PhaseResults, *, phase: str, lower_is_better: bool = False) -> Imagined:
    """Two sets of targets beside each other, in one phase."""
    province = before.province
    sides = [
        Side(
            standings=np.bincount(np.delete(reported.standing, province), minlength=len(STANDINGS)).astype(np.int64),
            probability=float(reported.probability[province]),
            value=reported.value,
            target=reported.target,
            standing=reported.standing,
        )
        for reported in (before, after)
    ]
    count = len(before.codes) - 1
    return Imagined(
        before.codes, before.names, province, phase, sides[0], sides[1], count, lower_is_better=lower_is_better
    )


def _as_reported(points: Floats, stage: Stage) -> Floats:
    """A scenario is a mirror image where lower is better; a page shows what was reported."""
    is_down = np.full(len(points), stage.lower_is_better)
    return mirrored(points, wholes(is_down, np.zeros(len(points), dtype=bool)))


def _side(answer: Answer, stage: Stage) -> Side:
    return Side(
        standings=answer.standings,
        probability=answer.probability,
        value=_as_reported(answer.progress.value, stage),
        target=_as_reported(stage.scenario.cases.target, stage),
        standing=answer.progress.standing,
    )


Bools = npt.NDArray[np.bool_]


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


def if_view(comparison: Comparison, imagined: Imagined, choices: CompareChoices, language: str) -> IfView:
    """The page's answer; a sentence alone where there is nothing to be asked."""
    campaign, indicator = comparison.campaign, comparison.campaign.indicator(comparison.indicator)
    phase = campaign.phase(imagined.phase)
    milestone = wording.milestone(phase, campaign, language)
    name = wording.in_sentence(indicator.name.of(language))
    if choices.scenario == "pace" and phase.due is None:
        return IfView(Exhibit("if", text("compare.if.open_ended", language, milestone=milestone)))
    if np.isnan(imagined.rate(imagined.before)):
        return IfView(Exhibit("if", text("compare.if.unknown", language, name=name)))
    if not imagined.chosen:
        return IfView(Exhibit("if", text(f"compare.if.nobody_{choices.scenario}", language)))
    reported = {
        "opening": _opening(imagined, choices, comparison, phase, language),
        "tail": _tail(imagined, milestone, language),
    }
    if choices.scenario == "uplift":
        title = text("compare.if.title_uplift", language, **reported, **_met(imagined, language))
    else:
        rate = formats.percent(
            imagined.rate(imagined.after), language, target=imagined.target, lower_is_better=imagined.lower_is_better
        )
        title = text("compare.if.title", language, **reported, name=name, rate=rate)
    return IfView(
        exhibit=Exhibit(
            key="if",
            title=title,
            table=_table(comparison, imagined, language),
            notes=_notes(campaign, indicator.key, imagined, choices, language),
        ),
        facts=_facts(imagined, milestone, language),
        bars=(
            _bar(text("compare.if.today", language), imagined.before.standings, language),
            _bar(text("compare.if.then", language), imagined.after.standings, language),
        ),
    )


def _met(imagined: Imagined, language: str) -> dict[str, str]:
    met = STANDING_CODE["met"]
    counts = {"before": imagined.before.standings[met], "after": imagined.after.standings[met]}
    return {name: formats.whole(int(count), language) for name, count in counts.items()}


def no_uplift(comparison: Comparison, language: str) -> IfView:
    """What is said of an indicator whose targets are fixed."""
    indicator = comparison.campaign.indicator(comparison.indicator)
    key = "only_followed" if indicator.rule.kind == "none" else "fixed"
    return IfView(Exhibit("if", text(f"compare.if.{key}", language, name=indicator.name.of(language))))


def _opening(imagined: Imagined, choices: CompareChoices, comparison: Comparison, phase: Phase, language: str) -> str:
    if choices.scenario == "pace":
        due = comparison.whole.due or phase.due or comparison.as_of
        down = imagined.lower_is_better
        return text_of("compare.if.pace", language, lower_is_better=down, date=formats.day(due, language))
    if choices.scenario == "uplift":
        rule = comparison.campaign.indicator(comparison.indicator).rule
        uplift, now = (
            formats.target_percent(value, language).removesuffix("%")
            for value in (rule.uplift if choices.uplift is None else choices.uplift, rule.uplift)
        )
        down = imagined.lower_is_better
        return text_of("compare.if.uplift", language, lower_is_better=down, uplift=uplift, now=now)
    return text(f"compare.if.{choices.scenario}", language, count=formats.whole(imagined.chosen, language))


def _tail(imagined: Imagined, milestone: str, language: str) -> str:
    if imagined.target is None:
        return text("compare.if.no_target", language)
    missing = formats.missing_points(
        imagined.rate(imagined.after), imagined.target, lower_is_better=imagined.lower_is_better
    )
    if not missing:
        return text("compare.if.reached", language, milestone=milestone)
    short = text("compare.points", language, points=formats.decimal(missing, language))
    return text_of(
        "compare.if.short", language, lower_is_better=imagined.lower_is_better, points=short, milestone=milestone
    )


def probability_words(probability: float, language: str) -> str:
    """As on every page; a sentence where nothing is known."""
    if np.isnan(probability):
        return text("compare.if.no_probability", language)
    return progress_sentences.probability(probability, language)


def _facts(imagined: Imagined, milestone: str, language: str) -> tuple[tuple[str, str, str], ...]:
    province, nothing = imagined.province, text("gaps.nothing", language)

    def rate(side: Side) -> str:
        target = float(side.target[province])
        limit = None if np.isnan(target) else target
        value = imagined.rate(side)
        down = imagined.lower_is_better
        return nothing if np.isnan(value) else formats.percent(value, language, target=limit, lower_is_better=down)

    def missing(side: Side) -> str:
        target = float(side.target[province])
        value = imagined.rate(side)
        if np.isnan(target) or np.isnan(value):
            return nothing
        points = formats.missing_points(value, target, lower_is_better=imagined.lower_is_better)
        return formats.decimal(points, language)

    before, after, met = imagined.before, imagined.after, _met(imagined, language)
    facts = [
        (text("compare.if.rate", language), rate(before), rate(after)),
        (
            text_of("compare.if.missing", language, lower_is_better=imagined.lower_is_better),
            missing(before),
            missing(after),
        ),
        (text("compare.if.met", language), met["before"], met["after"]),
    ]
    if before.probability is not None and after.probability is not None:
        now, then = (probability_words(chance, language) for chance in (before.probability, after.probability))
        facts.append((text("compare.if.probability", language, milestone=milestone), now, then))
    return tuple(facts)


def _bar(title: str, standings: Whole, language: str) -> StandingsBar:
    parts = [(word, int(standings[STANDING_CODE[word]])) for word in reversed(WORST_FIRST)]
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


def _table(comparison: Comparison, imagined: Imagined, language: str) -> Table:
    """The units whose figure, target or standing would be another one, the province first."""
    names = dict(zip((row.unit for row in comparison.rows), unit_names(comparison, language), strict=True))
    before, after = imagined.before, imagined.after
    changes = _differ(before.value, after.value) | _differ(before.target, after.target)
    if before.standing is not None and after.standing is not None:
        changes |= before.standing != after.standing
    others = [at for at in np.flatnonzero(changes).tolist() if at != imagined.province]
    standings = [standing for standing in (before.standing, after.standing) if standing is not None]
    rows = []
    for at in (imagined.province, *others):
        words = [STANDINGS[int(standing[at])] for standing in standings]
        cells = (
            names.get(imagined.codes[at], imagined.names[at]),
            _percent(before.value[at], before.target[at], lower_is_better=imagined.lower_is_better),
            _percent(after.value[at], after.target[at], lower_is_better=imagined.lower_is_better),
            _decided(before.target[at]),
            _decided(after.target[at]),
            *(text(f"standing.{word}", language) for word in words),
        )
        rows.append(Row(cells, code=imagined.codes[at], standings=tuple(words)))
    titles = ("gaps.column.standing", "compare.column.standing_then")
    return Table(
        columns=(
            Column(text("compare.column.unit", language), "wide"),
            Column(text("gaps.column.now", language), "percent"),
            Column(text("compare.column.value_then", language), "percent"),
            Column(text("compare.column.target", language), "target"),
            Column(text("compare.column.target_then", language), "target"),
            *(Column(text(title, language), "wide") for title, _ in zip(titles, standings, strict=False)),
        ),
        rows=tuple(rows),
        spoken=text("compare.if.table", language),
    )


def _differ(one: Floats, other: Floats) -> Bools:
    """Whether two numbers are not the same; two unknown ones are."""
    result: Bools = ~((np.abs(one - other) < 1e-9) | (np.isnan(one) & np.isnan(other)))
    return result


def _percent(value: float, target: float, *, lower_is_better: bool) -> Cell:
    if np.isnan(value):
        return None
    limit = None if np.isnan(target) else float(target)
    return rate(float(value), target=limit, lower_is_better=lower_is_better)


def _decided(target: float) -> Cell:
    return None if np.isnan(target) else exact(float(target))


def _notes(
    campaign: Campaign, indicator: str, imagined: Imagined, choices: CompareChoices, language: str
) -> tuple[str, ...]:
    said: list[str] = [text("compare.if.nothing_saved", language)]
    if choices.scenario == "slowest":
        limit = formats.whole(campaign.small_volume_of(indicator), language)
        said.append(text("compare.if.note_slowest", language, limit=limit))
    if choices.scenario in ("slowest", "units"):
        said.append(text("compare.if.note_trajectory", language))
    if imagined.carried:
        count = formats.whole(imagined.carried, language)
        said.append(text("compare.if.note_carried", language, count=count))
    if choices.scenario == "pace":
        said.append(text("compare.if.note_pace", language))
    if choices.scenario == "uplift":
        changed = int(np.delete(_differ(imagined.before.target, imagined.after.target), imagined.province).sum())
        key, terms = ("changed", {"count": formats.whole(changed, language)}) if changed else ("unchanged", {})
        said += [text(f"compare.if.note_{key}", language, **terms), text("compare.if.note_registered", language)]
    return tuple(said)
