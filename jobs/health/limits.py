"""What the system allows a process: how many files it may open, and how many pages that is enough for."""

import sys

FILES_OF_A_PAGE = 4
"""Its socket, and the event loop that Streamlit makes for each session: three."""
OTHER_FILES = 640
"""The store's, requests', and the loops of up to 128 sessions that Streamlit keeps after their page has gone."""
FEW_PAGES = 8
"""Where hardly anything is allowed, somebody has to get in to read why."""


def open_files() -> int:
    """How many files this process may open at once; Windows has no such limit that would count."""
    return _limits()[0]


def files_at_most() -> int:
    """How many it may open at once after it has raised its own limit."""
    return _limits()[1]


def raise_open_files() -> None:
    """Raise this process's own limit as far as it may; what it starts inherits that."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        except (ValueError, OSError):  # macOS names no limit, and takes this at most
            resource.setrlimit(resource.RLIMIT_NOFILE, (10_240, hard))


def room_for_pages(files: int) -> int:
    """How many pages may be open at once where a process may open so many files."""
    return max(FEW_PAGES, (files - OTHER_FILES) // FILES_OF_A_PAGE)


def _limits() -> tuple[int, int]:
    """What holds now and what may be asked for; without a limit, more than any page needs."""
    unlimited = 1_000_000
    if sys.platform == "win32":
        return unlimited, unlimited
    import resource  # noqa: PLC0415 - not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return tuple(unlimited if each == resource.RLIM_INFINITY else each for each in (soft, hard))  # type: ignore[return-value]
