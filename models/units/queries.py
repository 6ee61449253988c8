"""One unit: who it is, how it got where it is, where its targets come from, and who answers for it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from models.core.store import filled
from models.feeds.withdrawn import which_count
from models.results.inputs import load_campaign
from models.results.standing import find_standing
from models.tables import Cause, Score, SourceRow, StandingRow, Target, UnitRow
from models.targets.explanations import explain_version
from targets import rules
from targets.errors import UnknownName
from targets.results import Result
from targets.values import Campaign, Unit

Row = TypeVar("Row", bound=Any)

EXTERNAL = ("synchronisation", "ministry_software", "no_fee")
"""Causes that are not the unit's own doing: once confirmed, the unit leaves the list of those to be pressed."""


@dataclass(frozen=True)
class Head:
    """Who answers for a unit; None where the campaign's files do not say."""

    title: str | None
    name: str | None
    phone: str | None


@dataclass(frozen=True)
class StatedCause:
    """The cause in force of a unit's shortfall."""

    category: str
    text: str
    action: str
    due: date | None
    is_confirmed: bool

    @property
    def is_external(self) -> bool:
        """Confirmed as not the unit's own doing."""
        return self.is_confirmed and self.category in EXTERNAL


def is_excused(row: Result, causes: Mapping[tuple[str, str], StatedCause]) -> bool:
    """Whether a unit is behind for a confirmed cause outside it: shown, but neither pressed nor asked for a cause."""
    cause = causes.get((row.unit, row.indicator))
    return cause is not None and cause.is_external


def find_heads(session: Session, codes: Sequence[str]) -> dict[str, Head]:
    """The heads of units by code."""
    rows = session.exec(select(UnitRow).where(col(UnitRow.code).in_(codes)))
    return {row.code: Head(title=row.head_title, name=row.head_name, phone=row.head_phone) for row in rows}


def find_parents(session: Session) -> dict[str, str | None]:
    """The code of each unit's parent, by code."""
    rows = session.exec(select(UnitRow.id, UnitRow.code, UnitRow.parent_id)).all()
    codes = {identity: code for identity, code, _ in rows}
    return {code: None if parent is None else codes[parent] for _, code, parent in rows}


def names_apart(rows: Iterable[Row], parents: Mapping[str, str | None]) -> tuple[Row, ...]:
    """Rows of units (`unit`, `name`) for a paper: units that share their name each with the unit above them.

    "UBND xã Ia Ko (huyện Chư Sê)": in brackets, so that a list of names stays one. `parents`: codes by code.
    """
    listed = tuple(rows)
    names = {row.unit: row.name for row in listed}
    held = Counter(names.values())
    apart = {
        unit: f"{name} ({names[above].removeprefix('UBND ')})"
        for unit, name in names.items()
        if held[name] > 1 and (above := parents.get(unit)) in names
    }
    return tuple(replace(row, name=apart[row.unit]) if row.unit in apart else row for row in listed)


def find_places(session: Session) -> dict[str, tuple[int, int]]:
    """Row and column of each unit that the campaign gives a place on the tile map of its level, by code."""
    rows = session.exec(select(UnitRow.code, UnitRow.tile_row, UnitRow.tile_column))
    return {code: (row, column) for code, row, column in rows if row is not None and column is not None}


def find_causes(session: Session, *, as_of: date) -> dict[tuple[str, str], StatedCause]:
    """The newest cause in force on a day, by unit and indicator."""
    statement = (
        select(Cause, UnitRow.code)
        .join(UnitRow, col(UnitRow.id) == col(Cause.unit_id))
        .where(col(Cause.state).in_(("stated", "confirmed")))
        .order_by(col(Cause.stated_at))
    )
    return {
        (code, cause.indicator): StatedCause(
            category=cause.category,
            text=cause.text,
            action=cause.action,
            due=cause.due,
            is_confirmed=cause.state == "confirmed",
        )
        for cause, code in session.exec(statement)
        if cause.ends_on is None or cause.ends_on >= as_of
    }


def find_units(session: Session) -> tuple[Unit, ...]:
    """The units of the store as a campaign's file names them, in their order."""
    rows = session.exec(select(UnitRow).order_by(col(UnitRow.position), col(UnitRow.id))).all()
    codes = {row.id: row.code for row in rows}
    return tuple(
        Unit(
            code=row.code,
            level=row.level,
            name=row.name,
            parent=codes.get(row.parent_id),
            aliases=tuple(row.aliases),
            gso_code=row.gso_code,
            identity_code=row.identity_code,
            head_title=row.head_title,
            head_name=row.head_name,
            head_phone=row.head_phone,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            successor=codes.get(row.successor_id),
            tile_row=row.tile_row,
            tile_column=row.tile_column,
            unit_id=row.id or 0,
        )
        for row in rows
    )


@dataclass(frozen=True)
class UnitName:
    """A unit as lists and search name it."""

    code: str
    name: str
    level: str
    parent: str | None
    parent_name: str | None


@dataclass(frozen=True)
class UnitProfile:
    """The header of a unit's page."""

    unit: UnitName
    head: Head
    children: tuple[UnitName, ...]
    """Every unit right below, also one that has ended."""
    valid_from: date | None
    valid_to: date | None
    successor: UnitName | None


@dataclass(frozen=True)
class PastDay:
    """A unit's rate and trajectory on one day."""

    day: date
    indicator: str
    value: float | None
    trajectory: float | None
    standing: str
    reading_as_of: date | None
    """The day the figure describes: earlier than `day` where it was carried on."""
    is_fresh: bool
    """The figure was not too old on that day; of a pooled unit, some part of it was not."""
    target: float | None = None
    """What the figure is not to be rounded onto; None where that is not told."""


@dataclass(frozen=True)
class TargetVersion:
    """A version of a target in its chain: rule → proposal → issue → registration."""

    indicator: str
    phase: str
    origin: str
    version: int
    value: Decimal | None
    because: str
    explanation_vi: str
    explanation_en: str
    document: str
    document_date: date | None
    state: str
    by: str
    reason: str
    at: datetime
    is_in_force: bool
    """This version is the one that counts today."""


@dataclass(frozen=True)
class OfficialScore:
    """Score points or a rank as a source gave them: never a rate, never computed over."""

    indicator: str | None
    """None: the total."""
    source: str
    basis: str
    period_start: date
    period_end: date
    as_of: date
    points: Decimal | None
    max_points: Decimal | None
    rank: int | None
    rank_of: int | None
    rank_group: str


@dataclass(frozen=True)
class Part:
    """Counts of a part of a unit; the rate follows from them."""

    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        return 100 * self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class Parts:
    """A unit that reports for all below it, taken apart on the newest day for which that is possible.

    `below` is the sum of the units below that reported that very day; `own` is the rest, None unless all of them did.
    """

    indicator: str
    day: date
    whole: Part
    own: Part | None
    below: Part | None
    reported: int
    expected: int


def find_unit_ids(session: Session) -> dict[str, int]:
    """The store's ids of units by their codes."""
    return {code: unit_id or 0 for code, unit_id in session.exec(select(UnitRow.code, UnitRow.id))}


def find_unit_names(session: Session) -> list[UnitName]:
    """All units in the campaign's order, merged ones included: what the search looks through."""
    rows = session.exec(select(UnitRow).order_by(col(UnitRow.position), col(UnitRow.id))).all()
    of_id = {row.id: row for row in rows}
    return [_name(row, of_id.get(row.parent_id)) for row in rows]


def find_province_name(session: Session) -> str:
    """What the unit is called that all others stand below."""
    return (
        session.exec(
            select(UnitRow.name).where(col(UnitRow.parent_id).is_(None)).order_by(col(UnitRow.position))
        ).first()
        or ""
    )


def find_profile(session: Session, code: str) -> UnitProfile:
    """Who a unit is, who answers for it, and what stands below it.

    Raises UnknownName for a code.
    """
    row = session.exec(select(UnitRow).where(UnitRow.code == code)).one_or_none()
    if row is None:
        raise UnknownName(kind="unit", name=code)
    parent = session.get(UnitRow, row.parent_id) if row.parent_id is not None else None
    successor = session.get(UnitRow, row.successor_id) if row.successor_id is not None else None
    children = session.exec(select(UnitRow).where(UnitRow.parent_id == row.id).order_by(col(UnitRow.position)))
    return UnitProfile(
        unit=_name(row, parent),
        head=Head(title=row.head_title, name=row.head_name, phone=row.head_phone),
        children=tuple(_name(child, row) for child in children),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        successor=None if successor is None else _name(successor, None),
    )


def find_history(session: Session, code: str, *, as_of: date) -> list[PastDay]:
    """The unit's kept days from the campaign's start to the as-of day, by indicator."""
    campaign = load_campaign(session)
    unit = session.exec(select(UnitRow.id).where(UnitRow.code == code)).one_or_none()
    if unit is None:
        raise UnknownName(kind="unit", name=code)
    days = [campaign.start + timedelta(days=day) for day in range(max(0, (as_of - campaign.start).days + 1))]
    statement = (
        select_columns(
            col(StandingRow.day),
            col(StandingRow.indicator),
            col(StandingRow.value),
            col(StandingRow.trajectory),
            col(StandingRow.standing),
            col(StandingRow.reading_as_of),
            col(StandingRow.coverage),
            col(StandingRow.target),
        )
        .where(
            col(StandingRow.day).in_(days),
            col(StandingRow.indicator).in_([indicator.key for indicator in campaign.indicators]),
            col(StandingRow.unit_id) == unit,
        )
        .order_by(col(StandingRow.indicator), col(StandingRow.day))
    )
    return [filled(PastDay, row, is_fresh=bool(row.coverage)) for row in session.connection().execute(statement)]


def find_target_versions(session: Session, code: str) -> list[TargetVersion]:
    """Every version of every target of a unit, oldest first."""
    campaign = load_campaign(session)
    statement = (
        select(Target)
        .join(UnitRow, col(UnitRow.id) == col(Target.unit_id))
        .where(UnitRow.code == code)
        .order_by(col(Target.id))
    )
    rows = session.exec(statement).all()
    in_force = _in_force(rows, campaign)
    versions = []
    for row in rows:
        explained = explain_version(row, indicator=campaign.indicator(row.indicator), campaign=campaign)
        versions.append(
            filled(
                TargetVersion,
                row,
                explanation_vi=explained["vi"],
                explanation_en=explained["en"],
                at=row.recorded_at,
                is_in_force=row.id in in_force,
            )
        )
    return versions


def _in_force(rows: Iterable[Target], campaign: Campaign) -> set[int]:
    """The ids of the versions that count: for each indicator and phase one, chosen by the rule of precedence."""
    newest: dict[tuple[str, str], dict[str, rules.TargetVersion]] = {}
    for row in rows:
        if row.state == "in_force":
            version = rules.TargetVersion(origin=row.origin, value=row.value, order=row.id or 0)  # type: ignore[arg-type]
            newest.setdefault((row.indicator, row.phase), {})[row.origin] = version
    chosen = [
        rules.choose_in_force(of, lower_is_better=campaign.indicator(indicator).lower_is_better)
        for (indicator, _), of in newest.items()
    ]
    return {version.order for version in chosen if version is not None}


def find_scores(session: Session, code: str, *, as_of: date) -> list[OfficialScore]:
    """The official scores and ranks of a unit that describe a day up to the as-of one, newest first.

    Of a score that was reported again, the last revision.
    """
    statement = (
        select(Score, SourceRow.key)
        .join(UnitRow, col(UnitRow.id) == col(Score.unit_id))
        .join(SourceRow, col(SourceRow.id) == col(Score.source_id))
        .where(UnitRow.code == code, col(Score.as_of) <= as_of, *which_count(session, col(Score.run_id)))
        .order_by(col(Score.as_of).desc(), col(Score.id))
    )
    newest: dict[tuple[str, str, str, date, date], tuple[Score, str]] = {}
    for row, source in session.exec(statement):
        key = (row.indicator_key, row.rank_group, source, row.period_start, row.as_of)
        if key not in newest or newest[key][0].revision < row.revision:
            newest[key] = (row, source)
    return [official_score(row, source) for row, source in newest.values()]


def official_score(row: Score, source: str) -> OfficialScore:
    """A score as it was told."""
    return filled(OfficialScore, row, indicator=row.indicator_key or None, source=source)


def find_parts(session: Session, profile: UnitProfile, *, as_of: date) -> list[Parts]:
    """A unit that reports for all below it, taken apart by indicator; empty for any other unit and for the province.

    The day is the newest that the unit and every reporting unit below have reported: one that reports two days late
    does not make the rest look larger. A figure carried on from an earlier day is in no part.
    """
    campaign = load_campaign(session)
    unit = profile.unit
    if unit.parent is None or not profile.children or campaign.level(unit.level).default_scope != "below":
        return []
    codes = [unit.code, *(child.code for child in profile.children)]
    today = find_standing(session, as_of=as_of, units=codes)
    found = []
    on_day: dict[date, list[Result]] = {}
    for indicator in campaign.indicators:
        now = [row for row in today if row.indicator == indicator.key]
        reported = [row.reading_as_of for row in now if row.reading_as_of is not None and row.coverage]
        if not any(row.unit == unit.code and row.reading_as_of in reported for row in now):
            continue
        day = min(reported)
        if day not in on_day:
            on_day[day] = find_standing(session, as_of=day, units=codes)
        rows = [row for row in on_day[day] if row.indicator == indicator.key]
        expected = sum(row.unit != unit.code for row in rows)
        parts = _parts(indicator.key, day, rows, unit=unit.code, expected=expected)
        if parts is not None:
            found.append(parts)
    return found


def _parts(indicator: str, day: date, rows: Sequence[Result], *, unit: str, expected: int) -> Parts | None:
    counts = {
        row.unit: Part(row.numerator, row.denominator)
        for row in rows
        if row.reading_as_of == day and row.numerator is not None and row.denominator is not None and row.has_counts
    }
    whole = counts.pop(unit, None)
    if whole is None:
        return None
    below = Part(sum(part.numerator for part in counts.values()), sum(part.denominator for part in counts.values()))
    rest = Part(whole.numerator - below.numerator, whole.denominator - below.denominator)
    is_whole = len(counts) == expected and 0 <= rest.numerator <= rest.denominator
    return Parts(
        indicator=indicator,
        day=day,
        whole=whole,
        own=rest if is_whole else None,
        below=below if counts else None,
        reported=len(counts),
        expected=expected,
    )


def _name(row: UnitRow, parent: UnitRow | None) -> UnitName:
    return UnitName(
        code=row.code,
        name=row.name,
        level=row.level,
        parent=None if parent is None else parent.code,
        parent_name=None if parent is None else parent.name,
    )
