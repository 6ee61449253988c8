"""Where units stand: one row per unit and indicator, on any day, as known at any moment; and its words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.campaign.holidays import working_days
from models.core import formats
from models.core.audit import find_state
from models.core.columns import day_number, day_of
from models.core.store import plain_columns
from models.core.texts import text
from models.results.inputs import load_campaign
from models.results.kept import sql_table, standing_columns
from models.results.rows import DayResults, Results, first_judged
from models.tables import StandingRow, UnitRow
from models.tables.kept import ResultColumns
from targets.errors import UnknownName
from targets.findings import Beyond, is_short, may_be_lost
from targets.periods import counted_since, is_young
from targets.results import Result, columns_of
from targets.values import Campaign, Indicator

COPIED = tuple(ResultColumns.model_fields)
"""What a result says that is stored as it was computed."""
DAYS = tuple(name for name in columns_of(date) if name in COPIED)
WHOLE = tuple(name for name in columns_of(int) if name in COPIED)


def find_standing(
    session: Session,
    *,
    as_of: date,
    known_at: datetime | None = None,
    units: Sequence[str] | None = None,
    indicator: str | None = None,
    phase: str | None = None,
) -> list[Result]:
    """Where units stand on a day, in the campaign's order of units and indicators.

    For each unit's running phase unless one is named; an ended phase is judged on its due date. `known_at` leaves out
    whatever was recorded later. A unit that has never reported is kept: silence is a finding, not a missing row.
    Raises UnknownName for a unit, indicator or phase.
    """
    state = find_state(session)
    campaign = load_campaign(session, known_at=known_at)
    if phase is not None and phase not in (known.key for known in campaign.phases):
        raise UnknownName(kind="phase", name=phase, allowed=[known.key for known in campaign.phases])
    if units is not None:
        check_units(session, units)
    order = {known.key: position for position, known in enumerate(campaign.indicators)}
    if indicator is not None and indicator not in order:
        raise UnknownName(kind="indicator", name=indicator, allowed=list(order))
    if known_at is None and phase is None and is_kept(session, campaign, as_of):
        rows = [
            row for row in _kept(session, as_of=as_of, units=units, indicator=indicator) if row["indicator"] in order
        ]
        rows.sort(key=lambda row: (row["position"], order[row["indicator"]]))
        days_left = _DaysLeft(campaign)
        return [_result(row, days_left, is_simulated=state.simulated) for row in rows]
    day = day_number(as_of)
    first = day if phase is None else first_judged(campaign, phase, day)
    results = Results.load(session, first=first, last=day, known_at=known_at)
    if phase is None:
        parts: Iterable[DayResults] = [results.on(day)[0]]
    else:
        parts = results.for_phase(day, [known.key for known in campaign.phases].index(phase))
    found = _computed(results, parts, units=units, is_simulated=state.simulated)
    return [result for result in found if indicator in (None, result.indicator)]


def is_kept(session: Session, campaign: Campaign, as_of: date) -> bool:
    """Whether the result rows of a day are kept; any other day is computed when asked."""
    kept_through = find_state(session).kept_through
    return kept_through is not None and campaign.start <= as_of <= kept_through


def check_units(session: Session, codes: Sequence[str]) -> None:
    """Raise UnknownName for a code that no unit has."""
    known = set(session.scalars(select_columns(col(UnitRow.code))))
    for code in codes:
        if code not in known:
            raise UnknownName(kind="unit", name=code)


def _kept(session: Session, *, as_of: date, units: Sequence[str] | None, indicator: str | None) -> list[dict[str, Any]]:
    statement = (
        select_columns(
            *sql_table(StandingRow).columns,
            col(UnitRow.code),
            col(UnitRow.name),
            col(UnitRow.level),
            col(UnitRow.position),
        )
        .join(UnitRow, col(UnitRow.id) == col(StandingRow.unit_id))
        .where(col(StandingRow.day) == as_of)
    )
    if units is not None:
        statement = statement.where(col(UnitRow.code).in_(units))
    if indicator is not None:
        statement = statement.where(col(StandingRow.indicator) == indicator)
    return [dict(row) for row in session.connection().execute(statement).mappings()]


def _computed(
    results: Results, parts: Iterable[DayResults], *, units: Sequence[str] | None, is_simulated: bool
) -> list[Result]:
    found: list[tuple[int, int, Result]] = []
    days_left = _DaysLeft(results.campaign)
    position = {int(identity): at for at, identity in enumerate(results.units.ids)}
    order = {indicator.key: at for at, indicator in enumerate(results.campaign.indicators)}
    for part in parts:
        columns = plain_columns(standing_columns(part, results.units, results.campaign))
        for values in zip(*columns.values(), strict=True):
            # NaN, the only value that differs from itself, means unknown.
            current = {name: None if value != value else value for name, value in zip(columns, values, strict=True)}
            row: dict[str, Any] = dict.fromkeys(COPIED) | current
            at = position[row["unit_id"]]
            if units is not None and results.units.codes[at] not in units:
                continue
            row |= {name: day_of(int(row[name])) for name in (*DAYS, "day") if row[name] is not None}
            row |= {"code": results.units.codes[at], "name": results.units.names[at], "level": results.units.levels[at]}
            found.append((at, order[row["indicator"]], _result(row, days_left, is_simulated=is_simulated)))
    return [result for _, _, result in sorted(found, key=lambda item: item[:2])]


class _DaysLeft:
    """Working days between two dates, counted once for each two."""

    def __init__(self, campaign: Campaign) -> None:
        self._calendar = working_days(campaign)
        self._known: dict[tuple[date, date], int] = {}

    def until(self, due: date | None, *, after: date) -> int | None:
        if due is None:
            return None
        if (after, due) not in self._known:
            self._known[after, due] = int(self._calendar.between(day_number(after), day_number(due)))
        return self._known[after, due]


def _result(row: Mapping[str, Any], days_left: _DaysLeft, *, is_simulated: bool) -> Result:
    copied = {name: row[name] for name in COPIED}
    copied |= {name: None if row[name] is None else int(row[name]) for name in WHOLE}
    as_of = row["day"] if row["due"] is None else min(row["day"], row["due"])
    return Result(
        unit=row["code"],
        name=row["name"],
        level=row["level"],
        indicator=row["indicator"],
        phase=row["phase"],
        as_of=as_of,
        days_left=days_left.until(row["due"], after=as_of),
        simulated=is_simulated,
        **copied,
    )


def standing_of(row: Result, language: str) -> str:
    """ "Nguy cơ cao"; of a target that is met and may be lost again before its day: "Đã đạt, cần giữ".

    Out of reach is told with the best still to be had: "Không còn khả năng đạt, cao nhất còn có thể 95,6%".
    """
    word = word_of(row, language)
    best = best_of(row, language)
    return text("standing_best", language, standing=word, best=best) if best else word


def word_of(row: Result, language: str) -> str:
    """The standing alone, where the best still to be had stands beside it."""
    return text("standing_keep" if may_be_lost(row) else f"standing.{row.standing}", language)


def best_of(row: Result, language: str) -> str:
    """ "cao nhất còn có thể 95,6%" of what is out of reach; empty of all else, and where nobody knows how much."""
    if row.standing != "out_of_reach" or row.attainable is None:
        return ""
    return text("best", language, value=formats.percent(row.attainable, language, target=row.target))


def why_otherwise(row: Result, language: str) -> str:
    """Why a row on its path, or ahead of it, is still in doubt, or one behind it is likely; empty where they agree.

    "vượt lộ trình 2,1 điểm phần trăm nhưng ước đạt 49,0%": the first reason that is true.
    What is out of reach says why itself, by the best that can still be had.
    """
    if row.by != "probability" or row.ahead is None or row.value is None or row.target is None:
        return ""
    is_ahead = row.ahead >= 0
    if is_ahead == (row.standing == "likely"):
        return ""
    away = formats.decimal(abs(row.ahead), language)
    if away == formats.decimal(0, language):
        path = text("otherwise.on_path", language)
    else:
        points = text("points", language, number=away)
        path = text("otherwise.ahead" if is_ahead else "otherwise.behind", language, points=points)
    return text("otherwise.said", language, path=path, why=_reason(row, language))


def _reason(row: Result, language: str) -> str:
    """What a probability saw beside the path: the recent pace, this week's cases, else where the rate is going."""
    is_likely = row.standing == "likely"
    enough = "enough" if is_likely else "not_enough"
    if row.pace is not None and row.needed_pace and row.days_left and (row.pace >= row.needed_pace) == is_likely:
        missing = formats.decimal(formats.missing_points(row.value or 0, row.target or 0), language)
        return text(
            f"otherwise.pace_{enough}",
            language,
            pace=formats.signed(row.pace, language),
            points=text("points", language, number=missing),
            days=row.days_left,
        )
    week, share = row.week_value, row.share_needed
    if week is not None and share is not None and (week >= share) == is_likely:
        return text(
            "otherwise.week",
            language,
            week=formats.percent(week, language),
            share=formats.share_needed(share, language),
        )
    if row.projection is not None and (row.projection >= (row.target or 0)) == is_likely:
        projected = formats.percent(row.projection, language, target=row.target)
        return text("otherwise.projection", language, projection=projected)
    return text("otherwise.uneven", language)


def share_of(row: Result, indicator: Indicator, due: date, language: str) -> tuple[str, str]:
    """ "71/100 hồ sơ", and in words: "cứ 100 hồ sơ từ nay đến 10/05 phải có 71 …; tuần này mới 58".

    Of what is still to come by `due`, how many must be right; of a row that has reached its target, how many keep it.
    """
    needed = row.share_needed or 0
    share, counted = formats.share_needed(needed, language), indicator.counted.of(language)
    terms = {"share": share, "counted": counted, "done": indicator.numerator.of(language)}
    key = "needed" if is_short(row) else "keep"
    said = text(f"share.{key}", language, date=formats.short_day(due, language), **terms)
    if key == "needed" and row.week_value is not None:
        week = formats.share_had(row.week_value, needed, language)
        said = text("share.week_only" if row.week_value < needed else "share.week", language, said=said, week=week)
    return text("share.strong", language, share=share, counted=counted), said


def proposed_note(rows: Iterable[Result], language: str) -> str:
    """What the mark beside a target that is only proposed means, for the foot; empty where no row has such a target."""
    is_any = any(row.origin == "proposed" and row.target is not None for row in rows)
    return text("overview.proposed", language) if is_any else ""


def unit_below(name: str, parent: str, language: str) -> str:
    """ "UBND xã Ia Ko, huyện Chư Sê": four names of communes stand twice in a province."""
    return text("gaps.unit_of", language, name=name, parent=parent.removeprefix("UBND "))


def beyond_of(found: Beyond, campaign: Campaign, language: str) -> str:
    """What the office is told of a target that nearly all units cannot reach, and the level that most still can."""
    said = text(
        "beyond",
        language,
        indicator=campaign.indicator(found.indicator).name.of(language),
        out=formats.whole(found.out, language),
        judged=formats.whole(found.judged, language),
    )
    if found.level is None:
        return said
    return text("beyond_level", language, said=said, level=formats.percent(found.level, language))


def where_it_is_from(sources: Mapping[str, int], campaign: Campaign, language: str) -> str:
    """ "gộp từ nhiều nguồn: Hệ thống tỉnh 250 đơn vị, Tệp 1 đơn vị"; empty where one source told all units of a sum."""
    if len(sources) < 2:
        return ""
    current = (
        text(
            "mixed.source", language, source=campaign.source(key).name.of(language), units=formats.whole(many, language)
        )
        for key, many in sources.items()
    )
    return text("mixed.sources", language, sources=", ".join(current))


def how_much_is_known(row: Result, campaign: Campaign, language: str, *, units: tuple[int, int] | None = None) -> str:
    """ "mới có số liệu của 7 trên 257 đơn vị": what makes a row thin, its units or, where they are enough, their cases;
    or that its period has only begun.

    `units`: how many are in the sum, of how many; without them their share is told.
    """
    basis = campaign.indicator(row.indicator).basis
    if row.reading_as_of is not None:
        current = np.array([day_number(row.reading_as_of)], dtype=np.int64)
        if is_young(basis, current, campaign, working_days(campaign))[0]:
            since = day_of(int(counted_since(basis, current, campaign)[0]))
            return text("thin.young", language, date=formats.day(since, language))
    share = 100 * (row.coverage or 0)
    if share >= campaign.least_coverage:
        least = formats.target_percent(campaign.least_coverage, language)
        counted = campaign.indicator(row.indicator).counted.of(language)
        return text("thin.cases", language, least=least, counted=counted)
    if units is None:
        return text("thin.share", language, share=formats.percent(share, language))
    counted_units, expected = (formats.whole(number, language) for number in units)
    return text("thin.units", language, counted=counted_units, expected=expected)
