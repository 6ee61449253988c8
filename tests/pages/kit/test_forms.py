"""What the forms of a unit's page share: sent once, numbers as people write them, days that people work."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from models.targets.registrations import Incomplete
from pages.kit import forms
from pages.kit.forms import default_deadline, form_of, read_count, read_percent, read_target, send
from tests.models.conftest import small_campaign


@pytest.fixture
def state(monkeypatch):
    """What Streamlit keeps for one visitor."""
    kept = {}
    monkeypatch.setattr(forms, "st", SimpleNamespace(session_state=kept))
    return kept


@pytest.fixture
def shown(state):
    """What is shown, in turn: whether it was done, and the words."""
    found = []
    forms.st.success = lambda words, icon: found.append((True, words))
    forms.st.error = lambda words, icon: found.append((False, words))
    return found


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


def test_what_came_of_a_change_is_shown_once_and_at_its_own_place(shown):
    forms.say("issue", "Two_targets issued", is_done=True, lines=["a*b"])
    forms.say("correct", "No", is_done=False)

    assert forms.is_said("issue")
    for place in ("issue", "issue", "elsewhere", "correct"):
        forms.show(place)

    assert shown == [(True, "Two\\_targets issued\n- a\\*b"), (False, "No")]
    assert not forms.is_said("issue")


def test_refused_change_says_why_and_one_that_was_made_what_it_answers(shown):
    def mistaken():
        read_percent("many")

    assert [forms.attempt("issue", "en", change) for change in (mistaken, lambda: "Done")] == [False, True]
    forms.show("issue")
    forms.attempt("issue", "en", mistaken)
    forms.show("issue")

    (done, words), (refused, why) = shown
    assert (done, words, refused) == (True, "Done", False)
    assert "many" in why


@pytest.mark.parametrize(
    ("written", "value"), [("77,37", "77.37"), ("77.37", "77.37"), (" 60 % ", "60"), ("100%", "100"), ("0,5", "0.5")]
)
def test_percent_is_read_in_both_spellings(written, value):
    assert read_percent(written) == Decimal(value)


@pytest.mark.parametrize("written", ["-5", "1.2.3", "NaN", "1e2", "60 %%", "1000", "٦٠,", "7 2", "trên 60", "bảy"])
def test_what_is_no_percent_is_refused_with_what_was_written(written):
    with pytest.raises(Incomplete, match="is no percent") as refused:
        read_percent(written)

    assert refused.value.terms == {"written": written}


@pytest.mark.parametrize(("read", "code"), [(read_percent, "percent_missing"), (read_count, "count_missing")])
@pytest.mark.parametrize("written", ["", "  "])
def test_empty_field_is_asked_for_and_not_quoted(read, code, written):
    with pytest.raises(Incomplete) as refused:
        read(written)

    assert refused.value.code == code
    assert "“" not in str(refused.value)


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("1.030", 1030),
        ("1,030", 1030),
        ("1030", 1030),
        ("1 030 500", 1030500),
        ("1\N{NO-BREAK SPACE}030", 1030),
        ("0", 0),
    ],
)
def test_count_is_read_with_any_separator_of_thousands(written, count):
    assert read_count(written) == count


@pytest.mark.parametrize("written", ["1.03", "-4", "1,5", "mười", "1.25.0", "³", "kps"])
def test_what_is_no_count_is_refused(written):
    with pytest.raises(Incomplete, match="no whole number"):
        read_count(written)


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


@pytest.mark.parametrize("written", ["", "bảy", "7,5%"])
def test_target_in_days_that_is_none_is_answered_with_days(written):
    lasting = replace(small_campaign().indicator("online"), measured_in="days")

    with pytest.raises(Incomplete) as refused:
        read_target(written, lasting)

    assert refused.value.code == "not_days"
    assert read_target("7,5", lasting) == Decimal("7.5")
