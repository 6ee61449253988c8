"""The clock of the weekly meeting: announced on Friday, frozen on Monday, each once, and made up for within a day."""

import pytest

from jobs.regular import hold_meetings
from jobs.workplace import Workplace
from models.core.settings import Settings
from models.meetings.snapshots import find_announced, find_snapshots
from tests.jobs.small_world import small  # noqa: F401 - a fixture
from tests.models.conftest import day

FRIDAY, MONDAY = "0 14 * * fri", "30 6 * * mon"


@pytest.fixture
def at(small, tmp_path):  # noqa: F811 - the fixture
    """A look at the clock at a moment of March 2024, whose 8th is a Friday."""
    small.load(("H1", "online", "7/3", 30, 100), when="7/3 18:00")

    def looked(moment, **times):
        settings = Settings(
            home=tmp_path, database=small.store.url, now=f"2024-03-{moment}", announce=FRIDAY, freeze=MONDAY,
            _env_file=None, **times,
        )  # fmt: skip
        return hold_meetings(Workplace(settings=settings, store=small.store, by="system:test"))

    looked.small = small
    return looked


def test_friday_announces_and_monday_freezes_what_was_announced_once(at):
    held = [at(moment) for moment in ("08T13:59", "08T14:00", "08T14:01", "11T06:29", "11T06:30", "11T06:31")]

    assert [each.announced is not None for each in held] == [False, True, False, False, False, False]
    assert [each.frozen is not None for each in held] == [False, False, False, False, True, False]
    (announced,) = at.small.asked(find_announced)
    (head,) = at.small.asked(find_snapshots)
    assert (announced.as_of, announced.deadline, announced.state) == (day("7/3"), day("10/3"), "frozen")
    assert (head.as_of, announced.snapshot) == (day("7/3"), head.id)


def test_monday_freezes_the_day_before_where_nothing_was_announced(at):
    at("11T09:00", announce_days=1)

    assert [head.as_of for head in at.small.asked(find_snapshots)] == [day("10/3")]


def test_time_missed_by_more_than_a_day_is_let_go(at):
    held = at("12T09:00")

    assert held.frozen is None
    assert at.small.asked(find_snapshots) == []


def test_nothing_happens_by_itself_where_no_time_is_set(small, tmp_path):  # noqa: F811 - the fixture
    settings = Settings(home=tmp_path, database=small.store.url, now="2024-03-11T06:30", _env_file=None)

    held = hold_meetings(Workplace(settings=settings, store=small.store, by="system:test"))

    assert (held.announced, held.frozen, held.mailed) == (None, None, False)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"freeze": "monday"}, "five fields"),
        ({"mail": "http://secret@host"}, "mail server"),
        ({"mail": "mailto://"}, "mail server"),
    ],
)
def test_wrong_settings_are_refused_without_telling_what_was_written(wrong, words):
    with pytest.raises(ValueError, match=words) as refused:
        Settings(_env_file=None, **wrong)

    assert "secret" not in str(refused.value)
