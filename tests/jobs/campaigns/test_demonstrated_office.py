"""A demonstration in which an office has worked: every page has something to show on the first day."""

from contextlib import closing

import pytest
from sqlmodel import select

from jobs.campaigns.initialise import initialise
from models.catalogue import load_campaign_files
from models.core.audit import find_break
from models.core.settings import CAMPAIGNS
from models.core.store import Store
from models.results.standing import find_standing
from models.tables import Announcement, Cause, CheckRequest, Snapshot, Target, Task, UnitRow
from tests.jobs.conftest import FOUNDED


@pytest.mark.soak
def test_every_page_of_a_demonstration_has_something_to_show_and_all_of_it_is_marked(tmp_path):
    files = load_campaign_files(CAMPAIGNS / "gia-lai-2024")
    with closing(Store(f"sqlite:///{tmp_path / 'caodiem.db'}")) as store:
        initialise(store, files, with_demonstration=True, by="system:test", now=FOUNDED, tell=lambda _: None)

        with store.reading() as session:

            def every(table):
                return session.exec(select(table)).all()

            assert all(unit.head_name for unit in every(UnitRow))
            states = {cause.state for cause in every(Cause)}
            rows = find_standing(session, as_of=every(Announcement)[0].as_of, phase="50-day")
            waiting = [row for row in every(Target) if row.state == "requested"]
            assert {row.origin for row in rows if row.target is not None} == {"issued", "registered"}
            assert states == {"stated", "confirmed"}
            assert {"open", "reported", "done"} <= {task.state for task in every(Task)}
            assert [len(every(table)) for table in (Snapshot, Announcement, CheckRequest)] == [2, 1, 1]
            assert len(waiting) == 1
            assert all(row.simulated for table in (Cause, Target) for row in every(table))
            assert find_break(session) is None
