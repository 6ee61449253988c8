"""A unit's story: what was changed about it, by whom, when, why and under which document; newest first.

Whoever changes one unit leaves an entry of the trail about it. What is done for many at once, an import, an issue, a
proposal, leaves one entry about all: a unit's own line of it is read from the versions and revisions it left. Figures
and scores that merely arrive, as they do every day, are no part of a story; those that were told again otherwise are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, cast

from sqlalchemy import or_
from sqlmodel import Session, col, select

from models.feeds.withdrawn import which_count
from models.readings.arrivals import Arrival, find_revisions
from models.results.inputs import load_campaign
from models.tables import AuditEntry, Baseline, PhaseDates, Run, Score, SourceRow, Target, Task, UnitRow
from models.targets.registrations import find_named_unit
from models.units.queries import OfficialScore, official_score
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
class ScoreChange:
    """An official score that was told again."""

    old: OfficialScore
    new: OfficialScore


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


Change = TargetChange | FigureChange | ScoreChange | DatesChange | TaskChange


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


What = Literal[
    "proposed", "issued", "registered", "baseline", "figure", "dates", "tasks", "files", "loads", "itself", "nothing"
]  # fmt: skip
ACTIONS: Mapping[What, tuple[str, ...]] = {
    "proposed": ("propose_targets", "adjust_proposal"),
    "issued": ("issue_targets", "correct_issue"),
    "registered": ("register_target", "approve_registration"),
    "baseline": ("load_baselines",),
    "figure": ("revise_figure", "row_readmitted"),
    "dates": ("request_dates", "approve_dates"),
    "tasks": ("record_tasks",),
    "files": (
        "found_campaign", "change_campaign", "take_over_results", "load_baselines", "load_central", "load_targets",
        "load_units",
    ),
    "loads": ("load_readings", "load_scores", "load_pull", "load_history"),
    "itself": (
        "ask_for_explanation", "change_unit", "close_task", "confirm_cause", "end_cause", "give_task", "move_task",
        "record_conclusion", "refuse_check", "refuse_dates", "refuse_registration", "reject_cause", "report_on_task",
        "request_check", "revise_task", "send_task_back", "state_cause", "withdraw_task",
    ),
    "nothing": (
        "announce_figures", "archive_campaign", "backup", "change_password", "change_role", "change_units",
        "close_phase", "compute_anew", "confirm_result", "create_account", "disable_account", "download",
        "enable_account", "enter_central", "file_dismissed", "file_taken_in", "follow_claims", "follow_front",
        "freeze_figures", "kept_administrator", "leave_folder", "link_account", "move_rehearsal", "raise_announced",
        "raise_digest", "raise_files", "raise_reminders", "refused", "remember_choices", "reopen_campaign",
        "reset_password", "restore", "restore_load", "row_dismissed", "rows_dismissed", "seal_trail", "set_agenda",
        "set_mail_address", "sign_in", "sign_in_failed", "sign_out", "withdraw_announcement", "withdraw_load",
        "withdraw_snapshot",
    ),
}  # fmt: skip
"""What is left in units' rows → the actions whose entry tells who left it, and why. `files` bring targets, dates
and results before the campaign; `loads` are known by the number of their run; `itself`: the entry is of one unit and
says itself what was changed; `nothing`: no part of a unit's story."""


@dataclass(frozen=True)
class _Left:
    """What an action left in the unit's rows."""

    at: datetime
    by: str
    what: What
    otherwise: StoryEntry
    """What is told where the trail has no such entry."""
    run: int = 0
    """The load it came with."""


def find_story(session: Session, code: str) -> list[StoryEntry]:
    """Everything that was changed about a unit, newest first. Raises UnknownName."""
    unit, campaign = find_named_unit(session, code), load_campaign(session)
    own = _own_entries(session, code)
    lefts = [
        *_targets(session, unit, campaign),
        *_baselines(session, unit, campaign),
        *_figures(session, code, campaign),
        *_scores(session, unit, campaign),
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
    return session.exec(statement.where(col(AuditEntry.action).not_in(ACTIONS["nothing"]))).all()


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
    named = [row for row in known if row.action in ACTIONS[left.what]]
    loaded = [row for row in known if left.run and (row.new or {}).get("run") == left.run]
    brought = [row for row in known if not left.run and row.action in ACTIONS["files"]]
    return next(iter((*named[::-1], *loaded, *brought[::-1])), None)


# --- what is left of it in the unit's rows --------------------------------------------------------------------------


def _keys(campaign: Campaign) -> list[str]:
    """What the campaign measures: what it no longer does is told no more."""
    return [indicator.key for indicator in campaign.indicators]


def _targets(session: Session, unit: UnitRow, campaign: Campaign) -> Iterable[_Left]:
    """Every version of a target, against the one that it follows."""
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
        what = cast("What", row.origin)
        change = TargetChange(row.indicator, row.phase, None if stood is None else stood.value, row.value)
        told = StoryEntry(
            at=at or row.recorded_at,
            by=by or row.by,
            action=ACTIONS[what][0],
            changes=(change,),
            reason=row.reason,
            document=row.document,
            document_date=row.document_date,
        )
        yield _Left(told.at, told.by, what, told)


def _baselines(session: Session, unit: UnitRow, campaign: Campaign) -> Iterable[_Left]:
    """Every version of a result of the year before."""
    before: dict[tuple[str, int], Decimal | None] = {}
    statement = select(Baseline).where(Baseline.unit_id == unit.id).order_by(col(Baseline.id))
    for row in session.exec(statement.where(col(Baseline.indicator).in_(_keys(campaign)))):
        change = TargetChange(row.indicator, "", before.get((row.indicator, row.year)), row.value, row.simulated)
        before[row.indicator, row.year] = row.value
        told = StoryEntry(row.recorded_at, row.by, "load_baselines", changes=(change,), reason=row.reason)
        yield _Left(row.recorded_at, row.by, "baseline", told)


def _figures(session: Session, code: str, campaign: Campaign) -> Iterable[_Left]:
    """Every figure that was told again with another value."""
    keys = _keys(campaign)
    for old, new in find_revisions(session, code):
        if new.indicator not in keys:
            continue
        told = StoryEntry(new.received_at, new.by, "load_readings", changes=(FigureChange(old, new),))
        yield _Left(told.at, told.by, "figure", told, run=new.run)


def _scores(session: Session, unit: UnitRow, campaign: Campaign) -> Iterable[_Left]:
    """Every official score that was told again with other points or another rank."""
    keys = ["", *_keys(campaign)]
    statement = (
        select(Score, SourceRow.key, Run)
        .join(SourceRow, col(SourceRow.id) == col(Score.source_id))
        .join(Run, col(Run.id) == col(Score.run_id))
        .where(Score.unit_id == unit.id, col(Score.indicator_key).in_(keys))
        .where(*which_count(session, col(Score.run_id)))
    )
    before: dict[tuple[Any, ...], OfficialScore] = {}
    for row, source, run in session.exec(statement.order_by(col(Score.id))):
        new = official_score(row, source)
        key = (new.indicator, source, new.rank_group, new.basis, new.period_start, new.as_of)
        old, before[key] = before.get(key), new
        if old is not None and old != new:
            told = StoryEntry(run.received_at, run.by, "load_scores", changes=(ScoreChange(old, new),))
            yield _Left(told.at, told.by, "figure", told, run=run.id or 0)


def _dates(session: Session, unit: UnitRow) -> Iterable[_Left]:
    """Dates of its own for a phase, as files bring them; what is asked for on a page says the trail itself."""
    for row in session.exec(select(PhaseDates).where(PhaseDates.unit_id == unit.id)):
        change = DatesChange(row.phase, row.start, row.due)
        told = StoryEntry(
            row.recorded_at, row.by, "request_dates", changes=(change,), reason=row.reason, document=row.document
        )
        yield _Left(told.at, told.by, "dates", told)


def _tasks(session: Session, unit: UnitRow, own: Sequence[AuditEntry]) -> Iterable[_Left]:
    """Tasks that a file brought; those given one by one tells the trail."""
    given = {(row.new or {}).get("task") for row in own if row.action in ("give_task", "record_conclusion")}
    for row in session.exec(select(Task).where(Task.unit_id == unit.id)):
        if row.id not in given:
            change = TaskChange(row.what, row.who, row.due)
            told = StoryEntry(row.recorded_at, row.by, "record_tasks", changes=(change,), document=row.document)
            yield _Left(told.at, told.by, "tasks", told)
