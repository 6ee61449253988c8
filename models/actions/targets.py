"""Targets: proposed by the rule, issued by a decision. Nothing is overwritten; every version stays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from models.actions.permission import require
from models.audit import Deed, find_state, record
from models.inputs import Units, baseline_points, load_campaign, load_units
from models.kept import bring_up_to_date, sql_table
from models.tables import Baseline, CentralTarget, Target
from targets.errors import CampaignError, UnknownName
from targets.permissions import Permission
from targets.rules import Proposal, RuleCase, propose
from targets.values import Campaign, Indicator, Phase


class NothingToIssue(CampaignError):
    """A phase cannot be issued: nothing is proposed, or something that must be known is missing."""


@dataclass(frozen=True)
class ProposalReport:
    """What proposing did: targets whose proposal is new or changed, and those that stay as they were."""

    proposed: int
    unchanged: int
    unknown: int
    """Proposals without a value (a central target is missing)."""


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


@dataclass(frozen=True)
class _Case:
    unit_id: int
    indicator: Indicator
    phase: Phase
    rule_case: RuleCase


def propose_targets(session: Session, *, deed: Deed) -> ProposalReport:
    """Let the rules propose a target for every unit, indicator and phase; equal proposals make no new version."""
    require(session, deed, Permission.PROPOSE)
    campaign = load_campaign(session)
    units = load_units(session, campaign)
    known = _newest(session, "proposed")
    is_simulated = find_state(session).simulated
    rows: list[dict[str, Any]] = []
    unchanged = unknown = 0
    for case in _cases(session, campaign, units):
        proposal = propose(case.rule_case)
        unknown += proposal.value is None
        terms = _terms(case.rule_case, proposal)
        key = (case.unit_id, case.indicator.key, case.phase.key)
        version, before = known.get(key, (0, None))
        if before == (proposal.value, proposal.because, terms):
            unchanged += 1
            continue
        rows.append(
            {
                "unit_id": case.unit_id,
                "indicator": case.indicator.key,
                "phase": case.phase.key,
                "origin": "proposed",
                "version": version + 1,
                "value": proposal.value,
                "because": proposal.because,
                "terms": terms,
                "simulated": is_simulated,
            }
        )
    _insert_targets(session, rows, document="", document_date=None, deed=deed)
    if rows:
        record(
            session,
            deed=deed,
            action="propose_targets",
            subject=campaign.key,
            new={"proposed": len(rows), "unchanged": unchanged, "unknown": unknown},
        )
        bring_up_to_date(session)
    return ProposalReport(proposed=len(rows), unchanged=unchanged, unknown=unknown)


def issue_targets(session: Session, *, phase: str, document: str, document_date: date, deed: Deed) -> Issue:
    """Issue every proposed target of a phase under one document; all of them or none.

    Proposals without a value are left out and counted by indicator. The same issue again is unchanged.
    Raises UnknownName for a phase, NothingToIssue where the document has no number or no proposal has a value.
    """
    require(session, deed, Permission.ISSUE)
    campaign = load_campaign(session)
    if phase not in (known_phase.key for known_phase in campaign.phases):
        raise UnknownName(kind="phase", name=phase, allowed=[known_phase.key for known_phase in campaign.phases])
    if not document.strip():
        raise NothingToIssue(
            "Targets are issued under a document: give its number, e.g. 629/KH-UBND.", code="no_document"
        )
    indicators = {indicator.key for indicator in campaign.indicators}
    every = _newest(session, "proposed").items()
    proposed = {key: told for key, told in every if key[2] == phase and key[1] in indicators}
    issued = _newest(session, "issued")
    documents = _documents(session, phase)
    rows: list[dict[str, Any]] = []
    left_out: dict[str, int] = {}
    unchanged = 0
    for key, (_, (value, _because, terms)) in proposed.items():
        if value is None:
            left_out[key[1]] = left_out.get(key[1], 0) + 1
            continue
        version, before = issued.get(key, (0, None))
        if before is not None and before[0] == value and documents.get(key) == (document, document_date):
            unchanged += 1
            continue
        rows.append(
            {
                "unit_id": key[0],
                "indicator": key[1],
                "phase": phase,
                "origin": "issued",
                "version": version + 1,
                "value": value,
                "because": "issued_by_decision",
                "terms": terms,
                "simulated": find_state(session).simulated,
            }
        )
    if not rows and not unchanged:
        raise NothingToIssue(
            f"No proposal of phase {phase} has a value. Run `python -m jobs propose`, and enter the central targets "
            "that are missing (`python -m jobs targets` names them).",
            code="nothing_to_issue",
            phase=phase,
        )
    _insert_targets(session, rows, document=document, document_date=document_date, deed=deed)
    if rows:
        record(
            session,
            deed=deed,
            action="issue_targets",
            subject=phase,
            new={"issued": len(rows), "unchanged": unchanged, "left_out": left_out, "date": document_date.isoformat()},
        )
        bring_up_to_date(session)
    return Issue(
        phase=phase,
        document=document,
        document_date=document_date,
        issued=len(rows),
        unchanged=unchanged,
        left_out=left_out,
    )


def _cases(session: Session, campaign: Campaign, units: Units) -> Iterator[_Case]:
    """Every unit × indicator × phase with its baseline and central target."""
    baselines: dict[tuple[int, str], Decimal | None] = {}
    statement = select(Baseline).where(Baseline.year == campaign.baseline_year).order_by(col(Baseline.version))
    for row in session.exec(statement):
        baselines[row.unit_id, row.indicator] = baseline_points(row)
    central: dict[tuple[str, str], Decimal | None] = {}
    of_year = select(CentralTarget).where(CentralTarget.year == campaign.target_year)
    for target in session.exec(of_year.order_by(col(CentralTarget.version))):
        central[target.indicator, target.level] = target.value
    dated = [phase for phase in campaign.phases if phase.due is not None]
    interim = dated[0].key if len(dated) > 1 else None
    for position, unit_id in enumerate(units.ids.tolist()):
        for indicator in campaign.indicators:
            for phase in campaign.phases:
                yield _Case(
                    unit_id=unit_id,
                    indicator=indicator,
                    phase=phase,
                    rule_case=RuleCase(
                        rule=indicator.rule,
                        ceiling=indicator.ceiling,
                        baseline=baselines.get((unit_id, indicator.key)),
                        central=central.get((indicator.key, units.levels[position]), central.get((indicator.key, ""))),
                        is_interim=phase.key == interim,
                    ),
                )


def _terms(case: RuleCase, proposal: Proposal) -> dict[str, Any]:
    """The numbers behind a proposal, as decimal strings: what its explanation is made of."""
    rule = case.rule
    terms: dict[str, Any] = {
        "baseline": None if case.baseline is None else str(case.baseline),
        "central": None if case.central is None else str(case.central),
        "rule": rule.kind,
        "is_interim": case.is_interim,
        "is_capped": proposal.is_capped,
    }
    if rule.kind == "central_plus":
        terms |= {
            "uplift": str(rule.uplift),
            "uplift_kind": rule.uplift_kind,
            "at_or_above": rule.at_or_above,
            "phase_1": rule.phase_1,
            "share": str(rule.share),
        }
    return terms


def _newest(
    session: Session, origin: str
) -> dict[tuple[int, str, str], tuple[int, tuple[Decimal | None, str, dict[str, Any]]]]:
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


def _documents(session: Session, phase: str) -> dict[tuple[int, str, str], tuple[str, date | None]]:
    statement = select(Target).where(Target.origin == "issued", Target.phase == phase).order_by(col(Target.version))
    return {
        (row.unit_id, row.indicator, row.phase): (row.document, row.document_date) for row in session.exec(statement)
    }


def _insert_targets(
    session: Session, rows: list[dict[str, Any]], *, document: str, document_date: date | None, deed: Deed
) -> None:
    if not rows:
        return
    shared = {
        "state": "in_force",
        "document": document,
        "document_date": document_date,
        "by": deed.by,
        "reason": deed.reason,
        "recorded_at": deed.now,
        "version_id": 1,
    }
    session.connection().execute(sql_table(Target).insert(), [row | shared for row in rows])
