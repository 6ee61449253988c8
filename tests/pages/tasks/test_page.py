"""Nhiệm vụ: listed by day, unit and state, reported on by units and settled by the office, over a store."""

import io
from dataclasses import replace

import openpyxl
import pytest

from models.core.texts import LANGUAGES, text
from models.meetings.actions import Conclusion, record_conclusion
from models.readings.records import TaskRecord
from models.tasks.actions import confirm_task, give_task
from models.tasks.queries import TaskCounts, find_tasks
from pages.kit.markdown import plain
from pages.tasks.view import STATES, headline, task_file
from tests.models.accounts_world import by
from tests.models.conftest import Small, day, small_campaign
from tests.pages.opening import opened_by, words
from tests.pages.uploaded import slip_for
from tests.pages.whole import whole_pages

COUNTS = TaskCounts(waiting=2, overdue=1, soon=1, given=2)


def tell(store):
    Small(store).load(("H1", "online", "15/3", 30, 100), when="15/3 18:00")
    meeting = by("dieuphoi", "meeting", "11/3 08:00")
    with store.writing() as session:
        for unit, what, due, other in (
            ("H1", "=Số hóa hồ sơ tồn", "15/3", {"document": "12/TB"}),
            ("H1", "Niêm yết thủ tục", "20/3", {"finding": "Chưa niêm yết"}),
            ("S1", "Đối soát số liệu", "15/3", {}),
        ):
            given = give_task(session, TaskRecord(unit, what, "Văn phòng", day(due), **other), context=meeting)
        confirm_task(session, given, is_done=True, seen_version=1, context=by("dieuphoi", "đã kiểm tra", "14/3 08:00"))
        record_conclusion(session, Conclusion("Các đơn vị báo cáo thứ Sáu"), context=meeting)


@pytest.fixture
def world(make_house):
    """Monday 18 March 2024: H1 owes a task since Friday and a finding until Wednesday, S1 has done one."""
    house = make_house(NOW="2024-03-18T08:00:00+07:00", more=tell)
    house.late, house.finding, house.done = sorted(row.id for row in house.asked(find_tasks) if row.unit)
    return house


@pytest.fixture
def look(world, monkeypatch):
    """Looks at the tasks as somebody signed in."""

    def looked(login="dieuphoi", address="tasks", **query):
        return opened_by(world, login, monkeypatch, address, **query)

    return looked


def cells(app):
    frame = app.table[0].value if app.table else None
    return [] if frame is None else [[cell.replace("\\", "") for cell in row] for row in frame.to_numpy().tolist()]


def task(world, identity):
    return next(row for row in world.asked(find_tasks) if row.id == identity)


# --- the list -------------------------------------------------------------------------------------------------------


def test_overdue_stands_first_and_says_how_late_it_is(look):
    rows = cells(look())

    assert [row[1] for row in rows] == [
        "=Số hóa hồ sơ tồn", "Chưa niêm yết → Niêm yết thủ tục",
    ]  # fmt: skip
    assert rows[0][4] == text("tasks.late", "vi", state=text("task.state.open", "vi"), days="3")


@whole_pages(STATES, vietnamese=STATES, english=STATES[0])
def test_list_is_narrowed_by_the_state_of_the_address(look, state, language):
    app = look(state=state, lang=language)

    assert len(cells(app)) == dict(zip(STATES, (2, 1, 1, 0, 1, 1, 4), strict=True))[state]
    assert headline(COUNTS, language) in words(app)


def test_head_begins_with_the_own_unit_and_finds_the_others_one_click_away(look):
    own, everybody, office = (
        look("truong.h1", state="all"),
        look("truong.h1", state="all", whose="all"),
        look(state="all"),
    )

    assert [row[0].endswith("UBND huyện Một") for row in cells(own)] == [True, True]
    assert text("tasks.whose.shown", "vi") in words(own)
    assert "whose=all" in words(own)
    assert len(cells(everybody)) == len(cells(office)) == 4
    assert text("tasks.whose.shown", "vi") not in words(office)


def test_list_is_narrowed_to_a_unit_and_unknown_values_are_named(look):
    app = look(unit="S1", state="done")
    wrong = look(unit="H9", state="dreams", whose="theirs")

    assert [row[1] for row in cells(app)] == ["Đối soát số liệu"]
    assert text("tasks.headline.none", "vi") in words(app)
    assert "H9" in wrong.warning[0].value
    assert "dreams" in wrong.warning[0].value
    assert "theirs" in wrong.warning[0].value


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (TaskCounts(given=1, reported=1), ("only_reported", {"reported": "1"})),
        (TaskCounts(given=2), ("none", {})),
        (TaskCounts(), ("never", {})),
    ],
)
def test_headline_never_calls_late_what_is_said_to_be_done(counts, said):
    key, terms = said

    assert headline(counts, "vi") == text(f"tasks.headline.{key}", "vi", **terms)
    assert headline(replace(counts, waiting=3, soon=1, reported=2), "vi").endswith(
        "2 nhiệm vụ báo đã xong, chờ xác nhận."
    )


def test_headline_leaves_out_what_there_is_none_of():
    assert headline(COUNTS, "vi") == "2 nhiệm vụ chưa xong, 1 nhiệm vụ đã quá hạn; 1 nhiệm vụ đến hạn trong 7 ngày tới."
    assert headline(replace(COUNTS, soon=0), "vi") == "2 nhiệm vụ chưa xong, 1 nhiệm vụ đã quá hạn."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", ["999", "abc", "-1"])
def test_task_of_the_address_that_is_not_there_is_named(look, number, language):
    app = look(task=number, lang=language)

    assert f"task={number}" in app.warning[0].value.replace("\\", "")
    assert text("tasks.look", language) in app.warning[0].value.replace("\\", "")


def test_task_of_the_address_that_is_there_is_no_mistake(look, world):
    assert not look(task=str(world.done)).warning


@pytest.mark.soak
def test_overdue_shows_on_the_page_of_its_unit_and_on_the_overview(look):
    said = headline(COUNTS, "vi")

    [tab] = [tab.label for tab in look(address="unit", unit="H1").tabs if "Nhiệm vụ" in tab.label]

    assert tab == "Nhiệm vụ (2, quá hạn 1)"
    assert not [tab for tab in look(address="unit", unit="S1").tabs if "Nhiệm vụ" in tab.label]
    assert said in words(look(address=""))


def test_conclusion_is_listed_as_one_and_counted_nowhere_as_a_task(look, world):
    got = Conclusion("Một cửa mở thứ Bảy", unit="S1", due=day("12/3"))
    closed = world.changed(record_conclusion, got, context=by("dieuphoi", "meeting", "11/3 08:00"))

    app = look(state="conclusion")
    world.changed(confirm_task, closed, is_done=True, seen_version=1, context=by("dieuphoi", "xong", "14/3 08:00"))
    after = look(state="conclusion")

    assert [(row[1], row[4]) for row in cells(app)] == [
        ("Một cửa mở thứ Bảy", "kết luận"), ("Các đơn vị báo cáo thứ Sáu", "kết luận"),
    ]  # fmt: skip
    assert headline(COUNTS, "vi") in words(app)
    assert cells(after)[0][4] == f"kết luận, {text('task.state.done', 'vi')}"


# --- the unit reports -----------------------------------------------------------------------------------------------


def test_head_reports_and_the_coordinator_confirms(look, world):
    app = look("truong.h1", task=str(world.late))
    app.text_area(key=f"wish-report-{world.late}-0-progress").set_value("Đã số hóa hết")
    app.text_input(key=f"wish-report-{world.late}-0-evidence").set_value("Biên bản số 3")
    app.button(key=f"wish-report-{world.late}-0-send_done").click().run()
    assert (task(world, world.late).state, task(world, world.late).progress) == ("reported", "Đã số hóa hết")

    app = look(task=str(world.late))
    assert text("tasks.report.seen", "vi", evidence="Biên bản số 3") in words(app)
    app.text_input(key=f"wish-decide-{world.late}-0-reason").set_value("đã xem biên bản")
    app.button(key=f"wish-decide-{world.late}-0-confirm").click().run()

    assert (task(world, world.late).state, task(world, world.late).decided_reason) == ("done", "đã xem biên bản")
    assert [plain(text("tasks.decision_done", "vi"))] == [each.value for each in app.success]


def test_head_hands_in_a_file_that_the_office_takes_along_and_a_viewer_does_not_see(look, world):
    app = look("truong.h1", task=str(world.late))
    slip = slip_for("Biên bản.pdf", b"%PDF-1.7 x", session=int(app.user["session"]))
    app.file_uploader(key=f"wish-report-{world.late}-0-file").upload("Biên bản.pdf", slip)
    app.text_area(key=f"wish-report-{world.late}-0-progress").set_value("Đã số hóa hết")
    app.button(key=f"wish-report-{world.late}-0-send_done").click().run()

    assert task(world, world.late).reports[-1].file == "Biên bản.pdf"
    shown = [
        [button.label for button in look(login, task=str(world.late)).get("download_button")]
        for login in ("dieuphoi", "truong.h1", "nguoixem")
    ]
    assert [any("Biên bản" in label for label in labels) for labels in shown] == [True, True, False]


@pytest.mark.parametrize(
    ("button", "left"),
    [("send_back", ("open", "15/3")), ("move", ("open", "25/3")), ("withdraw", ("withdrawn", "15/3"))],
)
def test_office_sends_back_moves_or_withdraws_with_a_reason(look, world, button, left):
    app = look(task=str(world.late))

    app.button(key=f"wish-decide-{world.late}-0-{button}").click().run()
    assert text("mistake.no_reason", "vi") in words(app)
    app.text_input(key=f"wish-decide-{world.late}-0-reason").set_value("theo đề nghị")
    app.button(key=f"wish-decide-{world.late}-0-{button}").click().run()

    kept = task(world, world.late)
    assert (kept.state, kept.due) == (left[0], day(left[1]))


def test_leader_sees_a_task_and_has_no_form(look, world):
    app = look("lanhdao", task=str(world.finding))

    assert text("tasks.fact.finding", "vi", said="Chưa niêm yết") in words(app)
    assert not [button for button in app.button if button.key and button.key.startswith("wish-")]


def test_done_task_takes_no_further_word(look, world):
    app = look(task=str(world.done))

    assert "đã kiểm tra" in words(app)
    assert not [button for button in app.button if button.key and button.key.startswith("wish-decide")]


# --- given on the page ----------------------------------------------------------------------------------------------


def test_finding_is_recorded_with_what_follows_from_it(look, world):
    app = look()
    app.selectbox(key="wish-task-new-0-unit").set_value("H2")
    app.text_input(key="wish-task-new-0-who").set_value("Phòng VHTT")
    app.text_area(key="wish-task-new-0-what").set_value("Lắp máy quét")
    app.text_input(key="wish-task-new-0-finding").set_value("Không có máy quét")
    app.button(key="wish-task-new-0-give_send").click().run()

    given = world.asked(find_tasks, units=["H2"])
    assert [(row.kind, row.finding, row.due) for row in given] == [("finding", "Không có máy quét", day("25/3"))]


def test_task_for_nobody_is_not_given(look, world):
    app = look()
    app.button(key="wish-task-new-0-give_send").click().run()

    assert text("mistake.no_task_unit", "vi") in words(app)
    assert len(world.asked(find_tasks)) == 4


# --- as a file ------------------------------------------------------------------------------------------------------


def test_workbook_holds_every_task_and_no_formula(world):
    made = task_file(
        world.asked(find_tasks), small_campaign(), kind="xlsx", today=day("18/3"), is_simulated=False, language="vi"
    )

    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    found = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert found["=Số hóa hồ sơ tồn"] == "s"
    assert "Các đơn vị báo cáo thứ Sáu" in found


def test_csv_sets_words_apart_that_a_spreadsheet_would_take_for_a_formula(world):
    made = task_file(
        world.asked(find_tasks), small_campaign(), kind="csv", today=day("18/3"), is_simulated=True, language="en"
    )

    written = made.decode("utf-8-sig")
    assert "'=Số hóa hồ sơ tồn" in written
    assert text("gaps.download.simulated", "en") in written
