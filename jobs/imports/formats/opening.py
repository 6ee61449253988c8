"""What a file really is. Its content decides; its name only helps to say what is wrong."""

import re
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from jobs.imports.formats.delimited import delimited_sheets
from jobs.imports.formats.limits import check_archive, check_size, megabytes
from jobs.imports.formats.ods import open_document_sheets
from jobs.imports.formats.sheets import Sheet, held_sheets
from jobs.imports.formats.xlsx import workbook_sheets
from jobs.imports.formats.xlsx_parts import refusing
from jobs.imports.problems import FileRefused
from jobs.imports.values import COMMAND, FileFormat, Limits

SUSPICIOUS_PART = 1 << 26
LARGEST_RATIO = 200
"""A real sheet shrinks 10 to 60 times; above this a part of more than 64 MiB was made to harm."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
PACKED = (ZIP_STORED, ZIP_DEFLATED)
"""How the parts of a workbook may be packed."""
MACROS = "xl/vbaProject.bin"
MANIFEST_READ = 1 << 20
_OTHERS = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"{\\rtf": "RTF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
    b"\x1f\x8b": "GZIP",
}
"""How files begin that hold no table, and what they are called."""
_JSON = re.compile(rb"\{\s*[\"}]|\[\s*[\[{\"\]0-9-]")
_WORKBOOK_NAMES = (".xlsx", ".xlsm", ".ods")


def open_sheets(path: Path, limits: Limits = COMMAND) -> tuple[FileFormat, tuple[Sheet, ...]]:
    """The file's format and its sheets; a text file comes once for each delimiter.

    Raises FileRefused for what is no table or more than may be, saying what it is and what to do.
    """
    if not path.is_file():
        raise FileRefused("no_such_file", name=str(path))
    check_size(path, limits)
    file_format = _format(path, limits)
    if file_format == "xlsx":
        return file_format, workbook_sheets(path, limits)
    if file_format == "csv":
        return file_format, delimited_sheets(path)
    return file_format, open_document_sheets(path) if file_format == "ods" else held_sheets(path)


def _format(path: Path, limits: Limits) -> FileFormat:
    name = path.name
    with path.open("rb") as stream:
        start = stream.read(4096)
    if not start.strip():
        raise FileRefused("empty_file", name=name)
    if start.startswith(_ZIP):
        return _format_in_archive(path, limits)
    if start.startswith(_OLE):
        return _format_in_compound_file(path)
    if start.startswith(b"%PDF"):
        raise FileRefused("other_document", name=name, what="PDF")
    for mark, what in _OTHERS.items():
        if start.startswith(mark):
            raise FileRefused("other_document", name=name, what=what)
    words = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if path.suffix.lower() == ".json" or _JSON.match(words):
        raise FileRefused("json_file", name=name)
    if words.startswith((b"<!doctype", b"<html", b"<table", b"<head", b"<meta")):
        raise FileRefused("html_page", name=name)
    if words.startswith(b"<"):
        raise FileRefused("xml_file", name=name)
    if path.suffix.lower() in _WORKBOOK_NAMES:
        raise FileRefused("not_a_workbook", name=name, suffix=path.suffix.lower())
    return "csv"


def has_macros(path: Path) -> bool:
    """Whether an .xlsx workbook carries programs. They are never run: only its cells are read."""
    with ZipFile(path) as archive:
        return MACROS in archive.namelist()


def _format_in_archive(path: Path, limits: Limits) -> FileFormat:
    name = path.name
    check_archive(path)
    with refusing(name), ZipFile(path) as archive:
        entries = archive.infolist()
        parts = set(archive.namelist())
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > limits.unpacked or any(_is_suspicious(entry) for entry in entries):
            raise FileRefused("unpacks_too_large", name=name, size=megabytes(unpacked))
        if any(entry.flag_bits & 1 for entry in entries):
            raise FileRefused("password_protected", name=name)
        if other := next((entry.compress_type for entry in entries if entry.compress_type not in PACKED), None):
            # Neither format of workbooks knows another way; some of them ask for any amount of memory.
            raise FileRefused("damaged_workbook", name=name, detail=f"ZIP {other}")
        if "mimetype" in parts and _start_of(archive, "mimetype").strip() == _OPEN_DOCUMENT:
            if "META-INF/manifest.xml" in parts and b"encryption-data" in _start_of(archive, "META-INF/manifest.xml"):
                raise FileRefused("password_protected", name=name)
            return "ods"
    if "xl/workbook.bin" in parts:
        raise FileRefused("other_document", name=name, what="Excel .xlsb")
    if any(part.startswith("xl/") for part in parts):
        return "xlsx"
    what = "Word .docx" if any(part.startswith("word/") for part in parts) else "ZIP"
    raise FileRefused("other_document", name=name, what=what)


def _is_suspicious(part: ZipInfo) -> bool:
    """Whether a part shrank more than real ones do."""
    return part.file_size > SUSPICIOUS_PART and part.file_size > LARGEST_RATIO * max(part.compress_size, 1)


def _start_of(archive: ZipFile, part: str) -> bytes:
    """As much of a part as says what it is."""
    with archive.open(part) as stream:
        return stream.read(MANIFEST_READ)


def _format_in_compound_file(path: Path) -> FileFormat:
    """Old Excel files and password-protected new ones share this container; its folder names what is inside."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileRefused("password_protected", name=path.name)
    if "Workbook".encode("utf-16-le") in content or "Book".encode("utf-16-le") in content:
        return "xls"
    raise FileRefused("other_document", name=path.name, what="Microsoft Office (.doc, .ppt …)")
