"""The archive of raw answers: what a source really said, compressed and hashed. Secrets are struck out before."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from jobs.fetching.values import PullFailed, ReportedFigure, ReportedScore
from jobs.pulls.work import Work
from models.feeds.actions import Answer, Claimed

FOLDER = "archive"


class Archive:
    """Keeps the raw answers of one run below `CAODIEM_HOME/archive/<source>/<date>/`."""

    def __init__(self, home: Path, *, work: Work, claimed: Claimed) -> None:
        self._home = home / FOLDER
        self._place = Path(work.source.key) / work.day.isoformat()
        self._prefix = f"{claimed.run_id}-{claimed.attempts}"
        self.answers: list[Answer] = []

    def keep(self, address: str, status: int | None, body: bytes) -> None:
        """Keep an answer as it came; raises PullFailed where the disk does not take it."""
        path = self._place / f"{self._prefix}-{len(self.answers) + 1:03}.gz"
        try:
            (self._home / self._place).mkdir(parents=True, exist_ok=True)
            waiting = (self._home / path).with_suffix(".part")
            # No time in its header: the same answer gives the same file.
            waiting.write_bytes(gzip.compress(body, compresslevel=6, mtime=0))
            waiting.replace(self._home / path)
        except OSError as error:
            raise PullFailed("archive_unwritable", is_passing=True, problem=error.strerror or str(error)) from error
        self.answers.append(
            Answer(
                address=address,
                status=status,
                sha256=hashlib.sha256(body).hexdigest(),
                size=len(body),
                path=path.as_posix(),
            )
        )

    def keep_told(self, figures: Sequence[ReportedFigure], scores: Sequence[ReportedScore]) -> None:
        """Keep the rows themselves, for a source that is not asked over HTTP: they are all it answered."""
        rows: list[ReportedFigure | ReportedScore] = [*figures, *scores]
        lines = (json.dumps(asdict(row), ensure_ascii=False, default=str) for row in rows)
        self.keep(self._place.parts[0], None, "\n".join(lines).encode())

    @property
    def fingerprint(self) -> str | None:
        """One hash for all that was answered; None where nothing was."""
        hashes = "\n".join(answer.sha256 for answer in self.answers)
        return hashlib.sha256(hashes.encode()).hexdigest() if hashes else None


def remove_answers(home: Path, paths: Iterable[str], *, before: datetime) -> int:
    """Delete the files of answers that are let go, and what runs that never ended left behind; answers how many."""
    archive = home / FOLDER
    files = {archive / path for path in paths}
    if archive.exists():
        files |= {path for path in archive.rglob("*") if path.is_file() and path.stat().st_mtime < before.timestamp()}
    removed = 0
    for path in files:
        if path.exists():
            path.unlink()
            removed += 1
    for folder in sorted((path for path in archive.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    return removed
