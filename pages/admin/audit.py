"""Nhật ký: every change, sign-in, refusal and download: who, what, when, why, under which document."""

import json
from dataclasses import asdict
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from jobs.documents.trail_file import trail_csv
from models import formats
from models.queries.trail import TrailEntry, TrailFilter, count_trail, find_actions, find_people, find_trail
from models.store import open_store
from models.texts import text, texts
from pages.parts import answers, session
from pages.parts.downloads import draw_download
from pages.parts.markdown import plain
from pages.parts.page import Page, Visit
from targets.permissions import Permission

SHOWN = 50
MOST_IN_A_FILE = 50_000
COLUMNS = ("at", "by", "action", "subject", "change", "reason", "document", "origin")
FIELD_WIDTH = 230
LONGEST_WORD = 16


def draw(visit: Visit) -> None:
    """How many entries there are, what is looked for, the entries, and the way to take them along."""
    language = visit.language
    st.title(text("page.audit", language), anchor=False)
    with open_store(answers.settings()).reading() as opened:
        actions, people = find_actions(opened), find_people(opened)
    wanted = _draw_filter(actions, people, visit)
    with open_store(answers.settings()).reading() as opened:
        total = count_trail(opened, wanted)
        number = _screen(visit.choices.page, total)
        entries = find_trail(opened, wanted, first=(number - 1) * SHOWN, most=SHOWN)
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
    _draw_screens(number, total, visit)
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
            width=FIELD_WIDTH,
        )  # fmt: skip
        action = st.selectbox(
            text("audit.action", language), actions, index=None, format_func=lambda name: action_name(name, language),
            key="audit-action", placeholder=text("audit.all", language), width=FIELD_WIDTH,
        )  # fmt: skip
        person = st.selectbox(
            text("audit.by", language), people, index=None, format_func=lambda by: by or text("audit.public", language),
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


def _screen(written: str | None, total: int) -> int:
    """The screen asked for, or the nearest there is."""
    asked = int(written) if written is not None and written.isdecimal() else 1
    return max(1, min(asked, -(-total // SHOWN)))


def _draw_screens(number: int, total: int, visit: Visit) -> None:
    screens = -(-total // SHOWN)
    if screens < 2:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="audit-screens"):
        st.markdown(plain(text("audit.screen", visit.language, number=number, screens=screens)), width="content")
        for key, to in (("newer", number - 1), ("older", number + 1)):
            st.button(
                text(f"audit.{key}", visit.language), key=f"audit-{key}", disabled=not 1 <= to <= screens,
                on_click=session.choose, args=("page", str(to)),
            )  # fmt: skip


def action_name(action: str, language: str) -> str:
    """An action in words; one that has none by its own name."""
    return texts(language).get(f"audit.action_name.{action}", action)


def _cells(entry: TrailEntry, language: str) -> tuple[str, ...]:
    by, role = entry.by or text("audit.public", language), texts(language).get(f"role.{entry.role}", entry.role)
    return (
        formats.moment(entry.at, language),
        f"{by} ({role})" if role else by,
        action_name(entry.action, language),
        entry.subject,
        _change(entry.old, entry.new),
        entry.reason,
        entry.document,
        entry.origin,
    )


def _change(old: dict[str, Any] | None, new: dict[str, Any] | None) -> str:
    """What was and what is, name by name; what did not change is left out."""
    before, after = old or {}, new or {}
    said = []
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) == after.get(name):
            continue
        if name in before:
            said.append(f"{name}: {_value(before[name])} → {_value(after.get(name))}")
        else:
            said.append(f"{name}: {_value(after[name])}")
    return "; ".join(said)


def _value(value: Any) -> str:
    """A value in a line; a word too long for any column is cut, the file has it whole."""
    told = "–" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return " ".join(word if len(word) <= LONGEST_WORD else f"{word[:LONGEST_WORD]}…" for word in told.split())


def _file(wanted: TrailFilter, language: str) -> bytes:
    """Every entry looked for, as CSV."""
    with open_store(answers.settings()).reading() as opened:
        entries = find_trail(opened, wanted, most=MOST_IN_A_FILE)
    names = {entry.action: action_name(entry.action, language) for entry in entries}
    return trail_csv(entries, action_names=names, language=language)


PAGE = Page("audit", "audit", draw, permission=Permission.READ_OPERATIONS)
