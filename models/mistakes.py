"""What went wrong, said in the reader's language."""

from typing import Protocol, runtime_checkable

from models.texts import text, texts
from targets.errors import CampaignError


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
    terms = dict(error.terms)
    if "kind" in terms and f"kind.{terms['kind']}" in texts(language):
        terms["kind"] = text(f"kind.{terms['kind']}", language)
    return text(key, language, **terms)
