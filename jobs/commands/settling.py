"""Settling rows of the quarantine from the command line, as the page of sources does."""

from collections.abc import Sequence
from datetime import date

import typer

from jobs.desk import Desk
from jobs.readmit import Readmission, readmit
from models import formats
from models.actions.settling import dismiss_row, dismiss_rows
from models.queries.quarantine import WaitingGroup, find_quarantined_row
from models.texts import text


def dismissed(desk: Desk, row_id: int, *, reason: str, language: str) -> str:
    """Leave a row out for a reason; answers what to say."""
    with desk.store.writing() as session:
        row = find_quarantined_row(session, row_id)
        dismiss_row(session, row_id, version=row.version, deed=desk.deed(reason))
    return text("feeds.rows.left_out", language, row=str(row_id))


def dismissed_together(desk: Desk, run: int, *, problem: str | None, reason: str, language: str) -> str:
    """Leave out every waiting row of a load, or those with one problem; answers what to say."""
    with desk.store.writing() as session:
        count = dismiss_rows(session, run=run, problem=problem, seen=None, deed=desk.deed(reason))
    return text("feeds.groups.left_out", language, rows=formats.whole(count, language), run=str(run))


def group_line(group: WaitingGroup, language: str) -> str:
    """Rows that can be dismissed at once, with what names them on the command line."""
    return text(
        "feeds.groups.line",
        language,
        run=str(group.run),
        problem=group.problem,
        rows=formats.whole(group.count, language),
    )


def readmitted(desk: Desk, row_id: int, cells: Sequence[str], *, as_of: date | None, reason: str) -> Readmission:
    """Take a row in with some of its cells anew, each written “heading=value”; an empty value leaves the cell out.

    Raises typer.BadParameter for a cell that is written otherwise.
    """
    with desk.store.reading() as session:
        row = find_quarantined_row(session, row_id)
    fields = {name: str(value) for name, value in row.raw.items()}
    for cell in cells:
        name, equals, value = cell.partition("=")
        if not (name.strip() and equals):
            raise typer.BadParameter(f"“{cell}” is no cell; write it as heading=value", param_hint="--set")
        fields[name.strip()] = value.strip()
    return readmit(
        desk.store,
        row_id,
        fields={name: value for name, value in fields.items() if value},
        as_of=as_of,
        version=row.version,
        deed=desk.deed(reason or "mended on the command line"),
    )
