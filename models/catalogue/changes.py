"""What differs between two states of a campaign's files, place by place: shown before and after a change."""

import csv
import io
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from models.catalogue import folder
from models.catalogue.unit_file import TILE
from models.units.shape_file import SHAPES, shape_marks

ROW_KEYS: Mapping[str, tuple[str, ...]] = {
    folder.UNITS: ("code",),
    folder.UNIT_CHANGES: ("day", "kind", "unit", "to"),
    folder.BASELINES: ("unit", "indicator", "year"),
    folder.CENTRAL: ("indicator", "year", "level"),
    folder.REGISTRATIONS: ("unit", "indicator", "phase"),
    folder.SCORES: ("unit", "indicator", "year", "source", "rank_group"),
    folder.READINGS: ("unit", "indicator", "as_of", "scope", "source"),
    folder.TASKS: ("unit", "document", "number", "what"),
}
"""The columns by which a row of a file is identified."""

QUIET = {
    folder.CAMPAIGN: ("title", "short_title", "document", "score_bands"),
    folder.SOURCES: ("name", "enabled", "schedule", "late_after_minutes", "contact", "address", "secret"),
    folder.UNITS: ("name", "aliases", "gso_code", "identity_code", "head_title", "head_name", "head_phone", *TILE),
}
"""Keys and columns that no target and no standing follows from: a new telephone number is saved at once."""


@dataclass(frozen=True)
class Change:
    """One place of one file with what stood there and what stands there; None where nothing does."""

    file: str
    row: tuple[str, ...]
    """The cells that identify a row of a CSV file; empty in a TOML file."""
    key: str
    """The key with its tables, as in `phases.50-day.due`; a column of a CSV file, empty for its whole row."""
    old: str | None
    new: str | None

    @property
    def is_row_gone(self) -> bool:
        """A whole row of a CSV file was taken out."""
        return bool(self.row) and not self.key and self.new is None

    @property
    def touches_figures(self) -> bool:
        """Whether a target or a standing may follow from it."""
        if self.file == SHAPES:
            return False
        parts = self.key.split(".")
        of_file = parts[1] if self.file == folder.SOURCES and len(parts) > 1 else parts[0]
        return of_file.partition("[")[0] not in QUIET.get(self.file, ())

    @property
    def place(self) -> str:
        """Where it is, as people write it: a key, or a row and its column."""
        return ", ".join(part for part in (*self.row, self.key) if part)

    def __str__(self) -> str:
        reported = ["—" if value is None else f"“{value}”" for value in (self.old, self.new)]
        return f"{self.file}, {self.place}: {reported[0]} → {reported[1]}"


def changes_between(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[Change, ...]:
    """Every value that differs, file by file; comments, spacing and the order of rows say nothing.

    A file that cannot be read as its kind counts as empty: loading it names its mistakes.
    """
    found: list[Change] = []
    for file in folder.in_order({**before, **after}):
        old, new = before.get(file, b""), after.get(file, b"")
        if old != new:
            found += _rows_changed(file, old, new) if file in ROW_KEYS else _keys_changed(file, old, new)
    return tuple(found)


def table_rows(file: str, content: bytes) -> dict[tuple[str, ...], dict[str, str]]:
    """The rows of a CSV file by the cells that identify them, trimmed; of two alike the first counts."""
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    header, *lines = csv_lines(content) or [[]]
    for line in lines:
        row = dict(zip(header, line, strict=False))
        cells = {column: row.get(column, "") for column in folder.CSV_COLUMNS[file]}
        if any(cells.values()):
            rows.setdefault(tuple(cells[column] for column in ROW_KEYS[file]), cells)
    return rows


def csv_lines(content: bytes) -> list[list[str]]:
    """The lines that hold anything, the header first, cells trimmed; any line ends; none where it is no CSV at all."""
    text = io.StringIO(content.decode("utf-8-sig", errors="replace"), newline=None)
    try:
        lines = [[cell.strip() for cell in cells] for cells in csv.reader(text)]
    except csv.Error:
        return []
    return [cells for cells in lines if any(cells)]


def flat_keys(content: bytes) -> dict[str, str]:
    """Every value of a TOML file by its whole key, as text; lists of tables are counted from 1."""
    try:
        table = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except ValueError:
        return {}
    return dict(_flat(table, ""))


def _keys_changed(file: str, old: bytes, new: bytes) -> Iterator[Change]:
    before, after = map(shape_marks if file == SHAPES else flat_keys, (old, new))
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) != after.get(key):
            yield Change(file, (), key, before.get(key), after.get(key))


def _rows_changed(file: str, old: bytes, new: bytes) -> Iterator[Change]:
    before, after = table_rows(file, old), table_rows(file, new)
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        if was is None or now is None:
            yield Change(file, key, "", _reported(file, was), _reported(file, now))
        else:
            yield from (
                Change(file, key, column, was[column] or None, now[column] or None)
                for column in folder.CSV_COLUMNS[file]
                if was[column] != now[column]
            )


def _reported(file: str, cells: Mapping[str, str] | None) -> str | None:
    """A whole row without the cells that identify it."""
    if cells is None:
        return None
    return " · ".join(value for column, value in cells.items() if value and column not in ROW_KEYS[file])


def _flat(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _flat(item, f"{place}.{key}" if place else key)
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for number, item in enumerate(value, start=1):
            yield from _flat(item, f"{place}[{number}]")
    else:
        yield place, _written(value)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _listed(value) if isinstance(value, list) else str(value)


def _listed(values: Iterable[Any]) -> str:
    return ", ".join(_written(value) for value in values)
