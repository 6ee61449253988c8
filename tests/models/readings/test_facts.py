"""Versioned facts: equal ones are left alone, changed ones are a further version, none is overwritten."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from models.readings.actions import Counts, record_baselines, record_central, record_scores, record_targets
from models.readings.loading import Arrival, open_run
from models.readings.records import BECAUSE, BaselineRecord, CentralRecord, ScoreRecord, TargetRecord
from models.tables import Baseline, CentralTarget, Score, Target
from tests.models.conftest import Small, context, day, on_each_engine, postgresql_in_soak


def result(small: Small, *values: str | None, **counts: int) -> list[Counts]:
    """The baseline of S2's publicity, told once for each value."""
    return [
        small.changed(
            record_baselines,
            [BaselineRecord("S2", "publicity", 2023, None if value is None else Decimal(value), **counts)],
            is_simulated=False,
            context=context(f"{number + 2}/3 08:00", reason=f"telling {number}"),
        )
        for number, value in enumerate(values)
    ]


def versions(small: Small, table) -> list[tuple[int, str]]:
    with small.store.reading() as session:
        rows = session.exec(select(table).where(table.indicator == "publicity").order_by(table.version)).all()
    return [(row.version, str(row.value)) for row in rows]


def test_counts_add_up():
    total = Counts(accepted=1, revised=2) + Counts(revised=1, unchanged=4)

    assert total == Counts(accepted=1, revised=3, unchanged=4)
    assert total.changes == 4


@on_each_engine
def test_baseline_is_new_then_unchanged_then_revised(small):
    counts = result(small, "40", "40.0", "41", "40")

    assert counts == [Counts(accepted=1), Counts(unchanged=1), Counts(revised=1), Counts(revised=1)]
    assert versions(small, Baseline) == [(1, "40"), (2, "41"), (3, "40")]


def test_baseline_keeps_who_told_it_when_and_why(small):
    result(small, "40")

    with small.store.reading() as session:
        row = session.exec(select(Baseline).where(Baseline.indicator == "publicity")).one()
    assert (row.by, row.reason, row.recorded_at) == ("system:test", "telling 0", context("2/3 08:00").now)


def test_baselines_of_other_years_are_other_facts(small):
    facts = [BaselineRecord("S2", "publicity", year, Decimal(40)) for year in (2022, 2023)]

    assert small.changed(record_baselines, facts, is_simulated=False, context=context()) == Counts(accepted=2)


def test_same_fact_twice_in_one_load_counts_once(small):
    fact = BaselineRecord("S2", "publicity", 2023, Decimal(40))

    assert small.changed(record_baselines, [fact, fact], is_simulated=False, context=context()) == Counts(
        accepted=1, unchanged=1
    )


def test_simulated_baseline_is_marked_even_in_a_real_store(small):
    fact = BaselineRecord("S2", "publicity", 2023, Decimal(40))

    small.changed(record_baselines, [fact], is_simulated=True, context=context())

    with small.store.reading() as session:
        assert session.exec(select(Baseline.simulated).where(Baseline.indicator == "publicity")).all() == [True]


def test_central_target_is_withdrawn_by_a_version_without_a_value(small):
    facts = [CentralRecord("publicity", 2024, "", value, "1/QĐ") for value in (Decimal(90), None)]

    counts = small.changed(record_central, facts, is_simulated=False, context=context())

    assert counts == Counts(accepted=1, revised=1)
    assert versions(small, CentralTarget) == [(1, "90"), (2, "None")]


def test_central_target_under_another_document_is_a_further_version(small):
    facts = [CentralRecord("publicity", 2024, "", Decimal(90), document) for document in ("1/QĐ", "2/QĐ", "2/QĐ")]

    counts = small.changed(record_central, facts, is_simulated=False, context=context())

    assert counts == Counts(accepted=1, revised=1, unchanged=1)


@pytest.mark.parametrize("origin", ["issued", "registered"])
def test_target_under_another_document_is_a_further_version(small, origin):
    def fact(document: str, when: date | None) -> TargetRecord:
        return TargetRecord("S2", "publicity", "first", origin, Decimal(90), document, when)

    facts = [fact("1/QĐ", day("1/3")), fact("1/QĐ", day("1/3")), fact("2/QĐ", day("1/3")), fact("2/QĐ", None)]

    counts = small.changed(record_targets, facts, is_simulated=False, context=context())

    assert counts == Counts(accepted=1, revised=2, unchanged=1)
    with small.store.reading() as session:
        rows = session.exec(select(Target).where(Target.origin == origin).order_by(Target.version)).all()
    assert {row.because for row in rows} == {BECAUSE[origin]}
    assert [(row.version, row.document, row.state) for row in rows] == [
        (1, "1/QĐ", "in_force"),
        (2, "2/QĐ", "in_force"),
        (3, "2/QĐ", "in_force"),
    ]


@postgresql_in_soak
def test_score_of_another_rank_group_is_another_fact(small):
    def fact(rank: int, group: str) -> ScoreRecord:
        return ScoreRecord(
            unit="P",
            indicator="",
            basis="year",
            period_start=date(2023, 1, 1),
            period_end=date(2023, 12, 31),
            as_of=date(2023, 12, 31),
            points=Decimal("53.13"),
            max_points=Decimal(100),
            rank=rank,
            rank_of=63,
            rank_group=group,
        )

    with small.store.writing() as session:
        run, _ = open_run(session, Arrival(kind="scores", source="file"), context())
        told_scores = [fact(61, "cả nước"), fact(4, "Tây Nguyên"), fact(61, "cả nước"), fact(60, "cả nước")]

        counts = record_scores(session, told_scores, run=run, is_simulated=False)

        revisions = session.exec(select(Score.rank_group, Score.revision, Score.rank).order_by(Score.id)).all()
    assert counts == Counts(accepted=2, revised=1, unchanged=1)
    assert [tuple(row) for row in revisions] == [("cả nước", 1, 61), ("Tây Nguyên", 1, 4), ("cả nước", 2, 60)]
