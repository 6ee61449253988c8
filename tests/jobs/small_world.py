"""The small campaign in a store of its own, for what jobs do with meetings."""

from pathlib import Path

import pytest

from models.core.store import Store
from tests.models.conftest import PreparedStores, Small, found_small, small_campaign


@pytest.fixture
def small(prepared: PreparedStores, tmp_path: Path):
    """The small campaign, founded on 1 March."""
    store = prepared.copy("small", found_small, to=f"sqlite:///{tmp_path / 'small.db'}")
    yield Small(store)
    store.close()


def small_with_figures(store: Store) -> None:
    """The same with all figures of one unit."""
    found_small(store)
    keys = [indicator.key for indicator in small_campaign().indicators]
    Small(store).load(*(("S1", key, "15/3", 10, 100) for key in keys), when="18/3 08:00")
