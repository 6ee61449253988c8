"""The page of gaps as Streamlit draws it, in every state, without a browser."""

import json
import re
from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace

import pytest

from jobs.wording.results import in_sentence
from models.core.texts import LANGUAGES, text
from models.units.queries import UnitName
from pages.charts.layout import MARKS
from pages.kit import answers
from pages.kit.page import Situation
from pages.unit import requests
from tests.pages.gap_rows import ROWS, counts, each, many, states
from tests.pages.opening import opened
from tests.pages.whole import whole_pages

NO_BREAK = "\N{NO-BREAK SPACE}"


@pytest.fixture
def look(monkeypatch):
    """Looks at `/gaps` of a store in a state, with choices in the address."""

    def looked(overview, rows=ROWS, borders=None, **query):
        @contextmanager
        def reading():
            yield None

        situation = Situation("a store", overview.data_version, overview.simulated, None, overview.as_of)
        monkeypatch.setattr(answers, "find_situation", lambda *_: situation)
        monkeypatch.setattr(answers, "find_campaign", lambda _: overview.campaign)
        units = [UnitName(row.result.unit, row.result.name, row.result.level, row.parent, None) for row in rows]
        monkeypatch.setattr(answers, "find_unit_names", lambda _: units)
        monkeypatch.setattr(answers, "find_first_slide", lambda _: None)
        monkeypatch.setattr(answers, "find_overview", lambda _situation, *, as_of, phase: overview)
        monkeypatch.setattr(answers, "front", lambda: SimpleNamespace(now=None))
        monkeypatch.setattr(answers, "find_further", lambda: ())
        monkeypatch.setattr(answers, "open_store", lambda _settings: SimpleNamespace(url="a store", reading=reading))
        monkeypatch.setattr(answers.results_gaps, "find_gaps", find_gaps)
        monkeypatch.setattr(
            answers.results_gaps, "find_standing_counts", lambda _session, *, as_of, phase: counts(rows)
        )
        monkeypatch.setattr(answers, "find_borders", lambda _: borders or {})
        monkeypatch.setattr(answers.unit_queries, "find_places", lambda _: {"H21.54": (1, 1)})
        monkeypatch.setattr(answers, "find_standing", lambda _session, **_: [row.result for row in rows])
        looked.rows = rows
        return opened("gaps", **query)

    def find_gaps(_session, *, as_of, indicator, phase):
        asked.append((str(as_of), indicator, phase))
        return list(looked.rows)

    asked = looked.asked = []
    return looked


def words(element):
    return element.value.replace("\\", "").replace(NO_BREAK, " ")


def title(app):
    [heading] = app.title
    return words(heading)


def all_words(app):
    shown = [*app.title, *app.header, *app.markdown, *app.caption, *app.warning, *app.info]
    return "\n".join(words(element) for element in shown)


def table(app):
    return app.table[-1].value


@whole_pages(states(), vietnamese=("running", "no_readings", "no_units"), english="past_the_end")
def test_every_state_is_drawn_with_its_sentence_and_its_count(look, state, language):
    overview, rows = states()[state]

    app = look(overview, rows, indicator="online", lang=language)

    assert title(app)[-1] not in ".,:; "
    for standing in {row.result.standing for row in rows}:
        assert in_sentence(text(f"standing.{standing}", language)) in all_words(app)


def test_table_names_every_unit_with_a_link_that_keeps_the_choices(look):
    overview, rows = states()["running"]

    cells = table(look(overview, rows, indicator="online", phase="50-day", lang="en"))

    assert list(cells.columns)[:2] == ["No\\.", "Unit"]
    assert sum("](/unit" in cell for cell in cells["Unit"]) == len(rows)
    assert [place for place, cell in enumerate(cells["Unit"]) if "](" not in cell] == [0, 3, 5], "names of groups"
    assert "(/unit?unit=23557&indicator=online&phase=50-day&lang=en)" in " ".join(cells["Unit"])


def test_table_and_every_picture_in_it_are_described_in_words(look):
    app = look(*states()["running"], indicator="online", level="department")

    assert len(app.table[0].proto.alt) > 40
    pictures = table(app).iloc[:, 3]
    assert words_of(pictures[0]) == "năm 2023 30%, hiện tại 49,9%, chỉ tiêu 50%"


def words_of(cell):
    """What a picture says to whoever listens."""
    return re.match(r"!\[(.*?)\]\(data:", cell)[1].replace("\\", "")


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("level", "department", "Sở Y tế"),
        ("parent", "H21.54", "Huyện Chư Sê"),
        ("standing", "unlikely", "Xã Đăk Trôi"),
        ("q", "ia bang", "Xã Ia Băng"),
        ("sort", "name", "Sở Công Thương"),
    ],
)
def test_choice_of_the_address_decides_what_is_shown_and_what_the_filter_holds(look, name, value, unit):
    app = look(*states()["running"], indicator="online", **{name: value})

    assert not app.warning
    first = next(cell for cell in table(app)["Đơn vị"] if "](" in cell)
    assert unit in first.replace(NO_BREAK, " ")
    assert app.session_state[f"gaps-{name}"] == value


@pytest.mark.parametrize(
    "query",
    [
        {"indicator": "abc", "level": "abc", "parent": "23557", "standing": "abc", "phase": "abc", "sort": "abc"},
        {"level": "province", "page": "2"},
        {"page": "0"},
        {"page": "²"},
        {"page": "x"},
    ],
)
def test_unknown_values_are_named_and_ignored(look, query):
    app = look(*states()["running"], **query)

    [warning] = app.warning
    for name, value in query.items():
        assert f"“{name}={value}”" in words(warning)
    assert units_in(app) == len(ROWS)


def units_in(app):
    return sum("](/unit" in cell for cell in table(app).iloc[:, 1])


def test_change_of_a_filter_goes_into_the_address_and_back_to_the_first_screen(look):
    overview, _ = states()["running"]
    app = look(overview, many(60), indicator="online", page="3", lang="en")

    app.selectbox(key="gaps-standing").select("at_risk").run()

    assert app.query_params["standing"] == "at_risk"
    assert app.query_params["lang"] == "en"
    assert "page" not in app.query_params


def test_search_goes_into_the_address(look):
    app = look(*states()["running"], indicator="online")

    app.text_input(key="gaps-q").set_value(" dak ").run()

    assert app.query_params["q"] == "dak"
    assert title(app).startswith("UBND xã Đăk Trôi")


def test_filters_are_cleared_together_and_indicator_and_level_stay(look):
    app = look(*states()["running"], indicator="online", q="dak", standing="unlikely", level="commune")

    app.button(key="gaps-clear").click().run()

    assert set(app.query_params) == {"indicator", "level"}
    assert units_in(app) == 4


def test_screens_are_turned_in_the_address(look):
    overview, _ = states()["running"]
    app = look(overview, many(60), indicator="online", page="2")

    assert "26–50 trong 60 đơn vị" in all_words(app)
    app.pagination(key="gaps-page").set_value(3).run()

    assert app.query_params["page"] == "3"
    assert "51–60 trong 60 đơn vị" in all_words(app)
    assert units_in(app) == 10


@pytest.mark.soak
def test_country_of_units_sends_one_screen_of_them(look):
    overview, _ = states()["running"]

    app = look(overview, many(11_000), indicator="online")

    assert len(table(app)) == 25
    assert "1–25 trong 11.000 đơn vị" in all_words(app)


def test_all_indicators_are_worked_out_once_somebody_opens_them(look):
    overview, rows = states()["running"]
    app = look(overview, rows, indicator="online")
    assert len(app.table) == 1

    app.session_state["gaps-heat"] = True
    app.run()

    assert len(app.table) == 2
    assert len(app.table[-1].proto.alt) > 40


def test_filter_that_fits_nobody_is_answered_kindly(look):
    app = look(*states()["running"], indicator="online", q="không có")

    assert text("gaps.advice.nobody", "vi") in all_words(app)
    assert not app.table
    assert not app.get("download_button")


def test_language_changes_with_every_choice_kept(look):
    app = look(*states()["running"], indicator="online", level="commune", q="ia", sort="name")

    app.button(key="language").click().run()

    for name, value in {"indicator": "online", "level": "commune", "q": "ia", "sort": "name", "lang": "en"}.items():
        assert app.query_params[name] == value
    assert title(app).startswith("Online rate")


def test_name_from_outside_cannot_speak_markdown(look):
    overview, rows = states()["one_unit"]
    evil = "![x](//evil/x.png)"

    app = look(overview, each(rows, name=evil))

    assert "![x](" not in app.title[0].value
    assert "![x](" not in table(app)["Đơn vị"][0]


def test_same_choices_are_worked_out_once(look):
    overview, rows = states()["running"]
    for _ in range(3):
        look(overview, rows, indicator="online", level="commune")

    assert look.asked == [("2024-04-20", "online", None)]


# --- the map ------------------------------------------------------------------------------------------------------

SQUARE = (((108.0, 14.0), (109.0, 14.0), (109.0, 15.0), (108.0, 14.0)),)


def views(app):
    return next(group for group in app.button_group if group.key == "gaps-view")


@pytest.mark.parametrize("language", LANGUAGES)
def test_units_stand_as_tiles_above_the_same_table(look, language):
    app = look(*states()["running"], indicator="online", view="tiles", lang=language)

    [shown] = [each.proto.body for each in app.get("html") if "tiles-section" in each.proto.body]
    for row in ROWS:
        assert f"unit={row.result.unit}&amp;indicator=online" in shown
        assert MARKS[row.result.standing].glyph in shown
    assert units_in(app) == len(ROWS)
    assert not app.warning


def test_way_of_looking_goes_into_the_address_and_the_table_needs_none(look):
    app = look(*states()["running"], indicator="online", level="commune")

    views(app).set_value("tiles").run()

    assert (app.query_params["view"], app.query_params["level"]) == ("tiles", "commune")
    views(app).set_value("table").run()
    assert "view" not in app.query_params


def test_map_is_offered_only_where_the_campaign_brings_borders(look):
    app = look(*states()["running"], indicator="online", view="map")

    [warning] = app.warning
    assert "“view=map”" in words(warning)
    assert len(views(app).options) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_map_draws_the_level_with_borders_and_says_who_has_none(look, language):
    app = look(*states()["running"], borders={"23557": (SQUARE,), "23560": (SQUARE,)}, view="map", lang=language)

    [chart] = app.get("vega_lite_chart")
    for standing in ("unlikely", "at_risk"):
        assert f"{MARKS[standing].glyph} 1 {in_sentence(text(f'standing.{standing}', language))}" in chart.proto.alt
    said = all_words(app)
    assert text("gaps.map.without", language, count="2") in said
    assert units_in(app) == len(ROWS)


def test_level_without_any_border_says_so_and_keeps_its_table(look):
    app = look(*states()["running"], borders={"23557": (SQUARE,)}, view="map", level="department")

    assert not app.get("vega_lite_chart")
    assert text("gaps.map.nothing", "vi") in all_words(app)
    assert units_in(app) == 2


def test_figure_under_review_is_marked_on_tile_and_map(look, monkeypatch):
    monkeypatch.setattr(requests, "find_under_review", lambda _: {("23557", "online"): date(2024, 5, 10)})
    mark = text("wishes.review.mark", "vi")
    borders = {"23557": (SQUARE,), "23560": (SQUARE,)}

    tiles = look(*states()["running"], indicator="online", view="tiles")
    drawn = look(*states()["running"], borders=borders, indicator="online", view="map")

    [shown] = [each.proto.body for each in tiles.get("html") if "tiles-section" in each.proto.body]
    # Each tile says it twice: under the mouse, and to whoever listens.
    assert [tile.count(mark) for tile in shown.split("<li")[1:] if mark in tile] == [2]
    [chart] = drawn.get("vega_lite_chart")
    assert chart.proto.spec.count(json.dumps(mark)[1:-1]) == 1
