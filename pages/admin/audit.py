"""Nhật ký: every change, sign-in, refusal and download: who, what, when, why, under which document."""

from dataclasses import asdict
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from jobs.documents.trail_file import trail_csv
from models import formats
from models.queries.trail import TrailEntry, TrailFilter, count_trail, find_actions, find_people, find_trail
from models.store import open_store
from models.texts import text
from pages.parts import answers, session, trail_words
from pages.parts.downloads import draw_download
from pages.parts.feeds_choices import Screen, screen_of, too_far
from pages.parts.markdown import plain
from pages.parts.page import Page, Visit
from pages.parts.session import Asking
from pages.parts.trail_words import action_name, person_name
from targets.permissions import Permission

SHOWN = 50
MOST_IN_A_FILE = 50_000
COLUMNS = ("at", "by", "action", "subject", "change", "reason", "document", "origin")
FIELD_WIDTH = 230


def draw(visit: Visit) -> None:
    """How many entries there are, what is looked for, the entries, and the way to take them along."""
    language = visit.language
    st.title(text("page.audit", language), anchor=False)
    with open_store(answers.settings()).reading() as opened:
        actions, people = find_actions(opened), find_people(opened)
    wanted = _draw_filter(actions, people, visit)
    with open_store(answers.settings()).reading() as opened:
        total = count_trail(opened, wanted)
        asking = Asking(session.current_query(), language)
        screen = screen_of(asking.number("page") or 1, whole=total, most=SHOWN)
        entries = find_trail(opened, wanted, first=screen.after, most=SHOWN)
    visit.ignored.extend((*asking.ignored, *too_far("page", screen, language)))
    st.markdown(plain(text("audit.count", language, count=formats.whole(total, language))))
    if not entries:
        st.info(plain(text("audit.nothing", language)), icon=":material/info:")
        return
    rows = [[plain(cell) for cell in _cells(entry, language)] for entry in entries]
    titles = [plain(text(f"audit.column.{name}", language)) for name in COLUMNS]
    with st.container(key="audit-list"):
        st.table(
            pd.DataFrame(rows, columns=titles), border="horizontal", hide_index=True, alt=text("audit.spoken", language)
        )
    _draw_screens(screen, visit)
    draw_download(
        text("audit.download", language),
        partial(_file, wanted, language),
        visit=visit,
        subject="audit",
        file_name=text("audit.file_name", language),
        mime="text/csv",
        key="audit-download",
        permission=Permission.READ_OPERATIONS,
        told={name: str(value) for name, value in asdict(wanted).items() if value},
    )


def _draw_filter(actions: list[str], people: list[str], visit: Visit) -> TrailFilter:
    language = visit.language
    st.session_state["audit-q"] = visit.choices.q or ""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="audit-filter"):
        st.text_input(
            text("audit.search", language), key="audit-q", type="search", max_chars=60, on_change=_search,
            placeholder=text("audit.search_hint", language), width=FIELD_WIDTH,
        )  # fmt: skip
        action = st.selectbox(
            text("audit.action", language), actions, index=None, format_func=lambda name: action_name(name, language),
            key="audit-action", placeholder=text("audit.all", language), width=FIELD_WIDTH,
        )  # fmt: skip
        person = st.selectbox(
            text("audit.by", language), people, index=None, format_func=lambda by: person_name(by, language),
            key="audit-by", placeholder=text("audit.all", language), width=FIELD_WIDTH,
        )  # fmt: skip
        since = _day("since", language)
        until = _day("until", language)
    return TrailFilter(action=action, by=person, words=visit.choices.q or "", since=since, until=until)


def _day(name: str, language: str) -> date | None:
    return st.date_input(
        text(f"audit.{name}", language), value=None, format="DD/MM/YYYY", key=f"audit-{name}", width=FIELD_WIDTH - 60
    )


def _search() -> None:
    session.choose("page", None)
    session.choose("q", st.session_state["audit-q"].strip() or None)


def _draw_screens(screen: Screen, visit: Visit) -> None:
    if screen.is_only:
        return
    number, screens = screen.number, screen.screens
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="audit-screens"):
        st.markdown(plain(text("audit.screen", visit.language, number=number, screens=screens)), width="content")
        for key, to in (("newer", number - 1), ("older", number + 1)):
            st.button(
                text(f"audit.{key}", visit.language), key=f"audit-{key}", disabled=not 1 <= to <= screens,
                on_click=session.choose, args=("page", str(to)),
            )  # fmt: skip


def _cells(entry: TrailEntry, language: str) -> tuple[str, ...]:
    return (
        formats.moment(entry.at, language),
        trail_words.who(entry, language),
        action_name(entry.action, language),
        trail_words.subject_words(entry, language),
        trail_words.change_words(entry.old, entry.new, language),
        trail_words.reason_words(entry.reason, language),
        entry.document,
        trail_words.origin_words(entry.origin, language),
    )


def _file(wanted: TrailFilter, language: str) -> bytes:
    """Every entry looked for, as CSV."""
    with open_store(answers.settings()).reading() as opened:
        entries = find_trail(opened, wanted, most=MOST_IN_A_FILE)
    names = {entry.action: action_name(entry.action, language) for entry in entries}
    return trail_csv(entries, action_names=names, language=language)


PAGE = Page("audit", "audit", draw, permission=Permission.READ_OPERATIONS)
