"""What is sent to phones: one picture made to be read on one, and a message of a few lines with who has not arrived,
who has, and who is silent."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
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
from models.meetings.agendas import INDICATOR, PROVINCE
from targets.findings import SORTINGS, Sorting, by_dossiers, may_be_lost, most_have_target
from targets.results import Result
from targets.values import Indicator

WIDTH, EDGE = 1080, 48
"""Pixels: a phone shows it without zooming."""
TITLE, NAME, FIGURE, SMALL = 50, 36, 44, 30
BAR = 26
NAMED = 5


ALL = "all"
"""In place of an indicator: every one of them."""


def as_picture(figures: PackFigures, language: str, *, indicator: str | None = None, level: str | None = None) -> bytes:
    """The picture as PNG: the province on all indicators; or how many units of each level, or of one, are where."""
    return png_of(drawn(figures, language, indicator=indicator, level=level))


def drawn(figures: PackFigures, language: str, *, indicator: str | None = None, level: str | None = None) -> str:
    """The picture as SVG."""
    campaign, chosen = figures.campaign, None if indicator == ALL else indicator
    page = Sheet(WIDTH, EDGE)
    page.say(campaign.short_title.of(language), size=SMALL, colour=f"#{QUIET}")
    shown = slide(figures.meeting, PROVINCE if chosen is None else f"{INDICATOR}.{chosen}", language)
    page.say(shown.finding if level is None else campaign.level(level).name.of(language), size=TITLE, is_bold=True)
    page.mark(mark(figures, language), size=SMALL, ground=f"#{MARK_GROUND}")
    page.top += 20
    if chosen is None and level is None:
        for row in shown.picture.rows if isinstance(shown.picture, Lines) else ():
            _add_line(page, row)
    elif level is None:
        for each in figures.groups:
            _add_lists(page, each.name.of(language), figures.meeting.lists(chosen or "", each.key), language)
    else:
        for known in figures.meeting.shown if chosen is None else (campaign.indicator(chosen),):
            _add_lists(page, known.name.of(language), figures.meeting.lists(known.key, level), language)
    _add_worst(page, figures, language, indicator=chosen or campaign.main, level=level)
    page.top += 16
    day = formats.day(figures.as_of, language)
    page.say(text("picture.phone.foot", language, day=day, product=text("product", language)), size=26,
             colour=f"#{QUIET}")  # fmt: skip
    return page.finished()


def _add_worst(page: Sheet, figures: PackFigures, language: str, *, indicator: str, level: str | None) -> None:
    """Who is missing most: of the province's sum, or among the units of a level."""
    focus = figures.campaign.indicator(indicator)
    named = figures.meeting.missing_most(indicator)
    if level is not None and most_have_target(figures.meeting.by_indicator[indicator]):
        lists = figures.meeting.lists(indicator, level)
        named = sorted((*lists["open"], *lists["out_of_reach"]), key=by_dossiers)
    if not named:
        return
    page.top += 16
    page.say(wording.said("picture.phone.worst", focus, language, name=focus.name.of(language)), size=NAME,
             is_bold=True)  # fmt: skip
    for unit in named[:NAMED]:
        page.say(f"{GLYPHS[unit.standing]} {short_name(unit.name)}: {missing(unit, focus, language)}", size=SMALL)


MARKED_AS: Mapping[Sorting, str] = MappingProxyType(
    {"met": "met", "open": "high_risk", "out_of_reach": "out_of_reach", "excused": "at_risk", "ambitious": "likely"}
)
"""The mark and colour of each list; the others are neither good nor bad."""


def _add_lists(page: Sheet, title: str, lists: Mapping[Sorting, Sequence[Result]], language: str) -> None:
    """A bar as long as there are units, parted by their lists; the lists' marks and counts in words below it."""
    units = sum(map(len, lists.values()))
    if not units:
        return
    wide, bar, left = page.width - 2 * page.edge, page.top + NAME * 1.6 + 12, float(page.edge)
    page.parts += [
        _words(title, page.edge, page.top + NAME * 1.4, size=NAME, weight="bold"),
        _words(formats.units(units, language), page.width - page.edge, page.top + NAME * 1.4, size=NAME, weight="bold",
               anchor="end"),
    ]  # fmt: skip
    said = []
    for name in SORTINGS:
        if not lists[name]:
            continue
        standing, length = MARKED_AS.get(name, "no_target"), wide * len(lists[name]) / units
        page.parts.append(
            f'<rect x="{left}" y="{bar}" width="{max(length - 2, 1)}" height="{BAR}" fill="#{colour_of(standing)}"/>'
        )
        left += length
        count = text(f"prose.sorted.{name}", language, count=formats.whole(len(lists[name]), language))
        said.append(f"{GLYPHS[standing]} {count}")
    page.top = bar + BAR
    page.say(" · ".join(said), size=SMALL, colour=f"#{QUIET}")
    page.top += 18


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


MOST_NAMED, FEW_NAMED = 12, 3
"""Units named of a level in a list, and where all indicators are told; the others are counted: a message is read on a
phone. Of a level that was chosen every unit is named."""
LISTED: tuple[Sorting, ...] = (
    "open",
    "out_of_reach",
    "excused",
    "ambitious",
    "met",
    "unknown",
    "no_cases",
    "no_target",
)
"""The lists in the order in which a message tells them."""


def as_message(figures: PackFigures, language: str, *, indicator: str | None = None, level: str | None = None) -> str:
    """The message on an indicator, the main one where none is named, or on all; on one level or on all of them."""
    key = indicator or figures.campaign.main
    day = figures.campaign.day_number(figures.as_of)
    terms: dict[str, str | int] = {"campaign": figures.campaign.short_title.of(language)}
    terms["date"] = formats.day(figures.as_of, language)
    is_running = 1 <= day <= figures.campaign.days
    if is_running:
        terms |= {"day": day, "days": figures.campaign.days}
    head = text("message.head" if is_running else "message.head_after", language, **terms)
    lines = [head, *([mark(figures, language)] if mark(figures, language) else [])]
    if (ended := figures.meeting.ended) is not None:
        about = figures.campaign.main if key == ALL else key
        lines += [*(f"{said}." for said in milestones.told_alone(ended, about, language)), ""]
    lines.append(f"{slide(figures.meeting, PROVINCE, language).finding}.")
    lines.append(f"{reporting.who_told(figures.meeting.told[0], language)}.")
    most = None if level is not None else FEW_NAMED if key == ALL else MOST_NAMED
    for known in figures.meeting.shown if key == ALL else (figures.campaign.indicator(key),):
        lines += ["", *_about(figures, known, level, language, most=most)]
    return "\n".join(lines) + "\n"


def _about(figures: PackFigures, known: Indicator, level: str | None, language: str, *, most: int | None) -> list[str]:
    """An indicator and how many units it is about, then each unit in one list."""
    lists = figures.meeting.lists(known.key, level)
    units = formats.units(sum(map(len, lists.values())), language)
    name = known.name.of(language).upper()
    if level is None:
        lines = [text("message.about", language, name=name, units=units)]
    else:
        of = figures.campaign.level(level).name.of(language)
        lines = [text("message.about_level", language, name=name, units=units, level=of)]
    names_units = most_have_target(figures.meeting.by_indicator[known.key])
    for each in LISTED:
        found = lists[each]
        if not found:
            continue
        count = formats.whole(len(found), language)
        keep = sum(map(may_be_lost, found))
        if keep == len(found):
            lines.append(text("message.met_keep_all", language, count=count))
        elif keep:
            lines.append(text("message.met_keep", language, count=count, keep=formats.whole(keep, language)))
        else:
            is_followed = each == "no_target" and all(row.is_only_followed for row in found)
            key = "message.only_followed" if is_followed else f"message.{each}"
            lines.append(wording.said(key, known, language, count=count))
        if each != "no_target" and names_units:
            lines += _levels(figures, found, language, has_figures=each not in ("unknown", "no_cases"), most=most)
    return lines


def _levels(
    figures: PackFigures, rows: Sequence[Result], language: str, *, has_figures: bool, most: int | None
) -> list[str]:
    """Each level's units, those that miss most first."""
    said = []
    for level in figures.groups:
        of_level = [row for row in rows if row.level == level.key]
        if not of_level:
            continue
        names = [f"{short_name(row.name)}{_figures(row, language) if has_figures else ''}" for row in of_level[:most]]
        listed = ", ".join(names)
        if len(of_level) > len(names):
            rest = formats.whole(len(of_level) - len(names), language)
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
