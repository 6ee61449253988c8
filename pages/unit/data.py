"""What is asked of the store for a unit's page, as one value; and every unit as the search lists it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from jobs.imports.words import folded
from jobs.wording.results import unit_below
from models.core import formats
from models.readings.arrivals import Arrival, Disagreement, Flag, WithdrawnFigure
from models.readings.baselines import BaselineInForce
from models.results.attention import StandingChange
from models.units.changes import UnitEvent
from models.units.own_figures import OwnFigures
from models.units.queries import OfficialScore, Parts, PastDay, TargetVersion, UnitName, UnitProfile
from targets.results import Result
from targets.values import Campaign, Phase


@dataclass(frozen=True)
class UnitAnswers:
    """All that is known of one unit on one day; `rows` are of the phase that is shown."""

    campaign: Campaign
    profile: UnitProfile
    as_of: date
    phase: Phase
    """With the unit's own dates."""
    rows: tuple[Result, ...]
    ended: tuple[tuple[Phase, tuple[Result, ...]], ...]
    """Every other phase that has passed, with its results on its due date."""
    history: tuple[PastDay, ...]
    versions: tuple[TargetVersion, ...]
    arrivals: tuple[Arrival, ...]
    flags: tuple[Flag, ...]
    disagreements: tuple[Disagreement, ...]
    scores: tuple[OfficialScore, ...]
    parts: tuple[Parts, ...]
    children: tuple[Result, ...]
    """The units below in the phase shown, all indicators."""
    changes: tuple[StandingChange, ...] = ()
    """Of its standings since a week ago, where the running phase is shown."""
    baselines: Mapping[str, BaselineInForce] = field(default_factory=dict)
    """By indicator: its results of the year before, as they were told."""
    own: OwnFigures = field(default_factory=OwnFigures)
    """What the unit tells of itself where its figures are always sums."""
    events: tuple[UnitEvent, ...] = ()
    """What became of the unit, of those below it and of those it follows, up to the day; newest first."""
    withdrawn: tuple[WithdrawnFigure, ...] = ()
    heads: Mapping[str, str] = field(default_factory=dict)
    """Who answers for each unit below, by its code, where the campaign's files say."""


UNSEEN = "\N{INVISIBLE SEPARATOR}"
"""What stands behind it in a list is searched and not shown: pages/assets/chrome.js takes it off the screen."""


@dataclass(frozen=True)
class Findable:
    """A unit as the search lists it."""

    code: str
    label: str
    """Its name, with its parent's where several are called the same."""
    words: str
    """The label, and behind `UNSEEN` the name without diacritics: the browser searches letters as they are."""


def findables(units: Sequence[UnitName], language: str) -> tuple[Findable, ...]:
    """All units as a Vietnamese dictionary sorts them."""
    times = Counter(unit.name for unit in units)
    found = []
    for unit in units:
        label = unit.name
        if times[unit.name] > 1 and unit.parent_name is not None:
            label = unit_below(unit.name, unit.parent_name, language)
        found.append(Findable(unit.code, label, f"{label}{UNSEEN}{folded(unit.name)}"))
    return tuple(sorted(found, key=lambda unit: formats.collation_key(unit.label)))
