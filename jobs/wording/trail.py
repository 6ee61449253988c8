"""The audit trail in words: who, what was done to what, what was and what is, and why."""

import json
import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Protocol

from models.core import formats
from models.core.texts import text, texts
from targets.permissions import SYSTEM


class Entry(Protocol):
    """An entry of the trail, or of a unit's story."""

    @property
    def by(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def subject(self) -> str: ...


NOTHING: tuple[Any, ...] = (None, "", [])
DAY = re.compile(r"\d{4}-\d\d-\d\d")
LONGEST_WORD = 16
"""Letters of a word in a column; the file has it whole."""


def who(entry: Entry, language: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """Whoever did it, by name where `names` has it, with the role they had then."""
    by = names.get(entry.by) or person_name(entry.by, language)
    role = texts(language).get(f"role.{entry.role}", entry.role)
    return f"{by} ({role})" if role else by


def person_name(by: str, language: str) -> str:
    """Nobody's name is known where everybody may look; what no person did, the system did."""
    if not by.startswith(SYSTEM):
        return by or text("audit.public", language)
    person = by.removeprefix(SYSTEM)
    return text("audit.system", language) + ("" if person == "root" else f" ({person})")


def action_name(action: str, language: str) -> str:
    return texts(language).get(f"audit.action_name.{action}", action)


def subject_words(entry: Entry, language: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """What it was done to: `account lan` → “tài khoản lan”; of a refusal, what was refused.

    `names`: what units, indicators and phases are called, by code and key: `H1 online` → “UBND huyện Một, Trực tuyến”.
    """
    known = texts(language)
    if entry.action == "refused":
        return known.get(f"permission.{entry.subject}", entry.subject)
    whole = known.get(f"trail.subject.{_key(entry.subject)}")
    if whole is not None:
        return whole
    kind, _, rest = entry.subject.partition(" ")
    if kind in names:
        return ", ".join(names.get(word, word) for word in entry.subject.split())
    if rest == "runs" and kind.isdecimal():
        return f"{kind} {known['trail.subject.runs']}"
    named = known.get(f"trail.subject.{kind}")
    return entry.subject if named is None else f"{named} {rest}".strip()


def origin_words(origin: str, language: str) -> str:
    """From where: `page, 10.0.0.7` → “trang web, 10.0.0.7”."""
    place, comma, machine = origin.partition(", ")
    return texts(language).get(f"trail.origin.{_key(place)}", place) + comma + machine


def reason_words(reason: str, language: str) -> str:
    """A reason that people gave stays as it is; those that pages and commands give themselves are said in words.

    `import tuan-7.xlsx` → “Nhập tệp tuan-7.xlsx”: what follows a command stays.
    """
    known, reported = texts(language), reason.split()
    for end in range(len(reported), 0, -1):
        said = known.get(f"trail.{'reason' if end == len(reported) else 'command'}.{'_'.join(reported[:end])}")
        if said is not None:
            return " ".join((said, *(known.get(f"role.{word}", word) for word in reported[end:])))
    return reason


def change_words(
    old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, language: str, *, is_whole: bool = False
) -> str:
    """What was and what is, name by name; what did not change, or is not known at all, is left out.

    A word too long for any column is cut, unless it is to be whole.
    """
    before, after = old or {}, new or {}
    said = []
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) == after.get(name) or (name not in before and after[name] in NOTHING):
            continue
        label = texts(language).get(f"trail.field.{name}", name)
        was, is_ = (_value(name, each.get(name), language) for each in (before, after))
        said.append(f"{label}: {was} → {is_}" if name in before else f"{label}: {is_}")
    words = "; ".join(said)
    if is_whole:
        return words
    return " ".join(word if len(word) <= LONGEST_WORD else f"{word[:LONGEST_WORD]}…" for word in words.split())


def _value(name: str, value: Any, language: str) -> str:
    """A value in a line."""
    known = texts(language)
    if value in NOTHING:
        return "–"
    if isinstance(value, str):
        for key in (f"trail.value.{name}.{value}", f"gaps.cause.{value}" if name == "category" else ""):
            if key in known:
                return known[key]
        if DAY.fullmatch(value):
            return formats.day(date.fromisoformat(value), language)
    if isinstance(value, bool):
        return text(f"trail.{'yes' if value else 'no'}", language)
    if name in ("role", "allowed", "claimed"):
        return ", ".join(known.get(f"role.{role}", role) for role in str(value).split(", "))
    if name == "permission":
        return known.get(f"permission.{value}", str(value))
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        value = ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _key(words: str) -> str:
    return words.replace(" ", "_")
