"""One indicator on one day as "what if" looks at it: every unit's cases, what is expected of them, who counts them."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt
from sqlmodel import Session

from models.columns import day_number
from models.inputs import ORIGINS, Owed, Units, load_campaign, load_owed, load_units
from models.lines import load_lines
from models.queries.proposals import try_rule
from models.results import DayCases, Results
from targets.history import History
from targets.pace import pace
from targets.progress import Cases
from targets.projection import Outlook, Projection
from targets.values import Campaign
from targets.what_if import Scene, counted_in

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
REGISTERED = ORIGINS.index("registered")


@dataclass(frozen=True)
class Stage:
    """A scene and who is in it: codes, names and levels in the order of its elements, the campaign's own.

    pace       points per week so far, NaN where nobody knows
    targets    how many units have another target than the one in force
    """

    scene: Scene
    codes: tuple[str, ...]
    names: tuple[str, ...]
    levels: tuple[str, ...]
    pace: Floats
    targets: int = 0


def find_stage(session: Session, *, as_of: date, indicator: str, uplift: Decimal | None = None) -> Stage:
    """Every unit that exists on a day, in the phase that runs for it; nothing is stored.

    With `uplift`, as if the rule proposed with it: a unit's registered target stays, whatever the office would give;
    so does every target for which the rule has no value. Raises UnknownName for an indicator.
    """
    day = day_number(as_of)
    campaign = load_campaign(session)
    units = load_units(session, campaign)
    column = [known.key for known in campaign.indicators].index(indicator)
    owed, changed = load_owed(session, campaign, units), 0
    if uplift is not None:
        owed, changed = _with_uplift(session, campaign, units, owed, indicator=indicator, uplift=uplift)
    results = Results(
        campaign=campaign,
        units=units,
        owed=owed,
        lines=load_lines(session, campaign, units, last=day, of_day=day),
        first=day,
        last=day,
    )
    gathered = results.cases_on(day)
    chosen = np.flatnonzero(gathered.indicator == column)
    chosen = chosen[np.argsort(gathered.unit[chosen], kind="stable")]
    position = gathered.unit[chosen]
    return Stage(
        scene=_scene(gathered, chosen, units, campaign, column=column),
        codes=tuple(units.codes[at] for at in position.tolist()),
        names=tuple(units.names[at] for at in position.tolist()),
        levels=tuple(units.levels[at] for at in position.tolist()),
        pace=_pace(gathered.outlook, chosen),
        targets=changed,
    )


def _scene(gathered: DayCases, chosen: Whole, units: Units, campaign: Campaign, *, column: int) -> Scene:
    position = gathered.unit[chosen]
    place = np.full(len(units), -1, dtype=np.int64)
    place[position] = np.arange(len(position))
    inside = counted_in(parent=units.parent, depth=units.depth, members=gathered.members, column=column)[position]
    return Scene(
        cases=Cases(**{name: values[chosen] for name, values in vars(gathered.cases).items()}),
        outlook=_taken(gathered.outlook, chosen),
        otherwise=Projection(**{name: values[chosen] for name, values in vars(gathered.otherwise).items()}),
        counted_in=np.where(inside >= 0, place[inside], inside),
        province=int(np.flatnonzero(units.parent[position] < 0)[0]),
        thresholds=campaign.thresholds,
    )


def _taken(outlook: Outlook, chosen: Whole) -> Outlook:
    columns = {name: values for name, values in vars(outlook).items() if name != "history"}
    history: History = outlook.history.take(chosen)
    return replace(outlook, history=history, **{name: values[chosen] for name, values in columns.items()})


def _pace(outlook: Outlook, chosen: Whole) -> Floats:
    return np.where(outlook.is_sound[chosen], pace(outlook.history.take(chosen)), np.nan)


def _with_uplift(
    session: Session, campaign: Campaign, units: Units, owed: Owed, *, indicator: str, uplift: Decimal
) -> tuple[Owed, int]:
    """What would be owed, and by how many units otherwise than now."""
    known = campaign.indicator(indicator)
    column = campaign.indicators.index(known)
    phases = {phase.key: at for at, phase in enumerate(campaign.phases)}
    at = {code: position for position, code in enumerate(units.codes)}
    target = owed.target.copy()
    touched = set()
    for tried in try_rule(session, indicator, replace(known.rule, uplift=uplift)).targets:
        place = (at[tried.unit], column, phases[tried.phase])
        if tried.tried is not None and owed.origin[place] != REGISTERED:
            target[place] = float(tried.tried)
            if target[place] != owed.target[place]:
                touched.add(tried.unit)
    return replace(owed, target=target), len(touched)
