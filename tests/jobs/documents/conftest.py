"""One frozen meeting of a demonstration, made once: every document is made from the same figures."""

import shutil
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from jobs.documents.figures import figures_of_day, figures_of_snapshot
from models.core.audit import ChangeContext
from models.core.clock import business_day
from models.core.state import find_state
from models.core.store import Store
from models.meetings.actions import Conclusion, freeze_figures, record_conclusion
from models.readings.records import TaskRecord
from models.results.standing import find_standing
from models.tasks.actions import give_task
from tests.jobs.conftest import found_bundled
from tests.jobs.few_units import write_few_units
from tests.made_once import made_once


@pytest.fixture(scope="session")
def meeting_store(tmp_path_factory):
    """A demonstration with a snapshot of its day and one of a week before; its first one is the meeting before.

    It is as long as its campaign and has few of its communes.
    """
    made = made_once(tmp_path_factory, "meeting", _hold_meeting)
    store = Store(f"sqlite:///{shutil.copy(made / 'caodiem.db', tmp_path_factory.mktemp('meeting'))}")
    yield store
    store.close()


def _hold_meeting(home):
    with closing(Store(f"sqlite:///{home / 'caodiem.db'}")) as store:
        with tempfile.TemporaryDirectory() as place:
            found_bundled(store, write_few_units(Path(place) / "campaign"), with_demonstration=True)
        with store.reading() as session:
            now = find_state(session).rehearsal_now
        context = ChangeContext(by="system:test", reason="test", now=now)
        today = business_day(now)
        with store.writing() as session:
            for day, title in ((today - timedelta(days=7), "Giao ban trước"), (today, "Giao ban =1+1")):
                freeze_figures(session, as_of=day, title=title, context=context)
            record_conclusion(session, Conclusion("Giữ nhịp như tuần này", snapshot=2), context=context)
            due = today + timedelta(days=7)
            result = TaskRecord("H21.58", "Số hóa hết hồ sơ tồn", "Văn phòng", due, snapshot=2)
            give_task(session, result, context=context)


@pytest.fixture(scope="session")
def frozen(meeting_store):
    """The figures of the second snapshot."""
    with meeting_store.reading() as session:
        return figures_of_snapshot(session, 2)


@pytest.fixture(scope="session")
def standing(meeting_store, frozen):
    """What `standing` says of that day: unit and indicator → row."""
    with meeting_store.reading() as session:
        found = find_standing(session, as_of=frozen.as_of)
    return {(row.unit, row.indicator): row for row in found}


@pytest.fixture(scope="session")
def unfrozen(meeting_store, frozen):
    """The same day without a snapshot."""
    with meeting_store.reading() as session:
        now = find_state(session).rehearsal_now
        return figures_of_day(session, as_of=frozen.as_of, now=now, known_at=None, title="chưa chốt")
