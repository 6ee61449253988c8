"""The office's page stands before a house of its own: the front door's people over the small campaign."""

from decimal import Decimal

import pytest

from models.accounts.actions import change_role
from models.targets.actions import correct_issue, issue_targets
from models.targets.causes import Explanation, state_cause
from models.targets.checks import Dispute, request_check
from models.targets.registrations import Registration, register_target, request_dates
from tests.models.accounts_world import by
from tests.models.conftest import Small, day
from tests.pages.opening import opened_by

NOW = "2024-03-11T08:00:00+07:00"


def tell(store):
    Small(store).load(("H1", "online", "8/3", 30, 100))


@pytest.fixture
def house(make_house):
    """Monday 11 March 2024, with H1's first figure told."""
    return make_house(NOW=NOW, more=tell)


class Office:
    """The page in a house, looked at as somebody, on the indicator whose targets differ; one session each."""

    def __init__(self, house, monkeypatch):
        self.house = house
        self.monkeypatch = monkeypatch

    def look(self, login="dieuphoi", **query):
        return opened_by(self.house, login, self.monkeypatch, "targets", **{"indicator": "online"} | query)

    def registration(self, value="55"):
        """The head of H1 wants less than the 60 % it is assigned."""
        request = Registration("H1", "online", "second", Decimal(value), "3/KH")
        context = by("truong.h1", "too few staff", "9/3 08:00")
        return self.house.changed(register_target, request, context=context).target_id

    def dates(self):
        return self.house.changed(
            request_dates, unit="H1", phase="first", start=day("4/3"), due=day("14/3"), document="3/KH",
            context=by("truong.h1", "own plan", "9/3 09:00"),
        )  # fmt: skip

    def cause(self, indicator="payment"):
        shown = Explanation("H1", indicator, "staff", "Two left", "Hire", "Phòng Một cửa", day("20/3"), day("30/3"))
        return self.house.changed(state_cause, shown, context=by("truong.h1", when="9/3 10:00"))

    def check(self, counts=(60, 100), deadline="12/3"):
        dispute = Dispute("H1", "online", "register", day(deadline), *counts)
        return self.house.changed(request_check, dispute, context=by("truong.h1", when="9/3 11:00"))

    def issue(self, document="629/KH"):
        context = by("dieuphoi", "issue", "9/3 08:00")
        self.house.changed(issue_targets, phase="second", document=document, document_date=day("8/3"), context=context)

    def correct(self, value, *, document):
        self.house.changed(
            correct_issue, unit="S1", indicator="online", phase="second", value=Decimal(value), document=document,
            document_date=day("10/3"), seen_version=1, context=by("dieuphoi", "a mistake", "10/3 08:00"),
        )  # fmt: skip

    def demote(self, login):
        self.house.changed(change_role, login, "viewer", context=by("admin"))


@pytest.fixture
def office(house, monkeypatch):
    return Office(house, monkeypatch)


def said(elements):
    return "\n".join(element.value.replace("\\", "") for element in elements)


def words(app):
    return said((*app.title, *app.header, *app.markdown, *app.caption, *app.error, *app.success, *app.warning))


def press(app, key):
    """Press a button or send a form by the key of its button."""
    [button] = [each for each in app.button if each.key == key]
    button.click().run()
    assert not app.exception
    return app


def keys(app, begin):
    return [each.key for each in app.button if (each.key or "").startswith(begin)]


def fill(app, key, value):
    app.text_input(key=key).set_value(value)
    return app
