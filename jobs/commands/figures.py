"""Commands that bring figures in or withdraw them, write templates, and settle rows as the page of sources does."""

import dataclasses
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as ProgressBar

from jobs.commands.telling import (
    AsJson,
    Exit,
    checked_place,
    kept_language,
    print_json,
    print_table,
    read_day,
    reader_language,
    say,
    say_wrong,
    told_if_it_can_be,
    words,
    wrong,
)
from jobs.imports.problems import Notice, sentence
from jobs.imports.tables.questions import FileAsks
from jobs.imports.templates import write_template
from jobs.imports.values import KINDS
from jobs.intake.bring_in import DEFAULT_SOURCE, FileReport, bring_in
from jobs.intake.readmit import Readmission, readmission_words, readmit
from jobs.intake.waiting_files import file_words, read_again
from jobs.wording import withdrawals
from jobs.workplace import Workplace, open_workplace
from models.core import formats
from models.core.columns import storable_name
from models.core.texts import text
from models.feeds.files import find_waiting_files, settle_files
from models.readings.quarantine import (
    QuarantinedRow,
    WaitingGroup,
    find_quarantined,
    find_quarantined_row,
    find_waiting_groups,
)
from models.readings.settling import dismiss_row, dismiss_rows
from models.readings.withdrawing import foresee_withdrawal, withdraw_load
from models.results.inputs import load_campaign
from models.units.queries import find_units
from targets.errors import UnknownName

SHOWN = 20
"""Bad rows printed for people; all of them are in the JSON and in quarantine."""


def import_file(
    file: Path,
    kind: str = "auto",
    as_of: str | None = None,
    source: str = DEFAULT_SOURCE,
    font: str = "unicode",
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    strict: Annotated[bool, typer.Option("--strict")] = False,
    choose: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=OPTION"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    choices = _choices(choose or [])
    workplace = open_workplace()
    day = read_day(as_of, option="--as-of")
    context = workplace.context(f"import {file.name}")
    console = Console(stderr=True)
    with ProgressBar(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
        # A thread that draws would keep the reading from beginning at once, see `jobs.imports.formats.isolated`.
        auto_refresh=False,
    ) as bar:
        task = bar.add_task(storable_name(file.name), total=None)
        try:
            report = bring_in(
                workplace.store,
                file,
                kind=kind,
                source=source,
                as_of=day,
                is_dry_run=dry_run,
                is_strict=strict,
                font=font,  # type: ignore[arg-type]  # read_file refuses an unknown font by name
                choices=choices,
                context=context,
                progress=lambda done, total: bar.update(task, completed=done, total=total, refresh=True),
                waits=cache(lambda: bar.console.print(words("import.waits"))),
            )
        except FileAsks as asks:
            bar.stop()
            for line in asks.lines(reader_language()):
                say_wrong(line)
            raise typer.Exit(Exit.WRONG_USE) from asks
    with told_if_it_can_be(words("import.untold")) if report.is_stored else nullcontext():
        if as_json:
            print_json(report_as_json(report, kept_language()))
        else:
            _print_report(report, reader_language(), is_dry_run=dry_run)
    if report.rejected:
        raise typer.Exit(Exit.FAILED if strict else Exit.ROWS_LEFT)


def withdraw(
    run: int,
    reason: str = "",
    preview: Annotated[bool, typer.Option("--preview")] = False,
    as_json: AsJson = False,
) -> None:
    workplace, lang = open_workplace(), reader_language()
    context = workplace.context(reason)
    with workplace.store.writing() as session:
        campaign = load_campaign(session)
        find = foresee_withdrawal if preview else withdraw_load
        found = find(session, run, context=context)
    if as_json:
        print_json(dataclasses.asdict(found))
        return
    if not preview:
        say(withdrawals.done(found, campaign, lang))
        return
    say(withdrawals.title(found, lang))
    for line in withdrawals.lines(found, campaign, lang):
        say(f"- {line}")
    if found.changes:
        rows = withdrawals.rows(found.changes[:SHOWN], campaign, lang)
        print_table(withdrawals.table_title(found, SHOWN, lang), withdrawals.heads(lang), rows)


def _choices(given: list[str]) -> dict[str, str]:
    """`KEY=OPTION`, as the question printed it."""
    pairs = [choice.partition("=") for choice in given]
    for choice, (key, _, option) in zip(given, pairs, strict=True):
        if not key or not option:
            raise wrong("choice", "--choose", written=choice)
    return {key: option for key, _, option in pairs}


def report_as_json(report: FileReport, language: str) -> dict[str, Any]:
    """The answer that scripts rely on, with the warnings and the run beside it."""
    return {
        "kind": report.kind,
        "accepted": report.counts.accepted,
        "revised": report.counts.revised,
        "unchanged": report.counts.unchanged,
        "rejected": [
            {"where": row.place, "field": row.field, "value": row.value, "problem": row.sentence(language)}
            for row in report.rejected
        ],
        "warnings": [{"where": warning.place, "says": warning.sentence(language)} for warning in report.warnings],
        "file": report.file,
        "as_of": report.as_of,
        "run": report.run_id,
        "stored": report.is_stored,
    }


def _print_report(report: FileReport, language: str, *, is_dry_run: bool) -> None:
    say(
        text(
            "import.done",
            language,
            file=report.file,
            kind=report.kind,
            summary=report.summary(language),
        )
    )
    for warning in report.warnings:
        say(f"! {warning.sentence(language)}")
    for row in report.rejected[:SHOWN]:
        say(f"✕ {row.sentence(language)}")
    if len(report.rejected) > SHOWN:
        say(text("import.more", language, count=len(report.rejected) - SHOWN))
    if is_dry_run:
        say(text("import.dry_run", language))
    elif not report.is_stored:
        say(text("import.strict", language))
    elif report.rejected:
        say(text("import.quarantined", language))


def template(
    kind: str,
    out: Annotated[Path, typer.Option()],
) -> None:
    known = {name: name for name in KINDS}
    if kind not in known:
        raise UnknownName(kind="kind of file", name=kind, allowed=KINDS)
    workplace = open_workplace()
    with workplace.store.reading() as session:
        campaign, units = load_campaign(session), find_units(session)
    write_template(known[kind], checked_place(out, option="--out"), campaign=campaign, units=units)
    say(str(out))


def _problem(row: QuarantinedRow, language: str) -> str:
    notice = Notice("problem", row.problem, row.terms)
    return sentence(notice, language, place=row.place, field=row.field, value=row.value)


def quarantine(
    show_all: Annotated[bool, typer.Option("--all")] = False,
    dismiss: int | None = None,
    dismiss_run: int | None = None,
    problem: str | None = None,
    readmit: int | None = None,
    mended: Annotated[list[str] | None, typer.Option("--set")] = None,
    as_of: str | None = None,
    again: Annotated[int | None, typer.Option("--read-again")] = None,
    dismiss_file: int | None = None,
    reason: str = "",
    as_json: AsJson = False,
) -> None:
    if sum(asked is not None for asked in (dismiss, dismiss_run, readmit, again, dismiss_file)) > 1:
        raise wrong("one_way_out")
    if problem is not None and dismiss_run is None:
        raise wrong("goes_with_dismiss_run", "--problem")
    if readmit is None and (mended or as_of):
        raise wrong("goes_with_readmit", "--set" if mended else "--as-of")
    workplace, lang = open_workplace(), reader_language()
    if dismiss_run is not None:
        say(dismissed_together(workplace, dismiss_run, problem=problem, reason=reason, language=lang))
        return
    if again is not None:
        context = workplace.context(reason or "looked at on the command line")
        _print_report(read_again(workplace.store, again, context=context), lang, is_dry_run=False)
        return
    if dismiss_file is not None:
        with workplace.store.writing() as session:
            settle_files(session, [dismiss_file], context=workplace.context(reason))
        say(words("feeds.files.left_out", files="1"))
        return
    if dismiss is not None:
        say(dismissed(workplace, dismiss, reason=reason, language=lang))
        return
    if readmit is not None:
        day = read_day(as_of, option="--as-of")
        outcome = readmitted(workplace, readmit, mended or (), as_of=day, reason=reason)
        say(readmission_words(outcome, lang))
        if not outcome.is_taken_in:
            raise typer.Exit(Exit.ROWS_LEFT)
        return
    with workplace.store.reading() as session:
        rows = find_quarantined(session, with_settled=show_all)
        groups = find_waiting_groups(session, least=2)
        files = find_waiting_files(session)
    if as_json:
        print_json(
            [dataclasses.asdict(row) | {"problem": _problem(row, kept_language()), "code": row.problem} for row in rows]
        )
        return
    for file in files:
        say(words("feeds.files.line", words=file_words(file, lang), run=str(file.id)))
    if not rows:
        say(words("import.no_quarantine"))
        return
    names = ("row", "file", "place", "field", "value", "problem", "state")
    print_table(
        words("import.quarantine"),
        [words(f"column.{name}") for name in names],
        [
            (
                str(row.id),
                row.file,
                row.place,
                row.field,
                row.value,
                _problem(row, lang),
                words(f"quarantine_state.{row.state}"),
            )
            for row in rows
        ],
    )
    for group in groups:
        say(group_line(group, lang))


def dismissed(workplace: Workplace, row_id: int, *, reason: str, language: str) -> str:
    """Leave a row out for a reason; answers what to say."""
    with workplace.store.writing() as session:
        row = find_quarantined_row(session, row_id)
        dismiss_row(session, row_id, version=row.version, context=workplace.context(reason))
    return text("feeds.rows.left_out", language, row=str(row_id))


def dismissed_together(workplace: Workplace, run: int, *, problem: str | None, reason: str, language: str) -> str:
    """Leave out every waiting row of a load, or those with one problem; answers what to say."""
    with workplace.store.writing() as session:
        count = dismiss_rows(session, run=run, problem=problem, seen=None, context=workplace.context(reason))
    return text("feeds.groups.left_out", language, rows=formats.whole(count, language), run=str(run))


def group_line(group: WaitingGroup, language: str) -> str:
    """Rows that can be dismissed at once, with what names them on the command line."""
    return text(
        "feeds.groups.line",
        language,
        run=str(group.run),
        problem=group.problem,
        rows=formats.whole(group.count, language),
    )


def readmitted(
    workplace: Workplace, row_id: int, cells: Sequence[str], *, as_of: date | None, reason: str
) -> Readmission:
    """Take a row in with some of its cells anew, each written “heading=value”; an empty value leaves the cell out.

    Raises BadParameter for a cell that is written otherwise.
    """
    with workplace.store.reading() as session:
        row = find_quarantined_row(session, row_id)
    fields = {name: str(value) for name, value in row.raw.items()}
    for cell in cells:
        name, equals, value = cell.partition("=")
        if not (name.strip() and equals):
            raise wrong("cell", "--set", written=cell)
        fields[name.strip()] = value.strip()
    return readmit(
        workplace.store,
        row_id,
        fields={name: value for name, value in fields.items() if value},
        as_of=as_of,
        version=row.version,
        context=workplace.context(reason or "mended on the command line"),
    )
