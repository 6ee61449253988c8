"""What a page is, and where the pages are: every module of the page folders that ends in `PAGE = Page(...)`."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from pages.parts.layout import Theme
from pages.parts.session import Choices, Ignored
from targets.permissions import ANONYMOUS, Actor, Permission

FOLDERS = ("pages.campaign", "pages.admin", "pages.feeds", "pages.assigning")
"""Each further folder of pages is named here once."""

ADDRESSES = (
    "",
    "gaps",
    "progress",
    "compare",
    "unit",
    "tasks",
    "meeting",
    "targets",
    "campaign",
    "feeds",
    "upload",
    "accounts",
    "audit",
    "health",
    "scores",
    "methods",
)
"""The public addresses, in the order of the navigation; the empty one is `/`. Stable: people keep them in letters."""


@dataclass(frozen=True)
class Situation:
    """The store as a visitor meets it: which state of it, whether its figures are real, and what day it is there."""

    database: str
    data_version: int
    simulated: bool
    rehearsal: datetime | None
    """The instant that is pretended, in Vietnamese time; None in real time."""
    today: date
    updated: datetime | None = None
    """When figures last came in; None where none ever did."""


@dataclass(frozen=True)
class Visit:
    """Everything a page may know about who is looking at what."""

    choices: Choices
    theme: Theme
    situation: Situation
    actor: Actor = ANONYMOUS
    """Who looks, with the role and units of this run."""
    ignored: list[Ignored] = field(default_factory=list, compare=False)
    """Choices of the address that could not be used: a page adds its own, and the frame names them all above it."""

    @property
    def language(self) -> str:
        return self.choices.language


@dataclass(frozen=True)
class Page:
    """One page: its name among the texts (`page.<key>`), its address below `/`, and what draws it."""

    key: str
    address: str
    draw: Callable[[Visit], None]
    permission: Permission = Permission.READ
    """Whom it opens for, at least for one unit; what may be done on it, `models.actions` decides."""
    is_listed: bool = True
    """Whether it stands in the navigation; others are reached from the pages they explain."""
    keeps_to_branch: bool = False
    """Whether it shows those who read their own branch only nothing else; other pages do not open for them."""


def key_of(address: str) -> str:
    """The name of an address among the texts."""
    return address or "overview"


def registered() -> dict[str, Page]:
    """The pages that exist, by address."""
    pages = [
        importlib.import_module(f"{folder}.{module.name}").PAGE
        for folder in FOLDERS
        for module in pkgutil.iter_modules(importlib.import_module(folder).__path__)
    ]
    return {page.address: page for page in pages}
