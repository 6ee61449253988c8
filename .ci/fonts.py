"""Makes the letters of our pictures, data/fonts: uv run --no-project --with fonttools --with brotli .ci/fonts.py

Taken from the Source Sans that Streamlit brings along (SIL Open Font License), so that screen and picture look alike.
The variable font is fixed at two weights, cut down to Latin and Vietnamese, given the marks it lacks, and renamed:
"Source" is a reserved name. Run it again after Streamlit changes its font, and commit what comes out.
"""

import math
import sys
from pathlib import Path

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

PROJECT = Path(__file__).resolve().parent.parent
OUT = PROJECT / "data" / "fonts"
FAMILY = "CD Sans"
WEIGHTS = {"Regular": 400, "Bold": 700}
KEPT = [
    *range(0x20, 0x250),  # Latin
    *range(0x300, 0x36F),  # combining marks
    *range(0x1E00, 0x1F00),  # Vietnamese
    *range(0x2000, 0x2070),  # dashes, quotes, spaces
    *range(0x20A0, 0x20C0),  # ₫
    *range(0x2190, 0x2200),  # arrows
    *range(0x2200, 0x2270),  # minus, almost equal
    *range(0x25A0, 0x2600),  # marks of standings
    0x2116,
    0x2122,
]
ALIASES = {"✕": "×", "┆": "¦", "◇": "◊"}
"""Marks that look like a letter the font has."""
MIDDLE, RADIUS, STROKE, WIDTH = 330.0, 230.0, 44.0, 620
"""Of the marks drawn here, in the font's thousandths."""


def circle(radius: float, *, start: float = 0, end: float = 2 * math.pi, steps: int = 48) -> list[tuple[float, float]]:
    """Points along a circle around the middle of a mark."""
    angles = [start + (end - start) * step / steps for step in range(steps + 1)]
    return [(WIDTH / 2 + radius * math.cos(angle), MIDDLE + radius * math.sin(angle)) for angle in angles]


def outlines(mark: str) -> list[list[tuple[float, float]]]:
    """The closed lines of a mark; what runs the other way round is a hole."""
    ring = [circle(RADIUS)[::-1], circle(RADIUS - STROKE)]
    across = [
        (WIDTH / 2 + side * STROKE / 2.8 + reach * 0.7 * RADIUS, MIDDLE - side * STROKE / 2.8 + reach * 0.7 * RADIUS)
        for reach, side in ((-1, -1), (-1, 1), (1, 1), (1, -1))
    ]
    turn = [
        *circle(RADIUS, start=math.pi * 0.4, end=math.pi * 2.1),
        *circle(RADIUS - STROKE * 1.3, start=math.pi * 0.4, end=math.pi * 2.1)[::-1],
    ]
    head = [(WIDTH / 2 + 20, MIDDLE + 330), (WIDTH / 2 + 20, MIDDLE + 90), (WIDTH / 2 + 220, MIDDLE + 210)]
    return {
        "◐": [*ring, circle(RADIUS, start=math.pi / 2, end=math.pi * 1.5)[::-1]],
        "⊘": [*ring, across],
        "↻": [turn[::-1], head],
    }[mark]


def draw(font: TTFont, mark: str) -> None:
    """Add a mark that the font lacks."""
    pen = TTGlyphPen(None)
    for outline in outlines(mark):
        pen.moveTo(outline[0])
        for point in outline[1:]:
            pen.lineTo(point)
        pen.closePath()
    name = f"uni{ord(mark):04X}"
    font["glyf"][name] = pen.glyph()
    font["hmtx"][name] = (WIDTH, 0)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[ord(mark)] = name


def make(source: Path, style: str, weight: int) -> None:
    """One weight as TTF, for pictures, and as WOFF2, to be laid into an SVG."""
    font = instantiateVariableFont(TTFont(source), {"wght": weight})
    options = Options(
        layout_features=["kern", "mark", "mkmk", "ccmp", "locl", "tnum"], hinting=False, notdef_outline=True
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=KEPT)
    subsetter.subset(font)
    known = font.getBestCmap()
    for mark, letter in ALIASES.items():
        for table in font["cmap"].tables:
            if table.isUnicode() and ord(mark) not in known:
                table.cmap[ord(mark)] = known[ord(letter)]
    for mark in "◐⊘↻":
        draw(font, mark)
    names = font["name"]
    for record in list(names.names):
        if record.nameID in (0, 5, 13, 14):
            continue
        names.removeNames(nameID=record.nameID)
    reported = {1: FAMILY, 2: style, 3: f"{FAMILY} {style}", 4: f"{FAMILY} {style}", 6: f"CDSans-{style}"}
    for identity, words in reported.items():
        names.setName(words, identity, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    is_bold = style == "Bold"
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b1100001) | (0b100000 if is_bold else 0b1000000)
    font["head"].macStyle = 1 if is_bold else 0
    for flavor, ending in ((None, "ttf"), ("woff2", "woff2")):
        font.flavor = flavor
        font.save(OUT / f"CDSans-{style}.{ending}")


def main() -> None:
    """Both weights, from the Streamlit of the project's own environment."""
    media = PROJECT / ".venv" / "lib"
    found = sorted(media.rglob("streamlit/static/static/media/SourceSansVF-Upright*.woff2"))
    if not found:
        sys.exit("No Source Sans here: install the project's requirements into .venv first (make run).")
    OUT.mkdir(exist_ok=True)
    for style, weight in WEIGHTS.items():
        make(found[0], style, weight)


if __name__ == "__main__":
    main()
