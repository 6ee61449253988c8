"""Where a source's token comes from: the environment or `.env`, and nowhere else."""

import os

from dotenv import dotenv_values

from jobs.pulls.asking import PullFailed

ENV_FILE = ".env"


def find_secret(variable: str | None) -> str | None:
    """The secret a source names; None where it names none. Raises PullFailed where the variable is not set."""
    if variable is None:
        return None
    secret = os.environ.get(variable) or dotenv_values(ENV_FILE).get(variable)
    if not secret:
        raise PullFailed("secret_missing", variable=variable)
    return secret
