"""A page opened as a browser opens it, without one."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from pages.kit import answers

MAIN = Path(__file__).resolve().parent.parent.parent / "pages" / "main.py"


def opened(address: str = "", user: dict[str, str] | None = None, /, **query: Any) -> AppTest:
    """The page at an address with its choices, after its first run."""
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    if user is not None:
        app.user = user
    for name, value in query.items():
        app.query_params[name] = value
    if address:
        # What Streamlit calls the page of this address; AppTest itself switches to files only.
        app._page_hash = calc_hash(address)
    app.run()
    assert not app.exception
    return app


def opened_by(house: Any, login: str | None, monkeypatch: pytest.MonkeyPatch, address: str, /, **query: Any) -> AppTest:
    """The same before a house's store, as somebody signed in, or with nobody named as a stranger behind the gate."""
    monkeypatch.setattr(answers, "front", lambda: house.service.settings)
    user = {"gate": "1"}
    if login is not None:
        token = house.signed_in(login).cookies["caodiem"]
        user |= {"session": str(house.service.find(token).session_id), "user": login}
    return opened(address, user, **query)


def words(app: AppTest) -> str:
    """All that the page says, as whoever reads it sees it."""
    shown = (*app.title, *app.header, *app.markdown, *app.caption, *app.info, *app.error, *app.warning, *app.success)
    return "\n".join(element.value for element in shown).replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")
