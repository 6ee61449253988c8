"""One cell of a campaign's workbook as its file holds it, by what its column holds."""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from jobs.campaigns.workbook.forms import NAMED
from jobs.imports.formats.sheets import shown
from jobs.imports.words import folded
from jobs.wording.mistakes import option_words
from models.catalogue.declared import Key
from models.core.texts import LANGUAGES
from targets.errors import FigureProblem
from targets.figures import Cell, count_in, day_in, is_marked, percent_in

YES, NO = ("co", "x", "true", "yes", "1", "dung"), ("khong", "false", "no", "0", "sai")


class Known(Protocol):
    """What the rest of the workbook says: names of each kind → keys, and the year that days without one are of."""

    @property
    def names(self) -> Mapping[str, Mapping[str, str]]: ...
    @property
    def year(self) -> int | None: ...


class Unreadable(Exception):
    """A cell that cannot be read as what its column holds."""

    def __init__(self, code: str, **terms: object) -> None:
        super().__init__(code)
        self.code, self.terms = code, {name: str(term) for name, term in terms.items()}


def _text(cell: Cell, key: Key, reading: Known) -> str | None:
    said = re.sub(r"[\r\n\t]+", " ", shown(cell)).strip()
    if key.names in NAMED:
        return reading.names[key.names].get(folded(said), said)
    return said or None


def _words(cell: Cell, key: Key, reading: Known) -> list[str] | None:
    said = [" ".join(word.split()) for word in re.split(r"[;\n]", shown(cell))]
    known = reading.names.get(key.names, {})
    return [known.get(folded(word), word) for word in said if word] or None


def _word(cell: Cell, key: Key, _reading: Known) -> str:
    said = folded(shown(cell))
    for option in key.options:
        if said in {folded(option), *(folded(option_words(option, language)) for language in LANGUAGES)}:
            return option
    raise Unreadable("choice", allowed="; ".join(key.options))


def _flag(cell: Cell, _key: Key, _reading: Known) -> bool:
    said = folded(shown(cell))
    if isinstance(cell, bool) or said in YES + NO:
        return cell is True or said in YES
    raise Unreadable("not_flag")


def _day(cell: Cell, _key: Key, reading: Known) -> date | None:
    year = reading.year
    try:
        first, last = date(year or 1, 1, 1), date(year or 1, 12, 31)
        day = day_in(cell, first=first, last=last)
    except (FigureProblem, ValueError) as error:
        raise Unreadable("not_day") from error
    if day is not None and day.year == 1:
        raise Unreadable("not_day")
    return day


def _decimal(cell: Cell, key: Key, reading: Known) -> Decimal | int | dict[str, Any] | None:
    if isinstance(cell, str) and "=" in cell:
        # A number for each phase: "50-day = 60; 100-day = 80".
        parts = [part.partition("=") for part in cell.split(";") if part.strip()]
        if any("=" in number for _, _, number in parts):
            raise Unreadable("sheet_number")
        return {phase.strip(): _decimal(number.strip(), key, reading) for phase, _, number in parts}
    try:
        figure = percent_in(cell)
    except FigureProblem as error:
        raise Unreadable("sheet_number") from error
    if figure.qualifier is not None or figure.no_cases:
        raise Unreadable("sheet_number")
    number = figure.number
    if number is not None and key.most == 1 and is_marked(cell):
        number /= 100
    return None if number is None else _short(number)


def _whole(cell: Cell, _key: Key, _reading: Known) -> int | None:
    try:
        figure = count_in(cell)
    except FigureProblem as error:
        raise Unreadable("sheet_whole") from error
    if figure.qualifier is not None or figure.no_cases:
        raise Unreadable("sheet_whole")
    return None if figure.number is None else int(figure.number)


def _plain(cell: Cell, _key: Key, _reading: Known) -> Any:
    try:
        return tomllib.loads(f"it = {shown(cell)}", parse_float=_finite)["it"]
    except (ValueError, RecursionError) as error:  # TOML's own, and what is too long or too deep for any reader
        raise Unreadable("sheet_options") from error


def _finite(written: str) -> Decimal:
    number = Decimal(written)
    if not number.is_finite():
        raise ValueError
    return number


def _short(number: Decimal) -> Decimal | int:
    return int(number) if number == number.to_integral_value() else number


READERS: dict[str, Callable[[Cell, Key, Known], Any]] = {
    "text": _text, "word": _word, "words": _words, "flag": _flag, "day": _day, "decimal": _decimal, "whole": _whole,
    "plain": _plain,
}  # fmt: skip
