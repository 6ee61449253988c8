"""A new store's first three steps, for those who take them: a coordinator, the first figures, the first meeting."""

from dataclasses import dataclass

import streamlit as st

from models.accounts.queries import find_accounts
from models.core.texts import text
from models.meetings.snapshots import find_snapshots
from pages.kit import address, answers
from pages.kit.address import link
from pages.kit.markdown import plain
from pages.kit.page import Visit
from targets.permissions import Permission, may_somewhere

STEPS = (
    ("coordinator", "accounts", Permission.MANAGE_ACCOUNTS),
    ("figures", "upload", Permission.IMPORT),
    ("meeting", "meeting", Permission.CONCLUDE),
)
"""Each step, the page where it is taken, and who may take it."""


@dataclass(frozen=True)
class StepsTaken:
    """Which of the steps the store shows."""

    coordinator: bool
    figures: bool
    meeting: bool


def find_steps(visit: Visit) -> StepsTaken:
    """What has been done in the store; asked at each run, as a new account is no new version of the figures."""
    with answers.store(visit.situation).reading() as session:
        return StepsTaken(
            coordinator=any(account.role == "coordinator" and account.is_enabled for account in find_accounts(session)),
            figures=visit.situation.updated is not None,
            meeting=bool(find_snapshots(session)),
        )


def draw_first_steps(visit: Visit) -> None:
    """What has to be done before there is something to see; nothing once it is done, or for those who do none of it."""
    is_anybodys = any(may_somewhere(visit.actor, permission) for _, _, permission in STEPS)
    if visit.situation.simulated or not is_anybodys:
        return
    steps, language = find_steps(visit), visit.language
    if steps.coordinator and steps.figures:
        return
    with st.container(border=True, key="first-steps", gap="small"):
        st.header(text("first_steps.title", language), anchor=False)
        for number, (step, page, permission) in enumerate(STEPS, start=1):
            is_done = getattr(steps, step)
            mark = ":material/check_circle:" if is_done else ":material/radio_button_unchecked:"
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f"{mark} **{number}.** {plain(text(f'first_steps.{step}', language))}", width="content")
                if not is_done and may_somewhere(visit.actor, permission):
                    link(page, text(f"page.{page}", language), address.onward(visit.choices), language=language)
                elif not is_done:
                    st.caption(plain(text(f"first_steps.by.{step}", language)), width="content")
        if may_somewhere(visit.actor, Permission.CHANGE_CAMPAIGN):
            st.caption(plain(text("first_steps.workbook", language)))
            query = address.in_language({"part": "workbook"}, language)
            link("campaign", text("campaign.part.workbook", language), query, language=language)
