"""The accounting periods that words name: "năm 2023", "Quý III/2025", "tháng 10 năm 2025", "9 tháng đầu năm 2025"."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from jobs.imports.words import folded
from targets.values import Basis

QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
QUARTER, YEAR = 3, 12
"""Months of each."""
_DAY = r"[0-9]{1,2}\s*[/.-]\s*[0-9]{1,2}\s*[/.-]\s*20[0-9]{2}"
_ONE_DAY = re.compile(_DAY)
_SPAN = re.compile(rf"(?:tu|from)(?: ngay)? (?P<first>{_DAY}) (?:den|toi|to)(?: het)?(?: ngay)? (?P<last>{_DAY})")
_LISTED = re.compile(r"(?i)(tháng\s*[0-9]{1,2})\s*[-–,&+]\s*([0-9]{1,2})(?![0-9])")
_NO_PERIOD = re.compile(
    rf"{_DAY}|\bngay [0-9]{{1,2}} thang [0-9]{{1,2}}(?: nam 20[0-9]{{2}})?"
    r"|\b(?:ke hoach|chien dich|chuong trinh|de an|muc tieu|chi tieu|nhiem vu) nam 20[0-9]{2}"
    r"|\b(?:tuan|week) [0-9]{1,2}(?: thang [0-9]{1,2})?(?: (?:nam )?20[0-9]{2})?\b"
)
"""Days and weeks, which lie in a period and are none; what is only called by its year."""
_IN_YEAR = r"(?: (?:nam )?(?P<year>20[0-9]{2}))?\b"
_LATER_HALF = re.compile(r"\b6 thang cuoi nam\b")
_THROUGH = re.compile(rf"\b(?P<month>[0-9]{{1,2}}) thang(?: dau)? nam{_IN_YEAR}")
_MONTHS = re.compile(
    r"\bthang (?P<first>[0-9]{1,2}) (?:(?:va|den|toi) (?:thang )?|thang )(?P<month>[0-9]{1,2})" + _IN_YEAR
)
_MONTH = re.compile(rf"\b(?:thang |month |t)(?P<month>[0-9]{{1,2}}){_IN_YEAR}")
_QUARTER = re.compile(rf"\b(?:quy |quarter |q)(?P<quarter>iv|i{{1,3}}|[1-4]){_IN_YEAR}")
_WHOLE_YEAR = re.compile(r"\b(?:nam|year) (?P<year>20[0-9]{2})\b")
_BARE_MONTH = re.compile(r"(?P<month>[0-9]{1,2}) (?P<year>20[0-9]{2})|(?P<year_first>20[0-9]{2}) (?P<after>[0-9]{1,2})")
_BARE_YEAR = re.compile(r"20[0-9]{2}")


class NoPeriod(Exception):
    """Words name a period that is not kept apart here (a half-year), or several as if they were one."""


@dataclass(frozen=True)
class Period:
    """A month, a quarter or a year; `year` None where its words leave it open."""

    basis: Basis
    year: int | None
    month: int = 1
    """Its first month."""
    through: int = 0
    """The month up to which a year is reported; 0: all of it."""

    @property
    def start(self) -> date:
        return date(self.year or 1, self.month, 1)

    @property
    def end(self) -> date:
        """Its last day."""
        return _last_day(self.year or 1, self.month + {"month": 0, "quarter": QUARTER - 1}.get(self.basis, YEAR - 1))

    @property
    def until(self) -> date:
        """Its last day that is reported."""
        return _last_day(self.year or 1, self.through) if self.through else self.end

    def in_year(self, year: int) -> "Period":
        return replace(self, year=year)

    def __str__(self) -> str:
        """10/2025, 7-9/2025, 2025: the same in every language."""
        year = "…" if self.year is None else str(self.year)
        if self.basis == "year":
            return f"1-{self.through}/{year}" if self.through else year
        return f"{self.month}/{year}" if self.basis == "month" else f"{self.month}-{self.month + 2}/{year}"


def _last_day(year: int, month: int) -> date:
    return date(year + month // YEAR, month % YEAR + 1, 1) - timedelta(days=1)


def periods_in(texts: Iterable[str]) -> frozenset[Period]:
    """The periods that some texts name, each text by itself. Raises NoPeriod."""
    return frozenset(period for words in texts for period in _periods(words))


def period_in_cell(words: str, word: str) -> frozenset[Period]:
    """The period of a cell below a heading such as "Tháng", whose word a bare number goes without. Raises NoPeriod."""
    plain = folded(words)
    if (bare := _BARE_MONTH.fullmatch(plain)) and word in ("", "thang"):
        year, month = (bare["year"], bare["month"]) if bare["year"] else (bare["year_first"], bare["after"])
        return frozenset((Period("month", int(year), _month(month)),))
    if _BARE_YEAR.fullmatch(plain) and word in ("", "nam"):
        return frozenset((Period("year", int(plain)),))
    found = _periods(words) or _periods(f"{word} {words}")
    if plain and not found:
        raise NoPeriod
    return frozenset(found)


def settled(found: Iterable[Period], day: date | None) -> frozenset[Period]:
    """Those without a year take the one year named beside them, else that of a day in them or in the month after."""
    known, still_open = set(found), {period for period in found if period.year is None}
    years = {period.year for period in known if period.basis == "year" and not period.through and period.year}
    if still_open and len(years) == 1:
        year = next(iter(years))
        dated = {replace(period, year=year) for period in still_open}
        return frozenset(dated | (known - still_open - {Period("year", year)}))
    if still_open and day is not None:
        return frozenset(_dated(period, day) if period.year is None else period for period in known)
    return frozenset(known)


def whole_year(title: Iterable[str]) -> Period | None:
    """The year that a title is of, and of nothing else: "Kết quả năm 2023"."""
    try:
        found = periods_in(title)
    except NoPeriod:
        return None
    years = [period for period in found if period.basis == "year" and not period.through]
    return years[0] if len(found) == len(years) == 1 else None


def _periods(words: str) -> set[Period]:
    found: set[Period] = set()
    left = _folded_around_days(_LISTED.sub(r"\1 đến \2", words))
    for span in _SPAN.finditer(left):
        found.add(_of_span(*(_day(span[name]) for name in ("first", "last"))))
    left = " ".join(folded(_NO_PERIOD.sub(" ; ", _SPAN.sub(" ; ", left))).split())
    if _LATER_HALF.search(left):
        raise NoPeriod
    for form, read in _FORMS:
        found |= {read(match) for match in form.finditer(left)}
        left = form.sub(" ", left)
    return found


def _folded_around_days(words: str) -> str:
    """The words folded, the days among them whole: 28/10/2025 is a day, "10/2025" a month."""
    days = [re.sub(r"\s", "", match[0]) for match in _ONE_DAY.finditer(words)]
    around = [folded(part) for part in _ONE_DAY.split(words)]
    return " ".join(part for pair in zip(around, [*days, ""], strict=True) for part in pair if part)


def _day(words: str) -> date:
    day, month, year = (int(part) for part in re.split(r"[/.-]", words))
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NoPeriod from error


def _of_span(first: date, last: date) -> Period:
    """ "Từ ngày 01/01/2025 đến ngày 28/10/2025" is the year so far. Where the first day begins several periods that all
    hold the last one, it must be the end of one of them."""
    bases: tuple[tuple[Basis, int], ...] = (("month", 1), ("quarter", QUARTER), ("year", YEAR))
    begun = [Period(basis, first.year, first.month) for basis, months in bases if (first.month - 1) % months == 0]
    holding = [period for period in begun if period.start == first and last <= period.end]
    ending = [period for period in holding if period.end == last]
    fitting = ending or holding
    if first > last or len(fitting) != 1:
        raise NoPeriod
    return fitting[0]


def _month(words: str) -> int:
    if not 1 <= int(words) <= YEAR:
        raise NoPeriod
    return int(words)


def _year(match: "re.Match[str]") -> int | None:
    return int(match["year"]) if match["year"] else None


def _of_months(match: "re.Match[str]") -> Period:
    """ "Tháng 1 đến tháng 9" is the year so far, "tháng 4-6" a quarter; other months together are no period."""
    first, last = _month(match["first"]), _month(match["month"])
    if first % QUARTER == 1 and last == first + QUARTER - 1 and first > 1:
        return Period("quarter", _year(match), first)
    if first == 1 and last > QUARTER:
        return Period("year", _year(match), through=last)
    raise NoPeriod


def _of_quarter(match: "re.Match[str]") -> Period:
    number = QUARTERS.get(match["quarter"]) or int(match["quarter"])
    return Period("quarter", _year(match), QUARTER * (number - 1) + 1)


_FORMS: tuple[tuple["re.Pattern[str]", Callable[["re.Match[str]"], Period]], ...] = (
    (_THROUGH, lambda match: Period("year", _year(match), through=_month(match["month"]))),
    (_MONTHS, _of_months),
    (_MONTH, lambda match: Period("month", _year(match), _month(match["month"]))),
    (_QUARTER, _of_quarter),
    (_WHOLE_YEAR, lambda match: Period("year", _year(match))),
)


def _dated(period: Period, day: date) -> Period:
    """The one that holds the day, or whose last reported month ended in the month before it; else as it was."""
    for year in (day.year, day.year - 1):
        one = replace(period, year=year)
        months = YEAR * (day.year - one.until.year) + day.month - one.until.month
        if one.start <= day and months <= 1:
            return one
    return period
