"""A campaign that is over: put into the archive, where it is read and no longer changed, and taken out again."""

from datetime import date

from sqlmodel import Session

from models.core.audit import ChangeContext, find_state, record
from models.core.clock import business_day
from models.core.permission import require
from models.results.inputs import load_campaign
from models.targets.registrations import check_reason
from targets.errors import CampaignError
from targets.permissions import Permission
from targets.values import Campaign


class CampaignRuns(CampaignError):
    """A campaign that is not over yet is still worked on."""


def check_over(campaign: Campaign, today: date) -> None:
    """Raise CampaignRuns before a campaign's last day has passed."""
    if today <= campaign.end:
        raise CampaignRuns(
            f"The campaign “{campaign.key}” runs until {campaign.end:%d/%m/%Y}: this is done once it is over.",
            code="campaign_runs",
            campaign=campaign.key,
            end=f"{campaign.end:%d/%m/%Y}",
        )


def set_archived(session: Session, *, is_archived: bool, context: ChangeContext) -> bool:
    """Put the campaign into the archive, or take it out; answers whether it was elsewhere.

    What refuses every change to it from then on is `models.core.permission.require`. Raises Refused,
    Incomplete where nobody says why, and CampaignRuns before its last day has passed.
    """
    require(session, context, Permission.ARCHIVE)
    check_reason(context)
    state = find_state(session)
    if state.is_archived == is_archived:
        return False
    campaign = load_campaign(session)
    if is_archived:
        check_over(campaign, business_day(context.now))
    state.is_archived = is_archived
    session.add(state)
    record(
        session,
        context=context,
        action="archive_campaign" if is_archived else "reopen_campaign",
        subject=state.campaign_key,
        old={"is_archived": not is_archived},
        new={"is_archived": is_archived},
    )
    return True
