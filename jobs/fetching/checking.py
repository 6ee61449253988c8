"""What a source reported, checked row by row: units matched, figures and official scores read, good rows apart from
bad ones."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from jobs.fetching.values import ReportedFigure, ReportedScore
from jobs.imports.problems import Notice, problem
from jobs.imports.records.checks import ReportedRows, Seen, never_judged, packed_key
from jobs.imports.records.import_warnings import ImportWarnings
from jobs.imports.records.kinds import PERCENT, kinds_of
from jobs.imports.records.parsed_rows import SCOPE_NAMES
from jobs.imports.records.rates import Rates, read_rates
from jobs.imports.records.readings import of_ranges
from jobs.imports.tables.columns import FigureReaders
from jobs.imports.tables.headers import Headings
from jobs.imports.tables.layout import FigureGroup
from jobs.imports.units.matching import Matched, UnitMatcher
from jobs.imports.values import FileWarning, RejectedRow
from jobs.imports.words import even, heading
from models.core.columns import day_number
from models.readings.records import ScoreRecord
from targets.errors import FigureProblem
from targets.figures import Cell, count_in, points_in, says_nothing
from targets.periods import period_of
from targets.values import QUALIFIERS, Basis, Campaign, Source, Unit


class RowRefused(Exception):
    """A row that cannot be taken in: which of its fields, and what is wrong with it."""

    def __init__(self, where: str, notice: Notice) -> None:
        super().__init__(notice.code)
        self.where, self.notice = where, notice


def score_of(score: ReportedScore, *, unit: str, indicator: str, source: Source, campaign: Campaign) -> ScoreRecord:
    """What a score says, with the period it stands for; raises RowRefused where it cannot be."""
    basis: Basis = source.basis or "month"
    start, end = period_of(basis, score.as_of, campaign)
    points = _points("points", score.points)
    most = _points("max_points", score.max_points)
    if most is None:
        most = campaign.most_points(indicator)
    if points is not None and most is not None and points > most:
        raise RowRefused("points", problem("points_above_most", most=f"{most.normalize():f}"))
    rank = _rank(score.rank)
    if rank is not None and (rank < 1 or (score.rank_of is not None and rank > score.rank_of)):
        raise RowRefused("rank", problem("rank_impossible"))
    return ScoreRecord(
        unit=unit,
        indicator=indicator,
        basis=basis,
        period_start=start,
        period_end=end,
        as_of=score.as_of,
        points=points,
        max_points=most,
        rank=rank,
        rank_of=score.rank_of,
        rank_group=score.rank_group,
        place=score.place,
    )


def _points(where: str, reported: Cell) -> Decimal | None:
    try:
        return points_in(reported).number
    except FigureProblem as wrong:
        raise RowRefused(where, Notice("problem", wrong.code, wrong.terms)) from wrong


def _rank(reported: Cell) -> int | None:
    try:
        number = count_in(reported).number
    except FigureProblem as wrong:
        raise RowRefused("rank", Notice("problem", wrong.code, wrong.terms)) from wrong
    return None if number is None else int(number)


FIELDS = ("numerator", "denominator", "value")
"""The columns of a reported figure, in the order its group of columns has them."""
GROUP = FigureGroup(None, numerator=0, denominator=1, value=2)
Row = ReportedFigure | ReportedScore


@dataclass(frozen=True)
class Checked:
    """What of an answer can be stored, and what cannot. `frame` is what `load_readings` takes."""

    received: int
    frame: pd.DataFrame
    repeated: int
    """Figures that the answer holds twice alike: they count as unchanged."""
    scores: tuple[ScoreRecord, ...] = ()
    bad_figures: tuple[RejectedRow, ...] = ()
    bad_scores: tuple[RejectedRow, ...] = ()
    warnings: tuple[FileWarning, ...] = ()

    @property
    def good(self) -> int:
        return len(self.frame) + self.repeated + len(self.scores)


@dataclass
class _Rows:
    """Good rows as columns, while they are read."""

    at: list[int] = field(default_factory=list)
    unit: list[int] = field(default_factory=list)
    indicator: list[int] = field(default_factory=list)
    day: list[int] = field(default_factory=list)
    scope: list[int] = field(default_factory=list)


class Checker:
    """Checks the answers of one source against the campaign and its units."""

    def __init__(self, source: Source, *, campaign: Campaign, units: Sequence[Unit], today: date) -> None:
        self._source, self._campaign, self._today = source, campaign, today
        self._matcher = UnitMatcher(units, campaign)
        self._headings = Headings(campaign)
        self._keys = [indicator.key for indicator in campaign.indicators]
        self._kinds = dict(zip(self._keys, kinds_of(campaign).tolist(), strict=True))
        self._default = {level.key: SCOPE_NAMES.index(level.default_scope) for level in campaign.levels}
        self._ours = {even(theirs): code for theirs, code in source.units.items()}
        self._indicators: dict[str, str | Notice] = {}

    def check(self, figures: Sequence[ReportedFigure], scores: Sequence[ReportedScore] = ()) -> Checked:
        """Sort an answer out. Indicators that are not to be taken from this source are left aside."""
        figures = [row for row in figures if self._is_wanted(row.indicator)]
        scores = [row for row in scores if not row.indicator or self._is_wanted(row.indicator)]
        warned = ImportWarnings()
        bad_figures: list[RejectedRow] = []
        frame, repeated = self._readings(figures, warned, bad_figures)
        bad_scores: list[RejectedRow] = []
        reported = self._scores(scores, warned, bad_scores)
        return Checked(
            received=len(figures) + len(scores),
            frame=frame,
            repeated=repeated,
            scores=tuple(reported),
            bad_figures=tuple(bad_figures),
            bad_scores=tuple(bad_scores),
            warnings=warned.close(),
        )

    # --- figures ----------------------------------------------------------------------------------------------------

    def _readings(
        self, figures: Sequence[ReportedFigure], warned: ImportWarnings, bad: list[RejectedRow]
    ) -> tuple[pd.DataFrame, int]:
        columns = [[getattr(row, name) for row in figures] for name in FIELDS]
        qualifier = np.array([QUALIFIERS.index(row.qualifier) for row in figures], dtype=np.int64)
        kind = np.array([self._kind(row.indicator) for row in figures], dtype=np.int64)
        rates = read_rates(
            GROUP, columns.__getitem__, readers=FigureReaders(), count=len(figures), qualifier=qualifier, kind=kind
        )
        rows = _Rows()
        for at, figure in enumerate(figures):
            try:
                if rates.is_empty[at]:
                    warned.left_out("rows_without_figures", figure.place)
                    continue
                position, indicator = self._settled(figure)
                if at in rates.problems:
                    column, notice = rates.problems[at]
                    raise RowRefused(FIELDS[column], notice)
            except RowRefused as refused:
                bad.append(_rejected(figure, refused))
                continue
            unit = self._matcher.units[position]
            scope = figure.scope or self._source.scope
            rows.at.append(at)
            rows.unit.append(position)
            rows.indicator.append(self._keys.index(indicator))
            rows.day.append(day_number(figure.as_of))
            rows.scope.append(self._default[unit.level] if scope is None else SCOPE_NAMES.index(scope))
        return self._frame(figures, rows, rates, warned, bad)

    def _frame(
        self,
        figures: Sequence[ReportedFigure],
        rows: _Rows,
        rates: Rates,
        warned: ImportWarnings,
        bad: list[RejectedRow],
    ) -> tuple[pd.DataFrame, int]:
        """The good rows as a frame, each figure once; a figure reported twice and differently is refused."""
        at, unit, indicator, day, scope = (
            np.array(column, dtype=np.int64) for column in (rows.at, rows.unit, rows.indicator, rows.day, rows.scope)
        )
        reported = ReportedRows(
            key=packed_key(
                unit=unit,
                indicator=indicator,
                is_below=scope == SCOPE_NAMES.index("below"),
                day=day,
                indicators=len(self._keys),
            ),
            numerator=rates.numerator[at],
            denominator=rates.denominator[at],
            value=rates.value[at],
            high=rates.high[at],
            qualifier=rates.qualifier[at],
            row=at,
            column=np.zeros(len(at), dtype=np.int64),
            sheet=0,
        )
        seen = Seen()
        repeats = seen.repeats(reported)
        for place in np.flatnonzero(repeats.is_other).tolist():
            _, first, _ = repeats.place(int(repeats.first[place]))
            notice = problem("told_otherwise", first=figures[first].place)
            bad.append(_rejected(figures[rows.at[place]], RowRefused("value", notice)))
        is_new = ~repeats.is_same & ~repeats.is_other
        _warn(figures, rates, at[is_new], warned)
        for warning in never_judged(seen, self._source, self._campaign, self._matcher):
            warned.warn(warning.code, **warning.terms)
        ids = np.array([one.unit_id for one in self._matcher.units], dtype=np.int64)
        # Plain objects: taking single words out of a categorical column is slow, and every series needs one.
        words, keys, scopes = (np.array(names, dtype=object) for names in (QUALIFIERS, self._keys, SCOPE_NAMES))
        frame = pd.DataFrame(
            {
                "unit_id": ids[unit[is_new]] if len(ids) else unit[is_new],
                "indicator": pd.Series(keys[indicator[is_new]], dtype=object),
                "as_of": day[is_new],
                "scope": pd.Series(scopes[scope[is_new]], dtype=object),
                "numerator": reported.numerator[is_new],
                "denominator": reported.denominator[is_new],
                "value": reported.value[is_new],
                "qualifier": pd.Series(words[reported.qualifier[is_new]], dtype=object),
            }
            | of_ranges(reported.high[is_new])
        )
        return frame, int(repeats.is_same.sum())

    # --- scores -----------------------------------------------------------------------------------------------------

    def _scores(
        self, scores: Sequence[ReportedScore], warned: ImportWarnings, bad: list[RejectedRow]
    ) -> list[ScoreRecord]:
        """Official points as reported, each once: nothing is worked out from them."""
        found: dict[tuple[str, str, date, str], ScoreRecord] = {}
        for score in scores:
            if says_nothing(score.points) and says_nothing(score.rank):
                warned.left_out("rows_without_figures", score.place)
                continue
            try:
                position, indicator = self._settled(score)
                record = score_of(
                    score,
                    unit=self._matcher.units[position].code,
                    indicator=indicator,
                    source=self._source,
                    campaign=self._campaign,
                )
                key = (record.unit, record.indicator, record.as_of, record.rank_group)
                first = found.setdefault(key, record)
                if first != record:
                    raise RowRefused("points", problem("told_otherwise", first=first.place))
            except RowRefused as refused:
                bad.append(_rejected(score, refused))
        return list(found.values())

    # --- what a row is about ----------------------------------------------------------------------------------------

    def _is_wanted(self, reported: str) -> bool:
        """A name that is no indicator's is wanted too: its rows are refused with the reason."""
        wanted = self._source.indicators
        found = self._indicator(reported)
        return not wanted or isinstance(found, Notice) or found in wanted

    def _kind(self, reported: str) -> int:
        """As what the figures of an indicator are read, as in a file."""
        found = self._indicator(reported)
        return PERCENT if isinstance(found, Notice) else self._kinds[found]

    def _indicator(self, reported: str) -> str | Notice:
        if reported not in self._indicators:
            name = heading(reported)
            key = reported if reported in self._keys else self._headings.indicator(name)
            if key is None:
                nearest = ", ".join(self._headings.nearest(reported) or self._keys)
                code = "indicator_unknown" if name else "indicator_missing"
                self._indicators[reported] = problem(code, known=nearest) if name else problem(code)
            else:
                self._indicators[reported] = key
        return self._indicators[reported]

    def _settled(self, row: Row) -> tuple[int, str]:
        """The unit's position and the indicator's key of a row; raises RowRefused where one cannot be determined."""
        position = self._unit(row)
        indicator = self._indicator(row.indicator) if row.indicator or isinstance(row, ReportedFigure) else ""
        if isinstance(indicator, Notice):
            raise RowRefused("indicator", indicator)
        if isinstance(row, ReportedFigure) and row.as_of < self._campaign.baseline_day:
            raise RowRefused("as_of", problem("as_of_before", first=f"{self._campaign.baseline_day:%d/%m/%Y}"))
        if row.as_of > self._today:
            raise RowRefused("as_of", problem("as_of_future", today=f"{self._today:%d/%m/%Y}"))
        return position, indicator

    def _unit(self, row: Row) -> int:
        found = self._found(row)
        if isinstance(found, Notice):
            raise RowRefused("unit", found)
        position = found[0] if len(found) == 1 else self._matcher.on_day(found, row.as_of)
        if isinstance(position, Notice):
            raise RowRefused("unit", position)
        if not self._matcher.is_valid(position, row.as_of):
            raise RowRefused("unit", self._matcher.not_valid(position, row.as_of))
        return position

    def _found(self, row: Row) -> Matched:
        """The source's own map goes first: a person has settled there which unit is meant."""
        for theirs in (row.unit_code, row.unit_name):
            if theirs and (code := self._ours.get(even(theirs))):
                return self._matcher.find(code=code)
        return self._matcher.find(name=row.unit_name, code=row.unit_code)


def _warn(figures: Sequence[ReportedFigure], rates: Rates, rows: Any, warned: ImportWarnings) -> None:
    """What a person should know of figures that were taken in, such as a percent that its counts do not give."""
    for code, marked in rates.marks.items():
        for at in rows[marked[rows]].tolist():
            if not warned.wants(code):
                warned.count(code, 1)
                continue
            terms: dict[str, str] = {}
            if code == "percent_differs":
                rate = 100 * rates.numerator[at] / rates.denominator[at]
                terms = {
                    "reported": f"{rates.value[at]:.10g}",
                    "numerator": f"{rates.numerator[at]:.0f}",
                    "denominator": f"{rates.denominator[at]:.0f}",
                    "recomputed": f"{rate:.2f}",
                }
            warned.warn(code, figures[at].place, **terms)


def _rejected(row: Row, refused: RowRefused) -> RejectedRow:
    said = _spelled(row)
    return RejectedRow(
        place=row.place,
        field=refused.where,
        value=said.get(refused.where, ""),
        problem=refused.notice.code,
        terms=refused.notice.terms,
        raw=said,
    )


def _spelled(row: Row) -> dict[str, str]:
    """All that a row said, under headings that an import understands: so it can be mended and taken in again."""
    names: Mapping[str, object] = {
        "unit": row.unit_name,
        "code": row.unit_code,
        "indicator": row.indicator,
        "as_of": row.as_of.isoformat(),
    } | (
        {name: getattr(row, name) for name in (*FIELDS, "qualifier", "scope")}
        if isinstance(row, ReportedFigure)
        else {name: getattr(row, name) for name in ("points", "max_points", "rank", "rank_of")}
    )
    said = {name: str(value) for name, value in names.items() if value not in (None, "")}
    return said | ({"source_row": json.dumps(dict(row.raw), ensure_ascii=False)} if row.raw else {})
