"""What a page is, where the pages are, and what is shown where one fails."""

import importlib
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

import streamlit as st

from models.core.texts import text
from pages.charts.layout import Theme
from pages.kit.address import Choices, Ignored, current_query, key_of, language_of
from targets.permissions import ANONYMOUS, Actor, Permission

LOG = logging.getLogger(__name__)
SECTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "": ("", "unit"),
        "analysis": ("gaps", "progress", "compare", "scores", "methods"),
        "meetings": ("meeting", "tasks"),
        "management": ("targets", "campaign", "upload", "feeds", "accounts", "audit", "health"),
    }
)
"""The navigation: its first two entries, then three menus (`section.<key>` among the texts) with their pages."""
ADDRESSES = tuple(address for section in SECTIONS.values() for address in section)
"""The public addresses; the empty one is `/`. Stable: people keep them in letters."""


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
    campaign: str = ""
    """The key of a further campaign; empty for the front's own."""
    is_archived: bool = False
    """Whether nothing in it changes any more."""


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
    """Whom it opens for, at least for one unit; what may be done on it, each action in `models` decides."""
    follows: tuple[str, ...] = ()
    """Which of the choices above every page decide what it shows: `indicator`, `phase`, `as_of`."""
    keeps_to_branch: bool = False
    """Whether it shows those who read their own branch only nothing else; other pages do not open for them."""


def registered() -> dict[str, Page]:
    """The pages by address: each is the `PAGE` of the module `page` in the room that is named as its address."""
    return {address: importlib.import_module(f"pages.{key_of(address)}.page").PAGE for address in ADDRESSES}


def show_failure(error: Exception) -> bool:
    """Log the error under a reference and show only the reference; answers that the error has been shown."""
    reference = secrets.token_hex(4)
    LOG.error("A page failed (reference %s)", reference, exc_info=error)
    st.error(text("frame.sorry", language_of(current_query()), reference=reference), icon=":material/error:")
    return True
