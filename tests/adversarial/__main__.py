"""`python -m tests.adversarial [--tuning] [--keep] [SERIES …]`: the scores of the hard series, as tables in Markdown.

Judged by seeds never used for tuning; `--tuning` shows those that constants are chosen by. `--keep` writes what the
page of methods shows.
"""

import sys
from datetime import datetime

from jobs.backtest import Judged, Record, write_record
from jobs.commands.backtest import markdown
from models.core.clock import TIMEZONE
from tests.adversarial.forecasts import HELD_OUT_SEEDS, TUNING_SEEDS, judged_series
from tests.adversarial.series import SERIES


def main(words: list[str]) -> None:
    seeds = TUNING_SEEDS if "--tuning" in words else HELD_OUT_SEEDS
    names = [word for word in words if not word.startswith("--")] or list(SERIES)
    parts: list[Judged] = list(judged_series(names, seeds=seeds))
    sys.stdout.write(markdown(parts, seeds=seeds, language="en"))
    if "--keep" in words:
        write_record(Record(datetime.now(TIMEZONE).date(), seeds, tuple(parts)))


if __name__ == "__main__":
    main(sys.argv[1:])
