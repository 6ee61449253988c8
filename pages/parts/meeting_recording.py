"""Recording what a meeting concludes, from the very slide it is about: a conclusion, or a task on a unit."""

from datetime import timedelta
from functools import partial

import streamlit as st

from jobs.slides.scene import Scene
from jobs.slides.values import Slide
from models.actions.conclusions import Conclusion, record_conclusion
from models.actions.tasks import Assignment, give_task
from models.agreeing import check_said
from models.texts import text
from pages.parts import answers, visitors, wish_desk
from pages.parts.page import Visit
from pages.parts.wish_desk import Desk, day_field, desk_of, long_field, text_field
from targets.permissions import Permission, may

WEEK = timedelta(days=7)


def draw_recording(scene: Scene, shown: Slide, visit: Visit) -> None:
    """The form of whoever may conclude; nothing for anybody else."""
    if not may(visit.actor, Permission.CONCLUDE):
        return
    language = visit.language
    desk = desk_of("meeting", "record")
    with st.popover(text("meeting.record.title", language), icon=":material/edit_note:", key="slide-record"):
        wish_desk.draw_said(desk)
        names = {unit.code: unit.label for unit in answers.find_findables(visit.situation, language)}
        named = shown.unit if shown.unit in names and shown.unit != scene.campaign.province else None
        with st.form(desk.key("form"), border=False, enter_to_submit=False):
            st.selectbox(
                text("meeting.record.unit", language), list(names), key=desk.key("unit"),
                index=None if named is None else list(names).index(named), format_func=names.__getitem__,
                placeholder=text("meeting.record.nobody", language),
            )  # fmt: skip
            long_field(desk, "what", text("meeting.record.what", language))
            text_field(desk, "who", text("meeting.record.who", language))
            day_field(desk, "due", text("meeting.record.due", language), visit.situation.today + WEEK)
            with st.container(horizontal=True, gap="small"):
                for kind, change in (("task", _give), ("conclusion", _conclude)):
                    st.form_submit_button(
                        text(f"meeting.record.{kind}", language), key=desk.key(kind), on_click=wish_desk.send,
                        args=(desk, language, partial(change, desk, scene.frozen.head.id, shown, visit)),
                    )  # fmt: skip


def _give(desk: Desk, snapshot: int, shown: Slide, visit: Visit) -> str:
    told = Assignment(
        unit=check_said(desk.words("unit"), "no_task_unit", "Choose the unit that is to do it."),
        what=desk.words("what"),
        who=desk.words("who"),
        due=desk.day("due", text("meeting.record.due", visit.language)),
        indicator=shown.indicator or "",
        snapshot=snapshot,
        slide=shown.key,
    )
    visitors.carry_out(visit, shown.headline, lambda session, deed: give_task(session, told, deed=deed))
    return text("meeting.record.given", visit.language)


def _conclude(desk: Desk, snapshot: int, shown: Slide, visit: Visit) -> str:
    told = Conclusion(
        what=desk.words("what"),
        unit=desk.words("unit") or None,
        snapshot=snapshot,
        slide=shown.key,
        who=desk.words("who"),
    )
    visitors.carry_out(visit, shown.headline, lambda session, deed: record_conclusion(session, told, deed=deed))
    return text("meeting.record.concluded", visit.language)
