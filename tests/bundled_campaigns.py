"""Every campaign of data/campaigns in a store of its own, made once for a run."""

from datetime import datetime
from pathlib import Path

import pytest

from jobs.campaigns.initialise import initialise
from models.catalogue import load_campaign_files
from models.core.settings import CAMPAIGNS
from models.core.store import Store
from tests.made_once import made_once

BUNDLED = tuple(sorted(file.parent.name for file in CAMPAIGNS.glob("*/campaign.toml")))
ILLUSTRATIVE = ("hai-cap-2026", "cap-huyen-30-ngay")
"""Campaigns without a figure of their own: looked at as demonstrations."""
NOW = datetime.fromisoformat("2026-11-30T08:00:00+07:00")
"""Long after every one of them."""


def bundled_store(factory: pytest.TempPathFactory, key: str) -> Path:
    """The file of a bundled campaign's store, as `init` leaves it; copied by who wants to change it."""
    return made_once(factory, f"bundled-{key}", lambda folder: _make(key, folder)) / "caodiem.db"


def _make(key: str, folder: Path) -> None:
    store = Store(f"sqlite:///{folder / 'caodiem.db'}")
    files = load_campaign_files(CAMPAIGNS / key)
    initialise(
        store, files, with_demonstration=key in ILLUSTRATIVE, by="system:test", now=NOW, tell=lambda _: None
    )  # fmt: skip
    with store.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    store.close()
