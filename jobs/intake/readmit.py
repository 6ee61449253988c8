"""A row from quarantine, mended, on the way every row takes: through the reader of files into one transaction."""

import csv
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlmodel import Session

from jobs.imports.records.raw_rows import BETWEEN
from jobs.imports.values import RejectedRow
from jobs.intake.bring_in import DEFAULT_SOURCE, bring_in
from models.core.audit import ChangeContext
from models.core.store import Store
from models.core.texts import text
from models.readings.actions import Counts
from models.readings.loading import LoadReport
from models.readings.quarantine import find_quarantined_row
from models.readings.settling import SettlingConflict, settle_readmitted


@dataclass(frozen=True)
class Readmission:
    """What became of a mended row. Where it is still refused nothing was stored, and `rejected` says why."""

    row: int
    run: int | None
    counts: Counts
    rejected: tuple[RejectedRow, ...]

    @property
    def is_taken_in(self) -> bool:
        return self.run is not None


def readmit(
    store: Store,
    row_id: int,
    *,
    fields: Mapping[str, str],
    as_of: date | None = None,
    version: int,
    context: ChangeContext,
) -> Readmission:
    """Take a mended row in: `fields` are its cells by their headings, `as_of` its day where none of them says it.

    The good row, its audit entry and the row's new state are one transaction. Raises SettlingConflict where somebody
    else has settled it since `version`, and CampaignError where the row as a whole cannot be understood.
    """
    with store.reading() as session:
        row = find_quarantined_row(session, row_id)
    if row.state != "open":
        raise SettlingConflict(row)

    def settle(session: Session, report: LoadReport) -> None:
        settle_readmitted(session, row_id, version=version, run_id=report.run_id, mended=fields, context=context)

    with tempfile.TemporaryDirectory() as folder:
        report = bring_in(
            store,
            _written(Path(folder) / f"quarantine-{row_id}.csv", fields),
            kind=row.kind,
            source=row.source or DEFAULT_SOURCE,
            as_of=as_of or row.for_date,
            is_strict=True,
            is_anew=True,
            context=context,
            also=settle,
        )
    # The person who mends the row knows it by the place it had in its own file.
    rejected = tuple(replace(problem, place=row.place) for problem in report.rejected)
    return Readmission(row_id, report.run_id, report.counts, rejected)


def readmission_words(outcome: Readmission, language: str) -> str:
    """What became of a mended row, in a sentence."""
    if outcome.is_taken_in:
        return text("feeds.rows.taken_in", language, row=str(outcome.row))
    problems = " ".join(row.sentence(language) for row in outcome.rejected)
    return text("feeds.rows.still_wrong", language, row=str(outcome.row), problems=problems)


def _written(path: Path, fields: Mapping[str, str]) -> Path:
    """The row as a file of one: the headings as they stood, a row for each of their levels.

    A heading above several columns stands once, at the first of them, as a merged cell is read.
    """
    headings = [name.split(BETWEEN) for name in fields]
    tallest = max(map(len, headings), default=1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        for level in range(tallest):
            left: list[str] = []
            cells = []
            for names in headings:
                is_merged = len(names) > level + 1 and names[: level + 1] == left
                cells.append("" if is_merged or len(names) <= level else names[level])
                left = names[: level + 1]
            writer.writerow(cells)
        writer.writerow(fields.values())
    return path
