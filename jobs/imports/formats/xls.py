"""Reads an .xls workbook in a process of its own, and says on standard output what it holds.

Run as a script by `jobs.imports.formats.sheets`. The reader of this format holds a whole workbook in memory,
and a broken or hostile file makes it ask for more than there is, which ends the process: it must not be the server's.
Cells come as JSON: text, numbers and truth values as they are, days as ["2024-05-10"], percents in points as [47.4],
errors as the text they show, nothing as null.
"""

import errno
import json
import os
import re
import signal
import sys
from datetime import time
from pathlib import Path
from typing import Any

import xlrd
from xlrd.sheet import Sheet

PASSWORD, DAMAGED, TOO_LARGE, LONG_CELL = 3, 4, 5, 6
"""Exit codes that the caller knows."""
MOST_MEMORY = 1 << 30
MOST_SECONDS = 20
"""Of a processor: the largest workbooks of this format, 65,536 rows of 30 cells, were measured at 6."""
MOST_SAID = 1 << 26
"""Bytes that the sheets may take as JSON: the process that reads them holds them whole."""
LONGEST_CELL = 32_767
"""Characters of a cell: Excel's own limit. A longer one was made by no office."""
DECIMALS_KEPT = 10
NOT_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""What a number format holds beside its digits: quoted and escaped characters, widths, colours and conditions."""


class CellTooLong(Exception):
    """A cell holds more text than Excel lets one hold."""


def shows_percent(code: str) -> bool:
    """Whether a number format shows 0.07 as 7 %."""
    return "%" in NOT_FORMAT.sub("", code)


def limit_process(*, memory: int, seconds: int) -> None:
    """Let this process take so many bytes beyond what it has, and so much more of a processor's time, and no more.

    Systems without limits of this sort do without: the process still fails alone.
    """
    try:
        import resource  # noqa: PLC0415  # Windows has no such module
    except ImportError:
        return
    own = Path("/proc/self/statm")
    has = int(own.read_text().split()[0]) * resource.getpagesize() if own.exists() else 0
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_AS, has + memory)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + seconds)


def _limit(what: int, most: int) -> None:
    """A limit, where a stricter one does not hold already."""
    import resource  # noqa: PLC0415  # as above

    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def limit_itself() -> None:
    limit_process(memory=MOST_MEMORY, seconds=MOST_SECONDS)
    if hasattr(signal, "SIGXFSZ"):
        import resource  # noqa: PLC0415  # there is one where there is this signal

        # Writing on then fails as a full disk does.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        _limit(resource.RLIMIT_FSIZE, MOST_SAID)


def cell_value(kind: int, value: Any, *, is_percent: bool = False, datemode: int = 0) -> object:
    """A cell as JSON can hold it. `kind` is xlrd's."""
    if kind == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(value, "#ERROR!")
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_DATE:
        return _reported_day(value, datemode)
    if kind == xlrd.XL_CELL_NUMBER:
        if is_percent:
            return [round(value * 100, DECIMALS_KEPT)]
        return int(value) if value.is_integer() else value
    if kind != xlrd.XL_CELL_TEXT or not value:
        return None
    if len(value) > LONGEST_CELL:
        raise CellTooLong
    return value


def _reported_day(serial: float, datemode: int) -> object:
    try:
        moment = xlrd.xldate_as_datetime(serial, datemode)
    except (ValueError, OverflowError):
        return serial
    return str(time(moment.hour, moment.minute, moment.second)) if 0 <= serial < 1 else [moment.date().isoformat()]


def _rows(sheet: Sheet, percents: frozenset[int], datemode: int) -> list[list[object]]:
    return [
        [
            cell_value(cell.ctype, cell.value, is_percent=cell.xf_index in percents, datemode=datemode)
            for cell in sheet.row(number)
        ]
        for number in range(sheet.nrows)
    ]


def write_sheets(path: str) -> None:
    """One line a sheet: its name, whether it is hidden, whether its days count from 1904, its rows from the first cell
    on, merged cells (first and last row, first and last column), hidden rows, hidden columns; all counted from 0."""
    with (
        Path(os.devnull).open("w") as nowhere,
        xlrd.open_workbook(path, logfile=nowhere, formatting_info=True, on_demand=True, ragged_rows=True) as book,
    ):
        codes = {key: one.format_str for key, one in book.format_map.items()}
        styles = enumerate(book.xf_list)
        percents = frozenset(number for number, one in styles if shows_percent(codes.get(one.format_key, "")))
        for number in range(book.nsheets):
            sheet = book.sheet_by_index(number)
            content = [
                sheet.name,
                sheet.visibility != 0,
                book.datemode == 1,
                _rows(sheet, percents, book.datemode),
                [[top, bottom - 1, left, right - 1] for top, bottom, left, right in sheet.merged_cells],
                [index for index, row in sheet.rowinfo_map.items() if row.hidden],
                [index for index, column in sheet.colinfo_map.items() if column.hidden or not column.width],
            ]
            json.dump(content, sys.stdout)
            sys.stdout.write("\n")
            book.unload_sheet(number)


def main() -> int:
    limit_itself()
    try:
        write_sheets(sys.argv[1])
        sys.stdout.flush()
    except OSError as error:
        sys.stderr.write(str(error))
        if error.errno != errno.EFBIG:
            return DAMAGED
        # What could not be written is not tried again when the process ends.
        os._exit(TOO_LARGE)
    except MemoryError:
        return TOO_LARGE
    except CellTooLong:
        return LONG_CELL
    except Exception as error:  # noqa: BLE001 - whatever xlrd raises, the file is not what it says it is
        sys.stderr.write(str(error) or type(error).__name__)
        # xlrd says so in words only.
        return PASSWORD if "encrypted" in str(error) else DAMAGED
    return 0


if __name__ == "__main__":
    sys.exit(main())
