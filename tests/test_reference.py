"""The generated pages of docs/reference are what the code says today, and whole."""

import pytest

from models.core.settings import Settings
from models.core.texts import texts
from tests.reference import FOLDER, OWN_CHOICE, PAGES, page


@pytest.mark.parametrize("name", PAGES)
def test_page_is_what_the_code_says_today(name):
    assert (FOLDER / name).read_text(encoding="utf-8") == page(name), "make reference writes it anew"


def test_every_setting_says_what_it_is():
    assert {f"setting.{name}" for name in Settings.model_fields} == {
        key for key in texts("vi") if key.startswith("setting.")
    }


@pytest.mark.parametrize(("name", "column"), [("answers.md", 2), ("commands.md", 1), ("settings.md", 2)])
def test_every_row_says_what_it_is(name, column):
    rows = [line.strip("|").split("|") for line in page(name).splitlines() if line.startswith("| `")]

    assert rows
    assert [row for row in rows if not row[column].strip()] == []


def test_choice_of_an_address_is_found_where_it_is_read():
    code = 'asking.number("page") or query.get("uplift") or asking.one_of(\n    "by", WAYS)'

    assert [first or second for first, second in OWN_CHOICE.findall(code)] == ["page", "uplift", "by"]
