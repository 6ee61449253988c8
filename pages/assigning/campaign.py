"""Chiến dịch: what the campaign's files hold, seen, checked and changed; and what is still missing."""

from dataclasses import dataclass

import streamlit as st

from jobs.campaign_folder import OpenedFolder, find_settled, open_folder
from jobs.campaign_missing import Beside, Missing, find_beside, find_missing
from jobs.file_reads import unit_records
from jobs.imports.values import UnitRecord
from models.inputs import load_campaign
from models.queries.campaign_files import FilesFollowed, find_followed_since
from models.store import open_store
from models.texts import text
from pages.parts import answers, campaign_desk, session
from pages.parts.campaign_parts import PARTS, draw_choice, draw_part
from pages.parts.campaign_states import draw_missing, draw_state, headline
from pages.parts.campaign_words import Names
from pages.parts.markdown import plain
from pages.parts.page import Page, Visit
from pages.parts.session import Asking
from targets.permissions import Permission


@dataclass(frozen=True)
class Asked:
    """All that the page shows, asked anew at every run: files may change without the store knowing."""

    opened: OpenedFolder
    names: Names
    missing: list[Missing]
    beside: Beside | None
    units: tuple[UnitRecord, ...]
    versions: list[FilesFollowed]


def draw(visit: Visit) -> None:
    """The sentence first, then how files and store are to each other, what is being changed, and one part."""
    language = visit.language
    session.confirm_address()
    asked = _ask(visit)
    opened, names = asked.opened, asked.names
    asking = Asking(session.current_query(), language)
    part = asking.one_of("part", PARTS) or PARTS[0]
    visit.ignored.extend(asking.ignored)
    st.title(plain(headline(asked.missing, names)), anchor=False)
    campaign_desk.draw_said(names)
    draw_state(opened, asked.beside, names)
    campaign_desk.draw_wanted(opened, names, visit)
    draw_choice(part, language)
    if part == PARTS[0]:
        draw_missing(asked.missing, names)
    else:
        draw_part(part, opened, names, visit, units=asked.units, versions=asked.versions)


def _ask(visit: Visit) -> Asked:
    settings, language = answers.settings(), visit.language
    store = open_store(settings)
    find_settled(store, settings)
    with store.reading() as opened_store:
        opened = open_folder(opened_store, settings)
        units = unit_records(opened_store)
        names = Names(load_campaign(opened_store), {unit.code: unit.name for unit in units}, language)
        source = text("campaign.entered_on_page", "vi")
        return Asked(
            opened=opened,
            names=names,
            missing=find_missing(opened_store, on=visit.situation.today),
            beside=(
                find_beside(opened_store, opened.files, source=source)
                if opened.files is not None and opened.is_followed
                else None
            ),
            units=units,
            versions=find_followed_since(opened_store, ""),
        )


PAGE = Page("campaign", "campaign", draw, permission=Permission.CHANGE_CAMPAIGN)
