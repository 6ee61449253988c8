"""The documents by name: what the command, a page and the digest ask for, each made from the same figures."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from jobs.documents.figures import PackFigures
from jobs.documents.weekly_report import as_report
from jobs.documents.weekly_slides import as_slides
from jobs.documents.weekly_workbook import as_workbook
from jobs.documents.writable import MadeFile
from models.core.texts import text

MIME_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "txt": "text/plain",
        "zip": "application/zip",
        "png": "image/png",
    }
)
WEEKLY: Mapping[str, Callable[[PackFigures, str], bytes]] = MappingProxyType(
    {"pptx": as_slides, "xlsx": as_workbook, "docx": as_report}
)


def weekly_file(figures: PackFigures, ending: str, language: str) -> MadeFile:
    """The weekly table, report or slides, by the file's ending."""
    return MadeFile(
        file_name(figures, "weekly", ending, language), MIME_TYPES[ending], WEEKLY[ending](figures, language)
    )


def weekly_pack(figures: PackFigures, language: str) -> tuple[MadeFile, ...]:
    """All three, for those who download the pack or get it by mail."""
    return tuple(weekly_file(figures, ending, language) for ending in WEEKLY)


def file_name(figures: PackFigures, kind: str, ending: str, language: str) -> str:
    """The name of a document of these figures."""
    return dated_name(kind, ending, language, as_of=figures.as_of, is_simulated=figures.is_simulated)


def dated_name(kind: str, ending: str, language: str, *, as_of: date, is_simulated: bool, unit: str = "") -> str:
    """bao-cao-tuan_2024-05-07_minh-hoa.xlsx: simulated figures say so in the name, too."""
    parts = [text(f"pack.file.{kind}", language), *([unit] if unit else []), as_of.isoformat()]
    if is_simulated:
        parts.append(text("gaps.download.file_simulated", language))
    return f"{'_'.join(parts)}.{ending}"
