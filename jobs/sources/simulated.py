"""The demonstration's own sources: each pull reports the evening of the next day, made up from seed, unit and day."""

from collections.abc import Mapping
from datetime import date

from pydantic import Field

from jobs.campaigns.demonstration import SEED, Simulation, last_day, simulated_baseline
from jobs.fetching.options import Options
from jobs.fetching.values import Asking, PullFailed, ReportedFigure, SourceAnswer, SourceKind
from models.core.columns import day_of
from targets.values import Campaign


class SimulationOptions(Options):
    """Another seed gives other figures; a demonstration keeps the one that it was founded with."""

    seed: int = Field(default=SEED, ge=0)
    units: tuple[str, ...] = ()
    """The codes of the units it reports; none: all that no other simulated source names."""
    silent_from: date | None = None
    """The first evening on which it does not answer: a demonstration shows a late source too."""

    def is_silent(self, day: date) -> bool:
        return self.silent_from is not None and day >= self.silent_from


def simulated_sources(campaign: Campaign) -> dict[str, SimulationOptions]:
    """The simulated sources that a demonstration asks, by key."""
    of_kind = (source for source in campaign.sources if source.kind == SOURCE.key and source.enabled)
    return {source.key: SimulationOptions(**source.options) for source in of_kind}


def reporting_units(campaign: Campaign, options: SimulationOptions, codes: Mapping[int, str]) -> set[int]:
    """Units that the simulated source of these options reports: one that names no units leaves others theirs."""
    others = {code for other in simulated_sources(campaign).values() for code in other.units}
    return {unit for unit, code in codes.items() if (code in options.units if options.units else code not in others)}


def tell(asking: Asking) -> SourceAnswer:
    """What arrives on the evening of the day, exactly as a demonstration founded later would hold it."""
    options: SimulationOptions = asking.options
    if not asking.is_simulated:
        raise PullFailed("not_a_demonstration")
    first, last = asking.campaign.start, last_day(asking.campaign)
    if not first <= asking.day <= last:
        raise PullFailed("rehearsal_over", first=f"{first:%d/%m/%Y}", last=f"{last:%d/%m/%Y}")
    if options.is_silent(asking.day):
        raise PullFailed("simulated_silence", is_passing=True)
    codes = {unit.unit_id: unit.code for unit in asking.units}
    reporting = reporting_units(asking.campaign, options, codes)
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
        if unit_id in reporting
    )
    return SourceAnswer(figures=figures)


SOURCE = SourceKind(key="simulated", options=SimulationOptions, tell=tell, needs_address=False, cadence="rehearsal")
