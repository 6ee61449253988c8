"""What a slide is: a headline of one line, one picture, at most three facts, and a line of small words below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MOST_STEPS = 5


@dataclass(frozen=True)
class Fact:
    """A figure that the picture does not show, and what it is."""

    words: str
    strong: str


@dataclass(frozen=True)
class Marked:
    """What a mark of the picture means; the mark is a standing."""

    mark: str
    words: str


@dataclass(frozen=True)
class Line:
    """One indicator against its target, in points; the words come finished."""

    key: str
    name: str
    short_name: str
    is_main: bool
    standing: str
    word: str
    """The standing in a word or two; `reason` says why, `in_full` both with the best still to be had."""
    reason: str
    in_full: str
    now: float | None
    trajectory: float | None
    target: float | None
    figure: str
    points: str
    """Missing points as a bare number, "—" where none are known; `missing` says it in words, or nothing."""
    missing: str


@dataclass(frozen=True)
class Lines:
    """Several indicators below each other, under the heads of their columns."""

    heads: tuple[str, str, str, str, str]
    """Of the indicator, its figure, its bar, what is missing, and its standing."""
    rows: tuple[Line, ...]


@dataclass(frozen=True)
class Tick:
    """A target on its due date; `at` is where its words stand, so that they do not meet others of the same day."""

    day: date
    value: float
    label: str
    at: float


@dataclass(frozen=True)
class Ahead:
    """Where a rate is going by its due date; low and high are None where no interval is known."""

    day: date
    value: float
    low: float | None
    high: float | None
    label: str
    at: float


@dataclass(frozen=True)
class Course:
    """An indicator up to its milestone: its history, the trajectory through its targets, where it is going."""

    first: date
    last: date
    low: int
    high: int
    """Percent at the bottom and at the top, whole tens; of a count or of days from 0 to a round figure."""
    baseline: str
    """What is said of the day on which the trajectory begins; empty where it has no baseline."""
    history: tuple[tuple[date, float], ...]
    trajectory: tuple[tuple[date, float], ...]
    ticks: tuple[Tick, ...]
    ahead: Ahead | None
    standing: str
    figure: str
    step: int | None = None
    """Of a count or of days: from one figure of the axis to the next; None of a rate."""


def round_step(top: float) -> int:
    """What an axis from 0 goes up by: 1, 2 or 5 with noughts, so that five steps reach the top."""
    step = 1
    while top > MOST_STEPS * step:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return step


def round_top(values: Sequence[float]) -> int:
    """The round figure above all that is drawn, with room for words."""
    most = max(values, default=0.0) * 1.05
    step = round_step(most)
    return max(step, -int(-most // step) * step)


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
    numbers: tuple[int, ...] = ()
    """Places of the columns that hold numbers."""


Picture = Lines | Course | Bars | Roll


@dataclass(frozen=True)
class Slide:
    """One message. `key` stands in its address; `picture` is None where there is nothing to show but the sentence."""

    key: str
    title: str
    """What it is about, in a few words: for the list of slides."""
    headline: str
    """The finding in one line, for the back row."""
    finding: str
    """The same with all that the picture shows, for letters and for whoever listens."""
    picture: Picture | None
    facts: tuple[Fact, ...] = ()
    legend: tuple[Marked, ...] = ()
    below: tuple[str, ...] = ()
    """What the picture leaves out, in one line of small words."""
    about_picture: tuple[str, ...] = ()
    """How the picture is drawn, said behind it; nothing for papers without the picture."""
    unit: str | None = None
    """The unit it is about, where it is about one."""
    indicator: str | None = None


@dataclass(frozen=True)
class Deck:
    """The slides of a meeting, and the line at the foot of each."""

    slides: tuple[Slide, ...]
    foot: str
    """Day of the figures · name of the snapshot · what is simulated, proposed or being checked."""
