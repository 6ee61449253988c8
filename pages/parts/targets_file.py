"""The annex of targets as the page offers it: as a workbook to calculate with, and as a text to sign."""

from collections.abc import Mapping

from jobs.documents.annex_contents import AnnexFile, annex_file, file_name

MIME_TYPES: Mapping[AnnexFile, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

__all__ = ["MIME_TYPES", "AnnexFile", "annex_file", "file_name"]
