"""The small campaign in a store of its own, for what jobs do with meetings."""

from pathlib import Path

import pytest

from tests.models.conftest import PreparedStores, Small, found_small


@pytest.fixture
def small(prepared: PreparedStores, tmp_path: Path):
    """The small campaign, founded on 1 March."""
    store = prepared.copy("small", found_small, to=f"sqlite:///{tmp_path / 'small.db'}")
    yield Small(store)
    store.close()
