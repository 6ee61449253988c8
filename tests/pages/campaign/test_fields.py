"""Numbers of a rule for each phase: as the form writes them, and what becomes of what was typed."""

from decimal import Decimal

import pytest

from models.targets.registrations import Incomplete
from pages.campaign.fields import edits_of, indicator_fields, read_back, shown_values, written
from tests.models.conftest import small_campaign

FILE = "indicators/online.toml"


def field(name: str):
    """The rule's field of a campaign with the phases first, second and keep."""
    campaign = small_campaign()
    groups = indicator_fields(campaign.indicator("online"), campaign)
    return next(each for group in groups for each in group if each.path == ("rule", name))


@pytest.mark.parametrize(
    ("name", "said", "shown"),
    [
        ("value", "90", "90"),
        ("value", "{ first = 60, second = 80.5 }", "60; 80,5"),
        ("value", "{ first = 60, keep = 90 }", "60; 60; 90"),
        ("share", "{ second = 0.6 }", "1; 0,6"),
    ],
)
def test_numbers_of_phases_stand_one_after_the_other(name, said, shown):
    of = field(name)
    texts = {FILE: f"[rule]\n{name} = {said}\n".encode()}

    assert written(of, shown_values(texts, [of])[of.key], "vi") == shown


@pytest.mark.parametrize(
    ("typed", "value"), [("90", Decimal(90)), ("60; 80,5", {"first": Decimal(60), "second": Decimal("80.5")})]
)
def test_numbers_typed_one_after_the_other_are_those_of_the_phases_in_order(typed, value):
    of, kind = field("value"), field("kind")
    read = {of.key: read_back(of, typed, "Mức chung"), kind.key: "fixed"}

    (edit,) = edits_of([of, kind], {of.key: Decimal(50), kind.key: "fixed"}, read)

    assert edit.value == value


@pytest.mark.parametrize("typed", ["1; 2; 3; 4", "; ;"])
def test_more_numbers_than_phases_are_refused(typed):
    with pytest.raises(Incomplete) as refused:
        read_back(field("value"), typed, "Mức chung")

    assert refused.value.code == "campaign_by_phase"
