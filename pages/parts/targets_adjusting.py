"""The proposals of an indicator for a phase: every unit with what it rests on, and one adjusted with a reason."""

from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from jobs.imports.words import folded
from models.actions.targets import adjust_proposal
from models.queries.assigning import Assigned
from models.texts import text
from pages.parts import answers, session, targets_desk
from pages.parts.feeds_choices import screen_of
from pages.parts.layout import FILTER_WIDTH
from pages.parts.markdown import plain
from pages.parts.page import Visit
from pages.parts.targets_choices import TargetChoices
from pages.parts.targets_views import COLUMNS, assigned_cells, explained, percent
from targets.values import Campaign

SECTION = "adjust"
ROWS = 25
"""Units on one screen."""
EVERY = ""


def draw_proposals(rows: list[Assigned], campaign: Campaign, choices: TargetChoices, visit: Visit) -> None:
    """Filters, the table by level, and the form for a single unit."""
    language = visit.language
    name, phase = campaign.indicator(choices.indicator).name.of(language), campaign.phase(choices.phase)
    with st.container(key="targets-proposals", gap="small"):
        told = {"indicator": name, "phase": phase.name.of(language)}
        st.header(plain(text("office.proposals.title", language, **told)), anchor=False)
        _draw_filters(campaign, choices, language)
        found = _found(rows, campaign, choices)
        screen = screen_of(choices.page, whole=len(found), most=ROWS)
        shown = found[screen.after : screen.after + ROWS]
        if shown:
            _draw_table(shown, screen.after, campaign, visit)
        else:
            st.info(plain(text("office.proposals.nobody", language, words=choices.q)), icon=":material/search_off:")
        targets_desk.draw_screens("page", screen, len(shown), visit)
        _draw_adjusting(rows, campaign, visit)


def _draw_filters(campaign: Campaign, choices: TargetChoices, language: str) -> None:
    levels = {EVERY: text("office.proposals.every_level", language)}
    levels |= {level.key: level.name.of(language) for level in campaign.levels}
    st.session_state["targets-filter-level"] = choices.level or EVERY
    st.session_state["targets-filter-q"] = choices.q
    with st.grid(2, min_column_width=FILTER_WIDTH, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            text("office.proposals.level", language), list(levels), key="targets-filter-level", filter_mode=None,
            format_func=levels.__getitem__, on_change=_filter, args=("level",),
        )  # fmt: skip
        st.text_input(
            text("office.proposals.search", language), key="targets-filter-q", type="search", live=True, max_chars=60,
            placeholder=text("office.proposals.search_hint", language), on_change=_filter, args=("q",),
        )  # fmt: skip


def _filter(name: str) -> None:
    """On to another part of the list, at its first screen."""
    session.choose("page", None)
    session.choose(name, str(st.session_state[f"targets-filter-{name}"]).strip() or None)


def _found(rows: list[Assigned], campaign: Campaign, choices: TargetChoices) -> list[Assigned]:
    """The units that fit, by level and within each in the campaign's order."""
    group = {level.key: position for position, level in enumerate(campaign.levels)}
    words = folded(choices.q).split()
    fitting = [
        row
        for row in rows
        if choices.level in (None, row.level) and all(word in folded(f"{row.name} {row.unit}") for word in words)
    ]
    return sorted(fitting, key=lambda row: group[row.level])


def _draw_table(shown: list[Assigned], after: int, campaign: Campaign, visit: Visit) -> None:
    language = visit.language
    now = answers.find_values_now(visit.situation, indicator=shown[0].indicator)
    cells = [
        [plain(cell) for cell in assigned_cells(after + place, row, now, campaign, language)]
        for place, row in enumerate(shown, start=1)
    ]
    titles = [plain(text(f"office.column.{name}", language, **_terms(name, campaign))) for name in COLUMNS]
    with st.container(key="targets-proposals-table"):
        st.table(
            pd.DataFrame(cells, columns=titles), border="horizontal", hide_index=True,
            alt=text("office.proposals.spoken", language),
        )  # fmt: skip


def _terms(column: str, campaign: Campaign) -> dict[str, str]:
    return {"year": str(campaign.baseline_year)} if column == "baseline" else {}


# --- one proposal ---------------------------------------------------------------------------------------------------


def _draw_adjusting(rows: list[Assigned], campaign: Campaign, visit: Visit) -> None:
    language = visit.language
    by_code = {row.unit: row for row in rows}
    with st.expander(
        text("office.adjust.title", language), key="targets-adjust", expanded=targets_desk.is_open(SECTION)
    ):
        targets_desk.draw_said(SECTION)
        st.markdown(plain(text("office.adjust.intro", language)))
        chosen = st.selectbox(
            text("office.unit", language), list(by_code), index=None, key="targets-adjust-unit",
            format_func=lambda code: f"{by_code[code].name} ({code})" if code in by_code else code,
            placeholder=text("office.choose_unit", language),
        )  # fmt: skip
        row = by_code.get(chosen or "")
        if row is None or row.proposed is None:
            return
        value, why = percent(row.proposed.value, language), explained(row, row.proposed, campaign, language)
        st.markdown(plain(text("office.adjust.now", language, value=value, why=why)))
        with st.form(f"targets-adjust-{row.unit}-{row.indicator}-{row.phase}-{row.proposed.version}", border=False):
            st.text_input(text("office.new_value", language), key="targets-adjust-value", max_chars=12)
            targets_desk.reason_field("targets-adjust-reason", language)
            with st.container(horizontal=True, gap="small"):
                st.form_submit_button(
                    text("office.adjust.button", language), key="targets-adjust-save", icon=":material/edit:",
                    on_click=_adjust, args=(row, visit, False),
                )  # fmt: skip
                if row.proposed.is_adjusted:
                    st.form_submit_button(
                        text("office.adjust.back", language), key="targets-adjust-back", icon=":material/undo:",
                        on_click=_adjust, args=(row, visit, True),
                    )  # fmt: skip


def _adjust(row: Assigned, visit: Visit, is_back: bool) -> None:
    language, proposed = visit.language, row.proposed
    written, reason = targets_desk.typed("targets-adjust-value"), targets_desk.typed("targets-adjust-reason")

    def change(opened: Any, deed: Any) -> str:
        value: Decimal | None = None if is_back else targets_desk.read_percent(written)
        place = {"unit": row.unit, "indicator": row.indicator, "phase": row.phase}
        seen = 0 if proposed is None else proposed.version
        adjust_proposal(opened, **place, value=value, seen_version=seen, deed=deed)
        if value is None:
            return text("office.adjust.done_back", language, unit=row.name)
        return text("office.adjust.done", language, unit=row.name, value=percent(value, language))

    targets_desk.carry_out(visit, SECTION, reason, change)
