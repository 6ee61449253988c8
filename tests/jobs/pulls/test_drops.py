"""Files that a folder's source found: taken in under runs of their own, and settled whatever became of them."""

import os
import sqlite3
from dataclasses import replace
from datetime import timedelta
from lzma import LZMAError

import pytest
from sqlalchemy.exc import OperationalError

from jobs.fetching.values import PullFailed, ReportedFile, SourceAnswer
from jobs.health.wellness import find_feeds
from jobs.imports.tables.questions import FileAsks
from jobs.intake.bring_in import bring_in
from jobs.intake.waiting_files import file_words, read_again
from jobs.pulls import run
from models.core.texts import LANGUAGES
from models.feeds.actions import NOBODY
from models.feeds.files import find_waiting_files, note_place
from models.feeds.words import failure_sentence
from targets.errors import UnknownName, UnreadableFile
from tests.jobs.imports.test_hostile import inline
from tests.jobs.imports.test_workbooks import by_hand
from tests.jobs.pull_world import PullWorld, found, pulled_campaign, source
from tests.models.conftest import at, context, day

GOOD = "Đơn vị,Chỉ số,Ngày,Tử số,Mẫu số\nS1,online,07/03/2024,3,4\n"


@pytest.fixture
def folder(prepared, tmp_path, teller):
    """A source that looks into a folder; `settled` is what it was told of each file."""
    yield from watching(prepared, f"sqlite:///{tmp_path / 'caodiem.db'}", tmp_path, teller)


@pytest.fixture
def folder_on_each_engine(prepared, database_url, tmp_path, teller):
    """The same on each engine."""
    yield from watching(prepared, database_url, tmp_path, teller)


def watching(prepared, url, place, teller):
    store = prepared.copy("watching", found_watching, to=url)
    yield PullWorld(url, place / "home", store, teller)
    store.close()


def found_watching(store):
    more = (source("drop", "watcher"), source("igate"), source("file", "file", schedule=None))
    found(store, pulled_campaign(sources=more))


def drop(folder, tmp_path, *files, **other):
    """Lay files there; answers what each was settled as."""
    settled = {}
    result = []
    for name, content in files:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        result.append(ReportedFile(path, "auto", lambda is_good, name=name: settled.update({name: is_good}), **other))
    folder.teller.answers[day("8/3")] = SourceAnswer(files=tuple(result))
    return settled


def look(folder, **other):
    return folder.puller("8/3 07:00").pull("drop", day("8/3"), **other)


def test_empty_folder_leaves_no_trace(folder):
    folder.teller.answers[day("8/3")] = lambda asking: SourceAnswer()

    assert look(folder) == []
    assert folder.runs() == []


def test_files_are_taken_in_each_under_its_own_run(folder, tmp_path):
    settled = drop(folder, tmp_path, ("a.csv", GOOD), ("b.csv", GOOD))

    pulled = look(folder)

    assert [(one.file, one.status, one.accepted) for one in pulled] == [("a.csv", "done", 1), ("b.csv", "unchanged", 0)]
    assert settled == {"a.csv": True, "b.csv": True}
    assert [(claim.done, claim.owner) for claim in folder.claims()] == [(False, NOBODY)]


def test_file_that_cannot_be_read_leaves_a_failed_run_and_the_next_gets_its_turn(folder, tmp_path):
    settled = drop(folder, tmp_path, ("a.csv", "nothing that is a table"), ("b.csv", GOOD))

    bad, good = look(folder)

    assert (bad.status, bad.file) == ("failed", "a.csv")
    assert "a.csv" in bad.says("vi")
    assert good.status == "done"
    assert settled == {"a.csv": False, "b.csv": True}


def test_file_with_an_open_question_is_refused_with_the_way_out(folder, tmp_path):
    settled = drop(folder, tmp_path, ("a.csv", "Đơn vị,Ngày,online\nS1,07/03/2024,45\n"))

    (bad,) = look(folder)

    assert bad.status == "failed"
    assert "“online”" in bad.says("vi")
    assert "trang Nhập số liệu" in bad.says("vi")
    assert settled == {"a.csv": False}


def test_file_whose_title_names_two_days_is_refused_until_somebody_has_said_which_is_meant(folder, tmp_path):
    """The answer is given for one file by hand; files of the same words are then read without anybody."""
    rows = "Đơn vị,Chỉ số,Tử số,Mẫu số\nS1,online,3,4\n"
    first, second = (f"Kết quả đến ngày 07/03/2024 (báo cáo ngày 0{one}/03/2024)\n{rows}" for one in (6, 5))
    settled = drop(folder, tmp_path, ("a.csv", first))
    (refused,) = look(folder)
    by_hand = tmp_path / "by-hand.csv"
    by_hand.write_text(first, encoding="utf-8")
    with pytest.raises(FileAsks) as asks:
        bring_in(folder.store, by_hand, source="drop", context=context("8/3 08:00"))
    bring_in(
        folder.store,
        by_hand,
        source="drop",
        choices={asks.value.questions[0].key: "day:2"},
        context=context("8/3 08:00"),
    )

    again = drop(folder, tmp_path, ("b.csv", second))
    (taken,) = look(folder)

    assert "06/03/2024" in refused.says("vi")
    assert (refused.status, taken.status, taken.accepted) == ("failed", "done", 1)
    assert (settled, again) == ({"a.csv": False}, {"b.csv": True})


def test_file_that_must_not_be_opened_is_refused_unread(folder, tmp_path):
    settled = drop(folder, tmp_path, ("a.exe", "MZ"), refused="file_is_no_table")

    (bad,) = look(folder)

    assert (bad.failure, settled) == ("file_is_no_table", {"a.exe": False})
    assert "a.exe" in bad.says("en")


def test_file_counts_as_the_source_that_it_names(folder, tmp_path):
    drop(folder, tmp_path, ("a.csv", GOOD), source="file")

    (pulled,) = look(folder)

    assert pulled.source == "file"


def test_file_that_the_reader_stumbles_over_is_not_met_again(folder, tmp_path, monkeypatch):
    def stumble(*_, **__):
        raise KeyError("Sheet1")

    monkeypatch.setattr("jobs.pulls.drops.bring_in", stumble)
    settled = drop(folder, tmp_path, ("a.csv", GOOD))

    (bad,) = look(folder)

    assert (bad.failure, settled) == ("unexpected", {"a.csv": False})


@pytest.mark.daily(2)
@pytest.mark.parametrize(
    "problem",
    [
        LZMAError("Corrupt input data"),
        RuntimeError("?"),
        UnicodeEncodeError("utf-8", "\ud800", 0, 1, "?"),
        MemoryError(),
    ],
)
def test_whatever_one_file_does_the_others_are_taken_in(folder, tmp_path, monkeypatch, problem):
    def bring(store, path, **options):
        if path.name == "a.csv":
            raise problem
        return bring_in(store, path, **options)

    monkeypatch.setattr("jobs.pulls.drops.bring_in", bring)
    settled = drop(folder, tmp_path, ("a.csv", GOOD), ("b.csv", GOOD))

    bad, good = look(folder)

    assert (bad.failure, good.status, settled) == ("unexpected", "done", {"a.csv": False, "b.csv": True})


def full(*_, **__):
    raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))


@pytest.mark.soak
def test_file_that_the_store_does_not_take_now_waits_and_the_others_get_their_turn(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "jobs.pulls.drops.bring_in",
        lambda store, path, **options: full() if path.name == "a.csv" else bring_in(store, path, **options),
    )
    settled = drop(folder, tmp_path, ("a.csv", GOOD), ("b.csv", GOOD))

    good, left = look(folder)

    assert (good.file, good.status, settled) == ("b.csv", "done", {"b.csv": True})
    assert (left.failure, left.failure_terms) == ("files_left", {"count": "1", "names": "a.csv"})
    assert all("a.csv" in left.says(language) for language in LANGUAGES)
    # Minutes later, and not the next day, as others may be dropped meanwhile.
    assert look(folder) == []
    folder.machine += timedelta(minutes=6)
    assert len(look(folder)) == 2


def test_file_that_the_store_does_not_take_for_a_day_is_set_apart(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("jobs.pulls.drops.bring_in", full)
    monkeypatch.setattr("jobs.pulls.drops.LONGEST_KEPT", timedelta(days=-1_000_000))
    settled = drop(folder, tmp_path, ("a.csv", GOOD))

    (bad,) = look(folder)

    assert (bad.failure, settled) == ("unexpected", {"a.csv": False})


def test_archive_that_takes_nothing_is_told_and_the_figures_stay(folder, tmp_path):
    drop(folder, tmp_path, ("a.csv", GOOD), ("b.csv", GOOD))
    result = folder.teller.answers[day("8/3")]

    def settle(_is_good):
        raise OSError(28, "No space left on device")

    files = (replace(result.files[0], settle=settle), *result.files[1:])
    folder.teller.answers[day("8/3")] = SourceAnswer(files=files)

    good, left = look(folder)

    assert (good.file, good.status, left.failure) == ("b.csv", "unchanged", "files_left")


@pytest.mark.daily(1)
def test_name_and_cells_that_no_database_takes_are_kept_as_far_as_they_can(folder_on_each_engine, tmp_path):
    """On both engines: a NUL in a cell, half a letter in a name."""
    rows = inline("Đơn vị", "Chỉ số", "Ngày", "Tử số", "Mẫu số") + inline("S_x0000_1", "online", "07/03/2024", "3", "4")
    path = by_hand(tmp_path, rows + inline("S1", "online", "07/03/2024", "3", "4"))
    place = path.rename(path.with_name(os.fsdecode(b"b\xe1o.xlsx")))
    file = ReportedFile(place, "auto", lambda is_good: None)
    folder_on_each_engine.teller.answers[day("8/3")] = SourceAnswer(files=(file,))

    (pulled,) = look(folder_on_each_engine)

    assert (pulled.status, pulled.accepted, pulled.rejected, pulled.file) == (
        "done_with_rejects",
        1,
        1,
        "b\ufffdo.xlsx",
    )


def test_folder_that_is_gone_fails_and_is_looked_for_again_later(folder):
    folder.teller.answers[day("8/3")] = PullFailed("folder_missing", folder="/srv/drop")

    (bad,) = look(folder)
    meanwhile = look(folder)
    by_hand = look(folder, by_hand=True)

    assert (bad.status, bad.failure) == ("failed", "folder_missing")
    assert meanwhile == []
    assert [one.failure for one in by_hand] == ["folder_missing"]


# --- files that wait for somebody -----------------------------------------------------------------------------------

MANY = [(unit, f"{number:02}/03/2024") for unit in ("S1", "S2", "X1", "X3", "X4") for number in (4, 5, 6, 7)]


def sheet(numerator, *, title=""):
    rows = "".join(f"{unit},online,{when},{numerator},40\n" for unit, when in MANY)
    return f"{title}Đơn vị,Chỉ số,Ngày,Tử số,Mẫu số\n{rows}"


def feed(folder):
    with folder.store.reading() as session:
        return next(state for state in find_feeds(session, now=at("8/3 09:00")) if state.source == "drop")


def test_file_whose_title_names_another_province_waits_and_is_taken_in_once_somebody_says_so(folder, tmp_path):
    settled = drop(folder, tmp_path, ("sai.csv", sheet(3, title="UBND TỈNH BÌNH ĐỊNH,,,,\n")))
    [held] = look(folder)
    with folder.store.writing() as session:
        note_place(session, held.run_id, path=str(tmp_path / "sai.csv"))

    assert (held.status, held.failure, settled) == ("held", "held_other_province", {"sai.csv": False})
    assert (feed(folder).state, feed(folder).files) == ("failing", 1)
    with folder.store.reading() as session:
        assert "Bình Định" in file_words(find_waiting_files(session)[0], "vi")

    report = read_again(folder.store, held.run_id, context=context("8/3 10:00", reason="đã xem, đúng tỉnh"))

    assert (report.counts.accepted, report.is_stored) == (20, True)
    assert feed(folder).files == 0
    with pytest.raises(UnknownName):
        read_again(folder.store, held.run_id, context=context("8/3 10:00"))


@pytest.mark.daily(2)
@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("UBND HUYỆN CHƯ SÊ", "held"),
        ("UBND tỉnh P. Kết quả của huyện Một", "done"),
        # A campaign of a district names its province above itself; here the root is no province of the country.
        ("UBND TỈNH GIA LAI. UBND TỈNH P", "done"),
        ("UBND TỈNH GIA LAI", "held"),
    ],
)
def test_file_whose_title_names_what_another_campaign_is_of_waits(folder, tmp_path, monkeypatch, title, status):
    """`huyện Một` heads a campaign of its own, and is a unit of this one: its files belong to both."""
    monkeypatch.setattr(run, "find_other_roots", lambda workplace: ("UBND huyện Chư Sê", "UBND huyện Một"))
    drop(folder, tmp_path, ("a.csv", sheet(3, title=f"{title},,,,\n")))

    [taken] = look(folder)

    assert taken.status == status


@pytest.mark.daily(1)
@pytest.mark.parametrize(("most", "status"), [(30, "held"), (100, "done")])
def test_file_that_would_revise_most_of_what_is_known_waits(folder, tmp_path, most, status):
    drop(folder, tmp_path, ("a.csv", sheet(3)), most_revised=most)
    [first] = look(folder)
    drop(folder, tmp_path, ("b.csv", sheet(30)), most_revised=most)

    [second] = look(folder)

    assert (first.status, second.status) == ("done", status)
    if status == "held":
        said = failure_sentence(second.failure, second.failure_terms, "vi")
        assert "20 trong 20" in said
        assert "100%" in said


def test_correction_of_a_few_figures_is_taken_in(folder, tmp_path):
    drop(folder, tmp_path, ("a.csv", GOOD), most_revised=30)
    look(folder)
    drop(folder, tmp_path, ("b.csv", GOOD.replace(",3,4", ",4,4")), most_revised=30)

    assert [one.revised for one in look(folder)] == [1]


def test_bad_file_is_mended_where_it_lies(folder, tmp_path):
    drop(folder, tmp_path, ("a.csv", "nothing that is a table"))
    [bad] = look(folder)
    with pytest.raises(UnreadableFile, match="lies no more"):
        read_again(folder.store, bad.run_id, context=context("8/3 10:00"))
    with folder.store.writing() as session:
        note_place(session, bad.run_id, path=str(tmp_path / "a.csv"))
    with pytest.raises(UnreadableFile):
        read_again(folder.store, bad.run_id, context=context("8/3 10:00"))
    assert feed(folder).state == "failing"

    (tmp_path / "a.csv").write_text(GOOD, encoding="utf-8")
    read_again(folder.store, bad.run_id, context=context("8/3 11:00", reason="đã sửa"))

    assert feed(folder).files == 0
