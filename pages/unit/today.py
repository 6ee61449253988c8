"""What whoever answers for a unit has to do today, as the store knows it, each with the way to where it is done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from models.core import formats
from models.core.texts import text
from models.meetings.snapshots import Announced
from models.targets.agreements import Agreement
from models.tasks.dated import Dated, of_unit
from models.tasks.queries import TaskRow
from pages.unit.data import UnitAnswers
from targets.findings import BEHIND


@dataclass(frozen=True)
class Duty:
    """One line: what, until when, and where."""

    words: str
    due: date | None = None
    is_late: bool = False
    address: str = "unit"
    wanted: dict[str, str] = field(default_factory=dict)
    """Beside the unit, what the address asks for."""


def duties(
    unit: UnitAnswers,
    *,
    requests: Sequence[Agreement],
    tasks: Iterable[TaskRow],
    announced: Announced | None,
    language: str,
) -> tuple[Duty, ...]:
    """Questions and tasks by their days, then what has no day: causes, figures, registrations, what waits.

    `unit` as it is today, in its running phase.
    """
    dated = of_unit(requests=requests, tasks=tasks, announced=announced, today=unit.as_of)
    return (
        *(_dated(each, unit, language) for each in dated),
        *_causes(unit, requests, language),
        *_figures(unit, language),
        *_more(unit, requests, language),
    )


def _dated(dated: Dated, unit: UnitAnswers, language: str) -> Duty:
    if dated.kind == "task":
        words = text("unit.today.task", language, what=dated.what)
        return Duty(words, dated.due, dated.is_late, address="tasks", wanted={"task": str(dated.task)})
    if dated.as_of is not None:
        words = text("unit.today.announced", language, date=formats.day(dated.as_of, language))
        return Duty(words, dated.due, wanted={"tab": "requests"})
    words = text("unit.today.question", language, name=_names([dated.indicator], unit, language))
    return Duty(words, dated.due, dated.is_late, wanted={"tab": "requests", "indicator": dated.indicator})


def _causes(unit: UnitAnswers, requests: Sequence[Agreement], language: str) -> list[Duty]:
    """Where the unit is behind and has not said why."""
    stated = {
        request.indicator
        for request in requests
        if request.kind == "cause"
        and request.state in ("stated", "confirmed")
        and (request.deadline is None or request.deadline >= unit.as_of)
    }
    silent = [row.indicator for row in unit.rows if row.standing in BEHIND and row.indicator not in stated]
    if not silent:
        return []
    names = _names(silent, unit, language)
    return [Duty(text("unit.today.causes", language, names=names), wanted={"tab": "requests", "indicator": silent[0]})]


def _figures(unit: UnitAnswers, language: str) -> list[Duty]:
    """Figures that no longer come, or never came; a sum's are asked of those below."""
    old = [
        row.indicator
        for row in unit.rows
        if not row.is_pooled and (row.standing == "stale" or row.reading_as_of is None)
    ]
    if not old:
        return []
    names = _names(old, unit, language)
    return [Duty(text("unit.today.figures", language, names=names), wanted={"tab": "figures", "indicator": old[0]})]


def _more(unit: UnitAnswers, requests: Sequence[Agreement], language: str) -> list[Duty]:
    """What may be registered against an issued target that leaves room for more, and what has not been answered yet."""
    registered = {
        (request.indicator, request.phase)
        for request in requests
        if request.kind == "registration" and request.is_waiting
    }
    free = [
        version.indicator
        for version in unit.versions
        if version.is_in_force and version.origin == "issued" and version.phase == unit.phase.key
        and version.value != unit.campaign.indicator(version.indicator).best
        and (version.indicator, version.phase) not in registered
    ]  # fmt: skip
    found = []
    if free:
        words = text("unit.today.register", language, names=_names(free, unit, language))
        found.append(Duty(words, unit.phase.due, wanted={"tab": "requests"}))
    waiting = sum(request.is_waiting and request.kind != "question" for request in requests)
    if waiting:
        words = text("unit.today.waiting", language, count=formats.whole(waiting, language))
        found.append(Duty(words, wanted={"tab": "requests"}))
    return found


def _names(keys: Sequence[str], unit: UnitAnswers, language: str) -> str:
    return ", ".join(unit.campaign.indicator(key).short_name.of(language) for key in keys)
