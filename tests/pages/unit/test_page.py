"""The page of a unit as Streamlit draws it, in every state, without a browser."""

from dataclasses import replace
from datetime import date

import pytest

from models.core.texts import LANGUAGES, text
from models.readings.arrivals import Disagreement
from models.units.own_figures import OwnFigures
from pages.kit import answers
from pages.kit.page import Situation
from pages.unit import sentences as unit_sentences
from targets.errors import StoreNotReady
from tests.pages import unit_world
from tests.pages.conftest import states
from tests.pages.opening import opened
from tests.pages.unit_world import DAY, UNITS, past
from tests.pages.whole import whole_pages
from tests.soaked import mostly_soaked


@pytest.fixture
def known(campaign, lines):
    return lambda **changes: unit_world.known(campaign, lines, **changes)


@pytest.fixture
def look(monkeypatch, campaign):
    """Looks at `/unit` where all that is known of a unit is this, with choices in the address."""

    def looked(found, **query):
        def find_situation(_campaign=""):
            if isinstance(found, Exception):
                raise found
            return Situation("a store", 7, True, None, DAY)

        def find_unit(_situation, unit, *, as_of, phase):
            asked.append((unit, as_of, phase))
            return found

        monkeypatch.setattr(answers, "find_situation", find_situation)
        monkeypatch.setattr(answers, "find_campaign", lambda _: unit_world.campaign_of(campaign))
        monkeypatch.setattr(answers, "find_unit_names", lambda _: UNITS)
        monkeypatch.setattr(answers, "find_unit", find_unit)
        return opened("unit", **query)

    asked = looked.asked = []
    return looked


def all_words(app):
    shown = [*app.title, *app.header, *app.markdown, *app.caption, *app.warning, *app.info, *app.error, *app.subheader]
    return "\n".join(element.value for element in shown).replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")


def links(app):
    return [link.proto.label.replace("\\", "") for link in app.get("page_link")]


@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "vi"))
def test_unit_is_headed_by_its_sentence_on_the_indicator_chosen(look, known, language):
    found = known()
    app = look(found, unit="H21.58", lang=language, indicator="payment")

    row = next(row for row in found.rows if row.indicator == "payment")
    sentence = unit_sentences.title("UBND huyện Ia Grai", row, campaign=found.campaign, as_of=DAY, language=language)
    assert app.title[0].value.replace("\\", "") == sentence


@pytest.mark.daily(2)
@whole_pages(states(), vietnamese=("running", "no_readings", "past_the_end"), english="bounds")
def test_every_state_is_drawn_with_its_sentence(look, known, overview_in, state, language):
    overview = overview_in(state)

    app = look(known(rows=overview.lines, as_of=overview.as_of), unit="H21.58", lang=language)

    assert app.title[0].value
    assert len(app.get("vega_lite_chart")) == 1


def tables(app):
    """Each table's cells by its heads, as they are read."""
    return [
        {head: [str(cell) for cell in table.value[head]] for head in table.value.columns} for table in app.table
    ]  # fmt: skip


def test_name_of_another_indicator_leads_to_it_and_the_chosen_one_is_marked(look, known):
    app = look(known(), unit="H21.58", indicator="online", phase="100-day", tab="figures")

    names = next(table for table in tables(app) if "Vì sao" in table)["Chỉ số"]
    assert "check_circle" in names[2]
    assert "indicator=payment&phase=100-day&unit=H21.58&tab=figures" in names[3]


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("targets", "Mọi đơn vị phấn đấu đạt"),
        ("requests", "chưa đăng ký, giải trình"),
        ("figures", "Phần riêng là toàn bộ trừ"),
    ],
)
def test_tab_of_the_address_is_the_only_one_drawn(look, known, tab, words):
    app, first = look(known(), unit="H21.58", tab=tab), look(known(), unit="H21.58")

    assert words in all_words(app)
    assert words not in all_words(first)


def test_unknown_tab_is_named_and_ignored(look, known):
    app = look(known(), unit="H21.58", tab="everything")

    assert "tab=everything" in app.warning[0].value.replace("\\", "")


def test_every_chart_and_table_is_described_in_words(look, known):
    app = look(known(), unit="H21.58")

    assert all(len(chart.proto.alt) > 20 for chart in app.get("vega_lite_chart"))
    assert all(len(table.proto.alt) > 20 for table in app.get("table"))


def test_without_a_unit_the_page_invites_to_choose_one(look, known):
    app = look(known())

    assert app.title[0].value == text("unit.invite.title", "vi")
    assert "UBND huyện Ia Grai" in links(app)
    assert look.asked == []


def test_unknown_unit_is_named_and_ignored(look, known):
    app = look(known(), unit="H99")

    assert "unit=H99" in app.warning[0].value.replace("\\", "")
    assert app.title[0].value == text("unit.invite.title", "vi")


def test_day_and_phase_of_the_address_are_asked_for(look, known):
    look(known(), unit="H21.58", phase="100-day", as_of="2024-04-12")

    assert look.asked == [("H21.58", date(2024, 4, 12), "100-day")]


def test_links_keep_day_phase_and_language(look, known):
    app = look(known(), unit="H21.58", indicator="online", phase="100-day", as_of="2024-04-12", lang="en")

    kept = "indicator=online&phase=100-day&as_of=2024-04-12&unit=H21&lang=en"
    assert f"[UBND tỉnh Gia Lai](/unit?{kept})" in all_words(app)


def test_head_who_is_not_in_the_files_is_said_to_be_missing(look, known):
    assert "chưa có số điện thoại" in all_words(look(known(), unit="H21.58"))


def test_unit_that_ended_leads_to_its_successor(look, known):
    ended = known(rows=(), children=())
    profile = replace(ended.profile, valid_to=date(2024, 4, 1), successor=UNITS[2], children=())

    app = look(replace(ended, profile=profile), unit="H21.58")

    assert "kết thúc hoạt động ngày 01/04/2024" in all_words(app)
    assert "[UBND huyện Đăk Đoa](/unit?" in all_words(app)


@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "vi"))
def test_what_a_unit_tells_itself_is_a_table_of_its_own(look, known, language):
    found = known()
    told = tuple(replace(row, value=61.5, numerator=None, denominator=None) for row in found.rows[2:3])

    app = look(replace(found, own=OwnFigures(told, past("online")[:3])), unit="H21.58", lang=language)

    title = text("unit.own.title", language, unit="UBND huyện Ia Grai")
    assert title in [each.value for each in app.subheader]
    assert text("unit.own.note", language) in all_words(app)


def test_unit_without_units_below_begins_with_its_targets(look, known):
    found = known(children=(), parts=())

    app = look(replace(found, profile=replace(found.profile, children=())), unit="H21.58")

    assert [tab.label for tab in app.tabs] == [
        text(f"unit.tab.{key}", "vi") for key in ("targets", "requests", "figures", "story")
    ]


def test_silent_unit_says_who_can_do_what(look, known, lines):
    silent = tuple(replace(line, value=None, reading_as_of=None, standing="insufficient") for line in lines)

    app = look(known(rows=silent, history=(), arrivals=()), unit="H21.58", tab="figures")

    assert text("page.upload", "vi") in app.info[0].value.replace("\\", "")
    assert "chưa có số liệu nào đến" in all_words(app)


def test_sources_that_differ_are_said_above_the_rows(look, known):
    app = look(known(disagreements=(Disagreement("online", DAY, "igate", "demonstration", 41.6, 38.9),)), unit="H21.58")

    assert "41,6%" in app.warning[0].value.replace("\\", "")


def test_names_from_outside_cannot_speak_markdown(look, known):
    found = known()
    unit = replace(found.profile.unit, name="![x](//evil/x.png)")

    app = look(replace(found, profile=replace(found.profile, unit=unit)), unit="H21.58")

    assert "![x](" not in app.title[0].value


def test_missing_store_says_which_command_makes_one(look):
    app = look(StoreNotReady("There is no store at /x/caodiem.db."), unit="H21.58")

    assert "python -m jobs init --demo" in app.code[0].value
