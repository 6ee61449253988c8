"""What a file told, apart from readings, handed to the actions that record it: one function for each kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from jobs.imports.values import (
    BaselineRecord,
    CentralRecord,
    Record,
    ScoreRecord,
    TargetRecord,
    TaskRecord,
    UnitFileRecord,
)
from models.core.audit import ChangeContext
from models.readings import actions as readings_actions
from models.readings.actions import Counts
from models.tables import Run, SourceRow
from models.tasks.actions import TaskFact, record_tasks
from models.units.actions import record_units
from targets.values import Campaign, Unit


@dataclass(frozen=True)
class Recording:
    """What recording a file's facts needs besides the facts."""

    session: Session
    campaign: Campaign
    run: Run
    source: SourceRow
    is_simulated: bool
    context: ChangeContext

    def take(self, kind: str, records: Sequence[Record]) -> Counts:
        """Record what a file of this kind told."""
        return _RECORDERS[kind](self, records)


def _record_baselines(recording: Recording, records: Sequence[Record]) -> Counts:
    rows = [
        readings_actions.BaselineFact(
            unit_id=row.unit_id,
            indicator=row.indicator,
            year=row.year,
            value=row.value,
            numerator=row.numerator,
            denominator=row.denominator,
            qualifier=row.qualifier,
            source_note=row.source_note or recording.run.file_name or "",
        )
        for row in records
        if isinstance(row, BaselineRecord)
    ]
    return readings_actions.record_baselines(
        recording.session, rows, is_simulated=recording.is_simulated, context=recording.context
    )


def _record_central(recording: Recording, records: Sequence[Record]) -> Counts:
    rows = [
        readings_actions.CentralFact(
            indicator=row.indicator,
            year=row.year,
            level=row.level,
            value=row.value,
            document=row.document,
            source_note=row.note,
        )
        for row in records
        if isinstance(row, CentralRecord)
    ]
    return readings_actions.record_central(
        recording.session, rows, is_simulated=recording.is_simulated, context=recording.context
    )


def _record_targets(recording: Recording, records: Sequence[Record]) -> Counts:
    """Targets in a file are issued ones: each row names the document it was decided under."""
    rows = [
        readings_actions.TargetFact(
            unit_id=row.unit_id,
            indicator=row.indicator,
            phase=row.phase,
            origin="issued",
            value=row.value,
            because="issued_by_decision",
            document=row.document,
            document_date=row.document_date,
        )
        for row in records
        if isinstance(row, TargetRecord)
    ]
    return readings_actions.record_targets(
        recording.session, rows, is_simulated=recording.is_simulated, context=recording.context
    )


def _record_scores(recording: Recording, records: Sequence[Record]) -> Counts:
    rows = [
        readings_actions.ScoreFact(
            unit_id=row.unit_id,
            indicator=row.indicator,
            basis=row.basis,
            period_start=row.period_start,
            period_end=row.period_end,
            as_of=row.as_of,
            points=row.points,
            max_points=row.max_points,
            rank=row.rank,
            rank_of=row.rank_of,
            rank_group="",
            source_note=recording.run.file_name or "",
        )
        for row in records
        if isinstance(row, ScoreRecord)
    ]
    return readings_actions.record_scores(
        recording.session,
        rows,
        source=recording.source,
        run_id=recording.run.id or 0,
        is_simulated=recording.is_simulated,
    )


def _record_units(recording: Recording, records: Sequence[Record]) -> Counts:
    rows = [
        Unit(
            code=row.code,
            level=row.level,
            name=row.name,
            parent=row.parent,
            aliases=row.aliases,
            gso_code=row.gso_code,
            identity_code=row.identity_code,
            head_title=row.head_title,
            head_name=row.head_name,
            head_phone=row.head_phone,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            successor=row.successor,
        )
        for row in records
        if isinstance(row, UnitFileRecord)
    ]
    return record_units(recording.session, rows, is_whole=False, context=recording.context)


def _record_tasks(recording: Recording, records: Sequence[Record]) -> Counts:
    rows = [
        TaskFact(
            unit_id=row.unit_id,
            what=row.what,
            who=row.who,
            due=row.due,
            finding=row.finding,
            document=row.document,
            number=row.number,
        )
        for row in records
        if isinstance(row, TaskRecord)
    ]
    return record_tasks(recording.session, rows, is_simulated=recording.is_simulated, context=recording.context)


_RECORDERS: dict[str, Callable[[Recording, Sequence[Record]], Counts]] = {
    "baselines": _record_baselines,
    "central": _record_central,
    "targets": _record_targets,
    "scores": _record_scores,
    "units": _record_units,
    "tasks": _record_tasks,
}
