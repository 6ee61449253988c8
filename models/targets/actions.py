"""Targets: proposed by the rule, issued by a decision, the centre's entered. Nothing is overwritten; every version
stays."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from models.core.audit import ChangeContext, find_state, record
from models.core.edit_conflicts import check_target_seen
from models.core.permission import require
from models.readings.actions import record_central
from models.readings.records import BECAUSE, OF_ISSUE, CentralRecord
from models.results.inputs import load_campaign, load_units
from models.results.kept import bring_units_up_to_date, bring_up_to_date, sql_table
from models.results.standing import check_units
from models.tables import Target, UnitRow
from models.targets.assigning import ADJUSTED, IssuePlan, Place, find_central, plan_issue
from models.targets.queries import find_cases, terms_of
from models.targets.registrations import (
    Incomplete,
    check_phase,
    check_reason,
    check_said,
    check_there,
    checked_target,
    find_named_unit,
    indicator_named,
    today_of,
)
from targets.errors import CampaignError, UnknownName
from targets.permissions import Permission
from targets.rules import NOT_MEANT, propose

Reported = tuple[Decimal | None, str, dict[str, Any]]
"""What a version says: value, reason and the numbers behind it."""
OF_RULE = "of_rule"
"""Where the terms of an adjusted proposal keep what the rule itself proposes."""
NO_NUMBER = "Targets are issued under a document: give its number, e.g. 629/KH-UBND."


class NothingToIssue(CampaignError):
    """A phase cannot be issued: nothing is proposed, or something that must be known is missing."""


@dataclass(frozen=True)
class ProposalReport:
    """What proposing did: targets whose proposal is new or changed, and those that stay as they were."""

    proposed: int
    unchanged: int
    unknown: int
    """Proposals without a value (a central target is missing)."""
    kept: tuple["KeptAdjustment", ...] = ()
    """Adjustments that stay though what the rule looks at changed."""


@dataclass(frozen=True)
class KeptAdjustment:
    """A proposal that stays as the office adjusted it, and what the rule gives now."""

    unit: str
    name: str
    indicator: str
    phase: str
    value: Decimal | None
    of_rule: Decimal | None

    @property
    def place(self) -> tuple[str, str, str]:
        return self.unit, self.indicator, self.phase


@dataclass(frozen=True)
class KeptCorrection:
    """A unit's target that stays as it was corrected, though another value is proposed or the issue has its own
    document."""

    unit: str
    name: str
    indicator: str
    value: Decimal | None
    document: str
    proposed: Decimal | None


@dataclass(frozen=True)
class Issue:
    """An issue of a phase's targets under a document."""

    phase: str
    document: str
    document_date: date
    issued: int
    unchanged: int
    left_out: dict[str, int]
    """Targets without a value, by indicator: they stay unissued until the central target is known."""
    kept: tuple[KeptCorrection, ...]
    """Corrections under a document of their own."""


def propose_targets(
    session: Session, *, to_rule: Collection[tuple[str, str, str]] = (), context: ChangeContext
) -> ProposalReport:
    """Let the rules propose a target for every unit, indicator and phase; equal proposals make no new version.

    What the office has adjusted stays, but those named in `to_rule` by unit, indicator and phase. Raises UnknownName
    for a name of these that there is not.
    """
    require(session, context, Permission.PROPOSE)
    campaign = load_campaign(session)
    units = load_units(session, campaign)
    check_units(session, [unit for unit, _, _ in to_rule])
    for _, indicator, phase in to_rule:
        indicator_named(campaign, indicator)
        check_phase(campaign, phase)
    names = {row.id: (row.code, row.name) for row in session.exec(select(UnitRow))}
    known = _newest(session, "proposed")
    rows: list[dict[str, Any]] = []
    kept: list[KeptAdjustment] = []
    unchanged = unknown = 0
    for case in find_cases(session, campaign, units):
        proposal = propose(case.rule_case)
        is_meant = proposal.because != NOT_MEANT
        unknown += proposal.value is None and is_meant
        reported = (proposal.value, proposal.because, terms_of(case.rule_case, proposal))
        key = (case.unit_id, case.indicator.key, case.phase.key)
        version, before = known.get(key, (0, None))
        if not is_meant and before is None:
            continue
        code, name = names[case.unit_id]
        if is_meant and before is not None and before[1] == ADJUSTED and (code, *key[1:]) not in to_rule:
            reported = _adjusted(before[0], reported, reason=before[2]["reason"])
            if before != reported:
                kept.append(KeptAdjustment(code, name, *key[1:], value=before[0], of_rule=proposal.value))
        if before == reported:
            unchanged += 1
            continue
        rows.append(_version(key, "proposed", version + 1, reported))
    _insert_targets(session, rows, document="", document_date=None, context=context)
    if rows:
        counts = {"proposed": len(rows), "unchanged": unchanged, "unknown": unknown}
        record(
            session,
            context=context,
            action="propose_targets",
            subject=campaign.key,
            new=counts | ({"kept": len(kept)} if kept else {}),
        )
        bring_up_to_date(session)
    return ProposalReport(proposed=len(rows), unchanged=unchanged, unknown=unknown, kept=tuple(kept))


def _adjusted(value: Decimal | None, of_rule: Reported, *, reason: str) -> Reported:
    """A proposal that the office has set, with what the rule gives in its place and looks at."""
    return value, ADJUSTED, of_rule[2] | {OF_RULE: _written(of_rule[0]), "reason": reason}


@dataclass(frozen=True)
class Adjustment:
    """Another value than the rule proposes, and why; None goes back to the rule's own.

    `seen_version`: the proposal's version that the person saw.
    """

    unit: str
    indicator: str
    phase: str
    value: Decimal | None
    reason: str
    seen_version: int


def adjust_proposal(
    session: Session,
    *,
    unit: str,
    indicator: str,
    phase: str,
    value: Decimal | None,
    seen_version: int,
    context: ChangeContext,
) -> None:
    """Propose another value than the rule does, with the reason in the context; None goes back to the rule's own.

    An adjustment holds until it is taken back, whatever the rule comes to give. Raises like `adjust_proposals`.
    """
    adjustment = Adjustment(unit, indicator, phase, value, context.reason, seen_version)
    adjust_proposals(session, [adjustment], context=context)


def adjust_proposals(session: Session, adjustments: Sequence[Adjustment], *, context: ChangeContext) -> int:
    """Adjust proposals, each with a reason of its own; answers how many changed.

    Raises Refused, UnknownName, Incomplete, and DecisionConflict, which says what a proposal became since.
    """
    require(session, context, Permission.PROPOSE)
    campaign = load_campaign(session)
    units = load_units(session, campaign)
    cases = {(case.unit_id, case.indicator.key, case.phase.key): case for case in find_cases(session, campaign, units)}
    newest = _newest(session, "proposed")
    rows: list[dict[str, Any]] = []
    for wanted in adjustments:
        why = replace(context, reason=wanted.reason)
        row, value = find_named_unit(session, wanted.unit), wanted.value
        of_indicator = indicator_named(campaign, wanted.indicator)
        check_phase(campaign, wanted.phase)
        check_reason(why)
        if value is not None:
            value = checked_target(value, of_indicator)
        place = {"unit": wanted.unit, "indicator": wanted.indicator, "phase": wanted.phase}
        check_target_seen(session, **place, origin="proposed", seen_version=wanted.seen_version)
        check_there(campaign, units, row, wanted.phase, context=context)
        key = (row.id or 0, wanted.indicator, wanted.phase)
        case = cases[key].rule_case
        proposal = propose(case)
        version, before = newest.get(key, (0, None))
        reported = (proposal.value, proposal.because, terms_of(case, proposal))
        if value is not None:
            reported = _adjusted(value, reported, reason=wanted.reason)
        if before == reported:
            continue
        rows.append(_version(key, "proposed", version + 1, reported))
        _insert_targets(session, rows[-1:], document="", document_date=None, context=why)
        record(
            session,
            context=why,
            action="adjust_proposal",
            subject=f"{wanted.unit} {wanted.indicator} {wanted.phase}",
            old={"value": None if before is None else _written(before[0])},
            new={"value": _written(reported[0])},
        )
    if rows:
        bring_units_up_to_date(session, sorted({row["unit_id"] for row in rows}))
    return len(rows)


def correct_issue(
    session: Session,
    *,
    unit: str,
    indicator: str,
    phase: str,
    value: Decimal,
    document: str,
    document_date: date,
    seen_version: int,
    context: ChangeContext,
) -> None:
    """Give a unit another target than the issue did, by a new version under a document of its own.

    `seen_version`: the issued version that the person saw. Raises Refused, UnknownName, Incomplete, NothingToIssue
    where nothing was issued that could be corrected, and DecisionConflict, which says what it became since.
    """
    require(session, context, Permission.ISSUE)
    row = find_named_unit(session, unit)
    campaign = load_campaign(session)
    of_indicator = indicator_named(campaign, indicator)
    check_phase(campaign, phase)
    check_reason(context)
    number = check_said(document, "no_document", NO_NUMBER)
    value = checked_target(value, of_indicator)
    check_there(campaign, load_units(session, campaign), row, phase, context=context)
    issued = _newest(session, "issued").get((row.id or 0, indicator, phase))
    if issued is None:
        raise NothingToIssue(
            f"{unit} was issued no target of {indicator} for {phase} yet: issue the phase first.",
            code="nothing_to_correct",
            unit=row.name,
        )
    place = {"unit": unit, "indicator": indicator, "phase": phase}
    check_target_seen(session, **place, origin="issued", seen_version=seen_version)
    version, (before, _because, terms) = issued
    of_issue = {OF_ISSUE: terms.get(OF_ISSUE, _written(before))}
    corrected = _version((row.id or 0, indicator, phase), "issued", version + 1, (value, BECAUSE["issued"], of_issue))
    _insert_targets(session, [corrected], document=number, document_date=document_date, context=context)
    record(
        session,
        context=replace(context, document=number),
        action="correct_issue",
        subject=f"{unit} {indicator} {phase}",
        old={"value": None if before is None else f"{before:f}"},
        new={"value": f"{value:f}", "date": document_date.isoformat()},
    )
    bring_units_up_to_date(session, [row.id or 0])


def issue_targets(
    session: Session,
    *,
    phase: str,
    document: str,
    document_date: date,
    only: Collection[Place] | None = None,
    again: Collection[Place] = (),
    context: ChangeContext,
) -> Issue:
    """Issue the proposed targets of a phase under one document, or some of them alone; all of these or none.

    Corrections stay in force, but those in `again`. Proposals without a value are left out and counted by indicator;
    units that have ended are given nothing. The same issue again is unchanged.
    Raises UnknownName for a phase, Incomplete where the document has no number, NothingToIssue where no proposal has a
    value.
    """
    require(session, context, Permission.ISSUE)
    check_phase(load_campaign(session), phase)
    check_said(document, "no_document", NO_NUMBER)
    planned = plan_issue(
        session, phase=phase, document=document, document_date=document_date, today=today_of(context)
    )  # fmt: skip
    if not planned.lines:
        raise NothingToIssue(
            f"No proposal of phase {phase} has a value. Run `python -m jobs propose`, and enter the central targets "
            "that are missing (`python -m jobs targets` names them).",
            code="nothing_to_issue",
            phase=phase,
        )
    plan = planned.narrowed(only=only, again=again)
    done = _as_issue(plan)
    rows = [
        _version(
            (line.unit_id, line.indicator, phase),
            "issued",
            1 if line.issued is None else line.issued.version + 1,
            (line.proposed.value, BECAUSE["issued"], dict(line.proposed.terms)),
        )
        for line in plan.will_be
    ]
    _insert_targets(session, rows, document=document, document_date=document_date, context=context)
    if rows:
        counts = {"issued": done.issued, "unchanged": done.unchanged, "left_out": done.left_out}
        if done.kept:
            counts["kept"] = len(done.kept)
        record(
            session,
            context=context,
            action="issue_targets",
            subject=phase,
            new=counts | {"date": document_date.isoformat()},
        )
        bring_up_to_date(session)
    return done


def _as_issue(plan: IssuePlan) -> Issue:
    return Issue(
        phase=plan.phase,
        document=plan.document,
        document_date=plan.document_date,
        issued=len(plan.will_be),
        unchanged=plan.count("unchanged"),
        left_out=dict(plan.left_out),
        kept=tuple(
            KeptCorrection(
                line.unit, line.name, line.indicator, line.issued.value, line.issued.document, line.proposed.value
            )
            for line in plan.kept
            if line.issued is not None
        ),
    )


def _version(key: tuple[int, str, str], origin: str, version: int, reported: Reported) -> dict[str, Any]:
    """A version of a target as `_insert_targets` takes it: unit, indicator, phase, value, reason and numbers."""
    (unit_id, indicator, phase), (value, because, terms) = key, reported
    return {
        "unit_id": unit_id,
        "indicator": indicator,
        "phase": phase,
        "origin": origin,
        "version": version,
        "value": value,
        "because": because,
        "terms": terms,
    }


def _newest(session: Session, origin: str) -> dict[tuple[int, str, str], tuple[int, Reported]]:
    """unit, indicator, phase → newest version and what it says."""
    statement = (
        select_columns(
            col(Target.unit_id),
            col(Target.indicator),
            col(Target.phase),
            col(Target.version),
            col(Target.value),
            col(Target.because),
            col(Target.terms),
        )
        .where(col(Target.origin) == origin)
        .order_by(col(Target.version))
    )
    return {
        (row.unit_id, row.indicator, row.phase): (row.version, (row.value, row.because, row.terms))
        for row in session.connection().execute(statement)
    }


def _insert_targets(
    session: Session, rows: list[dict[str, Any]], *, document: str, document_date: date | None, context: ChangeContext
) -> None:
    if not rows:
        return
    shared = {
        "state": "in_force",
        "simulated": find_state(session).simulated,
        "document": document,
        "document_date": document_date,
        "by": context.by,
        "reason": context.reason,
        "recorded_at": context.now,
        "version_id": 1,
    }
    session.connection().execute(sql_table(Target).insert(), [row | shared for row in rows])


EVERY_LEVEL = ""
YEARS = (2000, 2100)
"""Outside of these a year is a slip of the finger."""
NO_DOCUMENT = "Name the document that sets the central target, e.g. 766/QĐ-TTg."


@dataclass(frozen=True)
class CentralEntered:
    """What entering a central target did; the same value under the same document again changes nothing."""

    is_changed: bool
    proposed: int
    """Proposals that are new or changed because of it."""
    kept: tuple[KeptAdjustment, ...] = ()
    """Adjustments that it touches, and that stay."""


def enter_central(
    session: Session,
    *,
    indicator: str,
    year: int,
    level: str,
    value: Decimal | None,
    document: str,
    to_rule: Collection[tuple[str, str, str]] = (),
    context: ChangeContext,
) -> CentralEntered:
    """Enter the central target of an indicator for a year and level (empty: every level); None withdraws it.

    What the rules propose follows at once; what the office has adjusted stays, but those in `to_rule`.
    Raises Refused, UnknownName, Incomplete.
    """
    require(session, context, Permission.CHANGE_CAMPAIGN)
    campaign = load_campaign(session)
    of_indicator = indicator_named(campaign, indicator)
    levels = [known.key for known in campaign.levels]
    if level not in (EVERY_LEVEL, *levels):
        raise UnknownName(kind="level", name=level, allowed=levels)
    if not YEARS[0] <= year <= YEARS[1]:
        raise Incomplete(f"{year} is no year of a central target.", code="year_out_of_range", year=str(year))
    number = check_said(document, "no_central_document", NO_DOCUMENT)
    check_reason(context)
    if value is not None:
        value = checked_target(value, of_indicator)
    before = next(
        (row for row in find_central(session) if (row.indicator, row.year, row.level) == (indicator, year, level)), None
    )
    if value is None and (before is None or before.value is None):
        raise Incomplete("There is no central target here that could be withdrawn.", code="no_central_to_withdraw")
    # Its document is all that is known of where it comes from; the campaign's file says the same.
    reported = "" if value is None else number
    said = CentralRecord(indicator, year, level, value, document=number, source_note=reported)
    counts = record_central(session, [said], is_simulated=find_state(session).simulated, context=context)
    if not counts.changes:
        return CentralEntered(is_changed=False, proposed=0)
    old = None if before is None else {"value": _written(before.value), "document": before.document}
    record(
        session,
        context=replace(context, document=number),
        action="enter_central",
        subject=" ".join(part for part in (indicator, str(year), level) if part),
        old=old,
        new={"value": _written(value)},
    )
    done = propose_targets(session, to_rule=to_rule, context=context)
    return CentralEntered(is_changed=True, proposed=done.proposed, kept=done.kept)


def _written(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
