"""The documents of a meeting on its page: offered under their names, made from the snapshot, the message to copy."""

import io

import docx
import pytest

from models.core.texts import LANGUAGES, text
from pages.kit.markdown import plain
from pages.meeting import documents
from tests.models.conftest import small_campaign
from tests.pages.meeting.test_page import freeze, look, world
from tests.soaked import mostly_soaked

__all__ = ["look", "world"]


@pytest.fixture
def offered(monkeypatch):
    """File name → what makes it, as the page offers them."""
    got = {}
    monkeypatch.setattr(
        documents, "draw_download", lambda _label, make, *, file_name, **_: got.update({file_name: make})
    )
    return got


@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "vi"))
def test_every_document_of_the_meeting_is_offered_and_made_from_its_snapshot(world, look, offered, language):
    freeze(world)

    look(lang=language)

    assert [name.rsplit(".", 1)[1] for name in offered] == ["pptx", "xlsx", "docx", "docx", "zip", "docx", "png"]
    assert all("2024-03-08" in name for name in offered)
    for name, make in offered.items():
        assert make().startswith(b"\x89PNG" if name.endswith("png") else b"PK")


def test_reminder_is_offered_once_a_unit_that_is_behind_is_chosen(world, look, offered):
    freeze(world)
    app = look()

    app.selectbox(key="pack-unit").select("H2").run()

    assert not app.exception
    [name] = [name for name in offered if "_H2_" in name]
    assert name == f"{text('pack.file.reminder', 'vi')}_H2_2024-03-08.docx"
    assert offered[name]().startswith(b"PK")


def test_message_is_shown_once_it_is_asked_for_on_the_indicators_and_level_chosen(world, look, offered):
    freeze(world)
    app = look()
    assert not app.code

    app.toggle(key="pack-message").set_value(True)
    app.selectbox(key="pack-phones-indicator").select("all")
    app.selectbox(key="pack-phones-level").select("district").run()

    said = app.code[0].value
    assert not app.exception
    assert said.count(", district: ") == len(small_campaign().indicators)
    assert next(make for name, make in offered.items() if name.endswith("png"))().startswith(b"\x89PNG")


def test_papers_are_signed_and_dated_as_the_page_was_told(world, look, offered):
    freeze(world)
    app = look()

    app.checkbox(key="pack-dated").set_value(True)
    app.text_input(key="pack-chair").set_value("Trần A").run()

    conclusions = next(name for name in offered if name.startswith(text("pack.file.conclusions", "vi")))
    said = [line.text for line in docx.Document(io.BytesIO(offered[conclusions]())).paragraphs]
    assert f"- {text('conclusions.chair', 'vi', said='Trần A')}" in said


def test_letters_of_a_level_in_which_nobody_is_behind_are_not_offered(world, look, offered, monkeypatch):
    freeze(world)
    monkeypatch.setattr(documents, "units_behind", lambda *_, **__: ())

    app = look()

    assert not [name for name in offered if name.endswith("zip")]
    assert plain(text("mistake.nobody_to_remind", "vi")) in [each.value for each in app.caption]


def test_nothing_is_offered_before_anything_was_frozen(look, offered):
    look()

    assert offered == {}
