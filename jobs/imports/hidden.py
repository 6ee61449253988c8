"""Hidden columns: one that is seen goes before a hidden one of the same meaning; whatever is read of them is said."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace

from jobs.imports.headers import Column, Header
from jobs.imports.problems import FileRefused
from jobs.imports.sheets import Row, shown
from jobs.imports.values import FileWarning, column_letters, place_of
from targets.figures import has_figure

RATES = frozenset(("rate", "value"))
FIGURES = frozenset(
    ("rate", "value", "numerator", "denominator", "counts", "points", "total", "received_online", "received_direct")
)
_SHOWN = 3


@dataclass(frozen=True)
class HiddenColumns:
    """The hidden columns of a table: those read all the same, and those whose place one that is seen takes."""

    read: tuple[Column, ...] = ()
    left_out: tuple[tuple[Column, Column], ...] = ()


def without_hidden(header: Header, hidden: Set[int]) -> tuple[Header, HiddenColumns]:
    """The header without the hidden columns whose meaning another one has that is seen."""
    concerned = [column for column in header.columns if column.index in hidden and column.role != "serial"]
    if not concerned:
        return header, HiddenColumns()
    seen = {_meaning(column): column for column in header.columns if column.index not in hidden}
    left_out = tuple((column, seen[_meaning(column)]) for column in concerned if _meaning(column) in seen)
    gone = {column.index for column, _ in left_out}
    kept = tuple(column for column in header.columns if column.index not in gone)
    read = tuple(column for column in concerned if column.index not in gone)
    return replace(header, columns=kept), HiddenColumns(read, left_out)


def hidden_remarks(
    header: Header, columns: HiddenColumns, rows: Sequence[Row], *, hidden: Set[int], sheet: str | None, name: str
) -> list[FileWarning]:
    """What people should know of a table's hidden columns.

    Raises FileRefused where figures stand only in a hidden column, and others in one that is seen but not understood:
    those may be the ones that are meant.
    """
    seen = [column for column in header.columns if column.index not in hidden]
    lonely = [
        column
        for column in columns.read
        if column.role in FIGURES and not any(one.role in FIGURES and one.indicator == column.indicator for one in seen)
    ]
    if lonely:
        known = {column.index for column in header.columns}
        others = [
            index
            for index, text in enumerate(header.texts)
            if text and index not in known | hidden and any(has_figure(row[index]) for row in rows if index < len(row))
        ]
        if others:
            raise FileRefused(
                "hidden_or_seen",
                name=name,
                hidden="; ".join(_named(column.index, header) for column in lonely),
                seen="; ".join(_named(index, header) for index in others),
            )
    place = place_of(sheet, header.row, header.first_column)
    remarks = [
        FileWarning(
            "hidden_column_left_out",
            {"hidden": _held(column, header, rows), "seen": _named(other.index, header)},
            place,
        )
        for column, other in columns.left_out
    ]
    if columns.read:
        held = "; ".join(_held(column, header, rows) for column in columns.read)
        remarks.append(FileWarning("hidden_columns_read", {"columns": held}, place))
    return remarks


def _meaning(column: Column) -> tuple[str, str | None]:
    return "rate" if column.role in RATES else column.role, column.indicator


def _named(index: int, header: Header) -> str:
    return f"{column_letters(index)} “{header.texts[index]}”"


def _held(column: Column, header: Header, rows: Iterable[Row]) -> str:
    """A column with the first of what it holds."""
    cells = (shown(row[column.index]).strip() for row in rows if column.index < len(row))
    found = [text for text in cells if text]
    more = "; …" if len(found) > _SHOWN else ""
    return (
        f"{_named(column.index, header)} ({'; '.join(found[:_SHOWN])}{more})" if found else _named(column.index, header)
    )
