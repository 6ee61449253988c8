"""A query into another office's database: one SELECT, read only, its parameters bound, bounded in time and rows."""

import re
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import Field, field_validator
from sqlalchemy import Connection, Date, Engine, Integer, bindparam, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from jobs.fetching.mapping import Mapped, find_by_heading, mapping_mistakes, reported_rows
from jobs.fetching.options import answers_only_now
from jobs.fetching.secrets import Secrets
from jobs.fetching.templates import period_start, secret_of
from jobs.fetching.values import Asking, PullFailed, SourceAnswer, SourceKind
from models.core import texts
from targets.values import Campaign, Source

BLOCK = 1_000
CONNECT_SECONDS = 10
CANCELLED = "57014", 1969, 3024
"""The codes of PostgreSQL, MariaDB and MySQL for a statement that ran out of time."""
STEPS_BETWEEN_LOOKS = 20_000
"""SQLite's own measure of work, after which it asks whether to go on."""
PARAMETERS = ("day", "from", "to", "year", "month")
_ASIDE = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|--(?:\s[^\n]*|$)", re.MULTILINE)
"""Parts that are not the statement itself: texts, quoted names, comments; found from left to right."""
_UNSURE = re.compile(r"/\*|\*/|\\['\"]|--\S|#")
"""Where databases disagree about what is a comment or the end of a text."""
_READS = re.compile(r"\s*(select|with)\b", re.IGNORECASE)
_CHANGES = re.compile(
    r"\b(insert|update|delete|merge|replace\s+into|drop|alter|create|truncate|grant|revoke|call|exec|execute|into|lock"
    r"|copy|attach|detach|pragma|vacuum|set|begin|commit|rollback|do|load_extension)\b",
    re.IGNORECASE,
)
_PARAMETER = re.compile(r"(?<![:\w]):([A-Za-z_]\w*)")
_READ_ONLY = {
    "postgresql": ("SET TRANSACTION READ ONLY", "SET LOCAL statement_timeout = {milliseconds}"),
    # Of the session, so that it holds for the transaction that the query begins.
    "mysql": ("SET SESSION TRANSACTION READ ONLY", "SET SESSION MAX_EXECUTION_TIME = {milliseconds}"),
    "mariadb": ("SET SESSION TRANSACTION READ ONLY", "SET SESSION max_statement_time = {seconds}"),
    "sqlite": ("PRAGMA query_only = ON",),
    "oracle": ("SET TRANSACTION READ ONLY",),
}
"""Statements sent before the query, where the database knows them. A read-only account protects better."""


class QueryOptions(Mapped):
    """The query and what its columns are. It may use `:day`, `:from`, `:to` (days), `:year` and `:month` (numbers)."""

    query: str
    timeout_seconds: int = Field(default=60, ge=1, le=900)
    most_rows: int = Field(default=200_000, ge=1, le=1_000_000)

    @field_validator("query")
    @classmethod
    def _only_reads(cls, query: str) -> str:
        bare = _bare(query)
        if found := _UNSURE.search(_ASIDE.sub(_kept_text, query)):
            raise ValueError(f"holds {found[0]}, which databases read in different ways; comments are written “-- …”")
        if not _READS.match(bare) or ";" in bare:
            raise ValueError("must be one SELECT and nothing else")
        if found := _CHANGES.search(bare):
            raise ValueError(f"must only read; it says {found[1].upper()}")
        unknown = sorted(set(_PARAMETER.findall(bare)) - set(PARAMETERS))
        if unknown:
            known = ", ".join(f":{name}" for name in PARAMETERS)
            raise ValueError(f"has the parameter :{unknown[0]}, which nothing fills; there are {known}")
        return query

    def parameters(self) -> frozenset[str]:
        """The parameters the query uses."""
        return frozenset(_PARAMETER.findall(_bare(self.query)))


def _bare(query: str) -> str:
    """The statement without texts, quoted names and comments."""
    return _ASIDE.sub(lambda aside: " " if aside[0].startswith("--") else "''", query).strip().removesuffix(";").strip()


def _kept_text(aside: re.Match[str]) -> str:
    """Texts and names as they are, comments gone."""
    return " " if aside[0].startswith("--") else aside[0]


def _escaped(aside: re.Match[str]) -> str:
    """A colon within a text is no parameter."""
    return _kept_text(aside).replace(":", r"\:")


def tell(asking: Asking) -> SourceAnswer:
    """The query's rows as figures."""
    options: QueryOptions = asking.options
    secrets = Secrets(asking.secret)
    address = _address(asking)
    try:
        with _reading(address, options) as connection:
            names, rows = _answer(connection, options, _values(asking))
    except DBAPIError as error:
        if _was_stopped(error.orig):
            raise PullFailed("query_too_long", is_passing=True, seconds=str(options.timeout_seconds)) from None
        detail = secrets.removed(str(error.orig).strip().split("\n")[0])[:200]
        raise PullFailed("database_refused", is_passing=error.connection_invalidated, detail=detail) from None
    except SQLAlchemyError as error:
        raise PullFailed("database_refused", detail=secrets.removed(str(error).split("\n")[0])[:200]) from None
    return reported_rows(
        ((f"row {number}", dict(zip(names, row, strict=True))) for number, row in enumerate(rows, start=1)),
        options,
        asking,
        find=find_by_heading,
    )


def _was_stopped(error: BaseException | None) -> bool:
    """Whether a database gave up because its time was over: most say so by a code, SQLite by a word."""
    is_interrupted = isinstance(error, sqlite3.OperationalError) and str(error) == "interrupted"
    code = getattr(error, "sqlstate", None) or next(iter(getattr(error, "args", ())), None)
    return is_interrupted or code in CANCELLED


def _address(asking: Asking) -> URL:
    try:
        address = make_url(asking.source.address or "")
    except ArgumentError:
        raise PullFailed("address_wrong", address=Secrets(asking.secret).removed(asking.source.address or "")) from None
    return address.set(password=secret_of(asking)) if asking.source.secret else address


def _values(asking: Asking) -> dict[str, date | int]:
    wanted = asking.options.parameters()
    values: dict[str, date | int] = {
        "day": asking.day,
        "to": asking.day,
        "year": asking.day.year,
        "month": asking.day.month,
    }
    if "from" in wanted:
        named = [figure.indicator for figure in asking.options.figures if figure.indicator]
        values["from"] = period_start(asking, *named)
    return {name: value for name, value in values.items() if name in wanted}


@contextmanager
def _reading(address: URL, options: QueryOptions) -> Iterator[Connection]:
    """A connection of its own that cannot change anything where the database offers that; nothing is ever committed."""
    engine = _engine(address)
    try:
        with engine.connect() as connection:
            milliseconds = options.timeout_seconds * 1000
            for statement in _READ_ONLY.get(
                ("mariadb" if getattr(connection.dialect, "is_mariadb", False) else address.get_backend_name()), ()
            ):
                connection.execute(text(statement.format(milliseconds=milliseconds, seconds=options.timeout_seconds)))
            if address.get_backend_name() == "sqlite":
                _limit_sqlite(connection, options.timeout_seconds)
            yield connection
            connection.rollback()
    finally:
        engine.dispose()


def _engine(address: URL) -> Engine:
    try:
        if address.get_backend_name() == "sqlite":
            return _sqlite_engine(address)
        arguments: dict[str, Any] = (
            {"connect_timeout": CONNECT_SECONDS}
            if address.get_backend_name() in ("postgresql", "mysql", "mariadb")
            else {}
        )
        return create_engine(address, poolclass=NullPool, connect_args=arguments)
    except (NoSuchModuleError, ImportError):
        raise PullFailed("driver_missing", engine=address.drivername) from None


def _sqlite_engine(address: URL) -> Engine:
    path = Path(address.database or "")
    if not path.is_file():
        raise PullFailed("database_missing", file=path.name)
    place = f"file:{quote(str(path.resolve()))}?mode=ro"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(place, uri=True, timeout=CONNECT_SECONDS)
        # A text that is no UTF-8 is its row's fault and not the day's.
        connection.text_factory = lambda text: text.decode(errors="replace")
        return connection

    return create_engine("sqlite://", poolclass=NullPool, creator=connect)


def _limit_sqlite(connection: Connection, seconds: int) -> None:
    driver = connection.connection.driver_connection
    ends = time.monotonic() + seconds
    if isinstance(driver, sqlite3.Connection):
        driver.set_progress_handler(lambda: time.monotonic() > ends, STEPS_BETWEEN_LOOKS)


def _answer(
    connection: Connection, options: QueryOptions, values: Mapping[str, date | int]
) -> tuple[list[str], list[Sequence[Any]]]:
    """The columns' names and every row. Raises PullFailed where there are more rows than allowed."""
    types = {name: Date() if isinstance(value, date) else Integer() for name, value in values.items()}
    statement = _ASIDE.sub(_escaped, options.query).strip().removesuffix(";")
    query = text(statement).bindparams(*(bindparam(name, value, type_=types[name]) for name, value in values.items()))
    result = connection.execution_options(stream_results=True, max_row_buffer=BLOCK).execute(query)
    names = list(result.keys())
    rows: list[Sequence[Any]] = []
    while block := result.fetchmany(BLOCK):
        rows += [tuple(row) for row in block]
        if len(rows) > options.most_rows:
            raise PullFailed("too_many_rows", most=str(options.most_rows))
    return names, rows


def _recovers(options: QueryOptions, day: date, today: date) -> bool:
    """A query that names the day can be asked again for another one."""
    return not options.parameters().isdisjoint(("day", "to")) or answers_only_now(options, day, today)


def _demand(source: Source, language: str) -> str | None:
    """The other office must make the account read-only; how far its database helps is said beside it."""
    try:
        engine = make_url(source.address or "sqlite://").get_backend_name()
    except ArgumentError:
        return texts.text("doctor.demand.reader", language)
    helped = "helped" if engine in _READ_ONLY else "not_helped"
    return None if engine == "sqlite" else texts.text(f"doctor.demand.{helped}", language, engine=engine)


def _mistakes(options: QueryOptions, source: Source, campaign: Campaign) -> list[tuple[str, str]]:
    mistakes = mapping_mistakes(options, campaign)
    try:
        make_url(source.address or "sqlite://").get_dialect()
    except (ArgumentError, NoSuchModuleError):
        mistakes.append(("address", "is no database address, such as postgresql://reader@10.0.0.5/motcua."))
    return mistakes


SOURCE = SourceKind(
    key="sql", options=QueryOptions, tell=tell, schemes=(), recovers=_recovers, mistakes=_mistakes, demand=_demand
)
