"""One pull run: a day is claimed, its source asked, the answer archived, checked and stored in one transaction.

Nothing of a run is in the store before all of it is: one that fails, or whose process dies, leaves the store as it was.
The process that works on a day proves its claim in the transaction that stores it, so no day is stored twice.
"""

import logging
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from jobs.campaigns import demonstration
from jobs.fetching.checking import Checked, Checker
from jobs.fetching.http import Manners
from jobs.fetching.values import FILES_LEFT, PullFailed, disk_refused
from jobs.imports.problems import listed
from jobs.intake.waiting_files import find_other_roots
from jobs.pulls.archive import Archive
from jobs.pulls.asking import ask
from jobs.pulls.drops import take_file
from jobs.pulls.heartbeat import Heartbeat
from jobs.pulls.outcome import Pulled, find_outcome, outcome_of
from jobs.pulls.owners import is_dead, new_owner
from jobs.pulls.storing import NEXT_DAY, Closing, Notes, next_try
from jobs.pulls.turns import in_turn, is_occupied, store_refused
from jobs.pulls.work import Work, check_rehearsal, work_on
from jobs.workplace import Workplace
from models.campaign.actions import move_rehearsal
from models.core.audit import ChangeContext, find_state
from models.core.clock import business_day, business_now, machine_now
from models.core.settings import TIMEZONE
from models.feeds.actions import (
    Claimed,
    ClaimLost,
    Held,
    claim_day,
    finish_claim,
    prove_claim,
    record_lost,
    record_refused,
    release_claim,
)
from models.feeds.queries import count_failures, find_last_start, find_run
from models.feeds.words import UNEXPECTED
from models.results.inputs import load_campaign

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")
GRACE = timedelta(minutes=2)
"""How long past its deadline a run may take to check what was answered."""


class Puller:
    """Pulls at a workplace. One object may pull from several threads; each run has a claim of its own."""

    def __init__(
        self,
        workplace: Workplace,
        *,
        origin: str = "command line",
        manners: Manners | None = None,
        machine: Callable[[], datetime] = machine_now,
        stop: threading.Event | None = None,
    ) -> None:
        """`origin` goes into the audit; `stop` ends what is under way, cleanly, before it is stored."""
        self._workplace, self._origin, self._machine = workplace, origin, machine
        self._manners = manners or Manners()
        self._stop = stop or threading.Event()
        self._active: dict[int, Closing] = {}
        self.owner = new_owner()

    def pull(
        self,
        key: str,
        day: date,
        *,
        again: bool = False,
        by_hand: bool = False,
        not_since: datetime | None = None,
    ) -> list[Pulled]:
        """Pull a source's day: one outcome, or one for each file where the source is a folder.

        `again`: also a day that is done. `by_hand`: at once, also where the source was to be left in peace.
        `not_since`: only if it was not asked since that machine instant. Raises CampaignError where the source cannot
        be asked at all, and NothingToPull where there is nothing to ask for. Nothing is begun once all is to stop.
        """
        with self._workplace.store.reading() as session:
            work = work_on(load_campaign(session), key, day)
        if self._stop.is_set():
            return []
        if work.kind.cadence == "watch":
            return self._look(work, by_hand=by_hand)
        begun = self._take_turn(
            lambda session: self._begin(session, work, again=again, by_hand=by_hand, not_since=not_since)
        )
        return self._go_on(work, begun) if isinstance(begun, Claimed) else [begun]

    @property
    def is_busy(self) -> bool:
        """Whether a run is under way."""
        return bool(self._active)

    def abandon(self) -> None:
        """Close what is under way as interrupted and let go of its claims; what still comes of it is not stored."""
        for closing in list(self._active.values()):
            self._fail(closing, PullFailed("interrupted", is_passing=True))

    # --- claiming ---------------------------------------------------------------------------------------------------

    def _begin(
        self, session: Session, work: Work, *, again: bool, by_hand: bool, not_since: datetime | None
    ) -> Claimed | Pulled:
        key = work.source.key
        if work.is_rehearsal:
            check_rehearsal(session, work, settings=self._workplace.settings)
        last = find_last_start(session, source=key)
        if not_since is not None and last is not None and last >= not_since:
            return Pulled(key, work.day, "waiting", is_new=False)
        context = self._context(session, work)
        if not work.kind.recovers(work.options, work.day, business_day(context.now)):
            return self._lost(session, work, again=again, context=context)
        got = self._claim(session, work, again=again, by_hand=by_hand, context=context)
        return self._standing(session, work, got) if isinstance(got, Held) else got

    def _claim(
        self,
        session: Session,
        work: Work,
        *,
        again: bool = False,
        by_hand: bool,
        opens_run: bool = True,
        context: ChangeContext,
    ) -> Claimed | Held:
        return claim_day(
            session, source=work.source.key, for_date=work.day, owner=self.owner, machine=self._machine(), again=again,
            by_hand=by_hand, opens_run=opens_run, is_gone=is_dead, context=context,
        )  # fmt: skip

    def _lost(self, session: Session, work: Work, *, again: bool, context: ChangeContext) -> Pulled:
        """A day its source cannot report any more: recorded once, and never made up."""
        key, terms = work.source.key, {"day": f"{work.day:%d/%m/%Y}"}
        got = self._claim(session, work, by_hand=True, opens_run=False, context=context)
        if isinstance(got, Held):
            # A day that was reported in its time stays so, whoever asks for it now.
            is_asked = again and got.is_done
            unanswered = Pulled(key, work.day, "unrecoverable", failure="unrecoverable", failure_terms=terms)
            return unanswered if is_asked else self._standing(session, work, got)
        claim = prove_claim(session, claim_id=got.claim_id, owner=self.owner, run_id=0)
        machine = self._machine()
        run = record_lost(session, source=key, for_date=work.day, terms=terms, machine=machine, context=context)
        finish_claim(session, claim, machine=machine, run=run)
        log.info("cannot be recovered", extra=_reported_of(work, run=run.id))
        return find_outcome(session, run.id or 0, for_date=work.day)

    def _standing(self, session: Session, work: Work, held: Held) -> Pulled:
        """What is there already, where nothing was asked."""
        run = find_run(session, held.run_id) if held.run_id else None
        if run is None or run.status == "running":
            return Pulled(work.source.key, work.day, "running", failure="busy", is_new=False)
        return outcome_of(run, for_date=work.day, is_new=False)

    # --- asking and storing -----------------------------------------------------------------------------------------

    def _go_on(self, work: Work, claimed: Claimed) -> list[Pulled]:
        """What a claimed run does: ask, check, store; or say why not."""
        log.info("pulling", extra=_reported_of(work, run=claimed.run_id, attempt=claimed.attempts))
        closing = Closing(work, claimed, self.owner, Archive(self._workplace.settings.home, work=work, claimed=claimed))
        self._active[claimed.run_id] = closing
        unsaid: PullFailed | None = None
        try:
            with self._heartbeat(claimed) as heartbeat:
                self._ask_and_store(closing, heartbeat)
        except ClaimLost as lost:
            log.warning("claim lost", extra=_reported_of(work, problem=str(lost)))
        except PullFailed as failed:
            unsaid = self._fail(closing, failed)
        except KeyboardInterrupt:
            self._fail(closing, PullFailed("interrupted", is_passing=True))
            raise
        except DBAPIError as error:
            log.exception("the store refused", extra=_reported_of(work, run=claimed.run_id))
            unsaid = self._fail(closing, store_refused(error))
        except OSError as error:
            log.exception("the disk refused", extra=_reported_of(work, run=claimed.run_id))
            unsaid = self._fail(closing, disk_refused(error))
        except Exception as error:
            log.exception("stumbled", extra=_reported_of(work, run=claimed.run_id))
            unsaid = self._fail(closing, PullFailed(UNEXPECTED, problem=f"{type(error).__name__}: {error}"))
        finally:
            self._active.pop(claimed.run_id, None)
        pulled = self._said(work, claimed, unsaid)
        log.info("pulled", extra=_reported_of(work, run=claimed.run_id, status=pulled.status, failure=pulled.failure))
        return [pulled]

    def _said(self, work: Work, claimed: Claimed, unsaid: PullFailed | None) -> Pulled:
        """What the run's row says; or what went wrong, where not even that could be written."""
        if unsaid is None:
            with self._workplace.store.reading() as session:
                return find_outcome(session, claimed.run_id, for_date=work.day)
        return Pulled(
            work.source.key,
            work.day,
            "failed",
            attempts=claimed.attempts,
            failure=unsaid.failure,
            failure_terms=unsaid.terms,
            run_id=claimed.run_id,
        )

    def _ask_and_store(self, closing: Closing, heartbeat: Heartbeat) -> None:
        notes, checked = self._checked(closing, heartbeat)
        heartbeat.tell("storing", {"rows": checked.good})
        if not checked.good:
            self._fail(closing, PullFailed("no_good_row", rows=str(checked.received)), checked)
            return
        with heartbeat.resting():
            self._take_turn(lambda session: self._store(session, closing, notes, checked))

    def _checked(self, closing: Closing, heartbeat: Heartbeat) -> tuple[Notes, Checked]:
        """What of the answer can be stored. The answer itself is let go of here: storing needs the room."""
        work, archive = closing.work, closing.archive
        answered = ask(self._workplace, work, heartbeat, keep=archive.keep, manners=self._manners)
        reported = answered.reported
        rows = len(reported.figures) + len(reported.scores)
        heartbeat.tell("checking", {"rows": rows})
        if not archive.answers and rows:
            archive.keep_told(reported.figures, reported.scores)
        checker = Checker(work.source, campaign=work.campaign, units=answered.units, today=answered.today)
        checked = checker.check(reported.figures, reported.scores)
        if not checked.received:
            raise PullFailed("nothing_told", is_passing=True, day=f"{work.day:%d/%m/%Y}")
        return reported.notes, checked

    def _heartbeat(self, claimed: Claimed) -> Heartbeat:
        until = self._machine() + timedelta(seconds=self._manners.deadline) + GRACE
        return Heartbeat(
            self._workplace.store, claimed, owner=self.owner, machine=self._machine, until=until, stop=self._stop
        )

    def _store(self, session: Session, closing: Closing, notes: Notes, checked: Checked) -> None:
        work = closing.work
        context = self._context(session, work)
        if work.is_rehearsal and work.day > business_day(find_state(session).rehearsal_now or context.now):
            # A rehearsal's day is received on its own evening.
            evening = datetime.combine(work.day, demonstration.PULL_TIME, tzinfo=TIMEZONE)
            context = self._context(session, work, now=evening)
            move_rehearsal(session, to=demonstration.evening_of(work.day), context=context)
        closing.store(session, notes, checked, machine=self._machine(), context=context)

    def _take_turn(self, change: Callable[[Session], Answer]) -> Answer:
        """Change the store in turn; raises PullFailed where everything is to stop before the turn has come."""
        try:
            return in_turn(self._workplace.store, change, stop=self._stop)
        except OperationalError as error:
            if self._stop.is_set() and is_occupied(error):
                raise PullFailed("interrupted", is_passing=True) from error
            raise

    def _fail(self, closing: Closing, failed: PullFailed, checked: Checked | None = None) -> PullFailed | None:
        """Close a run that came to nothing; answers what could not be written into its row, None where it was.

        A run that is left open is continued by the next owner, once its own is known to have gone.
        """
        try:
            self._take_turn(
                lambda session: closing.fail(
                    session,
                    failed,
                    checked=checked,
                    machine=self._machine(),
                    context=self._context(session, closing.work),
                )
            )
        except ClaimLost as lost:
            log.warning("claim lost", extra=_reported_of(closing.work, problem=str(lost)))
        except PullFailed:
            log.warning("left open, as others hold the store", extra=_reported_of(closing.work))
        except DBAPIError:
            log.exception("left open, as the store refuses", extra=_reported_of(closing.work))
            return failed
        return None

    # --- folders that are watched -----------------------------------------------------------------------------------

    def _look(self, work: Work, *, by_hand: bool) -> list[Pulled]:
        """Look whether there is something, and take it in; where there is nothing no trace is left."""
        got = in_turn(
            self._workplace.store,
            lambda session: self._claim(
                session, work, by_hand=by_hand, opens_run=False, context=self._context(session, work)
            ),
        )
        if isinstance(got, Held):
            return []
        pulled: list[Pulled] = []
        until: datetime | None = None
        try:
            with self._heartbeat(got) as heartbeat:
                reported = ask(self._workplace, work, heartbeat, keep=_keep_nothing, manners=self._manners).reported
                beside = find_other_roots(self._workplace) if reported.files else ()
                left: list[str] = []
                for number, file in enumerate(reported.files, start=1):
                    heartbeat.tell("file", {"number": number, "files": len(reported.files)})
                    try:
                        context = self._workplace_context(work)
                        taking = partial(take_file, self._workplace.store, file, work=work, beside=beside)
                        pulled.append(taking(context=context, machine=self._machine))
                    except (DBAPIError, OSError):
                        # The next one may be smaller, or the store free again; this one is tried at the next look.
                        log.exception("%r is left where it lies", file.path.name)
                        left.append(file.path.name)
                if left:
                    raise PullFailed(FILES_LEFT, is_passing=True, count=str(len(left)), names=listed(left))
        except PullFailed as failed:
            # A folder that is left in the middle keeps what was not taken yet: there is nothing to report.
            if not self._stop.is_set():
                refused, until = self._say_failed(work, failed)
                pulled.append(refused)
        finally:
            in_turn(self._workplace.store, lambda session: self._release(session, got, until))
        return pulled

    def _say_failed(self, work: Work, failed: PullFailed) -> tuple[Pulled, datetime]:
        machine, key = self._machine(), work.source.key

        def record(session: Session) -> tuple[Pulled, datetime]:
            run = record_refused(
                session,
                source=key,
                for_date=work.day,
                file_name=None,
                failure=failed.failure,
                terms=failed.terms,
                machine=machine,
                context=self._context(session, work),
            )
            failures = count_failures(session, source=key, for_date=work.day, since=machine - NEXT_DAY)
            until = next_try(failed, failures=failures, machine=machine)
            return find_outcome(session, run.id or 0, for_date=work.day), until

        return in_turn(self._workplace.store, record)

    def _release(self, session: Session, claimed: Claimed, until: datetime | None) -> None:
        machine = self._machine()
        claim = prove_claim(session, claim_id=claimed.claim_id, owner=self.owner, run_id=0)
        release_claim(session, claim, machine=machine, until=until or machine, run_id=0)

    # --- what is said -----------------------------------------------------------------------------------------------

    def _context(self, session: Session, work: Work, *, now: datetime | None = None) -> ChangeContext:
        return ChangeContext(
            by=self._workplace.by,
            reason=f"pull {work.source.key}",
            now=now or business_now(self._workplace.settings, rehearsal=find_state(session).rehearsal_now),
            origin=self._origin,
        )

    def _workplace_context(self, work: Work) -> ChangeContext:
        with self._workplace.store.reading() as session:
            return self._context(session, work)


def _keep_nothing(_address: str, _status: int | None, _body: bytes) -> None:
    """A folder's files are kept as they are, where their source moves them."""


def _reported_of(work: Work, **more: object) -> dict[str, object]:
    """What a log line says beside its words."""
    return {"source": work.source.key, "day": work.day.isoformat(), **more}
