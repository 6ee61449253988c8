"""Who calls: address and browser of a request, its cookies, whether it comes from our own pages, where it may go on to.

Behind a proxy the server has already put the caller's address and scheme in place of the proxy's, where the proxy is
the one that is believed (CAODIEM_PROXY).
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, cookie_parser
from starlette.responses import Response

from models.core.settings import Settings
from pages.kit.page import ADDRESSES

SESSION_COOKIE = "caodiem"
BROWSER_COOKIE = "caodiem-browser"
OIDC_COOKIE = "caodiem-oidc"
ONLY_THIS_HOST = "__Host-"
"""Behind TLS: no other host of the domain can set a cookie of this name, and it never travels unencrypted."""
BROWSER_LASTS = 180 * 24 * 3600
LONGEST_NEXT = 2_000
LONGEST_BROWSER = 120
_PLAIN = re.compile(r"[\x21-\x5b\x5d-\x7e]*")
_NAMES = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("coc_coc_browser/", "Cốc Cốc"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")


def fresh_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What the store keeps of a token. No salt: nobody guesses 256 bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_encrypted(connection: HTTPConnection) -> bool:
    return connection.url.scheme in ("https", "wss")


def address_of(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else ""


def browser_of(headers: Mapping[str, str]) -> str:
    """A browser and its system in two words, as people know them; what it says itself where we do not know it."""
    said = headers.get("user-agent", "")
    name = next((name for mark, name in _NAMES if mark in said), said[:LONGEST_BROWSER])
    system = next((system for system in _SYSTEMS if system in said), "")
    return " · ".join(part for part in (name, system.replace("Macintosh", "macOS")) if part)


def read_cookie(connection: HTTPConnection, name: str) -> str | None:
    """The value of one of our cookies; behind TLS only under the name that other hosts cannot set."""
    cookies: dict[str, str] = {}
    for header in connection.headers.getlist("cookie"):
        cookies |= cookie_parser(header)
    return cookies.get(_cookie_name(connection, name)) or None


def set_cookie(connection: HTTPConnection, response: Response, name: str, value: str, *, seconds: int) -> None:
    """Set one of our cookies: no script reads it, no other site's form sends it, and TLS keeps it to itself."""
    response.set_cookie(
        _cookie_name(connection, name),
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_encrypted(connection),
    )


def drop_cookie(connection: HTTPConnection, response: Response, name: str) -> None:
    set_cookie(connection, response, name, "", seconds=0)


def is_own_origin(connection: HTTPConnection, public_address: str) -> bool:
    """Whether the page that asks is ours, as its browser says. A program that is no browser says nothing.

    Ours is the address that was asked for, the one that the settings name, and the one that a proxy says was asked
    for: no page of another site can make a browser say so in the proxy's place.
    """
    ours = {_place(named) for named in connection.headers.getlist("host")}
    ours |= {_place(named) for named in connection.headers.getlist("x-forwarded-host")}
    ours |= {_place_in(public_address)}
    return all(_place_in(origin) in ours - {""} for origin in connection.headers.getlist("origin"))


def _place_in(address: str) -> str:
    """Host and port of an address; nothing where it is none, as of half an IPv6 address."""
    try:
        return _place(urlsplit(address).netloc)
    except ValueError:
        return ""


def _place(netloc: str) -> str:
    """A host and port as they are compared; the usual ports are left out by some and told by others."""
    return netloc.strip().lower().removesuffix(":80").removesuffix(":443")


def is_from_here(connection: HTTPConnection, public_address: str) -> bool:
    """Whether a form was sent from our own pages. A program that is no browser says neither, and carries no cookies."""
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    return is_own_origin(connection, public_address)


def may_measure(connection: HTTPConnection, settings: Settings, *, with_token: bool = False) -> bool:
    """Whoever sends CAODIEM_METRICS_TOKEN as a bearer token. Where none is set, this machine itself.

    Not through a proxy on it; one that forgets to say so is why a token, once set, is asked of everybody.
    """
    token = settings.metrics_token.get_secret_value()
    if token:
        return hmac.compare_digest(connection.headers.get("authorization", "").encode(), f"Bearer {token}".encode())
    if with_token or any(name in connection.headers for name in ("x-forwarded-for", "forwarded")):
        return False
    try:
        return ip_address(address_of(connection)).is_loopback
    except ValueError:
        return False


def safe_next(asked: str | None) -> str:
    """Where to go on to after signing in: one of our own addresses with its choices, or the overview."""
    if not asked or len(asked) > LONGEST_NEXT or not _PLAIN.fullmatch(asked):
        return "/"
    path, mark, query = asked.partition("?")
    if not path.startswith("/") or path.removeprefix("/") not in ADDRESSES:
        return "/"
    return f"{path}{mark}{query}"


def _cookie_name(connection: HTTPConnection, name: str) -> str:
    return f"{ONLY_THIS_HOST}{name}" if is_encrypted(connection) else name
