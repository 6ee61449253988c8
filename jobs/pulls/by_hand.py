"""Pulls that people ask for: on the command line or with a button."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from jobs.pulls.outcome import NothingToPull, Pulled
from jobs.pulls.run import Puller
from jobs.pulls.work import day_asked, sources_pulled
from jobs.sources import is_pulled, kind_of
from jobs.workplace import Step, Tell, Workplace
from models.core.audit import find_state
from models.core.clock import business_day, business_now
from models.results.inputs import load_campaign
from targets.errors import UnknownName, WrongUse
from targets.values import Source


def pull_now(
    workplace: Workplace,
    key: str,
    *,
    day: date | None = None,
    origin: str = "page",
    stop: threading.Event | None = None,
) -> list[Pulled]:
    """Pull one source at once, a day that is done too: what it reports now becomes revisions, or nothing is changed.

    Blocks until it is done; what it is doing meanwhile stands in the progress of its running run
    (`models.feeds.queries.find_runs`). Raises CampaignError where the source cannot be asked, NothingToPull where there
    is nothing to ask for.
    """
    puller = Puller(workplace, origin=origin, stop=stop)
    return [pulled for days in days_wanted(workplace, [key], day=day) for pulled in _pull(puller, *days)]


def pull_all(
    workplace: Workplace,
    keys: Sequence[str],
    *,
    day: date | None = None,
    since: date | None = None,
    stop: threading.Event | None = None,
    tell: Tell,
    notice: Callable[[NothingToPull], None],
) -> Iterator[Pulled]:
    """Pull sources (all that are asked by themselves where none is named), day after day, oldest first.

    `tell` is called with what begins, `notice` with why a source has nothing to report. `stop` ends
    what is under way at once, before it is stored, and begins nothing more.
    """
    puller = Puller(workplace, stop=stop)
    over: set[str] = set()
    for key, wanted in days_wanted(workplace, keys, day=day, since=since):
        if stop is not None and stop.is_set():
            return
        if key in over:
            continue
        tell(Step("pulling", {"source": key, "day": f"{wanted:%d/%m/%Y}"}))
        try:
            yield from _pull(puller, key, wanted)
        except NothingToPull as nothing:
            over.add(key)
            notice(nothing)


def _pull(puller: Puller, key: str, day: date) -> list[Pulled]:
    return puller.pull(key, day, again=True, by_hand=True)


def days_wanted(
    workplace: Workplace, keys: Sequence[str], *, day: date | None = None, since: date | None = None
) -> list[tuple[str, date]]:
    """The sources and days to pull. A demonstration's next day is the one after the newest it has reported."""
    with workplace.store.reading() as session:
        campaign, state = load_campaign(session), find_state(session)
        now = business_now(workplace.settings, rehearsal=state.rehearsal_now)
    if since is not None and day is not None and since > day:
        raise WrongUse(
            f"{since:%d/%m/%Y} comes after {day:%d/%m/%Y}: days are asked for from the earlier to the later.",
            code="days_turned",
            first=f"{since:%d/%m/%Y}",
            last=f"{day:%d/%m/%Y}",
        )
    asked_first = min(asked for asked in (day, since, campaign.start) if asked is not None)
    if asked_first < campaign.baseline_day:
        raise WrongUse(
            f"{asked_first:%d/%m/%Y} lies before the campaign: its figures begin on {campaign.baseline_day:%d/%m/%Y}.",
            code="day_before_campaign",
            day=f"{asked_first:%d/%m/%Y}",
            first=f"{campaign.baseline_day:%d/%m/%Y}",
        )
    sources = sources_pulled(campaign, is_simulated=state.simulated)
    if keys:
        known = {source.key: source for source in campaign.sources}
        unknown = next((key for key in keys if key not in known), None)
        if unknown is not None:
            raise UnknownName(kind="source", name=unknown, allowed=list(known))
        sources = [known[key] for key in keys]
    wanted: list[tuple[str, date]] = []
    for source in sources:
        # One that is never pulled is refused by its name when its turn comes.
        is_rehearsal = is_pulled(source) and kind_of(source).cadence == "rehearsal"
        reported = business_day(state.rehearsal_now or now)
        newest = reported + timedelta(days=1) if is_rehearsal else day_asked(source, now)
        first, last = _bounds(source, newest, day=day, since=since, reported=reported if is_rehearsal else None)
        wanted += [(source.key, first + timedelta(days=ahead)) for ahead in range((last - first).days + 1)]
    return wanted


def _bounds(
    source: Source, newest: date, *, day: date | None, since: date | None, reported: date | None
) -> tuple[date, date]:
    """First and last day to ask for. `reported`: up to where a demonstration has got; it is never led past a gap."""
    last = day or newest
    first = since or (last if reported is None else min(reported + timedelta(days=1), last))
    to_come = first if first > last else last if reported is None and last > newest else None
    if to_come is not None:
        raise WrongUse(
            f"{to_come:%d/%m/%Y} has not come yet for “{source.key}”: its newest day is {newest:%d/%m/%Y}.",
            code="day_to_come",
            source=source.key,
            day=f"{to_come:%d/%m/%Y}",
            newest=f"{newest:%d/%m/%Y}",
        )
    return first, last
