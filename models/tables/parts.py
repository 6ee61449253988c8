"""What several tables are built from."""

from functools import cache
from typing import Any

from sqlalchemy import CheckConstraint, String, event
from sqlalchemy.orm import Mapper
from sqlmodel import JSON, AutoString, Field, SQLModel

from models.core.columns import storable_json


def one_of(column: str, allowed: tuple[str, ...]) -> CheckConstraint:
    """A check instead of a native enum: a new word is then a small migration on every engine."""
    words = ", ".join(f"'{word}'" for word in allowed)
    return CheckConstraint(f"{column} IN ({words})", name=f"ck_{column}_known")


def json_column() -> Any:
    return Field(default_factory=dict, sa_type=JSON)


@event.listens_for(SQLModel, "before_insert", propagate=True)
@event.listens_for(SQLModel, "before_update", propagate=True)
def clean_texts(mapper: Mapper[Any], _connection: Any, row: SQLModel) -> None:
    """Cleans every text of a row: none is stored that an engine or an encoding refuses.

    Called for each row as it is written, whoever made it. What was not loaded is as it was.
    """
    loaded = vars(row)
    for name in _texts_of(mapper).intersection(loaded):
        value = loaded[name]
        clean = storable_json(value)
        if clean != value:
            setattr(row, name, clean)


@cache
def _texts_of(mapper: Mapper[Any]) -> frozenset[str]:
    """The attributes of a table that hold texts, alone or within JSON."""
    kinds = (String, AutoString, JSON)
    return frozenset(one.key for one in mapper.column_attrs if isinstance(one.columns[0].type, kinds))
