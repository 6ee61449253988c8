"""Which passwords are guessed first: the commonest ones and names that everybody knows, with digits and signs around.

Twelve characters do not stop `Password@123` or `gialai2024!!`: both stand at the head of every guesser's list.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from targets.errors import CampaignError

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


def names_in(reported: str) -> frozenset[str]:
    """A login or the name of a place as somebody would type it into a password: whole, and without what begins it.

    “Tỉnh Gia Lai” gives tinhgialai and gialai, `lan.nguyen` gives lannguyen, lan and nguyen.
    """
    parts = "".join(each if each.isalnum() else " " for each in _folded(reported)).split()
    ends = {"".join(parts[place:]) for place in range(len(parts) - 1)} | {"".join(parts)}
    singly = set(parts) if reported.isascii() and " " not in reported else set()
    return frozenset(each for each in ends | singly if len(each) >= LEAST_PART)


def _folded(reported: str) -> str:
    """Small letters without marks: a keyboard without Vietnamese writes “điểm” as diem."""
    apart = unicodedata.normalize("NFD", reported.casefold().replace("đ", "d"))
    return "".join(each for each in apart if not unicodedata.combining(each))


def _reads(typed: str, word: str) -> bool:
    return len(typed) == len(word) and all(
        each == letter or each in LIKE.get(letter, "") for each, letter in zip(typed, word, strict=True)
    )


LEAST = 12
"""Characters of a password at least."""
MOST = 200
FEWEST_DIFFERENT = 6
"""Different characters at least: “aaaaaaaaaaaa” is no password."""
ONE_TIME_FOR = timedelta(days=14)
"""How long a one-time password works; then an administrator gives a new one."""
OF_ONE_TIME = 20
"""Letters and digits of a one-time password."""
_HASHER = PasswordHasher()
"""Argon2id with the memory, passes and lanes of RFC 9106 for servers: 64 MiB, 3, 4."""
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody mistakes for another on paper."""
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


class WeakPassword(CampaignError):
    """A password that somebody would guess; the text says what is asked of one."""


class WrongLogin(CampaignError):
    """A name that cannot be an account's; the text says what can."""


def folded(login: str) -> str:
    """A login as it is kept and compared: no blanks around it, small letters, one spelling of each character."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def is_login(login: str) -> bool:
    """Whether a folded name may be a login."""
    return _LOGIN.fullmatch(login) is not None


def check_login(login: str) -> None:
    """Raise WrongLogin where a folded name cannot be a login. A colon is kept for the system's own names."""
    if not is_login(login):
        raise WrongLogin(
            f"“{login}” cannot be a login: 2 to 64 of a-z, 0-9, dot, hyphen, underscore and @.",
            code="wrong_login",
            login=login,
        )


def hashed(password: str) -> str:
    """The password as it is kept. Slow on purpose: never call it on the event loop."""
    return _HASHER.hash(_spelled(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether this is the password; without a hash (no such account) it takes as long and the answer is no."""
    try:
        _HASHER.verify(password_hash or _nobody(), _spelled(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def check_acceptable(password: str, *, login: str, province: str = "") -> None:
    """Raise WeakPassword where somebody would guess it; the province's name is one that everybody would try."""
    spelled = _spelled(password)
    if len(spelled) < LEAST:
        raise WeakPassword(
            f"A password has at least {LEAST} characters; a sentence of four words is easy to keep.",
            code="password_short",
            least=str(LEAST),
        )
    if len(spelled) > MOST:
        raise WeakPassword(
            f"A password has at most {MOST} characters.",
            code="password_long",
            most=str(MOST),
        )
    if login in spelled.casefold():
        raise WeakPassword("The password must not hold the login.", code="password_login")
    if len(set(spelled)) < FEWEST_DIFFERENT:
        raise WeakPassword(
            f"The password repeats too few characters: use at least {FEWEST_DIFFERENT} different ones.",
            code="password_repeats",
            least=str(FEWEST_DIFFERENT),
        )
    if is_guessable(spelled, names_in(login) | names_in(province)):
        raise WeakPassword(
            "This password is one of those that are tried first: a common word, a name or digits.",
            code="password_common",
        )


def check_differs(password: str, kept: str | None) -> None:
    """Raise WeakPassword where this is the password already: one that must be changed would stay what others know.

    A one-time password stays what it is in capitals, without its hyphens, or with something added.
    """
    letters = "".join(each for each in password.casefold() if each.isalnum())
    again = {"-".join(_grouped(some)) for some in (letters[:OF_ONE_TIME], letters[-OF_ONE_TIME:])}
    if any(matches(kept, each) for each in (password, *again - {password})):
        raise WeakPassword("The new password is the same as the one before: choose another.", code="password_same")


def one_time() -> str:
    """A random password of 20 characters in four groups: 99 bits, read out or typed from paper without mistakes."""
    return "-".join(_grouped("".join(secrets.choice(_ALPHABET) for _ in range(OF_ONE_TIME))))


def _grouped(letters: str) -> list[str]:
    return [letters[place : place + 5] for place in range(0, len(letters), 5)]


def _spelled(password: str) -> str:
    """One spelling of each letter: two keyboards write “ễ” in two ways."""
    return unicodedata.normalize("NFC", password)


@cache
def _nobody() -> str:
    return _HASHER.hash(secrets.token_hex(16))
