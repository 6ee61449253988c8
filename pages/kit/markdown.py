"""Words on their way into Streamlit's Markdown: names and values from outside are shown as they are, never obeyed."""

import re
from collections.abc import Mapping

from jobs.wording.results import in_sentence
from models.core import formats
from models.core.texts import text
from pages.charts.layout import MARKS, Theme
from targets.findings import NOT_ARRIVED
from targets.values import STANDINGS

WORST_FIRST = (*NOT_ARRIVED, "met", *(word for word in STANDINGS if word not in (*NOT_ARRIVED, "met")))
"""The worst first, those that cannot be judged last."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&=])")
_JOINED = re.compile(
    r"(?<=http)(?=s?://)|(?<=www)(?=\.)|(?<=[-.\w+])(?=@)|(?<=:)(?=[\w+-]+:|material/)|(?<=[-<>~])(?=[-=>])",
    re.IGNORECASE,
)
"""Where words are parted: addresses, e-mail, shortcodes of icons and emoji, arrows and other signs of two letters."""
_APART = ":small[]"
"""Nothing, in a place of its own. Streamlit looks for those in what Markdown has made of the words, where a backslash
is gone already; it looks in each piece of text by itself."""


def plain(words: str) -> str:
    """The words with everything that Markdown or Streamlit would act on switched off; a new line is a space."""
    parts = (_SPECIAL.sub(r"\\\1", part) for part in _JOINED.split(words))
    return "&#10;".join(_APART.join(parts).splitlines())


def marked(standing: str, words: str, theme: Theme) -> str:
    """A standing in words behind its mark; the mark alone is coloured."""
    return f"{coloured(standing, theme)} **{plain(words)}**"


def coloured(standing: str, theme: Theme) -> str:
    """A standing's mark in its colour; its word goes with it wherever it stands."""
    mark = MARKS[standing]
    return f':color[{mark.glyph}]{{foreground="{mark.colour.on(theme)}"}}'


def tally(units: Mapping[str, int], language: str, theme: Theme) -> str:
    """How many units stand where, the worst first: "■ **4** khó đạt · ● **3** đã đạt". It explains the marks below."""
    return " · ".join(
        f"{coloured(standing, theme)}\u00a0**{formats.whole(units[standing], language)}**"
        f" {plain(in_sentence(text(f'standing.{standing}', language)))}"
        for standing in WORST_FIRST
        if units.get(standing)
    )
