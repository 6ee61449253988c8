"""What a file leaves open and a person can settle: the ways to read a column that remain possible."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jobs.imports.headers import Header
from jobs.imports.problems import FileRefused, Notice, sentence
from jobs.imports.words import folded

SAMPLES = 3
"""Rows that each option shows."""
OF = "of:"
"""Begins the code of an option that takes another column for all cases."""
CHOSEN, REMEMBERED = "read_as_chosen", "read_as_remembered"
"""Codes of the remarks that say so."""
LEFT_OUT = "left_out"
_NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class Sample:
    """One row as one option reads it."""

    place: str
    unit: str
    written: str
    terms: Mapping[str, str]
    """Its numerator, denominator and reported percent, as far as the option tells them."""

    def said(self, language: str) -> str:
        """ "B3, Xã Ia Pnôn: “0.474” → 47,4%"."""
        read = sentence(Notice("sample", "_".join(self.terms) or "nothing", self.terms), language)
        row = Notice("sample", "row", {"unit": self.unit, "written": self.written, "read": read})
        return sentence(row, language, place=self.place)


@dataclass(frozen=True)
class Option:
    """One way to read a column: `percent`, `fraction`, `count`, `left_out`, or `of:` and the column of all cases."""

    code: str
    samples: tuple[Sample, ...] = ()
    terms: Mapping[str, str] = field(default_factory=dict)

    @property
    def notice(self) -> Notice:
        return Notice("option", self.code.partition(":")[0], self.terms)

    def said(self, language: str) -> str:
        return sentence(self.notice, language)


@dataclass(frozen=True)
class Question:
    """A column that can be read in two ways or more."""

    key: str
    """The same for the same column of the same layout: `3f9a1c2b:truc-tuyen`."""
    place: str
    field: str
    options: tuple[Option, ...]

    def said(self, language: str) -> str:
        return sentence(Notice("question", "column", {}), language, place=self.place, field=self.field)


class FileAsks(FileRefused):
    """A file that can be read once somebody has answered."""

    def __init__(self, name: str, questions: Sequence[Question]) -> None:
        self.questions = tuple(questions)
        super().__init__("file_asks", name=name, columns="; ".join(f"“{one.field}”" for one in questions))

    def lines(self, language: str) -> list[str]:
        """The sentence, each question with its options and their rows, and how to answer on the command line."""
        said = [self.sentence(language)]
        for question in self.questions:
            said.append(question.said(language))
            for option in question.options:
                said.append(f"  --choose {question.key}={option.code}   ({option.said(language)})")
                said += [f"      {sample.said(language)}" for sample in option.samples]
        return said


def layout_of(header: Header) -> str:
    """A sheet's layout: equal for sheets of the same headings, whatever days and numbers stand in these."""
    spelled = "\n".join(_NUMBER.sub("#", folded(heading)) for heading in header.texts).strip()
    return hashlib.sha256(spelled.encode()).hexdigest()[:8]


def column_name(header: Header, index: int) -> str:
    """A column's name within its layout; a second one of the same headings has its place behind it."""
    names = [_NUMBER.sub("", folded(heading)).strip().replace(" ", "-") for heading in header.texts]
    name = names[index] or "-"
    return name if names.index(names[index]) == index else f"{name}-{index + 1}"
