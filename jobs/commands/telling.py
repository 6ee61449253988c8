"""How every command tells its results and mistakes, and reads days and instants."""

import dataclasses
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from models.settings import TIMEZONE
from targets.errors import CampaignError, CampaignFilesError, UnknownName, UnreadableFile

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")


class Exit(IntEnum):
    """How a command ends."""

    DONE = 0
    FAILED = 1
    WRONG_USE = 2
    ROWS_LEFT = 3


def telling_mistakes(command: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
    """A mistake that people can mend ends the command with its sentence, never with a traceback."""

    @wraps(command)
    def told(*arguments: Parameters.args, **options: Parameters.kwargs) -> Answer:
        try:
            return command(*arguments, **options)
        except CampaignError as error:
            Console(stderr=True, highlight=False, soft_wrap=True).print(str(error), markup=False)
            is_wrong_use = isinstance(error, CampaignFilesError | UnknownName | UnreadableFile)
            raise typer.Exit(Exit.WRONG_USE if is_wrong_use else Exit.FAILED) from error

    return told


def print_json(answer: Any) -> None:
    """JSON for scripts: decimals as strings, days and instants as ISO, unknown as null."""
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1, default=_spelled) + "\n")


def _spelled(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.astimezone(TIMEZONE).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[int] = ()
) -> None:
    """A table for people; `numbers` are the columns set flush right."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for position, column in enumerate(columns):
        table.add_column(column, justify="right" if position in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(highlight=False).print(table)


def say(sentence: str) -> None:
    """A line for people."""
    Console(highlight=False, soft_wrap=True).print(sentence, markup=False)


def read_day(text: str | None, *, option: str) -> date | None:
    """A day given on the command line, ISO or as Vietnamese write it: 2024-05-07, 07/05/2024.

    Raises typer.BadParameter naming the option and what it may look like.
    """
    if text is None:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=TIMEZONE).date()
        except ValueError:
            continue
    raise typer.BadParameter(f"“{text}” is no day; write 2024-05-07 or 07/05/2024", param_hint=option)


def read_instant(text: str | None, *, option: str) -> datetime | None:
    """An instant given on the command line: ISO, in Vietnamese time where it has no offset."""
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"“{text}” is no instant; write 2024-05-06T08:00 or 2024-05-06T08:00:00+07:00", param_hint=option
        ) from error
    return instant.replace(tzinfo=TIMEZONE) if instant.tzinfo is None else instant


@contextmanager
def progress_to_stderr() -> Iterator[Callable[[str], None]]:
    """A line that tells what is being done; on standard error, so that JSON stays clean."""
    console = Console(stderr=True, highlight=False)
    with console.status("") as status:
        yield status.update
