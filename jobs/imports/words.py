"""Vietnamese names brought to comparable forms, from strict to lenient. Nothing here knows what a name stands for."""

import re
import unicodedata

_PUNCTUATION = re.compile(r"[^\w%#]+|_")
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def even(text: str) -> str:
    """Capitals, composed letters and spaces evened out; marks, hyphens and apostrophes stay."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def spelt(text: str) -> str:
    """`even` without hyphens, dots and apostrophes: K'Bang is kbang, "GD - ĐT" is "gd đt". Marks stay."""
    return " ".join(_PUNCTUATION.sub(" ", _APOSTROPHES.sub("", even(text)).replace("&", " và ")).split())


def folded(text: str) -> str:
    """`spelt` without marks: Đăk, Đak and Dak are one."""
    letters = unicodedata.normalize("NFD", spelt(text).replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def joined(text: str) -> str:
    """`folded` without spaces: "Ia Pnôn" and "IaPnon" are one."""
    return folded(text).replace(" ", "")


def heading(text: str) -> str:
    """A column's heading for comparison: without marks, and without what stands in brackets (units, numbers)."""
    return folded(_BRACKETS.sub(" ", text)) or folded(text)


def in_brackets(text: str) -> list[str]:
    """What stands in brackets anywhere in a text."""
    return [found.strip("()[] ") for found in _BRACKETS.findall(text)]


def bracketed(text: str) -> tuple[str, str]:
    """A name and what stands in brackets behind it: "Xã Ia Băng (huyện Chư Prông)"."""
    match = re.fullmatch(r"\s*(.+?)\s*[(\[]([^()\[\]]+)[)\]]\s*", text, re.DOTALL)
    return (match[1], match[2].strip()) if match else (text, "")
