"""A query into another database: one SELECT, read only, bound, bounded; on both engines that the tests have."""

import sqlite3
from datetime import date
from pathlib import Path

import psycopg
import pytest
from pydantic import ValidationError
from sqlalchemy import NullPool, create_engine
from sqlalchemy.engine import make_url

from jobs.sources import sql
from jobs.sources.sql import SOURCE
from targets.values import Source, Text
from tests.jobs.source_world import DAY, asked_of, checked, figures_in, gia_lai, refused_by, reported_by

FIGURES = [{"indicator": "payment", "numerator": "paid", "denominator": "with_fee"}]
COLUMNS = {"unit_code": "code", "figures": FIGURES}
QUERY = "SELECT code, paid, with_fee FROM daily WHERE day = :day -- one row a unit\nORDER BY code;"
BOTH = {("H21.58", "payment"): (3, 4), ("SYT", "payment"): (0, 0)}
TABLE = "CREATE TABLE daily (day date, code text, paid integer, with_fee integer)"
ROWS = [("2024-05-07", "SYT", 0, 0), ("2024-05-07", "H21.58", 3, 4), ("2024-05-06", "H21.58", 1, 2)]


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """Another office's SQLite file."""
    path = tmp_path / "một cửa.db"
    with sqlite3.connect(path) as connection:
        connection.execute(TABLE)
        connection.executemany("INSERT INTO daily VALUES (?, ?, ?, ?)", ROWS)
    connection.close()
    return path


@pytest.fixture
def postgresql(postgresql_url: str) -> str:
    url = make_url(postgresql_url)
    with psycopg.connect(f"host={url.query['host']} user=caodiem dbname={url.database}", autocommit=True) as connection:
        connection.execute(TABLE)
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO daily VALUES (%s, %s, %s, %s)", ROWS)
    return postgresql_url


def query(statement: str = QUERY, **other) -> dict:
    return COLUMNS | {"query": statement} | other


def test_rows_of_the_day_become_figures(office):
    result = reported_by(SOURCE, f"sqlite:///{office}", options=query())

    assert figures_in(checked(SOURCE, result)) == BOTH
    assert result.figures[0].raw == {"code": "H21.58", "paid": "3", "with_fee": "4"}


def test_rows_of_the_day_become_figures_on_postgresql_too(postgresql):
    result = reported_by(SOURCE, postgresql, options=query())

    assert figures_in(checked(SOURCE, result)) == BOTH


def test_every_parameter_is_bound(office):
    statement = (
        "SELECT 'H21.58' AS code, count(*) AS paid, :year * 100 + :month AS with_fee FROM daily "
        "WHERE day BETWEEN :from AND :to"
    )

    result = reported_by(SOURCE, f"sqlite:///{office}", options=query(statement))

    assert figures_in(checked(SOURCE, result)) == {("H21.58", "payment"): (3, 202405)}


def test_first_day_follows_the_basis(office):
    statement = "SELECT 'H21.58' AS code, count(*) AS paid, 9 AS with_fee FROM daily WHERE day >= :from AND day <= :day"

    result = reported_by(SOURCE, f"sqlite:///{office}", options=query(statement), basis="day")

    assert result.figures[0].numerator == 2


def test_colons_within_texts_are_no_parameters(office):
    statement = "SELECT 'H21.58' AS code, 1 AS paid, 2 AS with_fee, 'at :day, 10:30' AS note -- :nothing"

    assert len(reported_by(SOURCE, f"sqlite:///{office}", options=query(statement)).figures) == 1


def test_decimals_of_a_database_stay_what_they_are(postgresql):
    figures = [{"indicator": "payment", "value": "rate"}]
    statement = "SELECT 'H21.58' AS code, 33.30::numeric AS rate"

    result = reported_by(SOURCE, postgresql, options=query(statement, figures=figures))

    assert result.figures[0].value == 33.3


def test_nothing_can_be_changed_even_by_what_looks_like_reading(postgresql):
    statement = "SELECT 'H21.58' AS code, nextval('counted') AS paid, 1 AS with_fee"
    url = make_url(postgresql)
    with psycopg.connect(f"host={url.query['host']} user=caodiem dbname={url.database}", autocommit=True) as connection:
        connection.execute("CREATE SEQUENCE counted")

    failed = refused_by(SOURCE, postgresql, options=query(statement))

    assert failed.failure == "database_refused"
    assert "read-only transaction" in failed.terms["detail"]


def test_sqlite_file_is_opened_for_reading_only(office):
    before = office.read_bytes()

    failed = refused_by(SOURCE, f"sqlite:///{office}", options=query("SELECT * FROM nowhere"))

    assert (failed.failure, failed.terms["detail"]) == ("database_refused", "no such table: nowhere")
    assert office.read_bytes() == before
    assert list(office.parent.iterdir()) == [office]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM daily",
        "SELECT 1; DROP TABLE daily",
        "SELECT '--'; DROP TABLE daily",
        "WITH gone AS (DELETE FROM daily RETURNING *) SELECT * FROM gone",
        "SELECT * INTO other FROM daily",
        "SELECT * FROM daily FOR UPDATE",
        "SELECT /* ' */ 1; DROP TABLE daily --'",
        r"SELECT '\'; DROP TABLE daily --'",
        "SELECT 5--1; DROP TABLE daily",
        "ATTACH DATABASE 'x' AS x",
        "PRAGMA user_version = 2",
        "SELECT load_extension('x')",
        "SELECT 1 # comment",
        "",
        "SELECT * FROM daily WHERE day = :today",
    ],
)
def test_query_that_could_do_more_than_read_is_refused(statement):
    with pytest.raises(ValidationError):
        SOURCE.options.model_validate(query(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "select code from daily where note = 'please delete; drop -- nothing'",
        'SELECT "update" FROM daily',
        "WITH newest AS (SELECT max(day) FROM daily) SELECT * FROM newest",
        "SELECT replace(code, ' ', '') AS code, updated_at FROM daily;",
        "SELECT code::text FROM daily -- and so on",
    ],
)
def test_query_that_reads_may_say_any_words_in_its_texts_and_names(statement):
    assert SOURCE.options.model_validate(query(statement)).query == statement


@pytest.mark.soak
def test_query_that_runs_too_long_is_stopped(office):
    endless = (
        "WITH RECURSIVE counting(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counting) "
        "SELECT 'H21.58' AS code, sum(n) AS paid, 1 AS with_fee FROM counting"
    )

    failed = refused_by(SOURCE, f"sqlite:///{office}", options=query(endless, timeout_seconds=1))

    assert (failed.failure, failed.terms, failed.is_passing) == ("query_too_long", {"seconds": "1"}, True)


def test_query_that_runs_too_long_is_stopped_on_postgresql_too(postgresql):
    failed = refused_by(SOURCE, postgresql, options=query("SELECT pg_sleep(30)", timeout_seconds=1))

    assert (failed.failure, failed.terms, failed.is_passing) == ("query_too_long", {"seconds": "1"}, True)


def test_too_many_rows_are_no_figures_of_units(office):
    endless = (
        "WITH RECURSIVE counting(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counting) "
        "SELECT n AS code, 1 AS paid, 1 AS with_fee FROM counting"
    )

    failed = refused_by(SOURCE, f"sqlite:///{office}", options=query(endless, most_rows=2500))

    assert (failed.failure, failed.terms) == ("too_many_rows", {"most": "2500"})


@pytest.mark.parametrize(
    ("address", "failure"),
    [
        ("sqlite:////nowhere/at-all.db", "database_missing"),
        ("oracle+strange://reader@10.0.0.5/x", "driver_missing"),
        ("nonsense", "address_wrong"),
        ("postgresql://reader@127.0.0.1:9/x", "database_refused"),
    ],
)
def test_database_that_cannot_be_reached_is_said_to_be(address, failure):
    assert refused_by(SOURCE, address, options=query()).failure == failure


def test_empty_answer_and_missing_columns_are_refused(office):
    address = f"sqlite:///{office}"

    assert refused_by(SOURCE, address, options=query(), day=date(2024, 4, 1)).failure == "empty_answer"
    failed = refused_by(SOURCE, address, options=query("SELECT code, paid FROM daily"))
    assert (failed.failure, failed.terms) == ("columns_missing", {"columns": "with_fee"})


@pytest.fixture
def elsewhere(office, monkeypatch):
    """An engine that is not here: what is said to it, and what it answers to a question."""
    result = []

    def stands_in(*, is_mariadb=False, answer=None):
        class Overheard(sqlite3.Connection):
            def cursor(self, *given):
                return super().cursor(Listening)

        class Listening(sqlite3.Cursor):
            def execute(self, statement, *given):
                result.extend([statement] if statement.startswith(("SET", "SELECT code")) else [])
                if answer is not None and statement.startswith("SELECT code"):
                    raise answer
                return super().execute("SELECT 1" if statement.startswith("SET") else statement, *given)

        def engine(address, **options):
            made = create_engine(
                "sqlite://", poolclass=NullPool, creator=lambda: sqlite3.connect(office, factory=Overheard)
            )
            made.dialect.is_mariadb = is_mariadb
            return made

        monkeypatch.setattr(sql, "create_engine", engine)
        return result

    return stands_in


TIME_OF_MYSQL, TIME_OF_MARIADB = "SET SESSION MAX_EXECUTION_TIME = 60000", "SET SESSION max_statement_time = 60"


@pytest.mark.parametrize(
    ("engine", "is_mariadb", "said"),
    [
        ("mysql+pymysql", False, ["SET SESSION TRANSACTION READ ONLY", TIME_OF_MYSQL]),
        ("mysql+pymysql", True, ["SET SESSION TRANSACTION READ ONLY", TIME_OF_MARIADB]),
        ("mariadb+pymysql", True, ["SET SESSION TRANSACTION READ ONLY", TIME_OF_MARIADB]),
        ("oracle+oracledb", False, ["SET TRANSACTION READ ONLY"]),
    ],
)
def test_database_is_told_to_refuse_changes_before_it_is_asked(elsewhere, engine, is_mariadb, said):
    result = elsewhere(is_mariadb=is_mariadb)

    reported_by(SOURCE, f"{engine}://reader@10.0.0.5/motcua", options=query())

    assert result[:-1] == said
    assert result[-1].startswith("SELECT code")


@pytest.mark.parametrize("code", [1969, 3024])
def test_query_that_mariadb_or_mysql_stops_took_too_long(elsewhere, code):
    elsewhere(answer=sqlite3.OperationalError(code, "Query execution was interrupted"))

    failed = refused_by(SOURCE, "mysql+pymysql://reader@10.0.0.5/motcua", options=query())

    assert (failed.failure, failed.terms, failed.is_passing) == ("query_too_long", {"seconds": "60"}, True)


def test_account_that_may_only_read_is_asked_for():
    says = {
        address: SOURCE.demand(Source("one", Text("x", "x"), "sql", None, address=address), "en")
        for address in ("postgresql://reader@10.0.0.5/x", "mssql://reader@10.0.0.5/x", "sqlite:////x.db", "nonsense")
    }

    assert says["sqlite:////x.db"] is None
    assert "GRANT SELECT" in says["nonsense"]
    assert says["postgresql://reader@10.0.0.5/x"].endswith("postgresql is told to refuse every change")
    assert says["mssql://reader@10.0.0.5/x"].endswith("mssql cannot be told to help")


def test_password_comes_from_the_secret_and_is_never_said():
    address, secret = "postgresql://reader@127.0.0.1:9/x", "pass word/1"

    failed = refused_by(SOURCE, address, options=query(), secret=secret)

    assert failed.failure == "database_refused"
    assert secret not in str(failed)


def test_address_that_is_none_is_named_when_files_are_read():
    options = SOURCE.options.model_validate(query())
    with asked_of(SOURCE, "nonsense", options=query()) as asking:
        mistakes = SOURCE.mistakes(options, asking.source, gia_lai().campaign)

    assert [where for where, _ in mistakes] == ["address"]


def test_day_gone_by_can_be_had_back_where_the_query_names_it():
    named, unnamed = (SOURCE.options.model_validate(query(text)) for text in (QUERY, "SELECT 1 AS code -- :day"))

    assert SOURCE.recovers(named, DAY.replace(day=1), DAY)
    assert not SOURCE.recovers(unnamed, DAY.replace(day=1), DAY)
