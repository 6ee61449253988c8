"""Lists of units: the campaign's own form, and the country's public lists, whose rows name province, district, commune.

A unit is recognised by its code, also where a spreadsheet took the code for a number (4 for 00004). Two units of one
name under one parent are never made: afterwards a name could not say which of them is meant.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from jobs.imports.formats.sheets import shown
from jobs.imports.problems import problem
from jobs.imports.records.keyed_rows import Collected, Line, RowRefused, lines
from jobs.imports.tables.layout import OpenedSheet
from jobs.imports.tables.vocabulary import TOTALS
from jobs.imports.units.levels import COMMUNES, DISTRICTS, LevelWords
from jobs.imports.units.matching import GSO_LENGTH, UnitCodes, UnitMatcher, without_zeros
from jobs.imports.units.names import Name, normal_code, parsed
from jobs.imports.values import ImportContext
from jobs.imports.words import heading
from targets.values import Unit


def read_units(sheets: Sequence[OpenedSheet], context: ImportContext) -> Collected[Unit]:
    """Units; a parent or successor may stand anywhere in the file, or already be a unit of the campaign."""
    collected: Collected[Unit] = Collected(context.limits)
    levels, matcher = LevelWords(context.campaign, context.units), UnitMatcher(context.units, context.campaign)
    own, national = [one for one in sheets if not is_national(one)], [one for one in sheets if is_national(one)]
    all_lines = [line for opened in own for line in lines(opened, collected)]
    codes = UnitCodes(context.units, (line.text("code") for line in all_lines))
    found: list[tuple[Unit, Line]] = []
    for line in all_lines:
        if not line.text("code") and not line.text("level"):
            sort = "totals_left_out" if TOTALS.match(heading(line.text("unit"))) else "notes_left_out"
            collected.warned.left_out(sort, line.place(line.index("unit")))
            continue
        collected.rows_read += 1
        try:
            found.append((_unit(line, context, levels=levels, codes=codes, matcher=matcher, collected=collected), line))
        except RowRefused as refused:
            collected.refuse(line, refused.column, refused.notice)
    for opened in national:
        found += read_national(opened, context, levels=levels, matcher=matcher, collected=collected)
    _add_apart(found, context.units, collected)
    collected.warnings = collected.warned.close()
    return collected


def _unit(
    line: Line,
    context: ImportContext,
    *,
    levels: LevelWords,
    codes: UnitCodes,
    matcher: UnitMatcher,
    collected: Collected[Unit],
) -> Unit:
    reported = line.needed("code", code="code_missing")
    name, words = line.text("unit"), line.text("level")
    level = levels.level(words, name=name)
    if level is None and not words:
        raise RowRefused(line.index("level"), problem("level_missing"))
    if level is None:
        raise RowRefused(line.index("level"), problem("word_unknown", known=levels.known))
    code = codes.meant(reported, level=level, name=name)
    if isinstance(code, str) and normal_code(code) != normal_code(reported):
        collected.warned.warn("code_taken_for", line.place(line.index("code")), reported=reported, code=code)
    if not isinstance(code, str):
        raise RowRefused(line.index("code"), code)
    parent = _other_unit(line, "parent", "district", codes=codes, matcher=matcher)
    if parent is None and level != context.campaign.levels[0].key:
        raise RowRefused(line.index("parent", "district", "code"), problem("parent_missing"))
    first, last = (line.day(role, context=context) for role in ("valid_from", "valid_to"))
    if first is not None and last is not None and last < first:
        raise RowRefused(line.index("valid_to"), problem("ends_before_it_begins"))
    aliases = (alias.strip() for alias in shown(line.cell("aliases")).replace("\n", ";").split(";"))
    return Unit(
        code=code,
        level=level,
        name=line.needed("unit", code="name_missing"),
        parent=parent,
        aliases=tuple(alias for alias in aliases if alias),
        gso_code=line.text("gso_code") or None,
        identity_code=line.text("identity_code") or None,
        head_title=line.words("head_title") or None,
        head_name=line.words("head_name") or None,
        head_phone=line.text("head_phone") or None,
        valid_from=first,
        valid_to=last,
        successor=_other_unit(line, "successor", codes=codes, matcher=matcher),
        place=line.place(line.index("code")),
    )


def _other_unit(line: Line, *roles: str, codes: UnitCodes, matcher: UnitMatcher) -> str | None:
    """The code of another unit that a row names by code or, where it is known already, by name."""
    text = line.text(*roles)
    if not text:
        return None
    if (code := codes.other(text)) is not None:
        return code
    found = matcher.find(name=text)
    if isinstance(found, tuple) and len(found) == 1:
        return matcher.units[found[0]].code
    raise RowRefused(line.index(*roles), problem("other_unit_unknown"))


# --- one name, one unit ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Named:
    """A name under a parent, and whose it is while it is valid."""

    name: Name
    level: str
    code: str
    words: str
    first: date
    last: date

    def is_as(self, other: "_Named") -> bool:
        """Whether a reader would take the two for one. A name without its level's word may be any of that level."""
        is_same_word = self.name.level == other.name.level or (
            "" in (self.name.level, other.name.level) and self.level == other.level
        )
        return is_same_word and self.code != other.code and self.first <= other.last and other.first <= self.last


def _named(unit: Unit, words: str) -> _Named:
    first, last = unit.valid_from or date.min, unit.valid_to or date.max
    return _Named(parsed(words), unit.level, unit.code, words, first, last)


def _add_apart(found: Iterable[tuple[Unit, Line]], units: Sequence[Unit], collected: Collected[Unit]) -> None:
    """Keep the units that share no name with another one under the same parent; the later one is refused with both."""
    found = list(found)
    reported = {record.code for record, _ in found}
    under: defaultdict[tuple[str | None, str], list[_Named]] = defaultdict(list)
    for unit in units:
        if unit.code not in reported:
            for words in (unit.name, *unit.aliases):
                under[unit.parent, parsed(words).rest].append(_named(unit, words))
    ended = {unit.code: unit for unit in units}
    for record, line in found:
        known = ended.get(record.code)
        if known is not None and record.valid_to is None:
            # What a row leaves empty stays as it was.
            record_as_kept = replace(record, valid_from=record.valid_from or known.valid_from, valid_to=known.valid_to)
        else:
            record_as_kept = record
        one = _named(record_as_kept, record.name)
        same = under[record.parent, one.name.rest]
        other = next((other for other in same if one.is_as(other)), None)
        if other is not None:
            notice = problem("unit_same_name", other=f"{other.words} ({other.code})", code=record.code)
            collected.refuse(line, line.index("unit"), notice)
            continue
        same.append(one)
        collected.add(record, key=normal_code(record.code), line=line, column=line.index("code", "gso_code", "unit"))


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
