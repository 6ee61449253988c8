"""Any address that answers with a CSV file: sources.toml declares the column of each figure by its heading."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field

from jobs.fetching.mapping import find_by_heading, reported_rows
from jobs.fetching.requests import Requested, all_pages, ask_page, counted, recovers, request_mistakes
from jobs.fetching.values import Asking, PullFailed, SourceAnswer, SourceKind
from jobs.imports.words import folded

DELIMITERS = (",", ";", "\t")
MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
Line = Mapping[str, str]


class CsvOptions(Requested):
    """Columns are named by their headings, with or without diacritics."""

    delimiter: Literal[",", ";", "\t"] | None = None
    """Left out: whichever finds the declared columns."""
    header_line: int = Field(default=1, ge=1, le=100)
    """On which line the headings stand."""


def tell(asking: Asking) -> SourceAnswer:
    """The lines of every page as figures."""
    pages = asking.options.pages
    rows = _lines(asking, None) if pages is None else all_pages(
        lambda page: [row for _, row in _lines(asking, page)], asking, size=pages.size, first=pages.first,
        identity=lambda row: tuple(row.items()),
    )  # fmt: skip
    return reported_rows(counted(rows), asking.options, asking, find=find_by_heading)


def _lines(asking: Asking, page: int | None) -> list[tuple[str, Line]]:
    options: CsvOptions = asking.options
    text = _text(ask_page(asking, options, page, as_json=False).body)
    if not text.strip():
        return []
    wanted = {folded(column) for column in options.named()}
    choices = [options.delimiter] if options.delimiter else DELIMITERS
    tables = [_table(text, delimiter, options.header_line) for delimiter in choices]
    header, rows = max(tables, key=lambda table: len(wanted & set(map(folded, table[0]))))
    found = set(map(folded, header))
    missing = [column for column in options.named() if folded(column) not in found]
    if missing:
        raise PullFailed("columns_missing", columns=", ".join(missing))
    return [
        (f"line {line}", dict(zip(header, cells, strict=False)))
        for line, cells in rows
        if any(cell.strip() for cell in cells)
    ]


def _text(body: bytes) -> str:
    encoding = next((name for mark, name in MARKS if body.startswith(mark)), "utf-8-sig")
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        raise PullFailed("no_text") from None
    if "\0" in text:
        raise PullFailed("no_text")
    return text


def _table(text: str, delimiter: str, header_line: int) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The headings, and the cells of each line with its number."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    number = 0
    while (cells := _next(reader, len(header))) is not None:
        number += 1
        if number == header_line:
            header = [cell.strip() for cell in cells]
        elif number > header_line:
            rows.append((reader.line_num, cells))
    return header, rows


def _next(reader: Iterator[list[str]], width: int) -> list[str] | None:
    """The next row. One with a text that no cell holds says so in every column, for the checking of rows to refuse."""
    try:
        return next(reader, None)
    except csv.Error as error:
        return [f"#{error}"] * max(width, 1)


SOURCE = SourceKind(key="http_csv", options=CsvOptions, tell=tell, recovers=recovers, mistakes=request_mistakes)
