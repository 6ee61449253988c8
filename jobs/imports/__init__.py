"""Workbooks and text files in: a file becomes checked frames or records, problems and warnings. No store is needed."""

from jobs.imports.files import read_file
from jobs.imports.problems import FileRefused, KindUnsure, Notice, sentence
from jobs.imports.tables.questions import FileAsks, Question
from jobs.imports.templates import write_template
from jobs.imports.values import (
    KINDS,
    FileWarning,
    ImportContext,
    Kind,
    ParsedFile,
    Progress,
    ReadingBatch,
    RejectedRow,
    SheetRead,
)

__all__ = [
    "KINDS",
    "FileAsks",
    "FileRefused",
    "FileWarning",
    "ImportContext",
    "Kind",
    "KindUnsure",
    "Notice",
    "ParsedFile",
    "Progress",
    "Question",
    "ReadingBatch",
    "RejectedRow",
    "SheetRead",
    "read_file",
    "sentence",
    "write_template",
]
