"""The overview as Streamlit draws it, in every state, without a browser."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from jobs.wording import results as wording
from models.core.formats import TIMEZONE
from models.core.texts import text
from models.readings.arrivals import SourceDay
from models.readings.disagreements import DisagreeingUnit
from models.results.overview import ReportedFigure
from pages.kit import answers, sentences
from pages.kit.page import Situation
from pages.overview import view as overview_view
from targets.errors import CampaignError, StoreNotReady
from tests.pages.conftest import states
from tests.pages.whole import whole_pages

in_telling_states = whole_pages(states(), vietnamese=("running", "no_readings", "past_the_end"), english="bounds")
MAIN = Path(__file__).resolve().parent.parent.parent.parent / "pages" / "main.py"


@pytest.fixture
def look(monkeypatch, focus_parts, with_levels):
    """Looks at `/` of a store in the state of an overview, with choices in the address."""

    def looked(overview, *, rehearsal=None, disagreeing=(), **query):
        def find_situation():
            if isinstance(overview, Exception):
                raise overview
            return Situation("a store", overview.data_version, overview.simulated, rehearsal, overview.as_of)

        def find_overview(_situation, *, as_of, phase):
            asked.append((as_of, phase))
            return overview

        monkeypatch.setattr(answers, "find_situation", find_situation)
        monkeypatch.setattr(answers, "find_campaign", lambda _: overview.campaign)

        def find_focus_view(_situation, overview, indicator, language):
            counts = [replace(count, indicator=indicator) for count in focus_parts["counts"]]
            known = replace(overview, campaign=with_levels)
            return overview_view.focus_view(known, indicator, **(focus_parts | {"counts": counts}), language=language)

        def find_freshness_view(_situation, overview, language):
            days = [overview.as_of - timedelta(days=back) for back in reversed(range(14))]
            got = [SourceDay("demonstration", day, 249) for day in days]
            known = replace(overview, campaign=with_levels)
            return overview_view.freshness_view(known, got, days_off=(), disagreeing=disagreeing, language=language)

        monkeypatch.setattr(answers, "find_overview", find_overview)
        monkeypatch.setattr(answers, "find_focus_view", find_focus_view)
        monkeypatch.setattr(answers, "find_freshness_view", find_freshness_view)
        app = AppTest.from_file(str(MAIN), default_timeout=30)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    asked = looked.asked = []
    return looked


def all_words(app):
    shown = [*app.title, *app.header, *app.markdown, *app.caption, *app.warning, *app.info, *app.error]
    said = [element.value for element in shown] + [button.label for button in app.button] + labels_of_links(app)
    return "\n".join(said).replace("\\", "")


def labels_of_links(app):
    return [link.proto.label.replace("\\", "") for link in app.get("page_link")]


def queries_of_links(app, address):
    """The query of each link to an address, in the order of the page."""
    return [dict(parse_qsl(link.proto.query_string)) for link in app.get("page_link") if link.proto.page == address]


@in_telling_states
def test_every_state_is_headed_by_its_sentence(look, overview_in, state, language):
    overview = overview_in(state)

    app = look(overview, lang=language)

    assert [title.value.replace("\\", "") for title in app.title] == [sentences.headline(overview, language)]


@in_telling_states
def test_every_line_shows_its_name_findings_and_standing_in_words(look, overview_in, state, language):
    overview = overview_in(state)

    words = all_words(look(overview, lang=language))

    for line in overview.lines:
        assert overview.campaign.indicator(line.indicator).name.of(language) in words
        assert wording.word_of(line, language) in words
        assert all(finding in words for finding in sentences.findings(line, overview, language))


def test_every_chart_is_described_in_words(look, make_overview):
    app = look(make_overview())

    charts = [chart.proto for chart in app.get("vega_lite_chart")]
    assert len(charts) == 1 + 6 + 3 + 1
    assert all(len(chart.alt) > 20 for chart in charts)


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

    assert said in app.markdown[0].value.replace("\\", "")


def test_real_figures_in_real_time_carry_no_such_mark(look, make_overview):
    words = all_words(look(make_overview(simulated=False)))

    assert "minh họa" not in words
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
    assert app.title[0].value.replace("\\", "") == sentences.headline(make_overview(), "en")


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


def test_blocks_are_about_the_indicator_that_the_sentence_names(look, make_overview):
    app = look(make_overview())

    assert {query["indicator"] for query in queries_of_links(app, "gaps")} == {"online"}
    assert "Đơn vị cần chỉ đạo, theo tình hình rồi số còn thiếu: tỷ lệ hồ sơ trực tuyến" in all_words(app)


def test_blocks_are_about_the_indicator_of_the_address(look, make_overview):
    app = look(make_overview(), indicator="digitisation")

    assert not app.warning
    assert {query["indicator"] for query in queries_of_links(app, "gaps")} == {"digitisation"}


def test_indicator_that_does_not_exist_is_named_and_ignored(look, make_overview):
    app = look(make_overview(), indicator="abc")

    assert "indicator=abc" in app.warning[0].value.replace("\\", "")
    assert {query["indicator"] for query in queries_of_links(app, "gaps")} == {"online"}


def test_line_is_chosen_with_its_button_and_stands_in_the_address(look, make_overview):
    app = look(make_overview(), phase="50-day", lang="en")

    app.button(key="choose-satisfaction").click().run()

    assert app.query_params["indicator"] == "satisfaction"
    assert app.query_params["phase"] == "50-day"
    assert app.query_params["lang"] == "en"
    assert "Units to press, by standing, then by cases missing: satisfaction" in all_words(app)


def test_each_part_of_a_bar_leads_to_the_list_of_its_units(look, make_overview, focus_parts):
    queries = queries_of_links(look(make_overview()), "gaps")

    parts = {(query["level"], query["standing"]) for query in queries if "standing" in query}
    assert parts == {(count.level, count.standing) for count in focus_parts["counts"]}


def test_each_named_unit_leads_to_its_page(look, make_overview):
    app = look(make_overview())

    assert [query["unit"] for query in queries_of_links(app, "unit")] == ["S1", "H1", "H2", "H3"]


def test_links_keep_day_phase_and_language(look, make_overview):
    app = look(make_overview(), as_of="2024-04-12", phase="100-day", lang="en")

    for query in queries_of_links(app, "unit") + queries_of_links(app, "gaps"):
        assert query.items() >= {"as_of": "2024-04-12", "phase": "100-day", "lang": "en"}.items()


def test_units_that_two_sources_tell_differently_lead_to_their_pages(look, make_overview):
    app = look(make_overview(), disagreeing=[DisagreeingUnit("X9", "UBND xã Chín", ("online",))])

    assert "1 đơn vị có hai nguồn số liệu lệch nhau" in all_words(app)
    assert queries_of_links(app, "unit")[-1] == {"unit": "X9"}


def test_figure_that_the_province_reports_stands_beside_the_pooled_one(look, make_overview):
    reported = ReportedFigure("online", 31.24, date(2024, 4, 19), "igate")

    words = all_words(look(make_overview(reported_figures=(reported,))))

    assert "tỉnh báo cáo 31,2% (số tổng hợp từ 97,0% đơn vị)" in words


@in_telling_states
def test_every_state_names_its_blocks(look, overview_in, state, language):
    app = look(overview_in(state), lang=language)

    headings = [header.value.replace("\\", "") for header in app.header]
    assert len(headings) == 5
    assert text("overview.lines", language) in headings
