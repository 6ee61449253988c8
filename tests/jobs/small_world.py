"""The small campaign in a store of its own, for what jobs do with meetings."""

from pathlib import Path

import pytest

from models.store import Store
from tests.models.conftest import Small, _found_small


@pytest.fixture
def small(tmp_path: Path):
    """The small campaign, founded on 1 March."""
    store = Store(f"sqlite:///{tmp_path / 'small.db'}")
    _found_small(store)
    yield Small(store)
    store.close()
