"""The page of sources as Streamlit draws it, on a store of its own: real ones, a demonstration, and none at all."""

import shutil
import time
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from jobs.intake.bring_in import bring_in
from jobs.pulls.by_hand import pull_now
from jobs.workplace import Workplace
from models.core.audit import ChangeContext
from models.core.settings import TIMEZONE, load_settings
from models.core.store import Store
from models.core.texts import LANGUAGES, text
from models.feeds.files import find_waiting_files
from models.readings.quarantine import find_quarantined
from models.readings.settling import dismiss_row
from models.tables import Run, SourceRow
from pages.feeds.pulling import PULLED
from pages.kit.markdown import plain
from targets.permissions import Actor
from tests.pages.opening import opened, words
from tests.soaked import mostly_soaked

MAIN = Path(__file__).resolve().parents[3] / "pages" / "main.py"
NOW = datetime(2024, 5, 7, 18, tzinfo=TIMEZONE)
HEADER = "Đơn vị;Chỉ số;Ngày;Tử số;Mẫu số;Tỷ lệ"
BAD = "UBND huyện Ia Gray;online;06/05/2024;415;1000;"
DEED = ChangeContext(by="system:test", reason="test", now=NOW)
PATIENCE = 120


@pytest.fixture
def home(furnished_home, tmp_path, monkeypatch, request):
    """A home of the test's own: `indirect` names another than the demonstration."""
    kind = getattr(request, "param", "demonstration")
    place = tmp_path / "home"
    shutil.copytree(furnished_home(kind), place)
    monkeypatch.setenv("CAODIEM_HOME", str(place))
    if kind == "real":
        monkeypatch.setenv("CAODIEM_NOW", NOW.isoformat())
    return place


@pytest.fixture
def store(home):
    opened = Store(f"sqlite:///{home / 'caodiem.db'}")
    yield opened
    opened.close()


@pytest.fixture
def look(home):
    """Opens an address with choices."""

    def looked(address="feeds", **query):
        return opened(address, **query)

    return looked


real = pytest.mark.parametrize("home", ["real"], indirect=True)


def hand_in(store, tmp_path, *lines):
    """Rows that wait in quarantine."""
    file = tmp_path / "so-lieu.csv"
    file.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    bring_in(store, file, kind="readings", context=DEED)
    with store.reading() as session:
        return find_quarantined(session)


def cells(app, column):
    """The cells of a column of the first table that has it."""
    table = next(one.value for one in app.table if column in one.value.columns)
    return [str(cell).replace("\\", "").replace("\N{NO-BREAK SPACE}", " ") for cell in table[column]]


@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "vi"))
def test_page_says_first_whether_todays_figures_arrived(look, language):
    app = look(lang=language)

    day, got = ("07/05", "235/257") if language == "vi" else ("07/05", "235 of 257")
    assert day in app.title[0].value.replace("\\", "")
    assert got in app.title[0].value.replace("\\", "")
    assert text("feeds.calendar.title", language) in words(app)


def test_simulated_figures_are_marked_so(look):
    assert "Số liệu minh họa" in words(look())


@real
def test_store_without_figures_says_how_to_begin(look):
    app = look()

    assert app.title[0].value == "Chưa có số liệu nào"
    assert "sources.toml" in words(app)
    assert text("feeds.calendar.none", "vi") in words(app)


def test_place_without_a_store_says_what_to_do(look, home):
    shutil.rmtree(home)

    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app._page_hash = calc_hash("feeds")
    app.run()

    assert app.title[0].value == text("store.not_ready", "vi")


def test_units_that_have_not_told_are_listed_and_found_without_accents(look):
    everybody, found = look(), look(q="thong nhat")

    assert len(cells(everybody, "Đơn vị")) == 20
    assert ["Thống Nhất" in cell for cell in cells(found, "Đơn vị")] == [True]


def test_choices_of_the_address_that_cannot_be_used_are_named(look):
    app = look(page="x", level="moon", as_of="9999-01-01")

    assert all(name in app.warning[0].value.replace("\\", "") for name in ("page=x", "level=moon", "as_of=9999-01-01"))


def test_filter_goes_into_the_address_and_back_to_the_first_screen(look):
    app = look(page="2")

    app.selectbox(key="feeds-level").select("district").run()

    assert app.query_params["level"] == "district"
    assert "page" not in app.query_params


@pytest.mark.soak
@pytest.mark.parametrize("home", ["whole"], indirect=True)
def test_calendar_is_turned_back_in_time(look):
    app = look()

    app.button(key="feeds-days-earlier").click().run()

    assert app.query_params["days"] == "2"
    assert "13/03/2024 – 09/04/2024" in words(app)
    assert app.button(key="feeds-days-earlier").disabled


def test_runs_lead_to_their_raw_answers(look, store):
    with store.reading() as session:
        run = session.exec(select(Run.id).order_by(Run.id.desc())).first()

    app = look(run=str(run))
    app.button(key="feeds-answers-close").click().run()

    assert "run" not in app.query_params


def test_run_that_is_not_there_is_named(look):
    app = look(run="9999")

    assert "run=9999" in app.warning[0].value.replace("\\", "")
    assert "Không có lần cập nhật số 9999." in app.warning[0].value.replace("\\", "")


# --- quarantine -----------------------------------------------------------------------------------------------------


@real
def test_row_is_mended_and_taken_in(look, store, tmp_path):
    [row] = hand_in(store, tmp_path, BAD)
    app = look()
    assert "1 dòng lỗi chờ xử lý" in words(app)

    app.text_input(key=f"feeds-field-{row.id}-1-0").input("UBND huyện Ia Grai")
    app.button(key=f"feeds-readmit-{row.id}").click().run()

    assert not app.exception
    assert f"Dòng {row.id} đã được nhận vào số liệu." in words(app)
    with store.reading() as session:
        assert find_quarantined(session) == []


@pytest.mark.soak
@real
def test_row_that_is_still_wrong_says_why_and_stays(look, store, tmp_path):
    [row] = hand_in(store, tmp_path, BAD)
    app = look()

    app.button(key=f"feeds-readmit-{row.id}").click().run()

    assert "vẫn chưa nhận được" in words(app)
    assert "Ia Gray" in words(app)
    with store.reading() as session:
        assert len(find_quarantined(session)) == 1


@pytest.mark.soak
@real
def test_row_is_left_out_only_for_a_reason(look, store, tmp_path):
    [row] = hand_in(store, tmp_path, BAD)
    app = look()

    app.button(key=f"feeds-dismiss-{row.id}").click().run()
    without = words(app)
    app.text_input(key=f"feeds-reason-{row.id}").input("gửi trùng")
    app.button(key=f"feeds-dismiss-{row.id}").click().run()

    assert "phải ghi lý do" in without
    assert "(gửi trùng)" in words(app)
    with store.reading() as session:
        assert find_quarantined(session) == []


@pytest.mark.soak
@real
def test_later_of_two_editors_is_told_what_the_other_did(look, store, tmp_path):
    [row] = hand_in(store, tmp_path, BAD)
    app = look()
    with store.writing() as session:
        dismiss_row(session, row.id, version=1, context=ChangeContext(by="system:lan", reason="gửi trùng", now=NOW))

    app.button(key=f"feeds-readmit-{row.id}").click().run()

    assert "system:lan" in words(app)
    assert "gửi trùng" in words(app)


def test_viewer_sees_the_row_and_cannot_change_it(look, store, tmp_path, monkeypatch):
    hand_in(store, tmp_path, BAD)
    viewer = Actor(login="lan", name="Lan", role="viewer")
    monkeypatch.setattr("pages.kit.visitors.current_actor", lambda *_: viewer)

    app = look()

    assert "UBND huyện Ia Gray" in words(app)
    assert not [button for button in app.button if button.key and "readmit" in button.key]
    assert not [button for button in app.button if button.key and button.key.startswith("feeds-pull-")]


# --- pulling --------------------------------------------------------------------------------------------------------


@pytest.mark.soak
def test_pull_in_the_demonstration_goes_on_to_the_next_day(look, store):
    app = look()

    app.button(key="feeds-pull-demonstration").click().run()
    deadline = time.monotonic() + PATIENCE
    while "Số liệu ngày 08/05/2024: Đã cập nhật" not in words(app) and time.monotonic() < deadline:
        time.sleep(0.2)  # to draw the page takes the pull's time
        app.run()

    assert not app.exception
    assert "08/05" in app.title[0].value.replace("\\", "")
    with store.reading() as session:
        got = session.exec(select(Run).where(Run.kind == "pull")).all()
    assert [(run.for_date.isoformat(), run.status) for run in got] == [("2024-05-08", "done")]


class EndsWhileThePageIsDrawn:
    """A visitor's pull that is over the moment somebody asks, which is after the page has looked at its store."""

    source = "demonstration"

    def __init__(self, store):
        self._workplace = Workplace(settings=load_settings(), store=store, by="system:test")
        self.outcome = None

    @property
    def is_over(self):
        if self.outcome is None:
            self.outcome = pull_now(self._workplace, self.source, origin="page")
        return True


@pytest.mark.soak
def test_page_tells_what_a_pull_brought_that_ended_while_it_was_drawn(look, store):
    app = look()
    app.session_state[PULLED] = EndsWhileThePageIsDrawn(store)

    app.run()

    assert not app.exception
    assert "Số liệu ngày 08/05/2024: Đã cập nhật" in words(app)
    assert "08/05" in app.title[0].value.replace("\\", "")


def test_pull_that_cannot_be_made_says_why(look, monkeypatch, home):
    monkeypatch.setenv("CAODIEM_NOW", NOW.isoformat())
    app = look()

    app.button(key="feeds-pull-demonstration").click().run()
    deadline = time.monotonic() + PATIENCE
    while "CAODIEM_NOW" not in words(app) and time.monotonic() < deadline:
        app.run()

    assert "18:00 07/05/2024" in words(app)


# --- the top of every page ------------------------------------------------------------------------------------------


@pytest.mark.soak
@real
def test_files_that_have_grown_old_are_named_at_the_top_of_every_page(look, store, tmp_path):
    hand_in(store, tmp_path, *(f"H21.58;online;{day}/04/2024;415;1000;" for day in (22, 23)))

    overview, feeds = look(""), look()

    said = "đang dùng số liệu cũ (từ 23/04/2024), đã quá thời hạn cập nhật"
    assert said in words(overview)
    assert words(feeds).count(said) == 1, "in the source's own card, and not above the page too"
    assert "Chưa có đủ số liệu" in words(feeds)


def test_pages_say_nothing_of_sources_that_are_well(look):
    assert "đang dùng số liệu cũ" not in words(look(""))


@pytest.mark.soak
def test_answers_on_arrivals_follow_a_run_that_failed_without_a_new_data_version(look, store):
    look()
    with store.writing() as session:
        source = session.exec(select(SourceRow).where(SourceRow.key == "demonstration")).one()
        session.add(
            Run(
                source_id=source.id, kind="pull", for_date=NOW.date(), status="failed", received_at=NOW, by="x",
                failure="refused", failure_terms={"status": "403"},
            )
        )  # fmt: skip

    assert "Không lấy được" in cells(look(), "Kết quả")[0]


@pytest.mark.daily(1)
@pytest.mark.parametrize("button", ["feeds-files-dismiss", "feeds-files-again"])
def test_files_that_wait_stay_where_none_of_them_was_chosen(look, store, button):
    with store.writing() as session:
        source = session.exec(select(SourceRow).where(SourceRow.key == "demonstration")).one()
        session.add(
            Run(
                source_id=source.id, kind="pull", for_date=NOW.date(), status="failed", received_at=NOW, by="x",
                file_name="a.csv", failure="refused", failure_terms={"status": "403"},
            )
        )  # fmt: skip
    app = look()

    app.multiselect(key="feeds-files-chosen").set_value([])
    app.text_input(key="feeds-files-reason").input("tệp cũ")
    app.button(key=button).click().run()

    assert not app.exception
    assert [each.value for each in app.error] == [plain(text("feeds.files.none_chosen", "vi"))]
    with store.reading() as session:
        assert len(find_waiting_files(session)) == 1


@real
def test_rows_with_one_problem_are_left_out_at_once(look, store, tmp_path):
    rows = hand_in(store, tmp_path, *(BAD.replace("Ia Gray", name) for name in ("Ia Gray", "Ia Groy", "Ia Gruy")))
    app = look()

    app.button(key="feeds-group-dismiss").click().run()
    without = words(app)
    app.text_input(key="feeds-group-reason").input("danh sách cũ")
    app.button(key="feeds-group-dismiss").click().run()

    assert not app.exception
    assert "phải ghi lý do" in without
    assert f"Đã bỏ qua 3 dòng của lần cập nhật {rows[0].run}." in words(app)
    with store.reading() as session:
        assert find_quarantined(session) == []


@pytest.mark.soak
@real
def test_group_that_has_grown_or_shrunk_meanwhile_is_left_as_it_is(look, store, tmp_path):
    rows = hand_in(store, tmp_path, *(BAD.replace("Ia Gray", name) for name in ("Ia Gray", "Ia Groy", "Ia Gruy")))
    app = look()
    with store.writing() as session:
        dismiss_row(session, rows[0].id, version=1, context=ChangeContext(by="system:lan", reason="gửi trùng", now=NOW))

    app.text_input(key="feeds-group-reason").input("danh sách cũ")
    app.button(key="feeds-group-dismiss").click().run()

    assert "đồng chí đã xem 3 dòng" in words(app)
    with store.reading() as session:
        assert len(find_quarantined(session)) == 2


def test_runs_of_a_demonstration_name_the_day_they_tell_of(look):
    days = cells(look(), text("feeds.runs.column.day", "vi"))

    assert days[:2] == ["07/05/2024", "06/05/2024"]
    assert "–" not in days


# --- withdrawing a load -----------------------------------------------------------------------------------------------


@pytest.mark.soak
@real
def test_load_is_withdrawn_after_what_would_change_was_shown(look, store, tmp_path):
    hand_in(store, tmp_path, "UBND huyện Ia Grai;online;06/05/2024;415;1000;")
    hand_in(store, tmp_path, "UBND huyện Ia Grai;online;06/05/2024;915;1000;")
    with store.reading() as session:
        load = session.exec(select(Run.id).order_by(Run.id.desc())).first()
    app = look(run=str(load))

    app.button(key="feeds-withdrawal-preview").click().run()
    assert f"Rút lại lần cập nhật {load}" in words(app)
    assert cells(app, "Đang có") == ["91,5% (915/1.000)"]
    app.button(key="feeds-withdrawal-confirm").click().run()
    assert "phải ghi lý do" in words(app)
    app.text_input(key="feeds-withdrawal-reason").input("nhầm tệp")
    app.button(key="feeds-withdrawal-confirm").click().run()

    assert not app.exception
    assert f"Đã rút lại lần cập nhật {load}" in words(app)
    assert "Đã rút lại" in " ".join(cells(app, "Kết quả"))
    assert f"rút lại lần cập nhật {load}: nhầm tệp" in " ".join(cells(app, "Ghi chú"))
