"""What is true of many units: who is behind, who is missing most, who is to be pressed, who is small; who has told;
how a phase ended.

Decided here once, for every page, slide, document, message and picture. *Missing most* is an order by dossiers, among
units that are in one sum, so that nobody is blamed twice; *to be pressed* is an order by standing, then by dossiers,
within a level. All on one indicator but *who has told*: over all that anybody tells, each is asked of every unit up to
the newest day that anybody told of it, so one that comes once a week is not missed in between; a figure too old to be
judged is as good as none; a sum is told by those below. Source: definitions.md, "Findings".
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from targets.results import Result
from targets.values import MAY_BE_LESS, MAY_BE_MORE, QUALIFIERS, Campaign

BEHIND = ("missed", "out_of_reach", "unlikely", "high_risk", "at_risk")
"""Standings that ask for a cause, the gravest first."""
NOT_ARRIVED = (*BEHIND, "likely")
"""Standings of those that are short of their target, the gravest first."""


def is_short(row: Result) -> bool:
    """Whether a row is known not to have got to its target."""
    if row.value is None or row.target is None or row.is_undecided:
        return False
    return not row.reaches(row.value, row.target)


def is_small(row: Result, campaign: Campaign) -> bool:
    """So few cases that one of them moves the rate by more points than the indicator allows: not named by points."""
    if row.denominator is None or not row.measure.is_rate:
        return False
    return 0 < row.denominator < campaign.small_volume_of(row.indicator)


def may_be_lost(row: Result) -> bool:
    """Whether a target is met before its day and could be missed again, were no case to come by then right.

    Where it is unknown how many are to come (a percent alone, an open end) it may. A count of what was done stays.
    """
    if row.standing != "met" or (row.due is not None and row.due <= row.as_of):
        return False
    if row.measure.kind == "count" and not row.lower_is_better:
        return False
    if row.numerator is None or row.denominator is None or row.expected_cases is None or row.target is None:
        return True
    # What is lost is a case that should be in the numerator, or one that should not.
    counted = row.numerator + (row.expected_cases if row.lower_is_better else 0)
    return not row.reaches(100 * counted, row.target * (row.denominator + row.expected_cases))


def furthest(rows: Sequence[Result]) -> Result | None:
    """The row to look at first, of one unit's indicators: the gravest standing, then the most points missing.

    Of a count or of days a point is a percent of the target, so that they are compared with rates. Points alone would
    name an indicator that is likely to arrive before one that is not. Out of reach is as grave as unlikely here: one
    late answer puts 100 % out of reach, and must not hide what half of the dossiers are missing to. None where none is
    short.
    """
    short = [row for row in rows if row.standing in NOT_ARRIVED and is_short(row)]
    grave = {word: NOT_ARRIVED.index("unlikely" if word == "out_of_reach" else word) for word in NOT_ARRIVED}
    return min(short, key=lambda row: (grave[row.standing], -(row.points_short or 0.0)), default=None)


def most_have_target(rows: Sequence[Result]) -> bool:
    """Whether at least half of some units have a target; else those that have one are compared with nobody."""
    return 2 * sum(row.target is not None for row in rows) >= len(rows)


def ambitious(rows: Sequence[Result]) -> frozenset[str]:
    """The units that are short of a higher target which they registered themselves, and have reached that of their
    peers: nobody blames them for asking more of themselves.

    Of one indicator. Their peers' is the target that at least half of their level's units hold which registered none;
    where each has its own there is none, and nobody is spared.
    """
    common: dict[str, float] = {}
    for level in {row.level for row in rows}:
        held = Counter(
            row.target for row in rows if row.level == level and row.target is not None and row.origin != "registered"
        )
        for target, units in held.most_common(1):
            if 2 * units >= held.total():
                common[level] = target
    return frozenset(
        row.unit
        for row in rows
        if row.origin == "registered"
        and row.target is not None
        and row.value is not None
        and (peers := common.get(row.level)) is not None
        and is_short(row)
        and row.reaches(row.value, peers)
    )


def by_dossiers(row: Result) -> tuple[float, float, str]:
    """The order of "missing most": most dossiers first; units that report only a percent after them, by points."""
    return (-(row.cases_missing or 0), -(row.gap or 0.0), row.name)


def missing_most(rows: Sequence[Result], *, members: Collection[str], excused: Collection[str] = ()) -> list[Result]:
    """The units short of their targets among the members of the province's sum, most dossiers first.

    `members`: codes of `contribution.pool_members`; a district that reports for its communes stands for them.
    `excused`: codes of those behind for a confirmed cause outside them. Empty where few members have a target; the
    `ambitious` are left out.
    """
    inside = [row for row in rows if row.unit in members]
    if not most_have_target(inside):
        return []
    spared = {*excused, *ambitious(rows)}
    short = [row for row in inside if row.standing in NOT_ARRIVED and is_short(row) and row.unit not in spared]
    return sorted(short, key=by_dossiers)


Sorting = Literal["met", "open", "out_of_reach", "excused", "ambitious", "unknown", "no_cases", "no_target"]
SORTINGS: tuple[Sorting, ...] = get_args(Sorting)
"""Where each unit is on an indicator. `open`: short of its target; `unknown`: no figure that can be judged."""


def sorted_out(rows: Sequence[Result], *, excused: Collection[str]) -> Mapping[Sorting, tuple[Result, ...]]:
    """Every unit in exactly one list, each in the order of "missing most". Of one indicator.

    `excused`: codes of those with a confirmed cause outside them: only those that are short of their target are apart.
    """
    spared = ambitious(rows)

    def of(row: Result) -> Sorting:
        if row.standing in NOT_ARRIVED:
            if row.unit in excused:
                return "excused"
            if row.unit in spared:
                return "ambitious"
            return "out_of_reach" if row.standing == "out_of_reach" else "open"
        if row.standing in ("met", "no_cases", "no_target"):
            return row.standing  # type: ignore[return-value]
        return "unknown"

    found: dict[Sorting, list[Result]] = {name: [] for name in SORTINGS}
    for row in sorted(rows, key=by_dossiers):
        found[of(row)].append(row)
    return {name: tuple(of_list) for name, of_list in found.items()}


@dataclass(frozen=True)
class Pressing:
    """The units of a level that are behind, in the order of pressing: the gravest standing first, then dossiers.

    `excused` have a confirmed cause outside them. `small` have so few cases that they are counted and not named; none
    is named where few of the level have a target. `behind` counts them all. The `ambitious` stand apart, uncounted.
    """

    named: tuple[Result, ...]
    excused: tuple[Result, ...]
    ambitious: tuple[Result, ...]
    behind: int
    small: int
    held: int
    """Units of the level that have a target."""


def to_press(rows: Sequence[Result], *, campaign: Campaign, is_excused: Callable[[Result], bool]) -> Pressing:
    """Who of a level is to be pressed on an indicator."""
    late = sorted(
        (row for row in rows if row.standing in BEHIND),
        key=lambda row: (BEHIND.index(row.standing), *by_dossiers(row)),
    )
    spared = ambitious(rows)
    behind = [row for row in late if row.unit not in spared]
    large = [row for row in behind if not is_small(row, campaign)]
    return Pressing(
        named=tuple(row for row in large if not is_excused(row)) if most_have_target(rows) else (),
        excused=tuple(row for row in large if is_excused(row)),
        ambitious=tuple(row for row in late if row.unit in spared),
        behind=len(behind),
        small=len(behind) - len(large),
        held=sum(row.target is not None for row in rows),
    )


@dataclass(frozen=True)
class Beyond:
    """A target that nearly all units cannot reach any more: `out` of `judged`, and what three in four still can.

    `level` in points, a tenth at most, never better than they can; None where unknown, or where the province has it
    already: nobody proposes a target below what is reached.
    """

    indicator: str
    out: int
    judged: int
    level: float | None


def beyond_most(rows: Sequence[Result], *, province: str) -> list[Beyond]:
    """The indicators whose target is out of reach for at least four in five of the units that are judged.

    `province`: its code; its own row, where it is among the rows, is not counted.
    """
    reached = {row.indicator: row for row in rows if row.unit == province and row.value is not None}
    judged: dict[str, list[Result]] = {}
    for row in rows:
        if row.unit != province and (row.standing == "met" or row.standing in NOT_ARRIVED):
            judged.setdefault(row.indicator, []).append(row)
    found = []
    for indicator, known in judged.items():
        out = sum(row.standing == "out_of_reach" for row in known)
        if 5 * out >= 4 * len(known):
            level, whole = _level_for_most(known), reached.get(indicator)
            if level is not None and whole is not None and whole.reaches(whole.value or 0.0, level):
                level = None
            found.append(Beyond(indicator, out, len(known), level))
    return found


def _level_for_most(rows: Sequence[Result]) -> float | None:
    """What three in four can still reach, a tenth at most to the worse."""
    able = [row for row in rows if row.attainable is not None]
    if able and able[0].lower_is_better:
        return math.ceil(10 * sorted((row.attainable or 0.0 for row in able), reverse=True)[len(able) // 4]) / 10
    return math.floor(10 * sorted(row.attainable or 0.0 for row in able)[len(able) // 4]) / 10 if able else None


@dataclass(frozen=True)
class Moved:
    """Who got better and worse most within the week (`Result.improvement`), the most first; how many did; how many are
    too small."""

    up: tuple[Result, ...]
    down: tuple[Result, ...]
    rose: int
    fell: int
    small: int


def movers(rows: Sequence[Result], *, campaign: Campaign, most: int) -> Moved:
    """Who of some units moved within the week: only with a fresh figure, since an old one did not move this week."""
    moved = [(row.improvement, row) for row in rows if row.improvement is not None and row.coverage == 1]
    large = sorted(
        (pair for pair in moved if not is_small(pair[1], campaign)), key=lambda pair: (pair[0], pair[1].name)
    )
    return Moved(
        up=tuple(row for change, row in reversed(large[-most:]) if change > 0),
        down=tuple(row for change, row in large[:most] if change < 0),
        rose=sum(change > 0 for change, _ in large),
        fell=sum(change < 0 for change, _ in large),
        small=len(moved) - len(large),
    )


def praised(rows: Sequence[Result], *, campaign: Campaign, most: int) -> tuple[Result, ...]:
    """Who of some units is to be praised on an indicator: has met its target and has cases enough, the furthest first.

    With a fresh figure that is no bound, since neither an old one nor an edge says how far beyond it is.
    """
    met = [
        row
        for row in rows
        if row.standing == "met" and row.coverage == 1 and not row.is_bound and not is_small(row, campaign)
    ]
    return tuple(sorted(met, key=lambda row: (row.points_short or 0.0, row.name))[:most])


# --- who has told ---------------------------------------------------------------------------------------------------

Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Reporting = Literal["never", "old", "lacking", "told"]
REPORTINGS: tuple[Reporting, ...] = get_args(Reporting)
"""In the order of concern. `never`: has told nothing yet ("chưa có số liệu"). `old`: some figure in use is of an
earlier day ("đang dùng số liệu cũ"). `lacking`: none is old, but some indicator was never told. `told`: "có số liệu
ngày D"."""
NEVER, OLD, LACKING, TOLD = range(len(REPORTINGS))


@dataclass(frozen=True)
class Reported:
    """What those of some units have told that are asked. Units asked × indicators, or one value a unit."""

    asked: Whole
    """Positions of those that are asked."""
    code: Whole
    """Position in REPORTINGS."""
    missing: Bools
    """Indicators that a unit has not told as far as others have, or whose figure is too old to be judged."""
    newest: int
    """The newest day that any unit told; below 0 where nobody told anything."""


def reported(reached: Whole, is_stale: Bools, is_sum: Bools, campaign: Campaign) -> Reported:
    """`reached`: the day that each figure in use describes, below 0 where there is none; `is_stale`: it is too old.

    Of an indicator that only publications know nobody awaits another figure; where there is no other, only units that
    have one are asked. Of what is the sum of those below a unit is not asked, nor at all where it has only sums.
    """
    reached = np.where(is_sum, -1, reached)
    has_told = (reached >= 0).any(axis=1)
    asked = np.flatnonzero(has_told | (~is_sum.any(axis=1) & campaign.awaits_reports))
    reached, is_stale, is_sum = reached[asked], is_stale[asked], is_sum[asked]
    newest = reached.max(axis=0, initial=-1)
    has_figure = reached >= 0
    is_awaited = ~is_sum & np.array([campaign.awaits(indicator) for indicator in campaign.indicators], dtype=bool)
    is_behind = is_awaited & has_figure & ((reached < newest) | is_stale)
    is_untold = is_awaited & ~has_figure & (newest >= 0)
    code = np.select(
        [~has_figure.any(axis=1), is_behind.any(axis=1), is_untold.any(axis=1)], [NEVER, OLD, LACKING], default=TOLD
    )
    # Where nobody told an indicator, nobody is asked for it; who told nothing at all lacks every one.
    missing = is_behind | is_untold | (is_awaited & (code == NEVER)[:, None])
    return Reported(asked, code.astype(np.int64), missing, int(newest.max(initial=-1)))


@dataclass(frozen=True)
class Told:
    """How many units have told the figures of a day, said alike wherever units are counted."""

    day: date | None
    """The newest day that any of them told; None where nobody told anything."""
    told: int
    units: int
    """All that exist and answer for themselves."""

    @property
    def silent(self) -> int:
        """Those whose figures of that day have not all come: they use older ones, or have none."""
        return self.units - self.told


def who_told(
    rows: Iterable[Result], campaign: Campaign, *, until: date | None = None
) -> tuple[Told, Mapping[str, Reporting]]:
    """The same of result rows, as they were frozen for a meeting: how many, and how it is with each unit.

    Levels that no list has answer for nobody: the province is pooled. `until`: nobody is asked for figures of a later
    day.
    """
    last = date.max if until is None else until
    listed = {level.key for level in campaign.levels if level.group is not None}
    rows = [row for row in rows if row.level in listed]
    units = {code: at for at, code in enumerate(dict.fromkeys(row.unit for row in rows))}
    place = {indicator.key: at for at, indicator in enumerate(campaign.indicators)}
    reached = np.full((len(units), len(place)), -1, dtype=np.int64)
    is_stale, is_sum = np.zeros(reached.shape, dtype=bool), np.zeros(reached.shape, dtype=bool)
    for row in rows:
        at = units[row.unit], place[row.indicator]
        is_stale[at], is_sum[at] = row.coverage != 1, row.is_pooled
        reached[at] = -1 if row.reading_as_of is None else min(row.reading_as_of, last).toordinal()
    found = reported(reached, is_stale, is_sum, campaign)
    day = date.fromordinal(found.newest) if found.newest >= 0 else None
    codes = list(units)
    by_unit = {codes[at]: REPORTINGS[code] for at, code in zip(found.asked, found.code, strict=True)}
    return Told(day, int((found.code == TOLD).sum()), len(by_unit)), by_unit


@dataclass(frozen=True)
class Silent:
    """Units of a level whose figures of the newest day have not all come, and which are alike in what is in use."""

    level: str
    reporting: Reporting
    since: date | None
    """The oldest day in use among figures that others have told anew, of who is `old`."""
    units: tuple[Result, ...]
    """One row of each, in the campaign's order."""


def silent_units(rows: Sequence[Result], campaign: Campaign) -> tuple[Silent, ...]:
    """All that `who_told` counts as silent, level by level in the order of concern, the oldest figures first."""
    _, by_unit = who_told(rows, campaign)
    asked = [row for row in rows if by_unit.get(row.unit, "told") != "told"]
    newest: dict[str, date] = {}
    for row in rows:
        if row.unit in by_unit and row.reading_as_of is not None and not row.is_pooled:
            newest[row.indicator] = max(row.reading_as_of, newest.get(row.indicator, row.reading_as_of))
    since: dict[str, date] = {}
    for row in asked:
        day = row.reading_as_of
        if day is None or row.is_pooled:
            continue  # a sum is not asked
        is_behind = day < newest[row.indicator] or row.coverage != 1
        if is_behind and campaign.awaits(campaign.indicator(row.indicator)):
            since[row.unit] = min(day, since.get(row.unit, day))
    found: dict[tuple[int, int, date], list[Result]] = {}
    levels = [level.key for level in campaign.levels]
    for code, row in {row.unit: row for row in reversed(asked)}.items():
        key = levels.index(row.level), REPORTINGS.index(by_unit[code]), since.get(code, date.min)
        found.setdefault(key, []).insert(0, row)
    return tuple(
        Silent(levels[level], REPORTINGS[code], None if day == date.min else day, tuple(found[level, code, day]))
        for level, code, day in sorted(found)
    )


# --- how a phase ended ----------------------------------------------------------------------------------------------

ROSE = 3
"""Units named that rose most."""


@dataclass(frozen=True)
class Ended:
    """How targets ended: those of units on an indicator, or those of a unit. `undecided`: no figure decides it;
    `later`: due later, by dates of the unit's own."""

    met: int = 0
    missed: int = 0
    undecided: int = 0
    later: int = 0

    @property
    def held(self) -> int:
        """How many targets there were."""
        return self.met + self.missed + self.undecided + self.later


@dataclass(frozen=True)
class PhaseEnd:
    """How a phase ended, looked at from a day after it."""

    province: Ended
    levels: Mapping[tuple[str, str], Ended]
    """Level and indicator → its units."""
    units: Mapping[str, Ended]
    """Each unit of the listed levels that has a target → its indicators."""
    rose: Mapping[str, tuple[Result, ...]]
    """Indicator → who got better most since the year before, the most first."""
    awaited: int
    """Units whose figures of the last day have not come: until they have, this is how it stands and no result."""

    @property
    def all_met(self) -> tuple[str, ...]:
        """The units that met every target of theirs."""
        return tuple(code for code, ended in self.units.items() if ended.met == ended.held)

    @property
    def none_met(self) -> tuple[str, ...]:
        """The units that missed at least one target, met none, and have none still to come."""
        return tuple(code for code, ended in self.units.items() if ended.missed and not ended.met and not ended.later)


def how_ended(rows: Iterable[Result], *, seen_on: date) -> Ended:
    """How the targets of some rows of a phase ended, looked at from a day."""
    ends: Counter[str] = Counter()
    for row in rows:
        if row.target is not None:
            is_over = row.due is not None and row.due < seen_on
            ends["later" if not is_over else row.standing if row.standing in ("met", "missed") else "undecided"] += 1
    return Ended(**ends)


def as_ended(row: Result, *, seen_on: date) -> Result:
    """The row of a phase's last day, looked at from a later one: what had not arrived is missed.

    A row of an earlier day stays as it was: it does not tell how the phase ended. What a bound leaves open stays
    undecided, as in `targets.standing.progress`.
    """
    is_over = row.due is not None and row.due <= row.as_of and row.due < seen_on
    if not is_over or row.standing not in NOT_ARRIVED or row.value is None or row.target is None:
        return row
    best = row.value if row.value_high is None or row.lower_is_better else row.value_high
    may_be_better = (MAY_BE_LESS if row.lower_is_better else MAY_BE_MORE)[QUALIFIERS.index(row.qualifier)]
    return replace(
        row, standing="insufficient" if may_be_better or row.reaches(best, row.target) else "missed", by=None,
        pace=None, needed_pace=None, projection=None, low=None, high=None, probability=None, share_needed=None,
    )  # fmt: skip


def rise(row: Result) -> float | None:
    """How much better a figure is than that of the year before, in points (`Result.points_short`); None where one of
    them is unknown, old or a bound."""
    if row.value is None or row.baseline is None or row.is_bound or row.coverage != 1:
        return None
    better = row.baseline - row.value if row.lower_is_better else row.value - row.baseline
    return better if row.measure.is_rate else 100 * better / max(abs(row.baseline), 1.0)


def phase_end(rows: Sequence[Result], campaign: Campaign, *, due: date, told_by: date, seen_on: date) -> PhaseEnd:
    """How a phase ended, from its rows as `standing` returns them for it on a day after its end.

    `told_by`: the last day of which figures are to be told, the due date or the working day before it. Units that were
    due earlier are not asked for it.
    """
    listed = [level.key for level in campaign.levels if level.group is not None]
    of_units: dict[str, list[Result]] = {}
    of_levels: dict[tuple[str, str], list[Result]] = {}
    risen: dict[str, list[tuple[float, Result]]] = {}
    for row in rows:
        if row.level not in listed:
            continue
        if row.target is not None:
            of_units.setdefault(row.unit, []).append(row)
            of_levels.setdefault((row.level, row.indicator), []).append(row)
        better = rise(row)
        if better is not None and better > 0 and row.due is not None and row.due < seen_on:
            risen.setdefault(row.indicator, []).append((better, row))
    told, _ = who_told([row for row in rows if row.due == due], campaign, until=told_by)
    return PhaseEnd(
        province=how_ended((row for row in rows if row.unit == campaign.province), seen_on=seen_on),
        levels={key: how_ended(found, seen_on=seen_on) for key, found in of_levels.items()},
        units={code: how_ended(found, seen_on=seen_on) for code, found in of_units.items()},
        rose={
            key: tuple(
                row
                for _, row in sorted(found, key=lambda pair: (-pair[0], pair[1].name))
                if not is_small(row, campaign)
            )[:ROSE]
            for key, found in risen.items()
        },
        awaited=told.silent if told.day == told_by else told.units if campaign.awaits_reports else 0,
    )
