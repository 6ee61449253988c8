"""What of the page of targets is looked at, as its address says it: phase, indicator, level, words, screens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pages.parts.session import Asking, Choices, Ignored
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


def read_target_choices(
    choices: Choices, query: Mapping[str, str], campaign: Campaign, *, today: date
) -> TargetChoices:
    """The page's own choices beside those it shares; what cannot be used is named and left out."""
    asking = Asking(query, choices.language)
    ruled = [each.key for each in campaign.indicators if each.rule.kind != "fixed"]
    first = next(iter(ruled), campaign.indicators[0].key)
    return TargetChoices(
        phase=choices.phase or campaign.phase_on(today).key,
        indicator=choices.indicator or first,
        level=choices.level,
        q=choices.q or "",
        page=asking.number("page") or 1,
        wait=asking.number("wait") or 1,
        trial=asking.number("trial") or 1,
        ignored=tuple(asking.ignored),
    )
