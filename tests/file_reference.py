"""Writes docs/reference/files.md and its pictures, for `make reference`.

Everything in it comes from what reads files: its vocabulary, its sentences, and its answers to small files that are
made, read and drawn here. A test holds the committed pages to what is written here.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import openpyxl

from jobs.imports.files import read_file
from jobs.imports.formats.limits import UPLOAD, megabytes
from jobs.imports.formats.sheets import shown
from jobs.imports.problems import FileRefused
from jobs.imports.tables.kinds import NEEDED
from jobs.imports.tables.questions import FileAsks
from jobs.imports.tables.vocabulary import COLUMNS, GROUPS
from jobs.imports.templates import PURPOSES, RULES
from jobs.imports.values import KINDS, column_letters
from models.core.formats import whole
from models.core.texts import texts
from targets.errors import FigureProblem
from targets.figures import Figure, count_in, day_in, percent_in
from tests.jobs.imports_world import Outcome, fill_sheet, write_xlsx
from tests.jobs.office_world import DAY_LINE, HONG, KHAI, PNON, bundled

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
PAGE = "files.md"
LANGUAGE = "vi"
GAP = "…"

# --- three layouts --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """A sheet as offices send it: its rows, its merged cells, and what it is an example of."""

    name: str
    title: str
    about: str
    rows: Sequence[Sequence[object]]
    merged: Sequence[str] = ()

    def write(self, folder: Path) -> Path:
        workbook = openpyxl.Workbook()
        workbook.active.title = "Trang 1"
        fill_sheet(workbook.active, self.rows)
        for cells in self.merged:
            workbook.active.merge_cells(cells)
        path = folder / f"{self.name}.xlsx"
        workbook.save(path)
        return path


LAYOUTS = (
    Layout(
        "wide",
        "Mỗi dòng một đơn vị, mỗi chỉ số vài cột",
        "Tên chỉ số ở ô gộp phía trên, tử số, mẫu số, tỷ lệ ở dòng dưới. Dòng nhóm, dòng cộng, chữ ký được bỏ qua.",
        (
            ("KẾT QUẢ CHIẾN DỊCH",),
            ("(Số liệu tính đến ngày 20/4/2024)",),
            ("STT", "Đơn vị", "Trực tuyến", None, None, "Thanh toán (%)"),
            (None, None, "Tử số", "Mẫu số", "Tỷ lệ (%)", None),
            ("I", "Xã, phường, thị trấn", None, None, None, None),
            (1, PNON, 1034, 4136, 25, 12.5),
            (2, KHAI, 45, 60, 75, "xấp xỉ 8"),
            (None, "Tổng cộng", 1079, 4196, 25.7, None),
            (None, "Người lập biểu", None, None, None, None),
        ),
        ("C3:E3", "A3:A4", "B3:B4", "F3:F4"),
    ),
    Layout(
        "long",
        "Mỗi dòng một đơn vị và một chỉ số",
        "Ô đơn vị gộp là của mọi dòng mà nó trải qua. Ngày có thể ghi ở từng dòng. “Không phát sinh” là 0 trên 0.",
        (
            ("Đơn vị", "Chỉ số", "Tính đến ngày", "Tử số", "Mẫu số", "Ghi chú"),
            (PNON, "Trực tuyến", "20/4/2024", 45, 60, None),
            (None, "Thanh toán", "20/4/2024", 8, 20, "đã đối chiếu"),
            (KHAI, "Trực tuyến", "19/4/2024", "1.034", "4.136", None),
            (HONG, "Thanh toán", "20/4/2024", "không phát sinh", None, None),
        ),
        ("A2:A3",),
    ),
    Layout(
        "counts",
        "Số hồ sơ, tổng số và tỷ lệ dưới tên khác",
        "Ba cột được nhận ra nhờ phép chia: 1.034 trên 4.136 là 25,0%. Số đếm được dùng, tỷ lệ được đối chiếu.",
        (
            ("Số liệu tính đến ngày 20/4/2024",),
            ("TT", "Tên đơn vị", "Dịch vụ công trực tuyến", None, None),
            (None, None, "Hồ sơ trực tuyến", "Tổng hồ sơ", "Tỷ lệ (%)"),
            (1, PNON, 1034, 4136, "25,0"),
            (2, KHAI, 45, 60, "75,0"),
            (3, HONG, 7, 9, "77,8"),
        ),
        ("C2:E2",),
    ),
)

# --- examples -------------------------------------------------------------------------------------------------------

CELLS: tuple[tuple[str, Callable[[Any], Figure], Sequence[object]], ...] = (
    ("Cột số lượng", count_in, (27503, "27.503", "1 365", "45 hồ sơ", "không phát sinh", "chưa có", "47,4", "-3")),
    ("Cột tỷ lệ", percent_in, (41.6, "41,6%", "xấp xỉ 94%", "trên 90", "đạt 75,5%", "1.365", "90-95%", "45 hồ sơ")),
)
DAYS = ("20/4/2024", "20-4", "ngày 20 tháng 4 năm 2024", "2024-04-20", 45402, "4/20/2024", "20/4/24", "tuần 3")
HEADINGS: tuple[tuple[tuple[str, ...], Sequence[Sequence[object]]], ...] = (
    (("Trực tuyến (%)",), ((47.4,), (8,))),
    (("Trực tuyến",), ((47.4,), (8,))),
    (("Trực tuyến",), (("45%",), (8,))),
    (("Trực tuyến",), ((45,), (8,))),
    (("Trực tuyến (hồ sơ)", "Tổng hồ sơ"), ((45, 60), (8, 20))),
    (("Trực tuyến", "Tỷ lệ (%)"), ((45, 75), (8, 40))),
    (("Trực tuyến",), ((145,), (8,))),
    (("Trực tuyến",), ((0.474,), (0.98,))),
    (("Tỷ lệ trực tuyến",), ((0.474,), (47.4,))),
    (("Trực tuyến (%)",), ((0.474,), (47.4,))),
)


def page() -> str:
    """The whole page."""
    return "\n".join([*_head(), *_layouts(), *_columns(), *_figures(), *_questions(), *_refusals()]) + "\n"


def pictures() -> Mapping[str, str]:
    """Name of a picture → its SVG."""
    return {f"{layout.name}.svg": _drawn(layout) for layout in LAYOUTS}


def figures_of(path: Path) -> list[tuple[str, ...]]:
    """What the reader reads in a file: unit, indicator, day, figure, note."""
    context = bundled()
    units = {unit.unit_id: unit.name.removeprefix("UBND ") for unit in context.units}
    names = {indicator.key: indicator.short_name.vi for indicator in context.campaign.indicators}
    outcome = Outcome(read_file(path, context))
    notes = outcome.frame["note"] if "note" in outcome.frame else [None] * len(outcome.frame)
    return [
        (units[row[0]], names[row[1]], f"{row[2]:%d/%m/%Y}", _figure(*row[4:]), note if isinstance(note, str) else "")
        for row, note in zip(outcome.rows, notes, strict=True)
    ]


def _figure(numerator: int | None, denominator: int | None, value: float | None, qualifier: str | None) -> str:
    words = {None: "", "about": "khoảng ", "over": "trên ", "under": "gần ", "more": "hơn ", "less": "dưới "}[qualifier]
    counts = "" if numerator is None else f"{whole(numerator, LANGUAGE)}/{_or_gap(denominator)}"
    percent = "" if value is None else f"{value:g}%".replace(".", ",")
    return words + (f"{counts}, báo cáo {percent}" if counts and percent else counts or percent)


def _or_gap(number: int | None) -> str:
    return "?" if number is None else whole(number, LANGUAGE)


# --- parts ----------------------------------------------------------------------------------------------------------


def _head() -> Iterator[str]:
    yield "# Tệp số liệu: đọc gì, hỏi gì, từ chối gì"
    yield ""
    yield "<!-- Viết bởi `make reference` từ chính bộ đọc tệp. Không sửa tay. -->"
    yield ""
    yield "Nhận tệp `.xlsx`, `.xls`, `.ods` và `.csv` (UTF-8; ngăn cột bằng dấu phẩy, chấm phẩy hoặc tab)."
    most, lines = megabytes(UPLOAD.size), whole(UPLOAD.rows, LANGUAGE)
    yield f"Trên trang Nhập số liệu: tối đa {most}, {lines} dòng; tệp lớn hơn dùng lệnh `import`. Điều gì chưa"
    yield "chắc chắn thì được hỏi, hoặc bị từ chối kèm ô và cách sửa; không điều gì được đoán."
    yield ""


def _layouts() -> Iterator[str]:
    yield "## Ba mẫu bảng"
    yield ""
    with tempfile.TemporaryDirectory() as folder:
        for layout in LAYOUTS:
            yield f"### {layout.title}"
            yield ""
            yield layout.about
            yield ""
            yield f"![{layout.title}](pictures/{layout.name}.svg)"
            yield ""
            yield "Đọc được:"
            yield ""
            yield from _table(
                ("Đơn vị", "Chỉ số", "Ngày", "Số liệu", "Ghi chú"), figures_of(layout.write(Path(folder)))
            )


def _columns() -> Iterator[str]:
    yield "## Loại số liệu và cột cần có"
    yield ""
    yield from _table(("Loại", "Là gì", "Cần có"), ((f"`{kind}`", PURPOSES[kind], NEEDED[kind]) for kind in KINDS))
    yield "## Tên cột được hiểu"
    yield ""
    yield "Không phân biệt chữ hoa, dấu tiếng Việt, dấu câu và phần trong ngoặc. Ngoài các tên dưới đây, tên chỉ số,"
    yield "tên tử số và tên mẫu số của chiến dịch cũng là tên cột."
    yield ""
    yield from _table(("Cột", "Các cách ghi"), ((f"`{role}`", ", ".join(phrases)) for role, phrases in COLUMNS.items()))
    yield f"Dòng nhóm được bỏ qua: {', '.join(sorted(GROUPS))}; dòng đánh số I, II, A, B; dòng tổng cộng."
    yield ""


def _figures() -> Iterator[str]:
    yield "## Con số và ngày"
    yield ""
    for title, read, cells in CELLS:
        rows = [(f"`{shown(cell)}`", _read_cell(read, cell, title)) for cell in cells]  # type: ignore[arg-type]  # cells
        yield from _table((f"{title}: ô ghi", "đọc là"), rows)
    yield from _table(("Cột ngày: ô ghi", "đọc là"), ((f"`{day}`", _read_day(day)) for day in DAYS))
    yield from (f"- {name}: {words}" for name, words in RULES)
    yield ""
    yield "## Tỷ lệ hay số lượng"
    yield ""
    yield "Theo thứ tự: phép chia giữa các cột; tiêu đề cột (“%”, “tỷ lệ”; “(hồ sơ)”, “Số …”, “lượt”); các con số."
    yield ""
    yield from _table(
        ("Tiêu đề", "Các ô", "Đọc là"),
        (
            (
                " · ".join(headings),
                "; ".join(" · ".join(map(_number, row)) for row in rows),
                _read_columns(headings, rows),
            )
            for headings, rows in HEADINGS
        ),
    )


def _number(cell: object) -> str:
    return shown(cell).replace(".", ",")  # type: ignore[arg-type]  # a cell


def _read_cell(read: Callable[[Any], Figure], cell: object, field: str) -> str:
    try:
        figure = read(cell)
    except FigureProblem as error:
        return _refused(error, shown(cell), field)  # type: ignore[arg-type]  # a cell
    if figure.number is None:
        return "chưa có số liệu"
    if figure.no_cases:
        return "0 trên 0"
    number = f"{figure.number.normalize():f}".replace(".", ",")
    if figure.high is not None:
        return f"{number}–{figure.high:f}%".replace(".", ",")
    return _figure(None, None, None, figure.qualifier) + (f"{number}%" if read is percent_in else number)


def _read_day(cell: object) -> str:
    first, last = bundled().days_meant
    try:
        return f"{day_in(cell, first=first, last=last):%d/%m/%Y}"  # type: ignore[arg-type]  # a cell
    except FigureProblem as error:
        return _refused(error, str(cell), "Ngày")


def _refused(error: FigureProblem, value: str, field: str) -> str:
    words = texts(LANGUAGE)[f"problem.{error.code}"].partition(": ")[2]
    return "từ chối: " + words.format(value=value, field=field, place=GAP, **error.terms)


def _read_columns(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    names = (PNON, KHAI)
    sheet = [DAY_LINE, ("Đơn vị", *headings), *((name, *row) for name, row in zip(names, rows, strict=True))]
    with tempfile.TemporaryDirectory() as folder:
        path = write_xlsx(Path(folder), sheet)
        try:
            return "; ".join(figure for *_, figure, _ in figures_of(path))
        except FileAsks as asks:
            [question] = asks.questions
            return "hỏi: " + "; hoặc ".join(option.said(LANGUAGE) for option in question.options)
        except FileRefused as refused:
            return refused.sentence(LANGUAGE)


def _questions() -> Iterator[str]:
    yield "## Những điều được hỏi"
    yield ""
    yield "Trên trang Nhập số liệu, hoặc trên dòng lệnh với `--choose`. Lựa chọn được nhớ cho các tệp cùng nguồn, cùng"
    yield "tiêu đề cột; ngày của một tuần thì không, vì không nói gì về tuần sau."
    yield "Tệp thả vào thư mục không có người trả lời: lựa chọn đã nhớ được dùng, nếu chưa có thì tệp bị từ chối."
    yield ""
    yield from (f"- {words}" for _, words in _sentences("question"))
    yield ""
    yield "Các cách trả lời:"
    yield ""
    yield from (f"- {words}" for _, words in _sentences("option"))
    yield ""


def _refusals() -> Iterator[str]:
    for sort, title in (("problem", "Những điều bị từ chối"), ("warning", "Những điều được đọc kèm lưu ý")):
        yield f"## {title}"
        yield ""
        yield from (f"- `{code}`: {words}" for code, words in _sentences(sort))
        yield ""


def _sentences(sort: str) -> Iterator[tuple[str, str]]:
    for key, words in texts(LANGUAGE).items():
        if key.startswith(f"{sort}."):
            yield key.partition(".")[2], _with_gaps(words)


def _with_gaps(words: str) -> str:
    """A sentence with what fills it left open."""
    parts = words.split("{")
    return parts[0] + "".join(f"{GAP}{part.partition('}')[2]}" for part in parts[1:])


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"
    yield ""


# --- drawing --------------------------------------------------------------------------------------------------------

LETTER, LINE, PADDING = 7.5, 24, 8
"""Pixels of a letter, a row, and beside a text."""
EDGE = 34
INK, QUIET, GRID, BAND = "#1f2328", "#656d76", "#c8ccd1", "#eef1f4"


def _drawn(layout: Layout) -> str:
    """A sheet as a spreadsheet shows it."""
    width = max(map(len, layout.rows))
    titles = {(number, 0): (1, width) for number, row in enumerate(layout.rows, start=1) if not _counts(row)}
    spans = titles | {_corner(cells): _size(cells) for cells in layout.merged}
    lone = [[row[index] if index < len(row) else None for row in layout.rows if _counts(row)] for index in range(width)]
    widths = [max(44, *(round(LETTER * len(_words(cell))) + 2 * PADDING for cell in column)) for column in lone]
    lefts = [EDGE + sum(widths[:index]) for index in range(width + 1)]
    high = LINE * (len(layout.rows) + 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{lefts[-1] + 1}" height="{high + 1}" '
        f'font-family="system-ui, sans-serif" font-size="13" role="img">',
        f"<title>{escape(layout.title)}</title>",
        f'<rect width="{lefts[-1] + 1}" height="{high + 1}" fill="#ffffff"/>',
        f'<rect width="{lefts[-1]}" height="{LINE}" fill="{BAND}"/>',
        f'<rect width="{EDGE}" height="{high}" fill="{BAND}"/>',
    ]
    for index in range(width):
        middle = (lefts[index] + lefts[index + 1]) / 2
        parts.append(f'<text x="{middle:g}" y="17" fill="{QUIET}" text-anchor="middle">{column_letters(index)}</text>')
    covered = {
        (top + down, left + right)
        for (top, left), (rows, columns) in spans.items()
        for down in range(rows)
        for right in range(columns)
    } - set(spans)
    for number, row in enumerate(layout.rows, start=1):
        y = LINE * number
        parts.append(f'<text x="{EDGE / 2:g}" y="{y + 17}" fill="{QUIET}" text-anchor="middle">{number}</text>')
        for index in range(width):
            if (number, index) in covered:
                continue
            rows, columns = spans.get((number, index), (1, 1))
            wide, tall = lefts[index + columns] - lefts[index], LINE * rows
            edge = f'x="{lefts[index] + 0.5}" y="{y + 0.5}" width="{wide}" height="{tall}"'
            parts.append(f'<rect {edge} fill="none" stroke="{GRID}"/>')
            cell = row[index] if index < len(row) else None
            if cell is not None:
                at, anchor = lefts[index] + PADDING, "start"
                if isinstance(cell, int | float):
                    at, anchor = lefts[index] + wide - PADDING, "end"
                words = escape(_words(cell))
                middle = y + tall / 2 + 5
                parts.append(f'<text x="{at}" y="{middle:g}" fill="{INK}" text-anchor="{anchor}">{words}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _counts(row: Sequence[object]) -> bool:
    """Whether a row's texts stand in their columns: a title runs over all of them."""
    return len(row) > 1


def _words(cell: object) -> str:
    return "" if cell is None else _number(cell) if isinstance(cell, float) else str(cell)


def _corner(cells: str) -> tuple[int, int]:
    """Row from 1 and column from 0 of "C3:E3"."""
    first = cells.partition(":")[0]
    return int(first[1:]), ord(first[0]) - ord("A")


def _size(cells: str) -> tuple[int, int]:
    (top, left), (bottom, right) = _corner(cells), _corner(cells.partition(":")[2])
    return bottom - top + 1, right - left + 1


def main() -> None:
    (FOLDER / "pictures").mkdir(parents=True, exist_ok=True)
    (FOLDER / PAGE).write_text(page(), encoding="utf-8")
    for name, picture in pictures().items():
        (FOLDER / "pictures" / name).write_text(picture, encoding="utf-8")
