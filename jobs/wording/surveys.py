"""A survey's grades, and a rate told of another denominator too, in words."""

from collections.abc import Iterable, Sequence

from jobs.wording.results import figure
from models.core import formats
from models.core.texts import text
from targets.results import Result
from targets.values import Campaign


def beside(row: Result, rows: Iterable[Result], campaign: Campaign, language: str) -> str:
    """ "99,6% trên hồ sơ đã giải quyết · 92,1% trên hồ sơ tiếp nhận": the same cases as a share of another indicator's
    too, where its file names one and both are of one day; else empty. `rows`: of the same unit.
    """
    indicator = campaign.indicator(row.indicator)
    if not indicator.also_of:
        return ""
    other = next((each for each in rows if (each.unit, each.indicator) == (row.unit, indicator.also_of)), None)
    if other is None or not (row.has_counts and other.has_counts and row.denominator):
        return ""
    numerator, cases = row.numerator or 0, other.denominator or 0
    if not numerator <= cases or not cases or row.reading_as_of != other.reading_as_of:
        return ""
    return text(
        "figure.beside",
        language,
        value=figure(row, language),
        all=indicator.denominator.of(language),
        other=formats.percent(100 * numerator / cases, language),
        others=campaign.indicator(other.indicator).denominator.of(language),
    )


def own_lines(rows: Iterable[Result], campaign: Campaign) -> tuple[Result, ...]:
    """The rows that are lines of their own: `Campaign.own_lines`."""
    keys = {indicator.key for indicator in campaign.own_lines}
    return tuple(row for row in rows if row.indicator in keys)


def grades(row: Result, rows: Iterable[Result], campaign: Campaign) -> tuple[Result, ...]:
    """How a survey's votes are spread: the rows of its grades, best first, where all are known and of one day."""
    indicator = campaign.indicator(row.indicator)
    survey = campaign.indicator(indicator.grade_of) if indicator.grade_of else indicator
    of_unit = {each.indicator: each for each in rows if each.unit == row.unit}
    found = tuple(of_unit[key] for key in survey.grades if key in of_unit)
    days = {each.reading_as_of for each in found}
    is_whole = len(found) == len(survey.grades) and len(days) == 1 and all(each.value is not None for each in found)
    return found if is_whole else ()


def spread(found: Sequence[Result], campaign: Campaign, language: str) -> str:
    """ "Rất hài lòng 89,7% · Hài lòng 10,3% · Không hài lòng 0,0%"; empty where nothing is known."""
    return " · ".join(
        f"{campaign.indicator(row.indicator).short_name.of(language)} {figure(row, language)}" for row in found
    )
