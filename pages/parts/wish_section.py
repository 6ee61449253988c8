"""The section of a unit's page on what was registered, explained, asked for and agreed, with its forms below."""

import streamlit as st

from models.texts import text
from pages.parts import answers, wish_answers
from pages.parts.markdown import plain
from pages.parts.page import Visit
from pages.parts.unit_answers import UnitAnswers
from pages.parts.wish_forms import Counter, draw_forms
from pages.parts.wish_sentences import WishView, wish_views

SHOWN = 6
"""Settled ones that are read without opening anything; what waits is always shown."""


def draw_wishes(unit: UnitAnswers, indicator: str | None, visit: Visit) -> None:
    """What was agreed and what waits, then the forms of those who may. A unit that has ended has none any more."""
    language, profile = visit.language, unit.profile
    wishes = wish_answers.find_wishes(visit.situation, profile.unit.code)
    today = visit.situation.today
    views = wish_views(
        wishes,
        campaign=unit.campaign,
        names=wish_answers.find_names(visit.situation) if wishes else {},
        today=today,
        language=language,
    )
    with st.container(key="wishes" if views else "wishes-empty", gap="small"):
        st.header(plain(text("wishes.title", language)), anchor=False)
        if not views:
            st.caption(plain(text("wishes.empty", language)))
        shown = [view for place, view in enumerate(views) if view.is_waiting or place < SHOWN]
        for view in shown:
            _draw_one(view)
        rest = views[len(shown) :]
        if rest:
            count = len(rest)
            with st.expander(plain(text("wishes.earlier", language, count=count)), key="wishes-earlier"):
                for view in rest:
                    _draw_one(view)
        if profile.valid_to is None or profile.valid_to >= today:
            now = unit if unit.as_of == today else answers.find_unit(
                visit.situation, profile.unit.code, as_of=today, phase=None
            )  # fmt: skip
            draw_forms(Counter(unit=unit, wishes=wishes, rows=now.rows, indicator=indicator), visit)


def _draw_one(view: WishView) -> None:
    """A title with its state, and below it what was said, by whom, and what was decided."""
    icon = ":material/alarm:" if view.is_late else ":material/hourglass_top:" if view.is_waiting else ":material/check:"
    with st.container(gap=None):
        st.markdown(f"{icon} **{plain(view.title)}** · {plain(view.state)}")
        st.caption("  \n".join(plain(line).replace("\n", " ") for line in view.lines))
