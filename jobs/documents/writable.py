"""Words as every file can hold them, and workbooks in the office's letters whose texts stay texts.

Texts come from people and other systems, and some characters end a program: a control character in a name makes XML
unreadable, and the library that draws pictures gives up the whole process. A sheet's name has rules of its own, and
what begins as a formula does, a spreadsheet runs.
"""

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

LONGEST_SHEET_NAME = 31
RESERVED_SHEET_NAME = "history"
"""Excel keeps this one for itself."""
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_PASSED_OVER = r"[\s\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff\"]*"
"""What spreadsheets skip before they look whether a cell is a formula; a quotation mark opens a cell."""
_FORMULA = re.compile(rf"(^|[;,|\t\r\n])(?={_PASSED_OVER}[=+\-@＝＋－＠])|^(?=[\t\r\n])")
NO_BREAK = "\u00a0"
_BEFORE = (
    "ngày",
    "tháng",
    "năm",
    "số",
    "mốc",
    "tuần",
    "quý",
    "là",
    "thể",
    "tiêu",
    "khoảng",
    "gần",
    "hơn",
    "trên",
    "dưới",
    "xỉ",
    "No.",
    "day",
)
"""Words that belong to the number after them."""
_BESIDE_NUMBER = re.compile(
    r"(?<=\d)(?<!/\d{4}) (?=[^\W\d_])|" + "|".join(rf"(?<=\b{re.escape(word)}) (?=[\d+−])" for word in _BEFORE),
    re.IGNORECASE,
)
_TITLE_AND_NUMBER = re.compile(
    r"\b(Nghị (quyết|định)|Quyết định|Kế hoạch|Chỉ thị|Công văn|Thông (báo|tư)|Văn bản) số(?=\W)", re.IGNORECASE
)
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class MadeFile:
    """A document with the name it is handed out under."""

    name: str
    mime: str
    content: bytes


def writable(words: str) -> str:
    """The words without what XML cannot hold."""
    return _UNWRITABLE.sub("", words)


def unbroken(words: str) -> str:
    """The words so that no line ends between a number and what it counts, or within "Nghị quyết số 12/NQ".

    A full date is told apart from what follows it. Numbers themselves hold no space.
    """
    return _TITLE_AND_NUMBER.sub(lambda match: match[0].replace(" ", NO_BREAK), _BESIDE_NUMBER.sub(NO_BREAK, words))


def wholly_writable(value: Any) -> Any:
    """Plain values (lists, mappings, texts, numbers) with every text in them writable."""
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, dict):
        return {writable(str(key)): wholly_writable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [wholly_writable(one) for one in value]
    return value


def harmless(words: str) -> str:
    """The words so that no spreadsheet takes them, or what a separator of its own makes of them, for a formula.

    An apostrophe goes before each part that begins as one: the file's separator is not always its reader's, and
    `a;=1` is two cells where a semicolon parts them.
    """
    return _FORMULA.sub(lambda match: f"{match[1] or ''}'", words)


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that a spreadsheet accepts and no other sheet has; it is added to those taken."""
    whole = " ".join(_NOT_IN_SHEET_NAME.sub(" ", writable(wanted)).split()) or "1"
    name, number = _shortened(whole, LONGEST_SHEET_NAME), 2
    while name.casefold() in taken or name.casefold() == RESERVED_SHEET_NAME:
        ending = f" ({number})"
        name, number = _shortened(whole, LONGEST_SHEET_NAME - len(ending)) + ending, number + 1
    taken.add(name.casefold())
    return name


def _shortened(words: str, most: int) -> str:
    """As many letters as fit; spreadsheets count those beyond U+FFFF twice."""
    while len(words.encode("utf-16-le")) // 2 > most:
        words = words[:-1]
    return words.rstrip()


INK, PALE = "#131A24", "#E9EDF1"
LOCALE = {"vi": "[$-42A]", "en": "[$-809]"}
"""Separators of the document's language in programs that honour them; the others use those of their reader."""
A3, A4 = 8, 9
"""Papers, as spreadsheets number them."""


def new_book(out: io.BytesIO | Path) -> Any:
    """A workbook that takes no text for a formula, an address or a number; a context, at whose end it is written."""
    names = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
    return xlsxwriter.Workbook(out, {"in_memory": isinstance(out, io.BytesIO), **dict.fromkeys(names, False)})


class Looks:
    """Formats of a book, each made once: a spreadsheet program refuses too many."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, **look: Any) -> Any:
        whole = {"font_name": "Times New Roman", "font_size": 12, "font_color": INK, "valign": "vcenter"} | look
        key = tuple(sorted(whole.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(whole)
        return self._made[key]


def merge(sheet: Any, top: int, left: int, bottom: int, right: int, words: str, look: Any) -> None:
    """Merged without a text first: what is written into it is a text, whatever it begins with."""
    if (top, left) != (bottom, right):
        sheet.merge_range(top, left, bottom, right, "", look)
    sheet.write_string(top, left, writable(words), look)


def set_page(sheet: Any, *, paper: int, mark: str) -> None:
    """On its side and as wide as the paper, with the mark and the page's number at the foot of each sheet."""
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5)
    sheet.set_footer(f"&L{mark.replace('&', '&&')}&R&P/&N")  # an ampersand begins a code there
