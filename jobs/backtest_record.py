"""What the last back-test found, kept in the repository: the page of methods shows it, so nobody types it in.

`make backtest` writes it from the hard series of `tests/adversarial`, which share nothing with the demonstration. A
store's own past is not part of it.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jobs.backtest import Judged
from models.core import formats
from models.core.settings import CAMPAIGNS
from models.core.texts import text
from targets.projection.backtest import Bin, Score

RECORD = CAMPAIGNS.parent / "backtest.json"
PLACES = 4
"""Decimals that are kept: more than any page shows, and no machine's last digit."""


@dataclass(frozen=True)
class Record:
    """The scores of some simulated campaigns, and when they were worked out."""

    made_on: date
    seeds: tuple[int, ...]
    parts: tuple[Judged, ...]


def write_record(record: Record, path: Path = RECORD) -> None:
    content = {
        "made_on": record.made_on.isoformat(),
        "seeds": list(record.seeds),
        "parts": [_rounded(asdict(part)) for part in record.parts],
    }
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read_record(path: Path = RECORD) -> Record | None:
    """The record; None where no back-test has been kept."""
    if not path.exists():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    return Record(
        made_on=date.fromisoformat(content["made_on"]),
        seeds=tuple(content["seeds"]),
        parts=tuple(
            Judged(
                name=part["name"],
                overall=Score(**part["overall"]),
                by_horizon={int(horizon): Score(**found) for horizon, found in part["by_horizon"].items()},
                calibration=[Bin(**found) for found in part["calibration"]],
            )
            for part in content["parts"]
        ),
    )


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_rounded(inner) for inner in value]
    return round(value, PLACES) if isinstance(value, float) else value


NOTHING = "—"


def cells(horizon: int, score: Score, language: str) -> tuple[str, ...]:
    """Horizon, count, coverage, width, errors, share shown a probability, Brier × 100, apart, and whether it holds.

    Errors and Brier scores stand beside those of the two plain guesses; "—" where no probability was shown.
    """

    def beside(*values: float | None) -> str:
        return " / ".join(NOTHING if value is None else formats.decimal(value, language) for value in values)

    briers = [None if value is None else 100 * value for value in (score.brier, score.brier_last, score.brier_line)]
    return (
        str(horizon),
        formats.whole(score.count, language),
        formats.decimal(score.coverage, language),
        formats.decimal(score.width, language),
        beside(score.error, score.error_last, score.error_line),
        formats.decimal(score.told, language),
        NOTHING if score.brier is None else beside(*briers),
        beside(score.apart),
        text("backtest.yes" if score.holds else "backtest.no", language),
    )
