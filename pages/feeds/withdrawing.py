"""Withdrawing a load on the page: what would change is shown first, then it is done for a reason."""

from typing import Any

import streamlit as st

from jobs.wording import withdrawals
from models.core.texts import sentence_of, text
from models.readings.withdrawing import Withdrawal, foresee_withdrawal, withdraw_load
from pages.kit import answers, visitors
from pages.kit.forms import carry_out, say, show
from pages.kit.markdown import plain
from pages.kit.page import Visit
from pages.kit.tables import Column, draw_table
from targets.errors import CampaignError

PLACE, SEEN, REASON = "feeds-withdrawal", "feeds-withdrawal-seen", "feeds-withdrawal-reason"
LONGEST_REASON = 300
SHOWN = 50
"""Figures in the table of a preview."""


def draw_withdrawing(load: int, visit: Visit) -> None:
    """The way to withdraw the load that is looked at; once it is previewed, what would change and the form."""
    show(PLACE)
    seen: Withdrawal | None = st.session_state.get(SEEN)
    if seen is not None and load in (seen.run, seen.load):
        _draw_preview(seen, visit)
        return
    st.button(
        text("withdrawal.look", visit.language), key="feeds-withdrawal-preview", icon=":material/undo:",
        on_click=_preview, args=(load, visit),
    )  # fmt: skip


def _draw_preview(seen: Withdrawal, visit: Visit) -> None:
    language, campaign = visit.language, answers.find_campaign(visit.situation)
    key = "" if seen.is_withdrawing else "_restore"
    with st.container(border=True, key=PLACE):
        st.markdown(f"**{plain(withdrawals.title(seen, language))}**")
        st.caption(plain(text(f"withdrawal.intro{key}", language, **({"load": str(seen.load)} if key else {}))))
        st.markdown("\n".join(f"- {plain(line)}" for line in withdrawals.lines(seen, campaign, language)))
        if seen.changes:
            said = withdrawals.table_title(seen, SHOWN, language)
            with st.expander(said, key="feeds-withdrawal-changes"):
                cells = zip(*withdrawals.rows(seen.changes[:SHOWN], campaign, language), strict=True)
                columns = [
                    Column(plain(head), [plain(cell) for cell in column])
                    for head, column in zip(withdrawals.heads(language), cells, strict=True)
                ]
                draw_table(columns, alt=said, key="feeds-withdrawal-table")
        with st.form("feeds-withdrawal-form", border=False):
            st.text_input(text("withdrawal.reason", language), key=REASON, max_chars=LONGEST_REASON)
            with st.container(horizontal=True, gap="small"):
                st.form_submit_button(
                    text(f"withdrawal.confirm{key}", language), icon=":material/undo:", type="primary",
                    key="feeds-withdrawal-confirm", on_click=_withdraw, args=(seen, visit),
                )  # fmt: skip
                st.form_submit_button(
                    text("withdrawal.leave", language), key="feeds-withdrawal-leave",
                    on_click=st.session_state.pop, args=(SEEN, None),
                )  # fmt: skip


def _preview(load: int, visit: Visit) -> None:
    try:
        st.session_state[SEEN] = visitors.carry_out(
            visit, "", lambda session, context: foresee_withdrawal(session, load, context=context)
        )
    except CampaignError as problem:
        say(PLACE, sentence_of(problem, visit.language), is_done=False)


def _withdraw(seen: Withdrawal, visit: Visit) -> None:
    campaign = answers.find_campaign(visit.situation)

    def change(session: Any, context: Any) -> str:
        done = withdraw_load(session, seen.run, seen=seen.mark, context=context)
        return withdrawals.done(done, campaign, visit.language)

    if carry_out(visit, PLACE, str(st.session_state[REASON]).strip(), change):
        st.session_state.pop(SEEN, None)
