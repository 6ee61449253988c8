"""Whether an answer is about us: our province's units, the period asked for. Another one's is refused as a whole.

A single stranger among our units is left to the checking of rows, which refuses it with its reason.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from jobs.fetching.values import Asking, PullFailed
from jobs.imports.units.names import normal_code, parsed
from jobs.imports.words import folded

_IDENTITY = re.compile(r"(h[0-9]{2})(\.[0-9]+)*")
_SUFFIX = re.compile(r"(.+?)\s*\s[-–—]\s+(?P<province>(?:tỉnh|thành phố|tp\.?)\s+[^-–—]+)", re.IGNORECASE)
_YEAR = ("year", "nam", "p_nam")
_MONTH = ("month", "thang", "p_thang")


class Belonging:
    """Knows our province by its identity code and its name."""

    def __init__(self, asking: Asking) -> None:
        root = next((unit for unit in asking.units if unit.code == asking.campaign.province), None)
        code = normal_code((root.identity_code or root.code) if root else asking.campaign.province)
        self.code = code if _IDENTITY.fullmatch(code) else ""
        """`h21`; empty where the campaign's province has no identity code."""
        self.name = folded(parsed(root.name).rest) if root else ""

    def is_own_code(self, code: str) -> bool:
        return bool(self.code) and normal_code(code) == self.code

    def name_without_province(self, name: str) -> str:
        """ "Sở Y tế - tỉnh Gia Lai" is "Sở Y tế" to us; another province's name stays, so that it is seen."""
        match = _SUFFIX.fullmatch(name.strip())
        return match[1] if match and folded(parsed(match["province"]).rest) == self.name else name.strip()

    def stranger(self, code: str, name: str) -> str | None:
        """Which other province a unit belongs to, where it can be determined."""
        found = _IDENTITY.fullmatch(normal_code(code))
        if found and self.code:
            return None if found[1] == self.code else found[1].upper()
        match = _SUFFIX.fullmatch(name.strip())
        if match and self.name and folded(parsed(match["province"]).rest) != self.name:
            return match["province"].strip()
        return None

    def refuse_strangers(self, units: Iterable[tuple[str, str]]) -> None:
        """Raise PullFailed where most units of an answer are another province's (code and name of each)."""
        strangers = [self.stranger(code, name) for code, name in units]
        others = [other for other in strangers if other is not None]
        if len(others) * 2 > len(strangers):
            found = max(sorted(set(others)), key=others.count)
            raise PullFailed("other_province", found=found, ours=self.code.upper() or self.name)


def refuse_other_period(reported: Any, asking: Asking) -> None:
    """Raise PullFailed where an answer says of itself that it is about another year or month than the day's."""
    if not isinstance(reported, Mapping):
        return
    words = {str(name).casefold(): value for name, value in reported.items()}
    for names, asked in ((_YEAR, asking.day.year), (_MONTH, asking.day.month)):
        for name in names:
            number = _whole(words.get(name))
            if number and number != asked:
                raise PullFailed("other_period", found=f"{name} {number}", asked=f"{asking.day:%m/%Y}")


def _whole(value: Any) -> int | None:
    text = str(value).strip()
    return int(text) if text.isdecimal() and len(text) <= 4 else None
