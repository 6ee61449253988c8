"""What a pull works on: a source with what reads it, and the day it is asked for."""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel

from jobs.fetching.values import SourceKind
from jobs.sources import is_pulled, kind_of, options_of
from targets.errors import CampaignError, UnknownName, WrongUse
from targets.values import Campaign, Source


@dataclass(frozen=True)
class Work:
    """A source and a day."""

    campaign: Campaign
    source: Source
    kind: SourceKind
    options: BaseModel
    day: date

    @property
    def is_rehearsal(self) -> bool:
        return self.kind.cadence == "rehearsal"


def work_on(campaign: Campaign, key: str, day: date) -> Work:
    """The work of pulling a source's day; raises CampaignError where the source is none that can be asked."""
    source = next((source for source in campaign.sources if source.key == key), None)
    if source is None:
        raise UnknownName(kind="source", name=key, allowed=[source.key for source in campaign.sources])
    if not is_pulled(source):
        raise WrongUse(
            f"The figures of “{key}” are handed in by people; there is nothing to pull. Use `python -m jobs import`.",
            code="source_by_hand",
            source=key,
        )
    if not source.enabled:
        raise CampaignError(
            f"The source “{key}” is switched off in sources.toml. Set enabled = true and run `python -m jobs init`.",
            code="source_off",
            source=key,
        )
    return Work(campaign, source, kind_of(source), options_of(source), day)


def sources_pulled(campaign: Campaign, *, is_simulated: bool) -> list[Source]:
    """The sources that are asked by themselves; a simulation only where the store is a demonstration."""
    return [
        source
        for source in campaign.sources
        if source.enabled and is_pulled(source) and (is_simulated or kind_of(source).cadence != "rehearsal")
    ]
