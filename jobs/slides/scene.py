"""A snapshot set out for its slides: the province's lines, units by indicator, and the meeting before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlmodel import Session

from models.agendas import default_slides
from models.queries.snapshots import FrozenFigures, SnapshotHead, find_agenda, find_frozen, find_previous, find_snapshot
from models.queries.tasks import TaskRow, find_tasks
from targets.periods import period_of
from targets.results import Result
from targets.values import Campaign, Indicator

GRAVEST = ("missed", "unlikely", "high_risk", "at_risk", "likely")
"""Standings of what has not arrived, the worst first."""


@dataclass(frozen=True)
class Scene:
    """All that slides are worked out from. Nothing here changes with a later pull."""

    frozen: FrozenFigures
    rows: tuple[Result, ...]
    before: SnapshotHead | None
    """The meeting before."""
    rows_before: tuple[Result, ...]
    recorded: tuple[TaskRow, ...]
    """What was recorded at this very meeting: the one thing that grows while it lasts."""
    agenda: tuple[str, ...]

    @property
    def campaign(self) -> Campaign:
        return self.frozen.campaign

    @property
    def as_of(self) -> date:
        return self.frozen.head.as_of

    def indicator(self, key: str) -> Indicator:
        return self.campaign.indicator(key)

    @cached_property
    def province(self) -> tuple[Result, ...]:
        """The province's own lines."""
        return tuple(row for row in self.rows if row.unit == self.campaign.province)

    def line(self, indicator: str) -> Result | None:
        """The province on an indicator."""
        return next((row for row in self.province if row.indicator == indicator), None)

    @cached_property
    def units(self) -> frozenset[str]:
        """Codes of the units that had figures, or none of them, on that day: those that existed."""
        return frozenset(row.unit for row in self.rows)

    @cached_property
    def by_indicator(self) -> Mapping[str, tuple[Result, ...]]:
        """Every unit but the province, by indicator."""
        found: dict[str, list[Result]] = {indicator.key: [] for indicator in self.campaign.indicators}
        for row in self.rows:
            if row.unit != self.campaign.province:
                found[row.indicator].append(row)
        return {key: tuple(rows) for key, rows in found.items()}

    @cached_property
    def value_before(self) -> Mapping[tuple[str, str], float]:
        """Unit and indicator → the rate at the meeting before, where counting has not begun anew since.

        A percent of another accounting period says nothing of a change: a reset is never shown as a fall.
        """
        if self.before is None:
            return {}
        then = self.before.as_of
        kept = {
            indicator.key
            for indicator in self.campaign.indicators
            if period_of(indicator.basis, then, self.campaign) == period_of(indicator.basis, self.as_of, self.campaign)
        }
        return {
            (row.unit, row.indicator): row.value
            for row in self.rows_before
            if row.value is not None and row.indicator in kept
        }

    @cached_property
    def focus(self) -> str:
        """The indicator that needs the meeting most: the worst standing, then the most points missing."""
        short = [row for row in self.province if row.standing in GRAVEST and (row.gap or 0) > 0]
        if short:
            return min(short, key=lambda row: (GRAVEST.index(row.standing), -(row.gap or 0.0))).indicator
        with_target = [row for row in self.province if row.target is not None]
        return with_target[0].indicator if with_target else self.campaign.indicators[0].key

    @cached_property
    def slides(self) -> tuple[str, ...]:
        """The agenda: the one chosen, else the whole province and the units on the indicator that needs it most."""
        return self.agenda or default_slides(self.campaign, self.focus)


def load_scene(session: Session, snapshot_id: int) -> Scene:
    """A snapshot set out for its slides. Raises UnknownName."""
    frozen = find_snapshot(session, snapshot_id)
    before = find_previous(session, snapshot_id)
    return Scene(
        frozen=frozen,
        rows=tuple(find_frozen(session, snapshot_id)),
        before=before,
        rows_before=() if before is None else tuple(find_frozen(session, before.id)),
        recorded=tuple(find_tasks(session, snapshot=snapshot_id)),
        agenda=find_agenda(session, snapshot_id),
    )


def pool_members(rows: Sequence[Result], scene: Scene) -> list[Result]:
    """The units that make up the province on an indicator: one with a fresh figure stands for all below it.

    A district whose figure is out of date is represented by its communes.
    """
    of_unit = {row.unit: row for row in rows}
    children: dict[str | None, list[str]] = {}
    for code, parent in scene.frozen.facts.parents.items():
        children.setdefault(parent, []).append(code)
    found: list[Result] = []
    waiting = list(children.get(scene.campaign.province, ()))
    while waiting:
        code = waiting.pop()
        row = of_unit.get(code)
        if row is not None and row.coverage == 1 and row.denominator:
            found.append(row)
        elif row is not None:
            waiting += children.get(code, ())
    order = {row.unit: at for at, row in enumerate(rows)}
    return sorted(found, key=lambda row: order[row.unit])
