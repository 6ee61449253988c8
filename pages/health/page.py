"""Vận hành: is everything well, and if not, what does who do next?"""

import streamlit as st

from jobs.health.wellness import find_wellness, free_bytes
from models.core.audit import find_break
from models.core.clock import machine_now
from models.core.texts import text
from models.feeds.health import find_health
from pages.feeds.drawing import feed_mark
from pages.health.view import HealthView, Line, health_view, unready_view
from pages.kit import answers
from pages.kit.address import link, onward
from pages.kit.markdown import plain
from pages.kit.page import Page, Visit
from targets.permissions import Permission


def draw(visit: Visit) -> None:
    """The sentence first, then what is not well with what to do, then all the rest."""
    view = find_view(visit)
    st.title(plain(view.headline), anchor=False)
    st.caption(plain(text("health.told_alike", visit.language)))
    if view.troubles:
        with st.container(key="health-to_do", gap="small"):
            st.header(plain(text("health.to_do", visit.language)), anchor=False)
            for line in view.troubles:
                with st.container(border=True, gap="xsmall", key=f"health-{line.key}"):
                    _draw_line(line, visit)
    for key, lines in (("well", view.well), ("unused", view.unused)):
        if not lines:
            continue
        with st.container(key=f"health-{key}", gap="small"):
            st.header(plain(text(f"health.{key}", visit.language)), anchor=False)
            for line in lines:
                with st.container(gap=None, key=f"health-{line.key}"):
                    _draw_line(line, visit)


def find_view(visit: Visit) -> HealthView:
    """Asked anew each time: what is wrong now is what people come for."""
    settings, language = answers.settings(visit.situation), visit.language
    with answers.store(visit.situation).reading() as session:
        health = find_health(session)
        if not health.is_well:
            return unready_view(health.migrations, language)
        wellness = find_wellness(session, settings, machine=machine_now())
        broken = find_break(session)
    overview = answers.find_overview(visit.situation, as_of=visit.situation.today, phase=None)
    return health_view(
        wellness, overview.told, chain_is_whole=broken is None, free=free_bytes(settings), language=language
    )


def _draw_line(line: Line, visit: Visit) -> None:
    said = " ".join(plain(sentence) for sentence in line.says)
    st.markdown(f"{feed_mark(line.mark, visit.theme)} **{plain(line.title)}** · {said}")
    if line.step:
        st.markdown(f"**{plain(line.step)}**")
    if line.leads_to_feeds:
        label = text("health.to_feeds", visit.language)
        link("feeds", label, onward(visit.choices), language=visit.language)


PAGE = Page("health", "health", draw, permission=Permission.READ_OPERATIONS)
