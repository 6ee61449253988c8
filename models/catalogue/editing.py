"""Changing a value in the campaign's files and nothing else: comments, order, spacing and line ends stay.

An edit says where and what; whether the file may say so is the loader's to decide, with the whole folder before it.
"""

import csv
import io
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

import tomlkit
from tomlkit.items import Item, Table

from models.catalogue.folder import CSV_COLUMNS
from targets.errors import CampaignError

Plain = str | bool | int | Decimal | date
Value = Plain | tuple[str, ...] | tuple[Mapping[str, Plain], ...]
"""A value, a list of texts, or a list of tables."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class NotEditable(CampaignError):
    """A file is written in a way in which one of its keys cannot be changed alone."""

    def __init__(self, file: str, key: str) -> None:
        super().__init__(
            f"{file} is written in a way in which {key} cannot be changed by itself; change it in the file.",
            code="campaign_not_editable",
            file=file,
            key=key,
        )


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


Edit = KeyEdit | RowEdit


def edited(texts: Mapping[str, bytes], edits: Sequence[Edit]) -> dict[str, bytes]:
    """The files with the edits made, in the order given; files that no edit names stay byte for byte."""
    after = dict(texts)
    for edit in edits:
        content = after[edit.file]
        after[edit.file] = _edited_toml(content, edit) if isinstance(edit, KeyEdit) else _edited_csv(content, edit)
    return after


# --- TOML -----------------------------------------------------------------------------------------------------------


def _edited_toml(content: bytes, edit: KeyEdit) -> bytes:
    text, mark = _decoded(content)
    document = tomlkit.parse(text)
    written = tomlkit.dumps(document)
    whole = tomllib.loads(text)
    table: Any = document
    wanted: Any = whole
    for name in edit.path[:-1]:
        if name not in table:
            table[name] = tomlkit.table()
        table, wanted = table[name], wanted.setdefault(name, {})
    key = edit.path[-1]
    if edit.value is None:
        table.pop(key, None)
        wanted.pop(key, None)
    else:
        item = _item(edit.value)
        if key not in table:
            _add(table, key, item)
        elif wanted[key] != item.unwrap():
            table[key] = item
        wanted[key] = item.unwrap()
    after = _with_untouched_lines(tomlkit.dumps(document), written=written, original=text)
    if tomllib.loads(after) != whole:
        raise NotEditable(edit.file, ".".join(edit.path))
    return mark + after.encode()


def _with_untouched_lines(after: str, *, written: str, original: str) -> str:
    """The edited text, in which lines that no edit touched are the file's own, to the last blank.

    `written` is the file as the writer writes it unedited: where it spaces a line otherwise, the line is put back.
    """
    own, as_written, edited_lines = (text.splitlines(keepends=True) for text in (original, written, after))
    if len(own) != len(as_written):
        return after
    lines = list(edited_lines)
    for block in SequenceMatcher(None, as_written, edited_lines, autojunk=False).get_matching_blocks():
        lines[block.b : block.b + block.size] = own[block.a : block.a + block.size]
    return "".join(lines)


def _add(table: Any, key: str, item: Item) -> None:
    """A new key stands right behind the table's last one, before comments on what follows and tables of its own."""
    own = [name for name, value in table.items() if not isinstance(value, Table)]
    if isinstance(table, Table) and own:
        # Left to itself tomlkit would put it behind the comments that belong to whatever follows.
        table.value._insert_after(own[-1], key, item)  # noqa: SLF001 - no public way puts a key at a place
        dict.__setitem__(table, key, item.value)
        return
    table[key] = item


def _item(value: Value) -> Item:
    if isinstance(value, tuple) and (rows := [each for each in value if isinstance(each, Mapping)]):
        tables = tomlkit.aot()
        for row in rows:
            table = tomlkit.table()
            for name, reported in row.items():
                table.add(name, _item(reported))
            tables.append(table)
        return tables
    if isinstance(value, tuple):
        array = tomlkit.array()
        array.extend(value)
        return array
    if isinstance(value, Decimal):
        written = f"{value:f}"
        return tomlkit.float_(written) if "." in written else tomlkit.integer(written)
    return tomlkit.item(value)


# --- CSV ------------------------------------------------------------------------------------------------------------


def _edited_csv(content: bytes, edit: RowEdit) -> bytes:
    text, mark = _decoded(content)
    lines = _LINE.findall(text)
    filled = [number for number, line in enumerate(lines) if line.strip()]
    header = [cell.strip() for cell in _cells(lines[filled[0]])] if filled else list(CSV_COLUMNS[edit.file])
    if not filled:
        lines, filled = [_line(header, "\n")], [0]
    end = _end(lines[filled[0]]) or "\n"
    for number in filled[1:]:
        reported = dict(zip(header, _cells(lines[number]), strict=False))
        if any(reported.get(column, "").strip() != value for column, value in edit.row.items()):
            continue
        if edit.cells is None:
            del lines[number]
        elif any(reported.get(column, "").strip() != value for column, value in edit.cells.items()):
            lines[number] = _line([(reported | dict(edit.cells)).get(name, "") for name in header], _end(lines[number]))
        break
    else:
        if edit.cells is not None:
            last = filled[-1]
            lines[last] = lines[last].rstrip("\r\n") + end
            reported = {**edit.row, **edit.cells}
            lines.insert(last + 1, _line([reported.get(name, "") for name in header], end))
    return mark + "".join(lines).encode()


def _cells(line: str) -> list[str]:
    return next(csv.reader([line.rstrip("\r\n")]), [])


def _line(cells: Sequence[str], end: str) -> str:
    out = io.StringIO()
    # A cell must not end its row: one that holds a line's end is quoted, and the loader refuses it by its place.
    if any(mark in cell for cell in cells for mark in "\r\n"):
        csv.writer(out, lineterminator="", quoting=csv.QUOTE_ALL).writerow(cells)
    else:
        csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue() + end


def _end(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def _decoded(content: bytes) -> tuple[str, bytes]:
    """The text, and the byte order mark that some editors put before it."""
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    return content.removeprefix(mark).decode("utf-8"), mark
