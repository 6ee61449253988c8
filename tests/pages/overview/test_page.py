"""The overview as Streamlit draws it, in every state, without a browser."""

import re
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import parse_qsl

import pytest

from models.core.formats import TIMEZONE
from models.core.texts import text
from models.readings.disagreements import DisagreeingUnit
from models.results.completeness import SilentUnit
from models.units.queries import Head
from pages.kit import answers
from pages.kit.page import Situation
from pages.overview import view as overview_view
from targets.errors import CampaignError, StoreNotReady
from targets.findings import Told
from tests.pages.conftest import states
from tests.pages.opening import opened
from tests.pages.whole import whole_pages

in_telling_states = whole_pages(states(), vietnamese=("running", "no_readings", "past_the_end"), english="bounds")


@pytest.fixture
def look(monkeypatch, focus, with_levels, unit_names):
    """Looks at `/` of a store in the state of an overview, with choices in the address."""

    def looked(overview, *, rehearsal=None, disagreeing=(), found=focus, **query):
        def find_situation(_campaign=""):
            if isinstance(overview, Exception):
                raise overview
            return Situation("a store", overview.data_version, overview.simulated, rehearsal, overview.as_of)

        def find_overview(_situation, *, as_of, phase):
            asked.append((as_of, phase))
            return overview

        def find_focus_view(_situation, overview, indicator, language):
            known = replace(overview, campaign=with_levels)
            return overview_view.focus_view(known, indicator, found, unit_names, language)

        def find_overview_view(_situation, overview, language):
            return overview_view.overview_view(overview, disagreeing, language)

        monkeypatch.setattr(answers, "find_situation", find_situation)
        monkeypatch.setattr(answers, "find_campaign", lambda _: replace(with_levels, main_indicator="online"))
        monkeypatch.setattr(answers, "find_findables", lambda *_: ())
        monkeypatch.setattr(answers, "find_overview", find_overview)
        monkeypatch.setattr(answers, "find_overview_view", find_overview_view)
        monkeypatch.setattr(answers, "find_focus_view", find_focus_view)
        return opened(**query)

    asked = looked.asked = []
    return looked


def all_words(app):
    shown = [*app.title, *app.header, *app.markdown, *app.caption, *app.warning, *app.info, *app.error]
    said = [element.value for element in shown] + [button.label for button in app.button]
    return "\n".join(said).replace("\\", "")


def links(app, address):
    """The query of each link to an address in the words and tables of the page, in their order."""
    words = [element.value for element in app.markdown]
    cells = [cell for table in app.table for column in table.value for cell in table.value[column].astype(str)]
    return [dict(parse_qsl(found)) for found in re.findall(rf"\]\(/{address}\?([^)]*)\)", "\n".join(cells + words))]


@in_telling_states
def test_every_state_is_headed_by_the_chosen_indicators_sentence_and_shows_all_six(look, overview_in, state, language):
    overview = overview_in(state)
    view = overview_view.overview_view(overview, (), language)

    app = look(overview, lang=language)

    assert [title.value.replace("\\", "") for title in app.title] == [view.cards[2].headline]
    words = all_words(app)
    assert [(metric.label.strip("*"), metric.value) for metric in app.metric][3] == (
        view.cards[3].name,
        view.cards[3].value,
    )
    for card in view.cards:
        assert {card.standing_words in words, card.short in words, card.reason in words} == {True}
    headings = [header.value.replace("\\", "") for header in app.header]
    assert headings[0] == text("attention.title", language)
    assert headings[-1] == text("movers.title", language)


def test_every_picture_is_described_in_words(look, make_overview):
    app = look(make_overview())

    [dots] = app.get("vega_lite_chart")
    assert len(dots.proto.alt) > 20
    assert [table.proto.alt for table in app.table] == [
        "Đơn vị cần tập trung chỉ đạo: Cấp huyện", "Tăng nhiều nhất",
    ]  # fmt: skip
    assert all(re.search(r"!\[[^]]{10,}\]\(data:image", cell) for cell in app.table[0].value["Hiện\u00a0tại"])


@pytest.mark.parametrize(
    ("simulated", "is_rehearsal", "said"),
    [
        (True, True, "Số liệu minh họa ngày 07/05/2024"),
        (True, False, "Số liệu minh họa"),
        (False, True, "Xem như đang là ngày 07/05/2024"),
    ],
)
def test_figures_that_are_not_real_say_so_above_all_else(look, make_overview, simulated, is_rehearsal, said):
    moment = datetime(2024, 5, 7, 18, tzinfo=TIMEZONE) if is_rehearsal else None

    app = look(make_overview(simulated=simulated), rehearsal=moment)

    assert said in app.markdown[1].value.replace("\\", "")


def test_real_figures_in_real_time_carry_no_such_mark(look, make_overview):
    words = all_words(look(make_overview(simulated=False)))

    assert "minh họa" not in words


def test_unknown_values_of_the_address_are_named_in_one_message(look, make_overview):
    app = look(make_overview(), phase="abc", as_of="31/31")

    [warning] = app.warning
    said = warning.value.replace("\\", "")
    assert "phase=abc" in said
    assert "as_of=31/31" in said


def test_value_of_the_address_cannot_speak_markdown(look, make_overview):
    app = look(make_overview(), phase="![x](//evil/x.png)")

    assert "![x](" not in app.warning[0].value


def test_phase_and_day_of_the_address_are_asked_for(look, make_overview):
    app = look(make_overview(), phase="100-day", as_of="2024-04-12")

    assert not app.warning
    assert [(str(day), phase) for day, phase in look.asked] == [("2024-04-12", None), ("2024-04-12", "100-day")]


def test_language_changes_at_the_same_place(look, make_overview):
    app = look(make_overview(), phase="50-day")

    app.button(key="language").click().run()

    assert app.query_params["lang"] == "en"
    assert app.query_params["phase"] == "50-day"
    assert app.title[0].value.startswith("Online rate is at 29")


@pytest.mark.parametrize(("state", "page"), [("no_targets", "targets"), ("no_readings", "upload"), ("stale", "upload")])
def test_state_with_little_to_show_says_where_to_go_on(look, overview_in, state, page):
    [advice] = look(overview_in(state)).info

    assert text(f"page.{page}", "vi") in advice.value.replace("\\", "")


def test_missing_store_says_which_command_makes_one(look):
    app = look(StoreNotReady("There is no store at /x/caodiem.db.", code="no_store", place="/x/caodiem.db"))

    assert app.title[0].value == text("store.not_ready", "vi")
    assert "python -m jobs init --demo" in app.code[0].value
    assert "/x" not in all_words(app)


def test_store_of_another_version_says_so(look):
    app = look(StoreNotReady("The store holds no campaign yet.", code="no_campaign"))

    assert app.title[0].value == text("store.not_ready", "vi")
    assert text("mistake.no_campaign", "vi").split(".")[0] in all_words(app)


def test_mistake_is_shown_as_its_sentence(look):
    app = look(CampaignError("The settings cannot be used."))

    assert app.error[0].value.replace("\\", "") == "The settings cannot be used."


def test_page_is_about_the_campaigns_main_indicator_unless_another_is_chosen(look, make_overview):
    assert look(make_overview()).title[0].value.startswith("Tỷ lệ hồ sơ trực tuyến")

    app = look(make_overview(), indicator="digitisation")

    assert not app.warning
    assert app.title[0].value.startswith("Số hóa hồ sơ")
    assert {query["indicator"] for query in links(app, "gaps")} == {"digitisation"}


def test_indicator_that_does_not_exist_is_named_and_ignored(look, make_overview):
    app = look(make_overview(), indicator="abc")

    assert "indicator=abc" in app.warning[0].value.replace("\\", "")
    assert app.title[0].value.startswith("Tỷ lệ hồ sơ trực tuyến")


def test_level_is_chosen_above_the_table_and_stands_in_the_address(look, make_overview):
    app = look(make_overview(), phase="50-day")

    app.button_group(key="overview-level").set_value("commune").run()

    assert app.query_params["level"] == "commune"
    assert app.query_params["phase"] == "50-day"
    assert [table.proto.alt for table in app.table] == ["Tăng nhiều nhất", "Giảm nhiều nhất"]
    assert "không nêu tên 94 đơn vị có ít hồ sơ" in all_words(app)


def test_level_that_lists_no_units_is_named_and_ignored(look, make_overview):
    app = look(make_overview(), level="province")

    assert "level=province" in app.warning[0].value.replace("\\", "")
    assert app.table[0].proto.alt.endswith("Cấp huyện")


def test_marks_are_explained_once_above_the_table_with_their_counts(look, make_overview):
    words = all_words(look(make_overview())).replace("\u00a0", " ")

    assert "**1** không còn khả năng đạt · " in words
    assert "**2** khó đạt" in words


def test_each_named_unit_leads_to_its_page_and_all_of_them_to_their_list(look, make_overview):
    app = look(make_overview())

    assert [query["unit"] for query in links(app, "unit")][:2] == ["H1", "H2"]
    assert links(app, "gaps") == [{"indicator": "online", "level": "district"}]


def test_links_keep_day_phase_indicator_and_language(look, make_overview):
    app = look(make_overview(), as_of="2024-04-12", phase="100-day", lang="en")

    kept = {"as_of": "2024-04-12", "phase": "100-day", "lang": "en", "indicator": "online"}
    for query in links(app, "unit") + links(app, "gaps"):
        assert query.items() >= kept.items()


def test_cause_that_nobody_stated_is_said_once_and_of_some_in_their_cells(look, make_overview, focus):
    table = look(make_overview()).table[0].value
    assert table["Nguyên\u00a0nhân\u00a0đơn\u00a0vị\u00a0nêu"].tolist() == [":gray[chưa nêu]", "nhân lực"]
    assert table["Người\u00a0đứng\u00a0đầu"].tolist()[1] == ":gray[—]"

    unknown = tuple(
        replace(level, pressed=tuple(replace(one, cause=None, head=Head("", None, None)) for one in level.pressed))
        for level in focus.attention
    )
    app = look(make_overview(), found=replace(focus, attention=unknown))

    assert len(app.table[0].value.columns) == len(table.columns) - 2
    assert text("pressed.no_causes", "vi") in all_words(app)


def test_who_is_not_pressed_and_who_has_not_reported_are_named(look, make_overview):
    words = all_words(
        look(make_overview(silent=(SilentUnit("X9", "UBND xã Chín", None),), told=Told(date(2024, 4, 20), 257, 258)))
    )

    assert "*· xã Chín*" in words
    assert text("attention.external", "vi") in words
    assert "H3](/unit?indicator=online&unit=H3): Đồng bộ chậm, hạn 25/04" in words
    assert "**1/258 đơn vị chưa có số liệu ngày 20/04** · [Xem đầu mối nộp số liệu](/feeds?" in words


def test_units_that_two_sources_tell_differently_lead_to_their_pages(look, make_overview):
    app = look(make_overview(), disagreeing=[DisagreeingUnit("X9", "UBND xã Chín", ("online",))])

    assert "1 đơn vị có hai nguồn số liệu lệch nhau" in all_words(app)
    assert links(app, "unit")[-1]["unit"] == "X9"
