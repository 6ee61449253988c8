"""Measurements for Prometheus: `GET /metrics`, for this machine itself or whoever has the token. No unit is named."""

import logging
import platform
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jobs.health.wellness import Wellness, find_wellness, free_bytes
from models.core.clock import machine_now
from models.core.settings import Settings, load_settings
from models.core.store import open_store
from models.core.stores import find_keys, settings_of
from models.feeds.health import find_health
from models.feeds.states import STATES
from pages.access.request_info import may_measure
from pages.kit.page import ADDRESSES
from targets.errors import CampaignError

LOG = logging.getLogger(__name__)
ADDRESS = "/metrics"
SERVED = CollectorRegistry()
"""What this process counts from its start; the rest is asked of the store whenever somebody looks."""
ProcessCollector(registry=SERVED)
REQUESTS = Counter("caodiem_http_requests", "Requests answered.", ("place", "method", "status"), registry=SERVED)
SECONDS = Histogram(
    "caodiem_http_request_duration_seconds", "How long requests took until their answer was sent.", ("place",),
    registry=SERVED, buckets=(0.005, 0.02, 0.1, 0.5, 2, 10),
)  # fmt: skip
Labels = tuple[str, ...]
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")


def answer_metrics(request: Request) -> Response:
    """The measurements as text; 403 for anyone else. Not async: the store is asked beside the event loop."""
    try:
        settings = load_settings()
    except CampaignError:
        return PlainTextResponse("The settings cannot be used.\n", 503)
    if not may_measure(request, settings):
        return PlainTextResponse("From this machine only, or with the token.\n", 403)
    return Response(generate_latest(SERVED) + generate_latest(_measured(settings)), media_type=CONTENT_TYPE_LATEST)


# --- what the store says --------------------------------------------------------------------------------------------


def _measured(settings: Settings) -> CollectorRegistry:
    registry = CollectorRegistry()
    up = _gauge(registry, "store_up", "1 where the store answers and is of this version.", "campaign")
    _gauge(registry, "build_info", "Always 1; what runs here.", "python", "streamlit").labels(*_build()).set(1)
    _gauge(registry, "disk_free_bytes", "Room where the home stands.").set(free_bytes(settings))
    front = _wellness(settings)
    found = {Path(settings.campaign).name if front is None else front.campaign: front}
    if front is not None:
        found |= {key: _wellness(settings_of(settings, key)) for key in find_keys(settings)}
    for campaign, wellness in found.items():
        up.labels(campaign).set(wellness is not None)
    _tell(registry, {campaign: wellness for campaign, wellness in found.items() if wellness is not None})
    return registry


def _wellness(settings: Settings) -> Wellness | None:
    """How a store is; None where it does not answer or is not of this version."""
    try:
        with open_store(settings).reading() as session:
            is_well = find_health(session).is_well
            return find_wellness(session, settings, machine=machine_now()) if is_well else None
    except CampaignError:
        return None
    except Exception:  # whatever keeps the database from answering, the measurement is that it does not
        LOG.exception("The store does not answer")
        return None


def _tell(registry: CollectorRegistry, found: Mapping[str, Wellness]) -> None:
    """The figures of stores that answer; ages of sources are business time, all others machine time."""
    now = machine_now()

    def tell(
        name: str, says: str, labels: tuple[str, ...], values: Callable[[Wellness], Iterable[tuple[Labels, float]]]
    ) -> None:
        """A gauge with one value for each set of labels; without any it is still told that there is such a thing."""
        gauge = _gauge(registry, name, says, "campaign", *labels)
        for campaign, wellness in found.items():
            for held, value in values(wellness):
                gauge.labels(campaign, *held).set(value)

    tell("data_version", "Rises with every change.", (), lambda one: [((), one.data_version)])
    tell("simulated", "1 where all figures are simulated.", (), lambda one: [((), one.simulated)])
    tell("quarantine_open", "Rows that wait to be mended.", (), lambda one: [((), one.open_rows)])
    tell("source_state", "1 for the state that holds.", ("source", "state"), lambda one: [
        ((feed.source, state), float(feed.state == state)) for feed in one.feeds for state in STATES
    ])  # fmt: skip
    tell("source_last_good_age_seconds", "Since a source last answered, in business time.", ("source",), lambda one: [
        ((feed.source,), feed.age_hours * 3600) for feed in one.feeds if feed.age_hours is not None
    ])  # fmt: skip
    tell("source_failures", "Runs that failed in a row.", ("source",), lambda one: [
        ((feed.source,), float(feed.failures)) for feed in one.feeds
    ])  # fmt: skip
    tell("runs", "Runs there have been.", ("source", "status"), lambda one: one.runs.items())
    tell("claim_age_seconds", "Since the owner of a pull under way gave a sign.", ("source",), lambda one: [
        ((work.source,), (now - work.heartbeat_at).total_seconds()) for work in reversed(one.work)
    ])  # fmt: skip
    tell("messages", "Messages about sources.", ("state",), lambda one: [
        ((state,), float(count)) for state, count in one.messages.items()
    ])  # fmt: skip
    tell("mails", "Digests and reminders of this week.", ("state",), lambda one: [
        ((state,), float(count)) for state, count in one.mails.items()
    ])  # fmt: skip
    tell("backup_age_seconds", "Since the newest backup.", (), lambda one: [
        ((), hours * 3600) for hours in [one.health.backup_age_hours] if hours is not None
    ])  # fmt: skip


def _gauge(registry: CollectorRegistry, name: str, says: str, *labels: str) -> Gauge:
    return Gauge(f"caodiem_{name}", says, labels, registry=registry)


@cache
def _build() -> tuple[str, str]:
    return platform.python_version(), version("streamlit")


# --- what this process does -----------------------------------------------------------------------------------------


class Timing:
    """Counts and times every answer over HTTP, as pure ASGI; pages' websockets pass untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, begun = 500, time.perf_counter()

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        finally:
            place = place_of(scope["path"])
            method = scope["method"] if scope["method"] in METHODS else "other"
            REQUESTS.labels(place, method, f"{status // 100}xx").inc()
            SECONDS.labels(place).observe(time.perf_counter() - begun)


def place_of(path: str) -> str:
    """Where a request went, in few words: whoever asks for nonsense must not fill the memory with labels."""
    first = path.strip("/").split("/", 1)[0]
    if first in ("healthz", "metrics", "auth", "assets"):
        return first
    if first in ADDRESSES:
        return "page"
    return "streamlit" if first in ("_stcore", "static", "media", "component") else "other"
