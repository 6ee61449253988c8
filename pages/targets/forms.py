"""What the page's forms share, its choices, and what waits for the office: one change at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from models.core.texts import sentence_of, text
from models.targets.agreements import Agreement
from models.targets.causes import decide_cause
from models.targets.checks import refuse_check, revise_figure
from models.targets.registrations import decide_dates, decide_registration
from pages.charts.layout import FILTER_WIDTH
from pages.feeds.choices import Screen, screen_of, too_far
from pages.kit import address
from pages.kit.address import Asking, Choices, Ignored
from pages.kit.forms import carry_out, is_said, read_count, say, show
from pages.kit.markdown import plain
from pages.kit.page import Visit
from pages.targets.view import Office, waiting_card
from targets.errors import CampaignError
from targets.values import Campaign


@dataclass(frozen=True)
class TargetChoices:
    """Without a choice the phase that runs."""

    phase: str
    indicator: str
    level: str | None = None
    q: str = ""
    page: int = 1
    wait: int = 1
    trial: int = 1
    """Screens of units, of what waits, and of a tried rule."""
    ignored: tuple[Ignored, ...] = ()


def read_target_choices(
    choices: Choices, query: Mapping[str, str], campaign: Campaign, *, today: date
) -> TargetChoices:
    """The page's own choices beside those it shares; what cannot be used is named and left out."""
    asking = Asking(query, choices.language)
    return TargetChoices(
        phase=choices.phase or campaign.phase_on(today).key,
        indicator=choices.indicator or campaign.main,
        level=choices.level,
        q=choices.q or "",
        page=asking.number("page") or 1,
        wait=asking.number("wait") or 1,
        trial=asking.number("trial") or 1,
        ignored=tuple(asking.ignored),
    )


LONGEST_REASON = 300
LONGEST_DOCUMENT = 100


def typed(key: str) -> str:
    """What stands in a field, without blanks around it."""
    return str(st.session_state.get(key, "") or "").strip()


def is_open(section: str) -> bool:
    """Whether a section stays open: something has to be said in it, or a unit is chosen there."""
    return is_said(section) or bool(st.session_state.get(f"targets-{section}-unit"))


def reason_field(key: str, language: str) -> None:
    """The reason that every decision needs."""
    st.text_input(
        text("office.reason", language), key=key, max_chars=LONGEST_REASON,
        placeholder=text("office.reason_hint", language),
    )  # fmt: skip


def draw_screens(name: str, screen: Screen, shown: int, visit: Visit) -> None:
    """Which entries of a list these are, and the way to the others; `name` is the choice in the address."""
    language = visit.language
    visit.ignored.extend(too_far(name, screen, language))
    if not screen.whole:
        return
    terms = {"first": screen.after + 1, "last": screen.after + shown, "whole": screen.whole}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(plain(text("office.shown", language, **terms)), width="content")
        if screen.is_only:
            return
        for key, number in (("before", screen.number - 1), ("after", screen.number + 1)):
            st.button(
                text(f"office.screens.{key}", language), key=f"targets-{name}-{key}",
                icon=f":material/chevron_{'left' if key == 'before' else 'right'}:",
                icon_position="left" if key == "before" else "right",
                disabled=not 1 <= number <= screen.screens,
                on_click=address.choose, args=(name, None if number == 1 else str(number)),
            )  # fmt: skip


SECTION = "waiting"
CARDS = 5
"""Cards on one screen: each is a form."""
BUTTONS = (True, False)
Decide = Callable[[Any, Any], None]
DECISIONS: Mapping[str, tuple[Callable[..., None], str]] = {
    "registration": (decide_registration, "is_approved"), "dates": (decide_dates, "is_approved"),
    "cause": (decide_cause, "is_confirmed"),
}  # fmt: skip
"""By what waits: what decides it, and as what it is told yes or no. A check has counts beside it."""


def draw_waiting(office: Office, campaign: Campaign, asked: int, visit: Visit) -> None:
    """Everything that waits, oldest first; a sentence where nothing does."""
    language = visit.language
    screen = screen_of(asked, whole=len(office.waiting), most=CARDS)
    with st.container(key="targets-waiting", gap="small"):
        st.header(plain(text("office.waiting_title", language)), anchor=False)
        show(SECTION)
        if not office.waiting:
            st.markdown(plain(text("office.waiting_none", language)))
        shown = office.waiting[screen.after : screen.after + CARDS]
        for row in shown:
            _draw_card(row, campaign, visit)
        draw_screens("wait", screen, len(shown), visit)


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
            reason_field(f"targets-reason-{name}", language)
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
        say(SECTION, sentence_of(problem, language), is_done=False)
        return

    def change(opened: Any, context: Any) -> str:
        decide(opened, context)
        return text(f"office.done_{'yes' if is_yes else 'no'}.{row.kind}", language, unit=row.unit_name)

    carry_out(visit, SECTION, typed(f"targets-reason-{name}"), change)


def _decision(row: Agreement, name: str, *, is_yes: bool) -> Decide:
    """What is done; nothing is changed unless the row is still as it was seen. Raises Incomplete."""
    terms: dict[str, Any] = {"seen_version": row.version}
    if row.kind in DECISIONS:
        action, answer = DECISIONS[row.kind]
        terms[answer] = is_yes
    elif is_yes:
        action = revise_figure
        terms |= {part: read_count(typed(f"targets-{part}-{name}")) for part in ("numerator", "denominator")}
    else:
        action = refuse_check
    return lambda opened, context: action(opened, row.id, context=context, **terms)
