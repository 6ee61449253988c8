"""Withdrawing a load: what it brought counts no more, and what held before does again. Nothing is deleted.

A withdrawal is a load itself, with who, when and why; withdrawing it brings back what it took away. Frozen
figures stay.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import delete, func, select, update
from sqlmodel import Session, col

from models.core.audit import ChangeContext, find_state, record
from models.core.clock import business_day
from models.core.columns import day_number, day_of, storable
from models.core.permission import require
from models.core.store import read_frame, taken_back
from models.feeds.withdrawn import find_withdrawn
from models.readings.actions import SCORES
from models.readings.comparing import LOOK_AHEAD, READING_KEY, find_context, find_in_force, is_disputed
from models.readings.flagging import flag_readings
from models.readings.settling import DISMISSED, OPEN, SUPERSEDED, supersede_rows
from models.results.inputs import load_campaign
from models.results.kept import bring_up_to_date
from models.results.rows import Results
from models.results.series import IN_FORCE_LAST
from models.results.standing import computed, find_standing
from models.tables import CheckRequest, Quarantined, Reading, ReadingFlag, Run, Score, Series, UnitRow
from targets.errors import CampaignError, UnknownName, WrongUse
from targets.periods import OPEN_END
from targets.permissions import Permission
from targets.values import Campaign

WITHDRAWAL, WITHDRAWN = "withdrawal", "withdrawn"
KINDS = ("readings", "scores", "pull", "demonstration", WITHDRAWAL)
"""What can be withdrawn. Baselines, targets and units are versions: a further file or decision replaces them."""
FIGURE = ("numerator", "denominator", "value", "value_high", "qualifier")
MOST_NAMED = 500
"""Changes named one by one; all are counted."""


@dataclass(frozen=True)
class Figure:
    """What a reading says."""

    numerator: int | None
    denominator: int | None
    value: float | None
    value_high: float | None
    qualifier: str | None


@dataclass(frozen=True)
class FigureChange:
    """A figure that another takes the place of; None where there is none."""

    unit: str
    unit_name: str
    indicator: str
    as_of: date
    now: Figure | None
    then: Figure | None


@dataclass(frozen=True)
class StandingChange:
    """A unit whose standing on an indicator becomes another."""

    unit: str
    unit_name: str
    indicator: str
    now: str
    then: str


@dataclass(frozen=True)
class Withdrawal:
    """What withdrawing a load does, or did: numbers of figures, and the first of them by name."""

    run: int
    load: int
    """The load whose figures it is about: `run` itself, or what the withdrawal `run` took away."""
    back: int
    """Figures of which an earlier or later one takes the place."""
    gone: int
    """Figures of days of which nothing is known then."""
    again: int
    """Figures of days of which nothing is known now."""
    kept: int
    """Figures of the load that change nothing: revised since, or never in force."""
    scores: int
    rows: int
    """Its rows in quarantine, which are dismissed with it, or wait again."""
    disputes: int
    """Open requests to check its figures, which stay open."""
    mended: tuple[int, ...]
    """Loads that took its mended rows in: they stay."""
    unseen: tuple[int, ...]
    """Later loads of the same source that found figures unchanged: what was known already they have not brought."""
    changes: tuple[FigureChange, ...] = ()
    standings: tuple[StandingChange, ...] = ()
    by: int | None = None
    """The number of the withdrawal; None while it is only looked at."""

    @property
    def is_withdrawing(self) -> bool:
        """False where a withdrawal is withdrawn, and the load counts again."""
        return self.run == self.load

    @property
    def mark(self) -> str:
        """Equal for two looks that show the same."""
        return "-".join(str(count) for count in (self.back, self.gone, self.again, self.kept, self.scores, self.rows))


def foresee_withdrawal(session: Session, run_id: int, *, context: ChangeContext) -> Withdrawal:
    """What withdrawing a load would do, with the standings that would change today; for a session that may write.

    Raises Refused, UnknownName, WrongUse.
    """
    require(session, context, Permission.IMPORT)
    run, load = _runs(session, run_id)
    touched = _touched(session, run, load)
    found = _described(session, run, load, touched)
    state, day = find_state(session), business_day(context.now)
    before = {(row.unit, row.indicator): row for row in find_standing(session, as_of=day)}
    with taken_back(session):
        _enter(session, run, context)
        results = Results.load(session, first=day_number(day), last=day_number(day))
        after = computed(results, [results.on(day_number(day))[0]], is_simulated=state.simulated)
    standings = tuple(
        StandingChange(row.unit, row.name, row.indicator, was.standing, row.standing)
        for row in after
        if (was := before[row.unit, row.indicator]).standing != row.standing
    )
    return replace(found, changes=_named(session, touched), standings=standings)


def withdraw_load(session: Session, run_id: int, *, seen: str | None = None, context: ChangeContext) -> Withdrawal:
    """Withdraw a load for a reason; all that follows from it is computed anew in the same transaction.

    `seen`: the mark of what the person was shown; where something else would happen now, nothing does. Raises Refused,
    UnknownName, WrongUse, CampaignError.
    """
    require(session, context, Permission.IMPORT)
    if not context.reason.strip():
        raise WrongUse("A load is only withdrawn for a reason: write it down.", code="no_reason_to_withdraw")
    run, load = _runs(session, run_id)
    touched = _touched(session, run, load)
    found = _described(session, run, load, touched)
    if seen not in (None, found.mark):
        raise CampaignError(
            f"Withdrawing load {run_id} would do something else now than you were shown. Look again.",
            code="withdrawal_changed",
            run=str(run_id),
        )
    withdrawal = _enter(session, run, context)
    withdrawal.received, withdrawal.accepted = len(touched) + found.kept + found.scores, found.again
    withdrawal.revised, withdrawal.unchanged = found.back + found.gone + found.scores, found.kept
    session.flush()
    _settle_rows(session, load, withdrawal, is_withdrawing=found.is_withdrawing, context=context)
    campaign = load_campaign(session)
    if len(touched):
        _flag_anew(session, touched, load=load, withdrawal=withdrawal, campaign=campaign)
    record(
        session,
        context=context,
        action="withdraw_load" if found.is_withdrawing else "restore_load",
        subject=f"run {load.id}",
        new={
            "run": withdrawal.id,
            "file": load.file_name,
            "back": found.back,
            "gone": found.gone,
            "again": found.again,
            "kept": found.kept,
            "scores": found.scores,
            "rows": found.rows,
        },
    )
    since = int(touched["as_of"].min()) if len(touched) else OPEN_END
    bring_up_to_date(session, since=since, campaign=campaign)
    return replace(found, by=withdrawal.id, changes=_named(session, touched))


def _runs(session: Session, run_id: int) -> tuple[Run, Run]:
    """What is withdrawn, and the load whose figures it is about. Raises UnknownName, WrongUse."""
    run = session.get(Run, run_id)
    if run is None:
        raise UnknownName(kind="load", name=str(run_id))
    if run.kind not in KINDS:
        raise WrongUse(
            f"Load {run_id} brought no figures of days; what it brought is replaced by a further file or decision.",
            code="load_not_of_figures",
            run=str(run_id),
        )
    if run.status == WITHDRAWN:
        by = session.scalars(select(func.max(col(Run.id))).where(col(Run.withdraws_id) == run_id)).one()
        raise WrongUse(
            f"Load {run_id} was withdrawn by load {by}: withdraw that one, and it counts again.",
            code="load_withdrawn",
            run=str(run_id),
            by=str(by),
        )
    load = run
    while load.withdraws_id is not None:
        load = session.get_one(Run, load.withdraws_id)
    return run, load


def _touched(session: Session, run: Run, load: Run) -> pd.DataFrame:
    """The days of series of which another figure would be in force: what is now, and then, with `_now` and `_then`.

    Its `attrs` say how many days of series the load told in all.
    """
    told = select(*(getattr(Reading, name) for name in READING_KEY)).where(col(Reading.run_id) == load.id)
    keys = told.distinct().subquery()
    statement = select(*(getattr(Reading, name) for name in (*READING_KEY, "revision", "run_id", *FIGURE))).join(
        keys, _same_day(keys)
    )
    rows = read_frame(session, statement.order_by(*IN_FORCE_LAST))
    now, then = (
        rows[~rows["run_id"].isin(withdrawn)].drop_duplicates(READING_KEY, keep="last").drop(columns="run_id")
        for withdrawn in (find_withdrawn(session), find_withdrawn(session, also=run.id))
    )
    both = now.merge(then, on=READING_KEY, how="outer", suffixes=("_now", "_then"))
    touched = both[both["revision_now"].ne(both["revision_then"])].sort_values(READING_KEY)
    touched.attrs["told"] = len(rows.drop_duplicates(READING_KEY))
    return touched.reset_index(drop=True)


def _same_day(keys: Any) -> Any:
    return (
        (col(Reading.series_id) == keys.c.series_id)
        & (col(Reading.as_of) == keys.c.as_of)
        & (col(Reading.period_start) == keys.c.period_start)
    )


def _described(session: Session, run: Run, load: Run, touched: pd.DataFrame) -> Withdrawal:
    """The counts of a withdrawal. Raises WrongUse where nothing would change."""
    is_withdrawing = load.id in find_withdrawn(session, also=run.id)
    gone, again = int(touched["revision_then"].isna().sum()), int(touched["revision_now"].isna().sum())
    scores = _scores_touched(session, run, load)
    rows = _rows_of(load, is_withdrawing=is_withdrawing)
    waiting = int(session.scalars(select(func.count()).select_from(Quarantined).where(*rows)).one())
    # A load whose figures were all revised since can be withdrawn: they do not come back with what revised them.
    of_load = select(func.count()).select_from(Score).where(col(Score.run_id) == load.id)
    if not (touched.attrs["told"] or waiting or session.scalars(of_load).one()):
        raise WrongUse(
            f"Withdrawing load {run.id} would change nothing: it brought nothing new.",
            code="nothing_to_withdraw",
            run=str(run.id),
        )
    later = select(col(Run.id)).where(
        col(Run.source_id) == load.source_id, col(Run.id) > load.id, col(Run.unchanged) > 0,
        col(Run.kind) != WITHDRAWAL, col(Run.status) != WITHDRAWN,
    )  # fmt: skip
    mended = select(col(Quarantined.settled_run_id)).where(
        col(Quarantined.run_id) == load.id, col(Quarantined.state) == "readmitted"
    )
    disputed = (
        select(func.count())
        .select_from(CheckRequest)
        .join(Reading, is_disputed())
        .where(col(CheckRequest.state) == OPEN, col(Reading.run_id) == load.id)
    )
    return Withdrawal(
        run=load.id or 0 if is_withdrawing else run.id or 0,
        load=load.id or 0,
        back=len(touched) - gone - again,
        gone=gone,
        again=again,
        kept=touched.attrs["told"] - len(touched),
        scores=scores,
        rows=waiting,
        disputes=int(session.scalars(disputed).one()),
        mended=tuple(session.scalars(mended.distinct().order_by(col(Quarantined.settled_run_id)))),
        unseen=tuple(session.scalars(later.order_by(col(Run.id)))),
    )


def _scores_touched(session: Session, run: Run, load: Run) -> int:
    """How many scores of the load's source would be others."""
    names = [*SCORES.key, SCORES.version, "run_id"]
    columns = select(*(getattr(Score, name) for name in names)).where(col(Score.source_id) == load.source_id)
    rows = read_frame(session, columns.order_by(col(Score.revision)))
    now, then = (
        rows[~rows["run_id"].isin(withdrawn)].drop_duplicates(list(SCORES.key), keep="last")["run_id"]
        for withdrawn in (find_withdrawn(session), find_withdrawn(session, also=run.id))
    )
    key = rows.groupby(list(SCORES.key), dropna=False).ngroup()
    return len(set(key[now.index.symmetric_difference(then.index)]))


def _rows_of(load: Run, *, is_withdrawing: bool) -> tuple[Any, ...]:
    """Its rows that wait; or those that a withdrawal has dismissed."""
    of_load: Sequence[Any] = (col(Quarantined.run_id) == load.id,)
    if is_withdrawing:
        return (*of_load, col(Quarantined.state) == OPEN)
    return (*of_load, col(Quarantined.state) == DISMISSED, col(Quarantined.settled_run_id).is_not(None))


def _enter(session: Session, run: Run, context: ChangeContext) -> Run:
    """The withdrawal as a load of its own, and the statuses of those that count no more or again."""
    was = find_withdrawn(session)
    withdrawal = Run(
        source_id=run.source_id,
        kind=WITHDRAWAL,
        status="done",
        received_at=context.now,
        by=context.by,
        file_name=run.file_name,
        withdraws_id=run.id,
        reason=context.reason,
    )
    session.add(withdrawal)
    session.flush()
    now = find_withdrawn(session)
    for changed in session.scalars(select(Run).where(col(Run.id).in_(was ^ now))):
        changed.status = WITHDRAWN if changed.id in now else "done_with_rejects" if changed.rejected else "done"
        session.add(changed)
    session.flush()
    return withdrawal


def _settle_rows(session: Session, load: Run, withdrawal: Run, *, is_withdrawing: bool, context: ChangeContext) -> None:
    names = ("settled_by", "settled_at", "settled_reason", "settled_run_id")
    waiting: dict[str, Any] = {"state": OPEN} | dict.fromkeys(names)
    told = (context.by, context.now, storable(context.reason), withdrawal.id)
    settled: dict[str, Any] = {"state": DISMISSED} | dict(zip(names, told, strict=True))
    change = update(Quarantined).values(version_id=col(Quarantined.version_id) + 1)
    connection = session.connection()
    own = change.where(*_rows_of(load, is_withdrawing=is_withdrawing))
    connection.execute(own.values(settled if is_withdrawing else waiting))
    if is_withdrawing:
        # Rows of other loads whose figures this one had brought; those of a load that counts no more wait no more.
        brought = (col(Quarantined.state) == SUPERSEDED, col(Quarantined.settled_run_id) == load.id)
        of_withdrawn = col(Quarantined.run_id).in_(find_withdrawn(session))
        of_load = select(func.max(col(Run.id))).where(col(Run.withdraws_id) == col(Quarantined.run_id))
        gone = settled | {"settled_run_id": of_load.scalar_subquery()}
        connection.execute(change.where(*brought, of_withdrawn).values(gone))
        connection.execute(change.where(*brought).values(waiting))
    waits = select(col(Quarantined.id)).where(col(Quarantined.state) == OPEN, col(Quarantined.unit_id).is_not(None))
    later = select(Run).where(
        waits.exists(), col(Run.source_id) == load.source_id, col(Run.id) >= load.id, col(Run.kind) != WITHDRAWAL,
        col(Run.status).in_(("done", "done_with_rejects")), col(Run.accepted) + col(Run.revised) > 0,
    )  # fmt: skip
    for run in session.scalars(later.order_by(col(Run.id))).all():
        reason = run.file_name or context.reason
        supersede_rows(session, run, context=replace(context, by=run.by, now=run.received_at, reason=reason))
    session.expire_all()


def _flag_anew(session: Session, touched: pd.DataFrame, *, load: Run, withdrawal: Run, campaign: Campaign) -> None:
    """What stands out among the figures of the load's series as they stand now: a flag says with what it was compared.

    Of those too that were revised since, whose flags go with the others.
    """
    told = select(col(Reading.series_id)).where(col(Reading.run_id) == load.id)
    series = np.array(session.scalars(told.distinct()).all(), dtype=np.int64)
    first, last = int(touched["as_of"].min()), int(touched["as_of"].max()) + LOOK_AHEAD
    flagged = (col(ReadingFlag.series_id).in_(told), col(ReadingFlag.as_of).between(day_of(first), day_of(last)))
    session.connection().execute(delete(ReadingFlag).where(*flagged))
    held = find_in_force(session, series, first=first, last=last)
    # A bound neither fell nor jumped.
    is_judged = held["qualifier"] == None  # noqa: E711 - of each element
    held = {name: values[is_judged] for name, values in held.items()}
    if len(held["series_id"]):
        series, revision = held.pop("series_id"), held.pop("revision")
        context = find_context(session, series, held, campaign=campaign)
        flag_readings(session, series, held, revision, context=context, campaign=campaign, run=withdrawal)


def _named(session: Session, touched: pd.DataFrame) -> tuple[FigureChange, ...]:
    """The first changes, day by day in the campaign's order of units."""
    named = touched.head(MOST_NAMED)
    statement = (
        select(col(Series.id), col(Series.indicator), col(UnitRow.code), col(UnitRow.name), col(UnitRow.position))
        .join(UnitRow, col(UnitRow.id) == col(Series.unit_id))
        .where(col(Series.id).in_(named["series_id"].unique().tolist()))
    )
    of_series = {row.id: row for row in session.execute(statement)}
    changes = [
        (
            (row["as_of"], of_series[row["series_id"]].position),
            FigureChange(
                unit=of_series[row["series_id"]].code,
                unit_name=of_series[row["series_id"]].name,
                indicator=of_series[row["series_id"]].indicator,
                as_of=day_of(int(row["as_of"])),
                now=_figure(row, "now"),
                then=_figure(row, "then"),
            ),
        )
        for row in named.to_dict("records")
    ]
    return tuple(change for _, change in sorted(changes, key=lambda pair: pair[0]))


def _figure(row: dict[Hashable, Any], when: str) -> Figure | None:
    if pd.isna(row[f"revision_{when}"]):
        return None
    said = {name: row[f"{name}_{when}"] for name in FIGURE}
    told: dict[str, Any] = {name: None if pd.isna(value) else value for name, value in said.items()}
    whole = {name: int(told[name]) for name in ("numerator", "denominator") if told[name] is not None}
    return Figure(**(told | whole))
