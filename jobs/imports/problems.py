"""What can be wrong with a file or a row, as codes with terms; the sentences stand in data/texts/problems.*.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from models.texts import gaps, text, texts
from targets.errors import UnreadableFile


@dataclass(frozen=True)
class Notice:
    """A problem or a warning before it has a place: a code and what fills its sentence's gaps."""

    sort: Literal["problem", "warning"]
    code: str
    terms: Mapping[str, str]


class FileRefused(UnreadableFile):
    """A file as a whole cannot be taken in. The text is English; `sentence` says it in either language."""

    def __init__(self, code: str, /, **terms: str) -> None:
        self.code, self.terms = code, terms
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        return sentence(Notice("problem", self.code, self.terms), language)


class KindUnsure(FileRefused):
    """`auto` cannot tell what a file holds."""


def problem(code: str, /, **terms: str) -> Notice:
    """What is wrong with a row."""
    return Notice("problem", code, terms)


def sentence(notice: Notice, language: str, *, place: str = "", field: str = "", value: str = "") -> str:
    """A problem or warning in words. Its sentence may use the row's place, field and value beside its own terms."""
    known = {"place": place, "field": field, "value": value, **notice.terms}
    key = f"{notice.sort}.{notice.code}"
    needed = gaps(texts(language).get(key, ""))
    return text(key, language, **{name: known[name] for name in needed if name in known})
