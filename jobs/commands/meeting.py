"""The commands that freeze figures for a meeting, and that tell, close and confirm how a phase ended."""

import sys
from datetime import date
from typing import Annotated

import typer

from jobs.commands.telling import print_json, print_table, read_day, read_instant, say, say_wrong, telling_mistakes
from jobs.wording import milestones
from jobs.wording.announcing import still_open
from jobs.workplace import Workplace, open_workplace
from models.core import formats
from models.core.texts import text
from models.meetings.actions import close_phase, confirm_result, freeze_figures
from models.meetings.milestones import find_closed, find_ended, find_named_phase, find_result
from models.meetings.snapshots import find_all_snapshots, find_open_announcement, find_same_snapshot
from models.results.inputs import load_campaign
from models.targets.agreements import find_under_review
from models.targets.registrations import Incomplete
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


@telling_mistakes
def result(
    phase: Annotated[str, typer.Argument(help="Key of a phase that has ended, e.g. 50-day.")],
    close: Annotated[bool, typer.Option("--close", help="Freeze how it ended as its result.")] = False,
    without: Annotated[int, typer.Option(help="With --close: from how many units figures are not waited for.")] = 0,
    document: Annotated[str, typer.Option(help="The document that confirms the result, e.g. 45/TB-UBND.")] = "",
    date: Annotated[str | None, typer.Option(help="Date of the document: 2024-05-13 or 13/05/2024.")] = None,
    signer: Annotated[str, typer.Option(help="Who signed the document: title and name.")] = "",
    reason: Annotated[str, typer.Option(help="Why; it stays in the audit trail.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="vi or en: the language of what people read.")] = "vi",
) -> None:
    """Tell how a phase ended; close it, so that no later figure changes it; say which document confirms it.

    A phase closes by itself with the first meeting after it once every figure that can come has come.
    """
    workplace = open_workplace()
    day = read_day(date, option="--date")
    if bool(document) != (day is not None):
        raise typer.BadParameter("--document and --date go together", param_hint="--document")
    context, today = workplace.context(reason, document=document), workplace.today()
    if close or document:
        with workplace.store.writing() as session:
            if close:
                close_phase(session, phase, without=without, context=context)
            if day is not None:
                head = find_closed(session).get(phase)
                if head is None:
                    raise Incomplete("Only the result of a closed phase is confirmed.", code="no_result_to_confirm")
                confirm_result(session, head.id, document=document, document_date=day, signer=signer, context=context)
    with workplace.store.reading() as session:
        if phase not in {**find_closed(session), **find_ended(session, today=today)}:
            find_named_phase(load_campaign(session), phase)
            raise Incomplete("The phase has not ended yet.", code="phase_not_ended")
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
