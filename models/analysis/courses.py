"""How the province or a unit got where it is on each indicator, the path it owes, and where it is likely to end.

A *course* is one indicator of one subject: days reported, path owed, milestones, and the row of the phase shown.
A group of units has courses too (`models.analysis.group_courses`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from sqlmodel import Session, select

from models.campaign.holidays import working_days
from models.core.columns import day_number
from models.core.settings import TIMEZONE
from models.results.inputs import load_campaign
from models.results.paths import Place, corners_of, day_by_day, knot_days, path_ahead
from models.results.standing import find_standing
from models.tables import UnitRow
from models.units.queries import PastDay, TargetVersion, find_history, find_target_versions
from targets import rules
from targets.errors import UnknownName
from targets.periods import period_of
from targets.results import Result
from targets.standing.history import LOOKS
from targets.values import Campaign, Phase


@dataclass(frozen=True)
class Milestone:
    """What is owed by a phase's due date; `target` None where nothing has been assigned."""

    phase: str
    due: date
    target: float | None
    is_proposed: bool


@dataclass(frozen=True)
class TargetChange:
    """A target that was different before this day; `document` as the newer version names it."""

    day: date
    phase: str
    before: float
    after: float
    document: str


@dataclass(frozen=True)
class Course:
    """One indicator of a subject."""

    result: Result
    """The row of the phase shown: of a group, its units' figures added up."""
    days: tuple[PastDay, ...]
    milestones: tuple[Milestone, ...]
    path: tuple[Place, ...]
    """The path owed, by its corners; empty where nothing is owed."""
    knots: tuple[Place, ...]
    """Where the path bends by decision between its milestones."""
    changes: tuple[TargetChange, ...]
    counted_days: int
    """Working days of counting that the newest figure looks back on, as far as a projection does."""
    ends_before_due: bool
    """The accounting period of the newest figure ends before the due date: no projection crosses that."""
    counted: int | None = None
    expected: int | None = None
    """Of a group: how many of its units are in the figure, and how many there are."""


@dataclass(frozen=True)
class Courses:
    """All indicators of one subject on one day, in one phase."""

    campaign: Campaign
    as_of: date
    unit: str | None
    """Code of the unit; None for a group."""
    level: str
    name: str
    """A group's is its level's, in the campaign's words: see `campaign.level`."""
    phase: Phase
    phases: tuple[Phase, ...]
    """With the unit's own dates."""
    lines: tuple[Course, ...]


def find_courses(session: Session, *, unit: str, as_of: date, phase: str | None = None) -> Courses:
    """A unit's or the province's courses, in its running phase or the one named.

    Raises UnknownName for a unit or phase.
    """
    campaign = load_campaign(session)
    row = session.exec(select(UnitRow).where(UnitRow.code == unit)).one_or_none()
    if row is None:
        raise UnknownName(kind="unit", name=unit)
    phases = own_phases(campaign, unit)
    shown, asked = shown_phase(phases, as_of, phase)
    rows = find_standing(session, as_of=as_of, units=[unit], phase=asked)
    history = find_history(session, unit, as_of=as_of)
    versions = find_target_versions(session, unit)
    return Courses(
        campaign=campaign,
        as_of=as_of,
        unit=unit,
        level=row.level,
        name=row.name,
        phase=shown,
        phases=phases,
        lines=tuple(
            course_of(
                result,
                campaign=campaign,
                as_of=as_of,
                phases=phases,
                days=tuple(day for day in history if day.indicator == result.indicator),
                versions=[version for version in versions if version.indicator == result.indicator],
            )
            for result in rows
        ),
    )


def own_phases(campaign: Campaign, unit: str) -> tuple[Phase, ...]:
    """The campaign's phases with a unit's own dates where it has some."""
    own = {dates.phase: dates for dates in campaign.unit_phases if dates.unit == unit}
    return tuple(
        replace(phase, start=own[phase.key].start, due=own[phase.key].due) if phase.key in own else phase
        for phase in campaign.phases
    )


def shown_phase(phases: Sequence[Phase], as_of: date, asked: str | None) -> tuple[Phase, str | None]:
    """The phase to show, and its key where it is not the running one (whose rows are kept).

    Raises UnknownName.
    """
    keys = [phase.key for phase in phases]
    if asked is not None and asked not in keys:
        raise UnknownName(kind="phase", name=asked, allowed=keys)
    running = next((phase for phase in phases if phase.due is None or as_of <= phase.due), phases[-1])
    shown = next((phase for phase in phases if phase.key == asked), running)
    return shown, None if shown.key == running.key else shown.key


def course_of(
    result: Result,
    *,
    campaign: Campaign,
    as_of: date,
    phases: Sequence[Phase],
    days: tuple[PastDay, ...],
    versions: Sequence[TargetVersion],
) -> Course:
    """One indicator's course from its row: `days` and `versions` are the indicator's, `phases` the unit's own."""
    now = {version.phase: version for version in versions if version.is_in_force and version.value is not None}
    milestones = tuple(
        Milestone(
            phase=phase.key,
            due=phase.due,
            target=None if phase.key not in now else float(now[phase.key].value or 0),
            is_proposed=phase.key in now and now[phase.key].origin == "proposed",
        )
        for phase in phases
        if phase.due is not None
    )
    lower_is_better = campaign.indicator(result.indicator).lower_is_better
    target_spans = _target_spans(versions, as_of=as_of, lower_is_better=lower_is_better)
    current = [day.reading_as_of for day in days if day.reading_as_of == day.day]
    path, knots = path_of(
        [(day.day, day.trajectory) for day in days if day.trajectory is not None],
        milestones,
        begun=None if result.baseline is None else (campaign.baseline_day, result.baseline),
        campaign=campaign,
        indicator=result.indicator,
        phases=phases,
        last=max([campaign.end, as_of, *(milestone.due for milestone in milestones)]),
    )
    return Course(
        result=result,
        days=days,
        milestones=milestones,
        path=path,
        knots=knots,
        changes=_changes(target_spans, milestones),
        counted_days=counted_days(result, current[0] if current else None, campaign),
        ends_before_due=ends_before_due(result, campaign),
    )


def counted_days(result: Result, first_reported: date | None, campaign: Campaign) -> int:
    """Working days between the oldest look of a projection and the newest figure; 0 without any figure.

    The looks reach back four weeks, to the period's start, or to the first figure, whichever is the latest.
    """
    if result.reading_as_of is None:
        return 0
    calendar, newest = working_days(campaign), day_number(result.reading_as_of)
    start = day_number(period_of(campaign.indicator(result.indicator).basis, result.reading_as_of, campaign)[0])
    oldest = int(calendar.back(newest, LOOKS[-1]))
    if start > oldest:
        return int(calendar.between(start - 1, newest))
    begun = oldest if first_reported is None else max(oldest, day_number(first_reported))
    return int(calendar.between(begun, newest))


def ends_before_due(result: Result, campaign: Campaign) -> bool:
    """Whether counting starts anew between the newest figure and the due date."""
    if result.reading_as_of is None or result.due is None:
        return False
    return period_of(campaign.indicator(result.indicator).basis, result.reading_as_of, campaign)[1] < result.due


# --- the path owed --------------------------------------------------------------------------------------------------


def path_of(
    kept: Sequence[Place], milestones: Sequence[Milestone], *, begun: Place | None, campaign: Campaign,
    indicator: str, phases: Sequence[Phase], last: date,
) -> tuple[tuple[Place, ...], tuple[Place, ...]]:  # fmt: skip
    """The path as a line with few corners, and its knots: what was owed on past days, and from there what will be.

    `kept` are the past days' own rows, so a target that changed bends the path on its day, never before. `begun` is
    the baseline, where there is one; without it and without past days there is no path.
    """
    past = list(kept) if begun is None else [begun, *(place for place in kept if place[0] > begun[0])]
    past = day_by_day(past, campaign)
    targets = {one.phase: one.target for one in milestones if one.target is not None}
    if not past or not targets:
        return (), ()
    bending = campaign.indicator(indicator).knots
    known = dict(past)
    coming = path_ahead(
        campaign, phases=phases, knots=bending, targets=targets, since=past[-1], last=max(last, past[-1][0])
    )
    known |= dict(coming)
    knots = tuple((day, known[day]) for day in knot_days(campaign, indicator, phases) if day in known)
    return corners_of([*past, *coming[1:]]), knots


# --- targets that changed -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Era:
    """Targets by phase as they were in force from a day on; the first span has always been."""

    since: date | None
    targets: Mapping[str, TargetVersion]


def _target_spans(versions: Sequence[TargetVersion], *, as_of: date, lower_is_better: bool) -> list[_Era]:
    """What was in force from when on, oldest first; what was recorded on the first day counts as always in force.

    A target counts from the day it is recorded: no unit owed it before.
    """
    counting = [version for version in versions if version.state == "in_force"]
    days = sorted({version.at.astimezone(TIMEZONE).date() for version in counting})
    target_spans: list[_Era] = []
    for position, day in enumerate(days):
        if position and day > as_of:
            break
        known = [version for version in counting if version.at.astimezone(TIMEZONE).date() <= day]
        targets = _in_force(known, lower_is_better=lower_is_better)
        if not target_spans or _values(targets) != _values(target_spans[-1].targets):
            target_spans.append(_Era(None if not target_spans else day, targets))
    if target_spans:
        # The standing of whatever day is judged by what is in force now.
        target_spans[-1] = replace(target_spans[-1], targets={one.phase: one for one in versions if one.is_in_force})
    return target_spans


def _in_force(known: Sequence[TargetVersion], *, lower_is_better: bool) -> dict[str, TargetVersion]:
    by_phase: dict[str, dict[str, tuple[rules.TargetVersion, TargetVersion]]] = {}
    for order, version in enumerate(known):
        bare = rules.TargetVersion(origin=version.origin, value=version.value, order=order)  # type: ignore[arg-type]
        by_phase.setdefault(version.phase, {})[version.origin] = (bare, version)
    found = {}
    for phase, of in by_phase.items():
        bare_of = {origin: bare for origin, (bare, _) in of.items()}
        chosen = rules.choose_in_force(bare_of, lower_is_better=lower_is_better)
        found[phase] = next(version for bare, version in of.values() if bare is chosen)
    return found


def _values(targets: Mapping[str, TargetVersion]) -> dict[str, Decimal]:
    return {phase: version.value for phase, version in targets.items() if version.value is not None}


def _changes(target_spans: Sequence[_Era], milestones: Sequence[Milestone]) -> tuple[TargetChange, ...]:
    due = {milestone.phase: milestone.due for milestone in milestones}
    found = []
    for before, after in pairwise(target_spans):
        old = _values(before.targets)
        for phase, value in _values(after.targets).items():
            is_open = after.since is not None and phase in due and after.since <= due[phase]
            if is_open and phase in old and old[phase] != value and after.since is not None:
                document = after.targets[phase].document
                found.append(TargetChange(after.since, phase, float(old[phase]), float(value), document))
    return tuple(found)
