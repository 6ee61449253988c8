"""Files that show what was done: told by their content, kept with the store, handed out as they were handed in."""

import io
import zipfile

import pytest
from sqlmodel import select

from models.readings.records import TaskRecord
from models.tables import AuditEntry, TaskEvidence
from models.targets.registrations import Incomplete
from models.tasks import evidence
from models.tasks.actions import give_task, report_on_task
from models.tasks.evidence import Evidence, find_evidence, kind_of
from models.tasks.queries import find_tasks
from targets.errors import UnknownName
from tests.models.accounts_world import by, people
from tests.models.conftest import day, on_each_engine

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\x00"


def office_file(*names):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name in ("[Content_Types].xml", *names):
            made.writestr(name, "<x/>")
    return held.getvalue()


@pytest.fixture
def world(small):
    return people(small)


def report(world, file, **other):
    given = TaskRecord("H1", "Số hóa", "Văn phòng", day("20/3"))
    task = world.small.changed(give_task, given, context=by("dieuphoi", "x", "9/3 08:00"))
    said = {"progress": "xong", "is_done": True, "seen_version": 1} | other
    world.small.changed(report_on_task, task, file=file, **said, context=by("truong.h1", "", "10/3 08:00"))
    (found,) = world.small.asked(find_tasks)
    return found


@on_each_engine
def test_file_shows_that_a_task_is_done_and_is_handed_out_as_it_was_handed_in(world):
    [told] = report(world, Evidence("Biên bản.html", PDF)).reports

    assert (told.file, told.file_kind, told.file_size, told.evidence) == ("Biên bản.pdf", "pdf", len(PDF), "")
    assert world.small.asked(find_evidence, told.id) == Evidence("Biên bản.pdf", PDF)
    with world.small.store.reading() as session:
        [new] = session.exec(select(AuditEntry.new).where(AuditEntry.action == "report_on_task"))
        [kept] = session.exec(select(TaskEvidence.sha256))
    assert (new["file"], new["fingerprint"]) == ("Biên bản.pdf", kept)


def test_report_without_a_file_has_none(world):
    [told] = report(world, None, evidence="BC 12").reports

    assert (told.file, told.file_size) == ("", 0)
    with pytest.raises(UnknownName, match="file"):
        world.small.asked(find_evidence, told.id)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (b"\x89PNG\r\n\x1a\n....", "png"),
        (b"\xff\xd8\xff\xe0....", "jpg"),
        (office_file("word/document.xml"), "docx"),
        (office_file("xl/workbook.xml"), "xlsx"),
        (office_file("xl/workbook.xml", "xl/vbaProject.bin"), None),
        (office_file("ppt/presentation.xml"), None),
        (b"<html><script>alert(1)</script>", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"MZ\x90\x00", None),
        (b"PK\x03\x04 cut off", None),
        (b"", None),
    ],
)
def test_kind_is_told_by_the_content(content, kind):
    assert kind_of(content) == kind


def test_archive_of_something_else_is_no_document():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr("word/document.xml", "<x/>")

    assert kind_of(held.getvalue()) is None


@pytest.mark.parametrize(
    ("file", "code"),
    [
        pytest.param(Evidence("a.pdf", b"<html>"), "evidence_kind", id="another kind than its name says"),
        pytest.param(Evidence("a.pdf", PDF + bytes(99)), "evidence_large", id="too large"),
    ],
)
def test_file_is_not_taken_and_then_nothing_is_reported(world, monkeypatch, file, code):
    monkeypatch.setattr(evidence, "LARGEST", 99)

    with pytest.raises(Incomplete) as refused:
        report(world, file)

    assert refused.value.code == code
    (task,) = world.small.asked(find_tasks)
    assert (task.reports, task.state) == ((), "open")
