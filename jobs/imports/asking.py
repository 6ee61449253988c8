"""Ways to read a column, each with rows read so, and the one that somebody chose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from jobs.imports.answers import Answers
from jobs.imports.layout import SURELY_POINTS, FigureGroup, OpenedSheet
from jobs.imports.questions import LEFT_OUT, OF, SAMPLES, UNIT_ROLES, Option, Question, Sample, column_name, layout_of
from jobs.imports.sheets import shown
from jobs.imports.values import place_of
from jobs.imports.window import Window
from targets.figures import DECIMALS_KEPT

Scale = Literal["points", "fractions", "either", "mixed"]
"""`mixed`: numbers up to 2 are fractions, those above are points."""


@dataclass(frozen=True)
class Reading:
    """One way to read a column: the code of its option, and where its figures stand then."""

    code: str
    group: FigureGroup
    scale: Scale = "points"
    """How its percents are written."""
    terms: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_fraction(self) -> bool:
        return self.scale != "points"

    @property
    def is_count(self) -> bool:
        return self.code == "count" or self.code.startswith(OF)


class Asking:
    """Chooses among ways to read the columns of a sheet, and notes what nobody has chosen."""

    def __init__(self, opened: OpenedSheet, window: Window, answers: Answers) -> None:
        self._opened, self._header, self._window, self._answers = opened, opened.header, window, answers
        self._look = window.column

    def of_total(self, group: FigureGroup, total: int) -> Reading:
        """A group's numerator as counts of the cases in another column."""
        code, heading = f"{OF}{column_name(self._header, total)}", self._header.texts[total]
        return Reading(code, replace(group, denominator=total), terms={"column": heading})

    def choice(self, column: int, ways: Sequence[Reading]) -> Reading:
        """The way that was chosen for the column, now or before; without one the question is noted."""
        key = f"{layout_of(self._header)}:{column_name(self._header, column)}"
        place = place_of(self._opened.sheet.name, self._header.row, column)
        options = {way.code: Option(way.code, self._samples(column, way), way.terms) for way in ways}
        question = Question(key, place, self._header.texts[column], tuple(options.values()))
        option = self._answers.option(question)
        return ways[0] if option is None else next(way for way in ways if way.code == option.code)

    def _samples(self, column: int, way: Reading) -> tuple[Sample, ...]:
        """The first rows that show how one way reads the column."""
        looked, name = self._look(column), self._header.index(*UNIT_ROLES)
        told = np.flatnonzero(~np.isnan(looked.plain) if looked.has_plain else looked.is_told)
        telling = told[looked.is_small[told]] if way.is_fraction and looked.is_small[told].any() else told
        return tuple(
            Sample(
                place=place_of(self._opened.sheet.name, self._window.numbers[row], column),
                unit="" if name is None else shown(self._window.cell(row, name)).strip(),
                written=shown(self._window.cell(row, column)),
                terms={} if way.code == LEFT_OUT else self._terms(way, row, column),
            )
            for row in telling[:SAMPLES].tolist()
        )

    def _terms(self, way: Reading, row: int, column: int) -> dict[str, str]:
        """What one way reads in a row: numerator, denominator and reported percent, as far as they are told."""
        group, terms = way.group, {}
        if group.numerator is not None and (numerator := _written(self._look(group.numerator).count[row])):
            terms["numerator"] = numerator
            if group.denominator is not None and (denominator := _written(self._look(group.denominator).count[row])):
                terms["denominator"] = denominator
        percent = group.value if group.value is not None else group.rate
        if percent is not None:
            is_fraction = way.scale != "mixed" or self._look(percent).plain[row] <= SURELY_POINTS
            scale = 100 if way.is_fraction and is_fraction and percent == column else 1
            if reported := _written(self._look(percent).percent[row] * scale):
                terms["reported"] = reported
        return terms


def _written(number: float) -> str:
    return "" if np.isnan(number) else f"{round(number, DECIMALS_KEPT):.{DECIMALS_KEPT}f}".rstrip("0").rstrip(".")
