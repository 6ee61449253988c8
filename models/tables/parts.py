"""What several tables are built from."""

from typing import Any

from sqlalchemy import CheckConstraint
from sqlmodel import JSON, Field


def one_of(column: str, allowed: tuple[str, ...]) -> CheckConstraint:
    """A check instead of a native enum: a new word is then a small migration on every engine."""
    words = ", ".join(f"'{word}'" for word in allowed)
    return CheckConstraint(f"{column} IN ({words})", name=f"ck_{column}_known")


def json_column() -> Any:
    return Field(default_factory=dict, sa_type=JSON)
