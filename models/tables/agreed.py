"""What is agreed between people: causes, requests to check, dates of their own, requests to explain."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from models.core.columns import Day
from models.tables.parts import one_of


class Cause(SQLModel, table=True):
    """Why a unit is behind on an indicator, what it will do, and whether the coordinator confirms it."""

    __tablename__ = "cause"
    __table_args__ = (
        one_of("category", ("synchronisation", "ministry_software", "no_fee", "staff", "citizens", "other")),
        one_of("state", ("stated", "confirmed", "not_confirmed", "ended")),
        Index("ix_cause_unit", "unit_id", "indicator"),
    )
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    indicator: str
    category: str
    text: str
    action: str = ""
    who: str = ""
    due: date | None = Field(default=None, sa_type=Day)
    ends_on: date | None = Field(default=None, sa_type=Day)
    state: str = "stated"
    simulated: bool = False
    by: str
    stated_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    decided_reason: str | None = None
    version_id: int = 1


class CheckRequest(SQLModel, table=True):
    """A unit disputes a reading with evidence (đề nghị rà soát số liệu); decided by a deadline."""

    __tablename__ = "check_request"
    __table_args__ = (one_of("state", ("open", "revised", "refused")),)
    id: int | None = Field(default=None, primary_key=True)
    series_id: int = Field(foreign_key="series.id", index=True)
    period_start: date = Field(sa_type=Day)
    as_of: date = Field(sa_type=Day)
    revision: int
    evidence: str
    proposed_numerator: int | None = Field(default=None, sa_type=BigInteger)
    proposed_denominator: int | None = Field(default=None, sa_type=BigInteger)
    deadline: date = Field(sa_type=Day)
    state: str = "open"
    by: str
    stated_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    decided_reason: str | None = None
    version_id: int = 1


class PhaseDates(SQLModel, table=True):
    """A unit's request for dates of its own for a phase; in force once the coordinator has approved it."""

    __tablename__ = "phase_dates"
    __table_args__ = (one_of("state", ("requested", "in_force", "refused")),)
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    phase: str
    start: date = Field(sa_type=Day)
    due: date | None = Field(default=None, sa_type=Day)
    document: str
    state: str = "requested"
    by: str
    reason: str
    recorded_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    decided_reason: str | None = None
    version_id: int = 1


class ExplanationRequest(SQLModel, table=True):
    """A leader asks a unit to explain itself on an indicator by a day; a cause stated afterwards answers it."""

    __tablename__ = "explanation_request"
    __table_args__ = (one_of("state", ("open", "answered", "withdrawn")),)
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    indicator: str
    question: str
    deadline: date = Field(sa_type=Day)
    state: str = "open"
    by: str
    asked_at: datetime
    cause_id: int | None = Field(default=None, foreign_key="cause.id")
    version_id: int = 1
