"""The weekly table: every unit by group, a total for each, the province last; as a workbook with a sheet of all
indicators and one for each."""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jobs.documents.figures import PackFigures, foot, mark, numbered_title, period
from jobs.documents.writable import A3, LOCALE, PALE, Looks, merge, new_book, set_page, sheet_name, writable
from jobs.wording import results as wording
from jobs.wording import surveys
from jobs.wording.results import how_much_is_known, standing_of, why_otherwise
from models.core import formats
from models.core.texts import text
from targets.findings import is_short
from targets.results import Result, sum_of
from targets.values import PERCENT, Indicator, Measure


@dataclass(frozen=True)
class WeeklyRow:
    """A line of the table. Percents in points, None where unknown; what is missing is None where nothing is."""

    number: int | None
    name: str
    baseline: float | None
    targets: tuple[float | None, ...]
    last: float | None
    now: float | str | None
    """A bound is words: no sum of a spreadsheet takes it for a figure."""
    change: float | None
    missing_points: float | str | None
    missing_cases: int | None
    numerator: int | None
    denominator: int | None
    rank: int | None
    standing: str
    note: str
    target: float | None
    """The one it is judged by: no figure is rounded to it."""
    lower_is_better: bool = False
    measure: Measure = PERCENT


@dataclass(frozen=True)
class WeeklyGroup:
    """The units of a level, and what they come to together."""

    title: str
    rows: tuple[WeeklyRow, ...]
    total: WeeklyRow


def weekly_groups(figures: PackFigures, indicator: Indicator, language: str) -> tuple[WeeklyGroup, ...]:
    """The groups of one indicator, each numbered anew."""
    found = []
    for level in figures.groups:
        rows = figures.of_group(level.key, indicator.key)
        title = (level.group or level.name).of(language)
        lines = tuple(
            weekly_row(figures, row, language, number=number, name=row.name) for number, row in enumerate(rows, start=1)
        )
        found.append(WeeklyGroup(title, lines, _total(rows, language)))
    return tuple(found)


def province_row(figures: PackFigures, indicator: str, language: str) -> WeeklyRow | None:
    """The province on an indicator, as `standing` returns it."""
    row = figures.meeting.line(indicator)
    if row is None:
        return None
    return weekly_row(figures, row, language, number=None, name=_whole(figures, "weekly.province", language).upper())


def _whole(figures: PackFigures, key: str, language: str) -> str:
    """ "Toàn tỉnh": what is said of everybody together."""
    return text(key, language, root=wording.root_word(figures.campaign, language))


def weekly_row(figures: PackFigures, row: Result, language: str, *, number: int | None, name: str) -> WeeklyRow:
    """One unit's line."""
    short = is_short(row)
    return WeeklyRow(
        number=number,
        name=name,
        baseline=row.baseline,
        targets=figures.targets.get((row.unit, row.indicator), (None,) * len(figures.campaign.phases)),
        last=row.week_before,
        now=wording.figure(row, language) if row.is_bound else row.value,
        change=row.week_change,
        missing_points=None if not short else wording.number_missing(row, language) if row.is_bound else row.gap,
        missing_cases=row.cases_missing if short else None,
        numerator=row.numerator,
        denominator=row.denominator,
        rank=figures.ranks.get((row.unit, row.indicator)),
        standing=standing_of(row, language),
        note=_note(figures, row, language),
        target=row.target,
        lower_is_better=row.lower_is_better,
        measure=row.measure,
    )


def _total(rows: Sequence[Result], language: str) -> WeeklyRow:
    """Counts of the units with a fresh figure, added up; a percent alone and a bound add up to nothing, and are left
    out."""
    is_rate = all(row.measure.is_rate for row in rows)
    fresh = [row for row in rows if row.coverage == 1 and not row.is_bound]
    counted = [row for row in fresh if row.has_counts] if is_rate else [row for row in fresh if row.may_be_added]
    numerator = sum(row.numerator or 0 for row in counted)
    denominator = sum(row.denominator or 0 for row in counted)
    judged = [row for row in rows if row.target is not None]
    met = sum(row.standing == "met" for row in judged)
    missing = [row.cases_missing for row in rows if is_short(row) and row.cases_missing is not None]
    now = 100 * numerator / denominator if denominator else None
    if not is_rate:
        now = sum_of(counted)
    # No rounding of the sum may reach a target that one of its units, and so perhaps all of them, has to reach.
    unreached = [
        row.target for row in rows if row.target is not None and now is not None and not row.reaches(now, row.target)
    ]
    lower_is_better = any(row.lower_is_better for row in rows)
    return WeeklyRow(
        number=None,
        name=text("weekly.total", language),
        baseline=None,
        targets=(),
        last=None,
        now=now,
        change=None,
        missing_points=None,
        missing_cases=sum(missing) if missing else None,
        numerator=numerator if counted and is_rate else None,
        denominator=denominator if counted and (is_rate or denominator) else None,
        rank=None,
        standing=text("weekly.met", language, met=met, set=len(judged)),
        note=text("weekly.counted", language, counted=len(counted), units=len(rows)),
        target=max(unreached, default=None) if lower_is_better else min(unreached, default=None),
        lower_is_better=lower_is_better,
        measure=rows[0].measure if rows else PERCENT,
    )


def _note(figures: PackFigures, row: Result, language: str) -> str:
    """What must be known beside a unit's figures."""
    facts, key = figures.meeting.frozen.facts, (row.unit, row.indicator)
    said = []
    if row.reading_as_of is None:
        said.append(text("line.no_reading", language))
    elif row.standing == "stale":
        said.append(text("weekly.note.stale", language, day=formats.day(row.reading_as_of, language)))
    elif row.is_thin:
        said.append(how_much_is_known(row, figures.campaign, language))
    if why := why_otherwise(row, language):
        said.append(why)
    if row.is_bound:
        said.append(text("weekly.note.bound", language))
    if told := wording.told_otherwise(row, language):
        said.append(told)
    if beside := surveys.beside(row, figures.meeting.rows, figures.campaign, language):
        said.append(beside)
    if row.origin == "proposed":
        said.append(text("weekly.note.proposed", language))
    if key in facts.reviews:
        said.append(text("weekly.note.review", language, day=formats.short_day(facts.reviews[key], language)))
    if (cause := facts.causes.get(key)) is not None:
        said.append(wording.cause_with_day(cause, language))
    return "; ".join(said)


WIDTHS = {"number": 6, "unit": 36, "rate": 11, "count": 12, "standing": 44, "note": 32}
"""Of columns, in digits; of the letters of a sentence `LETTERS` times as many stand on a line."""
LETTERS = 1.15
LINE = 15
"""Points of a line in a cell."""
UNIT_COLUMNS = ("now", "standing")
BARS = {"now": "#0B5CAD", "target": "#A9B4C0"}
MOST_BARS = 40
"""Units that a chart holds and stays legible; where there are more, only the table shows them."""
CHART = (960, 420)
"""Pixels of a chart."""


def as_workbook(figures: PackFigures, language: str) -> bytes:
    """The whole workbook."""
    out = io.BytesIO()
    with new_book(out) as book:
        book.set_properties({"title": numbered_title(figures, language), "comments": mark(figures, language)})
        looks, names = Looks(book), set[str]()
        name = sheet_name(_whole(figures, "weekly.sheet.summary", language), names)
        _Sheet(book, looks, figures, name, language).write_summary()
        name = sheet_name(text("weekly.sheet.units", language), names)
        _Sheet(book, looks, figures, name, language).write_units()
        for indicator in figures.campaign.indicators:
            name = sheet_name(indicator.short_name.of(language), names)
            _Sheet(book, looks, figures, name, language).write_indicator(indicator)
    return out.getvalue()


class _Sheet:
    """Writes one sheet from top to bottom."""

    def __init__(self, book: Any, looks: Looks, figures: PackFigures, name: str, language: str) -> None:
        self._book, self._looks, self._figures, self._language = book, looks, figures, language
        self._sheet = book.add_worksheet(name)
        self._name = self._sheet.get_name()
        self._phases = [phase.name.of(language) for phase in figures.campaign.phases]
        self._last = 12 + len(self._phases)
        self._targets = range(3, 3 + len(self._phases))

    # --- the province ---

    def write_summary(self) -> None:
        head = self._write_top(text("weekly.title", self._language))
        row = self._write_heads(head, text("weekly.column.indicator", self._language), counted="")
        first = row
        for number, indicator in enumerate(self._figures.campaign.indicators, start=1):
            line = province_row(self._figures, indicator.key, self._language)
            if line is not None:
                self._write_line(row, line, number=number, name=indicator.name.of(self._language))
                row += 1
        foot_at = self._write_foot(row)
        self._add_chart(text("weekly.chart.province", self._language), first, row - 1, (foot_at + 2, 1))
        self._set_page(head)

    # --- every unit on every indicator ---

    def write_units(self) -> None:
        """A line for each unit: of each indicator its figure and how it stands; and how many targets it has met."""
        language, indicators = self._language, self._figures.campaign.indicators
        self._last = 2 + len(UNIT_COLUMNS) * len(indicators)
        head = self._write_top(text("weekly.units_title", language))
        look = self._looks.of(border=1, bold=True, align="center", text_wrap=True, bg_color=PALE)
        single = {0: "number", 1: "unit", self._last: "met"}
        for place, name in single.items():
            merge(self._sheet, head, place, head + 1, place, text(f"weekly.column.{name}", language), look)
            self._sheet.set_column(place, place, WIDTHS["unit" if place == 1 else "number"])
        for at, indicator in zip(range(2, self._last, len(UNIT_COLUMNS)), indicators, strict=True):
            merge(self._sheet, head, at, head, at + len(UNIT_COLUMNS) - 1, indicator.name.of(language), look)
            for place, name in enumerate(UNIT_COLUMNS, start=at):
                said = formats.short_day(self._figures.as_of, language)
                title = text(f"weekly.column.{name}", language, **({"day": said} if name == "now" else {}))
                self._sheet.write_string(head + 1, place, title, look)
                self._sheet.set_column(place, place, 20 if name == "standing" else WIDTHS["rate"])
        for row in (head, head + 1):
            self._sheet.set_row(row, 34)
        self._sheet.freeze_panes(head + 2, 2)
        row = head + 2
        for level in self._figures.groups:
            by_unit: dict[str, dict[str, Result]] = {}
            for indicator in indicators:
                for result in self._figures.of_group(level.key, indicator.key):
                    by_unit.setdefault(result.unit, {})[indicator.key] = result
            title = (level.group or level.name).of(language)
            merge(self._sheet, row, 0, row, self._last, title, self._looks.of(border=1, bold=True, bg_color=PALE))
            for number, results in enumerate(by_unit.values(), start=1):
                self._write_unit(row + number, number, results)
            row += 1 + len(by_unit)
        self._sheet.print_area(0, 0, self._write_foot(row), self._last)
        self._set_page(head)

    def _write_unit(self, row: int, number: int, results: Mapping[str, Result]) -> None:
        words_of = self._looks.of(border=1, text_wrap=True)
        self._number(row, 0, number, 0, align="center")
        self._sheet.write_string(row, 1, writable(next(iter(results.values())).name), words_of)
        for place, indicator in enumerate(self._figures.campaign.indicators):
            at, result = 2 + len(UNIT_COLUMNS) * place, results.get(indicator.key)
            if result is None:
                for column in range(at, at + len(UNIT_COLUMNS)):
                    self._number(row, column, None, 0)
                continue
            line = weekly_row(self._figures, result, self._language, number=None, name="")
            self._rate(row, at, line.now, line.target, {}, lower_is_better=line.lower_is_better, measure=line.measure)
            self._sheet.write_string(row, at + 1, writable(wording.word_of(result, self._language)), words_of)
        judged = [result for result in results.values() if result.target is not None]
        met = f"{sum(result.standing == 'met' for result in judged)}/{len(judged)}"
        self._sheet.write_string(row, self._last, met, self._looks.of(border=1, align="center"))

    # --- one indicator ---

    def write_indicator(self, indicator: Indicator) -> None:
        language = self._language
        head = self._write_top(text("weekly.indicator_title", language, name=indicator.name.of(language)))
        counted = indicator.counted.of(language)
        row = self._write_heads(
            head, text("weekly.column.unit", language), counted=counted, points=wording.measured(indicator, language)
        )
        spans: dict[str, tuple[int, int]] = {}
        for group in weekly_groups(self._figures, indicator, language):
            merge(self._sheet, row, 0, row, self._last, group.title, self._looks.of(border=1, bold=True, bg_color=PALE))
            row += 1
            spans[group.title] = (row, row + len(group.rows) - 1)
            for line in group.rows:
                self._write_line(row, line)
                row += 1
            self._write_line(row, group.total, bold=True)
            row += 1
        province = province_row(self._figures, indicator.key, language)
        if province is not None:
            self._write_line(row, province, bold=True)
            row += 1
        self._sheet.print_area(0, 0, self._write_foot(row), self._last)
        at = head
        for title, (first, last) in spans.items():
            if 1 < last - first + 1 <= MOST_BARS:
                self._add_chart(f"{title}: {indicator.name.of(language)}", first, last, (at, self._last + 2))
                at += 24
        self._set_page(head)

    # --- parts ---

    def _write_top(self, title: str) -> int:
        figures, language = self._figures, self._language
        self._sheet.write_string(0, 0, writable(figures.province_name.upper()), self._looks.of(bold=True))
        lines: list[tuple[str, dict[str, Any]]] = [
            (title.upper(), {"bold": True, "font_size": 14}),
            (figures.campaign.title.of(language), {"italic": True}),
            (period(figures, language), {"italic": True}),
        ]
        if said := mark(figures, language):
            lines.append((said, {"bold": True}))
        for row, (words_of, look) in enumerate(lines, start=1):
            merge(self._sheet, row, 0, row, self._last, words_of, self._looks.of(align="center", **look))
        return len(lines) + 2

    def _write_heads(self, head: int, subject: str, *, counted: str, points: str = "") -> int:
        """Two rows: the targets' phases stand side by side under one heading, what is missing under another."""
        language, figures = self._language, self._figures
        look = self._looks.of(border=1, bold=True, align="center", text_wrap=True, bg_color=PALE)
        self._sheet.set_row(head, 32)
        self._sheet.set_row(head + 1, 48)
        missing = self._targets.stop + 3
        single = {
            0: text("weekly.column.number", language),
            1: subject,
            2: text("weekly.column.baseline", language, year=str(figures.campaign.baseline_year)),
            missing - 3: text("weekly.column.last", language),
            missing - 2: text("weekly.column.now", language, day=formats.short_day(figures.as_of, language)),
            missing - 1: text("weekly.column.change", language),
            missing + 4: text("weekly.column.rank", language),
            missing + 5: text("weekly.column.standing", language),
            missing + 6: text("weekly.column.note", language),
        }
        for place, title in single.items():
            merge(self._sheet, head, place, head + 1, place, title, look)
        spans = (
            (self._targets.start, text("weekly.column.targets", language), self._phases),
            (missing, text("weekly.column.missing", language), [
                points or text("weekly.column.points", language), counted or text("weekly.column.cases", language)]),
            (missing + 2, text("weekly.column.counts", language), [
                text("weekly.column.numerator", language), text("weekly.column.denominator", language)]),
        )  # fmt: skip
        for start, title, columns in spans:
            merge(self._sheet, head, start, head, start + len(columns) - 1, title, look)
            for place, column in enumerate(columns, start=start):
                self._sheet.write_string(head + 1, place, writable(column), look)
        widths = ["number", "unit", "rate", *["rate"] * len(self._phases), *["rate"] * 4, *["count"] * 3, "rate",
                  "standing", "note"]  # fmt: skip
        for place, width in enumerate(widths):
            self._sheet.set_column(place, place, WIDTHS[width])
        self._sheet.freeze_panes(head + 2, 2)
        return head + 2

    def _write_line(
        self, row: int, line: WeeklyRow, *, number: int | None = None, name: str = "", bold: bool = False
    ) -> None:
        look: dict[str, Any] = {"bold": True, "bg_color": PALE} if bold else {}
        words_of = self._looks.of(border=1, text_wrap=True, **look)
        self._number(row, 0, line.number if number is None else number, 0, align="center", **look)
        self._sheet.write_string(row, 1, writable(name or line.name), words_of)
        self._rate(row, 2, line.baseline, None, look, least=0, measure=line.measure)
        for place, target in zip(self._targets, line.targets or (None,) * len(self._phases), strict=True):
            self._rate(row, place, target, None, look, least=0, measure=line.measure)
        at = self._targets.stop
        for place, figure in enumerate((line.last, line.now), start=at):
            self._rate(
                row, place, figure, line.target, look, lower_is_better=line.lower_is_better, measure=line.measure
            )
        missing, suffix = line.missing_points, ""
        decimals = 0 if line.measure.kind == "count" else 1
        if not line.measure.is_rate:
            suffix = formats.suffix(line.measure, self._language)
        self._number(row, at + 2, line.change, decimals, sign=True, suffix=suffix, **look)
        if isinstance(missing, float) and line.measure.is_rate:
            decimals = formats.decimals(-missing, target=0)
        self._number(row, at + 3, missing, decimals, suffix=suffix, **look)
        for place, count in enumerate((line.missing_cases, line.numerator, line.denominator, line.rank), start=at + 4):
            self._number(row, place, count, 0, **look)
        self._sheet.write_string(row, at + 8, writable(line.standing), words_of)
        self._sheet.write_string(row, at + 9, writable(line.note), words_of)
        said = (("standing", line.standing), ("note", line.note))
        lines = max(math.ceil(len(words) / (LETTERS * WIDTHS[name])) for name, words in said)
        if lines > 1:
            # Not every program makes a row as high as its words.
            self._sheet.set_row(row, LINE * lines)

    def _rate(
        self,
        row: int,
        place: int,
        value: float | str | None,
        target: float | None,
        look: dict[str, Any],
        *,
        least: int = 1,
        lower_is_better: bool = False,
        measure: Measure = PERCENT,
    ) -> None:
        """A figure in its measure. A target has the decimals that somebody decided, a figure one at least."""
        if value is None or isinstance(value, str):
            self._number(row, place, value, 0, **look)
            return
        if least == 0:
            exponent = Decimal(str(value)).normalize().as_tuple().exponent
            least = min(2, max(0, -exponent)) if isinstance(exponent, int) else 0
        places = formats.places(value, measure, target=target, least=least, lower_is_better=lower_is_better)
        suffix = formats.suffix(measure, self._language)
        self._write_number(row, place, value, places, suffix=suffix, **look)

    def _number(
        self,
        row: int,
        place: int,
        value: float | str | None,
        places: int,
        *,
        sign: bool = False,
        suffix: str = "",
        **look: Any,
    ) -> None:
        if isinstance(value, str):
            self._sheet.write_string(row, place, writable(value), self._looks.of(**({"border": 1} | look)))
        elif value is None:
            self._sheet.write_blank(row, place, None, self._looks.of(**({"border": 1} | look)))
        else:
            self._write_number(row, place, value, places, sign=sign, suffix=suffix, **look)

    def _write_number(
        self, row: int, place: int, value: float, places: int, *, sign: bool = False, suffix: str = "", **look: Any
    ) -> None:
        """#.##0,0: separators of the document's language in programs that honour them."""
        digits = f"#,##0.{'0' * places}" if places else "#,##0"
        digits += f'"{suffix}"' if suffix else ""
        pattern = LOCALE[self._language] + (f"+{digits};−{digits};{digits}" if sign else digits)
        format_of = self._looks.of(**({"align": "right", "border": 1, "num_format": pattern} | look))
        self._sheet.write_number(row, place, value, format_of)

    def _write_foot(self, row: int) -> int:
        look = self._looks.of(italic=True, font_size=11)
        for said in foot(self._figures, self._language):
            row += 1
            self._sheet.write_string(row, 0, writable(said), look)
        return row

    def _add_chart(self, title: str, first: int, last: int, at: tuple[int, int]) -> None:
        """Now beside the target of the running phase, drawn by the spreadsheet program from the cells themselves."""
        running = [phase.key for phase in self._figures.campaign.phases].index(self._figures.meeting.frozen.head.phase)
        chart = self._book.add_chart({"type": "bar"})
        for name, column in (
            ("target", self._targets.start + running),
            ("now", self._targets.stop + 1),
        ):
            chart.add_series(
                {
                    "name": text(f"weekly.chart.{name}", self._language),
                    "categories": [self._name, first, 1, last, 1],
                    "values": [self._name, first, column, last, column],
                    "fill": {"color": BARS[name]},
                    "gap": 60,
                }
            )
        chart.set_title({"name": writable(title), "name_font": {"size": 13, "name": "Times New Roman"}})
        chart.set_y_axis({"reverse": True, "num_font": {"name": "Times New Roman"}})
        chart.set_x_axis({"min": 0, "max": 100, "num_format": '0"%"', "major_gridlines": {"visible": True}})
        chart.set_legend({"position": "bottom"})
        wide, high = CHART
        chart.set_size({"width": wide, "height": max(high, 26 * (last - first + 3))})
        self._sheet.insert_chart(*at, chart)

    def _set_page(self, head: int) -> None:
        self._sheet.repeat_rows(head, head + 1)
        set_page(self._sheet, paper=A3, mark=mark(self._figures, self._language))
