"""The bar above every page: what is chosen there goes into the address and decides what the page shows."""

from datetime import timedelta

import pytest

from models.core.texts import text
from pages.kit.bar import DAY, INDICATOR, PHASE, SEARCH
from pages.kit.page import SECTIONS, registered
from pages.unit.data import UNSEEN


@pytest.fixture
def seen(house, look):
    """A page of the house as a leader sees it."""
    return lambda address="gaps", **query: look(house, "lanhdao", address, **query)


def only(elements, key):
    [found] = [element for element in elements if element.key == key]
    return found


def said(app):
    return " ".join(element.value.replace("\\", "") for element in app.markdown)


def test_every_page_stands_in_one_menu():
    listed = [address for section in SECTIONS.values() for address in section]

    assert sorted(listed) == sorted(registered())


@pytest.mark.soak
def test_pages_offer_the_choices_that_they_follow_and_all_of_them_the_search(seen):
    followed = {INDICATOR, PHASE, DAY}
    for address, expected in (("gaps", followed), ("tasks", set())):
        app = seen(address)

        offered = {element.key for element in (*app.segmented_control, *app.date_input)}
        assert offered & followed == expected, address
        assert only(app.selectbox, SEARCH).options, address


def test_choice_goes_into_the_address_and_begins_at_the_first_screen(seen):
    app = seen(page="1", level="commune")
    chosen = only(app.segmented_control, INDICATOR)
    other = next(option for option in chosen.options if option != chosen.value)

    chosen.set_value(other).run()

    assert app.query_params["indicator"] == other
    assert app.query_params["level"] == "commune"
    assert "page" not in app.query_params


def test_day_in_the_past_is_said_and_one_click_leads_back(seen):
    app = seen()
    today = only(app.date_input, DAY).value
    past = today - timedelta(days=3)

    only(app.date_input, DAY).set_value(past).run()

    assert app.query_params["as_of"] == past.isoformat()
    assert text("bar.past", "vi", day=f"{past:%d/%m/%Y}") in said(app)
    only(app.button, "bar-today").click().run()
    assert "as_of" not in app.query_params
    assert only(app.date_input, DAY).value == today


@pytest.mark.soak
def test_unit_found_by_name_opens_with_the_choices_of_here(seen):
    app = seen("tasks", indicator="online", as_of="2024-04-02")
    search = only(app.selectbox, SEARCH)
    name = next(option for option in search.options if option.startswith("UBND xã Một"))
    assert name.endswith(f"{UNSEEN}ubnd xa mot")

    search.select(name).run()

    assert {key: app.query_params[key] for key in ("unit", "indicator", "as_of")} == {
        "unit": "X1", "indicator": "online", "as_of": "2024-04-02",
    }  # fmt: skip
    assert only(app.selectbox, SEARCH).value == "X1"


@pytest.mark.soak
def test_search_that_is_emptied_leaves_the_unit_looked_at(seen):
    app = seen("unit", unit="X1", indicator="online")

    only(app.selectbox, SEARCH).set_value(None).run()

    assert "unit" not in app.query_params
    assert app.query_params["indicator"] == "online"
