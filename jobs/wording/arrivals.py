"""A figure as it arrived, in words: its value, its counts, and what the file says beside it."""

from jobs.wording import results as wording
from models.core import formats
from models.core.texts import text
from models.readings.arrivals import Arrival
from targets.values import Indicator


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
