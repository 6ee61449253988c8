"""Who has to be pressed, who moved, and whose standing differs from a week ago, and why."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
from sqlmodel import Session

from models.campaign.holidays import working_days
from models.core.columns import day_number
from models.results.inputs import load_campaign
from models.results.standing import find_standing
from models.units.queries import Head, StatedCause, find_causes, find_heads, find_parents, is_excused
from targets.findings import movers, to_press
from targets.periods import counted_since
from targets.results import Result
from targets.standing.changes import REASONS, Moment, standing_changes
from targets.standing.progress import BY_WORDS, STANDING_CODE
from targets.values import Campaign

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Pressed:
    """A unit behind on the indicator, with what a leader needs before calling."""

    result: Result
    head: Head
    cause: StatedCause | None
    own_missing: int | None
    """Of a unit that reports for all below it: the dossiers missing at its own counter; the rest are its communes'."""


@dataclass(frozen=True)
class Attention:
    """The units of a level that are behind. `small` of them have too few cases to be named by their points."""

    level: str
    pressed: tuple[Pressed, ...]
    external: tuple[Pressed, ...]
    """Behind for a confirmed cause outside the unit: shown apart, not pressed."""
    behind: int
    small: int
    held: int
    """Units of the level that have a target; where that is fewer than half, nobody is named."""


@dataclass(frozen=True)
class Movers:
    """The units whose rate changed most in a week. A week is compared by its working days."""

    up: tuple[Result, ...]
    down: tuple[Result, ...]
    working_days: int
    working_days_before: int
    """Of the week before: where they differ, a holiday explains part of a change."""
    small: int
    """Units left out because they have too few cases."""


def find_attention(
    session: Session, *, as_of: date, indicator: str, phase: str | None = None, most: int = 5
) -> list[Attention]:
    """For each level the units to be pressed on an indicator, by `targets.findings.to_press`."""
    campaign = load_campaign(session)
    results = find_standing(session, as_of=as_of, phase=phase, indicator=indicator)
    return attention_among(
        results,
        campaign=campaign,
        indicator=indicator,
        causes=find_causes(session, as_of=as_of),
        parents=find_parents(session),
        heads=lambda codes: find_heads(session, codes),
        most=most,
    )


def attention_among(
    results: Sequence[Result],
    *,
    campaign: Campaign,
    indicator: str,
    causes: Mapping[tuple[str, str], StatedCause],
    parents: Mapping[str, str | None],
    heads: Callable[[Sequence[str]], Mapping[str, Head]],
    most: int = 5,
) -> list[Attention]:
    """The same of results at hand, whatever day or snapshot they are of: those of one indicator, all units."""
    own = _own_missing(results, parents)
    answers = []
    for level in campaign.levels:
        if level.group is None:
            continue
        of_level = [row for row in results if row.level == level.key]
        found = to_press(of_level, campaign=campaign, is_excused=lambda row: is_excused(row, causes))
        pressed = found.named[:most]
        known = heads([row.unit for row in (*pressed, *found.excused)])

        def with_head(row: Result, known: Mapping[str, Head] = known) -> Pressed:
            return Pressed(row, known[row.unit], causes.get((row.unit, indicator)), own.get(row.unit))

        answers.append(
            Attention(
                level=level.key,
                pressed=tuple(map(with_head, pressed)),
                external=tuple(map(with_head, found.excused)),
                behind=found.behind,
                small=found.small,
                held=found.held,
            )
        )
    return answers


def _own_missing(results: Sequence[Result], parents: Mapping[str, str | None]) -> dict[str, int]:
    """For each unit that reports for all below it, the dossiers missing at its own counter.

    Left out where one of its children has no counts of late, or where together they count more than the unit itself
    (figures that have not reached it yet): its own part is then not known.
    """
    of_unit = {row.unit: row for row in results}
    children: dict[str, list[Result]] = {}
    for unit, parent in parents.items():
        if parent is not None and unit in of_unit:
            children.setdefault(parent, []).append(of_unit[unit])
    own = {}
    for code, below in children.items():
        row = of_unit.get(code)
        parts = [child for child in below if child.denominator is not None and child.coverage == 1]
        if row is None or row.numerator is None or row.denominator is None or len(parts) < len(below):
            continue
        if row.target is None:
            continue
        numerator = row.numerator - sum(child.numerator or 0 for child in parts)
        denominator = row.denominator - sum(child.denominator or 0 for child in parts)
        if not 0 <= numerator <= denominator:
            continue
        own[code] = max(0, math.ceil(Fraction(str(row.target)) * denominator / 100 - numerator))
    return own


def find_movers(session: Session, *, as_of: date, indicator: str, most: int = 5) -> Movers:
    """The units that rose and fell most within a week, those with too few cases left out.

    A unit whose figure is out of date did not move this week, whatever it last reported.
    """
    campaign = load_campaign(session)
    results = [row for row in find_standing(session, as_of=as_of, indicator=indicator) if row.unit != campaign.province]
    calendar = working_days(campaign)

    def worked(last: date) -> int:
        return int(calendar.between(day_number(last - WEEK), day_number(last)))

    moved = movers(results, campaign=campaign, most=most)
    return Movers(
        up=moved.up,
        down=moved.down,
        small=moved.small,
        working_days=worked(as_of),
        working_days_before=worked(as_of - WEEK),
    )


@dataclass(frozen=True)
class StandingChange:
    """A unit whose standing on an indicator changed: the rows of both days."""

    before: Result
    now: Result
    reason: str
    """One of `targets.standing.changes.REASONS`."""
    direction: int
    """1 better, −1 worse, 0 where one of the two standings says neither."""


def find_changes(
    session: Session,
    *,
    as_of: date,
    since: date | None = None,
    indicator: str | None = None,
    units: Sequence[str] | None = None,
) -> list[StandingChange]:
    """The changes of standing between two days, in the campaign's order; a week before `as_of` unless said otherwise.

    Each unit in the phase that ran for it on either day. Raises UnknownName for a unit or an indicator.
    """
    then = as_of - WEEK if since is None else since
    campaign = load_campaign(session)
    before, now = (find_standing(session, as_of=day, indicator=indicator, units=units) for day in (then, as_of))
    return changes_among(before, now, then=then, as_of=as_of, campaign=campaign)


def changes_among(
    before: Sequence[Result], now: Sequence[Result], *, then: date, as_of: date, campaign: Campaign
) -> list[StandingChange]:
    """The same of rows at hand, frozen ones for example. A unit that existed on one of the days only is left out."""
    known = {(row.unit, row.indicator): row for row in before}
    pairs = [(known[row.unit, row.indicator], row) for row in now if (row.unit, row.indicator) in known]
    worked = float(working_days(campaign).between(day_number(then), day_number(as_of)))
    phases = {phase.key: position for position, phase in enumerate(campaign.phases)}
    found = standing_changes(
        _moment([row for row, _ in pairs], then, phases, campaign),
        _moment([row for _, row in pairs], as_of, phases, campaign),
        worked=np.full(len(pairs), worked),
    )
    return [
        StandingChange(before=pairs[position][0], now=pairs[position][1], reason=REASONS[reason], direction=direction)
        for position, reason, direction in zip(
            found.position.tolist(), found.reason.tolist(), found.direction.tolist(), strict=True
        )
    ]


def _moment(rows: Sequence[Result], day: date, phases: dict[str, int], campaign: Campaign) -> Moment:
    def numbers(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        values = [getattr(row, name) for row in rows]
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)

    def since(row: Result) -> float:
        if row.reading_as_of is None:
            return np.nan
        current = np.array([day_number(row.reading_as_of)], dtype=np.int64)
        return float(counted_since(campaign.indicator(row.indicator).basis, current, campaign)[0])

    return Moment(
        standing=np.array([STANDING_CODE[row.standing] for row in rows], dtype=np.int64),
        phase=np.array([phases[row.phase] for row in rows], dtype=np.int64),
        target=numbers("target"),
        value=numbers("value"),
        numerator=numbers("numerator"),
        denominator=numbers("denominator"),
        since=np.array([since(row) for row in rows], dtype=np.float64),
        by=np.array([BY_WORDS.index(row.by) for row in rows], dtype=np.int64),
        is_over=np.array([row.due is not None and row.due < day for row in rows], dtype=np.float64),
    )
