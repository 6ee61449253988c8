"""The command line: `python -m jobs COMMAND`."""

import sys
from typing import Annotated

import typer

from jobs.commands import (
    account,
    backtest,
    backup,
    campaigns,
    digest,
    document,
    figures,
    meeting,
    pull,
    serve,
    standing,
    store,
    targets,
)
from jobs.workplace import ASKED, keep_files_private

app = typer.Typer(
    name="jobs",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def choose_store(
    store: Annotated[
        str,
        typer.Option(
            envvar="CAODIEM_STORE",
            help="The key of a further campaign, in whose store the command works. Default: the front's own store.",
        ),
    ] = "",
) -> None:
    """Cao Điểm: run a province's campaigns from the command line. Every command has --help."""
    ASKED.set(store)


app.command()(store.init)
app.command(name="import")(figures.import_file)
app.command()(figures.withdraw)
app.command()(figures.template)
app.command()(figures.quarantine)
app.command()(targets.propose)
app.command()(targets.issue)
app.command()(targets.targets)
app.command()(standing.standing)
app.command()(meeting.snapshot)
app.command()(meeting.result)
app.command()(digest.digest)
app.command()(document.document)
app.command()(pull.pull)
app.command()(store.derive)
app.command()(serve.serve)
app.command()(pull.schedule)
app.command()(backtest.backtest)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(store.doctor)
app.add_typer(account.app, name="account")
store.campaign_app.command(name="archive")(campaigns.archive)
store.campaign_app.command(name="baselines")(campaigns.baselines)
app.add_typer(store.campaign_app, name="campaign")

if __name__ == "__main__":
    keep_files_private()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A console that lacks a letter shows its number: by then the work is done and stored.
            stream.reconfigure(errors="backslashreplace")
    app(prog_name="python -m jobs")
