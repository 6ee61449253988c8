"""Frozen figures: which there are, what each holds to the digit, and what has changed since."""

import json
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from models.catalogue import campaign_from_json
from models.core.clock import business_day
from models.core.columns import day_of
from models.core.store import filled, read_frame
from models.meetings.frozen import FrozenFacts, facts_as_json, facts_from_json, find_facts
from models.results.inputs import load_campaign
from models.results.kept import sql_table
from models.results.standing import find_standing
from models.tables import Agenda, Announcement, CampaignVersion, Snapshot, SnapshotRow, SnapshotWithdrawal
from targets.errors import UnknownName
from targets.results import Result, columns_of
from targets.values import Campaign, Measure, Text

COMPARED = ("value", "numerator", "denominator", "target", "standing")
"""A difference in one of these is a revision that a meeting should hear of."""


@dataclass(frozen=True)
class Withdrawn:
    """Who put a snapshot aside, why and when."""

    by: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class SnapshotHead:
    """A snapshot as a list names it."""

    id: int
    title: str
    as_of: date
    known_at: datetime
    phase: str
    simulated: bool
    slot: str | None
    by: str
    reason: str
    recorded_at: datetime
    closes: str | None = None
    """Key of the phase that it holds the result of; None: it is a meeting's."""
    awaited: int | None = None
    """Of a phase's result that is none yet: how many units' figures were still to come; None: the phase is closed."""
    opens_with: int | None = None
    """The snapshot of the phase's result that a meeting opens with."""
    withdrawn: Withdrawn | None = None
    """It was put aside: readable for good, but no meeting's any more."""


@dataclass(frozen=True)
class FrozenFigures:
    """A snapshot with the settings it was judged under and everything beside its figures."""

    head: SnapshotHead
    campaign: Campaign
    facts: FrozenFacts


@dataclass(frozen=True)
class Difference:
    """A figure that has changed since it was frozen; `now` is None where the unit is gone."""

    frozen: Result
    now: Result | None


@dataclass(frozen=True)
class Announced:
    """Figures that units are looking at ahead of a meeting."""

    id: int
    title: str
    as_of: date
    deadline: date
    state: str
    by: str
    at: datetime
    snapshot: int | None
    version: int


_OWN = tuple(field.name for field in fields(SnapshotHead) if field.name != "withdrawn")
"""The columns of a snapshot that a list names."""


def find_snapshots(session: Session) -> list[SnapshotHead]:
    """Every meeting's snapshot that counts, the newest first."""
    return [head for head in find_all_snapshots(session) if head.withdrawn is None and head.closes is None]


def find_all_snapshots(session: Session) -> list[SnapshotHead]:
    """Every snapshot, those put aside and those of phases too, the newest first."""
    named: tuple[Any, ...] = tuple(getattr(Snapshot, name) for name in _OWN)
    statement = select_columns(*named).order_by(col(Snapshot.id).desc())
    withdrawn = {row.snapshot_id: row for row in session.exec(select(SnapshotWithdrawal))}
    heads = [SnapshotHead(*row) for row in session.connection().execute(statement)]
    return [replace(head, withdrawn=_withdrawn(withdrawn.get(head.id))) for head in heads]


def _withdrawn(row: SnapshotWithdrawal | None) -> Withdrawn | None:
    return None if row is None else Withdrawn(row.by, row.reason, row.recorded_at)


def find_snapshot(session: Session, snapshot_id: int) -> FrozenFigures:
    """One snapshot with everything beside its figures, also one put aside. Raises UnknownName."""
    row = named_snapshot(session, snapshot_id)
    version = session.get_one(CampaignVersion, row.campaign_version_id)
    withdrawn = _withdrawn(session.get(SnapshotWithdrawal, snapshot_id))
    return FrozenFigures(
        head=replace(SnapshotHead(*(getattr(row, name) for name in _OWN)), withdrawn=withdrawn),
        campaign=campaign_from_json(version.content),
        facts=facts_from_json(row.facts),
    )


def named_snapshot(session: Session, snapshot_id: int) -> Snapshot:
    """The snapshot of a number. Raises UnknownName."""
    row = session.get(Snapshot, snapshot_id)
    if row is None:
        raise UnknownName(kind="snapshot", name=str(snapshot_id))
    return row


def check_snapshot(session: Session, snapshot_id: int | None) -> None:
    """Raise UnknownName for a snapshot that there is not; None names none."""
    if snapshot_id is not None:
        named_snapshot(session, snapshot_id)


def find_frozen(
    session: Session, snapshot_id: int, *, units: list[str] | None = None, indicator: str | None = None
) -> list[Result]:
    """The figures of a snapshot as `standing` returned them then, in its order. Raises UnknownName."""
    check_snapshot(session, snapshot_id)
    table = sql_table(SnapshotRow).c
    names = [*(field.name for field in fields(Result) if field.name in table), "more"]
    statement = (
        select_columns(*(table[name] for name in names))
        .where(table.snapshot_id == snapshot_id)
        .order_by(table.position)
    )
    if units is not None:
        statement = statement.where(table.unit.in_(units))
    if indicator is not None:
        statement = statement.where(table.indicator == indicator)
    return [Result(**_reported(dict(zip(names, row, strict=True)))) for row in _rows(session, statement)]


def _seen_on(of: SnapshotHead) -> date:
    """The day from which its rows were looked at: its own, of a phase's result the one on which that was frozen."""
    return of.as_of if of.closes is None else business_day(of.known_at)


def _rows(session: Session, statement: Any) -> Any:
    """Straight from the driver: many rows, and days that stay whole numbers."""
    frame = read_frame(session, statement)
    return frame.astype(object).itertuples(index=False, name=None)


def _reported(row: dict[str, Any]) -> dict[str, Any]:
    # NaN, the only value that differs from itself, means unknown.
    reported: dict[str, Any] = {name: None if value is None or value != value else value for name, value in row.items()}
    reported |= {name: day_of(int(reported[name])) for name in columns_of(date) if reported.get(name) is not None}
    reported |= {name: int(reported[name]) for name in columns_of(int) if reported.get(name) is not None}
    more = reported.pop("more")
    # PostgreSQL's driver reads JSON by itself, SQLite's hands over what is written.
    reported |= json.loads(more) if isinstance(more, str) else more
    if "measure" in reported:
        measure = reported["measure"]
        reported["measure"] = Measure(measure["kind"], Text(**measure["counted"]))
    return reported | {name: bool(reported[name]) for name in columns_of(bool) if name in reported}


def find_previous(session: Session, snapshot_id: int) -> SnapshotHead | None:
    """The snapshot of the meeting before: the newest one of an earlier day that counts. None: this is the first."""
    check_snapshot(session, snapshot_id)
    day = session.get_one(Snapshot, snapshot_id).as_of
    earlier = [head for head in find_snapshots(session) if head.as_of < day]
    return max(earlier, key=lambda head: (head.as_of, head.id), default=None)


def find_revisions(session: Session, snapshot_id: int) -> list[Difference]:
    """What differs now from when it was frozen, for the same day and phase, in the snapshot's order.

    Nothing where the campaign has such a phase no more: what closed it is all there is of it.
    """
    frozen = find_frozen(session, snapshot_id)
    head = find_snapshot(session, snapshot_id).head
    if head.closes is not None and head.closes not in {phase.key for phase in load_campaign(session).phases}:
        return []
    rows = find_standing(session, as_of=_seen_on(head), phase=head.closes)
    now = {(row.unit, row.indicator, row.phase): row for row in rows}
    reported = [Difference(row, now.get((row.unit, row.indicator, row.phase))) for row in frozen]
    return [pair for pair in reported if pair.now is None or _differs(pair.frozen, pair.now)]


def find_same_snapshot(session: Session, *, as_of: date, title: str, known_at: datetime | None) -> int | None:
    """A snapshot by hand that already holds what would be frozen now, under the same title; None: there is none.

    What is announced of the day is to be frozen with it, so it is never the same.
    """
    announced = find_open_announcement(session)
    if known_at is None and announced is not None and announced.as_of == as_of:
        return None
    for head in find_snapshots(session):
        if (head.as_of, head.title, head.slot) == (as_of, title.strip(), None) and (
            head.known_at == known_at if known_at is not None else _is_as_now(session, head)
        ):
            return head.id
    return None


def _is_as_now(session: Session, head: SnapshotHead) -> bool:
    """Whether freezing as it is known now would bring the very same rows, and the same beside them."""
    heads = find_all_snapshots(session)
    opening = next((each for each in heads if each.id == head.opens_with), None)
    if (
        opening is not None
        and opening.awaited is not None
        and any(each.closes == opening.closes and each.awaited is None and each.withdrawn is None for each in heads)
    ):
        return False  # the phase has been closed since
    frozen = find_snapshot(session, head.id)
    rows = find_standing(session, as_of=head.as_of)
    facts = facts_as_json(find_facts(session, load_campaign(session), as_of=head.as_of, known_at=None))
    return find_frozen(session, head.id) == rows and facts_as_json(frozen.facts) == facts


def _differs(frozen: Result, now: Result) -> bool:
    return any(getattr(frozen, name) != getattr(now, name) for name in COMPARED)


def find_agenda(session: Session, snapshot_id: int) -> tuple[str, ...]:
    """The slides chosen for a snapshot's meeting, else those of the newest agenda there is; empty: nobody chose."""
    statement = select(Agenda).order_by(col(Agenda.id).desc())
    own = session.exec(statement.where(col(Agenda.snapshot_id) == snapshot_id)).first()
    found = own or session.exec(statement).first()
    return () if found is None else tuple(found.slides)


def find_announced(session: Session) -> list[Announced]:
    """Every announcement, the newest first."""
    return [
        filled(Announced, row, at=row.announced_at, snapshot=row.snapshot_id, version=row.version_id)
        for row in session.exec(select(Announcement).order_by(col(Announcement.id).desc()))
    ]


def find_open_announcement(session: Session) -> Announced | None:
    """What units are looking at now, ahead of the next meeting."""
    return next((announced for announced in find_announced(session) if announced.state == "open"), None)
