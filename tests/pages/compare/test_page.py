"""The page of comparisons as Streamlit draws it over a small province's store, without a browser."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from models.core.state import find_state
from models.core.texts import text
from pages.compare import data as compare_data
from pages.compare.choices import SCENARIOS, SECTIONS
from pages.kit import answers
from pages.kit.page import Situation
from targets.values import Rule
from tests.models.conftest import (
    Small,
    day,
    engine,
    found_small,
    prepared,
    small,
    small_campaign,
    small_files,
    with_indicator,
)
from tests.models.results.test_rows import two_weeks
from tests.pages.opening import opened
from tests.pages.whole import whole_pages
from tests.soaked import mostly_soaked

__all__ = ["engine", "prepared", "small"]
NO_BREAK = "\N{NO-BREAK SPACE}"


class Look:
    """Looks at `/compare` of a store as it is, with choices in the address."""

    def __init__(self, got: Small, monkeypatch):
        self.small, self.monkeypatch, self.today = got, monkeypatch, "15/3"

    def __call__(self, **query):
        with self.small.store.reading() as session:
            version = find_state(session).data_version
        situation = Situation(self.small.store.url, version, True, None, day(self.today))
        self.monkeypatch.setattr(answers, "find_situation", lambda *_: situation)
        self.monkeypatch.setattr(answers, "front", lambda: SimpleNamespace(now=None))
        self.monkeypatch.setattr(answers, "find_further", lambda: ())
        self.monkeypatch.setattr(answers, "open_store", lambda _settings: self.small.store)
        return opened("compare", **query)


def told_two_weeks(store):
    found_small(store)
    got = Small(store)
    ruled = with_indicator(small_campaign(), "online", rule=Rule(kind="central_plus", uplift=Decimal(10)))
    got.found(small_files(ruled), when="1/3 09:00")
    two_weeks(got)


@pytest.fixture
def look(prepared, monkeypatch):
    """The small campaign on 15 March: the centre asks for 50 % online, uplift 10; two weeks are told."""
    store = prepared.in_turn("compared", told_two_weeks)
    yield Look(Small(store), monkeypatch)
    store.close()


def plain(words):
    return words.replace("\\", "").replace(NO_BREAK, " ")


def title(app):
    [heading] = app.title
    return plain(heading.value)


def warned(app):
    return "\n".join(plain(warning.value) for warning in app.warning)


def described(app):
    charts = [shown.proto.alt for shown in app.get("vega_lite_chart")]
    return charts + [shown.proto.alt for shown in app.table]


@pytest.mark.daily(3)
@whole_pages(SECTIONS, vietnamese=SECTIONS, english="gap")
def test_every_part_is_drawn_with_its_message_and_described_in_words(look, state, language):
    app = look(section=state, indicator="online", lang=language)

    assert title(app)[-1] not in ".,:; "
    assert not app.warning
    assert all(len(words) > 20 for words in described(app))
    assert app.session_state["compare-section"] == state


@pytest.mark.parametrize("section", mostly_soaked(SECTIONS, "gap", "slope"))
def test_every_part_says_so_where_nothing_has_been_told(small, monkeypatch, section):
    app = Look(small, monkeypatch)(section=section, indicator="online")

    assert "chưa" in title(app).lower()
    assert not app.table
    assert not app.get("download_button")


@pytest.mark.parametrize("section", mostly_soaked(SECTIONS, "change", "ranks"))
def test_every_part_is_drawn_where_figures_are_out_of_date(look, section):
    look.today = "29/3"

    assert title(look(section=section, indicator="online"))[-1] not in ".,:; "


@pytest.mark.parametrize("section", mostly_soaked(SECTIONS, "gap", "slope"))
def test_every_part_is_drawn_before_the_campaign_begins(look, section):
    look.today = "2/3"

    app = look(section=section, indicator="online")

    assert not app.table


def test_gap_and_its_parts_are_those_of_standing(look):
    whole = look.small.standing("15/3")["P", "online"]

    app = look(indicator="online", lang="en")

    table = written(app.table[0])
    assert plain(table.iloc[-1, 2]) == f"**{whole.value:.1f}%**"
    assert plain(table.iloc[-1, 5]) == f"**{whole.gap:.2f}**"
    assert "(/unit?unit=H1&indicator=online&lang=en)" in " ".join(table.iloc[:, 1])


def written(table):
    """The cells of a table as they are read: its numbers are places of rows, with words for them."""
    return convert_arrow_bytes_to_pandas_df(table.proto.arrow_data.styler.display_values)


def test_area_can_be_looked_into(look):
    app = look(indicator="online", parent="H1")

    assert "UBND huyện Một" in title(app)
    assert app.session_state["compare-parent"] == "H1"


@pytest.mark.daily(2)
@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("slowest", "chậm nhất"),
        ("units", "Nếu 2 đơn vị đã chọn"),
        ("pace", "giữ nguyên"),
        ("uplift", "là 5 thay vì 10"),
    ],
)
def test_what_if_is_asked_by_the_address_alone_and_nothing_is_saved(look, scenario, said):
    version = look.small.data_version()

    app = look(section="if", indicator="online", **{"if": scenario}, units="S1,H1", uplift="5", n="3")

    assert said in title(app)
    assert {"slowest", "units", "pace", "uplift"} == set(SCENARIOS)
    assert look.small.data_version() == version


def test_slider_says_what_the_address_says_and_changes_it(look):
    app = look(section="if", indicator="online", n="4")

    app.slider(key="compare-n").set_value(2).run()

    assert not app.exception
    assert app.query_params["n"] == ["2"] or app.query_params["n"] == "2"


@pytest.mark.soak
def test_uplift_is_tried_at_the_last_milestone_unless_another_is_named(look):
    last, named, first = (
        title(look(section="if", indicator="online", **{"if": "uplift"}, uplift="5", **phase))
        for phase in ({}, {"phase": "second"}, {"phase": "first"})
    )

    assert last == named != first


@pytest.mark.parametrize(
    "query",
    [
        {"section": "abc", "by": "abc", "size": "9", "page": "0", "if": "abc", "n": "99", "uplift": "-3"},
        {"indicator": "abc", "level": "abc", "phase": "abc", "parent": "abc", "units": "abc", "as_of": "2024-13-01"},
        {"level": "province", "parent": "X1", "as_of": "2030-01-01"},
    ],
)
def test_unknown_values_are_named_and_ignored(look, query):
    app = look(**query)

    for name, value in query.items():
        assert f"“{name}={value}”" in warned(app)
    assert title(app)[-1] not in ".,:; "


def test_place_of_a_screen_that_there_is_not_shows_the_last_one(look):
    app = look(section="ranks", indicator="online", page="50")

    assert title(app)[-1] not in ".,:; "


def test_table_and_picture_can_be_taken_along(look):
    app = look(indicator="online")

    names = [button.proto.label for button in app.get("download_button")]
    assert names[:2] == [text(f"gaps.download.as_{kind}", "vi") for kind in ("xlsx", "csv")]
    assert names[2:] == [text(f"picture.{kind}", "vi") for kind in ("png", "svg")]


def test_answers_are_worked_out_once_for_a_state_of_the_store(look, monkeypatch):
    asked = []
    find = compare_data.analysis_compare.find_comparison
    monkeypatch.setattr(
        compare_data.analysis_compare,
        "find_comparison",
        lambda *args, **named: asked.append(named) or find(*args, **named),
    )

    for _ in range(2):
        look(indicator="online")
    look.small.load(("S1", "online", "15/3", 95, 210))
    look(indicator="online")

    assert len(asked) == 2
