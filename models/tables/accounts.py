"""Who may come in, who is in, and who tried: accounts, sessions and what slows down guessing.

Instants that end in `_machine` are machine time: a rehearsal must not keep a session alive or end it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.tables.parts import json_column, one_of
from targets.permissions import ROLES


class Account(SQLModel, table=True):
    """A person. `login` is folded (small letters, NFC) and never changes; accounts are disabled, never deleted."""

    __tablename__ = "account"
    __table_args__ = (
        one_of("role", ROLES),
        Index("ix_account_subject", "issuer", "subject", unique=True),
    )
    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(unique=True)
    name: str
    role: str
    password_hash: str | None = None
    """Argon2id; None where the person only comes in through the organisation's own sign-in."""
    must_change: bool = False
    """The password is a one-time one: nothing opens until it has been changed."""
    one_time_until_machine: datetime | None = None
    """When a one-time password stops working."""
    issuer: str | None = None
    """Whose sign-in the account belongs to (OIDC), and who it is there."""
    subject: str | None = None
    is_enabled: bool = True
    created_at: datetime
    last_seen_machine: datetime | None = None
    """When somebody last signed in with it."""
    version_id: int = 1


class AccountUnit(SQLModel, table=True):
    """A unit that an account heads."""

    __tablename__ = "account_unit"
    account_id: int = Field(foreign_key="account.id", primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", primary_key=True, index=True)


class SignInSession(SQLModel, table=True):
    """Somebody is signed in on a browser. Only the sha256 of the cookie is kept: a stolen store opens nothing."""

    __tablename__ = "sign_in_session"
    __table_args__ = (one_of("via", ("password", "oidc")),)
    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    via: str
    address: str
    browser: str = ""
    opened_machine: datetime
    seen_machine: datetime
    """Last click, to the minute; after `idle` hours without one the session is over."""
    until_machine: datetime
    """When the session is over whatever happens."""
    ended_machine: datetime | None = None


class KnownBrowser(SQLModel, table=True):
    """A browser on which somebody has signed in before: guessing from elsewhere never makes it wait."""

    __tablename__ = "known_browser"
    token_hash: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id", primary_key=True)
    seen_machine: datetime


class Guesses(SQLModel, table=True):
    """Wrong passwords in a row, counted for one key: an address, an account, or the two together."""

    __tablename__ = "guesses"
    key: str = Field(primary_key=True)
    failures: int = 0
    last_machine: datetime
    wait_until_machine: datetime | None = None


class OidcAttempt(SQLModel, table=True):
    """A sign-in that has been sent to the organisation's own door and has not come back yet; used once."""

    __tablename__ = "oidc_attempt"
    state_hash: str = Field(primary_key=True)
    browser_hash: str
    """The sha256 of a cookie of the browser that began: a state carried to another browser is refused."""
    content: dict[str, Any] = json_column()
    until_machine: datetime
