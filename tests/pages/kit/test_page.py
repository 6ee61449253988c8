"""The registry of pages."""

from models.core.texts import text
from pages.kit.address import key_of
from pages.kit.page import ADDRESSES, registered


def test_every_page_stands_at_a_public_address():
    assert set(registered()) <= set(ADDRESSES)
    assert "" in registered()


def test_every_page_is_named_as_its_address_is():
    assert all(page.key == key_of(page.address) == key_of(address) for address, page in registered().items())


def test_every_address_has_a_name_in_words():
    assert all(text(f"page.{key_of(address)}", "vi") for address in ADDRESSES)
