"""The command that mails the digest, says where it goes, and shows what became of it."""

from typing import Annotated

import typer

from jobs.commands.telling import Exit, print_json, print_table, say, telling_mistakes
from jobs.mails.digest import mail_digest
from jobs.workplace import open_workplace
from models.core.clock import machine_now
from models.core.texts import text
from models.meetings.digests import find_addresses, find_mails, set_mail_address


@telling_mistakes
def digest(
    snapshot: Annotated[int | None, typer.Option(help="Of which snapshot; the newest where left out.")] = None,
    to: Annotated[
        list[str] | None, typer.Option(help="LOGIN=ADDRESS: where somebody wants it; sends nothing. Empty: nowhere.")
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="Show what became of each mail and send nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="vi or en: the language of what people read.")] = "vi",
) -> None:
    """Mail the digest now: leaders get the province's with the pack, each unit head only their unit.

    Exits 1 where mails of this week have not got there.
    """
    workplace = open_workplace()
    if to:
        for written in to:
            login, equals, address = written.partition("=")
            if not equals:
                raise typer.BadParameter(f"“{written}” is no LOGIN=ADDRESS", param_hint="--to")
            context = workplace.context("where the digest goes")
            with workplace.store.writing() as session:
                set_mail_address(session, login.strip(), address, context=context)
        return
    if not show:
        mailed = mail_digest(
            workplace, f"{workplace.by} {workplace.now().isoformat(timespec='minutes')}", snapshot=snapshot
        )
        if not as_json:
            say(text("digest.done", lang, raised=mailed.raised, sent=mailed.sent, failed=mailed.failed))
            if mailed.waiting:
                say(text("digest.still_waiting", lang, waiting=mailed.waiting))
            if mailed.lost:
                say(text("digest.lost", lang, lost=mailed.lost))
        else:
            print_json(mailed)
        if mailed.waiting or mailed.lost:
            raise typer.Exit(Exit.FAILED)
        return
    with workplace.store.reading() as session:
        mails, addresses = find_mails(session, machine=machine_now()), find_addresses(session)
    if as_json:
        print_json(mails)
        return
    print_table(
        text("digest.addresses", lang),
        [text(f"digest.column.{name}", lang) for name in ("login", "address")],
        [(login, wanted.address) for login, wanted in sorted(addresses.items())],
    )
    print_table(
        text("digest.column.digest", lang),
        [text(f"digest.column.{name}", lang) for name in ("digest", "login", "state", "attempts", "failure")],
        [
            (
                mail.digest,
                mail.login,
                text(f"digest.state.{mail.state}", lang),
                str(mail.attempts),
                text(f"digest.failure.{mail.failure}", lang) if mail.failure else "",
            )
            for mail in mails
        ],
        numbers=(3,),
    )
