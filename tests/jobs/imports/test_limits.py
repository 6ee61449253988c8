"""How much of a file is taken on, and what is said where it is too much."""

import io
import sys
import tomllib
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

from jobs.imports.files import read_file
from jobs.imports.formats import xls
from jobs.imports.formats.limits import MIB, MOST_PARTS, UPLOAD, megabytes
from jobs.imports.formats.opening import open_sheets
from jobs.imports.formats.xls import TOO_LARGE
from jobs.imports.problems import FileRefused
from jobs.imports.values import COMMAND, Limits
from tests.jobs.imports_world import LONG, context, long_csv, write_csv, write_xls, write_xlsx

PROJECT = Path(__file__).resolve().parents[3]
ROW = ("H21.58", "online", "10/05/2024", 1030, 1365, "")
CENTRAL = ("Chỉ số", "Năm", "Tỷ lệ", "Văn bản")


def read(path: Path, limits: Limits, **changes: object) -> None:
    parsed = read_file(path, context(limits=limits, **changes))
    for _ in parsed.batches:
        pass


def refused(path: Path, limits: Limits = UPLOAD, **changes: object) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read(path, limits, **changes)
    return caught.value


def test_server_takes_no_more_over_the_page_than_a_file_may_have():
    settings = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

    assert settings["server"]["maxUploadSize"] * MIB == UPLOAD.size


def test_command_may_bring_more_than_the_page():
    assert COMMAND.size > UPLOAD.size
    assert COMMAND.rows > UPLOAD.rows


def test_file_with_too_many_bytes_says_how_many_are_allowed(tmp_path):
    path = long_csv(tmp_path, *[ROW] * 100)

    error = refused(path, replace(UPLOAD, size=1000))

    assert error.code == "file_too_large"
    assert "1 MB" in error.sentence("vi")


@pytest.mark.parametrize(("size", "said"), [(1, "1 MB"), (MIB, "1 MB"), (MIB + 1, "2 MB"), (50 * MIB, "50 MB")])
def test_sizes_are_never_said_smaller_than_they_are(size, said):
    assert megabytes(size) == said


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_more_rows_than_may_be_stop_the_reading(tmp_path, write):
    path = write(tmp_path, [LONG, *[ROW] * 10])

    error = refused(path, replace(UPLOAD, rows=10))

    assert error.code == "too_many_rows"
    read(path, replace(UPLOAD, rows=11))


def test_rows_of_the_smaller_kinds_are_counted_too(tmp_path):
    path = write_csv(tmp_path, [CENTRAL, *[("online", 2024, 50, "766")] * 10])

    assert refused(path, replace(UPLOAD, rows=5), kind="central").code == "too_many_rows"


def test_smaller_kinds_stop_when_whoever_waits_gives_up(tmp_path):
    path = write_csv(tmp_path, [CENTRAL, ("online", 2024, 50, "766")])

    def give_up(_done: int, _total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_file(path, context(), progress=give_up)


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("central", [CENTRAL, *[("no such", 2024, 50, "766")] * 4]),
        ("baselines", [("Đơn vị", "Chỉ số", "Năm", "Tỷ lệ"), *[("no such", "online", 2023, 50)] * 4]),
    ],
)
def test_smaller_kinds_with_too_many_bad_rows_are_not_read_on(tmp_path, kind, rows):
    error = refused(write_csv(tmp_path, rows), replace(UPLOAD, rejected=3), kind=kind)

    assert error.code == "too_many_rejected"
    assert "3" in error.sentence("vi")


def test_archive_of_absurdly_many_parts_is_not_opened(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(MOST_PARTS + 1):
            archive.writestr(str(number), b"")

    assert refused(path).code == "archive_of_many_parts"


@pytest.mark.parametrize("content", [b"PK\x03\x04 and nothing else", b"PK\x03\x04" + b"PK\x05\x06"])
def test_archive_without_its_end_is_damaged(tmp_path, content):
    path = tmp_path / "file.xlsx"
    path.write_bytes(content)

    assert refused(path).code == "damaged_workbook"


def test_shared_texts_have_a_limit_of_their_own(tmp_path):
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, LONG)
        sheet.write_row(1, 0, ROW)

    assert refused(path, replace(UPLOAD, texts=100)).code == "unpacks_too_large"
    read(path, UPLOAD)


def test_workbook_that_unpacks_to_more_than_may_be_is_not_opened(tmp_path):
    path = write_xlsx(tmp_path, [LONG, ROW])

    assert refused(path, replace(UPLOAD, unpacked=1000)).code == "unpacks_too_large"


def test_line_without_an_end_is_no_table(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("Đơn vị,Tỷ lệ\n" + "," * (3 * MIB), encoding="utf-8")

    error = refused(path)

    assert (error.code, error.terms["line"]) == ("line_too_long", "2")


def test_macros_are_said_to_be_left_out(tmp_path):
    path = write_xlsx(tmp_path, [LONG, ROW])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"Sub AutoOpen()")

    parsed = read_file(path, context())

    assert [warning.code for warning in parsed.warnings] == ["macros_left_out"]
    assert "macro" in parsed.warnings[0].sentence("vi")


def test_workbook_that_must_be_held_and_is_too_large_is_refused(tmp_path, monkeypatch):
    """The reader's process writes into a file that may not grow so far; what it says of that is its exit code."""
    script = tmp_path / "reader.py"
    script.write_text(f"import sys; sys.exit({TOO_LARGE})", encoding="utf-8")
    monkeypatch.setattr("jobs.imports.formats.sheets.READER", script)

    with pytest.raises(FileRefused) as caught:
        open_sheets(write_xls(tmp_path / "file.xls", [LONG]))

    assert caught.value.code == "sheets_too_large"


def test_reader_of_held_workbooks_says_more_than_may_be_held(tmp_path, monkeypatch):
    """In a process of its own, with the limit set so low that one sheet is too much."""
    script = tmp_path / "reader.py"
    source = Path(xls.__file__).read_text(encoding="utf-8")
    script.write_text(source.replace("MOST_SAID = 1 << 26", "MOST_SAID = 100"), encoding="utf-8")
    monkeypatch.setattr("jobs.imports.formats.sheets.READER", script)

    with pytest.raises(FileRefused) as caught:
        open_sheets(write_xls(tmp_path / "file.xls", [LONG, *[("H21.58", "online", "", 1, 2, "")] * 3000]))

    assert caught.value.code == "sheets_too_large"


def test_reader_without_memory_says_so(tmp_path, monkeypatch):
    def starve(_path: str) -> None:
        raise MemoryError

    monkeypatch.setattr(xls, "limit_itself", lambda: None)
    monkeypatch.setattr(xls, "write_sheets", starve)
    monkeypatch.setattr(sys, "argv", ["held_reader.py", str(tmp_path)])
    monkeypatch.setattr(sys, "stdout", io.StringIO())

    assert xls.main() == TOO_LARGE
