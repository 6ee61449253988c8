"""Rows of any source as figures: which column is the unit, which the counts. Used where sources.toml declares it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from pydantic import Field, model_validator

from jobs.fetching.belonging import Belonging
from jobs.fetching.cells import added, as_percent, as_text, scaled_percent, spelled
from jobs.fetching.options import Options, indicator_mistakes
from jobs.fetching.templates import gaps_of
from jobs.fetching.values import Asking, PullFailed, ReportedFigure, ReportedScore, SourceAnswer
from jobs.imports.records.kinds import no_percents
from jobs.imports.words import folded
from targets.errors import FigureProblem
from targets.figures import day_in
from targets.values import Campaign

TOTAL = "total"
"""Stands for a unit's official total in place of an indicator; only points have one."""
SHARE = Decimal(100)
"""What makes a percent of a share."""
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ].*")
Find = Callable[[Any, str], tuple[bool, Any]]
"""Looks a column up in a row: whether it is there, and what it holds."""


class FigureColumns(Options):
    """The columns of one indicator. A count may be reported in parts, which are added."""

    indicator: str = ""
    """Key of the indicator (or `total`); empty where a column of the row names it."""
    numerator: str | tuple[str, ...] | None = None
    denominator: str | tuple[str, ...] | None = None
    value: str | None = None
    points: str | None = None
    max_points: str | None = None
    rank: str | None = None

    @model_validator(mode="after")
    def _tells_something(self) -> "FigureColumns":
        is_rate = bool((self.numerator and self.denominator) or self.value)
        is_score = bool(self.points or self.rank)
        if is_rate == is_score:
            raise ValueError(
                "needs numerator and denominator, or value, for a rate; or points or rank for a score; never both"
            )
        if self.indicator == TOTAL and is_rate:
            raise ValueError(f"“{TOTAL}” is told in points, never as a rate")
        return self

    def named(self) -> list[str]:
        """Every column that is named."""
        columns = (self.value, self.points, self.max_points, self.rank)
        return [*_parts(self.numerator), *_parts(self.denominator), *(one for one in columns if one)]


class Mapped(Options):
    """Options of sources whose columns sources.toml declares."""

    unit_code: str | None = None
    unit_name: str | None = None
    indicator: str | None = None
    """The column that names the indicator, where each row is one figure."""
    as_of: str | None = None
    """The column with the day a row is about: rows of other days are left out."""
    figures: tuple[FigureColumns, ...] = Field(min_length=1)
    value_is: Literal["percent", "share"] = "percent"
    """`share`: percents are written 0.416 instead of 41.6; counts, days and yes or no are as they are."""

    @model_validator(mode="after")
    def _names_units_and_indicators(self) -> "Mapped":
        if not (self.unit_code or self.unit_name):
            raise ValueError("unit_code or unit_name must name the column that tells the unit")
        if self.indicator and len(self.figures) > 1:
            raise ValueError("where a column names the indicator, one table of figures describes every row")
        if not self.indicator and not all(figure.indicator for figure in self.figures):
            raise ValueError("each of figures must name its indicator, or `indicator` the column that does")
        return self

    def named(self) -> list[str]:
        """Every column that is named, each once."""
        own = [one for one in (self.unit_code, self.unit_name, self.indicator, self.as_of) if one]
        return list(dict.fromkeys([*own, *(column for figure in self.figures for column in figure.named())]))


def mapping_mistakes(options: Mapped, campaign: Campaign) -> list[tuple[str, str]]:
    """Indicators named in the options that the campaign does not have."""
    named = [
        (f"options.figures[{number}].indicator", figure.indicator)
        for number, figure in enumerate(options.figures, start=1)
        if figure.indicator and not (figure.indicator == TOTAL and (figure.points or figure.rank))
    ]
    return indicator_mistakes(campaign, named)


def asks_for_a_day(*contents: Any) -> bool:
    """Whether what is sent names the day: then days gone by can be asked for too."""
    return not gaps_of(*contents).isdisjoint(("day", "to"))


def find_by_heading(row: Mapping[str, Any], column: str) -> tuple[bool, Any]:
    """What stands below a heading, however it is spelt: with or without diacritics and capitals."""
    if column in row:
        return True, row[column]
    wanted = _spelling(column)
    name = next((name for name in row if _spelling(name) == wanted), None)
    return name is not None, row.get(name or "")


_spelling = lru_cache(maxsize=4096)(folded)


@dataclass
class _Read:
    """What has been read so far."""

    figures: list[ReportedFigure] = field(default_factory=list)
    scores: list[ReportedScore] = field(default_factory=list)
    found: set[str] = field(default_factory=set)
    units: list[tuple[str, str]] = field(default_factory=list)
    rows: int = 0
    of_other_days: int = 0


def reported_rows(rows: Iterable[tuple[str, Any]], options: Mapped, asking: Asking, *, find: Find) -> SourceAnswer:
    """All that rows report for the day asked for; `rows`: place and content of each.

    Raises PullFailed where there are none, where a declared column is in none of them, or where they are about
    another province or only about other days.
    """
    read, belonging = _Read(), Belonging(asking)
    for place, row in rows:
        read.rows += 1
        values = {}
        for column in options.named():
            is_there, value = find(row, column)
            if is_there:
                read.found.add(column)
            values[column] = value
        _read_row(read, values, options, asking, belonging, place=place, raw=spelled(row))
    if not read.rows:
        raise PullFailed("empty_answer", is_passing=True)
    missing = [column for column in options.named() if column not in read.found]
    if missing:
        raise PullFailed("columns_missing", columns=", ".join(missing))
    if read.of_other_days == read.rows:
        raise PullFailed("other_days", asked=f"{asking.day:%d/%m/%Y}")
    belonging.refuse_strangers(read.units)
    notes = [("other_days_left_out", {"count": str(read.of_other_days)})] if read.of_other_days else []
    return SourceAnswer(figures=tuple(read.figures), scores=tuple(read.scores), notes=tuple(notes))


def _read_row(
    read: _Read,
    values: Mapping[str, Any],
    options: Mapped,
    asking: Asking,
    belonging: Belonging,
    *,
    place: str,
    raw: Mapping[str, str],
) -> None:
    code, name = (as_text(values.get(column or "")) for column in (options.unit_code, options.unit_name))
    if options.as_of is not None:
        day = _day(values.get(options.as_of), asking)
        if day != asking.day:
            read.of_other_days += 1
            return
    read.units.append((code, name))
    unit: dict[str, Any] = {
        "unit_code": code,
        "unit_name": belonging.name_without_province(name),
        "as_of": asking.day,
        "place": place,
        "raw": raw,
    }
    for columns in options.figures:
        indicator = columns.indicator or as_text(values.get(options.indicator or ""))
        if columns.points or columns.rank:
            read.scores.append(_score(columns, values, "" if indicator == TOTAL else indicator, unit))
        else:
            is_share = options.value_is == "share" and indicator not in no_percents(asking.campaign)
            read.figures.append(_figure(columns, values, indicator, unit, is_share=is_share))


def _figure(
    columns: FigureColumns, values: Mapping[str, Any], indicator: str, unit: dict[str, Any], *, is_share: bool
) -> ReportedFigure:
    value = values.get(columns.value or "")
    return ReportedFigure(
        **unit,
        indicator=indicator,
        numerator=added([values.get(part) for part in _parts(columns.numerator)]) if columns.numerator else None,
        denominator=added([values.get(part) for part in _parts(columns.denominator)]) if columns.denominator else None,
        value=scaled_percent(value, SHARE) if is_share else as_percent(value),
    )


def _score(columns: FigureColumns, values: Mapping[str, Any], indicator: str, unit: dict[str, Any]) -> ReportedScore:
    points, most, rank = (as_text(values.get(one or "")) for one in (columns.points, columns.max_points, columns.rank))
    return ReportedScore(**unit, indicator=indicator, points=points or None, max_points=most or None, rank=rank or None)


def _day(value: Any, asking: Asking) -> date | None:
    """The day a row is about; None where it names none that can be read."""
    text = as_text(value)
    instant = _INSTANT.fullmatch(text)
    try:
        return day_in(
            instant[1] if instant else value if isinstance(value, date) else text,
            first=asking.campaign.baseline_day,
            last=max(asking.campaign.end, asking.today),
        )
    except FigureProblem:
        return None


def _parts(columns: str | Sequence[str] | None) -> tuple[str, ...]:
    if columns is None:
        return ()
    return (columns,) if isinstance(columns, str) else tuple(columns)
