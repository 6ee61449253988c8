"""Closing a run: its good rows and all that follows from them in one transaction; or why not, and when to ask again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from jobs.fetching.checking import Checked
from jobs.fetching.values import FILES_LEFT, PullFailed
from jobs.pulls.archive import Archive
from jobs.pulls.work import Work
from models.core.audit import ChangeContext
from models.feeds.actions import (
    PULL,
    Claimed,
    fail_run,
    finish_claim,
    keep_answers,
    prove_claim,
    reject_all,
    release_claim,
)
from models.feeds.queries import count_failures
from models.readings.loading import Arrival, load_readings
from models.tables import Run, RunClaim
from targets.errors import CampaignError

DELAYS = (timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1), timedelta(hours=3))
"""After the first failure of a day, the second …; a day that has failed more often waits for the next."""
NEXT_DAY = timedelta(hours=20)
"""How long nothing is tried by itself where trying again soon cannot help; shorter than a day, so the next one can."""


def next_try(failure: PullFailed, *, failures: int, machine: datetime) -> datetime:
    """The earliest moment to ask again by itself; `failures`: how many the day has seen lately, this one included."""
    if failure.failure == "interrupted":
        return machine
    if failure.failure == FILES_LEFT:
        # Others may be dropped meanwhile, and do not wait for these.
        return machine + DELAYS[0]
    if not failure.is_passing or failures > len(DELAYS):
        return machine + NEXT_DAY
    asked = timedelta(seconds=failure.retry_after or 0)
    return machine + min(max(DELAYS[failures - 1], asked), NEXT_DAY)


Notes = Sequence[tuple[str, Mapping[str, str]]]
"""What a source noticed: codes of sentences `pull.note.<code>` with their terms."""


@dataclass(frozen=True)
class Closing:
    """What every end of a run needs: whose it is, and what was answered so far."""

    work: Work
    claimed: Claimed
    owner: str
    archive: Archive

    def _open(self, session: Session) -> tuple[RunClaim, Run]:
        """The claim, proved to be ours still, and its run."""
        claim = prove_claim(session, claim_id=self.claimed.claim_id, owner=self.owner, run_id=self.claimed.run_id)
        run = session.get(Run, self.claimed.run_id)
        if run is None:
            raise CampaignError(
                f"Run {self.claimed.run_id} is gone from the store.", code="run_gone", number=str(self.claimed.run_id)
            )
        return claim, run

    def store(
        self, session: Session, notes: Notes, checked: Checked, *, machine: datetime, context: ChangeContext
    ) -> None:
        """All good rows, bad ones to quarantine, the answers' places, kept tables, run and claim: all or nothing."""
        claim, run = self._open(session)
        source = self.work.source.key
        reject_all(session, run, source=source, figures=checked.bad_figures, scores=checked.bad_scores)
        keep_answers(session, run, self.archive.answers)
        arrival = Arrival(
            kind=PULL,
            source=source,
            payload_hash=self.archive.fingerprint,
            received=checked.received,
            warnings=_warnings(notes, checked),
        )
        load_readings(session, [checked.frame], arrival=arrival, context=context, run=run, scores=checked.scores)
        run.unchanged += checked.repeated
        run.finished_machine = machine
        finish_claim(session, claim, machine=machine, run=run)

    def fail(
        self,
        session: Session,
        failed: PullFailed,
        *,
        checked: Checked | None,
        machine: datetime,
        context: ChangeContext,
    ) -> None:
        """Nothing is stored but why, what was answered, and the bad rows where every row was bad."""
        claim, run = self._open(session)
        source = self.work.source.key
        if checked is not None:
            run.received = checked.received
            reject_all(session, run, source=source, figures=checked.bad_figures, scores=checked.bad_scores)
        keep_answers(session, run, self.archive.answers)
        run.received_at, run.payload_hash = context.now, self.archive.fingerprint
        fail_run(session, run, failure=failed.failure, terms=failed.terms, machine=machine)
        failures = count_failures(session, source=source, for_date=self.work.day, since=machine - NEXT_DAY)
        until = next_try(failed, failures=failures, machine=machine)
        release_claim(session, claim, machine=machine, until=until, run_id=run.id or 0)


def _warnings(notes: Notes, checked: Checked) -> Sequence[dict[str, Any]]:
    noted = [{"code": code, "terms": dict(terms), "place": "", "sort": "note"} for code, terms in notes]
    return noted + [
        {"code": warning.code, "terms": dict(warning.terms), "place": warning.place} for warning in checked.warnings
    ]
