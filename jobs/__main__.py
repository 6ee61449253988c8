"""The command line: `python -m jobs COMMAND`."""

import sys
from collections.abc import Callable, Mapping
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
from jobs.commands.telling import Command, commands
from jobs.workplace import ASKED, keep_files_private

app = commands("jobs")


@app.callback()
def choose_store(
    store: Annotated[str, typer.Option(envvar="CAODIEM_STORE")] = "",
) -> None:
    """The store that a command works in, given before its name."""
    ASKED.set(store)


COMMANDS: Mapping[str, Callable[..., None]] = {
    "init": store.init,
    "import": figures.import_file,
    "withdraw": figures.withdraw,
    "template": figures.template,
    "quarantine": figures.quarantine,
    "propose": targets.propose,
    "issue": targets.issue,
    "targets": targets.targets,
    "standing": standing.standing,
    "snapshot": meeting.snapshot,
    "result": meeting.result,
    "digest": digest.digest,
    "document": document.document,
    "pull": pull.pull,
    "derive": store.derive,
    "serve": serve.serve,
    "schedule": pull.schedule,
    "backtest": backtest.backtest,
    "backup": backup.backup,
    "restore": backup.restore,
    "doctor": store.doctor,
}
for name, function in COMMANDS.items():
    app.command(name, cls=Command)(function)
app.add_typer(account.app)
store.campaign_app.command("archive", cls=Command)(campaigns.archive)
store.campaign_app.command("baselines", cls=Command)(campaigns.baselines)
app.add_typer(store.campaign_app)

if __name__ == "__main__":
    keep_files_private()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A console that lacks a letter shows its number: by then the work is done and stored.
            stream.reconfigure(errors="backslashreplace")
    app(prog_name="python -m jobs")
