"""Any address that answers in JSON: sources.toml declares the path to the rows and the column of each figure."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import Field, field_validator

from jobs.fetching.belonging import refuse_other_period
from jobs.fetching.cells import as_text
from jobs.fetching.mapping import reported_rows
from jobs.fetching.requests import Requested, Row, all_pages, ask_page, counted, listed_rows, recovers, request_mistakes
from jobs.fetching.templates import check_templates, filled
from jobs.fetching.values import Asking, PullFailed, SourceAnswer, SourceKind


class JsonOptions(Requested):
    """Paths are written `data.items` or, where names hold dots, as JSON pointers: `/data/items.2024/0`."""

    rows: str = ""
    """The path to the list of rows; empty: the answer is the list."""
    expected: dict[str, str] = Field(default_factory=dict)
    """Path → what must stand there, e.g. `"data.month" = "{month}"`; otherwise the answer is about something else."""

    @field_validator("expected")
    @classmethod
    def _expects_known_gaps(cls, content: Any) -> Any:
        return check_templates(content)


def tell(asking: Asking) -> SourceAnswer:
    """The rows of every page as figures."""
    pages = asking.options.pages
    if pages is None:
        rows = [(f"row {number}", row) for number, row in enumerate(_page(asking, None), start=1)]
    else:
        rows = all_pages(
            lambda page: _page(asking, page), asking, size=pages.size, first=pages.first,
            identity=lambda row: json.dumps(row, sort_keys=True, default=str),
        )  # fmt: skip
    return reported_rows(counted(rows), asking.options, asking, find=find)


def find(row: Any, path: str) -> tuple[bool, Any]:
    """What stands at a path, and whether there is such a place."""
    for name in _names(path):
        if isinstance(row, Mapping) and name in row:
            row = row[name]
        elif isinstance(row, list) and name.isdecimal() and int(name) < len(row):
            row = row[int(name)]
        else:
            return False, None
    return True, row


def _names(path: str) -> list[str]:
    if path.startswith("/"):
        return [name.replace("~1", "/").replace("~0", "~") for name in path[1:].split("/")]
    return path.split(".") if path else []


def _page(asking: Asking, page: int | None) -> list[Row]:
    options: JsonOptions = asking.options
    reported = ask_page(asking, options, page, as_json=True)
    refuse_other_period(reported, asking)
    for path, wanted in filled(options.expected, asking).items():
        is_there, value = find(reported, path)
        if not is_there or as_text(value) != wanted:
            raise PullFailed("not_as_expected", path=path, found=as_text(value)[:80], expected=wanted)
    is_there, rows = find(reported, options.rows)
    if not is_there:
        raise PullFailed("other_shape", where=options.rows)
    return listed_rows(rows, options.rows or "…")


SOURCE = SourceKind(key="http_json", options=JsonOptions, tell=tell, recovers=recovers, mistakes=request_mistakes)
