"""Tasks from a workbook: a plan with 23 tasks for a unit, an inspection's findings, and the template filled in."""

import csv

import openpyxl
import pytest

from jobs.imports.templates import write_template
from jobs.intake.bring_in import bring_in
from models.tasks.queries import find_tasks
from models.units.queries import find_units
from tests.jobs.small_world import small  # noqa: F401 - a fixture
from tests.models.conftest import context, day, small_campaign

HEADS = ("STT", "Đơn vị", "Nhiệm vụ", "Người thực hiện", "Thời hạn", "Tồn tại", "Văn bản")


def workbook(path, rows, heads=HEADS):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["KẾ HOẠCH TRIỂN KHAI CHIẾN DỊCH"])
    sheet.append(list(heads))
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


@pytest.fixture
def take_in(small, tmp_path):  # noqa: F811 - the fixture
    def taken(rows, *, kind="tasks", heads=HEADS, **other):
        path = workbook(tmp_path / "ke-hoach.xlsx", rows, heads)
        return bring_in(small.store, path, kind=kind, context=context("11/3 08:00"), **other)

    taken.small = small
    return taken


PLAN = [
    (number, "UBND huyện Một", f"Việc số {number}", "Văn phòng", "20/03/2024", "", "05/KH-UBND")
    for number in range(1, 24)
]


def test_plan_of_23_tasks_is_taken_in_once_however_often_it_comes(take_in):
    first, again = take_in(PLAN), take_in(PLAN)

    assert (first.counts.accepted, again.counts.unchanged, again.counts.accepted) == (23, 23, 0)
    tasks = take_in.small.asked(find_tasks, units=["H1"])
    assert {(task.due, task.who, task.document) for task in tasks} == {(day("20/3"), "Văn phòng", "05/KH-UBND")}


def test_file_is_known_by_its_columns_and_a_dry_run_changes_nothing(take_in):
    report = take_in(PLAN[:2], kind="auto", is_dry_run=True)

    assert (report.kind, report.counts.accepted, report.is_stored) == ("tasks", 2, False)
    assert take_in.small.asked(find_tasks) == []


def test_inspection_finding_comes_with_its_deadline(take_in):
    take_in([(1, "UBND huyện Một", "Niêm yết lại", "Một cửa", "15/03/2024", "Niêm yết thiếu 12 thủ tục", "07/KL")])

    (task,) = take_in.small.asked(find_tasks)
    assert (task.kind, task.finding, task.due) == ("finding", "Niêm yết thiếu 12 thủ tục", day("15/3"))


@pytest.mark.daily(3)
@pytest.mark.parametrize(
    ("row", "problem"),
    [
        pytest.param((1, "UBND huyện Chín", "Việc", "Ai", "20/03/2024", "", ""), "unit", id="a unit nobody knows"),
        pytest.param((1, "", "Việc", "Ai", "20/03/2024", "", ""), "unit_missing", id="no unit"),
        pytest.param((1, "UBND huyện Một", "", "Ai", "20/03/2024", "", ""), "task_missing", id="nothing to do"),
        pytest.param((1, "UBND huyện Một", "Việc", "", "20/03/2024", "", ""), "task_who_missing", id="nobody to do it"),
        pytest.param((1, "UBND huyện Một", "Việc", "Ai", "", "", ""), "task_due_missing", id="no day"),
        pytest.param((1, "UBND huyện Một", "Việc", "Ai", "sớm", "", ""), "not_a_date", id="a day that is none"),
    ],
)
def test_row_that_cannot_be_a_task_goes_to_quarantine_with_its_cell(take_in, row, problem):
    report = take_in([row, *PLAN[1:3]])

    assert report.counts.accepted == 2
    (rejected,) = report.rejected
    assert problem in rejected.problem
    assert rejected.sentence("vi")
    assert rejected.sentence("en")


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_template_names_every_unit_and_is_read_back_as_it_was_filled_in(small, tmp_path, suffix):  # noqa: F811
    out = tmp_path / f"mau{suffix}"
    with small.store.reading() as session:
        write_template("tasks", out, campaign=small_campaign(), units=find_units(session))

    if suffix == ".xlsx":
        book = openpyxl.load_workbook(out)
        sheet = book["Số liệu"]
        heads = [cell.value for cell in sheet[1]]
        row = next(cells[0].row for cells in sheet.iter_rows(min_row=2) if cells[0].value == "H1")
        for name, value in (("Nhiệm vụ", "Việc"), ("Người thực hiện", "Ai"), ("Thời hạn", "20/03/2024")):
            sheet.cell(row, heads.index(name) + 1, value)
        book.save(out)
    else:
        with out.open(encoding="utf-8-sig", newline="") as stream:
            lines = list(csv.reader(stream))
        row = next(line for line in lines if line[0] == "H1")
        for name, value in (("Nhiệm vụ", "Việc"), ("Người thực hiện", "Ai"), ("Thời hạn", "20/03/2024")):
            row[lines[0].index(name)] = value
        with out.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows(lines)
    report = bring_in(small.store, out, kind="tasks", context=context("11/3 08:00"))

    assert (report.counts.accepted, report.rejected) == (1, ())
    assert [(task.unit, task.what) for task in small.asked(find_tasks)] == [("H1", "Việc")]
