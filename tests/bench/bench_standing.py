"""All standings of a day, for a province and for the whole country: time must not grow faster than the units do."""

from collections.abc import Iterator

import pandas as pd

from models.core.columns import day_number
from tests.bench import synthetic
from tests.bench.measuring import Measured, Size, compare, time_alone


def measure(size: Size) -> Iterator[Measured]:
    day = day_number(synthetic.campaign().start) + 60
    small, large = synthetic.results(size.province), synthetic.results(size.country)
    few, many = f"{size.province:,} × 6", f"{size.country:,} × 6"
    readings = small._lines.readings
    frame = pd.DataFrame({"line": readings.line, "numerator": readings.numerator, "denominator": readings.denominator})
    yield compare(
        f"standings of {few} on a day / pandas groupby-last of their readings",
        lambda: small.on(day),
        floor=lambda: frame.groupby("line").last(),
        rows=size.province * 6,
        times=size.times(15),
    )
    province = time_alone(
        f"standings of {few} on a day", lambda: small.on(day), rows=size.province * 6, times=size.times(15)
    )
    country = time_alone(
        f"standings of {many} on a day", lambda: large.on(day), rows=size.country * 6, times=size.times(7)
    )
    yield province
    yield Measured(
        f"standings of {many} / linear growth from {few}",
        seconds=country.seconds,
        floor=province.seconds * size.country / size.province,
        rows=country.rows,
        most=1.0,
    )
