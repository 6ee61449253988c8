"""Mistakes are gathered while reading on, so that one reading names them all."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache

from rapidfuzz import fuzz, process

from targets.errors import CampaignFilesError, FileProblem

MANY = 12
"""More allowed names than this are not listed in a sentence."""
FORMULA_MARKS = "=+-@"
"""A table calculation takes a cell that begins with one of these for a formula."""
LIKELY = 70
"""How alike two names must be, of 100, before one is offered for the other."""


class Problems:
    """The mistakes found so far."""

    def __init__(self) -> None:
        self._found: list[FileProblem] = []

    def add(self, file: str, where: str, *, problem: str, code: str, **terms: object) -> None:
        reported = {name: str(value) for name, value in terms.items()}
        self._found.append(FileProblem(file, where, problem, code, reported))

    def refuse_if_any(self) -> None:
        if self._found:
            raise CampaignFilesError(self._found)


def hint(name: str, known: Collection[str], *, reported_in: str = "") -> str:
    """A sentence with the way out of an unknown name: the likely one, else the allowed ones or where they stand."""
    close = likely(name, known)
    meant = f" Did you mean “{close}”?" if close else ""
    if known and len(known) <= MANY:
        return f"{meant} Allowed: {listed(known)}."
    return meant or (f" Known ones stand in {reported_in}." if reported_in else "")


def unknown_terms(kind: str, name: str, known: Collection[str]) -> dict[str, str]:
    """The code and terms of a name that does not exist, with the likely one where there is one."""
    close = likely(name, known)
    said = {"kind": kind, "name": name}
    return said | {"code": "unknown_like", "like": close} if close else said | {"code": "unknown"}


def likely(name: str, known: Collection[str]) -> str | None:
    """The known name most like a misspelt one. Other digits are no slip of the pen: codes are alike by chance."""
    candidates = [word for word in known if _digits(word) == _digits(name)]
    best = process.extractOne(folded(name), candidates, scorer=fuzz.ratio, processor=folded, score_cutoff=LIKELY)
    return best[0] if best else None


def listed(words: Iterable[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)


def folded(text: str) -> str:
    """Two texts a reader would take for the same: same letters and accents, whatever their case, form and spacing."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip().casefold()


@lru_cache(maxsize=2**15)  # the same 11,000 codes are asked for each misspelt one
def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def begins_a_formula(text: str) -> bool:
    """Whether a table calculation that opens the file would take the words for a formula."""
    return text.startswith(tuple(FORMULA_MARKS))


def formula_sentence(text: str) -> str:
    return f"is “{text}”; begin with a letter or a digit: what begins with =, +, - or @ is a formula to Excel."


def has_control_character(text: str) -> bool:
    """Line breaks, tabs and the like: no name or note holds them, and databases refuse some."""
    return any(unicodedata.category(character) == "Cc" for character in text)
