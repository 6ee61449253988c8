"""Signing in and out: the form, its answer, and the way on. Works without any script."""

import logging
import math
from urllib.parse import urlencode

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.accounts.queries import SignedIn
from models.accounts.sessions import Door
from models.core.texts import sentence_of, text
from pages.access.request_info import (
    BROWSER_COOKIE,
    BROWSER_LASTS,
    SESSION_COOKIE,
    address_of,
    browser_of,
    drop_cookie,
    fresh_token,
    hash_of,
    is_from_here,
    read_cookie,
    safe_next,
    set_cookie,
)
from pages.access.session_service import Turned, Welcome, find_session_service
from pages.access.sign_in.hashing import ONE_MOMENT, TooMany, hashing
from pages.access.sign_in.sheet import (
    NOT_KEPT,
    TooLarge,
    done,
    escaped,
    field,
    hidden,
    read_form,
    refused,
    sheet,
    wrong,
)
from pages.kit.address import DEFAULT_LANGUAGE, language_of
from targets.errors import CampaignError

LOG = logging.getLogger(__name__)
LOGIN, LOGOUT, CHANGE, OIDC = "/auth/login", "/auth/logout", "/auth/password", "/auth/oidc/start"


def door_of(request: Request, browser_token: str | None) -> Door:
    """From where somebody tries to come in."""
    return Door(
        address=address_of(request),
        browser=browser_of(request.headers),
        browser_hash=None if browser_token is None else hash_of(browser_token),
    )


async def signed_in_by(request: Request) -> tuple[str, SignedIn] | None:
    """The token and session of whoever asks; None where nobody is signed in, or no store can say so."""
    token = read_cookie(request, SESSION_COOKIE)
    if token is None:
        return None
    try:
        found = await anyio.to_thread.run_sync(find_session_service().find, token)
    except CampaignError:
        return None
    except Exception:  # as at the gate: a cookie of better days must not keep anybody from the page that says so
        LOG.exception("A session could not be looked up")
        return None
    return None if found is None else (token, found)


def let_in(request: Request, welcome: Welcome, browser_token: str, *, after: str, language: str) -> Response:
    """On to where somebody wanted to go, or to the password that must be changed first, with the cookies set."""
    lasts = int(find_session_service().settings.lasts.total_seconds())
    to = in_language(CHANGE, language, next=after) if welcome.must_change else after
    response = RedirectResponse(to, 303, headers=NOT_KEPT)
    set_cookie(request, response, SESSION_COOKIE, welcome.token, seconds=lasts)
    set_cookie(request, response, BROWSER_COOKIE, browser_token, seconds=BROWSER_LASTS)
    return response


def in_language(address: str, language: str, **query: str) -> str:
    """An address of the front door with its query, short for the default language and place."""
    if language != DEFAULT_LANGUAGE:
        query["lang"] = language
    kept = urlencode({name: value for name, value in query.items() if value and (name, value) != ("next", "/")})
    return address + (f"?{kept}" if kept else "")


async def login(request: Request) -> Response:
    """GET the form, POST it."""
    if request.method != "POST":
        language = language_of(request.query_params)
        after = safe_next(request.query_params.get("next"))
        if await signed_in_by(request) is not None:
            return RedirectResponse(after, 303, headers=NOT_KEPT)
        said = done(text("door.signed_out", language)) if "out" in request.query_params else ""
        return _form(language, after, said=said + await _readiness(language))
    if not is_from_here(request, find_session_service().settings.public_address):
        return refused(403)
    try:
        form = await read_form(request)
    except (TooLarge, ValueError):
        return refused(413)
    return await _answer(request, form)


async def _answer(request: Request, form: dict[str, str]) -> Response:
    language, after = language_of(form), safe_next(form.get("next"))
    typed, password = form.get("login", ""), form.get("password", "")
    browser_token = read_cookie(request, BROWSER_COOKIE) or fresh_token()
    door, service = door_of(request, browser_token), find_session_service()
    try:
        is_known = await anyio.to_thread.run_sync(service.is_known, typed, door)
        answer = await hashing().look(service.sign_in, typed, password, door, door=door, is_known=is_known)
    except TooMany:
        said, headers = wrong(text("door.busy_sign_in", language)), {"Retry-After": str(ONE_MOMENT)}
        return _form(language, after, said=said, login=typed, status=503, headers=headers)
    except CampaignError as problem:
        return _form(language, after, said=wrong(sentence_of(problem, language)), login=typed, status=503)
    except Exception:  # whatever keeps the store from answering, nobody is let in and nothing of it is told
        LOG.exception("Nobody can sign in")
        return _form(language, after, said=wrong(text("door.no_store", language)), login=typed, status=503)
    if isinstance(answer, Welcome):
        return let_in(request, answer, browser_token, after=after, language=language)
    return _turned(answer, language, after, login=typed)


def _turned(turned: Turned, language: str, after: str, *, login: str) -> Response:
    if turned.because == "wait":
        seconds = math.ceil(turned.wait.total_seconds())
        said = text("door.wait", language, seconds=seconds)
        return _form(language, after, said=wrong(said), login=login, status=429, headers={"Retry-After": str(seconds)})
    return _form(language, after, said=wrong(text(f"door.{turned.because}", language)), login=login, status=401)


def _form(
    language: str,
    after: str,
    *,
    said: str = "",
    login: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    settings = find_session_service().settings
    other = ""
    if settings.has_oidc:
        words = escaped(text("door.oidc", language, name=settings.oidc_name))
        address = escaped(in_language(OIDC, language, next=after))
        other = f'<p><a class="button second" href="{address}" style="display:block">{words}</a></p>'
    body = (
        f'{said}<form class="sheet" method="post" action="{LOGIN}">'
        f"{hidden(next=after, lang='' if language == DEFAULT_LANGUAGE else language)}"
        f"{field(language, 'login', complete='username', value=login, more='autocapitalize=none spellcheck=false')}"
        f"{field(language, 'password', kind='password', complete='current-password')}"
        f"<button>{escaped(text('door.sign_in', language))}</button></form>{other}"
        f'<p class="quiet">{escaped(text("door.forgotten", language))}</p>'
    )
    query = {} if after == "/" else {"next": after}
    return sheet(language, key="sign_in", body=body, address=LOGIN, query=query, status=status, headers=headers)


async def _readiness(language: str) -> str:
    """What keeps everybody from signing in, where something does."""
    try:
        await anyio.to_thread.run_sync(find_session_service().check_store)
    except CampaignError:
        commands = f"python -m jobs init\n\n# {text('store.demo', language)}:\npython -m jobs init --demo"
        return (
            f"<h2>{escaped(text('store.not_ready', language))}</h2><p>{escaped(text('store.what_to_do', language))}</p>"
            f"<pre>{escaped(commands)}</pre>"
        )
    except Exception:  # as when signing in
        LOG.exception("The store does not answer")
        return wrong(text("door.no_store", language))
    return ""


async def logout(request: Request) -> Response:
    """GET asks whether one means it, so that no link signs anybody out; POST does it."""
    found = await signed_in_by(request)
    if request.method != "POST":
        language = language_of(request.query_params)
        if found is None:
            return RedirectResponse(in_language(LOGIN, language), 303, headers=NOT_KEPT)
        body = (
            f'<form class="sheet" method="post" action="{LOGOUT}">{hidden(lang=language)}'
            f"<button>{escaped(text('door.sign_out', language))}</button></form>"
            f'<p><a href="{escaped(in_language("/", language))}">{escaped(text("frame.to_overview", language))}</a></p>'
        )
        return sheet(language, key="sign_out", body=body, address=LOGOUT)
    if not is_from_here(request, find_session_service().settings.public_address):
        return refused(403)
    try:
        form = await read_form(request)
    except (TooLarge, ValueError):
        return refused(413)
    if found is not None:
        await anyio.to_thread.run_sync(_sign_out, *found, address_of(request), form.get("everywhere") == "1")
    response = RedirectResponse(in_language(LOGIN, language_of(form), out="1"), 303, headers=NOT_KEPT)
    drop_cookie(request, response, SESSION_COOKIE)
    return response


def _sign_out(token: str, signed_in: SignedIn, address: str, everywhere: bool) -> None:
    find_session_service().sign_out(token, signed_in, address, everywhere=everywhere)


ROUTES = (
    Route(LOGIN, login, methods=["GET", "POST"]),
    Route(LOGOUT, logout, methods=["GET", "POST"]),
)
