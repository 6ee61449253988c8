"""How every command prints its results and mistakes, and reads days and instants."""

import dataclasses
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import DBAPIError

from jobs.wording.mistakes import mistakes_words
from models.core.settings import TIMEZONE, WrongSettings
from models.core.texts import LANGUAGES, sentence_of
from targets.errors import CampaignError, CampaignFilesError, UnknownName, UnreadableFile, WrongUse

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")


WRONG_USE = (CampaignFilesError, UnknownName, UnreadableFile, WrongSettings, WrongUse)
"""Mistakes in what was asked for or handed in, as opposed to work that failed."""


class Exit(IntEnum):
    """How a command ends."""

    DONE = 0
    FAILED = 1
    WRONG_USE = 2
    ROWS_LEFT = 3


def telling_mistakes(command: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
    """What people can mend ends a command with a sentence, never with a traceback: their input, a disk, a database."""

    @wraps(command)
    def reported(*arguments: Parameters.args, **options: Parameters.kwargs) -> Answer:
        language = options.get("lang", LANGUAGES[0])
        if language not in LANGUAGES:
            known = " or ".join(LANGUAGES)
            raise typer.BadParameter(f"“{language}” is no language of ours; write {known}", param_hint="--lang")
        try:
            return command(*arguments, **options)
        except CampaignError as error:
            reader = str(options.get("lang") or reader_language())
            if isinstance(error, CampaignFilesError):
                say_wrong(mistakes_words(error.problems, reader))
            else:
                say_wrong(sentence_of(error, reader) if isinstance(error, UnreadableFile) else str(error))
            raise typer.Exit(Exit.WRONG_USE if isinstance(error, WRONG_USE) else Exit.FAILED) from error
        except DBAPIError as error:
            say_wrong(f"The store cannot be used now: {str(error.orig).strip().splitlines()[0]}.")
            raise typer.Exit(Exit.FAILED) from error
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            say_wrong(f"{place}{error.strerror or error}.")
            raise typer.Exit(Exit.FAILED) from error

    return reported


def reader_language() -> str:
    """The language in which a command without --lang prints: the environment's, where it is one of ours."""
    reported = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return next((language for language in LANGUAGES if reported.lower().startswith(language)), LANGUAGES[0])


@contextmanager
def told_if_it_can_be(done: str) -> Iterator[None]:
    """What is stored stays stored where its report cannot be printed: a full disk, a reader gone.

    `done` says what was done, on standard error.
    """
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        with suppress(OSError):
            # What could not be written is not tried again when the process ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        with suppress(OSError):
            say_wrong(f"{done} ({error.strerror or error})")


def say_wrong(sentence: str) -> None:
    """A line about a mistake, on standard error, beside whatever a script reads."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(sentence, markup=False)


def checked_place(path: Path, *, option: str) -> Path:
    """A file to be written, as far as can be known before the work: its folder is there, and it is none itself.

    Raises typer.BadParameter naming the option.
    """
    if not path.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {path.parent}", param_hint=option)
    if path.is_dir():
        raise typer.BadParameter(f"{path} is a folder; name a file", param_hint=option)
    return path


def print_json(answer: Any) -> None:
    """JSON for scripts: decimals as strings, days and instants as ISO, unknown as null."""
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    sys.stdout.write(json.dumps(answer, ensure_ascii=not is_unicode, indent=1, default=_spelled) + "\n")


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
    """A line that says what is being done; on standard error, so that JSON stays clean."""
    console = Console(stderr=True, highlight=False)
    with console.status("") as status:
        yield status.update
