"""What is sent to phones: one picture made to be read on one, and a message of a few lines with who has not arrived,
who has, and who is silent."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from jobs.documents.figures import PackFigures, mark
from jobs.documents.marks import GLYPHS, INK, LINE, MARK_GROUND, QUIET, TRACK, colour_of
from jobs.documents.pictures import FAMILY, Sheet, png_of
from jobs.slides.deck import slide
from jobs.slides.of_province import short_name
from jobs.slides.values import Line, Lines
from jobs.wording import milestones, reporting
from jobs.wording import results as wording
from jobs.wording.results import missing
from models.core import formats
from models.core.texts import text
from models.meetings.agendas import PROVINCE
from targets.findings import NOT_ARRIVED, by_dossiers, may_be_lost, most_have_target
from targets.results import Result

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
    shown = slide(figures.meeting, PROVINCE, language)
    page = Sheet(WIDTH, EDGE)
    page.say(figures.campaign.short_title.of(language), size=SMALL, colour=f"#{QUIET}")
    page.say(shown.finding, size=TITLE, is_bold=True)
    page.mark(mark(figures, language), size=SMALL, ground=f"#{MARK_GROUND}")
    page.top += 20
    rows = shown.picture.rows if isinstance(shown.picture, Lines) else ()
    for row in rows:
        _add_line(page, row)
    focus = figures.campaign.indicator(figures.campaign.main)
    named = figures.meeting.missing_most(focus.key)[:NAMED]
    if named:
        page.top += 16
        page.say(
            wording.said("picture.phone.worst", focus, language, name=focus.name.of(language)), size=NAME, is_bold=True
        )
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
        _words(row.short_name, page.edge, top + NAME * 1.4, size=NAME, weight="bold"),
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
    said = " · ".join(part for part in (row.in_full, row.missing) if part)
    page.top = bar + BAR
    page.say(f"{GLYPHS[row.standing]} {said}", size=SMALL, colour=f"#{QUIET}")
    rule = page.top + 18
    page.parts.append(f'<rect x="{page.edge}" y="{rule}" width="{wide}" height="2" fill="#{LINE}"/>')
    page.top = rule + 6


def _words(words: str, left: float, top: float, *, size: int, weight: str, anchor: str = "start") -> str:
    look = f'font-family="{FAMILY}" font-size="{size}" font-weight="{weight}" fill="#{INK}" text-anchor="{anchor}"'
    return f'<text x="{left}" y="{top}" {look}>{escape(words)}</text>'


MOST_NAMED = 12
"""Units named of a level in a list; the others are counted: a message is read on a phone."""
SILENT = ("insufficient", "stale")


def as_message(figures: PackFigures, language: str, *, indicator: str | None = None) -> str:
    """The message on an indicator; on the main one where none is named. Raises UnknownName."""
    key = indicator or figures.campaign.main
    known = figures.campaign.indicator(key)
    rows = figures.meeting.by_indicator[key]
    day = figures.campaign.day_number(figures.as_of)
    terms: dict[str, str | int] = {"campaign": figures.campaign.short_title.of(language)}
    terms["date"] = formats.day(figures.as_of, language)
    is_running = 1 <= day <= figures.campaign.days
    if is_running:
        terms |= {"day": day, "days": figures.campaign.days}
    head = text("message.head" if is_running else "message.head_after", language, **terms)
    lines = [head, *([mark(figures, language)] if mark(figures, language) else [])]
    if (ended := figures.meeting.ended) is not None:
        lines += [*(f"{said}." for said in milestones.told_alone(ended, key, language)), ""]
    lines.append(f"{slide(figures.meeting, PROVINCE, language).finding}.")
    lines.append(f"{reporting.who_told(figures.meeting.told[0], language)}.")
    lines.append("")
    lines.append(text("message.about", language, name=known.name.of(language).upper()))
    excused = figures.meeting.excused(key)
    behind = [row for row in rows if row.standing in NOT_ARRIVED]
    ambitious = {row.unit for row in behind if (row.unit, key) in figures.meeting.ambitious}
    blamed = [row for row in behind if row.unit not in excused | ambitious]
    parts = (
        ("open", [row for row in blamed if row.standing != "out_of_reach"]),
        ("out_of_reach", [row for row in blamed if row.standing == "out_of_reach"]),
        ("excused", [row for row in behind if row.unit in excused]),
        ("ambitious", [row for row in behind if row.unit in ambitious - excused]),
        ("met", [row for row in rows if row.standing == "met"]),
        ("silent", [row for row in rows if row.standing in SILENT]),
        ("no_target", [row for row in rows if row.standing == "no_target"]),
    )
    for name, found in parts:
        if not found and name in ("open", "out_of_reach", "excused", "ambitious", "no_target"):
            continue
        count = formats.whole(len(found), language)
        keep = sum(map(may_be_lost, found))
        if keep:
            lines.append(text("message.met_keep", language, count=count, keep=formats.whole(keep, language)))
        else:
            is_followed = name == "no_target" and all(row.is_only_followed for row in found)
            lines.append(
                wording.said(
                    "message.only_followed" if is_followed else f"message.{name}", known, language, count=count
                )
            )
        if name != "no_target" and most_have_target(rows):
            lines += _levels(figures, found, language, is_silent=name == "silent")
    return "\n".join(lines) + "\n"


def _levels(figures: PackFigures, rows: Sequence[Result], language: str, *, is_silent: bool) -> list[str]:
    """Each level's units, those that miss most first."""
    said = []
    for level in figures.groups:
        of_level = [row for row in rows if row.level == level.key]
        if not of_level:
            continue
        of_level.sort(key=by_dossiers)
        names = [
            f"{short_name(row.name)}{'' if is_silent else _figures(row, language)}" for row in of_level[:MOST_NAMED]
        ]
        listed = ", ".join(names)
        if len(of_level) > MOST_NAMED:
            rest = formats.whole(len(of_level) - MOST_NAMED, language)
            listed = text("message.more", language, names=listed, count=rest)
        count = formats.whole(len(of_level), language)
        said.append(text("message.level", language, level=level.name.of(language), count=count, names=listed))
    return said


def _figures(row: Result, language: str) -> str:
    """ " 34,1%", and where the target is out of reach " 34,1% (41,3%)"."""
    said = f" {wording.figure_or_dash(row, language)}"
    if row.standing != "out_of_reach" or row.attainable is None:
        return said
    return f"{said} ({wording.written(row.attainable, row, language, target=row.target)})"
