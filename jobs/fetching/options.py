"""What options of sources have in common, and how mistakes in them are reported."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict

from models.catalogue.problems import hint
from targets.values import Basis, Campaign, Source

NIGHT = timedelta(days=1)
"""A pull in the night describes the day before: so long a figure of now still stands for a day."""


class Options(BaseModel):
    """Options of a kind of source: unknown ones are refused, what is read stays as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def answers_only_now(options: Any, day: date, today: date) -> bool:
    """For sources that report the open period as it stands when they are asked: a past day cannot be had again.

    Asking now and writing an earlier day on it would be a made-up figure.
    """
    return today - NIGHT <= day <= today


def lag_mistakes(source: Source) -> list[tuple[str, str]]:
    """Complains where a source that reports only how things stand now is to be asked for days long gone."""
    if source.lag_days <= NIGHT.days:
        return []
    return [("lag_days", f"is {source.lag_days}; this source tells how things stand when it is asked: 0 or 1.")]


def basis_mistakes(source: Source, *allowed: Basis) -> list[tuple[str, str]]:
    """Complains where a source's figures accumulate over something that its answers do not."""
    if source.basis in allowed:
        return []
    words = " or ".join(f"“{basis}”" for basis in allowed)
    reported = "is missing" if source.basis is None else f"is “{source.basis}”"
    return [("basis", f"{reported}; figures of this kind of source accumulate over {words}.")]


def indicator_mistakes(campaign: Campaign, named: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Complains of each indicator that the campaign does not have; `named`: where, and the key written there."""
    known = [indicator.key for indicator in campaign.indicators]
    return [
        (where, f"names the indicator “{key}”, which does not exist.{hint(key, known, reported_in='indicators/')}")
        for where, key in named
        if key not in known
    ]
