"""Which slides a meeting can have, by the keys that stand in addresses and in agendas.

`opening`, `decided`, `province`, `indicator.<key>`, `movers.<key>`, `attention.<key>.<level>`, `contribution.<key>`,
`silent`, `tasks`; a unit that is chosen on the spot is `unit.<code>` and stands in no agenda, nor does `milestone`: how
a phase ended, with which the first meeting after it opens.
"""

from collections.abc import Sequence

from models.targets.registrations import Incomplete
from targets.errors import UnknownName
from targets.values import Campaign

OPENING, PROVINCE, INDICATOR, MOVERS, ATTENTION = "opening", "province", "indicator", "movers", "attention"
CONTRIBUTION, SILENT, DECIDED, TASKS, UNIT = "contribution", "silent", "decided", "tasks", "unit"
MILESTONE = "milestone"


def possible_slides(campaign: Campaign) -> tuple[str, ...]:
    """Every slide an agenda of this campaign can name, in the order of a meeting that leaves nothing out."""
    keys = sorted((indicator.key for indicator in campaign.indicators), key=lambda key: key != campaign.main)
    levels = _levels(campaign)
    return (
        OPENING,
        DECIDED,
        PROVINCE,
        *(f"{INDICATOR}.{key}" for key in keys),
        *(f"{ATTENTION}.{key}.{level}" for key in keys for level in levels),
        *(f"{CONTRIBUTION}.{key}" for key in keys if campaign.indicator(key).measure.is_rate),
        *(f"{MOVERS}.{key}" for key in keys),
        SILENT,
        TASKS,
    )


def default_slides(campaign: Campaign) -> tuple[str, ...]:
    """The agenda where nobody has made one: all about the main indicator, then how the others are on their way."""
    main = campaign.main
    return (
        OPENING,
        DECIDED,
        PROVINCE,
        f"{INDICATOR}.{main}",
        *(f"{ATTENTION}.{main}.{level}" for level in _levels(campaign)),
        *([f"{CONTRIBUTION}.{main}"] if campaign.indicator(main).measure.is_rate else []),
        f"{MOVERS}.{main}",
        *(f"{INDICATOR}.{indicator.key}" for indicator in campaign.own_lines if indicator.key != main),
        SILENT,
        TASKS,
    )


def _levels(campaign: Campaign) -> list[str]:
    return [level.key for level in campaign.levels if level.group is not None]


def checked_slides(campaign: Campaign, slides: Sequence[str]) -> tuple[str, ...]:
    """An agenda as it may be kept. Raises UnknownName for a slide that cannot be, Incomplete for an empty one."""
    possible = possible_slides(campaign)
    for key in slides:
        if key not in possible:
            raise UnknownName(kind="slide", name=key, allowed=possible)
    if not slides:
        raise Incomplete("A meeting has at least one slide.", code="no_slides")
    return tuple(dict.fromkeys(slides))
