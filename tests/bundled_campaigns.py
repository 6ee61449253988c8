"""Every campaign of data/campaigns in a store of its own, made once for a run, and which words are not its own."""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jobs.campaigns.initialise import initialise
from models.catalogue import load_campaign_files
from models.core.settings import CAMPAIGNS
from models.core.store import Store
from tests.made_once import made_once
from tests.pages.test_words import WORDS as TYPED_IN
from tests.soaked import mostly_soaked

BUNDLED = tuple(sorted(file.parent.name for file in CAMPAIGNS.glob("*/campaign.toml")))
ILLUSTRATIVE = ("hai-cap-2026", "cap-huyen-30-ngay")
"""Campaigns without a figure of their own: looked at as demonstrations."""
NOW = datetime.fromisoformat("2026-11-30T08:00:00+07:00")
"""Long after every one of them."""
LEVEL_WORDS = (
    "tỉnh", "huyện", "xã", "phường", "thị trấn",
    "province", "provinces", "district", "districts", "commune", "communes",
)  # fmt: skip
WORD = re.compile(r"[^\W\d_]+")
VIETNAMESE = re.compile(r"[à-ɏḀ-ỹ]")
NAMES = {"Gia Lai", "Vĩnh Phúc", "Thái Nguyên", "Quảng Ninh", "Tiền Giang", "Ia Grai", "GT-VT", "629/KH"}


def bundled_keys(*daily: str, among: Iterable[str] = BUNDLED) -> list[Any]:
    """Campaigns to go through: a few in every run, the others with the soak."""
    return mostly_soaked(among, *daily)


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


def strangers(said: str, key: str, home: Path, language: str) -> set[str]:
    """Level words and names of other campaigns, and in English whatever Vietnamese is not the campaign's own."""
    plain = said.lower().replace("xã hội", "")
    own, found = _own_words(key, home), set(WORD.findall(plain))
    foreign = {word for word in LEVEL_WORDS if re.search(rf"\b{word}\b", plain) and not set(word.split()) <= own}
    foreign |= {name for name in NAMES - _own_names(key) if name in said}
    if language == "en":
        foreign |= {word for word in found - own if VIETNAMESE.search(word)} - {"tiếng", "việt", "cao", "điểm"}
    return foreign


def _own_words(key: str, home: Path) -> set[str]:
    """Every word of a campaign's own files and of what its office has typed into the store, small."""
    read = [file.read_text("utf-8") for file in (CAMPAIGNS / key).rglob("*.*") if file.suffix in (".toml", ".csv")]
    lines = [line for content in read for line in content.splitlines() if not line.startswith("#")]
    with closing(sqlite3.connect(home / "caodiem.db")) as store:
        for table, names in TYPED_IN.items():
            typed = store.execute(f"SELECT {', '.join(sorted(names))} FROM {table}")  # noqa: S608 - our own names
            lines += [str(cell) for row in typed for cell in row]
    return set(WORD.findall("\n".join(lines).lower()))


def _own_names(key: str) -> set[str]:
    read = "\n".join(file.read_text("utf-8") for file in (CAMPAIGNS / key).rglob("*.*"))
    return {name for name in NAMES if name in read}
