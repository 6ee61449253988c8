"""Targets: proposed by the rule, issued by a decision. Nothing is overwritten; every version stays."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import select

from models.campaign.actions import found_campaign
from models.tables import AuditEntry, Target
from models.targets.actions import NothingToIssue, issue_targets, propose_targets
from models.targets.queries import find_targets
from models.targets.registrations import Incomplete
from targets.errors import UnknownName
from targets.values import Rule
from tests.models.conftest import (
    UNITS,
    Small,
    at,
    baseline,
    context,
    day,
    on_each_engine,
    postgresql_in_soak,
    small_campaign,
    small_files,
    with_indicator,
)

IN_PHASES = len(UNITS) * 3 - 2
"""X5 ends within the first phase: it has no target in the two after it."""
EVERY = IN_PHASES * 4
"""Units × indicators × phases."""


def propose(small: Small, *, when: str = "2/3 08:00"):
    return small.changed(propose_targets, context=context(when))


def issue(
    small: Small, *, phase: str = "first", document: str = "629/KH-UBND", dated: str = "5/3", when: str = "6/3 08:00"
):
    return small.changed(
        issue_targets,
        phase=phase,
        document=document,
        document_date=day(dated),
        context=context(when, document=document),
    )


def versions(small: Small, unit: str, indicator: str, phase: str, origin: str) -> list[tuple[int, str, str]]:
    with small.store.reading() as session:
        rows = session.exec(
            select(Target)
            .where(
                Target.unit_id == small.ids[unit],
                Target.indicator == indicator,
                Target.phase == phase,
                Target.origin == origin,
            )
            .order_by(Target.version)
        ).all()
    return [(row.version, str(row.value), row.document) for row in rows]


def value(small: Small, unit: str, indicator: str, phase: str) -> Decimal | None:
    (target,) = small.asked(find_targets, units=[unit], indicator=indicator, phase=phase)
    found: Decimal | None = target.value
    return found


# --- proposing ------------------------------------------------------------------------------------------------------


def test_every_unit_indicator_and_phase_is_proposed_once(small):
    assert small.count("target") == EVERY


@postgresql_in_soak
def test_proposing_again_changes_nothing(small):
    version, audited = small.data_version(), small.count("audit_entry")

    report = propose(small)

    # payment is not known in any of three phases
    assert (report.proposed, report.unchanged, report.unknown) == (0, EVERY, IN_PHASES)
    assert (small.data_version(), small.count("audit_entry"), small.count("target")) == (version, audited, EVERY)


@postgresql_in_soak
def test_proposal_keeps_the_numbers_it_was_made_of(small):
    with small.store.reading() as session:
        row = session.exec(
            select(Target).where(
                Target.unit_id == small.ids["S2"], Target.indicator == "online", Target.phase == "first"
            )
        ).one()

    assert row.terms == {
        "baseline": "67.37",
        "central": "50",
        "rule": "central_plus",
        "is_interim": True,
        "is_capped": False,
        "uplift": "10",
        "uplift_kind": "points",
        "at_or_above": "own_plus_uplift",
        "phase_1": "half_uplift",
        "share": "0.5",
    }
    assert (row.because, row.by, row.recorded_at) == ("own_result_kept", "system:test", at("1/3 08:00"))


@on_each_engine
def test_central_target_that_arrives_makes_further_versions(small):
    small.set_central("payment", "20", when="2/3 08:00")

    assert versions(small, "S1", "payment", "first", "proposed")[-1] == (
        2,
        str(value(small, "S1", "payment", "first")),
        "",
    )
    assert versions(small, "P", "payment", "second", "proposed") == [(1, "None", ""), (2, "30", "")]
    assert versions(small, "P", "online", "second", "proposed") == [(1, "60", "")]


def test_proposing_counts_what_is_new_and_leaves_an_entry(small):
    small.set_central("payment", "20", when="2/3 08:00")

    with small.store.reading() as session:
        entry = session.exec(
            select(AuditEntry).where(AuditEntry.action == "propose_targets").order_by(AuditEntry.id.desc())
        ).first()

    assert (entry.subject, entry.at) == ("small", at("2/3 08:00"))
    assert entry.new == {"proposed": IN_PHASES, "unchanged": EVERY - IN_PHASES, "unknown": 0}


def test_central_target_that_is_withdrawn_takes_the_value_away_and_keeps_the_versions(small):
    small.set_central("online", None, when="2/3 08:00")

    assert versions(small, "P", "online", "second", "proposed") == [(1, "60", ""), (2, "None", "")]


def test_baseline_that_changes_makes_a_further_version_for_that_unit_alone(small):
    small.set_baseline("S1", "online", "55", when="2/3 08:00")

    assert versions(small, "S1", "online", "second", "proposed") == [(1, "60", ""), (2, "65", "")]
    assert versions(small, "S2", "online", "second", "proposed") == [(1, "77.37", "")]


@postgresql_in_soak
def test_baseline_told_in_counts_is_worked_out(small):
    small.set_baseline("S1", "online", None, numerator=2, denominator=3, when="2/3 08:00")

    # 66.666667 + 10
    assert versions(small, "S1", "online", "second", "proposed")[-1] == (2, "76.666667", "")


@pytest.mark.parametrize("counts", [{}, {"numerator": 0, "denominator": 0}], ids=["nothing", "no case"])
def test_baseline_that_says_nothing_counts_as_missing(small, counts):
    small.set_baseline("S1", "online", None, when="2/3 08:00", **counts)

    (target,) = small.asked(find_targets, units=["S1"], indicator="online", phase="second")
    assert (target.because, target.value) == ("baseline_missing", 60)


def test_rule_that_changes_in_the_indicators_file_makes_further_versions(small):
    campaign = with_indicator(small_campaign(), "online", rule=Rule(kind="central_plus", uplift=Decimal(20)))

    small.found(small_files(campaign), when="2/3 08:00")

    assert versions(small, "P", "online", "second", "proposed") == [(1, "60", ""), (2, "70", "")]


def test_only_phase_with_a_due_date_owes_the_final_value(small):
    campaign = small_campaign()
    phases = (replace(campaign.phases[0], due=day("12/4")), campaign.phases[2])

    small.found(small_files(replace(campaign, phases=phases, unit_phases=())), when="2/3 08:00")

    assert value(small, "P", "online", "first") == 60


def test_proposal_beyond_the_ceiling_is_capped_and_says_so(small):
    small.found(small_files(baselines=(baseline("S1", "online", "96"),)), when="2/3 08:00")

    (target,) = small.asked(find_targets, units=["S1"], indicator="online", phase="second")
    assert (target.value, target.is_capped, target.because) == (100, True, "own_result_kept")


# --- issuing --------------------------------------------------------------------------------------------------------


@on_each_engine
def test_issue_makes_every_known_proposal_of_the_phase_binding(small):
    done = issue(small)

    assert (done.phase, done.document, done.document_date) == ("first", "629/KH-UBND", day("5/3"))
    assert (done.issued, done.unchanged, done.left_out) == (len(UNITS) * 3, 0, {"payment": len(UNITS)})
    assert versions(small, "S1", "online", "first", "issued") == [(1, "50", "629/KH-UBND")]
    assert versions(small, "S1", "online", "second", "issued") == []


def test_issued_target_is_in_force_with_its_document(small):
    issue(small)

    (target,) = small.asked(find_targets, units=["S1"], indicator="online", phase="first")

    assert (target.origin, target.because, target.value) == ("issued", "issued_by_decision", 50)
    assert (target.document, target.document_date, target.at) == ("629/KH-UBND", day("5/3"), at("6/3 08:00"))


@postgresql_in_soak
def test_same_issue_again_changes_nothing(small):
    issue(small)
    version, audited = small.data_version(), small.count("audit_entry")

    again = issue(small, when="7/3 08:00")

    assert (again.issued, again.unchanged, again.left_out) == (0, len(UNITS) * 3, {"payment": len(UNITS)})
    assert (small.data_version(), small.count("audit_entry")) == (version, audited)


@pytest.mark.parametrize(
    ("document", "dated"), [("700/KH-UBND", "5/3"), ("629/KH-UBND", "6/3")], ids=["number", "date"]
)
def test_issue_under_another_document_is_a_further_version(small, document, dated):
    issue(small)

    done = issue(small, document=document, dated=dated)

    assert (done.issued, done.unchanged) == (len(UNITS) * 3, 0)
    assert versions(small, "S1", "online", "first", "issued") == [(1, "50", "629/KH-UBND"), (2, "50", document)]


def test_corrected_issue_is_a_further_version_of_what_changed_alone(small):
    issue(small)
    small.set_baseline("S1", "online", "55", when="7/3 08:00")

    done = issue(small, when="8/3 08:00")

    assert (done.issued, done.unchanged) == (1, len(UNITS) * 3 - 1)
    assert versions(small, "S1", "online", "first", "issued") == [(1, "50", "629/KH-UBND"), (2, "60", "629/KH-UBND")]


def test_target_that_was_left_out_is_issued_once_it_is_known(small):
    issue(small)
    small.set_central("payment", "20", when="7/3 08:00")

    done = issue(small, when="8/3 08:00")

    assert (done.issued, done.left_out) == (len(UNITS), {})


def test_issue_is_in_the_audit_with_its_document_and_counts(small):
    issue(small)

    with small.store.reading() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "issue_targets")).one()
    assert (entry.document, entry.subject, entry.at) == ("629/KH-UBND", "first", at("6/3 08:00"))
    assert entry.new == {
        "issued": len(UNITS) * 3,
        "unchanged": 0,
        "left_out": {"payment": len(UNITS)},
        "date": "2024-03-05",
    }


def test_indicator_that_the_campaign_has_no_more_is_not_issued(small):
    campaign = small_campaign()
    small.found(small_files(replace(campaign, indicators=campaign.indicators[2:])), when="2/3 08:00")

    done = issue(small)

    assert (done.issued, done.left_out) == (len(UNITS), {"payment": len(UNITS)})


def test_phase_that_does_not_exist_is_refused_by_name(small):
    with pytest.raises(UnknownName, match=r"No phase is called “third”. Known: first, second, keep\."):
        issue(small, phase="third")


@pytest.mark.parametrize("document", ["", "   "])
def test_issue_without_a_document_is_refused(small, document):
    with pytest.raises(Incomplete, match="give its number"):
        issue(small, document=document)

    assert small.count("target") == EVERY


def test_phase_without_a_single_known_proposal_is_refused_with_the_way_out(small):
    campaign = small_campaign()
    small.found(small_files(replace(campaign, indicators=campaign.indicators[3:])), when="2/3 08:00")

    with pytest.raises(NothingToIssue, match=r"No proposal of phase first has a value.*central targets"):
        issue(small)


def test_demonstrations_targets_are_simulated(migrated):
    with migrated.writing() as session:
        found_campaign(session, small_files(), is_demonstration=True, context=context())
        issue_targets(session, phase="first", document="1/KH", document_date=day("5/3"), context=context("6/3 08:00"))

    with migrated.reading() as session:
        assert set(session.exec(select(Target.simulated).where(Target.origin == "issued"))) == {True}
