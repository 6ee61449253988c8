"""Rows in quarantine: what was told, what is wrong with it, and the forms in which one is mended or left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from jobs.imports.problems import Notice, sentence
from jobs.imports.records.raw_rows import BETWEEN
from jobs.imports.tables.headers import Headings
from jobs.intake.readmit import readmission_words, readmit
from jobs.intake.waiting_files import file_words, read_again
from models.core import formats
from models.core.texts import sentence_of, text
from models.feeds.files import settle_files
from models.feeds.queries import RunRow
from models.readings.quarantine import QuarantinedRow, WaitingGroup
from models.readings.settling import dismiss_row, dismiss_rows
from pages.charts.layout import FILTER_WIDTH
from pages.feeds.choices import Screen
from pages.feeds.view import shown_of, source_name
from pages.kit import answers, visitors
from pages.kit.forms import carry_out, say
from pages.kit.markdown import plain
from pages.kit.page import Visit
from targets.errors import CampaignError
from targets.permissions import Permission, may
from targets.values import Campaign

ROWS = 5
GROUP = 2
"""Rows from which on a group may be dismissed at once."""
GROUPS = 50
"""Groups that are named at most."""
"""Rows on one screen: each is a form."""
DATED = ("readings", "scores")
"""Kinds whose rows are about a day; a file may name it in its title, which the row alone does not know."""
SOURCE_ROW = "source_row"
"""Where a pulled row keeps what its source said: to be looked at, not to be mended."""


@dataclass(frozen=True)
class FieldView:
    """One cell of a row; `is_wrong` is the one that was refused."""

    name: str
    value: str
    is_wrong: bool


@dataclass(frozen=True)
class RowView:
    """One row that waits."""

    id: int
    version: int
    title: str
    problem: str
    origin: str
    """From which source and file it came, and when."""
    fields: tuple[FieldView, ...]
    source_row: str
    """What the source itself said; empty for rows of files."""


@dataclass(frozen=True)
class GroupView:
    """Rows of one load with one problem, which may be dismissed at once."""

    run: int
    problem: str
    count: int
    words: str


@dataclass(frozen=True)
class FileView:
    """A dropped file that waits for somebody; `words` say which and why."""

    run: int
    words: str


@dataclass(frozen=True)
class QuarantineView:
    """One screen of rows that wait, and what was settled last."""

    title: str
    intro: str
    rows: tuple[RowView, ...]
    shown: str
    screen: Screen
    settled: tuple[str, ...]
    groups: tuple[GroupView, ...] = ()
    files: tuple[FileView, ...] = ()


def quarantine_view(
    campaign: Campaign,
    rows: Sequence[QuarantinedRow],
    settled: Sequence[QuarantinedRow],
    screen: Screen,
    language: str,
    groups: Sequence[WaitingGroup] = (),
    files: Sequence[RunRow] = (),
) -> QuarantineView:
    return QuarantineView(
        title=text("feeds.rows.title", language),
        intro=text("feeds.rows.intro", language) if rows else "",
        rows=tuple(_row(row, campaign, language) for row in rows),
        shown=shown_of("rows", screen, len(rows), language),
        screen=screen,
        settled=tuple(_settled(row, language) for row in settled),
        groups=tuple(_group(group, campaign, language) for group in groups),
        files=tuple(FileView(file.id, file_words(file, language)) for file in files),
    )


def _group(group: WaitingGroup, campaign: Campaign, language: str) -> GroupView:
    first = group.first
    words = text(
        "feeds.groups.group",
        language,
        rows=formats.whole(group.count, language),
        source=source_name(first.source, campaign, language),
        file=first.file or "–",
        at=formats.moment(first.received_at, language),
        problem=problem_words(first, language),
    )
    return GroupView(group.run, group.problem, group.count, words)


def problem_words(row: QuarantinedRow, language: str) -> str:
    """What is wrong with a row and what to write instead."""
    notice = Notice("problem", row.problem, row.terms)
    return sentence(notice, language, place=row.place, field=row.field, value=row.value)


def _row(row: QuarantinedRow, campaign: Campaign, language: str) -> RowView:
    known = {name: str(value) for name, value in row.raw.items() if name != SOURCE_ROW}
    if row.field:
        known.setdefault(row.field, row.value)
    if row.kind in DATED and not _says_day(known, campaign):
        known[text("feeds.rows.day", language)] = "" if row.for_date is None else formats.day(row.for_date, language)
    return RowView(
        id=row.id,
        version=row.version,
        title=text("feeds.rows.row", language, row=formats.whole(row.id, language)),
        problem=problem_words(row, language),
        origin=text(
            "feeds.rows.origin",
            language,
            source=source_name(row.source, campaign, language),
            file=row.file or "–",
            at=formats.moment(row.received_at, language),
        ),
        fields=tuple(FieldView(name, value, name == row.field) for name, value in known.items()),
        source_row=str(row.raw.get(SOURCE_ROW, "")),
    )


def _says_day(names: Iterable[str], campaign: Campaign) -> bool:
    """Whether one of the columns is the day of the figures."""
    headings = Headings(campaign)
    columns = (headings.column(0, name.split(BETWEEN)) for name in names)
    return any(column is not None and column.role == "as_of" for column in columns)


def _settled(row: QuarantinedRow, language: str) -> str:
    return text(
        f"feeds.rows.{row.state}",
        language,
        row=formats.whole(row.id, language),
        by=row.settled_by or "–",
        at="–" if row.settled_at is None else formats.moment(row.settled_at, language),
        **({"run": str(row.settled_run)} if row.state == "superseded" else {"reason": row.settled_reason or "–"}),
    )


SETTLED = "feeds-rows"
"""What came of the visitor's last form: said once."""
LONGEST = 2_000
LONGEST_REASON = 300


def may_settle(visit: Visit) -> bool:
    """Whether who looks may settle rows; the check that counts is made by the action in `models`."""
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


def draw_files(files: Sequence[FileView], visit: Visit) -> None:
    """Dropped files that wait, each with its reason; for those allowed the way to read them again or leave them out."""
    if not files:
        return
    language = visit.language
    with st.container(border=True, key="feeds-files"):
        st.markdown(f"**{plain(text('feeds.files.title', language))}**")
        st.markdown("\n".join(f"- {plain(file.words)}" for file in files))
        if not may_settle(visit):
            return
        words = {file.run: file.words for file in files}
        with st.form("feeds-files-form", border=False):
            st.multiselect(
                text("feeds.files.which", language), list(words), default=list(words), key="feeds-files-chosen",
                format_func=words.__getitem__,
            )  # fmt: skip
            st.text_input(text("feeds.files.reason", language), key="feeds-files-reason", max_chars=LONGEST_REASON)
            with st.container(horizontal=True, gap="small"):
                st.form_submit_button(
                    text("feeds.files.read_again", language), icon=":material/replay:", type="primary",
                    key="feeds-files-again", on_click=_read_again, args=(visit,),
                )  # fmt: skip
                st.form_submit_button(
                    text("feeds.files.dismiss", language), icon=":material/block:",
                    key="feeds-files-dismiss", on_click=_dismiss_files, args=(visit,),
                )  # fmt: skip


def _read_again(visit: Visit) -> None:
    """One file after the other; what is still refused is said, and the rest is taken in all the same."""
    language = visit.language
    reason = str(st.session_state["feeds-files-reason"]).strip() or text("feeds.files.again_reason", language)
    said, is_done = [], True
    for run in sorted(st.session_state["feeds-files-chosen"]):
        try:
            report = read_again(answers.store(visit.situation), run, context=visitors.context_of(visit, reason))
            said.append(f"{report.file}: {report.summary(language)}")
        except CampaignError as problem:
            said.append(sentence_of(problem, language))
            is_done = False
    say(SETTLED, text("feeds.files.read", language), is_done=is_done, lines=said)


def _dismiss_files(visit: Visit) -> None:
    chosen: list[int] = st.session_state["feeds-files-chosen"]

    def change(session: Any, context: Any) -> str:
        settle_files(session, chosen, context=context)
        return text("feeds.files.left_out", visit.language, files=formats.whole(len(chosen), visit.language))

    carry_out(visit, SETTLED, str(st.session_state["feeds-files-reason"]).strip(), change)


def _dismiss_group(visit: Visit) -> None:
    group: GroupView = st.session_state["feeds-group"]

    def change(session: Any, context: Any) -> str:
        dismiss_rows(session, run=group.run, problem=group.problem, seen=group.count, context=context)
        rows = formats.whole(group.count, visit.language)
        return text("feeds.groups.left_out", visit.language, rows=rows, run=str(group.run))

    carry_out(visit, SETTLED, str(st.session_state["feeds-group-reason"]).strip(), change)


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
            answers.store(visit.situation),
            row.id,
            fields={name: value for name, value in fields.items() if value},
            version=row.version,
            context=visitors.context_of(visit, reason),
        )
    except CampaignError as problem:
        say(SETTLED, sentence_of(problem, language), is_done=False)
        return
    say(SETTLED, readmission_words(outcome, language), is_done=outcome.is_taken_in)


def _dismiss(row: RowView, visit: Visit) -> None:
    def change(session: Any, context: Any) -> str:
        dismiss_row(session, row.id, version=row.version, context=context)
        return text("feeds.rows.left_out", visit.language, row=str(row.id))

    carry_out(visit, SETTLED, _reason(row), change)
