"""Marks and colours of standings on paper and on slides that others open: those of the screen on a light ground.

A colour never stands alone: the mark and the word go with it. A test keeps these equal to the screen's.
"""

from collections.abc import Mapping
from types import MappingProxyType

INK, QUIET, LINE, TRACK, ACCENT, GROUND = "131A24", "566170", "D5DBE1", "E9EDF1", "0B5CAD", "FFFFFF"
MARK_GROUND = "FFF3D6"
"""Behind what must not be overlooked: simulated, out of date."""
UNKNOWN = "6B7280"
RISEN, FALLEN = "00735C", "D55E00"

STANDING_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "met": "00735C",
        "likely": "009E73",
        "at_risk": "D9A400",
        "high_risk": "D55E00",
        "unlikely": "9B1C1C",
        "out_of_reach": "6D214F",
        "missed": "9B1C1C",
        "no_target": UNKNOWN,
        "no_cases": UNKNOWN,
        "insufficient": UNKNOWN,
        "stale": UNKNOWN,
    }
)
GLYPHS: Mapping[str, str] = MappingProxyType(
    {
        "met": "●",
        "likely": "▲",
        "at_risk": "◆",
        "high_risk": "▼",
        "unlikely": "■",
        "out_of_reach": "⊘",
        "missed": "✕",
        "no_target": "○",
        "no_cases": "○",
        "insufficient": "○",
        "stale": "○",
    }
)


def colour_of(mark: str) -> str:
    """The colour of a standing, or of a change upwards or downwards."""
    return {"up": RISEN, "down": FALLEN}.get(mark) or STANDING_COLOURS.get(mark, UNKNOWN)
