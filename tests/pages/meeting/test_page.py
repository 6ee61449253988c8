"""Giao ban: preparing a meeting, its slides, and what is recorded from them; sent by each role over a real store."""

from datetime import date

import pytest

from models.core.texts import text
from models.meetings.actions import announce_figures, freeze_figures, set_agenda
from models.meetings.snapshots import find_agenda, find_announced, find_snapshots
from models.targets.causes import Explanation, state_cause
from models.targets.checks import Dispute, request_check
from models.tasks.queries import find_tasks
from pages.kit.markdown import plain
from tests.models.accounts_world import by
from tests.models.conftest import Small, day
from tests.pages.opening import opened_by, words
from tests.pages.whole import whole_pages
from tests.soaked import mostly_soaked

SLIDES = (
    "opening", "province", "indicator.online", "silent", "attention.online.district", "contribution.online",
)  # fmt: skip
EVERY_SLIDE = (*SLIDES, "movers.online", "tasks", "unit.H1")


def tell(store):
    Small(store).load(
        ("H1", "online", "1/3", 10, 50), ("H2", "online", "1/3", 15, 300),
        ("H1", "online", "8/3", 30, 100), ("H2", "online", "8/3", 20, 400), ("S1", "online", "8/3", 90, 200),
        when="8/3 18:00",
    )  # fmt: skip


@pytest.fixture
def world(make_house):
    """Monday 11 March 2024: H1 has 30 of 100 dossiers online, H2 20 of 400, S1 90 of 200."""
    return make_house(NOW="2024-03-11T08:00:00+07:00", more=tell)


@pytest.fixture
def look(world, monkeypatch):
    """Looks at the meeting as somebody signed in."""

    def looked(login="dieuphoi", address="meeting", **query):
        return opened_by(world, login, monkeypatch, address, **query)

    return looked


def freeze(world, *, as_of="8/3", title="Tuần 1"):
    context = by("dieuphoi", "freezes", "11/3 08:00")
    return world.changed(freeze_figures, as_of=day(as_of), title=title, context=context)


def shown(app):
    """What stands on a slide; the frame's foot below it, which names the store's version, is not on the screen."""
    return [element.value for element in (*app.title, *app.markdown)]


def has(app, key):
    return key in [button.key for button in app.button]


# --- before the first meeting ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("login", "said"), [("lanhdao", "none"), ("dieuphoi", "none_yet")])
def test_page_says_who_can_do_what_where_nothing_is_frozen(look, login, said):
    app = look(login)

    assert text(f"meeting.{said}", "vi") in words(app)
    assert any(expander.label == text("meeting.freeze.title", "vi") for expander in app.expander) is (
        login == "dieuphoi"
    )


def test_coordinator_announces_then_freezes_what_was_announced(look, world):
    app = look()
    app.text_input(key="wish-freeze-now-0-title").set_value("Giao ban tuần 1")
    app.date_input(key="wish-freeze-now-0-as-of").set_value(day("8/3"))
    app.button(key="wish-freeze-now-0-announce").click().run()

    (announced,) = world.asked(find_announced)
    assert (announced.title, announced.as_of, announced.deadline) == ("Giao ban tuần 1", day("8/3"), day("13/3"))
    assert text("meeting.preview.title", "vi", title="Giao ban tuần 1") in words(app)

    app.button(key=f"wish-freeze-announced-{announced.id}-0-freeze").click().run()

    assert [head.title for head in world.asked(find_snapshots)] == ["Giao ban tuần 1"]
    assert has(app, "meeting-start")


def test_freezing_asks_once_and_says_how_many_units_told_the_day_and_who_may_still_ask_for_checks(look, world):
    world.changed(
        announce_figures,
        as_of=day("8/3"),
        deadline=day("12/3"),
        title="Tuần 1",
        context=by("dieuphoi", "x", "8/3 19:00"),
    )
    app = look()
    default = text("meeting.default_title", "vi", date="11/03/2024")
    asked = text("meeting.freeze.ask", "vi", date="08/03/2024", title=default, told="3/9 đơn vị có số liệu ngày 08/03")
    assert asked in words(app)
    assert text("meeting.freeze.open", "vi", title="Tuần 1", date="12/03/2024") in words(app)

    app.date_input(key="wish-freeze-now-0-as-of").set_value(day("1/3")).run()
    assert asked not in words(app)
    app.date_input(key="wish-freeze-now-0-as-of").set_value(day("8/3")).run()
    app.button(key="wish-freeze-now-0-now").click().run()

    assert [head.title for head in world.asked(find_snapshots)] == [default]
    assert [each.state for each in world.asked(find_announced)] == ["frozen"]
    assert text("meeting.freeze.named", "vi", title=default) in words(app)


def test_day_to_freeze_is_the_newest_that_was_told(look, world):
    assert look().date_input(key="wish-freeze-now-0-as-of").value == day("8/3")


def test_snapshot_is_put_aside_with_a_reason_and_its_slides_stay_readable_by_address(look, world):
    first, second = freeze(world, title="Tuần 1"), freeze(world, title="Tuần 2")
    app = look()
    app.button(key="wish-aside-meeting-0-aside").click().run()
    assert text("mistake.no_reason", "vi") in words(app)

    app.text_input(key="wish-aside-meeting-0-reason").set_value("nhầm ngày")
    app.button(key="wish-aside-meeting-0-aside").click().run()

    assert [head.id for head in world.asked(find_snapshots)] == [first]
    assert text("meeting.withdraw.done", "vi", title="Tuần 2") in words(app)
    assert app.header[0].value == "Tuần 1"
    assert text("meeting.withdraw.list", "vi", count=1) in [expander.label for expander in app.expander]
    assert "nhầm ngày" in words(app)
    desk, shown = look(snapshot=str(second)), look("lanhdao", snapshot=str(second), slide="province")
    assert desk.header[0].value == "Tuần 2"
    assert not has(desk, "wish-aside-meeting-0-aside")
    assert text("slide.foot.withdrawn", "vi") in words(shown)


@pytest.mark.soak
def test_head_of_a_unit_is_led_from_the_preview_to_their_own_figures(look, world):
    world.changed(
        announce_figures,
        as_of=day("8/3"),
        deadline=day("12/3"),
        title="Tuần 1",
        context=by("dieuphoi", "x", "8/3 19:00"),
    )
    got = Dispute("H1", "online", "register", day("12/3"))
    world.changed(request_check, got, context=by("truong.h1", "asks", "8/3 19:00"))

    app = look("truong.h1")

    own = text("meeting.preview.own", "vi", unit="UBND huyện Một")
    assert own in [link.proto.label.replace("\\", "") for link in app.get("page_link")]
    assert text("meeting.preview.reviews", "vi", count="1") in words(app)
    assert not has(app, "wish-freeze-announced-1-0-freeze")
    said = text("unit.today.announced", "vi", date="08/03/2024")
    assert any(said in " ".join(map(str, table.value.to_numpy().flat)) for table in look("truong.h1", address="").table)


def test_freezing_of_a_day_ahead_is_refused_in_the_readers_language(look, world):
    app = look(lang="en")
    app.date_input(key="wish-freeze-now-0-as-of").set_value(date(2024, 3, 20))
    app.button(key="wish-freeze-now-0-now").click().run()

    assert text("mistake.no_day_to_freeze", "en", first="04/03/2024", last="11/03/2024") in words(app)
    assert world.asked(find_snapshots) == []


# --- slides ---------------------------------------------------------------------------------------------------------


@pytest.mark.daily(4)
@whole_pages(EVERY_SLIDE, vietnamese=EVERY_SLIDE, english="province")
def test_every_slide_says_its_finding_and_names_day_and_snapshot(look, world, state, language):
    freeze(world)
    got = Explanation("H1", "online", "staff", "one is ill", "another comes", "the head", day("20/3"))
    world.changed(state_cause, got, context=by("truong.h1", "tells", "11/3 08:00"))

    app = look("lanhdao", slide=state, lang=language)

    assert app.title[0].value
    assert text("slide.foot.as_of", language, date="08/03/2024") in words(app)
    assert "Tuần 1" in words(app)
    assert not app.warning


def test_slides_follow_each_other_by_their_buttons(look, world):
    world.changed(set_agenda, freeze(world), SLIDES, context=by("dieuphoi"))
    app = look(slide="opening")
    assert app.button(key="slide-previous").disabled

    app.button(key="slide-next").click().run()
    second = app.title[0].value
    app.button(key="slide-to-6").click().run()

    assert second != app.title[0].value
    assert "**6/6**" in words(app)
    assert app.button(key="slide-next").disabled


def test_later_pull_changes_no_number_on_a_slide(look, world):
    freeze(world)
    before = shown(look(slide="indicator.online"))

    Small(world.store).load(("H1", "online", "8/3", 90, 100), when="11/3 09:00")

    assert shown(look(slide="indicator.online")) == before
    assert text("meeting.revised", "vi", count="2") in [expander.label for expander in look().expander]


def test_unit_chosen_on_the_spot_leads_back_to_where_it_was_chosen(look, world):
    world.changed(set_agenda, freeze(world), SLIDES, context=by("dieuphoi"))
    app = look(slide="silent")

    app.selectbox(key="slide-units").set_value("S1").run()
    named, foot = app.title[0].value, [element.value for element in app.markdown]
    app.button(key="slide-next").click().run()

    assert named.startswith("Sở Một")
    assert "****" not in foot
    assert "**4/6**" in words(app)


@pytest.mark.parametrize(
    ("query", "said"), [({"slide": "dreams"}, "dreams"), ({"snapshot": "9", "slide": "province"}, "province")]
)
def test_address_that_names_nothing_is_said_and_ignored(look, world, query, said):
    freeze(world)

    app = look(**query)

    assert said in app.warning[0].value
    assert has(app, "meeting-start")


# --- recorded from a slide ------------------------------------------------------------------------------------------


def test_task_given_from_a_slide_knows_where_it_was_given(look, world):
    snapshot = freeze(world)
    app = look(slide="attention.online.district")
    app.selectbox(key="wish-meeting-record-0-unit").set_value("H2")
    app.text_area(key="wish-meeting-record-0-what").set_value("Hướng dẫn người dân nộp trực tuyến")
    app.text_input(key="wish-meeting-record-0-who").set_value("Chủ tịch")
    app.button(key="wish-meeting-record-0-task").click().run()

    (task,) = world.asked(find_tasks)
    assert (task.unit, task.snapshot, task.slide, task.due) == (
        "H2", snapshot, "attention.online.district", day("18/3"),
    )  # fmt: skip
    assert text("meeting.record.given", "vi") in words(app)
    assert "1" in words(look(slide="tasks"))


def test_conclusion_without_words_is_not_recorded(look, world):
    freeze(world)
    app = look(slide="province")

    app.button(key="wish-meeting-record-0-conclusion").click().run()

    assert text("mistake.no_conclusion", "vi") in words(app)
    assert world.asked(find_tasks) == []


def test_nobody_else_records_freezes_or_rearranges(look, world):
    freeze(world)

    app, slide = look("lanhdao"), look("lanhdao", slide="province")

    assert not has(slide, "wish-meeting-record-0-task")
    papers = {text(f"pack.page.{part}", "vi") for part in ("signing", "letters", "phones")}
    assert {expander.label for expander in app.expander} == papers


# --- the agenda -----------------------------------------------------------------------------------------------------


def test_agenda_is_reordered_trimmed_and_added_to(look, world):
    snapshot = freeze(world)
    world.changed(set_agenda, snapshot, ("province", "silent", "tasks"), context=by("dieuphoi"))
    app = look()

    app.button(key="agenda-up-tasks").click().run()
    app.button(key="agenda-out-province").click().run()
    turn = 2
    app.selectbox(key=f"wish-agenda-{snapshot}-{turn}-more").set_value("movers.payment")
    app.button(key=f"wish-agenda-{snapshot}-{turn}-add").click().run()

    assert world.asked(find_agenda, snapshot) == ("tasks", "silent", "movers.payment")


def test_agenda_counts_the_pages_that_are_shown_and_says_which_is_not(look, world):
    world.changed(set_agenda, freeze(world), ("decided", "province", "silent"), context=by("dieuphoi"))

    app = look()

    assert text("meeting.agenda.title", "vi", count=2) in {each.label for each in app.expander}
    named = [each.value for each in app.markdown]
    left_out = text("meeting.agenda.empty", "vi", slide=text("slide.title.decided", "vi"))
    assert {plain(left_out), plain(f"2. {text('slide.title.silent', 'vi')}")} <= set(named)


def test_wall_screen_turns_pages_by_itself(look, world):
    freeze(world)
    app = look()

    app.button(key="meeting-wall").click().run()

    assert app.query_params["turn"] == "20"
    assert f"**1/{app_pages(app)}**" in words(app)


@pytest.mark.parametrize("turn", mostly_soaked(["4", "3601", "9" * 5000, "soon", "²"], "4", "9" * 5000))
def test_wall_screen_says_over_the_slide_that_it_turns_no_pages_so_fast_or_slowly(look, world, turn):
    freeze(world)

    app = look(slide="province", turn=turn)

    assert [f"turn={turn[:40]}" in toast.value.replace("\\", "") for toast in app.toast] == [True]
    assert has(app, "slide-next")


def app_pages(app):
    return sum(button.key.startswith("slide-to-") for button in app.button if button.key)
