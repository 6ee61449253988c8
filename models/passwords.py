"""Passwords: how they are kept, which are good enough, and how a one-time password is made."""

import re
import secrets
import unicodedata
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.guessable import is_guessable, names_in
from targets.errors import CampaignError

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
