"""What became of units, and what it did to the sums: for the pages that must say so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.core.audit import find_state
from models.results.inputs import load_campaign
from models.tables import StandingRow
from models.units.queries import find_units
from targets.standing.carrying import part_of
from targets.standing.unit_changes import all_changes, shares
from targets.values import Campaign, UnitChange


@dataclass(frozen=True)
class UnitEvent:
    """A change of a unit on a day that has come, with the names to tell it by."""

    change: UnitChange
    name: str
    to_name: str
    above_name: str
    """The unit above it: after a move the new one."""
    former_name: str
    """Of a move the parent until then, of a renaming the old name."""
    left: Mapping[str, tuple[int, ...]]
    """By indicator the counts that went over with it, where they are known: of a count one number."""
    is_own_part: bool = False
    """The unit reported with all below it, and only its own part of that went over."""


def find_unit_events(
    session: Session, *, as_of: date, about: str | None = None, since: date | None = None
) -> list[UnitEvent]:
    """What changed up to a day, newest first; with `since` from that day on.

    `about`: what touches one unit: itself, its successor, what stands below it or did so; every sum for the root.
    """
    campaign = load_campaign(session)
    units = {unit.code: unit for unit in find_units(session)}
    changes = [
        change
        for change in all_changes(campaign.unit_changes, units, campaign.levels)
        if change.unit in units and change.day <= as_of and (since is None or since <= change.day)
    ]
    parts = {change: (above, upto) for change, above, upto in shares(changes)}
    below = {level.key for level in campaign.levels if level.default_scope == "below"}

    def touches(change: UnitChange) -> bool:
        unit, to = units[change.unit], units.get(change.to or "")
        beside = {change.to, change.former, unit.parent, None if to is None else to.parent, campaign.province, None}
        # A new name touches no sum: it is told by the unit alone.
        return about == unit.code or (change.kind != "rename" and about in beside)

    told = [change for change in reversed(changes) if touches(change)]
    done = _done(session, campaign, [(units[change.unit].unit_id, change.day) for change in told if change in parts])
    found = []
    for change in told:
        unit, to = units[change.unit], units.get(change.to or "")
        above, former = units.get(unit.parent or ""), units.get(change.former or "")
        is_own_part = unit.level in below and (to is None or to.level not in below)
        found.append(
            UnitEvent(
                change=change,
                name=unit.name,
                to_name="" if to is None else to.name,
                above_name="" if above is None else above.name,
                former_name=change.former or "" if former is None else former.name,
                left={} if is_own_part else _left(done.get((unit.unit_id, change.day), {}), parts.get(change)),
                is_own_part=is_own_part,
            )
        )
    return found


def _done(
    session: Session, campaign: Campaign, ended: Sequence[tuple[int, date]]
) -> dict[tuple[int, date], dict[str, tuple[int, ...]]]:
    """What units had done by their last day and is carried over with them, by unit id and the day of the change.

    One statement a day: a province may end ten thousand units on one.
    """
    carried = {each.key: each.measured_in for each in campaign.indicators if each.measured_in in ("percent", "count")}
    kept = find_state(session).kept_through
    found: dict[tuple[int, date], dict[str, tuple[int, ...]]] = {}
    for day in sorted({day for _, day in ended}):
        last, of_day = day - timedelta(days=1), [unit for unit, then in ended if then == day]
        rows = session.connection().execute(
            select_columns(
                col(StandingRow.unit_id), col(StandingRow.indicator), col(StandingRow.numerator),
                col(StandingRow.denominator), col(StandingRow.value),
            ).where(
                col(StandingRow.day) == (last if kept is None else min(kept, last)),
                col(StandingRow.unit_id).in_(of_day), col(StandingRow.qualifier).is_(None),
            )
        )  # fmt: skip
        for unit, indicator, numerator, denominator, value in rows:
            if carried.get(indicator) == "count" and value is not None:
                found.setdefault((unit, day), {})[indicator] = (int(value),)
            elif carried.get(indicator) == "percent" and numerator is not None and denominator is not None:
                found.setdefault((unit, day), {})[indicator] = (numerator, denominator - numerator)
    return found


def _left(done: Mapping[str, tuple[int, ...]], part: tuple[int, int] | None) -> dict[str, tuple[int, ...]]:
    """The part of what a unit had done, right and wrong cases, a change is about: the right ones and all, as told."""
    if part is None:
        return {}
    left = {}
    for indicator, counts in done.items():
        parts = part_of(counts, above=part[0], upto=part[1]).astype(int).tolist()
        left[indicator] = tuple(sum(parts[: number + 1]) for number in range(len(parts)))
    return left
