"""What is remarked upon while figures are stored or previewed: codes of `warning` in data/texts with their terms."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from models.columns import day_of
from models.formats import rounded_brief
from targets.values import Campaign

NAMED = 5
"""So many second statements are named one by one; the others are counted."""


def of_second(
    campaign: Campaign,
    *,
    unit: str,
    indicator: str,
    as_of: int,
    counts: tuple[float, float],
    value: float,
    place: str = "",
) -> dict[str, Any]:
    """A second statement: whose, the counts that stay, and how far from them its percent is; NaN for a count alone."""
    numerator, denominator = counts
    terms = {
        "unit": unit,
        "indicator": campaign.indicator(indicator).name.vi,
        "day": f"{day_of(as_of):%d/%m/%Y}",
        "numerator": f"{numerator:.0f}",
        "denominator": f"{denominator:.0f}",
    }
    if np.isnan(value) or denominator == 0:
        return {"code": "figure_beside_counts", "terms": terms, "place": place}
    rate = 100 * numerator / denominator
    apart = rounded_brief(abs(value - rate))
    terms |= {"reported": f"{value:.10g}", "recomputed": f"{rounded_brief(rate):f}", "points": f"{apart:f}"}
    return {"code": "percent_beside_counts", "terms": terms, "place": place}


def closed(remarks: Sequence[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """The remarks, and how many more there would be."""
    if count <= len(remarks):
        return list(remarks)
    terms = {"count": str(count - len(remarks)), "code": remarks[0]["code"]}
    return [*remarks, {"code": "more_of_these", "terms": terms, "place": ""}]
