"""Numbers and dates as people in Vietnam write them (13,2%; 27.503; 07/05/2024), and their English counterparts.

A percent never rounds up to a target or to 100 that it has not reached, and what is missing never reads 0,0 while
something is.
"""

import unicodedata
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal

from babel.dates import format_date
from babel.numbers import format_decimal, get_decimal_symbol

from models.core.settings import TIMEZONE
from models.core.texts import LOCALES, text
from targets.values import PERCENT, Measure

MINUS = "\N{MINUS SIGN}"
TENTH = Decimal("0.1")
HUNDREDTH = Decimal("0.01")
FULL = Decimal(100)
MOST_DECIMALS = 12
"""More than a spreadsheet keeps of a percent."""
THOUSANDTH = Decimal("0.001")
MILLIONTH = Decimal("0.000001")
_TONES = "\u0300\u0309\u0303\u0301\u0323"
"""Huyền, hỏi, ngã, sắc, nặng: the order of dictionaries, after the bare vowel."""
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
Number = int | float | Decimal


def _exact(value: Number) -> Decimal:
    """The decimal a person would read: 29.65 is 29.65, not the binary fraction nearest to it."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _written(value: Decimal, pattern: str, language: str) -> str:
    """In the language's separators, with a true minus sign."""
    return format_decimal(value, format=pattern, locale=LOCALES[language]).replace("-", MINUS)


def decimal_mark(language: str) -> str:
    """What stands before the decimals of a number: 13,2 and 13.2."""
    return get_decimal_symbol(LOCALES[language])


def csv_delimiter(language: str) -> str:
    """What parts the cells of a line, as spreadsheets expect it where the comma is taken by decimals."""
    return ";" if decimal_mark(language) == "," else ","


def rounded(
    value: Number, *, target: Number | None = None, lower_is_better: bool = False, measure: Measure = PERCENT
) -> Decimal:
    """One decimal (of a count none), half up; cut off instead where rounding would reach a target, or of a rate 100,
    that the value has not.

    Where lower is better, a value above its target, or above 0, is rounded up instead of down to it.
    """
    exact, place = _exact(value), Decimal(1) if measure.kind == "count" else TENTH
    near = exact.quantize(place, ROUND_HALF_UP)
    if lower_is_better:
        below = (Decimal(0),) if target is None else (_exact(target), Decimal(0))
        return exact.quantize(place, ROUND_UP) if any(near <= limit < exact for limit in below) else near
    limits = _limits(target) if measure.is_rate else () if target is None else (_exact(target),)
    if any(exact < limit <= near for limit in limits):
        return exact.quantize(place, ROUND_DOWN)
    return near


def rounded_percent(value: Number, *, target: Number | None = None, lower_is_better: bool = False) -> Decimal:
    """`rounded` of a rate."""
    return rounded(value, target=target, lower_is_better=lower_is_better)


def decimals(value: Number, *, target: Number | None = None, least: int = 1, lower_is_better: bool = False) -> int:
    """How many decimals a spreadsheet shows of an exact percent: as many as keep it short of a target, or 100, that it
    has not reached. Its formats can only round."""
    if lower_is_better:
        return decimals(FULL - _exact(value), target=None if target is None else FULL - _exact(target), least=least)
    exact = _exact(value)
    unreached = [limit for limit in _limits(target) if exact < limit]
    for places in range(least, MOST_DECIMALS):
        rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if all(rounded < limit for limit in unreached):
            return places
    return MOST_DECIMALS


def _limits(target: Number | None) -> tuple[Decimal, ...]:
    return (FULL,) if target is None else (_exact(target), FULL)


def missing_points(
    value: Number, target: Number, *, lower_is_better: bool = False, measure: Measure = PERCENT
) -> Decimal:
    """Points short of the target: the difference a reader works out from the two numbers shown, at least 0.1.

    Of a count whole ones, at least 1.

    0 where nothing is missing. Where lower is better: points above it.
    """
    way = -1 if lower_is_better else 1
    if way * _exact(value) >= way * _exact(target):
        return Decimal(0)
    shown = rounded(value, target=target, lower_is_better=lower_is_better, measure=measure)
    difference = way * (_exact(target) - shown)
    if measure.kind == "count":
        return difference.quantize(Decimal(1), ROUND_CEILING)
    return max(TENTH, difference.quantize(TENTH, ROUND_HALF_UP))


def figure(
    value: Number, measure: Measure, language: str, *, target: Number | None = None, lower_is_better: bool = False
) -> str:
    """13,2% · 12.345 hồ sơ · 7,5 ngày: a figure in its own measure, as `rounded`."""
    if measure.is_rate:
        return percent(value, language, target=target, lower_is_better=lower_is_better)
    shown = rounded(value, target=target, lower_is_better=lower_is_better, measure=measure)
    return _measured(_number(shown, measure, language), measure, language)


def decided(value: Number, measure: Measure, language: str) -> str:
    """50% · 825 thủ tục · 7 ngày: a figure as it was decided or written down, with no decimal that nobody wrote."""
    if measure.is_rate:
        return target_percent(value, language)
    return _measured(_written(_exact(value), "#,##0.##", language), measure, language)


def published(value: Decimal, measure: Measure, language: str) -> str:
    """12,0% · 825 thủ tục: a result as it was published."""
    return published_percent(value, language) if measure.is_rate else decided(value, measure, language)


def amount(number: Number, measure: Measure, language: str) -> str:
    """20,4 · 655 hồ sơ · 2,0 ngày: a difference where points are what is written; all else says what it is."""
    return _measured(_number(number, measure, language), measure, language)


def change(value: Number, measure: Measure, language: str) -> str:
    """+5,3 · −120 hồ sơ: a change where points are what is written."""
    exact = _exact(value)
    number = _number(abs(exact), measure, language)
    sign = "" if number == _number(0, measure, language) else "+" if exact > 0 else MINUS
    return _measured(sign + number, measure, language)


def in_full(written: str, measure: Measure, language: str) -> str:
    """20,4 điểm phần trăm · 655 hồ sơ: an `amount` or a `change` inside a sentence."""
    return text("points", language, number=written) if measure.is_rate else written


def in_short(written: str, measure: Measure, language: str) -> str:
    """20,4 điểm · 655 hồ sơ: the same beside a standing, where nobody takes points for those of a score."""
    return text("points_short", language, number=written) if measure.is_rate else written


def suffix(measure: Measure, language: str) -> str:
    """ "%", " hồ sơ", " ngày": what stands behind a number of a spreadsheet."""
    return "%" if measure.is_rate else _measured("", measure, language)


def places(
    value: Number, measure: Measure, *, target: Number | None = None, least: int = 1, lower_is_better: bool = False
) -> int:
    """How many decimals a spreadsheet shows of a figure in its measure: `decimals` of a rate."""
    if measure.is_rate:
        return decimals(value, target=target, least=least, lower_is_better=lower_is_better)
    exponent = _exact(value).normalize().as_tuple().exponent
    return 0 if measure.kind == "count" else min(2, max(least, -exponent)) if isinstance(exponent, int) else least


def _number(number: Number, measure: Measure, language: str) -> str:
    if measure.kind == "count":
        return _written(_exact(number).quantize(Decimal(1), ROUND_HALF_UP), "#,##0", language)
    return decimal(number, language)


def _measured(number: str, measure: Measure, language: str) -> str:
    if measure.is_rate:
        return number
    return text(f"measure.{measure.kind}", language, number=number, **_counted(measure, language))


def _counted(measure: Measure, language: str) -> dict[str, str]:
    return {"counted": measure.counted.of(language)} if measure.kind == "count" else {}


def percent(value: Number, language: str, *, target: Number | None = None, lower_is_better: bool = False) -> str:
    """13,2% · 13.2%."""
    return _written(rounded_percent(value, target=target, lower_is_better=lower_is_better), "#,##0.0", language) + "%"


def bound(
    value: Number, measure: Measure, language: str, *, target: Number | None = None, lower_is_better: bool = False
) -> str:
    """80% · 99,49%: the figure of a bound as it was written; one with more decimals, perhaps from counts, as any."""
    exact = _exact(value)
    is_written = exact == exact.quantize(HUNDREDTH)
    if is_written:
        return decided(exact, measure, language)
    return figure(exact, measure, language, target=target, lower_is_better=lower_is_better)


def target_percent(value: Number, language: str) -> str:
    """50% · 72,37%: a target as it was decided, with no decimal that nobody wrote; rounded to two, never to 100."""
    exact = _exact(value)
    if exact < FULL <= exact.quantize(HUNDREDTH, ROUND_HALF_UP):
        exact = exact.quantize(HUNDREDTH, ROUND_DOWN)
    return _written(exact, "#,##0.##", language) + "%"


def published_percent(value: Decimal, language: str) -> str:
    """12,0% · 67,37% · 7%: a result as it was published, with the decimals it was written with.

    One with more than two was worked out from counts: as a target is written.
    """
    places = -int(value.as_tuple().exponent)
    if not 0 < places <= len("00"):
        return target_percent(value, language)
    return _written(value, f"#,##0.{'0' * places}", language) + "%"


def share_needed(points: Number, language: str, *, lower_is_better: bool = False) -> str:
    """83: of every 100 cases to come, how many must be right; rounded up, since fewer are not enough.

    Where lower is better, how many may be wrong at most: rounded down, and none where not even that would do.
    """
    exact = _exact(points).quantize(MILLIONTH, ROUND_HALF_UP)
    if lower_is_better:
        return _written(max(exact, Decimal(0)).quantize(Decimal(1), ROUND_FLOOR), "#,##0", language)
    return _written(exact.quantize(Decimal(1), ROUND_CEILING), "#,##0", language)


def share_had(points: Number, needed: Number, language: str, *, lower_is_better: bool = False) -> str:
    """58: of every 100 cases of a week, how many were right; never as many as are needed while they were fewer.

    Where lower is better, how many were wrong; never as few as may be while they were more.
    """
    exact = _exact(points)
    rounding = ROUND_DOWN if exact < _exact(needed) else ROUND_HALF_UP
    if lower_is_better:
        rounding = ROUND_UP if exact > _exact(needed) else ROUND_HALF_UP
    return _written(exact.quantize(Decimal(1), rounding), "#,##0", language)


def units(count: int, language: str) -> str:
    """3 đơn vị · không đơn vị nào."""
    return text("units_some", language, count=whole(count, language)) if count else text("units_none", language)


def part(share: Number, language: str) -> str:
    """82%: a part (0 to 1) of a whole, without a decimal, and never all of it while something is left."""
    exact = _exact(share)
    rounded = (FULL * exact).quantize(Decimal(1), ROUND_HALF_UP)
    return _written(min(rounded, FULL - 1) if exact < 1 else rounded, "#,##0", language) + "%"


def decimal(value: Number, language: str) -> str:
    """20,4 · 20.4."""
    return _written(rounded_tenth(value), "#,##0.0", language)


def rounded_brief(value: Number) -> Decimal:
    """Three decimals; of what is smaller the first digit, so that a difference never reads as none."""
    exact = _exact(value)
    rounded = exact.quantize(THOUSANDTH, ROUND_HALF_UP)
    return rounded if rounded or not exact else Decimal(f"{exact:.1g}")


def brief(value: Number, language: str) -> str:
    """0,004 · 12.5: a difference too small for one decimal too."""
    return _written(rounded_brief(value), "#,##0.##########", language)


def signed(value: Number, language: str) -> str:
    """+5,3 · −0,6 · 0,0: a change."""
    number = rounded_tenth(value)
    sign = "+" if number > 0 else ""
    return sign + _written(number if number else Decimal("0.0"), "#,##0.0", language)


def rounded_tenth(value: Number) -> Decimal:
    """One decimal, half up: a change in points."""
    return _exact(value).quantize(TENTH, ROUND_HALF_UP)


def rounded_hundredths(value: Number) -> Decimal:
    """Two decimals, half up: parts of a sum that are smaller than what one decimal can show."""
    return _exact(value).quantize(HUNDREDTH, ROUND_HALF_UP)


def hundredths(value: Number, language: str, *, is_change: bool = False) -> str:
    """0,34 · −0.12; a change with its sign: +0,34."""
    number = rounded_hundredths(value)
    sign = "+" if is_change and number > 0 else ""
    return sign + _written(number if number else Decimal("0.00"), "#,##0.00", language)


def whole(value: int, language: str) -> str:
    """27.503 · 27,503."""
    return _written(Decimal(value), "#,##0", language)


def day(value: date, language: str) -> str:
    """07/05/2024."""
    return format_date(value, format="dd/MM/yyyy", locale=LOCALES[language])


def short_day(value: date, language: str) -> str:
    """07/05."""
    return format_date(value, format="dd/MM", locale=LOCALES[language])


def weekday(value: date, language: str) -> str:
    """T3 · Tu."""
    return format_date(value, format="EEEEEE", locale=LOCALES[language])


def moment(value: datetime, language: str) -> str:
    """07/05/2024 08:00, in Vietnamese time."""
    local = value.astimezone(TIMEZONE)
    return f"{day(local.date(), language)} {local:%H:%M}"


def reported_moment(value: datetime, language: str) -> str:
    """08:00 ngày 07/05/2024, in Vietnamese time: a moment inside a sentence."""
    local = value.astimezone(TIMEZONE)
    return text("told_moment", language, time=f"{local:%H:%M}", day=day(local.date(), language))


def capitalised(words: str) -> str:
    """The same words with a capital at their head, the others as they are."""
    return words[:1].upper() + words[1:]


def collation_key(name: str) -> tuple[tuple[tuple[int, int, str], ...], tuple[int, ...]]:
    """Sorts names as a Vietnamese dictionary does: Đ after D, Ơ after Ô, tones only where the letters are equal.

    Numbers inside a name sort by their value: Phường 2 before Phường 10.
    """
    letters: list[tuple[int, int, str]] = []
    tones: list[int] = []
    digits = ""
    for letter in [*unicodedata.normalize("NFC", name.casefold()), ""]:
        if letter.isdecimal():
            digits += letter
            continue
        if digits:
            letters.append((1, int(digits), ""))
            digits = ""
        if not letter:
            break
        parts = unicodedata.normalize("NFD", letter)
        tone = next((mark for mark in parts if mark in _TONES), "")
        bare = unicodedata.normalize("NFC", parts.replace(tone, "")) if tone else letter
        place = _LETTERS.find(bare)
        letters.append((2, place, "") if place >= 0 else (0, 0, bare) if bare.isspace() else (3, 0, bare))
        tones.append(_TONES.index(tone) + 1 if tone else 0)
    return tuple(letters), tuple(tones)
