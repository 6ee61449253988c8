"""The pictures of a slide as native PowerPoint charts: their numbers can be looked up and changed where they are shown.

The numbers behind a chart are those of `standing`, unrounded; what is written beside a bar is the finished word of the
slide, since PowerPoint writes numbers in its reader's own separators and would round a figure up to its target.
"""

from typing import Any

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
from pptx.util import Emu, Pt

from jobs.documents.marks import ACCENT, INK, LINE, QUIET, UNKNOWN, colour_of
from jobs.documents.writable import writable
from jobs.slides.values import Bars, Course, Lines
from models import formats
from models.texts import text

FONT = "Arial"
SMALL = 14
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
    _write(axis.paragraphs[0].runs[0].font, colour=QUIET)
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
    chart.font.size, chart.font.name = Pt(SMALL), FONT
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
    _write(label.text_frame.paragraphs[0].runs[0].font if words else label.font, bold=bold, colour=colour)
    if position is not None:
        label.position = position


def _write(font: Any, *, bold: bool = False, colour: str = INK) -> None:
    font.size, font.bold, font.name = Pt(SMALL), bold, FONT
    font.color.rgb = rgb(colour)
