"""Commands about accounts. Passwords come from a prompt or standard input, never from an argument others could read."""

import getpass
import sys
from pathlib import Path
from typing import Annotated, cast

import typer

from jobs.accounts import bring_people, import_accounts, make_accounts, sealed_workbook
from jobs.commands.telling import (
    AsJson,
    Command,
    commands,
    kept_language,
    print_json,
    print_table,
    progress_to_stderr,
    reader_language,
    say,
    words,
    wrong,
)
from jobs.imports.units.matching import UnitMatcher
from jobs.workplace import Step, Workplace, open_workplace
from models.accounts import passwords
from models.accounts.actions import NewAccount, change_role, change_units, reset_password, set_enabled
from models.accounts.queries import AccountRow, find_accounts
from models.core import formats
from models.core.clock import machine_now
from models.core.texts import text
from models.results.inputs import load_campaign
from models.units.queries import find_province_name, find_units
from targets.permissions import Role

app = commands("account")
Login = Annotated[str, typer.Argument()]
Reason = Annotated[str, typer.Option("--reason")]
Units = Annotated[list[str] | None, typer.Option("--unit")]
FromInput = Annotated[bool, typer.Option("--stdin")]


@app.command(cls=Command)
def add(
    login: Login,
    role: Annotated[str, typer.Option()],
    name: str = "",
    unit: Units = None,
    stdin: FromInput = False,
    as_json: AsJson = False,
) -> None:
    workplace = open_workplace()
    password = _password(workplace, login, from_input=stdin)
    new = NewAccount(
        passwords.folded(login), name, cast("Role", role), tuple(unit or ()), hashed=passwords.hashed(password)
    )
    context = workplace.context(f"account add {new.login}")
    make_accounts(workplace.at_front().store, workplace.store, [new], context=context, machine=machine_now())
    _tell_password(new.login, None if stdin else password, as_json=as_json)


@app.command("list", cls=Command)
def list_accounts(
    words: Annotated[str, typer.Argument()] = "",
    as_json: AsJson = False,
) -> None:
    workplace, lang = open_workplace(), reader_language()
    with workplace.store.reading() as session:
        found = find_accounts(session, words=words)
    if as_json:
        print_json(found)
        return
    names = ("login", "name", "role", "unit", "state", "last_seen")
    print_table(
        text("page.accounts", lang),
        [text(f"people.column.{name}", lang) for name in names],
        [_row(account, lang) for account in found],
    )


@app.command(cls=Command)
def role(login: Login, role: Annotated[str, typer.Argument()]) -> None:
    asked, workplace = open_workplace(), open_workplace().at_front()
    context, elsewhere = workplace.context(f"account role {login} {role}"), bool(asked.campaign)
    with workplace.store.writing() as session:
        change_role(session, passwords.folded(login), cast("Role", role), heads_elsewhere=elsewhere, context=context)
    say(f"{login}: {words(f'role.{role}')}")


@app.command(cls=Command)
def units(login: Login, codes: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    workplace = open_workplace()
    context = workplace.context(f"account units {login}")
    if workplace.campaign:
        bring_people(workplace, context=context)
    with workplace.store.writing() as session:
        change_units(session, passwords.folded(login), codes or [], context=context)
    say(f"{login}: {', '.join(codes or []) or '—'}")


@app.command(cls=Command)
def disable(
    login: Login,
    undo: Annotated[bool, typer.Option("--undo")] = False,
    reason: Reason = "",
) -> None:
    workplace = open_workplace().at_front()
    context = workplace.context(reason or f"account disable {login}")
    with workplace.store.writing() as session:
        set_enabled(session, passwords.folded(login), is_enabled=undo, context=context, machine=machine_now())
    say(f"{login}: {words('accounts.enabled' if undo else 'accounts.disabled')}")


@app.command(cls=Command)
def password(login: Login, stdin: FromInput = False, reason: Reason = "", as_json: AsJson = False) -> None:
    workplace = open_workplace().at_front()
    chosen = _password(workplace, login, from_input=stdin)
    context = workplace.context(reason or f"account password {login}")
    hashed = passwords.hashed(chosen)
    with workplace.store.writing() as session:
        reset_password(session, passwords.folded(login), hashed=hashed, context=context, machine=machine_now())
    _tell_password(passwords.folded(login), None if stdin else chosen, as_json=as_json)


@app.command("import", cls=Command)
def import_file(
    file: Annotated[Path, typer.Argument()],
    out: Annotated[Path, typer.Option()],
    as_json: AsJson = False,
) -> None:
    workplace = open_workplace()
    if out.exists():
        raise wrong("passwords_are_there", "--out", file=str(out))
    with progress_to_stderr() as tell:
        done = import_accounts(
            workplace.at_front().store,
            file,
            _matcher(workplace),
            here=workplace.store,
            context=workplace.context(f"account import {file.name}"),
            machine=machine_now(),
            progress=lambda done, of: tell(Step("accounts", {"done": done, "of": of})),
        )
    _write_for_owner(out, sealed_workbook(done, address=workplace.settings.public_address, language=kept_language()))
    if as_json:
        made = [person.login for person in done.made]
        told = {"heads": done.heads, "heads_left_open": done.shared, "mails": done.mails}
        print_json({"made": made, "unchanged": done.unchanged, **told, "out": str(out)})
    else:
        say(f"{done.sentence(reader_language())}\n{out}")


def _matcher(workplace: Workplace) -> UnitMatcher:
    with workplace.store.reading() as session:
        return UnitMatcher(find_units(session), load_campaign(session))


def _write_for_owner(path: Path, content: bytes) -> None:
    """Readable by its owner alone from its first byte on."""
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(content)


def _password(workplace: Workplace, login: str, *, from_input: bool) -> str:
    """A random one, or the first line of standard input; on a terminal it is asked for without being shown."""
    if not from_input:
        return passwords.one_time()
    typed = (
        getpass.getpass(words("command.account.password", login=login))
        if sys.stdin.isatty()
        else sys.stdin.readline().rstrip("\r\n")
    )
    with workplace.store.reading() as session:
        province = find_province_name(session)
    passwords.check_acceptable(typed, login=passwords.folded(login), province=province)
    return typed


def _tell_password(login: str, made: str | None, *, as_json: bool) -> None:
    if as_json:
        print_json({"login": login, "one_time_password": made})
    elif made is None:
        say(words("command.account.set", login=login))
    else:
        say(words("command.account.made", login=login, password=made, days=passwords.ONE_TIME_FOR.days))


def _row(account: AccountRow, language: str) -> tuple[str, ...]:
    state = "enabled" if account.is_enabled else "disabled"
    return (
        account.login,
        account.name,
        text(f"role.{account.role}", language),
        ", ".join(account.unit_names),
        text(f"accounts.{'must_change' if account.is_enabled and account.must_change else state}", language),
        "—" if account.last_seen is None else formats.moment(account.last_seen, language),
    )
