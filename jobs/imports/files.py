"""One file from its path to checked frames and records."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from jobs.imports.days.day_columns import day_columns
from jobs.imports.days.table_days import DATED, TitleDays, day_of_rows, of_day, title_days
from jobs.imports.formats.legacy_fonts import FONTS, NAMES, cell_reader, font_of, texts_of
from jobs.imports.formats.limits import WatchedSheet
from jobs.imports.formats.opening import has_macros, open_sheets
from jobs.imports.formats.sheets import head
from jobs.imports.problems import FileRefused, listed
from jobs.imports.records.figures import read_baselines, read_central, read_targets
from jobs.imports.records.keyed_rows import Collected
from jobs.imports.records.kinds import no_percents
from jobs.imports.records.raw_rows import names_reported
from jobs.imports.records.readings import ReadingsFile
from jobs.imports.records.scores import read_scores
from jobs.imports.records.tasks import read_tasks
from jobs.imports.tables.deciding import decide_columns
from jobs.imports.tables.headers import Headings, find_header, of_years, recognised
from jobs.imports.tables.hidden import hidden_remarks, settle_hidden, without_hidden, without_hidden_rows
from jobs.imports.tables.kinds import NEEDED, certain_kind, decide_kind
from jobs.imports.tables.layout import (
    FigureGroup,
    Layout,
    OpenedSheet,
    columns_without_heading,
    figure_groups,
    unused_columns,
)
from jobs.imports.tables.questions import Answers, FileAsks
from jobs.imports.tables.tables import Table, tables_of
from jobs.imports.tables.text_rows import TextRows
from jobs.imports.tables.vocabulary import ROLES
from jobs.imports.templates import FOLDED_NAME as GUIDE
from jobs.imports.units.lists import read_units
from jobs.imports.units.names import parsed
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
from jobs.imports.words import folded, heading
from targets.errors import UnknownName

SAMPLE_ROWS = 500
LEAST_COLUMNS = 2
"""Every kind of file has more columns than one."""
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
    if context.font not in FONTS:
        raise UnknownName(kind="font", name=context.font, allowed=FONTS)
    file_format, plain = open_sheets(path, context.limits)
    headings = Headings(context.campaign)
    is_known = _known_words(context, headings)
    cells = cell_reader(context.font, is_known)
    sheets = [WatchedSheet(sheet, path.name, context.limits, cells=cells) for sheet in plain]
    _refuse_old_font(sheets, is_known, name=path.name)
    tables, skipped = _with_headers(file_format, sheets, headings)
    if not tables:
        if max((len(row) for sheet in skipped for row in head(sheet).rows), default=0) < LEAST_COLUMNS:
            raise FileRefused("not_a_table", name=path.name)
        needed = NEEDED["readings" if context.kind == "auto" else context.kind]
        found = max((recognised(head(sheet), headings) for sheet in skipped), key=len, default=())
        raise FileRefused("header_not_found", name=path.name, needed=needed, found=listed(found) or "0")
    titles = title_days(tables, context, name=path.name)
    has_day = context.as_of is not None or any(title.has_any for title in titles)
    samples = [(table.header, table.rows[:SAMPLE_ROWS]) for table in tables]
    kind = decide_kind(samples, context, name=path.name, has_day=has_day)
    opened: list[OpenedSheet] = []
    named: list[tuple[date, ...]] = []
    answers = Answers(context, file=path.name)
    warnings = [FileWarning("sheet_left_out", {"sheet": sheet.name or ""}) for sheet in skipped]
    if file_format == "xlsx" and has_macros(path):
        warnings.append(FileWarning("macros_left_out", {}))
    certain = [certain_kind(table.header, has_day=has_day) for table in tables]
    for table, title, surely in zip(tables, titles, certain, strict=True):
        # A table of last year's results could be read as one of today's, but not beside one that is.
        if kind not in table.header.kinds or (kind in certain and surely not in (kind, None)):
            place = place_of(table.sheet.name, table.header.row, table.header.first_column)
            warnings.append(
                FileWarning("sheet_of_other_kind", {"sheet": table.sheet.name or "", "kind": kind})
                if table.is_first
                else FileWarning("table_of_other_kind", {"kind": kind}, place)
            )
            continue
        asked = dict(answers.questions)
        watched = table.sheet if kind == "readings" else replace(table.sheet, progress=progress)
        try:
            begun, remarks = _opened(table, kind, title, context=context, answers=answers)
            one = decide_columns(begun, kind, answers, decided=no_percents(context.campaign))
            one = replace(one, names=names_reported(one, headings))
        except FileRefused:
            if table.is_first or not opened or opened[-1].sheet.name != table.sheet.name:
                raise
            # Its rows are refused one by one, with those of the table above, and nothing of it is asked.
            answers.questions = asked
            answers.take_remarks()
            opened[-1] = _with_unread(opened[-1], table)
            continue
        warnings.extend((*answers.take_remarks(), *_remarks(one, kind), *remarks))
        opened.append(replace(one, sheet=watched))
        named.append(title.days)
    if answers.questions:
        raise FileAsks(path.name, tuple(answers.questions.values()))
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
            for one, days in zip(opened, named, strict=True)
        ),
        as_of=next((one.day for one in opened if kind in DATED), None),
        warnings=tuple(warnings),
        title=" | ".join(dict.fromkeys(title.title for title in titles)),
        chosen=answers.chosen,
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


def _known_words(context: ImportContext, headings: Headings) -> Callable[[str], bool]:
    """Whether a text is a heading or names a unit: then it is no word of an old font."""
    names = {parsed(name).rest for unit in context.units for name in (unit.name, *unit.aliases)}

    def is_known(words: str) -> bool:
        return heading(words) in ROLES or headings.indicator(heading(words)) is not None or parsed(words).rest in names

    return is_known


def _refuse_old_font(sheets: Sequence[WatchedSheet], is_known: Callable[[str], bool], *, name: str) -> None:
    """Refuse a file typed in a font of before Unicode, with one of its texts as it was meant."""
    texts = (text for sheet in sheets for text in texts_of(head(sheet).rows))
    try:
        found = font_of(texts, is_known)
    except FileRefused:
        # Read with a wrong delimiter, good quotation marks look broken; the search for the header finds out.
        return
    if found is not None:
        terms = {"example": found.example, "meaning": found.meaning, "option": found.font}
        raise FileRefused("old_font", name=name, font=NAMES[found.font], **terms)


def _with_headers(
    file_format: FileFormat, sheets: Sequence[WatchedSheet], headings: Headings
) -> tuple[list[Table], list[WatchedSheet]]:
    """The tables of a file, and its sheets without any."""
    found: list[Table] = []
    others: list[WatchedSheet] = []
    for sheet in _chosen(sheets, headings) if file_format == "csv" else sheets:
        if folded(sheet.name or "") == GUIDE:
            continue
        tables = tables_of(sheet, headings)
        found.extend(tables)
        others.extend([] if tables else [sheet])
    return found, others


def _chosen(sheets: Sequence[WatchedSheet], headings: Headings) -> Sequence[WatchedSheet]:
    """The text file read with the delimiter that makes most of its header."""
    best: tuple[int, WatchedSheet] | None = None
    broken: list[FileRefused] = []
    for sheet in sheets:
        try:
            header = find_header(head(sheet), headings)
        except FileRefused as refused:
            # Read with a wrong delimiter, good quotation marks look broken.
            broken.append(refused)
            continue
        if header is not None and (best is None or len(header.columns) > best[0]):
            best = len(header.columns), sheet
    if broken and best is None:
        raise broken[0]
    return sheets if best is None else [best[1]]


def _opened(
    table: Table, kind: Kind, reported: TitleDays, *, context: ImportContext, answers: Answers
) -> tuple[OpenedSheet, list[FileWarning]]:
    """A table ready to be decided about, and what people should know of it before its rows."""
    sheet, name = table.sheet, answers.file
    rows = tuple(zip(table.numbers, table.rows, strict=True))
    header, hidden = without_hidden(table.header, sheet.hidden_columns)
    header, hidden = settle_hidden(header, hidden, rows, hidden=sheet.hidden_columns, sheet=sheet.name, answers=answers)
    day = day_of_rows(table, kind, reported, context=context, answers=answers)
    if kind == "readings":
        header = header if day is None else of_day(header, day, context)
        header = of_years(header, range(context.campaign.start.year, max(context.campaign.end, context.today).year + 1))
    layout: Layout = "long"
    groups: tuple[FigureGroup, ...] = ()
    if kind in WITH_RATES:
        layout, groups = figure_groups(header, kind, context, name=name)
    elif kind == "scores" and header.indicator_columns:
        layout = "wide"
    if header.twice is not None:
        first, second = header.twice
        raise FileRefused("column_twice", name=name, first=first.text, second=second.text)
    days = day_columns(header, table.numbers, table.rows, sheet=sheet.name, answers=answers)
    opened = OpenedSheet(sheet, header, layout, groups, day, day_columns=days)
    if sheet.delimiter is not None:
        fields = TextRows(header, opened.figure_columns, delimiter=sheet.delimiter)
        fields.learn(table.rows)
        opened = replace(opened, fields=fields)
    if table.has_hidden:
        opened = without_hidden_rows(opened, kind, context, answers)
    remarks = hidden_remarks(header, hidden, rows, sheet=sheet.name)
    if bare := columns_without_heading(opened, table.rows):
        place = place_of(sheet.name, header.row, header.first_column)
        remarks.append(FileWarning("columns_without_heading", {"columns": ", ".join(bare)}, place))
    if not table.is_first:
        place = place_of(sheet.name, header.row, header.first_column)
        remarks.append(FileWarning("later_table_read", {}, place))
        if day is not None and kind in DATED and "as_of" not in header.by_role:
            remarks.append(FileWarning("later_table_of_day", {"day": f"{day:%d/%m/%Y}"}, place))
    return opened, remarks


def _with_unread(opened: OpenedSheet, table: Table) -> OpenedSheet:
    """A table whose sheet goes on with one that cannot be read."""
    assert isinstance(opened.sheet, WatchedSheet)  # noqa: S101  # as it was opened
    unread = table.sheet.first if opened.unread is None else opened.unread
    return replace(opened, sheet=replace(opened.sheet, last=table.sheet.last), unread=unread)


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
