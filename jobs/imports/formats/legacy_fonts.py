"""Texts typed in the fonts of before Unicode (.VnTime, VNI-Times): what stands in the file are other letters.

TCVN3 is TCVN 5712:1993 (VN3), a letter a byte; capitals with marks are small letters in a font of capitals. VNI writes
a mark as a letter of its own behind the vowel. Both arrive as the Latin letters that share their bytes: "X· Ia Pn«n".
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from jobs.imports.formats.sheets import shown
from jobs.imports.values import Font
from targets.figures import Cell

FONTS: Final[tuple[Font, ...]] = ("unicode", "tcvn3", "vni")
NAMES: Final[dict[Font, str]] = {"unicode": "Unicode", "tcvn3": "TCVN3 (.VnTime)", "vni": "VNI (VNI-Times)"}
LAST_LATIN = 0xFF
_TCVN3_FROM: Final = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ", 0xB5: "àảãáạ", 0xBB: "ằẳẵắ", 0xC6: "ặầẩẫấậè", 0xCE: "ẻẽéẹềểễếệìỉ", 0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù", 0xF1: "ủũúụừửữứựỳỷỹýỵ",
}  # fmt: skip
TCVN3: Final = {
    chr(start + offset): letter for start, letters in _TCVN3_FROM.items() for offset, letter in enumerate(letters)
}
_TONES = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_CIRCUMFLEX = dict(zip("âáàåãä", ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))
_BREVE = dict(zip("êéèúüë", ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))
_VNI_ALONE = dict(zip("ôöñíìæóòî", "ơưđíìỉĩịỵ", strict=True))
_COMMON = re.compile(
    r"\b(xã|phường|thị|huyện|quận|thành phố|tỉnh|sở|ủy ban|uỷ ban|đơn vị|số|tỷ lệ|tỉ lệ|ngày|tháng|tổng|hồ sơ"
    r"|trực tuyến|chỉ số|điểm)\b"
)
"""Words that hardly a table of an office is without."""


@dataclass(frozen=True)
class FontFound:
    """A font of before Unicode, and a text of the file in it."""

    font: Font
    example: str
    meaning: str


def converted(text: str, font: Font) -> str | None:
    """A text of an old font in Unicode; None where letters stand in it that the font has not."""
    if font == "unicode" or text.isascii():
        return text
    whole = unicodedata.normalize("NFC", text)
    return _from_tcvn3(whole) if font == "tcvn3" else _from_vni(whole)


def _from_tcvn3(text: str) -> str | None:
    letters = [letter if letter.isascii() else TCVN3.get(letter, "") for letter in text]
    return "".join(letters) if all(letters) else None


def _from_vni(text: str) -> str | None:
    written: list[str] = []
    at = 0
    while at < len(text):
        letter = text[at]
        small, mark = letter.lower(), text[at + 1 : at + 2].lower()
        base = _cased(_VNI_ALONE[small], letter) if small in _VNI_ALONE else letter
        marks = _vni_marks(small).get(mark) if mark else None
        if marks is not None:
            written.append(unicodedata.normalize("NFC", base + marks))
            at += 2
        elif base.isascii() or small in _VNI_ALONE:
            written.append(base)
            at += 1
        else:
            return None
    return "".join(written)


def _vni_marks(vowel: str) -> dict[str, str]:
    """Mark behind a vowel → what it puts on it."""
    marks: dict[str, str] = dict(_TONES) if vowel in "aeouyôö" else {}
    if vowel in "aeo":
        marks |= {mark: "\u0302" + tone for mark, tone in _CIRCUMFLEX.items()}
    if vowel == "a":
        marks |= {mark: "\u0306" + tone for mark, tone in _BREVE.items()}
    return marks


def _cased(letter: str, like: str) -> str:
    return letter.upper() if like.isupper() else letter


def font_of(texts: Iterable[str], is_known: Callable[[str], bool]) -> FontFound | None:
    """The old font that texts of a file are in, if any is: one that means nothing as it stands and something in it.

    `is_known` says whether a text is a name or a heading that the campaign knows.
    """
    for text in texts:
        if text.isascii() or any(ord(letter) > LAST_LATIN for letter in text) or _means(text, is_known):
            continue
        for font in FONTS[1:]:
            meaning = converted(text, font)
            if meaning is not None and meaning != text and _means(meaning, is_known):
                return FontFound(font, " ".join(text.split()), " ".join(meaning.split()))
    return None


def _means(text: str, is_known: Callable[[str], bool]) -> bool:
    return bool(_COMMON.search(text.lower())) or is_known(text)


def cell_reader(font: Font, is_known: Callable[[str], bool]) -> Callable[[Cell], Cell] | None:
    """How cells are read for a font that somebody chose; None for Unicode. What is Unicode already stays."""
    if font == "unicode":
        return None

    def read(cell: Cell) -> Cell:
        if not isinstance(cell, str) or cell.isascii() or any(ord(letter) > LAST_LATIN for letter in cell):
            return cell
        if is_known(cell):
            return cell
        meaning = converted(cell, font)
        return cell if meaning is None else meaning

    return read


def texts_of(rows: Iterable[Iterable[Cell]]) -> Iterable[str]:
    """The texts of some rows."""
    return (shown(cell) for row in rows for cell in row if isinstance(cell, str))
