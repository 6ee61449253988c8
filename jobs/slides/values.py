"""What a slide is: a finding as its headline, one picture, at most three facts, and where it all comes from."""

from dataclasses import dataclass
from datetime import date

MOST_FACTS = 3


@dataclass(frozen=True)
class Fact:
    """A number or a few names, and what is said of them."""

    strong: str
    words: str


@dataclass(frozen=True)
class Line:
    """One indicator against its target, in points; the words come finished."""

    key: str
    name: str
    standing: str
    standing_words: str
    now: float | None
    baseline: float | None
    trajectory: float | None
    target: float | None
    figure: str
    target_label: str
    missing: str


@dataclass(frozen=True)
class Lines:
    """Several indicators below each other."""

    rows: tuple[Line, ...]


@dataclass(frozen=True)
class Tick:
    """A target on its due date."""

    day: date
    value: float
    label: str


@dataclass(frozen=True)
class Ahead:
    """Where a rate is going by its due date; None where no interval is known."""

    day: date
    value: float
    low: float | None
    high: float | None
    label: str


@dataclass(frozen=True)
class Course:
    """An indicator over the campaign: its history, the trajectory through its targets, where it is going."""

    first: date
    last: date
    history: tuple[tuple[date, float], ...]
    trajectory: tuple[tuple[date, float], ...]
    ticks: tuple[Tick, ...]
    ahead: Ahead | None
    standing: str
    figure: str


@dataclass(frozen=True)
class Bar:
    """One unit as a bar; `mark` is a standing, or `up` or `down`."""

    name: str
    value: float
    label: str
    mark: str
    more: str = ""


@dataclass(frozen=True)
class Bars:
    """Units below each other on one scale."""

    rows: tuple[Bar, ...]
    unit_of_measure: str


@dataclass(frozen=True)
class Roll:
    """Named units or tasks with what is said of each. `marks`: the standing of each row, or "" where it has none."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marks: tuple[str, ...]


Picture = Lines | Course | Bars | Roll


@dataclass(frozen=True)
class Slide:
    """One message. `key` stands in its address; `picture` is None where there is nothing to show but the sentence."""

    key: str
    title: str
    """What it is about, in a few words: for the list of slides."""
    headline: str
    picture: Picture | None
    facts: tuple[Fact, ...]
    unit: str | None = None
    """The unit it is about, where it is about one."""
    indicator: str | None = None


@dataclass(frozen=True)
class Deck:
    """The slides of a meeting, and the line at the foot of each."""

    slides: tuple[Slide, ...]
    foot: str
    """Day of the figures · name of the snapshot · source · what is simulated or being checked."""
    simulated: bool
