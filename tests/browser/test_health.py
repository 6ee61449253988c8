"""The page of operations in a browser, and what `/healthz` and `/metrics` tell of the same store."""

import json
import urllib.request

import pytest
from playwright.sync_api import expect
from prometheus_client.parser import text_string_to_metric_families

from models.core.texts import text
from tests.browser.screens import expect_whole, screens, show_on
from tests.browser.serving import run_job

ADDRESSES = ("/health", "/health?lang=en")


def asked(address):
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own address
        return answer.status, answer.read().decode()


@pytest.mark.parametrize(("address", "size", "scheme"), screens(ADDRESSES, laptop="/health"))
def test_late_source_of_a_demonstration_is_what_there_is_to_do_and_the_page_is_whole(
    page, open_page, address, size, scheme
):
    show_on(page, size, scheme)
    language = "en" if "en" in address else "vi"

    open_page(address)

    expect(page.locator("h1")).to_have_text(text("health.trouble", language))
    expect(page.locator(".st-key-health-source-demonstration-late")).to_contain_text("02/05/2024")
    expect(page.locator(".st-key-health-backup")).to_contain_text(text("health.says.backup_demonstration", language))
    expect(page.locator(".st-key-health-source-demonstration")).to_contain_text("07/05/2024")
    expect_whole(page)


@pytest.mark.soak
def test_command_address_and_measurements_tell_the_same(base_url, home):
    findings = json.loads(run_job(home, "doctor", "--json", code=1))
    status, health = asked(f"{base_url}/healthz")
    _, measured = asked(f"{base_url}/metrics")

    shown = {source["key"]: source["state"] for source in json.loads(health)["sources"]}
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
    assert shown == states == by_command
    assert (shown["demonstration"], shown["demonstration-late"]) == ("fresh", "late")
