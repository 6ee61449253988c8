"""What the first visitor of a fresh server meets at any address, and what a server without a store says."""

import json
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from models.core.texts import text
from pages.access.request_info import SESSION_COOKIE
from pages.kit.address import key_of
from pages.kit.page import registered
from tests.browser.people import NAME, TOKEN
from tests.browser.serving import serving, serving_at_once

SIGNED_IN = {"Cookie": f"{SESSION_COOKIE}={TOKEN}"}


def fetched(address, headers=None):
    """Status, headers and text of an answer, whatever it is."""
    asked = urllib.request.Request(address, headers=headers or {})  # noqa: S310 - a server of our own
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:  # noqa: S310 - a server of our own
            return answer.status, answer.headers, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers, refusal.read().decode(errors="replace")


FIRST_OPENED = ("", "gaps", "feeds", "targets", "accounts", "compare")
"""The overview, and a page of each folder: how a page is served does not depend on more than where its module is."""


@pytest.mark.soak
@pytest.mark.parametrize("address", FIRST_OPENED)
def test_first_visitor_of_a_fresh_server_gets_the_frame(home, open_page, address):
    """Beside a `pages/` folder, Streamlit would hand out bare pages until somebody has opened `/`."""
    with serving(home) as server:
        page = open_page(f"{server}/{address}")

        page.get_by_role("button", name=text("bar.more", "vi")).click()
        expect(page.get_by_role("button", name=text("frame.switch", "vi"))).to_be_visible()
        expect(page.get_by_role("link", name=NAME)).to_be_visible()
        if address not in registered():
            expect(page.locator("h1")).to_have_text(text(f"page.{key_of(address)}", "vi"))


def test_address_that_does_not_exist_is_answered_in_plain_words(base_url):
    for address in ("nowhere", "don-vi", "Gaps"):
        status, _, said = fetched(f"{base_url}/{address}", SIGNED_IN)

        assert status == 404, address
        assert text("frame.lost", "vi") in said, address


ASKED = ("/", "/gaps", "/healthz", "/assets/icon.png", "/_stcore/health", "/nowhere")


def test_every_answer_carries_the_security_headers_for_a_stranger_and_for_somebody_signed_in(base_url):
    for path in ASKED:
        for asking in ({}, SIGNED_IN):
            _, headers, _ = fetched(f"{base_url}{path}", asking)

            assert "default-src 'self'" in (headers["content-security-policy"] or ""), (path, asking)
            assert headers["x-content-type-options"] == "nosniff", (path, asking)


def test_health_is_told_without_signing_in(base_url):
    status, _, said = fetched(f"{base_url}/healthz")

    assert status == 200
    shown = json.loads(said)
    states = {source["key"]: source["state"] for source in shown.pop("sources")}
    assert shown == {"database": "ok", "migrations": "ok", "backup_age_hours": None}
    assert states["demonstration"] == "fresh"


def test_server_without_a_store_starts_and_says_what_to_do(tmp_path, page):
    with serving_at_once(tmp_path / "nothing", expect_failure=True) as server:
        status, _, said = fetched(f"{server}/healthz")
        page.goto(server)

        assert status == 503
        assert str(tmp_path) not in said
        expect(page.locator("h2")).to_have_text(text("store.not_ready", "vi"))
        expect(page.get_by_text("python -m jobs init --demo")).to_be_visible()


def test_failure_that_nobody_foresaw_is_told_kindly_and_without_details(tmp_path):
    home = tmp_path / "broken"
    home.mkdir()
    (home / "caodiem.db").write_text("this is no database " * 1_000)

    with serving_at_once(home, expect_failure=True) as server:
        _, _, said = fetched(server)

        assert text("door.no_store", "vi") in said
        assert "sqlite" not in said
        assert fetched(f"{server}/healthz")[0] == 503
