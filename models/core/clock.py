"""The two clocks. Business time dates what people see; machine time measures leases, retries and durations."""

from datetime import UTC, date, datetime

from models.core.settings import TIMEZONE, Settings


def machine_now() -> datetime:
    """The system clock, UTC."""
    return datetime.now(UTC)


def business_now(settings: Settings, *, rehearsal: datetime | None) -> datetime:
    """The instant business is done in: CAODIEM_NOW, else the store's rehearsal instant, else the system clock."""
    return (settings.now or rehearsal or machine_now()).astimezone(TIMEZONE)


def business_day(instant: datetime) -> date:
    """The day an instant falls on in Vietnam."""
    return instant.astimezone(TIMEZONE).date()
