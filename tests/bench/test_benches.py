"""Every benchmark still runs: each one at its smallest size, in a process of its own as `make bench` runs it."""

import pytest

from pages.kit.page import registered
from tests.bench.bench_navigation import routes
from tests.bench.measuring import SMALLEST
from tests.bench.running import names, run
from tests.forker import end_forker, run_python

LONG = {
    "bench_analysis",
    "bench_daily",
    "bench_documents",
    "bench_door",
    "bench_import",
    "bench_navigation",
    "bench_pull",
}
"""Those that take longest at any size."""


@pytest.fixture(autouse=True, scope="session")
def _ended_forker():
    yield
    end_forker()


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.soak if name in LONG else ()) for name in names()]
)
def test_benchmark_measures_at_its_smallest_size(name):
    outcome = run(name, SMALLEST, run_python=run_python)

    assert not outcome.has_failed
    assert outcome.rows
    assert all(row.seconds > 0 for row in outcome.rows)
    assert all(row.floor is not None and row.floor > 0 for row in outcome.rows if row.most is not None)
    assert all(row.floor is not None and row.floor > 0 for row in outcome.rows if row.ratio is not None)


def test_navigation_is_measured_to_every_page():
    assert {route.path for route in routes()} == {f"/{address}" for address in registered()}
