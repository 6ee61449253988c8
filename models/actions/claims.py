"""Claims: who works on a source's day. The unique row of source and day is what makes a pull happen once.

All instants here are machine time. A claim with an owner is *held* while its lease lasts: the owner renews it by a
heartbeat, and proves in the transaction that stores something that it is still theirs. A claim without an owner is free
from `lease_until` on: that is how long a source that could not answer is left in peace. An owner that is known to have
died (`models.owners`) is not waited for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from models.actions.permission import require
from models.actions.runs import fail_run, open_run_of
from models.audit import Deed
from models.owners import NOBODY, Gone, nobody_known, shown
from models.tables import Run, RunClaim, SourceRow
from targets.errors import CampaignError
from targets.permissions import Permission

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
    deed: Deed,
) -> Claimed | Held:
    """Claim a source's day and open its run; a crashed owner's claim and half run are taken over.

    `again`: also a day that is done. `by_hand`: also before a source that could not answer may be asked again.
    `is_gone`: whose claim is taken over before its lease has ended.
    """
    require(session, deed, Permission.PULL)
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
            deed=deed,
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
        raise ClaimLost(f"The claim of run {run_id} was taken over by somebody else while {owner} gave no sign.")
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


def settle_abandoned(session: Session, *, machine: datetime, is_gone: Gone = nobody_known, deed: Deed) -> int:
    """Close the half runs of owners that disappeared while asking for a day again; answers how many.

    A day that is not done yet needs none of this: whoever claims it next takes its half run over.
    """
    asked = session.exec(select(RunClaim).where(RunClaim.owner != NOBODY, col(RunClaim.done))).all()
    crashed = [claim for claim in asked if claim.lease_until <= machine or is_gone(claim.owner)]
    for claim in crashed:
        run = session.get(Run, claim.run_id)
        if run is not None and run.status == "running":
            fail_run(session, run, failure=ABANDONED, terms={"owner": shown(claim.owner)}, machine=machine)
        _let_go(session, claim, machine=machine, until=machine)
    return len(crashed)
