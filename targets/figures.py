"""Figures and days as people write them: "1030/1.365", "xấp xỉ 94%", "22-3".

A cell is read by what its column holds: a count, a percent, or (an indicator's column without a sub-header) either.
What could mean two things is refused with a `FigureProblem`, never guessed; its code is the key of a sentence.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from targets.errors import FigureProblem
from targets.values import Qualifier

Cell = str | int | float | bool | date | None
"""What a sheet's cell can hold. Text from a CSV file is always `str`."""
Holds = Literal["count", "percent", "points", "either"]
"""What a column holds: it decides what "1.365" means."""

EXCEL_ORIGIN = date(1899, 12, 30)
"""Day 0 of Excel's serial numbers (days from March 1900 on)."""
LARGEST_COUNT = 10**12
"""Beyond it a count is a slip of the keyboard."""
DECIMALS_KEPT = 10
"""Digits after this one are noise of binary fractions: 0.0706 × 100 is 7.06."""
DECIMALS_COMPARED = 6


class Percent(float):
    """A number that its cell shows as a percent, in points: 0.0706 shown as 7,06% is `Percent(7.06)`."""


class Undecided(float):
    """A number that is 41,6 % either way of writing it, 41.6 or 0.416, and nothing in its file says which."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `decimals` is how many the writer gave; `no_cases` stands for "không phát sinh", which is 0.

    Of a range `number` is the low end and `high` the high one.
    """

    number: Decimal | None
    qualifier: Qualifier | None = None
    decimals: int = 0
    no_cases: bool = False
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What one cell says of a rate: its counts, its percent, or both ("1030/1.365 (75,5%)")."""

    numerator: Figure
    denominator: Figure
    value: Figure


EMPTY = Figure(None)
"""Nothing was reported. Not zero."""
NO_CASES = Figure(Decimal(0), no_cases=True)

_EMPTY_WORDS = frozenset(
    ("", "n/a", "na", "null", "none", "khong co", "khong co so lieu", "chua co", "chua co so lieu", "chua bao cao")
)
_NO_CASES_WORDS = frozenset(
    ("kps", "k.p.s", "khong ps", "khong phat sinh", "khong phat sinh ho so", "khong co phat sinh", "khong co ho so")
)
_HAS = frozenset(("co", "da co", "x", "v", "✓", "✔", "☑", "yes", "true", "roi", "da trien khai", "da thuc hien"))
_HAS_NOT = frozenset(("khong", "chua", "no", "false", "chua trien khai", "chua thuc hien"))
_DAYS = re.compile(r"(?<=\d)\s*(ngay lam viec|ngay|days?)$")
_QUALIFIERS: tuple[tuple[Qualifier, str], ...] = (
    ("about", r"xap xi|gan bang|khoang|chung|uoc dat|uoc|~|≈"),
    ("over", r"tren|>=|>|≥"),
    ("more", r"hon"),
    ("under", r"gan"),
    ("less", r"duoi|chua den|chua toi|<=|<|≤"),
)
_SIGNS: dict[Qualifier | None, str] = {"about": "~", "over": "> ", "under": "gan ", "more": "hon ", "less": "< "}
_QUALIFIED = re.compile("|".join(rf"(?P<{name}>{words})" for name, words in _QUALIFIERS))
_REACHED = re.compile(r"dat\s+")
_PERCENT_SIGN = re.compile(r"\s*(%|phan tram)$")
_MEASURE = re.compile(r"(?<=\d)\s*(ho so|hs|thu tuc|tthc|phieu danh gia|phieu|luot|truong hop)$")
_POINTS = re.compile(r"(?<=\d)\s*(diem|points?)$")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_INVISIBLE = str.maketrans(dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad"))

_NO_DIGITS = re.compile("[²³¹⁰-⁹₀-₉¼-¾⅐-⅟↉①-⓿❶-➓㈠-㏿\U0001d7ce-\U0001d7ff\U0001f100-\U0001f10a\U0001fbf0-\U0001fbf9]")
"""What NFKC would make digits of, full-width ones (１０) aside."""
_WHOLE = re.compile(r"[0-9]+")
_COULD_BE_EITHER = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?:,[0-9]{3})+|(?: [0-9]{3})+)")
_GROUPED_DECIMAL = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?:\.[0-9]{3})+),(?P<part>[0-9]+)"
    r"|(?P<whole_2>[1-9][0-9]{0,2}(?:,[0-9]{3})+)\.(?P<part_2>[0-9]+)"
    r"|(?P<whole_3>[1-9][0-9]{0,2}(?: [0-9]{3})+)[.,](?P<part_3>[0-9]+)"
)
_DECIMAL = re.compile(r"([0-9]*)[.,]([0-9]+)")
_NEGATIVE = re.compile(r"-\s*[0-9].*|\(\s*[0-9][0-9.,\s]*\)")
_RANGE = re.compile(r"(?:tu )?(?P<low>[0-9][0-9.,\s]*)(?P<sign>%?)\s*(?:-|~|den|toi)\s*(?P<high>[0-9].*)")
_FRACTION = re.compile(r"(?P<numerator>[^/()]+)/(?P<denominator>[^/()]+?)(?:\s*\((?P<value>[^()]+)\))?")


def plain(text: str) -> str:
    """One way of writing for one meaning: full-width digits, odd spaces, dashes and capitals are evened out.

    Other letters that stand for digits, such as the footnote of "45²", are none of a figure.
    """
    reported = text if text.isascii() else _NO_DIGITS.sub("\ufffd", text)
    evened = unicodedata.normalize("NFKC", reported).translate(_DASHES).translate(_INVISIBLE)
    return " ".join(evened.split()).casefold().removeprefix("'")


def unmarked(text: str) -> str:
    """`plain` without Vietnamese marks: "xấp xỉ" and "xap xi" are one."""
    letters = unicodedata.normalize("NFD", plain(text).replace("đ", "d"))
    return unicodedata.normalize("NFC", "".join(letter for letter in letters if not unicodedata.combining(letter)))


# --- figures --------------------------------------------------------------------------------------------------------


def count_in(cell: Cell) -> Figure:
    """A whole number of cases: "27.503", "1 365" and "1,365" group thousands here."""
    return _figure(cell, "count")


def percent_in(cell: Cell) -> Figure:
    """A percent in points: a single separator is a decimal one here, so "1.365" is 1,365 %."""
    return _figure(cell, "percent")


def points_in(cell: Cell) -> Figure:
    """Official score points, decimal like a percent; a percent sign is refused."""
    return _figure(cell, "points")


def typed_in(written: str, holds: Holds) -> Decimal | None:
    """An exact figure as somebody types it into a field; None where it is empty, a bound, or no figure."""
    try:
        figure = _figure(written, holds)
    except FigureProblem:
        return None
    return figure.number if figure.qualifier is None and not figure.no_cases else None


def as_percent(figure: Figure, *, scale: Decimal) -> str:
    """A figure as a cell holds a percent, a fraction made points by `scale`; its qualifier stays with it."""
    number, high = ("" if end is None else f"{end * scale:f}" for end in (figure.number, figure.high))
    return f"{number}-{high}%" if high else f"{_SIGNS.get(figure.qualifier, '')}{number}%"


def counts_in(cell: Cell) -> Counts:
    """Both counts in one cell, "1030/1.365", with the percent in brackets if it is there."""
    if isinstance(cell, str):
        match = _FRACTION.fullmatch(plain(cell))
        if match and not says_nothing(cell):
            return Counts(
                count_in(match["numerator"]), count_in(match["denominator"]), percent_in(match["value"] or None)
            )
    figure = count_in(cell)
    if figure.number is not None and not figure.no_cases:
        raise FigureProblem("counts_without_slash")
    return Counts(figure, figure, EMPTY)


def rate_in(cell: Cell) -> Counts:
    """An indicator's column without a sub-header: a percent, or both counts where there is a slash."""
    if isinstance(cell, str) and "/" in cell and not says_nothing(cell):
        return counts_in(cell)
    return Counts(EMPTY, EMPTY, _figure(cell, "either"))


def days_in(cell: Cell) -> Figure:
    """How many days it took on average: "7,5", "7,5 ngày"."""
    return percent_in(_DAYS.sub("", unmarked(cell)) if isinstance(cell, str) else cell)


def adopted_in(cell: Cell) -> Counts:
    """Whether a unit has it ("có", "x", "chưa"), or of how many it is: "19/20"."""
    words = unmarked(cell) if isinstance(cell, str) else ""
    if words in _HAS or words in _HAS_NOT or cell in (True, False):
        has = words in _HAS or cell is True or (cell == 1 and not words)
        return Counts(Figure(Decimal(int(has))), Figure(Decimal(1)), EMPTY)
    return rate_in(cell)


def votes_in(cell: Cell) -> Counts:
    """How many voted so: a count, or what part of all votes it is where the cell says so ("89,7%", "276/2.679")."""
    if is_marked(cell):
        return Counts(EMPTY, EMPTY, percent_in(cell))
    if isinstance(cell, str) and "/" in cell and not says_nothing(cell):
        return counts_in(cell)
    return Counts(count_in(cell), EMPTY, EMPTY)


def is_marked(cell: Cell) -> bool:
    """Whether a cell itself says that it is a percent: by its format, or by the sign behind its number."""
    return isinstance(cell, Percent) or (isinstance(cell, str) and bool(_PERCENT_SIGN.search(unmarked(cell))))


def is_counted(cell: Cell) -> bool:
    """Whether a cell itself says that it is a count: "45 hồ sơ"."""
    return isinstance(cell, str) and bool(_MEASURE.search(unmarked(cell)))


def has_figure(cell: Cell) -> bool:
    """Whether a cell holds something meant as a figure, well written or not: a date in a signature is none."""
    if isinstance(cell, str):
        words = _QUALIFIED.sub("", unmarked(cell)).strip()
        if _RANGE.fullmatch(words):
            return True
        words = _PERCENT_SIGN.sub("", words)
        words = _POINTS.sub("", _MEASURE.sub("", words))
        return bool(_WHOLE.search(words)) and not any(letter.isalpha() for letter in words)
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def says_nothing(cell: Cell) -> bool:
    """Whether a cell is empty or holds one of the words for it."""
    if isinstance(cell, str):
        words = unmarked(cell)
        return words in _EMPTY_WORDS or not words.strip("-._ ")
    return cell is None


def _figure(cell: Cell, holds: Holds) -> Figure:
    if cell is None or says_nothing(cell):
        return EMPTY
    if isinstance(cell, bool):
        raise FigureProblem("not_a_figure")
    if isinstance(cell, date):
        raise FigureProblem("date_in_figure")
    if isinstance(cell, int | float):
        return _figure_of_number(cell, holds)
    words = unmarked(cell)
    if words in _NO_CASES_WORDS:
        return NO_CASES
    _refuse_what_is_no_number(words)
    qualifier: Qualifier | None = None
    words = _REACHED.sub("", words, count=1)
    if match := _QUALIFIED.match(words):
        qualifier = next(name for name, _ in _QUALIFIERS if match[name])
        words = words[match.end() :].strip()
    if match := _RANGE.fullmatch(words):
        return _range(match, qualifier, holds)
    if sign := _PERCENT_SIGN.search(words):
        if holds in ("count", "points"):
            raise FigureProblem("percent_in_count" if holds == "count" else "percent_in_points")
        words, holds = words[: sign.start()], "percent"
    if holds != "points" and _POINTS.search(words):
        raise FigureProblem("points_in_figure")
    if _NEGATIVE.fullmatch(words):
        raise FigureProblem("negative")
    if holds in ("percent", "either") and _MEASURE.search(words):
        raise FigureProblem("count_in_percent")
    words = (_POINTS if holds == "points" else _MEASURE).sub("", words)
    number, decimals = _number(words, holds)
    return _checked(Figure(number, qualifier, decimals), holds)


def _range(written: re.Match[str], qualifier: Qualifier | None, holds: Holds) -> Figure:
    """ "90-100%", "khoảng 90 đến 95%": a percent between two. Counts, points and a bound beside it have none."""
    if holds in ("count", "points") or qualifier not in (None, "about"):
        raise FigureProblem("range")
    if written["sign"] or _PERCENT_SIGN.search(written["high"]):
        holds = "percent"
    low, high = _figure(written["low"], holds), _figure(written["high"], holds)
    if low.number is None or high.number is None or high.qualifier is not None or low.number >= high.number:
        raise FigureProblem("range")
    return Figure(low.number, "range", max(low.decimals, high.decimals), high=high.number)


def _refuse_what_is_no_number(words: str) -> None:
    if words.startswith(("#", "err:")):
        raise FigureProblem("excel_error")
    if words.startswith("="):
        raise FigureProblem("formula")
    if words.strip("+-") in ("nan", "inf", "infinity", "∞"):
        raise FigureProblem("not_a_number")


def _number(words: str, holds: Holds) -> tuple[Decimal, int]:
    """The number and how many decimals it was written with."""
    if _WHOLE.fullmatch(words):
        return Decimal(words), 0
    if _COULD_BE_EITHER.fullmatch(words):
        if holds == "either":
            whole, part = re.split("[.,]", words)
            raise FigureProblem("thousands_or_decimal", thousands=whole + part, decimal=f"{whole},{part}%")
        if holds == "count":
            return Decimal(re.sub("[.,]", "", words)), 0
    elif _GROUPED.fullmatch(words):
        return Decimal(re.sub("[., ]", "", words)), 0
    elif match := _GROUPED_DECIMAL.fullmatch(words):
        whole, part = (group for group in match.groups() if group is not None)
        return Decimal(f"{re.sub('[., ]', '', whole)}.{part}"), len(part)
    if match := _DECIMAL.fullmatch(words):
        return Decimal(f"{match[1] or 0}.{match[2]}"), len(match[2])
    raise FigureProblem("not_a_figure")


def _figure_of_number(cell: float, holds: Holds) -> Figure:
    """A cell that holds a number: there are no separators to misread, only its kind to check."""
    if not math.isfinite(cell):
        raise FigureProblem("not_a_number")
    if isinstance(cell, Undecided):
        raise FigureProblem("percent_or_fraction", points=f"{float(cell):g}", fraction=f"{cell * 100:g}")
    if isinstance(cell, Percent) and holds in ("count", "points"):
        raise FigureProblem("percent_in_count" if holds == "count" else "percent_in_points")
    if cell < 0:
        raise FigureProblem("negative")
    written = f"{cell:.{DECIMALS_KEPT}f}".rstrip("0").rstrip(".")
    return _checked(Figure(Decimal(written), None, len(written.partition(".")[2])), holds)


def _checked(figure: Figure, holds: Holds) -> Figure:
    """A count must be whole and of a size that a province can have."""
    if holds != "count" or figure.number is None:
        return figure
    if figure.number != int(figure.number) or figure.decimals > len("00"):
        raise FigureProblem("count_not_whole")
    if figure.number > LARGEST_COUNT:
        raise FigureProblem("count_too_large")
    return Figure(Decimal(int(figure.number)), figure.qualifier)


# --- days -----------------------------------------------------------------------------------------------------------

_TIME = r"(?:[t ]\s*[0-9]{1,2}(?::[0-9]{2}){1,2}(?:\.[0-9]+)?(?:z|[+-][0-9:]+)?)?"
_YEAR_FIRST = re.compile(
    rf"(?P<year>[0-9]{{4}})(?P<mark>[-/.])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<day>[0-9]{{1,2}}){_TIME}"
)
DAY_FIRST = re.compile(
    rf"(?P<day>[0-9]{{1,2}})\s*(?P<mark>[-/.])\s*(?P<month>[0-9]{{1,2}})(?:\s*(?P=mark)\s*(?P<year>[0-9]{{2,4}}))?{_TIME}"
)
_IN_WORDS = re.compile(r"(?P<day>[0-9]{1,2}) thang (?P<month>[0-9]{1,2})(?:,? nam (?P<year>[0-9]{2,4}))?")
DAY_WORDS = re.compile(r"(?:tinh )?(?:den )?(?:het )?ngay |(?:tinh )?den ")
_SERIAL = re.compile(r"[0-9]{5}(?:\.0+)?")
ONE_DAY = (
    r"(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}\s?[-/.]\s?[0-9]{1,2}(?:\s?[-/.]\s?[0-9]{2,4})?"
    r"|[0-9]{1,2} thang [0-9]{1,2}(?:,? nam [0-9]{2,4})?)"
)
MONTHS, LONGEST_MONTH = 12, 31
_SERIALS = (20_000, 80_000)
"""1954 to 2119: a number outside is no day."""


def day_in(cell: Cell, *, first: date, last: date, origin: date = EXCEL_ORIGIN) -> date | None:
    """A day, day before month. Without a year it is the one that puts it between `first` and `last`."""
    if cell is None or says_nothing(cell):
        return None
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool):
        raise FigureProblem("not_a_date")
    if isinstance(cell, int | float):
        return _day_of_serial(cell, origin)
    words = unmarked(cell)
    if words.startswith("="):
        raise FigureProblem("formula")
    if _SERIAL.fullmatch(words):
        return _day_of_serial(float(words), origin)
    words = DAY_WORDS.sub("", words, count=1) if DAY_WORDS.match(words) else words
    for form in (_YEAR_FIRST, DAY_FIRST, _IN_WORDS):
        if match := form.fullmatch(words):
            return _day(match["day"], match["month"], match["year"], first=first, last=last)
    raise FigureProblem("not_a_date")


def _day_of_serial(serial: float, origin: date) -> date:
    if not math.isfinite(serial) or not _SERIALS[0] <= serial <= _SERIALS[1]:
        raise FigureProblem("not_a_date")
    return origin + timedelta(days=int(serial))


def _day(day: str, month: str, year: str | None, *, first: date, last: date) -> date:
    if year is not None and len(year) != len("2024"):
        raise FigureProblem("year_two_digits")
    years = (int(year),) if year is not None else range(first.year, last.year + 1)
    days = [candidate for number in years if (candidate := _day_if_there_is_one(number, int(month), int(day)))]
    if not days:
        raise FigureProblem(
            "date_month_first" if int(day) <= MONTHS < int(month) <= LONGEST_MONTH else "date_impossible"
        )
    if len(days) > 1:
        days = [candidate for candidate in days if first <= candidate <= last]
    if len(days) != 1:
        raise FigureProblem("date_without_year")
    return days[0]


def _day_if_there_is_one(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
