"""Which slides a meeting can have, by the keys that stand in addresses and in agendas.

`province`, `indicator.<key>`, `movers.<key>`, `attention.<key>.<level>`, `contribution.<key>`, `silent`, `tasks`; a
unit that is chosen on the spot is `unit.<code>` and stands in no agenda.
"""

from collections.abc import Sequence

from models.targets.registrations import Incomplete
from targets.errors import UnknownName
from targets.values import Campaign

PROVINCE, INDICATOR, MOVERS, ATTENTION = "province", "indicator", "movers", "attention"
CONTRIBUTION, SILENT, TASKS, UNIT = "contribution", "silent", "tasks", "unit"


def possible_slides(campaign: Campaign) -> tuple[str, ...]:
    """Every slide an agenda of this campaign can name, in the order of a meeting that leaves nothing out."""
    keys = [indicator.key for indicator in campaign.indicators]
    levels = [level.key for level in campaign.levels if level.group is not None]
    return (
        PROVINCE,
        *(f"{INDICATOR}.{key}" for key in keys),
        *(f"{MOVERS}.{key}" for key in keys),
        *(f"{ATTENTION}.{key}.{level}" for key in keys for level in levels),
        *(f"{CONTRIBUTION}.{key}" for key in keys),
        SILENT,
        TASKS,
    )


def default_slides(campaign: Campaign, focus: str) -> tuple[str, ...]:
    """The agenda where nobody has made one: all on the province, the units on the indicator that needs it most."""
    wanted = {
        *(f"{ATTENTION}.{focus}.{level.key}" for level in campaign.levels),
        f"{MOVERS}.{focus}",
        f"{CONTRIBUTION}.{focus}",
    }
    of_units = (MOVERS, ATTENTION, CONTRIBUTION)
    return tuple(key for key in possible_slides(campaign) if key in wanted or key.partition(".")[0] not in of_units)


def checked_slides(campaign: Campaign, slides: Sequence[str]) -> tuple[str, ...]:
    """An agenda as it may be kept. Raises UnknownName for a slide that cannot be, Incomplete for an empty one."""
    possible = possible_slides(campaign)
    for key in slides:
        if key not in possible:
            raise UnknownName(kind="slide", name=key, allowed=possible)
    if not slides:
        raise Incomplete("A meeting has at least one slide.", code="no_slides")
    return tuple(dict.fromkeys(slides))
