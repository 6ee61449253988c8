"""The six panels of a unit: what each draws, and what stands under it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jobs.wording import results as wording
from jobs.wording.results import proposed_note, standing_of
from models.core import formats
from models.core.texts import text
from models.results.attention import StandingChange
from models.results.paths import corners_of, path_ahead, without_rest
from models.units.queries import PastDay, TargetVersion
from pages.charts import marks, panel
from pages.charts.layout import BASELINE_GLYPH, PROJECTION_GLYPH, TARGET_GLYPH, TRAJECTORY_GLYPH
from pages.kit import sentences as kit_sentences
from pages.unit import sentences
from pages.unit.data import UnitAnswers
from pages.unit.sentences import Fact
from targets.periods import period_of
from targets.results import Result
from targets.values import Campaign, Phase

HISTORY_GLYPH = "―"


@dataclass(frozen=True)
class PanelView:
    """One indicator."""

    indicator: str
    name: str
    short_name: str
    standing: str
    standing_words: str
    chart: marks.Spec
    spoken: str
    facts: tuple[Fact, ...]


def panels(answers: UnitAnswers, phases: Sequence[Phase], language: str) -> tuple[PanelView, ...]:
    return tuple(_panel(row, answers, phases, language) for row in answers.rows)


def _panel(row: Result, answers: UnitAnswers, phases: Sequence[Phase], language: str) -> PanelView:
    campaign = answers.campaign
    indicator = campaign.indicator(row.indicator)
    history = [day for day in answers.history if day.indicator == row.indicator]
    owed = {
        version.phase: version
        for version in answers.versions
        if version.indicator == row.indicator and version.is_in_force
    }
    missing = owed.get(answers.phase.key)
    drawn = _drawn(row, history, owed, answers, phases, language)
    facts = sentences.facts(
        row,
        campaign=campaign,
        phase=answers.phase,
        qualifier=_qualifier(row, answers),
        is_central_missing=missing is not None and missing.because == "central_target_missing",
        as_of=answers.as_of,
        language=language,
    )
    facts += [_changed(change, language) for change in answers.changes if change.now.indicator == row.indicator]
    for phase, results in answers.ended:
        facts += [
            sentences.ended(result, campaign=campaign, phase=phase, language=language)
            for result in results
            if result.indicator == row.indicator
        ]
    standing = standing_of(row, language)
    said = [f"{fact.label} {fact.strong} {fact.more}".strip() for fact in facts]
    if len(drawn.runs) > 1:
        said.append(text("unit.panel.spoken_gap", language, count=len(drawn.runs) - 1))
    name = indicator.name.of(language)
    return PanelView(
        indicator=row.indicator,
        name=name,
        short_name=indicator.short_name.of(language),
        standing=row.standing,
        standing_words=standing,
        chart=panel.panel(drawn, language),
        spoken=text(
            "unit.panel.spoken",
            language,
            name=name,
            first=formats.day(drawn.first, language),
            last=formats.day(drawn.last, language),
            said="; ".join([*said, standing]),
        ),
        facts=tuple(facts),
    )


def _changed(change: StandingChange, language: str) -> Fact:
    """Where it stood a week ago, and why it stands elsewhere now."""
    return Fact(
        text("ahead.changes.of_unit", language, date=formats.short_day(change.before.as_of, language)),
        standing_of(change.before, language),
        text("ahead.fact_more", language, more=text(f"ahead.changes.{change.reason}", language)),
    )


def _qualifier(row: Result, answers: UnitAnswers) -> str | None:
    """How the figure itself says that it is only a bound; None where it is exact, or pooled of several."""
    return None if row.reading_as_of is None else answers.qualifiers.get((row.indicator, row.reading_as_of))


def _drawn(
    row: Result,
    history: Sequence[PastDay],
    owed: dict[str, TargetVersion],
    answers: UnitAnswers,
    phases: Sequence[Phase],
    language: str,
) -> panel.Panel:
    campaign = answers.campaign
    dues = [phase.due for phase in phases if phase.due is not None]
    first = campaign.baseline_day
    last = max([campaign.end, *dues, answers.as_of])
    targets = {key: float(version.value) for key, version in owed.items() if version.value is not None}
    ticks = tuple(
        panel.TargetTick(
            phase.due,
            targets[phase.key],
            formats.target_percent(targets[phase.key], language) if phase.due >= answers.as_of else "",
        )
        for phase in phases
        if phase.due is not None and phase.key in targets
    )
    is_there = row.value is not None and row.reading_as_of is not None and row.standing != "no_cases"
    now = panel.Point(row.reading_as_of, row.value) if is_there else None  # type: ignore[arg-type]
    return panel.Panel(
        first=first,
        last=last,
        runs=runs(history, campaign=campaign, indicator=row.indicator, language=language),
        baseline=None if row.baseline is None else panel.Point(first, row.baseline),
        trajectory=_trajectory(row, history, targets, campaign=campaign, phases=phases, last=last),
        targets=ticks,
        now=now,
        standing=row.standing,
        figure=wording.figure(row, language, qualifier=_qualifier(row, answers)),
        dates=tuple((day, formats.short_day(day, language)) for day in dict.fromkeys([campaign.start, *dues])),
        fan=_fan(row, language),
    )


def _fan(row: Result, language: str) -> panel.Fan | None:
    if row.due is None or row.low is None or row.high is None or not wording.projected(row, language):
        return None
    return panel.Fan(row.due, row.low, row.high)


def runs(
    history: Sequence[PastDay], *, campaign: Campaign, indicator: str, language: str
) -> tuple[tuple[panel.Point, ...], ...]:
    """The days of which a figure was told, in stretches: a new one begins where figures had gone stale in between, and
    with each accounting period, as a rate that starts anew has not fallen."""
    basis = campaign.indicator(indicator).basis
    found: list[list[panel.Point]] = []
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
            found[-1].append(panel.Point(past.day, past.value, facts))
    return tuple(tuple(run) for run in found)


def _trajectory(
    row: Result,
    history: Sequence[PastDay],
    targets: Mapping[str, float],
    *,
    campaign: Campaign,
    phases: Sequence[Phase],
    last: date,
) -> tuple[panel.Point, ...]:
    """What was owed day by day, and what will be from there on: a target that changed keeps its old path behind."""
    if not targets:
        return ()
    past = [(day.day, day.trajectory) for day in history if day.trajectory is not None]
    if row.baseline is not None:
        past.insert(0, (campaign.baseline_day, row.baseline))
    if not past:
        return ()
    past = without_rest(past, campaign)
    knots = campaign.indicator(row.indicator).knots
    to_come = path_ahead(campaign, phases=phases, knots=knots, targets=targets, since=past[-1], last=last)
    return tuple(panel.Point(day, value) for day, value in corners_of([*past, *to_come[1:]]))


def legend(campaign: Campaign, language: str) -> tuple[tuple[str, str], ...]:
    return (
        (HISTORY_GLYPH, text("progress.legend.history", language)),
        (BASELINE_GLYPH, text("overview.baseline", language, year=campaign.baseline_year)),
        (TRAJECTORY_GLYPH, text("unit.panel.legend_trajectory", language)),
        (TARGET_GLYPH, text("unit.panel.legend_target", language)),
        (PROJECTION_GLYPH, text("ahead.legend_band", language)),
    )


def notes(rows: Sequence[Result], campaign: Campaign, language: str) -> tuple[str, ...]:
    judged = kit_sentences.judged_by(rows, campaign, language)
    return tuple(note for note in (judged, proposed_note(rows, language)) if note)
