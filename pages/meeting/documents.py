"""A meeting's documents, one click each: the pack, what is sent afterwards, and the message to copy.

All are made from the snapshot when somebody asks for them; drawing the buttons costs nothing.
"""

from collections.abc import Callable
from functools import partial

import streamlit as st

from jobs.documents.figures import PackFigures, figures_of_snapshot
from jobs.documents.letters import as_conclusions, as_reminder, units_behind
from jobs.documents.pack import MIME_TYPES, WEEKLY, dated_name
from jobs.documents.phone import as_message, as_picture
from jobs.slides.meeting_data import MeetingData
from models.core.texts import text
from models.meetings.snapshots import SnapshotHead
from pages.kit import answers
from pages.kit.downloads import draw_download
from pages.kit.markdown import plain
from pages.kit.page import Situation, Visit

Maker = Callable[[PackFigures, str], bytes]
AFTERWARDS: tuple[tuple[str, str, Maker], ...] = (
    ("conclusions", "docx", as_conclusions),
    ("picture", "png", as_picture),
)
"""What is sent after a meeting: name, ending and maker."""


def draw_pack(head: SnapshotHead, meeting: MeetingData, visit: Visit) -> None:
    """Every document of a snapshot; the reminder once a unit is chosen, the message once it is asked for."""
    language = visit.language
    st.subheader(plain(text("pack.page.title", language)), anchor=False)
    with st.container(horizontal=True, gap="small", key="pack"):
        for ending, make in WEEKLY.items():
            _draw(head, visit, label=f"pack.page.{ending}", kind="weekly", ending=ending, make=make)
        for kind, ending, make in AFTERWARDS:
            _draw(head, visit, label=f"pack.page.{kind}", kind=kind, ending=ending, make=make)
    names = {row.unit: row.name for row in meeting.rows}
    chosen = st.selectbox(
        text("pack.page.reminder_unit", language), units_behind(meeting), index=None, key="pack-unit",
        format_func=lambda code: names.get(code, code), placeholder=text("pack.page.reminder_hint", language),
    )  # fmt: skip
    if chosen is not None:
        _draw(
            head, visit, label="pack.page.reminder", kind="reminder", ending="docx", unit=chosen,
            make=lambda figures, words: as_reminder(figures, chosen, words),
        )  # fmt: skip
    if st.toggle(text("pack.page.message", language), key="pack-message"):
        st.code(as_message(_figures(visit.situation, head), language), language=None, wrap_lines=True)


def _draw(head: SnapshotHead, visit: Visit, *, label: str, kind: str, ending: str, make: Maker, unit: str = "") -> None:
    language = visit.language
    name = dated_name(kind, ending, language, as_of=head.as_of, is_simulated=head.simulated, unit=unit)
    draw_download(
        text(label, language), partial(_made, visit.situation, head, make, language), visit=visit, subject=kind,
        file_name=name, mime=MIME_TYPES[ending], key=f"pack-{kind}-{ending}", narrowed={"snapshot": head.id},
    )  # fmt: skip


def _made(situation: Situation, head: SnapshotHead, make: Maker, language: str) -> bytes:
    return make(_figures(situation, head), language)


def _figures(situation: Situation, head: SnapshotHead) -> PackFigures:
    with answers.store(situation).reading() as session:
        return figures_of_snapshot(session, head.id)
