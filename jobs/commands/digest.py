"""The command that mails the digest, says where it goes, and shows what became of it."""

from typing import Annotated

import typer

from jobs.commands.telling import AsJson, Exit, print_json, print_table, say, words, wrong
from jobs.mails.digest import mail_digest
from jobs.workplace import open_workplace
from models.core.clock import machine_now
from models.meetings.digests import find_addresses, find_mails, set_mail_address


def digest(
    snapshot: int | None = None,
    to: list[str] | None = None,
    show: Annotated[bool, typer.Option("--list")] = False,
    as_json: AsJson = False,
) -> None:
    workplace = open_workplace()
    if to:
        for written in to:
            login, equals, address = written.partition("=")
            if not equals:
                raise wrong("address", "--to", written=written)
            context = workplace.context("where the digest goes")
            with workplace.store.writing() as session:
                set_mail_address(session, login.strip(), address, context=context)
        return
    if not show:
        mailed = mail_digest(
            workplace, f"{workplace.by} {workplace.now().isoformat(timespec='minutes')}", snapshot=snapshot
        )
        if not as_json:
            say(words("digest.done", raised=mailed.raised, sent=mailed.sent, failed=mailed.failed))
            if mailed.waiting:
                say(words("digest.still_waiting", waiting=mailed.waiting))
            if mailed.lost:
                say(words("digest.lost", lost=mailed.lost))
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
        words("digest.addresses"),
        [words(f"digest.column.{name}") for name in ("login", "address")],
        [(login, wanted.address) for login, wanted in sorted(addresses.items())],
    )
    print_table(
        words("digest.column.digest"),
        [words(f"digest.column.{name}") for name in ("digest", "login", "state", "attempts", "failure")],
        [
            (
                mail.digest,
                mail.login,
                words(f"digest.state.{mail.state}"),
                str(mail.attempts),
                words(f"digest.failure.{mail.failure}") if mail.failure else "",
            )
            for mail in mails
        ],
        numbers=(3,),
    )
