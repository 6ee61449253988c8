"""What an entry of the audit trail says, in the reader's words; what has none is shown as it was recorded."""

import json
from collections.abc import Mapping
from typing import Any

from models.queries.trail import TrailEntry
from models.texts import text, texts

SYSTEM = "system:"
"""Before the name on the machine of whoever gave a command there."""
LONGEST_WORD = 16
"""Letters of a word in a column; the file has it whole."""


def who(entry: TrailEntry, language: str) -> str:
    """Whoever did it, with the role they had then."""
    by, role = person_name(entry.by, language), texts(language).get(f"role.{entry.role}", entry.role)
    return f"{by} ({role})" if role else by


def person_name(by: str, language: str) -> str:
    """Nobody's name is known where everybody may look; what no person did, the system did."""
    if not by.startswith(SYSTEM):
        return by or text("audit.public", language)
    person = by.removeprefix(SYSTEM)
    return text("audit.system", language) + ("" if person == "root" else f" ({person})")


def action_name(action: str, language: str) -> str:
    return texts(language).get(f"audit.action_name.{action}", action)


def subject_words(entry: TrailEntry, language: str) -> str:
    """What it was done to: `account lan` → “tài khoản lan”; of a refusal, what was refused."""
    known = texts(language)
    if entry.action == "refused":
        return known.get(f"permission.{entry.subject}", entry.subject)
    kind, _, rest = entry.subject.partition(" ")
    if rest == "runs" and kind.isdecimal():
        return f"{kind} {known['trail.subject.runs']}"
    named = known.get(f"trail.subject.{kind}")
    return entry.subject if named is None else f"{named} {rest}".strip()


def origin_words(origin: str, language: str) -> str:
    """From where: `page, 10.0.0.7` → “trang web, 10.0.0.7”."""
    place, comma, address = origin.partition(", ")
    return texts(language).get(f"trail.origin.{_key(place)}", place) + comma + address


def reason_words(reason: str, language: str) -> str:
    """A reason that people gave stays as it is; those that pages and commands give themselves are said in words.

    `import tuan-7.xlsx` → “Nhập tệp tuan-7.xlsx”: what follows a command stays.
    """
    known, told = texts(language), reason.split()
    for end in range(len(told), 0, -1):
        said = known.get(f"trail.{'reason' if end == len(told) else 'command'}.{'_'.join(told[:end])}")
        if said is not None:
            return " ".join((said, *(known.get(f"role.{word}", word) for word in told[end:])))
    return reason


def change_words(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, language: str) -> str:
    """What was and what is, name by name; what did not change is left out."""
    before, after = old or {}, new or {}
    said = []
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) == after.get(name):
            continue
        label = texts(language).get(f"trail.field.{name}", name)
        is_ = _value(name, after.get(name), language)
        said.append(f"{label}: {_value(name, before[name], language)} → {is_}" if name in before else f"{label}: {is_}")
    return "; ".join(said)


def _value(name: str, value: Any, language: str) -> str:
    """A value in a line; a word too long for any column is cut, the file has it whole."""
    known = texts(language)
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return text(f"trail.{'yes' if value else 'no'}", language)
    if name in ("role", "allowed", "claimed"):
        return ", ".join(known.get(f"role.{role}", role) for role in str(value).split(", "))
    if name == "permission":
        return known.get(f"permission.{value}", str(value))
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        value = ", ".join(value)
    told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return " ".join(word if len(word) <= LONGEST_WORD else f"{word[:LONGEST_WORD]}…" for word in told.split())


def _key(words: str) -> str:
    return words.replace(" ", "_")
