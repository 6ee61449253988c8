"""One file from its path to checked frames and records."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from jobs.imports.deciding import decide_columns
from jobs.imports.figure_records import read_baselines, read_targets
from jobs.imports.guide import FOLDED_NAME as GUIDE
from jobs.imports.headers import Header, Headings, find_header, recognised
from jobs.imports.kinds import NEEDED, decide_kind
from jobs.imports.layout import FigureGroup, Layout, OpenedSheet, figure_groups, unused_columns
from jobs.imports.limits import WatchedSheet
from jobs.imports.opening import has_macros, open_sheets
from jobs.imports.problems import FileRefused
from jobs.imports.questions import FileAsks, Question
from jobs.imports.readings import ReadingsFile
from jobs.imports.records import Collected
from jobs.imports.scores import read_scores
from jobs.imports.sheets import Row, Sheet, head
from jobs.imports.task_records import read_tasks
from jobs.imports.unit_records import read_central, read_units
from jobs.imports.values import (
    KINDS,
    FileFormat,
    FileWarning,
    ImportContext,
    Kind,
    ParsedFile,
    Progress,
    SheetRead,
    place_of,
)
from jobs.imports.words import folded
from targets.errors import FigureProblem, UnknownName
from targets.figures import days_in_title

SAMPLE_ROWS = 500
DATED: tuple[Kind, ...] = ("readings", "scores")
WITH_RATES: tuple[Kind, ...] = ("readings", "baselines", "targets", "central")
READERS: dict[Kind, Callable[[Sequence[OpenedSheet], ImportContext], Collected[Any]]] = {
    "scores": read_scores,
    "baselines": read_baselines,
    "central": read_central,
    "targets": read_targets,
    "units": read_units,
    "tasks": read_tasks,
}


def read_file(path: Path, context: ImportContext, progress: Progress | None = None) -> ParsedFile:
    """Understands a file and reads it: readings as batches while one iterates, everything else at once.

    Raises FileRefused (an UnreadableFile) for a file that is no table or a table that could mean two things, FileAsks
    where somebody can settle which, and KindUnsure where `auto` cannot tell what it holds. What is wrong with single
    rows comes with the rows.
    """
    if context.kind != "auto" and context.kind not in KINDS:
        raise UnknownName(kind="kind of file", name=context.kind, allowed=("auto", *KINDS))
    file_format, plain = open_sheets(path, context.limits)
    sheets = [WatchedSheet(sheet, path.name, context.limits) for sheet in plain]
    headings = Headings(context.campaign)
    understood, skipped = _with_headers(file_format, sheets, headings)
    if not understood:
        wanted = KINDS if context.kind == "auto" else (context.kind,)
        needed = "; ".join(f"{kind}: {NEEDED[kind]}" for kind in wanted)
        found = max((recognised(head(sheet), headings) for sheet in skipped), key=len, default=())
        raise FileRefused("header_not_found", name=path.name, needed=needed, found=", ".join(found) or "0")
    titles = [_title_days(header, context, name=path.name) for _, header in understood]
    has_day = context.as_of is not None or any(titles)
    samples = [(header, _sample(sheet, header)) for sheet, header in understood]
    kind = decide_kind(samples, context, name=path.name, has_day=has_day)
    opened: list[OpenedSheet] = []
    questions: dict[str, Question] = {}
    chosen: dict[str, str] = {}
    warnings = [FileWarning("sheet_left_out", {"sheet": sheet.name or ""}) for sheet in skipped]
    if file_format == "xlsx" and has_macros(path):
        warnings.append(FileWarning("macros_left_out", {}))
    for (sheet, header), days in zip(understood, titles, strict=True):
        if kind not in header.kinds:
            warnings.append(FileWarning("sheet_of_other_kind", {"sheet": sheet.name or "", "kind": kind}))
            continue
        one = decide_columns(_opened(sheet, header, kind, context=context, days=days, name=path.name), kind, context)
        questions |= {question.key: question for question in one.questions if question.key not in questions}
        chosen |= one.chosen
        warnings.extend((*one.remarks, *_remarks(one.opened, kind)))
        watched = sheet if kind == "readings" else replace(sheet, progress=progress)
        opened.append(replace(one.opened, sheet=watched))
    if questions:
        raise FileAsks(path.name, tuple(questions.values()))
    if kind in WITH_RATES and not any(one.groups for one in opened):
        has = ", ".join(column.text for one in opened for column in one.header.columns)
        raise FileRefused("columns_missing", name=path.name, kind=kind, needed=NEEDED[kind], found=has)
    parsed = ParsedFile(
        name=path.name,
        file_format=file_format,
        kind=kind,
        sheets=tuple(
            SheetRead(
                one.sheet.name,
                place_of(one.sheet.name, one.header.row, one.header.first_column),
                one.layout,
                days[0] if len(days) == 1 else None,
            )
            for one, days in zip(opened, _of(opened, understood, titles), strict=True)
        ),
        as_of=next((one.day for one in opened if kind in DATED), None),
        warnings=tuple(warnings),
        chosen=chosen,
    )
    if kind == "readings":
        return replace(parsed, batches=ReadingsFile(opened, context).batches(progress))
    collected = READERS[kind](opened, context)
    if progress is not None:
        progress(collected.rows_read, collected.rows_read)
    return replace(
        parsed,
        records=tuple(collected.records),
        rejected=tuple(collected.rejected),
        warnings=(*warnings, *collected.warnings),
        rows_read=collected.rows_read,
        repeated=collected.repeated,
    )


def _with_headers(
    file_format: FileFormat, sheets: Sequence[WatchedSheet], headings: Headings
) -> tuple[list[tuple[WatchedSheet, Header]], list[WatchedSheet]]:
    """Sheets with a header, and those without. A text file is read with the delimiter that makes most of its header."""
    understood: list[tuple[WatchedSheet, Header]] = []
    others: list[WatchedSheet] = []
    broken: list[FileRefused] = []
    for sheet in sheets:
        if folded(sheet.name or "") == GUIDE:
            continue
        try:
            header = find_header(head(sheet), headings)
        except FileRefused as refused:
            if file_format != "csv":
                raise
            # Read with a wrong delimiter, good quotation marks look broken.
            broken.append(refused)
            continue
        if header is not None:
            understood.append((sheet, header))
        else:
            others.append(sheet)
    if broken and not understood:
        raise broken[0]
    if file_format == "csv":
        return sorted(understood, key=lambda pair: -len(pair[1].columns))[:1], [] if understood else others
    return understood, others


def _sample(sheet: Sheet, header: Header) -> list[Row]:
    block = next(sheet.blocks(SAMPLE_ROWS))
    return [row for number, row in zip(block.numbers, block.rows, strict=True) if number > header.row]


def _title_days(header: Header, context: ImportContext, *, name: str) -> tuple[date, ...]:
    first, last = context.days_meant
    try:
        return days_in_title(" | ".join(header.title), first=first, last=last)
    except FigureProblem as error:
        raise FileRefused("title_day_unreadable", name=name) from error


def _opened(
    sheet: Sheet, header: Header, kind: Kind, *, context: ImportContext, days: tuple[date, ...], name: str
) -> OpenedSheet:
    layout: Layout = "long"
    groups: tuple[FigureGroup, ...] = ()
    if kind in WITH_RATES:
        layout, groups = figure_groups(header, kind, context, name=name)
    elif kind == "scores" and header.indicator_columns:
        layout = "wide"
    if header.twice is not None:
        first, second = header.twice
        raise FileRefused("column_twice", name=name, first=first.text, second=second.text)
    day = _day(header, kind, context=context, days=days, name=name)
    return OpenedSheet(sheet, header, layout, groups, day)


def _day(header: Header, kind: Kind, *, context: ImportContext, days: tuple[date, ...], name: str) -> date | None:
    """The day of rows that name none.

    Raises FileRefused where the option and the title name two, or where there is none at all and no column either.
    """
    if kind not in DATED:
        return context.campaign.baseline_day if kind == "baselines" else context.today
    if "as_of" in header.by_role:
        return context.as_of or (days[0] if len(days) == 1 else None)
    if context.as_of is not None:
        if days and context.as_of not in days:
            title = ", ".join(f"{day:%d/%m/%Y}" for day in days)
            raise FileRefused("days_disagree", name=name, option=f"{context.as_of:%d/%m/%Y}", title=title)
        return context.as_of
    if len(days) > 1:
        raise FileRefused("title_names_several_days", name=name, days=", ".join(f"{day:%d/%m/%Y}" for day in days))
    if not days:
        raise FileRefused("no_day", name=name)
    return days[0]


def _remarks(opened: OpenedSheet, kind: Kind) -> list[FileWarning]:
    """What people should know of a sheet before its rows."""
    header, name = opened.header, opened.sheet.name
    place = place_of(name, header.row, header.first_column)
    remarks = []
    if opened.sheet.is_hidden:
        remarks.append(FileWarning("hidden_sheet_read", {"sheet": name or ""}, place))
    unused = unused_columns(opened, kind)
    if unused:
        remarks.append(FileWarning("columns_left_out", {"columns": "; ".join(unused)}, place))
    return remarks


def _of(
    opened: Sequence[OpenedSheet], understood: Sequence[tuple[Sheet, Header]], titles: Sequence[tuple[date, ...]]
) -> list[tuple[date, ...]]:
    """The title days of the sheets that are read."""
    by_header = {id(header): days for (_, header), days in zip(understood, titles, strict=True)}
    return [by_header[id(one.header)] for one in opened]
