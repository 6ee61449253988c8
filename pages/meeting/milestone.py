"""How a phase ended, on its own address (`/meeting?result=50-day`): closed and confirmed here, and kept beside the
next phase."""

from functools import partial

import streamlit as st

from jobs.wording import milestones
from jobs.wording import results as wording
from models.core import formats
from models.core.texts import text
from models.meetings.actions import close_phase, confirm_result
from models.meetings.milestones import PhaseResult
from models.meetings.snapshots import Difference
from pages.kit import address, visitors
from pages.kit import forms as kit_forms
from pages.kit.forms import FIELD_WIDTH, Form, day_field, form_of, text_field
from pages.kit.markdown import coloured, plain
from pages.kit.page import Visit
from pages.kit.tables import NO_BREAK, Column, draw_table, way_to
from pages.meeting import data
from pages.meeting.forms import ASIDE, draw_button, draw_withdrawing
from targets.findings import Ended
from targets.permissions import Permission, may
from targets.results import Result

SHOWN_REVISIONS = 12
MOST_UNITS = 300
LEVEL = "milestone-level"


def draw_ended(visit: Visit, *, titled: bool = False) -> None:
    """The way to how each phase ended; nothing before one has."""
    ended = data.find_ended(visit.situation)
    if ended and titled:
        st.header(text("page.milestone", visit.language), anchor=False)
    for key, words in milestones.summaries(ended, visit.language).items():
        query = address.onward(visit.choices, result=key)
        st.markdown(f":material/flag: {way_to('meeting', query, words)}")


def draw_result(phase: str, visit: Visit) -> None:
    """How one phase ended: what it came to, level by level and unit by unit, and what makes it the result."""
    language = visit.language
    result = data.find_result(visit.situation, phase)
    st.title(plain(milestones.headline(result, language)), anchor=False)
    kit_forms.show(form_of(*ASIDE).place)
    st.markdown(f"**{plain(milestones.state(result, language))}**. {plain(milestones.units(result.end, language))}.")
    _draw_table(result, visit)
    _draw_settling(result, visit)
    if result.head is not None:
        draw_revisions(data.find_revisions(visit.situation, result.head.id), visit)
    _draw_rose(result, visit)
    _draw_units(result, visit)
    query = address.in_language({}, language)
    st.markdown(way_to("meeting", query, text("milestone.back", language)))


def _draw_table(result: PhaseResult, visit: Visit) -> None:
    table = milestones.table(result, visit.language)
    if not table.rows:
        return
    columns = []
    for place, head in enumerate(table.heads):
        cells = [plain(row[place]) for row in table.rows]
        if place == 0:
            marks = zip(table.marks, cells, strict=True)
            cells = [f"{coloured(mark, visit.theme)}{NO_BREAK}{cell}" for mark, cell in marks]
        columns.append(Column(plain(head), cells, is_number=place in table.numbers))
    draw_table(columns, alt=milestones.headline(result, visit.language), key="milestone-table")


def _draw_rose(result: PhaseResult, visit: Visit) -> None:
    with st.expander(text("milestone.rose_title", visit.language), key="milestone-rose"):
        for row in result.province:
            if said := milestones.rose(row.indicator, result, visit.language):
                name = result.campaign.indicator(row.indicator).name.of(visit.language)
                st.markdown(f"**{plain(name)}**: {plain(wording.in_sentence(said))}.")


def _draw_units(result: PhaseResult, visit: Visit) -> None:
    """The units of one level on every indicator, those that met most first."""
    language, of_levels = visit.language, milestones.levels(result)
    if not of_levels:
        return
    names = {level.key: level.name.of(language) for level in of_levels}
    with st.expander(text("milestone.units_title", language), key="milestone-units"):
        chosen = st.segmented_control(
            text("attention.level", language), list(names), default=next(iter(names)), key=LEVEL, required=True,
            format_func=lambda key: plain(names[key]), label_visibility="collapsed",
        )  # fmt: skip
        rows: dict[str, dict[str, Result]] = {}
        for row in result.rows:
            if row.level == chosen and row.unit in result.end.units:
                rows.setdefault(row.unit, {})[row.indicator] = row
        order = sorted(rows, key=lambda code: (-result.end.units[code].met, next(iter(rows[code].values())).name))
        _draw_rows(order[:MOST_UNITS], rows, result, visit)
        if len(order) > MOST_UNITS:
            count = formats.whole(len(order) - MOST_UNITS, language)
            st.caption(plain(text("milestone.more_units", language, count=count)))


def _draw_rows(order: list[str], rows: dict[str, dict[str, Result]], result: PhaseResult, visit: Visit) -> None:
    language = visit.language

    def unit(code: str) -> str:
        name = wording.bare_name(next(iter(rows[code].values())).name)
        return way_to("unit", address.onward(visit.choices, unit=code), name)

    def met(ended: Ended) -> str:
        return plain(text("milestone.share", language, met=ended.met, held=ended.held))

    def cell(row: Result | None) -> str:
        if row is None or row.target is None:
            return plain("—")
        return f"{coloured(row.standing, visit.theme)}{NO_BREAK}{plain(wording.figure_or_dash(row, language))}"

    keys = [row.indicator for row in result.province if any(row.indicator in known for known in rows.values())]
    columns = [
        Column(plain(text("milestone.column.unit", language)), [unit(code) for code in order]),
        Column(plain(text("milestone.column.met", language)), [met(result.end.units[code]) for code in order]),
        *(
            Column(
                plain(result.campaign.indicator(key).short_name.of(language)),
                [cell(rows[code].get(key)) for code in order],
                is_number=True,
            )
            for key in keys
        ),
    ]
    draw_table(columns, alt=text("milestone.units_title", language), key="milestone-unit-table")


# --- told otherwise since -------------------------------------------------------------------------------------------


def draw_revisions(found: tuple[Difference, ...], visit: Visit) -> None:
    """Figures revised after the freezing: what was frozen keeps the old ones, here stand both."""
    language = visit.language
    if not found:
        return
    with st.expander(
        plain(text("meeting.revised", language, count=formats.whole(len(found), language))), key="meeting-revised"
    ):
        said = []
        for pair in found[:SHOWN_REVISIONS]:
            now = "—" if pair.now is None else wording.figure_or_dash(pair.now, language)
            name = data.find_indicator_name(visit.situation, pair.frozen.indicator, language)
            terms = {"unit": pair.frozen.name, "indicator": name, "now": now}
            then = wording.figure_or_dash(pair.frozen, language)
            said.append(text("meeting.revision", language, then=then, **terms))
        st.markdown("\n".join(f"- {plain(line)}" for line in said))
        if len(found) > SHOWN_REVISIONS:
            more = formats.whole(len(found) - SHOWN_REVISIONS, language)
            st.caption(plain(text("meeting.revisions_more", language, more=more)))


# --- closed and confirmed -------------------------------------------------------------------------------------------


def _draw_settling(result: PhaseResult, visit: Visit) -> None:
    """For the office: closing the phase; once it is closed, the document that confirms it, and the way to put it
    aside."""
    if not may(visit.actor, Permission.CONCLUDE):
        return
    form, language = form_of("milestone", result.phase.key), visit.language
    kit_forms.show(form.place)
    with st.container(horizontal=True, gap="small"):
        if result.head is None:
            with st.popover(text("milestone.close", language), key=form.key("closing"), type="primary"):
                st.markdown(plain(text("milestone.close_ask", language, state=milestones.state(result, language))))
                if result.end.awaited:
                    query = address.in_language({"as_of": result.told_by.isoformat()}, language)
                    st.markdown(way_to("feeds", query, text("milestone.who_is_awaited", language)))
                words = "milestone.close_anyway" if result.end.awaited else "milestone.close"
                draw_button(form, "close", words, partial(_close, result, visit), visit)
            return
        with st.popover(text("milestone.confirm", language), key=form.key("confirming")):
            with st.grid(1, min_column_width=FIELD_WIDTH, gap="small"):
                text_field(form, "document", text("milestone.document", language), "45/TB-UBND")
                day_field(form, "date", text("milestone.document_date", language))
                text_field(form, "signer", text("milestone.signer", language))
            draw_button(form, "confirm", "milestone.confirm", partial(_confirm, form, result.head.id, visit), visit)
        draw_withdrawing(result.head, visit)


def _close(result: PhaseResult, visit: Visit) -> str:
    """Without the units that the person was shown to be awaited still; if there are more by now, it is said."""
    visitors.carry_out(
        visit,
        milestones.state(result, visit.language),
        lambda session, context: close_phase(session, result.phase.key, without=result.end.awaited, context=context),
    )
    return text("milestone.is_closed", visit.language, phase=result.phase.name.of(visit.language))


def _confirm(form: Form, snapshot: int, visit: Visit) -> str:
    document, signer = form.words("document"), form.words("signer")
    day = form.day("date", text("milestone.document_date", visit.language))
    visitors.carry_out(
        visit,
        document,
        lambda session, context: confirm_result(
            session, snapshot, document=document, document_date=day, signer=signer, context=context
        ),
        document=document,
    )
    return text("milestone.is_confirmed", visit.language, document=document)
