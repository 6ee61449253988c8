"""The readings that may be judged, in the order in which `targets.standing.snapshots` looks them up."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import CTE, Integer, Select, case, func, select, type_coerce, union
from sqlmodel import Session, col

from models.campaign.holidays import working_days
from models.core.columns import day_of
from models.core.store import Numbers, read_columns, read_numbers
from models.feeds.withdrawn import find_withdrawn, which_count
from models.results.inputs import Units, columns_of, kinds, wholes_of
from models.tables import Reading, Run, Series, SourceRow
from models.units.carried import carry_lines, units_carrying
from targets.standing.amounts import COUNT, as_judged, is_amount
from targets.standing.direction import mirrored_counts, mirrored_ends
from targets.standing.history import LOOKS
from targets.standing.snapshots import WEEK, Readings, precedence
from targets.values import MIRRORED, QUALIFIERS, Campaign

HAS_COUNTS: Any = col(Reading.numerator).is_not(None) & col(Reading.denominator).is_not(None)
IN_FORCE_LAST = (HAS_COUNTS, col(Reading.revision))
"""Orders the statements of one series, period and day so that the last is the one in force."""
IN_FORCE_FIRST = (HAS_COUNTS.desc(), col(Reading.revision).desc())


Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
SCOPES = ("own", "below")
READINGS, SERIES = Reading.metadata.tables["reading"], Series.metadata.tables["series"]
"""Without their objects: a statement of many parts takes a fifth of the time to put together."""
Looks = dict[int, dict[int, int]]
"""For each look back: the as-of date of a figure that is fresh on a day → the day it is compared with."""
FEW = 500
"""Series that are asked for by name; where there are more, all are read and the rest is left aside."""
ROOM = 10**6
"""More days than any calendar here has: a series and a day in one number."""
WHOLE_COLUMNS = ("series_id", "as_of", "period_start", "period_end", "revision", "qualifier")
READING_COLUMNS = (
    "series_id",
    "as_of",
    "period_start",
    "period_end",
    "revision",
    "numerator",
    "denominator",
    "value",
    "value_high",
)


@dataclass(frozen=True)
class LineReadings:
    """Readings by line, and which lines a unit and indicator has in which scope, best source first."""

    readings: Readings
    count: int
    line_of: Whole
    """units × indicators × scopes × rank → line, −1 where there is none; after each change of units all ranks anew."""
    series_ids: Whole
    """line → series."""
    stale_after: Whole
    """line → working days after which its figures are stale."""
    revision: Whole
    """row of `readings` → revision."""
    first_day: Floats
    first_numerator: Floats
    first_denominator: Floats
    first_reported: Floats
    first_high: Floats
    """Of a first figure that is a range."""
    first_qualifier: Floats
    """As it was told, `Readings.qualifier`: 0 where the first figure is exact."""
    changed_on: tuple[int, ...] = ()
    """The days from which on other lines hold, because units ended."""
    reported: int = 0
    """Lines that were reported as they stand; the others hold what was carried over besides."""

    def as_reported(self) -> "LineReadings":
        """The same without what units left to others that ended."""
        ranks = self.line_of.shape[3] // (1 + len(self.changed_on))
        return replace(self, line_of=self.line_of[..., :ranks], changed_on=())

    def line_on(self, day: int) -> Whole:
        """units × indicators × scopes × rank → the line that holds on a day."""
        ranks = self.line_of.shape[3] // (1 + len(self.changed_on))
        stage = sum(changed <= day for changed in self.changed_on)
        return self.line_of[..., stage * ranks : (stage + 1) * ranks]


def load_lines(
    session: Session,
    campaign: Campaign,
    units: Units,
    *,
    last: int,
    since: int | None = None,
    known_at: datetime | None = None,
    only: Collection[int] | None = None,
    of_day: int | None = None,
) -> LineReadings:
    """The readings up to day `last` that may be judged or pooled: listed sources, declared basis, both scopes.

    `only`: just those of the units with these ids, and the first of every other unit, by which it is known which source
    governs. `of_day`: no more than that one day can see.

    With `since`, only readings from that day on and for each line the newest before it, which is all that days from
    `since` + look-back on can see; the first reading of each line always comes along.
    """
    series, line_of, stale_after = _lines(session, campaign, units)
    carrying = units_carrying(units, last=last)
    assembled: dict[str, Any] = {"series": series, "line_of": line_of, "stale_after": stale_after, "last": last}
    assembled |= {"units": units, "campaign": campaign}
    everything = _reading_columns(session, known_at=known_at).where(col(Reading.as_of) <= day_of(last))
    if known_at is not None:
        everything = everything.join(Run, col(Run.id) == col(Reading.run_id)).where(col(Run.received_at) <= known_at)
    whole = everything.join(Series, col(Series.id) == col(Reading.series_id)).where(
        col(Series.unit_id).in_(units.ids[carrying].tolist())
    )
    if of_day is not None:
        amounts = is_amount(_of_lines(line_of, len(series), kinds(campaign)))
        parts = [_seen_on(session, of_day, campaign=campaign, amounts=np.array(list(series), dtype=np.int64)[amounts])]
        parts += [read_numbers(session, whole, whole=WHOLE_COLUMNS)] if len(carrying) else []
        rows = _in_force(_together(parts), series)
        return _as_judged(_assemble(rows, rows, **assembled), campaign)
    statement = everything
    if only is not None:
        statement = statement.join(Series, col(Series.id) == col(Reading.series_id)).where(
            col(Series.unit_id).in_(only)
        )
    if since is not None:
        statement = statement.where(col(Reading.as_of) >= day_of(since))
    parts = [read_numbers(session, statement, whole=WHOLE_COLUMNS)]
    if len(carrying) and (only is not None or since is not None):
        parts.append(read_numbers(session, whole, whole=WHOLE_COLUMNS))
    if since is not None:
        parts.append(_at_days(session, _day_of_each_series(session, func.max, lambda as_of: as_of < since)))
    readings = _in_force(_together(parts), series)
    first = readings
    if since is not None or only is not None:
        first = _in_force(_at_days(session, _day_of_each_series(session, func.min)), series)
    return _as_judged(_assemble(readings, first, **assembled), campaign)


def mirrored_lines(lines: LineReadings, campaign: Campaign) -> LineReadings:
    """The readings as they are judged: mirrored where a lower figure is better (`targets.standing.direction`)."""
    if np.isnan(wholes_of(campaign)).all():
        return lines
    readings, of_line = lines.readings, _of_lines(lines.line_of, lines.count, wholes_of(campaign))
    whole = of_line[readings.line]
    reported, high = mirrored_ends(readings.reported, readings.high, whole)
    return replace(
        lines,
        readings=replace(
            readings,
            numerator=mirrored_counts(readings.numerator, readings.denominator, whole),
            reported=reported,
            high=high,
            qualifier=np.where(~np.isnan(whole), MIRRORED[readings.qualifier], readings.qualifier),
        ),
        first_numerator=mirrored_counts(lines.first_numerator, lines.first_denominator, of_line),
        first_reported=mirrored_ends(lines.first_reported, lines.first_high, of_line)[0],
    )


def _of_lines(line_of: Whole, count: int, of_indicator: Any) -> Any:
    """What holds of an indicator, for each of its lines."""
    of_line = np.zeros(count, dtype=of_indicator.dtype)
    for column, value in enumerate(of_indicator):
        of = line_of[:, column]
        of_line[of[of >= 0]] = value
    return of_line


def _as_judged(lines: LineReadings, campaign: Campaign) -> LineReadings:
    """The readings with counts and days as the figures they are (`targets.standing.amounts`)."""
    if all(indicator.measure.is_rate for indicator in campaign.indicators):
        return lines
    readings, kind = lines.readings, _of_lines(lines.line_of, lines.count, kinds(campaign))
    numerator, denominator, reported = as_judged(
        readings.numerator, readings.denominator, readings.reported, kind[readings.line]
    )
    first = as_judged(lines.first_numerator, lines.first_denominator, lines.first_reported, kind)
    return replace(
        lines,
        readings=replace(readings, numerator=numerator, denominator=denominator, reported=reported),
        first_numerator=first[0],
        first_denominator=first[1],
        first_reported=first[2],
    )


def first_days(session: Session, campaign: Campaign, units: Units) -> tuple[Whole, Floats]:
    """The lines of each unit, indicator and scope by rank of source, and the first day that each line has reported."""
    series, line_of, _ = _lines(session, campaign, units)
    chosen = _day_of_each_series(session, func.min)
    current = read_numbers(session, select(chosen.c.series, chosen.c.day), whole=("series",))
    first = np.full(len(series), np.nan)
    for identity, day in zip(current["series"].tolist(), current["day"].tolist(), strict=True):
        if identity in series:
            first[series[identity]] = day
    return line_of, first


def _seen_on(session: Session, day: int, *, campaign: Campaign, amounts: Whole) -> Numbers:
    """The handful of readings of each series that one day can see, instead of weeks of them.

    They are the newest, the newest a week, a volume window and each look before that one, the one after the window,
    and the first of all: what `targets.standing.snapshots` looks up for a day. A stale figure looks back on nothing.
    `amounts`: the series of counts and of days.
    """
    looks, window = _days_looked_back_on(day, campaign)
    parts, rest = _seen_alike(session, day, looks, window)
    if rest is None or len(rest):
        parts.append(_seen_by_each(session, day, looks, window, only=rest))
    rows = _together(parts)
    more = _looking_closer(rows, looks, amounts)
    if not len(more):
        return rows
    oldest = min(looks[LOOKS[-1]].values())
    statement = _reading_columns(session).where(col(Reading.as_of).between(day_of(oldest), day_of(day)))
    if len(more) <= FEW:
        statement = statement.where(col(Reading.series_id).in_(more.tolist()))
    return _together([rows, read_numbers(session, statement, whole=WHOLE_COLUMNS)])


def _seen_alike(session: Session, day: int, looks: Looks, window: dict[int, int]) -> tuple[list[Numbers], Whole | None]:
    """What the day sees of the series that reported it and every day that it looks back on: the same days for all.

    Read day by day, which takes half as long as asking each series for its own. Second answer: the series that are to
    be asked one by one; None where that is all of them.
    """
    day_of_each = _days_of_series(session)
    ends = (day_of_each(choose, SERIES.c.id, _up_to(day)) for choose in (func.max, func.min))
    newest, first = (end.label(name) for name, end in zip(("newest", "first"), ends, strict=True))
    current = read_numbers(session, select(SERIES.c.id.label("series"), newest, first), whole=("series",))
    has_reported = ~np.isnan(current["newest"])
    is_newest = current["newest"] == day
    if not is_newest.any() or (has_reported & ~is_newest).sum() > FEW:
        return [], None
    back = {day - WEEK, window[day], window[day] + 1, *(then[day] for then in looks.values())}
    days = np.array(sorted(back - {day}), dtype=np.int64)
    as_of = type_coerce(col(Reading.as_of), Integer)
    of_days = _reading_columns(session).where(as_of.in_([*days.tolist(), day]))
    rows = read_numbers(session, of_days, whole=WHOLE_COLUMNS)
    is_there = np.zeros((int(current["series"].max()) + 1, len(days) + 1), dtype=bool)
    is_there[rows["series_id"], np.searchsorted(days, rows["as_of"])] = True
    # Nothing is seen of a day before a series began.
    is_seen = is_there[current["series"], :-1] | (days < current["first"][:, None])
    is_alike = is_newest & is_seen.all(axis=1)
    rest = current["series"][has_reported & ~is_alike].astype(np.int64)
    if len(rest) > FEW:
        return [], None
    first = _at_days(session, _day_of_each_series(session, func.min, _up_to(day)))
    wanted = np.zeros(len(is_there), dtype=bool)
    wanted[current["series"][is_alike]] = True
    return [_taken(part, wanted[part["series_id"]]) for part in (rows, first)], rest


def _taken(rows: Numbers, wanted: npt.NDArray[np.bool_]) -> Numbers:
    return {name: values[wanted] for name, values in rows.items()}


def _seen_by_each(session: Session, day: int, looks: Looks, window: dict[int, int], *, only: Whole | None) -> Numbers:
    """The same, of each series by its own days; of some series where they are named."""
    latest, day_of_each = _day_of_each_series(session, func.max, _up_to(day), only=only), _days_of_series(session)
    current = latest.c.day
    opened = case(window, value=current)
    chosen = (
        current,
        day_of_each(func.max, latest.c.series, _up_to(current - WEEK)),
        day_of_each(func.max, latest.c.series, _up_to(opened)),
        day_of_each(func.min, latest.c.series, lambda as_of: (as_of > opened) & (as_of <= current)),
        day_of_each(func.min, latest.c.series, _up_to(current)),
        *(day_of_each(func.max, latest.c.series, _up_to(case(then, value=current))) for then in looks.values()),
    )
    wanted = union(*(select(latest.c.series, of_series.label("day")) for of_series in chosen)).cte("wanted")
    return _at_days(session, wanted.prefix_with("MATERIALIZED"))


def _days_looked_back_on(day: int, campaign: Campaign) -> tuple[Looks, dict[int, int]]:
    """For each look back: the as-of date of a figure that is fresh on a day → the day it is compared with.

    Second answer: the same of the volume window, which ends on a working day.
    """
    calendar = working_days(campaign)
    patience = campaign.longest_fresh
    # Where the calendar has not begun no working day passes, and only the day itself is fresh.
    fresh = np.arange(min(int(calendar.back(day, patience + 1)) + 1, day), day + 1)
    opened = calendar.latest(fresh) - campaign.volume_window_days

    def paired(then: Whole) -> dict[int, int]:
        return dict(zip(fresh.tolist(), then.tolist(), strict=True))

    return {look: paired(calendar.back(fresh, look)) for look in LOOKS if look}, paired(opened)


def _looking_closer(rows: Numbers, looks: Looks, amounts: Whole) -> Whole:
    """The series for which a handful of readings is not enough.

    A series with percents alone is asked for every working day, by which its futures are drawn; of counts and of days
    none are. And where the newest figure up to a look is of an earlier period than today's, the one that follows it is
    wanted too.
    """
    order = np.lexsort((_precedence(rows), rows["period_start"], rows["as_of"], rows["series_id"]))
    series, as_of, period_start = (rows[name][order] for name in ("series_id", "as_of", "period_start"))
    is_newest = np.ones(len(order), dtype=bool)
    is_newest[:-1] = series[1:] != series[:-1]
    newest = np.flatnonzero(is_newest)
    is_fresh = np.isin(as_of[newest], list(looks[LOOKS[-1]]))
    newest = newest[is_fresh]
    at = order[newest]
    is_alone = np.isnan(rows["numerator"][at]) | np.isnan(rows["denominator"][at])
    is_wanted = is_alone & ~np.isin(series[newest], amounts)
    position = series.astype(np.int64) * ROOM + as_of
    for days in looks.values():
        current, then = np.array(list(days), dtype=np.int64), np.array(list(days.values()), dtype=np.int64)
        look = then[np.searchsorted(current, as_of[newest])] if len(newest) else np.zeros(0, dtype=np.int64)
        found = np.searchsorted(position, series[newest] * ROOM + look, side="right") - 1
        is_own = (found >= 0) & (series[found] == series[newest])
        is_other = is_own & (period_start[found] != period_start[newest])
        is_wanted |= is_other & (period_start[newest] <= look)
    return np.asarray(series[newest][is_wanted], dtype=np.int64)


def _up_to(day: Any) -> Callable[[Any], Any]:
    return lambda as_of: as_of <= day


def _day_of_each_series(
    session: Session, choose: Any, fits: Callable[[Any], Any] | None = None, *, only: Whole | None = None
) -> CTE:
    """The first or last day (`func.min`, `func.max`) on which each series reported, among those that fit.

    Worked out before anything is joined (measured: left to itself SQLite asks again at every reading, fifty times
    slower).
    """
    identity = SERIES.c.id
    statement = select(identity.label("series"), _days_of_series(session)(choose, identity, fits).label("day"))
    if only is not None:
        statement = statement.where(identity.in_(only.tolist()))
    return statement.cte("latest").prefix_with("MATERIALIZED")


def _days_of_series(session: Session) -> Callable[..., Any]:
    """What asks for the first or last day of one series that fits: one look into the key. Days are whole numbers."""
    withdrawn = sorted(find_withdrawn(session))

    def day_of_series(choose: Any, series: Any, fits: Callable[[Any], Any] | None = None) -> Any:
        own = READINGS.alias()
        as_of = type_coerce(own.c.as_of, Integer)
        statement = select(choose(as_of)).where(own.c.series_id == series)
        if withdrawn:
            statement = statement.where(own.c.run_id.not_in(withdrawn))
        return (statement if fits is None else statement.where(fits(as_of))).scalar_subquery()

    return day_of_series


def _together(parts: list[Numbers]) -> Numbers:
    """All parts as one; each column of the parts is let go of as soon as it is joined."""
    if len(parts) == 1:
        return parts.pop()
    return {name: np.concatenate([part.pop(name) for part in parts]) for name in list(parts[0])}


def _reading_columns(session: Session, *, known_at: datetime | None = None) -> Select[Any]:
    """The columns of the readings that count."""
    places = {word: place for place, word in enumerate(QUALIFIERS) if word is not None}
    qualifier = case(places, value=col(Reading.qualifier), else_=0)
    columns = columns_of(Reading, *READING_COLUMNS).add_columns(qualifier.label("qualifier"))
    return columns.where(*which_count(session, col(Reading.run_id), known_at=known_at))


def _at_days(session: Session, chosen: CTE) -> Numbers:
    """The readings of each series on the days chosen for it."""
    as_of = type_coerce(col(Reading.as_of), Integer)
    statement = _reading_columns(session).join(
        chosen, (col(Reading.series_id) == chosen.c.series) & (as_of == chosen.c.day)
    )
    return read_numbers(session, statement, whole=WHOLE_COLUMNS)


def _lines(session: Session, campaign: Campaign, units: Units) -> tuple[dict[int, int], Whole, Whole]:
    """Series id → line, the lines of each unit, indicator and scope by rank of source, and when each goes stale."""
    indicators = {indicator.key: index for index, indicator in enumerate(campaign.indicators)}
    ranks = campaign.source_ranks
    bases = {indicator.key: indicator.basis for indicator in campaign.indicators}
    most = max((len(indicator.sources) for indicator in campaign.indicators), default=1)
    line_of = np.full((len(units), len(indicators), len(SCOPES), max(most, 1)), -1, dtype=np.int64)
    current = read_columns(
        session,
        columns_of(Series, "id", "unit_id", "indicator", "basis", "scope")
        .add_columns(col(SourceRow.key).label("source"))
        .join(SourceRow, col(SourceRow.id) == col(Series.source_id))
        .order_by(col(Series.id)),
    )
    scopes = {name: index for index, name in enumerate(SCOPES)}
    judged = [
        (identity, unit, indicators[indicator], scopes[scope], ranks[indicator, source], source)
        for identity, unit, indicator, basis, scope, source in zip(*current.values(), strict=True)
        if (indicator, source) in ranks and bases[indicator] == basis
    ]
    series = {row[0]: line for line, row in enumerate(judged)}
    if judged:
        _, unit, indicator, scope, rank, _ = (list(part) for part in zip(*judged, strict=True))
        line_of[units.positions(unit), indicator, scope, rank] = np.arange(len(judged))
    limits = {source: campaign.stale_after(source) for source in {row[-1] for row in judged}}
    return series, line_of, np.array([limits[row[-1]] for row in judged], dtype=np.int64)


def _precedence(rows: Numbers) -> Whole:
    return precedence(rows["numerator"], rows["denominator"], rows["revision"])


def _in_force(rows: Numbers, series: dict[int, int]) -> Numbers:
    """Readings by line and as-of date: what is in force of each, and of several periods on a day the newest.

    `rows` is emptied column by column: millions of readings are not held twice.
    """
    lookup = np.full(max(series, default=0) + 2, -1, dtype=np.int32)
    for identity, number in series.items():
        lookup[identity] = number
    line = lookup[np.clip(rows.pop("series_id"), 0, len(lookup) - 1)]
    as_of = rows["as_of"]
    order = np.lexsort((_precedence(rows), rows["period_start"], as_of, line))
    order = order[np.searchsorted(line[order], 0) :]
    line, day = line[order], as_of[order]
    is_last = np.ones(len(order), dtype=bool)
    is_last[:-1] = (line[1:] != line[:-1]) | (day[1:] != day[:-1])
    is_corrected = _corrected(rows, order, is_last)
    order = order[is_last]
    newest: Numbers = {"line": line[is_last], "is_corrected": is_corrected}
    del line, day, as_of
    for name in list(rows):
        newest[name] = rows.pop(name)[order]
    return newest


def _corrected(rows: Numbers, order: Whole, is_last: Bools) -> Bools:
    """Of each line and day, whether another figure of the period was reported first; a new note corrects nothing."""
    is_other = np.zeros(len(order), dtype=bool)
    has_counts = ~np.isnan(rows["denominator"][order])
    for name in ("numerator", "denominator", "value"):
        current = rows[name][order]
        is_same = (current[1:] == current[:-1]) | (np.isnan(current[1:]) & np.isnan(current[:-1]))
        is_other[1:] |= ~is_same & ((name != "value") | ~has_counts[1:])
    period = rows["period_start"][order]
    is_other[1:] &= ~is_last[:-1] & (period[1:] == period[:-1]) & (has_counts[1:] == has_counts[:-1])
    others = np.cumsum(is_other)[is_last]
    result: Bools = np.diff(others, prepend=0) > 0
    return result


def _assemble(
    rows: Numbers,
    first: Numbers,
    *,
    series: dict[int, int],
    line_of: Whole,
    stale_after: Whole,
    units: Units,
    campaign: Campaign,
    last: int,
) -> LineReadings:
    kind = _of_lines(line_of, len(series), kinds(campaign))
    readings = Readings(
        line=rows["line"],
        as_of=rows["as_of"],
        period_start=rows["period_start"],
        period_end=rows["period_end"],
        numerator=rows["numerator"],
        # A count is carried over as cases all of which count.
        denominator=np.where(kind[rows["line"]] == COUNT, rows["numerator"], rows["denominator"]),
        reported=rows["value"],
        qualifier=rows["qualifier"].astype(np.int64),
        high=rows["value_high"],
        is_revised=rows["is_corrected"],
    )
    firsts = {
        name: np.full(len(series), np.nan)
        for name in ("as_of", "numerator", "denominator", "value", "value_high", "qualifier")
    }
    lines, at = np.unique(first["line"], return_index=True)
    for name, array in firsts.items():
        array[lines] = first[name][at]
    carried = carry_lines(readings, line_of, units, kind=kinds(campaign), last=last)
    readings, reported = carried.readings, len(series)
    if len(carried.like):
        at = np.searchsorted(readings.line, reported + np.arange(len(carried.like)))
        for name, of_lines in (("as_of", readings.as_of), ("numerator", readings.numerator),
                               ("denominator", readings.denominator), ("value", readings.reported),
                               ("value_high", readings.high), ("qualifier", readings.qualifier)):  # fmt: skip
            firsts[name] = np.concatenate([firsts[name], of_lines[at]])
    return LineReadings(
        readings=readings,
        count=reported + len(carried.like),
        line_of=carried.line_of,
        series_ids=_with(np.array(list(series), dtype=np.int64), carried.like),
        stale_after=_with(stale_after, carried.like),
        revision=_with(rows["revision"], carried.row),
        changed_on=carried.changed_on,
        reported=reported,
        first_day=firsts["as_of"],
        first_numerator=firsts["numerator"],
        first_denominator=firsts["denominator"],
        first_reported=firsts["value"],
        first_high=firsts["value_high"],
        first_qualifier=firsts["qualifier"],
    )


def _with(values: Whole, alike: Whole) -> Whole:
    """Values followed by those of further lines or readings that are like some of them."""
    return np.concatenate([values, values[alike]])
