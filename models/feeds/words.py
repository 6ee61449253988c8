"""What is said of pulls: why one failed, what one is doing, what one noticed."""

from collections.abc import Mapping
from typing import Any

from models.core.texts import gaps, text, texts

UNEXPECTED, BAD_FILE = "unexpected", "bad_file"


def failure_sentence(failure: str, terms: Mapping[str, Any], language: str) -> str:
    """Why a run came to nothing. A failure without a sentence in the texts is shown as it is: a reason always shows."""
    if failure == BAD_FILE:
        reason = failure_sentence(terms["failure"] or UNEXPECTED, terms["terms"] or {}, language)
        return text("pull.failure.bad_file", language, file=terms["file"], count=terms["count"], reason=reason)
    # A file's own problem stands among the sentences about files, under its full key.
    key = failure if "." in failure else f"pull.failure.{failure}"
    if key not in texts(language):
        reported = ", ".join(f"{name} {value}" for name, value in terms.items())
        return text(f"pull.failure.{UNEXPECTED}", language, problem=f"{failure} ({reported})" if reported else failure)
    return text(key, language, **_needed(key, terms, language))


def note_sentence(note: Mapping[str, Any], language: str) -> str:
    """Something a run noticed and took in all the same."""
    key = f"pull.note.{note['code']}"
    return text(key, language, **_needed(key, note.get("terms") or {}, language))


def step_sentence(progress: Mapping[str, Any] | None, language: str) -> str:
    """What a run is doing right now; empty where nothing is known."""
    if not progress:
        return ""
    key = f"pull.step.{progress['step']}"
    if key not in texts(language):
        return text("pull.step.asking", language)
    return text(key, language, **_needed(key, progress.get("numbers") or {}, language))


def status_word(status: str, language: str) -> str:
    """A run's status in a word or two."""
    return text(f"pull.status.{status}", language)


def _needed(key: str, terms: Mapping[str, Any], language: str) -> dict[str, str]:
    """The terms a sentence has gaps for; a term that was not given is a dash."""
    return {name: str(terms.get(name, "—")) for name in gaps(texts(language)[key])}
