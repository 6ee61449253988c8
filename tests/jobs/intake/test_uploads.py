"""A file handed in over the page: read beside everything else, previewed, saved, and gone when nobody wants it."""

import gc
import io
import tempfile
import threading
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from jobs.intake import uploads
from jobs.intake.bring_in import bring_in
from jobs.intake.uploads import LONGEST_NAME, Asked, Upload, safe_name
from models.core.audit import ChangeContext
from models.core.settings import TIMEZONE
from models.core.texts import sentence_of
from models.readings.actions import Counts
from models.tables import AuditEntry, Run
from targets.permissions import Refused

NOW = datetime(2024, 5, 7, 18, tzinfo=TIMEZONE)
DEED = ChangeContext(by="system:test", reason="test", now=NOW, origin="upload page")
HEADER = "Đơn vị;Chỉ số;Ngày;Tử số;Mẫu số;Tỷ lệ"
GOOD = "H21.58;online;06/05/2024;415;1000;"
OTHER = "H21.55;online;06/05/2024;20;100;"
BAD = "nobody;online;06/05/2024;1;2;"
LONG_ENOUGH = 60


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Where files lie while they are read; empty again at the end of every test."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    yield place
    assert list(place.iterdir()) == []


@pytest.fixture
def hand_in(store):
    def handed(*lines, name="so-lieu.csv", asked=None, **options):
        content = io.BytesIO("\n".join((HEADER, *lines, "")).encode())
        return Upload(store, content, name=name, asked=asked or Asked(), context=DEED, **options)

    return handed


@pytest.fixture
def held_reading(monkeypatch):
    """Reading that goes on until it is let go: what happens meanwhile can be looked at without waiting."""
    begun, go_on = threading.Event(), threading.Event()
    real = uploads.read_in

    def read_in(*arguments, progress, **options):
        begun.set()
        assert go_on.wait(LONG_ENOUGH)
        progress(1, 2)
        return real(*arguments, progress=progress, **options)

    monkeypatch.setattr(uploads, "read_in", read_in)
    yield begun, go_on
    go_on.set()


def test_file_is_previewed_and_nothing_is_saved(hand_in, store):
    look = hand_in(GOOD, BAD).wait(LONG_ENOUGH)

    assert (look.stage, look.preview.counts, len(look.read.rejected)) == ("previewed", Counts(accepted=1), 1)
    assert look.may_be_saved
    assert not look.is_busy


def test_previewed_file_is_saved_with_who_and_why(hand_in):
    upload = hand_in(GOOD, BAD)
    upload.wait(LONG_ENOUGH)

    upload.save(DEED)
    look = upload.wait(LONG_ENOUGH)

    assert (look.stage, look.report.counts, look.report.is_stored) == ("saved", Counts(accepted=1), True)
    assert (look.context, look.read.parts) == (DEED, [])
    assert not look.may_be_saved


def test_unreadable_file_ends_with_its_reason(hand_in):
    look = hand_in(GOOD, asked=Asked(kind="scores")).wait(LONG_ENOUGH)

    assert (look.stage, look.read) == ("failed", None)
    assert "scores" in sentence_of(look.problem, "vi")


def test_mistake_of_ours_ends_with_a_reference_and_without_details(hand_in, monkeypatch, caplog):
    def stumble(*_, **__):
        raise RuntimeError("secret")

    monkeypatch.setattr(uploads, "read_in", stumble)

    look = hand_in(GOOD).wait(LONG_ENOUGH)

    said = sentence_of(look.problem, "vi")
    assert look.stage == "failed"
    assert "secret" not in said
    assert look.problem.terms["reference"] in said
    assert look.problem.terms["reference"] in caplog.text


def test_failed_saving_keeps_the_preview_for_another_try(hand_in, monkeypatch, caplog):
    upload = hand_in(GOOD)
    upload.wait(LONG_ENOUGH)
    real = uploads.save

    def stumble(*_, **__):
        raise RuntimeError("database is locked")

    monkeypatch.setattr(uploads, "save", stumble)
    upload.save(DEED)
    failed = upload.wait(LONG_ENOUGH)
    monkeypatch.setattr(uploads, "save", real)
    upload.save(DEED)

    assert (failed.stage, failed.problem.code, failed.may_be_saved) == ("previewed", "upload_stumbled", True)
    assert upload.wait(LONG_ENOUGH).stage == "saved"
    assert "locked" in caplog.text


def test_page_sees_how_far_reading_is_and_may_stop_it(hand_in, held_reading, folder):
    begun, go_on = held_reading
    upload = hand_in(GOOD)
    assert begun.wait(LONG_ENOUGH)
    reading, kept = upload.look(), len(list(folder.iterdir()))

    upload.cancel()
    go_on.set()
    stopped = upload.wait(LONG_ENOUGH)

    assert (reading.stage, reading.is_busy, kept) == ("reading", True, 1)
    assert (stopped.stage, stopped.read, stopped.preview) == ("cancelled", None, None)


@pytest.mark.soak
def test_reading_ends_when_the_page_that_held_it_is_gone(hand_in, held_reading, folder):
    begun, go_on = held_reading
    upload = hand_in(GOOD)
    assert begun.wait(LONG_ENOUGH)
    work = upload._work

    del upload
    gc.collect()
    go_on.set()

    assert work.settled.wait(LONG_ENOUGH)
    assert work.look().stage == "cancelled"


def test_reading_ends_when_nobody_looks_any_more(hand_in, held_reading, monkeypatch):
    begun, go_on = held_reading
    upload = hand_in(GOOD)
    assert begun.wait(LONG_ENOUGH)

    monkeypatch.setattr(uploads, "PATIENCE", -1.0)
    go_on.set()
    look = upload.wait(LONG_ENOUGH)

    assert (look.stage, look.problem.code) == ("failed", "upload_given_up")


def test_files_beyond_those_being_read_wait_for_their_turn(hand_in, held_reading, monkeypatch):
    _, go_on = held_reading
    monkeypatch.setattr(uploads, "_TURNS", threading.BoundedSemaphore(1))
    first = hand_in(GOOD)
    assert held_reading[0].wait(LONG_ENOUGH)

    second = hand_in(OTHER)
    waiting = second.look().stage
    go_on.set()

    assert waiting == "waiting"
    assert first.wait(LONG_ENOUGH).stage == second.wait(LONG_ENOUGH).stage == "previewed"


def test_waiting_file_can_be_stopped(hand_in, held_reading, monkeypatch):
    begun, go_on = held_reading
    monkeypatch.setattr(uploads, "_TURNS", threading.BoundedSemaphore(1))
    monkeypatch.setattr(uploads, "TURN_CHECKED", 0.01)
    first = hand_in(GOOD)
    assert begun.wait(LONG_ENOUGH)

    second = hand_in(OTHER)
    second.cancel()

    assert second.wait(LONG_ENOUGH).stage == "cancelled"
    go_on.set()
    first.wait(LONG_ENOUGH)


def test_preview_is_let_go_where_others_need_its_room(hand_in, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_HELD", 1)
    older = hand_in(GOOD)
    older.wait(LONG_ENOUGH)

    newer = hand_in(OTHER).wait(LONG_ENOUGH)

    assert newer.stage == "previewed"
    assert (older.look().stage, older.look().problem.code) == ("failed", "upload_let_go")
    assert older.look().read is None


def test_strict_file_with_a_bad_row_cannot_be_saved(hand_in):
    upload = hand_in(GOOD, BAD, asked=Asked(is_strict=True))
    before = upload.wait(LONG_ENOUGH)

    upload.save(DEED)

    assert not before.may_be_saved
    assert upload.look() == before


def test_file_that_changes_nothing_has_nothing_to_save(hand_in, store, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-8")
    bring_in(store, path, context=DEED)

    look = hand_in(GOOD).wait(LONG_ENOUGH)

    assert look.preview.counts == Counts(unchanged=1)
    assert not look.may_be_saved


def test_later_one_of_two_sees_what_the_earlier_one_changed(hand_in):
    first, second = hand_in(GOOD), hand_in(GOOD.replace("415", "416"), OTHER)
    assert first.wait(LONG_ENOUGH).stage == second.wait(LONG_ENOUGH).stage == "previewed"

    first.save(DEED)
    first.wait(LONG_ENOUGH)
    second.save(DEED)
    looked_again = second.wait(LONG_ENOUGH)

    assert looked_again.stage == "previewed"
    assert (looked_again.before.counts, looked_again.preview.counts) == (
        Counts(accepted=2),
        Counts(accepted=1, revised=1),
    )
    second.save(DEED)
    assert second.wait(LONG_ENOUGH).report.counts == looked_again.preview.counts


def test_whoever_may_not_bring_files_in_saves_nothing_and_leaves_a_trace(hand_in, store):
    upload = hand_in(GOOD)
    upload.wait(LONG_ENOUGH)

    upload.save(replace(DEED, by="nobody"))
    look = upload.wait(LONG_ENOUGH)

    with store.reading() as session:
        traces = session.exec(select(AuditEntry).where(AuditEntry.action == "refused")).all()
        runs = session.exec(select(Run).where(Run.kind == "readings")).all()
    assert (look.stage, look.report, list(runs)) == ("previewed", None, [])
    assert isinstance(look.problem, Refused)
    assert [(trace.by, trace.subject) for trace in traces] == [("nobody", "import")]


def test_changed_units_ask_for_the_file_again(hand_in, store, tmp_path):
    upload = hand_in(GOOD)
    upload.wait(LONG_ENOUGH)
    path = tmp_path / "units.csv"
    path.write_text("Mã đơn vị;Cấp;Tên đơn vị;Mã đơn vị cấp trên\n99901;commune;UBND xã Mới;H21.55\n", encoding="utf-8")
    bring_in(store, path, context=DEED)

    upload.save(DEED)
    look = upload.wait(LONG_ENOUGH)

    assert (look.stage, look.problem.code, look.read) == ("failed", "campaign_changed", None)


def test_what_is_saved_is_saved_to_its_end_though_somebody_cancels(hand_in):
    upload = hand_in(GOOD)
    upload.wait(LONG_ENOUGH)

    upload.save(DEED)
    upload.cancel()

    assert upload.wait(LONG_ENOUGH).stage == "saved"


def test_day_and_source_are_those_asked_for(hand_in, tmp_path):
    asked = Asked(source="igate", as_of=date(2024, 5, 6))

    look = hand_in("H21.58;online;;1;2;", asked=asked).wait(LONG_ENOUGH)

    assert (look.read.source, look.preview.new[0].as_of) == ("igate", date(2024, 5, 6))


def test_file_that_cannot_be_copied_leaves_nothing_behind(store):
    class Broken(io.BytesIO):
        def read(self, *_):
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        Upload(store, Broken(), name="a.csv", asked=Asked(), context=DEED)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("so-lieu.csv", "so-lieu.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\A\\báo cáo.xlsx", "báo cáo.xlsx"),
        ("a\nb\x00.csv", "ab.csv"),
        ("..", "tep"),
        ("", "tep"),
        ("x" * 300, "x" * LONGEST_NAME),
    ],
)
def test_names_of_files_lose_what_could_do_harm(name, kept):
    assert safe_name(name) == kept


def test_names_of_letters_that_take_four_bytes_fit_on_a_disk():
    assert len(safe_name("😀" * 80).encode()) <= 255


def test_long_names_keep_their_ending():
    kept = safe_name("x" * 300 + ".xlsx")

    assert kept.endswith(".xlsx")
    assert len(kept) <= LONGEST_NAME + 1
    assert Path(kept).name == kept
