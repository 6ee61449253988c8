"""What a campaign folder holds, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.readings.records import (
    BaselineRecord,
    CentralRecord,
    ReadingRecord,
    ScoreRecord,
    TargetRecord,
    TaskRecord,
)
from targets.values import Campaign, Unit


@dataclass(frozen=True)
class CampaignFiles:
    """A whole campaign folder, checked; rows in the order of their files."""

    campaign: Campaign
    units: tuple[Unit, ...]
    baselines: tuple[BaselineRecord, ...]
    central: tuple[CentralRecord, ...]
    registrations: tuple[TargetRecord, ...]
    scores: tuple[ScoreRecord, ...]
    fingerprint: str
    """sha256 over the names and bytes of every file read; unchanged as long as no file changes."""
    readings: tuple[ReadingRecord, ...] = ()
    tasks: tuple[TaskRecord, ...] = ()
    texts: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    """The files themselves by their names in the folder."""
