"""An answer in pages, asked for one after another until one is not full."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from jobs.fetching.cells import as_text
from jobs.fetching.values import Asking, PullFailed

MOST_PAGES = 500
Row = Mapping[str, Any]
NO_ROW = "—"
"""Heading of what is no row at all."""


def all_pages(
    ask: Callable[[int], Sequence[Row]],
    asking: Asking,
    *,
    size: int,
    identity: Callable[[Row], Hashable],
    first: int = 1,
) -> list[tuple[str, Row]]:
    """Every row with its place, `page 2, row 17`. `identity`: what no two rows of an answer share across pages.

    Raises PullFailed where a page repeats an earlier one: then others are missing, and it is unknown which.
    """
    rows: list[tuple[str, Row]] = []
    seen: dict[Hashable, int] = {}
    for page in range(first, first + MOST_PAGES):
        found = ask(page)
        asking.tell("page", {"page": page - first + 1, "rows": len(rows) + len(found)})
        for row in found:
            if NO_ROW in row:
                continue
            earlier = seen.setdefault(_hashable(identity(row)), page)
            if earlier != page:
                raise PullFailed("page_repeated", is_passing=True, page=str(page), earlier=str(earlier))
        rows += [(f"page {page}, row {number}", row) for number, row in enumerate(found, start=1)]
        # More than asked for: the source knows no pages and answered all at once.
        if len(found) != size:
            return rows
    raise PullFailed("too_many_pages", pages=str(MOST_PAGES))


def _hashable(identity: Hashable) -> Hashable:
    """What distinguishes rows, also where one of them holds a list or a table in place of a word."""
    return tuple(map(as_text, identity)) if isinstance(identity, tuple) else identity


def listed_rows(reported: Any, where: str) -> list[Row]:
    """A list of tables, as an answer should hold one; raises PullFailed for anything else.

    What stands among tables and is none becomes a row of its own, for the checking of rows to refuse.
    """
    if not isinstance(reported, list) or (reported and not any(isinstance(row, Mapping) for row in reported)):
        raise PullFailed("other_shape", where=where)
    return [row if isinstance(row, Mapping) else {NO_ROW: row} for row in reported]


def refuse_missing(rows: Sequence[Row], names: Sequence[str]) -> None:
    """Raise PullFailed for columns that no row has, and for an answer without rows."""
    if not rows:
        raise PullFailed("empty_answer", is_passing=True)
    missing = [name for name in names if not any(name in row for row in rows)]
    if missing:
        raise PullFailed("columns_missing", columns=", ".join(missing))


def spelled(row: Row) -> dict[str, str]:
    """A row as texts, for people who look at it later."""
    return {as_text(name): as_text(value) for name, value in row.items()}
