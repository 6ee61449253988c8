"""What should exist and does not: days that a source owes, less those that are done or in somebody's hands."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from models.owners import NOBODY, Gone, nobody_known
from models.tables import CampaignVersion, RunClaim, SourceRow
from targets.values import Source


def find_open_days(
    session: Session, owed: Mapping[str, Sequence[date]], *, machine: datetime, is_gone: Gone = nobody_known
) -> dict[str, list[date]]:
    """Of the days each source owes those that may be asked for now, in their order.

    Left out are days that are done (told, or recorded as lost), days somebody works on, and days whose source is to be
    left in peace until later. `machine` is machine time; nobody works on a day whose owner `is_gone`.
    """
    closed = _closed_days(session, owed, machine=machine, is_gone=is_gone)
    return {key: [day for day in days if (key, day) not in closed] for key, days in owed.items()}


def _closed_days(session: Session, keys: Iterable[str], *, machine: datetime, is_gone: Gone) -> set[tuple[str, date]]:
    rows = session.exec(
        select(col(SourceRow.key), col(RunClaim.for_date), col(RunClaim.done), col(RunClaim.owner))
        .join(SourceRow, col(SourceRow.id) == col(RunClaim.source_id))
        .where(col(SourceRow.key).in_(list(keys)), col(RunClaim.done) | (col(RunClaim.lease_until) > machine))
    )
    return {(key, day) for key, day, is_done, owner in rows if is_done or owner == NOBODY or not is_gone(owner)}


def find_settings_version(session: Session) -> int:
    """Rises with every change of the campaign's settings."""
    return session.exec(select(CampaignVersion.id).order_by(col(CampaignVersion.id).desc()).limit(1)).first() or 0


def find_promised_since(session: Session, source: Source) -> datetime | None:
    """Since when the campaign's files have named a source's schedule without a break: a new source owes no past day."""
    versions = session.exec(
        select(col(CampaignVersion.recorded_at), col(CampaignVersion.content)).order_by(col(CampaignVersion.id).desc())
    )
    since = None
    for recorded_at, content in versions:
        # As it was written: a version from before these settings existed has to be read too.
        told: list[dict[str, Any]] = content["sources"]
        then = next((known for known in told if known["key"] == source.key), {})
        if (then.get("enabled", True), then.get("schedule")) != (source.enabled, source.schedule):
            break
        since = recorded_at
    return since
