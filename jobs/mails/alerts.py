"""Telling people that a source is late, fails or is well again: one message each time, by mail or webhook.

Business time decides what is late; machine time when a message is tried again. Several events at once are one message.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from jobs.health.wellness import find_feeds
from jobs.pulls.turns import in_turn
from jobs.workplace import Workplace
from models.core import formats
from models.core.clock import business_now, machine_now
from models.core.notifying import notifier
from models.core.state import find_state
from models.core.texts import text
from models.feeds.alerts import Claimed, claim_alerts, raise_alerts, settle_alert
from models.feeds.words import failure_sentence
from models.results.inputs import load_campaign

LOG = logging.getLogger(__name__)
Send = Callable[[str, str, str], bool]
"""Address, title and text → whether the service took it."""


@dataclass(frozen=True)
class Watched:
    """What watching over the sources came to: messages raised, sent, and those that some service did not take."""

    raised: int = 0
    sent: int = 0
    missed: int = 0


@dataclass(frozen=True)
class Wording:
    """What every message needs besides its own facts."""

    language: str
    names: Mapping[int, str]
    """Source → its name."""
    campaign: str
    address: str
    is_simulated: bool


def watch_sources(workplace: Workplace, *, machine: datetime | None = None) -> Watched:
    """Look at every source and send due messages. Called every few minutes; without addresses it does nothing.

    `machine` is machine time, the system clock where it is left out.
    """
    addresses = workplace.settings.alert_addresses
    if not addresses:
        return Watched()
    clock = machine or machine_now()
    context = workplace.context("watch over the sources")
    language = workplace.settings.alerts_language
    with workplace.store.reading() as session:
        state, campaign = find_state(session), load_campaign(session)
        now = business_now(workplace.settings, rehearsal=state.rehearsal_now)
        feeds = find_feeds(session, now=now, home=workplace.settings.home)
        wording = Wording(
            language=language,
            names={feed.source_id: feed.name.of(language) for feed in feeds},
            campaign=campaign.short_title.of(language),
            address=workplace.page("/feeds"),
            is_simulated=state.simulated,
        )
    raised = in_turn(workplace.store, lambda session: raise_alerts(session, feeds, context=context))
    claimed = in_turn(workplace.store, lambda session: claim_alerts(session, machine=clock, context=context))
    outcome = send_all(claimed, addresses, wording) if claimed else {}

    for alert_id, (told, missed) in outcome.items():

        def settle(session: Any, alert_id: int = alert_id, told: set[str] = told, missed: set[str] = missed) -> None:
            settle_alert(session, alert_id, told=told, missed=missed, context=context)

        in_turn(workplace.store, settle)
    failed = sum(bool(missed) for _, missed in outcome.values())
    return Watched(raised=raised, sent=len(outcome) - failed, missed=failed)


# --- sending --------------------------------------------------------------------------------------------------------


def send_all(
    claimed: Sequence[Claimed], addresses: Sequence[str], wording: Wording, *, send: Send | None = None
) -> dict[int, tuple[set[str], set[str]]]:
    """Send each address the messages it does not have yet, as one.

    Answers for each alert the marks of the addresses that have it, and the services that did not take it.
    """
    outcome: dict[int, tuple[set[str], set[str]]] = {alert.alert_id: (set(alert.told), set()) for alert in claimed}
    for address in addresses:
        mark = mark_of(address)
        pending = [alert for alert in claimed if mark not in alert.told]
        if not pending:
            continue
        is_taken = (send or deliver)(address, *message(pending, wording))
        for alert in pending:
            told, missed = outcome[alert.alert_id]
            (told if is_taken else missed).add(mark if is_taken else service_of(address))
    return outcome


def deliver(address: str, title: str, body: str) -> bool:
    """Send through the notification library; whatever goes wrong there is a message not sent, and logged."""
    try:
        found = notifier(address)
        is_taken = found is not None and bool(found.notify(title=title, body=body, body_format="text"))
    except Exception as error:  # noqa: BLE001 - whatever one service stumbles over, the others get theirs
        # Its kind only: what the error says may repeat the address.
        LOG.warning("%s stumbled: %s", service_of(address), type(error).__name__)
        is_taken = False
    if not is_taken:
        LOG.warning("A message about sources was not taken by %s", service_of(address))
    return is_taken


def mark_of(address: str) -> str:
    """A mark by which an address is recognised. Slow to work out, as an address is a secret that could be guessed."""
    return hashlib.scrypt(address.encode(), salt=b"caodiem", n=2**14, r=8, p=1, dklen=12).hex()


def service_of(address: str) -> str:
    """The service of an address in words for people: its kind, and its host where mail or a webhook names one."""
    parts = urlsplit(address)
    is_host = parts.scheme.startswith(("mail", "json", "xml", "form"))
    return f"{parts.scheme} {parts.hostname}" if is_host and parts.hostname else parts.scheme


# --- wording --------------------------------------------------------------------------------------------------------


def message(alerts: Sequence[Claimed], wording: Wording) -> tuple[str, str]:
    """Title and text of one message about one event or several."""
    language = wording.language
    if len(alerts) == 1:
        title = text(f"alert.title.{alerts[0].kind}", language, **_title_terms(alerts[0], wording))
        lines = [_says(alerts[0], wording)]
    else:
        title = text("alert.several", language, count=len(alerts))
        lines = [text("alert.line", language, sentence=_says(alert, wording)) for alert in alerts]
    if wording.is_simulated:
        title = text("alert.titled_simulated", language, title=title)
        lines.insert(0, text("alert.simulated", language))
    kinds = dict.fromkeys(alert.kind for alert in alerts)
    lines += ["", *(text(f"alert.next.{kind}", language) for kind in kinds)]
    lines += [text("alert.place", language, address=wording.address), ""]
    lines.append(text("alert.once", language, campaign=wording.campaign))
    return title, "\n".join(lines)


def _title_terms(alert: Claimed, wording: Wording) -> dict[str, str]:
    terms = {"source": _name(alert, wording)}
    return terms | ({"day": _day(alert.terms["expected_day"], wording)} if alert.kind == "late" else {})


def _says(alert: Claimed, wording: Wording) -> str:
    facts, language = alert.terms, wording.language
    source = _name(alert, wording)
    if alert.kind == "late":
        last = facts["last_good"]
        return text(
            "alert.says.late",
            language,
            source=source,
            day=_day(facts["expected_day"], wording),
            expected=_moment(facts["expected_at"], wording),
            last=text("alert.says.last", language, moment=_moment(last, wording))
            if last
            else text("alert.says.never", language),
        )
    if alert.kind == "failing":
        reason = failure_sentence(facts["failure"] or "unexpected", facts["failure_terms"] or {}, language)
        return text(
            "alert.says.failing",
            language,
            source=source,
            count=facts["failures"],
            failed=_moment(facts["failed_at"], wording),
            reason=reason,
        )
    return text("alert.says.recovered", language, source=source, day=_day(facts["newest"], wording))


def _name(alert: Claimed, wording: Wording) -> str:
    return wording.names.get(alert.source_id, "—")


def _day(written: str | None, wording: Wording) -> str:
    if written is None:
        return text("alert.says.unknown", wording.language)
    return formats.day(date.fromisoformat(written), wording.language)


def _moment(written: str | None, wording: Wording) -> str:
    if written is None:
        return text("alert.says.unknown", wording.language)
    return formats.moment(datetime.fromisoformat(written), wording.language)
