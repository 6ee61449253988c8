"""Security headers: on every HTTP answer, and strict enough to mean something."""

import asyncio
import base64
import hashlib

import pytest

from pages.access import headers
from pages.access.sign_in import document as sign_in_document


def answered(app, scope_type="http", scheme="http"):
    """What an application sends for one request."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": scope_type, "method": "GET", "path": "/", "query_string": b"", "headers": []}
    scope["scheme"] = scheme
    asyncio.run(app(scope, receive, send))
    return sent


async def quiet(scope, receive, send):
    kind = "websocket.accept" if scope["type"] == "websocket" else "http.response.start"
    await send({"type": kind, "status": 200, "headers": [(b"referrer-policy", b"no-referrer")]})


def test_every_answer_carries_the_headers():
    [start] = answered(headers.SecurityHeaders(quiet, policy="default-src 'self'"))

    said = {name.decode(): value.decode() for name, value in start["headers"]}
    assert said["content-security-policy"] == "default-src 'self'"
    assert said["x-content-type-options"] == "nosniff"


def test_answer_that_says_something_else_itself_is_left_alone():
    [start] = answered(headers.SecurityHeaders(quiet, policy=""))

    assert [value for name, value in start["headers"] if name == b"referrer-policy"] == [b"no-referrer"]


@pytest.mark.parametrize(("scheme", "given"), [("http", None), ("https", "max-age=31536000")])
def test_browser_that_came_over_tls_is_told_to_come_back_over_it_alone(scheme, given):
    [start] = answered(headers.SecurityHeaders(quiet, policy=""), scheme=scheme)

    said = {name.decode(): value.decode() for name, value in start["headers"]}
    assert said.get("strict-transport-security") == given


def test_websocket_passes_untouched():
    [message] = answered(headers.SecurityHeaders(quiet, policy=""), "websocket")

    assert message["headers"] == [(b"referrer-policy", b"no-referrer")]


def test_only_the_installed_inline_script_may_run():
    script = "window.x = 1"
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()

    assert headers.script_hashes(f"<script>{script}</script><script src='./a.js'></script>") == (f"'sha256-{digest}'",)
    assert len(headers.script_hashes(sign_in_document.original())) == 1


def test_inline_script_is_the_same_in_the_document_that_is_served():
    for served in sign_in_document.DOCUMENTS.values():
        assert headers.script_hashes(served) == headers.script_hashes(sign_in_document.original())


@pytest.mark.parametrize("directive", ["default-src 'self'", "object-src 'none'", "frame-ancestors 'self'"])
def test_policy_lets_nothing_in_from_elsewhere(directive):
    policy = headers.content_security_policy(["'sha256-x'"])

    assert directive in policy.split("; ")
    assert "script-src 'self' 'sha256-x'" in policy.split("; ")
    assert "http" not in policy
    assert "unsafe-eval" not in policy
