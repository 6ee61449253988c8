"""The kinds whose rows name no unit to be matched: units themselves, and central targets."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from jobs.imports.headers import Headings
from jobs.imports.layout import DECIDED_ROLES, OpenedSheet
from jobs.imports.problems import problem
from jobs.imports.records import Collected, Line, RowRefused, lines, year_in
from jobs.imports.sheets import shown
from jobs.imports.unit_names import normal_code
from jobs.imports.units import UnitMatcher
from jobs.imports.values import CentralRecord, ImportContext, UnitFileRecord
from jobs.imports.vocabulary import NUMBERED_GROUP, TOTALS
from jobs.imports.words import heading
from targets.figures import percent_in, says_nothing
from targets.values import Campaign, Level, Text

Named = TypeVar("Named")
HIGHEST = 100
EVERY_LEVEL = frozenset(("", "tat ca", "tat ca cac cap", "all", "moi cap"))


def names_of(key: str, *texts: Text | None) -> set[str]:
    """How something with a key and names may be called in a cell."""
    return {
        heading(key),
        *(heading(NUMBERED_GROUP.sub("", name)) for text in texts if text for name in (text.vi, text.en)),
    }


def level_names(campaign: Campaign) -> dict[str, str]:
    """What a cell may call a level → its key."""

    def names(level: Level) -> set[str]:
        return names_of(level.key, level.name, level.group)

    return {name: level.key for level in campaign.levels for name in names(level)}


def read_central(sheets: Sequence[OpenedSheet], context: ImportContext) -> Collected[CentralRecord]:
    """Central targets; a row without a value says nothing and is counted."""
    collected: Collected[CentralRecord] = Collected(context.limits)
    headings, levels = Headings(context.campaign), level_names(context.campaign)
    for opened in sheets:
        for line in lines(opened):
            column = line.index(*DECIDED_ROLES)
            if says_nothing(line.cell(*DECIDED_ROLES)):
                collected.ledger.left_out("rows_without_figures", line.place(column))
                continue
            collected.rows_read += 1
            try:
                record = _central(line, context, headings=headings, levels=levels, collected=collected)
            except RowRefused as refused:
                collected.refuse(line, refused.column, refused.notice)
                continue
            collected.add(record, key=(record.indicator, record.year, record.level), line=line, column=column)
    collected.warnings = collected.ledger.close()
    return collected


def _central(
    line: Line,
    context: ImportContext,
    *,
    headings: Headings,
    levels: Mapping[str, str],
    collected: Collected[CentralRecord],
) -> CentralRecord:
    column = line.index(*DECIDED_ROLES)
    name = line.needed("indicator", code="indicator_missing")
    indicator = headings.indicator(heading(name))
    if indicator is None:
        known = ", ".join(headings.nearest(name) or headings.names)
        raise RowRefused(line.index("indicator"), problem("indicator_unknown", known=known))
    figure = line.figure(column, percent_in)
    if figure.number is None or figure.no_cases:
        raise RowRefused(column, problem("value_missing"))
    if figure.qualifier is not None:
        raise RowRefused(column, problem("target_with_qualifier"))
    if figure.number > HIGHEST:
        raise RowRefused(column, problem("percent_above_hundred"))
    level = heading(line.text("level"))
    if level not in EVERY_LEVEL and level not in levels:
        raise RowRefused(line.index("level"), problem("word_unknown", known=", ".join(levels.values())))
    return CentralRecord(
        indicator=indicator,
        year=year_in(line, default=context.campaign.target_year, ledger=collected.ledger),
        level="" if level in EVERY_LEVEL else levels[level],
        value=figure.number,
        document=line.needed("document", code="document_missing"),
        note=line.remark,
        place=line.place(column),
    )


def read_units(sheets: Sequence[OpenedSheet], context: ImportContext) -> Collected[UnitFileRecord]:
    """Units; a parent or successor may stand anywhere in the file, or already be a unit of the campaign."""
    collected: Collected[UnitFileRecord] = Collected(context.limits)
    levels = level_names(context.campaign)
    all_lines = [line for opened in sheets for line in lines(opened)]
    codes = {normal_code(unit.code): unit.code for unit in context.units}
    codes |= {normal_code(code): code for line in all_lines if (code := line.text("code"))}
    matcher = UnitMatcher(context.units, context.campaign)
    for line in all_lines:
        if not line.text("code") and not line.text("level"):
            sort = "totals_left_out" if TOTALS.match(heading(line.text("unit"))) else "notes_left_out"
            collected.ledger.left_out(sort, line.place(line.index("unit")))
            continue
        collected.rows_read += 1
        try:
            record = _unit(line, context, levels=levels, codes=codes, matcher=matcher)
        except RowRefused as refused:
            collected.refuse(line, refused.column, refused.notice)
            continue
        collected.add(record, key=normal_code(record.code), line=line, column=line.index("code"))
    collected.warnings = collected.ledger.close()
    return collected


def _unit(
    line: Line, context: ImportContext, *, levels: Mapping[str, str], codes: Mapping[str, str], matcher: UnitMatcher
) -> UnitFileRecord:
    code = line.needed("code", code="code_missing")
    level = heading(line.needed("level", code="level_missing"))
    if level not in levels:
        raise RowRefused(line.index("level"), problem("word_unknown", known=", ".join(dict.fromkeys(levels.values()))))
    parent = _other_unit(line, "parent", "district", codes=codes, matcher=matcher)
    if parent is None and levels[level] != context.campaign.levels[0].key:
        raise RowRefused(line.index("parent", "district", "code"), problem("parent_missing"))
    first, last = (line.day(role, context=context) for role in ("valid_from", "valid_to"))
    if first is not None and last is not None and last < first:
        raise RowRefused(line.index("valid_to"), problem("ends_before_it_begins"))
    aliases = (alias.strip() for alias in shown(line.cell("aliases")).replace("\n", ";").split(";"))
    return UnitFileRecord(
        code=code,
        level=levels[level],
        name=line.needed("unit", code="name_missing"),
        parent=parent,
        aliases=tuple(alias for alias in aliases if alias),
        gso_code=line.text("gso_code") or None,
        identity_code=line.text("identity_code") or None,
        head_title=line.text("head_title") or None,
        head_name=line.text("head_name") or None,
        head_phone=line.text("head_phone") or None,
        valid_from=first,
        valid_to=last,
        successor=_other_unit(line, "successor", codes=codes, matcher=matcher),
        place=line.place(line.index("code")),
    )


def _other_unit(line: Line, *roles: str, codes: Mapping[str, str], matcher: UnitMatcher) -> str | None:
    """The code of another unit that a row names by code or, where it is known already, by name."""
    text = line.text(*roles)
    if not text:
        return None
    if (code := codes.get(normal_code(text))) is not None:
        return code
    found = matcher.find(name=text)
    if isinstance(found, tuple) and len(found) == 1:
        return matcher.units[found[0]].code
    raise RowRefused(line.index(*roles), problem("other_unit_unknown"))
