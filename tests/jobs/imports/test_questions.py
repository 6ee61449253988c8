"""What a file leaves open: asked with rows read in each way, answered once, and remembered for its source's layout."""

import shutil
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest
from sqlmodel import select

from jobs.imports.files import read_file
from jobs.imports.tables.questions import FileAsks
from jobs.intake.bring_in import bring_in, save
from jobs.intake.file_reads import read_in
from jobs.intake.previews import foresee
from models.core.audit import ChangeContext
from models.core.settings import TIMEZONE
from models.tables import AuditEntry, ColumnChoice
from tests.jobs.imports_world import Outcome, fill_sheet, write_xlsx
from tests.jobs.office_world import KHAI, PNON, bundled, table

NOW = datetime(2024, 5, 7, 18, tzinfo=TIMEZONE)
DEED = ChangeContext(by="system:test", reason="báo cáo tuần 7", now=NOW)
HEADINGS = ("STT", "Đơn vị", "Trực tuyến")


@pytest.fixture
def file(tmp_path):
    return write_xlsx(tmp_path, table(HEADINGS, rows=[(45,), (8,)]))


def asks_of(path, **changes):
    with pytest.raises(FileAsks) as caught:
        read_file(path, bundled(**changes))
    return caught.value


def rows(store, entity):
    with store.reading() as session:
        return [row.model_dump() for row in session.exec(select(entity))]


# --- the question ---------------------------------------------------------------------------------------------------


def test_question_names_the_column_and_shows_rows_read_in_each_way(file):
    [question] = asks_of(file).questions

    assert (question.place, question.field) == ("Sheet1!C2", "Trực tuyến")
    assert [[sample.said("vi") for sample in option.samples] for option in question.options] == [
        [f"Sheet1!C3, {PNON}: ô ghi “45” → 45%", f"Sheet1!C4, {KHAI}: ô ghi “8” → 8%"],
        [f"Sheet1!C3, {PNON}: ô ghi “45” → 45, chưa có mẫu số", f"Sheet1!C4, {KHAI}: ô ghi “8” → 8, chưa có mẫu số"],
    ]


def test_question_shows_three_rows_and_no_more(tmp_path):
    rows_of_ten = [("Đơn vị", "Trực tuyến"), *((f"Đơn vị {number}", number) for number in range(10))]

    [question] = asks_of(write_xlsx(tmp_path, rows_of_ten), kind="readings", as_of=NOW.date()).questions

    assert [len(option.samples) for option in question.options] == [3, 3]


def test_one_question_stands_for_the_sheets_of_one_layout(tmp_path):
    workbook = openpyxl.Workbook()
    fill_sheet(workbook.active, table(HEADINGS, rows=[(45,)]))
    fill_sheet(workbook.create_sheet("Hai"), table(HEADINGS, rows=[(30,)]))
    fill_sheet(workbook.create_sheet("Ba"), table(("TT", "Tên đơn vị", "Thanh toán"), rows=[(30,)]))
    workbook.save(tmp_path / "file.xlsx")

    assert [question.field for question in asks_of(tmp_path / "file.xlsx").questions] == ["Trực tuyến", "Thanh toán"]


def test_layout_stays_the_same_whatever_day_its_headings_name(tmp_path):
    first, second = (
        write_xlsx(tmp_path, table(("STT", "Đơn vị", "Trực tuyến", f"Ghi ngày {day}/4"), rows=[(45, "x")]), name=name)
        for day, name in ((13, "a.xlsx"), (20, "b.xlsx"))
    )
    other = write_xlsx(tmp_path, table(("STT", "Đơn vị", "Trực tuyến", "Ghi thêm"), rows=[(45, "x")]), name="c.xlsx")

    first, second, other = (asks_of(path).questions[0].key for path in (first, second, other))

    assert first == second
    assert first != other
    assert first.endswith(":truc-tuyen")


def test_what_is_given_now_goes_before_what_is_remembered(file):
    key = asks_of(file).questions[0].key

    outcome = Outcome(read_file(file, bundled(choices={key: "count"}, remembered={key: "percent"})))

    assert [figure[2:] for figure in outcome.figures] == [(45, None, None), (8, None, None)]
    assert outcome.parsed.chosen == {key: "count"}
    assert [warning.sentence("vi") for warning in outcome.warned("read_as_chosen")] == [
        "Sheet1!C2, cột “Trực tuyến”: đọc theo lựa chọn của người nhập: số lượng, chưa có mẫu số."
    ]


def test_what_is_certain_goes_before_what_is_remembered(file, tmp_path):
    key = asks_of(file).questions[0].key
    sure = write_xlsx(tmp_path, table(HEADINGS, rows=[(45,), (8.5,)]), name="sure.xlsx")

    outcome = Outcome(read_file(sure, bundled(remembered={key: "count"})))

    assert [figure[4] for figure in outcome.figures] == [45.0, 8.5]
    assert not outcome.warned("read_as_remembered")


# --- remembered -----------------------------------------------------------------------------------------------------


@pytest.mark.soak
def test_answer_is_remembered_once_the_file_is_saved_and_said_the_next_time(store, file):
    key = asks_of(file).questions[0].key
    bring_in(store, file, choices={key: "percent"}, context=DEED)

    report = bring_in(store, file, context=DEED)

    assert report.counts.unchanged == 2
    assert [warning.sentence("vi") for warning in report.warnings] == [
        "Sheet1!C2, cột “Trực tuyến”: đọc theo lựa chọn đã nhớ của nguồn này: tỷ lệ phần trăm."
    ]
    [entry] = [entry for entry in rows(store, AuditEntry) if entry["action"] == "remember_choices"]
    assert (entry["new"], entry["by"], entry["reason"]) == ({key: "percent"}, DEED.by, DEED.reason)


def test_answer_to_a_dry_run_is_not_remembered(store, file):
    key = asks_of(file).questions[0].key

    bring_in(store, file, choices={key: "percent"}, is_dry_run=True, context=DEED)

    assert rows(store, ColumnChoice) == []


def test_answer_for_another_layout_is_asked(store, file, tmp_path):
    bring_in(store, file, choices={asks_of(file).questions[0].key: "percent"}, context=DEED)
    other = write_xlsx(tmp_path, table((*HEADINGS, "Ghi thêm"), rows=[(45, "x")]), name="other.xlsx")

    with pytest.raises(FileAsks):
        bring_in(store, other, context=DEED)


def test_asking_anew_leaves_aside_what_is_remembered(store, file):
    bring_in(store, file, choices={asks_of(file).questions[0].key: "percent"}, context=DEED)

    with pytest.raises(FileAsks):
        read_in(store, file, today=NOW.date(), is_anew=True)


def test_preview_holds_whatever_was_chosen_for_other_files_since(store, file, tmp_path):
    key = asks_of(file).questions[0].key
    read = read_in(store, file, today=NOW.date(), choices={key: "percent"}, is_anew=True)
    preview = foresee(store, read, context=DEED)
    other = write_xlsx(tmp_path, table(("STT", "Đơn vị", "Thanh toán"), rows=[(45,)]), name="other.xlsx")
    bring_in(store, other, choices={asks_of(other).questions[0].key: "percent"}, context=replace(DEED, reason="other"))

    report = save(store, read, preview, context=DEED)

    assert (report.counts.accepted, report.was_rechecked) == (2, True)
    assert len(rows(store, ColumnChoice)) == 2


# --- on the command line --------------------------------------------------------------------------------------------


@pytest.fixture
def campaign(founded, real_home):
    shutil.copytree(founded, real_home)


@pytest.mark.daily(1)
@pytest.mark.parametrize(("language", "way"), [("vi", "tỷ lệ phần trăm"), ("en", "percents")])
def test_command_tells_the_ways_with_what_to_write(campaign, file, run, language, way):
    result = run("import", str(file), "--lang", language)

    key = asks_of(file).questions[0].key
    assert result.exit_code == 2
    assert f"--choose {key}=percent   ({way})" in result.stderr
    assert f"Sheet1!C3, {PNON}" in result.stderr


def test_command_reads_as_chosen_and_remembers(campaign, file, answer):
    key = asks_of(file).questions[0].key

    first = answer("import", str(file), "--choose", f"{key}=percent")
    again = answer("import", str(file))

    assert (first["accepted"], again["unchanged"]) == (2, 2)
    assert "đã nhớ" in again["warnings"][0]["says"]


@pytest.mark.parametrize("choice", ["percent", "=percent", "key="])
def test_choice_that_is_none_is_wrong_use(campaign, file, run, choice):
    result = run("import", str(file), "--choose", choice)

    assert result.exit_code == 2
    assert "KEY=OPTION" in result.stderr
