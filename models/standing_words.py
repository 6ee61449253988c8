"""A row's standing in words, and how much is known of a thin sum: for pages, slides and documents alike."""

from collections.abc import Mapping

from models import formats
from models.texts import text
from targets.findings import may_be_lost
from targets.results import Result
from targets.values import Campaign


def standing_of(row: Result, language: str) -> str:
    """ "Nguy cơ cao không đạt"; of a target that is met and may be lost again before its day: "Đã đạt, cần giữ"."""
    return text("standing_keep" if may_be_lost(row) else f"standing.{row.standing}", language)


def where_it_is_from(sources: Mapping[str, int], campaign: Campaign, language: str) -> str:
    """ "gộp từ nhiều nguồn: Hệ thống tỉnh 250 đơn vị, Tệp 1 đơn vị"; empty where one source told all units of a sum."""
    if len(sources) < 2:
        return ""
    told = (
        text(
            "mixed.source", language, source=campaign.source(key).name.of(language), units=formats.whole(many, language)
        )
        for key, many in sources.items()
    )
    return text("mixed.sources", language, sources=", ".join(told))


def how_much_is_known(row: Result, campaign: Campaign, language: str, *, units: tuple[int, int] | None = None) -> str:
    """ "mới có số liệu của 7 trên 257 đơn vị": what makes a row thin, its units or, where they are enough, their cases.

    `units`: how many are in the sum, of how many; without them their share is told.
    """
    share = 100 * (row.coverage or 0)
    if share >= campaign.least_coverage:
        least = formats.target_percent(campaign.least_coverage, language)
        counted = campaign.indicator(row.indicator).counted.of(language)
        return text("thin.cases", language, least=least, counted=counted)
    if units is None:
        return text("thin.share", language, share=formats.percent(share, language))
    counted_units, expected = (formats.whole(number, language) for number in units)
    return text("thin.units", language, counted=counted_units, expected=expected)
