"""Nhật ký: every change, sign-in, refusal and download: who, what, when, why, under which document."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from jobs.documents.trail_file import trail_csv
from models.core import formats
from models.core.texts import text, texts
from models.core.trail import TrailEntry, TrailFilter, count_trail, find_actions, find_people, find_trail
from pages.feeds.choices import Screen, screen_of, too_far
from pages.kit import address, answers
from pages.kit.address import Asking
from pages.kit.downloads import draw_download
from pages.kit.markdown import plain
from pages.kit.page import Page, Situation, Visit
from targets.permissions import SYSTEM, Permission

SHOWN = 50
MOST_IN_A_FILE = 50_000
COLUMNS = ("at", "by", "action", "subject", "change", "reason", "document", "origin")
FIELD_WIDTH = 230


def draw(visit: Visit) -> None:
    """How many entries there are, what is looked for, the entries, and the way to take them along."""
    language = visit.language
    st.title(text("page.audit", language), anchor=False)
    with answers.store(visit.situation).reading() as opened:
        actions, people = find_actions(opened), find_people(opened)
    wanted = _draw_filter(actions, people, visit)
    with answers.store(visit.situation).reading() as opened:
        total = count_trail(opened, wanted)
        asking = Asking(address.current_query(), language)
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
        partial(_file, visit.situation, wanted, language),
        visit=visit,
        subject="audit",
        file_name=text("audit.file_name", language),
        mime="text/csv",
        key="audit-download",
        permission=Permission.READ_OPERATIONS,
        narrowed={name: str(value) for name, value in asdict(wanted).items() if value},
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
    address.choose("q", st.session_state["audit-q"].strip() or None)


def _draw_screens(screen: Screen, visit: Visit) -> None:
    if screen.is_only:
        return
    number, screens = screen.number, screen.screens
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="audit-screens"):
        st.markdown(plain(text("audit.screen", visit.language, number=number, screens=screens)), width="content")
        for key, to in (("newer", number - 1), ("older", number + 1)):
            st.button(
                text(f"audit.{key}", visit.language), key=f"audit-{key}", disabled=not 1 <= to <= screens,
                on_click=address.choose, args=("page", str(to)),
            )  # fmt: skip


def _cells(entry: TrailEntry, language: str) -> tuple[str, ...]:
    return (
        formats.moment(entry.at, language),
        who(entry, language),
        action_name(entry.action, language),
        subject_words(entry, language),
        change_words(entry.old, entry.new, language),
        reason_words(entry.reason, language),
        entry.document,
        origin_words(entry.origin, language),
    )


def _file(situation: Situation, wanted: TrailFilter, language: str) -> bytes:
    """Every entry looked for, as CSV."""
    with answers.store(situation).reading() as opened:
        entries = find_trail(opened, wanted, most=MOST_IN_A_FILE)
    names = {entry.action: action_name(entry.action, language) for entry in entries}
    return trail_csv(entries, action_names=names, language=language)


PAGE = Page("audit", "audit", draw, permission=Permission.READ_OPERATIONS)


NOTHING: tuple[Any, ...] = (None, "", [])
LONGEST_WORD = 16
"""Letters of a word in a column; the file has it whole."""


def who(entry: TrailEntry, language: str) -> str:
    """Whoever did it, with the role they had then."""
    by, role = person_name(entry.by, language), texts(language).get(f"role.{entry.role}", entry.role)
    return f"{by} ({role})" if role else by


def person_name(by: str, language: str) -> str:
    """Nobody's name is known where everybody may look; what no person did, the system did."""
    if not by.startswith(SYSTEM):
        return by or text("audit.public", language)
    person = by.removeprefix(SYSTEM)
    return text("audit.system", language) + ("" if person == "root" else f" ({person})")


def action_name(action: str, language: str) -> str:
    return texts(language).get(f"audit.action_name.{action}", action)


def subject_words(entry: TrailEntry, language: str) -> str:
    """What it was done to: `account lan` → “tài khoản lan”; of a refusal, what was refused."""
    known = texts(language)
    if entry.action == "refused":
        return known.get(f"permission.{entry.subject}", entry.subject)
    whole = known.get(f"trail.subject.{_key(entry.subject)}")
    if whole is not None:
        return whole
    kind, _, rest = entry.subject.partition(" ")
    if rest == "runs" and kind.isdecimal():
        return f"{kind} {known['trail.subject.runs']}"
    named = known.get(f"trail.subject.{kind}")
    return entry.subject if named is None else f"{named} {rest}".strip()


def origin_words(origin: str, language: str) -> str:
    """From where: `page, 10.0.0.7` → “trang web, 10.0.0.7”."""
    place, comma, machine = origin.partition(", ")
    return texts(language).get(f"trail.origin.{_key(place)}", place) + comma + machine


def reason_words(reason: str, language: str) -> str:
    """A reason that people gave stays as it is; those that pages and commands give themselves are said in words.

    `import tuan-7.xlsx` → “Nhập tệp tuan-7.xlsx”: what follows a command stays.
    """
    known, reported = texts(language), reason.split()
    for end in range(len(reported), 0, -1):
        said = known.get(f"trail.{'reason' if end == len(reported) else 'command'}.{'_'.join(reported[:end])}")
        if said is not None:
            return " ".join((said, *(known.get(f"role.{word}", word) for word in reported[end:])))
    return reason


def change_words(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, language: str) -> str:
    """What was and what is, name by name; what did not change, or is not known at all, is left out."""
    before, after = old or {}, new or {}
    said = []
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) == after.get(name) or (name not in before and after[name] in NOTHING):
            continue
        label = texts(language).get(f"trail.field.{name}", name)
        is_ = _value(name, after.get(name), language)
        said.append(f"{label}: {_value(name, before[name], language)} → {is_}" if name in before else f"{label}: {is_}")
    return "; ".join(said)


def _value(name: str, value: Any, language: str) -> str:
    """A value in a line; a word too long for any column is cut, the file has it whole."""
    known = texts(language)
    if value in NOTHING:
        return "–"
    if isinstance(value, str) and f"trail.value.{name}.{value}" in known:
        return known[f"trail.value.{name}.{value}"]
    if isinstance(value, bool):
        return text(f"trail.{'yes' if value else 'no'}", language)
    if name in ("role", "allowed", "claimed"):
        return ", ".join(known.get(f"role.{role}", role) for role in str(value).split(", "))
    if name == "permission":
        return known.get(f"permission.{value}", str(value))
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        value = ", ".join(value)
    reported = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return " ".join(word if len(word) <= LONGEST_WORD else f"{word[:LONGEST_WORD]}…" for word in reported.split())


def _key(words: str) -> str:
    return words.replace(" ", "_")
