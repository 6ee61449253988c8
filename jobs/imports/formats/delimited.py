"""Text files with a delimiter. Encoding and binary rubbish are settled before the first row is read."""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from jobs.imports.formats.legacy_fonts import font_of
from jobs.imports.formats.sheets import Block, Span
from jobs.imports.formats.xls import LONGEST_CELL
from jobs.imports.problems import FileRefused
from targets.figures import EXCEL_ORIGIN

DELIMITERS = (",", ";", "\t")
CHUNK = 1 << 20
ESCAPED = re.compile(r"^'(?=\s*[=+\-@＝＋－＠\t\r\n])")
"""That apostrophe, in front of what a spreadsheet would run: not part of the text, wherever it was written."""
_FIELD = re.compile(r"[^,;\t\r\n\"]+")
_MARKED = re.compile(r"(?:^|[,;\t\"])'", re.MULTILINE)
csv.field_size_limit(LONGEST_CELL)
TOO_LONG = "field larger"
"""What the reader of CSV files says of a field above that limit, which is the whole program's."""
ANSI = "cp1252"
"""What "ANSI" is on most machines. It lacks letters of Vietnamese; texts of fonts of before Unicode are saved so."""
FONT_READ = 1 << 16
"""Bytes in which such a font is looked for."""
LONGEST_LINE = 1 << 20
"""Characters of one line: a longer one holds no row of a table, and would be held whole, field by field."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class DelimitedSheet:
    """A text file read with one delimiter."""

    path: Path
    encoding: str
    delimiter: str
    row_count: int
    skipped: int = 0
    """Leading lines that are not part of the table: Excel's `sep=;`."""
    has_marks: bool = False
    """Whether a field may begin with the apostrophe that keeps a text from being run as a formula."""
    name: None = None
    is_hidden: bool = False
    origin: date = EXCEL_ORIGIN
    spans: tuple[Span, ...] = ()
    hidden_columns: frozenset[int] = frozenset()

    def blocks(self, size: int) -> Iterator[Block]:
        with self.path.open(encoding=self.encoding, newline="") as stream:
            for _ in range(self.skipped):
                stream.readline()
            reader = csv.reader(stream, delimiter=self.delimiter, strict=True)
            before = 0
            while True:
                try:
                    rows = list(islice(reader, size))
                except csv.Error as error:
                    if TOO_LONG in str(error):
                        raise FileRefused("cell_too_long", name=self.path.name, most=str(LONGEST_CELL)) from error
                    line = str(self.skipped + reader.line_num)
                    raise FileRefused("broken_quotes", name=self.path.name, line=line, detail=str(error)) from error
                if not rows:
                    return
                if self.has_marks:
                    rows = [[ESCAPED.sub("", cell) for cell in row] for row in rows]
                yield Block(_line_numbers(rows, self.skipped + before, reader.line_num - before), rows)
                before = reader.line_num


def _line_numbers(rows: list[list[str]], before: int, lines: int) -> range | list[int]:
    """The line on which each row begins; a quoted cell may hold line breaks."""
    if lines == len(rows):
        return range(before + 1, before + 1 + lines)
    numbers, line = [], before + 1
    for row in rows:
        numbers.append(line)
        line += 1 + sum(len(cell.splitlines()) - 1 for cell in row if "\n" in cell or "\r" in cell)
    return numbers


def delimited_sheets(path: Path) -> tuple[DelimitedSheet, ...]:
    """The file read with each delimiter; the search for the header chooses. A first line `sep=;` decides by itself."""
    lines, has_marks, encoding = _checked_lines(path, _encoding(path))
    with path.open(encoding=encoding, newline="") as stream:
        first = stream.readline().strip().casefold()
    if first in {f"sep={delimiter}".strip() for delimiter in DELIMITERS}:
        delimiter = first.removeprefix("sep=") or "\t"
        return (DelimitedSheet(path, encoding, delimiter, lines, skipped=1, has_marks=has_marks),)
    return tuple(DelimitedSheet(path, encoding, delimiter, lines, has_marks=has_marks) for delimiter in DELIMITERS)


def _encoding(path: Path) -> str:
    with path.open("rb") as stream:
        start = stream.read(4)
    return next((encoding for mark, encoding in _MARKS if start.startswith(mark)), "utf-8")


def _checked_lines(path: Path, encoding: str) -> tuple[int, bool, str]:
    """How many lines the file has, once all of it has proved to be text; whether a field may begin with an apostrophe;
    and its encoding, which differs from what it seemed where words are in a font of before Unicode."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, open_line, last, has_marks = 0, 0, "", False
    with path.open("rb") as stream:
        try:
            while chunk := stream.read(CHUNK):
                text = decoder.decode(chunk)
                ends = text.count("\n")
                lines += ends
                open_line = len(text) - text.rfind("\n") if ends else open_line + len(text)
                if open_line > LONGEST_LINE:
                    raise FileRefused("line_too_long", name=path.name, line=str(lines + 1))
                if "\0" in text:
                    raise FileRefused("binary_file", name=path.name)
                if not has_marks and "'" in text:
                    has_marks = _MARKED.search(last + text) is not None
                last = text[-1:]
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            if encoding == "utf-8" and is_in_old_font(path):
                return _checked_lines(path, ANSI)
            line = lines + error.object[: error.start].count(b"\n") + 1
            raise FileRefused("not_utf_8", name=path.name, line=str(line)) from error
    return lines + 1, has_marks, encoding


def is_in_old_font(path: Path) -> bool:
    """Whether a file holds words of a font of before Unicode, as bytes."""
    with path.open("rb") as stream:
        words = stream.read(FONT_READ).decode(ANSI, errors="replace")
    return font_of(_FIELD.findall(words), lambda _: False) is not None
