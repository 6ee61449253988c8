"""Tasks as their page, files and other pages show them: chosen by unit and state, told in words, the overdue marked."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import streamlit as st

from jobs.documents.gap_table import Cell, Column, GapTable, Line, as_csv, as_workbook
from models.core import formats
from models.core.texts import text
from models.tasks.queries import CONCLUSION, TaskCounts, TaskRow
from pages.kit import address
from pages.kit.markdown import plain
from pages.kit.page import Visit
from pages.kit.tables import way_to
from pages.meeting import data as meeting_data
from targets.values import Campaign

STATES = ("waiting", "overdue", "soon", "reported", "done", "conclusion", "all")
"""What the list can be narrowed to; the first is where it begins."""
COLUMNS = ("unit", "what", "who", "due", "state", "progress")
LATE, SETTLED, REPORTED, WAITING = "missed", "met", "likely", ""
"""Marks of a row, by the standing whose shape and colour it borrows."""
TaskFile = Literal["xlsx", "csv"]


@dataclass(frozen=True)
class TaskView:
    """A task in words."""

    id: int
    mark: str
    cells: tuple[str, ...]
    """Unit, what, who, due, state, progress."""
    label: str
    """For the list it is chosen from."""


def chosen(rows: Iterable[TaskRow], *, state: str, unit: str | None, today: date) -> list[TaskRow]:
    """The tasks that fit, in the order of their days."""
    ways: dict[str, Callable[[TaskRow], bool]] = {
        "waiting": lambda row: row.is_carried,
        "overdue": lambda row: row.is_overdue(today),
        "soon": lambda row: row.is_due_soon(today),
        "reported": lambda row: row.state == "reported",
        "done": lambda row: row.state == "done",
        "conclusion": lambda row: row.kind == CONCLUSION,
        "all": lambda row: True,
    }
    fits = ways[state]
    return [row for row in rows if unit in (None, row.unit) and fits(row)]


def view(row: TaskRow, *, today: date, language: str) -> TaskView:
    """One task in words."""
    due = "—" if row.due is None else formats.day(row.due, language)
    what = text("tasks.finding", language, finding=row.finding, what=row.what) if row.finding else row.what
    unit = row.unit_name or text("tasks.nobody", language)
    return TaskView(
        id=row.id,
        mark=_mark(row, today),
        cells=(unit, what, row.who or "—", due, state_words(row, today=today, language=language), row.progress or "—"),
        label=text("tasks.label", language, id=row.id, unit=unit, what=row.what, due=due),
    )


def _mark(row: TaskRow, today: date) -> str:
    if row.is_overdue(today):
        return LATE
    return {"done": SETTLED, "reported": REPORTED}.get(row.state, WAITING)


def state_words(row: TaskRow, *, today: date, language: str) -> str:
    """ "đang làm, quá hạn 3 ngày"; what is no task says first that it is a conclusion."""
    said = text(f"task.state.{row.state}", language)
    if row.kind == CONCLUSION:
        is_open = row.state == "open"
        return text("tasks.conclusion", language) if is_open else text("tasks.conclusion_said", language, state=said)
    if row.due is None or not row.is_overdue(today):
        return said
    days = formats.whole((today - row.due).days, language)
    return text("tasks.late", language, state=said, days=days)


def headline(counts: TaskCounts, language: str) -> str:
    """The page in one sentence."""
    reported = formats.whole(counts.reported, language)
    if not counts.waiting:
        key = "only_reported" if counts.reported else "none" if counts.given else "never"
        return text(f"tasks.headline.{key}", language, **({"reported": reported} if counts.reported else {}))
    terms = {
        "waiting": formats.whole(counts.waiting, language),
        "soon": text("tasks.headline.soon", language, count=formats.whole(counts.soon, language))
        if counts.soon
        else "",
    }
    if counts.overdue:
        said = text("tasks.headline.late", language, **terms, overdue=formats.whole(counts.overdue, language))
    else:
        said = text("tasks.headline.on_time", language, **terms)
    return text("tasks.headline.reported", language, said=said, reported=reported) if counts.reported else said


# --- as a file ------------------------------------------------------------------------------------------------------


def task_file(
    rows: Sequence[TaskRow], campaign: Campaign, *, kind: TaskFile, today: date, is_simulated: bool, language: str
) -> bytes:
    """The tasks listed as a workbook or CSV, by level."""
    order = {level.key: place for place, level in enumerate(campaign.levels)}
    names = {level.key: level.name.of(language) for level in campaign.levels}
    placed = sorted(rows, key=lambda row: order.get(row.level, -1))
    table = GapTable(
        language=language,
        title=text("tasks.file.title", language),
        subtitles=(
            campaign.title.of(language),
            text("tasks.file.as_of", language, date=formats.day(today, language)),
        ),
        mark=text("gaps.download.simulated", language) if is_simulated else "",
        mark_title=text("gaps.download_column.mark", language),
        group_title=text("gaps.download_column.group", language),
        columns=(
            Column(text("tasks.column.number", language), "whole"),
            *(
                Column(
                    text(f"tasks.column.{name}", language), "wide" if name in ("unit", "what", "progress") else "text"
                )
                for name in COLUMNS
            ),
            Column(text("tasks.column.document", language), "text"),
        ),
        lines=tuple(
            Line(
                names.get(row.level, text("tasks.nobody", language)),
                _cells(number, row, today=today, language=language),
            )
            for number, row in enumerate(placed, 1)
        ),
        notes=(),
        source=text("tasks.file.source", language),
        sheet=text("tasks.file.sheet", language),
    )
    return as_workbook(table) if kind == "xlsx" else as_csv(table)


def _cells(number: int, row: TaskRow, *, today: date, language: str) -> tuple[Cell, ...]:
    document = " · ".join(part for part in (row.document, row.number) if part)
    return (number, *view(row, today=today, language=language).cells, document)


def draw_overdue(visit: Visit) -> None:
    """One line where something is overdue or due within a week, else nothing.

    And that figures are announced for the next meeting: until when checks may be asked for.
    """
    _draw_announced(visit)
    counts = meeting_data.find_task_counts(visit.situation, None)
    if not counts.overdue and not counts.soon:
        return
    language = visit.language
    query = {"state": "overdue"} if counts.overdue else {}
    icon = ":material/alarm:" if counts.overdue else ":material/event:"
    way = way_to("tasks", address.onward(visit.choices, **query), text("tasks.see", language))
    with st.container(key="overdue-tasks"):
        st.markdown(f"{icon} {plain(headline(counts, language))} {way}")


def _draw_announced(visit: Visit) -> None:
    announced = next((each for each in meeting_data.find_announced(visit.situation) if each.state == "open"), None)
    if announced is None:
        return
    language = visit.language
    said = text(
        "meeting.preview.until",
        language,
        date=formats.short_day(announced.as_of, language),
        deadline=formats.short_day(announced.deadline, language),
    )
    way = way_to("meeting", address.onward(visit.choices), text("page.meeting", language))
    with st.container(key="announced-figures"):
        st.markdown(f":material/campaign: {plain(said)} {way}")
