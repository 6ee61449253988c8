"""The page of methods as Streamlit draws it, without a browser."""

import re

import pytest

from models.core.texts import LANGUAGES, texts
from pages.kit import answers, visitors
from pages.kit.page import Situation
from pages.progress import data as progress_data
from targets.methods import METHODS
from targets.permissions import ROLES, Actor
from tests.pages.opening import opened
from tests.pages.unit_world import DAY


@pytest.fixture
def look(monkeypatch, campaign):
    """Looks at `/methods`; `kept` False where no back-test has been kept."""

    def looked(*, kept=True, **query):
        monkeypatch.setattr(answers, "find_situation", lambda *_: Situation("a store", 7, True, None, DAY))
        monkeypatch.setattr(answers, "find_campaign", lambda _: campaign)
        if not kept:
            monkeypatch.setattr(progress_data, "find_record", lambda: None)
        return opened("methods", **query)

    return looked


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_method_is_told_with_the_codes_own_definition(look, language):
    app = look(lang=language)

    words = "\n".join(one.value for one in app.markdown).replace("\\", "")
    code = "\n".join(one.value for one in app.code)
    for method in METHODS:
        meaning = texts(language)[f"methods.item.{method.key}.meaning"]
        assert all(part in words for part in re.split(r"\{\w+\}", meaning))
        assert method.definition in code
        assert method.place in code


@pytest.mark.parametrize("language", LANGUAGES)
def test_kept_back_test_is_shown_with_tables_and_chart(look, language):
    app = look(lang=language)

    assert "%" in app.title[0].value
    assert len(app.table) == 3
    assert all(len(table.proto.alt) > 10 for table in app.table)
    assert len(app.get("vega_lite_chart")[0].proto.alt) > 40


def test_without_a_kept_back_test_the_page_says_how_to_make_one(look):
    app = look(kept=False)

    assert "backtest" in app.info[0].value
    assert not app.get("vega_lite_chart")


def test_unknown_choice_is_named_and_ignored(look):
    assert "phase=third" in look(phase="third").warning[0].value.replace("\\", "")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("reads_branch_only", [False, True])
def test_page_opens_for_everybody_who_has_signed_in(look, monkeypatch, role, reads_branch_only):
    actor = Actor(
        login="lan", name="Lan", role=role, units=("H21.58",), branch=frozenset({"H21.58"}),
        reads_branch_only=reads_branch_only,
    )  # fmt: skip
    monkeypatch.setattr(visitors, "current_actor", lambda *_: actor)

    assert look().table
