"""The audit trail, and a unit's story, as CSV: what the pages list, for people who examine it. No text of it is ever a
formula."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from jobs.documents.writable import harmless
from jobs.wording import story
from jobs.wording.story import StoryLine
from models.core import formats
from models.core.settings import TIMEZONE
from models.core.texts import text
from models.core.trail import TrailEntry

COLUMNS = ("at", "by", "role", "action", "subject", "old", "new", "reason", "document", "origin")
BOM = "\ufeff"


def trail_csv(entries: Sequence[TrailEntry], *, action_names: dict[str, str], language: str) -> bytes:
    """The entries in the order given."""
    rows = (
        (
            f"{entry.at.astimezone(TIMEZONE):%Y-%m-%d %H:%M:%S}",
            entry.by,
            entry.role,
            action_names.get(entry.action, entry.action),
            entry.subject,
            _spelled(entry.old),
            _spelled(entry.new),
            entry.reason,
            entry.document,
            entry.origin,
        )
        for entry in entries
    )
    return _csv(COLUMNS, rows, language)


def story_csv(lines: Sequence[StoryLine], language: str) -> bytes:
    """A unit's story in the order given."""
    return _csv(story.COLUMNS, (line.cells for line in lines), language)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]], language: str) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=formats.csv_delimiter(language))
    writer.writerow([text(f"audit.column.{name}", language) for name in columns])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return (BOM + written.getvalue()).encode()


def _spelled(shown: dict[str, Any] | None) -> str:
    return "" if shown is None else json.dumps(shown, ensure_ascii=False, sort_keys=True)
