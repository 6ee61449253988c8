"""What a unit tells of itself whose figure is always the sum of others: judged as any other unit's, beside the sum."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.core.audit import find_state
from models.core.columns import day_number, day_of
from models.core.store import filled
from models.results.inputs import load_campaign, load_owed, load_units
from models.results.rows import Results, first_judged
from models.results.series import load_lines
from models.results.standing import computed
from models.tables import Series
from models.units.queries import PastDay
from targets.results import Result


@dataclass(frozen=True)
class OwnFigures:
    """The indicators a unit tells of all below it, in the campaign's order; empty where it is not the root."""

    rows: tuple[Result, ...] = ()
    history: tuple[PastDay, ...] = ()
    """Each day it told of, up to the one asked for."""


def find_own_figures(session: Session, unit: str, *, as_of: date, phase: str | None = None) -> OwnFigures:
    """Where the root stands by its own figures on a day, in its running phase or the one named."""
    campaign = load_campaign(session)
    units = load_units(session, campaign)
    at = units.codes.index(unit)
    identity, scope = int(units.ids[at]), campaign.level(units.levels[at]).default_scope
    told = select_columns(col(Series.id)).where(col(Series.unit_id) == identity, col(Series.scope) == scope)
    if units.parent[at] >= 0 or session.connection().execute(told.limit(1)).first() is None:
        return OwnFigures()
    day, keys = day_number(as_of), [known.key for known in campaign.phases]
    lines = load_lines(session, campaign, units, last=day, only=[identity]).as_reported()
    own = lines.line_of[at : at + 1]
    results = Results(
        campaign=campaign,
        units=units.alone(at),
        owed=load_owed(session, campaign, units).alone(at),
        lines=replace(lines, line_of=own),
        first=day_number(campaign.start) if phase is None else first_judged(campaign, phase, day),
        last=day,
    )
    parts = [results.on(day)[0]] if phase is None else list(results.for_phase(day, keys.index(phase)))
    is_simulated = find_state(session).simulated
    rows = [row for row in computed(results, parts, is_simulated=is_simulated) if row.reading_as_of is not None]
    if not rows:
        return OwnFigures()
    is_own = np.isin(lines.readings.line, own[own >= 0])
    days = np.unique(lines.readings.as_of[is_own & (lines.readings.as_of >= day_number(campaign.start))])
    history = [
        filled(PastDay, row, day=day_of(then), is_fresh=bool(row.coverage))
        for then in days.tolist()
        for row in computed(results, [results.on(then)[0]], is_simulated=is_simulated)
    ]
    return OwnFigures(tuple(rows), tuple(history))
