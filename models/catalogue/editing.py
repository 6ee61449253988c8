"""Changing values in the campaign's files as texts: what is changed is written anew, other files stay byte for byte.

An edit says where and what; whether the file may say so is decided by the loader, which sees the whole campaign.
Of its comments a file keeps those that head it and say what is written in it.
"""

import csv
import io
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import takewhile
from typing import Any

from models.catalogue.changes import ROW_KEYS, csv_lines
from models.catalogue.folder import CSV_COLUMNS

Plain = str | bool | int | Decimal | date
Value = Plain | Mapping[str, Plain] | tuple[str, ...] | tuple[Mapping[str, Plain], ...]
"""A value, a table, a list of texts, or a list of tables."""
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SHORT = 2
"""Values up to which a table of plain ones stands on one line: a name in both languages, first day and last."""


@dataclass(frozen=True)
class KeyEdit:
    """A key of a TOML file gets a value; None takes the key out."""

    file: str
    path: tuple[str, ...]
    """The tables from the top down, the key last."""
    value: Value | None


@dataclass(frozen=True)
class RowEdit:
    """A row of a CSV file gets values in some columns, or is added with them; `cells` None takes the row out."""

    file: str
    row: Mapping[str, str]
    """Columns and values by which the row is known."""
    cells: Mapping[str, str] | None


@dataclass(frozen=True)
class FileEdit:
    """A whole file is replaced, as a workbook replaces it; `content` None takes the file out."""

    file: str
    content: bytes | None


Edit = KeyEdit | RowEdit | FileEdit


def edited(texts: Mapping[str, bytes], edits: Sequence[Edit]) -> dict[str, bytes]:
    """The files with the edits made, in the order given; a file in which no value changes stays byte for byte."""
    after = dict(texts)
    for edit in edits:
        if isinstance(edit, FileEdit):
            after.pop(edit.file, None)
            after |= {} if edit.content is None else {edit.file: edit.content}
    for file in dict.fromkeys(edit.file for edit in edits if not isinstance(edit, FileEdit)):
        if file in ROW_KEYS:
            rows = [edit for edit in edits if isinstance(edit, RowEdit) and edit.file == file]
            after[file] = _edited_csv(file, after.get(file, b""), rows)
        else:
            keys = [edit for edit in edits if isinstance(edit, KeyEdit) and edit.file == file]
            after[file] = _edited_toml(after[file], keys)
    return after


# --- TOML -----------------------------------------------------------------------------------------------------------


def _edited_toml(content: bytes, edits: Sequence[KeyEdit]) -> bytes:
    text = content.decode("utf-8-sig")
    whole = tomllib.loads(text, parse_float=Decimal)
    is_changed = False
    for edit in edits:
        tables = [whole]
        for name in edit.path[:-1]:
            tables.append(tables[-1].setdefault(name, {}))
        table = tables[-1]
        key, value = edit.path[-1], list(edit.value) if isinstance(edit.value, tuple) else edit.value
        if table.get(key) != value:
            is_changed = True
            table[key] = value
        if value is None:
            table.pop(key, None)
            for name, above, below in reversed(list(zip(edit.path, tables, tables[1:], strict=False))):
                if not below:  # a name of which nothing is left is no name
                    del above[name]
    if not is_changed:
        return content
    return toml_text(whole, content)


def toml_text(table: Mapping[str, Any], before: bytes = b"") -> bytes:
    """A table as a file, under the comments that headed the file before."""
    lines = before.decode("utf-8-sig").splitlines(keepends=True)
    head = "".join(takewhile(lambda line: line.startswith("#"), lines))
    return ((head and f"{head}\n") + "\n".join(_table_lines(table)).lstrip() + "\n").encode()


def _table_lines(table: Mapping[str, Any], path: tuple[str, ...] = ()) -> list[str]:
    """A table's own values, then the tables in it in their order; small ones before the first large one on one line."""
    own, below = [], []
    for key, value in table.items():
        place = (*path, _key(key))
        if _is_of_tables(value):
            below += [line for each in value for line in ("", f"[[{'.'.join(place)}]]", *_table_lines(each, place))]
        elif isinstance(value, Mapping) and (below or not _is_small(value)):
            lines = _table_lines(value, place)
            # A table that holds only tables is named by theirs.
            below += lines if lines and not lines[0] else ["", f"[{'.'.join(place)}]", *lines]
        else:
            own.append(f"{_key(key)} = {toml_inline(value)}")
    return own + below


def _is_of_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _is_small(table: Mapping[str, Any]) -> bool:
    has_tables = any(isinstance(value, Mapping) or _is_of_tables(value) for value in table.values())
    return not has_tables and len(table) <= _SHORT


def toml_inline(value: Any) -> str:
    """A value as it stands behind its key."""
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(key)} = {toml_inline(each)}" for key, each in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml_inline, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str):
        # What JSON escapes, TOML reads alike; it takes one more for a control character.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else toml_inline(key)


# --- CSV ------------------------------------------------------------------------------------------------------------


def _edited_csv(file: str, content: bytes, edits: Sequence[RowEdit]) -> bytes:
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    header, *lines = csv_lines(content) or [list(CSV_COLUMNS[file])]
    rows: list[dict[str, str] | None] = [dict(zip(header, cells, strict=False)) for cells in lines]
    places: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows):
        places.setdefault(tuple((row or {}).get(name, "") for name in ROW_KEYS[file]), number)
    is_changed = False
    for edit in edits:
        at = places.setdefault(tuple(edit.row[name] for name in ROW_KEYS[file]), len(rows))
        before = rows[at] if at < len(rows) else None
        after = None if edit.cells is None else {**(before or edit.row), **edit.cells}
        is_changed = is_changed or before != after
        rows[at : at + 1] = [after]
    if not is_changed:
        return content
    out = io.StringIO()
    for cells in (header, *([row.get(name, "") for name in header] for row in rows if row is not None)):
        # A cell must not end its row: one that holds a line's end is quoted, and the loader refuses it by its place.
        has_end = any(end in cell for cell in cells for end in "\r\n")
        csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL if has_end else csv.QUOTE_MINIMAL).writerow(cells)
    return mark + out.getvalue().encode()
