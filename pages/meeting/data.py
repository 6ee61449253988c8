"""What a meeting looks at, kept until the store changes: snapshots, the slides of each, announcements, tasks."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from jobs.slides.deck import foot, slide, titles
from jobs.slides.meeting_data import MeetingData, load_meeting_data
from jobs.slides.values import Slide
from models.core.store import open_store
from models.meetings import snapshots as meetings_snapshots
from models.meetings.agendas import possible_slides
from models.meetings.snapshots import Announced, Difference, SnapshotHead
from models.tasks import queries as tasks_queries
from models.tasks.queries import TaskCounts, TaskRow
from pages.kit import answers
from pages.kit.page import Situation


def find_snapshots(situation: Situation) -> tuple[SnapshotHead, ...]:
    """Every snapshot, the newest first."""
    return _snapshots(situation.database, situation.data_version)


def find_scene(situation: Situation, snapshot: int) -> MeetingData:
    """A snapshot set out for its slides. Raises UnknownName."""
    return _meeting(situation.database, situation.data_version, snapshot)


def find_slide(situation: Situation, snapshot: int, key: str, language: str) -> Slide:
    """One slide of a snapshot. Raises UnknownName."""
    return _slide(situation.database, situation.data_version, snapshot, key, language)


def find_foot(situation: Situation, snapshot: int, language: str) -> str:
    """The line at the foot of each slide of a snapshot."""
    return foot(find_scene(situation, snapshot), language)


def find_titles(situation: Situation, snapshot: int, language: str) -> Mapping[str, str]:
    """What each slide that the meeting could have is about."""
    return _titles(situation.database, situation.data_version, snapshot, language)


def find_revisions(situation: Situation, snapshot: int) -> tuple[Difference, ...]:
    """What has been told otherwise since a snapshot was frozen."""
    return _revisions(situation.database, situation.data_version, snapshot)


def find_announced(situation: Situation) -> tuple[Announced, ...]:
    """Every announcement, the newest first."""
    return _announced(situation.database, situation.data_version)


def find_tasks(situation: Situation) -> tuple[TaskRow, ...]:
    """Every task, conclusion and finding, the earliest day first."""
    return _tasks(situation.database, situation.data_version)


def find_task_counts(situation: Situation, units: tuple[str, ...] | None = None) -> TaskCounts:
    """How many tasks wait today and how many are overdue: of some units, or of everybody."""
    return _task_counts(situation.database, situation.data_version, situation.today, units)


@st.cache_data(max_entries=20, show_spinner=False)
def _snapshots(database: str, data_version: int) -> tuple[SnapshotHead, ...]:
    with open_store(answers.settings()).reading() as session:
        return tuple(meetings_snapshots.find_snapshots(session))


@st.cache_resource(max_entries=6, show_spinner=False)
def _meeting(database: str, data_version: int, snapshot: int) -> MeetingData:
    with open_store(answers.settings()).reading() as session:
        return load_meeting_data(session, snapshot)


@st.cache_data(max_entries=300, show_spinner=False)
def _slide(database: str, data_version: int, snapshot: int, key: str, language: str) -> Slide:
    return slide(_meeting(database, data_version, snapshot), key, language)


@st.cache_data(max_entries=20, show_spinner=False)
def _titles(database: str, data_version: int, snapshot: int, language: str) -> dict[str, str]:
    meeting = _meeting(database, data_version, snapshot)
    return titles(meeting, possible_slides(meeting.campaign), language)


@st.cache_data(max_entries=20, show_spinner=False)
def _revisions(database: str, data_version: int, snapshot: int) -> tuple[Difference, ...]:
    with open_store(answers.settings()).reading() as session:
        return tuple(meetings_snapshots.find_revisions(session, snapshot))


@st.cache_data(max_entries=20, show_spinner=False)
def _announced(database: str, data_version: int) -> tuple[Announced, ...]:
    with open_store(answers.settings()).reading() as session:
        return tuple(meetings_snapshots.find_announced(session))


@st.cache_data(max_entries=20, show_spinner=False)
def _tasks(database: str, data_version: int) -> tuple[TaskRow, ...]:
    with open_store(answers.settings()).reading() as session:
        return tuple(tasks_queries.find_tasks(session))


@st.cache_data(max_entries=200, show_spinner=False)
def _task_counts(database: str, data_version: int, today: date, units: tuple[str, ...] | None) -> TaskCounts:
    with open_store(answers.settings()).reading() as session:
        return tasks_queries.find_task_counts(session, today=today, units=units)
