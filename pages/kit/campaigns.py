"""The campaigns of an installation, where there are several: which one is looked at, and the way to the others."""

from dataclasses import dataclass

import streamlit as st

from models.core.texts import text
from pages.kit import answers
from pages.kit.bar import way_out
from pages.kit.markdown import plain
from pages.kit.page import Situation, Visit
from targets.errors import CampaignError
from targets.values import Campaign


@dataclass(frozen=True)
class Known:
    """A campaign that can be looked at."""

    key: str
    """As the address names it: empty for the front's own."""
    campaign: Campaign
    situation: Situation

    def name(self, language: str) -> str:
        """ "Chiến dịch 100 ngày đêm · Gia Lai (2024)": two years' campaigns may be called the same."""
        return named(self.campaign, language)


def named(campaign: Campaign, language: str) -> str:
    """A campaign by its name and year."""
    name = campaign.short_title.of(language)
    return text("campaigns.name", language, name=name, year=str(campaign.start.year))


def state_words(campaign: Campaign, situation: Situation, language: str) -> str:
    """Whether it runs, is over, or lies in the archive."""
    number = campaign.day_number(situation.today)
    if situation.is_archived:
        return text("campaigns.archived", language)
    if number < 1:
        return text("campaigns.before", language)
    if number > campaign.days:
        return text("campaigns.ended", language)
    return text("campaigns.running", language, number=number)


def find_all() -> tuple[Known, ...]:
    """Every campaign that can be opened, the one that began last first; one whose store is not ready is left out."""
    found = []
    for key in ("", *answers.find_further()):
        try:
            situation = answers.find_situation(key)
            found.append(Known(key, answers.find_campaign(situation), situation))
        except CampaignError:
            continue
    return tuple(sorted(found, key=lambda known: known.campaign.start, reverse=True))


def draw_campaigns(visit: Visit, campaign: Campaign) -> None:
    """Which campaign is looked at and how it stands, said where there are several or where it lies in the archive.

    Another one opens as a page of its own: nothing that was begun here goes along.
    """
    language, situation = visit.language, visit.situation
    several = find_all() if answers.find_further() else ()
    if situation.is_archived:
        st.markdown(
            f":gray-badge[:material/inventory_2: {plain(text('campaigns.read_only', language))}]", width="content"
        )
    if len(several) < 2:
        return
    with st.popover(plain(named(campaign, language)), key="campaigns", icon=":material/flag:", type="tertiary"):
        for known in several:
            words = f"{known.name(language)} · {state_words(known.campaign, known.situation, language)}"
            if known.key == situation.campaign:
                st.markdown(f"**{plain(words)}**")
            else:
                query = {"campaign": known.key} if known.key else {}
                st.html(way_out("/", words, language, **query))
