"""What the overview asks: where the province stands, and how much of it is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from models.core.audit import find_state
from models.core.columns import day_number
from models.feeds.withdrawn import which_count
from models.results.completeness import SilentUnit, find_told
from models.results.inputs import load_campaign, load_units
from models.results.rows import Results
from models.results.series import IN_FORCE_LAST
from models.results.standing import find_standing, is_kept
from models.tables import DailySum, Reading, Run, Series, SourceRow, Target, UnitRow
from models.units.members import find_mixed
from targets.errors import UnknownName
from targets.findings import Told
from targets.results import Result
from targets.values import PUBLISHED, Campaign, Phase

SILENT_NAMED = 6
"""Units without figures of the newest day that are named, at most."""
TAKEN_IN = ("done", "done_with_rejects", "unchanged")
"""Runs after which the store is as new as its source."""


@dataclass(frozen=True)
class ReportedFigure:
    """What the province itself reports of an indicator; never pooled, never judged, shown beside what is."""

    indicator: str
    value: float
    as_of: date
    source: str
    qualifier: str | None = None
    value_high: float | None = None


@dataclass(frozen=True)
class Overview:
    """The province on one day. `lines` has one result per indicator, in the campaign's order."""

    campaign: Campaign
    as_of: date
    day_number: int
    """Day n of the campaign; 0 or less before it begins, above `campaign.days` after its end."""
    phase: Phase
    """The phase running by the campaign's own dates; `phase.due` is None in the open-ended one."""
    lines: tuple[Result, ...]
    targets_met: int
    targets_set: int
    """How many of the lines have a target at all."""
    told: Told
    """How many units have told the figures of the newest day; its day is None where no figure has arrived yet."""
    simulated: bool
    rehearsal: datetime | None
    """The instant a demonstration or `CAODIEM_NOW` pretends to be in; None in real time."""
    data_version: int
    province_name: str
    central_targets_missing: tuple[str, ...] = ()
    """Indicators whose target is unknown because the centre's is; named with the campaign's target year."""
    reported_figures: tuple[ReportedFigure, ...] = ()
    """The province's own figure of each indicator that has one, in the campaign's order."""
    updated: datetime | None = None
    """When figures last came in, in business time; None where none ever did."""
    in_sums: Mapping[str, tuple[int, int]] = field(default_factory=dict, hash=False)
    """By indicator, how many units are in the province's figure and how many would be if all had reported."""
    silent: tuple[SilentUnit, ...] = ()
    """The first of those that have not `told`, the gravest first."""
    mixed: Mapping[str, Mapping[str, int]] = field(default_factory=dict, hash=False)
    """By indicator whose figure for the province is of several sources: source → how many units it reported."""


def find_overview(session: Session, *, as_of: date, phase: str | None = None) -> Overview:
    """Where the province stands on a day, in the phase running then or in the one named.

    Raises UnknownName for a phase.
    """
    state = find_state(session)
    campaign = load_campaign(session)
    keys = [known.key for known in campaign.phases]
    if phase is not None and phase not in keys:
        raise UnknownName(kind="phase", name=phase, allowed=keys)
    running = campaign.phase_on(as_of)
    shown = running if phase is None else campaign.phase(phase)
    lines = find_standing(
        session, as_of=as_of, units=[campaign.province], phase=None if shown.key == running.key else shown.key
    )
    province = session.exec(select(UnitRow).where(UnitRow.code == campaign.province)).one()
    told, silent = find_told(session, campaign, as_of=as_of, most=SILENT_NAMED)
    judged = lines[0].as_of if lines else as_of
    return Overview(
        campaign=campaign,
        as_of=as_of,
        day_number=campaign.day_number(as_of),
        phase=shown,
        lines=tuple(lines),
        targets_met=sum(line.standing == "met" for line in lines),
        targets_set=sum(line.target is not None for line in lines),
        told=told,
        simulated=state.simulated,
        rehearsal=state.rehearsal_now,
        data_version=state.data_version,
        province_name=province.name,
        central_targets_missing=_without_central_target(session, campaign, province, shown),
        reported_figures=_reported_figures(session, campaign, province, judged),
        updated=find_updated(session),
        silent=tuple(silent),
        in_sums=_in_sums(session, campaign, lines),
        mixed=find_mixed(session, campaign, load_units(session, campaign), day=day_number(judged)),
    )


def find_updated(session: Session) -> datetime | None:
    """When figures last came in, in business time; None where none ever did."""
    return session.exec(select(func.max(Run.received_at)).where(col(Run.status).in_(TAKEN_IN))).one()


def _in_sums(session: Session, campaign: Campaign, lines: Sequence[Result]) -> dict[str, tuple[int, int]]:
    """What is asked only of lines that rest on too little."""
    thin = {line.indicator: line.as_of for line in lines if line.is_thin}
    found: dict[str, tuple[int, int]] = {}
    for day in set(thin.values()):
        at = day_number(day)
        if is_kept(session, campaign, day):
            statement = select_columns(col(DailySum.indicator), col(DailySum.counted), col(DailySum.expected)).where(
                col(DailySum.day) == day, col(DailySum.pool) == "province"
            )
            rows = [(key, counted, units) for key, counted, units in session.connection().execute(statement)]
        else:
            pool = Results.load(session, first=at, last=at).on(at)[1].pools["province"]
            keys = [indicator.key for indicator in campaign.indicators]
            rows = list(zip(keys, pool["counted"].tolist(), pool["expected"].tolist(), strict=True))
        found |= {key: (int(counted), int(expected)) for key, counted, expected in rows if thin.get(key) == day}
    return found


def _without_central_target(session: Session, campaign: Campaign, province: UnitRow, phase: Phase) -> tuple[str, ...]:
    """Indicators for which the rule could propose nothing to the province because the centre's target is missing."""
    statement = (
        select_columns(col(Target.indicator), col(Target.because))
        .where(col(Target.unit_id) == province.id, col(Target.phase) == phase.key, col(Target.origin) == "proposed")
        .order_by(col(Target.version))
    )
    newest = {row.indicator: row.because for row in session.connection().execute(statement)}
    return tuple(
        indicator.key for indicator in campaign.indicators if newest.get(indicator.key) == "central_target_missing"
    )


def _reported_figures(
    session: Session, campaign: Campaign, province: UnitRow, as_of: date
) -> tuple[ReportedFigure, ...]:
    """The newest figure of the province as a whole up to the day its pooled one is of, from the source that governs.

    Only of the period running then: a figure of a month that is over says nothing about the one that has begun. What
    was published once stands as of its period's end.
    """
    published = [source.key for source in campaign.sources if source.kind == PUBLISHED]
    statement: Any = (
        select_columns(
            col(Series.indicator), col(Series.basis), col(SourceRow.key).label("source"), col(Reading.as_of),
            col(Reading.numerator), col(Reading.denominator), col(Reading.value), col(Reading.value_high),
            col(Reading.qualifier),
        )
        .join(Series, col(Series.id) == col(Reading.series_id))
        .join(SourceRow, col(SourceRow.id) == col(Series.source_id))
        .where(
            col(Series.unit_id) == province.id,
            col(Series.scope) == "below",
            col(Reading.as_of) <= as_of,
            *which_count(session, col(Reading.run_id)),
            or_(col(Reading.period_end) >= as_of, col(Series.basis) == "day", col(SourceRow.key).in_(published)),
        )
        .order_by(col(Reading.as_of), col(Reading.period_start), *IN_FORCE_LAST)
    )  # fmt: skip
    newest: dict[tuple[str, str, str], Any] = {}
    for reading in session.connection().execute(statement):
        newest[reading.indicator, reading.basis, reading.source] = reading
    found = []
    for indicator in campaign.indicators:
        current = [newest.get((indicator.key, indicator.basis, source)) for source in indicator.sources]
        row: Any = next((known for known in current if known is not None), None)
        if row is None:
            continue
        value = None if row.denominator == 0 else row.value
        if row.numerator is not None and row.denominator:
            value = 100 * row.numerator / row.denominator
        if not indicator.measure.is_rate:
            value = row.numerator if indicator.measured_in == "count" else row.value
        if value is not None:
            bound = (row.qualifier, row.value_high)
            found.append(ReportedFigure(indicator.key, value, row.as_of, row.source, *bound))
    return tuple(found)
