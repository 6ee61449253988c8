"""Column types whose storage matters, on both engines."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import select

from models.core.columns import day_number, day_of
from models.tables import CentralTarget, UnitRow
from tests.models.conftest import at


def stored(store, value):
    with store.writing() as session:
        session.add(
            CentralTarget(
                indicator="online",
                year=2024,
                value=value,
                document="d",
                by="x",
                reason="x",
                recorded_at=at("1/3 08:00"),
            )
        )
    with store.reading() as session:
        return session.exec(select(CentralTarget)).one()


@given(st.dates())
def test_day_number_and_day_of_undo_each_other(day):
    assert day_of(day_number(day)) == day


def test_day_numbers_count_from_1970():
    assert [day_number(date(1970, 1, 1)), day_number(date(2024, 3, 22)), day_number(date(1969, 12, 31))] == [
        0,
        19804,
        -1,
    ]


def test_day_is_kept_as_a_whole_number_and_comes_back_as_a_date(migrated):
    with migrated.writing() as session:
        session.add(UnitRow(code="X", level="commune", name="X", valid_to=date(2024, 10, 31)))

    with migrated.reading() as session:
        raw = session.connection().execute(text("SELECT valid_from, valid_to FROM unit")).one()
        row = session.exec(select(UnitRow)).one()

    assert tuple(raw) == (None, 20027)
    assert (row.valid_from, row.valid_to) == (None, date(2024, 10, 31))


def test_days_compare_as_days_in_questions(migrated):
    with migrated.writing() as session:
        session.add(UnitRow(code="A", level="commune", name="A", valid_to=date(2024, 9, 30)))
        session.add(UnitRow(code="B", level="commune", name="B", valid_to=date(2024, 10, 1)))

    with migrated.reading() as session:
        found = session.exec(select(UnitRow.code).where(UnitRow.valid_to > date(2024, 9, 30))).all()

    assert found == ["B"]


def test_decimals_come_back_with_every_digit_they_went_in_with(migrated):
    written = ["33.30", "67.37", "0", "100", "0.000001", "99.999999", "12345678901234.123456"]

    with migrated.writing() as session:
        session.add_all(
            CentralTarget(
                indicator=value,
                year=2024,
                value=Decimal(value),
                document="d",
                by="x",
                reason="x",
                recorded_at=at("1/3"),
            )
            for value in written
        )

    with migrated.reading() as session:
        rows = session.exec(select(CentralTarget).order_by(CentralTarget.id)).all()
    assert [str(row.value) for row in rows] == written


def test_decimal_that_is_not_known_stays_unknown(migrated):
    assert stored(migrated, None).value is None


def test_instant_comes_back_as_the_same_moment_whatever_offset_it_went_in_with(migrated):
    row = stored(migrated, Decimal(1))

    assert row.recorded_at == at("1/3 08:00")
    assert row.recorded_at.utcoffset() is not None
