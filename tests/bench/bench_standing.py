"""All standings of a day, for a province and for the whole country: time must not grow faster than the units do."""

from collections.abc import Iterator

import pandas as pd

from models.columns import day_number
from tests.bench import made_up
from tests.bench.measuring import Measured, compare, time_alone

PROVINCE, COUNTRY = 260, 11_000


def measure() -> Iterator[Measured]:
    day = day_number(made_up.campaign().start) + 60
    small, large = made_up.results(PROVINCE), made_up.results(COUNTRY)
    readings = small._lines.readings
    frame = pd.DataFrame({"line": readings.line, "numerator": readings.numerator, "denominator": readings.denominator})
    yield compare(
        "standings of 260 × 6 on a day / pandas groupby-last of their readings",
        lambda: small.on(day),
        floor=lambda: frame.groupby("line").last(),
        rows=PROVINCE * 6,
        times=15,
    )
    province = time_alone("standings of 260 × 6 on a day", lambda: small.on(day), rows=PROVINCE * 6, times=15)
    country = time_alone("standings of 11,000 × 6 on a day", lambda: large.on(day), rows=COUNTRY * 6, times=7)
    yield province
    yield Measured(
        "standings of 11,000 × 6 / linear growth from 260 × 6",
        seconds=country.seconds,
        floor=province.seconds * COUNTRY / PROVINCE,
        rows=country.rows,
        most=1.0,
    )
