"""The results of an earlier campaign's last day, taken over as the starting points of this one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from models.campaign.archiving import check_over
from models.core.audit import ChangeContext, find_state, record
from models.readings.actions import Counts, record_baselines
from models.readings.baselines import find_baselines
from models.readings.records import BaselineRecord
from models.results.inputs import load_campaign
from models.results.kept import bring_up_to_date
from models.results.standing import find_standing
from models.targets.actions import propose_targets
from models.targets.registrations import check_reason
from models.units.queries import find_units
from targets.errors import CampaignError
from targets.results import Result
from targets.rules import PLACES
from targets.values import Campaign


class WrongYear(CampaignError):
    """The earlier campaign did not end in the year whose results this one begins with."""


@dataclass(frozen=True)
class LastResults:
    """Where an earlier campaign's units stood on its last day."""

    campaign: Campaign
    as_of: date
    rows: Mapping[tuple[str, str], Result]
    """By unit and indicator, those that were judged on a figure of their own."""
    is_simulated: bool


@dataclass(frozen=True)
class TakingOver:
    """What taking results over would do: the records, and pairs of unit and indicator that differ or have none."""

    records: tuple[BaselineRecord, ...]
    new: int
    changed: tuple[tuple[BaselineRecord, Decimal], ...]
    """Those that replace what is known, and that."""
    unchanged: int
    missing: tuple[tuple[str, str], ...]
    """Of this campaign's units and of the indicators that both have: those for which nothing is known."""
    left_out: tuple[str, ...]
    """Indicators of this campaign that the earlier one did not have, or counted from another day on."""
    gone: tuple[str, ...]
    """Units of the earlier campaign that this one does not have, by name."""

    @staticmethod
    def points(record: BaselineRecord) -> Decimal:
        """A record's rate."""
        if record.value is not None:
            return record.value
        return (Decimal(100) * (record.numerator or 0) / (record.denominator or 1)).quantize(PLACES)


def find_last_results(session: Session, *, today: date) -> LastResults:
    """The results of the last day of the campaign in this store. Raises CampaignRuns before that has passed."""
    campaign = load_campaign(session)
    check_over(campaign, today)
    rows = find_standing(session, as_of=campaign.end)
    known = {(row.unit, row.indicator): row for row in rows if row.value is not None}
    return LastResults(campaign, campaign.end, known, find_state(session).simulated)


def foresee_taking_over(session: Session, last: LastResults) -> TakingOver:
    """What would be recorded in this store, and what not. Raises WrongYear."""
    campaign = load_campaign(session)
    if last.as_of.year != campaign.baseline_year:
        raise WrongYear(
            f"The campaign “{last.campaign.key}” ended in {last.as_of.year}; this one begins with the results of "
            f"{campaign.baseline_year}.",
            code="wrong_year",
            campaign=last.campaign.key,
            ended=str(last.as_of.year),
            year=str(campaign.baseline_year),
        )
    shared = [each.key for each in campaign.indicators if last.campaign.counts_alike(each)]
    units = [unit for unit in find_units(session) if unit.valid_to is None or unit.valid_to >= campaign.start]
    held = find_baselines(session, year=campaign.baseline_year)
    records: list[BaselineRecord] = []
    changed: list[tuple[BaselineRecord, Decimal]] = []
    missing = []
    new = unchanged = 0
    for unit in units:
        for indicator in shared:
            row = last.rows.get((unit.code, indicator))
            known = held.get((unit.code, indicator))
            if row is None or row.is_bound or row.is_thin:
                missing += [] if known else [(unit.code, indicator)]
                continue
            found = _baseline(row, last, year=campaign.baseline_year)
            if known is not None and known.value == TakingOver.points(found):
                unchanged += 1
                continue
            records.append(found)
            if known is None:
                new += 1
            else:
                changed.append((found, known.value))
    codes = {unit.code for unit in units}
    return TakingOver(
        records=tuple(records),
        new=new,
        changed=tuple(changed),
        unchanged=unchanged,
        missing=tuple(missing),
        left_out=tuple(each.key for each in campaign.indicators if each.key not in shared),
        gone=tuple(dict.fromkeys(row.name for (code, _), row in last.rows.items() if code not in codes)),
    )


def take_over(session: Session, last: LastResults, *, context: ChangeContext) -> Counts:
    """Record the results as this campaign's starting points, and let the rules propose anew.

    Raises Refused, Incomplete where nobody says why, WrongYear.
    """
    check_reason(context)
    records = foresee_taking_over(session, last).records
    is_simulated = last.is_simulated or find_state(session).simulated
    counts = record_baselines(session, records, is_simulated=is_simulated, context=context)
    reported = {"accepted": counts.accepted, "revised": counts.revised, "unchanged": counts.unchanged}
    record(session, context=context, action="take_over_results", subject=last.campaign.key, new=reported)
    if counts.changes and not propose_targets(session, context=context).proposed:
        bring_up_to_date(session)
    return counts


def _baseline(row: Result, last: LastResults, *, year: int) -> BaselineRecord:
    """The figure with where it comes from; counts where they are known, of which the rate follows."""
    counts = None if row.numerator is None or not row.denominator else (row.numerator, row.denominator)
    numerator, denominator = counts or (None, None)
    return BaselineRecord(
        unit=row.unit,
        indicator=row.indicator,
        year=year,
        value=None if counts else Decimal(str(row.value)),
        numerator=numerator,
        denominator=denominator,
        source_note=f"{last.campaign.key}, {row.reading_as_of or last.as_of:%d/%m/%Y}",
    )
