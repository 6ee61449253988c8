"""The frame around every page: who looks is asked of the store at each run, and decides which pages open."""

import pytest
from sqlmodel import select

from models.accounts.actions import change_units, set_enabled
from models.core.clock import machine_now
from models.core.texts import LANGUAGES, text
from models.tables import AuditEntry
from pages.kit import answers
from pages.kit.page import ADDRESSES
from pages.unit.data import UNSEEN
from targets.errors import StoreNotReady
from tests.models.accounts_world import by
from tests.soaked import mostly_soaked


def words(app):
    shown = (*app.title, *app.header, *app.markdown, *app.caption, *app.error, *app.warning, *app.info)
    return "\n".join(element.value.replace("\\", "") for element in shown)


def leads_to(app):
    """Links to other pages, by their words."""
    return [element.proto.label for element in app.get("page_link")]


def ways(app):
    """Links that the frame itself draws."""
    return "\n".join(element.proto.body for element in app.get("html"))


def refused(house):
    with house.store.reading() as session:
        return [entry.subject for entry in session.exec(select(AuditEntry).where(AuditEntry.action == "refused"))]


@pytest.mark.parametrize("address", mostly_soaked(ADDRESSES, "", "unit", "accounts"))
def test_stranger_is_drawn_nothing_but_the_way_to_sign_in(house, look, address):
    app = look(house, address=address, unit="H1")

    assert words(app) == "\n".join((text("door.sign_in", "vi"), text("visitor.sign_in", "vi")))
    assert not app.table
    assert not app.button
    assert "/auth/login" in ways(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_stranger_is_asked_in_the_language_of_the_address(house, look, language):
    app = look(house, lang=language)

    assert text("visitor.sign_in", language) in words(app)


@pytest.mark.parametrize(
    "login", mostly_soaked(["admin", "dieuphoi", "lanhdao", "nguoixem", "truong.h1"], "lanhdao", "truong.h1")
)
def test_whoever_is_signed_in_sees_the_page_and_their_own_name(house, look, login):
    app = look(house, login)

    assert text("door.sign_in", "vi") not in words(app)
    assert login.title() in ways(app)
    assert "/auth/account" in ways(app)


def test_forged_session_is_a_strangers(house, look, monkeypatch):
    app = look(house, "admin")
    for session in ("999", "0", "-1"):
        app.user = {"gate": "1", "session": session, "user": "admin", "role": "administrator"}

        app.run()

        assert text("visitor.sign_in", "vi") in words(app)


def test_disabled_account_sees_nothing_at_the_next_click(house, look):
    app = look(house, "lanhdao")
    house.changed(set_enabled, "lanhdao", is_enabled=False, context=by("admin"), machine=machine_now())

    app.run()

    assert text("visitor.sign_in", "vi") in words(app)
    assert not app.table


# --- public viewing -------------------------------------------------------------------------------------------------


def test_public_viewing_shows_pages_to_strangers_and_the_way_to_sign_in(make_house, look):
    house = make_house(PUBLIC="1")

    app = look(house)

    assert text("visitor.sign_in", "vi") not in words(app)
    assert "/auth/login" in ways(app)


def test_public_viewing_keeps_pages_of_administrators_shut(make_house, look):
    house = make_house(PUBLIC="1")

    app = look(house, address="accounts")

    assert text("mistake.refused_anonymous", "vi", permission=text("permission.manage_accounts", "vi")) in words(app)
    assert not app.table


# --- those who read their own branch only ---------------------------------------------------------------------------


@pytest.fixture
def by_branch(make_house):
    return make_house(UNIT_HEADS_READ="branch")


def test_unit_head_kept_to_the_branch_meets_the_own_unit(by_branch, look):
    app = look(by_branch, "truong.h1", "unit")

    assert "Huyện Một" in words(app)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("login", "names"),
    [
        ("truong.h1", {"Một", "UBND xã Một", "UBND xã Hai"}),
        pytest.param("lanhdao", None, marks=pytest.mark.soak),
    ],
)
def test_search_finds_no_unit_that_does_not_open(by_branch, look, login, names):
    app = look(by_branch, login, "unit", unit="H1")

    [search] = [each for each in app.selectbox if each.key == "bar-unit"]
    found = {option.partition(UNSEEN)[0] for option in search.options}
    if names is None:
        assert len(found) > 5
    else:
        assert found == names


@pytest.mark.soak
def test_head_kept_to_the_branch_reads_whom_the_unit_belongs_to_and_is_not_led_there(by_branch, look):
    app = look(by_branch, "truong.h1", "unit")

    assert "thuộc UBND tỉnh P" in words(app)
    assert "(/unit?" not in words(app)
    assert any("(/unit?indicator=publicity&unit=X1)" in str(table.value) for table in app.table)


@pytest.mark.daily(1)
@pytest.mark.parametrize(
    ("unit", "is_allowed"),
    mostly_soaked([("H1", True), ("X1", True), ("H2", False), ("P", False)], ("X1", True), ("H2", False)),
)
def test_unit_head_kept_to_the_branch_opens_only_its_units(by_branch, look, unit, is_allowed):
    app = look(by_branch, "truong.h1", "unit", unit=unit)

    assert bool(app.error) is not is_allowed
    assert refused(by_branch) == ([] if is_allowed else ["read"])


@pytest.mark.soak
@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "en"))
def test_unit_head_kept_to_the_branch_is_led_from_the_overview_to_the_own_unit(by_branch, look, language):
    app = look(by_branch, "truong.h1", "", lang=language)

    assert "Huyện Một" in words(app)
    assert language in app.query_params["lang"]
    assert not app.error


@pytest.mark.parametrize("address", mostly_soaked(["gaps", "feeds"], "gaps"))
def test_unit_head_kept_to_the_branch_opens_no_page_of_all_units(by_branch, look, address):
    app = look(by_branch, "truong.h1", address)

    assert app.error
    assert not app.table
    assert leads_to(app) == [text("ways_on.to_own_unit", "vi")]


@pytest.mark.parametrize("address", mostly_soaked(["upload", "targets"], "targets"))
def test_administrator_is_told_kindly_who_imports_and_issues(house, look, address):
    app = look(house, "admin", address)

    assert app.title[0].value == text(f"page.{address}", "vi")
    assert text("role.coordinator", "vi") in words(app)
    assert text("ways_on.administrator", "vi") in words(app)
    assert leads_to(app) == [text("ways_on.to_accounts", "vi"), text("frame.to_overview", "vi")]


@pytest.mark.soak
def test_others_read_everything_where_unit_heads_may_not(by_branch, look):
    assert not look(by_branch, "lanhdao", "unit", unit="H2").error


@pytest.mark.soak
def test_unit_head_given_another_unit_reads_that_branch_at_the_next_click(by_branch, look):
    app = look(by_branch, "truong.h1", "unit", unit="H2")
    by_branch.changed(change_units, "truong.h1", ["H2"], context=by("admin"))

    app.run()

    assert not app.error


# --- a server without a gate ----------------------------------------------------------------------------------------


def test_server_without_a_gate_knows_nobody_by_headers(house, look, monkeypatch):
    app = look(house, "lanhdao")
    app.user = {"session": "1", "user": "lanhdao"}

    app.run()

    assert "Lanhdao" not in ways(app)
    assert text("visitor.sign_in", "vi") in words(app)


def test_campaign_that_this_program_cannot_read_is_said_with_what_to_do_to_those_signed_in_alone(
    house, look, monkeypatch
):
    def unreadable(_situation):
        raise StoreNotReady("does not fit this version of the program")

    monkeypatch.setattr(answers, "find_campaign", unreadable)

    assert text("store.not_ready", "vi") in words(look(house, "lanhdao"))
    assert "does not fit" not in words(look(house))
