"""Files a source found: each is taken in as an import would, under a run of its own, and then moved away."""

import logging
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy.exc import InterfaceError, OperationalError

from jobs.fetching.values import ReportedFile
from jobs.intake.bring_in import bring_in
from jobs.intake.waiting_files import FileHeld, check_drop
from jobs.pulls.outcome import Pulled, find_outcome
from jobs.pulls.work import Work
from models.core.audit import ChangeContext
from models.core.store import Store
from models.feeds.actions import record_refused
from models.feeds.files import HELD, note_place
from models.feeds.words import UNEXPECTED
from targets.errors import CampaignError

log = logging.getLogger(__name__)
LONGEST_KEPT = timedelta(days=1)
"""How long a file waits for a store that does not take it."""


def take_file(
    store: Store,
    file: ReportedFile,
    *,
    work: Work,
    beside: Collection[str] = (),
    context: ChangeContext,
    machine: Callable[[], datetime],
) -> Pulled:
    """Take a file in and have it moved away; one that cannot be read leaves a failed run that says why.

    `beside`: what other campaigns are of, whose files do not belong here.

    Raises DBAPIError and OSError where the store or the disk does not take anything now: the file is not to blame and
    is left where it lies.
    """
    source, day = file.source or work.source.key, work.day
    refused = partial(_refused, store, file, source=source, day=day, machine=machine, context=context)
    if file.refused is not None:
        return refused(file.refused, {"file": file.path.name})
    try:
        check = partial(check_drop, store, most_revised=file.most_revised, beside=beside, context=context)
        report = bring_in(store, file.path, kind=file.kind, source=source, check=check, context=context)
    except FileHeld as held:
        return refused(held.code, dict(held.terms), status=HELD)
    except CampaignError as error:
        if error.code:
            return refused(f"problem.{error.code}", dict(error.terms))
        return refused(UNEXPECTED, {"problem": str(error)})
    except (OperationalError, InterfaceError, OSError):
        if _is_young(file.path, machine()):
            raise
        # Others were taken in meanwhile, day after day: it is this file after all.
        log.exception("%s could not store %r", source, file.path.name)
        return refused(UNEXPECTED, {"problem": "—"})
    except Exception as error:
        # A file that something stumbles over, whatever it is, must not be met again every minute.
        log.exception("%s stumbled over %r", source, file.path.name)
        return refused(UNEXPECTED, {"problem": f"{type(error).__name__}: {error}"})
    file.settle(True)
    with store.reading() as session:
        return find_outcome(session, report.run_id or 0, for_date=day)


def _is_young(path: Path, machine: datetime) -> bool:
    """Whether a file was moved here a short while ago."""
    return path.exists() and machine.timestamp() - path.lstat().st_ctime < LONGEST_KEPT.total_seconds()


def _refused(
    store: Store,
    file: ReportedFile,
    failure: str,
    terms: dict[str, str],
    *,
    source: str,
    day: date,
    machine: Callable[[], datetime],
    context: ChangeContext,
    status: str = "failed",
) -> Pulled:
    with store.writing() as session:
        refused = record_refused(
            session,
            source=source,
            for_date=day,
            file_name=file.path.name,
            failure=failure,
            terms=terms,
            machine=machine(),
            context=context,
            status=status,
        )
        run_id = refused.id or 0
    place = file.settle(False)
    if place is not None:
        # Written down first, then moved, then where to: a file is never moved away without a word.
        with store.writing() as session:
            note_place(session, run_id, path=str(place))
    with store.reading() as session:
        return find_outcome(session, run_id, for_date=day)
