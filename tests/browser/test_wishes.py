"""Registering, explaining and disputing in a browser: by keyboard, on every screen, and not on paper."""

import pytest
from playwright.sync_api import expect

from models.core.texts import text
from tests.browser.looking import wait_until_drawn
from tests.browser.people import OPTIONS, sign_in
from tests.browser.screens import LAPTOP, PHONE, PROJECTOR, expect_no_barriers, expect_nothing_sideways, show_on

FORMS = ("register", "explain", "dispute", "dates", "ask")


EVERYWHERE = (PHONE, *(pytest.param(size, marks=pytest.mark.soak) for size in (LAPTOP, PROJECTOR)))


def opened(page, server, query="unit=H21.58&tab=requests"):
    page.goto(f"{server}/unit?{query}")
    wait_until_drawn(page)
    return page


def open_form(page, name):
    """Opens a form as somebody does who has no mouse."""
    summary = page.locator(f".st-key-wish-{name} summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f".st-key-wish-{name} [data-testid=stFormSubmitButton]")).to_be_visible()


@pytest.mark.soak
@pytest.mark.parametrize("size", EVERYWHERE)
def test_open_forms_have_no_barriers_and_nothing_scrolls_sideways(page, door, size):
    show_on(page, size)
    opened(page, door)
    for name in FORMS:
        open_form(page, name)

    expect_no_barriers(page)
    expect_nothing_sideways(page)


@pytest.mark.soak
def test_registration_is_sent_and_stands_on_paper_without_its_form(page, door):
    opened(page, door)
    open_form(page, "register")
    form = page.locator(".st-key-wish-register")

    form.get_by_label(text("wishes.register.value", "vi")).fill("99,5")
    form.get_by_label(text("wishes.document", "vi"), exact=True).fill("12/KH-UBND")
    form.get_by_role("button", name=text("wishes.register.send", "vi")).click()
    expect(form.get_by_role("alert").filter(has_text=text("mistake.no_reason", "vi"))).to_be_visible()
    expect(form.get_by_label(text("wishes.register.value", "vi"))).to_have_value("99,5")
    form.get_by_label(text("wishes.reason", "vi")).fill("Kế hoạch của huyện")
    form.get_by_role("button", name=text("wishes.register.send", "vi")).click()

    agreed = page.locator(".st-key-wishes").get_by_text("99,5%").first
    expect(agreed).to_be_visible()
    page.emulate_media(media="print")
    expect(agreed).to_be_visible()
    expect(page.locator("[class*=st-key-wish-]").filter(visible=True)).to_have_count(0)


@pytest.mark.soak
@pytest.mark.parametrize("size", EVERYWHERE)
def test_head_begins_at_the_own_unit_and_is_led_to_what_is_to_be_done(browser, door, size):
    context = browser.new_context(**(OPTIONS | {"base_url": door, "viewport": {"width": size[0], "height": size[1]}}))
    page = context.new_page()
    sign_in(page, "huyen")
    wait_until_drawn(page)

    today = page.locator("[class*=st-key-today-]")
    expect(page.locator("h1")).to_contain_text("Huyện Ia Grai")
    expect_no_barriers(page)
    expect_nothing_sideways(page)
    today.get_by_role("link", name="Nêu nguyên nhân").click()
    expect(page.locator(".st-key-wish-explain")).to_be_in_viewport(timeout=30_000)
    page.emulate_media(media="print")
    expect(today).to_be_hidden()
    context.close()
