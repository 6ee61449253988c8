"""How sources.toml declares a request: method, parameters, headers, pages; with gaps for the day and the secret."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

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
    return asks_for_a_day(*_sent(options)) or answers_only_now(options, day, today)


def request_mistakes(options: Requested, source: Source, campaign: Campaign) -> list[tuple[str, str]]:
    """What can be checked only with the source and the campaign: gaps in the wrong place, unknown indicators."""
    mistakes = mapping_mistakes(options, campaign)
    if gaps_of(source.address or ""):
        mistakes.append(("address", "has gaps; write the part that holds them as options.path."))
    return mistakes


def _sent(options: Requested) -> tuple[Any, ...]:
    return options.path, options.query, options.form, options.body, options.headers


def counted(rows: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """The rows, as long as there are not too many to be figures of units."""
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise PullFailed("too_many_rows", most=str(MOST_ROWS))
        yield row
