"""What somebody has to do by a day: questions put to a unit, its tasks, figures it may dispute, disputes to decide."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlmodel import Session

from models.meetings.snapshots import Announced, find_open_announcement
from models.readings.quarantine import count_quarantined
from models.targets.agreements import Agreement, find_waiting
from models.tasks.queries import REPORTED, WAITING, TaskRow, find_tasks

REMINDED = timedelta(days=2)
"""How long before its day somebody is reminded of it."""


@dataclass(frozen=True)
class Dated:
    """Something to do by a day: answer a question, do a task, look at announced figures, decide on a disputed one."""

    kind: Literal["question", "task", "announced", "check"]
    due: date | None
    is_late: bool = False
    unit_name: str = ""
    indicator: str = ""
    """Of a question and a check."""
    what: str = ""
    """Of a task."""
    task: int | None = None
    as_of: date | None = None
    """The day of the announced or disputed figures."""


def of_unit(
    *, requests: Iterable[Agreement], tasks: Iterable[TaskRow], announced: Announced | None, today: date
) -> list[Dated]:
    """What a unit has to do by a day, the earliest first; tasks only where they are overdue or due within a week."""
    found = [
        _of(request, "question", today) for request in requests if request.kind == "question" and request.is_waiting
    ]
    found += [
        Dated("task", task.due, task.is_overdue(today), task.unit_name, what=task.what, task=task.id)
        for task in tasks
        if task.is_overdue(today) or task.is_due_soon(today)
    ]
    if announced is not None:
        found.append(Dated("announced", announced.deadline, as_of=announced.as_of))
    return sorted(found, key=_day)


DecisionKind = Literal["check", "registration", "dates", "cause", "report", "row"]


@dataclass(frozen=True)
class Decision:
    """What of one kind the office has to decide: how many, how many of them late, and the names of their units.

    A `report` says that a task is done; a `row` of a file was not taken in and is nobody's yet.
    """

    kind: DecisionKind
    count: int
    late: int = 0
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Open:
    """Everything that waits for somebody, of all units."""

    requests: Sequence[Agreement]
    tasks: Sequence[TaskRow]
    announced: Announced | None
    rows: int = 0
    """Rows of files that were not taken in and wait for somebody."""

    def decisions(self, today: date) -> list[Decision]:
        """What the office has to decide, one line of each kind of which something waits: on its page and in its mail.

        A cause whose last day is over needs no confirmation any more.
        """
        found = []
        kinds: tuple[DecisionKind, ...] = ("check", "registration", "dates", "cause")
        for kind in kinds:
            waiting = [each for each in self.requests if each.kind == kind and each.is_waiting]
            late = [each for each in waiting if each.deadline is not None and each.deadline < today]
            if kind == "cause":
                waiting, late = [each for each in waiting if each not in late], []
            found.append(Decision(kind, len(waiting), len(late), _names(each.unit_name for each in waiting)))
        reported = [task for task in self.tasks if task.is_carried and task.state == REPORTED]
        found.append(Decision("report", len(reported), units=_names(task.unit_name for task in reported)))
        return [each for each in (*found, Decision("row", self.rows)) if each.count]

    def dated(self, units: Collection[str] | None, today: date) -> list[Dated]:
        """What the units with these codes have to do by a day; without codes what the office has to decide by one."""
        if units is None:
            checks = [request for request in self.requests if request.kind == "check"]
            return sorted((_of(request, "check", today) for request in checks), key=_day)
        return of_unit(
            requests=[request for request in self.requests if request.unit in units],
            tasks=[task for task in self.tasks if task.unit in units],
            announced=self.announced,
            today=today,
        )

    def units_due(self, today: date) -> frozenset[str]:
        """The codes of the units that have to answer or do something today or within two days."""
        asked = [(each.unit, each.deadline) for each in self.requests if each.kind == "question"]
        asked += [(task.unit or "", task.due) for task in self.tasks if task.is_to_do]
        return frozenset(unit for unit, due in asked if due is not None and today <= due <= today + REMINDED)

    def due(self, units: Collection[str] | None, today: date) -> list[Dated]:
        """What of it is to be done today or within two days."""
        dated = self.dated(units, today)
        return [each for each in dated if each.due is not None and today <= each.due <= today + REMINDED]


def find_open(session: Session) -> Open:
    """What waits, as the store knows it now."""
    return Open(
        find_waiting(session),
        find_tasks(session, states=WAITING),
        find_open_announcement(session),
        count_quarantined(session),
    )


def _of(request: Agreement, kind: Literal["question", "check"], today: date) -> Dated:
    is_late = request.deadline is not None and request.deadline < today
    indicator = request.indicator or ""
    return Dated(kind, request.deadline, is_late, request.unit_name, indicator=indicator, as_of=request.as_of)


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _day(dated: Dated) -> date:
    return dated.due or date.max
