"""The kept back-test is read back as it was written. The one in the repository: `tests/adversarial`."""

from dataclasses import asdict
from datetime import date

from jobs.backtest import Judged, Record, read_record, write_record
from targets.projection.backtest import Bin, Score

SCORE = Score(10, 80.0, 10.0, 10.0, 5.123456, 1.0, 2.0, 3.0, 50.0, 0.1, 0.2, 0.3, None)


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
