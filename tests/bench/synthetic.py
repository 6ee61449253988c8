"""A made-up campaign of any size: units, readings and targets as arrays, without a store."""

from dataclasses import replace

import numpy as np

from models.catalogue import load_campaign_files
from models.core.columns import day_number
from models.core.settings import CAMPAIGNS
from models.results.inputs import Owed, Units
from models.results.rows import Results
from models.results.series import SCOPES, LineReadings
from targets.periods import OPEN_END
from targets.standing.snapshots import Readings
from targets.values import Campaign

DAYS = 100
COMMUNES_A_DISTRICT = 20


def campaign() -> Campaign:
    """The bundled campaign's settings, without units of its own."""
    return replace(load_campaign_files(CAMPAIGNS / "gia-lai-2024").campaign, unit_phases=())


def units(count: int) -> Units:
    """A province, districts with twenty communes each, `count` units in all."""
    districts = max(1, (count - 1) // (COMMUNES_A_DISTRICT + 1))
    parent = np.full(count, -1, dtype=np.int64)
    parent[1 : districts + 1] = 0
    parent[districts + 1 :] = 1 + np.arange(count - districts - 1) % districts
    depth = np.where(parent < 0, 0, np.where(parent == 0, 1, 2))
    levels = np.array(["province", "district", "commune"])[depth]
    return Units(
        ids=np.arange(1, count + 1),
        codes=[f"U{number}" for number in range(count)],
        names=[f"UBND {number}" for number in range(count)],
        levels=levels.tolist(),
        parent=parent,
        depth=depth,
        valid_from=np.full(count, -OPEN_END),
        valid_to=np.full(count, OPEN_END),
        is_below=depth < 2,
        may_be_pooled=depth < 2,
    )


def results(count: int) -> Results:
    """A whole campaign of readings for `count` units, ready to be asked for any day."""
    settings, of_units = campaign(), units(count)
    indicators = len(settings.indicators)
    pairs = count * indicators
    random = np.random.default_rng(7)
    start = day_number(settings.start)
    line = np.repeat(np.arange(pairs), DAYS)
    denominator = np.cumsum(random.integers(0, 30, (pairs, DAYS)), axis=1)
    numerator = np.floor(denominator * random.random((pairs, 1)))
    line_of = np.full((count, indicators, len(SCOPES), 1), -1, dtype=np.int64)
    scope = of_units.is_below.astype(np.int64)
    line_of[np.arange(count)[:, None], np.arange(indicators)[None, :], scope[:, None], 0] = np.arange(pairs).reshape(
        count, indicators
    )
    readings = Readings(
        line=line,
        as_of=np.tile(start + np.arange(DAYS), pairs),
        period_start=np.full(pairs * DAYS, start),
        period_end=np.full(pairs * DAYS, OPEN_END),
        numerator=numerator.ravel(),
        denominator=denominator.ravel().astype(np.float64),
        reported=np.full(pairs * DAYS, np.nan),
        qualifier=np.zeros(pairs * DAYS, dtype=np.int64),
        high=np.full(pairs * DAYS, np.nan),
        is_revised=np.zeros(pairs * DAYS, dtype=bool),
    )
    lines = LineReadings(
        readings=readings,
        count=pairs,
        line_of=line_of,
        series_ids=np.arange(pairs),
        stale_after=np.full(pairs, settings.stale_after_working_days),
        revision=np.ones(pairs * DAYS, dtype=np.int64),
        first_day=np.full(pairs, float(start)),
        first_numerator=numerator[:, 0],
        first_denominator=denominator[:, 0].astype(np.float64),
        first_reported=np.full(pairs, np.nan),
        first_high=np.full(pairs, np.nan),
        first_qualifier=np.zeros(pairs),
    )
    owed = Owed(
        baseline=random.random((count, indicators)) * 60,
        target=np.full((count, indicators, len(settings.phases)), 80.0),
        origin=np.zeros((count, indicators, len(settings.phases)), dtype=np.int64),
    )
    return Results(campaign=settings, units=of_units, owed=owed, lines=lines, first=start, last=start + DAYS - 1)
