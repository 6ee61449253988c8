"""One indicator on one day as "what if" looks at it: every unit's cases, what is expected of them, who counts them."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlmodel import Session

from models.columns import day_number
from models.inputs import ORIGINS, Owed, Units, load_campaign, load_owed, load_units
from models.lines import load_lines
from models.queries.proposals import try_rule
from models.results import DayCases, Results, first_judged
from targets.outlook import Outlook, Projection
from targets.pace import as_the_week_went, pace
from targets.progress import Cases
from targets.values import Campaign
from targets.what_if import Scene, as_it_is, counted_in

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
REGISTERED = ORIGINS.index("registered")


@dataclass(frozen=True)
class Stage:
    """A scene and who is in it: codes, names and levels in the order of its elements, the campaign's own.

    pace   points per week so far, NaN where nobody knows
    """

    scene: Scene
    codes: tuple[str, ...]
    names: tuple[str, ...]
    levels: tuple[str, ...]
    pace: Floats


@dataclass(frozen=True)
class PhaseResults:
    """Every unit in one phase, the province among them; percents in points, NaN unknown."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    province: int
    value: Floats
    target: Floats
    standing: Whole
    """Index into STANDINGS."""
    probability: Floats


def find_stage(session: Session, *, as_of: date, indicator: str) -> Stage:
    """Every unit that exists on a day, in the phase that runs for it; nothing is stored."""
    day = day_number(as_of)
    campaign = load_campaign(session)
    units = load_units(session, campaign)
    column = [known.key for known in campaign.indicators].index(indicator)
    gathered = Results.load(session, first=day, last=day).cases_on(day)
    chosen = np.flatnonzero(gathered.indicator == column)
    chosen = chosen[np.argsort(gathered.unit[chosen], kind="stable")]
    position = gathered.unit[chosen]
    outlook = _taken(gathered.outlook, chosen)
    scene = _scene(gathered, chosen, outlook, units, campaign, column=column)
    week_change = as_it_is(scene).progress.week_change
    return Stage(
        scene=scene,
        codes=tuple(units.codes[at] for at in position.tolist()),
        names=tuple(units.names[at] for at in position.tolist()),
        levels=tuple(units.levels[at] for at in position.tolist()),
        pace=np.where(outlook.is_sound, as_the_week_went(pace(outlook.history), week_change), np.nan),
    )


def _scene(
    gathered: DayCases, chosen: Whole, outlook: Outlook, units: Units, campaign: Campaign, *, column: int
) -> Scene:
    position = gathered.unit[chosen]
    place = np.full(len(units), -1, dtype=np.int64)
    place[position] = np.arange(len(position))
    inside = counted_in(parent=units.parent, depth=units.depth, members=gathered.members, column=column)[position]
    return Scene(
        cases=Cases(**{name: values[chosen] for name, values in vars(gathered.cases).items()}),
        outlook=outlook,
        otherwise=Projection(**{name: values[chosen] for name, values in vars(gathered.otherwise).items()}),
        counted_in=np.where(inside >= 0, place[inside], inside),
        province=_root(units, position),
        thresholds=campaign.thresholds,
    )


def _root(units: Units, position: Whole) -> int:
    return int(np.flatnonzero(units.parent[position] < 0)[0])


def _taken(outlook: Outlook, chosen: Whole) -> Outlook:
    columns: dict[str, Any] = {name: values[chosen] for name, values in vars(outlook).items() if name != "history"}
    return replace(outlook, history=outlook.history.take(chosen), **columns)


def find_phase_results(
    session: Session, *, as_of: date, indicator: str, phase: str, uplift: Decimal | None = None
) -> PhaseResults:
    """Where every unit stands in a phase, by the rows that `standing` tells; nothing is stored.

    With `uplift`, as if the rule proposed with it and the office issued that: a unit's registered target stays, and so
    does every target for which the rule has no value.
    """
    day = day_number(as_of)
    campaign = load_campaign(session)
    units = load_units(session, campaign)
    column = [known.key for known in campaign.indicators].index(indicator)
    owed = load_owed(session, campaign, units)
    if uplift is not None:
        owed = _with_uplift(session, campaign, units, owed, indicator=indicator, uplift=uplift)
    first = first_judged(campaign, phase, day)
    results = Results(
        campaign=campaign,
        units=units,
        owed=owed,
        lines=load_lines(session, campaign, units, last=day, of_day=day if first == day else None),
        first=first,
        last=day,
    )
    parts = list(results.for_phase(day, [known.key for known in campaign.phases].index(phase)))
    unit = np.concatenate([part.unit[part.indicator == column] for part in parts])
    order = np.argsort(unit, kind="stable")
    position = unit[order]

    def column_of(read: Any) -> Any:
        return np.concatenate([read(part)[part.indicator == column] for part in parts])[order]

    return PhaseResults(
        codes=tuple(units.codes[at] for at in position.tolist()),
        names=tuple(units.names[at] for at in position.tolist()),
        province=_root(units, position),
        value=column_of(lambda part: part.progress.value),
        target=column_of(lambda part: part.target),
        standing=column_of(lambda part: part.progress.standing),
        probability=column_of(lambda part: part.ahead.probability),
    )


def _with_uplift(
    session: Session, campaign: Campaign, units: Units, owed: Owed, *, indicator: str, uplift: Decimal
) -> Owed:
    known = campaign.indicator(indicator)
    column = campaign.indicators.index(known)
    phases = {phase.key: at for at, phase in enumerate(campaign.phases)}
    at = {code: position for position, code in enumerate(units.codes)}
    target = owed.target.copy()
    for tried in try_rule(session, indicator, replace(known.rule, uplift=uplift)).targets:
        place = (at[tried.unit], column, phases[tried.phase])
        if tried.tried is not None and owed.origin[place] != REGISTERED:
            target[place] = float(tried.tried)
    return replace(owed, target=target)
