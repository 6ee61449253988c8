"""What waits for the office: a card each, with all that is needed to decide, and two buttons with a required reason."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from models.actions.causes import decide_cause
from models.actions.checks import refuse_check, revise_figure
from models.actions.registrations import decide_dates, decide_registration
from models.mistakes import sentence_of
from models.queries.agreements import Agreement
from models.texts import text
from pages.parts import targets_desk
from pages.parts.feeds_choices import screen_of
from pages.parts.layout import FILTER_WIDTH
from pages.parts.markdown import plain
from pages.parts.page import Visit
from pages.parts.targets_views import Office, waiting_card
from targets.errors import CampaignError
from targets.values import Campaign

SECTION = "waiting"
CARDS = 5
"""Cards on one screen: each is a form."""
BUTTONS = (True, False)
Decide = Callable[[Any, Any], None]


def draw_waiting(office: Office, campaign: Campaign, asked: int, visit: Visit) -> None:
    """Everything that waits, oldest first; a sentence where nothing does."""
    language = visit.language
    screen = screen_of(asked, whole=len(office.waiting), most=CARDS)
    with st.container(key="targets-waiting", gap="small"):
        st.header(plain(text("office.waiting_title", language)), anchor=False)
        targets_desk.draw_said(SECTION)
        if not office.waiting:
            st.markdown(plain(text("office.waiting_none", language)))
        shown = office.waiting[screen.after : screen.after + CARDS]
        for row in shown:
            _draw_card(row, campaign, visit)
        targets_desk.draw_screens("wait", screen, len(shown), visit)


def _draw_card(row: Agreement, campaign: Campaign, visit: Visit) -> None:
    language, card = visit.language, waiting_card(row, campaign, visit.situation.today, visit.language)
    name = _name(row)
    with st.container(border=True, key=f"targets-card-{name}"):
        st.markdown(f"**{plain(card.what)}**")
        st.markdown("\n".join(f"- {plain(fact)}" for fact in (*card.facts, card.said)))
        st.caption(plain(card.origin))
        with st.form(f"targets-form-{name}", border=False):
            if row.kind == "check":
                _draw_counts(row, campaign, language)
            targets_desk.reason_field(f"targets-reason-{name}", language)
            with st.container(horizontal=True, gap="small"):
                for is_yes in BUTTONS:
                    st.form_submit_button(
                        text(f"office.{'yes' if is_yes else 'no'}.{row.kind}", language),
                        key=f"targets-{'yes' if is_yes else 'no'}-{name}",
                        icon=f":material/{'check' if is_yes else 'block'}:",
                        on_click=_decide, args=(row, visit, is_yes),
                    )  # fmt: skip


def _draw_counts(row: Agreement, campaign: Campaign, language: str) -> None:
    """The counts that the figure gets where the unit is right; those it names stand there already."""
    indicator = campaign.indicator(row.indicator or "")
    with st.grid(2, min_column_width=FILTER_WIDTH, gap="small"):
        for part, words, known in (
            ("numerator", indicator.numerator, row.proposed_numerator),
            ("denominator", indicator.denominator, row.proposed_denominator),
        ):
            label = text("office.new_count", language, counted=words.of(language))
            written = "" if known is None else str(known)
            st.text_input(plain(label), value=written, key=f"targets-{part}-{_name(row)}", max_chars=20)


def _name(row: Agreement) -> str:
    return f"{row.kind}-{row.id}-{row.version}"


def _decide(row: Agreement, visit: Visit, is_yes: bool) -> None:
    language, name = visit.language, _name(row)
    try:
        decide = _decision(row, name, is_yes=is_yes)
    except CampaignError as problem:
        targets_desk.remember(SECTION, sentence_of(problem, language), is_done=False)
        return

    def change(opened: Any, deed: Any) -> str:
        decide(opened, deed)
        return text(f"office.done_{'yes' if is_yes else 'no'}.{row.kind}", language, unit=row.unit_name)

    targets_desk.carry_out(visit, SECTION, targets_desk.typed(f"targets-reason-{name}"), change)


def _decision(row: Agreement, name: str, *, is_yes: bool) -> Decide:
    """What is done; nothing is changed unless the row is still as it was seen. Raises Incomplete."""
    if row.kind == "registration":
        return partial(_with_deed, decide_registration, row.id, is_approved=is_yes, seen_version=row.version)
    if row.kind == "dates":
        return partial(_with_deed, decide_dates, row.id, is_approved=is_yes, seen_version=row.version)
    if row.kind == "cause":
        return partial(_with_deed, decide_cause, row.id, is_confirmed=is_yes, seen_version=row.version)
    if not is_yes:
        return partial(_with_deed, refuse_check, row.id, seen_version=row.version)
    counts = {
        part: targets_desk.read_count(targets_desk.typed(f"targets-{part}-{name}"))
        for part in ("numerator", "denominator")
    }
    return partial(_with_deed, revise_figure, row.id, seen_version=row.version, **counts)


def _with_deed(action: Callable[..., None], row_id: int, opened: Any, deed: Any, **terms: Any) -> None:
    action(opened, row_id, deed=deed, **terms)
