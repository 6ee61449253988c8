"""Nhật ký: every change, sign-in, refusal and download: who, what, when, why, under which document."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from jobs.documents.trail_file import trail_csv
from jobs.imports.words import folded
from jobs.wording.trail import action_name, change_words, origin_words, person_name, reason_words, subject_words, who
from models.core import formats
from models.core.texts import text
from models.core.trail import TrailEntry, TrailFilter, count_trail, find_actions, find_people, find_trail
from pages.feeds.choices import Screen, screen_of, too_far
from pages.kit import address, answers
from pages.kit.address import Asking
from pages.kit.downloads import draw_download
from pages.kit.markdown import plain
from pages.kit.page import Page, Situation, Visit
from pages.kit.tables import way_to
from pages.unit.data import Findable
from pages.unit.story import draw_story
from targets.permissions import Permission

SHOWN = 50
MOST_IN_A_FILE = 50_000
COLUMNS = ("at", "by", "action", "subject", "change", "reason", "document", "origin")
FIELD_WIDTH = 190
MOST_UNITS = 5
"""Named at once where the words looked for stand in the names of units."""


def draw(visit: Visit) -> None:
    """What is looked for: a unit's story, or the entries, how many there are; and the way to take them along."""
    language, unit = visit.language, visit.choices.unit
    st.title(text("page.audit", language), anchor=False)
    with answers.store(visit.situation).reading() as opened:
        actions, people = find_actions(opened), find_people(opened)
    units = {each.code: each for each in answers.find_findables(visit.situation, language)}
    wanted = _draw_filter(actions, people, units, visit)
    if unit is not None:
        draw_story(unit, units[unit].label, visit, wanted)
        return
    _draw_units_found(list(units.values()), visit)
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
    names = _names(list(units.values()), visit)
    rows = [[plain(cell) or "—" for cell in _cells(entry, names, language)] for entry in entries]
    titles = [plain(text(f"audit.column.{name}", language)) for name in COLUMNS]
    with st.container(key="audit-stacked"):
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


def _draw_units_found(units: Sequence[Findable], visit: Visit) -> None:
    """The way to the stories of the units whose names hold the words looked for, with or without their marks."""
    words = folded(visit.choices.q or "").split()
    found = [unit for unit in units if words and all(word in folded(unit.label) for word in words)][:MOST_UNITS]
    if found:
        ways = ", ".join(way_to("audit", address.onward(visit.choices, unit=unit.code), unit.label) for unit in found)
        before, after = text("audit.units_found", visit.language, units="\0").split("\0")
        st.markdown(f":material/history: {plain(before)}{ways}{plain(after)}")


def _draw_filter(actions: list[str], people: list[str], units: Mapping[str, Findable], visit: Visit) -> TrailFilter:
    language = visit.language
    here = st.session_state["audit-unit"] = visit.choices.unit

    def named(code: str) -> str:
        return units[code].label if code == here else units[code].words

    st.session_state["audit-q"] = visit.choices.q or ""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="audit-filter"):
        st.text_input(
            text("audit.search", language), key="audit-q", type="search", max_chars=60,
            on_change=address.choose_from, args=("q", "audit-q"),
            placeholder=text("audit.search_hint", language), width=FIELD_WIDTH,
        )  # fmt: skip
        st.selectbox(
            text("audit.unit", language), list(units), index=None, format_func=named,
            key="audit-unit", placeholder=text("audit.all_units", language), width=FIELD_WIDTH,
            on_change=address.choose_from, args=("unit", "audit-unit"),
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
        text(f"audit.{name}", language), value=None, format="DD/MM/YYYY", key=f"audit-{name}", width=FIELD_WIDTH - 20
    )


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


def _names(units: Sequence[Findable], visit: Visit) -> dict[str, str]:
    """What stands in subjects as code or key, by its name."""
    campaign = answers.find_campaign(visit.situation)
    return (
        {each.key: each.short_name.of(visit.language) for each in campaign.indicators}
        | {each.key: each.name.of(visit.language) for each in campaign.phases}
        | {each.code: each.label for each in units}
    )


def _cells(entry: TrailEntry, names: Mapping[str, str], language: str) -> tuple[str, ...]:
    return (
        formats.moment(entry.at, language),
        who(entry, language),
        action_name(entry.action, language),
        subject_words(entry, language, names),
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
