"""A unit's page as view-models: finished to the last word, so that a rerun only hands them out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jobs.documents.pictures import Drawing
from jobs.wording import results as wording
from jobs.wording import surveys
from models.analysis.courses import own_phases
from models.core import formats
from models.core.texts import text
from models.units.queries import PastDay, TargetVersion, UnitName, UnitProfile
from pages.kit import sentences as kit_sentences
from pages.kit.markdown import WORST_FIRST
from pages.unit import records, sentences
from pages.unit.chart import ChartView, chart_of
from pages.unit.data import UnitAnswers
from pages.unit.records import ChainView, Table
from pages.unit.sentences import Fact
from targets.findings import is_short
from targets.results import Result
from targets.values import PERCENT, Indicator, Measure, Phase


@dataclass(frozen=True)
class RowView:
    """A result in the cells of a table: of the unit's indicators, or of the units below on one of them.

    `code` is the indicator's key or the unit's; a unit that has ended has no standing.
    """

    code: str
    name: str
    standing: str | None
    standing_words: str
    why: str = ""
    now: str = "—"
    target: str = "—"
    week: str = "—"
    points: str = ""
    """Missing, without the unit of measure."""
    cases: str = ""
    counted: str = ""
    """What cases are called."""
    place: float | None = None
    """Where the figure, the target and the trajectory stand, in points, for the bar."""
    target_place: float | None = None
    path_place: float | None = None
    measure: Measure = PERCENT
    days: tuple[float | None, ...] = ()
    head: str = ""


@dataclass(frozen=True)
class Spread:
    """The parts of a whole, in percent, in their order; and in words."""

    shares: tuple[float, ...]
    words: str


@dataclass(frozen=True)
class UnitView:
    """The page of one unit, on the indicator chosen."""

    code: str
    name: str
    title: str
    standing: str | None
    """None where the unit was not there."""
    standing_words: str
    why: str
    head: str
    parent: UnitName | None
    """Code and name alone count here."""
    below: str
    """How many units stand below; empty where none does."""
    notes: tuple[str, ...]
    """Own dates, an end, a beginning still to come."""
    successor: UnitName | None
    advice: str
    disagreements: tuple[str, ...]
    indicator: str
    rows: tuple[RowView, ...]
    own_title: str
    """Above what the unit tells of itself where its figures are sums; empty where it tells nothing."""
    own_rows: tuple[tuple[RowView, str], ...]
    """Its indicators by those figures, and the day each describes."""
    days_head: str
    row_notes: tuple[str, ...]
    chart: ChartView | None
    facts: tuple[Fact, ...]
    fact_notes: tuple[str, ...]
    grades: Spread | None
    """How the votes of a survey are spread."""
    children: tuple[RowView, ...]
    counted: str
    """What cases of the indicator are called, as a head."""
    counts: Mapping[str, int]
    """How many units below stand where."""
    targets: Table | None
    baseline_notes: tuple[str, ...]
    """Where each real result of the year before comes from."""
    chain: ChainView | None
    """How the targets of the indicator chosen came about."""
    parts: Table | None
    arrivals: Table | None
    arrivals_note: str
    revisions: tuple[tuple[str, str], ...]
    flags: tuple[str, ...]
    scores: tuple[tuple[str, str], ...]

    @property
    def drawing(self) -> Drawing | None:
        """The chart as a picture to take along."""
        return None if self.chart is None else Drawing(self.chart.spec, self.standing_words)


def unit_view(answers: UnitAnswers, indicator: str, language: str) -> UnitView:
    """Everything the page shows on one indicator, in one language."""
    campaign, profile, unit = answers.campaign, answers.profile, answers.profile.unit
    # A unit that has ended owes nothing in a phase that began later.
    ended = profile.valid_to or date.max
    phases = tuple(phase for phase in own_phases(campaign, unit.code) if phase.start <= ended)
    row = next((row for row in answers.rows if row.indicator == indicator), None)
    known: dict[str, Any] = {"campaign": campaign, "language": language}
    facts = () if row is None else sentences.facts(row, phase=answers.phase, as_of=answers.as_of, **known)
    children = _children(answers, indicator, language)
    versions = [version for version in answers.versions if version.indicator == indicator]
    counted = campaign.indicator(indicator).counted.of(language)
    chains = records.chains(versions, phases=phases, **known)
    return UnitView(
        code=unit.code,
        name=unit.name,
        title=sentences.title(unit.name, row, as_of=answers.as_of, **known),
        standing=None if row is None else row.standing,
        standing_words="" if row is None else wording.word_of(row, language),
        why="" if row is None else sentences.reason(row, waits_for_centre=_waits(row, answers), **known),
        head=sentences.head(profile.head, language),
        parent=None if unit.parent is None else UnitName(unit.parent, unit.parent_name or "", "", None, None),
        below=text("unit.header.below", language, count=formats.whole(len(children), language)) if children else "",
        notes=_notes(answers, campaign.indicator(indicator), language),
        successor=profile.successor if _has_ended(profile, answers.as_of) else None,
        advice=sentences.advice(answers.rows, as_of=answers.as_of, **known),
        disagreements=(
            *(records.disagreement(found, **known) for found in answers.disagreements),
            *records.second_statements(answers.arrivals, **known),
        ),
        indicator=indicator,
        rows=tuple(_of_indicator(each, answers, language) for each in answers.rows),
        own_title=text("unit.own.title", language, unit=unit.name) if answers.own.rows else "",
        own_rows=tuple(
            (
                _of_indicator(each, answers, language, history=answers.own.history),
                formats.day(each.reading_as_of, language),
            )
            for each in answers.own.rows
            if each.reading_as_of is not None
        ),
        days_head=_days_head(answers, language),
        row_notes=_row_notes(answers, row, language),
        chart=None if row is None else chart_of(row, answers, phases, facts, language),
        facts=facts,
        fact_notes=() if row is None else _fact_notes(row, answers, language),
        grades=None if row is None else _grades(row, answers, language),
        children=children,
        counted=counted[:1].upper() + counted[1:],
        counts=Counter(child.standing for child in children if child.standing is not None),
        targets=_targets(answers, phases, language),
        baseline_notes=records.baseline_notes(answers.baselines, **known),
        chain=chains[0] if chains else None,
        parts=records.parts(answers.parts, name=unit.name, **known) if answers.parts else None,
        arrivals=records.arrivals(answers.arrivals, as_of=answers.as_of, **known) if answers.arrivals else None,
        arrivals_note=text("unit.arrivals.pooled", language)
        if unit.parent is None and not answers.arrivals
        else records.arrivals_note(answers.arrivals, **known),
        revisions=(
            *records.revisions(answers.arrivals, **known),
            *(records.withdrawn(figure, **known) for figure in answers.withdrawn),
        ),
        flags=tuple(records.flag(found, **known) for found in answers.flags),
        scores=tuple(records.score(reported, **known) for reported in answers.scores),
    )


# --- the header -----------------------------------------------------------------------------------------------------


def _has_ended(profile: UnitProfile, as_of: date) -> bool:
    return profile.valid_to is not None and as_of > profile.valid_to


def _notes(answers: UnitAnswers, indicator: Indicator, language: str) -> tuple[str, ...]:
    profile, campaign = answers.profile, answers.campaign
    notes = []
    if _has_ended(profile, answers.as_of) and profile.valid_to is not None:
        is_parted = any(event.change.unit == profile.unit.code and event.change.to for event in answers.events)
        key = "ended" if profile.successor is not None else "ended_parted" if is_parted else "ended_alone"
        notes.append(text(f"unit.header.{key}", language, date=formats.day(profile.valid_to, language)))
    if profile.valid_from is not None and answers.as_of < profile.valid_from:
        notes.append(text("unit.header.not_yet", language, date=formats.day(profile.valid_from, language)))
    notes += kit_sentences.unit_events(answers.events, indicator, language)
    if answers.as_of < campaign.start:
        opening = kit_sentences.opening(
            campaign=campaign, phase=answers.phase, as_of=answers.as_of, language=language
        )  # fmt: skip
        notes.append(opening)
    own = [dates for dates in campaign.unit_phases if dates.unit == profile.unit.code]
    if own:
        dates = ", ".join(
            text("unit.header.own_date_open", language, phase=name, start=formats.day(dates.start, language))
            if dates.due is None
            else text("unit.header.own_date", language, phase=name, due=formats.day(dates.due, language))
            for dates in own
            for name in [wording.in_sentence(campaign.phase(dates.phase).name.of(language))]
        )
        notes.append(text("unit.header.own_dates", language, document=own[0].document, dates=dates))
    return tuple(notes)


# --- rows -----------------------------------------------------------------------------------------------------------


def _in_force(row: Result, answers: UnitAnswers) -> TargetVersion | None:
    place = (row.indicator, answers.phase.key)
    return next((each for each in answers.versions if each.is_in_force and (each.indicator, each.phase) == place), None)


def _waits(row: Result, answers: UnitAnswers) -> bool:
    """Whether nothing is owed only because the centre's target is not known."""
    version = _in_force(row, answers)
    return version is not None and version.because == "central_target_missing"


def _of_indicator(
    row: Result, answers: UnitAnswers, language: str, *, history: Sequence[PastDay] | None = None
) -> RowView:
    """A row of the unit's sums or figures, or of what else is told in `history`."""
    indicator = answers.campaign.indicator(row.indicator)
    days = tuple(
        day.value if day.is_fresh else None
        for day in (answers.history if history is None else history)
        if day.indicator == row.indicator and day.day >= answers.campaign.start
    )
    return row_view(
        row, indicator, language, code=row.indicator, name=indicator.short_name.of(language), days=days,
        path_place=row.on_scale(row.trajectory),
        why=wording.reason(row, answers.campaign, language, waits_for_centre=_waits(row, answers)),
    )  # fmt: skip


def row_view(row: Result, indicator: Indicator, language: str, *, code: str, name: str, **more: Any) -> RowView:
    """A result's cells. What is missing is not worked out of a figure that is too old or too thin to judge."""
    is_known = row.value is not None and row.standing != "no_cases"
    is_owed = is_short(row) and row.standing not in wording.SETTLED
    return RowView(
        code=code,
        name=name,
        standing=row.standing,
        standing_words=wording.word_of(row, language),
        now=wording.figure(row, language) if is_known else "—",
        target=wording.target_of(row, language) or "—",
        week="—" if row.week_value is None or row.standing == "stale" else formats.percent(row.week_value, language),
        points=wording.number_missing(row, language) if is_owed else "",
        cases=formats.whole(row.cases_missing, language) if is_owed and row.cases_missing else "",
        counted=indicator.counted.of(language),
        place=row.on_scale(row.value) if is_known else None,
        target_place=row.on_scale(row.target),
        measure=row.measure,
        **more,
    )


def _days_head(answers: UnitAnswers, language: str) -> str:
    number = min(answers.campaign.day_number(answers.as_of), answers.campaign.days)
    return text("unit.column.days", language, count=max(0, number))


def _row_notes(answers: UnitAnswers, row: Result | None, language: str) -> tuple[str, ...]:
    judged = kit_sentences.judged_by(answers.rows, answers.campaign, language)
    notes = (
        _older(row, answers, language), _pooled(row, answers, language), judged,
        wording.proposed_note(answers.rows, language),
    )  # fmt: skip
    return tuple(note for note in notes if note)


def _older(row: Result | None, answers: UnitAnswers, language: str) -> str:
    """That the unit's own figure is of an earlier day; where it is too old to be judged, the heading says so."""
    if row is None or row.standing == "stale" or row.reading_as_of is None or row.reading_as_of >= answers.as_of:
        return ""
    is_own = row.coverage is None or row.coverage == 1
    if (
        not is_own
        or answers.profile.unit.parent is None
        or not answers.campaign.awaits(answers.campaign.indicator(row.indicator))
    ):
        return ""
    return text("feeds.reporting.old_since", language, day=formats.short_day(row.reading_as_of, language))


def _pooled(row: Result | None, answers: UnitAnswers, language: str) -> str:
    """That a unit between is the sum of those below it, or is none although it tells nothing itself."""
    unit, campaign = answers.profile.unit, answers.campaign
    if row is None or unit.parent is None or campaign.level(unit.level).default_scope != "below":
        return ""
    if row.is_pooled and row.coverage:
        return text("unit.own.pooled", language, coverage=formats.percent(100 * row.coverage, language))
    is_silent = row.reading_as_of is None and not campaign.level(unit.level).is_pooled
    return text("unit.own.not_pooled", language) if is_silent else ""


def _fact_notes(row: Result, answers: UnitAnswers, language: str) -> tuple[str, ...]:
    """What the chart's indicator needs said besides: phases that ended, a new standing, few cases."""
    campaign = answers.campaign
    ended = [
        sentences.ended(result, campaign=campaign, phase=phase, language=language)
        for phase, results in answers.ended
        for result in results
        if result.indicator == row.indicator
    ]
    changed = [
        sentences.changed(change, language) for change in answers.changes if change.now.indicator == row.indicator
    ]
    told = (wording.told_otherwise(row, language), surveys.beside(row, answers.rows, campaign, language))
    return tuple(note for note in (*told, *ended, *changed, sentences.small(row, campaign, language)) if note)


def _grades(row: Result, answers: UnitAnswers, language: str) -> Spread | None:
    found = surveys.grades(row, answers.rows, answers.campaign)
    if not found:
        return None
    return Spread(tuple(each.value or 0.0 for each in found), surveys.spread(found, answers.campaign, language))


def _targets(answers: UnitAnswers, phases: Sequence[Phase], language: str) -> Table | None:
    if not answers.versions:
        return None
    return records.targets(
        answers.versions,
        baselines=answers.baselines,
        phases=phases,
        campaign=answers.campaign,
        language=language,
    )


# --- the units below ------------------------------------------------------------------------------------------------


def _children(answers: UnitAnswers, key: str, language: str) -> tuple[RowView, ...]:
    """The hardest first: by standing, then by what is missing; those that cannot be judged last, and those gone."""
    rows = {row.unit: row for row in answers.children if row.indicator == key}
    indicator = answers.campaign.indicator(key)
    there = [child for child in answers.profile.children if child.code in rows]
    there.sort(
        key=lambda child: (
            WORST_FIRST.index(rows[child.code].standing),
            -(rows[child.code].cases_missing or 0),
            -(rows[child.code].gap or 0),
            formats.collation_key(child.name),
        )
    )
    return (
        *(
            row_view(
                rows[child.code], indicator, language, code=child.code, name=wording.bare_name(child.name),
                head=answers.heads.get(child.code, ""),
            )
            for child in there
        ),
        *(
            RowView(child.code, wording.bare_name(child.name), None, text("unit.children.ended", language))
            for child in answers.profile.children
            if child.code not in rows
        ),
    )  # fmt: skip
