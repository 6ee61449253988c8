"""Commands that take the store away and bring it back: backup, restore."""

from pathlib import Path
from typing import Annotated

import typer

from jobs.backups.backup import back_up
from jobs.backups.restore import restore as bring_back
from jobs.commands.telling import print_json, progress_to_stderr, say, telling_mistakes
from jobs.workplace import further_workplaces, open_workplace

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


@telling_mistakes
def backup(
    dest: Annotated[
        Path, typer.Argument(help="A file to write (.db, or .dump for PostgreSQL), or a folder: the name is then made.")
    ],
    as_json: AsJson = False,
) -> None:
    """Copy the whole store while others work, and verify the copy. The archive of raw answers is not part of it.

    Of several campaigns each store is copied, into a folder; with --store KEY only the one named.
    """
    workplace = open_workplace(any_version=True)
    places = [workplace] if workplace.campaign else [workplace, *further_workplaces(workplace.settings)]
    if len(places) > 1 and dest.suffix and not dest.is_dir():
        raise typer.BadParameter("there are several campaigns; name a folder, or one of them with --store KEY")
    with progress_to_stderr() as tell:
        reports = [back_up(place, dest, tell=tell) for place in places]
    if as_json:
        print_json(reports[0] if len(reports) == 1 else reports)
        return
    for report in reports:
        say(
            f"{report.file}: campaign {report.campaign}, {report.tables} tables, {report.rows} rows, "
            f"{report.size / 1e6:.1f} MB, verified."
        )
        say(f"Its audit trail ends at {report.trail}; kept elsewhere, `doctor --against` holds the store to it later.")
        _say_swept(report.swept)
    say("The archive of raw answers (archive in the home) is not part of it: copy that folder too if you keep it.")


@telling_mistakes
def restore(
    src: Annotated[Path, typer.Argument(help="A file that `backup` wrote, or a folder with such files: the newest.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of a store that is there, which is kept aside.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the store what a backup holds; one of an older version is upgraded."""
    with progress_to_stderr() as tell:
        report = bring_back(open_workplace(any_version=True), src, replace=replace, tell=tell)
    if as_json:
        print_json(report)
        return
    upgraded = "" if report.upgraded_from is None else f", upgraded from version {report.upgraded_from}"
    say(f"Restored the campaign {report.campaign} from {report.file}: {report.rows} rows{upgraded}.")
    _say_swept(report.swept)
    if report.aside is not None:
        say(f"What stood there before is kept at {report.aside}.")
    say("Everybody signs in anew. Start the dashboard and the scheduler again.")


def _say_swept(files: tuple[str, ...]) -> None:
    if files:
        say(f"A backup or restore had been broken off; what it left was removed: {', '.join(files)}.")
