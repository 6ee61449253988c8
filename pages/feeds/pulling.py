"""*Cập nhật ngay*: one press is one run, made beside the page, and watched while it is made."""

import threading
from dataclasses import dataclass, field

import streamlit as st

from jobs.pulls.by_hand import pull_now
from jobs.pulls.outcome import Pulled
from jobs.workplace import Workplace
from models.core import formats
from models.core.texts import sentence_of, text
from models.feeds.words import step_sentence
from pages.feeds import data
from pages.feeds.view import SourceCard
from pages.kit import answers
from pages.kit.markdown import plain
from pages.kit.page import Visit
from targets.errors import CampaignError
from targets.permissions import Permission, check_may, may

PULLED = "feeds-pulled"
"""Where a visitor's last pull is remembered until it has been told of."""
EVERY = 1.0
"""Seconds between two looks at a run that is under way."""


@dataclass
class Pull:
    """A pull that a visitor began; filled in by the thread that does it."""

    source: str
    thread: threading.Thread = field(repr=False)
    outcome: list[Pulled] | CampaignError | None = None

    @property
    def is_over(self) -> bool:
        return not self.thread.is_alive()


def draw_pull(card: SourceCard, visit: Visit) -> None:
    """The button of one source; while a pull is under way what it does stands instead."""
    if not (card.is_pulled and may(visit.actor, Permission.PULL)):
        return
    begun = _begun(card.key)
    if begun is not None or any(pull.source == card.key for pull in data.find_under_way_now(visit.situation)):
        _watch(card, visit)
        return
    label = "feeds.pull.next_day" if card.moves_rehearsal else "feeds.pull.now"
    st.button(
        text(label, visit.language),
        key=f"feeds-pull-{card.key}",
        icon=":material/sync:",
        on_click=_begin,
        args=(card.key, visit),
    )


def _begun(source: str) -> Pull | None:
    begun: Pull | None = st.session_state.get(PULLED)
    return begun if begun is not None and begun.source == source else None


def _begin(source: str, visit: Visit) -> None:
    """One press, one run: the claim of source and day stands behind it, so a second press changes nothing."""
    check_may(visit.actor, Permission.PULL)
    known, store = answers.settings(visit.situation), answers.store(visit.situation)
    workplace = Workplace(known, store, by=visit.actor.login, campaign=visit.situation.campaign)
    pull: Pull

    def work() -> None:
        try:
            pull.outcome = pull_now(workplace, source, origin="page")
        except CampaignError as problem:
            pull.outcome = problem

    pull = Pull(source, threading.Thread(target=work, name=f"pull {source}", daemon=True))
    st.session_state[PULLED] = pull
    pull.thread.start()


@st.fragment(run_every=EVERY)
def _watch(card: SourceCard, visit: Visit) -> None:
    """What the run is doing, once a second; the whole page anew as soon as it is over."""
    begun = _begun(card.key)
    working = [pull for pull in data.find_under_way_now(visit.situation) if pull.source == card.key]
    if (begun is not None and begun.is_over) or (begun is None and not working):
        st.rerun()
    step = step_sentence(working[0].progress, visit.language) if working else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"feeds-watch-{card.key}"):
        st.badge(text("feeds.pull.under_way", visit.language), icon=":material/sync:", color="blue")
        if step:
            st.markdown(plain(step), width="content")


def draw_outcome(visit: Visit) -> None:
    """What came of the visitor's own pull, said once it is over and until something else is done."""
    pull: Pull | None = st.session_state.get(PULLED)
    if pull is None or not pull.is_over:
        return
    if answers.find_situation().data_version != visit.situation.data_version:
        st.rerun()  # it ended while this page was drawn: what stands above is of before it
    del st.session_state[PULLED]
    if pull.outcome is None:
        st.error(plain(text("feeds.pull.broken", visit.language)), icon=":material/error:")
    elif isinstance(pull.outcome, CampaignError):
        st.warning(plain(sentence_of(pull.outcome, visit.language)), icon=":material/info:")
    elif not pull.outcome:
        st.info(plain(text("feeds.pull.found_nothing", visit.language)), icon=":material/info:")
    else:
        for pulled in pull.outcome:
            _draw_pulled(pulled, visit)


def _draw_pulled(pulled: Pulled, visit: Visit) -> None:
    language = visit.language
    said = text(
        "feeds.pull.done",
        language,
        day=formats.day(pulled.for_date, language),
        status=text(f"feeds.status.{pulled.status}", language),
        accepted=formats.whole(pulled.accepted, language),
        revised=formats.whole(pulled.revised, language),
        unchanged=formats.whole(pulled.unchanged, language),
        rejected=formats.whole(pulled.rejected, language),
    )
    if pulled.is_good:
        st.success(plain(said), icon=":material/check_circle:")
    else:
        st.warning(plain(" ".join(part for part in (said, pulled.says(language)) if part)), icon=":material/error:")
