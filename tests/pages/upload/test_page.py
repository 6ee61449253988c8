"""The page that takes files in as Streamlit draws it, on a store of its own, from the form to what was saved."""

import io
import shutil
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from jobs.intake.bring_in import bring_in
from models.core.audit import ChangeContext
from models.core.settings import TIMEZONE
from models.core.store import Store
from models.core.texts import LANGUAGES, text
from models.tables import AuditEntry, Run
from pages.access.uploads import find_uploads
from pages.kit import answers
from pages.upload import running
from tests.jobs.imports_world import write_xlsx
from tests.pages.uploaded import slip_for
from tests.soaked import mostly_soaked

MAIN = Path(__file__).resolve().parents[3] / "pages" / "main.py"
NOW = datetime(2024, 5, 7, 18, tzinfo=TIMEZONE)
HEADER = "Đơn vị;Chỉ số;Ngày;Tử số;Mẫu số;Tỷ lệ"
GOOD = "H21.58;online;06/05/2024;415;1000;"
BAD = "nobody;online;06/05/2024;1;2;"
LONG_ENOUGH = 60


@pytest.fixture
def home(furnished_home, tmp_path, monkeypatch, request):
    place = tmp_path / "home"
    shutil.copytree(furnished_home(getattr(request, "param", "real")), place)
    monkeypatch.setenv("CAODIEM_HOME", str(place))
    monkeypatch.setenv("CAODIEM_NOW", NOW.isoformat())
    return place


@pytest.fixture
def app(home):
    """The page as it is opened first."""
    return opened()


def opened(language="vi"):
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.query_params["lang"] = language
    # What Streamlit calls the page of this address; AppTest itself switches to files only.
    app._page_hash = calc_hash("upload")
    return drawn(app)


def drawn(app):
    app.run()
    assert not app.exception
    return app


def csv_of(*lines, name="so-lieu.csv"):
    return (name, "\n".join((HEADER, *lines, "")).encode(), "text/csv")


def pressed(app, key):
    app.button(key=key).click()
    return settled(drawn(app))


def settled(app):
    """The page once its upload is busy no more."""
    if running.HELD in app.session_state:
        app.session_state[running.HELD].wait(LONG_ENOUGH)
    return drawn(app)


def read(app, *files):
    for name, content, mime in files:
        app.file_uploader[0].set_value((name, slip_for(name, content), mime))
    return pressed(drawn(app), "upload-read")


def words(elements):
    return [element.value.replace("\\", "").replace("\N{NO-BREAK SPACE}", " ") for element in elements]


def got(app):
    shown = [*app.header, *app.caption, *app.info, *app.warning, *app.error, *app.success, *app.markdown]
    return "\n".join(words(shown))


def cells(app, table, row):
    """The words of a table's row as people read them."""
    found = app.table[table].value.iloc[row]
    return [cell.replace("\\", "").replace("\N{NO-BREAK SPACE}", " ") for cell in found]


def entries(home, table):
    store = Store(f"sqlite:///{home / 'caodiem.db'}")
    with store.reading() as session:
        rows = [row.model_dump() for row in session.exec(select(table))]
    store.close()
    return rows


@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "vi"))
def test_page_opens_with_its_form_and_templates(home, language):
    app = opened(language)

    assert len(app.file_uploader) == 1
    assert {"vi": "Nhập số liệu từ tệp", "en": "Take figures in from a file"}[language] in words(app.title)
    assert [box.key for box in app.selectbox] == [
        "bar-unit",
        running.KIND,
        running.SOURCE,
        running.FONT,
        "upload-template-kind",
    ]


@pytest.mark.parametrize("home", ["demonstration"], indirect=True)
def test_simulated_store_says_that_what_enters_is_marked(app):
    assert "minh họa" in got(app)


def test_nothing_can_be_read_before_a_file_is_chosen(app):
    assert app.button(key="upload-read").disabled


def test_file_whose_page_was_closed_in_between_is_asked_for_again(app):
    app.file_uploader[0].set_value(("so-lieu.csv", b"the slip for a file that lies here no longer", "text/csv"))

    drawn(app).button(key="upload-read").click()
    drawn(app)

    assert words(app.warning) == [text("upload.asks.no_file", "vi")]
    assert app.button(key="upload-read").disabled
    assert running.HELD not in app.session_state


def test_starting_over_lets_go_of_the_file(app):
    slip = slip_for("so-lieu.csv", csv_of(GOOD)[1])
    app.file_uploader[0].set_value(("so-lieu.csv", slip, "text/csv"))
    app = pressed(drawn(app), "upload-read")
    _, content = find_uploads().open(slip, None)
    content.close()

    pressed(app, "upload-discard")

    assert find_uploads().open(slip, None) is None


def test_preview_says_the_sentence_first_and_names_every_row(app):
    app = read(app, csv_of(GOOD, BAD))

    assert words(app.header)[0] == "Xem trước: 2 số liệu: 1 mới, 0 điều chỉnh, 0 không đổi, 1 dòng lỗi"
    assert "Tải lại hoặc đóng trang thì bản xem trước này mất" in got(app)
    assert cells(app, 0, 0)[:2] == ["dòng 3", "nobody"]
    assert cells(app, 1, 0)[3] == "41,5% (415/1.000)"


def test_nothing_is_saved_without_a_reason(app, home):
    app = pressed(read(app, csv_of(GOOD)), "upload-save")

    assert "ghi lý do nhập" in got(app)
    assert [run for run in entries(home, Run) if run["kind"] == "readings"] == []


def test_saving_keeps_who_why_and_under_which_document(app, home):
    app = read(app, csv_of(GOOD, BAD))
    app.text_input(key=running.REASON).set_value("báo cáo tuần 7")
    app.text_input(key=running.DOCUMENT).set_value("12/BC-UBND")

    app = pressed(app, "upload-save")

    [entry] = [entry for entry in entries(home, AuditEntry) if entry["action"] == "load_readings"]
    assert (entry["reason"], entry["document"], entry["origin"][:4]) == ("báo cáo tuần 7", "12/BC-UBND", "page")
    assert entry["at"].astimezone(TIMEZONE) == NOW
    assert words(app.header)[0] == "Đã lưu: 2 số liệu: 1 mới, 0 điều chỉnh, 0 không đổi, 1 dòng lỗi"
    assert "Lý do: báo cáo tuần 7" in got(app)
    assert "1 dòng lỗi đang nằm trong danh sách chờ xử lý" in got(app)


def test_page_and_command_tell_the_same(app, home, tmp_path):
    path = tmp_path / "so-lieu.csv"
    path.write_bytes(csv_of(GOOD, BAD)[1])

    app = read(app, csv_of(GOOD, BAD))

    store = Store(f"sqlite:///{home / 'caodiem.db'}")
    report = bring_in(store, path, context=ChangeContext(by="system:test", reason="test", now=NOW), is_dry_run=True)
    store.close()
    assert words(app.header)[0] == f"Xem trước: {report.summary('vi')}"
    assert report.rejected[0].sentence("vi") == cells(app, 0, 0)[2]


def test_after_saving_the_same_file_is_unchanged_and_known(app):
    app = read(app, csv_of(GOOD))
    app.text_input(key=running.REASON).set_value("lần một")
    app = pressed(pressed(app, "upload-save"), "upload-again")

    app = read(app, csv_of(GOOD))

    assert "1 số liệu: 0 mới, 0 điều chỉnh, 1 không đổi, 0 dòng lỗi" in words(app.header)[0]
    assert "Tệp này đã được nhập lúc 07/05/2024 18:00" in got(app)
    assert "không có gì để lưu" in got(app)
    assert "upload-save" not in [button.key for button in app.button]


@pytest.mark.soak
def test_revised_figures_show_both_values(app):
    app = read(app, csv_of(GOOD))
    app.text_input(key=running.REASON).set_value("lần một")
    app = pressed(pressed(app, "upload-save"), "upload-again")

    app = read(app, csv_of(GOOD.replace("415", "500")))

    row = cells(app, 0, 0)
    assert row[3:] == ["41,5% (415/1.000)", "50,0% (500/1.000)"]
    assert "UBND huyện Ia Grai" in row[1]


@pytest.mark.soak
def test_percent_alone_is_said_to_be_compared_and_not_to_replace(app):
    app = read(app, csv_of(GOOD))
    app.text_input(key=running.REASON).set_value("lần một")
    app = pressed(pressed(app, "upload-save"), "upload-again")

    app = read(app, csv_of(GOOD.replace("415;1000;", ";;42%")))

    assert "So sánh, không thay: số đếm giữ nguyên." in got(app)
    assert "tệp chỉ ghi 42%" in got(app)
    assert app.button(key="upload-save").label == "Lưu 1 số liệu để so sánh"


def test_two_people_at_once_and_the_later_one_looks_again(home):
    first, second = read(opened(), csv_of(GOOD)), read(opened(), csv_of(GOOD.replace("415", "500")))
    for app in (first, second):
        app.text_input(key=running.REASON).set_value("báo cáo")
    pressed(first, "upload-save")

    second = pressed(second, "upload-save")

    assert "Kho số liệu đã thay đổi từ lần xem trước" in got(second)
    assert "1 điều chỉnh" in words(second.header)[0]
    assert "Đã lưu" in words(pressed(second, "upload-save").header)[0]


def test_strict_choice_refuses_a_file_with_a_bad_row(app):
    app.checkbox(key=running.STRICT).check()

    app = read(app, csv_of(GOOD, BAD))

    assert "còn dòng lỗi nên không lưu được" in got(app)
    assert "upload-save" not in [button.key for button in app.button]


def test_only_bad_rows_can_be_put_into_quarantine(app):
    app = read(app, csv_of(BAD))

    assert app.button(key="upload-save").label == "Đưa 1 dòng lỗi vào danh sách chờ xử lý"


def test_unsure_kind_asks_for_a_choice_and_then_reads(app, tmp_path):
    content = "Kết quả năm 2022\nĐơn vị;Chỉ số;Tỷ lệ\nH21.58;online;41%\n".encode()
    app = read(app, ("khong-ro.csv", content, "text/csv"))
    refused = got(app)

    app.selectbox(key=running.KIND).set_value("baselines")
    app = pressed(app, "upload-read")

    assert "chọn ở ô “Loại số liệu”" in refused
    assert "1 kết quả đầu kỳ" in words(app.header)[0]


@pytest.mark.soak
def test_old_font_is_named_and_read_once_it_is_chosen(app):
    content = "§¬n vÞ;Ngày;Tû lÖ hå s¬ trùc tuyÕn (%)\nHuyÖn Ia Grai;06/05/2024;41\n".encode()
    app = read(app, ("phong-cu.csv", content, "text/csv"))
    refused = got(app)

    app.selectbox(key=running.FONT).set_value("tcvn3")
    app = pressed(app, "upload-read")

    assert "chọn “TCVN3 (.VnTime)” ở ô “Phông chữ”" in refused
    assert "1 số liệu" in words(app.header)[0]


UNCLEAR = ("khong-ro.csv", "Đơn vị;Ngày;Trực tuyến\nH21.58;06/05/2024;45\n".encode(), "text/csv")


def answered(app, option):
    """The file read again with an option chosen for its only question."""
    app.radio[0].set_value(option)
    return pressed(drawn(app), "upload-answer")


def saved(app):
    app.text_input(key=running.REASON).set_value("báo cáo tuần 7")
    return pressed(app, "upload-save")


@pytest.mark.parametrize(
    ("language", "title", "ways"),
    [
        ("vi", "Cần chọn cách đọc", ["tỷ lệ phần trăm", "số lượng, chưa có mẫu số"]),
        ("en", "How the file is to be read", ["percents", "counts, without a denominator"]),
    ],
)
def test_file_that_can_be_read_in_two_ways_asks_with_rows_read_in_each(home, language, title, ways):
    app = read(opened(language), UNCLEAR)

    assert words(app.header)[0] == title
    assert app.radio[0].options == ways
    assert "45%" in app.radio[0].proto.captions[0].replace("\\", "")
    assert app.button(key="upload-answer").disabled


def test_title_that_names_two_days_is_asked_about_and_read_as_answered(app):
    lines = ("Mục tiêu đến ngày 10/05/2024 (báo cáo ngày 06/05/2024);", "Đơn vị;Trực tuyến (%)", "H21.58;45")
    app = read(app, ("hai-ngay.csv", "\n".join(lines).encode(), "text/csv"))
    ways = app.radio[0].options

    app = answered(app, "day:2")

    assert ways == ["ngày 10/05/2024", "ngày 06/05/2024"]
    assert words(app.header)[0].startswith("Xem trước: 1 số liệu")
    assert "theo lựa chọn của người nhập: ngày 06/05/2024" in got(app)


@pytest.mark.soak
def test_file_is_read_as_somebody_answers_and_the_answer_is_remembered(app):
    app = answered(read(app, UNCLEAR), "percent")
    first = words(app.header)[0]

    app = read(pressed(saved(app), "upload-again"), UNCLEAR)

    assert first == "Xem trước: 1 số liệu: 1 mới, 0 điều chỉnh, 0 không đổi, 0 dòng lỗi"
    assert "1 không đổi" in words(app.header)[0]
    assert "đọc theo lựa chọn đã nhớ của nguồn này: tỷ lệ phần trăm" in got(app)


@pytest.mark.soak
def test_answer_may_be_chosen_anew(app):
    app = answered(read(app, UNCLEAR), "percent")
    app = read(pressed(saved(app), "upload-again"), UNCLEAR)

    app = answered(pressed(app, "upload-choose-anew"), "count")

    assert "45, chưa có mẫu số" in cells(app, 0, 0)[-1]


@pytest.mark.daily(2)
@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("a.csv", b"", "trống"),
        ("a.xlsx", b"this is no workbook", "không phải bảng tính Excel"),
        ("a.csv", b"\x00\x01\x02", "không phải"),
        ("a.pdf", b"%PDF-1.7", "PDF"),
    ],
)
def test_wrong_files_are_refused_kindly(app, name, content, part):
    app = read(app, (name, content, "application/octet-stream"))

    assert words(app.header)[0] == "Chưa đọc được tệp"
    assert part in got(app)


def test_long_tables_are_turned_screen_by_screen(app):
    lines = [f"nobody {number};online;06/05/2024;1;2;" for number in range(30)]
    app = read(app, csv_of(*lines))
    first = app.table[0].value

    app = pressed(app, f"{running.PAGES[0]}-after")

    assert (len(first), len(app.table[0].value)) == (25, 5)
    assert "2/2" in got(app)


def test_discarded_preview_leaves_nothing(app, home):
    app = read(app, csv_of(GOOD))

    app = pressed(app, "upload-discard")

    assert list(app.header) == []
    assert running.HELD not in app.session_state


def test_stopped_reading_is_said(app):
    app = read(app, csv_of(GOOD))
    app.session_state[running.HELD].cancel()

    assert "Đã dừng" in got(drawn(app))


def test_facts_of_every_sort_are_previewed(app):
    content = "Chỉ số;Tỷ lệ;Năm;Văn bản\nTỷ lệ thanh toán trực tuyến;30;2024;QĐ 100/QĐ-TTg\n".encode()

    app = read(app, ("trung-uong.csv", content, "text/csv"))

    assert "1 chỉ tiêu Trung ương: 1 mới" in words(app.header)[0]
    assert "theo QĐ 100/QĐ-TTg" in cells(app, 0, 0)[3]


def test_cells_of_people_are_shown_and_never_obeyed(app):
    app = read(app, csv_of("<b>[x](http://y)</b>;online;06/05/2024;1;2;"))

    cell = app.table[0].value.iloc[0, 1]
    assert cell.startswith("\\<b\\>")


@pytest.mark.soak
def test_templates_hold_the_campaigns_units(home):
    answers.front.clear()

    situation = answers.find_situation()

    workbook = openpyxl.load_workbook(io.BytesIO(running.template(situation, "readings", "xlsx")))
    lines = running.template(situation, "units", "csv").decode("utf-8-sig")

    assert "UBND huyện Ia Grai" in {row[1].value for row in workbook.worksheets[0].iter_rows()}
    assert "H21.58" in lines


def test_workbook_in_every_place_says_its_cells(app, tmp_path):
    rows = [("Đơn vị", "Tính đến ngày", "Tỷ lệ hồ sơ trực tuyến"), ("H21.58", "06/05/2024", "415%")]
    path = write_xlsx(tmp_path, rows, sheet="Một")

    app = read(app, ("bao-cao.xlsx", path.read_bytes(), "application/octet-stream"))

    assert cells(app, 0, 0)[0] == "Một!C2"
