"""What standings are computed from, as arrays: compared with a plain loop."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import Session

from models.core.columns import day_number
from models.results.inputs import ORIGINS, baseline_points, due_days, load_campaign, load_owed, load_units
from models.results.series import load_lines
from models.tables import Baseline, Target
from models.targets.queries import find_targets
from targets.errors import StoreNotReady
from targets.rules import TargetVersion, choose_in_force
from tests.models.conftest import (
    UNITS,
    Small,
    at,
    baseline,
    day,
    on_each_engine,
    postgresql_in_soak,
    small_campaign,
    small_files,
)

ONCE = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
"""The store is the same in each example: what an example writes is rolled back."""
START = at("1/3 09:00")


class RolledBack(Exception):
    """The example is over."""


# --- units ----------------------------------------------------------------------------------------------------------


@postgresql_in_soak
def test_units_stand_in_the_campaigns_order_with_their_place_in_the_tree(small):
    units = small.asked(lambda session: load_units(session, load_campaign(session)))

    codes = [unit.code for unit in UNITS]
    assert units.codes == codes
    assert [codes[at] if at >= 0 else None for at in units.parent] == [unit.parent for unit in UNITS]
    assert units.depth.tolist() == [0, 1, 1, 1, 2, 2, 1, 2, 2, 2]
    assert units.is_below.tolist() == [unit.level in ("province", "district") for unit in UNITS]
    assert units.names == [unit.name for unit in UNITS]


def test_units_are_found_by_id_in_any_order(small):
    units = small.asked(lambda session: load_units(session, load_campaign(session)))

    positions = units.positions([small.ids["X5"], small.ids["P"], small.ids["X5"]])

    assert positions.tolist() == [9, 0, 9]


@pytest.mark.parametrize(
    ("when", "exists"), [("29/2", True), ("10/3", True), ("11/3", False)], ids=["before", "its last day", "after"]
)
def test_unit_exists_up_to_its_last_day(small, when, exists):
    units = small.asked(lambda session: load_units(session, load_campaign(session)))

    expected = units.expected_on(day_number(day(when)))

    assert expected.tolist() == [True] * 9 + [exists]


def test_unit_exists_from_its_first_day(small):
    units = tuple(
        unit if unit.code != "X5" else type(unit)(**unit.__dict__ | {"valid_from": day("6/3")}) for unit in UNITS
    )
    small.found(small_files(units=units))

    loaded = small.asked(lambda session: load_units(session, load_campaign(session)))

    assert [bool(loaded.expected_on(day_number(day(when)))[9]) for when in ("5/3", "6/3")] == [False, True]


# --- settings -------------------------------------------------------------------------------------------------------


def test_campaign_is_the_newest_recorded_by_the_moment(small):
    changed = small_campaign(stale_after_working_days=1)
    small.found(small_files(changed), when="5/3 08:00")

    found = [small.asked(load_campaign, known_at=known_at) for known_at in (None, at("5/3 08:00"), at("5/3 07:59"))]

    assert found == [changed, changed, small_campaign()]


def test_campaign_before_it_was_loaded_is_refused_naming_the_moment(small):
    with pytest.raises(StoreNotReady, match="No campaign had been loaded by 2024-02-29T08:00"):
        small.asked(load_campaign, known_at=at("29/2 08:00"))


def test_campaign_of_an_empty_store_is_refused_with_the_way_out(migrated):
    with migrated.reading() as session, pytest.raises(StoreNotReady, match="python -m jobs init"):
        load_campaign(session)


def test_due_days_are_a_units_own_where_it_has_them(small):
    units = small.asked(lambda session: load_units(session, load_campaign(session)))

    start, due = due_days(small_campaign(), units)

    result = [
        [None if np.isnan(value) else int(value) for value in row] for row in (due[1], due[2], start[1], start[2])
    ]
    assert result == [
        [day_number(day("22/3")), day_number(day("12/4")), None],
        [day_number(day("13/3")), day_number(day("12/4")), None],
        [day_number(day("4/3")), day_number(day("23/3")), day_number(day("13/4"))],
        [day_number(day("4/3")), day_number(day("14/3")), day_number(day("13/4"))],
    ]


# --- baselines ------------------------------------------------------------------------------------------------------


def baselines(small: Small, known_at: datetime | None = None) -> dict[tuple[str, str], float]:
    def ask(session: Session) -> dict[tuple[str, str], float]:
        campaign = load_campaign(session)
        units = load_units(session, campaign)
        owed = load_owed(session, campaign, units, known_at=known_at)
        return {
            (units.codes[unit], campaign.indicators[indicator].key): float(owed.baseline[unit, indicator])
            for unit, indicator in zip(*np.nonzero(~np.isnan(owed.baseline)), strict=True)
        }

    return small.asked(ask)


@postgresql_in_soak
def test_baselines_are_the_newest_of_the_campaigns_year(small):
    small.found(
        small_files(
            baselines=(
                baseline("S1", "online", "44.4"),
                baseline("S2", "publicity", None, numerator=1, denominator=3),
                type(baseline("S1", "online", "1"))(**baseline("S1", "payment", "9").__dict__ | {"year": 2022}),
            )
        ),
        when="5/3 08:00",
    )

    now, then = baselines(small), baselines(small, at("4/3 08:00"))

    assert (now["S1", "online"], then["S1", "online"]) == (44.4, 40)
    assert now["S2", "publicity"] == pytest.approx(100 / 3)
    assert ("S2", "publicity") not in then
    assert ("S1", "payment") not in now


@pytest.mark.parametrize(
    ("value", "numerator", "denominator", "points"),
    [
        ("55.9", None, None, "55.9"),
        (None, 1, 3, "33.333333"),
        ("33.3", 1, 3, "33.3"),
        (None, None, None, None),
        (None, 1, None, None),
        (None, 0, 0, None),
    ],
    ids=["a percent", "counts", "both", "neither", "a count alone", "no case"],
)
def test_baseline_in_points(value, numerator, denominator, points):
    row = Baseline(value=None if value is None else Decimal(value), numerator=numerator, denominator=denominator)

    assert baseline_points(row) == (None if points is None else Decimal(points))


# --- targets in force -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TargetRow:
    """One version of a target."""

    unit: str
    phase: str
    origin: str
    value: Decimal | None
    state: str
    decided_after: int | None
    """Hours from its recording to the decision about it."""


versions = st.lists(
    st.builds(
        TargetRow,
        unit=st.sampled_from(["S1", "X5"]),
        phase=st.sampled_from(["first", "keep"]),
        origin=st.sampled_from(ORIGINS),
        value=st.sampled_from([Decimal(10), Decimal("10.5"), Decimal(20)]) | st.none(),
        state=st.sampled_from(["in_force", "in_force", "in_force", "requested", "refused"]),
        decided_after=st.none() | st.integers(0, 5),
    ),
    max_size=12,
)


def record(session: Session, small: Small, result: list[TargetRow]) -> list[Target]:
    """The versions in place of all others, an hour between them."""
    session.connection().execute(delete(Target))
    rows = []
    for hours, version in enumerate(result):
        recorded = START + timedelta(hours=hours)
        rows.append(
            Target(
                unit_id=small.ids[version.unit],
                indicator="online",
                phase=version.phase,
                origin=version.origin,
                version=hours + 1,
                value=version.value,
                because="fixed",
                state=version.state,
                by="x",
                reason="x",
                recorded_at=recorded,
                decided_at=None if version.decided_after is None else recorded + timedelta(hours=version.decided_after),
            )
        )
    session.add_all(rows)
    session.flush()
    return rows


def chosen(rows: list[Target], unit: int, phase: str, known_at: datetime | None) -> tuple[str, Decimal | None] | None:
    """`choose_in_force` over a plain loop."""
    newest: dict[str, TargetVersion] = {}
    for row in sorted(rows, key=lambda row: row.id or 0):
        since = row.decided_at or row.recorded_at
        if (row.unit_id, row.phase, row.state) != (unit, phase, "in_force") or (known_at and since > known_at):
            continue
        newest[row.origin] = TargetVersion(origin=row.origin, value=row.value, order=row.id or 0)  # type: ignore[arg-type]
    found = choose_in_force(newest, lower_is_better=False)
    return None if found is None else (found.origin, found.value)


@ONCE
@given(result=versions, hours=st.none() | st.integers(-1, 12))
def test_targets_in_force_are_those_the_rule_chooses(small, result, hours):
    known_at = None if hours is None else START + timedelta(hours=hours, minutes=1)

    with pytest.raises(RolledBack), small.store.writing() as session:
        rows = record(session, small, result)
        campaign = load_campaign(session)
        units = load_units(session, campaign)
        owed = load_owed(session, campaign, units, known_at=known_at)
        listed = {(row.unit, row.phase): row for row in find_targets(session, indicator="online", known_at=known_at)}
        for at_unit, code in enumerate(units.codes):
            for at_phase, phase in enumerate(campaign.phases):
                expected = chosen(rows, small.ids[code], phase.key, known_at)
                origin, value = int(owed.origin[at_unit, 2, at_phase]), owed.target[at_unit, 2, at_phase]
                vectorised = None if origin < 0 else (ORIGINS[origin], None if np.isnan(value) else Decimal(str(value)))
                assert vectorised == expected
                row = listed.get((code, phase.key))
                # X5 ends in the first phase: no list names it in the others, whatever was written.
                is_gone = (code, phase.key) in {("X5", "second"), ("X5", "keep")}
                assert (row and (row.origin, row.value)) == (None if is_gone else expected)
        raise RolledBack


def test_targets_of_indicators_and_phases_that_are_no_more_are_passed_over(small):
    campaign = small_campaign()
    fewer = small_campaign(indicators=campaign.indicators[2:], phases=campaign.phases[1:], unit_phases=())
    small.found(small_files(fewer))

    owed = small.asked(
        lambda session: load_owed(session, load_campaign(session), load_units(session, load_campaign(session)))
    )

    assert owed.target.shape == (len(UNITS), 2, 2)
    assert owed.target[0, 0].tolist() == [60, 60]


# --- readings -------------------------------------------------------------------------------------------------------


@on_each_engine
def test_lines_hold_the_newest_revision_of_each_day(small):
    small.load(("S1", "online", "8/3", 1, 10), ("S1", "online", "12/3", 2, 10), when="12/3 08:00")
    small.load(("S1", "online", "8/3", 5, 10), when="13/3 08:00")

    def ask(known_at: datetime | None = None):
        def question(session: Session) -> tuple[list[float], list[int]]:
            campaign = load_campaign(session)
            lines = load_lines(
                session, campaign, load_units(session, campaign), last=day_number(day("31/3")), known_at=known_at
            )
            return lines.readings.numerator.tolist(), lines.revision.tolist()

        return small.asked(question)

    assert ask() == ([5, 2], [2, 1])
    assert ask(at("12/3 12:00")) == ([1, 2], [1, 1])


def test_lines_of_a_store_without_readings_are_none(small):
    def question(session: Session) -> tuple[int, int]:
        campaign = load_campaign(session)
        lines = load_lines(session, campaign, load_units(session, campaign), last=20_000, since=19_000)
        return lines.count, len(lines.readings)

    assert small.asked(question) == (0, 0)


@on_each_engine
def test_lines_since_a_day_bring_the_newest_reading_before_it_and_the_first(small):
    rows = [("S1", "online", f"{number}/3", number, 100) for number in (5, 6, 7, 8)]
    small.load(*rows)

    def question(session: Session) -> tuple[list[float], float, float]:
        campaign = load_campaign(session)
        lines = load_lines(
            session, campaign, load_units(session, campaign), last=day_number(day("31/3")), since=day_number(day("8/3"))
        )
        return lines.readings.numerator.tolist(), float(lines.first_day[0]), float(lines.first_numerator[0])

    assert small.asked(question) == ([7, 8], day_number(day("5/3")), 5)
