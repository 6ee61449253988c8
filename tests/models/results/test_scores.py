"""Official scores: by source, period and day; exactly as told, with what was told the time before."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from models.results.scores import find_score_rows, find_score_sets
from models.tables import Run, Score, SourceRow, UnitRow
from targets.errors import UnknownName
from tests.models.conftest import at, day, on_each_engine

YEAR = {"basis": "year", "period_start": date(2023, 1, 1), "period_end": date(2023, 12, 31)}


@pytest.fixture
def tell(small):
    """Tells scores of a source on a day: unit → points, or a whole row."""

    def result(*rows, source="file", as_of=date(2023, 12, 31), **period):
        def tell_in(session):
            of_source = session.exec(select(SourceRow).where(SourceRow.key == source)).one()
            run = Run(source_id=of_source.id, kind="scores", status="done", received_at=at("2/3"), by="system:test")
            session.add(run)
            session.flush()
            for code, known in rows:
                unit = session.exec(select(UnitRow).where(UnitRow.code == code)).one()
                row = {"max_points": Decimal(100), "as_of": as_of, **(YEAR | period), **known}
                session.add(Score(unit_id=unit.id, source_id=of_source.id, run_id=run.id, **row))

        small.changed(tell_in)

    return result


def rows_of(small, key, when="31/5"):
    return {row.unit: row for row in small.asked(find_score_rows, key, as_of=day(when))}


def points(written, **other):
    return {"points": Decimal(written), **other}


def test_sets_are_told_apart_by_source_period_and_day_the_newest_first(small, tell):
    tell(("H1", points("55.51")), ("H2", points("81")))
    tell(("H1", points("60")), source="igate", as_of=date(2024, 3, 20))

    found = small.asked(find_score_sets, as_of=day("31/5"))

    assert [(one.key, one.units, one.simulated) for one in found] == [
        ("igate_2023-01-01_2024-03-20_year", 1, False),
        ("file_2023-01-01_2023-12-31_year", 2, False),
    ]


def test_sets_of_days_to_come_are_left_out(small, tell):
    tell(("H1", points("60")), as_of=date(2024, 3, 20))

    assert small.asked(find_score_sets, as_of=day("19/3")) == []


@pytest.mark.parametrize(
    ("result", "listed"),
    [
        ({"points": Decimal("79.99")}, "under"),
        ({"points": Decimal(80)}, "between"),
        ({"points": Decimal("89.99")}, "between"),
        ({"points": Decimal(90)}, "from"),
        ({"points": Decimal(90), "max_points": None}, "from"),
        ({"points": Decimal(19), "max_points": Decimal(20)}, "unlisted"),
        ({"points": None, "rank": 3}, "unlisted"),
    ],
)
def test_total_belongs_to_the_list_that_offices_send(small, tell, result, listed):
    tell(("H1", result))

    assert rows_of(small, "file_2023-01-01_2023-12-31")["H1"].listed == listed


def test_points_and_ranks_stand_as_they_were_told(small, tell):
    tell(
        ("H1", points("55.510", rank=9, rank_of=17, rank_group="cấp huyện")),
        ("H1", points("55.510", rank=4, rank_of=5, rank_group="vùng")),
        ("H1", points("17.5", indicator_key="online", max_points=Decimal(20))),
        ("S1", points("81")),
    )

    found = rows_of(small, "file_2023-01-01_2023-12-31")

    assert list(found) == ["S1", "H1"]
    assert str(found["H1"].points) == "55.510"
    assert [(rank.rank, rank.of, rank.group) for rank in found["H1"].ranks] == [(9, 17, "cấp huyện"), (4, 5, "vùng")]
    assert found["H1"].parts == (("online", Decimal("17.5"), Decimal(20)),)


def test_score_told_again_is_its_last_revision(small, tell):
    tell(("H1", points("60")))
    tell(("H1", points("61", revision=2)))

    assert rows_of(small, "file_2023-01-01_2023-12-31")["H1"].points == 61


@on_each_engine
def test_time_before_is_the_same_sources_last_day_of_the_same_period(small, tell):
    month = {"basis": "month", "period_start": date(2024, 3, 1), "period_end": date(2024, 3, 31)}
    tell(("H1", points("86.02", rank=17)), as_of=date(2024, 3, 16), **month)
    tell(("H1", points("87.0", rank=8)), ("H2", points("70")), as_of=date(2024, 3, 28), **month)
    tell(("H1", points("50")), as_of=date(2024, 2, 28), basis="month", period_start=date(2024, 2, 1),
         period_end=date(2024, 2, 29))  # fmt: skip

    found = rows_of(small, "file_2024-03-01_2024-03-28")

    assert (found["H1"].before, found["H1"].before_rank) == (Decimal("86.02"), 17)
    assert (found["H2"].before, found["H2"].before_rank) == (None, None)


def test_unknown_set_is_refused(small, tell):
    tell(("H1", points("60")))

    with pytest.raises(UnknownName):
        small.asked(find_score_rows, "igate_2023-01-01_2023-12-31", as_of=day("31/5"))
