"""The page of official scores as Streamlit draws it, without a browser."""

from datetime import date
from decimal import Decimal

import pytest

from models.core.texts import LANGUAGES, text
from models.results.scores import Rank, ScoreRow, ScoreSet
from pages.kit import answers, visitors
from pages.kit.page import Situation
from pages.progress import data as progress_data
from targets.permissions import Actor
from tests.pages import unit_world
from tests.pages.opening import opened
from tests.pages.unit_world import DAY

SETS = [
    ScoreSet("paper", "month", date(2024, 3, 1), date(2024, 3, 31), date(2024, 3, 28), 2, simulated=False),
    ScoreSet("paper", "year", date(2023, 1, 1), date(2023, 12, 31), date(2023, 12, 31), 1, simulated=True),
]


def row(code, level, points, **changes):
    got = {
        "unit": code, "name": f"UBND {code}", "level": level, "points": Decimal(points), "max_points": Decimal(100),
        "ranks": (Rank(9, 17, "vùng"),), "parts": (), "before": None, "before_rank": None,
    }  # fmt: skip
    return ScoreRow(**(got | changes))


ROWS = {
    SETS[0].key: [row("Một", "commune", "79.5", before=Decimal("80.25")), row("Hai", "district", "91")],
    SETS[1].key: [row("![x](//evil/x.png)", "district", "55.51")],
}


@pytest.fixture
def look(monkeypatch, campaign):
    """Looks at `/scores` where there are these sets."""

    def looked(sets=SETS, **query):
        monkeypatch.setattr(answers, "find_situation", lambda *_: Situation("a store", 7, True, None, DAY))
        monkeypatch.setattr(answers, "find_campaign", lambda _: unit_world.campaign_of(campaign))
        monkeypatch.setattr(progress_data, "find_sets", lambda _, *, as_of: sets)
        monkeypatch.setattr(progress_data, "find_rows", lambda _, key, *, as_of: ROWS[key])
        return opened("scores", **query)

    return looked


def all_words(app):
    shown = [*app.title, *app.header, *app.markdown, *app.caption, *app.warning, *app.info, *app.error]
    return "\n".join(element.value for element in shown).replace("\\", "")


def cells(app):
    return [str(cell).replace("\\", "") for table in app.table for line in table.value.to_numpy() for cell in line]


@pytest.mark.parametrize("language", LANGUAGES)
def test_newest_table_is_shown_in_the_lists_that_offices_send(look, language):
    app = look(lang=language)

    assert len(app.table) == len(app.header) == 2
    assert {"79,5/100", "▼ 0,75"} <= set(cells(app)) or language == "en"
    assert text("scores.never", language) in all_words(app)


def test_table_and_level_of_the_address_are_shown(look):
    assert "55,51/100" in cells(look(set=SETS[1].key))
    assert [one for one in cells(look(level="district")) if one.startswith("UBND ")] == ["UBND Hai", "UBND cấp huyện"]


def test_choices_go_into_the_address(look):
    app = look(lang="en")

    app.selectbox(key="scores-set").select(SETS[1].key).run()
    app.selectbox(key="scores-level").select("district").run()

    assert dict(app.query_params) == {"lang": "en", "set": SETS[1].key, "level": "district"}


@pytest.mark.parametrize(("query", "named"), [({"set": "x"}, "set=x"), ({"level": "ward"}, "level=ward")])
def test_unknown_choice_is_named_and_ignored(look, query, named):
    app = look(**query)

    assert named in app.warning[0].value.replace("\\", "")
    assert "79,5/100" in cells(app)


def test_level_without_scores_shows_empty_lists(look):
    app = look(level="province")

    assert not app.table
    assert "0 đơn vị" in app.title[0].value


def test_store_without_scores_says_where_they_come_from(look):
    app = look(sets=[])

    assert app.title[0].value == text("scores.empty", "vi")
    assert "không được tính ra từ tỷ lệ" in all_words(app)


def test_names_from_outside_cannot_speak_markdown(look):
    app = look(set=SETS[1].key)

    raw = [str(cell) for table in app.table for line in table.value.to_numpy() for cell in line]
    assert not any("![x](" in cell for cell in raw)


def test_page_does_not_open_for_those_who_read_their_own_branch_only(look, monkeypatch):
    actor = Actor(
        login="lan", name="Lan", role="unit_head", units=("H21.58",), branch=frozenset({"H21.58"}),
        reads_branch_only=True,
    )  # fmt: skip
    monkeypatch.setattr(visitors, "current_actor", lambda *_: actor)
    monkeypatch.setattr(visitors, "note_refusal", lambda *_: None)

    app = look()

    assert not app.table
    assert app.error
