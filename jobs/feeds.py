"""The state of every source, as whoever watches over them asks for it."""

from datetime import datetime

from sqlmodel import Session

from jobs.sources import kinds
from models.queries.feed_states import FeedState, find_feed_states


def find_feeds(session: Session, *, now: datetime) -> list[FeedState]:
    """The state of each source at an instant of business time, in the order of the campaign's files."""
    return find_feed_states(session, now=now, watched=watched_kinds())


def watched_kinds() -> frozenset[str]:
    """Kinds of sources that are looked at again and again for whatever people drop: they promise no day."""
    return frozenset(key for key, kind in kinds().items() if kind.cadence == "watch")
