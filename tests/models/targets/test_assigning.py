"""What the office assigns: how far it is, what an issue would do, what the centre has set, who was there meanwhile."""

from decimal import Decimal

import pytest

from models.core.edit_conflicts import check_central_seen, check_phase_seen, check_target_seen
from models.readings.actions import record_targets
from models.readings.records import TargetRecord
from models.targets.actions import adjust_proposal, correct_issue, issue_targets
from models.targets.assigning import (
    IssueDocument,
    find_assigned,
    find_central,
    find_central_missing,
    find_issue_documents,
    find_phase_count,
    foresee_issue,
    newest_mark,
)
from models.targets.explanations import explain_target
from models.targets.registrations import DecisionConflict, Incomplete, Registration, register_target
from tests.models.conftest import context, day, on_each_engine, postgresql_in_soak, small_campaign
from tests.models.versions import newest_version


def assigned(small, unit="S1", indicator="online", phase="second"):
    rows = small.asked(find_assigned, today=day("8/3"), indicator=indicator, phase=phase)
    return next(row for row in rows if row.unit == unit)


def issue(small, document="629/KH", **narrowed):
    return small.changed(
        issue_targets, phase="second", document=document, document_date=day("8/3"), context=context("8/3"), **narrowed
    )


def correct(small, value, document="7/KH", unit="S1"):
    small.changed(
        correct_issue, unit=unit, indicator="online", phase="second", value=Decimal(value), document=document,
        document_date=day("9/3"), seen_version=newest_version(small, unit, "online", "second", "issued"),
        context=context("9/3 10:00", reason="a slip"),
    )  # fmt: skip


def adjust(small, value, unit="S1", phase="second", when="9/3"):
    small.changed(
        adjust_proposal, unit=unit, indicator="online", phase=phase, value=Decimal(value),
        seen_version=newest_version(small, unit, "online", phase, "proposed"), context=context(when),
    )  # fmt: skip


def plan(small, document="629/KH", phase="second"):
    return small.asked(foresee_issue, phase=phase, document=document, document_date=day("8/3"), today=day("8/3"))


def test_office_is_told_where_a_late_answer_keeps_nearly_all_from_the_target(small):
    """190 of 200 in time, so 100 % is gone for each; S1 may still come to 290 of 300, the others as near."""
    for unit in ("S1", "H1", "H2"):
        small.load((unit, "timeliness", "15/3", 190, 200), (unit, "online", "15/3", 190, 200))

    result = small.asked(foresee_issue, phase="first", document="1/KH", document_date=day("15/3"), today=day("15/3"))

    [found] = result.beyond
    assert (found.indicator, found.out, found.judged) == ("timeliness", 3, 3)  # the province is no unit
    assert found.level == 96.6
    assert (
        small.asked(foresee_issue, phase="first", document="1", document_date=day("2/3"), today=day("2/3")).beyond == ()
    )


@on_each_engine
def test_every_unit_has_its_line_for_each_indicator_and_phase(small):
    rows = small.asked(find_assigned, today=day("8/3"))

    assert len(rows) == 10 * 4 * 3
    assert [row.unit for row in small.asked(find_assigned, today=day("8/3"), indicator="online", phase="first")] == [
        "P", "S1", "S2", "H1", "X1", "X2", "H2", "X3", "X4", "X5",
    ]  # fmt: skip


def test_line_holds_the_newest_of_each_origin(small):
    issue(small)
    adjust(small, "57")
    request = Registration("S1", "online", "second", Decimal(65), "3/KH")
    small.changed(register_target, request, context=context("9/3"))

    row = assigned(small)

    assert (row.baseline, row.proposed.value, row.issued.value, row.registered.value) == (40, 57, 60, 65)
    assert (row.proposed.is_adjusted, row.issued.is_adjusted) == (True, False)
    assert (row.issued.document, row.issued.document_date) == ("629/KH", day("8/3"))


def test_baseline_that_is_a_bound_is_said_with_its_word_and_not_once_it_is_exact(small):
    """S1 had 40 %, below the centre's 50: now "over 60", from which the proposal is made, then exactly 60."""
    small.set_baseline("S1", "online", "60", qualifier="over")
    bound = assigned(small)
    small.set_baseline("S1", "online", "60")
    exact = assigned(small)

    assert (bound.baseline, bound.qualifier, bound.proposed.value) == (60, "over", 70)
    assert (exact.qualifier, exact.proposed.value, exact.proposed.version) == (None, 70, bound.proposed.version + 1)
    said = [
        explain_target(
            because=row.proposed.because, value=row.proposed.value, terms=row.proposed.terms, document="",
            indicator=small_campaign().indicator("online"), campaign=small_campaign(), language="vi",
        )
        for row in (bound, exact)
    ]  # fmt: skip
    assert [("trên 60%" in words, "cần xác nhận" in words) for words in said] == [(True, True), (False, False)]


def test_registration_that_waits_is_not_in_the_line(small):
    request = Registration("S1", "online", "second", Decimal(50), "3/KH")
    small.changed(register_target, request, context=context("9/3"))

    assert assigned(small).registered is None


def test_phase_counts_units_proposals_and_issues(small):
    before = small.asked(find_phase_count, "second", today=day("8/3"))
    issue(small)

    after = small.asked(find_phase_count, "second", today=day("8/3"))

    assert (before.units, before.proposed, before.issued) == (9, 9, 0)
    assert (after.units, after.proposed, after.issued) == (9, 9, 27)


@postgresql_in_soak
def test_issue_is_foreseen_as_it_then_happens(small):
    foreseen = plan(small)

    done = issue(small)

    assert (foreseen.count("new"), foreseen.units, foreseen.count("unchanged")) == (done.issued, 9, 0)
    assert foreseen.left_out == done.left_out == {"payment": 9}


@pytest.mark.parametrize(("document", "counted"), [("629/KH", (0, 1, 26)), ("700/KH", (0, 27, 0))])
def test_later_issue_is_foreseen_with_what_it_replaces(small, document, counted):
    issue(small)
    adjust(small, "57")

    foreseen = plan(small, document)

    assert tuple(foreseen.count(fate) for fate in ("new", "replaced", "unchanged")) == counted
    assert len(foreseen.will_be) == issue(small, document).issued


# --- corrections, and single targets --------------------------------------------------------------------------------


@pytest.mark.parametrize("document", ["629/KH", "700/KH"])
def test_correction_stays_in_force_when_the_phase_is_issued_again(small, document):
    issue(small)
    correct(small, "57")
    correct(small, "58", document="8/KH")

    foreseen = plan(small, document)
    done = issue(small, document)

    assert [(line.place, line.issued.value, line.proposed.value) for line in foreseen.kept] == [
        (("S1", "online"), 58, 60)
    ]
    assert [(kept.unit, kept.indicator, kept.value, kept.document) for kept in done.kept] == [
        ("S1", "online", 58, "8/KH")
    ]
    assert (assigned(small).issued.value, assigned(small).issued.document) == (58, "8/KH")


def test_correction_is_replaced_where_it_is_named_and_is_none_any_more(small):
    issue(small)
    for unit in ("S1", "H1"):
        correct(small, "57", unit=unit)

    done = issue(small, "700/KH", again=[("S1", "online")])

    assert [kept.unit for kept in done.kept] == ["H1"]
    assert (assigned(small).issued.value, assigned(small).issued.document) == (60, "700/KH")
    assert issue(small, "701/KH").issued == 26


def test_target_of_a_file_that_gives_another_value_is_a_correction_and_the_same_value_none(small):
    issue(small)
    told = {"indicator": "online", "phase": "second", "origin": "issued", "document_date": None}
    records = [
        TargetRecord("S1", value=Decimal(57), document="7/KH", **told),
        TargetRecord("H1", value=assigned(small, "H1").issued.value, document="7/KH", **told),
    ]
    small.changed(record_targets, records, is_simulated=False, context=context("9/3"))

    assert [line.unit for line in plan(small, "700/KH").kept] == ["S1"]


def test_correction_of_what_a_file_corrected_remembers_the_issue(small):
    issue(small)
    for value in (57, 58):
        record = TargetRecord("S1", "online", "second", "issued", Decimal(value), f"{value}/KH", None)
        small.changed(record_targets, [record], is_simulated=False, context=context("9/3"))

    assert assigned(small).issued.terms == {"of_issue": "60"}


def test_single_proposal_is_issued_alone(small):
    issue(small)
    for unit in ("S1", "H1"):
        adjust(small, "57", unit=unit)

    assert [line.place for line in plan(small).lines if line.is_changed] == [("S1", "online"), ("H1", "online")]
    done = issue(small, "700/KH", only=[("S1", "online")])

    assert (done.issued, done.unchanged, done.left_out) == (1, 0, {})
    assert assigned(small).issued.document == "700/KH"
    assert (assigned(small, "H1").issued.value, assigned(small, "H1").issued.document) == (60, "629/KH")


def test_documents_are_the_newest_first_with_what_each_issued(small):
    assert small.asked(find_issue_documents) == []
    issue(small)
    correct(small, "57")

    newest, first = small.asked(find_issue_documents)
    rows = small.asked(find_assigned, today=day("9/3"), document=first)

    assert (newest.number, newest.day, newest.phases) == ("7/KH", day("9/3"), ("second",))
    assert {row.issued.document for row in rows if row.issued} == {"629/KH"}
    place = ("S1", "online", "second")
    assert next(row for row in rows if (row.unit, row.indicator, row.phase) == place).issued.value == 60
    undated = IssueDocument("8/KH", None, ("second",))
    assert not any(row.issued for row in small.asked(find_assigned, today=day("9/3"), document=undated))


def test_issue_of_nothing_that_is_named_changes_nothing(small):
    issue(small)
    before = small.data_version()

    assert issue(small, "700/KH", only=[]).issued == 0
    assert small.data_version() == before


def test_phase_that_changed_after_it_was_foreseen_is_told(small):
    mark = plan(small).mark
    small.asked(check_phase_seen, "second", mark=mark)
    adjust(small, "57")

    with pytest.raises(DecisionConflict, match="after you opened it"):
        small.asked(check_phase_seen, "second", mark=mark)


def test_phase_without_targets_has_no_mark(small):
    assert small.asked(newest_mark, "third") == 0


def test_newer_version_of_a_target_is_told_with_who_made_it(small):
    issue(small)
    place = {"unit": "S1", "indicator": "online", "phase": "second", "origin": "issued"}
    small.asked(check_target_seen, **place, seen_version=1)
    correct(small, "57")

    with pytest.raises(DecisionConflict, match=r"test changed it from 60% to 57% at 09/03/2024 10:00 \(a slip\)"):
        small.asked(check_target_seen, **place, seen_version=1)


def test_central_target_entered_meanwhile_is_told(small):
    place = {"indicator": "payment", "year": 2024, "level": ""}
    small.asked(check_central_seen, **place, seen_version=0)
    small.set_central("payment", "40")

    with pytest.raises(DecisionConflict):
        small.asked(check_central_seen, **place, seen_version=0)


def test_central_targets_are_listed_with_their_document(small):
    [known] = small.asked(find_central)

    assert (known.indicator, known.year, known.level, known.value) == ("online", 2024, "", 50)
    assert (known.document, known.version) == ("766/QĐ-TTg", 1)


def test_missing_central_targets_are_named(small):
    assert small.asked(find_central_missing) == ["payment"]


def test_central_target_of_some_levels_is_missing_still_and_of_all_levels_no_longer(small):
    for level in ("province", "department", "district"):
        small.set_central("payment", "40", level=level)
    partly = small.asked(find_central_missing)
    small.set_central("payment", "30", level="commune")

    assert partly == ["payment"]
    assert small.asked(find_central_missing) == []


# --- a unit that has ended ------------------------------------------------------------------------------------------


def test_ended_unit_leaves_the_annex_on_the_day_after_its_last(small):
    last, after = ({row.unit for row in small.asked(find_assigned, today=day(when))} for when in ("10/3", "11/3"))

    assert last - after == {"X5"}


def test_ended_unit_is_issued_nothing_from_then_on(small):
    def issued(when: str) -> int:
        done = small.changed(
            issue_targets,
            phase="first",
            document=f"{when}/KH",
            document_date=day(when),
            context=context(f"{when} 09:00"),
        )
        count: int = done.issued
        return count

    assert (issued("10/3"), issued("11/3")) == (30, 27)


@pytest.mark.parametrize(
    "change",
    [
        lambda small, when: small.changed(
            register_target, Registration("X5", "online", "first", Decimal(70), "1/KH"), context=context(when)
        ),
        lambda small, when: adjust(small, "57", unit="X5", phase="first", when=when),
    ],
    ids=["registered", "adjusted"],
)
def test_ended_unit_is_given_no_target_of_its_own(small, change):
    with pytest.raises(Incomplete, match="UBND xã Năm has ended"):
        change(small, "11/3 09:00")
