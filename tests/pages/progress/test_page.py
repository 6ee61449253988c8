"""The page of progress as Streamlit draws it, in every state, without a browser."""

from datetime import date

import pytest

from models.core.texts import text
from pages.kit import answers, visitors
from pages.kit.page import Situation
from pages.progress import data as progress_data
from pages.progress.view import watch_view
from targets.errors import StoreNotReady
from targets.permissions import Actor
from tests.pages import unit_world
from tests.pages.conftest import LEVELS, states
from tests.pages.opening import opened, words
from tests.pages.progress_world import courses, signal, watch
from tests.pages.unit_world import DAY, DISTRICT, UNITS
from tests.pages.whole import whole_pages


@pytest.fixture
def known(campaign, lines):
    return lambda **changes: courses(campaign, changes.pop("lines", lines), **changes)


@pytest.fixture
def look(monkeypatch, campaign):
    """Looks at `/progress` where these are the courses, with choices in the address."""
    of_campaign = unit_world.replace(unit_world.campaign_of(campaign), levels=LEVELS)

    def looked(found, *, signals=(), **query):
        def find_situation(_campaign=""):
            if isinstance(found, Exception):
                raise found
            return Situation("a store", 7, True, None, DAY)

        def find_progress(_situation, *, unit, level, as_of, phase):
            asked.append((unit, level, as_of, phase))
            return found

        monkeypatch.setattr(answers, "find_situation", find_situation)
        monkeypatch.setattr(answers, "find_campaign", lambda _: of_campaign)
        monkeypatch.setattr(answers, "find_unit_names", lambda _: UNITS)
        monkeypatch.setattr(progress_data, "find_progress", find_progress)
        monkeypatch.setattr(
            progress_data,
            "find_watch",
            lambda _, *, as_of, language: watch_view(watch(*signals), of_campaign, language),
        )
        return opened("progress", **query)

    asked = looked.asked = []
    return looked


def links(app):
    return {link.proto.label.replace("\\", ""): link.proto.query_string for link in app.get("page_link")}


@pytest.mark.daily(2)
@whole_pages(states(), vietnamese=("running", "no_readings", "past_the_end"), english="bounds")
def test_every_state_is_drawn_with_its_sentence(look, known, overview_in, state, language):
    overview = overview_in(state)

    app = look(known(lines=overview.lines, as_of=overview.as_of), unit="H21.58", lang=language)

    assert app.title[0].value
    assert len(app.get("vega_lite_chart")) == 1
    assert len(app.table[-1].value) == 5


def test_heading_is_the_message_of_the_course_that_is_shown(look, known):
    app = look(known(), unit="H21.58", indicator="online")

    assert "đến 10/05 dự báo chỉ đạt 34,1%" in app.title[0].value.replace("\\", "")
    assert text("standing.unlikely", "vi") in words(app)


def test_chart_and_tables_are_described_in_words(look, known):
    app = look(known(), signals=(signal(),), unit="H21.58")

    assert all(len(shown.proto.alt) > 20 for shown in (*app.get("vega_lite_chart"), *app.table))


def test_address_decides_whose_course_is_asked_for(look, known):
    look(known())
    look(known(), unit="H21.58", phase="100-day", as_of="2024-04-12")
    look(known(unit=None), level="district")

    assert look.asked == [
        ("H21", None, DAY, None),
        ("H21.58", None, date(2024, 4, 12), "100-day"),
        (None, "district", DAY, None),
    ]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"unit": "H99", "level": "ward", "indicator": "speed", "phase": "third"}, "unit level indicator phase"),
        ({"level": "province"}, "level"),
        ({"unit": "H21.58", "level": "district"}, "level"),
    ],
)
def test_unknown_choices_are_named_and_ignored(look, known, query, named):
    app = look(known(), **query)

    said = app.warning[0].value.replace("\\", "")
    assert all(f"{name}={query[name]}" in said for name in named.split())
    assert look.asked[0][1] is None


def test_choices_go_into_the_address_and_a_unit_takes_the_place_of_a_group(look, known):
    app = look(known(unit=None), level="district", lang="en")

    app.selectbox(key="progress-subject").select("unit:H21.58").run()
    assert dict(app.query_params) == {"lang": "en", "unit": "H21.58"}

    app.selectbox(key="progress-subject").select("level:commune").run()
    assert dict(app.query_params) == {"lang": "en", "level": "commune"}

    app.selectbox(key="progress-subject").select("unit:H21").run()
    assert dict(app.query_params) == {"lang": "en"}


def test_search_knows_names_without_diacritics(look, known):
    options = look(known()).selectbox(key="progress-subject").options

    assert options[0] == "UBND tỉnh Gia Lai"
    assert any("dak doa" in option for option in options)
    assert any("so ban nganh" in option for option in options)


def test_other_indicators_lead_to_themselves_with_everything_else_kept(look, known):
    app = look(known(), unit="H21.58", indicator="online", phase="100-day", lang="en")

    rows = app.table[-1].value.iloc[:, 0]
    assert "[Publicity](/progress?indicator=publicity&phase=100-day&unit=H21.58&lang=en)" in set(rows)


def test_methods_scores_and_the_units_page_are_one_click_away(look, known):
    found = links(look(known(), unit="H21.58"))

    assert {text("progress.to_unit", "vi"), text("progress.to_methods", "vi"), text("progress.to_scores", "vi")} <= set(
        found
    )


def test_unit_that_was_not_there_says_so_and_draws_nothing(look, known):
    app = look(known(lines=()), unit="H21.58")

    assert "không hoạt động" in app.title[0].value
    assert not app.get("vega_lite_chart")


@pytest.mark.parametrize(
    ("role", "units", "is_shown"),
    [
        ("coordinator", (), True),
        ("leader", (), False),
        ("viewer", (), False),
        ("unit_head", ("H21.58",), False),
        ("administrator", (), False),
    ],
)
def test_signals_are_for_the_coordinator_alone(look, known, monkeypatch, role, units, is_shown):
    actor = Actor(login="lan", name="Lan", role=role, units=units, branch=frozenset(units))
    monkeypatch.setattr(visitors, "current_actor", lambda *_: actor)

    app = look(known(), signals=(signal(),), unit="H21.58")

    assert (text("progress.signals.title", "vi") in words(app)) == is_shown
    assert len(app.table) == (3 if is_shown else 2)


def test_no_signal_is_said_in_words(look, known):
    assert "không có biến động nào" in words(look(known()))


def test_who_reads_the_own_branch_only_finds_no_other_unit_and_no_group(look, known, monkeypatch):
    branch = frozenset({"H21.58", "1", "2", "3"})
    actor = Actor(login="lan", name="Lan", role="unit_head", units=("H21.58",), branch=branch, reads_branch_only=True)
    monkeypatch.setattr(visitors, "current_actor", lambda *_: actor)

    app = look(known(), level="district")

    assert look.asked == [(DISTRICT.code, None, DAY, None)]
    assert len(app.selectbox(key="progress-subject").options) == len(branch)
    assert text("progress.to_scores", "vi") not in links(app)


def test_names_from_outside_cannot_speak_markdown(look, known):
    app = look(known(name="![x](//evil/x.png)"), unit="H21.58")

    assert "![x](" not in app.title[0].value


def test_missing_store_says_which_command_makes_one(look):
    app = look(StoreNotReady("There is no store at /x/caodiem.db."), unit="H21.58")

    assert "python -m jobs init --demo" in app.code[0].value
