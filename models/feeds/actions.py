"""Runs of sources: claimed by the process that pulls a day, opened before the source is asked, and closed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from models.core.audit import ChangeContext
from models.core.permission import require
from models.readings.loading import Arrival, RejectedRow, keep_rejected
from models.tables import Payload, Run, RunClaim, SourceRow
from targets.errors import CampaignError
from targets.permissions import Permission

NOBODY = ""
"""The owner of a claim that nobody works on."""
Gone = Callable[[str], bool]
"""Whether an owner of this name is known to have died."""


def nobody_known(_owner: str) -> bool:
    """Nothing is known of who has died: the lease decides."""
    return False


def shown(owner: str) -> str:
    """An owner as people are shown it: its machine and its process, without the part that only machines compare."""
    return ":".join(owner.split(":")[:2])


LEASE = timedelta(minutes=5)
"""How long an owner that gives no sign is waited for: longer than one transaction takes."""
ABANDONED = "abandoned"
"""The failure of a run whose owner disappeared."""


class ClaimLost(CampaignError):
    """The claim went to somebody else while its owner gave no sign: nothing of its work may be stored."""


@dataclass(frozen=True)
class Claimed:
    """A claim that was got, and the run opened or taken over under it (0: none was wanted)."""

    claim_id: int
    run_id: int
    attempts: int


@dataclass(frozen=True)
class Held:
    """Why a claim was not got: the day is done, somebody works on it, or it is too early to ask again."""

    is_done: bool
    owner: str
    until: datetime
    run_id: int | None


def claim_day(
    session: Session,
    *,
    source: str,
    for_date: date,
    owner: str,
    machine: datetime,
    again: bool = False,
    by_hand: bool = False,
    opens_run: bool = True,
    is_gone: Gone = nobody_known,
    context: ChangeContext,
) -> Claimed | Held:
    """Claim a source's day and open its run; a crashed owner's claim and half run are taken over.

    `again`: also a day that is done. `by_hand`: also before a source that could not answer may be asked again.
    `is_gone`: which owners' claims are taken over before their lease ends.
    """
    require(session, context, Permission.PULL)
    source_id = session.exec(select(SourceRow.id).where(SourceRow.key == source)).one() or 0
    claim = session.exec(
        select(RunClaim).where(RunClaim.source_id == source_id, RunClaim.for_date == for_date)
    ).one_or_none()
    if claim is not None:
        is_left = claim.owner != NOBODY and is_gone(claim.owner)
        held = _held(claim, is_waiting=machine < claim.lease_until and not is_left, again=again, by_hand=by_hand)
        if held is not None:
            return held
    if claim is None:
        claim = RunClaim(
            source_id=source_id,
            for_date=for_date,
            owner=owner,
            lease_until=machine + LEASE,
            heartbeat_at=machine,
            attempts=0,
        )
    half = session.get(Run, claim.run_id) if claim.run_id is not None else None
    claim.attempts = 1 if claim.done else claim.attempts + 1
    claim.owner, claim.lease_until, claim.heartbeat_at, claim.progress = owner, machine + LEASE, machine, None
    if opens_run:
        run = open_run_of(
            session,
            source_id=source_id,
            for_date=for_date,
            attempts=claim.attempts,
            half=half if half is not None and half.status == "running" else None,
            machine=machine,
            context=context,
        )
        claim.run_id = run.id
    session.add(claim)
    session.flush()
    return Claimed(claim.id or 0, claim.run_id or 0 if opens_run else 0, claim.attempts)


def _held(claim: RunClaim, *, is_waiting: bool, again: bool, by_hand: bool) -> Held | None:
    if claim.owner != NOBODY:
        is_held = is_waiting or (claim.done and not again)
    else:
        is_held = not again if claim.done else is_waiting and not by_hand
    return Held(claim.done, claim.owner, claim.lease_until, claim.run_id) if is_held else None


def keep_claim(
    session: Session,
    *,
    claim_id: int,
    run_id: int,
    owner: str,
    machine: datetime,
    progress: Mapping[str, Any] | None,
) -> bool:
    """The owner's sign of life, with what is being done; answers whether the claim is still theirs."""
    sign = (
        update(RunClaim)
        .where(col(RunClaim.id) == claim_id, col(RunClaim.owner) == owner)
        .values(lease_until=machine + LEASE, heartbeat_at=machine, progress=dict(progress) if progress else None)
    )
    return session.connection().execute(sign).rowcount == 1


def prove_claim(session: Session, *, claim_id: int, owner: str, run_id: int) -> RunClaim:
    """The claim, where it is still the owner's; raises ClaimLost where somebody else has taken it over."""
    claim = session.get(RunClaim, claim_id, populate_existing=True)
    if claim is None or claim.owner != owner:
        raise ClaimLost(
            f"The claim of run {run_id} was taken over by somebody else while {owner} gave no sign.",
            code="claim_taken",
            number=str(run_id),
            owner=owner,
        )
    return claim


def finish_claim(session: Session, claim: RunClaim, *, machine: datetime, run: Run) -> None:
    """The day is done, by this run."""
    claim.done, claim.run_id = True, run.id
    _let_go(session, claim, machine=machine, until=machine)


def release_claim(session: Session, claim: RunClaim, *, machine: datetime, until: datetime, run_id: int) -> None:
    """Let somebody else try, not before `until` unless a person asks for it."""
    claim.run_id = run_id or claim.run_id
    _let_go(session, claim, machine=machine, until=until)


def _let_go(session: Session, claim: RunClaim, *, machine: datetime, until: datetime) -> None:
    claim.owner, claim.lease_until, claim.heartbeat_at, claim.progress = NOBODY, until, machine, None
    session.add(claim)
    session.flush()


def settle_abandoned(
    session: Session, *, machine: datetime, is_gone: Gone = nobody_known, context: ChangeContext
) -> int:
    """Close the half runs of owners that disappeared while asking for a day again; answers how many.

    A day that is not done yet needs none of this: the next owner of its claim takes its half run over.
    """
    asked = session.exec(select(RunClaim).where(RunClaim.owner != NOBODY, col(RunClaim.done))).all()
    crashed = [claim for claim in asked if claim.lease_until <= machine or is_gone(claim.owner)]
    for claim in crashed:
        run = session.get(Run, claim.run_id)
        if run is not None and run.status == "running":
            fail_run(session, run, failure=ABANDONED, terms={"owner": shown(claim.owner)}, machine=machine)
        _let_go(session, claim, machine=machine, until=machine)
    return len(crashed)


PULL = "pull"
LOST = "unrecoverable"
"""Status and failure of a day that its source cannot report any more."""


@dataclass(frozen=True)
class Answer:
    """A raw answer as the archive keeps it: where it came from, what it hashes to, where it lies."""

    address: str
    status: int | None
    sha256: str
    size: int
    path: str


def open_run_of(
    session: Session,
    *,
    source_id: int,
    for_date: date,
    attempts: int,
    half: Run | None,
    machine: datetime,
    context: ChangeContext,
) -> Run:
    """A run that is under way; the `half` one of an owner that disappeared is continued instead of a new one."""
    run = half or Run(
        source_id=source_id, kind=PULL, for_date=for_date, status="running", received_at=context.now, by=""
    )
    run.by, run.received_at, run.attempts, run.started_machine = context.by, context.now, attempts, machine
    session.add(run)
    session.flush()
    return run


def fail_run(
    session: Session,
    run: Run,
    *,
    failure: str,
    terms: Mapping[str, Any],
    machine: datetime,
    warnings: Sequence[dict[str, Any]] = (),
) -> None:
    """Close a run that came to nothing: why, as the code of a sentence and its terms."""
    run.status, run.failure, run.failure_terms = "failed", failure, dict(terms)
    run.warnings, run.finished_machine = list(warnings), machine
    session.add(run)
    session.flush()


def reject_all(
    session: Session,
    run: Run,
    *,
    source: str,
    figures: Sequence[RejectedRow] = (),
    scores: Sequence[RejectedRow] = (),
) -> None:
    """Keep the bad rows of a run in quarantine."""
    for kind, rejected in (("readings", figures), ("scores", scores)):
        keep_rejected(session, Arrival(kind=kind, source=source, rejected=rejected), run)
    run.rejected = len(figures) + len(scores)
    session.add(run)


def keep_answers(session: Session, run: Run, answers: Iterable[Answer]) -> None:
    """Note where the raw answers of a run lie."""
    session.add_all(
        Payload(
            run_id=run.id or 0,
            position=position,
            address=answer.address,
            status=answer.status,
            sha256=answer.sha256,
            size=answer.size,
            path=answer.path,
        )
        for position, answer in enumerate(answers, start=1)
    )
    session.flush()


def record_lost(
    session: Session,
    *,
    source: str,
    for_date: date,
    terms: Mapping[str, Any],
    machine: datetime,
    context: ChangeContext,
) -> Run:
    """Record that a source can no longer report a day: a run that never asked, and no figure."""
    return _closed(
        session, source, for_date, failure=LOST, terms=terms, machine=machine, context=context, status=LOST, attempts=0
    )


def record_refused(
    session: Session,
    *,
    source: str,
    for_date: date,
    file_name: str | None,
    failure: str,
    terms: Mapping[str, Any],
    machine: datetime,
    context: ChangeContext,
    status: str = "failed",
) -> Run:
    """Record why nothing could be taken in from a file that was found, or from a folder that was not.

    `held`: the file could be read, and waits for somebody to look at it.
    """
    return _closed(
        session,
        source,
        for_date,
        failure=failure,
        terms=terms,
        machine=machine,
        context=context,
        status=status,
        file_name=file_name,
    )


def _closed(
    session: Session,
    source: str,
    for_date: date,
    *,
    failure: str,
    terms: Mapping[str, Any],
    machine: datetime,
    context: ChangeContext,
    status: str = "failed",
    attempts: int = 1,
    file_name: str | None = None,
) -> Run:
    """A run that is over as it begins: nothing was asked, and why."""
    source_id = session.exec(select(SourceRow.id).where(SourceRow.key == source)).one()
    run = Run(
        source_id=source_id,
        kind=PULL,
        for_date=for_date,
        status=status,
        received_at=context.now,
        by=context.by,
        file_name=file_name,
        attempts=attempts,
        failure=failure,
        failure_terms=dict(terms),
        started_machine=machine,
        finished_machine=machine,
    )
    session.add(run)
    session.flush()
    return run


def forget_answers(session: Session, *, before: datetime, context: ChangeContext) -> list[str]:
    """Forget raw answers whose time to be kept is over; answers the paths of their files."""
    rows = session.exec(
        select(Payload)
        .join(Run, col(Run.id) == col(Payload.run_id))
        .where(col(Payload.path).is_not(None), col(Run.started_machine) < before)
    ).all()
    paths = [row.path or "" for row in rows]
    for row in rows:
        row.path = None
        session.add(row)
    session.flush()
    return paths
