"""What a campaign folder holds, as values. Percents are in points, exact decimals; nothing is rounded or filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from targets.values import Campaign, Qualifier, Unit


@dataclass(frozen=True)
class BaselineRecord:
    """A row of baselines.csv: a percent, counts, or both. Where both stand, they may disagree; the counts count."""

    unit: str
    indicator: str
    year: int
    value: Decimal | None
    numerator: int | None
    denominator: int | None
    qualifier: Qualifier | None
    source: str
    """The publication or document by name."""
    note: str


@dataclass(frozen=True)
class CentralRecord:
    """A row of central.csv: the centre's target; `level` None means every level."""

    indicator: str
    year: int
    level: str | None
    value: Decimal
    document: str
    source: str
    note: str


@dataclass(frozen=True)
class RegistrationRecord:
    """A row of registrations.csv: a target a unit set itself; the date is None where the document's is not known."""

    unit: str
    indicator: str
    phase: str
    value: Decimal
    document: str
    date: date | None
    source: str
    note: str


@dataclass(frozen=True)
class ScoreRecord:
    """A row of scores.csv, in score points. A unit ranked in several groups has a row each, with the same points."""

    unit: str
    indicator: str | None
    """None is the total."""
    year: int
    points: Decimal | None
    max_points: Decimal | None
    rank: int | None
    rank_of: int | None
    rank_group: str
    source: str
    """Key of a source in sources.toml."""
    note: str


@dataclass(frozen=True)
class CampaignFiles:
    """A whole campaign folder, checked; rows in the order of their files."""

    campaign: Campaign
    units: tuple[Unit, ...]
    baselines: tuple[BaselineRecord, ...]
    central: tuple[CentralRecord, ...]
    registrations: tuple[RegistrationRecord, ...]
    scores: tuple[ScoreRecord, ...]
    fingerprint: str
    """sha256 over the names and bytes of every file read; unchanged as long as no file changes."""
    texts: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    """The files themselves by their names in the folder."""
