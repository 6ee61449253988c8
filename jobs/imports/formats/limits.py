"""How much of a file is taken on: bytes, bytes unpacked, rows, bad rows. A limit that is met refuses the file in words.

A command on the server may bring a whole country's figures; a file handed in over a page is held in the server's
memory while it is looked at, beside those of all other people.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zipfile import ZipFile

from jobs.imports.formats.sheets import Block, Sheet, Span
from jobs.imports.problems import FileRefused
from jobs.imports.values import Limits, Progress
from targets.figures import Cell

MIB = 1 << 20
UPLOAD = Limits(
    size=50 * MIB, unpacked=512 * MIB, texts=64 * MIB, rows=1_000_000, rejected=5_000, seconds=300, memory=2_048 * MIB
)
"""What one person may hand in over the page; `.streamlit/config.toml` holds the same size; a test keeps them equal."""
MOST_PARTS = 10_000
MOST_FOLDER = 4 * MIB
"""A workbook has some dozen parts; a list of parts longer than this was made to fill the memory."""
_END, _END_LENGTH = b"PK\x05\x06", 22
_LONGEST_COMMENT = 1 << 16


def check_size(path: Path, limits: Limits) -> None:
    """Refuse a file with more bytes than may be."""
    size = path.stat().st_size
    if size > limits.size:
        raise FileRefused("file_too_large", name=path.name, size=megabytes(size), limit=megabytes(limits.size))


def check_archive(path: Path) -> None:
    """Refuse an archive whose list of parts is absurd, before it is read: reading it is what would do the harm."""
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - _END_LENGTH - _LONGEST_COMMENT))
        tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_LENGTH:
        raise FileRefused("damaged_workbook", name=path.name, detail="ZIP")
    parts, folder = int.from_bytes(tail[at + 10 : at + 12], "little"), int.from_bytes(tail[at + 12 : at + 16], "little")
    if parts > MOST_PARTS or folder > MOST_FOLDER:
        raise FileRefused("archive_of_many_parts", name=path.name)


def unpacked_size(path: Path) -> int:
    """Bytes of a file once its parts are unpacked, as far as it says; its own where it is no archive."""
    try:
        check_archive(path)
        with ZipFile(path) as archive:
            return sum(entry.file_size for entry in archive.infolist())
    except Exception:  # noqa: BLE001 - its reader says what is wrong with it
        return path.stat().st_size if path.exists() else 0


def megabytes(size: int) -> str:
    """Bytes as people say them, never less than there are."""
    return f"{-(-size // MIB)} MB"


@dataclass(frozen=True)
class WatchedSheet:
    """A sheet, or some rows of it, counted while they are read: too many refuse the file; progress is reported."""

    sheet: Sheet
    file: str
    limits: Limits
    progress: Progress | None = None
    cells: Callable[[Cell], Cell] | None = None
    """How cells of a font of before Unicode are read."""
    first: int = 0
    last: int | None = None
    """The numbers of its first and last row; None is the sheet's last."""
    kept: Block | None = None
    """All rows of the sheet, where they are in memory."""

    @property
    def name(self) -> str | None:
        return self.sheet.name

    @property
    def is_hidden(self) -> bool:
        return self.sheet.is_hidden

    @property
    def origin(self) -> date:
        return self.sheet.origin

    @property
    def row_count(self) -> int | None:
        if self.kept is not None:
            return sum(len(block.rows) for block in self._rows(max(1, len(self.kept.rows))))
        return self.sheet.row_count

    @property
    def delimiter(self) -> str | None:
        return self.sheet.delimiter

    @property
    def spans(self) -> tuple[Span, ...]:
        return self.sheet.spans

    @property
    def hidden_columns(self) -> frozenset[int]:
        return self.sheet.hidden_columns

    def blocks(self, size: int) -> Iterator[Block]:
        done = 0
        for block in self._rows(size):
            done += len(block.rows)
            if done > self.limits.rows:
                raise FileRefused("too_many_rows", name=self.file, most=str(self.limits.rows))
            if self.progress is not None:
                self.progress(done, self.row_count)
            # What is kept was read this way already.
            yield block if self.cells is None or self.kept is not None else self._read(block, self.cells)

    @staticmethod
    def _read(block: Block, cells: Callable[[Cell], Cell]) -> Block:
        return Block(block.numbers, [[cells(cell) for cell in row] for row in block.rows], block.hidden)

    def _rows(self, size: int) -> Iterator[Block]:
        if self.kept is None:
            blocks: Iterable[Block] = self.sheet.blocks(size)
        else:
            kept = self.kept
            starts = range(0, len(kept.rows), size)
            blocks = (Block(kept.numbers[at : at + size], kept.rows[at : at + size], kept.hidden) for at in starts)
        for block in blocks:
            if not block.rows or (self.last is not None and block.numbers[0] > self.last):
                return
            start = bisect_left(block.numbers, self.first)
            end = len(block.rows) if self.last is None else bisect_right(block.numbers, self.last)
            if start < end:
                is_whole = end - start == len(block.rows)
                yield block if is_whole else Block(block.numbers[start:end], block.rows[start:end], block.hidden)
