"""The country's public lists of units: each row a commune with its district and province, codes of the statistics
office. Only the campaign's own province is taken; districts are taken from their communes' rows."""

from jobs.imports.problems import problem
from jobs.imports.records.keyed_rows import Collected, Line, RowRefused, lines
from jobs.imports.tables.layout import OpenedSheet
from jobs.imports.units.levels import COMMUNES, DISTRICTS, LevelWords
from jobs.imports.units.matching import GSO_LENGTH, UnitMatcher, without_zeros
from jobs.imports.units.names import parsed
from jobs.imports.values import ImportContext
from targets.values import Unit

DISTRICT_LENGTH = 3


def is_national(opened: OpenedSheet) -> bool:
    """Whether a list names each unit's province, and neither a parent nor a code of the campaign's own.

    Since July 2025 there are no districts: the units stand below the province, and their code is called just that.
    """
    header = opened.header
    has_own = header.index("code") is not None and header.index("parent", "district") is not None
    return header.index("province", "province_code") is not None and not has_own


def read_national(
    opened: OpenedSheet,
    context: ImportContext,
    *,
    levels: LevelWords,
    matcher: UnitMatcher,
    collected: Collected[Unit],
) -> list[tuple[Unit, Line]]:
    """The own province's units with the lines that name them, each district once; other provinces' rows are counted."""
    reader = _NationalList(context, levels, matcher)
    found: list[tuple[Unit, Line]] = []
    for line in lines(opened):
        try:
            if not reader.is_own(line):
                collected.warned.left_out("other_provinces_left_out", line.place(line.index("province")))
                continue
            collected.rows_read += 1
            found += [(record, line) for record in reader.units(line)]
        except RowRefused as refused:
            collected.refuse(line, refused.column, refused.notice)
    return found


class _NationalList:
    """Reads row by row and remembers the districts found so far."""

    def __init__(self, context: ImportContext, levels: LevelWords, matcher: UnitMatcher) -> None:
        self._levels, self._matcher = levels, matcher
        self._root = context.campaign.province
        self._own = next((unit.gso_code for unit in context.units if unit.code == self._root), None)
        self._units = context.units
        self._districts: dict[str, Unit] = {}

    def is_own(self, line: Line) -> bool:
        """Whether a row is of the campaign's province. Raises RowRefused where its name and its code disagree."""
        name, code = line.text("province"), line.text("province_code")
        is_named = bool(name) and self._matcher.is_own_province(name)
        own = self._own
        if not code or own is None:
            return is_named
        is_coded = without_zeros(code) == without_zeros(own)
        if name and is_named and not is_coded:
            raise RowRefused(line.index("province_code"), problem("province_code_differs", ours=own))
        return is_coded if not name else is_named

    def units(self, line: Line) -> list[Unit]:
        """The units of a row: its district where that is new, and its commune where it has one."""
        found = []
        parent = self._root
        if line.text("district") or line.text("district_code"):
            district = self._unit(line, "district", "district_code", parent=parent, word=DISTRICTS)
            known = self._districts.get(district.code)
            if known is None:
                self._districts[district.code] = district
                found.append(district)
            elif known.name != district.name:
                raise RowRefused(line.index("district"), problem("told_otherwise", first=known.place))
            parent = district.code
        if line.text("unit") or line.text("gso_code", "code"):
            found.append(self._unit(line, "unit", "gso_code", "code", parent=parent, word=COMMUNES))
        return found

    def _unit(self, line: Line, name_role: str, *code_roles: str, parent: str, word: str) -> Unit:
        name = line.needed(name_role, code="name_missing")
        code = line.needed(*code_roles, code="code_missing")
        if not code.isdecimal():
            raise RowRefused(line.index(*code_roles), problem("gso_code_unreadable"))
        code = code.zfill(DISTRICT_LENGTH if word == DISTRICTS else GSO_LENGTH)
        reported = line.text("level") if word == COMMUNES else ""
        if reported and not parsed(name).level:
            name = f"{reported} {name}"
        level = self._levels.level(word)
        if level is None:
            raise RowRefused(line.index(name_role), problem("word_unknown", known=self._levels.known))
        known = self._known(code, name, parent=parent, level=level)
        return Unit(
            code=code if known is None else known.code,
            level=level,
            name=known.name if known is not None and _is_same(known.name, name) else name,
            parent=parent,
            gso_code=code,
            place=line.place(line.index(*code_roles)),
        )

    def _known(self, code: str, name: str, *, parent: str, level: str) -> Unit | None:
        """The campaign's unit: by its code, else by its name under the same parent where it has no such code."""
        short = without_zeros(code)
        for unit in self._units:
            own = unit.gso_code or unit.code
            if unit.level == level and own.isdecimal() and without_zeros(own) == short:
                return unit
        for unit in self._units:
            has_code = unit.gso_code is not None or unit.code.isdecimal()
            if unit.level == level and unit.parent == parent and not has_code and _is_same(unit.name, name):
                return unit
        return None


def _is_same(one: str, other: str) -> bool:
    """Whether two names are one; "UBND xã Ia Băng" and "Xã Ia Băng" are, "Ia Băng" and "Ia Bang" are not."""
    names = parsed(one), parsed(other)
    words = {name.level for name in names} - {""}
    return names[0].rest == names[1].rest and len(words) <= 1
