"""Nhiệm vụ: what was concluded and given, by day, unit and state; units report, the office confirms."""

from functools import partial

import pandas as pd
import streamlit as st

from models.core.texts import text
from models.tasks.queries import TaskRow
from pages.charts.layout import FILTER_WIDTH, SEARCH_WIDTH
from pages.kit import address, answers
from pages.kit.address import Asking, Choices
from pages.kit.downloads import draw_download
from pages.kit.markdown import coloured, plain
from pages.kit.page import Page, Visit
from pages.kit.tables import way_to
from pages.meeting import data as meeting_data
from pages.tasks.forms import draw_giving, draw_task
from pages.tasks.view import COLUMNS, STATES, TaskFile, chosen, headline, task_file, view

FILES: tuple[tuple[TaskFile, str], ...] = (
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("csv", "text/csv"),
)
SHOWN = 60
"""Tasks in the table; the file has them all."""
WHOSE = ("all",)
"""Of whom tasks are shown: a unit's head begins with the own ones."""
STATE, UNIT, TASK = "tasks-state", "tasks-unit", "tasks-task"
NO_BREAK = "\N{NO-BREAK SPACE}"


def draw(visit: Visit) -> None:
    """The sentence, the filters of the address, the list, the task that is looked at, and a new one.

    Whoever heads a unit begins with the tasks of that unit and those below it; the others are one click away.
    """
    query, language, today = address.current_query(), visit.language, visit.situation.today
    choices, asking = visit.choices, Asking(query, language)
    state = asking.one_of("state", STATES) or STATES[0]
    readable = visit.actor.readable
    begins_at_own = visit.actor.role == "unit_head" and readable is None and choices.unit is None
    whose = asking.one_of("whose", WHOSE)
    is_own = begins_at_own and whose is None
    shown = {choices.unit} if choices.unit else visit.actor.branch if is_own else readable
    rows = [row for row in meeting_data.find_tasks(visit.situation) if readable is None or row.unit in readable]
    found = [row for row in chosen(rows, state=state, unit=None, today=today) if shown is None or row.unit in shown]
    units = None if shown is None else tuple(sorted(shown))
    counts = meeting_data.find_task_counts(visit.situation, units)
    asked = query.get("task")
    task = next((row for row in rows if str(row.id) == asked), None)
    if asked and task is None:
        asking.leave_out("task", text("tasks.no_such", language, look=text("tasks.look", language)))
    visit.ignored.extend(asking.ignored)

    st.title(text("page.tasks", language), anchor=False)
    st.header(plain(headline(counts, language)), anchor=False)
    _draw_filters(choices, state, visit)
    if begins_at_own:
        query = address.onward(choices, **({"whose": WHOSE[0]} if is_own else {}))
        way = way_to("tasks", query, text(f"tasks.whose.{'all' if is_own else 'own'}", language))
        st.caption(f"{plain(text('tasks.whose.shown', language))} {way}" if is_own else way)
    _draw_list(found, visit)
    _draw_files(found, state, visit)
    _draw_choice(found, task, visit)
    if task is not None:
        draw_task(task, visit)
    draw_giving(visit, choices.unit)


def _draw_filters(choices: Choices, state: str, visit: Visit) -> None:
    language = visit.language
    st.session_state[STATE], st.session_state[UNIT] = state, choices.unit
    names = {
        unit.code: unit.label if unit.code == choices.unit else unit.words
        for unit in answers.find_findables(visit.situation, language)
    }
    readable = visit.actor.readable
    codes = [code for code in names if readable is None or code in readable]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="tasks-filters"):
        st.segmented_control(
            text("tasks.filter.state", language), STATES, key=STATE, required=True, on_change=_choose,
            args=("state", STATE), format_func=lambda name: text(f"tasks.state.{name}", language),
        )  # fmt: skip
        st.selectbox(
            text("tasks.column.unit", language), codes, index=None, key=UNIT, on_change=_choose, args=("unit", UNIT),
            format_func=names.__getitem__, placeholder=text("tasks.filter.all", language), width=SEARCH_WIDTH,
        )  # fmt: skip


def _choose(name: str, key: str) -> None:
    chosen_value = st.session_state[key]
    address.choose(name, None if chosen_value == STATES[0] else chosen_value)


def _draw_list(found: list[TaskRow], visit: Visit) -> None:
    language, today = visit.language, visit.situation.today
    if not found:
        st.caption(plain(text("tasks.empty", language)))
        return
    views = [view(row, today=today, language=language) for row in found[:SHOWN]]
    cells = []
    for row in views:
        unit, *rest = row.cells
        mark = f"{coloured(row.mark, visit.theme)}{NO_BREAK}" if row.mark else ""
        cells.append([f"{mark}{plain(unit)}", *map(plain, rest)])
    frame = pd.DataFrame(cells, columns=[plain(text(f"tasks.column.{name}", language)) for name in COLUMNS])
    with st.container(key="tasks-stacked"):
        st.table(frame, border="horizontal", hide_index=True, alt=text("page.tasks", language))
    if len(found) > SHOWN:
        st.caption(plain(text("tasks.more", language, shown=SHOWN, count=len(found))))


def _draw_files(found: list[TaskRow], state: str, visit: Visit) -> None:
    if not found:
        return
    language, situation = visit.language, visit.situation
    with st.container(horizontal=True, gap="small", key="tasks-files"):
        for kind, mime in FILES:
            draw_download(
                text(f"tasks.file.as_{kind}", language),
                partial(
                    task_file, found, answers.find_campaign(situation), kind=kind, today=situation.today,
                    is_simulated=situation.simulated, language=language,
                ),
                visit=visit,
                subject="tasks",
                file_name=f"{text('tasks.file.name', language)}_{situation.today.isoformat()}.{kind}",
                mime=mime,
                key=f"tasks-{kind}",
                narrowed={"state": state},
            )  # fmt: skip


def _draw_choice(found: list[TaskRow], task: TaskRow | None, visit: Visit) -> None:
    """Which task is looked at: of those listed, and the one of the address."""
    language, today = visit.language, visit.situation.today
    rows = found if task is None or task in found else [task, *found]
    if not rows:
        return
    labels = {str(row.id): view(row, today=today, language=language).label for row in rows}
    st.session_state[TASK] = None if task is None else str(task.id)
    st.selectbox(
        text("tasks.look", language), list(labels), index=None, key=TASK, format_func=labels.__getitem__,
        on_change=_choose, args=("task", TASK), placeholder=text("tasks.look_hint", language),
        width=SEARCH_WIDTH + FILTER_WIDTH,
    )  # fmt: skip


PAGE = Page(key="tasks", address="tasks", draw=draw, keeps_to_branch=True)
