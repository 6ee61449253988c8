"""A campaign of six units with an indicator of every kind, as files; and the workbook that an office hands in."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl

from models.core.settings import CAMPAIGNS

BUNDLED = CAMPAIGNS / "gia-lai-2024"
UNITS = """\
code,parent,level,name
H21,,province,UBND tỉnh Gia Lai
S1,H21,department,Sở Một
S2,H21,department,Sở Hai
D1,H21,district,UBND huyện Một
X1,D1,commune,UBND xã Một
X2,D1,commune,UBND xã Hai
"""
COMMON = """\
key = "{key}"
order = {order}
name = {{ vi = "{name}", en = "{name}" }}
short_name = {{ vi = "{name}", en = "{name}" }}
counted = {{ vi = "{counted}", en = "{counted}" }}
aliases = []
portal_column = "{key}-p"
max_points = 1
direction = "{direction}"
basis = "campaign"
sources = ["file"]
"""
OF_RATES = """\
numerator = { vi = "phần đạt", en = "right" }
denominator = { vi = "tổng số", en = "all" }
ceiling = 100
arriving = true
shortfall = "diluted"
"""


def indicator_file(key: str, order: int, name: str, counted: str, *more: str, direction: str = "up") -> str:
    common = COMMON.format(key=key, order=order, name=name, counted=counted, direction=direction)
    return common + "\n".join(more) + "\n"


def of(cases: str, right: str) -> str:
    """The keys of a rate, with names of its own for its cases and for those that count."""
    return OF_RATES.replace("tổng số", cases).replace('"right"', f'"{right}"')


INDICATORS = {
    "published": indicator_file(
        "published", 1, "Thủ tục niêm yết", "thủ tục", 'measure = "count"', '[rule]\nkind = "fixed"\nvalue = 200'
    ),
    "waiting": indicator_file(
        "waiting", 2, "Thời gian giải quyết", "hồ sơ", 'measure = "days"', '[rule]\nkind = "fixed"\nvalue = 6',
        direction="down",
    ),
    "one-stop": indicator_file(
        "one-stop", 3, "Một cửa điện tử", "đơn vị", 'measure = "units"', '[rule]\nkind = "fixed"\nvalue = 100'
    ),
    "satisfied": indicator_file(
        "satisfied", 4, "Hài lòng", "phiếu", OF_RATES, 'counts_from = "good"',
        '[rule]\nkind = "fixed"\nvalue = 95',
        *(f'[[grades]]\nkey = "{key}"\nname = {{ vi = "{name}", en = "{name}" }}'
          for key, name in (("best", "Rất hài lòng"), ("good", "Hài lòng đạt"), ("poor", "Không hài lòng"))),
    ),
    "on-time": indicator_file(
        "on-time", 5, "Đúng hạn", "hồ sơ", of("hồ sơ đã giải quyết", "in time"),
        'also_of = "received"', '[rule]\nkind = "none"',
    ),
    "received": indicator_file(
        "received", 6, "Trực tuyến", "hồ sơ", of("hồ sơ tiếp nhận", "online"),
        '[rule]\nkind = "none"',
    ),
}  # fmt: skip


def write_folder(folder: Path) -> Path:
    """The campaign as its folder."""
    (folder / "indicators").mkdir(parents=True)
    campaign = (BUNDLED / "campaign.toml").read_text("utf-8")
    begin, end = campaign.index("# --- Units whose own plan"), campaign.index("# --- Limits of standing")
    campaign = campaign[:begin] + campaign[end:]
    campaign = campaign.replace('main_indicator = "online"', 'main_indicator = "published"')
    (folder / "campaign.toml").write_text(campaign, "utf-8")
    sources = (BUNDLED / "sources.toml").read_text("utf-8")
    of_files = sources[sources.index("[file]") :]
    (folder / "sources.toml").write_text(of_files[: of_files.index("\n[", 1) + 1], "utf-8")
    for key, content in INDICATORS.items():
        (folder / "indicators" / f"{key}.toml").write_text(content, "utf-8")
    heads = {name: (BUNDLED / f"{name}.csv").read_text("utf-8-sig").splitlines()[0] for name in OTHERS}
    for name, head in heads.items():
        (folder / f"{name}.csv").write_text(f"{head}\n", "utf-8")
    columns = (BUNDLED / "units.csv").read_text("utf-8-sig").splitlines()[0].split(",")
    lines = [line.split(",") for line in UNITS.splitlines()]
    rows = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    written = [",".join(columns), *(",".join(row.get(column, "") for column in columns) for row in rows)]
    (folder / "units.csv").write_text("\n".join(written) + "\n", "utf-8")
    return folder


OTHERS = ("baselines", "central", "registrations", "scores")


WIDE = ("Mã đơn vị", "Ngày", "Thủ tục niêm yết", "Một cửa điện tử", "Rất hài lòng", "Hài lòng đạt", "Không hài lòng",
        "Đúng hạn", "Trực tuyến")  # fmt: skip
LONG = ("Mã đơn vị", "Chỉ số", "Ngày", "Tử số", "Mẫu số", "Tỷ lệ")
DAYS = ("02/04/2024", "05/04/2024", "12/04/2024")


def write_figures(folder: Path) -> list[Path]:
    """What the office hands in: the same workbooks on three days, a little more on each."""
    written = []
    for number, day in enumerate(DAYS):
        wide = (
            ("S1", day, f"1.{20 + number:03d}", "có", 90 + number, 8, 2, "95/100", "50/120 (41,7%)"),
            ("S2", day, 150 + 10 * number, "x", 20, 5, 5, "282/283", "21/306 (7,01%)"),
            ("X1", day, 12 + number, "chưa", 5, 1, 0, "kps", "3/10"),
            ("X2", day, 9, "không", None, None, None, "9/10", "30%"),
        )
        name = "Thời gian giải quyết"
        long = (
            ("S1", name, day, None, 100, "7,5 ngày"),
            ("S2", name, day, None, 300, 5.5),
            ("X1", name, day, None, 50, "8"),
            ("X2", name, day, None, None, 102),
        )
        written.append(_book(folder / f"wide-{number}.xlsx", WIDE, wide))
        written.append(_book(folder / f"long-{number}.xlsx", LONG, long))
    return written


def _book(path: Path, head: Sequence[object], rows: Sequence[Sequence[object]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (head, *rows):
        sheet.append(list(row))
    book.save(path)
    return path
