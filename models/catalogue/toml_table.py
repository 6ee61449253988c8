"""A TOML file, read key by key in our own words.

Every reader returns a stand-in of the right type after a mistake, so that reading goes on and finds the others. What
was read may be compared only where its keys `are_sound`, and used only if no file had a mistake.
"""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from models.catalogue.problems import (
    Problems,
    begins_a_formula,
    formula_sentence,
    has_control_character,
    hint,
    listed,
    unknown_terms,
)
from targets.values import Text

Word = TypeVar("Word", bound=str)

KEY_PATTERN = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


def read_toml(content: bytes, *, file: str, problems: Problems) -> "TomlTable":
    """The file's top table; where it is no TOML at all the mistake is noted and a stand-in returned."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.add(file, f"line {line}", problem="is not UTF-8; save the file as UTF-8.", code="not_utf8")
        return TomlTable.stand_in(file, problems)
    if not text.strip():
        problems.add(file, "whole file", problem="is empty.", code="file_missing")
        return TomlTable.stand_in(file, problems)
    try:
        return TomlTable(tomllib.loads(text, parse_float=Decimal), file=file, problems=problems)
    except tomllib.TOMLDecodeError as error:
        # Python 3.11 names the place only in the sentence itself.
        found = re.search(r"\(at (line \d+)", str(error))
        where = found.group(1) if found else "whole file"
        said = str(error).split(" (at ")[0]
        problems.add(file, where, problem=f"is not valid TOML: {said}.", code="no_toml", said=said)
    except ValueError:  # what Python says of a whole number with thousands of digits
        problems.add(file, "whole file", problem="holds a number too long to read.", code="long_number")
    return TomlTable.stand_in(file, problems)


class TomlTable:
    """One table of a TOML file. Lists of tables are counted from 1 in paths: `unit_phases[1].unit`."""

    def __init__(
        self,
        content: Mapping[str, object],
        *,
        file: str,
        problems: Problems,
        path: str = "",
        parent: "tuple[TomlTable, str] | None" = None,
        is_muted: bool = False,
    ) -> None:
        """`parent` comes with the key there; a muted table complains of nothing."""
        self._content = content
        self._file = file
        self._problems = problems
        self._path = path
        self._parent = parent
        self._is_muted = is_muted
        self._asked: list[str] = []
        self._defaulted: set[str] = set()
        self._wrong: set[str] = {""} if is_muted else set()

    @classmethod
    def stand_in(cls, file: str, problems: Problems) -> "TomlTable":
        """For a table that could not be read, which was complained about already: nothing in it is sound."""
        return cls({}, file=file, problems=problems, is_muted=True)

    def complain(self, key: str, problem: str, *, code: str, **terms: object) -> None:
        """Note a mistake at a key of this table, or at the table itself where the key is empty.

        `code` and its terms say it in the reader's language.
        """
        if self._is_muted:
            return
        self._problems.add(self._file, self._place(key) or "whole file", problem=problem, code=code, **terms)
        self.mark_wrong(key)

    def mark_wrong(self, key: str) -> None:
        """A mistake below a key is a mistake of the key, all the way up."""
        self._wrong.add(key)
        if self._parent is not None:
            table, key_there = self._parent
            table.mark_wrong(key_there)

    def are_sound(self, *keys: str) -> bool:
        """Whether these keys stand in the table, or have a default, and no mistake was found in them or below them."""
        held = self._content.keys() | self._defaulted
        return "" not in self._wrong and all(key in held and key not in self._wrong for key in keys)

    def has(self, key: str) -> bool:
        self._asked.append(key)
        return key in self._content

    def refuse_other_keys(self) -> None:
        """Call after the last key was read: a key that was not read is a mistake, not an extra."""
        allowed = list(dict.fromkeys(self._asked))
        for key in self._content:
            if key not in allowed:
                self.complain(key, f"is not a key of this table.{hint(key, allowed)}", code="other_key")

    def text(self, key: str) -> str:
        value = self._value(key, "a text in quotes")
        if value is None:
            return ""
        if not isinstance(value, str):
            problem = f"must be a text in quotes, not {_reported(value)}."
            self.complain(key, problem, code="not_text", value=_reported(value))
            return ""
        return self._clean(key, value)

    def document(self, key: str) -> str:
        """A document's number: it goes into every table that is handed out."""
        value = self.text(key)
        if begins_a_formula(value):
            self.complain(key, formula_sentence(value), code="formula", value=value)
        return value

    def key(self, key: str) -> str:
        """A text that stands in addresses, commands and other files."""
        value = self.text(key)
        if value and not KEY_PATTERN.fullmatch(value):
            problem = f"is “{value}”; a key holds small letters without accents, digits and hyphens only."
            self.complain(key, problem, code="key_form", value=value)
        return value

    def names(self, key: str) -> Text:
        """A name in both languages: `{ vi = "…", en = "…" }`; without `en` the Vietnamese one stands for both."""
        table = self.table(key)
        vi = table.text("vi")
        name = Text(vi=vi, en=table.text("en") if table.has("en") else vi)
        table.refuse_other_keys()
        return name

    def word(self, key: str, allowed: tuple[Word, ...], *, default: Word | None = None) -> Word:
        value = self._value(key, f"one of {listed(allowed)}", default)
        for word in allowed:
            if value == word:
                return word
        if value is not None:
            problem = f"is {_reported(value)}.{hint(str(value), allowed)}"
            self.complain(key, problem, code="choice", value=value, allowed="; ".join(allowed))
        return allowed[0]

    def words(self, key: str) -> tuple[str, ...]:
        """A list of different texts, perhaps empty."""
        value = self._value(key, "a list of texts")
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.complain(key, 'must be a list of texts: ["…", "…"].', code="not_words")
            return ()
        words = tuple(self._clean(key, item) for item in value)
        for word in dict.fromkeys(words):
            if words.count(word) > 1:
                self.complain(key, f"names “{word}” twice.", code="twice", name=word)
        return words

    def day(self, key: str) -> date:
        value = self._value(key, "a date such as 2024-03-22")
        if value is None:
            return date.min
        if isinstance(value, datetime) or not isinstance(value, date):
            problem = f"must be a date without quotes, such as 2024-03-22, not {_reported(value)}."
            self.complain(key, problem, code="not_day", value=value)
            return date.min
        if not EARLIEST <= value <= LATEST:
            limits = {"least": EARLIEST.year, "most": LATEST.year}
            problem = f"is {value}; dates lie between {EARLIEST.year} and {LATEST.year}."
            self.complain(key, problem, code="day_range", value=value, **limits)
        return value

    def decimal(
        self, key: str, *, least: int, most: int | Decimal, above_least: bool = False, default: Decimal | None = None
    ) -> Decimal:
        """A number from `least` to `most`; with `above_least` it must be greater than `least`."""
        limits = f"{'above ' if above_least else ''}{least} {'and up to' if above_least else 'to'} {most}"
        value = self._value(key, f"a number, {limits}", default)
        if value is None:
            return Decimal(least)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            problem = f"must be a number with a dot and without quotes, {limits}, not {_reported(value)}."
            self.complain(key, problem, code="no_number", value=value)
            return Decimal(least)
        number = Decimal(value)
        if not number.is_finite() or not least <= number <= most or (above_least and number == least):
            code = "range_above" if above_least else "range"
            self.complain(key, f"is {value}; allowed: {limits}.", code=code, value=value, least=least, most=most)
            return Decimal(least)
        return number

    def by_phase(
        self, key: str, *, least: int, most: int | Decimal, above_least: bool = False, default: Decimal | None = None
    ) -> tuple[tuple[str, Decimal], ...]:
        """One number for every phase, under "", or one for each: `{ "30-day" = 60, "60-day" = 80 }`; at least one."""
        limits: dict[str, Any] = {"least": least, "most": most, "above_least": above_least}
        if not isinstance(self._content.get(key), dict):
            return (("", self.decimal(key, **limits, default=default)),)
        table = self.table(key)
        phases = table.keys()
        if not phases:
            table.complain("", "is empty; name a phase and its number, or write one number for all.", code="no_phase")
        return tuple((phase, table.decimal(phase, **limits)) for phase in phases) or (("", Decimal(least)),)

    def whole(self, key: str, *, least: int, most: int, default: int | None = None) -> int:
        value = self._value(key, f"a whole number, {least} to {most}", default)
        if value is None:
            return least
        if isinstance(value, bool) or not isinstance(value, int):
            problem = f"must be a whole number without quotes, {least} to {most}, not {_reported(value)}."
            self.complain(key, problem, code="not_whole", value=value)
            return least
        if not least <= value <= most:
            problem = f"is {value}; allowed: {least} to {most}."
            self.complain(key, problem, code="range", value=value, least=least, most=most)
        return value

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        value = self._value(key, "true or false", default)
        if value is not None and not isinstance(value, bool):
            problem = f"must be true or false without quotes, not {_reported(value)}."
            self.complain(key, problem, code="not_flag", value=value)
        return value is True

    def table(self, key: str) -> "TomlTable":
        value = self._value(key, "a table with keys of its own")
        if isinstance(value, dict):
            return self._below(key, value)
        if value is not None:
            problem = f"must be a table with keys of its own, not {_reported(value)}."
            self.complain(key, problem, code="not_table")
        return TomlTable.stand_in(self._file, self._problems)

    def keys(self) -> tuple[str, ...]:
        return tuple(self._content)

    def plain(self, key: str) -> dict[str, Any]:
        """A table as it stands, for code that knows its keys; numbers with a dot as texts, days as 2024-03-22."""
        value = self._value(key, "a table with keys of its own")
        if isinstance(value, dict):
            plain: dict[str, Any] = _plain(value)
            return plain
        if value is not None:
            problem = f"must be a table with keys of its own, not {_reported(value)}."
            self.complain(key, problem, code="not_table")
        return {}

    def keyed_tables(self, key: str) -> dict[str, "TomlTable"]:
        """The tables `[key.one]`, `[key.two]` … by their names, in the file's order; at least one."""
        return self.table(key).all_tables()

    def all_tables(self) -> dict[str, "TomlTable"]:
        """Every key of this table as a table of its own, named in small letters, digits and hyphens."""
        tables: dict[str, TomlTable] = {}
        if not self._content:
            self.complain("", "is empty; it needs at least one entry.", code="no_entry")
        for key in self._content:
            if not KEY_PATTERN.fullmatch(key):
                problem = "is no key; a key holds small letters without accents, digits and hyphens only."
                self.complain(key, problem, code="key_form", value=key)
            tables[key] = self.table(key)
        return tables

    def listed_tables(self, key: str) -> Iterator["TomlTable"]:
        """The tables `[[key]]` in the file's order."""
        value = self._value(key, "a list of tables")
        if value is None:
            return
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.complain(key, f"must be written as [[{self._place(key)}]] tables.", code="not_table")
            return
        for number, item in enumerate(value, start=1):
            yield self._below(f"{key}[{number}]", item)

    def known(self, key: str, name: str, *, allowed: Collection[str] | None, kind: str, reported_in: str) -> None:
        """Complain where a name is not among the known ones; None means that these could not be read themselves."""
        if name and allowed is not None and name not in allowed:
            problem = f"names the {kind} “{name}”, which does not exist.{hint(name, allowed, reported_in=reported_in)}"
            self.complain(key, problem, **unknown_terms(kind, name, allowed))

    def _value(self, key: str, wanted: str, default: object | None = None) -> object | None:
        """What stands at a key, else its default; a key without one must be there."""
        self._asked.append(key)
        if key in self._content:
            return self._content[key]
        if default is None:
            self.complain(key, f"is missing; it must be {wanted}.", code="missing")
        else:
            self._defaulted.add(key)
        return default

    def _clean(self, key: str, value: str) -> str:
        text = unicodedata.normalize("NFC", value).strip()
        if not text:
            self.complain(key, "is an empty text.", code="empty")
        elif has_control_character(text):
            self.complain(key, "holds a line break or another control character.", code="control")
        return text

    def _below(self, key: str, content: Mapping[str, object]) -> "TomlTable":
        return TomlTable(
            content,
            file=self._file,
            problems=self._problems,
            path=self._place(key),
            parent=(self, key.partition("[")[0]),
            is_muted=self._is_muted,
        )

    def _place(self, key: str) -> str:
        return ".".join(part for part in (self._path, key) if part)


def _plain(value: object) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if isinstance(value, bool | int | str) else str(value)


def _reported(value: object) -> str:
    """A value as the file's writer would recognise it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"“{value}”"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return str(value)
