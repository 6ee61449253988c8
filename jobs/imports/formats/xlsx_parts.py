"""The parts of an .xlsx package other than its rows: which sheets there are, what their styles mean, their texts.

What a number format means (percent, date) is openpyxl's to say.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.parsers import expat
from zipfile import ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from jobs.imports.formats.sheets import LONGEST_SHEET_NAME, Span
from jobs.imports.formats.xls import LONGEST_CELL, shows_percent
from jobs.imports.problems import FileRefused
from models.core.columns import storable

CHUNK = 1 << 18
FOREIGN_DATE_FORMATS = frozenset((*range(27, 37), *range(50, 59)))
"""Built-in formats that are dates in East Asian versions of Excel; their codes are not written in the file."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SIZE = re.compile(r"[A-Z]+[0-9]+:[A-Z]+([0-9]+)")
_ROWS = b"sheetData"
_ROWS_END = re.compile(rb"</(?:\w+:)?sheetData\s*>|<(?:\w+:)?sheetData\s*/>")
_SPAN = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})[\"']"
)
MOST_COLUMNS = 512
"""Cells further right are not read: no table of offices is so wide, and a hostile one would fill the memory."""
FEW_PIECES = 16
"""A cell's text comes in one piece, or in one for each of its fonts; they are put together in between."""
NO_MEMORY = 1
"""What expat calls its own lack of memory."""
LONGEST_TOKEN = 1 << 20
"""Bytes of a tag with its attributes, or of a comment."""
LONGEST_PLACE = 9
"""Digits of a row's or a shared text's number."""
_LETTERS = re.compile("[A-Z]{1,9}")
MOST_SPANS = 200_000
_SPANS_READ = 1 << 26
"""Bytes behind the rows in which so many merged cells have room."""

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


@dataclass(frozen=True)
class Styles:
    """What the cell styles of a workbook say of their numbers, by the style's place."""

    percents: frozenset[int]
    dates: frozenset[int]


class CellTooLong(Exception):
    """A cell holds more text than Excel lets one hold."""


@contextmanager
def refusing(name: str) -> Iterator[None]:
    """Whatever a library says of a file that it cannot read is a refusal with a sentence."""
    try:
        yield
    except (FileRefused, MemoryError):
        raise
    except CellTooLong as error:
        raise FileRefused("cell_too_long", name=name, most=str(LONGEST_CELL)) from error
    except expat.ExpatError as error:
        if getattr(error, "code", None) == NO_MEMORY:
            raise MemoryError from error
        raise FileRefused("damaged_workbook", name=name, detail=str(error)) from error
    except Exception as error:
        raise FileRefused("damaged_workbook", name=name, detail=str(error) or type(error).__name__) from error


@contextmanager
def opened(path: Path) -> Iterator[ZipFile]:
    with refusing(path.name), ZipFile(path) as archive:
        yield archive


def gather(pieces: list[str], data: str) -> None:
    """Another piece of a cell's text. Raises CellTooLong before more of it is held than a cell may have."""
    pieces.append(data)
    if len(pieces) > FEW_PIECES:
        pieces[:] = [whole("".join(pieces))]


def whole(text: str) -> str:
    """A cell's text; raises CellTooLong."""
    if len(text) > LONGEST_CELL:
        raise CellTooLong
    return text


class LocalNames(dict[str, str]):
    """Element names without their namespace, worked out once each: transitional and strict files differ in it."""

    def __missing__(self, name: str) -> str:
        self[name] = local = name.rpartition(" ")[2]
        return local


def _refuse_entities(*_: object) -> None:
    raise expat.ExpatError("the file declares entities of its own")


def parse(stream: IO[bytes], *, start: Start, end: End | None = None, text: End | None = None) -> Iterator[None]:
    """Feeds a part to its handlers, a stretch at a time; names come with their namespace, see `LocalNames`."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = _refuse_entities
    parser.buffer_text = True
    fed = 0
    while chunk := stream.read(CHUNK):
        parser.Parse(chunk, False)
        fed += len(chunk)
        if fed - parser.CurrentByteIndex > LONGEST_TOKEN:
            # Each chunk would have it looked at from its beginning again.
            raise expat.ExpatError("a part has a tag or a comment of megabytes")
        yield
    parser.Parse(b"", True)
    yield


def _parse_part(archive: ZipFile, part: str, *, start: Start, end: End | None = None, text: End | None = None) -> None:
    with archive.open(part) as stream:
        for _ in parse(stream, start=start, end=end, text=text):
            pass


def relations_of(archive: ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Relation id → kind and part, of one part of the package."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}
    local = LocalNames()

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = local[name]
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes["Target"]
            whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[attributes["Id"]] = (posixpath.basename(attributes["Type"]), whole)

    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations in archive.namelist():
        _parse_part(archive, relations, start=start)
    return found


def target_of(archive: ZipFile, part: str, kind: str) -> str | None:
    return next((target for found, target in relations_of(archive, part).values() if found == kind), None)


def sheet_entries(archive: ZipFile, part: str) -> tuple[list[tuple[str, str, str]], bool]:
    entries: list[tuple[str, str, str]] = []
    dates: list[str] = []
    local = LocalNames()

    def start(element: str, attributes: dict[str, str]) -> None:
        tag = local[element]
        if tag == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            name = storable(attributes.get("name", ""), LONGEST_SHEET_NAME)
            entries.append((name, attributes.get("state", "visible"), relation))
        elif tag == "workbookPr":
            dates.append(attributes.get("date1904", "0"))

    _parse_part(archive, part, start=start)
    return entries, any(value in ("1", "true") for value in dates)


def styles_of(archive: ZipFile, part: str | None) -> Styles:
    codes: dict[int, str] = dict(BUILTIN_FORMATS)
    used: list[int] = []
    inside = [False]
    local = LocalNames()

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = local[name]
        if tag == "numFmt":
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif tag in ("cellXfs", "cellStyleXfs"):
            inside[0] = tag == "cellXfs"
        elif tag == "xf" and inside[0]:
            used.append(int(attributes.get("numFmtId", "0")))

    if part is not None and part in archive.namelist():
        _parse_part(archive, part, start=start)
    return Styles(
        percents=frozenset(i for i, number in enumerate(used) if shows_percent(codes.get(number, ""))),
        dates=frozenset(
            i
            for i, number in enumerate(used)
            if number in FOREIGN_DATE_FORMATS or (number in codes and is_date_format(codes[number]))
        ),
    )


RAISED = ("superscript", "subscript")
FOOTNOTE = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""A digit that is written raised is the mark of a footnote: read as plain text, "4²" would be 42."""


def strings_of(archive: ZipFile, part: str | None) -> list[str]:
    """The texts that cells point at; how they are said aloud (phonetic runs) is left out."""
    strings: list[str] = []
    pieces: list[str] = []
    state = {"text": False, "aloud": False, "raised": False}
    local = LocalNames()

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = local[name]
        if tag == "si":
            pieces.clear()
        if tag in ("si", "r"):
            state["raised"] = False
        elif tag == "vertAlign":
            state["raised"] = attributes.get("val") in RAISED
        state["text"] = tag == "t"
        state["aloud"] = state["aloud"] or tag == "rPh"

    def end(name: str) -> None:
        tag = local[name]
        state["text"] = False
        if tag == "si":
            strings.append(unescaped(whole("".join(pieces))))
        elif tag == "rPh":
            state["aloud"] = False

    def text(data: str) -> None:
        if state["text"] and not state["aloud"]:
            gather(pieces, data.translate(FOOTNOTE) if state["raised"] else data)

    if part is not None and part in archive.namelist():
        _parse_part(archive, part, start=start, end=end, text=text)
    return strings


def unescaped(text: str) -> str:
    """A text with the letters that Excel spells `_x000D_`, as they can be kept."""
    return storable(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)) if "_x" in text else text


@dataclass(frozen=True)
class Prolog:
    """What a sheet says of itself before its rows."""

    rows: int | None
    """How many rows it says it has: good enough to show progress by, for nothing else."""
    hidden_columns: frozenset[int]


def prolog_of(archive: ZipFile, part: str) -> Prolog:
    """What stands in front of a sheet's rows."""
    sizes: list[int] = []
    hidden: set[int] = set()
    done: list[bool] = []
    local = LocalNames()

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = local[name]
        if tag == "sheetData":
            done.append(True)
        elif tag == "col" and not done and is_unseen(attributes, "width"):
            first, last = (int(attributes[edge]) - 1 for edge in ("min", "max"))
            hidden.update(range(first, min(last + 1, MOST_COLUMNS)))
        elif tag == "dimension" and (match := _SIZE.fullmatch(attributes.get("ref", ""))):
            sizes.append(int(match[1]))

    with archive.open(part) as stream:
        for _ in parse(stream, start=start):
            if done:
                break
    return Prolog(sizes[0] if sizes else None, frozenset(hidden))


def is_unseen(attributes: dict[str, str], size: str) -> bool:
    """Whether a row or column is hidden, filtered out, or drawn to nothing."""
    if attributes.get("hidden") in ("1", "true"):
        return True
    cell_value = attributes.get(size)
    return cell_value is not None and not float(cell_value)


def spans_of(archive: ZipFile, part: str, *, name: str) -> tuple[Span, ...]:
    """A sheet's merged cells. They stand behind its rows, which are only passed over on the way there."""
    with archive.open(part) as stream:
        rest = b""
        while chunk := stream.read(CHUNK):
            rest += chunk
            # Looking for the bare word first is ten times faster.
            if _ROWS in rest and (match := _ROWS_END.search(rest)):
                rest = rest[match.end() :] + stream.read(_SPANS_READ)
                break
            rest = rest[-64:]
        else:
            return ()
    columns: dict[str, int] = {}
    spans: list[Span] = []
    for match in _SPAN.finditer(rest):
        left, top, right, bottom = (group.decode() for group in match.groups())
        spans.append(Span(int(top), int(bottom), column_of(left, columns), column_of(right, columns)))
        if len(spans) > MOST_SPANS:
            raise FileRefused("sheets_too_large", name=name)
    return tuple(spans)


def number_of(written: str) -> int:
    """A place or a count as workbooks write it; Python would read "1_0", "-1" and "１" as well. Raises ValueError."""
    if not (written.isascii() and written.isdecimal() and len(written) <= LONGEST_PLACE):
        raise ValueError(f"“{written[:20]}” is no number")
    return int(written)


def column_of(reference: str, known: dict[str, int]) -> int:
    """The column of a cell's name, from 0; what was worked out is kept in `known`. Raises ValueError."""
    letters = reference.rstrip("0123456789")
    if letters not in known:
        if not _LETTERS.fullmatch(letters):
            raise ValueError(f"“{reference[:20]}” is no cell")
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - ord("A") + 1
        known[letters] = column - 1
    return known[letters]
