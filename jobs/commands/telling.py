"""How every command speaks: the reader's language, its results and mistakes, and how it reads days and instants."""

import dataclasses
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, NoReturn, cast

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import DBAPIError
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from jobs.wording.mistakes import mistakes_words
from jobs.workplace import Tell
from models.core.settings import TIMEZONE, WrongSettings
from models.core.texts import LANGUAGES, sentence_of, text, texts
from targets.errors import CampaignError, CampaignFilesError, UnknownName, UnreadableFile, WrongUse

ASKED_LANGUAGE: ContextVar[str] = ContextVar("asked_language", default="")
AsJson = Annotated[bool, typer.Option("--json")]
WRONG_USE = (CampaignFilesError, UnknownName, UnreadableFile, WrongSettings, WrongUse)
"""Mistakes in what was asked for or handed in, as opposed to work that failed."""


class Exit(IntEnum):
    """How a command ends."""

    DONE = 0
    FAILED = 1
    WRONG_USE = 2
    ROWS_LEFT = 3


# --- the reader's language -------------------------------------------------------------------------------------------


def reader_language() -> str:
    """The language in which a command speaks: --lang's, else the environment's where it is one of ours."""
    reported = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    named = next((language for language in LANGUAGES if reported.lower().startswith(language)), LANGUAGES[0])
    return ASKED_LANGUAGE.get() or named


def kept_language() -> str:
    """The language of what outlives the terminal (documents, titles, words in JSON): --lang's, else Vietnamese."""
    return ASKED_LANGUAGE.get() or LANGUAGES[0]


def words(key: str, /, **terms: str | int) -> str:
    """A text in the reader's language."""
    return text(key, reader_language(), **terms)


def wrong(key: str, /, option: str | None = None, **terms: str | int) -> typer.BadParameter:
    """A refusal of what was asked, naming the option; ends a command as wrong usage."""
    return typer.BadParameter(words(f"command.wrong.{key}", **terms), param_hint=option)


def _choose_language(context: typer.Context, asked: str) -> None:
    if asked not in ("", *LANGUAGES):
        raise wrong("language", name=asked, known=", ".join(LANGUAGES))
    if asked or context.parent is None:
        ASKED_LANGUAGE.set(asked)


def put_into_words(command: "Command | Commands", language: str) -> None:
    """Give a command's help its words: each parameter those of its own, else those of all that are called so."""
    known = texts(language)
    command.help = known[f"help.{command.key}.about"]
    for each in command.params:
        if each.name != "help":
            own = f"help.{command.key}.{each.name}"
            cast(Any, each).help = known[own if own in known else f"help.shared.{each.name}"]


def _in_our_words(said: str) -> str:
    """What the command line's library says, phrase by phrase in the reader's words."""
    for key, phrase in texts("en").items():
        if key.startswith("console."):
            said = said.replace(phrase, words(key))
    return said


_speaking = typer.Typer(add_completion=False)


@_speaking.command()
def _speak(
    lang: Annotated[
        str, typer.Option("--lang", metavar="vi|en", is_eager=True, expose_value=False, callback=_choose_language)
    ] = "",
) -> None:
    """Bears the option that every command and group is given."""


LANGUAGE_OPTION = typer.main.get_command(_speaking).params[0]


class Command(TyperCommand):
    """A command whose help stands in data/texts, and that takes --lang."""

    def __init__(self, name: str | None, **attributes: Any) -> None:
        super().__init__(name, **attributes)
        self.params.append(LANGUAGE_OPTION)

    @property
    def key(self) -> str:
        """Under which its words stand: module and function."""
        return f"{self.callback.__module__.rpartition('.')[2]}.{self.callback.__name__}" if self.callback else ""

    def get_help(self, ctx: Any) -> str:
        put_into_words(self, reader_language())
        return _in_our_words(super().get_help(ctx))

    def get_short_help_str(self, limit: int = 45) -> str:
        put_into_words(self, reader_language())
        return super().get_short_help_str(limit)


class Commands(TyperGroup):
    """A group of commands; the outermost is the command line, which ends with a sentence and a code for scripts."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.params.append(LANGUAGE_OPTION)

    @property
    def key(self) -> str:
        return str(self.name)

    def get_help(self, ctx: Any) -> str:
        put_into_words(self, reader_language())
        return _in_our_words(super().get_help(ctx))

    def get_short_help_str(self, limit: int = 45) -> str:
        put_into_words(self, reader_language())
        return super().get_short_help_str(limit)

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run a command. What people can mend ends it with a sentence: their input, a disk, a database."""
        try:
            ended = super().main(*arguments, **options | {"standalone_mode": False})
        except TyperException as misused:
            said = StringIO()
            cast(typer.BadParameter, misused).show(said)
            _end(_in_our_words(said.getvalue().strip()), misused.exit_code)
        except typer.Abort:
            _end(words("command.wrong.aborted"), Exit.FAILED)
        except CampaignError as error:
            language, code = reader_language(), Exit.WRONG_USE if isinstance(error, WRONG_USE) else Exit.FAILED
            if isinstance(error, CampaignFilesError):
                _end(mistakes_words(error.problems, language), code)
            _end(sentence_of(error, language), code)
        except DBAPIError as error:
            _end(words("command.wrong.store", why=str(error.orig).strip().splitlines()[0]), Exit.FAILED)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            _end(f"{place}{error.strerror or error}.", Exit.FAILED)
        sys.exit(ended)


def commands(name: str) -> typer.Typer:
    """A group to which a module adds its commands, each as `Command`."""
    return typer.Typer(name=name, cls=Commands, no_args_is_help=True, add_completion=False, rich_markup_mode=None,
                       pretty_exceptions_enable=False, context_settings={"max_content_width": 120})  # fmt: skip


def _end(sentence: str, code: int) -> NoReturn:
    say_wrong(sentence)
    sys.exit(code)


# --- what it says ----------------------------------------------------------------------------------------------------


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

    Raises BadParameter naming the option.
    """
    if not path.parent.is_dir():
        raise wrong("no_folder", option, folder=str(path.parent))
    if path.is_dir():
        raise wrong("is_folder", option, folder=str(path))
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


def read_day(written: str | None, *, option: str) -> date | None:
    """A day given on the command line, ISO or as Vietnamese write it: 2024-05-07, 07/05/2024.

    Raises typer.BadParameter naming the option and what it may look like.
    """
    if written is None:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"):
        try:
            return datetime.strptime(written, form).replace(tzinfo=TIMEZONE).date()
        except ValueError:
            continue
    raise wrong("day", option, written=written)


def read_instant(written: str | None, *, option: str) -> datetime | None:
    """An instant given on the command line: ISO, in Vietnamese time where it has no offset."""
    if written is None:
        return None
    try:
        instant = datetime.fromisoformat(written)
    except ValueError as error:
        raise wrong("instant", option, written=written) from error
    return instant.replace(tzinfo=TIMEZONE) if instant.tzinfo is None else instant


@contextmanager
def progress_to_stderr() -> Iterator[Tell]:
    """A line that says what is being done; on standard error, so that JSON stays clean."""
    console = Console(stderr=True, highlight=False)
    with console.status("") as status:
        yield lambda step: status.update(words(f"progress.{step.key}", **step.terms))
