"""Files a source found: each is taken in as an import would, under a run of its own, and then moved away."""

import logging
from collections.abc import Callable
from datetime import date, datetime

from jobs.bring_in import bring_in
from jobs.pulls.asking import ToldFile
from jobs.pulls.outcome import Pulled, outcome_of
from jobs.pulls.work import Work
from models.actions.runs import record_refused
from models.audit import Deed
from models.pull_words import UNEXPECTED
from models.queries.runs import find_run
from models.store import Store
from targets.errors import CampaignError

log = logging.getLogger(__name__)


def take_file(store: Store, file: ToldFile, *, work: Work, deed: Deed, machine: Callable[[], datetime]) -> Pulled:
    """Take a file in and have it moved away; one that cannot be read leaves a failed run that says why."""
    source, day = file.source or work.source.key, work.day
    if file.refused is not None:
        return _refused(
            store,
            file,
            source=source,
            day=day,
            failure=file.refused,
            terms={"file": file.path.name},
            machine=machine(),
            deed=deed,
        )
    try:
        report = bring_in(store, file.path, kind=file.kind, source=file.source or source, deed=deed)
    except CampaignError as error:
        return _refused(
            store,
            file,
            source=source,
            day=day,
            failure=f"problem.{error.code}" if error.code else UNEXPECTED,
            terms=dict(error.terms) if error.code else {"problem": str(error)},
            machine=machine(),
            deed=deed,
        )
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        # A file that the reader stumbles over must not be met again every minute.
        log.exception("%s stumbled over %s", source, file.path.name)
        problem = f"{type(error).__name__}: {error}"
        return _refused(
            store,
            file,
            source=source,
            day=day,
            failure=UNEXPECTED,
            terms={"problem": problem},
            machine=machine(),
            deed=deed,
        )
    with store.reading() as session:
        run = find_run(session, report.run_id or 0)
    file.settle(True)
    if run is None:
        raise CampaignError(f"The run of {file.path.name} is gone from the store.")
    return outcome_of(run, for_date=day)


def _refused(
    store: Store,
    file: ToldFile,
    *,
    source: str,
    day: date,
    failure: str,
    terms: dict[str, str],
    machine: datetime,
    deed: Deed,
) -> Pulled:
    with store.writing() as session:
        refused = record_refused(
            session,
            source=source,
            for_date=day,
            file_name=file.path.name,
            failure=failure,
            terms=terms,
            machine=machine,
            deed=deed,
        )
        run_id = refused.id or 0
    file.settle(False)
    with store.reading() as session:
        run = find_run(session, run_id)
    if run is None:
        raise CampaignError(f"The run of {file.path.name} is gone from the store.")
    return outcome_of(run, for_date=day)
