"""Which passwords are guessed first: the commonest ones and names that everybody knows, with digits and signs around.

Twelve characters keep nobody from `Password@123` or `gialai2024!!`: both stand at the head of every guesser's list.
"""

import unicodedata
from collections.abc import Iterable

_COMMONEST = """
password passwd pass passw0rd iloveyou qwerty qwertyuiop qwertz azerty asdf asdfgh asdfghjkl zxcv zxcvbn zxcvbnm
qazwsx qazwsxedc 1q2w3e 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc zaq12wsx q1w2e3r4 q1w2e3r4t5
a1b2c3 abc abcd abcde abcdef admin administrator root user guest test tester demo default login welcome hello
letmein master secret changeme dragon monkey princess sunshine shadow football baseball superman batman michael
jordan charlie daniel jessica ashley computer internet google facebook samsung iphone trustno1 whatever freedom
starwars pokemon killer access flower lovely summer winter server system manager support office windows
matkhau mk matkhaumoi anhyeuem emyeuanh yeuem yeuanh anhem toiyeu conyeu mebo bome giadinh hanhphuc vietnam
hanoi saigon hochiminh danang viettel vnpt mobifone vinaphone fpt congan bacho tinhyeu maimai xinchao caodiem
ubnd hdnd chiendich aa qwe asd zxc qweasd qweasdzxc qaz wsx edc zaq xsw cde a1s2d3f4 aaron andrew thomas robert george
hunter buster soccer harley tigger ranger klaster asshole michelle pepper fuck fuckyou fuckme pussy maggie ginger
joshua cheese amanda love nicole chelsea biteme matthew yankees dallas austin thunder taylor matrix mustang jennifer
hockey chocolate butterfly liverpool barcelona arsenal minecraft naruto
"""
COMMONEST = frozenset(_COMMONEST.split())
"""More than the hundred commonest, as lists of passwords that were lost name them, here and elsewhere."""
LIKE = {"a": "@4", "e": "3", "i": "1!", "l": "1", "o": "0", "s": "$5"}
"""What people write in place of a letter."""
_SIGNS = "".join(LIKE.values())
"""What else stands in a password may part a word anywhere, as in gia/lai/2024."""
LEAST_PART = 3
"""Letters of a part of a login that counts as a name."""


def is_guessable(password: str, names: Iterable[str] = ()) -> bool:
    """Whether a password is made of nothing but the commonest ones and these names, with digits and signs around."""
    typed = "".join(each for each in _folded(password) if each.isalnum() or each in _SIGNS)
    words = sorted(COMMONEST | set(names))
    reached = [True] + [False] * len(typed)
    for place in range(len(typed)):
        if not reached[place]:
            continue
        if not typed[place].isalpha():
            reached[place + 1] = True
        for word in words:
            if _reads(typed[place : place + len(word)], word):
                reached[place + len(word)] = True
    return reached[-1]


def names_in(told: str) -> frozenset[str]:
    """A login or the name of a place as somebody would type it into a password: whole, and without what begins it.

    “Tỉnh Gia Lai” gives tinhgialai and gialai, `lan.nguyen` gives lannguyen, lan and nguyen.
    """
    parts = "".join(each if each.isalnum() else " " for each in _folded(told)).split()
    ends = {"".join(parts[place:]) for place in range(len(parts) - 1)} | {"".join(parts)}
    singly = set(parts) if told.isascii() and " " not in told else set()
    return frozenset(each for each in ends | singly if len(each) >= LEAST_PART)


def _folded(told: str) -> str:
    """Small letters without marks: a keyboard without Vietnamese writes “điểm” as diem."""
    apart = unicodedata.normalize("NFD", told.casefold().replace("đ", "d"))
    return "".join(each for each in apart if not unicodedata.combining(each))


def _reads(typed: str, word: str) -> bool:
    return len(typed) == len(word) and all(
        each == letter or each in LIKE.get(letter, "") for each, letter in zip(typed, word, strict=True)
    )
