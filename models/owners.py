"""Whose a claim is, and whether whoever it was is known to have died."""

from collections.abc import Callable

NOBODY = ""
"""The owner of a claim that nobody works on."""
Gone = Callable[[str], bool]
"""Whether an owner of this name is known to have died."""


def nobody_known(_owner: str) -> bool:
    """Nothing is known of who has died: the lease decides."""
    return False


def shown(owner: str) -> str:
    """An owner as people are told of it: its machine and its process, without what only machines compare."""
    return ":".join(owner.split(":")[:2])
