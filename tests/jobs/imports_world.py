"""A small campaign with awkward names, short ways to write and read files of it, and properties of any such file."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis.strategies import SearchStrategy
from odfdo import Document, Table

from jobs.imports.files import read_file
from jobs.imports.tables.questions import FileAsks, Question
from jobs.imports.values import FileWarning, ImportContext, ParsedFile, RejectedRow
from models.core.columns import day_of
from targets.values import Campaign, Indicator, Level, Phase, Rule, Source, Text, Thresholds, Unit


def words(vietnamese: str, english: str = "") -> Text:
    return Text(vietnamese, english or vietnamese)


def indicator(
    key: str,
    order: int,
    name: Text,
    *,
    short: Text,
    column: str,
    most: int,
    counts: tuple[str, str],
    aliases: Sequence[str],
) -> Indicator:
    return Indicator(
        key=key,
        order=order,
        name=name,
        short_name=short,
        numerator=words(counts[0]),
        denominator=words(counts[1]),
        counted=words("hồ sơ", "dossiers"),
        portal_column=column,
        max_points=Decimal(most),
        ceiling=Decimal(100),
        basis="campaign",
        arriving=True,
        shortfall="diluted",
        sources=("file",),
        rule=Rule("fixed"),
        aliases=tuple(aliases),
    )


INDICATORS = (
    indicator(
        "publicity",
        1,
        words("Công khai, minh bạch", "Publicity"),
        short=words("Công khai", "Publicity"),
        column="CKMB",
        most=18,
        counts=("thủ tục công khai đúng hạn", "thủ tục phải công khai"),
        aliases=(),
    ),
    indicator(
        "timeliness",
        2,
        words("Tiến độ giải quyết", "Timeliness"),
        short=words("Tiến độ", "Timeliness"),
        column="TDGQ",
        most=20,
        counts=("hồ sơ đúng hạn", "hồ sơ giải quyết"),
        aliases=("Tỷ lệ giải quyết đúng hạn",),
    ),
    indicator(
        "online",
        3,
        words("Tỷ lệ hồ sơ trực tuyến", "Online rate"),
        short=words("Trực tuyến", "Online"),
        column="CLGQ",
        most=12,
        counts=("hồ sơ tiếp nhận trực tuyến", "hồ sơ tiếp nhận"),
        aliases=("Dịch vụ công trực tuyến",),
    ),
    indicator(
        "payment",
        4,
        words("Tỷ lệ thanh toán trực tuyến", "Payment rate"),
        short=words("Thanh toán", "Payment"),
        column="TTTT",
        most=10,
        counts=("hồ sơ thanh toán trực tuyến", "hồ sơ có phí"),
        aliases=("Thanh toán trực tuyến",),
    ),
    indicator(
        "satisfaction",
        5,
        words("Mức độ hài lòng", "Satisfaction"),
        short=words("Hài lòng", "Satisfaction"),
        column="MDHL",
        most=18,
        counts=("phiếu hài lòng", "phiếu đánh giá"),
        aliases=(),
    ),
    indicator(
        "digitisation",
        6,
        words("Số hóa hồ sơ", "Digitisation"),
        short=words("Số hóa", "Digitisation"),
        column="MDSH",
        most=22,
        counts=("hồ sơ số hóa", "hồ sơ phải số hóa"),
        aliases=(),
    ),
)

CAMPAIGN = Campaign(
    key="small",
    title=words("Chiến dịch", "Campaign"),
    short_title=words("Chiến dịch", "Campaign"),
    province="H21",
    document="629/KH-UBND",
    document_date=date(2024, 3, 19),
    start=date(2024, 3, 22),
    end=date(2024, 6, 29),
    baseline_year=2023,
    target_year=2024,
    holidays="VN",
    phases=(
        Phase("50-day", words("50 ngày", "50 days"), date(2024, 3, 22), date(2024, 5, 10)),
        Phase("100-day", words("100 ngày", "100 days"), date(2024, 5, 11), date(2024, 6, 29)),
        Phase("maintain", words("Duy trì", "Maintain"), date(2024, 6, 30), None),
    ),
    unit_phases=(),
    levels=(
        Level("province", words("Tỉnh", "Province"), None, "below"),
        Level(
            "department", words("Sở, ban, ngành", "Departments"), words("I. Sở, ban, ngành", "I. Departments"), "own"
        ),
        Level("district", words("UBND cấp huyện", "Districts"), words("II. Cấp huyện", "II. Districts"), "below"),
        Level("commune", words("UBND cấp xã", "Communes"), words("III. Cấp xã", "III. Communes"), "own"),
    ),
    indicators=INDICATORS,
    sources=(Source("file", words("Tệp", "File"), "file", None),),
    thresholds=Thresholds(*(Decimal(number) for number in ("0.8", "0.5", "0.2", "0", "5", "15"))),
    score_bands=(),
    score_bands_confirmed=False,
    stale_after_working_days=3,
    volume_window_days=28,
    small_volume=100,
    disagreement_points=Decimal(2),
)

UNITS = (
    Unit("H21", "province", "UBND tỉnh Gia Lai", None, gso_code="64", identity_code="H21", unit_id=1),
    Unit("SGTVT", "department", "Sở Giao thông vận tải", "H21", aliases=("Sở GT-VT",), unit_id=2),
    Unit("SYT", "department", "Sở Y tế", "H21", unit_id=3),
    Unit("H21.58", "district", "UBND huyện Ia Grai", "H21", gso_code="628", identity_code="H21.58", unit_id=10),
    Unit("H21.55", "district", "UBND huyện Đăk Đoa", "H21", gso_code="626", identity_code="H21.55", unit_id=11),
    Unit("H21.52", "district", "UBND huyện Chư Prông", "H21", gso_code="632", identity_code="H21.52", unit_id=12),
    Unit("H21.60", "district", "UBND huyện KBang", "H21", gso_code="625", identity_code="H21.60", unit_id=13),
    Unit("H21.65", "district", "UBND thành phố Pleiku", "H21", gso_code="622", identity_code="H21.65", unit_id=14),
    Unit("23719", "commune", "UBND xã Ia Băng", "H21.55", gso_code="23719", unit_id=20),
    Unit("23905", "commune", "UBND xã Ia Băng", "H21.52", gso_code="23905", unit_id=21),
    Unit("23924", "commune", "UBND xã Ia Bang", "H21.52", gso_code="23924", unit_id=22),
    Unit("23677", "commune", "UBND thị trấn Đăk Đoa", "H21.55", gso_code="23677", unit_id=23),
    Unit("23728", "commune", "UBND xã Ia Hrung", "H21.58", gso_code="23728", unit_id=24),
    Unit("23734", "commune", "UBND xã Ia Krai", "H21.58", gso_code="23734", unit_id=25),
    Unit("23737", "commune", "UBND xã Ia Tô", "H21.58", gso_code="23737", unit_id=26),
    Unit("23593", "commune", "UBND xã Tân Sơn", "H21.65", valid_to=date(2024, 4, 30), successor="23590", unit_id=30),
    Unit("23590", "commune", "UBND xã Biển Hồ", "H21.65", unit_id=31),
    Unit("23600", "commune", "UBND phường Đống Đa", "H21.65", valid_to=date(2024, 4, 30), unit_id=32),
    Unit("23601", "commune", "UBND phường Đống Đa", "H21.65", valid_from=date(2024, 5, 1), unit_id=33),
    Unit("23602", "commune", "UBND phường Trà Bá", "H21.65", valid_to=date(2024, 4, 30), unit_id=34),
)
DAY = date(2024, 5, 10)
LONG = ("Đơn vị", "Chỉ số", "Tính đến ngày", "Tử số", "Mẫu số", "Tỷ lệ (%)")
Property = Callable[..., None]
Property = Callable[..., None]


def context(**changes: Any) -> ImportContext:
    return replace(ImportContext(campaign=CAMPAIGN, units=UNITS, today=date(2024, 6, 1), source="file"), **changes)


# --- writing --------------------------------------------------------------------------------------------------------


def write_csv(
    folder: Path,
    rows: Sequence[Sequence[object]],
    *,
    name: str = "file.csv",
    delimiter: str = ",",
    encoding: str = "utf-8",
) -> Path:
    path = folder / name
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


def write_xlsx(
    folder: Path, rows: Sequence[Sequence[object]], *, name: str = "file.xlsx", sheet: str = "Sheet1"
) -> Path:
    """A cell is a value, or a pair of a value and its number format."""
    workbook = openpyxl.Workbook()
    workbook.active.title = sheet
    fill_sheet(workbook.active, rows)
    path = folder / name
    workbook.save(path)
    return path


def fill_sheet(sheet: Any, rows: Sequence[Sequence[object]]) -> None:
    for number, row in enumerate(rows, start=1):
        for index, value in enumerate(row, start=1):
            cell = sheet.cell(number, index)
            if isinstance(value, tuple):
                cell.value, cell.number_format = value
            else:
                cell.value = value


def write_xls(path, rows, *, percent=(), hidden_rows=(), hidden_columns=()):
    """Hidden are those of these numbers, from 0."""
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Trang 1")
    shown_as_percent, shown_as_day = (xlwt.easyxf(num_format_str=code) for code in ("0.00%", "dd/mm/yyyy"))
    for number, row in enumerate(rows):
        for index, value in enumerate(row):
            if isinstance(value, date):
                sheet.write(number, index, value, shown_as_day)
            elif index in percent and number:
                sheet.write(number, index, value, shown_as_percent)
            else:
                sheet.write(number, index, value)
    for number in hidden_rows:
        sheet.row(number).hidden = True
    for index in hidden_columns:
        sheet.col(index).hidden = True
    workbook.save(str(path))
    return path


def write_ods(path, rows):
    document = Document("spreadsheet")
    table = Table("Trang 1")
    table.set_values(rows)
    document.body.clear()
    document.body.append(table)
    document.save(str(path))
    return path


# --- reading --------------------------------------------------------------------------------------------------------


class Outcome:
    """Everything a file of readings gave, put together."""

    def __init__(self, parsed: ParsedFile) -> None:
        batches = list(parsed.batches)
        self.parsed = parsed
        self.frame = pd.concat([batch.frame for batch in batches], ignore_index=True)
        self.rejected: list[RejectedRow] = [row for batch in batches for row in batch.rejected]
        self.warnings: list[FileWarning] = [*parsed.warnings, *(one for batch in batches for one in batch.warnings)]
        self.rows_read = sum(batch.rows_read for batch in batches)
        self.repeated = sum(batch.repeated for batch in batches)

    @property
    def rows(self) -> list[tuple[object, ...]]:
        """unit_id, indicator, day, scope, numerator, denominator, value, qualifier; None where nothing was told."""
        return [
            (
                int(row.unit_id),
                str(row.indicator),
                day_of(int(row.as_of)),
                str(row.scope),
                *(None if pd.isna(count) else int(count) for count in (row.numerator, row.denominator)),
                None if pd.isna(row.value) else float(row.value),
                row.qualifier,
            )
            for row in self.frame.itertuples()
        ]

    @property
    def figures(self) -> list[tuple[object, ...]]:
        """unit_id, indicator, numerator, denominator, value."""
        return [(row[0], row[1], *row[4:7]) for row in self.rows]

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Place and code of each refused row."""
        return [(row.place, row.problem) for row in self.rejected]

    def warned(self, code: str) -> list[FileWarning]:
        return [warning for warning in self.warnings if warning.code == code]


def readings(path: Path, **changes: Any) -> Outcome:
    return Outcome(read_file(path, context(**changes)))


def asked(path: Path, **changes: Any) -> Question:
    """The one question of a file."""
    with pytest.raises(FileAsks) as caught:
        read_file(path, context(**changes))
    [question] = caught.value.questions
    return question


def answered(path: Path, option: str, **changes: Any) -> Outcome:
    """A file of readings read with an option of its one question."""
    return readings(path, choices={asked(path, **changes).key: option}, **changes)


def long_csv(folder: Path, *rows: Sequence[object], header: Sequence[str] = LONG) -> Path:
    return write_csv(folder, [header, *rows])


# --- properties -----------------------------------------------------------------------------------------------------


def explored(*strategies: SearchStrategy[Any], soaked: int = 60) -> Callable[[Property], Property]:
    """What holds for whatever the strategies draw: looked at in a quarter of the examples daily, in all by the soak."""

    def decorated(test: Property) -> Property:
        @pytest.mark.parametrize("examples", [soaked // 4, pytest.param(soaked, marks=pytest.mark.soak)])
        def look(tmp_path_factory: pytest.TempPathFactory, examples: int) -> None:
            settings(max_examples=examples)(given(*strategies)(test))(tmp_path_factory)

        return look

    return decorated
