"""`targets.snapshots.precedence` for the database: of all that was told of a day counts first, then the newest."""

from typing import Any

from sqlmodel import col

from models.tables import Reading

HAS_COUNTS: Any = col(Reading.numerator).is_not(None) & col(Reading.denominator).is_not(None)
IN_FORCE_LAST = (HAS_COUNTS, col(Reading.revision))
"""Orders the statements of one series, period and day so that the last is the one in force."""
IN_FORCE_FIRST = (HAS_COUNTS.desc(), col(Reading.revision).desc())
