"""What goes into a reading of a file and what comes out of it: frozen values, no store and no screen."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import pandas as pd

from jobs.imports.problems import FileRefused, Notice, sentence
from models.core.columns import storable
from models.readings.records import Record
from targets.values import Basis, Campaign, Unit

Kind = Literal["readings", "scores", "baselines", "central", "targets", "units", "tasks"]
KINDS: tuple[Kind, ...] = ("readings", "scores", "baselines", "central", "targets", "units", "tasks")
FileFormat = Literal["xlsx", "xls", "ods", "csv"]
Font = Literal["unicode", "tcvn3", "vni"]
Progress = Callable[[int, int | None], None]
"""Called after each block: rows done, and all rows where that is known."""


@dataclass(frozen=True)
class Limits:
    """How much of a file is taken on; unless said otherwise, what a command on the server may bring."""

    size: int = 4 << 30
    """Bytes of the file."""
    unpacked: int = 1 << 30
    """Bytes of all parts of a workbook together."""
    texts: int = 1 << 29
    """Bytes of a workbook's shared texts, which are held in memory."""
    rows: int = 20_000_000
    """Rows of a sheet."""
    rejected: int = 200_000
    """Bad rows: each is kept with what it held, as far as `RejectedRow` does."""
    seconds: int = 3_600
    """Of a processor's work, for the largest file."""
    memory: int = 12 << 30
    """Bytes that reading the largest file may take."""

    def check_rejected(self, count: int) -> None:
        """Refuse a file with more bad rows than may be: it was made for something else."""
        if count > self.rejected:
            raise FileRefused("too_many_rejected", most=str(self.rejected))


COMMAND = Limits()


@dataclass(frozen=True)
class ImportContext:
    """What a file is read against."""

    campaign: Campaign
    units: tuple[Unit, ...]
    today: date
    """Business today: figures of a later day are refused."""
    source: str
    basis: Basis | None = None
    """What the source's figures accumulate over; None: each indicator's own. Carried for storing the rows."""
    as_of: date | None = None
    """The day of figures in files that name none."""
    kind: Kind | Literal["auto"] = "auto"
    limits: Limits = COMMAND
    font: Font = "unicode"
    """The font of before Unicode in which a file was typed, where somebody says so."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """Key of a question → the option that somebody gives for this file."""
    remembered: Mapping[str, str] = field(default_factory=dict)
    """The same, given for earlier files of this source; what is given now goes before it."""

    @property
    def days_meant(self) -> tuple[date, date]:
        """Between these a day without a year must lie."""
        return self.campaign.baseline_day, max(self.campaign.end, self.today)


LONGEST_KEPT = 300
"""Letters of one text of a bad row that holds more than it may keep."""
MOST_KEPT = 3_000
"""Letters of all its cells and their headings together; what does not fit is left out."""


def _kept(raw: Mapping[str, str]) -> dict[str, str]:
    is_short = sum(len(name) + len(cell) for name, cell in raw.items()) <= MOST_KEPT
    most = MOST_KEPT if is_short else LONGEST_KEPT
    kept: dict[str, str] = {}
    room = MOST_KEPT
    for name, cell in raw.items():
        heading, text = storable(name, most), storable(cell, most)
        room -= len(heading) + len(text)
        if room < 0:
            break
        kept[heading] = text
    return kept


@dataclass(frozen=True)
class RejectedRow:
    """A row, or a cell of a wide row, that cannot be taken in: where it stands, what is wrong, what it held.

    Of a long text it keeps the beginning: enough to know the row again by, and to mend it.
    """

    place: str
    """A cell, `Sheet1!D5`, or `line 5`."""
    field: str
    """The column's heading as the file writes it."""
    value: str
    problem: str
    terms: Mapping[str, str]
    raw: Mapping[str, str]
    about: tuple[int, str, int] | None = dataclasses.field(default=None, compare=False)
    """Id of the unit, indicator and as-of day of a figure, where only the figure itself is wrong."""

    def __post_init__(self) -> None:
        reported = {name: storable(term, LONGEST_KEPT) for name, term in self.terms.items()}
        kept = {"field": storable(self.field, LONGEST_KEPT), "value": storable(self.value, LONGEST_KEPT)}
        for name, what in (kept | {"terms": reported, "raw": _kept(self.raw)}).items():
            object.__setattr__(self, name, what)

    def sentence(self, language: str) -> str:
        """The problem in words: which cell, what is wrong, what to write instead."""
        return sentence(
            Notice("problem", self.problem, self.terms), language, place=self.place, field=self.field, value=self.value
        )


@dataclass(frozen=True)
class FileWarning:
    """Something a person should know about rows that were taken in or left out on purpose."""

    code: str
    terms: Mapping[str, str]
    place: str = ""

    def sentence(self, language: str) -> str:
        return sentence(Notice("warning", self.code, self.terms), language, place=self.place)


@dataclass(frozen=True)
class ReadingBatch:
    """A stretch of a file as checked readings.

    `frame` has unit_id int64, indicator (category), as_of int64 (days since 1970-01-01), scope (category), numerator
    and denominator Int64, value float64 (the reported percent in points, NaN where none), qualifier (object, None
    where none), row and column int64 (for `place`), and note (object, None where none) where the block has any.
    """

    frame: pd.DataFrame
    rejected: tuple[RejectedRow, ...]
    warnings: tuple[FileWarning, ...]
    rows_read: int
    repeated: int = 0
    """Figures that an earlier row of the file already reported; they count as unchanged and are not in the frame."""
    sheet: str | None = None

    def place(self, position: int) -> str:
        """Where the figure in a row of the frame stands in the file."""
        row, column = (int(self.frame[name].to_numpy()[position]) for name in ("row", "column"))
        return place_of(self.sheet, row, column)


@dataclass(frozen=True)
class SheetRead:
    """A sheet with a header that was understood."""

    name: str | None
    header: str
    """Where the header's last row starts."""
    layout: Literal["long", "wide", "one_stop_export"]
    as_of: date | None
    """The day that its title names."""


@dataclass(frozen=True)
class ParsedFile:
    """A file, understood. Readings come in batches, read while one iterates (once); other kinds are here at once."""

    name: str
    file_format: FileFormat
    kind: Kind
    sheets: tuple[SheetRead, ...]
    as_of: date | None
    """The day given to rows that name none: from the option, else from the title."""
    warnings: tuple[FileWarning, ...]
    """What is known before the first batch; batches bring their own."""
    title: str = ""
    """What stands above its tables."""
    chosen: Mapping[str, str] = field(default_factory=dict)
    """The choices that were given for this file and decided a column: what is worth remembering."""
    batches: Iterator[ReadingBatch] = field(default_factory=lambda: iter(()))
    records: tuple[Record, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()
    rows_read: int = 0
    repeated: int = 0


def place_of(sheet: str | None, row: int, column: int) -> str:
    """`Sheet1!D5` in a workbook (column 0 is A), `line 5` in a text file, whose fields have no names of their own."""
    return f"line {row}" if sheet is None else f"{sheet}!{column_letters(column)}{row}"


def column_letters(column: int) -> str:
    """0 is A, 26 is AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
