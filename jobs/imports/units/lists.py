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
from jobs.imports.units.levels import LevelWords
from jobs.imports.units.matching import UnitCodes, UnitMatcher
from jobs.imports.units.names import Name, normal_code, parsed
from jobs.imports.units.national_lists import is_national, read_national
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
