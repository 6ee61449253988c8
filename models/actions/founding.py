"""Putting a campaign's files into a store, and following them when they change."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from models.actions.facts import (
    BaselineFact,
    CentralFact,
    Counts,
    ScoreFact,
    TargetFact,
    record_baselines,
    record_central,
    record_scores,
    record_targets,
)
from models.actions.loading import Arrival, open_run
from models.actions.permission import require
from models.actions.targets import propose_targets
from models.actions.units import record_units
from models.audit import Deed, record
from models.catalogue import CampaignFiles, campaign_to_json
from models.kept import bring_up_to_date
from models.tables import CampaignVersion, SourceRow, StoreState, UnitRow
from targets.errors import CampaignError
from targets.permissions import Permission


class WrongStore(CampaignError):
    """The store holds something else than what is to be put into it."""


@dataclass(frozen=True)
class Founding:
    """What loading the campaign's files did."""

    is_new: bool
    units: Counts
    baselines: Counts
    central: Counts
    registrations: Counts
    scores: Counts

    @property
    def changes(self) -> int:
        parts = (self.units, self.baselines, self.central, self.registrations, self.scores)
        return sum(part.changes for part in parts)


def found_campaign(
    session: Session,
    files: CampaignFiles,
    *,
    is_demonstration: bool = False,
    rehearsal_now: datetime | None = None,
    seed: int | None = None,
    deed: Deed,
) -> Founding:
    """Load a campaign's files into the store, or bring a store up to changed files; equal files change nothing.

    Raises WrongStore where the store holds another campaign, or is no demonstration and one was asked for.
    """
    require(session, deed, Permission.CHANGE_CAMPAIGN)
    state = session.exec(select(StoreState)).one_or_none()
    if state is not None:
        _check_same(state, files, is_demonstration=is_demonstration)
    newest = session.exec(select(CampaignVersion).order_by(col(CampaignVersion.id).desc()).limit(1)).first()
    if newest is not None and newest.fingerprint == files.fingerprint:
        return Founding(False, Counts(), Counts(), Counts(), Counts(), Counts())
    is_new = state is None
    if state is None:
        state = StoreState(
            campaign_key=files.campaign.key, simulated=is_demonstration, rehearsal_now=rehearsal_now, seed=seed
        )
        session.add(state)
        session.flush()
    session.add(
        CampaignVersion(
            content=campaign_to_json(files.campaign),
            fingerprint=files.fingerprint,
            by=deed.by,
            reason=deed.reason,
            recorded_at=deed.now,
        )
    )
    _follow_sources(session, files)
    units = record_units(session, files.units, is_whole=True, deed=deed)
    founding = _record_facts(session, files, units, is_new=is_new, is_simulated=state.simulated, deed=deed)
    record(
        session,
        deed=deed,
        action="found_campaign" if is_new else "change_campaign",
        subject=files.campaign.key,
        new={"fingerprint": files.fingerprint, "changes": founding.changes},
    )
    propose_targets(session, deed=deed)
    bring_up_to_date(session)
    return founding


def _check_same(state: StoreState, files: CampaignFiles, *, is_demonstration: bool) -> None:
    if state.campaign_key != files.campaign.key:
        raise WrongStore(
            f"This store holds the campaign “{state.campaign_key}”, not “{files.campaign.key}”. One store holds one "
            "campaign: set CAODIEM_HOME (or CAODIEM_DATABASE) to another place for the new one.",
            code="other_campaign",
            held=state.campaign_key,
            wanted=files.campaign.key,
        )
    if is_demonstration and not state.simulated:
        raise WrongStore(
            "This store holds a real campaign; simulated days are never mixed with real ones. "
            "Set CAODIEM_HOME to another folder for a demonstration.",
            code="real_store",
        )


def _follow_sources(session: Session, files: CampaignFiles) -> None:
    known = {row.key: row for row in session.exec(select(SourceRow))}
    for source in files.campaign.sources:
        row = known.get(source.key)
        if row is None:
            session.add(SourceRow(key=source.key, kind=source.kind))
        elif row.kind != source.kind:
            row.kind = source.kind
            session.add(row)
    session.flush()


def _record_facts(
    session: Session, files: CampaignFiles, units: Counts, *, is_new: bool, is_simulated: bool, deed: Deed
) -> Founding:
    ids = {row.code: row.id or 0 for row in session.exec(select(UnitRow))}
    baselines = record_baselines(
        session,
        [
            BaselineFact(
                unit_id=ids[row.unit],
                indicator=row.indicator,
                year=row.year,
                value=row.value,
                numerator=row.numerator,
                denominator=row.denominator,
                qualifier=row.qualifier,
                source_note=_note(row.source, row.note),
            )
            for row in files.baselines
        ],
        is_simulated=is_simulated,
        deed=deed,
    )
    central = record_central(
        session,
        [
            CentralFact(
                indicator=row.indicator,
                year=row.year,
                level=row.level or "",
                value=row.value,
                document=row.document,
                source_note=_note(row.source, row.note),
            )
            for row in files.central
        ],
        is_simulated=is_simulated,
        deed=deed,
    )
    registrations = record_targets(
        session,
        [
            TargetFact(
                unit_id=ids[row.unit],
                indicator=row.indicator,
                phase=row.phase,
                origin="registered",
                value=row.value,
                because="own_registration",
                document=row.document,
                document_date=row.date,
            )
            for row in files.registrations
        ],
        is_simulated=is_simulated,
        deed=deed,
    )
    scores = _record_scores(session, files, ids, is_simulated=is_simulated, deed=deed)
    return Founding(is_new, units, baselines, central, registrations, scores)


def _record_scores(
    session: Session, files: CampaignFiles, ids: dict[str, int], *, is_simulated: bool, deed: Deed
) -> Counts:
    total = Counts()
    for key in dict.fromkeys(row.source for row in files.scores):
        run, source = open_run(session, Arrival(kind="scores", source=key, file_name="scores.csv"), deed)
        facts = [
            ScoreFact(
                unit_id=ids[row.unit],
                indicator=row.indicator or "",
                basis="year",
                period_start=date(row.year, 1, 1),
                period_end=date(row.year, 12, 31),
                as_of=date(row.year, 12, 31),
                points=row.points,
                max_points=row.max_points,
                rank=row.rank,
                rank_of=row.rank_of,
                rank_group=row.rank_group,
                source_note=row.note,
            )
            for row in files.scores
            if row.source == key
        ]
        counts = record_scores(session, facts, source=source, run_id=run.id or 0, is_simulated=is_simulated)
        run.received, run.accepted, run.revised = len(facts), counts.accepted, counts.revised
        run.unchanged, run.status = counts.unchanged, "done" if counts.changes else "unchanged"
        session.add(run)
        total += counts
    return total


def _note(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
