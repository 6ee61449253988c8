"""What other pages say about tasks, in one line each: how many wait, how many are overdue, and the way to them."""

import streamlit as st

from models import formats
from models.texts import text
from pages.parts import meeting_answers, session
from pages.parts.links import link
from pages.parts.markdown import plain
from pages.parts.page import Visit
from pages.parts.tasks_views import headline


def draw_overdue(visit: Visit, unit: str | None = None) -> None:
    """One line where something is overdue or due within a week, for everybody or one unit; else nothing.

    For everybody also that figures are announced for the next meeting: until when checks may be asked for.
    """
    if unit is None:
        _draw_announced(visit)
    counts = meeting_answers.find_task_counts(visit.situation, None if unit is None else (unit,))
    if not counts.overdue and not counts.soon:
        return
    language = visit.language
    query = {"unit": unit} if unit is not None else {}
    if counts.overdue:
        query["state"] = "overdue"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="overdue-tasks"):
        icon = ":material/alarm:" if counts.overdue else ":material/event:"
        st.markdown(f"{icon} {plain(headline(counts, language))}", width="content")
        link("tasks", plain(text("tasks.see", language)), session.in_language(query, language), language=language)


def _draw_announced(visit: Visit) -> None:
    announced = next((each for each in meeting_answers.find_announced(visit.situation) if each.state == "open"), None)
    if announced is None:
        return
    language = visit.language
    said = text(
        "meeting.preview.says",
        language,
        date=formats.day(announced.as_of, language),
        deadline=formats.day(announced.deadline, language),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="announced-figures"):
        st.markdown(f":material/campaign: {plain(said)}", width="content")
        link("meeting", plain(text("page.meeting", language)), session.in_language({}, language), language=language)
