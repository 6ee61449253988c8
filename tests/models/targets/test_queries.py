"""The targets in force: which of several counts, and the sentence that explains it."""

from decimal import Decimal

import pytest

from models.targets.actions import issue_targets
from models.targets.queries import find_targets
from targets.errors import UnknownName
from tests.models.conftest import UNITS, Small, at, context, day, on_each_engine, postgresql_in_soak, run_in

GOLDEN = """
    unit   | indicator    | phase   | value | baseline
    SGTVT  | online       | 50-day  | 50    | 40.3
    SGTVT  | online       | 100-day | 60    | 40.3
    SGTVT  | payment      | 50-day  | 72.37 | 67.37
    SGTVT  | payment      | 100-day | 77.37 | 67.37
    H21.58 | online       | 50-day  | 50    | 0.3
    H21.58 | online       | 100-day | 60    | 0.3
    23881  | online       | 50-day  | 50    | 0.5
    23881  | online       | 100-day | 60    | 0.5
    H21.58 | publicity    | 100-day | 100   | 90.1
    H21.58 | digitisation | 100-day | 100   | 21.1
    H21.58 | timeliness   | 100-day | 100   | 81.6
    H21.58 | satisfaction | 100-day | 100   | 96.8
"""


def only(small: Small, unit: str, indicator: str, phase: str, **other):
    (target,) = small.asked(find_targets, units=[unit], indicator=indicator, phase=phase, **other)
    return target


def issue(small: Small, phase: str = "first", *, when: str = "5/3 08:00", document: str = "629/KH") -> None:
    small.changed(issue_targets, phase=phase, document=document, document_date=day("5/3"), context=context(when))


# --- the published numbers ------------------------------------------------------------------------------------------


@pytest.mark.daily(1)
def test_bundled_campaign_gives_the_published_targets(bundled):
    found = run_in(bundled, lambda session: find_targets(session, units=["SGTVT", "H21.58", "23881"]))

    result = {(row.unit, row.indicator, row.phase): (str(row.value), str(row.baseline)) for row in found}
    lines = [[cell.strip() for cell in line.split("|")] for line in GOLDEN.strip().splitlines()[1:]]
    golden = {(unit, indicator, phase): (value, baseline) for unit, indicator, phase, value, baseline in lines}
    assert {key: result[key] for key in golden} == golden


@pytest.mark.daily(1)
def test_bundled_campaign_proposes_no_payment_without_the_centres_target(bundled):
    found = run_in(bundled, lambda session: find_targets(session, indicator="payment"))

    unknown = [row for row in found if row.value is None]
    assert {row.unit for row in found} - {row.unit for row in unknown} == set()
    assert {row.because for row in unknown} == {"central_target_missing"}
    # all but the two that Sở GT-VT registered
    assert len(found) - len(unknown) == 2


@pytest.mark.daily(1)
def test_bundled_campaign_knows_a_units_own_due_dates(bundled):
    found = run_in(bundled, lambda session: find_targets(session, units=["SGTVT", "SCT"], indicator="online"))

    assert [(row.unit, row.phase, row.due) for row in found] == [
        ("SCT", "50-day", day("10/5")),
        ("SCT", "100-day", day("29/6")),
        ("SCT", "maintain", None),
        ("SGTVT", "50-day", day("1/5")),
        ("SGTVT", "100-day", day("30/6")),
        ("SGTVT", "maintain", None),
    ]


# --- which one counts -----------------------------------------------------------------------------------------------


@on_each_engine
def test_registration_goes_before_issue_and_issue_before_proposal(small):
    origins = [only(small, "S1", "online", "first").origin]
    issue(small)
    origins.append(only(small, "S1", "online", "first").origin)
    small.register("S1", "online", "first", "70", when="6/3 08:00")
    origins.append(only(small, "S1", "online", "first").origin)

    assert origins == ["proposed", "issued", "registered"]
    assert only(small, "S1", "online", "first").value == 70


@pytest.mark.parametrize(
    ("registered", "origin", "value"),
    [("49", "issued", 50), ("50", "registered", 50), ("70", "registered", 70)],
    ids=["higher issue", "equal issue", "lower issue"],
)
def test_registration_gives_way_to_a_later(small, registered, origin, value):
    small.register("S1", "online", "first", registered, when="4/3 08:00")

    issue(small)

    target = only(small, "S1", "online", "first")
    assert (target.origin, target.value) == (origin, value)


def test_approved_registration_after_the_issue_counts_even_below_it(small):
    issue(small)

    small.register("S1", "online", "first", "45", when="6/3 08:00")

    assert only(small, "S1", "online", "first").value == 45


def test_target_says_who_set_it_when_and_under_which_document(small):
    small.register("S1", "online", "first", "70", when="6/3 08:00")

    target = only(small, "S1", "online", "first")

    assert (target.by, target.at, target.document, target.document_date) == (
        "system:test", at("6/3 08:00"), "3/KH", day("1/3"),
    )  # fmt: skip
    assert (target.version, target.simulated, target.name) == (1, False, "Sở Một")


# --- what is asked for ----------------------------------------------------------------------------------------------


def test_all_targets_come_in_the_campaigns_order(small):
    found = small.asked(find_targets)

    keys = [(row.unit, row.indicator, row.phase) for row in found]
    assert keys == [
        (unit.code, indicator, phase)
        for unit in UNITS
        for indicator in ("publicity", "timeliness", "online", "payment")
        for phase in (("first",) if unit.code == "X5" else ("first", "second", "keep"))
    ]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"units": ["S1", "S9"]}, "No unit is called “S9”"),
        ({"indicator": "speed"}, r"No indicator is called “speed”. Known: publicity, timeliness, online, payment\."),
        ({"phase": "third"}, r"No phase is called “third”. Known: first, second, keep\."),
    ],
    ids=["unit", "indicator", "phase"],
)
def test_unknown_name_is_refused(small, asked, message):
    with pytest.raises(UnknownName, match=message):
        small.asked(find_targets, **asked)


def test_unit_without_any_target_has_no_row(small):
    with small.store.writing() as session:
        session.connection().exec_driver_sql(f"DELETE FROM target WHERE unit_id = {small.ids['S1']}")  # noqa: S608

    assert small.asked(find_targets, units=["S1"]) == []


@postgresql_in_soak
def test_targets_known_at_a_moment_leave_out_what_was_set_later(small):
    issue(small, when="5/3 08:00")
    small.set_baseline("S2", "online", "80", when="6/3 08:00")
    small.register("S1", "online", "first", "70", when="7/3 08:00")

    result = [
        (
            only(small, "S1", "online", "first", known_at=at(when)).origin,
            only(small, "S2", "online", "second", known_at=at(when)),
        )
        for when in ("4/3 12:00", "5/3 12:00", "6/3 12:00", "7/3 12:00")
    ]

    assert [origin for origin, _ in result] == ["proposed", "issued", "issued", "registered"]
    assert [(target.baseline, target.value) for _, target in result] == [
        (Decimal("67.37"), Decimal("77.37")),
        (Decimal("67.37"), Decimal("77.37")),
        (80, 90),
        (80, 90),
    ]


def test_central_target_known_at_a_moment_is_that_moments(small):
    small.set_central("online", "55", when="6/3 08:00")

    before, after = (only(small, "P", "online", "second", known_at=at(when)) for when in ("5/3 08:00", "7/3 08:00"))

    assert [(before.central, before.value), (after.central, after.value)] == [(50, 60), (55, 65)]


def test_baseline_told_in_counts_is_shown_as_the_percent_the_rule_used(small):
    small.set_baseline("S1", "online", None, numerator=2, denominator=3)

    assert only(small, "S1", "online", "second").baseline == Decimal("66.666667")


def test_target_that_waits_for_approval_is_not_in_force(small):
    small.register("S1", "online", "first", "70", when="6/3 08:00")
    with small.store.writing() as session:
        session.connection().exec_driver_sql("UPDATE target SET state = 'requested' WHERE origin = 'registered'")

    assert only(small, "S1", "online", "first").origin == "proposed"


# --- the sentence ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "indicator", "phase", "vietnamese", "english"),
    [
        (
            "S1",
            "online",
            "second",
            ("40%", "50%", "2023", "2024", "10 điểm phần trăm", "60%"),
            ("40%", "50%", "10", "60%"),
        ),
        ("S1", "online", "first", ("40%", "50%", "45%"), ("40%", "50%", "45%")),
        ("S2", "online", "second", ("67,37%", "50%", "77,37%"), ("67.37%", "50%", "77.37%")),
        ("S2", "online", "first", ("67,37%", "72,37%"), ("67.37%", "72.37%")),
        ("X2", "online", "second", ("2023", "50%", "60%"), ("2023", "50%", "60%")),
        ("S1", "payment", "first", ("2024", "payment"), ("2024", "payment")),
        ("S1", "publicity", "first", ("100%",), ("100%",)),
    ],
    ids=[
        "below the centre",
        "below, half way",
        "above",
        "above, half way",
        "no baseline",
        "no central target",
        "fixed",
    ],
)
def test_explanation_tells_its_numbers(small, unit, indicator, phase, vietnamese, english):
    target = only(small, unit, indicator, phase)

    assert [word for word in vietnamese if word not in target.explanation] == []
    assert [word for word in english if word not in target.explanation_en] == []


def test_explanation_of_a_decision_names_its_document(small):
    issue(small, document="629/KH-UBND")
    small.register("S2", "online", "first", "80", when="6/3 08:00")

    issued, registered = only(small, "S1", "online", "first"), only(small, "S2", "online", "first")

    assert "50%" in issued.explanation
    assert "629/KH-UBND" in issued.explanation
    assert "80%" in registered.explanation_en
    assert "3/KH" in registered.explanation_en
