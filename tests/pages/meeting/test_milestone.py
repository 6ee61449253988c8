"""How a phase ended on its page: told to everybody, closed and confirmed by the office, kept beside the next phase."""

import pytest

from models.core.texts import text
from models.meetings.milestones import find_closed, find_result
from tests.models.conftest import Small, day
from tests.pages.meeting.test_page import has
from tests.pages.opening import opened_by, words

FORM = "wish-milestone-first-{}-{}"


def tell(store):
    Small(store).load(
        *((code, "online", "22/3", right, 100) for code, right in (("S1", 55), ("H1", 57), ("X1", 20), ("H2", 52))),
        when="22/3 18:00",
    )


@pytest.fixture
def world(make_house):
    """Monday 25 March 2024: the first phase ended on Friday; X2, X3 and X4 have told no figures of that day."""
    return make_house(NOW="2024-03-25T08:00:00+07:00", more=tell)


@pytest.fixture
def look(world, monkeypatch):
    def looked(login="dieuphoi", address="meeting", **query):
        return opened_by(world, login, monkeypatch, address, **query)

    return looked


def test_office_closes_a_phase_knowing_who_is_awaited_and_confirms_it_by_a_document(look, world):
    app = look(result="first")
    assert "tạm tính" in app.title[0].value
    assert "còn 3 đơn vị chưa gửi số liệu ngày 22/03/2024" in words(app)

    app.button(key=FORM.format(0, "close")).click().run()

    closed = world.asked(find_closed)["first"]
    assert "tạm tính" not in app.title[0].value
    app.text_input(key=FORM.format(1, "document")).set_value("45/TB-UBND")
    app.date_input(key=FORM.format(1, "date")).set_value(day("25/3"))
    app.text_input(key=FORM.format(1, "signer")).set_value("Chủ tịch A")
    app.button(key=FORM.format(1, "confirm")).click().run()

    assert "xác nhận theo 45/TB-UBND ngày 25/03/2024 (Chủ tịch A ký)" in words(app)
    assert world.asked(find_result, "first", today=day("26/3")).head.id == closed.id
    assert "đã có văn bản xác nhận" in words(look("lanhdao", address=""))


def test_others_read_it_level_by_level_and_unit_by_unit_and_settle_nothing(look):
    app = look("lanhdao", result="first", lang="en")

    assert not has(app, FORM.format(0, "close"))
    cells = " ".join(str(cell) for table in app.table for cell in table.value.to_numpy().flat)
    assert "Sở Một" in cells
    assert text("milestone.units_title", "en") in [each.label for each in app.expander]
    assert look("lanhdao").header[-1].value == text("page.milestone", "vi")


@pytest.mark.soak
def test_what_is_told_otherwise_after_closing_is_a_difference_and_changes_nothing(look, world):
    app = look(result="first")
    app.button(key=FORM.format(0, "close")).click().run()
    before = [app.title[0].value, *(str(table.value.to_numpy().tolist()) for table in app.table)]

    Small(world.store).load(("X1", "online", "22/3", 99, 100), when="25/3 09:00")

    later = look(result="first")
    assert [later.title[0].value, *(str(table.value.to_numpy().tolist()) for table in later.table)] == before
    assert any("điều chỉnh sau khi chốt" in each.label for each in later.expander)


@pytest.mark.parametrize("asked", ["second", "keep", "moon"])
def test_phase_that_has_not_ended_is_named_and_the_meetings_are_shown(look, asked):
    app = look(result=asked)

    assert asked in app.warning[0].value
    assert app.title[0].value == text("page.meeting", "vi")
