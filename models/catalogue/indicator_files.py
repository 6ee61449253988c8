"""indicators/*.toml: what is measured."""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import get_args

from models.catalogue.problems import Problems, folded
from models.catalogue.toml_table import TomlTable, read_toml
from targets.values import (
    LARGEST,
    AtOrAbove,
    Basis,
    Direction,
    Indicator,
    Knot,
    MeasuredIn,
    PhaseOne,
    Rule,
    RuleKind,
    Shortfall,
    Text,
    UpliftKind,
)

BASES: tuple[Basis, ...] = get_args(Basis)
SHORTFALLS: tuple[Shortfall, ...] = get_args(Shortfall)
MEASURES: tuple[MeasuredIn, ...] = get_args(MeasuredIn)
ONLY_OF_PERCENTS = ("ceiling", "arriving", "shortfall", "points_per_case", "grades", "also_of")
"""Keys that say nothing of a count, of days, or of units that have it or not: what they lack they may still get."""
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
RULE_KINDS: tuple[RuleKind, ...] = get_args(RuleKind)
OF_OTHERS: tuple[RuleKind, ...] = ("none", "fixed")
"""An uplift is in points of percent."""
UPLIFT_KINDS: tuple[UpliftKind, ...] = get_args(UpliftKind)
AT_OR_ABOVE: tuple[AtOrAbove, ...] = get_args(AtOrAbove)
PHASE_1: tuple[PhaseOne, ...] = get_args(PhaseOne)
FULL = Decimal(100)
OF_RULE = Rule(kind="fixed")
"""What a rule's keys say where they are left out."""


@dataclass(frozen=True)
class IndicatorReading:
    """The indicators in their declared order, and how high the figures of each may be where its file says it well."""

    indicators: tuple[Indicator, ...]
    ceilings: Mapping[str, Decimal]


def read_indicators(
    files: Mapping[str, bytes], *, sources: Collection[str] | None, problems: Problems
) -> IndicatorReading:
    """One indicator from each file, given by its name in the campaign folder."""
    tables: list[tuple[TomlTable, Indicator]] = []
    found: list[Indicator] = []
    ceilings: dict[str, Decimal] = {}
    for file, content in files.items():
        table = read_toml(content, file=file, problems=problems)
        indicator = read_indicator(table, stem=indicator_key(file), sources=sources)
        tables.append((table, indicator))
        if indicator.measured_in != "percent" or table.are_sound("ceiling"):
            ceilings[indicator_key(file)] = indicator.ceiling
        grades = read_grades(table, indicator)
        tables += [(table, grade) for grade in grades]
        ceilings |= {grade.key: indicator.ceiling for grade in grades}
        keys = tuple(grade.key for grade in grades)
        found += [replace(indicator, grades=keys, grades_met=read_met(table, grades)), *grades]
    _check_apart(tables)
    _check_also_of(tables)
    return IndicatorReading(indicators=tuple(sorted(found, key=lambda each: each.order)), ceilings=ceilings)


def indicator_key(file: str) -> str:
    """The key that an indicator's file name promises: indicators/online.toml is online."""
    return file.removeprefix("indicators/").removesuffix(".toml")


def grade_keys(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The keys of the grades that these files name, as far as they can be read: other files may name them too."""
    found: list[str] = []
    for content in files.values():
        try:
            grades = tomllib.loads(content.decode("utf-8-sig")).get("grades", [])
        except (tomllib.TOMLDecodeError, UnicodeDecodeError):
            continue
        found += [str(grade.get("key", "")) for grade in grades if isinstance(grade, dict)]
    return tuple(found)


def read_indicator(table: TomlTable, *, stem: str, sources: Collection[str] | None) -> Indicator:
    key = table.key("key")
    if key and key != stem:
        problem = f"is “{key}”, but the file is called {stem}.toml; the two must agree."
        table.complain("key", problem, code="file_called", value=key, called=stem)
    measured_in = table.word("measure", MEASURES, default=Indicator.measured_in)
    is_percent = measured_in == "percent"
    for other in () if is_percent else ONLY_OF_PERCENTS:
        if table.has(other):
            table.complain(other, f"does nothing where figures are {measured_in}.", code="only_of_percents", name=other)
    ceiling = FULL if measured_in == "units" else LARGEST
    if is_percent:
        ceiling = table.decimal("ceiling", least=0, most=100, above_least=True, default=Indicator.ceiling)
    direction = table.word("direction", DIRECTIONS, default=Indicator.direction)
    name = table.names("name")
    numerator, denominator, counted = _read_cases(table, is_percent=is_percent)
    indicator = Indicator(
        key=key,
        order=table.whole("order", least=1, most=999),
        name=name,
        short_name=table.names("short_name") if table.has("short_name") else name,
        numerator=numerator,
        denominator=denominator,
        counted=counted,
        portal_column=table.text("portal_column") if table.has("portal_column") else "",
        max_points=_read_max_points(table),
        ceiling=ceiling,
        basis=table.word("basis", BASES, default=Indicator.basis),
        arriving=is_percent and table.flag("arriving", default=Indicator.arriving),
        shortfall=table.word("shortfall", SHORTFALLS, default=Indicator.shortfall) if is_percent else "repairable",
        sources=_read_source_order(table, sources=sources),
        rule=_read_rule(
            table.table("rule"),
            ceiling=ceiling if not is_percent or table.are_sound("ceiling") else FULL,
            kinds=RULE_KINDS if is_percent else OF_OTHERS,
        ),
        aliases=table.words("aliases") if table.has("aliases") else (),
        knots=_read_knots(table),
        points_per_case=_read_points_per_case(table, measured_in=measured_in),
        direction=direction,
        floor=_read_floor(table, direction=direction, ceiling=ceiling),
        measured_in=measured_in,
        also_of=table.key("also_of") if is_percent and table.has("also_of") else "",
    )
    table.has("grades")
    table.has("counts_from")
    table.refuse_other_keys()
    return indicator


def _read_cases(table: TomlTable, *, is_percent: bool) -> tuple[Text, Text, Text]:
    """The names of the cases that count, of all, and of what is counted; only a percent needs more than one name."""
    if is_percent:
        numerator = table.names("numerator")
        return numerator, table.names("denominator"), table.names("counted") if table.has("counted") else numerator
    counted = table.names("counted")
    numerator, denominator = (table.names(key) if table.has(key) else counted for key in ("numerator", "denominator"))
    return numerator, denominator, counted


def read_grades(table: TomlTable, survey: Indicator) -> tuple[Indicator, ...]:
    """The grades of a survey, best first: each an indicator of its votes among the same ballots, only followed."""
    if not table.has("grades") or survey.measured_in != "percent":
        return ()
    grades = []
    for row in table.listed_tables("grades"):
        key, name = row.key("key"), row.names("name")
        row.refuse_other_keys()
        grades.append(
            replace(
                survey,
                key=key,
                name=name,
                short_name=name,
                numerator=name,
                portal_column="",
                max_points=None,
                rule=Rule(kind="none"),
                aliases=(),
                knots=(),
                also_of="",
                grade_of=survey.key,
            )
        )
    return tuple(grades)


def read_met(table: TomlTable, grades: Sequence[Indicator]) -> int:
    """How many grades count as votes for the survey's indicator: down to the one named."""
    if not table.has("counts_from") and grades:
        table.complain("counts_from", "is missing: name the last grade that counts.", code="no_counts_from")
    if not table.has("counts_from"):
        return 0
    keys = [grade.key for grade in grades]
    last = table.key("counts_from")
    table.known("counts_from", last, allowed=keys, kind="grade", reported_in="grades")
    return keys.index(last) + 1 if last in keys else 0


def _read_floor(table: TomlTable, *, direction: Direction, ceiling: Decimal) -> Decimal:
    """How low a target may be where a lower figure is better; elsewhere it would do nothing."""
    if not table.has("floor"):
        return Decimal(0)
    floor = table.decimal("floor", least=0, most=ceiling)
    if table.are_sound("direction", "floor") and direction == "up":
        problem = "does nothing where a higher figure is better; it goes with direction = “down”."
        table.complain("floor", problem, code="floor_of_up")
    elif table.are_sound("floor", "ceiling") and floor >= ceiling:
        problem = f"is {floor}, not below the ceiling of {ceiling}."
        table.complain("floor", problem, code="floor_above", value=floor, ceiling=ceiling)
    return floor


def _read_max_points(table: TomlTable) -> Decimal | None:
    if not table.has("max_points"):
        return None
    return table.decimal("max_points", least=0, most=1000, above_least=True)


def _read_points_per_case(table: TomlTable, *, measured_in: MeasuredIn) -> Decimal | None:
    """Of units that have it or not there are never so few that none may be named."""
    if measured_in != "percent" or not table.has("points_per_case"):
        return FULL if measured_in == "units" else None
    points = table.decimal("points_per_case", least=0, most=100, above_least=True)
    return points if table.are_sound("points_per_case") else None


def _read_knots(table: TomlTable) -> tuple[Knot, ...]:
    """Knots of a phase stand in the order of time, and what is owed never falls from one to the next."""
    if not table.has("knots"):
        return ()
    knots: list[Knot] = []
    for row in table.listed_tables("knots"):
        knot = Knot(
            phase=row.key("phase"),
            time=row.decimal("time", least=0, most=100, above_least=True),
            way=row.decimal("way", least=0, most=100),
        )
        # Which phases there are, campaign.toml says; it is asked when the indicators have been read.
        row.known("phase", knot.phase, allowed=None, kind="phase", reported_in="campaign.toml")
        before = next((known for known in reversed(knots) if known.phase == knot.phase), None)
        if row.are_sound("time") and knot.time == FULL:
            row.complain("time", "is 100, the due date itself, on which the whole way is owed.", code="knot_due")
        if before is not None and row.are_sound("phase", "time", "way"):
            if knot.time <= before.time:
                problem = f"is {knot.time}, not after the knot before it at {before.time}."
                row.complain("time", problem, code="knot_time", value=knot.time, before=before.time)
            if knot.way < before.way:
                problem = f"is {knot.way}, less than {before.way} at the knot before it."
                row.complain("way", problem, code="knot_way", value=knot.way, before=before.way)
        row.refuse_other_keys()
        knots.append(knot)
    return tuple(knots)


def _read_source_order(table: TomlTable, *, sources: Collection[str] | None) -> tuple[str, ...]:
    order = table.words("sources")
    if table.are_sound("sources") and not order:
        table.complain("sources", "is empty; no figure of this indicator could ever be judged.", code="no_sources")
    for name in order:
        table.known("sources", name, allowed=sources, kind="source", reported_in="sources.toml")
    return order


def _read_rule(table: TomlTable, *, ceiling: Decimal, kinds: tuple[RuleKind, ...]) -> Rule:
    """Each kind has keys of its own; a key of the other kind is refused, since it would do nothing."""
    kind = table.word("kind", kinds)
    if not table.are_sound("kind"):  # which keys belong here is not known, so nothing is said of them
        return Rule(kind=kind)
    rule = Rule(kind=kind)
    if kind == "fixed":
        usual = min(OF_RULE.value, ceiling) if "central_plus" in kinds else None
        values = table.by_phase("value", least=0, most=ceiling, default=usual)
        rule = Rule(kind=kind, value=values[0][1], values=values if values[0][0] else ())
    elif kind == "central_plus":
        phase_1 = table.word("phase_1", PHASE_1, default=OF_RULE.phase_1)
        shares = table.by_phase("share", least=0, most=1, above_least=True, default=OF_RULE.share)
        if shares[0][0] and phase_1 == "midpoint":
            table.complain("share", "names phases, but a midpoint has no share.", code="midpoint_share")
        rule = Rule(
            kind=kind,
            uplift=table.decimal("uplift", least=0, most=100, default=OF_RULE.uplift),
            uplift_kind=table.word("uplift_kind", UPLIFT_KINDS, default=OF_RULE.uplift_kind),
            at_or_above=table.word("at_or_above", AT_OR_ABOVE, default=OF_RULE.at_or_above),
            phase_1=phase_1,
            share=shares[0][1],
            shares=shares if shares[0][0] else (),
        )
    table.refuse_other_keys()
    return rule


def _check_apart(tables: list[tuple[TomlTable, Indicator]]) -> None:
    """A heading in a workbook must mean one indicator; an order must not depend on the folder's."""
    orders: dict[int, str] = {}
    meant: dict[str, str] = {}
    for table, indicator in tables:
        if table.are_sound("order") and not indicator.grade_of:
            other = orders.setdefault(indicator.order, indicator.key)
            if other != indicator.key:
                problem = f"is {indicator.order}, which {other} has already."
                table.complain("order", problem, code="order_taken", value=indicator.order, other=other)
        for said, name in _names(indicator):
            key = "grades" if indicator.grade_of else said
            if not name or not table.are_sound(key.partition(".")[0]):
                continue
            other = meant.setdefault(folded(name), indicator.key)
            if other != indicator.key:
                problem = f"holds “{name}”, which means the indicator {other} already."
                table.complain(key, problem, code="name_taken", name=name, other=other)


def _check_also_of(tables: list[tuple[TomlTable, Indicator]]) -> None:
    """The cases of another indicator can only be those of a rate."""
    rates = [indicator.key for _, indicator in tables if indicator.measured_in == "percent"]
    for table, indicator in tables:
        if indicator.also_of:
            table.known("also_of", indicator.also_of, allowed=rates, kind="indicator", reported_in="indicators/")


def _names(indicator: Indicator) -> list[tuple[str, str]]:
    """What the indicator may be called, with the key in its file that says so."""
    return [
        ("key", indicator.key),
        ("name.vi", indicator.name.vi),
        ("name.en", indicator.name.en),
        ("short_name.vi", indicator.short_name.vi),
        ("short_name.en", indicator.short_name.en),
        *((("portal_column", indicator.portal_column),) if indicator.portal_column else ()),
        *(("aliases", alias) for alias in indicator.aliases),
    ]
