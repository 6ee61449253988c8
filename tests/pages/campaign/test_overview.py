"""The overview as Streamlit draws it, in every state, without a browser."""

from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from models.formats import TIMEZONE
from models.texts import LANGUAGES, text
from pages.parts import answers, sentences
from pages.parts.page import Situation
from targets.errors import CampaignError, StoreNotReady

MAIN = Path(__file__).resolve().parent.parent.parent.parent / "pages" / "main.py"


@pytest.fixture
def look(monkeypatch):
    """Looks at `/` of a store in the state of an overview, with choices in the address."""

    def looked(overview, *, rehearsal=None, **query):
        def find_situation():
            if isinstance(overview, Exception):
                raise overview
            return Situation("a store", overview.data_version, overview.simulated, rehearsal, overview.as_of)

        def find_overview(_situation, *, as_of, phase):
            asked.append((as_of, phase))
            return overview

        monkeypatch.setattr(answers, "find_situation", find_situation)
        monkeypatch.setattr(answers, "find_overview", find_overview)
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
    return "\n".join(element.value for element in shown).replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_is_headed_by_its_sentence(look, state, language):
    app = look(state, lang=language)

    assert [title.value.replace("\\", "") for title in app.title] == [sentences.headline(state, language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_shows_its_name_findings_and_standing_in_words(look, state, language):
    words = all_words(look(state, lang=language))

    for line in state.lines:
        assert state.campaign.indicator(line.indicator).name.of(language) in words
        assert sentences.standing_of(line, language) in words
        assert all(finding in words for finding in sentences.findings(line, state, language))


def test_every_chart_is_described_in_words(look, make_overview):
    app = look(make_overview())

    charts = [chart.proto for chart in app.get("vega_lite_chart")]
    assert len(charts) == 7
    assert all(len(chart.alt) > 20 for chart in charts)


@pytest.mark.parametrize(
    ("simulated", "is_rehearsal", "said"),
    [
        (True, True, "Số liệu mô phỏng · minh họa tại 07/05/2024"),
        (True, False, "Số liệu mô phỏng · minh họa"),
        (False, True, "Thời điểm minh họa 07/05/2024"),
    ],
)
def test_figures_that_are_not_real_say_so_above_all_else(look, make_overview, simulated, is_rehearsal, said):
    moment = datetime(2024, 5, 7, 18, tzinfo=TIMEZONE) if is_rehearsal else None

    app = look(make_overview(simulated=simulated), rehearsal=moment)

    assert said in app.markdown[0].value.replace("\\", "")


def test_real_figures_in_real_time_carry_no_such_mark(look, make_overview):
    words = all_words(look(make_overview(simulated=False)))

    assert "mô phỏng" not in words
    assert "minh họa" not in words


def test_foot_says_that_the_server_listens_on_this_machine_only(look, make_overview):
    assert text("frame.loopback", "vi") in all_words(look(make_overview()))


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


def test_states_with_little_to_show_say_who_can_do_what(look, overview_in):
    for state in ("no_targets", "no_readings", "stale"):
        [advice] = look(overview_in(state)).info

        assert "python -m jobs" in advice.value.replace("\\", "")


def test_missing_store_says_which_command_makes_one(look):
    app = look(StoreNotReady("There is no store at /x/caodiem.db."))

    assert app.title[0].value == text("store.not_ready", "vi")
    assert "python -m jobs init --demo" in app.code[0].value
    assert "/x/caodiem.db" in all_words(app)


def test_mistake_is_shown_as_its_sentence(look):
    app = look(CampaignError("The settings cannot be used."))

    assert app.error[0].value.replace("\\", "") == "The settings cannot be used."
