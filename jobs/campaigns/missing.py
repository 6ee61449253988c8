"""What a campaign still lacks: the coordinator's list of work."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from jobs.fetching.secrets import find_secret
from jobs.fetching.values import PullFailed
from jobs.sources import is_pulled, untaken
from models.readings.baselines import newest_baselines
from models.results.inputs import baseline_points, load_campaign
from models.tables import UnitRow
from models.targets.assigning import find_central_missing
from targets.values import Campaign

NAMED = 3
"""Units that an entry names; beyond, it says how many there are."""


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: what, how many, and some of them by name."""

    kind: str
    """Among the texts: `campaign.missing.<kind>`."""
    count: int
    named: tuple[str, ...] = ()
    whole: int = 0
    """Of how many."""
    subject: str = ""
    """The indicator or source it is about, where it is about one."""


def find_missing(session: Session, *, on: date) -> list[Missing]:
    """What is missing on a day, in the order in which it keeps the office from working."""
    campaign = load_campaign(session)
    units = [row for row in session.exec(select(UnitRow).order_by(col(UnitRow.position))) if _exists(row, on)]
    central = find_central_missing(session)
    found = [Missing("central", len(central), tuple(central))] if central else []
    found += _baselines(session, campaign, units)
    found += _heads(units)
    found += _sources(campaign)
    if campaign.score_bands and not campaign.score_bands_confirmed:
        found.append(Missing("bands", 1))
    return found


def _exists(row: UnitRow, on: date) -> bool:
    return (row.valid_from or date.min) <= on <= (row.valid_to or date.max)


def _heads(units: list[UnitRow]) -> Iterator[Missing]:
    for kind, column in (("head", "head_name"), ("phone", "head_phone")):
        # A head without a name has no number either: that is one gap, not two.
        without = [row for row in units if not getattr(row, column) and (kind == "head" or row.head_name)]
        if without:
            yield Missing(kind, len(without), tuple(row.name for row in without[:NAMED]), len(units))


def _baselines(session: Session, campaign: Campaign, units: list[UnitRow]) -> Iterator[Missing]:
    """Only what the rule looks at: an indicator with one fixed target for all needs no unit's result to propose it."""
    found = newest_baselines(session, campaign.baseline_year)
    newest = {place: baseline_points(row) for place, row in found.items()}
    for indicator in campaign.indicators:
        without = [row for row in units if newest.get((row.id or 0, indicator.key)) is None]
        if without:
            names = tuple(row.name for row in without[:NAMED])
            kind = "baseline" if indicator.rule.needs_baseline else "baseline_fixed"
            yield Missing(kind, len(without), names, len(units), indicator.key)


def _sources(campaign: Campaign) -> Iterator[Missing]:
    asked = [source for source in campaign.sources if is_pulled(source) and source.kind != "simulated"]
    for source in asked:
        if source.enabled and source.secret is not None and not _has_secret(source.secret):
            yield Missing("secret", 1, (source.secret,), subject=source.key)
    if not any(source.enabled for source in asked):
        yield Missing("no_source", 1)
    for source in untaken(campaign):
        yield Missing("untaken", 1, subject=source.key)


def _has_secret(variable: str) -> bool:
    try:
        return find_secret(variable) is not None
    except PullFailed:
        return False
