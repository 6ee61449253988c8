"""The meeting's slides as PowerPoint: the same words, pictures and numbers as on the projector, ready to be changed.

16:9; charts, tables and bars are PowerPoint's own. The foot of each slide says day, snapshot and page and what is
simulated or out of date; the notes tell the finding in full and where each number comes from.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from math import ceil
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Emu, Inches, Pt

from jobs.documents.figures import PackFigures, mark, numbered_title, origin
from jobs.documents.marks import ACCENT, GLYPHS, GROUND, INK, LINE, QUIET, TRACK, UNKNOWN, colour_of
from jobs.documents.writable import writable
from jobs.slides.deck import deck
from jobs.slides.values import Bars, Course, Fact, Line, Lines, Marked, Picture, Roll, Slide
from models.core.texts import text

WIDE, HIGH = Inches(13.333), Inches(7.5)
EDGE = Inches(0.7)
INNER = WIDE - 2 * EDGE
TOP, BELOW, FOOT = Inches(1.3), Inches(6.4), Inches(6.95)
LINES_BELOW, LINE_BELOW, LETTERS_BELOW = 2, Inches(0.25), 110
"""Between picture and foot: lines there is room for, how high one is, and how many letters it holds."""
"""Where the picture begins, where the line of small words stands, and the foot: the same on every slide."""
STRONG, BODY, SMALL = 20, 16, 14
"""Points of letters, from the figures beside a chart down to the foot."""
HEADLINES = ((46, 30), (58, 26), (200, 22))
"""Letters of a headline that fit into one line in so many points."""
TITLE_ONLY = 5
"""Its place among the layouts of python-pptx's own template."""
LEAST_LETTERS, MOST_LETTERS = 9, 44
"""A column of a table is as wide as its longest words, within these, and a little more for its edges."""
EDGES = 3
LINE_WIDTHS = (0.23, 0.08, 0.2, 0.12, 0.37)
"""Of a table of indicators: name, figure, bar, what is missing, standing."""
CHART_WIDTH = 0.76
"""The part of the width that a chart takes beside its figures."""
ROW = Inches(0.75)
"""A row is never higher: a few of them do not spread over the slide."""
LETTER, LINE_HIGH, ROW_EDGES = Inches(0.115), Inches(0.235), Inches(0.07)
"""How wide a letter of a table is at the most, how high a line of them, and what a row has above and below."""
Box = tuple[int, int, int, int]
"""Left, top, width, height."""
Run = tuple[str, str, bool]
"""Words, their colour, and whether they are bold."""


def as_slides(figures: PackFigures, language: str) -> bytes:
    """The whole presentation: the agenda, slide by slide."""
    shown = deck(figures.meeting, language)
    slides = pages_of(shown.slides, language)
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = WIDE, HIGH
    presentation.core_properties.title = writable(numbered_title(figures, language))
    presentation.core_properties.comments = mark(figures, language)
    foot = " · ".join([shown.foot, *([text("pack.stale", language)] if figures.is_stale else [])])
    for page, each in enumerate(slides, start=1):
        slide = _new(presentation, each.headline)
        _draw_slide(slide, each, language)
        _say(slide, [(foot, QUIET, False)], (EDGE, FOOT, INNER - Inches(1), Inches(0.4)), size=SMALL)
        at = (WIDE - EDGE - Inches(1), FOOT, Inches(1), Inches(0.4))
        number = _say(slide, [(f"{page}/{len(slides)}", INK, True)], at, size=SMALL)
        number.paragraphs[0].alignment = PP_ALIGN.RIGHT
        slide.notes_slide.notes_text_frame.text = writable(_notes(each, figures, language))
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


def pages_of(slides: Sequence[Slide], language: str) -> list[Slide]:
    """The slides, and behind each whose picture leaves something out others with the rest: here everybody is named."""
    pages = []
    for each in slides:
        pages.append(replace(each, below=()) if each.further else each)
        headline = text("pptx.further", language, headline=each.headline)
        pages += [replace(each, headline=headline, picture=roll, facts=(), below=()) for roll in each.further]
    return pages


def _new(presentation: Any, headline: str) -> Any:
    slide = presentation.slides.add_slide(presentation.slide_layouts[TITLE_ONLY])
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = EDGE, Inches(0.4), INNER, Inches(0.8)
    frame = title.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    frame.margin_left = frame.margin_right = 0
    frame.text = writable(headline)
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    size = next(points for letters, points in HEADLINES if len(headline) <= letters or letters == HEADLINES[-1][0])
    _write(frame.paragraphs[0].runs[0].font, size=size, is_bold=True, colour=INK)
    return slide


def _draw_slide(slide: Any, shown: Slide, language: str) -> None:
    wide = int(INNER * CHART_WIDTH) if shown.facts else INNER
    below = _below(shown.legend, (*shown.below, *shown.about_picture))
    lines = ceil(sum(len(words) for words, *_ in below) / LETTERS_BELOW)
    end = BELOW - max(0, lines - LINES_BELOW) * LINE_BELOW
    if shown.picture is not None:
        _draw_picture(slide, shown.picture, (EDGE, TOP, wide, end - TOP - Inches(0.1)), language)
    _draw_facts(slide, shown.facts, (EDGE + wide, TOP, INNER - wide, end - TOP))
    if below:
        _say(slide, below, (EDGE, end, INNER, FOOT - end), size=SMALL)


def _draw_picture(slide: Any, picture: Picture, box: Box, language: str) -> None:
    if isinstance(picture, Lines):
        add_lines(slide, picture, box)
    elif isinstance(picture, Course):
        add_course(slide, picture, box, language)
    elif isinstance(picture, Bars):
        add_bars(slide, picture, box)
    else:
        add_roll(slide, picture, box)


def _draw_facts(slide: Any, facts: Sequence[Fact], box: Box) -> None:
    """Below each other beside a chart: what it is, and the figure large below it."""
    left, top, wide, high = box
    for place, fact in enumerate(facts):
        at = (left, Emu(int(top + high * (0.15 + 0.25 * place))), wide, Inches(1))
        frame = _say(slide, [(fact.words, INK, False)], at, size=BODY)
        run = frame.add_paragraph().add_run()
        run.text = writable(fact.strong)
        _write(run.font, size=STRONG, is_bold=True, colour=INK)


def _below(legend: Sequence[Marked], below: Sequence[str]) -> list[Run]:
    """What stands between the picture and the foot."""
    parts: list[Run] = []
    for each in legend:
        parts += [
            (f"{GLYPHS[each.mark]} ", colour_of(each.mark), True),
            (each.words, INK, False),
            (" · ", QUIET, False),
        ]
    for words in below:
        parts += [(words, QUIET, False), (" · ", QUIET, False)]
    return parts[:-1]


def _notes(shown: Slide, figures: PackFigures, language: str) -> str:
    """The finding in full, where the numbers come from, and what is behind them."""
    said = [shown.finding, *(f"{fact.words}: {fact.strong}" for fact in shown.facts), origin(figures, language)]
    if shown.indicator is not None:
        indicator = figures.campaign.indicator(shown.indicator)
        known = {source.key: source.name.of(language) for source in figures.campaign.sources}
        names = ", ".join(known[key] for key in indicator.sources if key in known) or "–"
        terms = {
            "name": indicator.name.of(language),
            "numerator": indicator.numerator.of(language),
            "denominator": indicator.denominator.of(language),
            "sources": names,
        }
        said.append(text("pptx.sources", language, **terms))
    if warning := mark(figures, language):
        said.append(warning)
    return "\n".join(said)


# --- tables ---------------------------------------------------------------------------------------------------------


def add_roll(slide: Any, roll: Roll, box: Box) -> None:
    """A native table; the mark of a standing opens its row."""
    letters = [
        EDGES + min(MOST_LETTERS, max(LEAST_LETTERS, *(len(cells[place]) for cells in (roll.heads, *roll.rows))))
        for place in range(len(roll.heads))
    ]
    letters[0] += EDGES  # the mark
    table, _ = _table(slide, (roll.heads, *roll.rows), [count / sum(letters) for count in letters], box, roll.numbers)
    for at, (cells, standing) in enumerate(zip(roll.rows, roll.marks, strict=True), start=1):
        for place, words in enumerate(cells):
            runs: list[Run] = [(words, INK, False)]
            if place == 0 and standing in GLYPHS:
                runs.insert(0, (f"{GLYPHS[standing]} ", colour_of(standing), True))
            _fill_cell(table.cell(at, place), runs, is_number=place in roll.numbers)


def add_lines(slide: Any, lines: Lines, box: Box) -> None:
    """Every indicator in a row of a native table, its bar drawn over a column that is left empty."""
    rows = [(row.name, row.figure, "", row.points, f"  {row.word} {row.reason}") for row in lines.rows]
    table, tops = _table(slide, (lines.heads, *rows), LINE_WIDTHS, box, (1, 3))
    left, _, wide, _ = box
    begin, width = left + int(wide * sum(LINE_WIDTHS[:2])), int(wide * LINE_WIDTHS[2])
    for at, row in enumerate(lines.rows, start=1):
        standing: list[Run] = [(f"{GLYPHS[row.standing]} ", colour_of(row.standing), True), (row.word, INK, True)]
        if row.reason:
            standing.append((f" {row.reason}", QUIET, False))
        cells: list[list[Run]] = [
            [(row.name, INK, row.is_main)],
            [(row.figure, INK, False)],
            [(" ", INK, False)],
            [(row.points, INK, False)],
            standing,
        ]
        for place, runs in enumerate(cells):
            _fill_cell(table.cell(at, place), runs, is_number=place in (1, 3))
        _add_bar(slide, row, (begin + Inches(0.15), tops[at], width - Inches(0.3), tops[at + 1] - tops[at]))


def _add_bar(slide: Any, row: Line, box: Box) -> None:
    """From 0 to 100: how far it has come, the trajectory dashed, the target a tick."""
    left, top, wide, high = box
    middle, thick = top + high // 2, Inches(0.17)

    def across(value: float) -> Emu:
        return Emu(int(left + wide * min(max(value, 0.0), 100.0) / 100))

    def block(begin: int, width: int, height: int, colour: str) -> None:
        shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, begin, Emu(middle - height // 2), Emu(width), Emu(height))
        shape.shadow.inherit = False
        shape.line.fill.background()
        shape.fill.solid()
        shape.fill.fore_color.rgb = rgb(colour)

    block(left, wide, thick, TRACK)
    if row.now:
        block(left, across(row.now) - left, thick, colour_of(row.standing))
    if row.trajectory is not None:
        at = across(row.trajectory)
        path = slide.shapes.add_connector(
            MSO_CONNECTOR.STRAIGHT, at, Emu(middle - int(thick * 1.2)), at, Emu(middle + int(thick * 1.2))
        )
        path.line.color.rgb, path.line.width, path.line.dash_style = rgb(INK), Pt(1.25), MSO_LINE.SQUARE_DOT
    if row.target is not None:
        block(across(row.target) - Inches(0.02), Inches(0.04), int(thick * 2.6), INK)


def _table(
    slide: Any, rows: Sequence[Sequence[str]], widths: Sequence[float], box: Box, numbers: Sequence[int]
) -> tuple[Any, list[int]]:
    """A table with its heads, which are the first of the rows, and the top of each row and of what follows.

    Each row is as high as its longest cell needs; what is left of the room is shared out.
    """
    left, top, wide, room = box
    lines = [
        max(-(-len(words) * LETTER // int(wide * share)) for words, share in zip(cells, widths, strict=True)) or 1
        for cells in rows
    ]
    least = [LINE_HIGH * count + ROW_EDGES for count in lines]
    spare = max(0, room - sum(least)) // len(rows)
    heights = [max(high, min(ROW, high + spare)) for high in least]
    table = slide.shapes.add_table(len(rows), len(widths), left, top, wide, sum(heights)).table
    table.first_row = table.horz_banding = False
    for place, high in enumerate(heights):
        table.rows[place].height = Emu(high)
    for place, share in enumerate(widths):
        table.columns[place].width = Emu(int(wide * share))
        _fill_cell(table.cell(0, place), [(rows[0][place] or " ", QUIET, False)], is_number=place in numbers)
    return table, [top + sum(heights[:place]) for place in range(len(rows) + 1)]


def _fill_cell(cell: Any, runs: Sequence[Run], *, is_number: bool) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = rgb(GROUND)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    cell.margin_left = cell.margin_right = Inches(0.06)
    cell.text_frame.word_wrap = True
    _fill_line(cell.text_frame.paragraphs[0], runs, size=SMALL)
    if is_number:
        cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    for place, side in enumerate(("lnT", "lnB")):
        edge = f'<a:{side} {nsdecls("a")} w="9525"><a:solidFill><a:srgbClr val="{LINE}"/></a:solidFill></a:{side}>'
        cell._tc.get_or_add_tcPr().insert(place, parse_xml(edge))  # noqa: SLF001 - python-pptx has no borders of cells


def _say(slide: Any, runs: Sequence[Run], box: Any, *, size: int) -> Any:
    frame = slide.shapes.add_textbox(*box).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    _fill_line(frame.paragraphs[0], runs, size=size)
    return frame


def _fill_line(line: Any, runs: Sequence[Run], *, size: int) -> None:
    for words, colour, is_bold in runs:
        run = line.add_run()
        run.text = writable(words) or " "
        _write(run.font, size=size, is_bold=is_bold, colour=colour)


def _write(font: Any, *, size: int, is_bold: bool, colour: str) -> None:
    font.size, font.bold, font.name = Pt(size), is_bold, FONT
    font.color.rgb = rgb(colour)


FONT = "Arial"
CHART_TEXT = 14
"""Points of the smallest letters of a chart."""
CATEGORIES: Any = CategoryChartData
POINTS: Any = XyChartData
"""python-pptx publishes types for half of what it has."""
EXCEL_BEGINS = date(1899, 12, 30)
"""Its day 0."""
WEEKS = 14
"""Days between two that an axis names."""
ROOM = 1.08
ABOVE_IT, BELOW_IT = XL_LABEL_POSITION.ABOVE, XL_LABEL_POSITION.BELOW
"""The end of a percent scale: words above its highest tick have room there."""


def rgb(colour: str) -> Any:
    """A colour as PowerPoint takes it."""
    made: Any = RGBColor.from_string
    return made(colour)


def add_bars(slide: Any, bars: Bars, box: Box) -> Any:
    """Units below each other, the first on top; the words beside a bar say how many cases it rests on."""
    rows = bars.rows[::-1]
    data = CATEGORIES()
    data.categories = [writable(row.name) for row in rows]
    data.add_series(writable(bars.unit_of_measure), [row.value for row in rows])
    chart = _chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, box, data)
    highest, lowest = max(0.0, *(row.value for row in rows)), min(0.0, *(row.value for row in rows))
    room = (highest - lowest or 1.0) * 0.45
    _scale(chart, least=lowest - room if lowest < 0 else 0, most=highest + room)
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.plots[0].gap_width = 60
    series = chart.plots[0].series[0]
    series.invert_if_negative = False
    for at, row in enumerate(rows):
        _fill(series.points[at], colour_of(row.mark))
        _label(series.points[at], f"{row.label} · {row.more}" if row.more else row.label, bold=True)
    return chart


def add_course(slide: Any, course: Course, box: Box, language: str) -> Any:
    """A rate day by day, the trajectory it should keep to, its targets, and where it is going; days as Excel counts."""

    def number_of(day: date) -> int:
        return (day - EXCEL_BEGINS).days

    def add(name: str, points: Iterable[tuple[date, float]]) -> None:
        series = data.add_series(text(f"pptx.{name}", language))
        for day, value in points:
            series.add_data_point(number_of(day), value)

    ahead = course.ahead
    words = [(tick.day, tick.at, tick.label) for tick in course.ticks]
    words += [] if ahead is None else [(ahead.day, ahead.at, ahead.label)]
    data = POINTS()
    # LibreOffice draws no first series that begins later than the axis.
    add("trajectory", course.trajectory)
    add("history", course.history)
    add("target", ((tick.day, tick.value) for tick in course.ticks))
    add("words", ((day, at) for day, at, _ in words))
    if ahead is not None:
        add("ahead", ((ahead.day, bound) for bound in (ahead.low, ahead.value, ahead.high) if bound is not None))
    chart = _chart(slide, XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, box, data)
    _scale(chart, least=course.low, most=course.low + (course.high - course.low) * ROOM, step=course.step or 10)
    if course.step is not None:
        chart.value_axis.tick_labels.number_format = "#,##0"
    days = chart.category_axis
    days.minimum_scale, days.maximum_scale = number_of(course.first), number_of(course.last)
    days.major_unit, days.has_major_gridlines = WEEKS, False
    days.tick_labels.number_format, days.tick_labels.number_format_is_linked = "dd/mm", False
    plot = chart.plots[0]
    _draw(plot.series[0], QUIET, width=1.5, dash=MSO_LINE.DASH)
    if course.baseline:
        _label(plot.series[0].points[0], course.baseline, colour=QUIET, position=XL_LABEL_POSITION.RIGHT)
    _draw(plot.series[1], ACCENT, width=3.0)
    if course.history:
        now = plot.series[1].points[len(course.history) - 1]
        is_below = any(course.history[-1][1] < tick.value for tick in course.ticks)
        _mark(now, colour_of(course.standing), size=12)
        _label(now, course.figure, bold=True, position=BELOW_IT if is_below else ABOVE_IT)
    for series in (plot.series[2], plot.series[3]):
        series.format.line.fill.background()
        series.marker.style = XL_MARKER_STYLE.NONE
    for at, _ in enumerate(course.ticks):
        _mark(plot.series[2].points[at], INK, size=9)
    for at, (_, _, said) in enumerate(words):
        _label(plot.series[3].points[at], said, bold=at < len(course.ticks), position=XL_LABEL_POSITION.RIGHT)
    if ahead is not None:
        _draw(plot.series[4], UNKNOWN, width=4.0)
        _mark(plot.series[4].points[1 if ahead.low is not None else 0], UNKNOWN, size=9)
    return chart


# --- parts ----------------------------------------------------------------------------------------------------------


def _chart(slide: Any, kind: Any, box: Box, data: Any) -> Any:
    chart = slide.shapes.add_chart(kind, *box, data).chart
    chart.has_legend, chart.has_title = False, False
    chart.font.size, chart.font.name = Pt(CHART_TEXT), FONT
    chart.font.color.rgb = rgb(INK)
    return chart


def _scale(chart: Any, *, least: float, most: float, step: float | None = None) -> None:
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale = least, most
    axis.major_unit = step
    axis.major_gridlines.format.line.color.rgb = rgb(LINE)
    axis.format.line.fill.background()
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = '0"%"', False


def _fill(shape: Any, colour: str) -> None:
    shape.format.fill.solid()
    shape.format.fill.fore_color.rgb = rgb(colour)


def _draw(series: Any, colour: str, *, width: float, dash: Any = None) -> None:
    series.smooth = False
    series.marker.style = XL_MARKER_STYLE.NONE
    series.format.line.color.rgb, series.format.line.width = rgb(colour), Pt(width)
    if dash is not None:
        series.format.line.dash_style = dash


def _mark(point: Any, colour: str, *, size: int) -> None:
    point.marker.style, point.marker.size = XL_MARKER_STYLE.DIAMOND, size
    point.marker.format.fill.solid()
    point.marker.format.fill.fore_color.rgb = rgb(colour)
    point.marker.format.line.color.rgb = rgb(colour)


def _label(point: Any, words: str, *, bold: bool = False, colour: str = INK, position: Any = None) -> None:
    label = point.data_label
    label.text_frame.text = writable(words)
    label.text_frame.word_wrap = False
    _write_table(label.text_frame.paragraphs[0].runs[0].font if words else label.font, bold=bold, colour=colour)
    if position is not None:
        label.position = position


def _write_table(font: Any, *, bold: bool = False, colour: str = INK) -> None:
    font.size, font.bold, font.name = Pt(CHART_TEXT), bold, FONT
    font.color.rgb = rgb(colour)
