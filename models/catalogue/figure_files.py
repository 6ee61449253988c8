"""What a campaign begins with: baselines.csv, central.csv, registrations.csv, scores.csv, readings.csv, tasks.csv."""

from datetime import MINYEAR, date
from decimal import Decimal
from typing import get_args

from models.catalogue.csv_table import CsvRow, CsvTable, Names
from models.core.texts import text
from models.readings.records import (
    BaselineRecord,
    CentralRecord,
    ReadingRecord,
    ScoreRecord,
    TargetRecord,
    TaskRecord,
)
from targets.values import Qualifier, Scope

BASELINE_COLUMNS = ("unit", "indicator", "year", "value", "numerator", "denominator", "qualifier", "source", "note")
CENTRAL_COLUMNS = ("indicator", "year", "level", "value", "document", "source", "note")
REGISTRATION_COLUMNS = ("unit", "indicator", "phase", "value", "document", "date", "source", "note")
SCORE_COLUMNS = (
    "unit",
    "indicator",
    "year",
    "points",
    "max_points",
    "rank",
    "rank_of",
    "rank_group",
    "source",
    "note",
)
READING_COLUMNS = (
    "unit",
    "indicator",
    "as_of",
    "scope",
    "value",
    "value_high",
    "numerator",
    "denominator",
    "qualifier",
    "source",
    "note",
)
TASK_COLUMNS = ("unit", "what", "who", "due", "finding", "indicator", "document", "number", "done")
QUALIFIERS: tuple[Qualifier, ...] = tuple(word for word in get_args(Qualifier) if word != "range")
"""What a single figure may be; the file's decimals hold no range."""
SCOPES: tuple[Scope, ...] = get_args(Scope)


class _Once:
    """Notes rows that repeat what an earlier row said."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str | int | None, ...], int] = {}

    def check(self, row: CsvRow, *key: str | int | None) -> None:
        if not row.is_whole:
            return
        line = self._lines.setdefault(key, row.line)
        if line != row.line:
            said = ", ".join(str(part) for part in key if part)
            row.complain("", f"repeats line {line}: {said}.", code="repeats", line=line, said=said)


def entered_here() -> str:
    """What a file's row names as its source where none is known: it was entered in this system."""
    return text("campaign.entered_on_page", "vi")


def _source_note(row: CsvRow) -> str:
    """Where a figure is from, and what is said of it."""
    said = (row.text("source"), row.optional_text("note"))
    return " · ".join(part for part in said if part and part != entered_here())


def read_baselines(table: CsvTable, *, names: Names, baseline_year: int | None) -> tuple[BaselineRecord, ...]:
    """A baseline has a percent, counts or both; `baseline_year` None means that campaign.toml could not say it."""
    once = _Once()
    records = []
    for row in table.rows:
        indicator = names.indicator(row)
        record = BaselineRecord(
            unit=names.unit(row),
            indicator=indicator,
            year=row.year("year"),
            value=row.optional_decimal("value", most=names.ceilings.get(indicator)),
            numerator=row.optional_count("numerator"),
            denominator=row.optional_count("denominator"),
            qualifier=row.optional_word("qualifier", QUALIFIERS),
            source_note=_source_note(row),
        )
        if baseline_year is not None and record.year > baseline_year:
            problem = f"is {record.year}, after the campaign's baseline year {baseline_year}."
            row.complain("year", problem, code="after_baseline_year", value=record.year, year=baseline_year)
        _check_counts(row, record=record)
        once.check(row, record.unit, record.indicator, record.year)
        records.append(record)
    return tuple(records)


def _check_counts(row: CsvRow, *, record: BaselineRecord) -> None:
    numerator, denominator = record.numerator, record.denominator
    if numerator is None and denominator is None:
        if not any(row.peek(column) for column in ("value", "numerator", "denominator")):
            problem = "is empty; a baseline has a percent, or numerator and denominator."
            row.complain("value", problem, code="baseline_empty")
    elif numerator is None or denominator is None:
        empty = "numerator" if numerator is None else "denominator"
        if not row.peek(empty):
            row.complain(empty, "is empty; counts come in pairs, numerator and denominator.", code="count_alone")
    elif denominator == 0:
        problem = "is 0: nothing was counted, so there is no baseline. Leave the row out."
        row.complain("denominator", problem, code="nothing_counted")
    elif numerator > denominator:
        problem = f"is {numerator}, more than the denominator, {denominator}."
        row.complain("numerator", problem, code="more_than_most", value=numerator, most=denominator)


def read_central(table: CsvTable, *, names: Names) -> tuple[CentralRecord, ...]:
    once = _Once()
    records = []
    for row in table.rows:
        indicator = names.indicator(row)
        record = CentralRecord(
            indicator=indicator,
            year=row.year("year"),
            level=row.optional_name("level", known=names.levels, kind="level", reported_in="campaign.toml") or "",
            value=row.decimal("value", most=names.ceilings.get(indicator)),
            document=row.text("document"),
            source_note=_source_note(row),
        )
        row.refuse_formulas("document", "source", "note")
        once.check(row, record.indicator, record.year, record.level)
        records.append(record)
    return tuple(records)


def read_registrations(table: CsvTable, *, names: Names) -> tuple[TargetRecord, ...]:
    once = _Once()
    records = []
    for row in table.rows:
        indicator = names.indicator(row)
        record = TargetRecord(
            unit=names.unit(row),
            indicator=indicator,
            phase=names.phase(row),
            origin="registered",
            value=row.decimal("value", most=names.ceilings.get(indicator)),
            document=row.text("document"),
            document_date=row.optional_day("date"),
            source_note=_source_note(row),
        )
        row.refuse_formulas("document")
        once.check(row, record.unit, record.indicator, record.phase)
        records.append(record)
    return tuple(records)


def read_scores(table: CsvTable, *, names: Names) -> tuple[ScoreRecord, ...]:
    """Official points and ranks. The same points must stand in every rank group's row."""
    once = _Once()
    points: dict[tuple[str | int, ...], tuple[Decimal | None, int]] = {}
    records = []
    for row in table.rows:
        unit = names.unit(row)
        indicator = row.optional_name("indicator", known=names.indicators, kind="indicator", reported_in="indicators/")
        year = row.year("year")
        record = ScoreRecord(
            unit=unit,
            indicator=indicator or "",
            basis="year",
            period_start=date(year or MINYEAR, 1, 1),
            period_end=date(year or MINYEAR, 12, 31),
            as_of=date(year or MINYEAR, 12, 31),
            points=row.optional_decimal("points", most=None),
            max_points=row.optional_decimal("max_points", most=None),
            rank=row.optional_count("rank"),
            rank_of=row.optional_count("rank_of"),
            rank_group=row.optional_text("rank_group") or "",
            source=names.source(row),
            source_note=row.optional_text("note") or "",
        )
        _check_score(row, record=record)
        key = (record.unit, record.indicator or "total", year, record.source)
        once.check(row, *key, record.rank_group)
        reported, line = points.setdefault(key, (record.points, row.line))
        if row.is_whole and reported != record.points:
            problem = f"is {record.points}, but line {line} says {reported} for the same score."
            row.complain("points", problem, code="other_points", value=record.points, line=line, other=reported)
        records.append(record)
    return tuple(records)


def read_readings(table: CsvTable, *, names: Names) -> tuple[ReadingRecord, ...]:
    """Figures of publications: a percent, counts, both, or the upper count alone, each of a day."""
    once = _Once()
    records = []
    for row in table.rows:
        indicator = names.indicator(row)
        record = ReadingRecord(
            unit=names.unit(row),
            indicator=indicator,
            as_of=row.day("as_of"),
            scope=row.optional_word("scope", SCOPES),
            value=row.optional_decimal("value", most=names.ceilings.get(indicator)),
            value_high=row.optional_decimal("value_high", most=names.ceilings.get(indicator)),
            numerator=row.optional_count("numerator"),
            denominator=row.optional_count("denominator"),
            qualifier=row.optional_word("qualifier", get_args(Qualifier)),
            source=names.source(row),
            note=row.optional_text("note") or "",
        )
        row.refuse_formulas("note")
        _check_reading(row, record=record)
        once.check(row, record.unit, record.indicator, record.as_of.isoformat(), record.scope, record.source)
        records.append(record)
    return tuple(records)


def _check_reading(row: CsvRow, *, record: ReadingRecord) -> None:
    numerator, denominator = record.numerator, record.denominator
    if not any(row.peek(column) for column in ("value", "numerator", "denominator")):
        row.complain("value", "is empty; a figure has a percent, counts, or both.", code="figure_empty")
    elif numerator is None and denominator is not None and not row.peek("numerator"):
        problem = "is empty; a denominator says nothing without its numerator."
        row.complain("numerator", problem, code="denominator_alone")
    elif numerator is not None and denominator is not None and numerator > denominator:
        problem = f"is {numerator}, more than the denominator, {denominator}."
        row.complain("numerator", problem, code="more_right", value=numerator, denominator=denominator)
    is_range, high = record.qualifier == "range", record.value_high
    if is_range != bool(row.peek("value_high")):
        problem = "and the qualifier “range” go together: a range has a low end, value, and a high one."
        row.complain("value_high", problem, code="range_ends")
    elif high is not None and (record.value is None or high <= record.value):
        row.complain("value_high", f"is {high}, not above the low end.", code="range_falls", value=high)


def read_tasks(table: CsvTable, *, names: Names) -> tuple[TaskRecord, ...]:
    """Tasks of a plan or an inspection; one that has been done already says what shows it."""
    once = _Once()
    records = []
    for row in table.rows:
        record = TaskRecord(
            unit=names.unit(row),
            what=row.text("what"),
            who=row.text("who"),
            due=row.day("due"),
            finding=row.optional_text("finding") or "",
            indicator=row.optional_name(
                "indicator", known=names.indicators, kind="indicator", reported_in="indicators/"
            )
            or "",
            document=row.optional_text("document") or "",
            number=row.optional_text("number") or "",
            done=row.optional_text("done") or "",
        )
        row.refuse_formulas("what", "who", "finding", "document", "number", "done")
        # A numbered task is known by its number and document, any other by its words.
        once.check(row, record.unit, *((record.document, record.number) if record.number else (record.what,)))
        records.append(record)
    return tuple(records)


def _check_score(row: CsvRow, *, record: ScoreRecord) -> None:
    if not row.peek("points") and not row.peek("rank"):
        row.complain("points", "is empty; a score has points, a rank or both.", code="score_empty")
    if record.points is not None and record.max_points is not None and record.points > record.max_points:
        problem = f"is {record.points}, more than max_points, {record.max_points}."
        row.complain("points", problem, code="more_than_most", value=record.points, most=record.max_points)
    if record.rank == 0:
        row.complain("rank", "is 0; the first rank is 1.", code="rank_zero")
    if record.rank is not None and record.rank_of is not None and record.rank > record.rank_of:
        problem = f"is {record.rank}, but only {record.rank_of} were ranked."
        row.complain("rank", problem, code="more_than_most", value=record.rank, most=record.rank_of)
    if record.rank is not None and not record.rank_group and row.is_sound:
        row.complain("rank_group", "is empty; say among whom the unit was ranked.", code="rank_group_empty")
