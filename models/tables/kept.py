"""What is kept: answers derived from the rest, rebuildable at any time by `python -m jobs derive`."""

from datetime import date

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Integer, false
from sqlmodel import Field, SQLModel

from models.core.columns import Day


class LatestReading(SQLModel, table=True):
    """The newest judged reading of each unit and indicator: governing source, declared basis, default scope."""

    __tablename__ = "latest_reading"
    __table_args__ = ({"sqlite_with_rowid": False},)
    unit_id: int = Field(sa_column=Column(Integer, ForeignKey("unit.id"), primary_key=True, autoincrement=False))
    indicator: str = Field(primary_key=True)
    series_id: int = Field(foreign_key="series.id")
    period_start: date = Field(sa_type=Day)
    as_of: date = Field(sa_type=Day)
    revision: int
    numerator: int | None = Field(default=None, sa_type=BigInteger)
    denominator: int | None = Field(default=None, sa_type=BigInteger)
    value: float | None = Field(default=None, sa_type=Float)
    is_bound: bool = False


class DailySum(SQLModel, table=True):
    """Counts pooled over the units of a group on a day, carried forward up to the stale limit.

    `pool` is `province` or `level:<key>`. `expected` units are valid on the day, `counted` ones are in the sums,
    `percent_only` ones have a figure without counts, or a bound, and are left out.
    """

    __tablename__ = "daily_sum"
    __table_args__ = ({"sqlite_with_rowid": False},)
    indicator: str = Field(primary_key=True)
    pool: str = Field(primary_key=True)
    day: date = Field(sa_column=Column(Day, primary_key=True, autoincrement=False))
    numerator: int | None = Field(default=None, sa_type=BigInteger)
    denominator: int | None = Field(default=None, sa_type=BigInteger)
    counted: int = 0
    percent_only: int = 0
    expected: int = 0


class ResultColumns(SQLModel):
    """What is stored of a `Result`: kept by day, and frozen for a meeting."""

    reading_as_of: date | None = Field(default=None, sa_type=Day)
    numerator: int | None = Field(default=None, sa_type=BigInteger)
    denominator: int | None = Field(default=None, sa_type=BigInteger)
    value: float | None = Field(default=None, sa_type=Float)
    is_pooled: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """It is the sum of those below."""
    is_bound: bool = False
    """The figure carries a qualifier (gần, trên, xấp xỉ)."""
    qualifier: str | None = None
    value_high: float | None = Field(default=None, sa_type=Float)
    """The high end of a range, whose low one is `value`; points."""
    stated: float | None = Field(default=None, sa_type=Float)
    """The percent told beside counts, where it is not theirs; points."""
    baseline: float | None = Field(default=None, sa_type=Float)
    target: float | None = Field(default=None, sa_type=Float)
    origin: str | None = None
    due: date | None = Field(default=None, sa_type=Day)
    gap: float | None = Field(default=None, sa_type=Float)
    cases_missing: int | None = Field(default=None, sa_type=BigInteger)
    cases_needed: int | None = Field(default=None, sa_type=BigInteger)
    share_needed: float | None = Field(default=None, sa_type=Float)
    attainable: float | None = Field(default=None, sa_type=Float)
    expected_cases: int | None = Field(default=None, sa_type=BigInteger)
    week_value: float | None = Field(default=None, sa_type=Float)
    week_numerator: int | None = Field(default=None, sa_type=BigInteger)
    week_denominator: int | None = Field(default=None, sa_type=BigInteger)
    week_change: float | None = Field(default=None, sa_type=Float)
    coverage: float | None = Field(default=None, sa_type=Float)
    trajectory: float | None = Field(default=None, sa_type=Float)
    ahead: float | None = Field(default=None, sa_type=Float)
    pace: float | None = Field(default=None, sa_type=Float)
    needed_pace: float | None = Field(default=None, sa_type=Float)
    projection: float | None = Field(default=None, sa_type=Float)
    low: float | None = Field(default=None, sa_type=Float)
    high: float | None = Field(default=None, sa_type=Float)
    probability: float | None = Field(default=None, sa_type=Float)
    by: str | None = None
    standing: str


class StandingRow(ResultColumns, table=True):
    """The result row of one unit, indicator, phase and day; every column as `targets.standing.progress` computed it.

    The key begins with the day and has no index beside it: a page asks for one day, and a unit's history is asked for
    by naming its days and indicators, a few hundred look-ups. A second index would double the cost of every load.
    """

    __tablename__ = "standing"
    __table_args__ = ({"sqlite_with_rowid": False},)
    day: date = Field(sa_column=Column(Day, primary_key=True, autoincrement=False))
    indicator: str = Field(primary_key=True)
    unit_id: int = Field(sa_column=Column(Integer, ForeignKey("unit.id"), primary_key=True, autoincrement=False))
    phase: str = Field(primary_key=True)
