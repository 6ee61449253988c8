"""What documents are made from: a snapshot or a day, last week beside it, and what must be said on every page."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from jobs.documents.figures import figures_of_snapshot, mark, origin, period, place_and_date
from models.core.settings import TIMEZONE
from models.core.texts import LANGUAGES, text
from targets.errors import UnknownName


@pytest.mark.soak
def test_snapshot_is_held_against_the_meeting_before_it(frozen):
    assert frozen.is_frozen
    assert frozen.last_day == frozen.as_of - timedelta(days=7)
    assert {task.kind for task in frozen.tasks} == {"conclusion", "task"}


def test_first_snapshot_is_held_against_the_week_before_it(meeting_store):
    with meeting_store.reading() as session:
        figures = figures_of_snapshot(session, 1)

    assert figures.last_day == figures.as_of - timedelta(days=7)


def test_snapshot_that_there_is_not_is_refused(meeting_store):
    with meeting_store.reading() as session, pytest.raises(UnknownName):
        figures_of_snapshot(session, 99)


def test_targets_are_those_of_every_phase(frozen, standing):
    running = [phase.key for phase in frozen.campaign.phases].index("50-day")

    for (unit, indicator), row in standing.items():
        if row.phase == "50-day":
            assert frozen.targets[unit, indicator][running] == row.target


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_out_of_date_and_simulated_are_both_marked(frozen, language):
    stale = tuple(replace(row, standing="stale") for row in frozen.rows)
    result = replace(frozen, meeting=replace(frozen.meeting, rows=stale))
    head = replace(frozen.meeting.frozen.head, simulated=False)
    real = replace(result, meeting=replace(result.meeting, frozen=replace(result.meeting.frozen, head=head)))

    simulated = text("gaps.download.simulated", language)
    assert mark(frozen, language) == simulated
    assert mark(result, language) == f"{simulated} · {text('pack.stale', language)}"
    assert mark(real, language) == text("pack.stale", language)


def test_origin_says_whether_the_figures_are_frozen(frozen, unfrozen):
    assert "“Giao ban =1+1”" in origin(frozen, "vi")
    assert "chưa chốt" in origin(unfrozen, "vi")
    assert period(frozen, "vi") == period(unfrozen, "vi") == "(Từ ngày 01/05/2024 đến ngày 07/05/2024)"


@pytest.mark.parametrize(("day", "written"), [(date(2024, 2, 7), "tháng 02"), (date(2024, 5, 7), "tháng 5")])
def test_date_is_written_as_the_decree_writes_it(frozen, day, written):
    recorded = datetime.combine(day, time(8), tzinfo=TIMEZONE)
    head = replace(frozen.meeting.frozen.head, as_of=day, recorded_at=recorded)
    unsigned = replace(frozen, meeting=replace(frozen.meeting, frozen=replace(frozen.meeting.frozen, head=head)))
    result = replace(unsigned, signing=replace(unsigned.signing, is_dated=True))

    assert place_and_date(result, "vi") == f"Gia Lai, ngày 07 {written} năm 2024"
    assert place_and_date(unsigned, "vi") == "Gia Lai, ngày ..... tháng ..... năm 2024"


@pytest.mark.parametrize("language", LANGUAGES)
def test_document_that_the_how_to_page_teaches_can_be_made(frozen, language):
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "add-a-document.md").read_text(encoding="utf-8")
    found: dict[str, object] = {}
    exec(re.findall(r"```python\n(.*?)```", page, re.S)[0], found)  # noqa: S102 - what the page says

    said = found["as_silent_units"](frozen, language).decode()

    assert mark(frozen, language) in said
    assert frozen.campaign.indicator("online").name.of(language) in said
