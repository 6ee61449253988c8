"""The command that freezes figures for a meeting."""

import sys
from datetime import date
from typing import Annotated

import typer

from jobs.commands.telling import print_json, print_table, read_day, read_instant, say, say_wrong, telling_mistakes
from jobs.wording.announcing import still_open
from jobs.workplace import Workplace, open_workplace
from models.core import formats
from models.core.texts import text
from models.meetings.actions import freeze_figures
from models.meetings.snapshots import find_all_snapshots, find_open_announcement, find_same_snapshot
from models.results.inputs import load_campaign
from models.targets.agreements import find_under_review
from models.units.queries import find_units


def _ask_about_open(workplace: Workplace, day: date, lang: str) -> None:
    """Say what is still open, and ask once where somebody sits at the terminal; a script is told and goes on."""
    with workplace.store.reading() as session:
        announced = find_open_announcement(session)
        found = still_open(
            announced if announced is not None and announced.as_of == day else None,
            find_under_review(session),
            {unit.code: unit.name for unit in find_units(session)},
            load_campaign(session),
            today=workplace.today(),
            language=lang,
        )
    for said in found:
        say_wrong(said)
    if found and sys.stdin.isatty():
        typer.confirm(text("meeting.freeze.anyway", lang), abort=True, err=True)


@telling_mistakes
def snapshot(
    as_of: Annotated[str | None, typer.Option(help="The day of the figures; business today where left out.")] = None,
    title: Annotated[str | None, typer.Option(help="What the meeting is called.")] = None,
    known_at: Annotated[
        str | None, typer.Option(help="Only what had been recorded by this instant, e.g. 2024-05-06T08:00.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Freeze although the same figures were frozen under this title already.")
    ] = False,
    show: Annotated[bool, typer.Option("--list", help="List what has been frozen and freeze nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="vi or en: the language of what people read.")] = "vi",
) -> None:
    """Freeze the figures for a meeting: they never change afterwards. Prints the snapshot's id.

    A command that is repeated freezes nothing twice: it prints the id of the snapshot that is there.
    """
    workplace = open_workplace()
    same = None
    if not show:
        day = read_day(as_of, option="--as-of") or workplace.today()
        named = title or text("meeting.default_title", lang, date=formats.day(day, lang))
        instant = read_instant(known_at, option="--known-at")
        _ask_about_open(workplace, day, lang)
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
            say_wrong(text("meeting.frozen_already", lang, id=str(frozen), by=head.by, moment=moment))
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
            text("meeting.snapshots", lang),
            [text(f"meeting.column.{name}", lang) for name in names],
            rows,
            numbers=(0,),
        )
