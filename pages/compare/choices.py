"""What of the page of comparisons is looked at, as its address says it: which part, which units, which "what if"."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from models.core.texts import text
from pages.kit.address import Asking, Ignored

SECTIONS = ("gap", "change", "slope", "ranks", "funnel", "if")
BESIDE = "beside"
"""The part that only an installation of several campaigns has."""
WAYS = ("unit", "level")
"""By whom a contribution is told: unit by unit, or level by level."""
SCENARIOS = ("slowest", "units", "pace", "uplift")
MOST_UNITS = 15
"""Lines that a reader can still follow to their ends."""
MOST_SLOWEST = 50
SLOWEST = 10
MOST_UPLIFT = Decimal(50)
STEP = Decimal("0.5")


@dataclass(frozen=True)
class CompareChoices:
    """The choices of the page, checked: every one is a thing that exists. None where nothing was chosen."""

    section: str = SECTIONS[0]
    by: str = WAYS[0]
    units: tuple[str, ...] = ()
    size: int | None = None
    """A class of volume, counted from the smallest."""
    page: int = 1
    scenario: str = SCENARIOS[0]
    slowest: int = SLOWEST
    uplift: Decimal | None = None
    ignored: tuple[Ignored, ...] = ()


def read_compare_choices(
    query: Mapping[str, str], *, codes: Collection[str], sizes: int, language: str
) -> CompareChoices:
    """The choices of an address; what cannot be used is named and left out.

    `codes`: the units there are. `sizes`: how many classes of volume.
    """
    asking = Asking(query, language)
    units, strangers = _units(query.get("units", ""), codes)
    rest = text("choice.instead_rest", language) if units else ""
    for stranger in strangers:
        asking.leave_out("units", text("choice.unit", language), value=stranger, instead=rest)
    if len(units) > MOST_UNITS:
        hint = text("compare.choice.most_units", language, most=MOST_UNITS)
        asking.leave_out("units", hint, value=",".join(units[MOST_UNITS:]), instead=rest)
    uplift = _uplift(query.get("uplift"))
    if uplift is None and query.get("uplift"):
        asking.leave_out("uplift", text("choice.between", language, least=0, most=int(MOST_UPLIFT)))
    return CompareChoices(
        section=asking.one_of(
            "section", (*SECTIONS, BESIDE), hint=text("choice.allowed", language, allowed=", ".join(SECTIONS))
        )
        or SECTIONS[0],
        by=asking.one_of("by", WAYS) or WAYS[0],
        units=units[:MOST_UNITS],
        size=asking.number("size", least=0, most=sizes - 1),
        page=asking.number("page") or 1,
        scenario=asking.one_of("if", SCENARIOS) or SCENARIOS[0],
        slowest=asking.number("n", most=MOST_SLOWEST) or SLOWEST,
        uplift=uplift,
        ignored=tuple(asking.ignored),
    )


def _units(written: str, codes: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes in the order in which they were written, each once; and those that no unit has."""
    asked = tuple(dict.fromkeys(code for code in (part.strip() for part in written.split(",")) if code))
    return tuple(code for code in asked if code in codes), tuple(code for code in asked if code not in codes)


def _uplift(written: str | None) -> Decimal | None:
    """Points, to half a point; None where it is no such number."""
    if not written or len(written) > 5 or not written.isascii():
        return None
    try:
        uplift = Decimal(written)
    except InvalidOperation:
        return None
    is_usable = uplift.is_finite() and 0 <= uplift <= MOST_UPLIFT and uplift % STEP == 0
    return uplift if is_usable else None
