"""Two campaigns side by side: the same unit on the same indicator, day of the campaign by day of the campaign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jobs.documents.gap_table import exact, rate
from models.core import formats
from models.core.texts import text
from models.units.queries import PastDay
from pages.charts.lines import Stop, UnitLine, slope_chart
from pages.compare.exhibits import Column, Exhibit, Row, Table
from targets.values import Campaign, Indicator

STEP = 10
"""Days of a campaign from one comparison to the next."""


@dataclass(frozen=True)
class Course:
    """A unit on one indicator in one campaign: the rate and standing of each day of the campaign that is known."""

    name: str
    """The campaign's, with its year."""
    campaign: Campaign
    indicator: Indicator
    days: Mapping[int, PastDay]

    def on(self, number: int) -> float | None:
        past = self.days.get(number)
        return None if past is None else past.value

    def limits(self, number: int) -> dict[str, Any]:
        """What the figure of a day is not rounded onto: its target, from the side that is not there yet."""
        past = self.days.get(number)
        return {"target": past and past.target, "lower_is_better": self.indicator.lower_is_better}

    def figure(self, number: int, language: str) -> str:
        return formats.percent(self.on(number) or 0.0, language, **self.limits(number))

    @property
    def last(self) -> int:
        """The newest day with a figure, 0 where there is none."""
        return max((number for number, past in self.days.items() if past.value is not None), default=0)


def course_of(name: str, campaign: Campaign, history: Sequence[PastDay], indicator: str) -> Course:
    """The course that the kept days of a unit tell; days after the campaign's last one do not belong to it."""
    numbered = {campaign.day_number(past.day): past for past in history if past.indicator == indicator}
    return Course(
        name,
        campaign,
        campaign.indicator(indicator),
        {number: past for number, past in numbered.items() if number <= campaign.days},
    )


def beside_exhibit(unit: str, indicator: str, own: Course, other: Course, language: str) -> Exhibit:
    """One line a campaign, each tenth day and the newest that both know; and the same as a table."""
    if not (own.last and other.last):
        return Exhibit("beside", text("compare.beside.nothing", language, unit=unit, name=indicator))
    most = max(own.last, other.last)
    both = [number for number in own.days if own.on(number) is not None and other.on(number) is not None]
    numbers = sorted({1, max(both, default=1), own.last, other.last, *range(STEP, most + 1, STEP)})
    stops = [Stop(text("compare.slope.day", language, day=number), "", str(number)) for number in numbers]
    lines = [
        UnitLine(
            number=place,
            name=course.name,
            values=tuple(course.on(number) for number in numbers),
            figure=course.figure(course.last, language),
            standing=course.days[course.last].standing,
            is_reported=place == 1,
            facts=((text("compare.beside.campaign", language), course.name),),
        )
        for place, course in enumerate((own, other), start=1)
    ]
    return Exhibit(
        key="beside",
        title=_title(unit, indicator, own, other, max(both, default=0), language),
        chart=slope_chart(stops, lines, language),
        spoken=text("compare.beside.spoken", language, unit=unit, name=indicator, first=own.name, second=other.name),
        table=_table(numbers, own, other, language),
    )


def _title(unit: str, indicator: str, own: Course, other: Course, day: int, language: str) -> str:
    """ "UBND tỉnh Gia Lai, tỷ lệ hồ sơ trực tuyến, ngày 47: 47,7%, năm trước 47,4% …"."""
    now, then = own.on(day), other.on(day)
    reported = {"unit": unit, "name": indicator, "second": other.name}
    if now is None or then is None:
        return text("compare.beside.apart", language, **reported, first=own.name)
    values = {"now": own.figure(day, language), "then": other.figure(day, language)}
    points = formats.signed(round(now - then, 1), language)
    return text("compare.beside.title", language, **reported, **values, day=str(day), points=points)


def _table(numbers: Sequence[int], own: Course, other: Course, language: str) -> Table:
    rows = []
    for number in numbers:
        now, then = own.on(number), other.on(number)
        apart = None if now is None or then is None else exact(round(now - then, 9))
        dates = [_date(course, number, language) for course in (own, other)]
        rates = rate(now, **own.limits(number)), rate(then, **other.limits(number))
        rows.append(Row((number, dates[0], rates[0], dates[1], rates[1], apart)))
    return Table(
        columns=(
            Column(text("compare.beside.day", language), "whole"),
            *(
                column
                for place, course in enumerate((own, other), start=1)
                for column in (
                    Column(text("compare.beside.date", language, number=place), "text"),
                    Column(f"{place}. {course.name}", "percent"),
                )
            ),
            Column(text("compare.beside.difference", language), "points"),
        ),
        rows=tuple(rows),
        spoken=text("compare.beside.table", language),
    )


def _date(course: Course, number: int, language: str) -> str:
    day = date.fromordinal(course.campaign.start.toordinal() + number - 1)
    return formats.day(day, language) if number <= course.campaign.days else text("gaps.nothing", language)
