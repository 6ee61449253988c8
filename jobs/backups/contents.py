"""What a backup holds, as far as deciding about it needs: whose it is, of which version, how many rows."""

from collections.abc import Mapping
from dataclasses import dataclass

END_OF_TRAIL = "SELECT (SELECT max(id) FROM audit_entry) || ':' || audit_hash FROM store_state"
"""As `models.core.audit.find_head` answers it, for a store of any version."""


@dataclass(frozen=True)
class Contents:
    """What was found in a backup by reading all of it."""

    version: str | None
    """The version of its tables; None where it is no store of ours."""
    campaign: str | None
    simulated: bool
    counts: Mapping[str, int]
    """Table → rows."""
    trail: str = ""
    """The end of its audit trail (`models.core.audit.Head`); empty where it has none."""

    @property
    def rows(self) -> int:
        return sum(self.counts.values())
