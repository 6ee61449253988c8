"""Answers for the pages of progress and of official scores, kept until the store changes."""

from datetime import date

import streamlit as st

from jobs.backtest_record import Record, read_record
from models.analysis.courses import Courses, find_courses
from models.analysis.group_courses import find_group_courses
from models.analysis.signals import find_signals
from models.core.store import open_store
from models.results.scores import ScoreRow, ScoreSet, find_score_rows, find_score_sets
from pages.kit import answers
from pages.kit.page import Situation
from pages.progress.view import ProgressView, WatchView, progress_view, watch_view
from targets.values import Campaign


def find_progress(
    situation: Situation, *, unit: str | None, level: str | None, as_of: date, phase: str | None
) -> Courses:
    """The courses of a unit, or of a level where no unit is named."""
    return _courses(situation.database, situation.data_version, unit, level, as_of, phase)


def find_progress_view(situation: Situation, courses: Courses, indicator: str | None, language: str) -> ProgressView:
    """The courses as their page draws them."""
    return _view(
        situation.database, situation.data_version, courses.unit, courses.level, courses.as_of, courses.phase.key,
        indicator, situation.simulated, language, courses,
    )  # fmt: skip


def find_watch(situation: Situation, *, as_of: date, language: str) -> WatchView:
    """The coordinator's signals of a day."""
    campaign = answers.find_campaign(situation)
    return _watch(situation.database, situation.data_version, as_of, language, campaign)


def find_sets(situation: Situation, *, as_of: date) -> list[ScoreSet]:
    """Which official scores there are, the newest first."""
    return _sets(situation.database, situation.data_version, as_of)


def find_rows(situation: Situation, key: str, *, as_of: date) -> list[ScoreRow]:
    """The units of one set of scores."""
    return _rows(situation.database, situation.data_version, key, as_of)


def find_record() -> Record | None:
    """What the last back-test found; the same for every store, and small."""
    return read_record()


@st.cache_data(max_entries=300, show_spinner=False)
def _courses(
    database: str, data_version: int, unit: str | None, level: str | None, as_of: date, phase: str | None
) -> Courses:
    with open_store(answers.settings()).reading() as session:
        if unit is None and level is not None:
            return find_group_courses(session, level=level, as_of=as_of, phase=phase)
        return find_courses(session, unit=unit or "", as_of=as_of, phase=phase)


@st.cache_data(max_entries=500, show_spinner=False)
def _view(
    database: str,
    data_version: int,
    unit: str | None,
    level: str,
    as_of: date,
    phase: str,
    indicator: str | None,
    simulated: bool,
    language: str,
    _courses: Courses,
) -> ProgressView:
    return progress_view(_courses, indicator, simulated=simulated, language=language)


@st.cache_data(max_entries=100, show_spinner=False)
def _watch(database: str, data_version: int, as_of: date, language: str, _campaign: Campaign) -> WatchView:
    with open_store(answers.settings()).reading() as session:
        watch = find_signals(session, as_of=as_of)
    return watch_view(watch, _campaign, language)


@st.cache_data(max_entries=50, show_spinner=False)
def _sets(database: str, data_version: int, as_of: date) -> list[ScoreSet]:
    with open_store(answers.settings()).reading() as session:
        return find_score_sets(session, as_of=as_of)


@st.cache_data(max_entries=50, show_spinner=False)
def _rows(database: str, data_version: int, key: str, as_of: date) -> list[ScoreRow]:
    with open_store(answers.settings()).reading() as session:
        return find_score_rows(session, key, as_of=as_of)
