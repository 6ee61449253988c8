"""What the columns of figures hold: percents, fractions of one, or counts and of what. Decided here and nowhere
else; where ways to read a column remain, each is shown with rows read so, and the one that somebody chose is
taken."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations, product
from typing import Literal

import numpy as np

from jobs.imports.formats.sheets import shown
from jobs.imports.tables.headers import Header, Said
from jobs.imports.tables.layout import DECIDED_KINDS, SURELY_POINTS, Decision, FigureGroup, OpenedSheet
from jobs.imports.tables.questions import (
    LEFT_OUT,
    OF,
    SAMPLES,
    UNIT_ROLES,
    Answers,
    Option,
    Question,
    Sample,
    column_name,
    layout_of,
)
from jobs.imports.tables.vocabulary import MEASURE, TOTAL_COUNT
from jobs.imports.tables.window import HIGHEST, Looked, Window
from jobs.imports.values import Kind, place_of
from jobs.imports.words import folded, heading
from targets.figures import DECIMALS_COMPARED, DECIMALS_KEPT

NOISE = 1e-9


def rate_fit(numerator: Looked, denominator: Looked, rate: Looked) -> tuple[float, float]:
    """In which share of the rows a column is the percent that two counts give, to a unit of its last decimal; and the
    chance that columns which have nothing to do with each other agree so well.

    A row shows nothing where there are no cases, where all or none of them count, or where there are a hundred.
    """
    n, d, r = numerator.count, denominator.count, rate.percent
    with np.errstate(divide="ignore", invalid="ignore"):
        away = np.abs(100 * n / d - r)
    given = ~np.isnan(away) & (d > 0)
    if not given.any():
        return 0.0, 1.0
    unit = 10.0 ** -np.minimum(rate.decimals, DECIMALS_COMPARED)
    fits = given & (away <= unit + NOISE)
    telling = fits & (n > 0) & (n < d) & (d != HIGHEST)
    return float(fits.sum() / given.sum()), float(np.prod(unit[telling] / HIGHEST))


def is_sum(whole: Looked, one: Looked, other: Looked) -> bool:
    """Whether two columns add up to a third in every row, one of them where neither is 0. Parts of 100 show nothing."""
    w, a, b = whole.count, one.count, other.count
    given = ~np.isnan(w + a + b)
    return bool(
        given.any() and (a + b == w)[given].all() and (given & (a > 0) & (b > 0)).any() and (w[given] != HIGHEST).any()
    )


def is_within(numerator: Looked, denominator: Looked) -> bool:
    """Whether a count is no larger than another one in every row that holds both."""
    given = ~np.isnan(numerator.count + denominator.count)
    return bool(given.any() and (numerator.count <= denominator.count)[given].all())


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
        given = np.flatnonzero(~np.isnan(looked.plain) if looked.has_plain else looked.is_reported)
        telling = given[looked.is_small[given]] if way.is_fraction and looked.is_small[given].any() else given
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
        """What one way reads in a row: numerator, denominator and reported percent, as far as they are known."""
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


FRACTIONS: dict[Scale, str] = {"either": "fraction", "fractions": "percent", "mixed": "mixed"}
"""How percents may be written → the option that takes their fractions."""
CLOSE = 0.5
"""Points by which a reported percent may differ from its counts and still show how the column is written."""
NO_COINCIDENCE = 0.001
"""So unlikely a fit is taken for arithmetic, whatever the columns are called."""
ROWS_TELLING = 3
"""So many rows that add up are no coincidence."""
MANY, MOST = 0.5, 0.8
"""Of columns that are called count, total and rate so many rows must fit; each other one is warned of."""


def decide_columns(
    opened: OpenedSheet, kind: Kind, answers: Answers, *, decided: Collection[str] = frozenset()
) -> OpenedSheet:
    """Decide what each column of figures of a sheet holds, with the answers that were given or are remembered.

    `decided`: indicators whose columns hold what their files say, and no percents: nothing is asked of them.
    """
    window = Window(opened)
    asking = Asking(opened, window, answers)
    deciding = _Deciding(opened, window, asking)
    groups = []
    for group in opened.groups:
        found = group
        if group.indicator in decided:
            groups.append(group)
            continue
        if kind not in DECIDED_KINDS and opened.layout != "one_stop_export":
            found = deciding.counts_of(group)
        deciding.decide_scale(found)
        if found.columns:
            groups.append(found)
    return replace(opened, groups=tuple(groups), decisions=deciding.decisions)


class _Deciding:
    def __init__(self, opened: OpenedSheet, window: Window, asking: Asking) -> None:
        self.decisions: dict[int, Decision] = {}
        self._header, self._window, self._asking = opened.header, window, asking
        self._look = window.column
        self._measure = _measure(opened.header)
        self._scaled: set[int] = set()
        received = [column.index for column in self._header.columns if column.role == "received_all"]
        self._loose = [*self._header.unknown, *received]
        """Columns without an indicator: what an indicator's cases may be counted in."""
        self._denied = {group.indicator: group.denominator for group in opened.groups if self._is_denied(group)}
        """Indicator → the column that is called its cases and is not."""
        self._loose += [index for index in self._denied.values() if index is not None]
        given = [group for group in opened.groups if group.columns != (self._denied.get(group.indicator),)]
        self._has_one_indicator = len(given) == 1

    # --- percents or counts -----------------------------------------------------------------------------------------

    def counts_of(self, group: FigureGroup) -> FigureGroup:
        """The columns of an indicator's figure, once it is decided which of them are counts, and of what."""
        if group.indicator in self._denied:
            group = replace(group, denominator=None)
        owned = [column for column in self._header.indicator_columns if column.indicator == group.indicator]
        called = {column.role: column.index for column in owned}
        unreported = [column.index for column in owned if column.role == "untold"]
        named = group.numerator if group.numerator is not None else called.get("count")
        if group.counts is None and (group.numerator is None or group.denominator is None):
            found = self._by_arithmetic(group, named if named is not None else group.rate, unreported)
            if found is not None:
                return found
        if group.value is None and self._has_one_indicator and owned and (named, group.rate) != (None, None):
            # "Hồ sơ trực tuyến | Tỷ lệ (%)": in a table of one indicator the rate is its own.
            group = replace(group, value=self._header.index("value"))
        if named is not None or group.counts is not None:
            return self._beside_bare(self._of_named(group, named, unreported))
        if group.rate is not None:
            return self._of_bare(group, group.rate, unreported, has_target="target" in called)
        if owned and group.value is not None and self._contradicts(group.value):
            counted = self._counted(replace(group, value=None), group.value, unreported)
            return self._answered(group.value, [Reading("percent", group), *counted])
        return group

    def _of_named(self, group: FigureGroup, named: int | None, unreported: Sequence[int]) -> FigureGroup:
        """A column that its heading calls a count."""
        if named is None or group.denominator is not None or _is_called_part(self._header.paths[named]):
            return replace(group, numerator=named)
        readings = self._counted(replace(group, numerator=None), named, unreported)
        if self._look(named).is_percent and group.value is None:
            readings = [Reading("percent", replace(group, numerator=None, value=named)), *readings]
        return self._answered(named, readings)

    def _of_bare(self, group: FigureGroup, bare: int, unreported: Sequence[int], *, has_target: bool) -> FigureGroup:
        """A column under a bare heading."""
        looked, others = self._look(bare), replace(group, rate=None)
        if not (looked.has_plain or looked.is_percent or looked.is_surely_count):
            return group
        counted = self._counted(others, bare, unreported)
        if group.value is not None:
            # The rate stands beside it.
            return others if looked.is_percent else self._answered(bare, counted)
        as_percent = Reading("percent", group if looked.is_percent else replace(others, value=bare))
        is_count = looked.is_surely_count or self._measure == "count"
        if looked.is_percent or (not is_count and (has_target or self._measure == "percent")):
            return self._answered(bare, [as_percent])
        is_surely_of = len(counted) == 1 and group.denominator is None and counted[0].group.denominator is not None
        return self._answered(bare, counted if is_count or is_surely_of else [as_percent, *counted])

    def _beside_bare(self, group: FigureGroup) -> FigureGroup:
        """Counts, and beside them perhaps a column under a bare heading: their percent, where its figures say so."""
        bare = group.rate
        if bare is None or group.value is not None:
            return replace(group, rate=None)
        looked, left_out = self._look(bare), replace(group, rate=None)
        if looked.is_percent or not looked.has_plain:
            return group
        if group.numerator is not None and group.denominator is not None:
            fit, _ = rate_fit(self._look(group.numerator), self._look(group.denominator), looked)
            if fit >= MOST:
                return group
        return self._answered(bare, [Reading("percent", replace(left_out, value=bare)), Reading(LEFT_OUT, left_out)])

    def _contradicts(self, value: int) -> bool:
        """Whether a column of whole numbers, some above 100, is called a rate without a percent sign."""
        looked = self._look(value)
        return looked.is_surely_count and not looked.is_percent and "%" not in self._header.texts[value]

    def _counted(self, group: FigureGroup, column: int, unreported: Sequence[int]) -> list[Reading]:
        """A column as a count: of the cases it surely is of, beside its rate, or of each total there is, or of none."""
        alone, looked = replace(group, numerator=column, rate=None), self._look(column)
        if group.denominator is not None:
            return [Reading("count", alone)]
        others = [index for index in (*unreported, *self._loose) if index != column]
        totals = [index for index in others if self._is_total(index) and is_within(looked, self._look(index))]
        for total in others:
            is_called, parts = total in totals, [index for index in others if index != total]
            is_whole = self._is_alone(column) and any(
                is_sum(self._look(total), looked, self._look(part)) for part in parts
            )
            if (is_called and (is_whole or total in unreported)) or (
                is_whole and len(self._window.rows) >= ROWS_TELLING
            ):
                return [Reading("count", replace(alone, denominator=total))]
        if group.value is not None:
            return [Reading("count", alone)]
        return [*(self._asking.of_total(alone, total) for total in totals), Reading("count", alone)]

    def _by_arithmetic(self, group: FigureGroup, named: int | None, unreported: Sequence[int]) -> FigureGroup | None:
        """Count, total and rate as their own arithmetic shows them; None where nothing fits.

        What fits by chance perhaps, or in two ways (45, 60 and 75 are 45/60 and 45/75), is asked where nothing but
        arithmetic distinguishes the columns.
        """
        numerators = unreported if named is None else [named]
        denominators = [*unreported, *self._loose] if group.denominator is None else [group.denominator]
        shared = self._header.index("value")
        rates = [group.value] if group.value is not None else [*([] if shared is None else [shared]), *unreported]
        if group.rate is not None and group.rate != named:
            rates.append(group.rate)
        sure: dict[tuple[int, int], tuple[bool, bool, int]] = {}
        perhaps: dict[tuple[int, int], int | None] = {
            (part, total): None
            for part, total in permutations(unreported, 2)
            if self._is_total(total) and not self._is_total(part) and is_within(self._look(part), self._look(total))
        }
        for numerator, denominator, rate in product(numerators, denominators, rates):
            if len({numerator, denominator, rate}) < len("ndr"):
                continue
            n, d, r = (self._look(index) for index in (numerator, denominator, rate))
            if not (n.may_be_count and d.may_be_count and is_within(n, d)):
                continue
            fit, chance = rate_fit(n, d, r)
            is_called_rate = rate not in unreported and (rate != shared or self._has_one_indicator)
            is_total = denominator == group.denominator or self._is_total(denominator)
            is_called = is_called_rate and is_total and (chance < 1 or denominator not in self._loose)
            is_no_coincidence = chance <= NO_COINCIDENCE
            enough = MANY if is_called and is_no_coincidence else MOST if is_called else 1
            if fit >= enough and (is_called or is_no_coincidence):
                sure.setdefault((numerator, denominator), (is_total, rate not in unreported or r.is_percent, rate))
            elif fit == 1 and chance < 1:
                perhaps[numerator, denominator] = rate
        best = [key for key, given in sure.items() if given[:2] == max(sure.values())[:2]]
        if len(best) == 1:
            numerator, denominator = best[0]
            return replace(group, numerator=numerator, denominator=denominator, value=sure[best[0]][2], rate=None)
        possible = {**perhaps, **{key: sure[key][2] for key in best}}
        if (named, group.value, group.rate) != (None, None, None) or len({numerator for numerator, _ in possible}) != 1:
            return None
        ways = [
            self._asking.of_total(replace(group, numerator=numerator, value=rate), denominator)
            for (numerator, denominator), rate in possible.items()
        ]
        return self._answered(next(iter(possible))[0], [*ways, Reading(LEFT_OUT, group)])

    def _is_denied(self, group: FigureGroup) -> bool:
        """Whether a column that bears the name of an indicator's cases stands without their figure, or their counts
        and their rate disagree in every row: then it is the total of something else."""
        if (
            group.denominator is None
            or group.indicator is None
            or _is_called_part(self._header.paths[group.denominator])
        ):
            return False
        called = {one.role: one.index for one in self._header.columns if one.indicator == group.indicator}
        numerator = group.numerator if group.numerator is not None else called.get("count")
        if group.columns == (group.denominator,) and not called.keys() & {"count", "untold"}:
            return True
        if numerator is None or group.value is None:
            return False
        n, d, r = (self._look(index) for index in (numerator, group.denominator, group.value))
        with np.errstate(divide="ignore", invalid="ignore"):
            share = n.count / d.count
        given = ~np.isnan(share + r.percent)
        is_far = (np.abs(100 * share - r.percent) > CLOSE) & (np.abs(share - r.percent) > CLOSE / 100)
        return bool(given.any() and is_far[given].all())

    def _is_alone(self, column: int) -> bool:
        """Whether no other indicator has the same counts: what they leave of a total says nothing of two."""
        indicator = {one.index: one.indicator for one in self._header.columns}
        others = (one.index for one in self._header.indicator_columns if one.indicator != indicator.get(column))
        count = self._look(column).count
        return not any(np.array_equal(count, self._look(other).count, equal_nan=True) for other in others)

    def _is_total(self, index: int) -> bool:
        path = self._header.paths[index]
        return bool(path) and bool(TOTAL_COUNT.match(heading(path[-1])))

    # --- points or fractions ----------------------------------------------------------------------------------------

    def decide_scale(self, group: FigureGroup) -> None:
        """Whether the percents of a group are fractions, where that is not decided yet."""
        column = group.value if group.value is not None else group.rate
        if column is not None and column not in self._scaled:
            self._answered(column, [Reading("percent", group)])

    def _scale(self, column: int, group: FigureGroup) -> Scale:
        looked = self._look(column)
        counts = [self._look(index) for index in (group.numerator, group.denominator) if index is not None]
        if len(counts) == len("nd"):
            with np.errstate(divide="ignore", invalid="ignore"):
                share = counts[0].count / counts[1].count
                is_points = np.abs(100 * share - looked.plain) <= CLOSE
                is_fraction = np.abs(share - looked.plain) <= CLOSE / 100
            votes = int((is_points & ~is_fraction).sum()), int((is_fraction & ~is_points).sum())
            if votes[0] != votes[1]:
                return "points" if votes[0] > votes[1] else "fractions"
            # A percent beside counts is only compared with them; beside broken ones its row is refused.
            is_alone = looked.is_small & ~(counts[0].is_reported & counts[1].is_reported)
        else:
            is_alone = looked.is_small
        if not is_alone.any():
            return "points"
        if not (looked.plain > SURELY_POINTS).any():
            return "either"
        # One percent among whole ones is no fraction; 0.474 beside 47.4 could be either.
        is_part = is_alone & (looked.plain < 1)
        return "mixed" if is_part.any() and not self._writes_percent(column) else "points"

    def _writes_percent(self, column: int) -> bool:
        """Whether a heading of the column, or a line above the table, writes “%”."""
        return "%" in self._header.texts[column] or self._measure == "percent"

    # --- asking -----------------------------------------------------------------------------------------------------

    def _answered(self, column: int, readings: Sequence[Reading]) -> FigureGroup:
        """The group of the only way to read a column, of the chosen one, or (the question noted) of the first."""
        ways: list[Reading] = []
        for reading in readings:
            scale = self._scale(column, reading.group) if reading.code == "percent" else "points"
            if scale != "fractions":
                ways.append(reading)
            if scale != "points":
                ways.append(replace(reading, code=FRACTIONS[scale], scale=scale))
        lone = ways[-1].group
        if all(way.is_count for way in ways) and lone.denominator is None and lone.value is None:
            # Surely a count, but of nothing: it is not taken in unasked.
            ways.append(Reading(LEFT_OUT, replace(lone, numerator=None)))
        way = ways[0] if len(ways) == 1 else self._asking.choice(column, ways)
        self._scaled.add(column)
        if way.is_fraction:
            self.decisions[column] = "mixed" if way.scale == "mixed" else "fractions"
        elif way.code == "percent" and not self._window.is_whole_sheet and not self._is_surely_points(column):
            self.decisions[column] = "undecided"
        return way.group

    def _is_surely_points(self, column: int) -> bool:
        """Whether a small number further down can be no fraction."""
        looked = self._look(column)
        return bool(looked.is_small.any() or (self._writes_percent(column) and (looked.plain > SURELY_POINTS).any()))


def _measure(header: Header) -> Said | None:
    """What a line above the table says that its figures are measured in."""
    said = {
        "percent" if match["what"] in ("%", "phan tram") else "count"
        for match in MEASURE.finditer(folded(" ".join(header.title)))
    }
    return said.pop() if len(said) == 1 else None  # type: ignore[return-value]  # one of the two words


def _is_called_part(path: Sequence[str]) -> bool:
    """Whether a heading says outright that it is half of a rate: such a column cannot mean anything else."""
    return any(word in heading(path[-1]) for word in ("tu so", "mau so", "numerator", "denominator"))
