"""The weekly meeting: figures frozen for it, its agenda, what was concluded, what somebody is to do, and who gets mail.

A snapshot, its rows, its withdrawal and its confirmation are append-only, as readings are: the database itself
refuses to change them.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, UniqueConstraint
from sqlmodel import JSON, Field, SQLModel

from models.core.columns import Day
from models.tables.kept import ResultColumns
from models.tables.parts import json_column, one_of

TASK_KINDS = ("task", "conclusion", "finding")
TASK_STATES = ("open", "reported", "done", "withdrawn")


class Snapshot(SQLModel, table=True):
    """Figures frozen as of a day and as known at a moment. Nothing of it ever changes."""

    __tablename__ = "snapshot"
    id: int | None = Field(default=None, primary_key=True)
    title: str
    as_of: date = Field(sa_type=Day)
    known_at: datetime
    campaign_version_id: int = Field(foreign_key="campaign_version.id")
    """The settings under which the figures were judged."""
    phase: str
    """Key of the phase that runs on the day by the campaign's own dates."""
    simulated: bool = False
    facts: dict[str, Any] = json_column()
    """What stands on slides beside the figures, as it was then: see `models.meetings.frozen`."""
    slot: str | None = Field(default=None, unique=True)
    """Which time of the schedule it was frozen for; None where a person did it."""
    closes: str | None = None
    """Key of the phase that its rows are the result of; None: they are a meeting's."""
    awaited: int | None = None
    """Of a phase's result that is none yet: how many units' figures were still to come; None: the phase is closed."""
    opens_with: int | None = None
    """The snapshot of the phase's result that this meeting opens with."""
    by: str
    reason: str
    recorded_at: datetime


class SnapshotRow(ResultColumns, table=True):
    """One result of a snapshot, every column as `standing` returned it at that moment."""

    __tablename__ = "snapshot_row"
    __table_args__ = ({"sqlite_with_rowid": False},)
    snapshot_id: int = Field(
        sa_column=Column(Integer, ForeignKey("snapshot.id"), primary_key=True, autoincrement=False)
    )
    position: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    """Its place in the answer of `standing`: by unit, then by indicator."""
    unit: str
    """The unit's code, name and level as they were; a unit may be renamed or merged later."""
    name: str
    level: str
    indicator: str
    phase: str
    as_of: date = Field(sa_type=Day)
    simulated: bool = False
    more: dict[str, Any] = json_column()
    """What a result says besides: columns that were added since this table was made."""


class SnapshotWithdrawal(SQLModel, table=True):
    """Why a snapshot was put aside: it stays to be read, and counts as no meeting any more."""

    __tablename__ = "snapshot_withdrawal"
    snapshot_id: int = Field(
        sa_column=Column(Integer, ForeignKey("snapshot.id"), primary_key=True, autoincrement=False)
    )
    by: str
    reason: str
    recorded_at: datetime


class ResultConfirmation(SQLModel, table=True):
    """The document that confirms a phase's result; the newest counts."""

    __tablename__ = "result_confirmation"
    id: int | None = Field(default=None, primary_key=True)
    snapshot_id: int = Field(foreign_key="snapshot.id")
    document: str
    document_date: date = Field(sa_type=Day)
    signer: str
    by: str
    reason: str
    recorded_at: datetime


class Announcement(SQLModel, table=True):
    """Figures announced ahead of a meeting: units look at theirs and may ask for a check until a deadline."""

    __tablename__ = "announcement"
    __table_args__ = (one_of("state", ("open", "frozen", "withdrawn")),)
    id: int | None = Field(default=None, primary_key=True)
    title: str
    as_of: date = Field(sa_type=Day)
    deadline: date = Field(sa_type=Day)
    """The last day on which a unit may ask for a check."""
    state: str = "open"
    slot: str | None = Field(default=None, unique=True)
    by: str
    announced_at: datetime
    snapshot_id: int | None = Field(default=None, foreign_key="snapshot.id")
    decided_by: str | None = None
    decided_at: datetime | None = None
    decided_reason: str | None = None
    version_id: int = 1


class Agenda(SQLModel, table=True):
    """The slides of a meeting in their order; the newest counts, and a new snapshot begins with the newest of all."""

    __tablename__ = "agenda"
    id: int | None = Field(default=None, primary_key=True)
    snapshot_id: int = Field(foreign_key="snapshot.id", index=True)
    slides: list[str] = Field(default_factory=list, sa_type=JSON)
    by: str
    recorded_at: datetime


class Task(SQLModel, table=True):
    """What was concluded, what a unit is to do, what an inspection found: carried on from meeting to meeting till done.

    A conclusion may be about no unit and may have no day; a task and a finding have both.
    """

    __tablename__ = "task"
    __table_args__ = (
        one_of("kind", TASK_KINDS),
        one_of("state", TASK_STATES),
        Index("ix_task_unit", "unit_id", "state"),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    what: str
    finding: str = ""
    """What an inspection found; only of a finding."""
    who: str = ""
    due: date | None = Field(default=None, sa_type=Day)
    indicator: str = ""
    document: str = ""
    number: str = ""
    """Its number in the document or plan it comes from."""
    snapshot_id: int | None = Field(default=None, foreign_key="snapshot.id", index=True)
    slide: str = ""
    """On which slide of the snapshot's meeting it was recorded."""
    progress: str = ""
    """What was last reported."""
    state: str = "open"
    simulated: bool = False
    by: str
    recorded_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    decided_reason: str | None = None
    version_id: int = 1


class TaskReport(SQLModel, table=True):
    """What a unit reported on a task, with its evidence; every report stays."""

    __tablename__ = "task_report"
    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    progress: str
    evidence: str = ""
    is_done: bool = False
    """The unit says that it is done; the office confirms it or not."""
    by: str
    reported_at: datetime


class MailAddress(SQLModel, table=True):
    """Where an account wants its mails, and which of them; no row: nowhere."""

    __tablename__ = "mail_address"
    account_id: int = Field(foreign_key="account.id", primary_key=True)
    address: str
    digest: bool = True
    """The week in one mail."""
    reminders: bool = True
    """What is to be done within two days."""


class DigestMail(SQLModel, table=True):
    """One digest or reminder to one recipient: its unique key makes it one, however often it is raised and by whom."""

    __tablename__ = "digest_mail"
    __table_args__ = (UniqueConstraint("digest", "account_id", name="uq_digest_mail"),)
    id: int | None = Field(default=None, primary_key=True)
    digest: str
    """Which digest: the time of the schedule, or who asked for it when."""
    account_id: int = Field(foreign_key="account.id")
    as_of: date = Field(sa_type=Day)
    snapshot_id: int | None = Field(default=None, foreign_key="snapshot.id")
    """What a digest is about; a reminder is about none."""
    raised_at: datetime
    attempts: int = 0
    tried_machine: datetime | None = None
    sent_machine: datetime | None = None
    failure: str | None = None
    """`sending` while on its way, else in a word what went wrong the last time; None once it was taken."""
