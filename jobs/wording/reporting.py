"""How many units have told the figures of a day, in words: alike wherever they are counted."""

from models.core import formats
from models.core.texts import text
from targets.findings import Told


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
