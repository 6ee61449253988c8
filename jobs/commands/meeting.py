"""The commands that freeze figures for a meeting, and that tell, close and confirm how a phase ended."""

import sys
from datetime import date
from typing import Annotated

import typer

from jobs.commands.telling import (
    AsJson,
    kept_language,
    print_json,
    print_table,
    read_day,
    read_instant,
    reader_language,
    say,
    say_wrong,
    words,
    wrong,
)
from jobs.wording import milestones
from jobs.wording.announcing import still_open
from jobs.workplace import Workplace, open_workplace
from models.core import formats
from models.core.texts import text
from models.meetings.actions import close_phase, confirm_result, freeze_figures
from models.meetings.milestones import find_result
from models.meetings.snapshots import find_all_snapshots, find_open_announcement, find_same_snapshot
from models.results.inputs import load_campaign
from models.targets.agreements import find_under_review
from models.units.queries import find_units


def _ask_about_open(workplace: Workplace, day: date) -> None:
    """Say what is still open, and ask once where somebody sits at the terminal; a script is told and goes on."""
    with workplace.store.reading() as session:
        announced = find_open_announcement(session)
        found = still_open(
            announced if announced is not None and announced.as_of == day else None,
            find_under_review(session),
            {unit.code: unit.name for unit in find_units(session)},
            load_campaign(session),
            today=workplace.today(),
            language=reader_language(),
        )
    for said in found:
        say_wrong(said)
    if found and sys.stdin.isatty():
        typer.confirm(words("meeting.freeze.anyway"), abort=True, err=True)


def snapshot(
    as_of: str | None = None,
    title: str | None = None,
    known_at: str | None = None,
    again: Annotated[bool, typer.Option("--again")] = False,
    show: Annotated[bool, typer.Option("--list")] = False,
    as_json: AsJson = False,
) -> None:
    workplace, lang = open_workplace(), reader_language()
    same = None
    if not show:
        day = read_day(as_of, option="--as-of") or workplace.today()
        kept = kept_language()
        named = title or text("meeting.default_title", kept, date=formats.day(day, kept))
        instant = read_instant(known_at, option="--known-at")
        _ask_about_open(workplace, day)
        context = workplace.context("for a meeting")
        with workplace.store.writing() as session:
            same = None if again else find_same_snapshot(session, as_of=day, title=named, known_at=instant)
            frozen = same or freeze_figures(session, as_of=day, title=named, known_at=instant, context=context)
    with workplace.store.reading() as session:
        heads = find_all_snapshots(session)
    if not show:
        head = next(head for head in heads if head.id == frozen)
        if same is not None:
            moment = formats.moment(head.recorded_at, lang)
            say_wrong(words("meeting.frozen_already", id=str(frozen), by=head.by, moment=moment))
        if as_json:
            print_json(head)
        else:
            say(str(frozen))
    elif as_json:
        print_json(heads)
    else:
        names = ["id", "title", "as_of", "frozen_at", "by"]
        names += ["withdrawn"] if any(head.withdrawn for head in heads) else []
        rows = [
            (
                str(head.id),
                head.title,
                formats.day(head.as_of, lang),
                formats.moment(head.recorded_at, lang),
                head.by,
                head.withdrawn.reason if head.withdrawn else "",
            )[: len(names)]
            for head in heads
        ]
        print_table(
            words("meeting.snapshots"),
            [words(f"meeting.column.{name}") for name in names],
            rows,
            numbers=(0,),
        )


def result(
    phase: Annotated[str, typer.Argument()],
    close: Annotated[bool, typer.Option("--close")] = False,
    without: int = 0,
    document: str = "",
    date: str | None = None,
    signer: str = "",
    reason: str = "",
    as_json: AsJson = False,
) -> None:
    workplace, lang = open_workplace(), reader_language()
    day = read_day(date, option="--date")
    if bool(document) != (day is not None):
        raise wrong("confirmation", "--document")
    context, today = workplace.context(reason, document=document), workplace.today()
    if close or document:
        with workplace.store.writing() as session:
            if close:
                close_phase(session, phase, without=without, context=context)
            if day is not None:
                head = find_result(session, phase, today=today).head
                if head is None:
                    raise wrong("not_closed", "--document", phase=phase)
                confirm_result(session, head.id, document=document, document_date=day, signer=signer, context=context)
    with workplace.store.reading() as session:
        found = find_result(session, phase, today=today)
    if as_json:
        print_json(
            {
                "phase": phase,
                "due": found.due,
                "closed": found.is_closed,
                "snapshot": None if found.head is None else found.head.id,
                "awaited": found.end.awaited,
                "confirmation": found.confirmation,
                "province": found.end.province,
                "units": found.end.units,
            }
        )
        return
    say(milestones.headline(found, lang))
    say(f"{milestones.state(found, lang)}. {milestones.units(found.end, lang)}.")
    table = milestones.table(found, lang)
    print_table("", table.heads, table.rows, numbers=table.numbers)
