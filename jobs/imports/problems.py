"""What can be wrong with a file or a row, as codes with terms; the sentences stand in data/texts/problems.*.toml."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from babel.numbers import format_decimal

from models.core.columns import storable
from models.core.texts import LOCALES, gaps, text, texts
from targets.errors import UnreadableFile

NUMBERS = frozenset(
    (
        *("below", "cases", "count", "denominator", "fraction", "most", "numerator", "points"),
        *("received", "recomputed", "reported", "sum", "total"),
    )
)
"""Terms that are numbers, kept with a decimal point; a sentence writes them as its language does."""
MOST_LISTED = 8
LONGEST_NAME = 80
"""Letters of a file's name that a sentence repeats: it is read in a few lines, whatever the file is called."""
LONGEST_TERM = 2_000
"""Letters of anything else that a file's sentence repeats."""
PLACES = frozenset(("place", "places", "first"))
_LINE = re.compile(r"\bline ([0-9]+)\b")


@dataclass(frozen=True)
class Notice:
    """A problem or a warning before it has a place: a code and what fills its sentence's gaps.

    `option` and `sample` are the ways to read a column that is asked about, and a row read so.
    """

    sort: Literal["problem", "warning", "question", "option", "sample"]
    code: str
    terms: Mapping[str, str]


class FileRefused(UnreadableFile):
    """A file as a whole cannot be taken in. The text is English; `sentence` says it in either language."""

    def __init__(self, code: str, /, **terms: str) -> None:
        self.code = code
        self.terms = {name: storable(term, LONGEST_TERM) for name, term in terms.items()}
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        name = self.terms.get("name", "")
        # What distinguishes a file from others stands at the end of its name.
        short = {"name": f"…{name[1 - LONGEST_NAME :]}"} if len(name) > LONGEST_NAME else {}
        return sentence(Notice("problem", self.code, {**self.terms, **short}), language)


class KindUnsure(FileRefused):
    """`auto` cannot decide what a file holds."""


def listed(texts: Iterable[str]) -> str:
    """The first of some headings, and how many more there are."""
    named = list(dict.fromkeys(texts))
    more = f" … (+{len(named) - MOST_LISTED})" if len(named) > MOST_LISTED else ""
    return ", ".join(f"{text[: LONGEST_NAME // 2]}" for text in named[:MOST_LISTED]) + more


def problem(code: str, /, **terms: str) -> Notice:
    """What is wrong with a row."""
    return Notice("problem", code, terms)


def sentence(notice: Notice, language: str, *, place: str = "", field: str = "", value: str = "") -> str:
    """A problem or warning in words. Its sentence may use the row's place, field and value beside its own terms."""
    known = {"place": place, "field": field, "value": value, **notice.terms}
    known = {name: _spoken(name, term, language) for name, term in known.items()}
    if "read_as" in known and notice.sort == "warning":
        known["read_as"] = sentence(Notice("option", notice.terms["read_as"], notice.terms), language)
    key = f"{notice.sort}.{notice.code}"
    needed = gaps(texts(language).get(key, ""))
    return text(key, language, **{name: known[name] for name in needed if name in known})


def _spoken(name: str, term: str, language: str) -> str:
    """A term as the language writes it: its numbers' separators, its word for a line."""
    if name in NUMBERS:
        return str(format_decimal(Decimal(term), format="#,##0.##########", locale=LOCALES[language]))
    return spoken_place(term, language) if name in PLACES else term


def spoken_place(place: str, language: str) -> str:
    """A place as the language says it: cells have the same name everywhere, lines do not."""
    return _LINE.sub(lambda match: text("place.line", language, number=match[1]), place)
