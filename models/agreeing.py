"""What every agreement between a unit and the office needs: names that exist, a reason, nobody overwritten unseen."""

from datetime import datetime
from decimal import Decimal
from typing import Protocol

from sqlmodel import Session, select

from models.audit import Deed
from models.settings import TIMEZONE
from models.tables import UnitRow
from targets.errors import CampaignError, UnknownName, WrongUse
from targets.rules import PLACES
from targets.values import Campaign, Indicator


class Incomplete(WrongUse):
    """Something that must be said is missing or cannot be; the text says what."""


class DecidedMeanwhile(CampaignError):
    """Somebody else has changed or decided it since it was opened; the later of two is told who and when."""


class Decidable(Protocol):
    """A row that one person writes and another decides."""

    id: int | None
    state: str
    version_id: int
    decided_by: str | None
    decided_at: datetime | None
    decided_reason: str | None


def unit_named(session: Session, code: str) -> UnitRow:
    """The unit with a code. Raises UnknownName."""
    unit = session.exec(select(UnitRow).where(UnitRow.code == code)).one_or_none()
    if unit is None:
        raise UnknownName(kind="unit", name=code)
    return unit


def indicator_named(campaign: Campaign, key: str) -> Indicator:
    """The indicator with a key. Raises UnknownName."""
    if key not in (known := [indicator.key for indicator in campaign.indicators]):
        raise UnknownName(kind="indicator", name=key, allowed=known)
    return campaign.indicator(key)


def check_phase(campaign: Campaign, key: str) -> None:
    """Raise UnknownName for a phase the campaign does not have."""
    if key not in (known := [phase.key for phase in campaign.phases]):
        raise UnknownName(kind="phase", name=key, allowed=known)


def checked_target(value: Decimal, *, ceiling: Decimal) -> Decimal:
    """A target in points, to six decimals. Raises Incomplete where it cannot be one."""
    if not value.is_finite() or not 0 < value <= ceiling:
        raise Incomplete(
            f"A target lies above 0 and up to {ceiling} percent.", code="target_out_of_range", ceiling=f"{ceiling:f}"
        )
    exact = value.quantize(PLACES).normalize()
    # normalize() writes 100 as 1E+2; a whole number gets its plain digits back.
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact


def check_said(said: str, code: str, sentence: str) -> str:
    """What was written, without blanks around it. Raises Incomplete where it is nothing."""
    if not said.strip():
        raise Incomplete(sentence, code=code)
    return said.strip()


def check_reason(deed: Deed) -> None:
    """Raise Incomplete where nobody says why."""
    check_said(deed.reason, "no_reason", "Say why: the reason stays beside the decision.")


def check_open(row: Decidable, *, state: str, seen_version: int) -> None:
    """Raise DecidedMeanwhile unless the row still waits, as the person has seen it."""
    if row.state == state and row.version_id == seen_version:
        return
    if row.decided_by is None or row.decided_at is None:
        raise DecidedMeanwhile(
            "It was changed after you opened it. Look at it again, then decide. Nothing was changed by you.",
            code="changed_meanwhile",
        )
    when = f"{row.decided_at.astimezone(TIMEZONE):%d/%m/%Y %H:%M}"
    raise DecidedMeanwhile(
        f"{row.decided_by} decided it at {when} ({row.decided_reason or ''}). Nothing was changed by you.",
        code="decided_meanwhile",
        by=row.decided_by,
        when=when,
        reason=row.decided_reason or "",
    )


def decide(row: Decidable, *, state: str, deed: Deed) -> None:
    """Note who decided what, when and why."""
    row.state = state
    row.decided_by, row.decided_at, row.decided_reason = deed.by, deed.now, deed.reason
    row.version_id += 1
