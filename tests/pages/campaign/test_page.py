"""The page of the campaign as Streamlit draws it over a real store: seen, changed, refused."""

import io
import tempfile
import zlib
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import select

from jobs.campaigns.changing import open_campaign
from jobs.campaigns.workbook.writing import write_workbook
from models.campaign.actions import found_campaign
from models.catalogue import load_campaign_files, read_texts
from models.core.texts import text
from models.results.inputs import load_campaign
from models.tables import AuditEntry, CampaignFile
from models.targets.assigning import find_central
from models.units.actions import record_units
from pages.campaign.sections import PARTS
from targets.values import Unit
from tests.campaign_folders import write_small
from tests.models.conftest import Small, context
from tests.pages.opening import opened_by
from tests.pages.targets.conftest import NOW, press, said
from tests.pages.uploaded import slip_for
from tests.pages.whole import whole_pages
from tests.soaked import mostly_soaked


class Bureau:
    """The page before a store that has taken a folder in; looked at as somebody."""

    def __init__(self, house, folder, monkeypatch):
        self.house, self.folder, self.monkeypatch = house, folder, monkeypatch

    def look(self, login="dieuphoi", *, page="campaign", **query):
        return opened_by(self.house, login, self.monkeypatch, page, **query)

    def held(self, file):
        return self.house.asked(open_campaign).held[file].decode()

    def entry(self):
        with self.house.store.reading() as session:
            return session.exec(select(AuditEntry).order_by(AuditEntry.id.desc())).first()


def follow_folder(store):
    """The store follows the small campaign's folder, wherever that is, and has its first figure."""
    with tempfile.TemporaryDirectory() as place, store.writing() as session:
        files = load_campaign_files(write_small(Path(place) / "small"))
        found_campaign(session, files, context=context("6/3 08:00"))
    Small(store).load(("H1", "online", "8/3", 30, 100))


@pytest.fixture
def bureau(make_house, tmp_path, monkeypatch):
    folder = write_small(tmp_path / "small")
    before = read_texts(folder)
    yield Bureau(make_house(NOW=NOW, CAMPAIGN=str(folder), more=follow_folder), folder, monkeypatch)
    assert read_texts(folder) == before  # the page writes into no file


def words(app):
    parts = (
        app.title,
        app.header,
        app.subheader,
        app.markdown,
        app.caption,
        app.error,
        app.success,
        app.warning,
        app.info,
    )
    return "\n".join(said(part) for part in parts)


def field(app, kind, label):
    [found] = [each for each in getattr(app, kind) if each.label == label]
    return found


def type_in(app, label, value):
    field(app, "text_input", label).set_value(value)
    return app


def preview(app, language="vi"):
    [button] = [each for each in app.button if each.label == text("campaign.foresee", language)]
    button.click().run()
    assert not app.exception
    return app


def save(app, reason="theo quyết định", document="700/KH"):
    app.text_input(key="campaign-reason").set_value(reason)
    app.text_input(key="campaign-document").set_value(document)
    return press(app, "campaign-save")


# --- what is there --------------------------------------------------------------------------------------------------


@pytest.mark.daily(5)
@whole_pages(PARTS, vietnamese=PARTS, english="indicators")
def test_every_part_is_drawn_in_either_language(bureau, state, language):
    app = bureau.look(part=state, lang=language)

    assert text(f"campaign.part.{state}", language) in words(app)


def test_headline_counts_what_is_missing_and_each_is_said_with_the_way_to_mend_it(bureau):
    app = bureau.look()

    assert "còn 8 việc phải bổ sung" in app.title[0].value
    assert "Chưa có chỉ tiêu Trung ương: payment" in words(app)
    assert "9/9 đơn vị chưa có họ tên người đứng đầu" in words(app)
    assert "máy chủ chưa đặt biến CAODIEM_SMALL_TOKEN" in words(app)


def test_unknown_part_is_named_and_ignored(bureau):
    app = bureau.look(part="elsewhere")

    assert "elsewhere" in said(app.warning)
    assert text("campaign.part.missing", "vi") in said(app.header)


@pytest.mark.parametrize("login", mostly_soaked(["lanhdao", "nguoixem", "truong.h1", "admin"], "admin"))
def test_page_opens_for_nobody_but_the_coordinator(bureau, login):
    app = bureau.look(login)

    assert not app.text_input
    assert "CAODIEM_SMALL_TOKEN" not in words(app)
    assert app.error


# --- one change -----------------------------------------------------------------------------------------------------


@pytest.mark.soak
def test_uplift_is_previewed_and_saved(bureau):
    app = preview(type_in(bureau.look(part="indicators", indicator="online"), "Mức tăng thêm", "12,5"))
    assert "online · Mức tăng thêm: 10 → 12,5" in words(app)
    assert "9/10 đơn vị đổi chỉ tiêu" in words(app)
    assert "uplift = 10\n" in bureau.held("indicators/online.toml")

    save(app)

    assert "Đã lưu 1 thay đổi" in said(app.success)
    assert "uplift = 12.5\n" in bureau.held("indicators/online.toml")
    assert (bureau.entry().by, bureau.entry().reason, bureau.entry().document) == (
        "dieuphoi",
        "theo quyết định",
        "700/KH",
    )
    assert bureau.house.asked(load_campaign).indicator("online").rule.uplift == 12.5


def test_phase_moves_on_screen(bureau):
    app = bureau.look(part="dates")
    due, start = (
        [each for each in app.date_input if each.label == label][at] for label, at in (("Đến hạn", 0), ("Bắt đầu", 1))
    )
    due.set_value(due.value.replace(day=20))
    start.set_value(start.value.replace(day=21))

    save(preview(app))

    assert "due = 2024-03-20\n" in bureau.held("campaign.toml")
    assert bureau.house.asked(load_campaign).phase("second").start.day == 21


@pytest.mark.soak
def test_head_is_found_without_accents_and_entered_with_telephone(bureau):
    app = bureau.look(part="heads", q="so mot")
    assert "1 đơn vị, 1 đơn vị chưa có họ tên" in words(app)

    save(preview(type_in(type_in(app, "Họ tên", "Nguyễn Văn A"), "Điện thoại", "0905 111 222")))

    assert "S1,department,Sở Một,P,,,,,Nguyễn Văn A,0905 111 222,,," in bureau.held("units.csv")
    assert "0 đơn vị chưa có họ tên" in words(bureau.look(part="heads", q="so mot"))


PHONES = ("+84 905 111 222", "(0269) 3.824-404; 0905 111 222", "0905111222, 113")


@pytest.mark.parametrize("phone", mostly_soaked(PHONES, PHONES[0]))
def test_telephone_is_kept_as_it_was_written(bureau, phone):
    save(preview(type_in(bureau.look(part="heads", unit="S1"), "Điện thoại", phone)))

    assert phone in bureau.held("units.csv")


@pytest.mark.parametrize(
    ("label", "typed", "way_out"),
    [
        ("Điện thoại", "=1+1", "ví dụ 0905 111 222"),
        ("Họ tên", '=HYPERLINK("http://x")', "hãy bắt đầu bằng chữ hoặc số"),
        *mostly_soaked(
            [
                ("Điện thoại", "abc", "ví dụ 0905 111 222"),
                ("Họ tên", "@SUM(A1)", "hãy bắt đầu bằng chữ hoặc số"),
            ]
        ),
    ],
)
def test_what_a_spreadsheet_would_run_is_refused_with_what_to_write(bureau, label, typed, way_out):
    before = bureau.held("units.csv")

    app = preview(type_in(bureau.look(part="heads", unit="S1"), label, typed))

    assert way_out in said(app.error)
    assert bureau.held("units.csv") == before


def test_unit_of_the_address_is_the_one_to_be_changed(bureau):
    app = bureau.look(part="heads", unit="X4")

    assert "UBND xã Bốn" in said(app.subheader)


def test_search_that_finds_nobody_offers_nothing_to_change(bureau):
    app = bureau.look(part="heads", q="không có")

    assert "0 đơn vị" in words(app)
    assert [box.key for box in app.selectbox] == ["bar-unit"]


@pytest.mark.soak
def test_central_target_is_entered_and_then_withdrawn(bureau):
    app = bureau.look(part="central")
    assert field(app, "selectbox", "Chỉ số").value == "payment"
    save(preview(type_in(type_in(app, "Giá trị (%)", "45,5%"), "Văn bản", "766/QĐ-TTg")))
    assert "payment,2024,,45.5,766/QĐ-TTg,766/QĐ-TTg," in bureau.held("central.csv")

    field(app, "selectbox", "Chỉ số").select("payment")
    save(press(app, "campaign-central-withdraw"))

    assert "payment" not in bureau.held("central.csv")
    assert {row.indicator: row.value for row in bureau.house.asked(find_central)}["payment"] is None


def test_central_target_that_is_not_there_cannot_be_withdrawn(bureau):
    app = press(bureau.look(part="central"), "campaign-central-withdraw")

    assert "rút" in said(app.error)


def test_source_is_switched_off_and_its_schedule_changed(bureau):
    app = bureau.look(part="sources")
    field(app, "checkbox", "Tự lấy số liệu").uncheck()

    save(preview(type_in(app, "Lịch lấy (phút giờ ngày tháng thứ)", "30 7 * * *")))

    assert 'schedule = "30 7 * * *"' in bureau.held("sources.toml")
    assert bureau.house.asked(load_campaign).source("igate").enabled is False


@pytest.mark.soak
def test_rule_of_another_kind_gets_its_own_keys_and_loses_the_others(bureau):
    app = bureau.look(part="indicators", indicator="online")
    field(app, "selectbox", "Nguyên tắc").select("fixed")

    save(preview(type_in(app, "Mức chung (%)", "90")))

    rule = bureau.house.asked(load_campaign).indicator("online").rule
    assert (rule.kind, rule.value) == ("fixed", 90)
    assert "\nuplift" not in bureau.held("indicators/online.toml")


@pytest.mark.soak
def test_bends_of_the_path_and_the_order_of_sources_are_changed(bureau):
    app = bureau.look(part="indicators", indicator="online")
    app.multiselect[0].set_value(["file", "igate"])

    save(preview(type_in(app, "Điểm gãy · first", "30 → 10; 60 → 40,5")))

    indicator = bureau.house.asked(load_campaign).indicator("online")
    assert indicator.sources == ("file", "igate")
    assert [(knot.time, float(knot.way)) for knot in indicator.knots] == [(30, 10), (60, 40.5)]


# --- what cannot be -------------------------------------------------------------------------------------------------


def test_form_in_which_nothing_was_changed_says_so(bureau):
    app = preview(bureau.look(part="limits"))

    assert "Không có gì thay đổi" in words(app)


@pytest.mark.parametrize(
    ("language", "label", "says"),
    [
        ("vi", "Cần theo dõi, từ", "Tình hình theo xác suất đạt: phải giảm dần"),
        ("en", "To be watched, from", "Standing by probability: must fall"),
    ],
)
def test_mistake_is_said_with_its_place_in_the_readers_words_and_nothing_is_changed(bureau, language, label, says):
    before = bureau.held("campaign.toml")

    app = preview(type_in(bureau.look(part="limits", lang=language), label, "0.9"), language)

    assert says in said(app.error)
    assert not [each for each in app.button if each.key == "campaign-save"]
    assert bureau.held("campaign.toml") == before


@pytest.mark.parametrize(
    ("query", "label", "typed", "says"),
    [
        ({"part": "limits"}, "Ít hồ sơ khi dưới", "nhiều", "«nhiều» không phải là số"),
        ({"part": "indicators", "indicator": "online"}, "Điểm gãy · first", "giữa", "không phải là điểm gãy"),
        ({"part": "central"}, "Giá trị (%)", "", "không phải là số"),
    ],
)
def test_what_is_no_value_is_named_with_its_field(bureau, query, label, typed, says):
    app = preview(type_in(bureau.look(**query), label, typed))

    assert says in said(app.error)


def test_day_that_must_stand_is_asked_for(bureau):
    app = bureau.look(part="dates")
    field(app, "date_input", "Ngày kết thúc").set_value(None)

    assert "Ngày kết thúc: hãy chọn ngày" in said(preview(app).error)


def test_change_without_a_reason_is_not_saved(bureau):
    app = preview(type_in(bureau.look(part="limits"), "Ít hồ sơ khi dưới", "50"))

    save(app, reason="")

    assert app.error
    assert "small_volume = 100" in bureau.held("campaign.toml")


def test_change_can_be_put_away(bureau):
    app = preview(type_in(bureau.look(part="limits"), "Ít hồ sơ khi dưới", "50"))

    press(app, "campaign-put-away")

    assert not [each for each in app.button if each.key == "campaign-save"]
    assert "small_volume = 100" in bureau.held("campaign.toml")


def test_files_that_this_program_cannot_read_are_named_and_the_page_is_for_reading(bureau):
    with bureau.house.store.writing() as session:
        [row] = session.exec(select(CampaignFile).where(CampaignFile.file == "campaign.toml")).all()
        row.content = zlib.compress(zlib.decompress(row.content).replace(b"small_volume = 100", b"small_volume = -1"))
        session.add(row)

    app = bureau.look(part="heads")

    assert "Ít hồ sơ khi dưới: là -1; được phép từ 0 đến 1000000." in said(app.error)
    assert "10 đơn vị, 10 đơn vị chưa có họ tên" in words(app)
    assert all(each.disabled for each in app.text_input if each.key != "campaign-q")
    assert not bureau.look(part="limits").text_input


# --- the workbook ---------------------------------------------------------------------------------------------------


def hand_in(bureau, change):
    """The workbook as the page gives it, changed with Excel and handed in on the page."""
    opened = bureau.house.asked(open_campaign)
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(opened.held, "vi", version=opened.version)))
    change(book)
    book.save(out := io.BytesIO())
    app = bureau.look(part="workbook")
    slip = slip_for("small.xlsx", out.getvalue(), session=int(app.user["session"]))
    app.file_uploader(key="campaign-workbook").upload("small.xlsx", slip).run()
    return press(app, "campaign-workbook-check")


def put(book, sheet, label, value):
    row = next(row for row in book[sheet].iter_rows() if str(row[0].value).removesuffix(" *") == label)
    row[1].value = value


def test_changed_workbook_is_looked_at_and_saved(bureau):
    app = hand_in(bureau, lambda book: put(book, "Chiến dịch", "Ít hồ sơ khi dưới", "1.050"))

    assert "Ít hồ sơ khi dưới: 100 → 1050" in words(app)
    assert "small_volume = 100" in bureau.held("campaign.toml")
    save(app)
    assert "small_volume = 1050" in bureau.held("campaign.toml")
    assert bureau.entry().reason == "theo quyết định"


def test_mistakes_of_a_workbook_are_named_by_cell_and_nothing_changes(bureau):
    app = hand_in(bureau, lambda book: put(book, "Chiến dịch", "Ngày bắt đầu", "hôm nay"))

    assert "Chiến dịch, B5 (Ngày bắt đầu): là «hôm nay»; hãy ghi ngày" in said(app.error)
    assert "campaign-save" not in [each.key for each in app.button]


@pytest.mark.soak
def test_change_on_screen_since_the_workbook_was_written_is_told_of(bureau):
    def meanwhile(book):
        put(book, "Chiến dịch", "Ít hồ sơ khi dưới", "50")
        save(preview(type_in(bureau.look(part="limits"), "Hai nguồn khác nhau quá (điểm phần trăm)", "4")))

    app = hand_in(bureau, meanwhile)

    assert "Hai nguồn khác nhau quá (điểm phần trăm): 2 → 4" in said(app.warning)
    press(app, "campaign-again")
    assert "Hai nguồn khác nhau quá (điểm phần trăm): 4 → 2" in words(app)
    assert "small_volume = 100" in bureau.held("campaign.toml")


@pytest.mark.soak
def test_workbook_that_says_the_same_changes_nothing(bureau):
    app = hand_in(bureau, lambda book: None)

    assert text("campaign.no_change", "vi") in words(app)


@pytest.mark.soak
def test_workbook_of_another_campaign_is_refused(bureau):
    app = hand_in(bureau, lambda book: put(book, "Chiến dịch", "Mã", "other"))

    assert "other" in said(app.error)
    assert "small_volume = 100" in bureau.held("campaign.toml")


# --- two at once, and what came in otherwise ------------------------------------------------------------------------


def test_later_of_two_editors_is_told_and_may_go_on_from_the_new_version(bureau):
    one, other = (bureau.look(part="limits") for _ in range(2))
    preview(type_in(one, "Ít hồ sơ khi dưới", "50"))
    preview(type_in(other, "Hai nguồn khác nhau quá (điểm phần trăm)", "4"))
    save(one, reason="nhỏ hơn")

    save(other)

    assert "dieuphoi đã sửa chiến dịch" in said(other.warning)
    assert "Ít hồ sơ khi dưới: 100 → 50" in said(other.warning)
    assert "disagreement_points = 2" in bureau.held("campaign.toml")
    press(other, "campaign-again")
    save(other)
    assert "small_volume = 50" in bureau.held("campaign.toml")
    assert "disagreement_points = 4" in bureau.held("campaign.toml")


def test_what_was_imported_is_shown_and_changed_as_it_was_imported(bureau):
    shown = [Unit("S1", "department", "Sở Một", "P", head_name="Nguyễn Văn A", head_phone="0905")]
    bureau.house.changed(record_units, shown, is_whole=False, context=context("7/3"))

    app = preview(type_in(bureau.look(part="heads", unit="S1"), "Điện thoại", "0906"))

    assert "Sở Một · Điện thoại: 0905 → 0906" in words(app)
    save(app)
    assert "S1,department,Sở Một,P,,,,,Nguyễn Văn A,0906,,," in bureau.held("units.csv")


def test_target_entered_on_the_page_of_targets_stands_on_this_page_too(bureau):
    app = bureau.look(page="targets")
    for name, value in (("value", "45,5"), ("document", "900/QĐ-TTg"), ("reason", "quyết định mới")):
        app.text_input(key=f"targets-central-{name}").set_value(value)

    press(app, "targets-central-enter")

    assert not app.error
    assert "payment năm 2024, Mọi cấp: 45,5% theo 900/QĐ-TTg" in words(bureau.look(part="central"))


def test_choice_of_part_and_indicator_goes_into_the_address(bureau):
    app = bureau.look(part="indicators", q="x")

    app.selectbox(key="campaign-indicator").select("payment").run()

    assert app.query_params == {"part": "indicators", "q": "x", "indicator": "payment"}


@pytest.mark.soak
def test_history_names_who_changed_when_and_why(bureau):
    save(preview(type_in(bureau.look(part="limits"), "Ít hồ sơ khi dưới", "50")), reason="ít đơn vị")

    app = bureau.look(part="history")

    assert "dieuphoi: ít đơn vị" in words(app)
