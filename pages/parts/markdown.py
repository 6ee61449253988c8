"""Words on their way into Streamlit's Markdown: names and values from outside are shown as they are, never obeyed."""

import re

from pages.parts.layout import MARKS, Theme

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


def plain(words: str) -> str:
    """The words with everything that Markdown would act on switched off."""
    return _SPECIAL.sub(r"\\\1", words)


def marked(standing: str, words: str, theme: Theme) -> str:
    """A standing in words behind its mark; the mark alone is coloured."""
    return f"{coloured(standing, theme)} **{plain(words)}**"


def coloured(standing: str, theme: Theme) -> str:
    """A standing's mark in its colour; its word goes with it wherever it stands."""
    mark = MARKS[standing]
    return f':color[{mark.glyph}]{{foreground="{mark.colour.on(theme)}"}}'
