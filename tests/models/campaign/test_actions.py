"""Putting a campaign's files into a store, and following them when they change."""

import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlmodel import select

from models.campaign.actions import WrongStore, found_campaign
from models.catalogue import load_campaign_files
from models.core.audit import find_break, find_state
from models.core.columns import day_number
from models.readings.records import ScoreRecord, TargetRecord
from models.results.inputs import load_campaign
from models.tables import (
    AuditEntry,
    Baseline,
    CampaignVersion,
    CentralTarget,
    Run,
    Score,
    SourceRow,
    StoreState,
    Target,
    UnitRow,
)
from models.targets.queries import find_targets
from targets.values import Source, Text
from tests.models.conftest import (
    BUNDLED,
    UNITS,
    at,
    baseline,
    central,
    context,
    day,
    on_each_engine,
    postgresql_in_soak,
    small_campaign,
    small_files,
)


def follow(store, files, *, when="31/5 08:00", **options):
    with store.writing() as session:
        return found_campaign(session, files, context=context(when), **options)


def counted(store, *tables) -> list[int]:
    with store.reading() as session:
        return [session.exec(select(func.count()).select_from(table)).one() for table in tables]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the bundled campaign's folder, to change."""
    copy = tmp_path / "gia-lai-2024"
    shutil.copytree(BUNDLED, copy)
    return copy


def rewrite(file: Path, old: str, new: str) -> None:
    content = file.read_text("utf-8-sig")
    assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {file.name}"
    file.write_text(content.replace(old, new), "utf-8")


# --- the bundled campaign -------------------------------------------------------------------------------------------


@pytest.mark.daily(1)
def test_bundled_campaign_is_loaded_whole(migrated):
    founding = follow(migrated, load_campaign_files(BUNDLED), when="19/3 08:00")

    assert founding.is_new
    assert (founding.units.accepted, founding.baselines.accepted, founding.central.accepted) == (258, 23, 1)
    assert (founding.registrations.accepted, founding.scores.accepted) == (11, 3)
    # six indicators in three phases for each of 258 units, and the units' own registrations
    assert counted(migrated, UnitRow, SourceRow, Baseline, Score, Target) == [258, 8, 23, 3, 258 * 18 + 11]


@pytest.mark.soak
def test_bundled_campaign_loaded_again_changes_nothing(bundled):
    tables = (StoreState, CampaignVersion, AuditEntry, UnitRow, Baseline, CentralTarget, Target, Score, Run)
    with bundled.reading() as session:
        version = find_state(session).data_version
    before = counted(bundled, *tables)

    founding = follow(bundled, load_campaign_files(BUNDLED))

    assert (founding.is_new, founding.changes) == (False, 0)
    assert counted(bundled, *tables) == before
    with bundled.reading() as session:
        assert find_state(session).data_version == version


@pytest.mark.daily(1)
def test_bundled_campaigns_changed_files_are_followed_and_the_old_facts_stay(bundled, folder):
    rewrite(folder / "units.csv", "Sở Công Thương", "Sở Công nghiệp và Thương mại")
    rewrite(folder / "baselines.csv", "SGTVT,online,2023,40.3,", "SGTVT,online,2023,52.5,")
    rewrite(folder / "central.csv", "online,2024,,50,", "online,2024,,55,")

    founding = follow(bundled, load_campaign_files(folder))

    assert (founding.units.revised, founding.baselines.revised, founding.central.revised) == (1, 1, 1)
    assert (founding.registrations.changes, founding.scores.changes) == (0, 0)
    with bundled.reading() as session:
        unit = session.exec(select(UnitRow).where(UnitRow.code == "SCT")).one()
        sgtvt = session.exec(select(UnitRow.id).where(UnitRow.code == "SGTVT")).one()
        baselines = session.exec(
            select(Baseline).where(Baseline.unit_id == sgtvt, Baseline.indicator == "online").order_by(Baseline.version)
        ).all()
        centrals = session.exec(select(CentralTarget).order_by(CentralTarget.version)).all()
        (target,) = find_targets(session, units=["SCT"], indicator="online", phase="100-day")
    assert unit.name == "Sở Công nghiệp và Thương mại"
    assert [(row.version, str(row.value)) for row in baselines] == [(1, "40.3"), (2, "52.5")]
    assert [(row.version, str(row.value)) for row in centrals] == [(1, "50"), (2, "55")]
    assert target.value == 65


def score_of_2023(
    indicator: str, points: str, most: int, rank: int | None, rank_of: int | None, *more: str
) -> ScoreRecord:
    days = (date(2023, 1, 1), date(2023, 12, 31), date(2023, 12, 31))
    return ScoreRecord("P", indicator, "year", *days, Decimal(points), Decimal(most), rank, rank_of, *more)


# --- founding -------------------------------------------------------------------------------------------------------


def test_store_remembers_what_it_was_founded_as(migrated):
    follow(migrated, small_files(), when="1/3 08:00", is_demonstration=True, rehearsal_now=at("20/3 18:00"), seed=629)

    with migrated.reading() as session:
        state = find_state(session)
    assert (state.campaign_key, state.simulated, state.rehearsal_now, state.seed) == (
        "small", True, at("20/3 18:00"), 629,
    )  # fmt: skip


def test_a_demonstration_is_marked_as_simulated_but_for_the_real_results_of_the_year_before(migrated):
    scores = (score_of_2023("", "53.13", 100, 61, 63, "cả nước", "file"),)

    follow(migrated, small_files(scores=scores), is_demonstration=True)

    with migrated.reading() as session:
        for table in (CentralTarget, Target, Score):
            assert set(session.exec(select(table.simulated))) == {True}, table.__name__
        assert set(session.exec(select(Baseline.simulated))) == {False}


def test_nothing_in_a_real_store_is_marked_as_simulated(small):
    with small.store.reading() as session:
        for table in (Baseline, CentralTarget, Target):
            assert set(session.exec(select(table.simulated))) == {False}, table.__name__


@on_each_engine
def test_tree_is_kept_with_its_order_and_successors(small):
    with small.store.reading() as session:
        rows = session.exec(select(UnitRow).order_by(UnitRow.position)).all()
    codes = {row.id: row.code for row in rows}

    result = [(row.code, codes.get(row.parent_id), codes.get(row.successor_id), row.valid_to) for row in rows]

    assert result == [(unit.code, unit.parent, unit.successor, unit.valid_to) for unit in UNITS]


def test_targets_are_proposed_with_the_founding(small):
    found = small.asked(find_targets, units=["S1"], indicator="online")

    assert [(target.phase, target.value, target.origin) for target in found] == [
        ("first", 50, "proposed"),
        ("second", 60, "proposed"),
        ("keep", 60, "proposed"),
    ]


def test_founding_is_in_the_audit(small):
    with small.store.reading() as session:
        entries = session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()
        broken = find_break(session)

    assert [(entry.action, entry.by, entry.subject) for entry in entries] == [
        ("found_campaign", "system:test", "small"),
        ("propose_targets", "system:test", "small"),
    ]
    assert broken is None


def test_campaign_that_cannot_be_loaded_whole_is_not_loaded_at_all(migrated):
    strangers = (baseline("nobody", "online", "1"),)

    with pytest.raises(KeyError):
        follow(migrated, small_files(baselines=strangers))

    assert counted(migrated, StoreState, CampaignVersion, UnitRow, SourceRow, AuditEntry) == [0] * 5


# --- refusals -------------------------------------------------------------------------------------------------------


@postgresql_in_soak
def test_another_campaign_is_refused_with_the_way_out(small):
    version = small.data_version()

    with pytest.raises(WrongStore, match=r"“small”, not “large”.*CAODIEM_HOME"):
        follow(small.store, small_files(small_campaign(key="large")))

    assert small.data_version() == version


def test_demonstration_on_a_real_store_is_refused_with_the_way_out(small):
    with pytest.raises(WrongStore, match=r"never mixed with real ones.*CAODIEM_HOME"):
        follow(small.store, small_files(), is_demonstration=True)


@pytest.mark.daily(1)
def test_demonstration_stays_one_when_its_files_are_followed_without_saying_so(migrated):
    follow(migrated, small_files(), is_demonstration=True)

    follow(migrated, small_files(baselines=(baseline("S1", "online", "44"),)))

    with migrated.reading() as session:
        assert find_state(session).simulated
        assert set(session.exec(select(CentralTarget.simulated))) == {True}


# --- changed files --------------------------------------------------------------------------------------------------


def test_same_files_again_change_nothing(small):
    version = small.data_version()

    founding = small.found(small_files())

    assert founding.changes == 0
    assert small.data_version() == version
    assert small.count("campaign_version") == 1


def test_files_that_change_and_change_back_are_three_versions(small):
    small.found(small_files(small_campaign(stale_after_working_days=1)), when="2/3 08:00")
    small.found(small_files(), when="3/3 08:00")

    days = [
        small.asked(load_campaign, known_at=at(f"{number}/3 09:00")).stale_after_working_days for number in (1, 2, 3)
    ]

    assert days == [3, 1, 3]


@pytest.mark.parametrize(
    ("unit", "other"),
    [
        ("S1", {"name": "Sở Một mới"}),
        ("S1", {"level": "district"}),
        ("S1", {"aliases": ("Sở 1",)}),
        ("S1", {"gso_code": "64"}),
        ("S1", {"identity_code": "H21.58"}),
        ("S1", {"head_name": "Nguyễn Văn A"}),
        ("S1", {"head_phone": "0912 345 678"}),
        ("S1", {"head_title": "Giám đốc"}),
        ("S1", {"valid_from": day("1/3")}),
        ("X3", {"valid_to": day("31/5")}),
        ("X1", {"parent": "H2"}),
        ("X5", {"successor": "X4"}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value,
)
def test_change_of_a_unit_is_followed_and_counted(small, unit, other):
    changed = tuple(replace(known, **other) if known.code == unit else known for known in UNITS)

    founding = small.found(small_files(units=changed))

    assert (founding.units.revised, founding.units.unchanged) == (1, len(UNITS) - 1)
    with small.store.reading() as session:
        row = session.exec(select(UnitRow).where(UnitRow.code == unit)).one()
        codes = {known.id: known.code for known in session.exec(select(UnitRow))}
    result = {
        "parent": codes.get(row.parent_id),
        "successor": codes.get(row.successor_id),
        "aliases": tuple(row.aliases),
    }
    assert all(result.get(name, getattr(row, name, None)) == value for name, value in other.items())
    assert row.version_id == 2


def test_new_unit_is_added_with_its_place_in_the_tree_and_its_targets(small):
    newcomer = replace(UNITS[4], code="X9", name="UBND xã Chín", parent="H2")

    founding = small.found(small_files(units=(*UNITS, newcomer)))

    assert (founding.units.accepted, founding.units.unchanged) == (1, len(UNITS))
    assert len(small.asked(find_targets, units=["X9"])) == 4 * 3


def test_unit_that_is_no_longer_listed_stays(small):
    founding = small.found(small_files(units=UNITS[:-1]))

    assert founding.units.unchanged == len(UNITS) - 1
    assert small.count("unit") == len(UNITS)


def test_source_that_is_new_or_read_otherwise_is_followed(small):
    sources = (
        Source("igate", Text("igate", "igate"), "file", None),
        Source("file", Text("file", "file"), "file", None),
        Source("portal", Text("portal", "portal"), "national_portal_2024", "month"),
    )
    version = small.count("source")

    small.found(small_files(small_campaign(sources=sources)))

    with small.store.reading() as session:
        kinds = dict(session.exec(select(SourceRow.key, SourceRow.kind)).all())
    assert kinds == {"igate": "file", "file": "file", "monthly": "file", "portal": "national_portal_2024"}
    assert version == 3


def test_registration_that_changes_is_a_further_version(small):
    def registered(value: str) -> TargetRecord:
        return TargetRecord("S1", "online", "first", "registered", Decimal(value), "3/KH", day("1/3"), "a plan")

    first = small.found(small_files(registrations=(registered("55"),)), when="2/3 08:00")
    second = small.found(small_files(registrations=(registered("57"),)), when="3/3 08:00")

    assert (first.registrations.accepted, second.registrations.revised) == (1, 1)
    (target,) = small.asked(find_targets, units=["S1"], indicator="online", phase="first")
    assert (target.value, target.version, target.origin, target.document) == (57, 2, "registered", "3/KH")


@postgresql_in_soak
def test_score_that_changes_is_a_further_revision_of_its_source(small):
    def scored(points: str) -> tuple[ScoreRecord, ...]:
        return (
            score_of_2023("", points, 100, 61, 63, "cả nước", "file"),
            score_of_2023("online", "1.5", 12, None, None, "", "igate", "chương"),
        )

    small.found(small_files(scores=scored("53.13")), when="2/3 08:00")
    founding = small.found(small_files(scores=scored("53.31")), when="3/3 08:00")

    assert (founding.scores.revised, founding.scores.unchanged) == (1, 1)
    with small.store.reading() as session:
        rows = session.exec(select(Score).where(Score.indicator_key == "").order_by(Score.revision)).all()
        runs = session.exec(select(Run).order_by(Run.id)).all()
    assert [(row.revision, str(row.points), row.period_start, row.as_of) for row in rows] == [
        (1, "53.13", rows[0].period_start, rows[0].as_of),
        (2, "53.31", rows[0].period_start, rows[0].as_of),
    ]
    assert (day_number(rows[0].period_start), day_number(rows[0].as_of)) == (19358, 19722)  # all of 2023
    assert [(run.status, run.accepted, run.revised, run.unchanged) for run in runs] == [
        ("done", 1, 0, 0),
        ("done", 1, 0, 0),
        ("done", 0, 1, 0),
        ("unchanged", 0, 0, 1),
    ]


def test_central_target_of_one_level_goes_before_the_general_one(small):
    small.found(small_files(central=(central("online", "50"), central("online", "70", level="department"))))

    found = small.asked(find_targets, indicator="online", phase="keep", units=["S1", "H1"])

    assert [(target.unit, target.central, target.value) for target in found] == [("S1", 70, 80), ("H1", 50, 60)]


def test_source_of_a_figure_is_noted_with_its_remark(small):
    small.found(small_files(baselines=(baseline("S1", "online", "41", source_note="a report · đính chính"),)))

    with small.store.reading() as session:
        notes = session.exec(select(Baseline.source_note).where(Baseline.version == 2)).all()
    assert notes == ["a report · đính chính"]
