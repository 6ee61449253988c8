"""Units that merge, split, close, move or are renamed: what units.csv and unit_changes.csv say of it together."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from targets.standing.carrying import ALL
from targets.values import Counting, Level, Unit, UnitChange

ENDS = ("merge", "split", "close")
"""After these the unit is no more."""


def all_changes(
    declared: Collection[UnitChange], units: Mapping[str, Unit], levels: Iterable[Level]
) -> tuple[UnitChange, ...]:
    """The changes declared, and those that units.csv tells alone by a last day with or without a successor."""
    told = {change.unit for change in declared if change.kind in ENDS}
    scopes = {level.key: level.default_scope for level in levels}
    ended = (unit for unit in units.values() if unit.valid_to is not None and unit.code not in told)
    derived = [
        UnitChange(
            day=unit.valid_to + timedelta(days=1),
            kind="close" if unit.successor is None else "merge",
            unit=unit.code,
            to=unit.successor,
            counts=usual_counting(unit.code, unit.successor, units=units, scopes=scopes),
        )
        for unit in ended
        if unit.valid_to is not None
    ]
    return tuple(sorted((*declared, *derived), key=lambda change: change.day))


def shares(changes: Iterable[UnitChange]) -> Iterator[tuple[UnitChange, int, int]]:
    """The changes that end a unit, each with the millionths of what it had done between which its part lies."""
    given: dict[str, int] = {}
    for change in changes:
        if change.kind in ENDS:
            above = given.get(change.unit, 0)
            given[change.unit] = above + int(change.share * (ALL // 100))
            yield change, above, given[change.unit]


def usual_counting(unit: str, to: str | None, *, units: Mapping[str, Unit], scopes: Mapping[str, str]) -> Counting:
    """Where what a unit had done goes where nothing is said: to its successor, unless its district holds it.

    A unit above that tells figures with all below it goes on holding what the unit had done; with a successor below
    another one it would count twice.
    """
    if to is None:
        return "apart"
    district, now = units.get(units[unit].parent or ""), units[to].parent
    if district is None or district.code in (now, to) or district.parent is None:
        return "carried"
    return "apart" if scopes.get(district.level) == "below" else "carried"


def as_changed(units: Iterable[Unit], changes: Iterable[UnitChange]) -> tuple[Unit, ...]:
    """The units with what follows from changes by itself: a sole successor, and former names as aliases."""
    heirs: dict[str, set[str | None]] = {}
    former: dict[str, list[str]] = {}
    for change in changes:
        if change.kind in ENDS:
            heirs.setdefault(change.unit, set()).add(change.to)
        elif change.kind == "rename" and change.former:
            former.setdefault(change.unit, []).append(change.former)
    return tuple(
        replace(
            unit,
            successor=next(iter(heirs[unit.code])) if len(heirs.get(unit.code, ())) == 1 else unit.successor,
            aliases=tuple(dict.fromkeys((*unit.aliases, *former.get(unit.code, ())))),
        )
        if unit.code in heirs or unit.code in former
        else unit
        for unit in units
    )
