"""Back from the organisation's own sign-in: only a token that is right in every respect opens anything.

The provider here is one of the tests' own, so that it can lie. That an honest one leads into the dashboard, a browser
shows (tests/browser/test_front_door.py).
"""

import base64
import hashlib
import json
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from models.accounts.queries import find_accounts, find_sessions
from models.core.clock import machine_now
from models.core.trail import TrailFilter, find_trail

CLIENT = "cao-diem"
KEY, ANOTHERS_KEY = (RSAKey.generate_key(2048, parameters={"kid": "1"}) for _ in range(2))


class Provider(ThreadingHTTPServer):
    """Says who somebody is, in a token that a test may spoil; hands it out for the right verifier alone."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answering)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.named = self.address
        self.claims = {}
        self.key, self.algorithm = KEY, "RS256"
        self.challenge = ""
        self.refusals = []

    def token(self):
        now = int(time.time())
        given = {"iss": self.address, "aud": CLIENT, "sub": "42", "iat": now, "exp": now + 60} | self.claims
        claims = {name: value for name, value in given.items() if value is not None}
        if self.algorithm == "none":
            parts = ({"alg": "none", "kid": "1"}, claims)
            return ".".join([*(_spelled(json.dumps(part).encode()) for part in parts), ""])
        return jwt.encode({"alg": self.algorithm, "kid": "1"}, claims, self.key, algorithms=[self.algorithm])


class _Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        provider = self.server
        if self.path.startswith("/.well-known"):
            self.answer({
                "issuer": provider.named,
                "authorization_endpoint": f"{provider.address}/authorize",
                "token_endpoint": f"{provider.address}/token",
                "jwks_uri": f"{provider.address}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            })  # fmt: skip
        else:
            self.answer({"keys": [KEY.as_dict(private=False)]})

    def do_POST(self):
        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if _spelled(digest) != self.server.challenge:
            self.server.refusals.append(form)
            self.answer({"error": "invalid_grant"}, 400)
            return
        self.answer({"access_token": "x", "token_type": "Bearer", "id_token": self.server.token()})

    def answer(self, said, status=200):
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Says nothing between our own lines."""


def _spelled(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@pytest.fixture
def provider():
    with Provider() as serving:
        threading.Thread(target=serving.serve_forever, args=(0.01,), daemon=True).start()
        yield serving
        serving.shutdown()


@pytest.fixture
def house(make_house, provider):
    return make_house(
        OIDC_ISSUER=provider.address,
        OIDC_CLIENT_ID=CLIENT,
        OIDC_CLIENT_SECRET="a secret of the tests",  # noqa: S106 - of the tests
        OIDC_ROLE_CLAIM="groups",
        OIDC_ROLES='{"lanh-dao": "leader"}',
    )


def begin(client, provider, **claims):
    """Out to the provider; answers what it was asked, with the claims it will tell."""
    sent = client.get("/auth/oidc/start?next=/gaps")
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(sent.headers["location"]).query))
    provider.challenge = asked["code_challenge"]
    given = {"nonce": asked["nonce"], "preferred_username": "pct", "name": "Phó Chủ tịch", "groups": ["lanh-dao"]}
    provider.claims = given | claims
    return asked


def come_back(client, state):
    return client.get(f"/auth/oidc/callback?code=x&state={urllib.parse.quote(state)}")


def sessions(house):
    return house.asked(find_sessions, machine=machine_now(), idle=house.service.settings.idle)


def test_right_token_opens_a_session_of_our_own(house, provider):
    client = house.client()
    asked = begin(client, provider)

    answer = come_back(client, asked["state"])

    assert (answer.status_code, answer.headers["location"]) == (303, "/gaps")
    assert asked["code_challenge_method"] == "S256"
    assert [(row.login, row.via) for row in sessions(house)] == [("pct", "oidc")]
    assert house.asked(find_trail, TrailFilter(action="sign_in"))[0].by == "pct"


SPOILED = {
    "signed by somebody else": lambda provider: setattr(provider, "key", ANOTHERS_KEY),
    "not signed at all": lambda provider: setattr(provider, "algorithm", "none"),
    "meant for another application": lambda provider: provider.claims.update(aud="another"),
    "from another issuer": lambda provider: provider.claims.update(iss="https://elsewhere.example"),
    "run out": lambda provider: provider.claims.update(exp=int(time.time()) - 3600),
    "without an end": lambda provider: provider.claims.update(exp=None),
    "of an earlier sign-in": lambda provider: provider.claims.update(nonce="another nonce"),
    "without a nonce": lambda provider: provider.claims.update(nonce=None),
    "of nobody": lambda provider: provider.claims.update(sub=None),
    "from a provider of another name": lambda provider: setattr(provider, "named", "https://elsewhere.example"),
    "for another browser's verifier": lambda provider: setattr(provider, "challenge", "another's"),
}


@pytest.mark.daily(6)
@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED.keys())
def test_token_opens_nothing_that_is(house, provider, spoil):
    client = house.client()
    asked = begin(client, provider)
    before = len(house.asked(find_accounts))
    spoil(provider)

    answer = come_back(client, asked["state"])

    assert answer.status_code == 502
    assert "caodiem=" not in str(answer.headers.get("set-cookie", ""))
    assert sessions(house) == []
    assert len(house.asked(find_accounts)) == before


def test_answer_counts_once(house, provider):
    client = house.client()
    asked = begin(client, provider)
    come_back(client, asked["state"])

    again = come_back(client, asked["state"])

    assert again.status_code == 502
    assert len(sessions(house)) == 1


@pytest.mark.parametrize("state", ["", "a state nobody was given"])
def test_answer_that_nobody_asked_for_opens_nothing(house, provider, state):
    client = house.client()
    begin(client, provider)

    assert come_back(client, state).status_code == 502
    assert sessions(house) == []


def test_role_that_a_claim_makes_up_opens_nothing(house, provider):
    client = house.client()
    asked = begin(client, provider, groups=["administrator"])

    assert come_back(client, asked["state"]).status_code == 403
    assert sessions(house) == []
