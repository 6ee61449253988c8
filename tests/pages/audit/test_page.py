"""The audit page as Streamlit draws it: entries, looked through, taken along, and closed to those who may not."""

import pytest

from models.accounts.actions import change_role
from models.core.texts import LANGUAGES, text
from models.core.trail import TrailFilter, find_trail
from tests.models.accounts_world import by
from tests.pages.access.conftest import House
from tests.pages.opening import opened_by


@pytest.fixture
def look(house: House, monkeypatch):
    """Looks at /audit as somebody."""

    def looked(login="admin", **query):
        return opened_by(house, login, monkeypatch, "audit", **query)

    looked.house = house
    return looked


def cells(app):
    return app.table[0].value.astype(str).to_numpy().tolist() if app.table else []


@pytest.mark.parametrize("language", LANGUAGES)
def test_entries_are_shown_newest_first_in_the_readers_words(look, language):
    app = look(lang=language)

    assert cells(app)[0][2] == text("audit.action_name.sign_in", language)
    assert app.title[0].value == text("page.audit", language)


def test_words_of_the_address_narrow_the_list(look):
    app = look(q="truong")

    assert cells(app)
    assert all("truong" in " ".join(row) for row in cells(app))


def test_nothing_found_is_said(look):
    app = look(q="nobody at all")

    assert cells(app) == []
    assert text("audit.nothing", "vi") in [note.value.replace("\\", "") for note in app.info]


def test_action_chosen_narrows_the_list(look):
    app = look()

    app.selectbox(key="audit-action").select("create_account").run()

    assert {row[2] for row in cells(app)} == {text("audit.action_name.create_account", "vi")}


def test_screen_beyond_the_last_is_the_last(look):
    assert cells(look(page="99")) != []


def test_change_says_what_was_and_what_is(look):
    look.house.changed(change_role, "nguoixem", "leader", context=by("admin"))

    change = next(row[4] for row in cells(look()) if row[2] == text("audit.action_name.change_role", "vi"))

    assert change.replace("\\", "") == "vai trò: người xem → lãnh đạo"


@pytest.mark.parametrize("login", ["lanhdao", "truong.h1", "nguoixem"])
def test_page_does_not_open_for(look, login):
    app = look(login)

    assert cells(app) == []
    refused = look.house.asked(find_trail, TrailFilter(by=login, action="refused"))
    assert len(refused) == 1
