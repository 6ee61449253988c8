"""How sources.toml declares a request: method, parameters, headers, pages; with gaps for the day and the secret."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from jobs.fetching.cells import as_text
from jobs.fetching.mapping import Mapped, asks_for_a_day, mapping_mistakes
from jobs.fetching.options import Options, answers_only_now
from jobs.fetching.secrets import signs_in
from jobs.fetching.templates import check_templates, filled, gaps_of
from jobs.fetching.values import Asking, PullFailed
from targets.values import Campaign, Source

MOST_ROWS = 500_000


class Pages(Options):
    """How an answer in pages is asked for. The page stands among the parameters, in the form or in the body."""

    number: str = "page"
    size_name: str | None = None
    size: int = Field(ge=1, le=10_000)
    """How many rows a full page has; the first page with fewer is the last."""
    first: int = Field(default=1, ge=0, le=1)
    stands_in: Literal["query", "form", "body"] = "query"

    def parameters(self, page: int) -> dict[str, int]:
        return {self.number: page} | ({self.size_name: self.size} if self.size_name else {})


class Requested(Mapped):
    """Options of the sources that are asked over HTTP as sources.toml declares."""

    method: Literal["GET", "POST"] = "GET"
    path: str = ""
    """Follows the address; it may hold gaps, which the address may not."""
    query: dict[str, str] = Field(default_factory=dict)
    form: dict[str, str] = Field(default_factory=dict)
    body: dict[str, Any] = Field(default_factory=dict)
    """Sent as JSON."""
    headers: dict[str, str] = Field(default_factory=dict)
    """A secret that no gap `{secret}` names is sent as `Authorization: Bearer …`."""
    accepted: tuple[int, ...] = (200,)
    pages: Pages | None = None

    @field_validator("path", "query", "form", "body", "headers")
    @classmethod
    def _has_known_gaps(cls, content: Any) -> Any:
        return check_templates(content)

    @field_validator("query", "form", "body", "headers")
    @classmethod
    def _writes_no_secret_out(cls, content: dict[str, Any]) -> dict[str, Any]:
        """These files stand in version control, and in every version the store keeps of them."""
        for name, value in content.items():
            # The value is not repeated: it may be the secret.
            if signs_in(name) and "secret" not in gaps_of(value):
                raise ValueError(f"writes “{name}” out; put {{secret}} there and name the variable that holds it")
        return content

    @model_validator(mode="after")
    def _sends_one_content(self) -> "Requested":
        if self.form and self.body:
            raise ValueError("sends either a form or a body, not both")
        if (self.form or self.body) and self.method == "GET":
            raise ValueError('sends a form or a body only with method = "POST"')
        if self.pages and self.pages.stands_in != "query" and self.method == "GET":
            raise ValueError('tells the page in a form or a body only with method = "POST"')
        return self


def ask_page(asking: Asking, options: Requested, page: int | None, *, as_json: bool) -> Any:
    """One page (None: the only one): the JSON, or the reply as it came."""
    sent: dict[str, dict[str, Any]] = {
        name: filled(getattr(options, name), asking) for name in ("query", "form", "body", "headers")
    }
    path = filled(options.path, asking)
    if options.pages is not None and page is not None:
        parameters: dict[str, Any] = dict(options.pages.parameters(page))
        if options.pages.stands_in != "body":
            parameters = {name: str(value) for name, value in parameters.items()}
        sent[options.pages.stands_in] |= parameters
    address = asking.source.address or ""
    if asking.secret and "secret" not in gaps_of(address, options.query, options.form, options.body, options.headers):
        sent["headers"]["Authorization"] = f"Bearer {asking.secret}"
    ask: Callable[..., Any] = asking.http.ask_json if as_json else asking.http.ask
    return ask(
        options.method,
        f"{asking.source.address or ''}{path}",
        query=sent["query"] or None,
        form=sent["form"] or None,
        json=sent["body"] or None,
        headers=sent["headers"] or None,
        accepted=options.accepted,
    )


def recovers(options: Requested, day: date, today: date) -> bool:
    """A request that names the day can be made again; one that does not reports only how things stand now."""
    sent = (options.path, options.query, options.form, options.body, options.headers)
    return asks_for_a_day(*sent) or answers_only_now(options, day, today)


def request_mistakes(options: Requested, source: Source, campaign: Campaign) -> list[tuple[str, str]]:
    """What can be checked only with the source and the campaign: gaps in the wrong place, unknown indicators."""
    mistakes = mapping_mistakes(options, campaign)
    if gaps_of(source.address or ""):
        mistakes.append(("address", "has gaps; write the part that holds them as options.path."))
    return mistakes


def counted(rows: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """The rows, as long as there are not too many to be figures of units."""
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise PullFailed("too_many_rows", most=str(MOST_ROWS))
        yield row


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
