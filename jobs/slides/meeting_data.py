"""A snapshot set out for its slides: the province's lines, units by indicator, and the meeting before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlmodel import Session

from models.core.clock import business_day
from models.meetings.agendas import DECIDED, MILESTONE, MOVERS, TASKS, default_slides
from models.meetings.frozen import FrozenFacts, FrozenMember
from models.meetings.milestones import PhaseResult, load_result
from models.meetings.snapshots import (
    FrozenFigures,
    SnapshotHead,
    find_agenda,
    find_frozen,
    find_previous,
    find_snapshot,
)
from models.tasks.queries import TaskRow, find_tasks
from models.units.queries import is_excused, names_apart
from targets.findings import Reporting, Sorting, Told, ambitious, as_ended, missing_most, sorted_out, who_told
from targets.results import Result
from targets.values import Campaign, Indicator


@dataclass(frozen=True)
class MeetingData:
    """All that slides are worked out from. Nothing here changes with a later pull."""

    frozen: FrozenFigures
    rows: tuple[Result, ...]
    before: SnapshotHead | None
    """The meeting before."""
    recorded: tuple[TaskRow, ...]
    """What was recorded at this very meeting: the one thing that grows while it lasts."""
    agenda: tuple[str, ...]
    ended: PhaseResult | None = None
    """How the phase ended that the meeting opens with."""

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

    def members(self, key: str) -> Mapping[str, FrozenMember]:
        """Whose figures the province's sum on an indicator is made of, by unit."""
        return {member.unit: member for member in self.frozen.facts.members.get(key, ())}

    def excused(self, key: str) -> frozenset[str]:
        """The units behind on an indicator for a confirmed cause outside them."""
        causes = self.frozen.facts.causes
        return frozenset(row.unit for row in self.by_indicator[key] if is_excused(row, causes))

    @cached_property
    def ambitious(self) -> frozenset[tuple[str, str]]:
        """Unit and indicator of those short of a higher target of their own alone: `targets.findings.ambitious`."""
        return frozenset((unit, key) for key, rows in self.by_indicator.items() for unit in ambitious(rows))

    def missing_most(self, key: str) -> list[Result]:
        """Who is missing most of what the province misses and is to answer for it: `targets.findings.missing_most`."""
        return missing_most(self.by_indicator[key], members=self.members(key), excused=self.excused(key))

    @cached_property
    def shown(self) -> tuple[Indicator, ...]:
        """The indicators, the main one first; a survey's grades are told with their survey."""
        shown = [each for each in self.campaign.indicators if not each.grade_of]
        return tuple(sorted(shown, key=lambda each: each.key != self.campaign.main))

    def lists(self, key: str, level: str | None = None) -> Mapping[Sorting, tuple[Result, ...]]:
        """Every unit, or each of a level, in one list on an indicator: `targets.findings.sorted_out`.

        Who is spared for a higher target of its own is found among all units, as everywhere.
        """
        whole = sorted_out(self.by_indicator[key], excused=self.excused(key))
        return {name: tuple(row for row in rows if level in (None, row.level)) for name, rows in whole.items()}

    @cached_property
    def told(self) -> tuple[Told, Mapping[str, Reporting]]:
        """How many units have told the figures of the newest day, and how it is with each: `targets.findings`."""
        return who_told(self.rows, self.campaign)

    @cached_property
    def arranged(self) -> tuple[str, ...]:
        """The agenda: the one chosen, else all about the main indicator and how the others are on their way."""
        return self.agenda or default_slides(self.campaign)

    @cached_property
    def slides(self) -> tuple[str, ...]:
        """Every slide in its order: how a phase ended, where one has, then the agenda but for what is empty."""
        ended = () if self.ended is None else (MILESTONE,)
        return (*ended, *(key for key in self.arranged if not self._is_empty(key)))

    def _is_empty(self, key: str) -> bool:
        """Nothing was decided before, no task is open or was given here; without a week before, nobody moved."""
        kind, _, indicator = key.partition(".")
        if kind == MOVERS:
            return all(row.week_change is None for row in self.by_indicator.get(indicator, ()))
        if kind == TASKS:
            return not self.frozen.facts.carried and not self.recorded
        return kind == DECIDED and not self.frozen.facts.decided


def load_meeting_data(session: Session, snapshot_id: int) -> MeetingData:
    """A snapshot set out for its slides. Raises UnknownName."""
    frozen = find_snapshot(session, snapshot_id)
    before = find_previous(session, snapshot_id)
    return MeetingData(
        frozen=frozen,
        rows=seen_by(frozen.head, find_frozen(session, snapshot_id), frozen.facts),
        before=before,
        recorded=tuple(find_tasks(session, snapshot=snapshot_id)),
        agenda=find_agenda(session, snapshot_id),
        ended=None if frozen.head.opens_with is None else load_result(session, frozen.head.opens_with),
    )


def seen_by(head: SnapshotHead, rows: Iterable[Result], facts: FrozenFacts) -> tuple[Result, ...]:
    """The rows as a meeting sees them: where a phase was over when they were frozen, as its result tells of them; units
    that share their name with the unit above them."""
    seen_on = business_day(head.known_at)
    return names_apart((as_ended(row, seen_on=seen_on) for row in rows), facts.parents)
