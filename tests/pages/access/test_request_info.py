"""Who calls: which forms are ours, where one may go on to, and what browsers are called."""

import pytest
from starlette.requests import HTTPConnection
from starlette.responses import Response

from pages.access.request_info import (
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


def connection(*, scheme="http", client=("203.0.113.5", 1), **headers):
    raw = [
        (name.replace("_", "-").encode(), value.encode()) for name, value in {"host": "our.example", **headers}.items()
    ]
    sent = {"type": "http", "scheme": scheme, "path": "/", "query_string": b"", "server": ("our.example", 80)}
    return HTTPConnection(sent | {"headers": raw, "client": client})


@pytest.mark.parametrize("asked", ["/", "/gaps", "/unit?unit=H1", "/gaps?q=s%E1%BB%9F&lang=en", "/?indicator=online"])
def test_way_on_to_our_own_addresses_is_kept(asked):
    assert safe_next(asked) == asked


@pytest.mark.parametrize(
    "asked",
    [
        None, "", "gaps", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "https://evil.example", "http:evil.example", "javascript:alert(1)", "/gaps\r\nSet-Cookie: x=1", "/gaps?x=\n",
        "/auth/logout", "/healthz", "/nowhere", "/gaps/../auth/logout", "/%2f%2fevil.example", "/@evil.example",
        "/.evil.example", "/gaps#x", "/sở", " /gaps", "/gaps?" + "x" * 2_000, "/static/x.js",
    ],
)  # fmt: skip
def test_way_on_to_anywhere_else_leads_to_the_overview(asked):
    assert safe_next(asked) == "/"


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "none"}, True),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "cross-site", "origin": "http://our.example"}, False),
        ({"origin": "http://our.example"}, True),
        ({"origin": "https://our.example"}, True),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "http://our.example.evil.example"}, False),
        ({"origin": "null"}, False),
        ({}, True),
    ],
)
def test_form_counts_only_from_our_own_pages(headers, is_ours):
    assert is_from_here(connection(**headers), "") is is_ours


def test_form_from_the_public_address_is_ours_whatever_the_proxy_calls_us():
    assert is_from_here(connection(origin="https://dieuhanh.example"), "https://dieuhanh.example/caodiem")
    assert not is_from_here(connection(origin="https://dieuhanh.example"), "")


@pytest.mark.parametrize(
    ("agent", "called"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) coc_coc_browser/120 Chrome/114 Safari/537.36", "Cốc Cốc · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) AppleWebKit/605 Version/17.0 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X) Gecko/20100101 Firefox/140.0", "Firefox · macOS"),
        ("x" * 500, "x" * 120),
        ("", ""),
    ],
)
def test_browser_is_called_as_people_know_it(agent, called):
    assert browser_of({"user-agent": agent}) == called


def test_address_of_nobody_is_empty():
    assert address_of(connection(client=None)) == ""
    assert address_of(connection()) == "203.0.113.5"


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("http", "caodiem=x; HttpOnly; Max-Age=60; Path=/; SameSite=lax"),
        ("https", "__Host-caodiem=x; HttpOnly; Max-Age=60; Path=/; SameSite=lax; Secure"),
    ],
)
def test_cookie_is_kept_from_scripts_other_sites_and_plain_connections(scheme, expected):
    response = Response()

    set_cookie(connection(scheme=scheme), response, SESSION_COOKIE, "x", seconds=60)

    assert response.headers["set-cookie"] == expected


def test_cookie_is_read_from_any_of_several_headers_and_empty_is_none():
    assert read_cookie(connection(cookie="a=1; caodiem=x"), SESSION_COOKIE) == "x"
    assert read_cookie(connection(cookie="caodiem="), SESSION_COOKIE) is None
    assert read_cookie(connection(), SESSION_COOKIE) is None


def test_cookie_is_dropped_under_the_name_it_was_set():
    response = Response()

    drop_cookie(connection(scheme="https"), response, SESSION_COOKIE)

    assert "__Host-caodiem=" in response.headers["set-cookie"]
    assert "Max-Age=0" in response.headers["set-cookie"]


def test_tokens_have_256_bits_and_their_hash_tells_nothing_of_them():
    tokens = {fresh_token() for _ in range(100)}

    assert len(tokens) == 100
    assert all(len(token) == 43 for token in tokens)
    assert not [token for token in tokens if token in hash_of(token)]
