"""Three weeks of an office, in a store of its own and with nothing but its commands and pages: people, targets, four
loads of which one is withdrawn, a dispute, three meetings with their papers, and the milestone.

At each step it looks at what an office would: that one figure reads alike everywhere, that what was taken back is gone
from everywhere, that what was decided comes back, and that each unit stands in exactly one list.
"""

import faulthandler
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from typer.testing import CliRunner

from jobs.__main__ import app
from jobs.campaigns.demonstration import Simulation, simulated_baseline
from jobs.documents.figures import PackFigures, figures_of_snapshot
from models.accounts import passwords
from models.core import formats
from models.core.clock import business_day
from models.core.columns import day_of
from models.core.store import Store
from models.core.texts import text
from models.results.inputs import load_campaign
from models.units.queries import find_heads, find_units
from targets.findings import NOT_ARRIVED
from tests.browser.looking import FINISHED, wait_until_drawn
from tests.browser.people import OPTIONS, admit, sign_in, signed_in
from tests.browser.serving import serving_at_once
from tests.jobs.conftest import found_bundled
from tests.jobs.documents.test_surfaces import Shown, check
from tests.jobs.people_file import workbook
from tests.models.accounts_world import CHEAP

UNIT, NAME, OF_IT = "H21.58", "UBND huyện Ia Grai", "commune"
"""The district that disputes a figure and is given a task."""
FRIDAYS = (date(2024, 4, 26), date(2024, 5, 3), date(2024, 5, 10))
PATIENCE = 120_000
"""Milliseconds: nothing here is about how quick a page is."""
HEADS = ("Nguyễn Văn A", "Trần Thị B", "Lê Văn C", "Phạm Thị D", "Hoàng Văn E", "Siu H", "Rơ Châm K", "Đặng Thị L")
"""Placeholders, which cannot be taken for a person's name."""
EVIDENCE, RIGHT = "Sổ theo dõi: 37 hồ sơ nộp trực tuyến chưa được đồng bộ", (640, 1300)
TASK, CONCLUDED = "Mở điểm hỗ trợ nộp hồ sơ trực tuyến tại các xã", "Mỗi đơn vị cử một lãnh đạo trực tiếp phụ trách"
CHOSEN = "một câu thật dễ nhớ"
Figures = list[tuple[str, ...]]
"""Unit, indicator, day, numerator, denominator: the rows of a file."""
Rows = dict[tuple[str, str], dict[str, Any]]
"""What `standing` tells, by unit and indicator."""


@dataclass
class Office:
    """One store, its commands at a moment, and its pages as they are at that moment."""

    home: Path
    papers: Path
    browser: Browser
    monkeypatch: pytest.MonkeyPatch
    now: str = ""

    def at(self, moment: str) -> None:
        self.now = f"{moment}:00+07:00"
        self.monkeypatch.setenv("CAODIEM_NOW", self.now)

    def run(self, *words: object, code: int = 0) -> str:
        done = CliRunner().invoke(app, [str(word) for word in words])
        assert done.exit_code == code, f"{words}: {done.output}{done.stderr}{done.exception!r}"
        return done.stdout

    def answer(self, *words: object) -> Any:
        return json.loads(self.run(*words, "--json"))

    def paper(self, kind: str, name: str, *words: object) -> bytes:
        self.run("document", kind, "--out", self.papers / name, *words)
        return (self.papers / name).read_bytes()

    def standing(self, *words: object) -> Rows:
        return {(row["unit"], row["indicator"]): row for row in self.answer("standing", *words)}

    @contextmanager
    def store(self) -> Iterator[Store]:
        with closing(Store(f"sqlite:///{self.home / 'caodiem.db'}")) as store:
            yield store

    @contextmanager
    def open(self) -> Iterator[str]:
        """The dashboard, at the moment that it is for the office."""
        with serving_at_once(self.home, CAODIEM_NOW=self.now) as address:
            yield address

    @contextmanager
    def visit(self, address: str, *, is_stranger: bool = False) -> Iterator[Page]:
        """Somebody's browser: the coordinator's, or that of somebody who has yet to sign in."""
        options = {**OPTIONS, "base_url": address} | ({} if is_stranger else {"storage_state": signed_in()})
        context = self.browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        yield context.new_page()
        context.close()


@pytest.fixture
def office(browser, tmp_path, monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    home, papers = tmp_path / "home", tmp_path / "papers"
    for folder in (home, papers):
        folder.mkdir()
    monkeypatch.setenv("CAODIEM_HOME", str(home))
    with closing(Store(f"sqlite:///{home / 'caodiem.db'}")) as store:
        found_bundled(store)
    made = Office(home, papers, browser, monkeypatch)
    made.at("2024-04-22T08:00")
    made.run("init")
    admit(home)
    expect.set_options(timeout=PATIENCE)
    yield made
    expect.set_options(timeout=None)


@pytest.mark.soak
def test_three_weeks_of_an_office_agree_from_the_first_account_to_the_confirmed_milestone(office, monkeypatch):
    faulthandler.cancel_dump_traceback_later()  # three weeks take longer than other tests on a busy machine
    login, password = make_accounts(office)
    issue_targets(office)
    figures = simulated_figures(office)

    # First week: figures, the wrong ones withdrawn, announced, disputed, frozen, met about, written about.
    office.at("2024-04-26T18:00")
    take_in(office, figures[FRIDAYS[0]], "tuan-6.xlsx")
    right = office.standing("--as-of", FRIDAYS[0])
    wrong = take_in(office, spoilt(figures[FRIDAYS[0]]), "tuan-6-nham.xlsx")
    assert office.standing("--as-of", FRIDAYS[0]) != right
    office.at("2024-04-27T08:00")
    with office.open() as address:
        with office.visit(address) as page:
            withdraw(page, wrong)
            assert told(office.standing("--as-of", FRIDAYS[0])) == told(right), "a withdrawn load changes nothing"
            announce(page, "Giao ban tuần 6")
        with office.visit(address, is_stranger=True) as page:
            dispute(page, login, password, right[UNIT, "online"])
        with office.visit(address) as page:
            decide_dispute(page)
    office.at("2024-05-02T07:30")
    with office.open() as address, office.visit(address) as page:
        first = freeze_announced(office, page)
        hold_meeting(page, first)
    rows = agree(office, first, monkeypatch)
    assert (rows[UNIT, "online"]["numerator"], rows[UNIT, "online"]["denominator"]) == RIGHT
    expect_as_handed_in(rows, figures[FRIDAYS[0]])
    expect_letters(office, first, rows)
    expect_conclusions(office, first)

    # Second week: what was decided comes back, and what was done waits for the office.
    office.at("2024-05-03T18:00")
    take_in(office, figures[FRIDAYS[1]], "tuan-7.xlsx")
    office.at("2024-05-06T07:30")
    second = int(office.run("snapshot", "--as-of", FRIDAYS[1], "--title", "Giao ban tuần 7"))
    with office.open() as address:
        with office.visit(address, is_stranger=True) as page:
            report_done(page, login)
        with office.visit(address) as page:
            expect_decided_first(page, second)
            confirm_task(page)
    agree(office, second, monkeypatch)

    # Third week: the phase is over, closed and confirmed, and the meeting opens with how it ended.
    office.at("2024-05-10T20:00")
    take_in(office, figures[FRIDAYS[2]], "tuan-8.xlsx")
    office.at("2024-05-13T07:30")
    with office.open() as address, office.visit(address) as page:
        close_and_confirm(page)
    third = int(office.run("snapshot", "--as-of", FRIDAYS[2], "--title", "Giao ban tuần 8"))
    rows = agree(office, third, monkeypatch)
    expect_weekly_pack(office, third, rows)
    expect_each_unit_in_one_list(office, third, rows)


# --- people, targets, figures ---------------------------------------------------------------------------------------


def make_accounts(office: Office) -> tuple[str, str]:
    """The heads of all units by one workbook; answers the login and the one-time password of one of them."""
    with office.store() as store, store.reading() as session:
        units = {unit.code: unit for unit in find_units(session)}
    rows = []
    for number, unit in enumerate(unit for unit in units.values() if unit.parent):
        district = units[unit.parent].name if unit.level == "commune" else ""
        phone, mail = f"0900 000 {number:03d}", f"dau-moi-{number}@example.gov.vn"
        rows.append((HEADS[number % len(HEADS)], unit.name, district, unit.head_title or "Chủ tịch", phone, mail))
    file = workbook(
        office.papers / "nguoi-dung-dau.xlsx",
        ("Họ và tên", "Đơn vị", "Huyện", "Chức vụ", "Điện thoại", "Thư điện tử"), *rows,
    )  # fmt: skip

    done = office.answer("account", "import", file, "--out", office.papers / "niem-phong.xlsx")

    assert (len(done["made"]), done["heads"], done["mails"]) == (len(rows), len(rows), len(rows))
    codes = [unit.code for unit in units.values() if unit.parent]
    with office.store() as store, store.reading() as session:
        assert {head.name for head in find_heads(session, codes).values()} == set(HEADS)
    sheet = openpyxl.load_workbook(office.papers / "niem-phong.xlsx").active
    assert sheet is not None
    sealed = {str(row[3]): (str(row[0]), str(row[4])) for row in sheet.iter_rows(min_row=5, values_only=True)}
    return sealed[NAME]


def issue_targets(office: Office) -> None:
    """Baselines and the centre's second target by files; the phase issued, its annex and what is only proposed."""
    with office.store() as store, store.reading() as session:
        campaign, units = load_campaign(session), find_units(session)
    baselines = [
        (unit.code, indicator.key, "2023", f"{simulated_baseline(campaign, unit, indicator.key)}")
        for unit in units
        if unit.parent
        for indicator in campaign.indicators
    ]
    files = {
        "baselines": ("Mã đơn vị;Chỉ số;Năm;Kết quả (%)", baselines),
        "central": ("Chỉ số;Năm;Chỉ tiêu (%);Văn bản", [("payment", "2024", "45", "Công văn 45/TTg")]),
    }
    for kind, (head, rows) in files.items():
        file = office.papers / f"{kind}.csv"
        file.write_text("\n".join([head, *map(";".join, rows)]), encoding="utf-8")
        office.run("import", file, "--kind", kind)
    office.run("propose")
    office.run("issue", "--phase", "50-day", "--document", "102/QĐ-UBND", "--date", "20/04/2024")

    annex = openpyxl.load_workbook(io.BytesIO(office.paper("targets", "phu-luc.xlsx", "--document", "102/QĐ-UBND")))
    office.paper("targets", "phu-luc.docx", "--document", "102/QĐ-UBND")
    office.paper("targets", "du-kien.xlsx", "--proposed")

    said = " ".join(str(cell) for row in annex.active.iter_rows(values_only=True) for cell in row if cell)
    assert "102/QĐ-UBND" in said
    assert {row["origin"] for row in office.answer("targets", "--phase", "50-day")} <= {"issued", "registered"}


def simulated_figures(office: Office) -> dict[date, Figures]:
    """What all units have told by each Friday, made up, as rows of a workbook."""
    with office.store() as store, store.reading() as session:
        campaign, units = load_campaign(session), find_units(session)
    baselines = {
        (unit.code, indicator.key): float(simulated_baseline(campaign, unit, indicator.key))
        for unit in units
        for indicator in campaign.indicators
    }
    codes, simulation = {unit.unit_id: unit.code for unit in units}, Simulation(campaign, units, baselines)
    found = {}
    for friday in FRIDAYS:
        frame = simulation.evening(friday).frame
        found[friday] = [
            (codes[row.unit_id], row.indicator, f"{day_of(int(row.as_of)):%d/%m/%Y}", str(row.numerator),
             str(row.denominator))
            for row in frame.itertuples()
        ]  # fmt: skip
    return found


def spoilt(figures: Figures) -> Figures:
    """Another file of the same day: every district has done all it had to."""
    return [(*row[:3], row[4], row[4]) for row in figures if row[0].startswith("H21.")]


def take_in(office: Office, figures: Figures, name: str) -> int:
    file = workbook(office.papers / name, ("Mã đơn vị", "Chỉ số", "Ngày", "Tử số", "Mẫu số"), *figures)
    done = office.answer("import", file)
    assert not done["rejected"]
    return int(done["run"])


def told(rows: Rows) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {place: (row["numerator"], row["denominator"], row["value"]) for place, row in rows.items()}


# --- by page --------------------------------------------------------------------------------------------------------


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator(FINISHED)).to_be_visible()
    wait_until_drawn(page)
    return page


def press(place: Page | Locator, name: str, **terms: str) -> None:
    place.get_by_role("button", name=text(name, "vi", **terms), exact=True).last.click()


def withdraw(page: Page, load: int) -> None:
    opened(page, f"/feeds?run={load}")
    page.locator(".st-key-feeds-withdrawal-preview button").click()
    page.locator(".st-key-feeds-withdrawal-reason input").fill("nhầm tệp của tỉnh khác")
    page.locator(".st-key-feeds-withdrawal-confirm button").click()
    expect(page.get_by_text(re.compile(f"Đã rút lại lần cập nhật {load}"))).to_be_visible()


def announce(page: Page, title: str) -> None:
    opened(page, "/meeting").locator(".st-key-meeting-freeze summary").click()
    page.get_by_label(text("meeting.freeze.name", "vi")).fill(title)
    press(page, "meeting.freeze.announce")
    expect(page.locator(".st-key-meeting-preview")).to_contain_text(formats.day(FRIDAYS[0], "vi"))


def dispute(page: Page, login: str, password: str, row: dict[str, Any]) -> None:
    """The head comes in with what the sealed list holds, is told what will be frozen, and disputes it."""
    sign_in(page, login, password)
    page.wait_for_url(re.compile("/auth/password"))
    for name in ("new", "again"):
        page.get_by_label(text(f"door.field.{name}", "vi"), exact=True).fill(CHOSEN)
    press(page, "door.change")
    expect(page.locator(FINISHED)).to_be_visible()
    opened(page, f"/unit?unit={UNIT}&tab=requests&indicator=online")
    page.locator(".st-key-wish-dispute summary").click()
    form = page.locator(".st-key-wish-dispute")
    expect(form).to_contain_text(formats.percent(row["value"], "vi", target=row["target"]))
    form.get_by_label(text("wishes.dispute.evidence", "vi")).fill(EVIDENCE)
    for field, count in zip(form.get_by_role("textbox").all()[1:], RIGHT, strict=False):
        field.fill(str(count))
    press(form, "wishes.dispute.send")
    expect(page.locator(".st-key-wishes")).to_contain_text(EVIDENCE)


def decide_dispute(page: Page) -> None:
    opened(page, "/targets")
    card = page.locator("[class*=st-key-targets-card-check-]")
    expect(card).to_contain_text(EVIDENCE)
    card.get_by_label(text("office.reason", "vi")).fill("đã đối chiếu với hệ thống tỉnh")
    press(card, "office.yes.check")
    expect(card).to_have_count(0)


def freeze_announced(office: Office, page: Page) -> int:
    opened(page, "/meeting")
    asked = page.locator(".st-key-meeting-preview")
    press(asked, "meeting.freeze.now")
    press(page, "meeting.freeze.confirm")
    expect(page.locator(".st-key-meeting-next")).to_contain_text("Giao ban tuần 6")
    [head] = office.answer("snapshot", "--list")
    return int(head["id"])


def hold_meeting(page: Page, snapshot: int) -> None:
    """The slides up to the main indicator; there a task is given and a conclusion recorded."""
    opened(page, f"/meeting?snapshot={snapshot}&slide=indicator.online")
    foot = page.locator(".st-key-slide-foot")
    expect(foot).to_contain_text(formats.day(FRIDAYS[0], "vi"))
    for kind, what in (("task", TASK), ("conclusion", CONCLUDED)):
        page.mouse.move(300, 300)
        page.locator(".st-key-slide-record button").first.click()
        form = page.locator("[data-testid=stPopoverBody]")
        if kind == "task":
            form.get_by_label(text("meeting.record.unit", "vi")).fill("Ia Grai")
            page.get_by_role("option", name=re.compile("Ia Grai")).first.click()
        form.get_by_label(text("meeting.record.what", "vi")).fill(what)
        form.get_by_label(text("meeting.record.who", "vi")).fill(f"Lãnh đạo {NAME}")
        press(form, f"meeting.record.{kind}")
        said = text(f"meeting.record.{'given' if kind == 'task' else 'concluded'}", "vi")
        expect(page.get_by_text(said)).to_be_visible()
        page.keyboard.press("Escape")


def report_done(page: Page, login: str) -> None:
    sign_in(page, login, CHOSEN)
    expect(page.locator(FINISHED)).to_be_visible()
    opened(page, "/tasks?task=1")
    page.get_by_label(text("tasks.report.progress", "vi")).fill("Đã mở 12 trên 12 điểm hỗ trợ")
    page.get_by_label(text("tasks.report.evidence", "vi")).fill("Báo cáo 41/BC-UBND")
    press(page, "tasks.send_done")
    expect(page.get_by_text("Đã mở 12 trên 12 điểm hỗ trợ")).to_be_visible()


def expect_decided_first(page: Page, snapshot: int) -> None:
    """The second meeting goes through what the first decided before it looks at any figure."""
    opened(page, f"/meeting?snapshot={snapshot}").locator(".st-key-meeting-start button").click()
    expect(page.locator(".st-key-slide-foot")).to_contain_text("1/")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("slide=decided"))
    expect(page.locator(".st-key-slide")).to_contain_text(TASK)
    expect(page.locator(FINISHED)).to_be_visible()


def confirm_task(page: Page) -> None:
    opened(page, "/tasks?task=1").locator(".st-key-task-decide summary").click()
    page.get_by_label(text("tasks.reason", "vi")).fill("đã kiểm tra")
    press(page, "tasks.confirm")
    expect(page.get_by_text(text("tasks.decision_done", "vi"))).to_be_visible()


def close_and_confirm(page: Page) -> None:
    opened(page, "/meeting?result=50-day")
    press(page, "milestone.close")
    press(page, "milestone.close_anyway")
    expect(page.get_by_text(text("milestone.is_closed", "vi", phase="50 ngày"))).to_be_visible()
    press(page, "milestone.confirm")
    page.get_by_role("spinbutton", name=re.compile(f"day, {text('milestone.document_date', 'vi')}")).focus()
    page.keyboard.type("13052024")
    for field, words in (("document", "118/TB-UBND"), ("signer", "Chủ tịch UBND tỉnh")):
        expect(page.locator(FINISHED)).to_be_visible()
        page.get_by_label(text(f"milestone.{field}", "vi")).fill(words)
        page.keyboard.press("Tab")
    expect(page.locator(FINISHED)).to_be_visible()
    press(page, "milestone.confirm")
    expect(page.get_by_text("118/TB-UBND").first).to_be_visible()


# --- what the papers say ----------------------------------------------------------------------------------------


def agree(office: Office, snapshot: int, monkeypatch: pytest.MonkeyPatch) -> Rows:
    """One figure reads alike on slides, in report, workbook, letters, message, picture and mails."""
    rows = office.standing("--snapshot", snapshot)
    with office.store() as store:
        with store.reading() as session:
            figures = figures_of_snapshot(session, snapshot)
        seen = seen_at(figures, rows)
        count = check(
            Shown(figures, store, seen, is_frozen=True), monkeypatch, units=None, without=("screen", "csv")
        )  # fmt: skip
    assert all(count.values()), count
    return rows


def seen_at(figures: PackFigures, rows: Rows) -> Rows:
    """The rows as a meeting is told of them: after a phase's last day what had not arrived is missed."""
    seen_on = business_day(figures.meeting.frozen.head.known_at).isoformat()
    return {
        key: row | {"standing": "missed", "share_needed": None}
        if row["due"] and row["due"] <= row["as_of"] and row["due"] < seen_on and row["standing"] in NOT_ARRIVED
        else row
        for key, row in rows.items()
    }


def words_of(content: bytes) -> str:
    """Everything that a DOCX or a PPTX says."""
    if b"ppt/" in content:
        slides = pptx.Presentation(io.BytesIO(content)).slides
        shapes = [shape for slide in slides for shape in slide.shapes]
        said = [shape.text_frame.text for shape in shapes if shape.has_text_frame]
        tables = [shape.table for shape in shapes if shape.has_table]
    else:
        document = docx.Document(io.BytesIO(content))
        said, tables = [line.text for line in document.paragraphs], document.tables
    said += [cell.text for table in tables for row in table.rows for cell in row.cells]
    return "\n".join(said).replace("\xa0", " ")


def expect_as_handed_in(rows: Rows, figures: Figures) -> None:
    """Of every district but the one that was right in its dispute; all papers agree with these rows."""
    given = {
        (unit, indicator): (int(numerator), int(denominator))
        for unit, indicator, _, numerator, denominator in figures
        if unit.startswith("H21.") and (unit, indicator) != (UNIT, "online")
    }
    shown = {place: (rows[place]["numerator"], rows[place]["denominator"]) for place in given}
    assert shown == given


def expect_letters(office: Office, snapshot: int, rows: Rows) -> None:
    """A letter to each district behind, as files and as one to print, signed by the deputy."""
    asked = ("--snapshot", snapshot, "--level", "district", "--signer", 2)
    letters = zipfile.ZipFile(io.BytesIO(office.paper("reminder", "cong-van.zip", *asked)))
    merged = words_of(office.paper("reminder", "cong-van.docx", *asked))
    names = {row["name"] for row in rows.values() if row["level"] == "district"}

    single = [words_of(letters.read(name)) for name in letters.namelist()]

    written = [name for name in names if any(f"Kính gửi: {name}" in said for said in single)]
    assert len(written) == len(single) == merged.count("Kính gửi:")
    assert all("KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH" in said for said in (*single, merged))


def expect_conclusions(office: Office, snapshot: int) -> None:
    held = ("--held-at", "Hội trường UBND tỉnh", "--chair", "Chủ tịch UBND tỉnh", "--dated")
    said = words_of(office.paper("conclusions", "ket-luan.docx", "--snapshot", snapshot, *held))
    assert f"{CONCLUDED}." in said
    assert TASK in said
    assert "ngày 02 tháng 5 năm 2024" in said


def expect_weekly_pack(office: Office, snapshot: int, rows: Rows) -> None:
    for ending in ("pptx", "docx", "xlsx"):
        office.paper("weekly", f"tuan-8.{ending}", "--snapshot", snapshot)
    slides = pptx.Presentation(office.papers / "tuan-8.pptx").slides
    first = " ".join(shape.text_frame.text for shape in slides[0].shapes if shape.has_text_frame)
    assert "50 ngày" in first
    online = rows["H21", "online"]
    said = formats.percent(online["value"], "vi", target=online["target"])
    for name in ("tuan-8.pptx", "tuan-8.docx"):
        assert said in words_of((office.papers / name).read_bytes())
    office.paper("picture", "anh.png", "--snapshot", snapshot)


def expect_each_unit_in_one_list(office: Office, snapshot: int, rows: Rows) -> None:
    """The message on all indicators counts each unit once; that on a level names each once."""
    asked = ("--snapshot", snapshot)
    whole = office.paper("message", "tin-nhan.txt", *asked, "--indicator", "all").decode()
    of_level = office.paper("message", "tin-nhan-huyen.txt", *asked, "--level", "district").decode()

    lists = [found for found in whole.split("\n\n") if re.match(r"[^\n]+: \d+ đơn vị\n", found)]
    units = {unit for unit, _ in rows} - {"H21"}
    assert len(lists) == len({indicator for _, indicator in rows})
    for found in lists:
        head, *lines = found.strip().splitlines()
        for begins_level in (False, True):
            counted = [int(re.findall(r"\((\d+)\)", line)[0]) for line in lines if line.startswith("-") is begins_level]
            assert sum(counted) == len(units), (head, begins_level)
    named = [
        re.sub(r" \d.*", "", name)
        for line in of_level.splitlines()
        if line.startswith("- ")
        for name in line.partition(": ")[2].split(", ")
    ]
    assert sorted(named) == sorted(
        {row["name"].split(" ", 2)[2].removeprefix("xã ").removeprefix("phố ") for row in rows.values()
         if row["level"] == "district"}
    )  # fmt: skip
