"""The audit trail as CSV: what the page lists, for people who examine it. No text of it is ever a formula."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from jobs.documents.writable import harmless
from models.core.settings import TIMEZONE
from models.core.texts import text
from models.core.trail import TrailEntry

COLUMNS = ("at", "by", "role", "action", "subject", "old", "new", "reason", "document", "origin")
BOM = "\ufeff"


def trail_csv(entries: Sequence[TrailEntry], *, action_names: dict[str, str], language: str) -> bytes:
    """The entries in the order given; semicolons in Vietnamese, as spreadsheets there expect."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";" if language == "vi" else ",")
    writer.writerow([text(f"audit.column.{name}", language) for name in COLUMNS])
    for entry in entries:
        cells = {
            "at": f"{entry.at.astimezone(TIMEZONE):%Y-%m-%d %H:%M:%S}",
            "by": entry.by,
            "role": entry.role,
            "action": action_names.get(entry.action, entry.action),
            "subject": entry.subject,
            "old": _spelled(entry.old),
            "new": _spelled(entry.new),
            "reason": entry.reason,
            "document": entry.document,
            "origin": entry.origin,
        }
        writer.writerow([harmless(cells[name]) for name in COLUMNS])
    return (BOM + written.getvalue()).encode()


def _spelled(shown: dict[str, Any] | None) -> str:
    return "" if shown is None else json.dumps(shown, ensure_ascii=False, sort_keys=True)
