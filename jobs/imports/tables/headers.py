"""Finds the header of a table: below title rows, one to three rows high, with merged cells left blank by the reader."""

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Literal, TypeVar

from rapidfuzz import fuzz, process

from jobs.imports.formats.sheets import Block, Row, shown
from jobs.imports.tables.kinds import NAMES, possible_kinds
from jobs.imports.tables.vocabulary import (
    BESIDE,
    COLUMN_NUMBER,
    COUNTED,
    LIMITED,
    NOUN,
    OFFICIAL,
    OTHER_SAID,
    PART_NAMES,
    PARTS,
    ROLES,
    SAYS_COUNT,
    SAYS_PERCENT,
    SILENT,
    TARGETS_SAID,
    YEAR_SAID,
)
from jobs.imports.values import Kind
from jobs.imports.words import folded, heading, in_brackets
from targets.figures import has_figure, says_nothing
from targets.titles import names_day, names_period
from targets.values import Campaign, Indicator

TALLEST = 3
NEAR = 60
"""How alike (of 100) an indicator's name must be to be offered as what may have been meant."""
PLACES = {"province": NAMES | {"district"}, "district": NAMES}
"""What a unit lies in → the columns without which it is the unit itself."""
OF_RESULTS = frozenset(("rate", "value", "count", "counts", "numerator", "denominator", "untold"))
UNJUDGED = SILENT | BESIDE - {"points"} | {"untold"}
"""Roles that several columns may have."""
Said = Literal["percent", "count"]
Meaning = TypeVar("Meaning")
_FIGURE = re.compile(r"[0-9][0-9.,/:% -]*")
_heading = lru_cache(maxsize=20_000)(heading)


@dataclass(frozen=True)
class Column:
    """A column with a meaning: its role, and for an indicator's column whose it is.

    Of an indicator's columns `rate` bears its bare name, which does not say what it holds; `count` says that it is a
    count, but not of what; `untold` stands under the indicator's name and is not understood.
    """

    index: int
    text: str
    """The heading as the file writes it, upper rows first."""
    role: str
    indicator: str | None = None
    is_official: bool = False
    """Headed as in the national portal's table of points."""


@dataclass(frozen=True)
class Header:
    """A header that was understood."""

    columns: tuple[Column, ...]
    paths: tuple[tuple[str, ...], ...]
    """Every column's headings, upper rows first."""
    row: int
    """The number of its last row."""
    first_column: int
    title: tuple[str, ...]
    """The rows above it, as text."""
    kinds: frozenset[Kind]
    """What a table with these columns can be."""

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Every column's heading in one line, for raw rows."""
        return tuple(_in_line(path) for path in self.paths)

    @cached_property
    def unknown(self) -> tuple[int, ...]:
        """Columns whose headings mean nothing here."""
        known = {column.index for column in self.columns}
        return tuple(index for index, path in enumerate(self.paths) if path and index not in known)

    @cached_property
    def by_role(self) -> dict[str, Column]:
        return {column.role: column for column in self.columns if column.indicator is None}

    def index(self, *roles: str) -> int | None:
        """The column of the first of some roles that is there."""
        return next((self.by_role[role].index for role in roles if role in self.by_role), None)

    @cached_property
    def indicator_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.indicator is not None)

    @cached_property
    def twice(self) -> tuple[Column, Column] | None:
        """Two columns with one meaning, or a column of results and the same one of another time."""
        seen: dict[tuple[str, str | None], Column] = {}
        for column in self.columns:
            first = seen.setdefault((column.role, column.indicator), column)
            if first is not column and column.role not in UNJUDGED:
                return first, column
        results = {column.indicator: column for column in self.indicator_columns if column.role in OF_RESULTS}
        for column in self.indicator_columns:
            if column.role == "other_time" and column.indicator in results:
                return column, results[column.indicator]
        return None


def of_years(header: Header, years: Container[int]) -> Header:
    """The header without columns of figures whose headings name another year than these, or the year before."""

    def is_other(column: Column) -> bool:
        words = " ".join(map(folded, header.paths[column.index]))
        found = YEAR_SAID.finditer(words) if column.role in OF_RESULTS else ()
        return any(match["year"] is None or int(match["year"]) not in years for match in found)

    return replace(header, columns=tuple(column for column in header.columns if not is_other(column)))


class Headings:
    """What headings mean in a campaign: the common vocabulary and the names of its indicators."""

    def __init__(self, campaign: Campaign) -> None:
        self.indicators = _only_one_meaning(
            (_heading(name), indicator.key) for indicator in campaign.indicators for name in _names(indicator)
        )
        self.names = {indicator.key: indicator.name.vi for indicator in campaign.indicators}
        self.official = {_heading(each.portal_column) for each in campaign.indicators if each.portal_column}
        self.counts = _only_one_meaning(
            (_heading(name), (indicator.key, part))
            for indicator in campaign.indicators
            for part, text in (("numerator", indicator.numerator), ("denominator", indicator.denominator))
            for name in (text.vi, text.en)
        )

    def indicator(self, phrase: str) -> str | None:
        """The indicator that a heading or cell names, "tỷ lệ" in front and "%" behind left aside."""
        bare = phrase.removesuffix(" %")
        for prefix in ("", "ty le ", "ti le ", "chi so ", "nhom chi so "):
            if bare.startswith(prefix) and (key := self.indicators.get(bare.removeprefix(prefix))):
                return key
        return None

    def nearest(self, text: str) -> list[str]:
        """The indicators' names most like a text."""
        found = process.extract(heading(text), list(self.indicators), scorer=fuzz.ratio, limit=3, score_cutoff=NEAR)
        return list(dict.fromkeys(f"{self.names[self.indicators[name]]}" for name, _, _ in found))

    def column(self, index: int, texts: Sequence[str]) -> Column | None:
        """What a column means, by its headings from the upper row to the lower one; None where nothing is known."""
        # Most cells of the rows that are looked at are figures, and no headings.
        if not texts or _FIGURE.fullmatch(texts[-1]):
            return None
        if len(texts) > 1 and _is_unit_in_brackets(texts[-1]):
            texts = [*texts[:-2], f"{texts[-2]} {texts[-1]}"]
        column = self._column(index, texts)
        if column is None or column.role not in OF_RESULTS:
            return column
        inside = [folded(words) for text in texts for words in in_brackets(text)]
        above = [_heading(text) for text in texts[:-1]] + [words for words in inside if not LIMITED.match(words)]
        if any(map(TARGETS_SAID.search, above)):
            return None if column.indicator is None else replace(column, role="target")
        if any(map(OTHER_SAID.search, above)):
            return None if column.indicator is None else replace(column, role="other_time")
        return column

    def _column(self, index: int, texts: Sequence[str]) -> Column | None:
        """The same, whatever time or matter the headings say beside it."""
        phrases = [_heading(text) for text in texts]
        if not phrases[-1]:
            return None
        text = _in_line(texts)
        last, groups = phrases[-1], phrases[:-1]
        said = self.said(texts)
        owner = next((key for phrase in groups if (key := self.indicator(phrase))), None)
        official = last in self.official or last in OFFICIAL
        if owner and (part := self._part(last, owner)):
            return Column(index, text, "value" if part == "rate" and said == "percent" else part, owner)
        if key := self.indicator(last) or self.indicator(COUNTED.sub("", last)):
            part = next((role for phrase in groups if (role := ROLES.get(phrase)) in PARTS and role), "rate")
            if part in ("rate", "value"):
                said = said if self.indicator(last) else "count"
                in_points = any(ROLES.get(folded(unit)) == "points" for unit in in_brackets(texts[-1]))
                part = "points" if in_points else {"percent": "value", "count": "count", None: part}[said]
            return Column(index, text, part, key, official)
        if split := self._split(last):
            return Column(index, text, *split)
        whole = ROLES.get(" ".join(dict.fromkeys(phrases)))
        role = whole or ROLES.get(last)
        if owner and role in (None, "received_all"):
            return Column(index, text, "untold", owner)
        role = "value" if role == "rate" and said == "percent" else role
        return Column(index, text, role, None, official) if role else None

    def said(self, texts: Sequence[str]) -> Said | None:
        """What headings say of their column's figures, the lowest one first; None where they do not, or say both.

        A unit in brackets speaks for itself: "Trực tuyến (hồ sơ)" counts, "Tỷ lệ trực tuyến (hồ sơ)" says two things.
        """
        for text in reversed(texts):
            is_percent = bool(SAYS_PERCENT.search(folded(text)))
            inside = [folded(part) for part in in_brackets(text)]
            is_count = any(NOUN.match(part) or SAYS_COUNT.search(part) for part in inside)
            is_count |= not is_percent and bool(SAYS_COUNT.search(_heading(text)))
            if is_percent or is_count:
                return None if is_percent and is_count else "percent" if is_percent else "count"
        return None

    def _part(self, phrase: str, owner: str) -> str | None:
        role = ROLES.get(phrase)
        if role in PARTS:
            return role
        found = self.counts.get(phrase)
        return found[1] if found and found[0] == owner else None

    def _split(self, phrase: str) -> tuple[str, str] | None:
        """Part and indicator of a heading that names both in one cell: "online_numerator", "Tử số trực tuyến"."""
        for name in (phrase, COUNTED.sub("", phrase)):
            # "Hồ sơ" alone is what half of all tables count.
            if (found := self.counts.get(name)) and NOUN.sub("", name):
                return found[1], found[0]
        for name, role in PART_NAMES.items():
            rest = phrase.removesuffix(f" {name}") if phrase.endswith(f" {name}") else phrase.removeprefix(f"{name} ")
            if rest != phrase and (key := self.indicator(rest)):
                return role, key
        return None


def _is_unit_in_brackets(text: str) -> bool:
    """Whether a heading is nothing but what its column is counted in: "(hồ sơ)"."""
    inside = in_brackets(text)
    return len(inside) == 1 and text.strip("()[] ") == inside[0] and bool(NOUN.match(folded(inside[0])))


def _names(indicator: Indicator) -> tuple[str, ...]:
    texts = (indicator.name.vi, indicator.name.en, indicator.short_name.vi, indicator.short_name.en)
    return tuple(name for name in (indicator.key, indicator.portal_column, *texts, *indicator.aliases) if name)


def _only_one_meaning(pairs: Iterable[tuple[str, Meaning]]) -> dict[str, Meaning]:
    """Phrases that mean one thing; a phrase that means two is left out."""
    found: dict[str, set[Meaning]] = {}
    for phrase, meaning in pairs:
        found.setdefault(phrase, set()).add(meaning)
    return {phrase: next(iter(meanings)) for phrase, meanings in found.items() if phrase and len(meanings) == 1}


def find_header(block: Block, headings: Headings) -> Header | None:
    """The header with the most columns that mean something; the lower and earlier one of equals. None without any."""
    best: tuple[tuple[int, int, int], Header, int, int] | None = None
    texts = [[shown(cell) for cell in row] for row in block.rows]
    for start in range(len(texts)):
        for height in range(1, min(TALLEST, len(texts) - start) + 1):
            header = _read_header(block, texts, headings, start=start, height=height)
            score = (sum(column.role != "untold" for column in header.columns), -height, -start)
            if header.kinds and (best is None or score > best[0]):
                best = (score, header, start, height)
    if best is None:
        return None
    _, header, start, height = best
    while height < TALLEST and _goes_on(block, header, start + height):
        height += 1
        header = _read_header(block, texts, headings, start=start, height=height)
    header = _below_others(header, texts[start - 1], headings) if start else header
    return header if header.kinds else None


def _below_others(header: Header, above: Sequence[str], headings: Headings) -> Header:
    """The header below a row that is none of its own and says of some columns that they are of another time or matter:
    "Tuần trước" above "Trực tuyến", and nothing above the units."""
    reported = {index: text for index, text in enumerate(above) if text.strip()}
    if not reported or min(reported) <= header.first_column:
        return header
    columns, paths = list(header.columns), list(header.paths)
    for at, column in enumerate(header.columns):
        words = reported.get(max((index for index in reported if index <= column.index), default=-1), "")
        phrase = heading(words)
        is_other = any(said.search(phrase) for said in (TARGETS_SAID, OTHER_SAID, YEAR_SAID))
        if column.role in OF_RESULTS and (is_other or names_day(words) or names_period(words)):
            paths[column.index] = (words, *paths[column.index])
            found = headings.column(column.index, paths[column.index])
            columns[at] = replace(column, role="other_time" if found is None else found.role)
    settled = tuple(columns)
    kinds = possible_kinds({(column.role, column.indicator, column.is_official) for column in settled})
    return replace(header, columns=settled, paths=tuple(paths), kinds=kinds)


def _goes_on(block: Block, header: Header, at: int) -> bool:
    """Whether a row below a header belongs to it: words under an indicator's heading, and nothing else in the row."""
    row = block.rows[at] if at < len(block.rows) else ()
    reported = {index for index, cell in enumerate(row) if not says_nothing(cell)}
    others = {column.index for column in header.columns if column.indicator is None}
    first = min((column.index for column in header.indicator_columns), default=len(row))
    return (
        bool(reported)
        and min(reported) >= first
        and not reported & others
        and not any(has_figure(row[index]) for index in reported)
    )


def recognised(block: Block, headings: Headings) -> tuple[str, ...]:
    """The headings that mean something in the row that has most of them: what to say where no header was found."""
    rows = [
        tuple(column.text for index, cell in enumerate(row) if (column := headings.column(index, [shown(cell)])))
        for row in block.rows
    ]
    return max(rows, key=len, default=())


def _read_header(block: Block, texts: list[list[str]], headings: Headings, *, start: int, height: int) -> Header:
    paths = _paths(texts[start : start + height])
    columns: list[Column] = []
    for index, path in enumerate(paths):
        column = headings.column(index, path)
        if column is not None:
            columns.append(column)
    settled = _settled(columns)
    return Header(
        columns=settled,
        paths=tuple(tuple(path) for path in paths),
        row=block.numbers[start + height - 1],
        first_column=min((column.index for column in settled), default=0),
        title=tuple(" ".join(filter(None, row)) for row in texts[:start]),
        kinds=possible_kinds({(column.role, column.indicator, column.is_official) for column in settled}),
    )


def _in_line(path: Sequence[str]) -> str:
    return " / ".join(dict.fromkeys(" ".join(text.split()) for text in path))


def _paths(rows: list[list[str]]) -> list[list[str]]:
    """Each column's headings from the upper row down. A blank below a heading is its own merged cell; a blank above
    a heading belongs to the heading at its left."""
    width = max(map(len, rows), default=0)
    grid = [[text.strip() for text in row] + [""] * (width - len(row)) for row in rows]
    for number, row in enumerate(grid[:-1]):
        left = ""
        for index in range(width):
            if row[index]:
                left = row[index]
            elif any(lower[index] for lower in grid[number + 1 :]):
                row[index] = left
    return [[row[index] for row in grid if row[index]] for index in range(width)]


def _settled(columns: list[Column]) -> tuple[Column, ...]:
    """Words with two meanings, decided by what else is there."""
    roles = {column.role for column in columns if column.indicator is None}
    official_name = next((column for column in columns if column.role == "unit" and column.is_official), None)
    settled: list[Column] = []
    for column in columns:
        role = column.role
        if role == "target":
            # "Chỉ tiêu" heads a column of indicators in many a report, and one of targets in an assignment.
            is_name = column.indicator is None and heading(column.text) == "chi tieu" and "indicator" not in roles
            role = "indicator" if is_name else "target"
        elif role == "unit" and official_name is not None and column is not official_name:
            role = "portal"
        elif role in PLACES and not roles & PLACES[role]:
            role = "unit"
        settled.append(Column(column.index, column.text, role, column.indicator, column.is_official))
    return tuple(settled)


def is_column_numbers(row: Row) -> bool:
    """Whether a row is the one below many headers that only numbers the columns: (1), (2), (3)=(1)/(2)."""
    texts = [text for cell in row if (text := shown(cell).strip())]
    begins = bool(texts) and texts[0].strip("() ") in ("1", "A", "a")
    return begins and len(texts) > 1 and all(map(COLUMN_NUMBER.match, texts)) and len(set(texts)) == len(texts)
