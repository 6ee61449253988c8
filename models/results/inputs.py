"""Everything standings are computed from, as arrays: units, baselines, targets in force, readings.

Arrays are indexed units × indicators (× phases); `Units` gives the order of units, the campaign that of the rest.
With `known_at` only what was recorded by that moment is loaded: readings, baselines, targets and settings alike.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Select, func, select
from sqlmodel import Session, SQLModel, col

from models.catalogue import campaign_from_json
from models.core.columns import day_number, day_of
from models.core.settings import TIMEZONE
from models.core.store import read_columns, read_frame
from models.tables import Baseline, CampaignVersion, PhaseDates, Target, UnitRow
from models.targets.history import Versions
from targets.errors import StoreNotReady
from targets.rules import PLACES
from targets.standing.amounts import KINDS, is_amount
from targets.standing.direction import mirrored, wholes
from targets.standing.unit_changes import all_changes, shares
from targets.trajectory import TargetSpan
from targets.values import Campaign, Counting, Unit, UnitChange, UnitPhase

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
ORIGINS = ("proposed", "issued", "registered")
ALWAYS, NEVER = -(10**7), 10**7
"""Days that stand for "always" and "never ending" in validity dates."""


@dataclass(frozen=True)
class Ending:
    """What a unit leaves to another from a day on: its cases from `above` to `upto` millionths; units by position."""

    day: int
    unit: int
    to: int
    above: int
    upto: int
    counts: Counting


@dataclass(frozen=True)
class Units:
    """The units in the campaign's order, in the tree of the newest day; `on` gives another day's."""

    ids: Whole
    codes: list[str]
    names: list[str]
    levels: list[str]
    parent: Whole
    """Position of the parent, −1 for the root."""
    depth: Whole
    valid_from: Whole
    valid_to: Whole
    is_below: npt.NDArray[np.bool_]
    """Whether the level's default scope is `below`."""
    may_be_pooled: npt.NDArray[np.bool_]
    """Whether a unit that tells nothing of all below it is their sum; a root is, whatever it tells."""
    moves: tuple[tuple[int, int, int], ...] = ()
    """The day of a move, who moved and the parent until then, newest first."""
    endings: tuple[Ending, ...] = ()
    """In the order of their days."""

    def on(self, day: int) -> "Units":
        """The same units in the tree of a day."""
        undone = [(unit, former) for moved, unit, former in self.moves if day < moved]
        if not undone:
            return self
        parent = self.parent.copy()
        for unit, former in undone:
            parent[unit] = former
        return replace(self, parent=parent, depth=_depth(parent))

    def alone(self, at: int) -> "Units":
        """One unit as if it were the whole campaign: judged by what it tells itself, never pooled."""
        rest: dict[str, Any] = {
            name: getattr(self, name)[at : at + 1]
            for name in ("ids", "codes", "names", "levels", "valid_from", "valid_to", "is_below")
        }
        root = np.array([-1], dtype=np.int64)
        return Units(**rest, parent=root, depth=root + 1, may_be_pooled=np.zeros(1, dtype=bool))

    def below(self, nodes: Whole) -> Whole:
        """For each unit the place in `nodes`, which stand on one level, of the one at or above it; −1 for none."""
        place = np.full(len(self), -1, dtype=np.int64)
        place[nodes] = np.arange(len(nodes))
        for depth in range(int(self.depth[nodes].max(initial=0)) + 1, int(self.depth.max(initial=0)) + 1):
            units = np.flatnonzero(self.depth == depth)
            place[units] = place[self.parent[units]]
        return place

    def __len__(self) -> int:
        return len(self.ids)

    def positions(self, unit_ids: npt.ArrayLike) -> Whole:
        """Positions of unit ids; every id must be a unit's."""
        order = np.argsort(self.ids)
        return order[np.searchsorted(self.ids, np.asarray(unit_ids, dtype=np.int64), sorter=order)]

    def expected_on(self, day: int) -> npt.NDArray[np.bool_]:
        """Which units exist on a day."""
        result: npt.NDArray[np.bool_] = (self.valid_from <= day) & (day <= self.valid_to)
        return result


@dataclass(frozen=True)
class Owed:
    """Baselines and targets in force: units × indicators (× phases), percents in points, NaN where unknown."""

    baseline: Floats
    target: Floats
    origin: Whole
    """Index into ORIGINS, −1 where there is no target row at all."""
    target_spans: tuple[TargetSpan, ...] = ()
    """What was owed before targets were changed; cases are units × indicators, flat."""

    def alone(self, at: int) -> "Owed":
        """What one unit owes."""
        count = self.baseline.shape[1]
        spans = []
        for span in self.target_spans:
            own = span.cases // count == at
            spans.append(replace(span, cases=span.cases[own] - at * count, target=span.target[own]))
        return Owed(self.baseline[at : at + 1], self.target[at : at + 1], self.origin[at : at + 1], tuple(spans))


def mirrored_owed(owed: Owed, campaign: Campaign) -> Owed:
    """The same as it is judged: where a lower figure is better, its mirror image (`targets.standing.direction`)."""
    of_indicator = wholes_of(campaign)
    if np.isnan(of_indicator).all():
        return owed
    cases = np.tile(of_indicator, len(owed.baseline))
    return replace(
        owed,
        baseline=mirrored(owed.baseline, of_indicator[None, :]),
        target=mirrored(owed.target, of_indicator[None, :, None]),
        target_spans=tuple(
            replace(span, target=mirrored(span.target, cases[span.cases][:, None])) for span in owed.target_spans
        ),
    )


def lower_is_better(campaign: Campaign) -> Bools:
    """Of each indicator, in the campaign's order, whether a lower figure is the better one."""
    return np.array([indicator.lower_is_better for indicator in campaign.indicators], dtype=bool)


def kinds(campaign: Campaign) -> Whole:
    """Of each indicator, in the campaign's order, what its figures are (`targets.standing.amounts.KINDS`)."""
    return np.array([KINDS.index(indicator.measured_in) for indicator in campaign.indicators], dtype=np.int64)


def wholes_of(campaign: Campaign) -> Floats:
    """Of each indicator what a figure and its mirror image add up to (`targets.standing.direction`)."""
    return wholes(lower_is_better(campaign), is_amount(kinds(campaign)))


def load_campaign(session: Session, *, known_at: datetime | None = None) -> Campaign:
    """The campaign's settings, as recorded by a moment.

    Raises StoreNotReady where none had been loaded by then.
    """
    statement = select(CampaignVersion).order_by(col(CampaignVersion.id).desc()).limit(1)
    if known_at is not None:
        statement = statement.where(col(CampaignVersion.recorded_at) <= known_at)
    version = session.scalars(statement).first()
    if version is None:
        if known_at is None:
            raise StoreNotReady("The store holds no campaign yet. Run `python -m jobs init` first.", code="no_campaign")
        when = known_at.astimezone(TIMEZONE).isoformat(timespec="minutes")
        raise StoreNotReady(f"No campaign had been loaded by {when}.", code="no_campaign_by", when=when)
    return _with_agreed_dates(session, campaign_from_json(version.content), known_at)


def _with_agreed_dates(session: Session, campaign: Campaign, known_at: datetime | None) -> Campaign:
    """The campaign with the dates that units were granted on request, in place of those its files say of them."""
    statement = (
        select(PhaseDates.phase, PhaseDates.start, PhaseDates.due, PhaseDates.document, UnitRow.code)  # type: ignore[call-overload] # SQLModel types columns as values
        .join(UnitRow, col(UnitRow.id) == col(PhaseDates.unit_id))
        .where(col(PhaseDates.state) == "in_force")
        .order_by(col(PhaseDates.decided_at), col(PhaseDates.id))
    )
    if known_at is not None:
        statement = statement.where(col(PhaseDates.decided_at) <= known_at)
    granted = {
        (row.code, row.phase): UnitPhase(row.code, row.phase, row.start, row.due, row.document)
        for row in session.connection().execute(statement)
    }
    if not granted:
        return campaign
    current = {(own.unit, own.phase): own for own in campaign.unit_phases}
    return replace(campaign, unit_phases=tuple((current | granted).values()))


def load_units(session: Session, campaign: Campaign) -> Units:
    """All units, merged ones included, in the order of the campaign's file."""
    frame = read_frame(
        session,
        columns_of(
            UnitRow, "id", "code", "name", "level", "parent_id", "valid_from", "valid_to", "successor_id"
        ).order_by(col(UnitRow.position), col(UnitRow.id)),
    )
    ids = floats(frame["id"]).astype(np.int64)
    position = {int(unit): index for index, unit in enumerate(ids)}
    parent = np.array(
        [-1 if np.isnan(above) else position[int(above)] for above in floats(frame["parent_id"])], dtype=np.int64
    )
    codes, levels = list(frame["code"]), list(frame["level"])
    below = {level.key for level in campaign.levels if level.default_scope == "below"}
    pooled = {level.key for level in campaign.levels if level.key in below and level.is_pooled}
    units = Units(
        ids=ids,
        codes=codes,
        names=list(frame["name"]),
        levels=levels,
        parent=parent,
        depth=_depth(parent),
        valid_from=np.nan_to_num(floats(frame["valid_from"]), nan=ALWAYS).astype(np.int64),
        valid_to=np.nan_to_num(floats(frame["valid_to"]), nan=NEVER).astype(np.int64),
        is_below=np.array([level in below for level in levels], dtype=bool),
        may_be_pooled=np.array([level in pooled for level in levels], dtype=bool) | (parent < 0),
    )
    succeeded = floats(frame["successor_id"])
    if not campaign.unit_changes and not (units.valid_to < NEVER).any():
        return units
    followers = {at: codes[position[int(succeeded[at])]] for at in np.flatnonzero(~np.isnan(succeeded)).tolist()}
    return _with_changes(units, campaign, followers)


def _depth(parent: Whole) -> Whole:
    """How far below the root each unit stands; 0 for the root."""
    depth = np.zeros(len(parent), dtype=np.int64)
    above = parent.copy()
    while (above >= 0).any():
        depth += above >= 0
        above = np.where(above >= 0, parent[above], -1)
    return depth


def _with_changes(units: Units, campaign: Campaign, followers: Mapping[int, str]) -> Units:
    """The units with what became of them: as the campaign's files declare it, else as the units themselves tell."""
    place = {code: at for at, code in enumerate(units.codes)}
    told = {
        code: Unit(
            code=code,
            level=units.levels[at],
            name="",
            parent=units.codes[units.parent[at]] if units.parent[at] >= 0 else None,
            valid_to=day_of(int(units.valid_to[at])) if units.valid_to[at] < NEVER else None,
            successor=followers.get(at),
        )
        for code, at in place.items()
    }
    # A unit that the store no longer or not yet holds has nothing to carry over.
    declared = [
        change for change in campaign.unit_changes if change.unit in place and (change.to or change.unit) in place
    ]
    changes = all_changes(declared, told, campaign.levels)
    moves = [
        (day_number(change.day), place[change.unit], place[change.former])
        for change in changes
        if change.kind == "move" and change.former in place
    ]
    units = replace(units, moves=tuple(sorted(moves, reverse=True)))
    return replace(units, endings=tuple(_endings(changes, units, place)))


def _endings(changes: Iterable[UnitChange], units: Units, place: Mapping[str, int]) -> Iterator[Ending]:
    for change, above, upto in shares(changes):
        day, unit = day_number(change.day), place[change.unit]
        former = int(units.on(day - 1).parent[unit])
        to = former if change.to is None or change.counts == "apart" else place[change.to]
        if to >= 0 and (change.to is not None or change.counts != "continued"):
            yield Ending(day, unit, to, above, upto, change.counts)


def baseline_points(row: Baseline) -> Decimal | None:
    """A baseline in points; from counts only where no percent was reported, to six decimals."""
    if row.value is not None:
        return row.value
    if row.numerator is None or not row.denominator:
        return None
    return (Decimal(100) * row.numerator / row.denominator).quantize(PLACES)


def load_owed(session: Session, campaign: Campaign, units: Units, *, known_at: datetime | None = None) -> Owed:
    """Baselines and the targets in force."""
    indicators = {indicator.key: index for index, indicator in enumerate(campaign.indicators)}
    phases = {phase.key: index for index, phase in enumerate(campaign.phases)}
    baseline = np.full((len(units), len(indicators)), np.nan)
    statement = columns_of(Baseline, "unit_id", "indicator", "value", "numerator", "denominator")
    statement = statement.where(col(Baseline.year) == campaign.baseline_year)
    if known_at is not None:
        statement = statement.where(col(Baseline.recorded_at) <= known_at)
    current = read_frame(session, statement.order_by(col(Baseline.version)))
    current = current[current["indicator"].isin(list(indicators))]
    if len(current):
        denominator = floats(current["denominator"])
        counted = 100 * floats(current["numerator"]) / np.where(denominator > 0, denominator, np.nan)
        stated = floats(current["value"])
        # Later versions come later and overwrite earlier ones.
        baseline[units.positions(current["unit_id"]), current["indicator"].map(indicators)] = np.where(
            np.isnan(stated), counted, stated
        )
    targets = _targets_in_force(session, units, indicators, phases, known_at, is_down=lower_is_better(campaign))
    return Owed(baseline, *targets)


def _targets_in_force(
    session: Session,
    units: Units,
    indicators: dict[str, int],
    phases: dict[str, int],
    known_at: datetime | None,
    *,
    is_down: Bools,
) -> tuple[Floats, Whole, tuple[TargetSpan, ...]]:
    """The target in force of each cell, its origin, and what was in force before it was changed."""
    statement = columns_of(Target, "id", "unit_id", "indicator", "phase", "origin", "value")
    statement = statement.where(col(Target.state) == "in_force")
    if known_at is not None:
        statement = statement.where(func.coalesce(Target.decided_at, Target.recorded_at) <= known_at)
    rows = read_columns(session, statement.order_by(col(Target.id)))
    shape = (len(units), len(indicators), len(phases))
    # One number for indicator, phase and origin: words are looked up once a row.
    numbers = {
        (indicator, phase, origin): (at * shape[2] + column) * len(ORIGINS) + code
        for indicator, at in indicators.items()
        for phase, column in phases.items()
        for code, origin in enumerate(ORIGINS)
    }
    current = zip(rows["indicator"], rows["phase"], rows["origin"], strict=True)
    number = np.array([numbers.get(words, -1) for words in current], dtype=np.int64)
    known = number >= 0
    number, origin = np.divmod(number[known], len(ORIGINS))
    unit = units.positions(np.array(rows["unit_id"], dtype=np.int64)[known])
    value = np.array([np.nan if value is None else float(value) for value in rows["value"]], dtype=np.float64)
    versions = Versions(
        identity=np.array(rows["id"], dtype=np.int64)[known],
        cell=unit * (shape[1] * shape[2]) + number,
        origin=origin,
        value=value[known],
        is_down=is_down[number // shape[2]],
    )
    cells = int(np.prod(shape))
    value, origin = versions.in_force(cells)
    return value.reshape(shape), origin.reshape(shape), versions.target_spans(session, cells=cells, phases=shape[-1])


def columns_of(table: type[SQLModel], *names: str) -> Select[Any]:
    """A statement for `read_frame`: some columns of a table, without building its objects."""
    return select(*(getattr(table, name) for name in names))


def floats(column: Any) -> Floats:
    """A column as floats; NULL becomes NaN, exact decimals kept as text become their nearest float."""
    if pd.api.types.is_numeric_dtype(column):
        return np.asarray(column.to_numpy(), dtype=np.float64)
    return np.asarray(column.to_numpy(dtype=object), dtype=np.float64)


def due_days(campaign: Campaign, units: Units) -> tuple[Floats, Floats]:
    """Start and due day of each phase for each unit: units × phases, NaN where open-ended; own dates first."""
    starts = np.array([float(day_number(phase.start)) for phase in campaign.phases])
    dues = np.array([np.nan if phase.due is None else float(day_number(phase.due)) for phase in campaign.phases])
    start = np.tile(starts, (len(units), 1))
    due = np.tile(dues, (len(units), 1))
    phases = {phase.key: index for index, phase in enumerate(campaign.phases)}
    positions = {code: index for index, code in enumerate(units.codes)}
    for own in campaign.unit_phases:
        if own.unit in positions:
            at = (positions[own.unit], phases[own.phase])
            start[at] = day_number(own.start)
            due[at] = np.nan if own.due is None else day_number(own.due)
    return start, due


def phases_of_units(campaign: Campaign, units: Units, *, today: date | None = None) -> set[tuple[int, str]]:
    """Unit id and phase where the unit exists on some day of the phase: it is given no target where it does not.

    `today`: only units that have not ended before it.
    """
    start, due = due_days(campaign, units)
    is_there = (units.valid_from[:, None] <= np.where(np.isnan(due), NEVER, due)) & (start <= units.valid_to[:, None])
    if today is not None:
        is_there &= (units.valid_to >= day_number(today))[:, None]
    keys = [phase.key for phase in campaign.phases]
    return {(int(units.ids[unit]), keys[phase]) for unit, phase in zip(*np.nonzero(is_there), strict=True)}
