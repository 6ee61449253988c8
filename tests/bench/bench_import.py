"""A campaign's readings out of a CSV, with every check, revision, kept table and audit entry, beside a plain upsert;
and what somebody waits for on the page, the preview of an office's workbook, beside openpyxl's reading of its cells."""

import csv
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from jobs.campaigns.initialise import initialise
from jobs.intake.bring_in import bring_in
from jobs.intake.file_reads import read_in
from jobs.intake.previews import foresee
from models.catalogue import CampaignFiles, load_campaign_files
from models.core.audit import ChangeContext
from models.core.clock import business_day
from models.core.settings import CAMPAIGNS, TIMEZONE
from models.core.store import Store
from tests.bench import floors
from tests.bench.measuring import Measured, Size, compare, run_alone, time_alone

NOW = datetime(2024, 7, 15, 8, tzinfo=TIMEZONE)
DEED = ChangeContext(by="system:bench", reason="bench", now=NOW)


def write_csv(path: Path, files: CampaignFiles, *, days: int) -> int:
    """Every unit but the province, every indicator, so many days; answers the rows written."""
    units = [unit for unit in files.units if unit.level != "province"]
    start = date(2024, 3, 22)
    rows = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Đơn vị", "Chỉ số", "Ngày", "Tử số", "Mẫu số"])
        for day in range(days):
            as_of = (start + timedelta(days=day)).strftime("%d/%m/%Y")
            for number, unit in enumerate(units):
                below = 40 if unit.level == "district" else 1
                for indicator in files.campaign.indicators:
                    writer.writerow(
                        [unit.code, indicator.key, as_of, below * (10 * day + number % 7), below * (25 * day + 40)]
                    )
                    rows += 1
    return rows


def write_workbook(path: Path, files: CampaignFiles) -> int:
    """A row for each unit but the province, three columns for each indicator below two rows of headings; answers the
    rows written."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    indicators = files.campaign.indicators
    sheet.append(["(Số liệu tính đến ngày 20/4/2024)"])
    sheet.append(["STT", "Đơn vị", *(words for each in indicators for words in (each.name.vi, None, None))])
    sheet.append([None, None, *(("Tử số", "Mẫu số", "Tỷ lệ (%)") * len(indicators))])
    units = [unit for unit in files.units if unit.level != "province"]
    for number, unit in enumerate(units, start=1):
        counts = [10 + (number + place) % 30 for place in range(len(indicators))]
        sheet.append([number, unit.code, *(cell for count in counts for cell in (count, 40, 2.5 * count))])
    workbook.save(path)
    return len(units)


def cells_of(path: Path) -> list[tuple[object, ...]]:
    """The floor of a preview: its cells, and nothing asked about them."""
    workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        return list(workbook.worksheets[0].iter_rows(values_only=True))
    finally:
        workbook.close()


def measure(size: Size) -> Iterator[Measured]:
    files = load_campaign_files(CAMPAIGNS / "gia-lai-2024")
    with tempfile.TemporaryDirectory(prefix="caodiem-bench-") as folder, floors.readings_table() as floor_path:
        place = Path(folder)
        result = place / "readings.csv"
        count = write_csv(result, files, days=size.days)
        founded = Store(f"sqlite:///{place / 'founded.db'}")
        initialise(founded, files, with_demonstration=False, by="system:bench", now=NOW, tell=lambda _: None)
        founded.close()
        stores: list[Store] = []

        def fresh() -> None:
            for old in stores:
                old.close()
            path = place / f"store-{len(stores)}.db"
            shutil.copy(place / "founded.db", path)
            stores.append(Store(f"sqlite:///{path}"))

        floor_rows = floors.readings(days=size.days)[:count]
        yield compare(
            f"import of {count:,} readings from CSV, all checks / plain upsert of the same rows",
            lambda: bring_in(stores[-1], result, context=DEED),
            prepare=fresh,
            floor=lambda: floors.upsert(floor_path, floor_rows),
            prepare_floor=lambda: floors.empty(floor_path),
            rows=count,
            most=8,
            times=size.times(3),
        )
        yield compare(
            "the same file again / plain upsert that changes nothing",
            lambda: bring_in(stores[-1], result, context=DEED),
            floor=lambda: floors.upsert(floor_path, floor_rows),
            rows=count,
            most=8,
            times=size.times(3),
        )
        sent = place / "office.xlsx"
        lines = write_workbook(sent, files)
        previewed = compare(
            f"preview of an office's workbook with {lines} rows / openpyxl reads its cells",
            lambda: foresee(stores[-1], read_in(stores[-1], sent, today=business_day(NOW)), context=DEED),
            floor=lambda: cells_of(sent),
            rows=lines,
            times=size.times(5),
        )
        yield replace(previewed, most_seconds=1.0)
        stores[-1].close()
        yield _million(place, files, floor_path, days=size.days * 13 // 2 if size.is_full else 1)


def _million(place: Path, files: CampaignFiles, floor_path: Path, *, days: int) -> Measured:
    """A million rows at the full size, by the command.

    Two communes end within those days: exit 3, with their rows in quarantine.
    """
    result = place / "million.csv"
    rows = write_csv(result, files, days=days)
    home = place / "home"
    home.mkdir()
    shutil.copy(place / "founded.db", home / "caodiem.db")
    environment = {"CAODIEM_HOME": str(home), "CAODIEM_NOW": "2026-06-01T08:00:00+07:00"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        alone = run_alone(["-m", "jobs", "import", str(result), "--json"], accepted=(0, 3))
    floor_rows = floors.readings(days=days)[:rows]
    floor = time_alone(
        "floor",
        lambda: floors.upsert(floor_path, floor_rows),
        prepare=lambda: floors.empty(floor_path),
        times=1,
    )
    return Measured(
        f"import of {rows:,} rows by the command, process and all / plain upsert of as many",
        alone.seconds,
        floor=floor.seconds,
        rows=rows,
        peak=alone.peak,
    )
