"""The demonstration's own source: each pull reports the evening of the next day, made up from seed, unit and day."""

from pydantic import Field

from jobs.campaigns.demonstration import SEED, Simulation, last_day, simulated_baseline
from jobs.fetching.options import Options
from jobs.fetching.values import Asking, PullFailed, ReportedFigure, SourceAnswer, SourceKind
from models.core.columns import day_of


class SimulationOptions(Options):
    """Another seed gives other figures; a demonstration keeps the one that it was founded with."""

    seed: int = Field(default=SEED, ge=0)


def tell(asking: Asking) -> SourceAnswer:
    """What arrives on the evening of the day, exactly as a demonstration founded later would hold it."""
    options: SimulationOptions = asking.options
    if not asking.is_simulated:
        raise PullFailed("not_a_demonstration")
    first, last = asking.campaign.start, last_day(asking.campaign)
    if not first <= asking.day <= last:
        raise PullFailed("rehearsal_over", first=f"{first:%d/%m/%Y}", last=f"{last:%d/%m/%Y}")
    codes = {unit.unit_id: unit.code for unit in asking.units}
    baselines = {
        (unit.code, indicator.key): asking.baselines[key]
        if (key := (unit.code, indicator.key)) in asking.baselines
        else float(simulated_baseline(asking.campaign, unit, indicator.key, seed=options.seed))
        for unit in asking.units
        for indicator in asking.campaign.indicators
    }
    evening = Simulation(asking.campaign, asking.units, baselines, seed=options.seed).evening(asking.day)
    frame = evening.frame
    rows = zip(
        frame["unit_id"], frame["indicator"], frame["as_of"], frame["scope"], frame["numerator"], frame["denominator"],
        strict=True,
    )  # fmt: skip
    figures = tuple(
        ReportedFigure(
            place=f"row {number}",
            unit_code=codes[unit_id],
            unit_name="",
            indicator=indicator,
            as_of=day_of(int(as_of)),
            numerator=int(numerator),
            denominator=int(denominator),
            scope=scope,
        )
        for number, (unit_id, indicator, as_of, scope, numerator, denominator) in enumerate(rows, start=1)
    )
    return SourceAnswer(figures=figures)


SOURCE = SourceKind(key="simulated", options=SimulationOptions, tell=tell, needs_address=False, cadence="rehearsal")
