"""Commands that take the store away and bring it back: backup, restore."""

from pathlib import Path
from typing import Annotated

import typer

from jobs.backups.backup import back_up
from jobs.backups.restore import restore as bring_back
from jobs.commands.telling import AsJson, print_json, progress_to_stderr, reader_language, say, words, wrong
from jobs.workplace import further_workplaces, open_workplace
from models.core import formats


def backup(
    dest: Path,
    as_json: AsJson = False,
) -> None:
    workplace = open_workplace(any_version=True)
    places = [workplace] if workplace.campaign else [workplace, *further_workplaces(workplace.settings)]
    if len(places) > 1 and dest.suffix and not dest.is_dir():
        raise wrong("several_campaigns", "DEST")
    with progress_to_stderr() as tell:
        reports = [back_up(place, dest, tell=tell) for place in places]
    if as_json:
        print_json(reports[0] if len(reports) == 1 else reports)
        return
    for report in reports:
        size = formats.decimal(report.size / 1e6, reader_language())
        counts = {"tables": report.tables, "rows": report.rows}
        say(words("command.backup.made", file=str(report.file), campaign=report.campaign, size=size, **counts))
        say(words("command.backup.trail", trail=report.trail))
        _say_swept(report.swept)
    say(words("command.backup.archive"))


def restore(
    src: Path,
    replace: Annotated[bool, typer.Option("--replace")] = False,
    as_json: AsJson = False,
) -> None:
    with progress_to_stderr() as tell:
        report = bring_back(open_workplace(any_version=True), src, replace=replace, tell=tell)
    if as_json:
        print_json(report)
        return
    say(words("command.restore.done", campaign=report.campaign, file=report.file, rows=report.rows))
    if report.upgraded_from is not None:
        say(words("command.restore.upgraded", version=report.upgraded_from))
    _say_swept(report.swept)
    if report.aside is not None:
        say(words("command.restore.aside", file=report.aside))
    say(words("command.restore.next"))


def _say_swept(files: tuple[str, ...]) -> None:
    if files:
        say(words("command.restore.swept", files=", ".join(files)))
