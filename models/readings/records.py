"""What files hold besides readings: one record for each kind, from the file to the action that records it.

Units are named by their codes. Percents are in points, exact decimals; nothing is rounded or filled in. `place` is
where the file says it: it shows a person where to look, and two records are equal whatever their place.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from targets.values import Basis, Qualifier, Scope, Unit

NOTES = ("note", "quotation")
"""What a file says beside a figure: a note, and the sentence that it was taken from or where exactly it stands."""
BECAUSE = {"issued": "issued_by_decision", "registered": "own_registration"}
"""Why a target that people set has its value, by its origin."""
OF_ISSUE = "of_issue"
"""Where the terms of a correction keep what the issue before it gave this one unit."""


@dataclass(frozen=True)
class BaselineRecord:
    """A unit's result of a year before the campaign: a percent, counts, or both, of which the counts count.

    Without any figure it withdraws what was reported before.
    """

    unit: str
    indicator: str
    year: int
    value: Decimal | None
    numerator: int | None = None
    denominator: int | None = None
    qualifier: Qualifier | None = None
    source_note: str = ""
    """The publication or document by name, and what is said of it."""
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class CentralRecord:
    """The centre's target for an indicator and year; `level` "" is every level, `value` None withdraws it."""

    indicator: str
    year: int
    level: str
    value: Decimal | None
    document: str
    source_note: str = ""
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class TargetRecord:
    """A unit's target for a phase that people set: issued by a document, or registered by the unit itself."""

    unit: str
    indicator: str
    phase: str
    origin: Literal["issued", "registered"]
    value: Decimal
    document: str
    document_date: date | None
    """None where the document's date is not known."""
    source_note: str = ""
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class ScoreRecord:
    """Official points or a rank of an accounting period; `indicator` "" is the total.

    A unit ranked in several groups has a record for each, with the same points.
    """

    unit: str
    indicator: str
    basis: Basis
    period_start: date
    period_end: date
    as_of: date
    points: Decimal | None
    max_points: Decimal | None
    rank: int | None
    rank_of: int | None
    rank_group: str = ""
    source: str = ""
    """Key of the source, in files that name one row by row; otherwise it is that of the run."""
    source_note: str = ""
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class ReadingRecord:
    """A figure of a publication: what a unit had reached on a day, in the period that its source's basis says."""

    unit: str
    indicator: str
    as_of: date
    scope: Scope | None
    """None: the source's, else the default of the unit's level."""
    value: Decimal | None
    numerator: int | None
    denominator: int | None
    qualifier: Qualifier | None
    source: str
    """Key of the source."""
    value_high: Decimal | None = None
    """The high end of a range, whose low one is `value`."""
    note: str = ""
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class TaskRecord:
    """What a unit is to do, who does it and by when; with a finding it comes from an inspection."""

    unit: str
    what: str
    who: str
    due: date
    finding: str = ""
    indicator: str = ""
    document: str = ""
    number: str = ""
    """Its number in the document or plan it comes from."""
    snapshot: int | None = None
    slide: str = ""
    """The meeting and the slide at which it was given."""
    done: str = ""
    """What shows that it has been done already; empty while it is to be done."""
    place: str = field(default="", compare=False)


Record = BaselineRecord | CentralRecord | TargetRecord | ScoreRecord | TaskRecord | Unit
