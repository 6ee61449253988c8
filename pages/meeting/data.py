"""What a meeting looks at, kept until the store changes: snapshots, the slides of each, announcements, tasks."""

from collections.abc import Mapping
from datetime import date

from jobs.slides.deck import foot, slide, titles
from jobs.slides.meeting_data import MeetingData, load_meeting_data
from jobs.slides.values import Slide
from models.meetings import milestones as meetings_milestones
from models.meetings import snapshots as meetings_snapshots
from models.meetings.agendas import possible_slides
from models.meetings.milestones import EndedPhase, PhaseResult
from models.meetings.snapshots import Announced, Difference, SnapshotHead
from models.results import completeness
from models.results.completeness import Completeness
from models.tasks import queries as tasks_queries
from models.tasks.queries import TaskCounts, TaskRow
from pages.kit import answers
from pages.kit.answers import Reader, remembered
from pages.kit.page import Situation


@remembered(entries=20)
def find_snapshots(reader: Reader) -> tuple[SnapshotHead, ...]:
    """Every snapshot, those put aside too, the newest first."""
    return tuple(meetings_snapshots.find_all_snapshots(reader.session))


@remembered(entries=20, is_shared=True)
def find_completeness(reader: Reader, day: date) -> Completeness:
    """Which units have told figures up to a day."""
    return completeness.find_completeness(reader.session, as_of=day)


@remembered(entries=6, is_shared=True)
def find_scene(reader: Reader, snapshot: int) -> MeetingData:
    """A snapshot set out for its slides. Raises UnknownName."""
    return load_meeting_data(reader.session, snapshot)


@remembered(entries=300)
def find_slide(reader: Reader, snapshot: int, key: str, language: str) -> Slide:
    """One slide of a snapshot. Raises UnknownName."""
    return slide(find_scene(reader.situation, snapshot), key, language)


def find_foot(situation: Situation, snapshot: int, language: str) -> str:
    """The line at the foot of each slide of a snapshot."""
    return foot(find_scene(situation, snapshot), language)


@remembered(entries=20)
def find_titles(reader: Reader, snapshot: int, language: str) -> Mapping[str, str]:
    """What each slide that the meeting could have is about."""
    meeting = find_scene(reader.situation, snapshot)
    return titles(meeting, tuple(dict.fromkeys((*meeting.slides, *possible_slides(meeting.campaign)))), language)


@remembered(entries=20)
def find_revisions(reader: Reader, snapshot: int) -> tuple[Difference, ...]:
    """What has been told otherwise since a snapshot was frozen."""
    return tuple(meetings_snapshots.find_revisions(reader.session, snapshot))


@remembered(entries=20)
def find_ended(reader: Reader) -> Mapping[str, EndedPhase]:
    """Phase that is over → the province's lines of its result, where it is closed; the newest first."""
    return meetings_milestones.find_ended(reader.session, today=reader.situation.today)


@remembered(entries=6, is_shared=True)
def find_result(reader: Reader, phase: str) -> PhaseResult:
    """How a phase that is over ended."""
    return meetings_milestones.find_result(reader.session, phase, today=reader.situation.today)


@remembered(entries=100)
def find_indicator_name(reader: Reader, key: str, language: str) -> str:
    """What an indicator is called where there is little room."""
    return answers.find_campaign(reader.situation).indicator(key).short_name.of(language)


@remembered(entries=20)
def find_announced(reader: Reader) -> tuple[Announced, ...]:
    """Every announcement, the newest first."""
    return tuple(meetings_snapshots.find_announced(reader.session))


@remembered(entries=20)
def find_tasks(reader: Reader) -> tuple[TaskRow, ...]:
    """Every task, conclusion and finding, the earliest day first."""
    return tuple(tasks_queries.find_tasks(reader.session))


@remembered(entries=200)
def find_task_counts(reader: Reader, units: tuple[str, ...] | None) -> TaskCounts:
    """How many tasks wait today and how many are overdue: of some units, or of everybody."""
    return tasks_queries.find_task_counts(reader.session, today=reader.situation.today, units=units)
