"""Addresses and parameters with gaps for the day that is asked for: `{day}`, `{from:%d/%m/%Y}`, `{month:02d}`."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from jobs.fetching.values import Asking, PullFailed
from targets.periods import period_of
from targets.values import Basis

_GAP = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
DAYS = ("day", "from", "to")
"""The day; the first day of its accounting period; the day again, for requests from … to …"""
NUMBERS = ("year", "month", "quarter")
KNOWN = (*DAYS, *NUMBERS, "secret")


def check_template(text: str) -> str:
    """Raises ValueError naming a gap that nothing fills, or a format that no day has."""
    for name, form in _gaps(text):
        if name not in KNOWN:
            gaps = ", ".join(f"{{{known}}}" for known in KNOWN)
            raise ValueError(f"has the gap {{{name}}}, which nothing fills; there are {gaps}")
        if name in NUMBERS:
            format(1, form)
    return text


def check_templates(content: Any) -> Any:
    """`check_template` for every text in a table or list."""
    _mapped(content, check_template)
    return content


def gaps_of(*contents: Any) -> frozenset[str]:
    """The names of all gaps in texts, tables and lists."""
    found: set[str] = set()
    for content in contents:
        _mapped(content, lambda text: found.update(name for name, _ in _gaps(text)))
    return frozenset(found)


def period_start(asking: Asking, *indicators: str) -> date:
    """First day of the accounting period of what is asked for: these indicators, or all that the source reports.

    Raises PullFailed where their bases differ and the source names none.
    """
    wanted = indicators or asking.source.indicators or tuple(one.key for one in asking.campaign.indicators)
    bases: set[Basis] = {asking.campaign.indicator(key).basis for key in wanted}
    if asking.source.basis is not None:
        bases = {asking.source.basis}
    if len(bases) != 1:
        raise PullFailed("basis_unclear", bases=", ".join(sorted(bases)))
    start, _ = period_of(bases.pop(), asking.day, asking.campaign)
    if asking.day < start:
        raise PullFailed("before_the_period", day=f"{asking.day:%d/%m/%Y}", first=f"{start:%d/%m/%Y}")
    return start


def filled(content: Any, asking: Asking, *indicators: str) -> Any:
    """Texts, tables and lists with their gaps filled; `{from}` is the first day of these indicators' period."""
    names = gaps_of(content)
    values: dict[str, date | int | str] = {
        "day": asking.day,
        "to": asking.day,
        "year": asking.day.year,
        "month": asking.day.month,
        "quarter": (asking.day.month + 2) // 3,
    }
    if "from" in names:
        values["from"] = period_start(asking, *indicators)
    if "secret" in names:
        values["secret"] = secret_of(asking)
    return _mapped(content, lambda text: _GAP.sub(lambda gap: _reported(values[gap[1]], gap[2]), text))


def secret_of(asking: Asking) -> str:
    """The source's secret; raises PullFailed where its variable is empty."""
    if not asking.secret:
        raise PullFailed("secret_missing", variable=asking.source.secret or "secret")
    return asking.secret


def _reported(value: date | int | str, form: str | None) -> str:
    return value if isinstance(value, str) else format(value, form or "")


def _gaps(text: str) -> Iterator[tuple[str, str]]:
    for gap in _GAP.finditer(text):
        yield gap[1], gap[2] or ""


def _mapped(content: Any, change: Callable[[str], Any]) -> Any:
    if isinstance(content, str):
        return change(content)
    if isinstance(content, Mapping):
        return {key: _mapped(item, change) for key, item in content.items()}
    if isinstance(content, list | tuple):
        return [_mapped(item, change) for item in content]
    return content
