"""Commands about sources: pull, schedule."""

import logging
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from jobs.commands.telling import (
    AsJson,
    Exit,
    kept_language,
    print_json,
    progress_to_stderr,
    read_day,
    reader_language,
    say,
    say_wrong,
)
from jobs.health.logs import write_log
from jobs.pulls.by_hand import pull_all
from jobs.pulls.outcome import NothingToPull, Pulled
from jobs.pulls.schedule import Beside, Schedule
from jobs.regular import Regular, regular_work
from jobs.workplace import open_workplace
from models.core import formats
from models.core.texts import sentence_of, text
from models.feeds.words import status_word

LOOK_FOR_CAMPAIGNS = 30
"""Seconds until a campaign that has been made joins."""
ASKING = (signal.SIGINT, signal.SIGTERM)
COUNTS = ("received", "accepted", "revised", "unchanged", "rejected")


def pull(
    source: Annotated[list[str] | None, typer.Argument()] = None,
    date: Annotated[str | None, typer.Option("--date")] = None,
    since: Annotated[str | None, typer.Option("--since")] = None,
    as_json: AsJson = False,
) -> None:
    workplace = open_workplace()
    day, first = read_day(date, option="--date"), read_day(since, option="--since")
    notices: list[NothingToPull] = []
    with stopping_on_signals() as stop, progress_to_stderr() as tell:
        pulled = list(
            pull_all(workplace, source or [], day=day, since=first, stop=stop, tell=tell, notice=notices.append)
        )
    if as_json:
        print_json([one.as_json(kept_language()) for one in pulled])
    else:
        _print(pulled, reader_language())
    for notice in notices:
        say_wrong(sentence_of(notice, reader_language()))
    if stop.is_set() or any(not one.is_good for one in pulled):
        raise typer.Exit(Exit.FAILED)
    if any(one.rejected for one in pulled):
        raise typer.Exit(Exit.ROWS_LEFT)


def _print(pulled: list[Pulled], language: str) -> None:
    if not pulled:
        say(text("pull.nothing", language))
    for one in pulled:
        counts = {name: formats.whole(getattr(one, name), language) for name in COUNTS}
        reported = {"source": one.file or one.source, "day": formats.day(one.for_date, language)}
        status = status_word(one.status, language)
        if one.failure:
            say(text("pull.failed", language, **reported, status=status, why=one.says(language)))
        else:
            say(text("pull.line", language, **reported, status=status, **counts))


def schedule() -> None:
    workplace = open_workplace().at_front()
    workplace.today()  # a store that is not ready is reported here, before anything starts
    write_log()
    beside = Beside(workplace)
    following = Regular("follow campaigns", beside.follow, every=LOOK_FOR_CAMPAIGNS, in_archive=True)
    schedule = Schedule(workplace, regular=[*regular_work(workplace), following])
    for number in ASKING:
        signal.signal(number, lambda _number, _frame: schedule.stop())
    schedule.run()
    beside.stop()
    logging.shutdown()
    # A source that does not answer would hold the process until it does; its run is closed already.
    os._exit(Exit.DONE)


# --- being asked to end ----------------------------------------------------------------------------------------------


@contextmanager
def stopping_on_signals() -> Iterator[threading.Event]:
    """While this lasts, being asked to end sets the event; asked twice, the process ends as it would have."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in ASKING}

    def ask(_number: int, _frame: object) -> None:
        stop.set()
        _put_back(before)

    try:
        for number in ASKING:
            signal.signal(number, ask)
        yield stop
    finally:
        _put_back(before)


def _put_back(handlers: Mapping[signal.Signals, Any]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)
