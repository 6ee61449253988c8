"""Sums over the tree: a drawn province, and random trees against a plain recursion."""

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.standing.pooling import Amounts, Pool, is_thin, pool_tree

AMOUNTS = ("numerator", "denominator", "week_denominator")


@dataclass(frozen=True)
class Figure:
    """What a unit told in one scope: counts, or a percent alone. `week` None: no earlier snapshot."""

    numerator: int = 0
    denominator: int = 0
    week: int | None = None
    is_percent: bool = False


@dataclass(frozen=True)
class Unit:
    name: str
    above: str | None
    below: Figure | None = None
    own: Figure | None = None
    exists: bool = True


PERCENT = Figure(is_percent=True)


def pool(units: list[Unit], *, columns: int = 1) -> Pool:
    """Pool the units; each column holds the same figures."""
    position = {unit.name: at for at, unit in enumerate(units)}
    parent = np.array([-1 if unit.above is None else position[unit.above] for unit in units], dtype=np.int64)
    return pool_tree(
        parent=parent,
        depth=np.array([depth_of(at, parent.tolist()) for at in range(len(units))], dtype=np.int64),
        is_expected=repeated([unit.exists for unit in units], columns).astype(bool),
        below=result([unit.below for unit in units], columns),
        own=result([unit.own for unit in units], columns),
    )


def depth_of(at: int, parent: list[int]) -> int:
    return 0 if parent[at] < 0 else 1 + depth_of(parent[at], parent)


def result(figures: list[Figure | None], columns: int) -> Amounts:
    def amount(name: str) -> Any:
        values = [None if figure is None or figure.is_percent else getattr(figure, name) for figure in figures]
        return repeated([math.nan if value is None else float(value) for value in values], columns)

    return Amounts(
        amounts=dict(zip(AMOUNTS, (amount(name) for name in ("numerator", "denominator", "week")), strict=True)),
        has_counts=repeated([figure is not None and not figure.is_percent for figure in figures], columns).astype(bool),
        is_percent_only=repeated([figure is not None and figure.is_percent for figure in figures], columns).astype(
            bool
        ),
    )


def repeated(values: list[Any], columns: int) -> Any:
    return np.repeat(np.array(values)[:, None], columns, axis=1)


def sums(pooled: Pool, at: int = 0, column: int = 0) -> dict[str, Any]:
    """One unit's sums, by name; None where nobody knows."""
    amounts = {name: float(total[at, column]) for name, total in pooled.amounts.items()}
    answer: dict[str, Any] = {name: None if math.isnan(value) else value for name, value in amounts.items()}
    return answer | {
        "counted": int(pooled.counted[at, column]),
        "percent_only": int(pooled.percent_only[at, column]),
        "expected": int(pooled.expected[at, column]),
    }


# --- a drawn province -----------------------------------------------------------------------------------------------

# “below n/d”: the unit with all below it; “own n/d”: its own counter; “%”: a percent without counts; “gone”: merged.
# The answer is the province's: its sums, and how many of the expected units are counted and how many told a percent.
PROVINCES = {
    "departments and districts with all below them": (
        """
        unit        | above    | told
        province    |          |
        department  | province | own 5/10
        district    | province | below 40/100
        commune one | district | own 10/20
        commune two | district | own 20/30
        """,
        "45/110, 2 of 2 counted, 0 percents",
    ),
    "a district's own and its communes, where it does not tell all below": (
        """
        unit        | above    | told
        province    |          |
        district    | province | own 7/10
        commune one | district | own 10/20
        commune two | district | own 20/30
        """,
        "37/60, 3 of 3 counted, 0 percents",
    ),
    "a district's own is inside what it tells with all below": (
        """
        unit        | above    | told
        province    |          |
        district    | province | below 40/100, own 7/10
        commune     | district | own 10/20
        """,
        "40/100, 1 of 1 counted, 0 percents",
    ),
    "communes count where the district is silent": (
        """
        unit        | above    | told
        province    |          |
        district    | province |
        commune one | district | own 10/20
        commune two | district |
        """,
        "10/20, 1 of 3 counted, 0 percents",
    ),
    "a percent alone is left out and counted": (
        """
        unit        | above    | told
        province    |          |
        department  | province | own %
        district    | province | below 40/100
        """,
        "40/100, 1 of 2 counted, 1 percents",
    ),
    "a percent with all below speaks for the communes too": (
        """
        unit        | above    | told
        province    |          |
        district    | province | below %, own 7/10
        commune     | district | own 10/20
        """,
        "—/—, 0 of 1 counted, 1 percents",
    ),
    "counts are taken where a percent stands beside them": (
        """
        unit        | above    | told
        province    |          |
        district    | province | below 40/100, own %
        """,
        "40/100, 1 of 1 counted, 0 percents",
    ),
    "the province's own figure stands beside, not inside": (
        """
        unit        | above    | told
        province    |          | below 99/100, own 98/100
        district    | province | below 40/100
        """,
        "40/100, 1 of 1 counted, 0 percents",
    ),
    "the province's own percent says nothing about its units": (
        """
        unit        | above    | told
        province    |          | below %, own %
        district    | province | below 40/100
        """,
        "40/100, 1 of 1 counted, 0 percents",
    ),
    "a merged commune is not asked": (
        """
        unit        | above    | told
        province    |          |
        district    | province |
        commune one | district | own 10/20
        commune two | district | own 20/30, gone
        """,
        "10/20, 1 of 2 counted, 0 percents",
    ),
    "communes pass through an abolished district": (
        """
        unit        | above    | told
        province    |          |
        district    | province | below 40/100, gone
        commune one | district | own 10/20
        commune two | district | own 20/30
        """,
        "30/50, 2 of 2 counted, 0 percents",
    ),
    "four levels deep": (
        """
        unit        | above    | told
        province    |          |
        district    | province |
        commune     | district | own 10/20
        village     | commune  | own 1/2
        hamlet      | village  | own 3/4
        """,
        "14/26, 3 of 4 counted, 0 percents",
    ),
    "a figure with all below in the middle of the tree": (
        """
        unit        | above    | told
        province    |          |
        district    | province | own 7/10
        commune     | district | below 10/20
        village     | commune  | own 1/2
        """,
        "17/30, 2 of 2 counted, 0 percents",
    ),
    "nobody told anything": (
        """
        unit        | above    | told
        province    |          |
        department  | province |
        """,
        "—/—, 0 of 1 counted, 0 percents",
    ),
    "zero of zero is a figure": (
        """
        unit        | above    | told
        province    |          |
        department  | province | own 0/0
        """,
        "0/0, 1 of 1 counted, 0 percents",
    ),
}


def drawn(table: str) -> list[Unit]:
    units = []
    for line in table.strip().splitlines()[1:]:
        name, above, cell = (part.strip() for part in line.split("|"))
        known: dict[str, Any] = {}
        for part in filter(None, cell.split(", ")):
            if part == "gone":
                known["exists"] = False
                continue
            scope, figure = part.split(" ")
            known[scope] = PERCENT if figure == "%" else Figure(*(int(count) for count in figure.split("/")))
        units.append(Unit(name, above or None, **known))
    return units


def written(row: dict[str, Any]) -> str:
    counts = ["—" if row[name] is None else f"{row[name]:g}" for name in ("numerator", "denominator")]
    return f"{'/'.join(counts)}, {row['counted']} of {row['expected']} counted, {row['percent_only']} percents"


@pytest.mark.parametrize(("table", "answer"), PROVINCES.values(), ids=PROVINCES)
def test_province_is_the_sum_the_table_says_when_added_up_by_hand(table, answer):
    pooled = pool(drawn(table))

    assert written(sums(pooled)) == answer


def test_every_unit_is_pooled_with_all_below_it_when_the_tree_is_added_up():
    units = drawn(PROVINCES["a district's own and its communes, where it does not tell all below"][0])

    pooled = pool(units)

    assert [written(sums(pooled, at)) for at in (1, 2)] == [
        "37/60, 3 of 3 counted, 0 percents",
        "10/20, 1 of 1 counted, 0 percents",
    ]


def test_week_is_unknown_when_no_unit_has_an_earlier_snapshot():
    """Nothing known is not nothing: a sum of 0 would say that no dossier came."""
    units = [
        Unit("province", None),
        Unit("one", "province", own=Figure(1, 2)),
        Unit("two", "province", own=Figure(3, 4)),
    ]

    assert sums(pool(units))["week_denominator"] is None


def test_week_is_of_those_that_know_it_when_some_units_have_no_earlier_snapshot():
    units = [
        Unit("province", None),
        Unit("one", "province", own=Figure(1, 2)),
        Unit("two", "province", own=Figure(3, 4, week=4)),
        Unit("three", "province", own=Figure(3, 4, week=0)),
    ]

    assert sums(pool(units))["week_denominator"] == 4


def test_two_provinces_keep_apart_when_both_are_roots():
    units = [
        Unit("one", None),
        Unit("other", None),
        Unit("its district", "other", below=Figure(3, 4)),
        Unit("a district", "one", below=Figure(1, 2)),
    ]

    pooled = pool(units)

    assert [sums(pooled, at)["denominator"] for at in (0, 1)] == [2, 4]


def test_nothing_is_pooled_when_there_are_no_units():
    nothing = np.zeros((0, 1))
    of_nobody = Amounts(
        amounts={"numerator": nothing}, has_counts=nothing.astype(bool), is_percent_only=nothing.astype(bool)
    )

    pooled = pool_tree(
        parent=np.zeros(0, dtype=np.int64),
        depth=np.zeros(0, dtype=np.int64),
        is_expected=nothing.astype(bool),
        below=of_nobody,
        own=of_nobody,
    )

    assert pooled.amounts["numerator"].shape == (0, 1)


# --- against a plain recursion --------------------------------------------------------------------------------------


def plain(units: list[Unit], name: str) -> dict[str, Any]:
    """definitions.md, "Sums", for one unit: its own answer, and its children's unless it answers for them."""
    unit = next(unit for unit in units if unit.name == name)
    total: dict[str, Any] = dict.fromkeys(AMOUNTS) | {"counted": 0, "percent_only": 0, "expected": 0}
    is_asked = unit.exists and unit.above is not None
    if is_asked:
        total["expected"] = 1
        figure = unit.below or unit.own
        if figure is not None and figure.is_percent:
            total["percent_only"] = 1
        elif figure is not None:
            total["counted"] = 1
            total |= dict(zip(AMOUNTS, (figure.numerator, figure.denominator, figure.week), strict=True))
        if unit.below is not None:
            return total
    for child in units:
        if child.above == name:
            of_child = plain(units, child.name)
            total = {key: plus(total[key], of_child[key]) for key in total}
    return total


def plus(one: int | None, other: int | None) -> int | None:
    return one if other is None else other if one is None else one + other


figures = st.none() | st.just(PERCENT)
figures |= st.builds(Figure, st.integers(0, 50), st.integers(50, 99), st.none() | st.integers(0, 9))


@st.composite
def trees(draw: st.DrawFn) -> list[Unit]:
    """Any shape: a unit stands under any earlier one, or is a root; then the order is shuffled."""
    units = []
    for at in range(draw(st.integers(1, 12))):
        above = draw(st.none() | st.integers(0, at - 1)) if at else None
        units.append(
            Unit(
                str(at),
                None if above is None else str(above),
                below=draw(figures),
                own=draw(figures),
                exists=draw(st.sampled_from([True, True, True, False])),
            )
        )
    return draw(st.permutations(units))


@given(trees())
def test_sums_are_what_a_plain_recursion_gives_when_the_tree_has_any_shape(units):
    pooled = pool(units, columns=2)

    for at, unit in enumerate(units):
        assert sums(pooled, at, column=0) == sums(pooled, at, column=1) == plain(units, unit.name)


@given(trees())
def test_more_units_are_never_heard_than_asked_when_the_tree_has_any_shape(units):
    pooled = pool(units)

    assert (pooled.counted + pooled.percent_only <= pooled.expected).all()


@given(trees(), figures)
def test_communes_change_nothing_when_their_district_answers_for_them(units, figure):
    """Whatever a unit below tells: it is inside the district's figure already."""
    district = Unit("district", "0", below=Figure(40, 100))
    silent, loud = (Unit("commune", "district", own=reported_by) for reported_by in (None, figure))

    without, with_it = (pool([*units, district, commune]) for commune in (silent, loud))

    at = next(position for position, unit in enumerate(units) if unit.name == "0")
    assert sums(without, at) == sums(with_it, at)


THIN = """
counted | expected | cases | usual | least | thin | because
7       | 257      | 700   | 700   | 50    | yes  | seven of 257 units
128     | 257      | 700   | 700   | 50    | yes  | not quite half of them
129     | 257      | 700   | 700   | 50    | no   | a little more than half
1       | 2        | 700   | 1400  | 50    | no   | exactly half of both
19      | 20       | 400   | 1000  | 50    | yes  | the large one is silent
19      | 20       | 400   | 1000  | 40    | no   | as the campaign allows
19      | 20       | 400   | —     | 50    | no   | nobody knows how many are usual
19      | 20       | 0     | 0     | 50    | no   | there are no cases anywhere
0       | 3        | —     | —     | 50    | yes  | nobody told
0       | 0        | —     | —     | 50    | no   | nobody was asked
1       | 257      | 1     | 999   | 0     | no   | the campaign asks for nothing
256     | 257      | 700   | 700   | 100   | yes  | the campaign asks for all
"""


@pytest.mark.parametrize("line", THIN.strip().splitlines()[1:])
def test_sum_is_thin_below_the_share_of_its_units_or_of_their_usual_cases(line):
    counted, expected, cases, usual, least, thin, _ = (cell.strip() for cell in line.split("|"))
    numbers = {"counted": counted, "expected": expected, "cases": cases, "usual": usual}

    found = is_thin(
        **{name: np.array([math.nan if cell == "—" else float(cell)]) for name, cell in numbers.items()},
        least=Decimal(least),
    )

    assert bool(found[0]) is (thin == "yes")
