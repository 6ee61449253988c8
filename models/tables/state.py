"""The store itself: its state, the versions of its settings, the audit chain."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import JSON, Field, SQLModel

from models.core.columns import Day
from models.tables.parts import json_column
from targets.results import CALCULATION


class StoreState(SQLModel, table=True):
    """One row. Every change locks it, so changes form a line: `data_version` and the audit's last hash live here."""

    __tablename__ = "store_state"
    id: int = Field(default=1, primary_key=True)
    campaign_key: str
    simulated: bool = False
    rehearsal_now: datetime | None = None
    """The instant a demonstration pretends to be in; None in a real store."""
    seed: int | None = None
    data_version: int = 0
    kept_version: int = 0
    """The data version the kept tables were last brought up to."""
    kept_through: date | None = Field(default=None, sa_type=Day)
    """The last day for which result rows are kept."""
    calculation: int = CALCULATION
    """The calculation that made every kept row."""
    audit_hash: str = ""
    trail_gapless_from: int = 1
    """From this number on no entry of the audit trail may be missing; before, PostgreSQL has left some out."""
    trail_seal: str = ""
    """The number of the last entry written with CAODIEM_AUDIT_KEY, and the key's seal on it; empty without a key."""
    is_archived: bool = False
    """The campaign lies in the archive: it is read and no longer changed."""
    version_id: int = 1


class CampaignVersion(SQLModel, table=True):
    """The campaign's settings as its files stood; the newest one recorded by a moment is what held then."""

    __tablename__ = "campaign_version"
    id: int | None = Field(default=None, primary_key=True)
    content: dict[str, Any] = json_column()
    fingerprint: str
    by: str
    reason: str
    recorded_at: datetime


class CampaignFile(SQLModel, table=True):
    """A file of the campaign as one version of the settings was loaded from it; a version has those that differ.

    It distinguishes what a store holds beside its files (imported, entered on a page) from what the files once said.
    """

    __tablename__ = "campaign_file"
    __table_args__ = (UniqueConstraint("version_id", "file", name="uq_campaign_file_version"),)
    id: int | None = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="campaign_version.id")
    file: str
    """Its name in the campaign's folder."""
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Compressed (zlib); None from the version on in which the file is gone."""


class AuditEntry(SQLModel, table=True):
    """Who did what, when, why, under which document. Each entry's hash covers the one before it."""

    __tablename__ = "audit_entry"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    by: str = Field(index=True)
    role: str = ""
    origin: str = ""
    """From where: the command line, a page, an address."""
    action: str = Field(index=True)
    subject: str = Field(index=True)
    old: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    new: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    reason: str
    document: str = ""
    previous_hash: str
    hash: str = Field(unique=True)
