"""The state of every source, for those who watch over them."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from jobs.fetching.values import FILES_LEFT, folder_of
from jobs.imports.problems import listed
from jobs.sources import kind_of, kinds, options_of
from models.core.clock import machine_now
from models.feeds.queries import is_worked_on
from models.feeds.states import FAILS, FeedState, find_feed_states
from models.results.inputs import load_campaign


def find_feeds(session: Session, *, now: datetime, home: Path | None = None) -> list[FeedState]:
    """The state of each source at an instant of business time, in the order of the campaign's files.

    With the `home`, a dropped file that lies there unfinished while nobody works on it is a failure, too.
    """
    feeds = find_feed_states(session, now=now, watched=watched_kinds())
    return feeds if home is None else [_with_left(session, feed, now=now, home=home) for feed in feeds]


def _with_left(session: Session, feed: FeedState, *, now: datetime, home: Path) -> FeedState:
    if feed.state == "off" or feed.kind not in watched_kinds():
        return feed
    if is_worked_on(session, source_id=feed.source_id, machine=machine_now()):
        return feed
    source = load_campaign(session).source(feed.source)
    left = kind_of(source).find_left(folder_of(home, feed.source), options_of(source))
    if not left:
        return feed
    terms = {"count": str(len(left)), "names": listed(left)}
    failures = max(feed.failures, FAILS)
    return replace(feed, state="failing", failures=failures, failed_at=now, failure=FILES_LEFT, failure_terms=terms)


def watched_kinds() -> frozenset[str]:
    """Kinds of sources that are looked at again and again for files that people drop: they promise no day."""
    return frozenset(key for key, kind in kinds().items() if kind.cadence == "watch")
