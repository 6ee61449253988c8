"""Files that people take along: each leaves its entry, made when it is asked for, by whoever may still have it."""

import csv
import io
import re

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from models.accounts.actions import change_role, change_units, set_enabled
from models.core.clock import machine_now
from models.core.settings import PROJECT
from models.core.texts import text
from models.core.trail import TrailFilter, find_trail
from pages.access.downloads import ASKING
from pages.kit import answers, downloads
from targets.permissions import Refused
from tests.models.accounts_world import by

MAIN = PROJECT / "pages" / "main.py"
ANYWHERE_ELSE = re.compile(r"\bst\.download_button\b|\.download_button\(")


@pytest.fixture
def asking():
    """Has whatever is asked for come by the websocket of a session, as the gate says it."""
    before = ASKING.set(None)
    yield ASKING.set
    ASKING.reset(before)


@pytest.fixture
def offered(monkeypatch, asking):
    """Opens a page of a house as somebody; answers what its buttons would make, by key."""

    def opened(house, login, address):
        found = {}

        def button(_label, *, data, key, **_):
            found[key] = data

        monkeypatch.setattr(downloads.st, "download_button", button)
        monkeypatch.setattr(answers, "front", lambda: house.service.settings)
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.user = {"gate": "1"}
        if login is not None:
            token = house.signed_in(login).cookies["caodiem"]
            session = house.service.find(token).session_id
            app.user |= {"session": str(session), "user": login}
            asking(session)
        app._page_hash = calc_hash(address)
        app.run()
        assert not app.exception
        return found

    return opened


@pytest.fixture
def house(make_house):
    return make_house(NOW="2024-03-11T08:00:00+07:00")


def taken(house):
    entries = house.asked(find_trail, TrailFilter(action="download"))
    return [(entry.by, entry.subject, entry.new["file"].rpartition(".")[2]) for entry in reversed(entries)]


@pytest.mark.parametrize(
    ("login", "address", "subject"),
    [
        ("lanhdao", "gaps", "gaps"),
        ("truong.h1", "gaps", "gaps"),
        ("dieuphoi", "targets", "annex of targets"),
        ("dieuphoi", "upload", "template"),
        ("admin", "audit", "audit"),
    ],
)
def test_every_file_leaves_an_entry_when_it_is_asked_for_and_none_before(house, offered, login, address, subject):
    files = offered(house, login, address)
    assert files
    assert taken(house) == []

    made = {key: make() for key, make in files.items()}

    assert all(made.values())
    assert {who for who, _, _ in taken(house)} == {login}
    assert subject in {what for _, what, _ in taken(house)}
    assert len(taken(house)) == len(files)


def test_trail_that_is_taken_along_holds_the_entry_of_having_been_taken(house, offered):
    [content] = [make() for make in offered(house, "admin", "audit").values()]

    newest = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))[1]

    assert newest[1] == "admin"
    assert text("audit.action_name.download", "vi") in newest


def demote(house):
    house.changed(change_role, "dieuphoi", "viewer", context=by("admin"))


def disable(house):
    house.changed(set_enabled, "dieuphoi", is_enabled=False, context=by("admin"), machine=machine_now())


@pytest.mark.parametrize("change", [demote, disable])
def test_page_left_open_gives_no_file_to_whoever_may_have_none_any_more(house, offered, change):
    files = offered(house, "dieuphoi", "upload")

    change(house)

    for make in files.values():
        with pytest.raises(Refused):
            make()
    assert taken(house) == []


def test_file_drawn_for_one_session_is_made_for_no_other(house, offered, asking):
    files = offered(house, "lanhdao", "gaps")
    other = house.signed_in("lanhdao").cookies["caodiem"]

    for session in (house.service.find(other).session_id, None):
        asking(session)
        for make in files.values():
            with pytest.raises(Refused):
                make()

    assert files
    assert taken(house) == []


def test_public_viewer_takes_figures_along_by_no_name(make_house, offered):
    house = make_house(NOW="2024-03-11T08:00:00+07:00", PUBLIC="1")

    files = offered(house, None, "gaps")

    assert all(make() for make in files.values())
    assert {who for who, _, _ in taken(house)} == {""}


def test_unit_head_who_was_given_another_branch_opens_the_page_anew_first(make_house, monkeypatch, asking):
    house = make_house(UNIT_HEADS_READ="branch")
    monkeypatch.setattr(answers, "front", lambda: house.service.settings)
    token = house.signed_in("truong.h1").cookies["caodiem"]
    session_id = house.service.find(token).session_id
    situation = answers.find_situation()
    actor = downloads.visitors._actor_of(session_id, situation)
    seat = downloads.visitors.Seat("loopback", lambda: downloads.visitors._actor_of(session_id, situation), session_id)
    asking(session_id)

    class Looked:
        """All of a visit that is asked for here."""

    Looked.actor = actor
    downloads.visitors.check_reads_as_before(Looked, seat)
    house.changed(change_units, "truong.h1", ["H2"], context=by("admin"))

    with pytest.raises(Refused, match="H2"):
        downloads.visitors.check_reads_as_before(Looked, seat)


def test_pages_offer_files_in_no_other_way():
    """Streamlit's own button would leave no entry: draw_download of pages/kit/downloads.py takes its place."""
    offering = [
        module.relative_to(PROJECT).as_posix()
        for module in (PROJECT / "pages").rglob("*.py")
        if ANYWHERE_ELSE.search(module.read_text(encoding="utf-8"))
    ]

    assert offering == ["pages/kit/downloads.py"]
