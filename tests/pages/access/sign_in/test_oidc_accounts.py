"""Whom the organisation's own sign-in sends: which account that is, by whose word, and who is turned away."""

import shutil
from dataclasses import replace

import pytest
from sqlmodel import update

from models.accounts.actions import AccountConflict, set_enabled
from models.accounts.queries import find_account, find_accounts
from models.accounts.sessions import Door
from models.core.clock import machine_now
from models.core.settings import Settings
from models.core.store import open_store
from models.core.stores import settings_of
from models.tables import UnitRow
from pages.access.sign_in.oidc_accounts import NotAdmitted, Person, admit_person, begin, finish
from targets.errors import UnknownName
from tests.models.accounts_world import by

DOOR = Door(address="203.0.113.5")
ISSUER = "https://sso.example"
LAN = Person(issuer=ISSUER, subject="42", login="lan", name="Nguyễn Lan", role="unit_head", units=("H1",))
CLAIMS = {"OIDC_ISSUER": ISSUER, "OIDC_CLIENT_ID": "us", "OIDC_ROLE_CLAIM": "groups"}


@pytest.fixture
def by_claims(make_house):
    """A house where the organisation decides who somebody is here."""
    return make_house(**CLAIMS)


@pytest.fixture
def by_accounts(make_house):
    """A house where administrators decide, and the organisation only says who somebody is."""
    return make_house(OIDC_ISSUER=ISSUER, OIDC_CLIENT_ID="us")


def account(house, login):
    return house.asked(find_account, login)


# --- what claims say ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"preferred_username": " Lan ", "groups": ["x", "head"], "org": "H1,H2"}, ("lan", "unit_head", ("H1", "H2"))),
        ({"preferred_username": "lan", "groups": ["head", "boss"]}, ("lan", "administrator", ())),
        ({"preferred_username": "lan", "groups": "head boss"}, ("lan", "administrator", ())),
        ({"preferred_username": "lan"}, ("lan", None, ())),
        ({"groups": ["x"], "org": ["H1"]}, ("42", None, ("H1",))),
    ],
)
def test_claims_are_read_as_the_settings_say(claims, expected):
    settings = Settings(
        oidc_role_claim="groups", oidc_unit_claim="org", oidc_roles={"head": "unit_head", "boss": "administrator"}
    )

    person = Person.of({"sub": 42, "name": "Lan", **claims}, issuer=ISSUER, settings=settings)

    assert (person.login, person.role, person.units) == expected


def test_somebody_without_a_known_role_gets_the_default_one():
    settings = Settings(oidc_role_claim="groups", oidc_default_role="viewer")

    assert Person.of({"sub": "42", "groups": ["x"]}, issuer=ISSUER, settings=settings).role == "viewer"


# --- where the organisation decides ---------------------------------------------------------------------------------


def test_newcomer_gets_an_account_and_a_session(by_claims):
    welcome = admit_person(by_claims.service, LAN, DOOR)

    made = account(by_claims, "lan")
    assert (made.name, made.role, made.units, made.is_external) == ("Nguyễn Lan", "unit_head", ("H1",), True)
    assert not welcome.must_change
    assert by_claims.service.find(welcome.token).login == "lan"


def test_claims_are_followed_at_every_sign_in(by_claims):
    admit_person(by_claims.service, LAN, DOOR)

    admit_person(by_claims.service, replace(LAN, login="lan.moi", role="leader", units=()), DOOR)

    assert (account(by_claims, "lan").role, account(by_claims, "lan").units) == ("leader", ())
    with pytest.raises(UnknownName):
        account(by_claims, "lan.moi")


def test_unit_that_the_campaign_does_not_have_is_left_out_with_a_warning(by_claims, caplog):
    admit_person(by_claims.service, replace(LAN, units=("H1", "NOWHERE")), DOOR)

    assert account(by_claims, "lan").units == ("H1",)
    assert "NOWHERE" in caplog.text


@pytest.mark.parametrize(
    ("person", "problem"),
    [
        (replace(LAN, role=None), NotAdmitted),
        (replace(LAN, units=("NOWHERE",)), AccountConflict),
        (replace(LAN, login="admin"), AccountConflict),
    ],
    ids=["without a role", "heading nothing", "with another's login"],
)
def test_somebody_is_turned_away_who_comes(by_claims, person, problem):
    before = len(by_claims.asked(find_accounts))

    with pytest.raises(problem):
        admit_person(by_claims.service, person, DOOR)

    assert len(by_claims.asked(find_accounts)) == before


def test_disabled_account_stays_out_whatever_the_organisation_says(by_claims):
    admit_person(by_claims.service, LAN, DOOR)
    by_claims.changed(set_enabled, "lan", is_enabled=False, context=by("admin"), machine=machine_now())

    with pytest.raises(NotAdmitted):
        admit_person(by_claims.service, LAN, DOOR)


# --- where administrators decide ------------------------------------------------------------------------------------


def test_account_that_administrators_made_is_tied_to_its_person(by_accounts):
    person = replace(LAN, login="truong.h1", role=None, units=())

    welcome = admit_person(by_accounts.service, person, DOOR)

    linked = account(by_accounts, "truong.h1")
    assert (linked.role, linked.units, linked.is_external) == ("unit_head", ("H1",), True)
    assert by_accounts.service.find(welcome.token).login == "truong.h1"
    admit_person(by_accounts.service, replace(person, login="changed.there"), DOOR)


def test_another_person_with_the_same_login_is_turned_away(by_accounts):
    admit_person(by_accounts.service, replace(LAN, login="truong.h1"), DOOR)

    with pytest.raises(AccountConflict):
        admit_person(by_accounts.service, replace(LAN, login="truong.h1", subject="43"), DOOR)


def test_somebody_without_an_account_is_turned_away(by_accounts):
    with pytest.raises(NotAdmitted):
        admit_person(by_accounts.service, LAN, DOOR)


# --- a sign-in under way --------------------------------------------------------------------------------------------


def test_what_is_remembered_is_known_once_and_to_the_browser_that_began(house):
    for state in ("one", "two"):
        begin(house.service, state, "browser", {"next": "/gaps"})

    assert finish(house.service, "one", "another browser") == {}
    assert finish(house.service, "two", "browser") == {"next": "/gaps"}
    assert finish(house.service, "two", "browser") == {}


# --- over HTTP ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/auth/oidc/start", "/auth/oidc/callback?code=x&state=y"])
def test_other_sign_in_that_is_not_set_does_not_exist(house, address):
    assert house.client().get(address).status_code == 404
    assert "/auth/oidc" not in house.client().get("/auth/login").text


def test_other_sign_in_that_cannot_be_reached_says_so(make_house):
    client = make_house(OIDC_ISSUER="http://127.0.0.1:9", OIDC_CLIENT_ID="us", OIDC_NAME="<Cổng>").client()

    page, started = client.get("/auth/login?next=/gaps"), client.get("/auth/oidc/start")
    returned = client.get("/auth/oidc/callback?code=x&state=y")

    assert 'href="/auth/oidc/start?next=%2Fgaps"' in page.text
    assert "&lt;Cổng&gt;" in page.text
    assert (started.status_code, returned.status_code) == (502, 502)
    assert "set-cookie" not in returned.headers


def test_claims_name_units_in_whichever_campaign_knows_them(by_claims):
    home = by_claims.service.settings.home
    stores = {}
    for key in ("small-2025", "torn-2025"):
        place = home / "campaigns" / key / "caodiem.db"
        place.parent.mkdir(parents=True)
        by_claims.store.close()
        shutil.copyfile(home / "caodiem.db", place)
        stores[key] = open_store(settings_of(by_claims.service.settings, key))
    place.write_bytes(b"no database at all" * 100)
    further = stores["small-2025"]
    with further.writing() as session:
        session.exec(update(UnitRow).where(UnitRow.code == "H2").values(code="N2"))

    admit_person(by_claims.service, replace(LAN, units=("N2",)), DOOR)
    first = [heads(store) for store in (by_claims.store, further)]
    admit_person(by_claims.service, replace(LAN, units=("H1", "N2")), DOOR)

    assert first == [(), ("N2",)]
    assert [heads(store) for store in (by_claims.store, further)] == [("H1",), ("H1", "N2")]
    for store in stores.values():
        store.close()


def heads(store):
    with store.reading() as session:
        return find_account(session, "lan").units
