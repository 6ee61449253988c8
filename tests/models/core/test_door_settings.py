"""The settings of the front door: closed where nothing is said, refused with help where something is wrong."""

import asyncio
from datetime import timedelta

import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from models.core.settings import WrongSettings, load_settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    """A folder without a `.env`, whoever runs the tests."""
    monkeypatch.chdir(tmp_path)


def test_nothing_is_open_where_nothing_is_said():
    settings = load_settings()

    assert (settings.public, settings.unit_heads_read, settings.has_oidc) == (False, "all", False)
    assert (settings.idle, settings.lasts) == (timedelta(hours=8), timedelta(hours=24))


@pytest.mark.parametrize(("host", "stays_here"), [("", True), ("127.0.0.1", True), ("::1", True), ("10.0.0.5", False)])
def test_nobody_else_reaches_the_server_unless_an_address_is_named(monkeypatch, host, stays_here):
    if host:
        monkeypatch.setenv("CAODIEM_HOST", host)

    assert load_settings().is_of_this_machine is stays_here


def test_hours_may_be_parts_of_one(monkeypatch):
    monkeypatch.setenv("CAODIEM_SESSION_IDLE_HOURS", "0.5")
    monkeypatch.setenv("CAODIEM_SESSION_HOURS", "12")

    assert (load_settings().idle, load_settings().lasts) == (timedelta(minutes=30), timedelta(hours=12))


def test_roles_of_claims_are_told_as_json(monkeypatch):
    monkeypatch.setenv("CAODIEM_OIDC_ISSUER", "https://sso.example/")
    monkeypatch.setenv("CAODIEM_OIDC_CLIENT_ID", "cao-diem")
    monkeypatch.setenv("CAODIEM_OIDC_ROLES", '{"lanh-dao": "leader"}')

    settings = load_settings()

    assert (settings.oidc_issuer, settings.has_oidc) == ("https://sso.example", True)
    assert settings.oidc_roles == {"lanh-dao": "leader"}


def test_secrets_are_not_shown(monkeypatch):
    monkeypatch.setenv("CAODIEM_OIDC_CLIENT_SECRET", "hunter2")

    assert "hunter2" not in repr(load_settings())


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        ("10.0.0.2", "203.0.113.9", "203.0.113.9"),
        ("10.1.9.9", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.1.9.9", "6.6.6.6, 203.0.113.9, 10.1.2.3, 10.0.0.2", "203.0.113.9"),
        ("::ffff:10.1.9.9", "203.0.113.9", "203.0.113.9"),
        ("fd00::9", "2001:db8::1", "2001:db8::1"),
        ("203.0.113.9", "6.6.6.6", "203.0.113.9"),
        ("10.2.0.1", "6.6.6.6", "10.2.0.1"),
    ],
)
def test_caller_is_the_first_from_the_right_whom_no_proxy_of_ours_is(monkeypatch, peer, forwarded, caller):
    """What stands further left in X-Forwarded-For is what the caller wrote."""
    monkeypatch.setenv("CAODIEM_PROXY", "10.0.0.2, 10.1.2.3/16 fd00::/8")
    reached = []

    async def result(scope, _receive, _send):
        reached.append(scope["client"][0])

    scope = {"type": "http", "client": (peer, 1), "headers": [(b"x-forwarded-for", forwarded.encode())]}
    asyncio.run(ProxyHeadersMiddleware(result, load_settings().proxy)(scope, None, None))

    assert reached == [caller]


def test_proxies_are_named_anew_as_they_were_read(monkeypatch):
    monkeypatch.setenv("CAODIEM_PROXY", "10.0.0.2, 10.1.2.3/16 fd00::/8")
    read = load_settings().proxy
    monkeypatch.setenv("CAODIEM_PROXY", read)

    assert set(load_settings().proxy.split(",")) == set(read.split(","))


@pytest.mark.parametrize(
    ("name", "value", "help_for_it"),
    [
        ("PUBLIC", "perhaps", "CAODIEM_PUBLIC is 1"),
        ("UNIT_HEADS_READ", "some", "all (the default) or branch"),
        ("SESSION_IDLE_HOURS", "0", "without a click"),
        ("SESSION_IDLE_HOURS", "eight", "without a click"),
        ("SESSION_HOURS", "9000", "whatever happens"),
        ("HOST", "caodiem.gialai.gov.vn", "CAODIEM_HOST is the address of this machine"),
        ("PROXY", "*", "CAODIEM_PROXY names the proxies"),
        ("PROXY", "", "CAODIEM_PROXY names the proxies"),
        ("PROXY", "0.0.0.0/0", "CAODIEM_PROXY names the proxies"),
        ("PROXY", "10.0.0.2, proxy.example", "CAODIEM_PROXY names the proxies"),
        ("MOST_PAGES", "0", "how many pages may be open at once"),
        ("MOST_STRANGERS", "many", "who have not signed in"),
        ("MOST_STRANGERS_OF_AN_ADDRESS", "0", "one address may open"),
        ("OIDC_ISSUER", "sso.example", "CAODIEM_OIDC_ISSUER is the address"),
        ("OIDC_ISSUER", "ftp://sso.example", "CAODIEM_OIDC_ISSUER is the address"),
        ("OIDC_ROLES", "lanh-dao=leader", "which of our roles"),
        ("OIDC_ROLES", '{"lanh-dao": "boss"}', "which of our roles"),
        ("OIDC_ROLES", "[1]", "which of our roles"),
        ("OIDC_DEFAULT_ROLE", "boss", "empty or one of"),
    ],
)
def test_wrong_setting_is_refused_with_help_for(monkeypatch, name, value, help_for_it):
    monkeypatch.setenv(f"CAODIEM_{name}", value)

    with pytest.raises(WrongSettings) as caught:
        load_settings()

    assert help_for_it in str(caught.value)
