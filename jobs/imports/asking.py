"""Ways to read a column, and the one that somebody chose: now, or for an earlier file of the same source and layout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from jobs.imports.layout import FigureGroup, OpenedSheet
from jobs.imports.questions import (
    CHOSEN,
    LEFT_OUT,
    OF,
    REMEMBERED,
    SAMPLES,
    Option,
    Question,
    Sample,
    column_name,
    layout_of,
)
from jobs.imports.sheets import shown
from jobs.imports.values import FileWarning, ImportContext, place_of
from jobs.imports.window import Window
from targets.figures import DECIMALS_KEPT

UNIT_ROLES = ("unit", "code", "identity_code", "gso_code")


@dataclass(frozen=True)
class Reading:
    """One way to read a column: the code of its option, and where its figures stand then."""

    code: str
    group: FigureGroup
    is_fraction: bool = False
    terms: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_count(self) -> bool:
        return self.code == "count" or self.code.startswith(OF)


class Asking:
    """Chooses among ways to read the columns of a sheet, and notes what nobody has chosen."""

    def __init__(self, opened: OpenedSheet, window: Window, context: ImportContext) -> None:
        self.questions: list[Question] = []
        self.chosen: dict[str, str] = {}
        """Key of a question → the option that was given, not remembered."""
        self.remarks: list[FileWarning] = []
        self._opened, self._header, self._window = opened, opened.header, window
        self._look = window.column
        self._answers = ((context.choices, CHOSEN), (context.remembered, REMEMBERED))

    def of_total(self, group: FigureGroup, total: int) -> Reading:
        """A group's numerator as counts of the cases in another column."""
        code, heading = f"{OF}{column_name(self._header, total)}", self._header.texts[total]
        return Reading(code, replace(group, denominator=total), terms={"column": heading})

    def choice(self, column: int, ways: Sequence[Reading]) -> Reading:
        """The way that was chosen for the column, now or before; without one the question is noted."""
        key = f"{layout_of(self._header)}:{column_name(self._header, column)}"
        place = place_of(self._opened.sheet.name, self._header.row, column)
        options = {way.code: Option(way.code, self._samples(column, way), way.terms) for way in ways}
        for answers, remark in self._answers:
            option = options.get(answers.get(key, ""))
            if option is None:
                continue
            if remark == CHOSEN:
                self.chosen[key] = option.code
            terms = {"field": self._header.texts[column], "read_as": option.notice.code, **option.terms}
            self.remarks.append(FileWarning(remark, terms, place))
            return next(way for way in ways if way.code == option.code)
        self.questions.append(Question(key, place, self._header.texts[column], tuple(options.values())))
        return ways[0]

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
            scale = 100 if way.is_fraction and percent == column else 1
            if reported := _written(self._look(percent).percent[row] * scale):
                terms["reported"] = reported
        return terms


def _written(number: float) -> str:
    return "" if np.isnan(number) else f"{round(number, DECIMALS_KEPT):.{DECIMALS_KEPT}f}".rstrip("0").rstrip(".")
