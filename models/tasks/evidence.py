"""Files that show what was done: of a few kinds, told by what is in them and never by what they are called."""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from sqlmodel import Session

from models.core.columns import storable
from models.tables import TaskEvidence
from models.targets.registrations import Incomplete
from targets.errors import UnknownName

LARGEST = 10 * 1024 * 1024
"""Bytes: a store is copied whole, with all that is in it."""
LONGEST_NAME = 100
KINDS = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Ending → what a browser is told. Nothing among them that a browser would run."""
BEGINNINGS = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}
PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
CONTENTS, MACROS = "[Content_Types].xml", "vbaProject.bin"


@dataclass(frozen=True)
class Evidence:
    """A file as it was handed in."""

    name: str
    content: bytes


def kind_of(content: bytes) -> str | None:
    """Which kind of file it is by its content; None where it is none that is taken, a document with macros too."""
    for kind, beginning in BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            names = set(opened.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if CONTENTS not in names or any(name.endswith(MACROS) for name in names):
        return None
    return next((kind for kind, part in PARTS.items() if part in names), None)


def keep_evidence(session: Session, report: int, file: Evidence) -> TaskEvidence:
    """Keep a report's file, its name ending as its content says. Raises Incomplete where it is not taken."""
    if len(file.content) > LARGEST:
        largest = f"{LARGEST // 1024**2}"
        raise Incomplete(f"A file has {largest} MB at most.", code="evidence_large", largest=largest)
    kind = kind_of(file.content)
    if kind is None:
        kinds = ", ".join(name.upper() for name in KINDS)
        raise Incomplete(
            f"The content of this file is none of {kinds}; documents with macros are not taken.",
            code="evidence_kind",
            kinds=kinds,
        )
    row = TaskEvidence(
        report_id=report,
        name=f"{' '.join(PurePath(storable(file.name)).stem.split())[:LONGEST_NAME]}.{kind}",
        kind=kind,
        size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
        content=file.content,
    )
    session.add(row)
    session.flush()
    return row


def find_evidence(session: Session, report: int) -> Evidence:
    """The file of a report. Raises UnknownName where it has none."""
    row = session.get(TaskEvidence, report)
    if row is None:
        raise UnknownName(kind="file", name=str(report))
    return Evidence(row.name, row.content)
