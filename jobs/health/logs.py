"""Log lines that people and programs can read: the moment, the level, what happened, then name=value."""

import json
import logging
import sys
from datetime import datetime

from models.core.settings import TIMEZONE

OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every record has; whatever else it holds was handed over as `extra`."""


class Lines(logging.Formatter):
    """`2024-05-07T06:30:00+07:00 INFO jobs.pulls.run: pulled source=igate day=2024-05-07 status=done`."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, TIMEZONE).isoformat(timespec="seconds")
        more = "".join(
            f" {name}={_spelled(value)}"
            for name, value in vars(record).items()
            if name not in OWN and value is not None
        )
        line = f"{moment} {record.levelname} {record.name}: {_on_one_line(record.getMessage())}{more}"
        if not record.exc_info:
            return line
        # Indented: whatever a mistake quotes, no line of it passes for one of ours.
        trace = self.formatException(record.exc_info).splitlines()
        return "\n".join([line, *(f"  {_on_one_line(part)}" for part in trace)])


def _on_one_line(words: str) -> str:
    """The words with whatever would not show as itself written out: ends of lines, marks that turn text around."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in words
    )


def _spelled(value: object) -> str:
    reported = str(value)
    is_plain = reported and not any(letter.isspace() or letter in '"=' for letter in reported)
    return _on_one_line(reported if is_plain else json.dumps(reported, ensure_ascii=False))


def write_log(*, level: int = logging.INFO) -> None:
    """Send the log of this process to standard error: systemd and `make run` show it from there."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Says each minute that nothing was due.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
