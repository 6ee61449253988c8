"""The organisation's own sign-in (OpenID Connect): out to it with PKCE, state and nonce, back into our own sessions.

What comes back is a session like any other, in the same table: it can be seen, ended and cut off in the same way.
"""

import logging
import warnings
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.core.settings import Settings
from models.core.texts import sentence_of, text
from pages.access.request_info import (
    BROWSER_COOKIE,
    OIDC_COOKIE,
    drop_cookie,
    fresh_token,
    hash_of,
    read_cookie,
    safe_next,
    set_cookie,
)
from pages.access.session_service import find_session_service
from pages.access.sign_in.login import LOGIN, OIDC, door_of, in_language, let_in
from pages.access.sign_in.oidc_accounts import NotAdmitted, Person, admit_person, begin, finish
from pages.access.sign_in.sheet import NOT_KEPT, escaped, refused, sheet, wrong
from pages.kit.address import language_of
from targets.errors import CampaignError

with warnings.catch_warnings():
    # Authlib 1.9 warns at import that it will ask for another HTTP library from 2.0 on; the lock holds 1.9.
    from authlib.deprecate import AuthlibDeprecationWarning

    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.base_client import OAuthError
    from authlib.integrations.starlette_client import OAuth, StarletteIntegration, StarletteOAuth2App

LOG = logging.getLogger(__name__)
CALLBACK = "/auth/oidc/callback"
WITHIN = 15 * 60
"""Seconds somebody may take at the organisation's door."""


class KeptStates(StarletteIntegration):  # type: ignore[misc] # Authlib publishes no types
    """Keeps what a sign-in under way must remember in the store, for the browser that began it, to be used once."""

    async def set_state_data(self, session: Any, state: str, data: Any) -> None:
        content = {"data": data, "next": session["next"], "lang": session["lang"]}
        await anyio.to_thread.run_sync(begin, find_session_service(), hash_of(state), session["browser"], content)

    async def get_state_data(self, session: Any, state: str | None) -> Any:
        content = await anyio.to_thread.run_sync(
            finish, find_session_service(), hash_of(state or ""), session["browser"]
        )
        session |= content
        return content.get("data")

    async def clear_state_data(self, session: Any, state: str | None) -> None:
        """Nothing is left: what was remembered went when it was asked for."""


class _Clients(OAuth):  # type: ignore[misc] # Authlib publishes no types
    framework_integration_cls = KeptStates


def client_of(settings: Settings) -> StarletteOAuth2App:
    """The client of the organisation's sign-in, which tells its own addresses and keys."""
    clients = _Clients()
    return clients.register(
        "oidc",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value() or None,
        server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": settings.oidc_scope, "code_challenge_method": "S256", "timeout": 10},
    )


async def start(request: Request) -> Response:
    """Out to the organisation's sign-in."""
    settings = find_session_service().settings
    if not settings.has_oidc:
        return refused(404)
    language, browser = language_of(request.query_params), fresh_token()
    carried = {"browser": hash_of(browser), "next": safe_next(request.query_params.get("next")), "lang": language}
    back = f"{settings.public_address or str(request.base_url).rstrip('/')}{CALLBACK}"
    try:
        response: Response = await client_of(settings).authorize_redirect(_carrying(request, carried), back)
    except Exception:  # whatever the organisation's server does, ours says that it was not to be had
        LOG.exception("The organisation's sign-in cannot be reached")
        return _failed(language)
    response.headers.update(NOT_KEPT)
    set_cookie(request, response, OIDC_COOKIE, browser, seconds=WITHIN)
    return response


async def callback(request: Request) -> Response:
    """Back from the organisation's sign-in: who it says somebody is, or why it does not."""
    service = find_session_service()
    if not service.settings.has_oidc:
        return refused(404)
    carried: dict[str, Any] = {"browser": hash_of(read_cookie(request, OIDC_COOKIE) or "")}
    try:
        person = await _person(request, service.settings, carried)
    except OAuthError as error:
        LOG.warning("The organisation's sign-in was not confirmed: %s", error.error)
        return _failed(str(carried.get("lang", language_of(request.query_params))))
    except Exception:  # a broken answer opens nothing, and nobody outside learns why
        LOG.exception("The organisation's sign-in was not confirmed")
        return _failed(str(carried.get("lang", language_of(request.query_params))))
    language, after = str(carried["lang"]), safe_next(str(carried["next"]))
    try:
        welcome = await anyio.to_thread.run_sync(admit_person, service, person, door_of(request, None))
    except NotAdmitted:
        return _turned_away(text("door.oidc_unknown", language, login=person.login), language, 403)
    except CampaignError as problem:
        return _turned_away(sentence_of(problem, language), language, 403)
    browser_token = read_cookie(request, BROWSER_COOKIE) or fresh_token()
    response = let_in(request, welcome, browser_token, after=after, language=language)
    drop_cookie(request, response, OIDC_COOKIE)
    return response


async def _person(request: Request, settings: Settings, carried: dict[str, Any]) -> Person:
    """Who the organisation says somebody is: from the signed token, and its directory where the token is short.

    Raises OAuthError where anything about it is wrong.
    """
    client = client_of(settings)
    known = await client.load_server_metadata()
    if str(known.get("issuer", "")).rstrip("/") != settings.oidc_issuer:
        raise OAuthError(error="issuer", description="the sign-in calls itself by another name")
    options = {
        "iss": {"essential": True, "values": [known["issuer"]]},
        "aud": {"essential": True, "values": [settings.oidc_client_id]},
        "exp": {"essential": True},
        "sub": {"essential": True},
    }
    token = await client.authorize_access_token(_carrying(request, carried), claims_options=options)
    claims = dict(token.get("userinfo") or {})
    if not claims:
        raise OAuthError(error="id_token", description="no token says who it is")
    wanted = [settings.oidc_login_claim, settings.oidc_role_claim, settings.oidc_unit_claim]
    if known.get("userinfo_endpoint") and any(name and name not in claims for name in wanted):
        sent = dict(await client.userinfo(token=token))
        if sent.get("sub") == claims["sub"]:
            claims = sent | claims
    return Person.of(claims, issuer=str(known["issuer"]), settings=settings)


def _carrying(request: Request, carried: dict[str, Any]) -> Request:
    """The request with what Authlib calls its session: only what this sign-in needs, in no cookie."""
    return Request({**request.scope, "session": carried}, request.receive)


def _failed(language: str) -> Response:
    return _turned_away(text("door.oidc_failed", language), language, 502)


def _turned_away(words: str, language: str, status: int) -> Response:
    back = escaped(in_language(LOGIN, language))
    body = f'{wrong(words)}<p><a href="{back}">{escaped(text("door.sign_in", language))}</a></p>'
    return sheet(language, key="sign_in", body=body, address=LOGIN, status=status)


ROUTES = (Route(OIDC, start), Route(CALLBACK, callback))
"""Registered always; they answer 404 where no other sign-in is set."""
