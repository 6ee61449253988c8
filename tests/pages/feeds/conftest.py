"""Homes with the bundled campaign, made once for the pages of sources and of uploads, and copied for each test."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from jobs.campaigns.initialise import initialise
from models.catalogue import load_campaign_files
from models.core.settings import CAMPAIGNS, TIMEZONE
from models.core.store import Store

FOUNDED = datetime(2024, 3, 19, 8, tzinfo=TIMEZONE)


@pytest.fixture(scope="session")
def furnished_home(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A home by its kind: a real one without figures, or a demonstration. Copied, never changed."""
    homes: dict[str, Path] = {}

    def find(kind: str) -> Path:
        if kind not in homes:
            home = tmp_path_factory.mktemp(f"feeds-{kind}")
            store = Store(f"sqlite:///{home / 'caodiem.db'}")
            files = load_campaign_files(CAMPAIGNS / "gia-lai-2024")
            with_days = {"real": False, "demonstration": True}[kind]
            initialise(store, files, with_demonstration=with_days, by="system:test", now=FOUNDED, tell=lambda _: None)
            store.close()
            homes[kind] = home
        return homes[kind]

    return find
