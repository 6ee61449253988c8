"""The days that a title or a column of days names, and how sure it is which are meant."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from targets.errors import FigureProblem
from targets.figures import DAY_FIRST, DAY_WORDS, LONGEST_MONTH, MONTHS, ONE_DAY, Cell, day_in, unmarked

_TIME = r"(?: [0-9]{1,2} ?(?:h|g|gio|:)(?: ?[0-9]{2})?(?: ?(?:phut|p))?,?)?"
"""The hour that may stand before a day."""
_TITLE_DAYS = tuple(
    re.compile(rf"{words}:? (?P<when>{ONE_DAY})")
    for words in (
        r"(?:(?:so lieu|cap nhat)(?: (?:tinh|cap nhat))?(?: den(?: het)?(?: ngay)?| ngay)"
        rf"|(?:tinh den|as of)(?: het)?{_TIME}(?: ngay)?)",
        r"den(?: het)? ngay",
    )
)
"""How a title says up to which day its figures run: beyond doubt, and where no other day could be meant."""
_NAMED_DAYS = re.compile(
    rf"(?P<aside>\b(?:tu(?: ngay)?|so(?: sanh)? voi(?: ngay)?|ky truoc(?: ngay)?|ke hoach(?: den)?(?: het)? ngay"
    rf"|han(?: den)?(?: het)? ngay|tuan(?: thu)?)|[a-z]+\s*, ngay|/\s?[a-z0-9-]+,? (?:ky )?ngay)?:? ?"
    rf"(?<![0-9/.-])(?P<when>{ONE_DAY})"
)
"""Every day in a title; `aside` is what makes it one of another matter: a beginning, a comparison, a deadline, the
day of a document or of a signature; or no day at all ("tuần 3 tháng 4")."""
_PERIOD = re.compile(r"\b(?:tuan|thang|quy|week|month|quarter)(?: thu)? (?:[0-9]{1,2}|[ivx]{1,4})\b")
_DAY_MEANT = re.compile(r"\bngay\b|\b20[0-9]{2}\b|^[0-9]{1,2}\s?[/-]\s?[0-9]{1,2}$")
_WEEK = re.compile(
    r"\b(?:tuan|week)(?: thu)? (?P<week>[1-5])(?: cua| of)?,? (?:thang|month) (?P<month>[0-9]{1,2})\b"
    r"(?:[ /](?:nam )?(?P<year>20[0-9]{2})\b)?"
)

DayOrder = Literal["day_first", "month_first", "either"]


def days_in_title(text: str, *, first: date, last: date) -> tuple[date, ...]:
    """The days up to which a title may say that its figures run, as it names them; several where it does not say which.

    "Số liệu (tính) đến ngày" settles it. A mere "đến ngày" may be a milestone: with another day beside it that is not
    plainly of another matter both are given.
    """
    words = unmarked(text)
    settled, likely = (
        {match.start("when"): day for match in form.finditer(words) if (day := _day_of(match, first=first, last=last))}
        for form in _TITLE_DAYS
    )
    asides = {match.start("when") for match in _NAMED_DAYS.finditer(words) if match["aside"]}
    likely = {at: day for at, day in likely.items() if at not in asides}
    if settled or not likely:
        return _in_order(settled)
    return _in_order(likely | _named(words, first=first, last=last))


def days_named(text: str, *, first: date, last: date) -> tuple[date, ...]:
    """Every day that a title names as if it could be its figures', in its order."""
    return _in_order(_named(unmarked(text), first=first, last=last))


def days_of_line(text: str, *, first: date, last: date) -> tuple[date, ...]:
    """The days that a line between rows, or a heading, says its figures are of: "Ngày 13/4", "13/4"; not "4.5. Các xã".

    Raises FigureProblem as `days_in_title` does.
    """
    days = days_in_title(text, first=first, last=last)
    return days or (days_named(text, first=first, last=last) if _DAY_MEANT.search(unmarked(text)) else ())


def names_day(text: str) -> bool:
    """Whether a line between rows, or a heading, names a day beyond doubt, whichever it is."""
    words = unmarked(text)
    return bool(_DAY_MEANT.search(words) and re.search(ONE_DAY, words))


def _named(words: str, *, first: date, last: date) -> dict[int, date]:
    found: dict[int, date] = {}
    for match in _NAMED_DAYS.finditer(words):
        try:
            day = None if match["aside"] else _day_of(match, first=first, last=last)
        except FigureProblem:
            continue
        if day:
            found[match.start("when")] = day
    return found


def _day_of(match: "re.Match[str]", *, first: date, last: date) -> date | None:
    return day_in(match["when"], first=first, last=last)


def _in_order(found: Mapping[int, date]) -> tuple[date, ...]:
    return tuple(dict.fromkeys(found[at] for at in sorted(found)))


def days_of_week(text: str, *, first: date, last: date) -> tuple[date, ...]:
    """The days on which a week that a title names by its number in a month may end: its Friday and Sunday, and the last
    of as many times seven days of the month. () where it names none, or several."""
    found = {match.group("week", "month", "year") for match in _WEEK.finditer(unmarked(text))}
    if len(found) != 1:
        return ()
    week, month, year = next(iter(found))
    years = (int(year),) if year else range(first.year, last.year + 1)
    ends: set[date] = set()
    for start in (date(number, int(month), 1) for number in years if 1 <= int(month) <= MONTHS):
        monday = start + timedelta(days=7 * (int(week) - 1) - start.weekday())
        end_of_month = (start + timedelta(days=LONGEST_MONTH)).replace(day=1) - timedelta(days=1)
        ends |= {monday + timedelta(days=4), monday + timedelta(days=6)}
        ends.add(min(start + timedelta(days=7 * int(week) - 1), end_of_month))
    return tuple(sorted(day for day in ends if first <= day <= last))


def names_period(text: str) -> bool:
    """Whether a title names a week, month or quarter by its number: figures of a time, but of no day."""
    return bool(_PERIOD.search(unmarked(text)))


def day_order(cell: Cell) -> DayOrder | None:
    """Which of day and month comes first in a cell, as far as it shows; None where it shows nothing of the kind.

    A real day (not text) says nothing of how it was typed: up to the 12th it may have been turned round on the way.
    """
    if isinstance(cell, date):
        return "either" if cell.day <= MONTHS and cell.day != cell.month else None
    if not isinstance(cell, str):
        return None
    words = unmarked(cell)
    match = DAY_FIRST.fullmatch(DAY_WORDS.sub("", words, count=1) if DAY_WORDS.match(words) else words)
    if match is None:
        return None
    day, month = int(match["day"]), int(match["month"])
    if day == month or max(day, month) > LONGEST_MONTH or min(day, month) > MONTHS:
        return None
    return "day_first" if day > MONTHS else "month_first" if month > MONTHS else "either"


def turned(cell: Cell) -> Cell:
    """A cell's day with day and month in each other's place; what is no day, or cannot be turned, stays as it is."""
    if day_order(cell) not in ("either", "month_first"):
        return cell
    if isinstance(cell, date):
        return cell.replace(month=cell.day, day=cell.month)
    words = unmarked(str(cell))
    match = DAY_FIRST.search(words)
    assert match is not None  # noqa: S101  # it has an order
    rest = words[match.end("month") :]
    return f"{match['month']}{match['mark']}{match['day']}{rest}"
