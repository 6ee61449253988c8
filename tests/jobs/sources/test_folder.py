"""The watched folder: what is new is found, taken aside, told, and moved to the archive, good or bad."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from jobs.fetching.values import ReportedFile
from jobs.sources.folder import SOURCE
from models.core.clock import machine_now
from tests.jobs.source_world import asked_of, gia_lai, refused_by, reported_by

OLD = 1_700_000_000
ANY_AGE = {"stable_seconds": 0}


def put(folder: Path, name: str, content: bytes = b"unit;value\n", *, at: int = OLD) -> Path:
    path = folder / name
    path.write_bytes(content)
    os.utime(path, (at, at))
    return path


def looked(folder: Path, **options) -> tuple[ReportedFile, ...]:
    return reported_by(SOURCE, folder=folder, options=ANY_AGE | options).files


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def test_empty_folder_tells_nothing_and_is_made_where_there_is_none(tmp_path):
    assert looked(tmp_path / "drop") == ()
    assert (tmp_path / "drop").is_dir()


def test_files_are_told_oldest_first_and_taken_aside(tmp_path):
    put(tmp_path, "b.xlsx", at=OLD)
    put(tmp_path, "a.csv", at=OLD + 60)

    found = looked(tmp_path, kind="readings", counts_as="file")

    assert [(file.path.name, file.kind, file.source, file.refused) for file in found] == [
        ("b.xlsx", "readings", "file", None), ("a.csv", "readings", "file", None),
    ]  # fmt: skip
    assert names(tmp_path) == ["reading/a.csv", "reading/b.xlsx"]


def test_files_go_to_the_archive_of_the_day_good_and_bad(tmp_path):
    put(tmp_path, "good.csv")
    put(tmp_path, "bad.csv")

    for file in looked(tmp_path):
        file.settle(file.path.name == "good.csv")

    assert names(tmp_path) == ["bad/2024-05-07/bad.csv", "done/2024-05-07/good.csv"]
    assert looked(tmp_path) == ()


def test_file_of_the_same_name_does_not_overwrite_the_archived_one(tmp_path):
    for content in (b"first", b"second", b"third"):
        put(tmp_path, "figures.csv", content)
        (file,) = looked(tmp_path)
        file.settle(True)

    archived = tmp_path / "done" / "2024-05-07"
    assert [(archived / name).read_bytes() for name in ("figures.csv", "figures (2).csv", "figures (3).csv")] == [
        b"first", b"second", b"third",
    ]  # fmt: skip


def test_file_that_is_still_written_to_waits_for_the_next_look(tmp_path):
    # Its own date is old, as a copy's is; it came here just now.
    put(tmp_path, "copying.xlsx", at=OLD)

    assert looked(tmp_path, stable_seconds=60) == ()
    assert names(tmp_path) == ["copying.xlsx"]


@pytest.mark.parametrize("name", [".hidden.csv", "~$figures.xlsx", "figures.xlsx.part", "x.csv.tmp", "x.crdownload"])
def test_what_programs_leave_beside_files_is_left_alone(tmp_path, name):
    put(tmp_path, name)

    assert looked(tmp_path) == ()
    assert names(tmp_path) == [name]


def test_folders_within_are_left_alone(tmp_path):
    (tmp_path / "last year").mkdir()
    put(tmp_path / "last year", "old.csv")

    assert looked(tmp_path) == ()


def test_link_is_not_followed_and_what_it_points_to_stays(tmp_path):
    outside = put(tmp_path, "secret.csv", b"secret")
    folder = tmp_path / "drop"
    folder.mkdir()
    (folder / "figures.csv").symlink_to(outside)

    (file,) = looked(folder)
    file.settle(False)

    assert file.refused == "file_is_link"
    assert outside.read_bytes() == b"secret"
    assert (folder / "bad" / "2024-05-07" / "figures.csv").is_symlink()


def test_pipe_is_set_apart_without_being_opened(tmp_path):
    os.mkfifo(tmp_path / "figures.csv")

    (file,) = looked(tmp_path)

    assert file.refused == "file_is_none"


@pytest.mark.parametrize(
    ("name", "size", "refused"),
    [
        ("letter.docx", 10, "file_is_no_table"),
        ("scan.pdf", 10, "file_is_no_table"),
        ("large.xlsx", (1 << 20) + 1, "file_is_too_large"),
        ("fits.xlsx", 1 << 20, None),
        ("CAPITALS.XLSX", 10, None),
    ],
)
def test_what_no_table_could_be_is_set_apart(tmp_path, name, size, refused):
    put(tmp_path, name, bytes(size))

    (file,) = looked(tmp_path, most_megabytes=1)

    assert file.refused == refused


def test_only_so_many_files_are_taken_in_one_look(tmp_path):
    for number in range(5):
        put(tmp_path, f"{number}.csv", at=OLD + number)

    first = looked(tmp_path, most_files=3)
    for file in first:
        file.settle(True)

    assert [file.path.name for file in first] == ["0.csv", "1.csv", "2.csv"]
    assert [file.path.name for file in looked(tmp_path, most_files=3)] == ["3.csv", "4.csv"]


def test_file_that_a_killed_run_had_taken_is_told_again(tmp_path):
    put(tmp_path, "figures.csv")
    looked(tmp_path)

    (again,) = looked(tmp_path)
    again.settle(True)

    assert names(tmp_path) == ["done/2024-05-07/figures.csv"]


def test_file_that_somebody_took_away_meanwhile_is_no_matter(tmp_path):
    put(tmp_path, "figures.csv")
    (file,) = looked(tmp_path)
    file.path.unlink()

    file.settle(True)

    assert names(tmp_path) == []


@pytest.mark.parametrize("name", [b"b\xe1o c\xe1o.csv", b"a\nb.csv", b"\x1b[2J.csv"])
def test_file_with_a_name_that_cannot_be_stored_gets_one_that_can(tmp_path, name):
    place = os.fsencode(tmp_path) + b"/" + name
    with open(place, "wb") as stream:  # noqa: PTH123 - a name of bytes
        stream.write(b"unit;value\n")

    (file,) = looked(tmp_path)
    file.settle(False)

    assert file.path.name.encode()
    assert file.path.name.isprintable()
    assert names(tmp_path) == [f"bad/2024-05-07/{file.path.name}"]


def test_file_that_an_older_release_left_under_such_a_name_is_moved_on(tmp_path):
    (tmp_path / "reading").mkdir()
    with open(os.fsencode(tmp_path) + b"/reading/b\xe1o.csv", "wb"):  # noqa: PTH123 - a name of bytes
        pass

    (file,) = looked(tmp_path)

    assert names(tmp_path) == [f"reading/{file.path.name}"]
    assert file.path.name == "b\ufffdo.csv"


def test_files_of_the_longest_name_dropped_again_and_again_are_all_archived(tmp_path):
    name = "ủ" * 83 + ".csv"
    assert len(name.encode()) == 253
    for _ in range(12):
        put(tmp_path, name)
        (file,) = looked(tmp_path)
        file.settle(True)

    archived = names(tmp_path)
    assert len(archived) == 12
    assert all(place.startswith("done/") and place.endswith(".csv") for place in archived)


def test_file_that_cannot_be_taken_does_not_keep_the_others_waiting(tmp_path, monkeypatch, caplog):
    put(tmp_path, "a.csv")
    put(tmp_path, "b.csv", at=OLD + 1)
    rename = Path.rename

    def refusing(path: Path, place: Path) -> Path:
        if path.name == "a.csv":
            raise PermissionError(1, "Operation not permitted")
        return rename(path, place)

    monkeypatch.setattr(Path, "rename", refusing)

    assert [file.path.name for file in looked(tmp_path)] == ["b.csv"]
    assert "a.csv" in caplog.text
    (tmp_path / "reading" / "b.csv").unlink()
    assert refused_by(SOURCE, folder=tmp_path, options=ANY_AGE).failure == "folder_unusable"


def test_what_lies_unfinished_is_named(tmp_path, monkeypatch):
    options = SOURCE.options.model_validate(ANY_AGE)
    assert SOURCE.find_left(tmp_path / "none", options) == []
    put(tmp_path, "taken.csv")
    looked(tmp_path)
    put(tmp_path, "new.csv")

    assert SOURCE.find_left(tmp_path, options) == ["taken.csv"]
    own = SOURCE.options.model_validate(ANY_AGE | {"folder": str(tmp_path)})
    assert SOURCE.find_left(tmp_path / "unused", own) == ["taken.csv"]

    later = machine_now() + timedelta(hours=2)
    monkeypatch.setattr("jobs.sources.folder.machine_now", lambda: later)
    assert SOURCE.find_left(tmp_path, options) == ["taken.csv", "new.csv"]


def test_folder_of_the_office_s_own_is_watched_and_must_be_there(tmp_path):
    put(tmp_path, "figures.csv")

    result = reported_by(SOURCE, folder=tmp_path / "unused", options=ANY_AGE | {"folder": str(tmp_path)})

    assert [file.path.name for file in result.files] == ["figures.csv"]
    failed = refused_by(SOURCE, folder=tmp_path, options={"folder": str(tmp_path / "gone")})
    assert (failed.failure, failed.terms) == ("folder_missing", {"folder": str(tmp_path / "gone")})


def test_folder_that_is_a_file_is_said_to_be_unusable(tmp_path):
    put(tmp_path, "reading")
    put(tmp_path, "figures.csv")

    failed = refused_by(SOURCE, folder=tmp_path, options=ANY_AGE)

    assert failed.failure == "folder_unusable"


def test_mistakes_in_its_description_are_named(tmp_path):
    with pytest.raises(ValueError, match="absolute path"):
        SOURCE.options.model_validate({"folder": "drop"})
    options = SOURCE.options.model_validate({"counts_as": "fil"})
    with asked_of(SOURCE, folder=tmp_path) as asking:
        ((where, problem),) = SOURCE.mistakes(options, asking.source, gia_lai().campaign)
        assert SOURCE.mistakes(SOURCE.options(), asking.source, gia_lai().campaign) == []

    assert where == "options.counts_as"
    assert "Did you mean “file”?" in problem


def test_unit_that_sends_files_is_named_by_the_source_that_they_count_as(tmp_path):
    options = SOURCE.options.model_validate({"counts_as": "file"})
    with asked_of(SOURCE, folder=tmp_path) as asking:
        named = replace(asking.source, contact="H21.12")
        ((where, problem),) = SOURCE.mistakes(options, named, gia_lai().campaign)
        assert SOURCE.mistakes(options, asking.source, gia_lai().campaign) == []

    assert where == "contact"
    assert "“file”" in problem
