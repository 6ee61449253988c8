"""Tasks of a plan or an inspection: a row names a unit, what is to be done, who does it, and by when."""

from collections.abc import Sequence
from datetime import date

from jobs.imports.problems import Notice, problem
from jobs.imports.records.keyed_rows import Collected, Line, RowRefused, lines
from jobs.imports.tables.layout import OpenedSheet
from jobs.imports.tables.rows import UnitRows
from jobs.imports.units.matching import UnitMatcher
from jobs.imports.values import ImportContext
from models.readings.records import TaskRecord


def read_tasks(sheets: Sequence[OpenedSheet], context: ImportContext) -> Collected[TaskRecord]:
    """Tasks as written; a row without words on what is to be done is a heading, and counted."""
    collected: Collected[TaskRecord] = Collected(context.limits)
    matcher = UnitMatcher(context.units, context.campaign)
    for opened in sheets:
        units = UnitRows(opened.header, matcher, context.campaign, sheet=opened.sheet.name)
        for line in lines(opened, collected):
            if not line.text("task") and not line.text("due"):
                collected.warned.left_out("notes_left_out", line.place(opened.header.first_column))
                continue
            collected.rows_read += 1
            try:
                record = _task(line, units, matcher, context)
            except RowRefused as refused:
                collected.refuse(line, refused.column, refused.notice)
                continue
            key = (record.unit, record.document, record.number or record.what.casefold())
            collected.add(record, key=key, line=line, column=line.index("task"))
    collected.warnings = collected.warned.close()
    return collected


def _task(line: Line, units: UnitRows, matcher: UnitMatcher, context: ImportContext) -> TaskRecord:
    return TaskRecord(
        unit=_unit(line, units, matcher),
        what=line.needed("task", code="task_missing"),
        who=line.needed("who", code="task_who_missing"),
        due=_due(line, context),
        finding=line.text("finding"),
        document=line.words("document"),
        number=line.text("task_number", "serial"),
        place=line.place(line.index("task")),
    )


def _unit(line: Line, units: UnitRows, matcher: UnitMatcher) -> str:
    cells = [line.row[index] if index < len(line.row) else None for index in units.columns]
    found = units.find(units.key(cells))
    if isinstance(found, tuple) and len(found) == 1:
        return matcher.units[found[0]].code
    if isinstance(found, Notice):
        raise RowRefused(units.place, found)
    raise RowRefused(units.place, problem("unit_missing"))


def _due(line: Line, context: ImportContext) -> date:
    due = line.day("due", context=context)
    if due is None:
        raise RowRefused(line.index("due"), problem("task_due_missing"))
    return due
