"""A figure as it was reported, in words: for the preview of a file and of a withdrawal."""

from decimal import Decimal
from typing import Protocol

from jobs.wording import results as wording
from models.core import formats
from models.core.texts import text
from targets.values import Measure


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
