"""Public holidays of the campaign's country, from the `holidays` package."""

from datetime import timedelta
from functools import lru_cache

import holidays

from models.core.columns import day_number
from targets.values import Campaign
from targets.working_days import WorkingDays

MARGIN = timedelta(days=400)


@lru_cache(maxsize=8)
def working_days(campaign: Campaign) -> WorkingDays:
    """The working days around a campaign, more than a year on either side.

    Substitute days of rest that the government swaps in by a decision are in the package once it knows them.
    """
    first, last = campaign.start - MARGIN, campaign.end + MARGIN
    closed = holidays.country_holidays(campaign.holidays, years=range(first.year, last.year + 1))
    return WorkingDays(first=day_number(first), last=day_number(last), holidays=list(closed))
