"""A refused row with all that it held, so that it reads as its file did once it is mended: alone it would not show
what the rows around it have shown of its columns."""

from collections.abc import Sequence

from jobs.imports.formats.sheets import Row, shown
from jobs.imports.problems import Notice
from jobs.imports.tables.headers import TALLEST, Headings
from jobs.imports.tables.layout import OpenedSheet
from jobs.imports.values import RejectedRow, place_of
from targets.errors import FigureProblem
from targets.figures import Cell, Percent, Undecided, is_marked, percent_in

BETWEEN = " / "
"""What stands between the headings of a column that had several rows of them."""
WORDS = {"numerator": f"{BETWEEN}Tử số", "denominator": f"{BETWEEN}Mẫu số", "value": " (%)", "rate": " (%)"}
"""What makes plain what a column was decided to hold."""
ALONE = {"numerator": "Tử số", "denominator": "Mẫu số", "value": "Tỷ lệ (%)", "rate": "Tỷ lệ (%)"}


def names_reported(opened: OpenedSheet, headings: Headings) -> dict[int, str]:
    """Names of columns in refused rows, where their own headings alone would leave open what was decided."""
    if opened.layout == "one_stop_export":
        return {}
    header = opened.header
    roles = {column.index: (column.role, column.indicator) for column in header.columns}
    read = {index for group in opened.groups for index in group.columns}
    names = {
        column.index: f"#{column.index + 1} {column.text}"
        for column in header.indicator_columns
        if column.index not in read and column.role in ("rate", "count", "untold", "value", "numerator", "denominator")
    }
    for group in opened.groups:
        for role, words in WORDS.items():
            index: int | None = getattr(group, role)
            if index is None or (role != "rate" and roles.get(index) == (role, group.indicator)):
                continue
            meant = "value" if role == "rate" else role, group.indicator
            own = [ALONE[role]] if group.indicator is None else [f"{headings.names[group.indicator]}{words}"]
            for name in (f"{header.texts[index]}{words}", *own):
                if _means(name, headings) == meant:
                    names[index] = name
                    break
    return names


def _means(name: str, headings: Headings) -> tuple[str, str | None] | None:
    """Role and indicator of a heading that means the same in one cell and in several."""
    levels = name.split(BETWEEN)
    columns = [headings.column(0, texts) for texts in (levels, [name])]
    found = {None if column is None else (column.role, column.indicator) for column in columns}
    return found.pop() if len(found) == 1 and len(levels) <= TALLEST else None


def rejected_row(opened: OpenedSheet, number: int, row: Row, *, column: int, notice: Notice) -> RejectedRow:
    """A row that is refused."""
    names = [opened.names.get(index) or text or f"#{index + 1}" for index, text in enumerate(opened.header.texts)]
    names += [f"#{index + 1}" for index in range(len(names), len(row))]
    return RejectedRow(
        place=place_of(opened.sheet.name, number, column),
        field=names[column] if column < len(names) else "",
        value=shown(row[column]) if column < len(row) else "",
        problem=notice.code,
        terms=notice.terms,
        raw=_raw(opened, row, names),
    )


def _raw(opened: OpenedSheet, row: Row, names: Sequence[str]) -> dict[str, str]:
    """All that a row holds by its columns' names."""
    percents = {index for group in opened.groups for index in (group.value, group.rate) if index is not None}
    raw = {}
    for index, (name, cell) in enumerate(zip(names, row, strict=False)):
        column = opened.day_columns.get(index)
        written = shown(cell) if column is None else column.written(cell)
        if written:
            raw[name] = f"{written}%" if isinstance(cell, Percent) or _lacks_sign(index in percents, cell) else written
    return raw


def _lacks_sign(is_percent: bool, cell: Cell) -> bool:
    """Whether a cell is a percent that does not say so."""
    if not is_percent or isinstance(cell, Undecided) or is_marked(cell):
        return False
    try:
        figure = percent_in(cell)
    except FigureProblem:
        return False
    return figure.number is not None and not figure.no_cases
