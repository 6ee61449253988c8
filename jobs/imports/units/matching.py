"""Matches what a file calls a unit with the campaign's units: by code (in full, as another code of the unit, or
short of the zeros a spreadsheet took), then by exact name, then by mechanical variants."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from rapidfuzz import fuzz, process

from jobs.imports.formats.legacy_fonts import FONTS, NAMES, converted
from jobs.imports.problems import Notice, problem
from jobs.imports.units.names import CENTRAL, PROVINCES, Name, normal_code, parsed
from jobs.imports.words import bracketed, even, folded, joined, spelt
from targets.values import Campaign, Unit

NEAR = 75
"""How alike (of 100) a name must be to be offered as what may have been meant."""
LONGEST_NAME = 300
"""Letters of a unit's name with all that it belongs to: a longer text is none, and comparing it would take long."""
MOST_NAMED = 5
MOST_SUGGESTED = 2_000
"""For so many different unknown names the nearest are looked for: a file with more is not misspelt but another one."""
OTHER_PROVINCE = "other_province"
"""The problem of a row that names another province or an office of one."""
_ORDINAL = re.compile(r"^\s*[0-9]{1,2}\s*[.)_-]\s*(?=\D)")
_COPY = re.compile(r"\([0-9]{1,2}\)\s*$")
_IDENTITY = re.compile(r"[gh][0-9]{2}(\.[0-9]+)*")
"""H21.58 of a province's office; G22 of a ministry."""
_SUFFIX = re.compile(r"(.+?)\s*(?:\s[-–—]\s|,)\s*([^,]+?)\s*")


What = TypeVar("What")
Matched = tuple[int, ...] | Notice
"""Positions of the units that a text names (several only where validity may distinguish them), or what is wrong."""


def _by_text(pairs: Iterable[tuple[str, What]]) -> dict[str, list[What]]:
    """Text → all that goes by it, each once."""
    found: dict[str, list[What]] = defaultdict(list)
    for text, what in pairs:
        if what not in found[text]:
            found[text].append(what)
    return dict(found)


class UnitMatcher:
    """Built once for a file; remembers every distinct text."""

    def __init__(self, units: Sequence[Unit], campaign: Campaign) -> None:
        self.units = tuple(units)
        self._position = {unit.code: position for position, unit in enumerate(self.units)}
        self._parents = [self._position.get(unit.parent or "") for unit in self.units]
        self._has_children = set(filter(lambda parent: parent is not None, self._parents))
        root = next((unit for unit in self.units if unit.code == campaign.province), None)
        self._province = parsed(root.name).rest if root else spelt(campaign.province)
        self._root_codes = {normal_code(code) for code in (root.code, root.gso_code) if code} if root else set()
        self._other_provinces = PROVINCES - {folded(self._province)}
        self._province_code = normal_code((root.identity_code or root.code) if root else campaign.province)
        self._codes = _by_text(
            (normal_code(code), position)
            for position, unit in enumerate(self.units)
            for code in (unit.code, unit.gso_code, unit.identity_code)
            if code
        )
        self._short_codes = _by_text(
            (without_zeros(code), position)
            for position, unit in enumerate(self.units)
            for code in (unit.code, unit.gso_code)
            if code and normal_code(code).isdecimal()
        )
        names = [(position, name) for position, unit in enumerate(self.units) for name in (unit.name, *unit.aliases)]
        self._exact = _by_text((even(name), position) for position, name in names)
        taken_apart = [(position, self._parsed(name)) for position, name in names]
        self._looser = tuple(
            _by_text((form(name.rest), (position, name.level)) for position, name in taken_apart)
            for form in (spelt, folded, joined)
        )
        self._choices = [(position, folded(name.rest)) for position, name in taken_apart]
        self._suggested = 0
        self._known: dict[tuple[str, str, str], Matched] = {}
        self._known_districts: dict[str, frozenset[int]] = {}

    # --- asking -----------------------------------------------------------------------------------------------------

    def find(self, *, name: str = "", code: str = "", district: str = "") -> Matched:
        """The unit that a row names. A code goes before a name; where they name two units the row is refused."""
        key = (name, code, district)
        if key not in self._known:
            is_name = max(map(len, key)) <= LONGEST_NAME
            self._known[key] = self._find(*map(str.strip, key)) if is_name else problem("unit_unknown")
        return self._known[key]

    def on_day(self, positions: tuple[int, ...], day: date) -> int | Notice:
        """The one of several namesakes that exists on a day, or what is wrong."""
        valid = [position for position in positions if self.is_valid(position, day)]
        if len(valid) == 1:
            return valid[0]
        if valid:
            return problem("unit_ambiguous", candidates=self._described(valid))
        return self.not_valid(positions[0], day)

    def is_valid(self, position: int, day: date) -> bool:
        unit = self.units[position]
        return (unit.valid_from or date.min) <= day <= (unit.valid_to or date.max)

    def not_valid(self, position: int, day: date) -> Notice:
        """Why a unit has no figure on a day: it is not there yet, or no longer, and who stands in its place."""
        unit = self.units[position]
        terms = {"unit": unit.name, "day": f"{day:%d/%m/%Y}"}
        if unit.valid_from is not None and day < unit.valid_from:
            return problem("unit_not_yet", **terms, first=f"{unit.valid_from:%d/%m/%Y}")
        last = f"{unit.valid_to:%d/%m/%Y}" if unit.valid_to else ""
        successor = self._position.get(unit.successor or "")
        if successor is None:
            return problem("unit_ended", **terms, last=last)
        return problem("unit_succeeded", **terms, last=last, successor=self.described(successor))

    def is_own_province(self, name: str) -> bool:
        """Whether a text is the name or the code of the campaign's province."""
        own = (joined(self._province), normal_code(self._province_code))
        return joined(parsed(name).rest) == own[0] or normal_code(name) in (own[1], *self._root_codes)

    def names_other_province(self, name: str) -> bool:
        """Whether a text names another province, an office with such a name behind its own, or a ministry."""
        apart = parsed(bracketed(name)[0])
        if apart.level in ("", "tinh", "thanh pho") and folded(apart.rest) in self._other_provinces:
            return True
        words = folded(name)
        return words in CENTRAL or any(
            words.endswith(f" {level} {province}")
            for province in self._other_provinces
            for level in ("tinh", "thanh pho", "tp")
        )

    def likeness(self, name: str) -> float:
        """How alike (of 100) the nearest unit's name is."""
        return max((score for _, score in self._nearest(name)), default=0.0)

    def described(self, position: int) -> str:
        """A unit so that it cannot be mistaken: name, what it belongs to, code."""
        unit, parent = self.units[position], self._parents[position]
        above = f"{self.units[parent].name}, " if parent is not None and self._parents[parent] is not None else ""
        return f"{unit.name} ({above}{unit.code})"

    def area_of_sheet(self, sheet: str) -> str:
        """The unit with others below it that a sheet is named after ("1. Đăk Đoa (2)"); "" where it is none, or all."""
        name = _ORDINAL.sub("", bracketed(sheet)[0] if _COPY.search(sheet) else sheet).strip()
        areas = self._areas(name) if name else frozenset()
        return "" if any(self._parents[position] is None for position in areas) or not areas else name

    # --- finding ----------------------------------------------------------------------------------------------------

    def _find(self, name: str, code: str, district: str) -> Matched:
        by_code = self._codes.get(normal_code(code)) if code else None
        if by_code is None and code and self._is_foreign(code):
            return problem("other_province", code=normal_code(code).upper())
        by_name = self._find_name(name, district) if name else None
        if by_code is None and code and not isinstance(by_name, tuple):
            by_code = self._by_short_code(code, name, by_name)
        if by_code is None:
            return by_name if by_name is not None else problem("unit_code_unknown", code=code)
        if len(by_code) > 1:
            both = [position for position in by_code if isinstance(by_name, tuple) and position in by_name]
            return tuple(both) if len(both) == 1 else problem("unit_ambiguous", candidates=self._described(by_code))
        if isinstance(by_name, tuple) and by_code[0] not in by_name:
            return problem("code_and_name_differ", by_code=self.described(by_code[0]), by_name=self._described(by_name))
        return tuple(by_code)

    def _by_short_code(self, code: str, name: str, by_name: Matched | None) -> list[int] | None:
        """Units whose code a spreadsheet has taken for a number: 4 for 00004. Beside a name they must go by it, too:
        a column of running numbers may be headed like one of codes."""
        found = self._short_codes.get(without_zeros(code), [])
        if by_name is None:
            return found or None
        rest = folded(parsed(bracketed(name)[0]).rest)
        return [position for position in found if folded(parsed(self.units[position].name).rest) == rest] or None

    def _find_name(self, name: str, district: str) -> Matched:
        if by_code := self._codes.get(normal_code(name)):
            return (
                tuple(by_code) if len(by_code) == 1 else problem("unit_ambiguous", candidates=self._described(by_code))
            )
        if _IDENTITY.fullmatch(normal_code(name)):
            foreign = self._is_foreign(name)
            return problem("other_province" if foreign else "unit_code_unknown", code=normal_code(name).upper())
        areas = self._areas(district)
        found, outside = self._candidates(name, areas)
        if not found and not outside and self.names_other_province(name):
            return problem("other_province", code=name)
        if not found:
            short, tail = bracketed(name)
            if not tail and (match := _SUFFIX.fullmatch(name)):
                short, tail = match[1], match[2]
            if tail:
                return self._find_with_tail(short, tail, name=name, district=district)
        return self._settled(found, outside, name=name, district=district)

    def _find_with_tail(self, short: str, tail: str, *, name: str, district: str) -> Matched:
        """A name with what it belongs to behind it: the province itself, another one, or a district."""
        apart = parsed(tail)
        if apart.level and not apart.rest:
            # "Đăk Đoa (huyện)": what stands behind is only the word for its level.
            return self._settled(
                *self._candidates(f"{tail} {short}", self._areas(district)), name=name, district=district
            )
        if apart.level == "tinh" or joined(apart.rest) == joined(self._province):
            if joined(apart.rest) not in ("", joined(self._province)):
                return problem("other_province", code=tail)
            return self._settled(*self._candidates(short, self._areas(district)), name=name, district=district)
        areas = self._areas(tail)
        if not areas and self.names_other_province(tail):
            return problem("other_province", code=tail)
        if not areas:
            return self._settled([], [], name=short, district=district)
        found, outside = self._candidates(short, areas)
        return self._settled(found, outside, name=name, district=tail)

    def _settled(self, found: list[int], outside: list[int], *, name: str, district: str) -> Matched:
        if len(found) == 1:
            return tuple(found)
        if found:
            windows = [(self.units[one].valid_from, self.units[one].valid_to) for one in found]
            if any(limit is not None for window in windows for limit in window):
                return tuple(found)
            return problem("unit_ambiguous", candidates=self._described(found))
        if outside:
            return problem("unit_not_in_district", district=district, candidates=self._described(outside))
        apart = parsed(name)
        is_province = apart.level == "tinh" and joined(apart.rest) != joined(self._province)
        if is_province or self.names_other_province(name):
            return problem("other_province", code=name)
        for font in FONTS[1:]:
            meaning = converted(name, font)
            if meaning not in (None, name) and any(self._by_strictness(meaning or "")):
                return problem("unit_in_old_font", font=NAMES[font], meaning=meaning or "", option=font)
        self._suggested += 1
        if self._suggested <= MOST_SUGGESTED:
            nearest = list(dict.fromkeys(position for position, score in self._nearest(name) if score >= NEAR))
            if nearest:
                return problem("unit_unknown_near", nearest=self._described(nearest))
        return problem("unit_unknown")

    def _candidates(self, name: str, areas: frozenset[int]) -> tuple[list[int], list[int]]:
        """Units of this name by the strictest comparison that finds any inside the areas, and those found outside."""
        outside: list[int] = []
        for found in self._by_strictness(name):
            inside = [position for position in found if not areas or self._is_inside(position, areas)]
            if inside:
                return inside, outside
            outside += [position for position in found if position not in outside]
        return [], outside

    def _by_strictness(self, name: str) -> Iterable[list[int]]:
        yield self._exact.get(even(name), [])
        apart = self._parsed(name)
        for form, index in zip((spelt, folded, joined), self._looser, strict=True):
            if form is spelt and apart.is_unmarked:
                continue
            entries = index.get(form(apart.rest), [])
            yield [position for position, level in entries if level == apart.level]
            yield list(dict.fromkeys(position for position, level in entries if "" in (level, apart.level)))

    def _areas(self, district: str) -> frozenset[int]:
        """The units with others below them that a district column names; empty where it names none."""
        if district not in self._known_districts:
            found: list[int] = []
            if district:
                found = self._codes.get(normal_code(district)) or []
            if district and not found:
                choices = (
                    [one for one in stage if one in self._has_children] for stage in self._by_strictness(district)
                )
                found = next((stage for stage in choices if stage), [])
            self._known_districts[district] = frozenset(found)
        return self._known_districts[district]

    def _is_inside(self, position: int | None, areas: frozenset[int]) -> bool:
        while position is not None:
            if position in areas:
                return True
            position = self._parents[position]
        return False

    def _parsed(self, name: str) -> Name:
        """`parsed`, with "UBND tỉnh" standing for the province and "… tỉnh" behind a department's name left aside."""
        apart = parsed(name)
        if not apart.rest:
            return Name("tinh", self._province) if apart.level == "tinh" else apart
        if not apart.level:
            for suffix in (f" tỉnh {self._province}", " tỉnh", " tinh"):
                if apart.rest.endswith(suffix):
                    return Name("", apart.rest.removesuffix(suffix))
        return apart

    def _is_foreign(self, code: str) -> bool:
        normal = normal_code(code)
        own = self._province_code.partition(".")[0]
        return bool(_IDENTITY.fullmatch(normal) and _IDENTITY.fullmatch(own)) and normal.partition(".")[0] != own

    def _nearest(self, name: str) -> list[tuple[int, float]]:
        choices = [text for _, text in self._choices]
        asked = folded(self._parsed(bracketed(name)[0]).rest)
        found = process.extract(asked, choices, scorer=fuzz.ratio, limit=MOST_NAMED) if asked else []
        return [(self._choices[index][0], score) for _, score, index in found]

    def _described(self, positions: Iterable[int]) -> str:
        named = list(dict.fromkeys(positions))
        more = f"; … (+{len(named) - MOST_NAMED})" if len(named) > MOST_NAMED else ""
        return "; ".join(self.described(position) for position in named[:MOST_NAMED]) + more


GSO_LENGTH = 5
"""Digits of a commune's code in the statistics office's list; of a district's 3, of a province's 2."""


def without_zeros(code: str) -> str:
    """A code of digits as a spreadsheet keeps it that takes it for a number; any other code as it is."""
    normal = normal_code(code)
    return normal.lstrip("0") or "0" if normal.isdecimal() else normal


class UnitCodes:
    """The codes of the campaign's units and of a file's rows."""

    def __init__(self, units: Sequence[Unit], reported: Iterable[str] = ()) -> None:
        self._units = {normal_code(unit.code): unit for unit in units}
        self._others: defaultdict[str, list[Unit]] = defaultdict(list)
        self._short: defaultdict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            for code in dict.fromkeys(filter(None, (unit.gso_code, unit.identity_code))):
                self._others[normal_code(code)].append(unit)
            for short in dict.fromkeys(without_zeros(code) for code in (unit.code, unit.gso_code) if code):
                self._short[short].append(unit)
        self._reported = {normal_code(code): code for code in reported if code}
        self._short_reported: defaultdict[str, list[str]] = defaultdict(list)
        for code in self._reported.values():
            self._short_reported[without_zeros(code)].append(code)

    def meant(self, code: str, *, level: str, name: str) -> str | Notice:
        """The code under which a row's unit is kept: a known unit's own, or the row's where the unit is new."""
        normal = normal_code(code)
        if (unit := self._units.get(normal)) is not None:
            return unit.code
        others = self._others.get(normal, [])
        if len(others) == 1 and others[0].level == level:
            return others[0].code
        if not normal.isdecimal():
            return self._reported.get(normal, code)
        short = [unit for unit in self._short.get(without_zeros(code), ()) if unit.level == level]
        if len(short) > 1:
            names = "; ".join(f"{unit.name} ({unit.code})" for unit in short)
            return problem("unit_ambiguous", candidates=names)
        if short:
            is_same = parsed(short[0].name).rest == parsed(name).rest
            return short[0].code if is_same else problem("code_without_zeros", code=short[0].code)
        full = max(self._short_reported[without_zeros(code)], key=len, default=code)
        if len(full) < GSO_LENGTH and self._are_long(level):
            return problem("code_without_zeros", code=full.zfill(GSO_LENGTH))
        return full

    def _are_long(self, level: str) -> bool:
        """Whether codes of a level are those of communes in the statistics office's list, zeros included."""
        ours = [unit.code for unit in self._units.values() if unit.level == level]
        codes = ours or list(self._reported.values())
        return any(code.isdecimal() and len(code) == GSO_LENGTH for code in codes)

    def other(self, code: str) -> str | None:
        """The code of a unit that another row names, as parent or successor; None where none goes by it."""
        normal = normal_code(code)
        if normal in self._reported or normal in self._units:
            return self._reported.get(normal) or self._units[normal].code
        others = self._others.get(normal, [])
        if len(others) == 1:
            return others[0].code
        if not normal.isdecimal():
            return None
        short = {*self._short_reported[without_zeros(code)], *(unit.code for unit in self._short[without_zeros(code)])}
        return short.pop() if len(short) == 1 else None
