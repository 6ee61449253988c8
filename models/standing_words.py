"""A row's standing in words, and how much is known of a thin sum: for pages, slides and documents alike."""

import numpy as np

from models import formats
from models.columns import day_number, day_of
from models.holidays import working_days
from models.texts import text
from targets.findings import may_be_lost
from targets.periods import counted_since, is_young
from targets.results import Result
from targets.values import Campaign


def standing_of(row: Result, language: str) -> str:
    """ "Nguy cơ cao không đạt"; of a target that is met and may be lost again before its day: "Đã đạt, cần giữ"."""
    return text("standing_keep" if may_be_lost(row) else f"standing.{row.standing}", language)


def how_much_is_known(row: Result, campaign: Campaign, language: str, *, units: tuple[int, int] | None = None) -> str:
    """ "mới có số liệu của 7 trên 257 đơn vị": what makes a row thin, its units or, where they are enough, their cases;
    or that its period has only begun.

    `units`: how many are in the sum, of how many; without them their share is told.
    """
    basis = campaign.indicator(row.indicator).basis
    if row.reading_as_of is not None:
        told = np.array([day_number(row.reading_as_of)], dtype=np.int64)
        if is_young(basis, told, campaign, working_days(campaign))[0]:
            since = day_of(int(counted_since(basis, told, campaign)[0]))
            return text("thin.young", language, date=formats.day(since, language))
    share = 100 * (row.coverage or 0)
    if share >= campaign.least_coverage:
        least = formats.target_percent(campaign.least_coverage, language)
        counted = campaign.indicator(row.indicator).counted.of(language)
        return text("thin.cases", language, least=least, counted=counted)
    if units is None:
        return text("thin.share", language, share=formats.percent(share, language))
    counted_units, expected = (formats.whole(number, language) for number in units)
    return text("thin.units", language, counted=counted_units, expected=expected)
