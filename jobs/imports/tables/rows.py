"""Separates the rows of units from totals, group headings, notes and signatures. A row with a figure is never dropped
unless it says itself that it is a total or the heading of a group."""

import re
from collections.abc import Sequence
from typing import Literal

from jobs.imports.formats.sheets import Row, shown
from jobs.imports.problems import Notice, problem
from jobs.imports.tables.headers import Header
from jobs.imports.tables.vocabulary import GROUP_NUMBER, GROUPS, NUMBERED_GROUP, TOTALS
from jobs.imports.units.matching import Matched, UnitMatcher
from jobs.imports.words import heading
from targets.figures import Cell, has_figure
from targets.values import Campaign

Sort = Literal["total", "group", "note", "no_figure", "blank"]
LEFT_OUT: dict[Sort, str] = {
    "total": "totals_left_out",
    "group": "groups_left_out",
    "note": "notes_left_out",
    "no_figure": "rows_without_figures",
}
"""The remark that counts the rows of each sort."""
SURELY_MEANT = 85.0
"""From this likeness on a name in a group's place is a unit misspelt, not a group."""
_ITEM_NUMBER = re.compile(r"^\s*\d{1,3}\s*[.)]\s*(?=\D)")


def cell_at(row: Row, index: int | None) -> str:
    """A cell's text; empty where the row ends before it or there is no such column."""
    return shown(row[index]).strip() if index is not None and index < len(row) else ""


class UnitRows:
    """Which unit a row of a sheet is about, or what else it is."""

    def __init__(self, header: Header, matcher: UnitMatcher, campaign: Campaign, *, sheet: str | None = None) -> None:
        self.name = header.index("unit")
        self.codes = tuple(
            index for role in ("code", "identity_code", "gso_code") if (index := header.index(role)) is not None
        )
        self.district = header.index("district", "parent")
        self.province = header.index("province")
        self.serial = header.index("serial", "rank")
        self.columns = tuple(
            dict.fromkeys(
                index for index in (self.name, *self.codes, self.district, self.province) if index is not None
            )
        )
        """The columns that say which unit a row is about."""
        self.place = next((index for index in (self.name, *self.codes) if index is not None), 0)
        """The column to name when a unit is wrong."""
        self.area = matcher.area_of_sheet(sheet) if sheet else ""
        """The district that the sheet is named after: that of rows that name none."""
        self._matcher = matcher
        texts = (text for level in campaign.levels for text in (level.name, level.group) if text is not None)
        names = (name for text in texts for name in (text.vi, text.en))
        self._groups = GROUPS | {heading(NUMBERED_GROUP.sub("", name)) for name in names}

    def key(self, cells: Sequence[Cell]) -> tuple[str, str, str, str]:
        """What a row says of its unit, from the cells of `columns`: name, code, district, province."""
        texts = {index: shown(cell).strip() for index, cell in zip(self.columns, cells, strict=True)}
        code = next((texts[index] for index in self.codes if texts[index]), "")
        name, district, province = (
            "" if index is None else texts[index] for index in (self.name, self.district, self.province)
        )
        return name, code, district or self.area, province

    def find(self, key: tuple[str, str, str, str]) -> Matched | Literal["total", "group", "blank"]:
        """The unit of a row, or what the row is by its words alone."""
        name, code, district, province = key
        if not name and not code:
            return "blank"
        if province and not self._matcher.is_own_province(province):
            return problem("other_province", code=province)
        found = self._matcher.find(name=name, code=code, district=district)
        if isinstance(found, tuple):
            return found
        if sort := self._sort_of(name):
            return sort
        bare = _ITEM_NUMBER.sub("", NUMBERED_GROUP.sub("", name))
        if bare != name:
            again = self._matcher.find(name=bare, code=code, district=district)
            if isinstance(again, tuple):
                return again
        return found

    def other_sort(self, row: Row, found: Notice | str, figures: Sequence[int]) -> Sort | Notice:
        """What a row without a unit is: something to leave out, or a row to refuse and why."""
        label, has_name = cell_at(row, self.name), found != "blank"
        if not has_name:
            label = next(
                (text for index, cell in enumerate(row) if index not in figures and (text := shown(cell).strip())), ""
            )
        if isinstance(found, str) and has_name:
            return "total" if found == "total" else "group"
        if not has_name and (sort := self._sort_of(label)):
            return sort
        if not any(has_figure(row[index]) for index in figures if index < len(row)):
            is_blank = not any(shown(cell).strip() for cell in row)
            return "blank" if is_blank else ("no_figure" if has_name and any(self.codes) else "note")
        if not has_name:
            return problem("unit_missing")
        serial = heading(cell_at(row, self.serial))
        is_numbered = bool(GROUP_NUMBER.match(serial)) or bool(NUMBERED_GROUP.match(label))
        if is_numbered and self._matcher.likeness(NUMBERED_GROUP.sub("", label)) < SURELY_MEANT:
            return "group"
        assert isinstance(found, Notice)  # noqa: S101  # the other answers of `find` were dealt with above
        return found

    def _sort_of(self, label: str) -> Literal["total", "group"] | None:
        phrase = heading(NUMBERED_GROUP.sub("", label))
        if TOTALS.match(phrase):
            return "total"
        return "group" if phrase in self._groups or GROUP_NUMBER.match(heading(label)) else None
