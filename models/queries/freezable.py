"""What a snapshot freezes beside its figures: the province's way, milestones, heads, causes, reviews and tasks.

Freezing keeps it; what is drawn up without a snapshot (a pack of today's figures) asks for the same.
"""

from datetime import date, datetime

from sqlmodel import Session

from models.columns import day_number, day_of
from models.frozen import FrozenDay, FrozenFacts, FrozenMember, FrozenMilestone, FrozenTask
from models.inputs import Units, load_owed, load_units
from models.queries.agreements import find_under_review
from models.queries.heads import find_causes, find_heads, find_parents
from models.queries.members import PoolMembers, find_members
from models.queries.standing import is_kept
from models.queries.tasks import WAITING, find_tasks
from models.queries.unit import find_history
from models.results import Results
from targets.values import Campaign


def find_facts(session: Session, campaign: Campaign, *, as_of: date, known_at: datetime | None) -> FrozenFacts:
    """All that stands beside the figures of a day; the province's way and targets as known at a moment."""
    parents, units = find_parents(session), load_units(session, campaign)
    pool = find_members(session, campaign, units, day=day_number(as_of), known_at=known_at)
    return FrozenFacts(
        history=_history(session, campaign, as_of=as_of, known_at=known_at),
        milestones=_milestones(session, campaign, known_at=known_at),
        parents=parents,
        heads=find_heads(session, list(parents)),
        causes=find_causes(session, as_of=as_of),
        reviews=find_under_review(session),
        tasks=tuple(
            FrozenTask(
                id=task.id,
                kind=task.kind,
                unit=task.unit,
                unit_name=task.unit_name,
                what=task.what,
                who=task.who,
                due=task.due,
                state=task.state,
                progress=task.progress,
            )
            for task in find_tasks(session, states=WAITING)
        ),
        members=_members(pool, units, campaign),
        sources=pool.sources,
    )


def freezable_members(
    session: Session, campaign: Campaign, *, as_of: date, known_at: datetime | None
) -> dict[str, tuple[FrozenMember, ...]]:
    """Indicator → whose figures the province's sum of a day is made of, in the campaign's order of units."""
    units = load_units(session, campaign)
    return _members(find_members(session, campaign, units, day=day_number(as_of), known_at=known_at), units, campaign)


def _members(pool: PoolMembers, units: Units, campaign: Campaign) -> dict[str, tuple[FrozenMember, ...]]:
    counts = pool.counts
    return {
        indicator.key: tuple(
            FrozenMember(units.codes[at], int(counts.numerator[at, place]), int(counts.denominator[at, place]))
            for at in pool.inside[:, place].nonzero()[0].tolist()
        )
        for place, indicator in enumerate(campaign.indicators)
    }


def _history(
    session: Session, campaign: Campaign, *, as_of: date, known_at: datetime | None
) -> dict[str, tuple[FrozenDay, ...]]:
    """The province's rates from the start on; where nothing is kept or a past moment is asked for, computed."""
    found: dict[str, list[FrozenDay]] = {indicator.key: [] for indicator in campaign.indicators}
    if known_at is None and is_kept(session, campaign, as_of):
        for past in find_history(session, campaign.province, as_of=as_of):
            if past.value is not None:
                found[past.indicator].append(FrozenDay(past.day, past.value))
        return {key: tuple(days) for key, days in found.items()}
    first, last = day_number(campaign.start), day_number(as_of)
    results = Results.load(session, first=first, last=last, known_at=known_at)
    province = results.units.codes.index(campaign.province)
    for day in range(first, last + 1):
        rows, _ = results.on(day)
        for at in (rows.unit == province).nonzero()[0]:
            value = float(rows.progress.value[at])
            if value == value:  # NaN is no value
                found[campaign.indicators[int(rows.indicator[at])].key].append(FrozenDay(day_of(day), value))
    return {key: tuple(days) for key, days in found.items()}


def _milestones(
    session: Session, campaign: Campaign, *, known_at: datetime | None
) -> dict[str, tuple[FrozenMilestone, ...]]:
    units = load_units(session, campaign)
    targets = load_owed(session, campaign, units, known_at=known_at).target[units.codes.index(campaign.province)]
    return {
        indicator.key: tuple(
            FrozenMilestone(phase.key, phase.due, None if value != value else float(value))
            for phase, value in zip(campaign.phases, targets[at], strict=True)
        )
        for at, indicator in enumerate(campaign.indicators)
    }
