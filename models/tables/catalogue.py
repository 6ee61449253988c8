"""The catalogue: units and sources."""

from datetime import date

from sqlmodel import JSON, Field, SQLModel

from models.columns import Day


class UnitRow(SQLModel, table=True):
    """A unit. `code` never changes; everything else may, with an audit entry."""

    __tablename__ = "unit"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    level: str = Field(index=True)
    name: str
    parent_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    position: int = 0
    """Order in the campaign's file: official lists keep it."""
    aliases: list[str] = Field(default_factory=list, sa_type=JSON)
    gso_code: str | None = Field(default=None, index=True)
    identity_code: str | None = Field(default=None, index=True)
    head_title: str | None = None
    head_name: str | None = None
    head_phone: str | None = None
    valid_from: date | None = Field(default=None, sa_type=Day)
    valid_to: date | None = Field(default=None, sa_type=Day)
    successor_id: int | None = Field(default=None, foreign_key="unit.id")
    version_id: int = 1


class SourceRow(SQLModel, table=True):
    """A source of figures, so that series and runs can point at it."""

    __tablename__ = "source"
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    enabled: bool = True
    version_id: int = 1
