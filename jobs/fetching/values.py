"""What a source is asked, and what it answers: the values between a pull run and the modules of `jobs.sources`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, Protocol, TypedDict, Unpack

from pydantic import BaseModel

from targets.errors import CampaignError
from targets.values import Campaign, Qualifier, Scope, Source, Unit

Cadence = Literal["daily", "watch", "rehearsal"]
"""`daily`: one run for each business day. `watch`: looked at again and again, each thing found is taken once.
`rehearsal`: each run reports the demonstration's next day."""


FILES_LEFT = "files_left"
"""The failure of a look that could not finish with some files."""
SOURCES = "sources"
"""The home's folder for what sources drop or keep, one folder each."""


def folder_of(home: Path, source: str) -> Path:
    """The home's folder of a source."""
    return home / SOURCES / source


class PullFailed(CampaignError):
    """A pull that could not be completed; `failure` names a sentence `pull.failure.<failure>` that `terms` fill.

    `is_passing`: asking again later may help. `retry_after`: seconds the source asked us to wait.
    """

    def __init__(
        self, failure: str, /, *, is_passing: bool = False, retry_after: float | None = None, **terms: str
    ) -> None:
        reported = ", ".join(f"{name} {value}" for name, value in terms.items())
        super().__init__(f"The pull failed: {failure}" + (f" ({reported})" if reported else ""))
        self.failure, self.terms = failure, terms
        self.is_passing = is_passing
        self.retry_after = retry_after


def disk_refused(error: OSError) -> PullFailed:
    """This machine's own disk did not take what was to be written."""
    return PullFailed("disk_refused", is_passing=True, problem=error.strerror or str(error))


@dataclass(frozen=True)
class Reply:
    """An answer over HTTP, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Sent(TypedDict, total=False):
    """What goes along with a request, each part where it is needed, and which statuses are answers (200)."""

    query: Mapping[str, str] | None
    form: Mapping[str, str] | None
    json: Any
    headers: Mapping[str, str] | None
    accepted: tuple[int, ...]


class Http(Protocol):
    """The one polite connection of a run: paced, bounded in time and size, retried only where that helps.

    Every answer is handed to the run's archive before it is looked at.
    """

    def ask(self, method: str, address: str, **sent: Unpack[Sent]) -> Reply: ...

    def ask_json(self, method: str, address: str, **sent: Unpack[Sent]) -> Any:
        """The answer as JSON; raises PullFailed where it is a firewall's page, cut off or no JSON at all."""
        ...


@dataclass(frozen=True)
class Asking:
    """What a source is asked: one business day, of these units."""

    source: Source
    options: Any
    """The source's options as its kind's model read them."""
    campaign: Campaign
    day: date
    today: date
    """Business today."""
    units: tuple[Unit, ...]
    secret: str | None
    http: Http
    folder: Path
    """The home's folder for what this source drops or keeps."""
    is_simulated: bool
    tell: Callable[[str, Mapping[str, int]], None]
    """Called with what is being done: a step's code and its numbers."""
    baselines: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """Results of the baseline year in points by unit code and indicator: where a simulation starts."""


@dataclass(frozen=True)
class ReportedFigure:
    """One figure as the source reported it, before any check: texts stay texts.

    The unit is named by code, name or both, in the source's own way; `indicator` by key, name or portal column.
    `numerator`, `denominator` and `value` (a percent in points, a count, days, or whether a unit has it, as its
    indicator is measured) are numbers or texts as the source writes them.
    """

    place: str
    """Where it stood in the answer, for people who look for it: `page 2, row 17`."""
    unit_code: str
    unit_name: str
    indicator: str
    as_of: date
    numerator: int | str | None = None
    denominator: int | str | None = None
    value: float | str | None = None
    qualifier: Qualifier | None = None
    scope: Scope | None = None
    raw: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReportedScore:
    """Official points or a rank as the source reported them: never a rate. `indicator` "" is the total."""

    place: str
    unit_code: str
    unit_name: str
    indicator: str
    as_of: date
    points: str | None
    max_points: str | None
    rank: int | str | None = None
    rank_of: int | None = None
    rank_group: str = ""
    raw: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReportedFile:
    """A file that was found: brought in as an import would, then moved away by `settle`."""

    path: Path
    kind: str
    settle: Callable[[bool], Path | None]
    """Called once it is dealt with; True: its good rows are stored. Answers where it lies then; None: it is gone."""
    source: str | None = None
    """The source its figures count as; None: the one that found it."""
    most_revised: int = 100
    """Percent of the figures known of its days that it may revise without anybody looking at it first."""
    refused: str | None = None
    """Why it must not even be opened (a link, too large): a sentence `pull.failure.<refused>` that names its `file`."""


@dataclass(frozen=True)
class SourceAnswer:
    """All that a source answered for a day. `notes` are codes of sentences `pull.note.<code>` with their terms."""

    figures: tuple[ReportedFigure, ...] = ()
    scores: tuple[ReportedScore, ...] = ()
    files: tuple[ReportedFile, ...] = ()
    notes: tuple[tuple[str, Mapping[str, str]], ...] = ()


@dataclass(frozen=True)
class SourceKind:
    """A kind of source: one module of `jobs.sources` that ends in `SOURCE = SourceKind(...)`."""

    key: str
    options: type[BaseModel]
    """Its options; unknown ones are refused (`extra="forbid"`)."""
    tell: Callable[[Asking], SourceAnswer]
    needs_address: bool = True
    schemes: tuple[str, ...] = ("https", "http")
    """How its address may begin; empty where `mistakes` looks at the address itself."""
    needs_secret: bool = False
    cadence: Cadence = "daily"
    recovers: Callable[[Any, date, date], bool] = lambda options, day, today: True
    """Whether a past day can still be asked for (options, day, today); otherwise it is recorded as lost."""
    find_left: Callable[[Path, Any], Sequence[str]] = lambda folder, options: ()
    """The names of files that lie unfinished in the source's folder although nobody works on it (folder, options)."""
    mistakes: Callable[[Any, Source, Campaign], Sequence[tuple[str, str]]] = lambda options, source, campaign: ()
    """What else is wrong with how sources.toml describes a source of this kind: where, and the problem in English."""
    demand: Callable[[Source, str], str | None] = lambda source, language: None
    """What an operator must arrange elsewhere and this program cannot check; None: nothing."""
