"""A file is read in a process of its own, which takes what a file of its size may, and is ended beyond it."""

import logging
import os
import threading
import time
from dataclasses import replace

import numpy as np
import pyarrow
import pytest

from jobs.imports.formats import isolated
from jobs.imports.formats.isolated import Share, read_apart, share_of
from jobs.imports.formats.limits import MIB, UPLOAD
from jobs.imports.problems import FileRefused
from jobs.imports.tables.questions import FileAsks
from jobs.imports.values import COMMAND
from targets.errors import UnknownName
from tests.jobs.imports_world import LONG, Outcome, context, long_csv, readings, write_csv, write_xlsx

GOOD = ("H21.58", "online", "10/05/2024", 1030, 1365, "")
BAD = ("nobody", "online", "10/05/2024", 1, 2, "")


@pytest.fixture(params=[1, 2], ids=["alone", "among others"])
def _threads(request, monkeypatch):
    """Whoever asks does nothing else, or is a server that must not become two."""
    monkeypatch.setattr(threading, "active_count", lambda: request.param)


def doing(monkeypatch: pytest.MonkeyPatch, read: object) -> None:
    """Have the reader do something else with its file: it must be this process, become two."""
    monkeypatch.setattr(isolated, "read_file", read)
    monkeypatch.setattr(threading, "active_count", lambda: 1)


@pytest.mark.usefixtures("_threads")
def test_file_read_apart_gives_what_reading_it_gives(tmp_path):
    path = long_csv(tmp_path, GOOD, BAD, ("H21.55", "payment", "10/05/2024", 5, 10, "50%"))
    result: list[tuple[int, int | None]] = []

    apart_read = Outcome(read_apart(path, context(), progress=lambda *done: result.append(done)))

    here = readings(path)
    assert apart_read.rows == here.rows
    assert (apart_read.rejected, apart_read.warnings) == (here.rejected, here.warnings)
    assert replace(apart_read.parsed, batches=()) == replace(here.parsed, batches=())
    assert result


@pytest.mark.usefixtures("_threads")
def test_refusals_and_questions_arrive_as_they_were(tmp_path):
    asks = write_csv(tmp_path, [("Đơn vị", "Ngày", "online"), ("H21.58", "10/05/2024", "45")])
    with pytest.raises(FileAsks) as asked:
        read_apart(asks, context())
    with pytest.raises(FileAsks) as here:
        readings(asks)
    assert (asked.value.questions, str(asked.value)) == (here.value.questions, str(here.value))

    with pytest.raises(FileRefused) as refused:
        read_apart(tmp_path / "none.csv", context())
    assert refused.value.code == "no_such_file"
    with pytest.raises(UnknownName, match="kind of file"):
        read_apart(asks, context(kind="poem"))


def test_reader_that_takes_too_long_is_ended(tmp_path, monkeypatch):
    def read(*_: object) -> None:
        time.sleep(600)

    doing(monkeypatch, read)
    monkeypatch.setattr(isolated, "share_of", lambda *_: Share(seconds=0, memory=400 * MIB))

    with pytest.raises(FileRefused) as refused:
        read_apart(long_csv(tmp_path, GOOD), context())

    assert refused.value.code == "reading_ended"
    assert "400 MB" in refused.value.sentence("vi")


def test_reader_takes_no_memory_ahead_of_its_need(tmp_path, monkeypatch):
    """What is mapped counts as taken: with Arrow's own pool, which maps a gigabyte, a million rows were too many."""

    def read(*_: object) -> None:
        raise FileRefused("unpacks_too_large", name=pyarrow.default_memory_pool().backend_name, size="")

    doing(monkeypatch, read)

    with pytest.raises(FileRefused) as refused:
        read_apart(long_csv(tmp_path, GOOD), context())

    assert refused.value.terms["name"] == "system"


def test_reader_that_works_too_long_is_ended(tmp_path, monkeypatch):
    def read(*_: object) -> None:
        while True:
            pass

    doing(monkeypatch, read)
    monkeypatch.setattr(isolated, "share_of", lambda *_: Share(seconds=1, memory=400 * MIB))
    monkeypatch.setattr(isolated, "PATIENCE", 1000)

    with pytest.raises(FileRefused) as refused:
        read_apart(long_csv(tmp_path, GOOD), context())

    assert refused.value.code == "reading_ended"


def test_reader_that_asks_for_too_much_memory_is_refused_it(tmp_path, monkeypatch):
    def read(*_: object) -> None:
        held = [np.ones(MIB) for _ in range(4000)]
        raise AssertionError(len(held))

    doing(monkeypatch, read)

    with pytest.raises(FileRefused) as refused:
        read_apart(long_csv(tmp_path, GOOD), context())

    assert refused.value.code == "reading_ended"


def test_reader_that_dies_takes_nobody_with_it(tmp_path, monkeypatch, caplog):
    doing(monkeypatch, lambda *_: os._exit(9))

    with caplog.at_level(logging.WARNING), pytest.raises(FileRefused) as refused:
        read_apart(long_csv(tmp_path, GOOD), context())

    assert refused.value.code == "reading_ended"
    assert "file.csv" in caplog.text


def test_whatever_the_reader_stumbles_over_is_a_refusal_and_the_log_has_the_rest(tmp_path, monkeypatch, caplog):
    def read(*_: object) -> None:
        raise ArithmeticError("no such number")

    doing(monkeypatch, read)

    with pytest.raises(FileRefused) as refused:
        read_apart(long_csv(tmp_path, GOOD), context())

    assert refused.value.code == "reader_stumbled"
    assert "no such number" in refused.value.sentence("vi")
    assert "Traceback" in caplog.text


@pytest.mark.usefixtures("_threads")
def test_whoever_gives_up_ends_the_reader(tmp_path):
    path = long_csv(tmp_path, *[GOOD] * 10)

    def give_up(_done: int, _total: int | None) -> None:
        raise KeyboardInterrupt

    parsed = read_apart(path, context(), progress=give_up)
    with pytest.raises(KeyboardInterrupt):
        list(parsed.batches)

    assert read_apart(path, context()).kind == "readings"


@pytest.mark.soak
def test_helper_that_was_ended_is_started_again(tmp_path, monkeypatch):
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    path = long_csv(tmp_path, GOOD)
    read_apart(path, context())
    assert isolated.HELPER._process is not None
    isolated.HELPER._process.kill()
    isolated.HELPER._process.wait()

    assert len(Outcome(read_apart(path, context())).frame) == 1


def test_share_grows_with_what_a_file_holds_and_never_beyond_the_limit(tmp_path):
    small = write_xlsx(tmp_path, [LONG, GOOD])
    large = tmp_path / "large.csv"
    with large.open("wb") as stream:
        stream.truncate(2000 * MIB)

    assert share_of(small, UPLOAD).memory < 450 * MIB
    assert share_of(small, UPLOAD).seconds < 30
    assert share_of(large, UPLOAD) == Share(UPLOAD.seconds, UPLOAD.memory)
    assert share_of(large, COMMAND).seconds > UPLOAD.seconds
    assert share_of(tmp_path / "none.csv", UPLOAD) == Share(20, 400 * MIB)
