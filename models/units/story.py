"""A unit's story: what was changed about it, by whom, when, why and under which document; newest first.

Whoever changes one unit leaves an entry of the trail about it. What is done for many at once, an import, an issue, a
proposal, leaves one entry about all: a unit's own line of it is read from the versions and revisions it left. Figures
that merely arrive, as they do every day, are no part of a story; those that were told again otherwise are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from models.readings.arrivals import Arrival, find_revisions
from models.results.inputs import load_campaign
from models.tables import AuditEntry, Baseline, PhaseDates, Target, Task, UnitRow
from models.targets.registrations import find_named_unit
from targets import rules
from targets.values import Campaign


@dataclass(frozen=True)
class TargetChange:
    """A target, or without a phase the result of the year before: what stood there until then, and what was told."""

    indicator: str
    phase: str
    old: Decimal | None
    new: Decimal | None
    is_simulated: bool = False
    """Of a result of the year before: it was made up for the demonstration."""


@dataclass(frozen=True)
class FigureChange:
    """A figure that was told again: what was in force of its day until then, and what was told."""

    old: Arrival
    new: Arrival


@dataclass(frozen=True)
class DatesChange:
    """Dates of its own for a phase."""

    phase: str
    start: date
    due: date | None


@dataclass(frozen=True)
class TaskChange:
    """A task that came in a file."""

    what: str
    who: str
    due: date | None


Change = TargetChange | FigureChange | DatesChange | TaskChange


@dataclass(frozen=True)
class StoryEntry:
    """What one action changed about the unit. What is not known, or does not apply, is empty."""

    at: datetime
    by: str
    action: str
    role: str = ""
    subject: str = ""
    """Of a load its file or source."""
    indicator: str = ""
    phase: str = ""
    old: Mapping[str, Any] = field(default_factory=dict)
    new: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    reason: str = ""
    document: str = ""
    document_date: date | None = None
    number: int = 0
    """Of the trail's entry; 0 where it holds none."""


@dataclass(frozen=True)
class _Left:
    """What an action left in the unit's rows, and by which words in its name the trail's entry is known again."""

    at: datetime
    by: str
    words: tuple[str, ...]
    otherwise: StoryEntry
    """What is told where the trail has no such entry."""
    run: int = 0
    """The load it came with."""


OF_LOADS = ("load_", "_campaign", "take_over", "follow_")
"""What brings targets, dates and results of the year before in files."""


def find_story(session: Session, code: str) -> list[StoryEntry]:
    """Everything that was changed about a unit, newest first. Raises UnknownName."""
    unit, campaign = find_named_unit(session, code), load_campaign(session)
    own = _own_entries(session, code)
    lefts = [
        *_targets(session, unit, campaign),
        *_baselines(session, unit, campaign),
        *_figures(session, code, campaign),
        *_dates(session, unit),
        *_tasks(session, unit, own),
    ]
    known = _at_these_moments(session, {left.at for left in lefts}, code)
    whats = {row.id: row.what for row in session.exec(select(Task).where(Task.unit_id == unit.id))}
    story = {row.id or 0: _entry(row, campaign, whats) for row in own}
    others: dict[tuple[datetime, str, str], StoryEntry] = {}
    for left in lefts:
        found = _entry_of(left, [row for row in known if row.at == left.at and row.by == left.by])
        told = left.otherwise
        if found is None:
            place = (left.at, left.by, told.action)
            before = others.get(place)
            others[place] = told if before is None else replace(before, changes=_joined(before, told))
        elif (before := story.get(found.id or 0)) is not None:
            story[before.number] = replace(
                before,
                changes=_joined(before, told),
                document=before.document or told.document,
                document_date=before.document_date or told.document_date,
            )
        else:
            story[found.id or 0] = replace(
                told,
                action=found.action,
                role=found.role,
                subject=found.subject if found.action.startswith("load_") else "",
                reason=found.reason or told.reason,
                document=found.document or told.document,
                number=found.id or 0,
            )
    return sorted((*story.values(), *others.values()), key=lambda entry: (entry.at, entry.number), reverse=True)


def _joined(before: StoryEntry, told: StoryEntry) -> tuple[Change, ...]:
    """What one action changed: a target that it changed twice, from its first to its last value."""
    [new] = told.changes
    for at, old in enumerate(before.changes):
        if not isinstance(old, TargetChange) or not isinstance(new, TargetChange):
            continue
        if (old.indicator, old.phase) == (new.indicator, new.phase):
            return (*before.changes[:at], replace(new, old=old.old), *before.changes[at + 1 :])
    return (*before.changes, new)


# --- what the trail says of the unit alone --------------------------------------------------------------------------


def _own_entries(session: Session, code: str) -> Sequence[AuditEntry]:
    subject = col(AuditEntry.subject)
    statement = select(AuditEntry).where(or_(subject == code, subject.startswith(f"{code} ", autoescape=True)))
    return session.exec(statement.where(col(AuditEntry.action) != "refused")).all()


def _entry(row: AuditEntry, campaign: Campaign, whats: Mapping[int | None, str]) -> StoryEntry:
    words = row.subject.split()[1:]
    new = row.new or {}
    task = {"what": whats[new["task"]]} if "what" not in new and new.get("task") in whats else {}
    return StoryEntry(
        at=row.at,
        by=row.by,
        role=row.role,
        action=row.action,
        indicator=next((each.key for each in campaign.indicators if each.key in words), ""),
        phase=next((each.key for each in campaign.phases if each.key in words), ""),
        old=row.old or {},
        new=task | new,
        reason=row.reason,
        document=row.document,
        number=row.id or 0,
    )


def _at_these_moments(session: Session, moments: Iterable[datetime], code: str) -> list[AuditEntry]:
    """The entries of these moments that are about the unit or about many at once, in their order."""
    found = session.exec(
        select(AuditEntry).where(col(AuditEntry.at).in_(list(moments))).order_by(col(AuditEntry.id))
    ).all()
    about = {row.subject.split(" ")[0] for row in found}
    units = set(session.exec(select(UnitRow.code).where(col(UnitRow.code).in_(about), UnitRow.code != code)))
    return [row for row in found if row.subject.split(" ")[0] not in units]


def _entry_of(left: _Left, known: Sequence[AuditEntry]) -> AuditEntry | None:
    """The entry of the action that left this; of several the last one."""
    named = [row for row in known if any(word in row.action for word in left.words)]
    loaded = [row for row in known if left.run and (row.new or {}).get("run") == left.run]
    brought = [row for row in known if not left.run and any(word in row.action for word in OF_LOADS)]
    return next(iter((*named[::-1], *loaded, *brought[::-1])), None)


# --- what is left of it in the unit's rows --------------------------------------------------------------------------


def _keys(campaign: Campaign) -> list[str]:
    """What the campaign measures: what it no longer does is told no more."""
    return [indicator.key for indicator in campaign.indicators]


def _targets(session: Session, unit: UnitRow, campaign: Campaign) -> Iterable[_Left]:
    """Every version of a target, against the one that it follows."""
    ways = {
        "proposed": ("propose_targets", ("propos",)),
        "issued": ("issue_targets", ("issue",)),
        "registered": ("register_target", ("regist",)),
    }
    newest: dict[tuple[str, str], dict[str, rules.TargetVersion]] = {}
    statement = select(Target).where(Target.unit_id == unit.id, col(Target.indicator).in_(_keys(campaign)))
    for row in session.exec(statement.order_by(col(Target.id))):
        before = newest.setdefault((row.indicator, row.phase), {})
        if row.origin == "registered":
            stood = rules.choose_in_force(before, lower_is_better=campaign.indicator(row.indicator).lower_is_better)
        else:
            # The office's targets follow one another, whatever the unit has registered of its own.
            stood = before.get(row.origin) or before.get("proposed")
        if row.state == "in_force":
            before[row.origin] = rules.TargetVersion(origin=row.origin, value=row.value, order=row.id or 0)  # type: ignore[arg-type] # the table's check allows these three
        if row.value is None and (stood is None or stood.value is None):
            continue
        is_approved = row.state == "in_force" and row.decided_at is not None and row.decided_by is not None
        at, by = (row.decided_at, row.decided_by) if is_approved else (row.recorded_at, row.by)
        action, words = ways[row.origin]
        change = TargetChange(row.indicator, row.phase, None if stood is None else stood.value, row.value)
        told = StoryEntry(
            at=at or row.recorded_at,
            by=by or row.by,
            action=action,
            changes=(change,),
            reason=row.reason,
            document=row.document,
            document_date=row.document_date,
        )
        yield _Left(told.at, told.by, words, told)


def _baselines(session: Session, unit: UnitRow, campaign: Campaign) -> Iterable[_Left]:
    """Every version of a result of the year before."""
    before: dict[tuple[str, int], Decimal | None] = {}
    statement = select(Baseline).where(Baseline.unit_id == unit.id).order_by(col(Baseline.id))
    for row in session.exec(statement.where(col(Baseline.indicator).in_(_keys(campaign)))):
        change = TargetChange(row.indicator, "", before.get((row.indicator, row.year)), row.value, row.simulated)
        before[row.indicator, row.year] = row.value
        told = StoryEntry(row.recorded_at, row.by, "load_baselines", changes=(change,), reason=row.reason)
        yield _Left(row.recorded_at, row.by, ("baseline",), told)


def _figures(session: Session, code: str, campaign: Campaign) -> Iterable[_Left]:
    """Every figure that was told again with another value."""
    keys = _keys(campaign)
    for old, new in find_revisions(session, code):
        if new.indicator not in keys:
            continue
        told = StoryEntry(new.received_at, new.by, "load_readings", changes=(FigureChange(old, new),))
        yield _Left(told.at, told.by, ("revise_figure", "readmit", "withdraw_load"), told, run=new.run)


def _dates(session: Session, unit: UnitRow) -> Iterable[_Left]:
    """Dates of its own for a phase, as files bring them; what is asked for on a page says the trail itself."""
    for row in session.exec(select(PhaseDates).where(PhaseDates.unit_id == unit.id)):
        change = DatesChange(row.phase, row.start, row.due)
        told = StoryEntry(
            row.recorded_at, row.by, "request_dates", changes=(change,), reason=row.reason, document=row.document
        )
        yield _Left(told.at, told.by, ("request_dates",), told)


def _tasks(session: Session, unit: UnitRow, own: Sequence[AuditEntry]) -> Iterable[_Left]:
    """Tasks that a file brought; those given one by one tells the trail."""
    given = {(row.new or {}).get("task") for row in own if row.action in ("give_task", "record_conclusion")}
    for row in session.exec(select(Task).where(Task.unit_id == unit.id)):
        if row.id not in given:
            change = TaskChange(row.what, row.who, row.due)
            told = StoryEntry(row.recorded_at, row.by, "record_tasks", changes=(change,), document=row.document)
            yield _Left(told.at, told.by, ("record_tasks",), told)
