"""One's own account: who one is, the password, and where one is signed in."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.accounts.queries import AccountRow, SessionRow, SignedIn
from models.core import formats
from models.core.texts import sentence_of, text
from pages.access.request_info import (
    BROWSER_COOKIE,
    SESSION_COOKIE,
    address_of,
    is_from_here,
    read_cookie,
    safe_next,
    set_cookie,
)
from pages.access.session_service import find_session_service
from pages.access.sign_in.hashing import TooMany, hashing
from pages.access.sign_in.login import CHANGE, LOGIN, LOGOUT, door_of, in_language, signed_in_by
from pages.access.sign_in.sheet import (
    NOT_KEPT,
    TooLarge,
    done,
    escaped,
    field,
    hidden,
    number_in,
    read_form,
    refused,
    sheet,
    wrong,
)
from pages.kit.address import language_of
from targets.errors import CampaignError

ACCOUNT, END = "/auth/account", "/auth/sessions/end"


async def password(request: Request) -> Response:
    """The password: its form, and the change."""
    found = await signed_in_by(request)
    is_form = request.method == "POST"
    if is_form and not is_from_here(request, find_session_service().settings.public_address):
        return refused(403)
    try:
        form = await read_form(request) if is_form else dict(request.query_params)
    except (TooLarge, ValueError):
        return refused(413)
    language, after = language_of(form), safe_next(form.get("next"))
    if found is None:
        return RedirectResponse(in_language(LOGIN, language, next=after), 303, headers=NOT_KEPT)
    _, signed_in = found
    if not is_form:
        return _password_form(signed_in, language, after)
    try:
        token = await _change(request, signed_in, form, language)
    except NotChanged as problem:
        return _password_form(signed_in, language, after, said=wrong(str(problem)), status=problem.status)
    to = after if signed_in.must_change else in_language(ACCOUNT, language, changed="1")
    response = RedirectResponse(to, 303, headers=NOT_KEPT)
    set_cookie(
        request, response, SESSION_COOKIE, token, seconds=int(find_session_service().settings.lasts.total_seconds())
    )
    return response


class NotChanged(Exception):
    """The password is still the old one; the text says in the reader's language what stands against the new one."""

    def __init__(self, said: str, status: int = 422) -> None:
        super().__init__(said)
        self.status = status


async def _change(request: Request, signed_in: SignedIn, form: dict[str, str], language: str) -> str:
    """Change the password; answers the new token of this session. A one-time password was typed a moment ago.

    Raises NotChanged.
    """
    service, door = find_session_service(), door_of(request, read_cookie(request, BROWSER_COOKIE))
    chosen = form.get("new", "")
    if chosen != form.get("again"):
        raise NotChanged(text("door.not_the_same", language))
    # Whoever has signed in is known, whatever their browser has kept.
    look = partial(hashing().look, door=replace(door, browser_hash=f"session {signed_in.session_id}"), is_known=True)
    try:
        if not signed_in.must_change:
            is_own = await look(service.is_own_password, signed_in, form.get("current", ""), door)
            if isinstance(is_own, timedelta):
                raise NotChanged(text("door.wait", language, seconds=int(is_own.total_seconds()) + 1))
            if not is_own:
                raise NotChanged(text("door.wrong_current", language))
        return await look(service.change_password, signed_in, chosen, address_of(request))
    except TooMany as problem:
        raise NotChanged(text("door.busy_sign_in", language), 503) from problem
    except CampaignError as problem:
        raise NotChanged(sentence_of(problem, language)) from problem


def _password_form(signed_in: SignedIn, language: str, after: str, *, said: str = "", status: int = 200) -> Response:
    current = "" if signed_in.must_change else field(language, "current", kind="password", complete="current-password")
    why = text("door.one_time", language) if signed_in.must_change else ""
    body = (
        f"{said}<p>{escaped(why)}</p>"
        f'<p class="quiet">{escaped(text("door.what_password", language))}</p>'
        f'<form class="sheet" method="post" action="{CHANGE}">{hidden(next=after, lang=language)}'
        f'<input type="hidden" autocomplete="username" value="{escaped(signed_in.login)}">'
        f"{current}{field(language, 'new', kind='password', complete='new-password', more='minlength=12')}"
        f"{field(language, 'again', kind='password', complete='new-password', more='minlength=12')}"
        f"<button>{escaped(text('door.change', language))}</button></form>"
    )
    return sheet(language, key="password", body=body, address=CHANGE, query={"next": after}, status=status)


async def account(request: Request) -> Response:
    """Who one is here, and where one is signed in."""
    language = language_of(request.query_params)
    found = await signed_in_by(request)
    if found is None:
        return RedirectResponse(in_language(LOGIN, language), 303, headers=NOT_KEPT)
    _, signed_in = found
    if signed_in.must_change:
        return RedirectResponse(in_language(CHANGE, language), 303, headers=NOT_KEPT)
    row, sessions = await anyio.to_thread.run_sync(find_session_service().account_of, signed_in)
    said = done(text("door.changed", language)) if "changed" in request.query_params else ""
    body = said + _who(row, language) + _sessions(sessions, signed_in, language)
    return sheet(language, key="account", body=body, address=ACCOUNT, width="44rem")


def _who(row: AccountRow, language: str) -> str:
    units = f"<p>{escaped(', '.join(row.unit_names))}</p>" if row.unit_names else ""
    change = (
        ""
        if row.is_external
        else f'<a class="button second" href="{escaped(in_language(CHANGE, language))}">'
        f"{escaped(text('door.password', language))}</a>"
    )
    role = escaped(text(f"role.{row.role}", language))
    return (
        f"<p><strong>{escaped(row.name)}</strong> ({escaped(row.login)}) · {role}</p>{units}"
        f'<p class="quiet">{escaped(text(f"role_says.{row.role}", language))}</p>'
        f'<div class="row"><a class="button" href="{escaped(in_language("/", language))}">'
        f"{escaped(text('frame.to_overview', language))}</a>{change}{_sign_out(language)}</div>"
    )


def _sign_out(language: str) -> str:
    return (
        f'<form method="post" action="{LOGOUT}">{hidden(lang=language)}'
        f'<button class="second">{escaped(text("door.sign_out", language))}</button></form>'
    )


def _sessions(sessions: list[SessionRow], signed_in: SignedIn, language: str) -> str:
    """Where somebody is signed in; all but this one can be ended from here."""
    cells = [
        (
            *map(escaped, (row.browser or "—", row.address)),
            *(escaped(formats.moment(moment, language)) for moment in (row.opened, row.seen)),
            _end_button(row, signed_in, language),
        )
        for row in sessions
    ]
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in cells)
    heads = "".join(
        f'<th scope="col">{escaped(text(f"door.session.{name}", language))}</th>'
        for name in ("browser", "address", "opened", "seen", "end")
    )
    everywhere = (
        f'<form method="post" action="{LOGOUT}">{hidden(lang=language, everywhere="1")}'
        f'<button class="second">{escaped(text("door.everywhere", language))}</button></form>'
    )
    return (
        f"<h2>{escaped(text('door.sessions', language))}</h2>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escaped(text("door.sessions", language))}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        f'<div class="row">{everywhere}</div>'
    )


def _end_button(row: SessionRow, signed_in: SignedIn, language: str) -> str:
    if row.id == signed_in.session_id:
        return escaped(text("door.session.this", language))
    label = escaped(text("door.session.end_it", language))
    which = hidden(session=str(row.id), lang=language)
    return f'<form method="post" action="{END}">{which}<button class="second">{label}</button></form>'


async def end(request: Request) -> Response:
    """End one of one's own sessions."""
    found = await signed_in_by(request)
    if not is_from_here(request, find_session_service().settings.public_address):
        return refused(403)
    try:
        form = await read_form(request)
        session_id = number_in(form, "session")
    except (TooLarge, ValueError):
        return refused(413)
    if found is None:
        return refused(401)
    _, signed_in = found
    try:
        await anyio.to_thread.run_sync(find_session_service().end, signed_in, session_id, address_of(request))
    except CampaignError:
        return refused(404)
    return RedirectResponse(in_language(ACCOUNT, language_of(form)), 303, headers=NOT_KEPT)


ROUTES = (
    Route(CHANGE, password, methods=["GET", "POST"]),
    Route(ACCOUNT, account),
    Route(END, end, methods=["POST"]),
)
