"""What waits for the office to decide, in words: the same on its first page and in its mail."""

from jobs.wording.results import without_office
from models.core import formats
from models.core.texts import text
from models.tasks.dated import Decision

NAMED = 3
"""Units that a line names; beyond them it counts."""


def what_waits(decision: Decision, language: str) -> str:
    """ "2 đề nghị rà soát số liệu (1 quá hạn)"."""
    said = text(f"decide.{decision.kind}", language, count=formats.whole(decision.count, language))
    if not decision.late:
        return said
    return text("decide.late", language, said=said, late=formats.whole(decision.late, language))


def what_waits_of_whom(decision: Decision, language: str) -> str:
    """The same, and of which units: "3 nguyên nhân chờ xác nhận: huyện Một, Sở Hai"."""
    said, units = what_waits(decision, language), decision.units
    if not units:
        return said
    named = ", ".join(without_office(name) for name in units[:NAMED])
    if len(units) > NAMED:
        named = text("decide.more", language, units=named, count=formats.whole(len(units) - NAMED, language))
    return text("decide.of", language, said=said, units=named)
