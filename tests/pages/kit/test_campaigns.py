"""Several campaigns behind one front door: each page is one campaign's, whoever looks and wherever a link leads."""

import shutil
from dataclasses import replace

import pytest
from sqlmodel import select

from models import migrations
from models.accounts.actions import change_role, change_units, set_enabled
from models.accounts.queries import find_account
from models.campaign.actions import found_campaign
from models.campaign.archiving import set_archived
from models.core.clock import machine_now
from models.core.settings import load_settings
from models.core.store import Store, open_store
from models.core.stores import settings_of
from models.core.texts import text
from models.readings.baselines import find_baselines
from models.tables import AuditEntry, CampaignVersion, Task
from pages.kit import answers, campaigns
from targets.values import Text
from tests.models.accounts_world import by
from tests.models.conftest import Small, context, small_campaign, small_files

KEY, NAME = "small-2025", "The other one"
REAL_TIME = {"NOW": "2024-03-20T18:00:00+07:00"}


@pytest.fixture(scope="module")
def further_store(tmp_path_factory):
    """Another campaign of the same units, with a figure that the front's does not have."""
    path = tmp_path_factory.mktemp("further") / "caodiem.db"
    store = Store(f"sqlite:///{path}")
    migrations.upgrade(store)
    other = small_campaign(key=KEY, short_title=Text(vi=NAME, en=NAME))
    with store.writing() as session:
        found_campaign(session, small_files(other), context=context("1/3 08:00"))
    Small(store).load(("S1", "online", "15/3", 90, 200), when="15/3 18:00")
    store.close()
    return path


@pytest.fixture
def several(make_house, further_store, monkeypatch):
    """A house with a further campaign; asked and changed at its store by `at`."""
    house = make_house(**REAL_TIME)
    monkeypatch.setattr(answers, "front", lambda: house.service.settings)
    place = house.home / "campaigns" / KEY / "caodiem.db"
    place.parent.mkdir(parents=True)
    shutil.copyfile(further_store, place)
    store = open_store(settings_of(house.service.settings, KEY))
    store.close()  # an earlier test had another file there
    yield house
    store.close()


def further(house):
    return Small(open_store(settings_of(house.service.settings, KEY)))


def words(app):
    shown = (*app.title, *app.header, *app.markdown, *app.caption, *app.error, *app.warning, *app.info, *app.success)
    return "\n".join(element.value.replace("\\", "") for element in shown)


def ways(app):
    return "\n".join(element.proto.body for element in app.get("html"))


def test_one_campaign_alone_has_no_menu_of_campaigns(make_house, look):
    app = look(make_house(**REAL_TIME), "dieuphoi", address="gaps")

    assert "campaign=" not in ways(app)
    assert text("campaigns.name", "vi", name="Small", year="2024") not in words(app) + ways(app)


def test_page_is_the_campaigns_that_the_address_names(several, look):
    figure = "45,0%"

    own, other = (
        look(several, "dieuphoi", address="unit", unit="S1", indicator="online", **more)
        for more in ({}, {"campaign": KEY})
    )

    assert figure not in words(own)
    assert figure in words(other)
    assert f"/?campaign={KEY}" in ways(own)
    assert "/?campaign=" not in ways(other)
    assert NAME in ways(own)


def test_answers_of_two_campaigns_at_the_same_version_never_mix(several):
    with several.store.writing() as session, further(several).store.writing() as other:
        for opened in (session, other):
            answers.find_state(opened).data_version = 77
    situations = [answers.find_situation(key) for key in ("", KEY, "", KEY)]

    found = [answers.find_overview(each, as_of=each.today, phase=None).campaign.key for each in situations]
    units = [bool(answers.find_unit(each, "S1", as_of=each.today, phase=None).history) for each in situations]

    assert {each.data_version for each in situations} == {77}
    assert found == ["small", KEY, "small", KEY]
    assert units == [False, True, False, True]


def test_when_figures_last_came_in_is_asked_once_of_each_campaign_of_the_menu(several, monkeypatch):
    """The menu asks all of them at every click: a memory of fewer would forget each before its turn comes again."""
    situation, asked = answers.find_situation(), []
    menu = [replace(situation, campaign=f"campaign-{number}") for number in range(8)]
    monkeypatch.setattr(answers, "store", lambda _situation: several.store)
    monkeypatch.setattr(answers.overview_queries, "find_updated", lambda _session: asked.append(1))

    for each in (*menu, *menu):
        answers._find_updated(each)

    assert len(asked) == len(menu)


def test_links_stay_in_the_campaign(several, look):
    app = look(several, "dieuphoi", address="campaign", part="history", campaign=KEY)
    link = next(element.proto for element in app.get("page_link"))

    assert f"campaign={KEY}" in link.query_string


def test_campaign_that_is_not_there_is_named_and_the_fronts_is_shown(several, look):
    app = look(several, "dieuphoi", address="unit", unit="S1", indicator="online", campaign="../home")

    assert "campaign=../home" in words(app)
    assert KEY in words(app)
    assert "45,0%" not in words(app)


def test_what_was_begun_in_one_campaign_is_forgotten_in_the_other(several, look):
    app = look(several, "dieuphoi", address="campaign")
    app.session_state["campaign-wanted"] = "a change put together here"

    app.query_params["campaign"] = KEY
    app.run()

    assert "campaign-wanted" not in app.session_state


# --- who -------------------------------------------------------------------------------------------------------------


def role_at(house, login):
    account = further(house).asked(find_account, login)
    return account.role, account.units, account.is_enabled


def test_whoever_enters_is_known_there_by_the_role_of_the_front(several, look):
    look(several, "truong.h1", address="unit", campaign=KEY)

    assert role_at(several, "truong.h1") == ("unit_head", ("H1",), True)
    assert role_at(several, "admin") == ("administrator", (), True)


def test_role_that_is_taken_away_at_the_front_counts_at_the_next_click(several, look):
    app = look(several, "dieuphoi", address="upload", campaign=KEY)
    several.changed(change_role, "dieuphoi", "viewer", context=by("admin"))

    app.run()

    assert text("permission.import", "vi") in words(app)
    assert role_at(several, "dieuphoi")[0] == "viewer"


def test_account_that_is_disabled_at_the_front_sees_nothing_anywhere(several, look):
    app = look(several, "dieuphoi", address="gaps", campaign=KEY)
    several.changed(set_enabled, "dieuphoi", is_enabled=False, context=by("admin"), machine=machine_now())

    app.run()

    assert text("visitor.sign_in", "vi") in words(app)


@pytest.mark.soak
def test_units_that_somebody_heads_are_each_campaigns_own(several, look):
    look(several, "truong.h1", address="unit", campaign=KEY)
    further(several).changed(change_units, "truong.h1", ["H2"], context=by("system:test"))

    own, other = (look(several, "truong.h1", address="unit", **more) for more in ({}, {"campaign": KEY}))

    assert own.title[0].value != other.title[0].value
    assert role_at(several, "truong.h1")[1] == ("H2",)


def test_change_on_a_page_is_made_in_its_campaign_alone(several, look):
    look(several, "admin", address="accounts", campaign=KEY)
    situation = answers.find_situation(KEY)
    assert answers.store(situation).url != several.store.url
    with answers.store(situation).reading() as session:
        entries = session.exec(select(AuditEntry.action).where(AuditEntry.by == "system:front")).all()
        assert set(entries) == {"follow_front"}
        assert not session.exec(select(Task)).all()
    front = select(AuditEntry).where(AuditEntry.by == "system:front")
    assert not several.asked(lambda session: session.exec(front).all())


# --- the archive -----------------------------------------------------------------------------------------------------


def test_campaign_in_the_archive_says_so_and_offers_no_change(several, look):
    further(several).changed(set_archived, is_archived=True, context=by("system:test", when="13/4 08:00"))

    tasks, upload = (look(several, "dieuphoi", address=page, campaign=KEY) for page in ("tasks", "upload"))

    assert text("campaigns.read_only", "vi") in words(tasks)
    assert not tasks.get("form")
    assert text("mistake.refused_archived", "vi", permission=text("permission.import", "vi")) in words(upload)
    assert text("campaigns.read_only", "vi") not in words(look(several, "dieuphoi", address="tasks"))


def test_every_campaign_is_listed_with_how_it_stands(several):
    situation = answers.find_situation()

    assert [(known.key, known.name("vi")) for known in campaigns.find_all()] == [
        ("", "Small (2024)"),
        (KEY, f"{NAME} (2024)"),
    ]
    said = campaigns.state_words(answers.find_campaign(situation), situation, "vi")
    assert said == text("campaigns.running", "vi", number=17)


@pytest.mark.soak
def test_results_of_an_earlier_campaign_are_taken_over_by_one_click(several, look, monkeypatch):
    monkeypatch.setenv("CAODIEM_NOW", "2024-04-20T08:00:00+07:00")
    campaigns_own = settings_of(several.service.settings, KEY)
    with open_store(campaigns_own).writing() as session:
        version = session.exec(select(CampaignVersion)).one()
        version.content = {**version.content, "baseline_year": 2024}
    several.service.settings = load_settings()
    Small(several.store).load(("S1", "online", "12/4", 90, 100), when="12/4 18:00")
    app = look(several, "dieuphoi", address="campaign", part="campaigns", campaign=KEY)
    shown = words(app)

    app.button(key="campaigns-take-over-").click().run()

    assert "Small (2024)" in shown
    assert text("campaigns.taken_over", "vi", count=1) in words(app)
    found = further(several).asked(find_baselines, year=2024, unit="S1", indicator="online")
    assert found["S1", "online"].value == 90
