"""What was reported: runs, readings, scores, baselines, targets. Append-only, with versions or revisions."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Float, ForeignKey, Index, Integer, UniqueConstraint
from sqlmodel import JSON, Field, SQLModel

from models.core.columns import Day, Exact
from models.tables.parts import json_column, one_of


class Run(SQLModel, table=True):
    """One load: an import or a pull. All that entered with it shares its moment, `received_at` (business time)."""

    __tablename__ = "run"
    __table_args__ = (
        one_of(
            "status",
            (
                "running",
                "done",
                "done_with_rejects",
                "unchanged",
                "failed",
                "unrecoverable",
                "withdrawn",
                "held",
                "dismissed",
            ),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    source_id: int | None = Field(default=None, foreign_key="source.id", index=True)
    kind: str
    """readings, scores, baselines, central, targets, units, demonstration, pull, withdrawal."""
    for_date: date | None = Field(default=None, sa_type=Day, index=True)
    status: str
    received_at: datetime = Field(index=True)
    by: str
    file_name: str | None = None
    payload_hash: str | None = Field(default=None, index=True)
    payload_path: str | None = None
    received: int = 0
    accepted: int = 0
    revised: int = 0
    unchanged: int = 0
    rejected: int = 0
    attempts: int = 1
    warnings: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    failure: str | None = None
    """Code of a sentence in data/texts; `failure_terms` fill it."""
    failure_terms: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    started_machine: datetime | None = None
    finished_machine: datetime | None = None
    withdraws_id: int | None = Field(default=None, index=True)
    """The number of the load whose figures this one withdraws; of a withdrawal, it counts again."""
    reason: str | None = None
    """Why it was withdrawn, or why a dropped file was left out."""


class RunClaim(SQLModel, table=True):
    """Who works on a source's day. Machine time only; the unique row is what makes a pull happen once."""

    __tablename__ = "run_claim"
    __table_args__ = (UniqueConstraint("source_id", "for_date", name="uq_run_claim_source_day"),)
    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    for_date: date = Field(sa_type=Day)
    owner: str
    lease_until: datetime
    heartbeat_at: datetime
    attempts: int = 1
    run_id: int | None = Field(default=None, foreign_key="run.id")
    progress: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    """What the owner is doing, for people who watch: a step's code and its numbers."""
    done: bool = False
    version_id: int = 1


class Payload(SQLModel, table=True):
    """One raw answer of a source, kept compressed in the archive: what was really said, without any secret."""

    __tablename__ = "payload"
    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id", index=True)
    position: int
    address: str
    """As asked, without secrets; the file's name where it was a file."""
    status: int | None = None
    sha256: str = Field(index=True)
    size: int
    """Bytes before compression."""
    path: str | None = None
    """Below the archive's folder; None once the time to keep it is over."""


class Alert(SQLModel, table=True):
    """A message about a source, once each: that it is late, failed twice, or is well again."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("source_id", "kind", "for_date", name="uq_alert_once"),
        one_of("kind", ("late", "failing", "recovered")),
    )
    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    kind: str
    for_date: date = Field(sa_type=Day)
    terms: dict[str, Any] = json_column()
    raised_at: datetime
    sent_machine: datetime | None = None
    attempts: int = 0
    failure: str | None = None


class Series(SQLModel, table=True):
    """What stays the same along a line of readings: unit, indicator, source, basis and scope."""

    __tablename__ = "series"
    __table_args__ = (
        UniqueConstraint(
            "unit_id", "indicator", "source_id", "basis", "scope", "simulated", name="uq_series_what_it_measures"
        ),
        one_of("basis", ("campaign", "day", "month", "quarter", "year")),
        one_of("scope", ("own", "below")),
    )
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    indicator: str
    source_id: int = Field(foreign_key="source.id")
    basis: str
    scope: str
    simulated: bool = False


class Reading(SQLModel, table=True):
    """One figure as one run reported it. Append-only: a changed figure is a further revision, the old one stays.

    Counts have eight bytes: a file may hold any up to 10¹², and what follows from one is larger still.
    `value` is the percent the source reported (points); where counts exist the rate is computed from them and `value`
    is only compared. A count is its numerator alone; days are the `value`, the average of as many cases as the
    denominator says. A float holds it exactly: figures have far fewer than 15 digits.
    """

    __tablename__ = "reading"
    __table_args__ = (
        Index("ix_reading_as_of", "as_of"),
        CheckConstraint("numerator IS NULL OR numerator >= 0", name="ck_reading_numerator"),
        CheckConstraint("denominator IS NULL OR denominator >= 0", name="ck_reading_denominator"),
        CheckConstraint("value IS NULL OR value >= 0", name="ck_reading_value"),
        {"sqlite_with_rowid": False},
    )
    series_id: int = Field(sa_column=Column(Integer, ForeignKey("series.id"), primary_key=True, autoincrement=False))
    as_of: date = Field(sa_column=Column(Day, primary_key=True, autoincrement=False))
    period_start: date = Field(sa_column=Column(Day, primary_key=True, autoincrement=False))
    revision: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    period_end: date = Field(sa_type=Day)
    numerator: int | None = Field(default=None, sa_type=BigInteger)
    denominator: int | None = Field(default=None, sa_type=BigInteger)
    value: float | None = Field(default=None, sa_type=Float)
    qualifier: str | None = None
    run_id: int = Field(foreign_key="run.id")
    note: str | None = None
    """What the file says beside the figure (Ghi chú)."""
    quotation: str | None = None
    """The sentence that the figure was taken from, or where exactly it stands (Trích dẫn)."""
    value_high: float | None = Field(default=None, sa_type=Float)
    """The high end of a range, whose low one is `value`; points."""


class ReadingFlag(SQLModel, table=True):
    """Something odd about an accepted reading: it fell, jumped, froze, bunches at exactly 100 %."""

    __tablename__ = "reading_flag"
    id: int | None = Field(default=None, primary_key=True)
    series_id: int = Field(foreign_key="series.id", index=True)
    period_start: date = Field(sa_type=Day)
    as_of: date = Field(sa_type=Day)
    revision: int
    kind: str
    terms: dict[str, Any] = json_column()
    run_id: int = Field(foreign_key="run.id")


class Score(SQLModel, table=True):
    """An official score or rank, in score points: never a rate, never computed over. `indicator` None is the total."""

    __tablename__ = "score"
    __table_args__ = (
        Index("ix_score_unit", "unit_id", "as_of"),
        UniqueConstraint(
            "unit_id",
            "indicator_key",
            "rank_group",
            "source_id",
            "basis",
            "period_start",
            "as_of",
            "revision",
            name="uq_score_told",
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    indicator_key: str = ""
    """Empty for the total: NULL would escape the unique key."""
    source_id: int = Field(foreign_key="source.id")
    basis: str
    period_start: date = Field(sa_type=Day)
    period_end: date = Field(sa_type=Day)
    as_of: date = Field(sa_type=Day)
    revision: int = 1
    points: Decimal | None = Field(default=None, sa_type=Exact)
    max_points: Decimal | None = Field(default=None, sa_type=Exact)
    rank: int | None = None
    rank_of: int | None = None
    rank_group: str = ""
    simulated: bool = False
    source_note: str = ""
    run_id: int = Field(foreign_key="run.id")


class Quarantined(SQLModel, table=True):
    """A row that could not be taken in: its raw text, its place and what is wrong with it. Nothing is lost."""

    __tablename__ = "quarantined"
    __table_args__ = (
        UniqueConstraint("fingerprint", name="uq_quarantined_fingerprint"),
        one_of("state", ("open", "readmitted", "dismissed", "superseded")),
    )
    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id", index=True)
    kind: str
    file_name: str = ""
    place: str
    field: str
    value: str
    problem: str
    """Key of a sentence in data/texts; `terms` fill it."""
    terms: dict[str, Any] = json_column()
    raw: dict[str, Any] = json_column()
    state: str = "open"
    settled_by: str | None = None
    settled_at: datetime | None = None
    settled_reason: str | None = None
    settled_run_id: int | None = Field(default=None, foreign_key="run.id")
    """The run that took the mended row in, brought its figure, or withdrew its load."""
    fingerprint: str
    """Hash of kind, source, raw text and problem: the same bad row twice is one entry."""
    unit_id: int | None = None
    indicator: str | None = None
    as_of: date | None = Field(default=None, sa_type=Day)
    """Whose figure of which day it would have been, as far as that is known: a later load that brings it settles it."""
    version_id: int = 1


class Baseline(SQLModel, table=True):
    """A unit's result before the campaign. The highest version recorded by a moment is what held then."""

    __tablename__ = "baseline"
    __table_args__ = (UniqueConstraint("unit_id", "indicator", "year", "version", name="uq_baseline_version"),)
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    indicator: str
    year: int
    version: int = 1
    value: Decimal | None = Field(default=None, sa_type=Exact)
    numerator: int | None = Field(default=None, sa_type=BigInteger)
    denominator: int | None = Field(default=None, sa_type=BigInteger)
    qualifier: str | None = None
    simulated: bool = False
    source_note: str = ""
    by: str
    reason: str
    recorded_at: datetime = Field(index=True)


class CentralTarget(SQLModel, table=True):
    """The centre's target for an indicator and year; `level` empty means every level."""

    __tablename__ = "central_target"
    __table_args__ = (UniqueConstraint("indicator", "year", "level", "version", name="uq_central_target_version"),)
    id: int | None = Field(default=None, primary_key=True)
    indicator: str
    year: int
    level: str = ""
    version: int = 1
    value: Decimal | None = Field(default=None, sa_type=Exact)
    """None withdraws it."""
    document: str
    source_note: str = ""
    simulated: bool = False
    by: str
    reason: str
    recorded_at: datetime = Field(index=True)


class Target(SQLModel, table=True):
    """One version of one unit's target: proposed by the rule, issued by a decision, or registered by the unit."""

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("unit_id", "indicator", "phase", "origin", "version", name="uq_target_version"),
        one_of("origin", ("proposed", "issued", "registered")),
        one_of("state", ("in_force", "requested", "approved", "refused")),
    )
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    indicator: str
    phase: str
    origin: str
    version: int = 1
    value: Decimal | None = Field(default=None, sa_type=Exact)
    because: str
    terms: dict[str, Any] = json_column()
    """The numbers the rule used, as decimal strings: what the explanation is made of."""
    state: str = "in_force"
    document: str = ""
    document_date: date | None = Field(default=None, sa_type=Day)
    source_note: str = ""
    """Where a registration of the campaign's files was reported, with what was said of it."""
    simulated: bool = False
    by: str
    reason: str
    recorded_at: datetime = Field(index=True)
    decided_by: str | None = None
    decided_at: datetime | None = None
    decided_reason: str | None = None
    version_id: int = 1
