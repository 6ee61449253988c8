"""Hidden rows and columns: a column that is seen goes before a hidden one of the same meaning; whether hidden rows are
read, and hidden figures beside others that are not understood, is asked; whatever is read of them is remarked on."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from itertools import islice

from jobs.imports.formats.sheets import Row, shown
from jobs.imports.problems import problem
from jobs.imports.tables.headers import Column, Header
from jobs.imports.tables.layout import OpenedSheet
from jobs.imports.tables.questions import (
    LEFT_OUT,
    SAMPLES,
    UNIT_ROLES,
    Answers,
    Option,
    Question,
    Sample,
    column_name,
    layout_of,
)
from jobs.imports.tables.rows import UnitRows, cell_at
from jobs.imports.tables.tables import HELD_ROWS
from jobs.imports.units.matching import UnitMatcher
from jobs.imports.values import FileWarning, ImportContext, Kind, column_letters, place_of
from targets.figures import has_figure

RATES = frozenset(("rate", "value"))
FIGURES = frozenset(
    ("rate", "value", "numerator", "denominator", "counts", "points", "total", "received_online", "received_direct")
)
WITHOUT_FIGURES: tuple[Kind, ...] = ("units", "tasks")
SHOWN_PLACES = 5
_SHOWN = 3
Numbered = tuple[int, Row]


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


def settle_hidden(
    header: Header,
    columns: HiddenColumns,
    rows: Sequence[Numbered],
    *,
    hidden: Set[int],
    sheet: str | None,
    answers: Answers,
) -> tuple[Header, HiddenColumns]:
    """Where figures stand only in a hidden column, and others in one that is seen but not understood, those may be the
    ones that are meant: which of them is asked."""
    seen = [column for column in header.columns if column.index not in hidden]
    lonely = [
        column
        for column in columns.read
        if column.role in FIGURES and not any(one.role in FIGURES and one.indicator == column.indicator for one in seen)
    ]
    known = {column.index for column in header.columns} | hidden
    others = [
        index
        for index, text in enumerate(header.texts)
        if text and index not in known and any(has_figure(row[index]) for _, row in rows if index < len(row))
    ]
    for column in lonely if others else ():
        reported = _samples(header, column.index, rows, sheet)
        options = [Option("hidden", reported, {"hidden": _named(column.index, header)})]
        taken = {}
        for index in others:
            taken[code := f"seen:{column_name(header, index)}"] = index
            options.append(Option(code, _samples(header, index, rows, sheet), {"seen": _named(index, header)}))
        question = Question(
            key=f"{layout_of(header)}:{column_name(header, column.index)}-an",
            place=place_of(sheet, header.row, column.index),
            field=header.texts[column.index],
            options=(*options, Option(LEFT_OUT)),
            code="hidden",
            refusal=problem(
                "hidden_or_seen",
                name=answers.file,
                hidden="; ".join(_named(one.index, header) for one in lonely),
                seen="; ".join(_named(index, header) for index in others),
            ),
        )
        option = answers.option(question)
        if option is not None and option.code != "hidden":
            kept = tuple(one for one in header.columns if one is not column)
            if option.code in taken:
                at = taken[option.code]
                kept = (*kept, replace(column, index=at, text=header.texts[at]))
            header = replace(header, columns=tuple(sorted(kept, key=lambda one: one.index)))
            columns = replace(columns, read=tuple(one for one in columns.read if one is not column))
    return header, columns


def hidden_remarks(
    header: Header, columns: HiddenColumns, rows: Sequence[Numbered], *, sheet: str | None
) -> list[FileWarning]:
    """What people should know of a table's hidden columns."""
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


def without_hidden_rows(opened: OpenedSheet, kind: Kind, context: ImportContext, answers: Answers) -> OpenedSheet:
    """Hidden rows that would be read: whether they are to be is asked, with what they hold."""
    header, sheet = opened.header, opened.sheet.name
    units = UnitRows(header, UnitMatcher(context.units, context.campaign), context.campaign, sheet=sheet)
    found: list[Sample] = []
    places: list[str] = []
    for block in opened.blocks(HELD_ROWS):
        for number, row in zip(block.numbers, block.rows, strict=True):
            if number not in block.hidden or not _is_meant(row, kind, units, opened.figure_columns):
                continue
            place = place_of(sheet, number, units.place)
            places.append(place)
            if len(found) < SAMPLES:
                cells = [text for index in opened.figure_columns if (text := cell_at(row, index))]
                found.append(Sample(place, cell_at(row, units.place), "; ".join(cells), {"taken": ""}))
    if not found:
        return opened
    more = ", …" if len(places) > SHOWN_PLACES else ""
    listed = ", ".join(places[:SHOWN_PLACES]) + more
    terms = {"count": str(len(places)), "places": listed}
    option = answers.option(
        Question(
            key=f"{layout_of(header)}:dong-an",
            place=place_of(sheet, header.row, header.first_column),
            field=listed,
            options=(Option("rows_read", tuple(found), terms), Option("rows_left_out", (), terms)),
            code="hidden_rows",
            terms=terms,
            refusal=problem("hidden_rows", name=answers.file, **terms),
        )
    )
    return replace(opened, skips_hidden=option is not None and option.code == "rows_left_out")


def _is_meant(row: Row, kind: Kind, units: UnitRows, figures: Sequence[int]) -> bool:
    """Whether a row would be read as something."""
    if kind in WITHOUT_FIGURES:
        return any(shown(cell).strip() for cell in row)
    if not any(has_figure(row[index]) for index in figures if index < len(row)):
        return False
    key = units.key([row[index] if index < len(row) else None for index in units.columns])
    return kind == "central" or isinstance(units.find(key), tuple)


def _samples(header: Header, index: int, rows: Iterable[Numbered], sheet: str | None) -> tuple[Sample, ...]:
    """The first rows that hold something in a column."""
    name = header.index(*UNIT_ROLES)
    reported = ((number, row) for number, row in rows if index < len(row) and has_figure(row[index]))
    return tuple(
        Sample(place_of(sheet, number, index), cell_at(row, name), cell_at(row, index), {"taken": ""})
        for number, row in islice(reported, SAMPLES)
    )


def _meaning(column: Column) -> tuple[str, str | None]:
    return "rate" if column.role in RATES else column.role, column.indicator


def _named(index: int, header: Header) -> str:
    return f"{column_letters(index)} “{header.texts[index]}”"


def _held(column: Column, header: Header, rows: Iterable[Numbered]) -> str:
    """A column with the first of what it holds."""
    cells = (shown(row[column.index]).strip() for _, row in rows if column.index < len(row))
    found = [text for text in cells if text]
    more = "; …" if len(found) > _SHOWN else ""
    return (
        f"{_named(column.index, header)} ({'; '.join(found[:_SHOWN])}{more})" if found else _named(column.index, header)
    )
