"""What an answer over HTTP really is: figures, a firewall's page, a page to sign in; how long it asks us to wait."""

import re
from datetime import datetime
from email.utils import parsedate_to_datetime

from jobs.fetching.values import PullFailed, Reply
from models.core.clock import machine_now

HEAD = 4096
"""So much of an answer shows what it is."""
LONGEST_WAIT = 86_400.0
TITLE_SHOWN = 80
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_FIREWALL = re.compile(
    r"firewall|request rejected|support id|incident id|access denied|forbidden|blocked|captcha|cloudflare|incapsula"
    r"|akamai|fortigate|fortiweb|tường lửa|bị chặn|từ chối truy cập",
    re.IGNORECASE,
)
_SIGN_IN = re.compile(r"type\s*=\s*[\"']?password|đăng nhập|sign in|log ?in", re.IGNORECASE)


def head_of(body: bytes) -> bytes:
    return body[:HEAD]


def refuse_page(reply: Reply, host: str, *, stopped_for: float) -> None:
    """Raise PullFailed where the answer is a page for people, whatever its status and content type say."""
    start = reply.body[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(b"<"):
        return
    words = reply.body[: 1 << 16].decode("utf-8", errors="replace")
    match = _TITLE.search(reply.body[: 1 << 16])
    title = " ".join(match[1].decode("utf-8", errors="replace").split())[:TITLE_SHOWN] if match else "…"
    if _FIREWALL.search(words):
        raise PullFailed("firewall", is_passing=True, retry_after=stopped_for, host=host, title=title)
    if _SIGN_IN.search(words):
        raise PullFailed("sign_in_page", host=host)
    raise PullFailed("web_page", is_passing=True, host=host, title=title)


def wait_asked(reply: Reply) -> float | None:
    """Seconds the answer's Retry-After asks for: a number, or an instant counted from the answer's own Date."""
    reported = reply.headers.get("retry-after", "").strip()
    if reported.isdigit() and len(reported) < 10:
        return min(float(reported), LONGEST_WAIT)
    until = _instant(reported)
    if until is None:
        return None
    since = _instant(reply.headers.get("date", "")) or machine_now()
    return min(max((until - since).total_seconds(), 0.0), LONGEST_WAIT)


def _instant(text: str) -> datetime | None:
    try:
        instant = parsedate_to_datetime(text)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None
