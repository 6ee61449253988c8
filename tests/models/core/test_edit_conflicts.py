"""Many people edit targets at the same moment: nothing is lost, nothing counts twice, the trail names every edit."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sqlmodel import select

from models.core.audit import find_break
from models.core.texts import sentence_of
from models.tables import AuditEntry, Target
from models.targets.actions import adjust_proposal
from models.targets.registrations import DecisionConflict
from tests.models.accounts_world import by, people
from tests.models.conftest import on_each_engine
from tests.models.versions import newest_version

EDITORS = 10
EDITS = (4, pytest.param(20, marks=pytest.mark.soak))
"""Of each editor: forty edits of four targets in every run, two hundred with the soak."""
UNITS = ("S1", "S2", "H1", "X1")


def edit(small, editor, *, edits):
    """One person's edits, each of the version that was seen; whoever comes late looks again. Answers how often."""
    late = 0
    for number in range(edits):
        unit = UNITS[number % len(UNITS)]
        value = Decimal(10) + Decimal(editor * edits + number) / 100
        while True:
            seen = newest_version(small, unit, "online", "second", "proposed")
            try:
                small.changed(
                    adjust_proposal, unit=unit, indicator="online", phase="second", value=value, seen_version=seen,
                    context=by("dieuphoi", f"edit {editor}.{number}", "9/3 08:00"),
                )  # fmt: skip
                break
            except DecisionConflict:
                late += 1
    return late


@pytest.fixture
def small(small, monkeypatch):
    """With more patience for whoever writes: what is proven is not how fast this machine is."""
    monkeypatch.setattr("models.core.store.BUSY_SECONDS", 60)
    small.store.engine.dispose()
    yield small
    small.store.engine.dispose()


@pytest.mark.daily("postgresql")
@on_each_engine
@pytest.mark.parametrize("edits", EDITS)
def test_edits_at_once_are_each_kept_once_and_all_in_the_trail(small, edits):
    """The trail's old value is what the edit before it left behind: no edit was made of something else."""
    people(small)
    with small.store.reading() as session:
        entries_before = len(session.exec(select(AuditEntry)).all())

    with ThreadPoolExecutor(EDITORS) as editors:
        late = sum(editors.map(lambda editor: edit(small, editor, edits=edits), range(EDITORS)))

    with small.store.reading() as session:
        made = session.exec(select(Target).where(Target.because == "adjusted")).all()
        entries = session.exec(
            select(AuditEntry).where(AuditEntry.action == "adjust_proposal").order_by(AuditEntry.id)
        ).all()
        assert find_break(session) is None
        assert len(session.exec(select(AuditEntry)).all()) == entries_before + EDITORS * edits
    assert len({row.value for row in made}) == len(made) == EDITORS * edits
    assert len({entry.reason for entry in entries}) == len(entries) == EDITORS * edits
    for unit in UNITS:
        versions = sorted(row.version for row in made if row.unit_id == small.ids[unit])
        assert versions == list(range(2, 2 + EDITORS * edits // len(UNITS)))
        of_unit = [entry for entry in entries if entry.subject.startswith(f"{unit} ")]
        olds = [Decimal(entry.old["value"]) for entry in of_unit[1:]]
        assert olds == [Decimal(entry.new["value"]) for entry in of_unit[:-1]]
    assert {entry.by for entry in entries} == {"dieuphoi"}
    assert late > 0
    assert small.differences() == []


def test_later_of_two_editors_is_told_what_it_became_and_by_whom(small):
    people(small)
    place = {"unit": "S1", "indicator": "online", "phase": "second"}
    small.changed(
        adjust_proposal,
        **place,
        value=Decimal("57.5"),
        seen_version=1,
        context=by("dieuphoi", "few dossiers", "9/3 08:00"),
    )

    with pytest.raises(DecisionConflict) as result:
        small.changed(
            adjust_proposal, **place, value=Decimal(55), seen_version=1, context=by("dieuphoi", "fewer", "9/3 08:05")
        )

    assert sentence_of(result.value, "vi").startswith(
        "dieuphoi đã thay đổi từ 60% thành 57,5% lúc 09/03/2024 08:00 (few dossiers)"
    )
    assert "from 60% to 57.5%" in str(result.value)


def test_target_that_became_unknown_meanwhile_is_told_with_a_dash(small):
    people(small)
    place = {"unit": "S1", "indicator": "payment", "phase": "second"}
    small.changed(
        adjust_proposal, **place, value=Decimal(20), seen_version=1, context=by("dieuphoi", "own", "9/3 08:00")
    )

    with pytest.raises(DecisionConflict, match="from – to 20%"):
        small.changed(adjust_proposal, **place, value=Decimal(25), seen_version=1, context=by("dieuphoi", "x", "9/3"))
