"""What the forms of a unit's page share: sent once, numbers as people write them, days that people work."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from models.targets.registrations import Incomplete
from pages.kit import forms
from pages.kit.forms import count_of, default_deadline, form_of, percent_of, send


@pytest.fixture
def state(monkeypatch):
    """What Streamlit keeps for one visitor."""
    kept = {}
    monkeypatch.setattr(forms, "st", SimpleNamespace(session_state=kept))
    return kept


def test_second_press_of_the_same_form_does_nothing(state):
    done = []
    drawn = form_of("register", "H1")

    for _ in range(2):
        send(drawn, "vi", lambda: done.append("sent") or "said")

    assert done == ["sent"]


def test_form_that_was_sent_is_another_form_with_empty_fields(state):
    drawn = form_of("register", "H1")

    send(drawn, "vi", lambda: "said")

    assert form_of("register", "H1").key("value") != drawn.key("value")
    assert form_of("register", "H2").turn == form_of("dates", "H1").turn == 0


def test_form_with_a_mistake_stays_as_it_is_and_can_be_sent_again(state):
    drawn = form_of("register", "H1")

    def mistaken():
        raise Incomplete("Say why.", code="no_reason")

    send(drawn, "vi", mistaken)

    assert form_of("register", "H1") == drawn


@pytest.mark.parametrize("written", ["72,37", "72.37", " 72,37 % ", "72,37%"])
def test_share_is_read_with_comma_or_point(written):
    assert percent_of(written) == Decimal("72.37")


@pytest.mark.parametrize("written", ["", "bảy", "7 2", "1,2,3"])
def test_share_that_is_no_number_is_refused(written):
    with pytest.raises(Incomplete):
        percent_of(written)


@pytest.mark.parametrize(
    ("written", "count"), [("1250", 1250), ("1.250", 1250), ("1,250", 1250), ("27 503", 27_503), ("0", 0), (" ", None)]
)
def test_count_is_read_with_its_thousands_set_apart_or_not(written, count):
    assert count_of(written) == count


@pytest.mark.parametrize("written", ["12,5", "-3", "ba", "1.25.0", "³"])
def test_count_that_is_none_is_refused(written):
    with pytest.raises(Incomplete):
        count_of(written)


@pytest.mark.parametrize(
    ("today", "deadline"),
    [
        (date(2024, 5, 6), date(2024, 5, 9)),
        (date(2024, 5, 9), date(2024, 5, 14)),
        (date(2024, 4, 26), date(2024, 5, 6)),
    ],
)
def test_deadline_lies_three_working_days_ahead(campaign, today, deadline):
    """After Friday 26 April come a day of rest given in exchange, then two public holidays."""
    assert default_deadline(campaign, today) == deadline


def test_deadline_far_beyond_the_calendar_still_comes(campaign):
    far = replace(campaign, end=campaign.start)

    assert default_deadline(far, date(2040, 1, 2)) == date(2040, 1, 16)
