"""What was agreed, in words: in which order, in which state, by whom and why."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from models.core.settings import TIMEZONE
from models.core.texts import LANGUAGES, text
from models.targets.agreements import Agreement
from pages.kit.sentences import person
from pages.unit.sentences import request_views

TODAY = date(2024, 5, 7)
NAMES = {"truong": "Nguyễn Văn A", "dieuphoi": "Trần Thị B"}


def moment(day, hour=8):
    return datetime(2024, 5, day, hour, tzinfo=TIMEZONE)


def request(kind="registration", state="requested", **known):
    got = {
        "kind": kind, "id": 1, "version": 1, "unit": "H1", "unit_name": "UBND huyện Một", "indicator": "online",
        "phase": "50-day" if kind in ("registration", "dates") else None, "state": state, "text": "vì mùa vụ",
        "by": "truong", "at": moment(2),
    }  # fmt: skip
    if kind == "registration":
        got["value"] = Decimal("72.37")
    if kind == "dates":
        got |= {"indicator": None, "start": date(2024, 5, 1)}
    if kind == "cause":
        got |= {"category": "staff", "action": "Bổ sung cán bộ", "who": "Phòng Nội vụ", "due": date(2024, 5, 20)}
    if kind == "check":
        got |= {"as_of": date(2024, 5, 5), "numerator": 1_250, "denominator": 3_000, "deadline": date(2024, 5, 9)}
    if kind == "question":
        got |= {"deadline": date(2024, 5, 9)}
    return Agreement(**(got | known))


@pytest.fixture
def said(campaign):
    def views(*requests, language="vi"):
        return request_views(requests, campaign=campaign, names=NAMES, today=TODAY, language=language)

    return views


STATES = [
    *(("registration", state) for state in ("in_force", "requested", "approved", "refused")),
    *(("dates", state) for state in ("requested", "in_force", "refused")),
    *(("cause", state) for state in ("stated", "confirmed", "not_confirmed", "ended")),
    *(("check", state) for state in ("open", "revised", "refused")),
    *(("question", state) for state in ("open", "answered", "withdrawn")),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "state"), STATES)
def test_every_state_of_every_kind_has_its_words(said, kind, state, language):
    [view] = said(request(kind, state), language=language)

    assert view.state == text(f"wishes.state.{kind}_{state}", language)
    assert view.title
    assert "vì mùa vụ" in view.lines


def test_open_questions_come_first_by_deadline_then_what_waits_then_the_newest(said):
    views = said(
        request("cause", "ended", at=moment(1)),
        request("registration", "refused", at=moment(2)),
        request("question", "open", deadline=date(2024, 5, 20), indicator="payment", at=moment(3)),
        request("question", "open", deadline=date(2024, 5, 9), at=moment(4)),
        request("check", "open", at=moment(5)),
    )

    kinds = [view.title.split(" ", maxsplit=2)[:2] for view in views]
    assert [" ".join(kind) for kind in kinds] == ["Đề nghị", "Đề nghị", "Đề nghị", "Đăng ký", "Nguyên nhân,"]
    assert "09/05/2024" in " ".join(views[0].lines)
    assert "20/05/2024" in " ".join(views[1].lines)
    assert [view.is_waiting for view in views] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("kind", "state"), [("registration", "in_force"), ("registration", "approved"), ("dates", "in_force")]
)
def test_what_a_later_one_has_replaced_does_not_count_any_more(said, kind, state):
    views = said(request(kind, state, at=moment(2)), request(kind, state, at=moment(3)))

    assert [view.state for view in views] == [
        text(f"wishes.state.{kind}_{state}", "vi"), text(f"wishes.state.{kind}_superseded", "vi"),
    ]  # fmt: skip


def test_registrations_of_another_phase_do_not_replace_one_another(said):
    views = said(request(state="in_force"), request(state="in_force", phase="100-day"))

    assert {view.state for view in views} == {text("wishes.state.registration_in_force", "vi")}


@pytest.mark.parametrize(("deadline", "is_late"), [(date(2024, 5, 6), True), (TODAY, False)])
def test_deadline_that_has_passed_is_said(said, deadline, is_late):
    for kind in ("question", "check"):
        [view] = said(request(kind, "open", deadline=deadline))

        assert view.is_late is is_late
        assert ("quá hạn" in view.state) is is_late


def test_cause_that_has_run_out_is_not_overdue(said):
    [view] = said(request("cause", "stated", deadline=date(2024, 5, 1)))

    assert not view.is_late
    assert text("wishes.line.until", "vi", date="01/05/2024") in " ".join(view.lines)


def test_decision_names_who_when_and_why(said):
    decided = request(state="refused", decided_by="dieuphoi", decided_at=moment(6, 9), decided_reason="quá thấp")

    [with_reason], [without] = said(decided), said(replace(decided, decided_reason=""))

    assert "Trần Thị B quyết định 06/05/2024 09:00: quá thấp" in with_reason.lines
    assert "Trần Thị B quyết định 06/05/2024 09:00" in without.lines


@pytest.mark.parametrize("kind", ["registration", "request", "statement"])
def test_replacement_is_no_decision_of_somebody(said, kind):
    reason = f"replaced by a later {kind}"

    [view] = said(request(state="refused", decided_by="truong", decided_at=moment(6, 9), decided_reason=reason))

    assert text("wishes.line.replaced", "vi", moment="06/05/2024 09:00") in view.lines


def test_dispute_names_both_pairs_of_counts(said):
    [view] = said(request("check", "open", proposed_numerator=1_500, proposed_denominator=3_000))

    assert "1.250/3.000" in view.title
    assert text("wishes.line.proposed", "vi", numerator="1.500", denominator="3.000") in " ".join(view.lines)


def test_figure_without_counts_is_disputed_by_its_day(said):
    [view] = said(request("check", "open", numerator=None, denominator=None))

    assert view.title == text("wishes.what.check_plain", "vi", name="Tỷ lệ hồ sơ trực tuyến", date="05/05/2024")


@pytest.mark.parametrize("due", [None, date(2024, 5, 30)])
def test_own_dates_say_whether_they_end(said, due):
    [view] = said(request("dates", due=due))

    assert ("30/05/2024" in view.title) is (due is not None)


def test_somebody_without_an_account_is_called_by_their_login():
    assert (person("truong", "vi", NAMES), person("system:root", "vi", NAMES), person("ai", "vi")) == (
        "Nguyễn Văn A", "cơ quan điều phối", "ai",
    )  # fmt: skip
