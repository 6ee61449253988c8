"""Figures reported that can never be judged as the campaign's files stand: by their source, basis or scope."""

from collections.abc import Iterator

import numpy as np

from jobs.imports.records.checks import DAY_BITS, Seen
from jobs.imports.tables.columns import Whole
from jobs.imports.units.matching import UnitMatcher
from jobs.imports.values import FileWarning
from targets.values import Campaign, Source


def never_judged(seen: Seen, source: Source, campaign: Campaign, matcher: UnitMatcher) -> Iterator[FileWarning]:
    """One warning for each indicator whose source or basis keeps it out, and for each level with another scope."""
    run = seen.all()
    if run is None:
        return
    above = run.key >> DAY_BITS
    yield from _by_source(above // 2 % len(campaign.indicators), source, campaign)
    yield from _by_scope(above, campaign, matcher)


def _by_source(indicator: Whole, source: Source, campaign: Campaign) -> Iterator[FileWarning]:
    for at, count in zip(*(part.tolist() for part in np.unique(indicator, return_counts=True)), strict=True):
        known = campaign.indicators[at]
        terms = {"indicator": known.name.vi, "source": source.name.vi, "count": str(count), "key": known.key}
        if source.key not in known.sources:
            yield FileWarning("source_never_judged", terms)
        elif source.basis not in (None, known.basis):
            yield FileWarning("basis_never_judged", terms | {"reported": str(source.basis), "needed": known.basis})


def _by_scope(above: Whole, campaign: Campaign, matcher: UnitMatcher) -> Iterator[FileWarning]:
    """A district's own counter is in sums, its standing is that of the district with all below."""
    levels = [level.key for level in campaign.levels]
    default = np.array([level.default_scope == "below" for level in campaign.levels])
    of_unit = np.array([levels.index(unit.level) for unit in matcher.units], dtype=np.int64)
    level, is_below = of_unit[above // 2 // len(campaign.indicators)], above % 2 == 1
    odd = level[is_below != default[level]]
    for at, count in zip(*(part.tolist() for part in np.unique(odd, return_counts=True)), strict=True):
        known = campaign.levels[at]
        code = "own_never_judged" if known.default_scope == "below" else "below_never_judged"
        yield FileWarning(code, {"level": known.name.vi, "count": str(count), "key": known.key})
