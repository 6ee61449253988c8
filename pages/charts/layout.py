"""Marks, colours and sizes: the one table that every page, chart and document draws from.

Colour is for marks and bars only and never stands alone: a shape and a word go with it. Words are in the ink.
`.streamlit/config.toml` holds the same ground, ink and accent, because Streamlit reads them from nowhere else; a test
keeps the two equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Theme = Literal["light", "dark"]


@dataclass(frozen=True)
class Shade:
    """One colour in both themes."""

    light: str
    dark: str

    def on(self, theme: Theme) -> str:
        return self.dark if theme == "dark" else self.light


@dataclass(frozen=True)
class Mark:
    """How a standing is drawn: as a letter in a text, as a shape in a chart (a Vega symbol), filled or hollow."""

    glyph: str
    shape: str
    colour: Shade
    is_hollow: bool = False


GROUND = Shade("#FFFFFF", "#0F1720")
PANEL = Shade("#F4F6F8", "#1A2430")
INK = Shade("#131A24", "#E8EDF2")
QUIET = Shade("#566170", "#A9B4C0")
"""Second-rank words: dates, units of measure."""
LINE = Shade("#D5DBE1", "#33404E")
TRACK = Shade("#E9EDF1", "#26323F")
"""The empty part of a bar, from 0 to 100."""
ACCENT = Shade("#0B5CAD", "#6CB2F5")
"""The one accent colour: what has passed of the campaign, links, what is chosen."""

UNKNOWN = Shade("#6B7280", "#9CA3AF")
"""Neither good nor bad: no target, no cases, too few figures, figures out of date; and the baseline."""

CROSS = "M-1,-0.7L-0.7,-1L0,-0.3L0.7,-1L1,-0.7L0.3,0L1,0.7L0.7,1L0,0.3L-0.7,1L-1,0.7L-0.3,0Z"
"""✕ as a path in a square from −1 to 1; Vega's own `cross` is a plus sign."""

BARRED = "M0.834,-0.552A1,1,0,0,1,-0.552,0.834ZM-0.834,0.552A1,1,0,0,1,0.552,-0.834Z"
"""⊘ as a path: a disc cut in two from corner to corner."""

_SET_APART = Mark("○", "circle", UNKNOWN, is_hollow=True)
_UNLIKELY = Shade("#9B1C1C", "#FF6B6B")

MARKS: Mapping[str, Mark] = MappingProxyType(
    {
        "met": Mark("●", "circle", Shade("#00735C", "#3CC8A5")),
        "likely": Mark("▲", "triangle-up", Shade("#009E73", "#5FD3B3")),
        "at_risk": Mark("◆", "diamond", Shade("#D9A400", "#F0B93A")),
        "high_risk": Mark("▼", "triangle-down", Shade("#D55E00", "#FF8B3D")),
        "unlikely": Mark("■", "square", _UNLIKELY),
        "out_of_reach": Mark("⊘", BARRED, Shade("#6D214F", "#E68FB8")),
        "missed": Mark("✕", CROSS, _UNLIKELY),
        "no_target": _SET_APART,
        "no_cases": _SET_APART,
        "insufficient": _SET_APART,
        "stale": _SET_APART,
    }
)

BASELINE_GLYPH = "○"
TRAJECTORY_GLYPH = "┆"
TARGET_GLYPH = "|"
PROJECTION_GLYPH = "▒"

DOT_ROW_HEIGHT = 36
"""Pixels of one unit in a chart of many: on a phone its name stands above its line."""
TINT = "33"
"""Opacity of a mark's colour behind words, as the last two digits of a colour: words stay readable on both grounds."""
FILTER_WIDTH = 150
"""Pixels a filter takes at least: all in one row on a desk, two abreast on a phone."""
PAGES_WIDTH = 360
"""The numbers of a list's screens: left to themselves they hide all but the one shown."""
SPARK = (96, 22)
"""Width and height of a line of days inside a table."""
BAR = (110, 18)
"""A figure against its target inside a table."""
PARTS = (260, 14)
DAY_LINE = (120, 32)
"""The campaign's days in the bar above every page."""

CARD_WIDTH = 165
"""An indicator's card takes at least so many pixels: six abreast on a desk, two on a phone."""
CARD_BAR = (240, 22)
BLOCK_WIDTH = 500
"""Pixels that each of the overview's blocks takes at least: beside one another on a wide screen, else below."""
NAMED_UNITS = 12
"""Units named of a level."""
STACKS_HEIGHT = 215
"""A level's units as stacked dots, axis included."""
MAP_HEIGHT = 620
"""A map of borders on a desk; screen.css gives it less on a phone."""
BAR_HEIGHT = 26
"""A level's units as one bar."""
CHART_COLUMNS = (72, 28)
"""A unit's one large chart, and the facts beside it."""
LINKS_LEAST_WIDTH = 280
"""A column of links to units."""
SEARCH_WIDTH = 520
SUBJECT_WIDTH = 360
"""A search that stands in one row with two other choices."""
CALIBRATION_HEIGHT = 320
CHECK_COLUMNS = (62, 38)
"""The tables of the back-test, and beside them what its probabilities were worth."""

# --- how figures arrive ---------------------------------------------------------------------------------------------

_GOOD, _LATE, _MISSING = MARKS["met"], MARKS["high_risk"], MARKS["missed"]
_QUIET_DAY = Mark("○", "circle", UNKNOWN, is_hollow=True)

FEED_MARKS: Mapping[str, Mark] = MappingProxyType(
    {
        "fresh": _GOOD,
        "late": _LATE,
        "stale": _SET_APART,
        "failing": _MISSING,
        "never": _SET_APART,
        "by_hand": _SET_APART,
        "off": _SET_APART,
        "told": _GOOD,
        "lacking": MARKS["at_risk"],
        "old": MARKS["at_risk"],
        "complete": _GOOD,
        "revised": Mark("↻", "circle", ACCENT),
        "partial": Mark("◐", "circle", MARKS["at_risk"].colour),
        "missing": _MISSING,
        "lost": Mark("⊘", "circle", _UNLIKELY, is_hollow=True),
        "waiting": _QUIET_DAY,
        "unasked": Mark("·", "circle", UNKNOWN, is_hollow=True),
        "running": Mark("…", "circle", ACCENT),
        "done": _GOOD,
        "unchanged": _GOOD,
        "done_with_rejects": MARKS["at_risk"],
        "failed": _MISSING,
        "unrecoverable": Mark("⊘", "circle", _UNLIKELY, is_hollow=True),
        "withdrawn": _SET_APART,
        "held": MARKS["at_risk"],
        "open": MARKS["at_risk"],
        "dismissed": _SET_APART,
        "readmitted": _GOOD,
        "superseded": _GOOD,
    }
)
"""States of sources, of units that report, of days in the calendar, of runs and of rows in quarantine. What is stale is
never coloured as good."""
CALENDAR_NAME = 24
"""Pixels of a source's name above its row of days."""
CALENDAR_CELL = 44
CALENDAR_GAP = 10
CALENDAR_DAYS = 28
SOURCE_WIDTH = 420
"""A source's card takes at least so many pixels: two or three abreast on a desk, one on a phone."""

# --- the meeting ----------------------------------------------------------------------------------------------------

MOVED_MARKS: Mapping[str, Mark] = MappingProxyType(
    {
        "up": Mark("▲", "triangle-up", MARKS["likely"].colour),
        "down": Mark("▼", "triangle-down", MARKS["high_risk"].colour),
    }
)
"""Who rose and who fell: a shape and a sign with each colour."""
SLIDE_COLUMNS = (3, 1)
"""A chart, and beside it the figures that it does not show."""
SLIDE_BAR = (420, 60)
"""A figure against its target in a slide's table; it grows with the screen."""
SLIDE_PICKER_WIDTH = 230
"""Pixels of the lists of slides and units below a slide."""
