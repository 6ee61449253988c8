"""The kept back-test: written by the command, read back as it was, and the one in the repository holds."""

from dataclasses import asdict
from datetime import date

import pytest
import typer
from typer.testing import CliRunner

from jobs.backtest import HELD_OUT_SEEDS, Judged
from jobs.backtest_record import Record, read_record, write_record
from jobs.commands import backtest as command
from jobs.simulated_campaigns import KINDS
from targets.backtest import HORIZONS, Bin, Score

APP = typer.Typer()
APP.command()(command.backtest)
SCORE = Score(10, 80.0, 10.0, 10.0, 5.123456, 1.0, 2.0, 3.0, 0.1, 0.2, 0.3)


def test_record_is_read_back_as_it_was_written(tmp_path):
    judged = Judged("simulated", SCORE, {7: SCORE}, [Bin(0.65, 0.75, 5, 70.0, 71.4)])
    kept = Record(date(2024, 3, 1), (21, 22), (judged,))

    write_record(kept, tmp_path / "backtest.json")

    found = read_record(tmp_path / "backtest.json")
    assert found is not None
    assert (found.made_on, found.seeds) == (kept.made_on, kept.seeds)
    assert found.parts[0].calibration == judged.calibration
    assert asdict(found.parts[0].by_horizon[7]) == asdict(SCORE) | {"width": 5.1235}


def test_there_is_none_before_one_is_kept(tmp_path):
    assert read_record(tmp_path / "backtest.json") is None


def test_record_in_the_repository_is_of_campaigns_never_tuned_on_and_holds():
    kept = read_record()

    assert kept is not None
    assert kept.seeds == HELD_OUT_SEEDS
    assert [part.name for part in kept.parts] == [*KINDS, "simulated"]
    for part in kept.parts:
        assert tuple(part.by_horizon) == HORIZONS
        assert all(score.holds for score in part.by_horizon.values()), part.name


@pytest.mark.parametrize(("words", "is_kept"), [(("--keep",), True), ((), False), (("--keep", "--own"), False)])
def test_command_keeps_what_it_found_of_simulated_campaigns_only_when_asked(tmp_path, monkeypatch, words, is_kept):
    written = []
    judged = Judged("simulated", SCORE, {7: SCORE}, [])
    monkeypatch.setenv("CAODIEM_HOME", str(tmp_path))
    monkeypatch.setattr(command, "_simulated", lambda *_, **__: [judged])
    monkeypatch.setattr(command, "_own", lambda *_, **__: [Judged("own", SCORE, {7: SCORE}, [])])
    monkeypatch.setattr(command, "write_record", written.append)

    outcome = CliRunner().invoke(APP, list(words))

    assert outcome.exit_code == 0, outcome.output
    assert [[part.name for part in record.parts] for record in written] == ([["simulated"]] if is_kept else [])
