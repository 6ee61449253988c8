"""The catalogue: units, sources, and how the columns of a source's files are read."""

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Integer
from sqlmodel import JSON, Field, SQLModel

from models.core.columns import Day


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
    tile_row: int | None = None
    tile_column: int | None = None
    version_id: int = 1


class SourceRow(SQLModel, table=True):
    """A source of figures, so that series and runs can point at it."""

    __tablename__ = "source"
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    enabled: bool = True
    version_id: int = 1


class ColumnChoice(SQLModel, table=True):
    """How a column of a source's files is read, where the files do not say it. A later choice replaces it."""

    __tablename__ = "column_choice"
    source_id: int = Field(sa_column=Column(Integer, ForeignKey("source.id"), primary_key=True, autoincrement=False))
    key: str = Field(primary_key=True)
    """The question's: layout and column, as `jobs.imports.tables.questions` makes it."""
    option: str
    by: str
    recorded_at: datetime
