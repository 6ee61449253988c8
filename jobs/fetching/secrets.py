"""A source's secret: where its token comes from (the environment or `.env`, and nowhere else), and how it is taken
out of whatever is kept or said: addresses, answers, errors."""

import os
import re
from urllib.parse import quote, quote_plus

import httpx
from dotenv import dotenv_values

from jobs.fetching.values import PullFailed

STRUCK = "***"
SHORTEST_IN_BODY = 8
"""A shorter secret is no token, and striking it from an answer would strike figures."""
_TELLING = re.compile(r"token|secret|passw|api.?key|^key$|signature|credential|auth|session", re.IGNORECASE)
_SIGNS_IN = re.compile(r"token|secret|passw|api.?key|credential|^authorization$|^cookie$", re.IGNORECASE)
_USER_INFO = re.compile(r"(?<=://)[^/?#@\s]*@")


def signs_in(name: str) -> bool:
    """Whether a parameter or header of this name can only hold a secret."""
    return _SIGNS_IN.search(name) is not None


class Secrets:
    """Knows one secret, in every form in which it may come back."""

    def __init__(self, secret: str | None) -> None:
        forms = {secret, quote(secret, safe=""), quote_plus(secret)} if secret else set()
        self._forms = sorted(forms, key=len, reverse=True)
        self._is_long = len(secret or "") >= SHORTEST_IN_BODY

    def removed(self, text: str) -> str:
        """The text without the secret and without who signs in to an address."""
        for form in self._forms:
            text = text.replace(form, STRUCK)
        return _USER_INFO.sub(f"{STRUCK}@", text)

    def removed_from(self, url: httpx.URL) -> str:
        """An address as it may be kept: without the secret, without the values of parameters that hold secrets."""
        for name in [name for name in url.params if _TELLING.search(name)]:
            url = url.copy_set_param(name, STRUCK)
        return self.removed(str(url)).replace(quote(STRUCK, safe=""), STRUCK)

    def removed_from_body(self, body: bytes) -> bytes:
        """An answer that repeats the token back, as some error pages do."""
        if self._is_long:
            for form in self._forms:
                body = body.replace(form.encode(), STRUCK.encode())
        return body


ENV_FILE = ".env"


def find_secret(variable: str | None) -> str | None:
    """The secret a source names; None where it names none. Raises PullFailed where the variable is not set."""
    if variable is None:
        return None
    secret = os.environ.get(variable) or dotenv_values(ENV_FILE).get(variable)
    if not secret:
        raise PullFailed("secret_missing", variable=variable)
    return secret
