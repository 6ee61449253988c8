"""The whole dashboard of a store with people in it, as one of them meets it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from pages.kit import answers

MAIN = Path(__file__).resolve().parent.parent.parent.parent / "pages" / "main.py"


@pytest.fixture
def look(monkeypatch):
    """Looks at an address of a house: as somebody signed in, or, with nobody named, as a stranger behind the gate."""

    def looked(house, login=None, address="gaps", **query):
        monkeypatch.setattr(answers, "settings", lambda: house.service.settings)
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.user = {"gate": "1"}
        if login is not None:
            token = house.signed_in(login).cookies["caodiem"]
            app.user |= {"session": str(house.service.find(token).session_id), "user": login}
        for name, value in query.items():
            app.query_params[name] = value
        app._page_hash = calc_hash(address)
        app.run()
        assert not app.exception
        return app

    return looked
