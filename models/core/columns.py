"""Column types whose storage matters, and texts from outside made fit to be kept."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Integer, Numeric, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01: the whole number that numpy's datetime64[D] holds."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    return EPOCH + timedelta(days=number)


class Day(TypeDecorator[date]):
    """A date kept as days since 1970-01-01, so that large columns are read without parsing."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> int | None:
        return None if value is None else day_number(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> date | None:
        return None if value is None else day_of(value)


class Exact(TypeDecorator[Decimal]):
    """A decimal that comes back as it went in. SQLite has no such type and returns 33.30 as a float: it keeps text."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(40))
        return dialect.type_descriptor(Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return str(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


NEVER_STORED = "\ufffd"
"""Stands in place of what cannot be kept: a figure with it is none, so nothing is misread."""
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
MOST_NAME_BYTES = 240
"""Of a file's name: file systems take 255, and a number or `.part` may be added."""


def storable(text: str, longest: int | None = None) -> str:
    """A text as every store and screen takes it; one that is longer ends with an ellipsis."""
    if longest is not None and len(text) > longest:
        text = f"{text[: longest - 1]}…"
    if _UNSTORABLE.search(text):
        # Two halves that were written apart are one letter.
        whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        text = whole.replace("\x00", NEVER_STORED)
    return text


def storable_json(content: Any) -> Any:
    """The same of every text within a value that is kept as JSON."""
    if isinstance(content, str):
        return storable(content)
    if isinstance(content, dict):
        return {storable_json(name): storable_json(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [storable_json(value) for value in content]
    return content


def storable_name(name: str) -> str:
    """A file's name that every file system, store and screen takes. What distinguishes a long one stands at its
    end, which stays."""
    # Bytes that are no UTF-8 come as lone surrogates.
    letters = ["_" if letter == "/" or not letter.isprintable() else letter for letter in storable(name)]
    bare = "".join(letters).strip() or "_"
    written = bare.encode()
    if len(written) <= MOST_NAME_BYTES:
        return bare
    mark = "…"
    return mark + written[len(mark.encode()) - MOST_NAME_BYTES :].decode(errors="ignore")
