"""One picture made to be read on a phone: the finding, the province's indicators, and who is furthest behind."""

from xml.sax.saxutils import escape

from jobs.documents.figures import PackFigures
from jobs.documents.marks import GLYPHS, INK, LINE, MARK_GROUND, QUIET, TRACK, colour_of
from jobs.documents.pack_words import mark
from jobs.documents.pictures import FAMILY, Sheet, png_of
from jobs.slides.deck import slide
from jobs.slides.of_province import short_name
from jobs.slides.values import Line, Lines
from jobs.slides.words import missing
from models import formats
from models.agendas import PROVINCE
from models.texts import text

WIDTH, EDGE = 1080, 48
"""Pixels: a phone shows it without zooming."""
TITLE, NAME, FIGURE, SMALL = 50, 36, 44, 30
BAR = 26
NAMED = 5


def as_picture(figures: PackFigures, language: str) -> bytes:
    """The picture as PNG."""
    return png_of(drawn(figures, language))


def drawn(figures: PackFigures, language: str) -> str:
    """The picture as SVG."""
    told = slide(figures.scene, PROVINCE, language)
    page = Sheet(WIDTH, EDGE)
    page.say(figures.campaign.short_title.of(language), size=SMALL, colour=f"#{QUIET}")
    page.say(told.headline, size=TITLE, is_bold=True)
    page.mark(mark(figures, language), size=SMALL, ground=f"#{MARK_GROUND}")
    page.top += 20
    rows = told.picture.rows if isinstance(told.picture, Lines) else ()
    for row in rows:
        _add_line(page, row)
    focus = figures.campaign.indicator(figures.scene.focus)
    named = figures.scene.missing_most(focus.key)[:NAMED]
    if named:
        page.top += 16
        page.say(text("picture.phone.worst", language, name=focus.name.of(language)), size=NAME, is_bold=True)
        for unit in named:
            said = f"{GLYPHS[unit.standing]} {short_name(unit.name)}: {missing(unit, focus, language)}"
            page.say(said, size=SMALL)
    page.top += 16
    day = formats.day(figures.as_of, language)
    page.say(text("picture.phone.foot", language, day=day, product=text("product", language)), size=26,
             colour=f"#{QUIET}")  # fmt: skip
    return page.finished()


def _add_line(page: Sheet, row: Line) -> None:
    """Name and figure above a bar from 0 to 100 with its target's tick; standing and what is missing below it."""
    top, wide = page.top, page.width - 2 * page.edge
    colour = f"#{colour_of(row.standing)}"

    def across(value: float) -> float:
        return page.edge + wide * min(max(value, 0.0), 100.0) / 100

    bar = top + NAME * 1.6 + 12
    page.parts += [
        _words(row.name, page.edge, top + NAME * 1.4, size=NAME, weight="bold"),
        _words(row.figure, page.width - page.edge, top + NAME * 1.4, size=FIGURE, weight="bold", anchor="end"),
        f'<rect x="{page.edge}" y="{bar}" width="{wide}" height="{BAR}" rx="6" fill="#{TRACK}"/>',
    ]
    if row.now is not None:
        length = across(row.now) - page.edge
        page.parts.append(f'<rect x="{page.edge}" y="{bar}" width="{length}" height="{BAR}" rx="6" fill="{colour}"/>')
    if row.target is not None:
        page.parts.append(
            f'<rect x="{across(row.target) - 4}" y="{bar - 8}" width="8" height="{BAR + 16}" fill="#{INK}"/>'
        )
    said = " · ".join(part for part in (row.standing_words, row.missing) if part)
    page.top = bar + BAR
    page.say(f"{GLYPHS[row.standing]} {said}", size=SMALL, colour=f"#{QUIET}")
    rule = page.top + 18
    page.parts.append(f'<rect x="{page.edge}" y="{rule}" width="{wide}" height="2" fill="#{LINE}"/>')
    page.top = rule + 6


def _words(words: str, left: float, top: float, *, size: int, weight: str, anchor: str = "start") -> str:
    look = f'font-family="{FAMILY}" font-size="{size}" font-weight="{weight}" fill="#{INK}" text-anchor="{anchor}"'
    return f'<text x="{left}" y="{top}" {look}>{escape(words)}</text>'
