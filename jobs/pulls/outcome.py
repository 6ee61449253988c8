"""What became of a pull, as people and scripts are shown it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session

from models.core.store import filled
from models.feeds.queries import RunRow, find_run
from models.feeds.words import failure_sentence
from targets.errors import CampaignError

GOOD = ("done", "done_with_rejects", "unchanged")
"""Statuses of a day that was reported."""


class NothingToPull(CampaignError):
    """There is nothing to ask for, and nothing is wrong: a simulation that is over, a clock that stands still."""


@dataclass(frozen=True)
class Pulled:
    """One pull. Where nothing was asked, `is_new` is false and the run shown is the one that stood there already."""

    source: str
    for_date: date
    status: str
    received: int = 0
    accepted: int = 0
    revised: int = 0
    unchanged: int = 0
    rejected: int = 0
    attempts: int = 0
    failure: str | None = None
    failure_terms: Mapping[str, Any] = field(default_factory=dict)
    run_id: int | None = None
    file: str | None = None
    """The file, where one was found."""
    is_new: bool = True

    @property
    def is_good(self) -> bool:
        return self.status in GOOD

    def says(self, language: str) -> str:
        """Why it failed, in words; empty where it did not."""
        return failure_sentence(self.failure, self.failure_terms, language) if self.failure else ""

    def as_json(self, language: str = "vi") -> dict[str, Any]:
        """The answer that scripts rely on, with the run, the file and the failure's sentence beside it."""
        names = ("received", "accepted", "revised", "unchanged", "rejected", "attempts", "failure")
        reported = {"source": self.source, "for_date": self.for_date, "status": self.status}
        reported |= {name: getattr(self, name) for name in names}
        return reported | {"says": self.says(language), "run": self.run_id, "file": self.file}


def find_outcome(session: Session, run_id: int, *, for_date: date) -> Pulled:
    """The outcome of a run that the store holds."""
    run = find_run(session, run_id)
    if run is None:
        raise CampaignError(f"Run {run_id} is gone from the store.", code="run_gone", number=str(run_id))
    return outcome_of(run, for_date=for_date)


def outcome_of(run: RunRow, *, for_date: date, is_new: bool = True) -> Pulled:
    """The outcome that a run's row records."""
    return filled(Pulled, run, for_date=run.for_date or for_date, run_id=run.id, file=run.file_name, is_new=is_new)
