"""The forms in which a row from quarantine is mended and taken in, or left out for a reason."""

from collections.abc import Sequence

import streamlit as st

from jobs.readmit import readmission_words, readmit
from models import formats
from models.actions.settling import dismiss_row, dismiss_rows
from models.mistakes import sentence_of
from models.store import open_store
from models.texts import text
from pages.parts import answers, visitors
from pages.parts.feeds_quarantine import GroupView, RowView
from pages.parts.layout import FILTER_WIDTH
from pages.parts.markdown import plain
from pages.parts.page import Visit
from targets.errors import CampaignError
from targets.permissions import Permission, may

SETTLED = "feeds-settled"
"""What came of the visitor's last form: said once."""
LONGEST = 2_000
LONGEST_REASON = 300


def may_settle(visit: Visit) -> bool:
    """Whether who looks may settle rows; the check that counts is made in `models.actions`."""
    return may(visit.actor, Permission.IMPORT)


def draw_row(row: RowView, visit: Visit) -> None:
    """One row: what was told and what is wrong, then both ways out."""
    language = visit.language
    with st.container(border=True, key=f"feeds-row-{row.id}"):
        st.markdown(f"**{plain(row.title)}** · {plain(row.problem)}")
        st.caption(plain(row.origin))
        if not may_settle(visit):
            st.markdown(" · ".join(f"{plain(field.name)}: **{plain(field.value)}**" for field in row.fields))
            return
        with st.form(f"feeds-mend-{row.id}", border=False):
            with st.grid(4, min_column_width=FILTER_WIDTH, gap="small"):
                for place, field in enumerate(row.fields):
                    label = text("feeds.rows.wrong", language, field=field.name) if field.is_wrong else field.name
                    st.text_input(plain(label), value=field.value, key=_key(row, place), max_chars=LONGEST)
                st.text_input(
                    text("feeds.rows.reason", language), key=f"feeds-reason-{row.id}", max_chars=LONGEST_REASON,
                    placeholder=text("feeds.rows.reason_hint", language),
                )  # fmt: skip
            with st.container(horizontal=True, gap="small"):
                st.form_submit_button(
                    text("feeds.rows.readmit", language), icon=":material/done:", type="primary",
                    key=f"feeds-readmit-{row.id}", on_click=_readmit, args=(row, visit),
                )  # fmt: skip
                st.form_submit_button(
                    text("feeds.rows.dismiss", language), icon=":material/block:",
                    key=f"feeds-dismiss-{row.id}", on_click=_dismiss, args=(row, visit),
                )  # fmt: skip
        if row.source_row:
            with st.expander(text("feeds.rows.source_row", language)):
                st.code(row.source_row, language="json", wrap_lines=True)


def draw_groups(groups: Sequence[GroupView], visit: Visit) -> None:
    """Rows of one load with one problem: a way to leave all of them out at once, for those allowed."""
    if not (groups and may_settle(visit)):
        return
    language = visit.language
    with st.expander(text("feeds.groups.title", language), icon=":material/block:", key="feeds-groups"):
        st.caption(plain(text("feeds.groups.intro", language)))
        with st.form("feeds-groups-form", border=False):
            st.selectbox(
                text("feeds.groups.which", language), groups, key="feeds-group",
                format_func=lambda group: group.words, filter_mode=None,
            )  # fmt: skip
            st.text_input(text("feeds.groups.reason", language), key="feeds-group-reason", max_chars=LONGEST_REASON)
            st.form_submit_button(
                text("feeds.groups.dismiss", language), icon=":material/block:",
                key="feeds-group-dismiss", on_click=_dismiss_group, args=(visit,),
            )  # fmt: skip


def _dismiss_group(visit: Visit) -> None:
    group: GroupView = st.session_state["feeds-group"]
    try:
        visitors.carry_out(
            visit,
            str(st.session_state["feeds-group-reason"]).strip(),
            lambda session, deed: dismiss_rows(
                session, run=group.run, problem=group.problem, seen=group.count, deed=deed
            ),
        )
    except CampaignError as problem:
        _remember(False, sentence_of(problem, visit.language))
        return
    rows = formats.whole(group.count, visit.language)
    _remember(True, text("feeds.groups.left_out", visit.language, rows=rows, run=str(group.run)))


def _key(row: RowView, place: int) -> str:
    return f"feeds-field-{row.id}-{row.version}-{place}"


def _reason(row: RowView) -> str:
    return str(st.session_state.get(f"feeds-reason-{row.id}", "")).strip()


def _readmit(row: RowView, visit: Visit) -> None:
    language = visit.language
    fields = {field.name: str(st.session_state[_key(row, place)]).strip() for place, field in enumerate(row.fields)}
    reason = _reason(row) or text("feeds.rows.readmitted_reason", language)
    try:
        outcome = readmit(
            open_store(answers.settings()),
            row.id,
            fields={name: value for name, value in fields.items() if value},
            version=row.version,
            deed=visitors.deed_of(visit, reason),
        )
    except CampaignError as problem:
        _remember(False, sentence_of(problem, language))
        return
    _remember(outcome.is_taken_in, readmission_words(outcome, language))


def _dismiss(row: RowView, visit: Visit) -> None:
    try:
        visitors.carry_out(
            visit,
            _reason(row),
            lambda session, deed: dismiss_row(session, row.id, version=row.version, deed=deed),
        )
    except CampaignError as problem:
        _remember(False, sentence_of(problem, visit.language))
        return
    _remember(True, text("feeds.rows.left_out", visit.language, row=str(row.id)))


def _remember(is_done: bool, said: str) -> None:
    st.session_state[SETTLED] = (is_done, said)


def draw_settled() -> None:
    """What came of the last form, once."""
    done: tuple[bool, str] | None = st.session_state.pop(SETTLED, None)
    if done is None:
        return
    if done[0]:
        st.success(plain(done[1]), icon=":material/check_circle:")
    else:
        st.error(plain(done[1]), icon=":material/error:")
