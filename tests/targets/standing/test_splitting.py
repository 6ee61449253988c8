"""A district's figure taken apart into its communes and a rest: no sum changes, nobody is counted twice."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.standing.splitting import COUNTS, Counts, split_members

NAN = math.nan
# A province with a department, a district that tells for its three communes, and one that lets its commune tell.
PARENT = np.array([-1, 0, 0, 2, 2, 2, 0, 6])
IN_SUMS = np.array([False, True, True, False, False, False, False, True])
WHOLE = Counts(
    numerator=np.array([NAN, 40, 60, NAN, NAN, NAN, NAN, 5]),
    denominator=np.array([NAN, 100, 200, NAN, NAN, NAN, NAN, 10]),
    week_numerator=np.array([NAN, 4, 6, NAN, NAN, NAN, NAN, 1]),
    week_denominator=np.array([NAN, 10, 20, NAN, NAN, NAN, NAN, 2]),
)
TOLD = {
    "numerator": [NAN, 40, 60, 10, 20, NAN, NAN, 5],
    "denominator": [NAN, 100, 200, 50, 80, NAN, NAN, 10],
    "week_numerator": [NAN, 4, 6, 2, NAN, NAN, NAN, 1],
    "week_denominator": [NAN, 10, 20, 5, NAN, NAN, NAN, 2],
}


def result(**other):
    return Counts(**{name: np.array(other.get(name, values)) for name, values in TOLD.items()})


def split(own=None, *, chosen=2, whole=WHOLE):
    asked = np.zeros(len(PARENT), dtype=bool)
    asked[chosen] = True
    return split_members(
        members=whole, in_sums=IN_SUMS, own=result() if own is None else own, parent=PARENT, chosen=asked
    )


def drawn(parts):
    """Unit, whether it is a rest, its counts so far and those of its week."""
    columns = [getattr(parts.counts, name).tolist() for name in COUNTS]
    return list(zip(parts.unit.tolist(), parts.is_rest.tolist(), *columns, strict=True))


def test_district_is_its_communes_and_the_rest():
    parts = split()

    assert drawn(parts) == [
        (1, False, 40, 100, 4, 10),
        (2, True, 30, 70, 4, 15),
        (3, False, 10, 50, 2, 5),
        (4, False, 20, 80, 0, 0),
        (7, False, 5, 10, 1, 2),
    ]


def test_district_without_a_rest_is_its_communes_alone():
    own = result(
        numerator=[NAN, 40, 60, 10, 50, NAN, NAN, 5],
        denominator=[NAN, 100, 200, 50, 150, NAN, NAN, 10],
        week_numerator=[NAN, 4, 6, 2, 4, NAN, NAN, 1],
        week_denominator=[NAN, 10, 20, 5, 15, NAN, NAN, 2],
    )

    assert split(own).unit.tolist() == [1, 3, 4, 7]


@pytest.mark.parametrize(
    "communes", [[61, 0], [10, 20], [NAN, NAN]], ids=["more right", "fewer wrong than theirs", "nothing told"]
)
def test_district_stays_whole_where_its_communes_do_not_fit_into_it(communes):
    denominators = [150, 80] if communes == [10, 20] else [100, 50]
    own = result(
        numerator=[NAN, 40, 60, *communes, NAN, NAN, 5],
        denominator=[NAN, 100, 200, *denominators, NAN, NAN, 10],
    )

    parts = split(own)

    assert parts.unit.tolist() == [1, 2, 7]
    assert not parts.is_rest.any()
    assert parts.counts.denominator.tolist() == [100, 200, 10]


def test_only_a_member_is_taken_apart():
    assert split(chosen=[0, 6]).unit.tolist() == [1, 2, 7]


FIGURE = st.one_of(st.none(), st.tuples(st.integers(0, 60), st.integers(0, 60)))
UNIT = st.tuples(FIGURE, FIGURE, st.integers(-20, 20), st.booleans())


@given(st.lists(UNIT, min_size=1, max_size=8), st.data())
def test_sums_stay_what_they_are_when_units_are_random(units, data):
    """Each unit has some part of its figures unknown; a child under a member is in no sum by itself."""
    size = len(units)
    parent = np.array([-1, *(data.draw(st.integers(-1, at - 1)) for at in range(1, size))])
    in_sums = np.zeros(size, dtype=bool)
    for at, (figure, *_) in enumerate(units):
        above, is_covered = parent[at], False
        while above >= 0:
            is_covered, above = is_covered or bool(in_sums[above]), parent[above]
        in_sums[at] = figure is not None and not is_covered
    whole, own = (counts_of(units, at) for at in (0, 1))
    chosen = np.array([is_chosen for *_, is_chosen in units])

    parts = split_members(members=whole, in_sums=in_sums, own=own, parent=parent, chosen=chosen)

    for name in COUNTS:
        before = np.nan_to_num(getattr(whole, name))[in_sums].sum()
        assert getattr(parts.counts, name).sum() == before
    assert (parts.counts.numerator >= 0).all()
    assert (parts.counts.denominator >= parts.counts.numerator).all()
    assert all(count == 1 for count in Counter(parts.unit.tolist()).values())


def counts_of(units, which):
    """Right ones and wrong ones become counts; the week is unknown where it would be negative."""
    figures = [unit[which] for unit in units]
    weeks = [unit[2] for unit in units]
    return Counts(
        numerator=np.array([NAN if result is None else float(result[0]) for result in figures]),
        denominator=np.array([NAN if result is None else float(sum(result)) for result in figures]),
        week_numerator=np.array([NAN if week < 0 else float(week) for week in weeks]),
        week_denominator=np.array([NAN if week < 0 else float(week + 1) for week in weeks]),
    )
