"""A small province beside itself on one indicator, without a store: districts that tell for their communes."""

from dataclasses import replace

import numpy as np

from models.analysis.compare import Comparison
from targets.standing.splitting import COUNTS, Counts
from targets.values import Rule
from tests.pages.conftest import result
from tests.pages.gap_rows import CAMPAIGN_WITH_LEVELS, DUE, gap_overview

RULED = replace(
    CAMPAIGN_WITH_LEVELS,
    indicators=tuple(
        replace(known, rule=Rule(kind="central_plus")) if known.key == "online" else known
        for known in CAMPAIGN_WITH_LEVELS.indicators
    ),
)
# unit | name | level | parent | right | cases | right in the week | cases in the week | standing
UNITS = (
    ("H21", "UBND tỉnh Gia Lai", "province", None, 1_000, 2_500, 200, 400, "high_risk"),
    ("SCT", "Sở Công Thương", "department", "H21", 300, 500, 40, 50, "met"),
    ("H21.54", "UBND huyện Chư Sê", "district", "H21", 300, 1_000, 100, 200, "unlikely"),
    ("H21.58", "UBND huyện Ia Grai", "district", "H21", 400, 1_000, 60, 150, "at_risk"),
    ("X1", "UBND xã Ia Ko", "commune", "H21.54", 60, 300, 20, 60, "unlikely"),
    ("X2", "UBND xã Ayun", "commune", "H21.54", 100, 200, 20, 40, "met"),
    ("X3", "UBND xã Ia Băng", "commune", "H21.58", 30, 60, 5, 10, "met"),
)
TARGET = 50.0


def row_of(unit, *, target=TARGET, **changes):
    code, name, level, _, right, cases, week_right, week_cases, standing = unit
    before = 100 * (right - week_right) / (cases - week_cases)
    known = {
        "unit": code, "name": name, "level": level, "value": 100 * right / cases, "numerator": right,
        "denominator": cases, "week_numerator": week_right, "week_denominator": week_cases, "target": target,
        "week_change": 100 * right / cases - before, "coverage": 1.0, "due": DUE, "baseline": 10.0, "by": "gap",
    }  # fmt: skip
    known |= {"target": None} if target is None else {}
    return result("online", standing, **(known | changes))


def overview(**changes):
    return replace(gap_overview(), campaign=RULED, **changes)


def comparison(units=UNITS, *, members=None, each=None, campaign=RULED, as_of=None, **changes):
    """The units beside one another. Members: departments and districts, unless others are named.

    `each`: a change of every row; `changes`: by unit, of that row.
    """
    rows = tuple(replace(row_of(unit), **(each or {}), **changes.get(unit[0].replace(".", "_"), {})) for unit in units)
    at = {row.unit: position for position, row in enumerate(rows)}
    chosen = members if members is not None else {row.unit for row in rows if row.level in ("department", "district")}
    in_sums = np.array([row.unit in chosen for row in rows], dtype=bool)
    own = {
        name: np.array(
            [np.nan if getattr(row, name) is None or row.coverage != 1 else float(getattr(row, name)) for row in rows]
        )
        for name in COUNTS
    }
    return Comparison(
        campaign=campaign,
        indicator="online",
        as_of=as_of or rows[0].as_of,
        rows=rows,
        parent=np.array([-1 if unit[3] is None else at.get(unit[3], -1) for unit in units], dtype=np.int64),
        province=0,
        in_sums=in_sums,
        members=Counts(**{name: np.where(in_sums, values, np.nan) for name, values in own.items()}),
        own=Counts(**own),
    )


def many(count):
    """A country: so many communes that tell for themselves, half of them short of the target."""
    communes = tuple(
        (f"U{n}", f"UBND xã số {n}", "commune", "H21", 20 + n % 60, 100 + n % 400, 2, 10, "at_risk")
        for n in range(count)
    )
    return (UNITS[0], *communes)
