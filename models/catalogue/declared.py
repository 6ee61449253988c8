"""The keys and columns of a campaign's files, as the readers ask for them: what checks the files is their declaration.

A reader is run over tables and rows that hold nothing and note each question with what it allows. So a key that a
reader learns is a column of the campaign's workbook at once.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal, TypeVar

from models.catalogue import folder
from models.catalogue.campaign_file import read_campaign
from models.catalogue.csv_table import YEARS, CsvRow, CsvTable, Names
from models.catalogue.figure_files import (
    read_baselines,
    read_central,
    read_readings,
    read_registrations,
    read_scores,
    read_tasks,
)
from models.catalogue.indicator_files import read_grades, read_indicator, read_met
from models.catalogue.problems import Problems
from models.catalogue.source_file import read_sources
from models.catalogue.toml_table import TomlTable
from models.catalogue.unit_file import read_unit_changes, read_units

Kind = Literal["text", "word", "words", "flag", "day", "decimal", "whole", "plain"]
Word = TypeVar("Word", bound=str)
ANY, ITEM = "*", "[]"
"""In a place: a table of any name, and an item of a list: `phases.*.due`, `knots[].time`."""


@dataclass(frozen=True)
class Key:
    """One key or column: what a reader asks of it."""

    file: str
    """`indicators/` stands for each file there."""
    place: str
    kind: Kind
    is_optional: bool = False
    default: object = None
    options: tuple[str, ...] = ()
    least: object = None
    most: object = None
    names: str = ""
    """What a text names: unit, level, phase, indicator or source."""
    only: tuple[str, str] | None = None
    """The key, and its option, beside which alone this one stands."""


@cache
def declared_keys() -> tuple[Key, ...]:
    """Every key and column of every file, in the order in which the readers ask."""
    found = _asked({})
    for branch in [key for key in found.values() if len(key.options) > 1 and key.file not in folder.CSV_COLUMNS]:
        under = {option: _asked({(branch.file, branch.place): option}) for option in branch.options}
        for identity, key in {identity: key for asked in under.values() for identity, key in asked.items()}.items():
            having = [option for option, asked in under.items() if identity in asked]
            if len(having) < len(under):
                only = (branch.place, having[0]) if len(having) == 1 else None
                found[identity] = replace(key, is_optional=True, only=only)
    return tuple(found.values())


@dataclass
class _Notes:
    """What was asked so far, and what is answered where a key decides which others are asked for."""

    answers: Mapping[tuple[str, str], str]
    keys: dict[tuple[str, str], Key] = field(default_factory=dict)
    optional: set[tuple[str, str]] = field(default_factory=set)
    names: dict[tuple[str, str], str] = field(default_factory=dict)

    def closed(self) -> dict[tuple[str, str], Key]:
        """The keys, each with what was learnt of it or of a table above it."""
        return {
            (file, place): replace(
                key,
                is_optional=key.is_optional
                or any(file == of and f"{place}.".startswith((f"{it}.", f"{it}[")) for of, it in self.optional),
                names=self.names.get((file, place), key.names),
            )
            for (file, place), key in self.keys.items()
        }


def _asked(answers: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], Key]:
    notes = _Notes(answers)
    known: tuple[str, ...] = ("",)
    read_campaign(_Table(folder.CAMPAIGN, notes), indicators=(), sources=(), unit_codes=known, indicator_keys=known)
    read_sources(_Table(folder.SOURCES, notes), unit_codes=known, indicators=known)
    indicator = _Table(folder.INDICATORS, notes)
    read_met(indicator, read_grades(indicator, read_indicator(indicator, stem="", sources=known)))
    names = Names(units=known, levels=known, phases=known, indicators=known, sources=known, ceilings={})
    read_units(_rows(folder.UNITS, notes), names=names, province=None)
    read_unit_changes(_rows(folder.UNIT_CHANGES, notes), names=names, units=(), levels=())
    read_baselines(_rows(folder.BASELINES, notes), names=names, baseline_year=None)
    read_central(_rows(folder.CENTRAL, notes), names=names)
    read_registrations(_rows(folder.REGISTRATIONS, notes), names=names)
    read_scores(_rows(folder.SCORES, notes), names=names)
    read_readings(_rows(folder.READINGS, notes), names=names)
    read_tasks(_rows(folder.TASKS, notes), names=names)
    return notes.closed()


class _Table(TomlTable):
    """A table that has every key, and says of none what it holds."""

    def __init__(self, file: str, notes: _Notes, path: str = "") -> None:
        super().__init__({}, file=file, problems=Problems(), path=path)
        self._notes = notes

    def _note(self, key: str, kind: Kind, **learnt: object) -> None:
        identity = (self._file, self._place(key))
        is_optional = identity in self._notes.optional or learnt.get("default") is not None
        self._notes.keys[identity] = Key(*identity, kind, is_optional, **learnt)  # type: ignore[arg-type]

    def has(self, key: str) -> bool:
        self._notes.optional.add((self._file, self._place(key)))
        return True

    def are_sound(self, *keys: str) -> bool:
        return all((self._file, self._place(key)) in self._notes.answers for key in keys)

    def text(self, key: str) -> str:
        self._note(key, "text")
        return ""

    def word(self, key: str, allowed: tuple[Word, ...], *, default: Word | None = None) -> Word:
        self._note(key, "word", options=tuple(allowed), default=default)
        answer = self._notes.answers.get((self._file, self._place(key)))
        return next((word for word in allowed if word == answer), allowed[0])

    def words(self, key: str) -> tuple[str, ...]:
        self._note(key, "words")
        return ("",)

    def day(self, key: str) -> date:
        self._note(key, "day")
        return date.min

    def decimal(
        self, key: str, *, least: int, most: int | Decimal, above_least: bool = False, default: Decimal | None = None
    ) -> Decimal:
        self._note(key, "decimal", least=least, most=most, default=default)
        return Decimal(most)

    def whole(self, key: str, *, least: int, most: int, default: int | None = None) -> int:
        self._note(key, "whole", least=least, most=most, default=default)
        return least

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        self._note(key, "flag", default=default)
        return False

    def plain(self, key: str) -> dict[str, object]:
        self._note(key, "plain")
        return {}

    def keys(self) -> tuple[str, ...]:
        return (ANY,)

    def table(self, key: str) -> "_Table":
        return _Table(self._file, self._notes, self._place(key))

    def all_tables(self) -> dict[str, TomlTable]:
        return {ANY: self.table(ANY)}

    def listed_tables(self, key: str) -> Iterator[TomlTable]:
        yield self.table(f"{key}{ITEM}")

    def known(self, key: str, name: str, *, allowed: Collection[str] | None, kind: str, reported_in: str) -> None:
        self._notes.names[self._file, self._place(key)] = kind


class _Row(CsvRow):
    """A row of which no cell says what it holds."""

    def __init__(self, file: str, notes: _Notes) -> None:
        super().__init__(dict.fromkeys(folder.CSV_COLUMNS[file], ""), file=file, line=1, problems=Problems())
        self._notes = notes

    def _note(self, column: str, kind: Kind, *, is_optional: bool = True, **learnt: object) -> None:
        self._notes.keys.setdefault(
            (self._file, column),
            Key(self._file, column, kind, is_optional, **learnt),  # type: ignore[arg-type]
        )

    def optional_text(self, column: str) -> str | None:
        self._note(column, "text")
        return None

    def text(self, column: str) -> str:
        self._note(column, "text", is_optional=False)
        return ""

    def optional_name(self, column: str, *, known: Collection[str] | None, kind: str, reported_in: str) -> str | None:
        self._note(column, "text", names=kind)
        return None

    def name(self, column: str, *, known: Collection[str] | None, kind: str, reported_in: str) -> str:
        self._note(column, "text", is_optional=False, names=kind)
        return ""

    def optional_word(self, column: str, allowed: tuple[Word, ...]) -> Word | None:
        self._note(column, "word", options=tuple(allowed))
        return None

    def optional_decimal(self, column: str, *, most: Decimal | None) -> Decimal | None:
        self._note(column, "decimal", least=0, most=most)
        return None

    def decimal(self, column: str, *, most: Decimal | None) -> Decimal:
        self._note(column, "decimal", is_optional=False, least=0, most=most)
        return Decimal(0)

    def optional_count(self, column: str, *, least: int = 0, most: int | None = None) -> int | None:
        self._note(column, "whole", least=least, most=most)
        return None

    def year(self, column: str) -> int:
        self._note(column, "whole", is_optional=False, least=YEARS[0], most=YEARS[-1])
        return 0

    def optional_day(self, column: str) -> date | None:
        self._note(column, "day")
        return None

    def day(self, column: str) -> date:
        self._note(column, "day", is_optional=False)
        return date.min


def _rows(file: str, notes: _Notes) -> CsvTable:
    return CsvTable(folder.CSV_COLUMNS[file], (_Row(file, notes),), is_complete=True)
