"""A benchmark that does not reach its last row, for the test of what becomes of the others."""

from collections.abc import Iterator

from tests.bench.measuring import Measured, Size


def measure(size: Size) -> Iterator[Measured]:
    print("what a library may say")
    yield Measured(f"a row of {size.days} days", 1.0)
    raise RuntimeError("The second row was not to be.")
