"""What `python -m tests.bench` prints, writes and ends with."""

from datetime import date

import pytest

from tests.bench import __main__ as command
from tests.bench.measuring import SMALLEST, Measured
from tests.bench.report import Machine, document
from tests.bench.running import Outcome, run

MACHINE = Machine(
    day=date(2024, 5, 7), processor="Abacus 2", cores=2, memory=4 * 2**30, system="Linux, Python 3.11", load=0.1
)
FLOORS = Outcome("bench_floors", (Measured("plain upsert", 0.5, rows=1_000),), has_failed=False)
IMPORT = Outcome(
    "bench_import", (Measured("import / plain upsert", 2.0, floor=0.5, most=3, peak=600 * 2**20),), has_failed=False
)
FAILED = Outcome("bench_pull", (Measured("pull / plain upsert", 1.0, floor=0.5),), has_failed=True)


@pytest.fixture
def bench(monkeypatch, tmp_path):
    """Runs the command over made-up benchmarks; answers how it ended and where it would have written."""

    def run_command(*outcomes, words=()):
        by_name = {outcome.name: outcome for outcome in outcomes}
        monkeypatch.setattr(command, "PROJECT", tmp_path)
        monkeypatch.setattr(command, "DOCUMENT", tmp_path / "docs" / "BENCHMARKS.md")
        monkeypatch.setattr(command, "names", lambda: sorted(by_name))
        monkeypatch.setattr(command, "run", lambda name, size: by_name[name])
        return command.main(list(words)), tmp_path / "docs" / "BENCHMARKS.md"

    return run_command


def test_document_says_on_what_machine_and_when():
    written = document([FLOORS], MACHINE)

    assert "- Day: 2024-05-07\n" in written
    assert "- Processor: Abacus 2, 2 cores\n" in written
    assert "- Memory: 4.0 GiB\n" in written


def test_document_has_each_row_with_its_floor_ratio_and_limit():
    written = document([FLOORS, IMPORT], MACHINE)

    assert "## Floors\n" in written
    assert "| plain upsert | 500.0 ms | 2,000 |\n" in written
    assert "| import / plain upsert | 2.00 s | 500.0 ms | 4.00 | 600 MiB | 3 OVER |\n" in written


def test_whole_run_prints_and_writes(bench, capsys):
    code, written = bench(FLOORS)

    assert code == 0
    assert "plain upsert" in capsys.readouterr().out
    assert "plain upsert" in written.read_text(encoding="utf-8")


def test_run_of_some_prints_and_writes_nothing(bench, capsys):
    code, written = bench(FLOORS, IMPORT, words=["floors"])

    assert code == 0
    assert "plain upsert" in capsys.readouterr().out
    assert not written.exists()


def test_run_that_is_over_its_limit_writes_and_ends_with_one(bench):
    code, written = bench(IMPORT)

    assert code == 1
    assert written.exists()


def test_benchmark_that_fails_leaves_the_others_their_rows(bench, capsys):
    code, written = bench(FLOORS, FAILED)

    said = capsys.readouterr()
    assert code == 1
    assert "plain upsert" in said.out
    assert "bench_pull" in said.err
    assert not written.exists()


def test_benchmark_that_fails_keeps_its_rows_so_far(capfd):
    outcome = run("made_to_fail", SMALLEST)

    assert outcome == Outcome("made_to_fail", (Measured(f"a row of {SMALLEST.days} days", 1.0),), has_failed=True)
    assert "The second row was not to be." in capfd.readouterr().err
