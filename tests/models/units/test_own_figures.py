"""The province's own figures: judged like a unit's, beside the sum of its units."""

from decimal import Decimal

from models.targets.registrations import Registration, register_target
from models.units.own_figures import OwnFigures, find_own_figures
from tests.models.conftest import Small, context, day, small_campaign, small_files


def own(small: Small, when: str, unit: str = "P", **asked: object) -> OwnFigures:
    found: OwnFigures = small.asked(find_own_figures, unit, as_of=day(when), **asked)
    return found


def test_province_stands_by_what_it_tells_itself_beside_its_units_sum(small):
    small.load(("S1", "online", "8/3", 40, 100), ("P", "online", "8/3", 62, 100), ("P", "online", "6/3", 30, 60))

    (row,) = own(small, "8/3").rows

    pooled = small.standing("8/3")["P", "online"]
    assert (pooled.value, pooled.standing) == (40, "insufficient")
    assert (row.value, row.target, row.standing, row.coverage) == (62, 50, "met", 1)
    assert row.baseline == pooled.baseline == 7


def test_its_history_has_the_days_it_told_of(small):
    small.load(("P", "online", "8/3", 62, 100), ("P", "online", "6/3", 30, 60), ("P", "timeliness", "6/3", 9, 10))

    told = [(past.day.day, past.value) for past in own(small, "11/3").history if past.indicator == "online"]

    assert told == [(6, 50), (8, 62)]


def test_it_grows_old_as_any_figure_does(small):
    small.load(("P", "online", "8/3", 30, 100), ("S1", "online", "15/3", 40, 100))

    assert [row.standing for row in own(small, "15/3").rows] == ["stale"]


def test_phase_that_is_named_has_its_own_target(small):
    small.load(("P", "online", "8/3", 62, 100))

    (row,) = own(small, "8/3", phase="second").rows

    assert (row.phase, row.target) == ("second", 60)


def test_target_that_was_changed_keeps_its_old_path(small):
    small.load(("P", "online", "8/3", 30, 100), ("S1", "online", "8/3", 40, 100))
    small.register("P", "online", "first", "70", when="11/3 08:00")

    before, after = ({row.indicator: row for row in own(small, when).rows}["online"] for when in ("8/3", "12/3"))

    pooled = [small.standing(when)["P", "online"].trajectory for when in ("8/3", "12/3")]
    assert [before.trajectory, after.trajectory] == pooled


def test_nobody_else_has_figures_beside_their_own(small):
    small.load(("S1", "online", "8/3", 40, 100), ("H1", "online", "8/3", 40, 100))

    assert own(small, "8/3", "H1") == own(small, "8/3") == OwnFigures()


def test_figure_of_another_basis_is_none_of_it(small):
    small.load(("P", "online", "8/3", 62, 100), scope="own")

    assert own(small, "8/3") == OwnFigures()


def test_level_may_say_that_it_is_not_pooled(small):
    told = [("X3", "online", "8/3", 10, 40), ("X4", "online", "8/3", 30, 60), ("X5", "online", "8/3", 10, 20)]
    small.load(*told)
    summed = small.standing("8/3")["H2", "online"]

    campaign = small_campaign()
    levels = [
        level if level.key != "district" else level.__class__(**vars(level) | {"is_pooled": False})
        for level in campaign.levels
    ]
    small.found(small_files(small_campaign(levels=tuple(levels))))

    row, province = small.standing("8/3")["H2", "online"], small.standing("8/3")["P", "online"]
    assert (summed.numerator, summed.denominator, summed.coverage) == (50, 120, 0.75)
    assert (row.value, row.standing) == (None, "insufficient")
    assert (province.numerator, province.denominator) == (50, 120)


def test_sum_stays_a_sum_when_its_target_is_changed(small):
    small.load(("X3", "online", "8/3", 10, 40), ("X4", "online", "8/3", 30, 60), ("S1", "online", "8/3", 40, 100))

    asked = Registration("H2", "online", "first", Decimal(70), "3/KH")
    small.changed(register_target, asked, context=context("8/3 17:00"))
    row = small.standing("8/3")["H2", "online"]

    assert (row.numerator, row.denominator, row.target) == (40, 100, 70)
    assert small.differences() == []
