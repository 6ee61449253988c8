"""Reads an .xls or .ods workbook in a process of its own, and says on standard output what it holds.

Run as a script by `jobs.imports.sheets`. The reader of these formats holds a whole workbook in memory,
and a broken or hostile file makes it ask for more than there is, which ends the process: it must not be the server's.
Cells come as JSON: text, numbers and truth values as they are, days as ["2024-05-10"], nothing as null.
"""

import errno
import json
import os
import signal
import sys
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

PASSWORD, DAMAGED, TOO_LARGE = 3, 4, 5
"""Exit codes that the caller knows."""
MOST_MEMORY = 3 << 30
MOST_SAID = 1 << 28
"""Bytes that the sheets may take as JSON: whoever reads them holds them whole."""


def limit_itself() -> None:
    """Systems without limits of this sort do without: the process still fails alone."""
    try:
        import resource  # noqa: PLC0415  # Windows has no such module
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    # Writing on then fails as a full disk does.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_SAID, MOST_SAID))


def told(value: int | float | str | bool | time | date | datetime | timedelta) -> object:
    """A cell as JSON can hold it."""
    if isinstance(value, datetime):
        return [value.date().isoformat()]
    if isinstance(value, date):
        return [value.isoformat()]
    if isinstance(value, time | timedelta):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if value != "" else None


def write_sheets(path: str) -> None:
    """One line a sheet: its name, whether it is hidden, its rows from the first cell on."""
    with CalamineWorkbook.from_path(path) as workbook:
        for sheet in workbook.sheets_metadata:
            if sheet.typ != SheetTypeEnum.WorkSheet:
                continue
            rows = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            is_hidden = sheet.visible != SheetVisibleEnum.Visible
            json.dump([sheet.name, is_hidden, [[told(value) for value in row] for row in rows]], sys.stdout)
            sys.stdout.write("\n")


def main() -> int:
    limit_itself()
    try:
        write_sheets(sys.argv[1])
        sys.stdout.flush()
    except PasswordError:
        return PASSWORD
    except OSError as error:
        sys.stderr.write(str(error))
        if error.errno != errno.EFBIG:
            return DAMAGED
        # What could not be written is not tried again when the process ends.
        os._exit(TOO_LARGE)
    except MemoryError:
        return TOO_LARGE
    except (CalamineError, ValueError) as error:
        sys.stderr.write(str(error))
        return DAMAGED
    return 0


if __name__ == "__main__":
    sys.exit(main())
