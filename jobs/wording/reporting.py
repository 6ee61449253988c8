"""Who has told the figures of a day, and what waits for the office, in words: alike wherever they are counted."""

from jobs.wording.results import without_office
from models.core import formats
from models.core.texts import text
from models.tasks.dated import Decision
from targets.findings import Told

NAMED = 3
"""Units that a line names; beyond them it counts."""


def who_told(told: Told, language: str) -> str:
    """ "234/257 đơn vị có số liệu ngày 07/05"; all of them, or that nobody has any, or none that is new enough."""
    units = formats.whole(told.units, language)
    if told.day is None:
        return text("told.none", language, units=units)
    day = formats.short_day(told.day, language)
    if not told.told:
        return text("told.stale", language, units=units, day=day)
    if not told.silent:
        return text("told.all", language, units=units, day=day)
    return text("told.some", language, told=formats.whole(told.told, language), units=units, day=day)


def who_is_silent(told: Told, language: str) -> str:
    """ "23/257 đơn vị chưa có số liệu ngày 07/05"; as `who_told` where all have told, or nobody has."""
    if told.day is None or not told.silent or not told.told:
        return who_told(told, language)
    silent, units = formats.whole(told.silent, language), formats.whole(told.units, language)
    return text("told.silent", language, silent=silent, units=units, day=formats.short_day(told.day, language))


def what_waits(decision: Decision, language: str) -> str:
    """ "2 đề nghị rà soát số liệu (1 quá hạn)"."""
    said = text(f"decide.{decision.kind}", language, count=formats.whole(decision.count, language))
    if not decision.late:
        return said
    return text("decide.late", language, said=said, late=formats.whole(decision.late, language))


def what_waits_of_whom(decision: Decision, language: str) -> str:
    """The same, and of which units: "3 nguyên nhân chờ xác nhận: huyện Một, Sở Hai"."""
    said, units = what_waits(decision, language), decision.units
    if not units:
        return said
    named = ", ".join(without_office(name) for name in units[:NAMED])
    if len(units) > NAMED:
        named = text("decide.more", language, units=named, count=formats.whole(len(units) - NAMED, language))
    return text("decide.of", language, said=said, units=named)
