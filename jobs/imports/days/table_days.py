"""The day of a table's figures, where no column says each row's: its title's, or the one that somebody gives."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from jobs.imports.days.named_periods import NoPeriod, periods_in, settled
from jobs.imports.days.score_periods import period_columns, period_of_sheet
from jobs.imports.problems import FileRefused, problem
from jobs.imports.tables.headers import OF_RESULTS, Header
from jobs.imports.tables.questions import LONGEST_FIELD, Answers, Option, Question, layout_of
from jobs.imports.tables.tables import Table
from jobs.imports.values import ImportContext, Kind, place_of
from targets.errors import FigureProblem
from targets.titles import days_in_title, days_named, days_of_line, days_of_week, names_period

DATED: tuple[Kind, ...] = ("readings", "scores")
TITLE = "tieu-de"
"""Stands for a column in the key of a question about a title."""
LAST_DAY = "day:last"
"""The last day of a month or quarter: the one answer about an unnamed day that holds for later files."""


@dataclass(frozen=True)
class TitleDays:
    """The days that a table's title names; a later table of a sheet may have the title of the one above."""

    title: str
    days: tuple[date, ...]
    may_end: tuple[date, ...] = ()
    """Days on which the week, month or quarter that it names instead may end."""
    is_week: bool = False

    @property
    def has_any(self) -> bool:
        return bool(self.days or self.may_end)


def title_days(tables: Sequence[Table], context: ImportContext, *, name: str) -> list[TitleDays]:
    """The days that each table's title names. A later table of a sheet has the day of the one above, unless its own
    title speaks of another time. Raises FileRefused for a day that does not exist."""
    first, last = context.days_meant
    found: list[TitleDays] = []
    for table in tables:
        title = " | ".join(filter(None, table.header.title))
        try:
            days = days_in_title(title, first=first, last=last)
        except FigureProblem as error:
            raise FileRefused("title_day_unreadable", name=name) from error
        reported = TitleDays(title, days)
        if not days and not table.is_first:
            is_other = names_period(title) or set(days_named(title, first=first, last=last)) - set(found[-1].days)
            reported = reported if is_other else found[-1]
        if not reported.has_any and names_period(title):
            reported = _of_period(title, context)
        found.append(reported)
    return found


def _of_period(title: str, context: ImportContext) -> TitleDays:
    """A title that names a week, month or quarter and no day."""
    first, last = context.campaign.baseline_day, context.today
    if weeks := days_of_week(title, first=first, last=last):
        return TitleDays(title, (), weeks, is_week=True)
    try:
        periods = [period for period in periods_in([title]) if period.basis != "year"]
    except NoPeriod:
        return TitleDays(title, ())
    years = range(first.year, last.year + 1)
    ends = {
        end
        for period in periods
        for year in ((period.year,) if period.year else years)
        if first <= (end := period.in_year(year).end) <= last
    }
    return TitleDays(title, (), tuple(ends) if len(ends) == 1 else ())


def day_of_rows(
    table: Table, kind: Kind, reported: TitleDays, *, context: ImportContext, answers: Answers
) -> date | None:
    """The day of rows that name none; None where each names its own, and where somebody is to be asked first.

    Raises FileRefused where the option and the title name two, or where there is none at all and no column either.
    """
    name, days = answers.file, reported.days
    if kind not in DATED:
        return context.campaign.baseline_day if kind == "baselines" else context.today
    if kind == "scores" and _has_period(table, reported, context, name=name):
        return None
    if "as_of" in table.header.by_role:
        return context.as_of or (days[0] if len(days) == 1 else None)
    if context.as_of is not None:
        if days and context.as_of not in days:
            title = ", ".join(f"{day:%d/%m/%Y}" for day in days)
            raise FileRefused("days_disagree", name=name, option=f"{context.as_of:%d/%m/%Y}", title=title)
        return context.as_of
    if len(days) == 1:
        return days[0]
    if not reported.has_any:
        raise FileRefused("no_day", name=name)
    return _asked(table, reported, answers)


def _has_period(table: Table, reported: TitleDays, context: ImportContext, *, name: str) -> bool:
    """Whether a table of scores names a period and no day: scores of a period that is over stand on its last day."""
    header = table.header
    day = context.as_of or (reported.days[0] if len(reported.days) == 1 else None)
    period = period_of_sheet(header, table.sheet.name, day, file=name)
    if day is not None or "as_of" in header.by_role or not (period or period_columns(header)):
        return False
    if period is not None and period.until > context.today:
        raise FileRefused("period_open", name=name, period=str(period))
    return True


def _asked(table: Table, reported: TitleDays, answers: Answers) -> date | None:
    """The day that somebody chose of those that a title leaves open. The answer holds for later files
    with the same words where it says which of two days a title means, or that a month's figures are of its last day;
    the end of one week says nothing of the next.
    """
    days = reported.days or reported.may_end
    listed = ", ".join(f"{day:%d/%m/%Y}" for day in days)
    codes = [f"day:{number}" for number in range(1, len(days) + 1)] if reported.days else [LAST_DAY]
    if reported.is_week:
        codes = [f"day:{day.isoformat()}" for day in days]
    if reported.days:
        refusal = problem("title_names_several_days", name=answers.file, days=listed)
    else:
        refusal = problem("no_day", name=answers.file)
    header = table.header
    option = answers.option(
        Question(
            key=f"{layout_of(header, reported.title)}:{TITLE}",
            place=place_of(table.sheet.name, header.row, header.first_column),
            field=reported.title[:LONGEST_FIELD],
            options=tuple(
                Option(code, terms={"day": f"{day:%d/%m/%Y}"}) for code, day in zip(codes, days, strict=True)
            ),
            code="title_days" if reported.days else "title_period",
            refusal=refusal,
            is_kept=not reported.is_week,
        )
    )
    return None if option is None else dict(zip(codes, days, strict=True))[option.code]


def of_day(header: Header, day: date, context: ImportContext) -> Header:
    """The header without columns of figures whose headings name another day, or a week, month or quarter without it."""
    aside = {
        column.index
        for column in header.columns
        if column.role in OF_RESULTS and any(_is_of_other(text, day, context) for text in header.paths[column.index])
    }
    return replace(header, columns=tuple(column for column in header.columns if column.index not in aside))


def _is_of_other(text: str, day: date, context: ImportContext) -> bool:
    first, last = context.days_meant
    try:
        if days := days_of_line(text, first=first, last=last):
            return day not in days
        if weeks := days_of_week(text, first=first, last=last):
            return not weeks[0] - timedelta(days=6) <= day <= weeks[-1]
        periods = settled(periods_in([text]), day)
    except FigureProblem:
        return True
    except NoPeriod:
        return False
    return any(one.basis != "year" and one.year is not None and not one.start <= day <= one.end for one in periods)
