"""An earlier campaign's last results become the starting points of this one: foreseen, recorded, told by its name."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from jobs.campaigns.earlier import WrongYear, find_last_results, foresee_taking_over, take_over
from models import migrations
from models.campaign.actions import found_campaign
from models.campaign.archiving import CampaignRuns
from models.core.store import Store
from models.readings.baselines import find_baselines
from models.tables import AuditEntry, Target
from models.targets.registrations import Incomplete
from targets.permissions import Refused
from tests.models.accounts_world import by, people
from tests.models.conftest import Small, context, found_small, small_campaign, small_files

AFTER = date(2024, 4, 13)


@pytest.fixture
def earlier(prepared, tmp_path):
    """The small campaign to its end: S1 told counts, S2 a percent, H1 a bound; the others nothing."""
    store = prepared.copy("small", found_small, to=f"sqlite:///{tmp_path / 'earlier.db'}")
    world = Small(store)
    world.load(
        ("S1", "online", "12/4", 150, 200),
        ("S2", "online", "12/4", None, None, 66.5),
        ("X1", "online", "12/4", None, None, 80.0, "over"),
        when="12/4 18:00",
    )
    yield world
    store.close()


@pytest.fixture
def this(tmp_path):
    """A campaign of the same year's end, which begins with the results of 2024."""
    store = Store(f"sqlite:///{tmp_path / 'this.db'}")
    migrations.upgrade(store)
    campaign = small_campaign(key="small-2025", baseline_year=2024)
    with store.writing() as session:
        found_campaign(session, small_files(campaign), context=context("1/3 08:00"))
    yield Small(store)
    store.close()


def last_of(earlier, today=AFTER):
    return earlier.asked(find_last_results, today=today)


def held(this):
    found = this.asked(find_baselines, year=2024, indicator="online")
    return {unit: (known.value, known.said, known.is_simulated) for (unit, _), known in found.items()}


def test_results_of_the_last_day_are_recorded_with_where_they_come_from(earlier, this):
    last = last_of(earlier)

    counts = this.changed(take_over, last, context=context("2/3 08:00"))

    found = held(this)
    assert counts.accepted == len(found) >= 2
    assert this.asked(foresee_taking_over, last).records == ()
    assert found["S1"] == (Decimal("75.000000"), "small, 12/04/2024", False)
    assert found["S2"] == (Decimal("66.5"), "small, 12/04/2024", False)
    assert "X1" not in found
    with this.store.reading() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "take_over_results")).one()
        assert entry.subject == "small"
        assert session.exec(select(Target).where(Target.unit_id == this.ids["S1"], Target.version == 2)).first()


@pytest.mark.soak
def test_preview_says_what_is_new_what_differs_and_what_stays_unknown(earlier, this):
    last = last_of(earlier)
    this.changed(take_over, last, context=context("2/3 08:00"))
    earlier.load(("S1", "online", "12/4", 160, 200), when="20/4 18:00")

    foreseen = this.asked(foresee_taking_over, last_of(earlier))

    assert ("S1", Decimal("75.000000")) in [(record.unit, old) for record, old in foreseen.changed]
    assert foreseen.unchanged >= 1
    assert ("X1", "online") in foreseen.missing
    assert foreseen.left_out == ()


def test_indicator_of_another_period_is_left_out(earlier, this):
    last = last_of(earlier)
    monthly = tuple(replace(indicator, basis="month") for indicator in last.campaign.indicators)

    foreseen = this.asked(foresee_taking_over, replace(last, campaign=replace(last.campaign, indicators=monthly)))

    assert set(foreseen.left_out) == {indicator.key for indicator in monthly}
    assert foreseen.records == ()


def test_campaign_that_runs_has_no_last_results(earlier):
    with pytest.raises(CampaignRuns):
        last_of(earlier, date(2024, 4, 12))


def test_results_of_another_year_are_refused(earlier):
    with pytest.raises(WrongYear, match=r"ended in 2024.*2023"):
        earlier.asked(foresee_taking_over, last_of(earlier))


def test_only_who_imports_takes_results_over_and_says_why(earlier, this):
    people(this)
    last = last_of(earlier)

    with pytest.raises(Refused):
        this.changed(take_over, last, context=by("lanhdao"))
    with pytest.raises(Incomplete):
        this.changed(take_over, last, context=by("dieuphoi", reason=" "))
