"""Making a store ready: tables, the campaign's files, and demonstration days where they are wanted."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, text
from sqlmodel import select

from jobs.campaigns.initialise import Initialised, initialise
from jobs.workplace import Step
from models import migrations
from models.campaign.actions import WrongStore
from models.catalogue import CampaignFiles, load_campaign_files
from models.core.audit import find_break, find_state
from models.core.settings import CAMPAIGNS, TIMEZONE
from models.core.store import Store
from models.results.kept import find_differences
from models.results.standing import find_standing
from models.tables import AuditEntry, Baseline, Run, Series, Target, UnitRow
from targets.errors import CampaignFilesError
from targets.results import CALCULATION
from targets.values import Source, Text
from tests.jobs.conftest import without_office
from tests.jobs.moments import FOUNDED
from tests.models.conftest import UNITS, Small, at, baseline, day, small_campaign, small_files
from tests.next_version import give_next_version

BUNDLED = CAMPAIGNS / "gia-lai-2024"
TODAY = datetime(2026, 3, 1, 8, tzinfo=TIMEZONE)
REHEARSAL = datetime(2024, 5, 7, 18, tzinfo=TIMEZONE)


@pytest.fixture(scope="module")
def files() -> CampaignFiles:
    return load_campaign_files(BUNDLED)


@pytest.fixture
def empty(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


@pytest.fixture
def in_file(tmp_path: Path) -> Iterator[Store]:
    """An empty store for what no engine has a part in."""
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    yield store
    store.close()


@pytest.fixture
def demo(whole: Path, tmp_path: Path) -> Iterator[Store]:
    """A demonstration of the test's own, in a file."""
    shutil.copy(whole / "caodiem.db", tmp_path / "caodiem.db")
    store = Store(f"sqlite:///{tmp_path / 'caodiem.db'}")
    yield store
    store.close()


def init(store: Store, files: CampaignFiles, *, with_demonstration: bool = False, now: datetime = TODAY) -> Initialised:
    return initialise(
        store,
        files,
        with_demonstration=with_demonstration,
        by="system:test",
        now=now,
        tell=lambda _: None,
    )


def small_demonstration(**other: object) -> CampaignFiles:
    """The small campaign of tests/models, with a source for simulated figures."""
    campaign = small_campaign()
    source = Source("demonstration", Text("mô phỏng", "simulated"), "simulated", None)
    indicators = tuple(replace(known, sources=("demonstration",)) for known in campaign.indicators)
    return small_files(replace(campaign, sources=(source,), indicators=indicators), **other)


def counted(store: Store) -> dict[str, int]:
    tables = ("audit_entry", "run", "reading", "baseline", "target", "unit", "campaign_version", "standing")
    with store.reading() as session:
        return {
            table: session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608
            for table in tables
        }


# --- what an older program left -------------------------------------------------------------------------------------


def by_hand() -> CampaignFiles:
    """The small campaign with its figures in files, as no source of it can be asked."""
    campaign = small_campaign()
    return small_files(replace(campaign, sources=tuple(replace(one, kind="file") for one in campaign.sources)))


def kept_by_an_older_program(store: Store) -> None:
    init(store, by_hand(), now=at("1/3 08:00"))
    Small(store).load(*(("S1", "online", f"{number}/3", 10 * number, 30 * number) for number in (6, 8, 12, 15)))
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE standing SET value = 99, standing = 'met'"))
        connection.execute(text("UPDATE store_state SET calculation = :older"), {"older": CALCULATION - 1})


def test_results_kept_by_an_older_program_are_computed_anew(prepared, tmp_path, monkeypatch):
    result: list[Step] = []
    with closing(prepared.copy("older", kept_by_an_older_program, to=f"sqlite:///{tmp_path / 'store.db'}")) as store:
        give_next_version(monkeypatch, tmp_path)

        done = initialise(store, by_hand(), with_demonstration=False, by="system:x", now=TODAY, tell=result.append)
        again = init(store, by_hand())

        small = Small(store)
        assert (done.days_computed_anew, again.days_computed_anew) == (12, 0)
        assert Step("computing", {"done": 12, "of": 12}) in result
        assert small.standing("15/3")["S1", "online"].value == pytest.approx(100 / 3)
        assert small.differences() == []
        assert small.asked(find_break) is None


# --- a real campaign ------------------------------------------------------------------------------------------------


def test_empty_store_gets_its_tables_and_the_campaign(empty, files):
    done = init(empty, files)

    assert (done.campaign, done.is_demonstration, done.rehearsal_now, done.simulated_readings) == (
        "gia-lai-2024", False, None, 0,
    )  # fmt: skip
    assert (done.founding.is_new, done.founding.units.accepted) == (True, 258)
    assert migrations.find_version(empty) == migrations.newest_version()
    with empty.reading() as session:
        assert session.exec(select(AuditEntry.at).order_by(AuditEntry.id)).first() == TODAY


@pytest.mark.daily("sqlite")
def test_store_is_found_as_it_was_left_when_run_again(empty, files):
    init(empty, files)
    before = counted(empty)

    again = init(empty, files)

    assert (again.founding.is_new, again.founding.changes, again.simulated_readings) == (False, 0, 0)
    assert counted(empty) == before


@pytest.mark.soak
def test_progress_is_told_step_by_step(in_file, files):
    result: list[Step] = []

    initialise(in_file, files, with_demonstration=False, by="system:x", now=TODAY, tell=result.append)

    assert result == [Step("preparing"), Step("loading", {"campaign": "gia-lai-2024"})]


def test_demonstration_on_a_real_store_is_refused_and_nothing_is_changed(in_file, files):
    init(in_file, files)
    before = counted(in_file)

    with pytest.raises(WrongStore, match="never mixed with real ones"):
        init(in_file, files, with_demonstration=True)

    assert counted(in_file) == before


def test_source_that_nothing_can_read_is_named_with_its_place_and_nothing_is_loaded(in_file, files):
    odd = Source("ministry", Text("Bộ", "Ministry"), "carrier_pigeon", None)
    campaign = replace(files.campaign, sources=(*files.campaign.sources, odd))

    with pytest.raises(CampaignFilesError) as refused:
        init(in_file, replace(files, campaign=campaign))

    (problem,) = refused.value.problems
    assert (problem.file, problem.where) == ("sources.toml", "ministry.kind")
    assert "is “carrier_pigeon”, which nothing here reads" in problem.problem
    assert migrations.find_version(in_file) is None


# --- a demonstration ------------------------------------------------------------------------------------------------


@pytest.mark.daily(1)
def test_demonstration_of_any_campaign_is_founded_whole_on_each_engine(empty):
    done = init(empty, small_demonstration(), with_demonstration=True)

    assert (done.campaign, done.is_demonstration, done.rehearsal_now) == ("small", True, at("19/3 18:00"))
    assert done.simulated_readings > 300
    with empty.reading() as session:
        assert find_differences(session) == []
        assert find_break(session) is None
        assert find_standing(session, as_of=day("19/3"), units=["P"])[2].value is not None


@pytest.mark.soak
def test_demonstration_is_marked_as_simulated_from_end_to_end(demo):
    with demo.reading() as session:
        assert find_state(session).simulated
        for table in (Series, Target):
            assert session.exec(select(table.simulated).distinct()).all() == [True], table.__name__
        # What the campaign's files say of the year before is real; what is made up beside it says so.
        assert set(session.exec(select(Baseline.simulated, Baseline.source_note == "simulated"))) == {
            (False, False),
            (True, True),
        }
        assert all(row.simulated for row in find_standing(session, as_of=date(2024, 5, 7)))


def test_demonstration_lives_on_the_evening_of_its_47th_day(demo):
    with demo.reading() as session:
        state = find_state(session)

    assert (state.rehearsal_now, state.kept_through, state.seed) == (REHEARSAL, date(2024, 5, 7), 629)


def test_demonstration_is_founded_before_its_campaign_begins(demo):
    with demo.reading() as session:
        first = session.exec(select(AuditEntry).order_by(AuditEntry.id)).first()
        received = session.exec(select(func.min(Run.received_at)).where(Run.kind == "demonstration")).one()

    assert first.at == FOUNDED
    assert received == datetime(2024, 3, 22, 17, 30, tzinfo=TIMEZONE)


def test_demonstrations_past_can_be_asked_for_as_it_was_known(demo):
    with demo.reading() as session:
        then = find_standing(
            session, as_of=date(2024, 4, 11), known_at=datetime(2024, 4, 11, 18, tzinfo=TIMEZONE), units=["H21"]
        )
        kept = find_standing(session, as_of=date(2024, 4, 11), units=["H21"])

    assert then[2].numerator is not None
    # units that tell two days late, and one that was corrected later, had not told by that evening
    assert then[2].denominator < kept[2].denominator


def test_every_unit_has_a_baseline_in_the_demonstration_and_the_articles_stay(demo):
    with demo.reading() as session:
        rows = session.exec(
            select(UnitRow.code, Baseline.indicator, Baseline.value, Baseline.version).join(
                UnitRow, UnitRow.id == Baseline.unit_id
            )
        ).all()

    result = {(code, indicator): value for code, indicator, value, _ in rows}
    assert len(rows) == len(result) == 258 * 6
    assert {version for *_, version in rows} == {1}
    assert result["SGTVT", "payment"] == Decimal("67.37")
    assert result["H21", "online"] == 7


@pytest.mark.soak
def test_baseline_told_in_counts_is_not_simulated_over(in_file):
    told_in_counts = baseline("S1", "online", None, numerator=1250, denominator=5000)

    init(in_file, small_demonstration(baselines=(told_in_counts,)), with_demonstration=True)

    with in_file.reading() as session:
        rows = session.exec(
            select(Baseline)
            .join(UnitRow, UnitRow.id == Baseline.unit_id)
            .where(UnitRow.code == "S1", Baseline.indicator == "online")
        ).all()
    assert [(row.version, row.numerator, row.denominator, row.value) for row in rows] == [(1, 1250, 5000, None)]


@pytest.mark.daily(1)
@pytest.mark.parametrize("with_demonstration", [True, False], ids=["saying so again", "not saying so"])
def test_demonstration_stays_as_it_is_when_run_again(demo, files, with_demonstration):
    before = counted(demo)

    again = init(demo, files, with_demonstration=with_demonstration)

    assert (again.is_demonstration, again.rehearsal_now, again.simulated_readings) == (True, REHEARSAL, 0)
    assert counted(demo) == before


@pytest.mark.soak
def test_demonstration_follows_changed_files_and_keeps_its_days(in_file):
    with without_office():
        init(in_file, small_demonstration(), with_demonstration=True)
    before = counted(in_file)
    renamed = tuple(replace(unit, name="Sở Mới") if unit.code == "S1" else unit for unit in UNITS)

    again = init(in_file, small_demonstration(units=renamed))

    assert (again.founding.units.revised, again.simulated_readings) == (1, 0)
    assert counted(in_file)["reading"] == before["reading"]
    with in_file.reading() as session:
        assert find_standing(session, as_of=day("19/4"), units=["S1"])[0].name == "Sở Mới"
