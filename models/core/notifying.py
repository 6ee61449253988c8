"""The notification library, kept quiet: it reads addresses and sends; its log messages hold secrets."""

import logging
import warnings
from typing import Any


def notifier(address: str) -> Any | None:
    """What sends to an address (`apprise.Apprise`); None where the library does not understand it.

    The library's own log is cut off: at its lower levels it repeats addresses, and passwords stand in them. It follows
    no redirect, so that a message goes where it was sent or nowhere.
    """
    log = logging.getLogger("apprise")
    log.propagate = False
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    with warnings.catch_warnings():
        # Dozens of services are loaded with it, some of them through modules that Python is about to drop.
        warnings.simplefilter("ignore", DeprecationWarning)
        import apprise  # noqa: PLC0415 - costs a quarter of a second, and few processes send anything

        # Plain letters: the name goes into a header of HTTP, where no other letter may stand.
        asset = apprise.AppriseAsset(
            app_id="Cao Diem", app_desc="Cao Diem", app_url="", http_redirects=False, async_mode=False
        )
        found = apprise.Apprise(asset=asset)
        return found if found.add(address) else None
