"""What went wrong, said in the reader's language."""

from typing import Protocol, runtime_checkable

from models.texts import text, texts
from targets.errors import CampaignError

TRANSLATED = {"kind": "kind", "role": "role", "allowed": "role", "permission": "permission"}
"""Terms of a mistake that are words of ours, and where the texts name them."""


@runtime_checkable
class SpeaksBoth(Protocol):
    """A mistake that says itself in either language (a file refused by its reader)."""

    def sentence(self, language: str) -> str: ...


def sentence_of(error: CampaignError, language: str) -> str:
    """The sentence of a mistake; its own English where only an operator's terminal ever shows it."""
    if isinstance(error, SpeaksBoth):
        return error.sentence(language)
    key = f"mistake.{error.code}"
    if not error.code or key not in texts(language):
        return str(error)
    terms = {name: _spoken(name, value, language) for name, value in error.terms.items()}
    return text(key, language, **terms)


def _spoken(name: str, value: str, language: str) -> str:
    """A term in the reader's words where it is one of ours; several roles are listed."""
    if name not in TRANSLATED:
        return value
    known = texts(language)
    return ", ".join(known.get(f"{TRANSLATED[name]}.{each}", each) for each in value.split(", "))
