"""The page of operations in a browser, and what `/healthz` and `/metrics` tell of the same store."""

import json
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from prometheus_client.parser import text_string_to_metric_families

from models.texts import text
from tests.browser.serving import run_job

SIZES = [(1920, 1080), (1366, 768), (390, 844)]


def asked(address):
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own address
        return answer.status, answer.read().decode()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_demonstration_is_well_and_says_so(open_page, language):
    page = open_page(f"/health?lang={language}")

    expect(page.locator("h1")).to_have_text(text("health.all_well", language))
    expect(page.locator(".st-key-health-backup")).to_contain_text(text("health.says.backup_demonstration", language))
    expect(page.locator(".st-key-health-source-demonstration")).to_contain_text("07/05/2024")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_scrolls_sideways(page, open_page, width, height):
    page.set_viewport_size({"width": width, "height": height})

    open_page("/health")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_has_no_barriers(page, open_page, scheme):
    page.emulate_media(color_scheme=scheme)
    open_page("/health")

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


def test_command_address_and_measurements_tell_the_same(base_url, home):
    findings = json.loads(run_job(home, "doctor", "--json"))
    status, health = asked(f"{base_url}/healthz")
    _, measured = asked(f"{base_url}/metrics")

    told = {source["key"]: source["state"] for source in json.loads(health)["sources"]}
    states = {
        sample.labels["source"]: sample.labels["state"]
        for family in text_string_to_metric_families(measured)
        for sample in family.samples
        if sample.name == "caodiem_source_state" and sample.value
    }
    by_command = {
        finding["subject"].removeprefix("source "): finding["says"].split(";")[0].replace(" ", "_")
        for finding in findings
        if finding["subject"].startswith("source ")
    }
    assert status == 200
    assert told == states == by_command
    assert told["demonstration"] == "fresh"
