"""Courses without a store: a district's or a group's, in any state."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from models.analysis.courses import Course, Courses, Milestone
from models.analysis.signals import Signal, Watch
from targets.results import Result
from targets.values import Campaign
from tests.pages import unit_world
from tests.pages.unit_world import DISTRICT, past

DUE = date(2024, 5, 10)


def projected(line: Result) -> Result:
    """The line with its due date, and with a projection a little above today's figure, where one is made."""
    if line.value is None or line.standing in ("stale", "no_cases", "insufficient"):
        return replace(line, due=DUE)
    middle = min(line.value + 4.5, 100.0)
    known: dict[str, Any] = {"projection": middle, "low": middle - 3, "high": min(middle + 3, 100.0)}
    chance = None if line.target is None else 0.9 if middle >= line.target else 0.05
    ahead = None if line.trajectory is None else line.value - line.trajectory
    known |= {"probability": chance, "pace": 1.5, "needed_pace": 5.6, "ahead": ahead, "due": DUE}
    return replace(line, **(known | {"expected_cases": 6_000 if line.share_needed is not None else None}))


def course(line: Result, **changes: Any) -> Course:
    """A course of thirty days with both milestones; `changes` replace fields."""
    target = line.target
    milestones = tuple(
        Milestone(phase, due, target, is_proposed=line.origin == "proposed")
        for phase, due in (("50-day", DUE), ("100-day", date(2024, 6, 29)))
    )
    path = () if target is None else ((date(2024, 3, 21), line.baseline or 0.0), (DUE, target))
    return replace(
        Course(
            result=line,
            days=past(line.indicator) if line.value is not None else (),
            milestones=milestones,
            path=path,
            knots=(),
            changes=(),
            counted_days=20,
            ends_before_due=False,
        ),
        **changes,
    )


def courses(
    campaign: Campaign, lines: tuple[Result, ...], *, unit: str | None = DISTRICT.code, **changes: Any
) -> Courses:
    """All six of a district on day 30; of the districts together where no unit is named."""
    known = unit_world.campaign_of(campaign)
    of_group = {} if unit is not None else {"counted": 15, "expected": 17}
    found = Courses(
        campaign=known,
        as_of=date(2024, 4, 20),
        unit=unit,
        level="district",
        name=DISTRICT.name if unit is not None else "district",
        phase=known.phases[0],
        phases=known.phases,
        lines=tuple(course(projected(line), **of_group) for line in lines),
    )
    return replace(found, **changes)


def signal(**changes: Any) -> Signal:
    """A district that fell behind this week."""
    weeks = tuple((date(2024, 3, 16) + timedelta(days=7 * number), 2.0 - number % 2) for number in range(5))
    shown = Signal(
        unit=DISTRICT.code, name=DISTRICT.name, level="district", indicator="online", kind="beyond", side=-1,
        strength=15.0, weeks=(*weeks, (date(2024, 4, 20), -13.5)), centre=1.6, low=-1.1, high=4.3,
        assurance="varies", cases=1_365,
    )  # fmt: skip
    return replace(shown, **changes)


def watch(*found: Signal, **changes: Any) -> Watch:
    shown = Watch(as_of=date(2024, 4, 20), weeks=6, needed=6, series=1_242, found=found)
    return replace(shown, **changes)
