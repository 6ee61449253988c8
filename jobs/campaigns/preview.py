"""What a change of the campaign would do, before it is made: place by place, and for how many units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np
from sqlmodel import Session

from jobs.campaigns.changing import check_seen, load_checked, open_campaign
from models.campaign.actions import found_campaign
from models.catalogue.changes import Change, changes_between
from models.catalogue.editing import Edit, edited
from models.core.audit import ChangeContext, find_state
from models.core.store import Store, taken_back
from models.results.inputs import load_campaign, load_owed, load_units
from models.results.standing import find_standing

K = TypeVar("K", bound=tuple[str, ...])
"""A key that begins with the unit."""
Targets = dict[tuple[str, str, str], float | None]


@dataclass(frozen=True)
class Foreseen:
    """What a change would do."""

    changes: tuple[Change, ...]
    targets: int
    """Units whose target would change in some indicator and phase, proposed ones included."""
    standings: int
    """Units whose standing today would change on some indicator."""
    units: int
    staying: tuple[Change, ...] = ()
    """Rows taken out of the files that stay in the store all the same."""

    @property
    def is_nothing(self) -> bool:
        return not self.changes


def foresee(store: Store, edits: Sequence[Edit], *, seen: int, as_of: date, context: ChangeContext) -> Foreseen:
    """Try the edits out in a transaction that is rolled back; `seen` is the version that the form was drawn from.

    Raises Refused, EditConflict, CampaignFilesError as making the change would.
    """
    with store.reading() as session:
        opened = open_campaign(session)
        check_seen(session, opened, seen)
        standings = _standings(session, as_of)
        targets = _targets(session)
    before = opened.before(edits)
    files = load_checked(edited(before, edits))
    changes = changes_between(before, files.texts)
    if not any(change.touches_figures for change in changes):
        return Foreseen(changes, targets=0, standings=0, units=0)
    with store.writing() as session, taken_back(session):
        # Only the one day looked at is worked out, not the whole campaign.
        state = find_state(session)
        state.kept_through = None
        session.add(state)
        founding = found_campaign(session, files, changed_from=before, context=context)
        new_targets, new_standings = _targets(session), _standings(session, as_of)
    return Foreseen(
        changes=changes,
        targets=_units_that_differ(targets, new_targets),
        standings=_units_that_differ(standings, new_standings),
        units=len({unit for unit, *_ in new_targets}),
        staying=founding.staying,
    )


def _standings(session: Session, as_of: date) -> dict[tuple[str, str], str]:
    return {(row.unit, row.indicator): row.standing for row in find_standing(session, as_of=as_of)}


def _targets(session: Session) -> Targets:
    """The targets in force, in points; None where there is none."""
    campaign = load_campaign(session)
    units = load_units(session, campaign)
    owed = load_owed(session, campaign, units).target
    return {
        (unit, indicator.key, phase.key): None if np.isnan(value) else value
        for unit, of_unit in zip(units.codes, owed.tolist(), strict=True)
        for indicator, of_indicator in zip(campaign.indicators, of_unit, strict=True)
        for phase, value in zip(campaign.phases, of_indicator, strict=True)
    }


def _units_that_differ(before: Mapping[K, object], after: Mapping[K, object]) -> int:
    """Units of which some entry differs, is new or is gone."""
    return len({key[0] for key in before.keys() | after.keys() if before.get(key) != after.get(key)})
