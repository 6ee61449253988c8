"""Gia Lai's campaign as sources are asked about it, and what the checking makes of their answers."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from jobs.fetching.checking import Checked, Checker
from jobs.fetching.http import Manners, PoliteHttp
from jobs.fetching.values import Asking, PullFailed, SourceAnswer, SourceKind
from models.catalogue import CampaignFiles, load_campaign_files
from models.core.settings import CAMPAIGNS
from targets.values import Source, Text, Unit
from tests.jobs.portals import Kept, Time

DAY = date(2024, 5, 7)
TOKEN = "token-of-the-province"  # noqa: S105 - made up


@cache
def gia_lai() -> CampaignFiles:
    return load_campaign_files(CAMPAIGNS / "gia-lai-2024")


@cache
def unit_records() -> tuple[Unit, ...]:
    return tuple(replace(unit, unit_id=number) for number, unit in enumerate(gia_lai().units, start=1))


@contextmanager
def asked_of(
    kind: SourceKind,
    address: str | None = None,
    *,
    day: date = DAY,
    secret: str | None = None,
    options: dict[str, Any] | None = None,
    folder: Path = Path("nowhere"),
    is_simulated: bool = False,
    tell: Callable[..., None] = lambda step, numbers: None,
    keep: Kept | None = None,
    baselines: dict[tuple[str, str], float] | None = None,
    **source: Any,
) -> Iterator[Asking]:
    """What a source of a kind is asked; waits pass on paper only."""
    time = Time()
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            patch.delenv(variable, raising=False)
        http = PoliteHttp(
            keep=keep or Kept(), secret=secret, manners=Manners(tries=2), clock=time.clock, sleep=time.sleep
        )
    result = {"basis": None, "address": address, "secret": "CAODIEM_TOKEN" if secret else None} | source
    with closing(http):
        yield Asking(
            source=Source("asked", Text("Nguồn", "Source"), kind.key, options=options or {}, **result),
            options=kind.options.model_validate(options or {}),
            campaign=gia_lai().campaign,
            day=day,
            today=day,
            units=unit_records(),
            secret=secret,
            http=http,
            folder=folder,
            is_simulated=is_simulated,
            tell=tell,
            baselines=baselines or {},
        )


def reported_by(kind: SourceKind, address: str | None = None, **other: Any) -> SourceAnswer:
    with asked_of(kind, address, **other) as asking:
        return kind.tell(asking)


def refused_by(kind: SourceKind, address: str | None = None, **other: Any) -> PullFailed:
    """Why a source's answer is none."""
    with pytest.raises(PullFailed) as failed:
        reported_by(kind, address, **other)
    return failed.value


def checked(kind: SourceKind, result: SourceAnswer, *, day: date = DAY, **source: Any) -> Checked:
    """What of an answer the checking of rows takes in."""
    described = Source("asked", Text("Nguồn", "Source"), kind.key, **({"basis": None} | source))
    checker = Checker(described, campaign=gia_lai().campaign, units=unit_records(), today=day)
    return checker.check(result.figures, result.scores)


def code_of(unit_id: int) -> str:
    return next(unit.code for unit in unit_records() if unit.unit_id == unit_id)


def figures_in(answer: Checked) -> dict[tuple[str, str], tuple[int, int]]:
    """Unit and indicator → both counts."""
    frame = answer.frame
    return {
        (code_of(int(unit)), str(indicator)): (int(numerator), int(denominator))
        for unit, indicator, numerator, denominator in zip(
            frame["unit_id"], frame["indicator"], frame["numerator"], frame["denominator"], strict=True
        )
    }
