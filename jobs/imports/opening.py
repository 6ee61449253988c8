"""What a file really is. Its content decides; its name only helps to say what is wrong."""

from pathlib import Path
from zipfile import ZipFile

from jobs.imports.delimited import delimited_sheets
from jobs.imports.problems import FileRefused
from jobs.imports.sheets import Sheet, held_sheets
from jobs.imports.values import FileFormat
from jobs.imports.workbook_parts import DAMAGE
from jobs.imports.workbooks import workbook_sheets

LARGEST_UNPACKED = 1 << 30
SUSPICIOUS_PART = 1 << 26
LARGEST_RATIO = 200
"""A real sheet shrinks 10 to 60 times; above this a part of more than 64 MiB was made to harm."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
_WORKBOOK_NAMES = (".xlsx", ".xlsm", ".ods")


def open_sheets(path: Path) -> tuple[FileFormat, tuple[Sheet, ...]]:
    """The file's format and its sheets; a text file comes once for each delimiter.

    Raises FileRefused for what is no table, saying what it is and what to do.
    """
    if not path.is_file():
        raise FileRefused("no_such_file", name=str(path))
    file_format = _format(path)
    if file_format == "xlsx":
        return file_format, workbook_sheets(path)
    if file_format == "csv":
        return file_format, delimited_sheets(path)
    return file_format, held_sheets(path)


def _format(path: Path) -> FileFormat:
    name = path.name
    with path.open("rb") as stream:
        start = stream.read(4096)
    if not start.strip():
        raise FileRefused("empty_file", name=name)
    if start.startswith(_ZIP):
        return _format_in_archive(path)
    if start.startswith(_OLE):
        return _format_in_compound_file(path)
    if start.startswith(b"%PDF"):
        raise FileRefused("other_document", name=name, what="PDF")
    words = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if words.startswith((b"<!doctype", b"<html", b"<table", b"<head", b"<meta")):
        raise FileRefused("html_page", name=name)
    if words.startswith(b"<"):
        raise FileRefused("xml_file", name=name)
    if path.suffix.lower() in _WORKBOOK_NAMES:
        raise FileRefused("not_a_workbook", name=name, suffix=path.suffix.lower())
    return "csv"


def _format_in_archive(path: Path) -> FileFormat:
    name = path.name
    try:
        with ZipFile(path) as archive:
            entries = archive.infolist()
            parts = set(archive.namelist())
            unpacked = sum(entry.file_size for entry in entries)
            if unpacked > LARGEST_UNPACKED or any(
                entry.file_size > SUSPICIOUS_PART and entry.file_size > LARGEST_RATIO * max(entry.compress_size, 1)
                for entry in entries
            ):
                raise FileRefused("unpacks_too_large", name=name, size=f"{unpacked >> 20} MiB")
            if any(entry.flag_bits & 1 for entry in entries):
                raise FileRefused("password_protected", name=name)
            if "mimetype" in parts and archive.read("mimetype").strip() == _OPEN_DOCUMENT:
                if "META-INF/manifest.xml" in parts and b"encryption-data" in archive.read("META-INF/manifest.xml"):
                    raise FileRefused("password_protected", name=name)
                return "ods"
    except DAMAGE as error:
        raise FileRefused("damaged_workbook", name=name, detail=str(error)) from error
    if "xl/workbook.bin" in parts:
        raise FileRefused("other_document", name=name, what="Excel .xlsb")
    if any(part.startswith("xl/") for part in parts):
        return "xlsx"
    what = "Word .docx" if any(part.startswith("word/") for part in parts) else "ZIP"
    raise FileRefused("other_document", name=name, what=what)


def _format_in_compound_file(path: Path) -> FileFormat:
    """Old Excel files and password-protected new ones share this container; its folder names what is inside."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileRefused("password_protected", name=path.name)
    if "Workbook".encode("utf-16-le") in content or "Book".encode("utf-16-le") in content:
        return "xls"
    raise FileRefused("other_document", name=path.name, what="Microsoft Office (.doc, .ppt …)")
