"""The page of operations as sentences: each thing that is watched, how it is, and what to do where it is not well."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.health.wellness import LEAST_FREE_BYTES, Wellness
from jobs.wording.reporting import who_told
from models.core import formats
from models.core.texts import text
from models.feeds.states import FeedState
from models.feeds.words import failure_sentence
from targets.findings import Told

HOURS_OF_A_DAY = 24
GOOD, BAD = "told", "missing"
NAMED_IN_DAYS = 48
"""From so many hours on an age is said in days."""


@dataclass(frozen=True)
class Line:
    """One thing that is watched; `step` is said where it is not well."""

    key: str
    title: str
    is_well: bool
    says: tuple[str, ...]
    step: str
    leads_to_feeds: bool
    mark: str
    """Its mark, among those of the feeds."""
    is_used: bool = True


@dataclass(frozen=True)
class HealthView:
    """The page as it is drawn: what is not well stands first."""

    headline: str
    troubles: tuple[Line, ...]
    well: tuple[Line, ...]
    unused: tuple[Line, ...] = ()


def unready_view(problem: str, language: str) -> HealthView:
    """The page of a store of another version: nothing else can be asked of it."""
    says = text("health.says.store_version", language, problem=problem)
    return _view([_line("store", is_well=False, says=[says], language=language)], language)


def health_view(wellness: Wellness, told: Told, *, chain_is_whole: bool, free: int, language: str) -> HealthView:
    """Everything that is watched."""
    version = str(wellness.data_version)
    chain = "audit" if chain_is_whole else "audit_broken"
    lines = [
        _line("store", is_well=True, says=[text("health.says.store", language, version=version)], language=language),
        figures_line(told, language),
        *(_source(feed, language) for feed in wellness.feeds),
        _quarantine(wellness.open_rows, language),
        _backup(wellness, language),
        _messages(wellness, language),
        _mails(wellness, language),
        _line("audit", is_well=chain_is_whole, says=[text(f"health.says.{chain}", language)], language=language),
        _line(
            "disk",
            is_well=free >= LEAST_FREE_BYTES,
            says=[text("health.says.disk", language, size=formats.decimal(free / 1e9, language))],
            language=language,
        ),
    ]
    return _view(lines, language)


def _view(lines: Sequence[Line], language: str) -> HealthView:
    troubles = tuple(line for line in lines if not line.is_well)
    if not troubles:
        headline = text("health.all_well", language)
    elif len(troubles) == 1:
        headline = text("health.trouble", language)
    else:
        headline = text("health.troubles", language, count=len(troubles))
    well = tuple(line for line in lines if line.is_well)
    return HealthView(
        headline,
        troubles,
        well=tuple(line for line in well if line.is_used),
        unused=tuple(line for line in well if not line.is_used),
    )


def _line(
    key: str,
    *,
    is_well: bool,
    says: Sequence[str],
    language: str,
    title: str | None = None,
    step: str | None = None,
    leads_to_feeds: bool = False,
    mark: str | None = None,
    is_used: bool = True,
) -> Line:
    to_do = "" if is_well else text(f"health.step.{step or key}", language)
    return Line(
        key=key,
        title=text(f"health.title.{key}", language) if title is None else title,
        is_well=is_well,
        says=tuple(says),
        step=text("health.what_to_do", language, step=to_do) if to_do else "",
        leads_to_feeds=leads_to_feeds,
        mark=(GOOD if is_well else BAD) if mark is None else mark,
        is_used=is_used,
    )


def figures_line(told: Told, language: str) -> Line:
    """How many units have told their figures; trouble where none has any that is new enough."""
    says = text("health.says.figures", language, told=who_told(told, language))
    is_well = told.told > 0
    return _line("figures", is_well=is_well, says=[says], language=language, leads_to_feeds=not is_well)


def _source(feed: FeedState, language: str) -> Line:
    state = text(f"feeds.state.{feed.state}", language)
    if feed.state == "never":
        says = [text("health.says.state", language, state=state)]
    elif feed.last_good is None or feed.age_hours is None:
        says = [text("health.says.no_good", language, state=state)]
    else:
        moment, since = formats.moment(feed.last_good, language), age(feed.age_hours, language)
        says = [text("health.says.last_good", language, state=state, moment=moment, age=since)]
    if feed.is_late and feed.expected_day is not None:
        says.append(text("health.says.missing", language, day=formats.day(feed.expected_day, language)))
    if feed.failures:
        reason = failure_sentence(feed.failure or "unexpected", feed.failure_terms or {}, language)
        says.append(text("health.says.failures", language, count=feed.failures, reason=reason))
    return _line(
        f"source-{feed.source}",
        is_well=feed.is_well,
        says=says,
        language=language,
        title=text("health.title.source", language, source=feed.name.of(language)),
        step=feed.state,
        leads_to_feeds=not feed.is_well,
        mark=feed.state,
        is_used=feed.state != "off" and (feed.state != "by_hand" or feed.last_good is not None),
    )


def _quarantine(rows: int, language: str) -> Line:
    if not rows:
        says = text("health.says.quarantine_none", language)
    else:
        says = text("health.says.quarantine", language, count=formats.whole(rows, language))
    # Work for somebody, and nothing that is broken.
    return _line("quarantine", is_well=True, says=[says], language=language, leads_to_feeds=rows > 0)


def _backup(wellness: Wellness, language: str) -> Line:
    hours = wellness.health.backup_age_hours
    key = f"health.says.backup_{wellness.backup}"
    if wellness.backup in ("good", "old") and hours is not None:
        says = [text(key, language, age=age(hours, language)), text("health.says.archive", language)]
    else:
        says = [text(key, language)]
    is_used = wellness.backup not in ("not_wanted", "demonstration")
    return _line("backup", is_well=wellness.backup_is_well, says=says, language=language, is_used=is_used)


def _messages(wellness: Wellness, language: str) -> Line:
    counts = wellness.messages
    sent, waiting = counts.get("sent", 0), counts.get("waiting", 0)
    lost = counts.get("given_up", 0) + counts.get("uncertain", 0)
    if lost:
        says = text("health.says.messages_lost", language, lost=lost, sent=sent)
    elif not wellness.is_telling:
        says = text("health.says.messages_nobody", language)
    elif sent or waiting:
        says = text("health.says.messages", language, sent=sent, waiting=waiting)
    else:
        says = text("health.says.messages_none", language)
    is_used = wellness.is_telling or lost > 0
    return _line("messages", is_well=wellness.messages_are_well, says=[says], language=language, is_used=is_used)


def _mails(wellness: Wellness, language: str) -> Line:
    counts = wellness.mails
    sent, waiting = counts.get("sent", 0), counts.get("waiting", 0)
    lost = counts.get("given_up", 0) + counts.get("uncertain", 0)
    if lost:
        says = text("health.says.mails_lost", language, lost=lost, sent=sent, waiting=waiting)
    elif not wellness.is_mailing:
        says = text("health.says.mails_no_server", language, waiting=waiting)
    elif sent or waiting:
        says = text("health.says.mails", language, sent=sent, waiting=waiting)
    else:
        says = text("health.says.mails_none", language)
    is_used = wellness.is_mailing or bool(lost or waiting)
    return _line("mails", is_well=wellness.mails_are_well, says=[says], language=language, is_used=is_used)


def age(hours: float, language: str) -> str:
    """How old something is, in the unit that people would use."""
    if hours < 1:
        return text("health.age.minutes", language)
    if hours < NAMED_IN_DAYS:
        return text("health.age.hours", language, count=int(hours))
    return text("health.age.days", language, count=int(hours // HOURS_OF_A_DAY))
