"""Answers for the pages of progress and of official scores, kept until the store changes."""

from datetime import date

from jobs.backtest import Record, read_record
from models.analysis.courses import Courses, find_courses
from models.analysis.group_courses import find_group_courses
from models.analysis.signals import find_signals
from models.results.scores import ScoreRow, ScoreSet, find_score_rows, find_score_sets
from pages.kit import answers
from pages.kit.answers import Reader, remembered
from pages.progress.view import ProgressView, WatchView, progress_view, watch_view


@remembered(entries=300)
def find_progress(reader: Reader, *, unit: str | None, level: str | None, as_of: date, phase: str | None) -> Courses:
    """The courses of a unit, or of a level where no unit is named."""
    if unit is None and level is not None:
        return find_group_courses(reader.session, level=level, as_of=as_of, phase=phase)
    return find_courses(reader.session, unit=unit or "", as_of=as_of, phase=phase)


@remembered(entries=500)
def find_progress_view(reader: Reader, courses: Courses, indicator: str, language: str) -> ProgressView:
    """The courses as their page draws them."""
    return progress_view(courses, indicator, simulated=reader.situation.simulated, language=language)


@remembered(entries=100)
def find_watch(reader: Reader, *, as_of: date, language: str) -> WatchView:
    """The coordinator's signals of a day."""
    campaign = answers.find_campaign(reader.situation)
    return watch_view(find_signals(reader.session, as_of=as_of), campaign, language)


@remembered(entries=50)
def find_sets(reader: Reader, *, as_of: date) -> list[ScoreSet]:
    """Which official scores there are, the newest first."""
    return find_score_sets(reader.session, as_of=as_of)


@remembered(entries=50)
def find_rows(reader: Reader, key: str, *, as_of: date) -> list[ScoreRow]:
    """The units of one set of scores."""
    return find_score_rows(reader.session, key, as_of=as_of)


def find_record() -> Record | None:
    """What the last back-test found; the same for every store, and small."""
    return read_record()
