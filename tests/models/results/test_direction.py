"""A campaign in which lower is better is judged as its mirror image: the same facts told from the other side."""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from models.analysis.compare import find_comparison, find_phase_results, find_stage
from models.analysis.group_courses import find_group_courses
from models.campaign.actions import found_campaign
from models.core.store import Store
from models.migrations import upgrade
from targets.comparison.what_if import as_it_is
from targets.results import Result
from targets.values import MIRRORED as OF_THE_REST
from targets.values import QUALIFIERS, Campaign
from tests.models.conftest import (
    BASELINES,
    UNITS,
    PreparedStores,
    Row,
    Small,
    baseline,
    central,
    context,
    day,
    found_small,
    seeds,
    small_campaign,
    small_files,
    with_indicator,
)

MIRRORED = (
    "value",
    "baseline",
    "target",
    "share_needed",
    "attainable",
    "week_value",
    "trajectory",
    "projection",
    "stated",
)
"""Figures of those who reported them; all else says the same from both sides, but for what is named below."""
APART = (*MIRRORED, "low", "high", "numerator", "week_numerator", "week_change", "lower_is_better")


def mirrored_campaign() -> Campaign:
    campaign = small_campaign()
    for indicator in campaign.indicators:
        rule = replace(indicator.rule, value=100 - indicator.rule.value)
        campaign = with_indicator(campaign, indicator.key, direction="down", rule=rule)
    return campaign


def found_mirrored(store: Store) -> None:
    upgrade(store)
    files = small_files(
        mirrored_campaign(),
        baselines=tuple(baseline(unit, key, str(100 - Decimal(value))) for (unit, key), value in BASELINES.items()),
        central=(central("online", "50"),),
    )
    with store.writing() as session:
        found_campaign(session, files, context=context("1/3 08:00"))


@pytest.fixture
def mirror(prepared: PreparedStores) -> Iterator[Small]:
    """The small campaign with every figure told from the other side."""
    store = prepared.in_turn("mirror", found_mirrored)
    yield Small(store)
    store.close()


@pytest.fixture
def small_told(prepared: PreparedStores) -> Iterator[Small]:
    """The small campaign with a history."""
    store = prepared.in_turn("small_told", lambda store: _told(store, found_small, history(5)))
    yield Small(store)
    store.close()


@pytest.fixture
def mirror_told(prepared: PreparedStores) -> Iterator[Small]:
    """The same from the other side."""
    store = prepared.in_turn("mirror_told", lambda store: _told(store, found_mirrored, map(mirrored, history(5))))
    yield Small(store)
    store.close()


def _told(store: Store, found: Callable[[Store], None], rows: Iterable[Row]) -> None:
    found(store)
    Small(store).load(*rows)


OTHER = {one: QUALIFIERS[of_rest] for one, of_rest in zip(QUALIFIERS, OF_THE_REST.tolist(), strict=True)}
"""What a qualifier says of the rest."""


def mirrored(row: Row) -> Row:
    unit, indicator, when, numerator, denominator, *more = row
    value, qualifier = (*more, None, None)[:2]
    counts = (None if numerator is None else denominator - numerator, denominator)
    if isinstance(value, tuple):
        other: object = (100 - value[1], 100 - value[0])
    else:
        other = None if value is None else 100 - value
    return (unit, indicator, when, *counts, other, OTHER[qualifier])


def history(seed: int) -> list[Row]:
    """Six weeks of figures: counts that grow, percents alone, bounds, units without a case, units that fall silent."""
    dice = random.Random(seed)  # noqa: S311 - a history, no secret
    rows: list[Row] = []
    for unit in [unit.code for unit in UNITS if unit.code != "P"]:
        for key in ("publicity", "timeliness", "online", "payment"):
            right = cases = 0
            share = dice.choice((0.3, 0.5, 0.7, 1.0))
            kind = dice.choice(("counts", "counts", "counts", "percent", "bound", "none"))
            for at in range(dice.randint(1, 9)):
                when = date(2024, 3, 8) + timedelta(days=4 * at)
                more = dice.randint(0, 40)
                cases, right = cases + more, right + sum(dice.random() < share for _ in range(more))
                written = f"{when.day}/{when.month}"
                if kind == "percent":
                    rows.append((unit, key, written, None, None, round(99 * share + dice.random(), 1)))
                elif kind == "bound":
                    bound, value = dice.choice(QUALIFIERS[1:]), round(90 * share, 1)
                    said = (value, value + 10) if bound == "range" else value
                    rows.append((unit, key, written, None, None, said, bound))
                elif kind == "counts":
                    rows.append((unit, key, written, right, cases))
    return rows


def same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other, abs=1e-6)
    return one == other


def from_the_other_side(row: Result) -> dict[str, object]:
    """A result as its mirror image should read."""
    known = {name: getattr(row, name) for name in MIRRORED}
    wanted: dict[str, object] = {name: None if value is None else 100 - value for name, value in known.items()}
    wanted["low"] = None if row.high is None else 100 - row.high
    wanted["high"] = None if row.low is None else 100 - row.low
    if row.value_high is not None:
        wanted["value"], wanted["value_high"] = 100 - row.value_high, 100 - (row.value or 0)
    wanted["qualifier"] = OTHER[row.qualifier]
    wanted["week_change"] = None if row.week_change is None else -row.week_change
    for name, cases in (("numerator", row.denominator), ("week_numerator", row.week_denominator)):
        counted = getattr(row, name)
        wanted[name] = None if counted is None or cases is None else cases - counted
    return wanted | {"lower_is_better": True}


def differing(rows: list[Result], images: list[Result]) -> list[str]:
    """What is not as the mirror image should be."""
    found = []
    for row, image in zip(rows, images, strict=True):
        wanted = {field.name: getattr(row, field.name) for field in fields(Result) if field.name not in APART}
        wanted |= from_the_other_side(row)
        found += [
            f"{row.unit} {row.indicator} {name}: {getattr(image, name)} instead of {value}"
            for name, value in wanted.items()
            if not same(getattr(image, name), value)
        ]
    return found


DAYS = ("14/3", "22/3", "11/4", "20/4")
"""In the first phase, on its due date, near the second one's, and after the end."""


@pytest.mark.soak
@pytest.mark.parametrize("seed", seeds(1, 40))
def test_campaign_of_lower_figures_stands_as_its_mirror_image(small, mirror, seed):
    rows = history(seed)
    small.load(*rows)
    mirror.load(*(mirrored(row) for row in rows))

    found = [difference for when in DAYS for difference in differing(small.rows(when), mirror.rows(when))]

    assert found == []
    assert mirror.differences() == []
    assert len({row.standing for when in DAYS for row in mirror.rows(when)}) >= 6


def test_first_phase_is_judged_alike_after_it_has_ended(small, mirror):
    rows = history(7)
    small.load(*rows)
    mirror.load(*(mirrored(row) for row in rows))

    assert differing(small.rows("11/4", phase="first"), mirror.rows("11/4", phase="first")) == []


@pytest.mark.soak
def test_target_that_was_registered_and_raised_on_the_way_bends_both_paths_alike(small, mirror):
    rows = history(3)
    for store, value in ((small, "70"), (mirror, "30")):
        store.load(*(rows if store is small else map(mirrored, rows)))
        store.register("S1", "online", "second", value, when="18/3 08:00")
        store.set_central("payment", "20" if store is small else "80", when="20/3 08:00")

    found = [difference for when in DAYS for difference in differing(small.rows(when), mirror.rows(when))]

    assert found == []


@pytest.mark.parametrize("when", ["14/3", "11/4"])
def test_group_of_units_stands_as_its_mirror_image(small_told, mirror_told, when):
    upright, image = (
        store.asked(find_group_courses, level="commune", as_of=day(when)).lines for store in (small_told, mirror_told)
    )

    assert differing([line.result for line in upright], [line.result for line in image]) == []
    for line, other in zip(upright, image, strict=True):
        assert [at for at, _ in other.path] == [at for at, _ in line.path]
        assert [100 - owed for _, owed in other.path] == pytest.approx([owed for _, owed in line.path])


def test_members_of_the_sum_keep_the_counts_they_reported(small_told, mirror_told):
    upright, image = (
        store.asked(find_comparison, as_of=day("1/4"), indicator="online") for store in (small_told, mirror_told)
    )

    inside = upright.in_sums
    assert inside.any()
    assert list(image.in_sums) == list(inside)
    wrong = upright.members.denominator[inside] - upright.members.numerator[inside]
    assert list(image.members.numerator[inside]) == list(wrong)


def test_what_if_is_asked_of_the_mirror_image(small_told, mirror_told):
    upright, image = (
        store.asked(find_stage, as_of=day("1/4"), indicator="online") for store in (small_told, mirror_told)
    )

    assert (upright.lower_is_better, image.lower_is_better) == (False, True)
    assert as_it_is(image.scenario).rate == pytest.approx(as_it_is(upright.scenario).rate)
    assert list(as_it_is(image.scenario).standings) == list(as_it_is(upright.scenario).standings)
    assert list(image.pace) == pytest.approx(list(upright.pace), nan_ok=True)


def test_another_uplift_brings_both_to_the_same_standings(small_told, mirror_told):
    upright, image = (
        store.asked(find_phase_results, as_of=day("1/4"), indicator="online", phase="second", uplift=Decimal(20))
        for store in (small_told, mirror_told)
    )

    assert list(image.standing) == list(upright.standing)
    assert list(image.target) == pytest.approx(list(100 - upright.target), nan_ok=True)
