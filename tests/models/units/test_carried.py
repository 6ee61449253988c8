"""Units that merge, split, close, move and are renamed in mid-campaign: every sum before and after, by hand.

Told on Friday 8 March, cumulative since Monday the 4th; the change is on Monday the 11th, when nobody tells anything:

    P              everything below
    ├── S1   50/100
    ├── H1         tells nothing, or with all below it
    │   ├── X1   20/40
    │   └── X2
    └── H2
        ├── X3   10/40
        ├── X4   30/50
        └── X5   21/30
"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from models.core.columns import day_number
from models.results.inputs import load_campaign, load_units
from models.tables import LatestReading
from models.units.members import find_members
from targets.standing.unit_changes import ENDS, as_changed
from targets.values import Rule, UnitChange
from tests.models.conftest import UNITS, Small, day, small_campaign, small_files, with_indicator

MONDAY = day("11/3")
FIGURES = {"S1": (50, 100), "X1": (20, 40), "X3": (10, 40), "X4": (30, 50), "X5": (21, 30)}


def merge(unit: str, to: str, **other: object) -> UnitChange:
    return UnitChange(MONDAY, "merge", unit, to, **other)  # type: ignore[arg-type]


def move(unit: str, former: str) -> UnitChange:
    return UnitChange(MONDAY, "move", unit, former=former)


SPLIT = tuple(UnitChange(MONDAY, "split", "X5", to, share=Decimal(share)) for to, share in (("X3", "60"), ("X4", "40")))
CLOSED = UnitChange(MONDAY, "close", "X5", counts="apart")


def change(small: Small, *changes: UnitChange, parents: dict[str, str] | None = None, **other: object) -> None:
    """The campaign's files once the changes are declared; without one for it X5 lives on."""
    ends = {change.unit: change.day - timedelta(days=1) for change in changes if change.kind in ENDS}
    units = [
        replace(unit, valid_to=ends.get(unit.code), successor=None, parent=(parents or {}).get(unit.code, unit.parent))
        for unit in UNITS
    ]
    campaign = replace(small_campaign(), unit_changes=changes, **other)  # type: ignore[arg-type]
    small.found(small_files(campaign, units=as_changed(units, changes)))


def tell(small: Small, when: str, **figures: tuple[int, int]) -> None:
    small.load(*((unit, "online", when, *counts) for unit, counts in figures.items()))


def counts(small: Small, when: str, *units: str) -> str:
    rows = {row.unit: row for row in small.rows(when, indicator="online")}
    return ", ".join(
        f"{unit} {'gone' if unit not in rows else f'{rows[unit].numerator}/{rows[unit].denominator}'}" for unit in units
    )


TABLE = {
    # what happens: changes, then the sums on the Friday, on the Monday, and once X3 and X4 have told two and one more.
    "nothing": ((), "P 131/260, X3 10/40, X4 30/50, X5 21/30", "P 131/260, X3 10/40, X4 30/50, X5 21/30"),
    "X5 is merged into X3": (
        (merge("X5", "X3"),),
        "P 131/260, X3 10/40, X4 30/50, X5 21/30",
        "P 131/260, X3 31/70, X4 30/50, X5 gone",
    ),
    # Of 21 right cases 12.6 and 8.4, of 9 wrong ones 5.4 and 3.6: whole cases that add up.
    "X5 is split, 60 and 40 %": (
        SPLIT,
        "P 131/260, X3 10/40, X4 30/50, X5 21/30",
        "P 131/260, X3 23/58, X4 38/62, X5 gone",
    ),
    "X5 is closed": (
        (CLOSED,),
        "P 131/260, X3 10/40, X4 30/50, X5 21/30",
        "P 131/260, X3 10/40, X4 30/50, X5 gone",
    ),
    "X5 is renamed": (
        (UnitChange(MONDAY, "rename", "X5", former="UBND xã Cũ"),),
        "P 131/260, X3 10/40, X4 30/50, X5 21/30",
        "P 131/260, X3 10/40, X4 30/50, X5 21/30",
    ),
    "a department is closed": (
        (UnitChange(MONDAY, "close", "S1", counts="apart"),),
        "P 131/260, S1 50/100",
        "P 131/260, S1 gone",
    ),
    "a department becomes part of another": (
        (merge("S1", "S2"),),
        "P 131/260, S1 50/100",
        "P 131/260, S1 gone, S2 50/100",
    ),
}


@pytest.mark.daily(3)
@pytest.mark.parametrize(("changes", "before", "after"), TABLE.values(), ids=TABLE)
def test_what_a_unit_had_done_stays_in_the_sums(small, changes, before, after):
    change(small, *changes)
    tell(small, "8/3", **FIGURES)

    found = [counts(small, when, *(part.split()[0] for part in said.split(", "))) for when, said in
             (("8/3", before), ("10/3", before), ("11/3", after))]  # fmt: skip

    assert found == [before, before, after]
    assert small.differences() == []


def test_unit_that_moved_counts_in_the_past_where_it_was(small):
    tell(small, "8/3", **FIGURES)
    change(small, move("X3", "H2"), parents={"X3": "H1"})

    trees = small.asked(lambda session: load_units(session, load_campaign(session)))

    place = {code: at for at, code in enumerate(trees.codes)}
    above = [trees.codes[trees.on(day_number(day(when))).parent[place["X3"]]] for when in ("10/3", "11/3")]
    assert above == ["H2", "H1"]
    assert [counts(small, when, "P", "X3") for when in ("8/3", "11/3")] == ["P 131/260, X3 10/40"] * 2


def test_successor_goes_on_from_what_it_got(small):
    change(small, merge("X5", "X3"))
    tell(small, "8/3", **FIGURES)

    tell(small, "12/3", X3=(12, 44), X4=(31, 51))

    assert counts(small, "12/3", "P", "X3", "X4") == "P 134/265, X3 33/74, X4 31/51"
    row = {row.unit: row for row in small.rows("15/3", indicator="online")}["X3"]
    # A week before, on the 5th, nobody had told: what came over is no work of this week.
    assert row.week_denominator is None
    tell(small, "15/3", X3=(14, 50))
    row = {row.unit: row for row in small.rows("15/3", indicator="online")}["X3"]
    assert (row.numerator, row.denominator) == (35, 80)
    assert (row.week_numerator, row.week_denominator) == (4, 10)


def test_counter_that_continues_is_not_added_to(small):
    change(small, merge("X5", "X3", counts="continued"))
    tell(small, "8/3", **FIGURES)
    before = counts(small, "11/3", "P", "X3")

    tell(small, "12/3", X3=(33, 74))

    assert before == "P 131/260, X3 31/70"
    assert counts(small, "12/3", "P", "X3") == "P 133/264, X3 33/74"


def test_unit_of_another_district_leaves_its_past_where_the_district_holds_it(small):
    change(small, merge("X5", "X1", counts="apart"))
    tell(small, "8/3", **FIGURES)

    assert counts(small, "11/3", "P", "X1") == "P 131/260, X1 20/40"
    tell(small, "11/3", H2=(70, 130))
    # The district's own counter holds what X5 had done; nothing counts twice.
    assert counts(small, "11/3", "P", "X1") == "P 140/270, X1 20/40"


def test_district_that_is_abolished_leaves_its_own_part(small):
    change(small, UnitChange(MONDAY, "close", "H1", counts="apart"), move("X1", "H1"), move("X2", "H1"),
           parents={"X1": "P", "X2": "P"})  # fmt: skip
    tell(small, "8/3", S1=(50, 100), H1=(40, 100), X1=(20, 40))

    found = [counts(small, when, "P", "H1", "X1") for when in ("8/3", "11/3")]
    tell(small, "12/3", X1=(25, 47))

    assert found == ["P 90/200, H1 40/100, X1 20/40", "P 90/200, H1 gone, X1 20/40"]
    assert counts(small, "12/3", "P", "X1") == "P 95/207, X1 25/47"
    assert small.differences() == []


def test_unit_that_got_something_may_end_itself(small):
    change(small, merge("X5", "X3"), UnitChange(day("13/3"), "merge", "X3", "X4"))
    tell(small, "8/3", **FIGURES)
    tell(small, "12/3", X3=(12, 44))

    found = [counts(small, when, "P", "X3", "X4") for when in ("12/3", "13/3")]

    assert found == ["P 133/264, X3 33/74, X4 30/50", "P 133/264, X3 gone, X4 63/124"]


def test_what_was_left_ends_with_its_period(small):
    monthly = with_indicator(small_campaign(), "online", basis="month", sources=("igate",))
    change(small, merge("X5", "X3"), indicators=monthly.indicators)
    small.load(*((unit, "online", "8/3", *pair) for unit, pair in FIGURES.items()))
    before = counts(small, "11/3", "X3")

    small.load(("X3", "online", "2/4", 3, 8))

    assert (before, counts(small, "2/4", "X3")) == ("X3 31/70", "X3 3/8")


def test_closed_unit_is_no_unit_of_the_sum_and_never_too_old(small):
    change(small, UnitChange(MONDAY, "close", "S1", counts="apart"))
    tell(small, "8/3", **FIGURES)
    tell(small, "25/3", X1=(30, 60), X3=(10, 40), X4=(30, 50), X5=(21, 30))

    found = small.asked(
        lambda session: find_members(
            session, campaign := load_campaign(session), load_units(session, campaign), day=day_number(day("25/3"))
        )
    )

    province = {row.unit: row for row in small.rows("25/3", indicator="online")}["P"]
    # H2 answers for itself too, as H1, X2 and S2 do: 4 of 8 told. What S1 left is in the sum and is nobody.
    assert (province.numerator, province.denominator, province.coverage) == (141, 280, 0.5)
    assert found.inside[:, 2].nonzero()[0].tolist() == [0, 4, 7, 8, 9]


def test_change_that_units_tell_alone_is_carried_over_too(small):
    tell(small, "8/3", **FIGURES)

    assert counts(small, "11/3", "P", "X3", "X5") == "P 131/260, X3 31/70, X5 gone"


def test_newest_reading_of_a_successor_is_its_own(small):
    change(small, merge("X5", "X3"), merge("S1", "S2"))
    tell(small, "8/3", **FIGURES)
    tell(small, "12/3", X3=(12, 44))

    with small.store.reading() as session:
        kept = {row.unit_id: row for row in session.exec(select(LatestReading))}

    newest = kept[small.ids["X3"]]
    assert (newest.numerator, newest.denominator) == (12, 44)
    assert small.ids["S2"] not in kept
    assert small.differences() == []


def test_what_a_unit_has_or_has_not_is_its_successors_own(small):
    measured = with_indicator(small_campaign(), "online", measured_in="units").indicators
    change(small, merge("X5", "X3"), indicators=measured)
    tell(small, "8/3", X3=(1, 1), X4=(1, 1), X5=(0, 1))

    before, after = (small.standing(when) for when in ("8/3", "11/3"))

    assert (before["H2", "online"].numerator, before["H2", "online"].denominator) == (2, 3)
    assert (after["X3", "online"].numerator, after["X3", "online"].denominator) == (1, 1)
    assert (after["H2", "online"].numerator, after["H2", "online"].denominator) == (2, 2)


def test_count_is_carried_over_in_whole_cases(small):
    """60 % of the 21 are 13 whole ones, the other 8 are what is left of them: the sum above is what it was."""
    measured = with_indicator(small_campaign(), "online", measured_in="count", rule=Rule(kind="none")).indicators
    change(small, *SPLIT, indicators=measured)
    small.load(*((unit, "online", "8/3", right, None) for unit, (right, _) in FIGURES.items()))

    before, after = (small.standing(when) for when in ("8/3", "11/3"))

    assert [before[unit, "online"].value for unit in ("P", "H2", "X3", "X4", "X5")] == [131, 61, 10, 30, 21]
    assert [after[unit, "online"].value for unit in ("P", "H2", "X3", "X4")] == [131, 61, 23, 38]
    assert small.differences() == []


def test_days_are_left_alone(small):
    """What X5's cases took on average says nothing of X3's: the sum is of those that are left."""
    measured = with_indicator(small_campaign(), "online", measured_in="days", rule=Rule(kind="none")).indicators
    change(small, merge("X5", "X3"), indicators=measured)
    small.load(
        *((unit, "online", "8/3", None, 10, average) for unit, average in (("X3", 4.0), ("X4", 6.0), ("X5", 8.0)))
    )

    before, after = (small.standing(when) for when in ("8/3", "11/3"))

    assert [before[unit, "online"].value for unit in ("H2", "X3")] == [6, 4]
    assert [after[unit, "online"].value for unit in ("H2", "X3")] == [5, 4]


def test_line_that_others_joined_is_mirrored_as_a_whole_where_lower_is_better(small):
    lower = with_indicator(small_campaign(), "online", direction="down").indicators
    change(small, merge("X5", "X3"), indicators=lower)
    tell(small, "8/3", **FIGURES)

    assert counts(small, "11/3", "P", "H2", "X3") == "P 131/260, H2 61/120, X3 31/70"
    assert small.standing("11/3")["X3", "online"].value == pytest.approx(100 * 31 / 70)
    assert small.differences() == []
