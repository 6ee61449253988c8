"""The forms on a task: its unit reports, the office confirms, sends back, moves or withdraws; a new one is given."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import streamlit as st

from models.core import formats
from models.core.texts import text
from models.readings.records import TaskRecord
from models.targets.registrations import check_said
from models.tasks.actions import confirm_task, give_task, move_task, report_on_task, withdraw_task
from models.tasks.evidence import KINDS, LARGEST, Evidence, find_evidence
from models.tasks.queries import Report, TaskRow
from pages.kit import answers, visitors
from pages.kit import forms as kit_forms
from pages.kit.downloads import draw_download
from pages.kit.forms import FIELD_WIDTH, Form, day_field, form_of, long_field, text_field
from pages.kit.markdown import plain
from pages.kit.page import Situation, Visit
from pages.kit.sentences import person
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
                by=person(report.by, language, names),
                moment=formats.moment(report.at, language),
                progress=report.progress,
            )
            more = text("tasks.report.seen", language, evidence=report.evidence) if report.evidence else ""
            st.markdown(f"- {plain(said)}  \n  {plain(more)}" if more else f"- {plain(said)}")
            if report.file and row.unit is not None and may(visit.actor, Permission.READ_STORY, unit=row.unit):
                _draw_file(report, row.unit, visit)
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
        kit_forms.show(form_of("decide", str(row.id)).place)
        if not row.is_waiting:
            return
        if row.unit is not None and may(visit.actor, Permission.REPORT_TASK, unit=row.unit):
            _draw_report(row, visit)
        if may(visit.actor, Permission.CONCLUDE):
            _draw_decide(row, visit, today)


def _draw_file(report: Report, unit: str, visit: Visit) -> None:
    """The way to a report's file, for those who may see what was done about the unit."""
    size = formats.decimal(max(0.1, report.file_size / 1024**2), visit.language)
    draw_download(
        plain(text("tasks.report.file_of", visit.language, name=report.file, size=size)),
        partial(_file, visit.situation, report.id),
        visit=visit,
        subject="evidence",
        file_name=report.file,
        mime=KINDS[report.file_kind],
        key=f"evidence-{report.id}",
        permission=Permission.READ_STORY,
        unit=unit,
        narrowed={"unit": unit},
        is_quiet=True,
    )


def _file(situation: Situation, report: int) -> bytes:
    with answers.store(situation).reading() as session:
        return find_evidence(session, report).content


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


def _button(form: Form, name: str, visit: Visit, change: Callable[[], str]) -> None:
    st.form_submit_button(
        text(f"tasks.{name}", visit.language), key=form.key(name), on_click=kit_forms.send,
        args=(form, visit.language, change),
    )  # fmt: skip


def _draw_report(row: TaskRow, visit: Visit) -> None:
    language, form = visit.language, form_of("report", str(row.id))
    kit_forms.show(form.place)
    with st.form(form.key("form"), border=False, enter_to_submit=False):
        long_field(form, "progress", text("tasks.report.progress", language))
        text_field(form, "evidence", text("tasks.report.evidence", language))
        largest = formats.whole(LARGEST // 1024**2, language)
        kinds = ", ".join(kind.upper() for kind in KINDS)
        st.file_uploader(
            text("tasks.report.file", language, kinds=kinds, largest=largest), key=form.key("file"),
            type=[*KINDS, "jpeg"], max_upload_size=LARGEST // 1024**2,
        )  # fmt: skip
        with st.container(horizontal=True, gap="small"):
            _button(form, "send_report", visit, partial(_report, form, row, visit, is_done=False))
            _button(form, "send_done", visit, partial(_report, form, row, visit, is_done=True))


def _report(form: Form, row: TaskRow, visit: Visit, *, is_done: bool) -> str:
    file = None
    if (slip := form.field("file")) is not None:
        with kit_forms.handed_in(slip.getvalue()) as path, path.open("rb") as opened:
            file = Evidence(path.name, opened.read(LARGEST + 1))
    visitors.carry_out(
        visit,
        "report on a task",
        lambda session, context: report_on_task(
            session,
            row.id,
            progress=form.words("progress"),
            evidence=form.words("evidence"),
            file=file,
            is_done=is_done,
            seen_version=row.version,
            context=context,
        ),
    )
    return text("tasks.reported", visit.language)


def _draw_decide(row: TaskRow, visit: Visit, today: date) -> None:
    language, form = visit.language, form_of("decide", str(row.id))
    with (
        st.expander(text("tasks.decide", language), key="task-decide"),
        st.form(form.key("form"), border=False, enter_to_submit=False),
    ):
        with st.grid(3, min_column_width=FIELD_WIDTH, gap="small"):
            text_field(form, "reason", text("tasks.reason", language))
            day_field(form, "due", text("tasks.new_due", language), max(row.due or today, today) + WEEK)
            text_field(form, "who", text("tasks.new_who", language), row.who)
        with st.container(horizontal=True, gap="small"):
            for name in ("confirm", "send_back", "move", "withdraw"):
                _button(form, name, visit, partial(_decide, form, row, visit, name))


def _decide(form: Form, row: TaskRow, visit: Visit, name: str) -> str:
    seen = {"seen_version": row.version}
    due = form.day("due", text("tasks.new_due", visit.language)) if name == "move" else visit.situation.today
    who = form.words("who") or row.who
    changes = {
        "confirm": lambda session, context: confirm_task(session, row.id, is_done=True, **seen, context=context),
        "send_back": lambda session, context: confirm_task(session, row.id, is_done=False, **seen, context=context),
        "move": lambda session, context: move_task(session, row.id, due=due, who=who, **seen, context=context),
        "withdraw": lambda session, context: withdraw_task(session, row.id, **seen, context=context),
    }
    visitors.carry_out(visit, form.words("reason"), changes[name])
    return text("tasks.decision_done", visit.language)


def draw_giving(visit: Visit, unit: str | None) -> None:
    """A new task, or an inspection's finding with what follows from it."""
    if not may(visit.actor, Permission.CONCLUDE):
        return
    language, form = visit.language, form_of("task", "new")
    names = {each.code: each.label for each in answers.find_findables(visit.situation, language)}
    with st.expander(text("tasks.give.title", language), key="task-give"):
        kit_forms.show(form.place)
        with st.form(form.key("form"), border=False, enter_to_submit=False):
            with st.grid(3, min_column_width=FIELD_WIDTH, gap="small"):
                st.selectbox(
                    text("tasks.column.unit", language), list(names), key=form.key("unit"),
                    index=list(names).index(unit) if unit in names else None, format_func=names.__getitem__,
                    placeholder=text("tasks.give.choose", language),
                )  # fmt: skip
                text_field(form, "who", text("tasks.column.who", language))
                day_field(form, "due", text("tasks.column.due", language), visit.situation.today + WEEK)
            long_field(form, "what", text("tasks.column.what", language))
            with st.grid(2, min_column_width=FIELD_WIDTH, gap="small"):
                text_field(form, "finding", text("tasks.give.finding", language))
                text_field(form, "document", text("tasks.column.document", language))
            _button(form, "give_send", visit, partial(_give, form, visit))


def _give(form: Form, visit: Visit) -> str:
    reported = TaskRecord(
        unit=check_said(form.words("unit"), "no_task_unit", "Choose the unit that is to do it."),
        what=form.words("what"),
        who=form.words("who"),
        due=form.day("due", text("tasks.column.due", visit.language)),
        finding=form.words("finding"),
        document=form.words("document"),
    )
    visitors.carry_out(
        visit,
        "give a task",
        lambda session, context: give_task(session, reported, context=context),
        document=reported.document,
    )
    return text("meeting.record.given", visit.language)
