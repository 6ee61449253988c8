"""Codes as lists of units tell them: in full, as another code of the unit, or short of the zeros a spreadsheet took."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from jobs.imports.problems import Notice, problem
from jobs.imports.unit_names import normal_code, parsed
from jobs.imports.values import UnitRecord

GSO_LENGTH = 5
"""Digits of a commune's code in the statistics office's list; of a district's 3, of a province's 2."""


def without_zeros(code: str) -> str:
    """A code of digits as a spreadsheet keeps it that takes it for a number; any other code as it is."""
    normal = normal_code(code)
    return normal.lstrip("0") or "0" if normal.isdecimal() else normal


class UnitCodes:
    """The codes of the campaign's units and of a file's rows."""

    def __init__(self, units: Sequence[UnitRecord], told: Iterable[str] = ()) -> None:
        self._units = {normal_code(unit.code): unit for unit in units}
        self._others: defaultdict[str, list[UnitRecord]] = defaultdict(list)
        self._short: defaultdict[str, list[UnitRecord]] = defaultdict(list)
        for unit in units:
            for code in dict.fromkeys(filter(None, (unit.gso_code, unit.identity_code))):
                self._others[normal_code(code)].append(unit)
            for short in dict.fromkeys(without_zeros(code) for code in (unit.code, unit.gso_code) if code):
                self._short[short].append(unit)
        self._told = {normal_code(code): code for code in told if code}
        self._told_short: defaultdict[str, list[str]] = defaultdict(list)
        for code in self._told.values():
            self._told_short[without_zeros(code)].append(code)

    def meant(self, code: str, *, level: str, name: str) -> str | Notice:
        """The code under which a row's unit is kept: a known unit's own, or the row's where the unit is new."""
        normal = normal_code(code)
        if (unit := self._units.get(normal)) is not None:
            return unit.code
        others = self._others.get(normal, [])
        if len(others) == 1 and others[0].level == level:
            return others[0].code
        if not normal.isdecimal():
            return self._told.get(normal, code)
        short = [unit for unit in self._short.get(without_zeros(code), ()) if unit.level == level]
        if len(short) > 1:
            names = "; ".join(f"{unit.name} ({unit.code})" for unit in short)
            return problem("unit_ambiguous", candidates=names)
        if short:
            is_same = parsed(short[0].name).rest == parsed(name).rest
            return short[0].code if is_same else problem("code_without_zeros", code=short[0].code)
        full = max(self._told_short[without_zeros(code)], key=len, default=code)
        if len(full) < GSO_LENGTH and self._are_long(level):
            return problem("code_without_zeros", code=full.zfill(GSO_LENGTH))
        return full

    def _are_long(self, level: str) -> bool:
        """Whether codes of a level are those of communes in the statistics office's list, zeros included."""
        ours = [unit.code for unit in self._units.values() if unit.level == level]
        codes = ours or list(self._told.values())
        return any(code.isdecimal() and len(code) == GSO_LENGTH for code in codes)

    def other(self, code: str) -> str | None:
        """The code of a unit that another row names, as parent or successor; None where none goes by it."""
        normal = normal_code(code)
        if normal in self._told or normal in self._units:
            return self._told.get(normal) or self._units[normal].code
        others = self._others.get(normal, [])
        if len(others) == 1:
            return others[0].code
        if not normal.isdecimal():
            return None
        short = {*self._told_short[without_zeros(code)], *(unit.code for unit in self._short[without_zeros(code)])}
        return short.pop() if len(short) == 1 else None
