"""The meeting's slides as PowerPoint: the same findings, pictures and numbers as on the projector, ready to be changed.

16:9; charts and tables are PowerPoint's own. The foot of each slide says day, snapshot and page, a band that figures
are simulated or out of date; the notes say where each number comes from.
"""

import io
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from jobs.documents.figures import PackFigures, mark, numbered_title, origin, period
from jobs.documents.marks import ACCENT, GLYPHS, GROUND, INK, LINE, MARK_GROUND, QUIET, TRACK, UNKNOWN, colour_of
from jobs.documents.writable import writable
from jobs.slides.deck import deck
from jobs.slides.values import Bars, Course, Deck, Fact, Lines, Picture, Roll, Slide
from jobs.wording.results import proposed_note
from models.core import formats
from models.core.texts import text

WIDE, HIGH = Inches(13.333), Inches(7.5)
EDGE = Inches(0.5)
HEADLINE, STRONG, BODY, SMALL = 28, 26, 18, 14
"""Points of letters, from the finding down to the foot."""
LONG, LONG_HEADLINE = 110, 23
"""Letters of a finding that stand in two lines, and the size of a longer one."""
SHORT = 18
"""Letters of a fact that stand in one line in the largest size."""
TITLE_ONLY = 5
"""Its place among the layouts of python-pptx's own template."""
LEAST_LETTERS, MOST_LETTERS = 10, 45
"""A column of a table is as wide as its longest words, within these."""


def as_slides(figures: PackFigures, language: str) -> bytes:
    """The whole presentation: a cover, then the agenda."""
    shown = deck(figures.meeting, language)
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = WIDE, HIGH
    presentation.core_properties.title = writable(numbered_title(figures, language))
    presentation.core_properties.comments = mark(figures, language)
    _Deck(presentation, figures, shown, language).draw()
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


class _Deck:
    """Draws one slide after the other."""

    def __init__(self, presentation: Any, figures: PackFigures, shown: Deck, language: str) -> None:
        self._presentation, self._figures, self._reported, self._language = presentation, figures, shown, language
        self._pages = len(shown.slides) + 1

    def draw(self) -> None:
        self._draw_cover()
        for page, slide in enumerate(self._reported.slides, start=2):
            self._draw_slide(slide, page)

    def _draw_cover(self) -> None:
        figures, language = self._figures, self._language
        slide = self._new(numbered_title(figures, language), top=Inches(2.4), size=40)
        for place, words in enumerate((figures.campaign.title.of(language), period(figures, language))):
            _say(slide, words, (EDGE, Inches(4.2 + 0.6 * place), WIDE - 2 * EDGE, Inches(0.6)), size=22, colour=QUIET)
        self._finish(slide, 1, origin(figures, language))

    def _draw_slide(self, shown: Slide, page: int) -> None:
        slide = self._new(
            shown.headline, top=Inches(0.35), size=HEADLINE if len(shown.headline) <= LONG else LONG_HEADLINE
        )
        top, bottom = Inches(1.55), HIGH - Inches(0.6)
        wide = WIDE - 2 * EDGE
        facts = Inches(1.2) if shown.facts else Emu(0)
        if shown.picture is not None:
            self._draw_picture(slide, shown.picture, (EDGE, top, wide, bottom - facts - top))
        self._draw_facts(slide, shown.facts, (EDGE, bottom - facts, wide, facts))
        self._finish(slide, page, self._notes(shown))

    def _draw_picture(self, slide: Any, picture: Picture, box: Any) -> None:
        if isinstance(picture, Lines):
            add_lines(slide, picture, box, self._language)
        elif isinstance(picture, Course):
            add_course(slide, picture, box, self._language)
        elif isinstance(picture, Bars):
            add_bars(slide, picture, box)
        else:
            _add_table(slide, picture, box)

    def _draw_facts(self, slide: Any, facts: Sequence[Fact], box: Any) -> None:
        """Side by side: the number large, what it says below it."""
        left, top, wide, high = box
        for place, fact in enumerate(facts):
            part = Emu(int(wide / len(facts)))
            at = (Emu(left + part * place), top, part, high)
            frame = _say(slide, fact.strong, at, size=STRONG if len(fact.strong) <= SHORT else BODY, is_bold=True)
            _add_line(frame, fact.words, size=16, colour=QUIET)

    def _new(self, headline: str, *, top: int, size: int) -> Any:
        slide = self._presentation.slides.add_slide(self._presentation.slide_layouts[TITLE_ONLY])
        title = slide.shapes.title
        title.left, title.top, title.width, title.height = EDGE, top, WIDE - 2 * EDGE, Inches(1.25)
        title.text_frame.word_wrap = True
        title.text_frame.vertical_anchor = MSO_ANCHOR.TOP
        title.text_frame.text = writable(headline)
        line = title.text_frame.paragraphs[0]
        line.alignment = PP_ALIGN.LEFT
        _write(line.runs[0].font, size=size, is_bold=True, colour=INK)
        return slide

    def _finish(self, slide: Any, page: int, notes: str) -> None:
        """Foot, band and notes."""
        top = HIGH - Inches(0.5)
        said = mark(self._figures, self._language)
        page_words = text("pptx.page", self._language, page=page, pages=self._pages)
        _say(slide, f"{self._foot()} · {page_words}", (EDGE, top, Inches(8.2), Inches(0.4)), size=SMALL, colour=QUIET)
        if said:
            band = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(8.8), top, WIDE - Inches(9.3), Inches(0.36))
            band.fill.solid()
            band.fill.fore_color.rgb = rgb(MARK_GROUND)
            band.line.fill.background()
            band.shadow.inherit = False
            band.text_frame.text = said
            band.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
            _write(band.text_frame.paragraphs[0].runs[0].font, size=SMALL, is_bold=True, colour=INK)
        slide.notes_slide.notes_text_frame.text = writable(notes)

    def _foot(self) -> str:
        head, language = self._figures.meeting.frozen.head, self._language
        day = text("pptx.as_of", language, date=formats.day(head.as_of, language))
        proposed = proposed_note(self._figures.meeting.rows, language).rstrip(".")
        return " · ".join(part for part in (day, head.title, proposed) if part)

    def _notes(self, shown: Slide) -> str:
        """Where the numbers come from, and what is behind them."""
        figures, language = self._figures, self._language
        said = [shown.headline, *(f"{fact.strong}: {fact.words}" for fact in shown.facts), origin(figures, language)]
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


# --- parts ----------------------------------------------------------------------------------------------------------


def _add_table(slide: Any, roll: Roll, box: Any) -> None:
    """A native table; the mark of a standing opens its row."""
    left, top, wide, high = box
    rows, columns = len(roll.rows) + 1, len(roll.heads)
    row_high = Emu(int(min(Inches(0.8), high / rows)))
    table = slide.shapes.add_table(rows, columns, left, top, wide, row_high * rows).table
    letters = [
        min(MOST_LETTERS, max(LEAST_LETTERS, *(len(cells[place]) for cells in (roll.heads, *roll.rows))))
        for place in range(columns)
    ]
    for place, count in enumerate(letters):
        table.columns[place].width = Emu(int(wide * count / sum(letters)))
    size = BODY if rows <= 6 else 16
    for place, words in enumerate(roll.heads):
        _fill_cell(table.cell(0, place), words, size=16, colour=QUIET, ground=TRACK, is_bold=True)
    for at, (cells, standing) in enumerate(zip(roll.rows, roll.marks, strict=True), start=1):
        for place, words in enumerate(cells):
            glyph = f"{GLYPHS[standing]} " if place == 0 and standing in GLYPHS else ""
            cell = table.cell(at, place)
            _fill_cell(cell, f"{glyph}{words}", size=size, colour=INK, ground=GROUND, is_bold=place == 0)
            if glyph:
                _colour_mark(cell, glyph, f"{words}", colour_of(standing), size=size)


def _colour_mark(cell: Any, glyph: str, words: str, colour: str, *, size: int) -> None:
    """The mark in its colour, the words in ink."""
    line = cell.text_frame.paragraphs[0]
    line.runs[0].text = glyph
    _write(line.runs[0].font, size=size, is_bold=True, colour=colour)
    run = line.add_run()
    run.text = writable(words)
    _write(run.font, size=size, is_bold=True, colour=INK)


def _fill_cell(cell: Any, words: str, *, size: int, colour: str, ground: str, is_bold: bool) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = rgb(ground)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.text_frame.word_wrap = True
    cell.text_frame.text = writable(words) or " "
    _write(cell.text_frame.paragraphs[0].runs[0].font, size=size, is_bold=is_bold, colour=colour)


def _say(slide: Any, words: str, box: Any, *, size: int, is_bold: bool = False, colour: str = INK) -> Any:
    frame = slide.shapes.add_textbox(*box).text_frame
    frame.word_wrap = True
    frame.text = writable(words) or " "
    _write(frame.paragraphs[0].runs[0].font, size=size, is_bold=is_bold, colour=colour)
    return frame


def _add_line(frame: Any, words: str, *, size: int, colour: str) -> None:
    run = frame.add_paragraph().add_run()
    run.text = writable(words)
    _write(run.font, size=size, is_bold=False, colour=colour)


def _write(font: Any, *, size: int, is_bold: bool, colour: str) -> None:
    font.size, font.bold, font.name = Pt(size), is_bold, FONT
    font.color.rgb = rgb(colour)


FONT = "Arial"
CHART_TEXT = 14
"""Points of the smallest letters of a chart."""
CATEGORIES: Any = CategoryChartData
POINTS: Any = XyChartData
"""python-pptx publishes types for half of what it has."""
ROOM = 112
"""The end of a percent scale: words above a target of 100 have room there."""
Box = tuple[Emu, Emu, Emu, Emu]
"""Left, top, width, height."""


def rgb(colour: str) -> Any:
    """A colour as PowerPoint takes it."""
    made: Any = RGBColor.from_string
    return made(colour)


def add_lines(slide: Any, lines: Lines, box: Box, language: str) -> Any:
    """Every indicator: its baseline, where it stands, its target."""
    rows = lines.rows[::-1]
    data = CATEGORIES()
    data.categories = [writable(f"{row.name}") for row in rows]
    data.add_series(text("pptx.target", language), [row.target for row in rows])
    data.add_series(text("pptx.now", language), [row.now for row in rows])
    data.add_series(text("pptx.baseline", language), [row.baseline for row in rows])
    chart = _chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, box, data)
    _scale(chart, least=0, most=ROOM)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 55, -5
    targets, now, baselines = plot.series
    _fill(targets, QUIET)
    _fill(baselines, LINE)
    _fill(now, ACCENT)
    for at, row in enumerate(rows):
        _fill(now.points[at], colour_of(row.standing))
        if row.now is not None:
            _label(now.points[at], row.figure, bold=True)
        if row.target is not None:
            _label(targets.points[at], row.target_label, colour=QUIET)
    _legend(chart)
    return chart


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
    """A rate day by day, the trajectory it should keep to, its targets, and where it is going."""

    def day_of(day: Any) -> int:
        return int((day - course.first).days)

    data = POINTS()
    path = data.add_series(text("pptx.history", language))
    for day, value in course.history:
        path.add_data_point(day_of(day), value)
    owed = data.add_series(text("pptx.trajectory", language))
    for day, value in course.trajectory:
        owed.add_data_point(day_of(day), value)
    targets = data.add_series(text("pptx.target", language))
    for tick in course.ticks:
        targets.add_data_point(day_of(tick.day), tick.value)
    if course.ahead is not None:
        going = data.add_series(text("pptx.ahead", language))
        for bound in (course.ahead.low, course.ahead.value, course.ahead.high):
            if bound is not None:
                going.add_data_point(day_of(course.ahead.day), bound)
    chart = _chart(slide, XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, box, data)
    _scale(chart, least=0, most=ROOM)
    chart.category_axis.minimum_scale, chart.category_axis.maximum_scale = 0, day_of(course.last)
    chart.category_axis.has_major_gridlines = False
    chart.category_axis.has_title = True
    axis = chart.category_axis.axis_title.text_frame
    axis.text = text("pptx.days", language, date=formats.day(course.first, language))
    _write_table(axis.paragraphs[0].runs[0].font, colour=QUIET)
    plot = chart.plots[0]
    _draw(plot.series[0], ACCENT, width=3.0)
    if course.history:
        _mark(plot.series[0].points[len(course.history) - 1], colour_of(course.standing), size=12)
        _label(
            plot.series[0].points[len(course.history) - 1], course.figure, bold=True, position=XL_LABEL_POSITION.BELOW
        )
    _draw(plot.series[1], QUIET, width=1.5, dash=MSO_LINE.DASH)
    plot.series[2].format.line.fill.background()
    for at, tick in enumerate(course.ticks):
        _mark(plot.series[2].points[at], INK, size=9)
        _label(plot.series[2].points[at], tick.label, position=XL_LABEL_POSITION.ABOVE)
    if course.ahead is not None:
        ahead = plot.series[3]
        _draw(ahead, UNKNOWN, width=4.0)
        middle = 1 if course.ahead.low is not None else 0
        _mark(ahead.points[middle], UNKNOWN, size=9)
        _label(ahead.points[middle], course.ahead.label, position=XL_LABEL_POSITION.RIGHT)
    _legend(chart)
    return chart


# --- parts ----------------------------------------------------------------------------------------------------------


def _chart(slide: Any, kind: Any, box: Box, data: Any) -> Any:
    chart = slide.shapes.add_chart(kind, *box, data).chart
    chart.has_legend, chart.has_title = False, False
    chart.font.size, chart.font.name = Pt(CHART_TEXT), FONT
    chart.font.color.rgb = rgb(INK)
    return chart


def _scale(chart: Any, *, least: float, most: float) -> None:
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale = least, most
    axis.major_unit = 20 if most == ROOM else None
    axis.major_gridlines.format.line.color.rgb = rgb(LINE)
    axis.format.line.fill.background()
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = '0"%"', False


def _legend(chart: Any) -> None:
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False


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
    _write_table(label.text_frame.paragraphs[0].runs[0].font if words else label.font, bold=bold, colour=colour)
    if position is not None:
        label.position = position


def _write_table(font: Any, *, bold: bool = False, colour: str = INK) -> None:
    font.size, font.bold, font.name = Pt(CHART_TEXT), bold, FONT
    font.color.rgb = rgb(colour)
