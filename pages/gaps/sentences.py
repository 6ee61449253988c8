"""What the page of gaps says in words: units in, sentences out, true in every state.

A share of what is missing never counts a case twice: a unit whose figures include the units below it is left out of
that sum wherever one of those is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from jobs.wording import results as wording
from jobs.wording.results import proposed_note, standing_of
from models.core import formats
from models.core.texts import text, text_of
from models.results.gaps import GapRow
from models.results.overview import Overview
from pages.kit import sentences as kit_sentences
from targets.findings import NOT_ARRIVED, is_small
from targets.results import Result
from targets.values import Indicator, Phase

NO_FIGURE = ("no_cases", "insufficient", "stale")


@dataclass(frozen=True)
class Subject:
    """What a sentence is about: an indicator and phase, and the units of a level or of one part of the tree."""

    overview: Overview
    indicator: Indicator
    phase: Phase
    rows: Sequence[GapRow]
    level: str | None = None
    parent: str | None = None
    """Name of the unit whose part of the tree it is."""


def goal(subject: Subject, language: str) -> str:
    """ "mốc 50 ngày", or what an open-ended phase asks for."""
    named = wording.milestone(subject.phase, subject.overview.campaign, language)
    return named if subject.phase.due is not None else text("gaps.goal.open_ended", language, milestone=named)


def headline(subject: Subject, language: str) -> str:
    """How many units are short, and who holds most of what is missing; the count below it says the rest."""
    name = subject.indicator.name.of(language)
    if subject.parent is not None:
        name = text("gaps.headline.within", language, name=name, parent=subject.parent)
    return text("gaps.headline.whole", language, name=name, findings="; ".join(_findings(subject, language)))


def headline_of_one(subject: Subject, row: GapRow, language: str) -> str:
    """A single unit in one sentence."""
    return text(
        "gaps.headline.one",
        language,
        unit=row.result.name,
        name=wording.in_sentence(subject.indicator.name.of(language)),
        finding=_finding_of_one(subject, row.result, language),
    )


def _findings(subject: Subject, language: str) -> list[str]:
    results = [row.result for row in subject.rows]
    if not results:
        return [text("gaps.headline.nobody", language)]
    units, noun = formats.whole(len(results), language), _noun(subject, language)
    with_target = [result for result in results if result.target is not None]
    named = wording.milestone(subject.phase, subject.overview.campaign, language)
    if all(result.is_only_followed for result in results):
        return [text("gaps.headline.only_followed", language)]
    if not with_target:
        return [text("gaps.headline.no_targets", language, milestone=named)]
    if subject.overview.day_number < 1:
        return [
            text(
                "gaps.headline.not_begun",
                language,
                set=formats.whole(len(with_target), language),
                units=units,
                noun=noun,
                milestone=named,
                date=formats.day(subject.overview.campaign.start, language),
            )
        ]
    if all(result.standing in NO_FIGURE for result in with_target):
        return [_unknown(subject, with_target, language)]
    return [
        _state(subject, results, language),
        *_share(subject, language),
    ]


def _unknown(subject: Subject, results: Sequence[Result], language: str) -> str:
    """Nobody can be judged: because figures stopped, because none came, or because there was nothing to do."""
    units, noun = formats.whole(len(results), language), _noun(subject, language)
    reported = [result.reading_as_of for result in results if result.standing == "stale" and result.reading_as_of]
    if reported:
        return text(
            "gaps.headline.not_known", language, date=formats.day(max(reported), language), goal=goal(subject, language)
        )
    if all(result.standing == "no_cases" for result in results):
        counted = subject.indicator.denominator.of(language)
        return text("gaps.headline.no_cases", language, units=units, noun=noun, counted=counted)
    return text("gaps.headline.no_readings", language, units=units, noun=noun, goal=goal(subject, language))


def _state(subject: Subject, results: Sequence[Result], language: str) -> str:
    behind = [result.standing for result in results if result.standing in NOT_ARRIVED]
    short, is_over = len(behind), all(standing == "missed" for standing in behind)
    met = sum(result.standing == "met" for result in results)
    terms = {"noun": _noun(subject, language), "goal": goal(subject, language)}
    units = formats.whole(len(results), language)
    if short == 0:
        if met == len(results):
            return text("gaps.headline.met_all", language, units=units, **terms)
        return text("gaps.headline.met_known", language, met=formats.whole(met, language), units=units, **terms)
    if short == len(results) and not is_over:
        return text("gaps.headline.short_all", language, units=units, **terms)
    # A unit with a later date of its own has missed nothing yet, whatever the campaign's own date is.
    over = "short_over" if is_over else "short"
    return text(f"gaps.headline.{over}", language, short=formats.whole(short, language), units=units, **terms)


# --- who holds most of what is missing ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """The fewest units that together hold half or more of the cases missing, and how much that is."""

    units: int
    percent: int
    is_counted_once: bool
    """Units that include others were left out of the sum."""


def share(rows: Sequence[GapRow]) -> Share | None:
    """None where nothing is counted, or where it takes more than half of the units concerned: no concentration."""
    parents = {row.parent for row in rows}
    leaves = [row for row in rows if row.result.unit not in parents]
    behind = [row.result.cases_missing or 0 for row in leaves if row.result.standing in NOT_ARRIVED]
    missing = sorted((cases for cases in behind if cases > 0), reverse=True)
    total = sum(missing)
    held = units = 0
    for cases in missing:
        if held * 2 >= total:
            break
        held += cases
        units += 1
    if units == 0 or units * 2 > len(missing):
        return None
    percent = int((Decimal(100 * held) / total).quantize(Decimal(1), ROUND_HALF_UP))
    return Share(units=units, percent=percent, is_counted_once=len(leaves) < len(rows))


def _share(subject: Subject, language: str) -> list[str]:
    found = share(subject.rows)
    if found is None:
        return []
    return [
        text_of(
            "gaps.headline.share",
            language,
            lower_is_better=subject.indicator.lower_is_better,
            most=formats.whole(found.units, language),
            percent=found.percent,
            counted=subject.indicator.counted.of(language),
        )
    ]


def _noun(subject: Subject, language: str) -> str:
    """What the units are called: by their level where it is one, otherwise simply units."""
    if subject.level is None:
        return text("gaps.noun.units", language)
    return wording.in_sentence(subject.overview.campaign.level(subject.level).name.of(language))


# --- one unit -------------------------------------------------------------------------------------------------------


def points_missing(result: Result) -> Decimal | None:
    """Points short of the target as they are shown; 0 where nothing is, None where that is not known."""
    if result.value is None or result.target is None or result.standing == "no_cases":
        return None
    return formats.missing_points(result.value, result.target, lower_is_better=result.lower_is_better)


def _finding_of_one(subject: Subject, result: Result, language: str) -> str:
    points, aim = points_missing(result), goal(subject, language)
    if result.standing in (*NO_FIGURE, "no_target") or points is None:
        return text("gaps.headline.one_other", language, standing=standing_of(result, language).lower())
    figure, target = wording.figure(result, language), wording.target_of(result, language)
    if points == 0:
        if result.standing != "met":
            return text("gaps.headline.one_bound", language, figure=figure, goal=aim)
        return text("gaps.headline.one_met", language, figure=figure, target=target, goal=aim)
    written = text("points", language, number=formats.decimal(points, language))
    if not result.cases_missing:
        return wording.said("gaps.headline.one_short", result, language, points=written, goal=aim)
    cases, counted = formats.whole(result.cases_missing, language), subject.indicator.counted.of(language)
    return wording.said(
        "gaps.headline.one_short_cases", result, language, points=written, cases=cases, counted=counted, goal=aim
    )


# --- what stands beside ---------------------------------------------------------------------------------------------


def advice(subject: Subject, language: str) -> str:
    """Who can do what next where there is little to compare; empty where there is."""
    results = [row.result for row in subject.rows]
    with_target = [result for result in results if result.target is not None]
    if not results:
        return ""
    if all(result.is_only_followed for result in results):
        return ""
    if not with_target:
        if subject.indicator.key in subject.overview.central_targets_missing:
            return text("gaps.advice.central_missing", language, year=subject.overview.campaign.target_year)
        return text("advice.no_targets", language)
    if subject.overview.day_number < 1 or not all(result.standing in NO_FIGURE for result in with_target):
        return ""
    is_stale = any(result.standing == "stale" for result in with_target)
    is_silent = any(result.standing == "insufficient" for result in with_target)
    return text("advice.stale", language) if is_stale else text("advice.no_readings", language) if is_silent else ""


def notes(subject: Subject, language: str) -> tuple[str, ...]:
    """What has to be known to read the figures rightly."""
    results = [row.result for row in subject.rows]
    campaign = subject.overview.campaign
    said = []
    judged = kit_sentences.units_judged_by(results, language)
    if judged:
        said.append(judged)
    proposed = proposed_note(results, language)
    if proposed:
        said.append(proposed)
    found = share(subject.rows)
    if found is not None and found.is_counted_once:
        said.append(wording.said("gaps.note.counted_once", subject.indicator, language))
    if any(is_small(result, campaign) for result in results):
        counted = subject.indicator.counted.of(language)
        limit = campaign.small_volume_of(subject.indicator.key)
        said.append(text("gaps.note.small", language, limit=limit, counted=counted))
    own = sum(result.due != subject.phase.due or result.phase != subject.phase.key for result in results)
    own_dates = own if own < len(results) else 0
    if own_dates:
        said.append(text("gaps.note.own_phase", language, count=formats.whole(own_dates, language)))
    return tuple(said)
