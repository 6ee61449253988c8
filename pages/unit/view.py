"""A unit's page as view-models: finished to the last word and mark, so that a rerun only hands them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jobs.wording import results as wording
from jobs.wording.results import standing_of
from models.core import formats
from models.core.texts import text
from models.units.queries import UnitName, UnitProfile
from pages.unit import panels, records, sentences
from pages.unit.data import UnitAnswers, phases_of
from pages.unit.panels import PanelView
from pages.unit.records import ChainView, Table
from targets.findings import NOT_ARRIVED, furthest, is_short
from targets.results import Result
from targets.values import Phase


@dataclass(frozen=True)
class ChildView:
    """A unit below, on the indicator chosen; without a standing where it has ended."""

    code: str
    name: str
    standing: str | None
    words: str
    standing_words: str = ""


@dataclass(frozen=True)
class UnitView:
    """The page of one unit."""

    code: str
    name: str
    level: str
    parent: UnitName | None
    """Code and name alone count here."""
    head: str
    notes: tuple[str, ...]
    """Own dates, an end, a beginning still to come."""
    successor: UnitName | None
    headline: str
    advice: str
    phase: str
    phases: tuple[tuple[str, str], ...]
    panels: tuple[PanelView, ...]
    legend: tuple[tuple[str, str], ...]
    panel_notes: tuple[str, ...]
    disagreements: tuple[str, ...]
    targets: Table | None
    baseline_notes: tuple[str, ...]
    """Where each real result of the year before comes from."""
    chains: tuple[ChainView, ...]
    parts: Table | None
    indicators: tuple[tuple[str, str], ...]
    indicator: str
    children_said: str
    children: tuple[ChildView, ...]
    arrivals: Table | None
    arrivals_note: str
    revisions: tuple[tuple[str, str], ...]
    flags: tuple[str, ...]
    scores: tuple[tuple[str, str], ...]


def unit_view(answers: UnitAnswers, indicator: str | None, language: str) -> UnitView:
    """Everything the page shows, in one language. Children are told on `indicator`, or where the unit is worst."""
    campaign, profile, unit = answers.campaign, answers.profile, answers.profile.unit
    phases = phases_of(campaign, unit.code)
    rows = list(answers.rows)
    worst = furthest(rows)
    chosen = indicator or (campaign.indicators[0].key if worst is None else worst.indicator)
    known: dict[str, Any] = {"campaign": campaign, "language": language}
    key = "root" if unit.parent is None else "level"
    return UnitView(
        code=unit.code,
        name=unit.name,
        level=text(f"unit.header.{key}", language, level=campaign.level(unit.level).name.of(language)),
        parent=None if unit.parent is None else UnitName(unit.parent, unit.parent_name or "", "", None, None),
        head=sentences.head(profile.head, language),
        notes=_notes(answers, language),
        successor=profile.successor if _has_ended(profile, answers.as_of) else None,
        headline=sentences.headline(rows, phase=answers.phase, as_of=answers.as_of, **known),
        advice=sentences.advice(rows, as_of=answers.as_of, **known),
        phase=answers.phase.key,
        phases=tuple((phase.key, phase.name.of(language)) for phase in phases),
        panels=panels.panels(answers, phases, language),
        legend=panels.legend(campaign, language),
        panel_notes=panels.notes(rows, campaign, language),
        disagreements=(
            *(records.disagreement(found, **known) for found in answers.disagreements),
            *records.second_statements(answers.arrivals, **known),
        ),
        targets=_targets(answers, phases, language),
        baseline_notes=records.baseline_notes(answers.baselines, campaign=answers.campaign, language=language),
        chains=records.chains(answers.versions, phases=phases, **known),
        parts=records.parts(answers.parts, name=unit.name, **known) if answers.parts else None,
        indicators=tuple((known.key, known.short_name.of(language)) for known in campaign.indicators),
        indicator=chosen,
        children_said=_children_said(answers, chosen, language),
        children=_children(answers, chosen, language),
        arrivals=records.arrivals(answers.arrivals, as_of=answers.as_of, **known) if answers.arrivals else None,
        arrivals_note=text("unit.arrivals.pooled", language)
        if unit.parent is None and not answers.arrivals
        else records.arrivals_note(answers.arrivals, **known),
        revisions=records.revisions(answers.arrivals, **known),
        flags=tuple(records.flag(found, **known) for found in answers.flags),
        scores=tuple(records.score(reported, **known) for reported in answers.scores),
    )


# --- the header -----------------------------------------------------------------------------------------------------


def _has_ended(profile: UnitProfile, as_of: date) -> bool:
    return profile.valid_to is not None and as_of > profile.valid_to


def _notes(answers: UnitAnswers, language: str) -> tuple[str, ...]:
    profile, campaign = answers.profile, answers.campaign
    notes = []
    if _has_ended(profile, answers.as_of) and profile.valid_to is not None:
        key = "ended_alone" if profile.successor is None else "ended"
        notes.append(text(f"unit.header.{key}", language, date=formats.day(profile.valid_to, language)))
    if profile.valid_from is not None and answers.as_of < profile.valid_from:
        notes.append(text("unit.header.not_yet", language, date=formats.day(profile.valid_from, language)))
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


def _children_said(answers: UnitAnswers, indicator: str, language: str) -> str:
    rows = [row for row in answers.children if row.indicator == indicator]
    if not answers.profile.children:
        return text("unit.children.none", language)
    name = answers.campaign.indicator(indicator).name.of(language)
    if not any(row.target is not None for row in rows):
        reported = sum(row.value is not None for row in rows)
        return text("unit.children.said_no_target", language, name=name, reported=reported, count=len(rows))
    return text(
        "unit.children.said",
        language,
        name=name,
        met=sum(row.standing == "met" for row in rows),
        count=len(rows),
        milestone=sentences.named(answers.phase, answers.campaign, language),
    )


def _children(answers: UnitAnswers, indicator: str, language: str) -> tuple[ChildView, ...]:
    """The hardest first: by standing, then by what is missing; those that cannot be judged after them, then the met."""
    rows = {row.unit: row for row in answers.children if row.indicator == indicator}
    order = (*NOT_ARRIVED, "stale", "insufficient", "no_cases", "no_target", "met")
    there = [child for child in answers.profile.children if child.code in rows]
    gone = [child for child in answers.profile.children if child.code not in rows]
    there.sort(
        key=lambda child: (
            order.index(rows[child.code].standing),
            -(rows[child.code].gap or 0),
            formats.collation_key(child.name),
        )
    )
    counted = answers.campaign.indicator(indicator).counted.of(language)
    return (
        *(_child_view(child, rows[child.code], counted, language) for child in there),
        *(ChildView(child.code, child.name, None, text("unit.children.ended", language)) for child in gone),
    )


def _child_view(child: UnitName, row: Result, counted: str, language: str) -> ChildView:
    words = _child(row, counted, language)
    return ChildView(child.code, child.name, row.standing, words, standing_of(row, language))


def _child(row: Result, counted: str, language: str) -> str:
    """What stands beside a child's standing; empty where the standing says it all."""
    value = wording.figure(row, language)
    if not value or not is_short(row) or row.standing == "stale":
        return value
    points = wording.points_missing(row, language)
    if not row.cases_missing:
        return text("unit.children.missing", language, said=value, points=points)
    cases = formats.whole(row.cases_missing, language)
    return text("unit.children.missing_cases", language, said=value, points=points, cases=cases, counted=counted)
