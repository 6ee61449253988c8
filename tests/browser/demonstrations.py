"""What is dear to make is made once for all workers of a run; whoever wants to change it takes a copy."""

import shutil
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from models.core.audit import ChangeContext
from models.core.settings import TIMEZONE
from models.core.store import Store
from models.targets.causes import Explanation, state_cause
from models.targets.checks import Dispute, request_check
from models.targets.registrations import Registration, register_target
from tests.browser.serving import run_job
from tests.jobs.conftest import home_of
from tests.made_once import made_once

NEWEST = "newest-snapshot"
"""The file of a home in which the newest meeting's snapshot stands."""
NOW = datetime(2024, 5, 7, 17, tzinfo=TIMEZONE)
DUE = datetime(2024, 5, 20, tzinfo=TIMEZONE).date()
WAITING = """Đơn vị;Chỉ số;Ngày;Tử số;Mẫu số;Tỷ lệ
UBND huyện Ia Gray;Tỷ lệ hồ sơ trực tuyến;06/05/2024;415;1000;
Sở GT-VT;online;06/05/2024;9;5;
"""


def demonstration_of_the_run(factory: pytest.TempPathFactory) -> Path:
    """The home of a demonstration's figures alone, without what an office did with them; never to be changed."""
    figures = home_of(factory, "whole")

    def admit_an_administrator(home: Path) -> None:
        shutil.copytree(figures, home, dirs_exist_ok=True)
        run_job(home, "init")

    return made_once(factory, "demonstration-to-serve", admit_an_administrator)


def wait_for_the_office(home: Path) -> None:
    """Figures of two meetings are frozen, rows of a file wait to be mended, and one wish of each kind to be decided."""
    run_job(home, "snapshot", "--as-of", "2024-04-29", "--title", "Giao ban tuần 6")
    newest = run_job(home, "snapshot", "--as-of", "2024-05-06", "--title", "Giao ban tuần 7").strip()
    (home / NEWEST).write_text(newest, encoding="utf-8")
    file = home.parent / "so-lieu.csv"
    file.write_text(WAITING, encoding="utf-8")
    run_job(home, "import", str(file), "--kind", "readings", code=3)
    context = ChangeContext(by="system:test", reason="chưa đủ nhân lực", now=NOW)
    with closing(Store(f"sqlite:///{home / 'caodiem.db'}")) as store, store.writing() as session:
        register_target(session, Registration("H21.58", "online", "50-day", Decimal(45), "12/KH-UBND"), context=context)
        shown = Explanation("H21.58", "payment", "staff", "Thiếu người", "Bố trí thêm", "Phòng Nội vụ", DUE)
        state_cause(session, shown, context=context)
        request_check(session, Dispute("H21.58", "online", "Sổ theo dõi", DUE, 60, 100), context=context)


def copy_of(home: Path, folder: Path) -> Path:
    """A home of one's own, in a folder of one's own."""
    return Path(shutil.copytree(home, folder / "home"))
