"""Charts as pictures to take away: PNG and SVG that look the same on every machine, also on one without any font.

A picture is what is on screen, with what must be said about it inside: title, day, source, and the mark of simulated
or stale figures, which therefore cannot be cut off by saving it. Its letters are our own (`data/fonts`): a font that is
missing would leave out all words, and one that is replaced would tear Vietnamese letters apart. An SVG carries them.
"""

import base64
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import vl_convert

from jobs.documents import marks
from jobs.documents.writable import unbroken, wholly_writable, writable

FONTS = Path(__file__).resolve().parent.parent.parent / "data" / "fonts"
FAMILY = "CD Sans"
INK, QUIET, GROUND, MARK_GROUND = (f"#{each}" for each in (marks.INK, marks.QUIET, marks.GROUND, marks.MARK_GROUND))
WIDTH, EDGE = 1000, 32
"""Pixels of a picture, and what is kept free at each side."""
SCALE = 2.0
"""A PNG has twice as many: it stays sharp on a projector."""
LETTER = 0.47
"""Width of an average letter, in its size: lines are broken before the edge."""
_SIZE = re.compile(r'<svg[^>]*?\bwidth="([\d.]+)"[^>]*?\bheight="([\d.]+)"')


@dataclass(frozen=True)
class Drawing:
    """A finished Vega-Lite chart and what is written above it; empty where the picture's title says it."""

    spec: Mapping[str, Any]
    title: str = ""


@dataclass(frozen=True)
class Picture:
    """One or several drawings under a title, in words of one language."""

    title: str
    subtitle: str
    drawings: Sequence[Drawing]
    mark: str = ""
    """ "SỐ LIỆU MÔ PHỎNG – MINH HỌA", or that figures are out of date; empty where nothing must be said."""
    foot: str = ""
    """Day and source."""
    width: int = WIDTH


def as_svg(picture: Picture) -> bytes:
    """The picture as an SVG that brings its letters along."""
    return _composed(picture, letters=_letters()).encode()


def as_png(picture: Picture, *, scale: float = SCALE) -> bytes:
    """The picture as a PNG, `scale` times as many pixels as it is wide."""
    return png_of(_composed(picture), scale=scale)


def png_of(svg: str, *, scale: float = 1.0) -> bytes:
    """An SVG of ours as PNG."""
    _register_fonts()
    return bytes(vl_convert.svg_to_png(svg, scale=scale))


def drawn(spec: Mapping[str, Any], *, width: float) -> str:
    """A Vega-Lite chart as an SVG on white, in our letters; separators and calendar words are in its own config."""
    _register_fonts()
    config = {**spec.get("config", {}), "font": FAMILY, "background": GROUND}
    whole = {**spec, "config": config, "background": GROUND}
    if whole.get("width") == "container":
        whole["width"] = width
    # A chart may not send for anything: all it shows is in it.
    return str(vl_convert.vegalite_to_svg(wholly_writable(whole), allowed_base_urls=[]))


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(FONTS))


@cache
def _letters() -> str:
    """Both weights as a style, to be laid into an SVG."""
    faces = []
    for style, weight in (("Regular", 400), ("Bold", 700)):
        content = base64.b64encode((FONTS / f"CDSans-{style}.woff2").read_bytes()).decode()
        faces.append(
            f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};'
            f'src:url(data:font/woff2;base64,{content}) format("woff2")}}'
        )
    return f"<style>{''.join(faces)}</style>"


# --- one picture of several parts -----------------------------------------------------------------------------------


class Sheet:
    """Parts one below the other, from the top down."""

    def __init__(self, width: int, edge: int = EDGE) -> None:
        self.width, self.edge, self.top = width, edge, float(edge)
        self.parts: list[str] = []

    def say(self, words: str, *, size: float, is_bold: bool = False, colour: str = INK) -> None:
        """A text in lines that end before the edge."""
        if not words:
            return
        letters = int((self.width - 2 * self.edge) / (size * LETTER))
        for line in textwrap.wrap(unbroken(words), letters):
            self.top += size * 1.3
            self.parts.append(_text(line, self.edge, self.top, size=size, is_bold=is_bold, colour=colour))

    def mark(self, words: str, *, size: float = 17, ground: str = MARK_GROUND) -> None:
        """What must not be overlooked, on a ground of its own."""
        if not words:
            return
        start = self.top + 10
        at = len(self.parts)
        self.top = start + 4
        self.say(words, size=size, is_bold=True)
        height = self.top - start + 10
        wide = self.width - 2 * self.edge + 20
        box = f'<rect x="{self.edge - 10}" y="{start}" width="{wide}" height="{height}" rx="4" '
        self.parts.insert(at, f'{box}fill="{ground}"/>')
        self.top = start + height

    def draw(self, svg: str, name: str) -> None:
        """A drawing as it is; the ids of its parts get its name, or one drawing would clip another."""
        found = _SIZE.search(svg)
        if found is None:
            raise ValueError("A drawing came without its size.")
        width, height = float(found[1]), float(found[2])
        body = re.sub(r'\bid="', f'id="{name}-', svg[svg.index("<svg") :])
        body = re.sub(r"url\(#", f"url(#{name}-", body)
        self.parts.append(body.replace("<svg", f'<svg x="{(self.width - width) / 2}" y="{self.top}"', 1))
        self.top += height

    def finished(self, letters: str = "") -> str:
        """The whole as an SVG."""
        height = round(self.top + self.edge)
        size = f'width="{self.width}" height="{height}" viewBox="0 0 {self.width} {height}"'
        ground = f'<rect width="{self.width}" height="{height}" fill="{GROUND}"/>'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{letters}{ground}{"".join(self.parts)}</svg>'


def _text(words: str, left: float, top: float, *, size: float, is_bold: bool, colour: str) -> str:
    weight = "bold" if is_bold else "normal"
    look = f'font-family="{FAMILY}" font-size="{size}" font-weight="{weight}" fill="{colour}"'
    return f'<text x="{left}" y="{round(top, 1)}" {look}>{escape(writable(words))}</text>'


def _composed(picture: Picture, *, letters: str = "") -> str:
    page = Sheet(picture.width)
    page.say(picture.title, size=25, is_bold=True)
    page.say(picture.subtitle, size=17, colour=QUIET)
    page.mark(picture.mark)
    page.top += 16
    for number, drawing in enumerate(picture.drawings):
        if drawing.title:
            page.top += 10
            page.say(drawing.title, size=18, is_bold=True)
            page.top += 6
        page.draw(drawn(drawing.spec, width=picture.width - 2 * EDGE), f"drawing{number}")
    page.top += 8
    page.say(picture.foot, size=14, colour=QUIET)
    return page.finished(letters)
