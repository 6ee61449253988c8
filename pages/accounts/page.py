"""Tài khoản: who may sign in, as what and for which units; made one by one or from a workbook; sessions ended."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from jobs.accounts import Made, import_accounts, message, sealed_workbook
from jobs.imports.formats.limits import UPLOAD
from jobs.imports.units.matching import UnitMatcher
from models.accounts import passwords
from models.accounts.actions import NewAccount, change_role, change_units, create_account, reset_password, set_enabled
from models.accounts.queries import AccountRow, SessionRow, find_accounts, find_sessions
from models.accounts.sessions import end_session
from models.core import formats
from models.core.clock import machine_now
from models.core.store import open_store
from models.core.texts import sentence_of, text
from models.meetings.digests import Wanted, find_addresses, set_mail_address
from models.results.inputs import load_campaign
from models.units.queries import find_units
from pages.kit import address, answers, visitors
from pages.kit.downloads import draw_download
from pages.kit.forms import carry_out, handed_in, say, show
from pages.kit.markdown import plain
from pages.kit.page import Page, Situation, Visit
from targets.errors import CampaignError
from targets.permissions import ROLES, Permission, Role

SHOWN = 50
"""Rows of the list at a time; typing narrows it."""
PLACE, ONE_TIME, SEALED = "accounts", "accounts-one-time", "accounts-sealed"
"""What the last change said, and passwords that are shown until they are put away: kept for this page alone."""
COLUMNS = ("login", "name", "role", "unit", "state", "last_seen")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES = ["xlsx", "xls", "ods", "csv"]


def draw(visit: Visit) -> None:
    """What has just been done, the list, then one account, a new one, a workbook, and who is signed in."""
    language = visit.language
    accounts, sessions, units = _ask(visit.situation)
    waiting = sum(row.is_enabled and row.must_change for row in accounts)
    counts = {"accounts": len(accounts), "enabled": sum(row.is_enabled for row in accounts), "waiting": waiting}
    st.title(text("page.accounts", language), anchor=False)
    st.markdown(plain(text("accounts.count", language, **counts)))
    show(PLACE)
    _draw_handed_over(visit)
    _draw_list(accounts, visit)
    _draw_one(accounts, units, visit)
    _draw_new(units, visit)
    _draw_import(visit)
    _draw_sessions(sessions, visit)


def _ask(situation: Situation) -> tuple[list[AccountRow], list[SessionRow], dict[str, str]]:
    """Accounts, open sessions, and every unit's code and name. Never kept: a role taken away must not be shown.

    Who has an account, the front says; which units somebody heads, the campaign that is looked at.
    """
    known = answers.front()
    with answers.store(situation).reading() as opened:
        units = {unit.code: unit.name for unit in find_units(opened)}
        heads = {row.login: (row.units, row.unit_names) for row in find_accounts(opened)}
    with open_store(known).reading() as opened:
        accounts = [
            replace(row, units=codes, unit_names=names)
            for row in find_accounts(opened)
            for codes, names in [heads.get(row.login, ((), ()))]
        ]
        return accounts, find_sessions(opened, machine=machine_now(), idle=known.idle), units


def _at_front(visit: Visit) -> Visit:
    """The visit where accounts are: at the front's store, with the role that somebody has there."""
    return replace(visit, situation=replace(visit.situation, campaign=""))


def _do(visit: Visit, reason: str, change: Callable[[Any, Any], Any], said: str) -> bool:
    """One change; what is said of it is shown above the list at the next drawing. Answers whether it was made."""

    def answering(opened: Any, context: Any) -> str:
        change(opened, context)
        return said

    is_done = carry_out(_at_front(visit), PLACE, reason, answering)
    if is_done and visit.situation.campaign:
        visitors.follow_front(visit.situation)
    return is_done


def _draw_handed_over(visit: Visit) -> None:
    """The passwords that are shown this once, until somebody puts them away."""
    language = visit.language
    if ONE_TIME in st.session_state:
        person, until = st.session_state[ONE_TIME]
        days = passwords.ONE_TIME_FOR.days
        st.warning(plain(text("accounts.hand_over", language, login=person.login, days=days)), icon=":material/key:")
        st.code(person.password, language=None)
        st.caption(plain(text("accounts.pass_on", language)))
        st.code(message(person, address=_address(), until=until, language=language), language=None, wrap_lines=True)
        st.button(text("accounts.put_away", language), key="accounts-put-away", on_click=_forget, args=(ONE_TIME,))
    if SEALED in st.session_state:
        said, content = st.session_state[SEALED]
        st.warning(plain(said), icon=":material/lock:")
        with st.container(horizontal=True):
            draw_download(
                text("accounts.download", language),
                lambda: content,
                visit=visit,
                subject="one-time passwords",
                file_name=text("accounts.file_name", language),
                mime=WORKBOOK,
                key="accounts-sealed-file",
                permission=Permission.MANAGE_ACCOUNTS,
            )
            st.button(
                text("accounts.put_away", language), key="accounts-put-list-away", on_click=_forget, args=(SEALED,)
            )


def _address() -> str:
    """Where people sign in: what the settings say, else where this page was opened."""
    return answers.front().public_address or "/".join((st.context.url or "").split("/", 3)[:3])


def _forget(what: str) -> None:
    st.session_state.pop(what, None)


# --- the list -------------------------------------------------------------------------------------------------------


def _draw_list(accounts: list[AccountRow], visit: Visit) -> None:
    language, words = visit.language, visit.choices.q or ""
    st.session_state["accounts-q"] = words
    st.text_input(
        text("accounts.search", language), key="accounts-q", type="search", max_chars=60,
        on_change=address.choose_from, args=("q", "accounts-q"),
        placeholder=text("accounts.search_hint", language),
    )  # fmt: skip
    wanted = words.casefold().split()
    found = [row for row in accounts if all(word in _searched(row) for word in wanted)]
    if not found:
        st.info(plain(text("accounts.nobody", language, words=words)), icon=":material/info:")
        return
    cells = [[plain(cell) or "—" for cell in _cells(row, language)] for row in found[:SHOWN]]
    titles = [plain(text(f"people.column.{name}", language)) for name in COLUMNS]
    with st.container(key="accounts-stacked"):
        st.table(
            pd.DataFrame(cells, columns=titles), border="horizontal", hide_index=True,
            alt=text("accounts.spoken", language),
        )  # fmt: skip
    if len(found) > SHOWN:
        st.caption(plain(text("accounts.shown", language, shown=SHOWN, found=len(found))))


def _searched(row: AccountRow) -> str:
    return " ".join((row.login, row.name, *row.units, *row.unit_names)).casefold()


def _cells(row: AccountRow, language: str) -> tuple[str, ...]:
    seen = text("accounts.never", language) if row.last_seen is None else formats.moment(row.last_seen, language)
    units = ", ".join(row.unit_names)
    return row.login, row.name, text(f"role.{row.role}", language), units, _state(row, language), seen


def _state(row: AccountRow, language: str) -> str:
    if not row.is_enabled:
        return text("accounts.disabled", language)
    if row.is_external:
        return text("accounts.external", language, name=answers.front().oidc_name)
    return text(f"accounts.{'must_change' if row.must_change else 'enabled'}", language)


# --- one account ----------------------------------------------------------------------------------------------------


def _draw_one(accounts: list[AccountRow], units: dict[str, str], visit: Visit) -> None:
    language = visit.language
    by_login = {row.login: row for row in accounts}
    st.header(text("accounts.change", language), anchor=False)
    chosen = st.selectbox(
        text("accounts.which", language), list(by_login), index=None, key="accounts-which",
        format_func=lambda login: f"{login} · {by_login[login].name}" if login in by_login else login,
        placeholder=text("accounts.none_chosen", language),
    )  # fmt: skip
    row = by_login.get(chosen or "")
    if row is None:
        return
    if row.login == visit.actor.login:
        st.caption(plain(text("accounts.yourself", language)))
    with st.form(f"accounts-form-{row.id}-{row.version}", border=True):
        role = _role_choice(f"accounts-role-{row.id}-{row.version}", language, row.role)
        heads = _unit_choice(f"accounts-units-{row.id}-{row.version}", units, language, row.units)
        if st.form_submit_button(text("accounts.save", language)):
            _save(visit, row, role, heads)
            st.rerun()
    _draw_mail(row, visit)
    _draw_door(row, visit)


def _draw_door(row: AccountRow, visit: Visit) -> None:
    """Locked, let in again, a new one-time password: each with a reason, which stays in the trail."""
    wanted = ["disable"] * row.is_enabled + ["reset"] * (row.is_enabled and not row.is_external)
    with st.form(f"accounts-door-{row.id}-{row.version}", border=True):
        st.text_input(text("accounts.reason", visit.language), key=_reason_key(row), max_chars=200)
        with st.container(horizontal=True):
            for which in wanted or ["enable"]:
                st.form_submit_button(
                    text(f"accounts.{which}", visit.language), key=f"accounts-{which}",
                    on_click=_reset if which == "reset" else _enable, args=(visit, row),
                )  # fmt: skip


def _reason_key(row: AccountRow) -> str:
    return f"accounts-reason-{row.id}"


def _draw_mail(row: AccountRow, visit: Visit) -> None:
    """Where the person gets mails, and which: each campaign mails its own."""
    language = visit.language
    with answers.store(visit.situation).reading() as opened:
        wanted = find_addresses(opened).get(row.login) or Wanted("")
    with st.form(f"accounts-mail-{row.id}", border=True):
        place = st.text_input(
            text("accounts.mail", language), wanted.address, key=f"accounts-mail-address-{row.id}", type="email",
            max_chars=120, help=text("accounts.mail_help", language),
        )  # fmt: skip
        digest, reminders = (
            st.checkbox(text(f"accounts.mail_{which}", language), is_wanted, key=f"accounts-mail-{which}-{row.id}")
            for which, is_wanted in (("digest", wanted.digest), ("reminders", wanted.reminders))
        )
        if st.form_submit_button(text("accounts.mail_save", language)):
            wanted = Wanted(place, digest, reminders)
            _say_mail(visit, row.login, wanted)
            st.rerun()


def _say_mail(visit: Visit, login: str, wanted: Wanted) -> None:
    """Said in the campaign that is looked at, as which units somebody heads."""

    def change(opened: Any, context: Any) -> str:
        set_mail_address(
            opened, login, wanted.address, digest=wanted.digest, reminders=wanted.reminders, context=context
        )
        return text("accounts.changed", visit.language, login=login)

    carry_out(visit, PLACE, f"mail of {login}", change)


def _role_choice(key: str, language: str, role: Role) -> Role:
    return st.selectbox(
        text("accounts.role", language), ROLES, index=ROLES.index(role), key=key, filter_mode=None,
        format_func=lambda each: f"{text(f'role.{each}', language)}: {text(f'role_says.{each}', language)}",
    )  # fmt: skip


def _unit_choice(key: str, units: dict[str, str], language: str, chosen: tuple[str, ...] = ()) -> list[str]:
    return st.multiselect(
        text("accounts.units", language), list(units), default=list(chosen), key=key,
        format_func=lambda code: f"{units.get(code, code)} ({code})",
        placeholder=text("accounts.choose_units", language),
    )  # fmt: skip


def _save(visit: Visit, row: AccountRow, role: Role, heads: list[str]) -> None:
    """Units first where the account becomes a unit head, as that role needs one; the other way round elsewhere."""
    said = text("accounts.changed", visit.language, login=row.login)
    if visit.situation.campaign:
        _save_further(visit, row, role, heads, said)
        return

    def change(opened: Any, context: Any) -> None:
        version = row.version
        if set(heads) != set(row.units) and role == "unit_head":
            change_units(opened, row.login, heads, context=context, seen_version=version)
            version += 1
        if role != row.role:
            change_role(opened, row.login, role, context=context, seen_version=version)
            version += 1
        if set(heads) != set(row.units) and role != "unit_head":
            change_units(opened, row.login, heads, context=context, seen_version=version)

    _do(visit, f"change account {row.login}", change, said)


def _save_further(visit: Visit, row: AccountRow, role: Role, heads: list[str], said: str) -> None:
    """The role at the front, then the units in the campaign that is looked at."""

    def change(opened: Any, context: Any) -> None:
        change_role(opened, row.login, role, heads_elsewhere=True, context=context, seen_version=row.version)

    is_done = role == row.role or _do(visit, f"change account {row.login}", change, said)
    if is_done and set(heads) != set(row.units):
        _say_heads(visit, row.login, heads, said)


def _say_heads(visit: Visit, login: str, heads: Sequence[str], said: str) -> None:
    """Which units somebody heads, said in the campaign that is looked at."""

    def change(opened: Any, context: Any) -> str:
        change_units(opened, login, heads, context=context)
        return said

    carry_out(visit, PLACE, f"change account {login}", change)


def _enable(visit: Visit, row: AccountRow) -> None:
    """Let in who is locked out, lock out who is not."""
    is_enabled = not row.is_enabled

    def change(opened: Any, context: Any) -> None:
        set_enabled(
            opened, row.login, is_enabled=is_enabled, context=context, machine=machine_now(), seen_version=row.version
        )

    said = text(f"accounts.was_{'enabled' if is_enabled else 'disabled'}", visit.language, login=row.login)
    _do(visit, st.session_state[_reason_key(row)], change, said)


def _reset(visit: Visit, row: AccountRow) -> None:
    made = _made(row.login, row.name, row.role, row.unit_names)
    hashed = passwords.hashed(made.password)

    def change(opened: Any, context: Any) -> None:
        reset_password(opened, row.login, hashed=hashed, context=context, machine=machine_now())

    said = text("accounts.changed", visit.language, login=row.login)
    if _do(visit, st.session_state[_reason_key(row)], change, said):
        _hand_over(made)


def _made(login: str, name: str, role: Role, units: Sequence[str]) -> Made:
    return Made(login, name.strip() or login, role, tuple(units), passwords.one_time())


def _hand_over(made: Made) -> None:
    st.session_state[ONE_TIME] = (made, machine_now() + passwords.ONE_TIME_FOR)


# --- new accounts ---------------------------------------------------------------------------------------------------


def _draw_new(units: dict[str, str], visit: Visit) -> None:
    language = visit.language
    with st.expander(text("accounts.create", language), key="accounts-create"), st.form("accounts-new"):
        login = st.text_input(text("accounts.login", language), key="accounts-new-login", max_chars=64)
        name = st.text_input(text("accounts.name", language), key="accounts-new-name", max_chars=120)
        role = _role_choice("accounts-new-role", language, "viewer")
        heads = _unit_choice("accounts-new-units", units, language)
        if st.form_submit_button(text("accounts.create", language)):
            _create(
                visit, NewAccount(passwords.folded(login), name, role, tuple(heads)), [units[code] for code in heads]
            )
            st.rerun()


def _create(visit: Visit, new: NewAccount, names: Sequence[str]) -> None:
    made = _made(new.login, new.name, new.role, names)
    whole = replace(new, hashed=passwords.hashed(made.password))
    if is_further := bool(visit.situation.campaign and new.units):
        whole = replace(whole, units=(), heads_elsewhere=True)

    def change(opened: Any, context: Any) -> None:
        create_account(opened, whole, context=context, machine=machine_now())

    said = text("accounts.created", visit.language, login=new.login)
    if _do(visit, f"create account {new.login}", change, said):
        _hand_over(made)
        if is_further:
            _say_heads(visit, new.login, new.units, said)


def _draw_import(visit: Visit) -> None:
    language = visit.language
    with st.expander(text("accounts.import", language), key="accounts-import"):
        st.markdown(plain(text("accounts.import_how", language)))
        handed = st.file_uploader(text("accounts.file", language), type=FILES, key="accounts-file")
        is_wanted = st.button(text("accounts.take_in", language), key="accounts-take-in", disabled=handed is None)
        if handed is not None and is_wanted:
            _import(visit, handed.getvalue())
            st.rerun()


def _import(visit: Visit, slip: bytes) -> None:
    known, here, language = answers.front(), answers.store(visit.situation), visit.language
    working = text("accounts.working", language)
    bar = st.progress(0.0, working)

    def tell(done: int, total: int) -> None:
        bar.progress(done / total, f"{working} {done}/{total}")

    try:
        with here.reading() as opened:
            matcher = UnitMatcher(find_units(opened), load_campaign(opened))
        with handed_in(slip) as path:
            context = visitors.context_of(_at_front(visit), f"import accounts {path.name}")
            done = import_accounts(
                open_store(known), path, matcher, here=here, context=context, machine=machine_now(), limits=UPLOAD,
                progress=tell,
            )  # fmt: skip
    except CampaignError as error:
        said, *lines = sentence_of(error, language).split("\n")
        say(PLACE, said, is_done=False, lines=[line.removeprefix("- ") for line in lines])
        return
    say(PLACE, done.sentence(language), is_done=True)
    if done.made:
        sealed = sealed_workbook(done, address=_address(), language=language)
        st.session_state[SEALED] = (text("accounts.sealed", language), sealed)


# --- who is in ------------------------------------------------------------------------------------------------------


def _draw_sessions(sessions: list[SessionRow], visit: Visit) -> None:
    language = visit.language
    with st.expander(f"{text('accounts.sessions', language)} ({len(sessions)})", key="accounts-sessions"):
        if not sessions:
            st.markdown(plain(text("accounts.no_sessions", language)))
        for row in sessions[:SHOWN]:
            seen = formats.moment(row.seen, language)
            said = {"login": row.login, "browser": row.browser or "—", "address": row.address, "seen": seen}
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(plain(text("accounts.session", language, **said)), width="content")
                label = text("accounts.end", language)
                st.button(label, key=f"accounts-end-{row.id}", on_click=_end, args=(visit, row.id))


def _end(visit: Visit, session_id: int) -> None:
    def change(opened: Any, context: Any) -> None:
        end_session(opened, session_id, context=context, machine=machine_now())

    _do(visit, "end a session", change, text("accounts.ended", visit.language))


PAGE = Page(key="accounts", address="accounts", draw=draw, permission=Permission.MANAGE_ACCOUNTS)
