"""What can go wrong, as types that build their own sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


class CampaignError(Exception):
    """Something a person asked for cannot be done; the text names the thing, the problem and the way out.

    The text is English. Where people may meet it on a page, `code` is the key of the same sentence in data/texts
    (`mistake.<code>`) and `terms` fill its gaps; `models.core.texts` says it in either language.
    """

    code: str = ""
    terms: Mapping[str, str] = MappingProxyType({})

    def __init__(self, sentence: str, /, *, code: str = "", **terms: str) -> None:
        if code:
            self.code, self.terms = code, terms
        super().__init__(sentence)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles it as it stands: each kind's constructor takes other arguments than its text."""
        return _as_it_stood, (type(self), self.args, vars(self))


def _as_it_stood(kind: type[CampaignError], said: tuple[Any, ...], known: Mapping[str, Any]) -> CampaignError:
    error = kind.__new__(kind, *said)
    vars(error).update(known)
    return error


@dataclass(frozen=True)
class FileProblem:
    """One mistake in one file: where it stands, what is wrong, what is allowed.

    `problem` is English; `code` is the key of the same sentence in data/texts (`campaign.problem.<code>`), and `terms`
    fill its gaps.
    """

    file: str
    where: str
    problem: str
    code: str
    terms: Mapping[str, str] = field(default_factory=dict, compare=False)

    def __str__(self) -> str:
        return f"{self.file}, {self.where}: {self.problem}"


class CampaignFilesError(CampaignError):
    """The campaign's files hold mistakes; nothing of them was loaded."""

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"  - {problem}" for problem in self.problems)
        count = len(self.problems)
        super().__init__(
            f"The campaign's files hold {count} mistake{'s' if count != 1 else ''}; nothing was loaded:\n{lines}"
        )


class WrongUse(CampaignError):
    """The request itself cannot be met, whatever the store holds: something is left out, or does not go together."""


class UnreadableFile(CampaignError):
    """A file handed in cannot be read as what it should be."""


class UnknownName(CampaignError):
    """A unit, indicator, phase, source or campaign is named that does not exist."""

    def __init__(self, *, kind: str, name: str, allowed: Sequence[str] = ()) -> None:
        self.kind, self.name, self.allowed = kind, name, tuple(allowed)
        known = ", ".join(self.allowed)
        super().__init__(
            f"No {kind} is called “{name}”." + (f" Known: {known}." if known else ""),
            code="unknown_name" if known else "unknown_name_of_many",
            kind=kind,
            name=name,
            **({"known": known} if known else {}),
        )


class StoreNotReady(CampaignError):
    """The store is missing, empty or of another version than the code."""


class NotPermitted(CampaignError):
    """The person may not do this; the text says who may."""


class FigureProblem(CampaignError):
    """A figure that cannot be read without guessing.

    `code` is the key of a sentence in data/texts (`problem.<code>`), `terms` fill its gaps.
    """

    def __init__(self, code: str, **terms: str) -> None:
        super().__init__(f"{code} {terms}" if terms else code, code=code, **terms)
