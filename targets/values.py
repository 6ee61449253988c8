"""The words of a campaign as values: what the campaign's files say, once they have been checked.

Everything here is frozen. Percents are in points (50 means 50 %), exact decimals where people decide them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args

import numpy as np

Basis = Literal["campaign", "day", "month", "quarter", "year"]
Scope = Literal["own", "below"]
"""`own`: the unit's own counter; `below`: the unit with every unit below it."""
Shortfall = Literal["repairable", "diluted", "permanent"]
"""What becomes of a past miss: it can be mended (digitising an old dossier), only outweighed by later dossiers
(a dossier once handed in on paper), or it stays and makes 100 % unreachable (a late answer)."""
Origin = Literal["proposed", "issued", "registered"]
MeasuredIn = Literal["percent", "units", "count", "days"]
"""What an indicator's figures are: a share of cases; of units that have it ("19/20"); a number of cases; days."""
Direction = Literal["up", "down"]
"""Whether a higher figure is better, or a lower one (dossiers overdue, days waited): `targets.standing.direction`."""
RuleKind = Literal["none", "fixed", "central_plus"]
UpliftKind = Literal["points", "relative"]
AtOrAbove = Literal["own_plus_uplift", "own_or_central_plus_uplift"]
PhaseOne = Literal["half_uplift", "midpoint"]
Qualifier = Literal["about", "over", "under", "more", "less", "range"]
"""xấp xỉ · trên · gần · hơn · dưới · từ … đến …. A qualified figure is a bound, never a value."""
QUALIFIERS: tuple[Qualifier | None, ...] = (None, *get_args(Qualifier))
"""In arrays a figure's qualifier is its place here: 0 where it is exact."""
ABOUT, OVER, UNDER, MORE, LESS, RANGE = range(1, len(QUALIFIERS))
MAY_BE_LESS = np.isin(np.arange(len(QUALIFIERS)), (ABOUT, UNDER, LESS))
MAY_BE_MORE = np.isin(np.arange(len(QUALIFIERS)), (ABOUT, OVER, MORE))
"""By qualifier: the true figure may lie below, or above, the one written. A range is held as its low and high end."""
MIRRORED = np.array([0, ABOUT, UNDER, OVER, LESS, MORE, RANGE])
"""What a qualifier becomes of the rest: where "trên 80%" is done, "gần 20%" is left."""

PUBLISHED = "published"
"""The kind of a source that is an article, a plan or a yearly report: nobody waits for its next figure."""
NEVER_STALE = 10**6
"""Working days that no figure of a published source outlives."""

STANDINGS = (
    "no_target",
    "no_cases",
    "insufficient",
    "stale",
    "met",
    "missed",
    "out_of_reach",
    "likely",
    "at_risk",
    "high_risk",
    "unlikely",
)
"""In the order of precedence that the public surface promises."""


@dataclass(frozen=True)
class Text:
    """A name in both languages."""

    vi: str
    en: str

    def of(self, language: str) -> str:
        return self.en if language == "en" else self.vi


@dataclass(frozen=True)
class Measure:
    """What figures, gaps and targets of an indicator are written in; `counted` is what is counted."""

    kind: MeasuredIn = "percent"
    counted: Text = Text("", "")

    @property
    def is_rate(self) -> bool:
        """A share of something, between 0 and 100; a count and a duration are figures of their own."""
        return self.kind in ("percent", "units")


PERCENT = Measure()
LARGEST = Decimal(10**12)
"""No figure is larger: the ceiling of what has none."""


@dataclass(frozen=True)
class Phase:
    """A stretch of the campaign with a target of its own; `due` is inclusive, None where it is open-ended."""

    key: str
    name: Text
    start: date
    due: date | None


@dataclass(frozen=True)
class Level:
    """A level of the tree: its default scope says what a figure means when nothing else is said."""

    key: str
    name: Text
    group: Text | None
    default_scope: Scope
    is_pooled: bool = True
    """Where its figures hold all below: a unit that tells none is the sum of the units below it, else it has none."""


@dataclass(frozen=True)
class Rule:
    """How one indicator's targets are proposed; see `targets.rules`. `none`: it is followed, no target is meant."""

    kind: RuleKind
    value: Decimal = Decimal(100)
    values: tuple[tuple[str, Decimal], ...] = ()
    """Of `fixed`: the phases with a value of their own, in their order; one that is not named keeps the last before."""
    uplift: Decimal = Decimal(10)
    uplift_kind: UpliftKind = "points"
    at_or_above: AtOrAbove = "own_plus_uplift"
    phase_1: PhaseOne = "half_uplift"
    share: Decimal = Decimal("0.5")
    """Of `central_plus`: the part of the uplift that the first of several phases owes."""
    shares: tuple[tuple[str, Decimal], ...] = ()
    """Of `central_plus`: the phases on the way, each with its own part; every other phase then owes the final value."""

    @property
    def needs_central(self) -> bool:
        """Whether it proposes nothing until the central target is known."""
        return self.kind == "central_plus"

    @property
    def needs_baseline(self) -> bool:
        """Whether a unit's own result before the campaign is part of what it proposes."""
        return self.kind == "central_plus"

    def value_of(self, phase: str, phases: Sequence[str]) -> Decimal:
        """What a fixed rule gives in a phase; `phases`: every phase of the campaign, in order."""
        found = self.value
        of_phase = dict(self.values)
        for key in phases[: phases.index(phase) + 1] if self.values else ():
            found = of_phase.get(key, found)
        return found

    def share_of(self, phase: str, *, is_first: bool) -> Decimal | None:
        """The part of the uplift that a phase on the way owes, None for the final value; `is_first` of several."""
        if self.shares:
            return dict(self.shares).get(phase)
        return self.share if is_first else None


@dataclass(frozen=True)
class Knot:
    """A bend in the path to a phase's target: when so much of the phase's time is over, so much of the way is owed.

    Both in percent, between 0 and 100. Time runs from the milestone before (or the day before the campaign) to the
    unit's own due date, so that units with dates of their own bend alike.
    """

    phase: str
    time: Decimal
    way: Decimal


@dataclass(frozen=True)
class Indicator:
    """One indicator, as its file in the campaign folder describes it."""

    key: str
    order: int
    name: Text
    short_name: Text
    numerator: Text
    denominator: Text
    counted: Text
    """What is counted, for "còn thiếu 95 …": hồ sơ, thủ tục, hồ sơ có phí, phiếu đánh giá."""
    sources: tuple[str, ...]
    """The order in which sources govern."""
    rule: Rule
    portal_column: str = ""
    """The national portal's column; empty where the portal does not know the indicator."""
    max_points: Decimal | None = None
    """The portal's highest score; None where it gives none."""
    ceiling: Decimal = Decimal(100)
    basis: Basis = "campaign"
    arriving: bool = True
    """New cases keep coming (dossiers); False for a stock that is worked off (procedures to be published)."""
    shortfall: Shortfall = "diluted"
    aliases: tuple[str, ...] = ()
    knots: tuple[Knot, ...] = ()
    """Where the path bends, phase by phase in the order of time; straight where there are none."""
    points_per_case: Decimal | None = None
    """A unit is small where one case moves its rate by more points; None: as the campaign's `small_volume` says."""
    direction: Direction = "up"
    floor: Decimal = Decimal(0)
    """Below it no target lies where a lower figure is better, as none lies above the ceiling where a higher one is."""
    measured_in: MeasuredIn = "percent"
    also_of: str = ""
    """Another indicator, of whose cases too the cases that count are told as a share: on time of those resolved, and
    of those received."""
    grades: tuple[str, ...] = ()
    """Of a graded survey: the indicators that hold the votes of each grade, best first."""
    grades_met: int = 0
    """How many of them, from the best on, count as votes for it."""
    grade_of: str = ""
    """The survey that it is a grade of."""

    @property
    def named_cases(self) -> Mapping[str, Text]:
        """The names of the cases that count and of all, where its file names them beside what is counted."""
        named = {"numerator": self.numerator, "denominator": self.denominator}
        return {key: name for key, name in named.items() if self.measured_in == "percent" or name != self.counted}

    @property
    def measure(self) -> Measure:
        return Measure(self.measured_in, self.counted)

    @property
    def lower_is_better(self) -> bool:
        return self.direction == "down"

    @property
    def best(self) -> Decimal:
        """The best figure that a target may ask for: the ceiling, or the floor where a lower figure is better."""
        return self.floor if self.lower_is_better else self.ceiling


@dataclass(frozen=True)
class Source:
    """Where figures come from; the campaign's `sources.toml`."""

    key: str
    name: Text
    kind: str
    """What reads it: a module of `jobs.sources`, or "file" and PUBLISHED for what people hand in."""
    basis: Basis | None
    """None: the indicator's own basis."""
    enabled: bool = True
    schedule: str | None = None
    """When it is pulled: five fields of cron in Vietnamese time; None where it is pulled by hand or not at all."""
    lag_days: int = 0
    """How many days before the pull the day lies that it describes: 1 for a pull at 02:00 about yesterday."""
    late_after_minutes: int = 120
    """How long after its time a pull may still be under way before it is called late."""
    stale_after_working_days: int | None = None
    """How old its figures may grow; None: the campaign's own limit."""
    contact: str | None = None
    """Code of the unit that sends its files: whoever heads it is told of a dropped file that was not taken in."""
    address: str | None = None
    secret: str | None = None
    """Name of the environment variable that holds its token or password; never the secret itself."""
    scope: Scope | None = None
    """What its figures cover; None: the default of the unit's level."""
    indicators: tuple[str, ...] = ()
    """Which indicators are taken from it; empty: all it reports."""
    units: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Its own codes or names of units that are not ours → our unit codes."""
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """What only its kind knows, checked by the kind's module."""


SignsAs = Literal["TM", "KT", "TL"]
"""By decree 30/2020/NĐ-CP. TM: the head for the body; KT: a deputy for the head; TL: somebody by the head's order."""


@dataclass(frozen=True)
class Signer:
    """Who may sign the campaign's documents; without a name there is room for one."""

    signs_as: SignsAs
    title: str
    name: str = ""


@dataclass(frozen=True)
class UnitPhase:
    """A unit's own dates for a phase, under a document of its own."""

    unit: str
    phase: str
    start: date
    due: date | None
    document: str


ChangeKind = Literal["merge", "split", "close", "move", "rename"]
Counting = Literal["carried", "continued", "apart"]
"""Where what a unit had done goes when it ends. `carried`: to its successors, whose counters begin anew; `continued`:
it is in their counters already; `apart`: to no successor, but to the own part of the unit above it."""


@dataclass(frozen=True)
class UnitChange:
    """What became of a unit: one row of unit_changes.csv. units.csv says what is, these rows what was until when."""

    day: date
    """The first day on which it holds: a unit that ends existed up to the day before."""
    kind: ChangeKind
    unit: str
    to: str | None = None
    """Who follows a unit that ends; a unit that is split has several rows."""
    share: Decimal = Decimal(100)
    """Percent of what it had done that goes to `to`."""
    former: str | None = None
    """Of a move the parent until then, of a renaming the name until then."""
    counts: Counting = "carried"
    document: str = ""


@dataclass(frozen=True)
class Thresholds:
    """Limits of standing. Probability: at least; gap (points behind): at most."""

    likely: Decimal
    at_risk: Decimal
    high_risk: Decimal
    gap_likely: Decimal
    gap_at_risk: Decimal
    gap_high_risk: Decimal


@dataclass(frozen=True)
class ScoreBand:
    """A class of official scores, from `floor` points up."""

    floor: Decimal
    name: Text


@dataclass(frozen=True)
class Campaign:
    """What a campaign folder says apart from its units and figures."""

    key: str
    title: Text
    short_title: Text
    province: str
    document: str
    """The number of the plan that the campaign follows; empty where none is known, as is its date."""
    document_date: date | None
    start: date
    end: date
    baseline_year: int
    target_year: int
    holidays: str
    phases: tuple[Phase, ...]
    unit_phases: tuple[UnitPhase, ...]
    levels: tuple[Level, ...]
    indicators: tuple[Indicator, ...]
    sources: tuple[Source, ...]
    thresholds: Thresholds
    score_bands: tuple[ScoreBand, ...]
    score_bands_confirmed: bool
    stale_after_working_days: int
    volume_window_days: int
    small_volume: int
    disagreement_points: Decimal
    least_coverage: Decimal = Decimal(50)
    """Percent of a group's units, and of their usual cases, that must have reported before the group is judged."""
    main_indicator: str = ""
    """Key of the indicator that pages show unless another is asked for; empty: the first."""
    unit_changes: tuple[UnitChange, ...] = ()
    """In the order of their days."""
    signers: tuple[Signer, ...] = ()
    """Who may sign its documents, whoever usually does first; empty: the head of the unit at the top."""
    recipients: tuple[str, ...] = ()
    """To whom its documents go besides those whom they concern: "Thường trực Tỉnh ủy (để báo cáo)"."""

    @property
    def main(self) -> str:
        """Key of the indicator that pages show unless another is asked for."""
        return self.main_indicator or self.indicators[0].key

    @property
    def days(self) -> int:
        """Length in days, both ends counted."""
        return (self.end - self.start).days + 1

    @property
    def baseline_day(self) -> date:
        """The day on which the baseline stands: the one before the start."""
        return self.start - timedelta(days=1)

    def day_number(self, day: date) -> int:
        """Day n of N: 1 on the first day, 0 or less before it."""
        return (day - self.start).days + 1

    def indicator(self, key: str) -> Indicator:
        return next(indicator for indicator in self.indicators if indicator.key == key)

    @property
    def own_lines(self) -> tuple[Indicator, ...]:
        """The indicators that are lines of their own where all stand below each other in short: overview, slides,
        mails. A survey's grades are told with it."""
        return tuple(indicator for indicator in self.indicators if not indicator.grade_of)

    def small_volume_of(self, indicator: str) -> int:
        """Below so many cases of an indicator a unit is small: one case moves its rate by more than is allowed."""
        allowed = self.indicator(indicator).points_per_case
        return self.small_volume if allowed is None else math.ceil(100 / allowed)

    @property
    def root_level(self) -> Level:
        """The level of the unit at the top: a province, or a district with a campaign of its own."""
        return self.levels[0]

    def most_points(self, indicator: str) -> Decimal | None:
        """The most points an indicator can bring, for the total ("") all of them; None where a file does not say it."""
        asked = [self.indicator(indicator)] if indicator else self.indicators
        most = [one.max_points for one in asked if one.max_points is not None]
        return sum(most, start=Decimal(0)) if len(most) == len(asked) else None

    def level(self, key: str) -> Level:
        return next(level for level in self.levels if level.key == key)

    def phase(self, key: str) -> Phase:
        return next(phase for phase in self.phases if phase.key == key)

    @property
    def source_ranks(self) -> dict[tuple[str, str], int]:
        """Indicator and source → the place of the source among those whose figures are judged, 0 before all others."""
        return {
            (indicator.key, source): rank
            for indicator in self.indicators
            for rank, source in enumerate(indicator.sources)
        }

    def source(self, key: str) -> Source:
        return next(source for source in self.sources if source.key == key)

    def stale_after(self, source: str) -> int:
        """Working days after which a source's figures are stale: its own limit, else the campaign's; what was
        published never is."""
        found = next((known for known in self.sources if known.key == source), None)
        if found is not None and found.kind == PUBLISHED:
            return NEVER_STALE
        own = None if found is None else found.stale_after_working_days
        return self.stale_after_working_days if own is None else own

    @property
    def longest_fresh(self) -> int:
        """Working days after which any source's figures are stale, published ones aside."""
        limits = [self.stale_after(source.key) for source in self.sources if source.kind != PUBLISHED]
        return max(limits, default=self.stale_after_working_days)

    def awaits(self, indicator: Indicator) -> bool:
        """Whether figures of an indicator are to come day by day: from a source that was not published once."""
        published = {source.key for source in self.sources if source.kind == PUBLISHED}
        return not published.issuperset(indicator.sources) or not indicator.sources

    def counts_alike(self, indicator: Indicator) -> bool:
        """Whether another campaign's indicator is this one's too: the same key, over the same time, in one measure."""
        said = (indicator.key, indicator.basis, indicator.measured_in, indicator.direction)
        return any((each.key, each.basis, each.measured_in, each.direction) == said for each in self.indicators)

    @property
    def awaits_reports(self) -> bool:
        """Whether units are to report at all, so that one without a figure is silent."""
        return any(self.awaits(indicator) for indicator in self.indicators)

    def ended(self, day: date) -> tuple[Phase, ...]:
        """The phases whose due date lies before a day, by the campaign's own dates."""
        return tuple(phase for phase in self.phases if phase.due is not None and phase.due < day)

    def phase_on(self, day: date) -> Phase:
        """The phase running on a day by the campaign's own dates; the first before it begins."""
        return next((phase for phase in self.phases if phase.due is None or day <= phase.due), self.phases[-1])


@dataclass(frozen=True)
class Unit:
    """A unit as a file describes it and a store holds it; parent and successor by code."""

    code: str
    level: str
    name: str
    parent: str | None
    aliases: tuple[str, ...] = ()
    gso_code: str | None = None
    identity_code: str | None = None
    head_title: str | None = None
    head_name: str | None = None
    head_phone: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None
    tile_row: int | None = None
    """Where its tile stands on the map of its level, counted from 1; None where the campaign does not say it."""
    tile_column: int | None = None
    place: str = field(default="", compare=False)
    """Where a file says it."""
    unit_id: int = field(default=0, compare=False)
    """Its number in a store; 0 where it is in none."""


UNIT_FIELDS = tuple(each.name for each in fields(Unit) if each.compare and each.name != "code")
"""What is said of a unit beside its code."""
