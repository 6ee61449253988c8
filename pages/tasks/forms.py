"""The forms on a task: its unit reports, the office confirms, sends back, moves or withdraws; a new one is given."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import streamlit as st

from models.core import formats
from models.core.texts import text
from models.targets.registrations import check_said
from models.tasks.actions import Assignment, confirm_task, give_task, move_task, report_on_task, withdraw_task
from models.tasks.queries import TaskRow
from pages.kit import answers, visitors
from pages.kit import forms as kit_forms
from pages.kit.forms import FIELD_WIDTH, Desk, day_field, desk_of, long_field, text_field
from pages.kit.markdown import plain
from pages.kit.page import Visit
from pages.unit import requests as unit_requests
from targets.permissions import Permission, may

WEEK = timedelta(days=7)


def draw_task(row: TaskRow, visit: Visit) -> None:
    """Everything said about a task, and the forms of those who may."""
    language, today = visit.language, visit.situation.today
    names = unit_requests.find_names(visit.situation)
    with st.container(border=True, key="task", gap="small"):
        st.header(plain(row.what), anchor=False)
        for line in _facts(row, language):
            st.markdown(plain(line))
        for report in row.reports:
            said = text(
                "tasks.report.told",
                language,
                by=names.get(report.by, report.by),
                moment=formats.moment(report.at, language),
                progress=report.progress,
            )
            more = text("tasks.report.seen", language, evidence=report.evidence) if report.evidence else ""
            st.markdown(f"- {plain(said)}  \n  {plain(more)}" if more else f"- {plain(said)}")
        if row.decided_by is not None and row.decided_at is not None:
            st.caption(
                plain(
                    text(
                        "tasks.decided",
                        language,
                        by=names.get(row.decided_by, row.decided_by),
                        moment=formats.moment(row.decided_at, language),
                        reason=row.decided_reason or "—",
                    )
                )
            )
        if not row.is_waiting:
            return
        if row.unit is not None and may(visit.actor, Permission.REPORT_TASK, unit=row.unit):
            _draw_report(row, visit)
        if may(visit.actor, Permission.CONCLUDE):
            _draw_decide(row, visit, today)


def _facts(row: TaskRow, language: str) -> list[str]:
    facts = [
        (row.unit_name, "unit"),
        (row.finding, "finding"),
        (row.who, "who"),
        ("" if row.due is None else formats.day(row.due, language), "due"),
        (" · ".join(part for part in (row.document, row.number) if part), "document"),
        (row.snapshot_title, "meeting"),
    ]
    return [text(f"tasks.fact.{name}", language, said=said) for said, name in facts if said]


def _button(desk: Desk, name: str, visit: Visit, change: Callable[[], str]) -> None:
    st.form_submit_button(
        text(f"tasks.{name}", visit.language), key=desk.key(name), on_click=kit_forms.send,
        args=(desk, visit.language, change),
    )  # fmt: skip


def _draw_report(row: TaskRow, visit: Visit) -> None:
    language, desk = visit.language, desk_of("report", str(row.id))
    kit_forms.draw_said(desk)
    with st.form(desk.key("form"), border=False, enter_to_submit=False):
        long_field(desk, "progress", text("tasks.report.progress", language))
        text_field(desk, "evidence", text("tasks.report.evidence", language))
        with st.container(horizontal=True, gap="small"):
            _button(desk, "send_report", visit, partial(_report, desk, row, visit, is_done=False))
            _button(desk, "send_done", visit, partial(_report, desk, row, visit, is_done=True))


def _report(desk: Desk, row: TaskRow, visit: Visit, *, is_done: bool) -> str:
    visitors.carry_out(
        visit,
        "report on a task",
        lambda session, deed: report_on_task(
            session,
            row.id,
            progress=desk.words("progress"),
            evidence=desk.words("evidence"),
            is_done=is_done,
            seen_version=row.version,
            deed=deed,
        ),
    )
    return text("tasks.reported", visit.language)


def _draw_decide(row: TaskRow, visit: Visit, today: date) -> None:
    language, desk = visit.language, desk_of("decide", str(row.id))
    with st.expander(text("tasks.decide", language), key="task-decide"):
        kit_forms.draw_said(desk)
        with st.form(desk.key("form"), border=False, enter_to_submit=False):
            with st.grid(3, min_column_width=FIELD_WIDTH, gap="small"):
                text_field(desk, "reason", text("tasks.reason", language))
                day_field(desk, "due", text("tasks.new_due", language), max(row.due or today, today) + WEEK)
                text_field(desk, "who", text("tasks.new_who", language), row.who)
            with st.container(horizontal=True, gap="small"):
                for name in ("confirm", "send_back", "move", "withdraw"):
                    _button(desk, name, visit, partial(_decide, desk, row, visit, name))


def _decide(desk: Desk, row: TaskRow, visit: Visit, name: str) -> str:
    seen = {"seen_version": row.version}
    due = desk.day("due", text("tasks.new_due", visit.language)) if name == "move" else visit.situation.today
    who = desk.words("who") or row.who
    changes = {
        "confirm": lambda session, deed: confirm_task(session, row.id, is_done=True, **seen, deed=deed),
        "send_back": lambda session, deed: confirm_task(session, row.id, is_done=False, **seen, deed=deed),
        "move": lambda session, deed: move_task(session, row.id, due=due, who=who, **seen, deed=deed),
        "withdraw": lambda session, deed: withdraw_task(session, row.id, **seen, deed=deed),
    }
    visitors.carry_out(visit, desk.words("reason"), changes[name])
    return text("tasks.decision_done", visit.language)


def draw_giving(visit: Visit, unit: str | None) -> None:
    """A new task, or an inspection's finding with what follows from it."""
    if not may(visit.actor, Permission.CONCLUDE):
        return
    language, desk = visit.language, desk_of("task", "new")
    names = {each.code: each.label for each in answers.find_findables(visit.situation, language)}
    with st.expander(text("tasks.give.title", language), key="task-give"):
        kit_forms.draw_said(desk)
        with st.form(desk.key("form"), border=False, enter_to_submit=False):
            with st.grid(3, min_column_width=FIELD_WIDTH, gap="small"):
                st.selectbox(
                    text("tasks.column.unit", language), list(names), key=desk.key("unit"),
                    index=list(names).index(unit) if unit in names else None, format_func=names.__getitem__,
                    placeholder=text("tasks.give.choose", language),
                )  # fmt: skip
                text_field(desk, "who", text("tasks.column.who", language))
                day_field(desk, "due", text("tasks.column.due", language), visit.situation.today + WEEK)
            long_field(desk, "what", text("tasks.column.what", language))
            with st.grid(2, min_column_width=FIELD_WIDTH, gap="small"):
                text_field(desk, "finding", text("tasks.give.finding", language))
                text_field(desk, "document", text("tasks.column.document", language))
            _button(desk, "give_send", visit, partial(_give, desk, visit))


def _give(desk: Desk, visit: Visit) -> str:
    told = Assignment(
        unit=check_said(desk.words("unit"), "no_task_unit", "Choose the unit that is to do it."),
        what=desk.words("what"),
        who=desk.words("who"),
        due=desk.day("due", text("tasks.column.due", visit.language)),
        finding=desk.words("finding"),
        document=desk.words("document"),
    )
    visitors.carry_out(
        visit, "give a task", lambda session, deed: give_task(session, told, deed=deed), document=told.document
    )
    return text("meeting.record.given", visit.language)
