"""A figure or a score as it was told, in words: in the preview of a file or a withdrawal, and as it arrived."""

from decimal import Decimal
from typing import Protocol

from jobs.wording import results as wording
from models.core import formats
from models.core.texts import text
from models.readings.arrivals import Arrival
from models.units.queries import OfficialScore
from targets.values import Campaign, Indicator, Measure


class Reported(Protocol):
    """What a source says of one figure."""

    @property
    def numerator(self) -> int | None: ...
    @property
    def denominator(self) -> int | None: ...
    @property
    def value(self) -> float | Decimal | None: ...
    @property
    def value_high(self) -> float | None: ...
    @property
    def qualifier(self) -> str | None: ...


def reported(told: Reported, measure: Measure, language: str) -> str:
    """A rate from its counts, a percent alone (perhaps a bound), a count alone, or that there was nothing to do."""
    if measure.kind == "count" and told.numerator is not None:
        said = formats.decided(told.numerator, measure, language)
        return said if told.qualifier is None else wording.bounded(said, told.qualifier, language)
    value = None if told.value is None else formats.decided(told.value, measure, language)
    if told.value is not None and told.qualifier is not None:
        value = wording.bound(float(told.value), told.qualifier, measure, language, high=told.value_high)
    if measure.kind == "days" and value is not None:
        return value
    if told.denominator == 0:
        return text("upload.figure.no_cases", language)
    if told.numerator is None:
        return text("upload.figure.none", language) if value is None else value
    numerator = formats.whole(told.numerator, language)
    if told.denominator is None:
        said = text("upload.figure.numerator", language, numerator=numerator)
        if value is None and told.qualifier is not None:
            said = wording.bounded(said, told.qualifier, language)
    else:
        rate = formats.percent(100 * told.numerator / told.denominator, language)
        denominator = formats.whole(told.denominator, language)
        said = text("upload.figure.counts", language, value=rate, numerator=numerator, denominator=denominator)
    return said if value is None else text("upload.figure.reported", language, said=said, value=value)


def arrived(arrival: Arrival, indicator: Indicator, language: str) -> str:
    """The figure of an arrival: a rate, a bound said to be one, or that there was nothing to handle."""
    if arrival.denominator == 0:
        return text("unit.arrivals.no_cases", language)
    figure = arrival.figure(indicator.measure)
    if figure is None:
        return wording.count_alone(arrival.numerator or 0, arrival.qualifier, indicator, language)
    if arrival.qualifier is None and indicator.measured_in == "units" and arrival.denominator:
        return wording.adopted(arrival.numerator or 0, arrival.denominator, indicator.measure, language)
    if arrival.qualifier is None:
        return wording.written(figure, indicator, language)
    return wording.bound(figure, arrival.qualifier, indicator.measure, language, high=arrival.value_high)


def arrived_in_full(arrival: Arrival, indicator: Indicator, language: str) -> str:
    """ "48,6% (1.759/3.618 hồ sơ)", with what its file says of it."""
    value = arrived(arrival, indicator, language)
    beside = [counts(arrival.numerator, arrival.denominator, indicator, language), *notes(arrival, language)]
    said = ", ".join(filter(None, beside))
    return text("unit.arrivals.figure", language, value=value, counts=said) if said else value


def counts(numerator: int | None, denominator: int | None, indicator: Indicator, language: str) -> str:
    """ "1.759/3.618 hồ sơ"; empty where only a percent was told."""
    if numerator is None or denominator is None:
        return ""
    return text(
        "counts",
        language,
        numerator=formats.whole(numerator, language),
        denominator=formats.whole(denominator, language),
        counted=indicator.counted.of(language),
    )


def notes(arrival: Arrival, language: str) -> list[str]:
    """What the file says beside the figure: its note, and the sentence it was taken from."""
    said = [text("unit.arrivals.note", language, note=arrival.note)] if arrival.note else []
    if arrival.quotation:
        said.append(text("unit.arrivals.quotation", language, quotation=arrival.quotation))
    return said


def scored_of(score: OfficialScore, campaign: Campaign, language: str) -> str:
    """What a score is of: an indicator, or all together, and which time."""
    known = {indicator.key: indicator.name.of(language) for indicator in campaign.indicators}
    name = text("unit.scores.total", language)
    if score.indicator is not None:
        name = known.get(score.indicator, score.indicator)
    if score.basis == "year":
        period = text("unit.scores.year", language, year=str(score.period_start.year))
    else:
        first, last = (formats.day(day, language) for day in (score.period_start, score.period_end))
        period = text("unit.scores.span", language, start=first, end=last)
    return text("unit.scores.name", language, name=name, period=period)


def scored(score: OfficialScore, language: str) -> str:
    """ "18,5/22 điểm, hạng 9/63 (cả nước)": points and rank, as far as they were told."""
    parts = []
    if score.points is not None:
        points = formats.target_percent(score.points, language).removesuffix("%")
        if score.max_points is None:
            parts.append(text("unit.scores.points", language, points=points))
        else:
            most = formats.target_percent(score.max_points, language).removesuffix("%")
            parts.append(text("unit.scores.points_of", language, points=points, most=most))
    if score.rank is not None:
        rank = formats.whole(score.rank, language)
        if score.rank_of is None:
            said = text("unit.scores.rank", language, rank=rank)
        else:
            said = text("unit.scores.rank_of", language, rank=rank, of=formats.whole(score.rank_of, language))
        if score.rank_group:
            said = text("unit.scores.rank_group", language, said=said, group=score.rank_group)
        parts.append(said)
    return ", ".join(parts)
