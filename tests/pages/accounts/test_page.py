"""The accounts page as Streamlit draws it over a real store: lists, changes, hands over, and refuses."""

import pytest
from sqlmodel import select

from models import migrations
from models.accounts import passwords
from models.accounts.actions import change_role
from models.accounts.queries import find_account, find_accounts, find_password_hash, find_visitor
from models.campaign.actions import found_campaign
from models.core.clock import machine_now
from models.core.store import open_store
from models.core.stores import settings_of
from models.core.texts import LANGUAGES, text
from models.tables import AuditEntry
from pages.kit import answers
from targets.permissions import ROLES
from tests.jobs.people_file import workbook
from tests.models.accounts_world import by
from tests.models.conftest import Small, context, small_campaign, small_files
from tests.pages.access.conftest import House
from tests.pages.opening import opened
from tests.pages.uploaded import slip_for


@pytest.fixture
def look(house: House, monkeypatch):
    """Looks at /accounts as somebody; the same house for all of a test's looks."""
    tokens = {}

    def looked(login="admin", **query):
        tokens[login] = client = house.signed_in(login)
        session = house.service.find(client.cookies["caodiem"]).session_id
        monkeypatch.setattr(answers, "front", lambda: house.service.settings)
        return opened("accounts", {"gate": "1", "session": str(session), "user": login}, **query)

    looked.house = house
    looked.clients = tokens
    return looked


def account(look, login):
    return look.house.asked(find_account, login)


def said(elements):
    return "\n".join(element.value.replace("\\", "") for element in elements)


def listed(app):
    return app.table[0].value


def choose(app, login):
    app.selectbox(key="accounts-which").select(login).run()
    return app


def because(app, which, reason="nghỉ việc"):
    """Lock, let in or reset the account that is chosen, with a reason."""
    [field] = [each for each in app.text_input if str(each.key).startswith("accounts-reason-")]
    field.input(reason)
    app.button(key=f"accounts-{which}").click().run()
    assert not app.exception


def submit(app, label):
    [button] = [each for each in app.button if each.label == label]
    button.click().run()
    assert not app.exception
    return app


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_lists_every_account_with_role_units_and_state(look, language):
    app = look(lang=language)

    rows = listed(app).to_dict("records")
    assert [row[text("people.column.login", language)].replace("\\", "") for row in rows] == [
        "admin", "dieuphoi", "lanhdao", "moi", "nguoixem", "truong.h1",
    ]  # fmt: skip
    assert rows[5][text("people.column.unit", language)] == "UBND huyện Một"
    assert rows[3][text("people.column.state", language)] == text("accounts.must_change", language)


@pytest.mark.parametrize(
    ("words", "logins"), [("huyện một", ["truong.h1"]), ("H1", ["truong.h1"]), ("dao", ["lanhdao"])]
)
def test_list_is_narrowed_by_words_of_the_address(look, words, logins):
    rows = listed(look(q=words)).iloc[:, 0]

    assert [login.replace("\\", "") for login in rows] == logins


def test_words_that_fit_nobody_are_told(look):
    app = look(q="không có ai")

    assert "không có ai" in said(app.info)


@pytest.mark.parametrize("login", ["dieuphoi", "lanhdao", "nguoixem", "truong.h1"])
def test_page_opens_for_nobody_else_and_the_refusal_leaves_a_trace(look, login):
    app = look(login)

    assert not app.table
    assert text("permission.manage_accounts", "vi") in said(app.error)
    with look.house.store.reading() as session:
        refused = session.exec(select(AuditEntry).where(AuditEntry.action == "refused")).all()
    assert [(entry.by, entry.subject) for entry in refused] == [(login, "manage_accounts")]


def test_role_taken_away_closes_the_page_at_the_next_click(look):
    look.house.changed(change_role, "lanhdao", "administrator", context=by("admin"))
    app = look("lanhdao")
    look.house.changed(change_role, "lanhdao", "leader", context=by("admin"))

    choose(app, "nguoixem")

    assert not app.table
    assert app.error


def test_role_and_units_are_changed_together(look):
    app = choose(look(), "lanhdao")

    row = account(look, "lanhdao")
    app.selectbox(key=f"accounts-role-{row.id}-{row.version}").select("unit_head")
    app.multiselect(key=f"accounts-units-{row.id}-{row.version}").select("H2").select("H1")
    submit(app, text("accounts.save", "vi"))

    changed = account(look, "lanhdao")
    assert (changed.role, changed.units) == ("unit_head", ("H1", "H2"))
    assert "lanhdao" in said(app.success)


def test_unit_head_becomes_a_viewer_without_units(look):
    app = choose(look(), "truong.h1")

    row = account(look, "truong.h1")
    app.selectbox(key=f"accounts-role-{row.id}-{row.version}").select("viewer")
    app.multiselect(key=f"accounts-units-{row.id}-{row.version}").unselect("H1")
    submit(app, text("accounts.save", "vi"))

    assert (account(look, "truong.h1").role, account(look, "truong.h1").units) == ("viewer", ())


def test_change_of_somebody_else_since_the_page_was_drawn_is_told(look):
    app = choose(look(), "lanhdao")
    look.house.changed(change_role, "lanhdao", "coordinator", context=by("admin"))

    because(app, "disable")

    assert "lanhdao" in said(app.error)
    assert account(look, "lanhdao").is_enabled


def test_account_is_disabled_and_enabled_again(look):
    app = choose(look(), "lanhdao")

    because(app, "disable")
    assert not account(look, "lanhdao").is_enabled
    because(app, "enable")

    assert account(look, "lanhdao").is_enabled


@pytest.mark.parametrize("which", ["disable", "reset"])
def test_locking_and_resetting_ask_for_a_reason_and_keep_it(look, which):
    app = choose(look(), "lanhdao")
    before = account(look, "lanhdao").version

    because(app, which, reason=" ")
    assert text("mistake.no_reason", "vi") in said(app.error)
    assert account(look, "lanhdao").version == before
    because(app, which, reason="mất điện thoại")

    with look.house.store.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.subject == "account lanhdao")).all()
    assert max(entries, key=lambda entry: entry.id).reason == "mất điện thoại"


def test_last_administrator_cannot_be_disabled(look):
    app = choose(look(), "admin")

    because(app, "disable")

    assert said(app.error) == text("mistake.last_administrator", "vi", login="admin")
    assert account(look, "admin").is_enabled


def test_one_time_password_is_shown_until_it_is_put_away_and_works(look):
    app = choose(look(), "lanhdao")

    because(app, "reset")
    password, passed_on = [each.value for each in app.code]
    assert all(part in passed_on for part in (password, "lanhdao", text("role.leader", "vi")))
    app.button(key="accounts-put-away").click().run()

    assert not app.code
    assert account(look, "lanhdao").must_change
    with look.house.store.reading() as session:
        assert passwords.matches(find_password_hash(session, account(look, "lanhdao").id), password)


def test_account_is_made_with_a_one_time_password(look):
    app = look()

    app.text_input(key="accounts-new-login").input(" Lan.Nguyen ")
    app.text_input(key="accounts-new-name").input("Nguyễn Thị Lan")
    app.selectbox(key="accounts-new-role").select("unit_head")
    app.multiselect(key="accounts-new-units").select("H2")
    submit(app, text("accounts.create", "vi"))

    made = account(look, "lan.nguyen")
    assert (made.name, made.role, made.units, made.must_change) == ("Nguyễn Thị Lan", "unit_head", ("H2",), True)
    assert len(app.code[0].value) == 23


def test_account_that_cannot_be_made_is_told_and_shows_no_password(look):
    app = look()

    app.text_input(key="accounts-new-login").input("admin")
    submit(app, text("accounts.create", "vi"))

    assert said(app.error) == text("mistake.account_taken", "vi", login="admin")
    assert not app.code


def test_every_role_is_offered_with_what_it_may(look):
    options = look().selectbox(key="accounts-new-role").options

    assert options == [f"{text(f'role.{role}', 'vi')}: {text(f'role_says.{role}', 'vi')}" for role in ROLES]


def test_workbook_makes_accounts_and_the_list_is_shown_until_put_away(look, tmp_path):
    path = workbook(tmp_path / "people.xlsx", ("Họ tên", "Đơn vị"), ("Lê Văn A", "UBND huyện Hai"))
    app = look()

    hand_in(app, path)
    submit(app, text("accounts.take_in", "vi"))

    assert account(look, "h2").units == ("H2",)
    assert text("people.imported", "vi", made=1, unchanged=0) in said(app.success)
    assert text("people.entered_heads", "vi", count=1) in said(app.success)
    assert text("accounts.sealed", "vi") in said(app.warning)
    app.button(key="accounts-put-list-away").click().run()
    assert not app.warning


def test_workbook_with_a_mistake_makes_nothing_and_names_it(look, tmp_path):
    path = workbook(tmp_path / "people.xlsx", ("Họ tên", "Đơn vị"), ("Lê Văn A", "Sở Không Có"))
    app = look()
    before = len(look.house.asked(find_accounts))

    hand_in(app, path)
    submit(app, text("accounts.take_in", "vi"))

    assert "\n- Sheet1!B2, cột “Đơn vị”: " in said(app.error)
    assert "Sở Không Có" in said(app.error)
    assert len(look.house.asked(find_accounts)) == before


def test_workbook_whose_page_was_closed_in_between_is_asked_for_again(look):
    app = look()

    app.file_uploader(key="accounts-file").upload("people.xlsx", b"the slip for a file that is gone").run()
    submit(app, text("accounts.take_in", "vi"))

    assert said(app.error) == text("mistake.no_file", "vi")


def hand_in(app, path):
    slip = slip_for(path.name, path.read_bytes(), session=int(app.user["session"]))
    app.file_uploader(key="accounts-file").upload(path.name, slip).run()


def test_session_of_somebody_is_ended(look):
    look.house.signed_in("lanhdao")
    app = look()
    [ending] = [each for each in app.button if each.key == "accounts-end-1"]

    ending.click().run()

    house = look.house
    gone = house.asked(find_visitor, 1, machine=machine_now(), idle=house.service.settings.idle, keeps_to_branch=False)
    assert gone is None
    assert said(app.success) == text("accounts.ended", "vi")


def test_click_after_ones_own_session_has_ended_changes_nothing(look):
    app = choose(look(), "lanhdao")
    look.clients["admin"].post("/auth/logout")

    because(app, "disable")

    assert account(look, "lanhdao").is_enabled
    assert text("visitor.sign_in", "vi") in said(app.markdown)


# --- in a further campaign -------------------------------------------------------------------------------------------

KEY = "small-2025"


@pytest.fixture
def further(house):
    """Another campaign's store beside the house's: of the same units, without anybody in it."""
    store = open_store(settings_of(house.service.settings, KEY))
    store.close()
    place = house.home / "campaigns" / KEY / "caodiem.db"
    place.parent.mkdir(parents=True)
    migrations.upgrade(store)
    with store.writing() as session:
        found_campaign(session, small_files(small_campaign(key=KEY)), context=context("1/3 08:00"))
    yield Small(store)
    store.close()


def heads(small, login):
    found = small.asked(find_account, login)
    return found.role, found.units


def test_role_is_changed_at_the_front_and_units_in_the_campaign_looked_at(look, further):
    app = look("admin", campaign=KEY)
    choose(app, "nguoixem")
    row = account(look, "nguoixem")

    app.selectbox(key=f"accounts-role-{row.id}-{row.version}").select("unit_head")
    app.multiselect(key=f"accounts-units-{row.id}-{row.version}").select("H2")
    submit(app, text("accounts.save", "vi"))

    assert text("accounts.changed", "vi", login="nguoixem") in said(app.success)
    assert (account(look, "nguoixem").role, account(look, "nguoixem").units) == ("unit_head", ())
    assert heads(further, "nguoixem") == ("unit_head", ("H2",))


def test_account_made_in_a_further_campaign_comes_in_at_the_front_and_heads_a_unit_there(look, further):
    app = look("admin", campaign=KEY)
    app.text_input(key="accounts-new-login").input("moi.h2")
    app.selectbox(key="accounts-new-role").select("unit_head")
    app.multiselect(key="accounts-new-units").select("H2")
    submit(app, text("accounts.create", "vi"))

    assert (account(look, "moi.h2").role, account(look, "moi.h2").units) == ("unit_head", ())
    assert heads(further, "moi.h2") == ("unit_head", ("H2",))
    assert look.house.asked(find_password_hash, account(look, "moi.h2").id)
    assert further.asked(find_password_hash, further.asked(find_account, "moi.h2").id) is None
