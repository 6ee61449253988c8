"""Places among like units only: of one level and a like number of cases, each as the range that its figures allow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from jobs.documents.gap_table import rate
from jobs.wording import results as wording
from jobs.wording.results import word_of
from models.analysis.compare import Comparison
from models.core import formats
from models.core.texts import text
from models.results.overview import Overview
from pages.charts.marks import Spec
from pages.charts.rows import Bar, BarRow, Tick, round_ticks, rows_chart
from pages.compare.exhibits import Column, Exhibit, Row, Table
from pages.compare.shares import short_name, unit_names
from pages.gaps.view import unit_address
from targets.comparison.ranking import DOWN, NOWHERE, SAME, UP, Places, like_units, movement, places, volume_classes
from targets.results import Result
from targets.values import Campaign, Indicator

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
SCREEN = 25
MARGIN = 2.0
"""Points that the scale shows beyond the ranges."""
GLYPHS = {UP: "↑", SAME: "=", DOWN: "↓"}
"""Arrows: triangles and dots are standings."""
WAYS = {UP: "up", SAME: "same", DOWN: "down"}


def volume_bounds(campaign: Campaign) -> tuple[int, ...]:
    """Numbers of cases that part the classes: the campaign's limit of small volumes, and ten times as many."""
    return (campaign.small_volume, 10 * campaign.small_volume)


def size_count(campaign: Campaign) -> int:
    """How many classes there are; the last one is of those that tell a percent alone."""
    return len(volume_bounds(campaign)) + 2


def size_name(campaign: Campaign, indicator: Indicator, size: int, language: str) -> str:
    """ "từ 100 đến dưới 1.000 hồ sơ"."""
    bounds = [formats.whole(bound, language) for bound in volume_bounds(campaign)]
    counted = indicator.counted.of(language)
    if size == 0:
        return text("compare.size.below", language, most=bounds[0], counted=counted)
    if size > len(bounds):
        return text("compare.size.percent", language)
    if size == len(bounds):
        return text("compare.size.above", language, least=bounds[-1], counted=counted)
    return text("compare.size.between", language, least=bounds[size - 1], most=bounds[size], counted=counted)


@dataclass(frozen=True)
class Ranking:
    """Every unit's place today and on an earlier day; arrays follow the order of the comparison's rows."""

    overview: Overview
    comparison: Comparison
    now: Places
    moved: Whole
    size: Whole
    """The class of volume of each unit, −1 where it is not ranked."""
    since: str
    """The day that today is compared with, as written; empty where nothing was known then."""


def rank(overview: Overview, comparison: Comparison, before: Mapping[str, Result], *, since: str) -> Ranking:
    """Places among units of one level and class of volume, today's classes on both days.

    Not ranked: a figure that is out of date, that is only a bound, or that gives no rate. `before`: rows of the
    earlier day, by unit.
    """
    campaign = comparison.campaign
    rows = comparison.rows
    is_fresh = np.array([row.coverage == 1 and not row.is_bound and row.value is not None for row in rows])
    is_fresh[comparison.province] = False
    numerator, denominator, reported = _figures(rows)
    size = volume_classes(np.where(np.isnan(numerator), np.nan, denominator), volume_bounds(campaign))
    size = np.where(np.isnan(numerator) & ~np.isnan(reported), size_count(campaign) - 1, size)
    size = np.where(is_fresh, size, NOWHERE).astype(np.int64)
    order = {level.key: at for at, level in enumerate(campaign.levels)}
    level = np.array([order[row.level] for row in rows], dtype=np.int64)
    likes = like_units(level, size)
    way = {"lower_is_better": comparison.whole.lower_is_better}
    now = places(numerator=numerator, denominator=denominator, reported=reported, likes=likes, **way)
    past = _figures([before.get(row.unit, row) for row in rows])
    was_known = np.array([_is_comparable(before.get(row.unit)) for row in rows], dtype=bool)
    known_then = np.where(was_known, likes, NOWHERE)
    then = places(numerator=past[0], denominator=past[1], reported=past[2], likes=known_then, **way)
    is_known = bool((then.best > 0).any())
    return Ranking(overview, comparison, now, movement(then, now), size, since if is_known else "")


def _is_comparable(row: Result | None) -> bool:
    return row is not None and row.coverage == 1 and not row.is_bound and row.value is not None


def _figures(rows: Sequence[Result]) -> tuple[Floats, Floats, Floats]:
    def column(name: str) -> Floats:
        given = [getattr(row, name) for row in rows]
        return np.array([np.nan if value is None else float(value) for value in given])

    return column("numerator"), column("denominator"), column("value")


def ranked(ranking: Ranking, *, level: str, size: int) -> Whole:
    """The units of a level and a class by place: the best first, among equals the one with the higher rate."""
    rows = ranking.comparison.rows
    is_asked = np.array([row.level == level for row in rows]) & (ranking.size == size) & (ranking.now.best > 0)
    value = np.array([row.value or 0.0 for row in rows])
    chosen = np.flatnonzero(is_asked)
    return chosen[np.lexsort((-value[chosen], ranking.now.worst[chosen], ranking.now.best[chosen]))]


def sizes_of(ranking: Ranking, level: str) -> dict[int, int]:
    """How many units of a level are ranked in each class."""
    rows = ranking.comparison.rows
    is_asked = np.array([row.level == level for row in rows]) & (ranking.now.best > 0)
    sizes, counts = np.unique(ranking.size[is_asked], return_counts=True)
    return dict(zip(sizes.tolist(), counts.tolist(), strict=True))


def rank_exhibit(ranking: Ranking, *, level: str, size: int, page: int, query: str, language: str) -> Exhibit:
    """One class: who leads, whose place has surely changed; 25 units on a screen of the chart, all in the table."""
    chosen = ranked(ranking, level=level, size=size)
    if not len(chosen):
        return Exhibit("ranks", text("compare.ranks.nobody", language, level=_level(ranking, level, language)))
    shown = chosen[(page - 1) * SCREEN : page * SCREEN]
    names = unit_names(ranking.comparison, language)
    return Exhibit(
        key="ranks",
        title=_title(ranking, chosen, names, level=level, size=size, language=language),
        chart=_chart(ranking, shown, names, query, language),
        spoken=text("compare.ranks.spoken", language, shown=len(shown), count=formats.whole(len(chosen), language)),
        table=_table(ranking, chosen, names, language),
        notes=_notes(ranking, level, language),
    )


def _level(ranking: Ranking, level: str, language: str) -> str:
    return ranking.comparison.campaign.level(level).name.of(language)


def _title(ranking: Ranking, chosen: Whole, names: Sequence[str], *, level: str, size: int, language: str) -> str:
    """Who cannot be told from the first, and how many have surely moved."""
    campaign, now = ranking.comparison.campaign, ranking.now
    indicator = campaign.indicator(ranking.comparison.indicator)
    leading = [at for at in chosen.tolist() if now.best[at] == 1]
    among = text(
        "compare.ranks.among",
        language,
        count=formats.whole(len(chosen), language),
        level=_level(ranking, level, language),
        size=size_name(campaign, indicator, size, language),
    )
    if len(chosen) == 1:
        said = text("compare.ranks.alone", language, unit=names[leading[0]])
    elif len(leading) == len(chosen):
        said = text("compare.ranks.all_alike", language)
    elif len(leading) == 1:
        said = text("compare.ranks.leads", language, unit=names[leading[0]])
    else:
        said = _leading(len(leading), language)
    moved = _moved(ranking, chosen, language)
    return text("compare.ranks.title", language, name=indicator.name.of(language), among=among, findings=said + moved)


def _moved(ranking: Ranking, chosen: Whole, language: str) -> str:
    if not ranking.since:
        return ""
    up, down = (int((ranking.moved[chosen] == way).sum()) for way in (UP, DOWN))
    key = "moved" if up or down else "moved_none"
    counts = {"up": formats.units(up, language), "down": formats.units(down, language)} if up or down else {}
    return text(f"compare.ranks.{key}", language, since=ranking.since, **counts)


def _leading(count: int, language: str) -> str:
    """ "nhóm dẫn đầu, 26 đơn vị tương đương"."""
    return text("compare.ranks.lead", language, count=formats.whole(count, language))


def _group(ranking: Ranking, at: int) -> tuple[str, int]:
    """Of a unit that may be the first, or the last: which of both, and how many places that leaves; else no word."""
    best, worst, peers = (int(part[at]) for part in (ranking.now.best, ranking.now.worst, ranking.now.peers))
    if best == worst or (best == 1 and worst == peers):
        return "", 0
    return ("lead", worst) if best == 1 else ("last", peers - best + 1) if worst == peers else ("", 0)


def place_words(ranking: Ranking, at: int, language: str) -> str:
    """ "3–7/45": between the third and the seventh of 45; those that may be the first or the last are called so."""
    group, count = _group(ranking, at)
    if group:
        return text(f"compare.ranks.{group}", language, count=formats.whole(count, language))
    best, worst, peers = (
        formats.whole(int(part[at]), language) for part in (ranking.now.best, ranking.now.worst, ranking.now.peers)
    )
    return f"{best}/{peers}" if best == worst else f"{best}–{worst}/{peers}"


def _place_brief(ranking: Ranking, at: int, language: str) -> str:
    """The same beside its bar: "nhóm dẫn đầu", "hạng 3–7"."""
    group, _ = _group(ranking, at)
    if group:
        return text(f"compare.ranks.{group}_brief", language)
    return text("compare.ranks.place", language, place=place_words(ranking, at, language).partition("/")[0])


def _chart(ranking: Ranking, shown: Whole, names: Sequence[str], query: str, language: str) -> Spec:
    now, rows = ranking.now, ranking.comparison.rows
    least = max(float(now.low[shown].min()) - MARGIN, 0.0)
    most = min(float(now.high[shown].max()) + MARGIN, 100.0)
    drawn = []
    for at in shown.tolist():
        row, place = rows[at], place_words(ranking, at, language)
        figure = wording.figure(row, language)
        moved = int(ranking.moved[at])
        glyph = f" {GLYPHS[moved]}" if ranking.since and moved != SAME else ""
        words = text("compare.ranks.words", language, figure=figure, place=_place_brief(ranking, at, language)) + glyph
        drawn.append(
            BarRow(
                name=names[at],
                words=words,
                narrow=words,
                bars=(Bar(float(now.low[at]), float(now.high[at]), "range"),),
                value=row.value,
                standing=row.standing,
                facts=(
                    (text("compare.column.unit", language), names[at]),
                    (text("compare.column.place", language), place),
                    (text("gaps.column.now", language), figure),
                    (text("compare.column.range", language), _range(ranking, at, language)),
                ),
                address=unit_address(row.unit, query),
                short=short_name(names[at]),
            )
        )
    ticks = [Tick(value, formats.target_percent(value, language)) for value in round_ticks(least, most)]
    return rows_chart(drawn, ticks, least=least, most=most, language=language)


def _range(ranking: Ranking, at: int, language: str) -> str:
    low, high = (formats.percent(float(end[at]), language) for end in (ranking.now.low, ranking.now.high))
    return low if low == high else f"{low} – {high}"


def _table(ranking: Ranking, chosen: Whole, names: Sequence[str], language: str) -> Table:
    campaign = ranking.comparison.campaign
    indicator = campaign.indicator(ranking.comparison.indicator)
    rows = []
    for at in chosen.tolist():
        row = ranking.comparison.rows[at]
        moved = WAYS[int(ranking.moved[at])]
        said = f"{GLYPHS[int(ranking.moved[at])]} {text(f'compare.ranks.way.{moved}', language)}"
        cells = (
            place_words(ranking, at, language),
            names[at],
            rate(row.value or 0.0, target=row.target, lower_is_better=row.lower_is_better),
            *(rate(float(end[at])) for end in (ranking.now.low, ranking.now.high)),
            row.numerator,
            row.denominator,
            *((said,) if ranking.since else ()),
            word_of(row, language),
        )
        rows.append(Row(cells, code=row.unit, standings=(row.standing,)))
    moved_column = (
        (Column(text("compare.column.moved", language, since=ranking.since), "text"),) if ranking.since else ()
    )
    return Table(
        columns=(
            Column(text("compare.column.place", language), "text"),
            Column(text("compare.column.unit", language), "wide"),
            Column(text("gaps.column.now", language), "percent"),
            Column(text("compare.column.low", language), "percent"),
            Column(text("compare.column.high", language), "percent"),
            Column(formats.capitalised(indicator.numerator.of(language)), "whole"),
            Column(formats.capitalised(indicator.denominator.of(language)), "whole"),
            *moved_column,
            Column(text("gaps.column.standing", language), "wide"),
        ),
        rows=tuple(rows),
        spoken=text("compare.ranks.table", language),
    )


def _notes(ranking: Ranking, level: str, language: str) -> tuple[str, ...]:
    units = [at for at, row in enumerate(ranking.comparison.rows) if row.level == level]
    without = sum(ranking.now.best[at] == 0 for at in units)
    said = [text("compare.ranks.note", language)]
    if without:
        said.append(text("compare.ranks.without", language, count=formats.whole(int(without), language)))
    if not ranking.since:
        said.append(text("compare.ranks.no_past", language))
    return tuple(said)
