"""Who answers for a unit, and why it is behind: what stands beside a figure in every list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from models.tables import Cause, UnitRow
from targets.results import Result

EXTERNAL = ("synchronisation", "ministry_software", "no_fee")
"""Causes that are not the unit's own doing: once confirmed, the unit leaves the list of those to be pressed."""


@dataclass(frozen=True)
class Head:
    """Who answers for a unit; None where the campaign's files do not say."""

    title: str | None
    name: str | None
    phone: str | None


@dataclass(frozen=True)
class StatedCause:
    """The cause in force of a unit's shortfall."""

    category: str
    text: str
    action: str
    due: date | None
    is_confirmed: bool

    @property
    def is_external(self) -> bool:
        """Confirmed as not the unit's own doing."""
        return self.is_confirmed and self.category in EXTERNAL


def is_excused(row: Result, causes: Mapping[tuple[str, str], StatedCause]) -> bool:
    """Whether a unit is behind for a confirmed cause outside it: told, but neither pressed nor asked for a cause."""
    cause = causes.get((row.unit, row.indicator))
    return cause is not None and cause.is_external


def find_heads(session: Session, codes: Sequence[str]) -> dict[str, Head]:
    """The heads of units by code."""
    rows = session.exec(select(UnitRow).where(col(UnitRow.code).in_(codes)))
    return {row.code: Head(title=row.head_title, name=row.head_name, phone=row.head_phone) for row in rows}


def find_parents(session: Session) -> dict[str, str | None]:
    """The code of each unit's parent, by code."""
    rows = session.exec(select(UnitRow.id, UnitRow.code, UnitRow.parent_id)).all()
    codes = {identity: code for identity, code, _ in rows}
    return {code: None if parent is None else codes[parent] for _, code, parent in rows}


def find_causes(session: Session, *, as_of: date) -> dict[tuple[str, str], StatedCause]:
    """The newest cause in force on a day, by unit and indicator."""
    statement = (
        select(Cause, UnitRow.code)
        .join(UnitRow, col(UnitRow.id) == col(Cause.unit_id))
        .where(col(Cause.state).in_(("stated", "confirmed")))
        .order_by(col(Cause.stated_at))
    )
    return {
        (code, cause.indicator): StatedCause(
            category=cause.category,
            text=cause.text,
            action=cause.action,
            due=cause.due,
            is_confirmed=cause.state == "confirmed",
        )
        for cause, code in session.exec(statement)
        if cause.ends_on is None or cause.ends_on >= as_of
    }
