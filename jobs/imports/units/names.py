"""The grammar of a unit's name and code: committee, level, rest; abbreviations; identity codes written backwards."""

import re
from dataclasses import dataclass

from jobs.imports.words import folded, spelt

COMMITTEES = (("ubnd",), ("uy", "ban", "nhan", "dan"))
LEVEL_WORDS = {
    "thanh pho": ("thanh", "pho"),
    "thi xa": ("thi", "xa"),
    "thi tran": ("thi", "tran"),
    "dac khu": ("dac", "khu"),
    "huyen": ("huyen",),
    "quan": ("quan",),
    "phuong": ("phuong",),
    "xa": ("xa",),
    "tinh": ("tinh",),
}
ABBREVIATIONS = {
    "tp": "thanh pho",
    "tx": "thi xa",
    "tt": "thi tran",
    "h": "huyen",
    "q": "quan",
    "p": "phuong",
    "x": "xa",
}
_REVERSED_IDENTITY = re.compile(r"[0-9]{3}(\.[0-9]{2}){1,3}\.[gh][0-9]{2}|[0-9]{2,3}(\.[0-9]{2,3}){2}\.[gh][0-9]{2}")


@dataclass(frozen=True)
class Name:
    """A name taken apart: the word for its level (without marks, "" where none) and the rest (with marks)."""

    level: str
    rest: str
    is_unmarked: bool = False
    """Its words for committee or level are written without marks: then the rest may be too."""


def parsed(name: str) -> Name:
    """Takes the committee's words and the word for the level off a name, abbreviations included."""
    words = spelt(name).split()
    plain = [folded(word) for word in words]
    is_unmarked = False
    for committee in COMMITTEES:
        if tuple(plain[: len(committee)]) == committee:
            is_unmarked = len(committee) > len(("ubnd",)) and words[: len(committee)] == plain[: len(committee)]
            words, plain = words[len(committee) :], plain[len(committee) :]
            break
    if len(words) > 1 and plain[0] in ABBREVIATIONS:
        return Name(ABBREVIATIONS[plain[0]], " ".join(words[1:]), is_unmarked)
    for level, level_words in LEVEL_WORDS.items():
        count = len(level_words)
        if tuple(plain[:count]) == level_words:
            return Name(level, " ".join(words[count:]), is_unmarked or words[:count] == plain[:count])
    return Name("", " ".join(words), is_unmarked)


def normal_code(code: str) -> str:
    """A code for comparison: 000.00.58.H21, which counts from the unit up, becomes h21.58."""
    text = "".join(code.split()).casefold()
    if not _REVERSED_IDENTITY.fullmatch(text):
        return text
    parts = text.split(".")[::-1]
    while len(parts) > 1 and not parts[-1].strip("0"):
        parts.pop()
    return ".".join(parts)
