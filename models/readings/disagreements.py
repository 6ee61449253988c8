"""Where two sources report a unit differently: a sign of figures that do not reach each other, all units at once."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.core.columns import day_number, day_of
from models.core.store import read_frame, read_numbers
from models.feeds.withdrawn import which_count
from models.results.current_readings import sources_in_order
from models.results.inputs import kinds, load_campaign, load_units
from models.tables import Reading, Series, SourceRow
from targets.standing.amounts import COUNT, DAYS, is_amount
from targets.standing.snapshots import precedence
from targets.values import Campaign

FORTNIGHT = timedelta(days=14)


@dataclass(frozen=True)
class DisagreeingUnit:
    """A unit of which two sources differ by more than `disagreement_points`, and on which indicators."""

    code: str
    name: str
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """What two sources say of one unit, indicator and day; percents in points."""

    unit: str
    unit_name: str
    level: str
    indicator: str
    as_of: date
    governing: str
    other: str
    governing_value: float
    other_value: float

    @property
    def points(self) -> float:
        """By how much the other source says more."""
        return self.other_value - self.governing_value


def find_disagreeing_units(session: Session, *, as_of: date) -> list[DisagreeingUnit]:
    """The units where, on the newest day of the last fortnight that two sources both reported, they differ too much.

    Only like is compared with like: the indicator's declared basis, the level's default scope. Which source governs is
    decided as everywhere (`models.results.current_readings`).
    """
    campaign = load_campaign(session)
    compared = _compared(session, campaign, as_of)
    newest = compared.sort_values("as_of").drop_duplicates(["unit", "indicator", "other"], keep="last")
    apart = newest[newest["points"].abs() > float(campaign.disagreement_points)]
    found: dict[int, list[str]] = {}
    for unit, indicator in sorted(zip(apart["unit"].tolist(), apart["indicator"].tolist(), strict=True)):
        keys = found.setdefault(unit, [])
        if campaign.indicators[indicator].key not in keys:
            keys.append(campaign.indicators[indicator].key)
    units = load_units(session, campaign)
    return [DisagreeingUnit(units.codes[unit], units.names[unit], tuple(keys)) for unit, keys in found.items()]


def find_differences(session: Session, *, as_of: date) -> list[Difference]:
    """Each day of the last fortnight on which two sources differ too much, newest first, the widest apart first."""
    campaign = load_campaign(session)
    compared = _compared(session, campaign, as_of)
    apart = compared[compared["points"].abs() > float(campaign.disagreement_points)]
    apart = apart.assign(width=apart["points"].abs())
    apart = apart.sort_values(["as_of", "width", "unit", "indicator"], ascending=[False, False, True, True])
    units = load_units(session, campaign)
    columns = ("unit", "indicator", "as_of", "governing", "other", "governing_value", "other_value")
    found = []
    for row in zip(*(apart[name].tolist() for name in columns), strict=True):
        unit, place, day, governing, other, ours, theirs = row
        indicator = campaign.indicators[place]
        found.append(
            Difference(
                unit=units.codes[unit],
                unit_name=units.names[unit],
                level=units.levels[unit],
                indicator=indicator.key,
                as_of=day_of(day),
                governing=indicator.sources[governing],
                other=indicator.sources[other],
                governing_value=ours,
                other_value=theirs,
            )
        )
    return found


def _compared(session: Session, campaign: Campaign, as_of: date) -> pd.DataFrame:
    """Each day of the last fortnight that the governing and another source both reported.

    Columns: unit (position), indicator (position), as_of (whole days), governing and other (places in the indicator's
    list of sources), governing_value, other_value, difference (other less governing), points (by which it is judged).
    """
    series = _told_twice(session, campaign)
    keys = ["unit", "indicator", "rank"]
    if not len(series):
        return pd.DataFrame(
            {name: pd.Series(dtype=np.int64) for name in ("unit", "indicator", "as_of", "governing", "other")}
            | {name: pd.Series(dtype=np.float64) for name in ("governing_value", "other_value", "difference", "points")}
        )
    reported = pd.DataFrame(_readings(session, series["id"].to_numpy(), as_of))
    reported["precedence"] = precedence(
        *(reported[name].to_numpy() for name in ("numerator", "denominator", "revision"))
    )
    reported = reported.sort_values("precedence").drop_duplicates(["series_id", "as_of"], keep="last")
    denominator = reported["denominator"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        counted = 100 * reported["numerator"].to_numpy() / denominator
    rates = np.where(np.isnan(denominator), reported["value"], np.where(denominator > 0, counted, np.nan))
    reported = reported.assign(rate=rates).merge(series, left_on="series_id", right_on="id")
    kind = kinds(campaign)[reported["indicator"].to_numpy()]
    reported["value"] = np.select(
        [kind == COUNT, kind == DAYS], [reported["numerator"], reported["value"]], reported["rate"]
    )
    # A bound contradicts nobody: nobody knows how far it is from another figure.
    reported = reported[reported["value"].notna() & (reported["is_bound"] == 0)]
    reported = reported[[*keys, "as_of", "value"]].sort_values([*keys, "as_of"])
    asked = sources_in_order(session, campaign, load_units(session, campaign), day=day_number(as_of))
    places = np.zeros((len(campaign.indicators), max(len(order) for order in asked.values())), dtype=np.int64)
    for at, indicator in enumerate(campaign.indicators):
        for rank, source in enumerate(indicator.sources):
            places[at, rank] = asked[indicator.key].index(source)
    reported["place"] = places[reported["indicator"].to_numpy(), reported["rank"].to_numpy()]
    is_first = reported["place"] == reported.groupby(["unit", "indicator"])["place"].transform("min")
    governing, others = (part.drop(columns="place") for part in (reported[is_first], reported[~is_first]))
    pairs = governing.merge(others, on=["unit", "indicator", "as_of"], suffixes=("", "_other"))
    pairs = pairs.rename(columns={"rank": "governing", "rank_other": "other", "value": "governing_value"})
    pairs = pairs.rename(columns={"value_other": "other_value"})
    difference = pairs["other_value"] - pairs["governing_value"]
    # How far apart counts and days are is told by the larger figure: two of twenty are ten points of percent.
    most = np.maximum(pairs[["governing_value", "other_value"]].abs().max(axis=1), 1)
    is_rate = ~is_amount(kinds(campaign))[pairs["indicator"].to_numpy()]
    return pairs.assign(difference=difference, points=np.where(is_rate, difference, 100 * difference / most))


def _told_twice(session: Session, campaign: Campaign) -> pd.DataFrame:
    """The series that may be compared with another one: id, unit, indicator, and the rank of their source.

    Series are few and read first: where every indicator has one source, no reading is looked at.
    """
    rows = read_frame(
        session,
        select_columns(
            col(Series.id), col(Series.unit_id), col(Series.indicator), col(Series.basis), col(Series.scope),
            col(SourceRow.key).label("source"),
        ).join(SourceRow, col(SourceRow.id) == col(Series.source_id)),
    )  # fmt: skip
    units = load_units(session, campaign)
    order = {indicator.key: at for at, indicator in enumerate(campaign.indicators)}
    rows = rows[rows["indicator"].isin(list(order))]
    if not len(rows):
        return rows
    rows["unit"] = units.positions(rows["unit_id"])
    basis = rows["indicator"].map({indicator.key: indicator.basis for indicator in campaign.indicators})
    scope = np.where(units.is_below[rows["unit"]], "below", "own")
    ranks = campaign.source_ranks
    rows["rank"] = [ranks.get(pair, -1) for pair in zip(rows["indicator"], rows["source"], strict=True)]
    rows["indicator"] = rows["indicator"].map(order)
    rows = rows[(rows["basis"] == basis) & (rows["scope"] == scope) & (rows["rank"] >= 0)]
    sources = rows.groupby(["unit", "indicator"])["rank"].transform("nunique")
    twice: pd.DataFrame = rows.loc[sources > 1, ["id", "unit", "indicator", "rank"]].astype(np.int64)
    return twice


def _readings(session: Session, series: Any, as_of: date) -> dict[str, Any]:
    reported: Any = select_columns(
        col(Reading.series_id), col(Reading.as_of), col(Reading.revision), col(Reading.numerator),
        col(Reading.denominator), col(Reading.value), col(Reading.qualifier).is_not(None).label("is_bound"),
    ).where(
        col(Reading.series_id).between(int(series.min()), int(series.max())),
        col(Reading.as_of).between(as_of - FORTNIGHT, as_of),
        *which_count(session, col(Reading.run_id)),
    )  # fmt: skip
    numbers = read_numbers(session, reported)
    is_meant = np.isin(numbers["series_id"], series)
    whole = ("series_id", "as_of", "revision")
    return {
        name: column[is_meant].astype(np.int64) if name in whole else column[is_meant]
        for name, column in numbers.items()
    }
