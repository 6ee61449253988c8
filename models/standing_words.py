"""A row's standing in words, and how much is known of a thin sum: for pages, slides and documents alike."""

from models import formats
from models.texts import text
from targets.findings import Beyond, may_be_lost
from targets.results import Result
from targets.values import Campaign


def standing_of(row: Result, language: str) -> str:
    """ "Nguy cơ cao"; of a target that is met and may be lost again before its day: "Đã đạt, cần giữ".

    What is out of reach is told with the best that can still be had: "Không còn khả năng đạt, cao nhất còn có thể 95,6%".
    """
    if may_be_lost(row):
        return text("standing_keep", language)
    word = text(f"standing.{row.standing}", language)
    best = best_of(row, language)
    return text("standing_best", language, standing=word, best=best) if best else word


def best_of(row: Result, language: str) -> str:
    """ "cao nhất còn có thể 95,6%" of what is out of reach; empty of all else, and where nobody knows how much."""
    if row.standing != "out_of_reach" or row.attainable is None:
        return ""
    return text("best", language, value=formats.percent(row.attainable, language, target=row.target))


def beyond_of(found: Beyond, campaign: Campaign, language: str) -> str:
    """What the office is told of a target that nearly all units cannot reach, and the level that most still can."""
    said = text(
        "beyond",
        language,
        indicator=campaign.indicator(found.indicator).name.of(language),
        out=formats.whole(found.out, language),
        judged=formats.whole(found.judged, language),
    )
    if found.level is None:
        return said
    return text("beyond_level", language, said=said, level=formats.percent(found.level, language))


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
