"""Rows of text files whose delimiter is also a decimal comma: "47,4" without quotation marks becomes two fields."""

import re
from collections.abc import Iterable, Sequence

from jobs.imports.formats.sheets import Row, shown
from jobs.imports.problems import Notice, problem
from jobs.imports.tables.headers import Header
from models.readings.records import NOTES
from targets.figures import Cell

COMMA = ","
COUNTS = frozenset(("numerator", "denominator", "received_online", "received_direct"))
FREE = frozenset((*NOTES, "source", "portal"))
"""Columns of words: half a figure would pass there unseen."""
_GROUP, _HIGHEST = 3, 100
_OTHER_DELIMITER = re.compile(r"[^,;\t|]*[^\W\d][^,;\t|]*(?:[,;\t|]\s*[0-9][0-9.,]*\s*%?)+")
"""A line read as one field because another sign separates it: "Xã Ia Khai,8" in a file of semicolons."""


class TextRows:
    """Finds which rows of a text file cannot be taken field by field. `figures`: its columns of figures."""

    def __init__(self, header: Header, figures: Iterable[int], *, delimiter: str) -> None:
        known = {column.index: column.role for column in header.columns}
        self._width, self._is_comma = len(header.texts), delimiter == COMMA
        self._figures = sorted(figures)
        self._counts = frozenset(index for index in self._figures if known.get(index) in COUNTS)
        self._free = [
            index
            for index in range(min(self._figures, default=self._width) + 1, self._width)
            if known.get(index, "note") in FREE
        ]
        self._is_splitting = False
        """Whether the file has shown that it writes decimal commas without quotation marks."""

    def learn(self, rows: Iterable[Row]) -> None:
        """Learns from a file's first rows, before any of them is taken."""
        first = self._figures[:1]
        self._is_splitting = self._is_comma and any(
            len(row) > self._width and self._halves(row, first) is not None for row in rows
        )

    def takes_all(self, rows: Sequence[Row]) -> bool:
        """Whether rows of full width are all beyond doubt: what is asked of most."""
        if not self._is_comma:
            return True
        if self._is_splitting or any(self._has_half_in_words(row) for row in (rows if self._free else ())):
            return False
        return not any(_begins_with_zero(row[at]) for at in self._figures[1:] for row in rows)

    def problem(self, row: Row) -> Notice | None:
        """What is wrong with the row's fields as such."""
        if len(row) > self._width:
            return problem("too_many_fields", expected=str(self._width), found=str(len(row)))
        if len(row) == 1 < self._width and _OTHER_DELIMITER.fullmatch(shown(row[0]).strip()):
            return problem("other_delimiter")
        if not self._is_comma:
            return None
        if (zeros := self._with_zeros(row)) is not None:
            return problem("decimal_comma_split", left=zeros[0], right=zeros[1])
        if len(row) == self._width and not self._is_splitting and not self._has_half_in_words(row):
            return None
        halves = self._halves(row, self._figures)
        return None if halves is None else problem("decimal_comma_split", left=halves[0], right=halves[1])

    def _has_half_in_words(self, row: Row) -> bool:
        """Whether a column of words behind figures holds a bare number."""
        return any(index < len(row) and _bare(row[index]).isdecimal() for index in self._free)

    def _with_zeros(self, row: Row) -> tuple[str, str] | None:
        """Two fields of which the second begins with a zero, as no count of its own does: "1" and "034"."""
        found = self._halves(row, self._figures)
        return found if found is not None and _begins_with_zero(found[1]) else None

    def _halves(self, row: Row, columns: Sequence[int]) -> tuple[str, str] | None:
        """Two fields that may be one number: "47" and "4", "1" and "365"."""
        for index in columns:
            if index + 1 >= len(row):
                break
            left, right = shown(row[index]).strip(), _bare(row[index + 1])
            if not left.isdecimal() or not right.isdecimal():
                continue
            is_grouped = len(left) <= _GROUP == len(right)
            is_percent = index not in self._counts and len(left) <= _GROUP and int(left) <= _HIGHEST
            if is_grouped or is_percent:
                return left, right
        return None


def _bare(cell: Cell) -> str:
    return shown(cell).strip().removesuffix("%").rstrip()


def _begins_with_zero(cell: Cell) -> bool:
    """Whether a field looks like the end of a number with grouped thousands."""
    return isinstance(cell, str) and len(cell) == _GROUP and cell[0] == "0"
