"""What of the page of targets is looked at, as its address says it: phase, indicator, level, words, screens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models.texts import text
from pages.parts.session import Ignored
from targets.values import Campaign


@dataclass(frozen=True)
class TargetChoices:
    """Without a choice the phase that runs and the first indicator whose targets differ from unit to unit."""

    phase: str
    indicator: str
    level: str | None = None
    q: str = ""
    page: int = 1
    wait: int = 1
    trial: int = 1
    """Screens of units, of what waits, and of a tried rule."""
    ignored: tuple[Ignored, ...] = ()


def read_target_choices(query: Mapping[str, str], campaign: Campaign, *, today: date, language: str) -> TargetChoices:
    """The choices of an address; what cannot be used is named and left out."""
    ignored: list[Ignored] = []

    def one_of(name: str, allowed: tuple[str, ...]) -> str | None:
        asked = query.get(name)
        if asked is None or asked in allowed:
            return asked
        ignored.append(Ignored(name, asked, text("choice.allowed", language, allowed=", ".join(allowed))))
        return None

    def number(name: str) -> int:
        asked = query.get(name, "1")
        if asked.isascii() and asked.isdigit() and 0 < int(asked) < 10**9:
            return int(asked)
        ignored.append(Ignored(name, asked, text("office.number", language)))
        return 1

    ruled = [each.key for each in campaign.indicators if each.rule.kind != "fixed"]
    first = next(iter(ruled), campaign.indicators[0].key)
    return TargetChoices(
        phase=one_of("phase", tuple(each.key for each in campaign.phases)) or campaign.phase_on(today).key,
        indicator=one_of("indicator", tuple(each.key for each in campaign.indicators)) or first,
        level=one_of("level", tuple(each.key for each in campaign.levels)),
        q=query.get("q", ""),
        page=number("page"),
        wait=number("wait"),
        trial=number("trial"),
        ignored=tuple(ignored),
    )
