"""Putting a campaign's files into a store, following them when they change, and the clock of a demonstration."""

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from sqlmodel import Session, col, select

from models.campaign.files import find_texts
from models.catalogue import CampaignFiles, campaign_to_json, load_campaign_texts
from models.catalogue.changes import Change, changes_between
from models.catalogue.folder import CSV_COLUMNS
from models.catalogue.following import Following, ToFollow, to_follow, units_to_follow
from models.core.audit import ChangeContext, find_state, record
from models.core.columns import day_number
from models.core.permission import require
from models.core.settings import TIMEZONE
from models.readings.actions import (
    Counts,
    record_baselines,
    record_central,
    record_scores,
    record_targets,
    store_readings,
)
from models.readings.loading import Arrival, open_run
from models.readings.records import ReadingRecord, ScoreRecord
from models.results.kept import bring_up_to_date
from models.tables import CampaignFile, CampaignVersion, Run, SourceRow, StoreState
from models.targets.actions import propose_targets
from models.targets.assigning import find_central
from models.tasks.actions import record_tasks
from models.units.actions import record_units
from models.units.queries import find_unit_ids, find_units
from targets.errors import CampaignError, CampaignFilesError
from targets.permissions import Permission
from targets.values import Unit

STAYING = ("units.csv", "registrations.csv", "scores.csv", "readings.csv", "tasks.csv")
"""Files whose rows stay in the store when they are taken out: figures hang on units, and what was agreed, given or
published is not undone by a missing line."""
NEWEST = select(CampaignVersion).order_by(col(CampaignVersion.id).desc()).limit(1)
"""The version in force."""
MOST_TOLD = 200
"""Places that an entry of the audit trail names; beyond, it says how many more there are."""


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
    readings: Counts = field(default_factory=Counts)
    tasks: Counts = field(default_factory=Counts)
    has_new_files: bool = True
    """The files differ from those loaded last, even if only in a comment."""
    differences: tuple[Change, ...] = ()
    """What they say that differs, place by place; empty where it is not known what they said before."""

    @property
    def staying(self) -> tuple[Change, ...]:
        """Rows that were taken out of the files and stay in the store."""
        return tuple(change for change in self.differences if change.file in STAYING and change.is_row_gone)

    @property
    def changes(self) -> int:
        parts = (self.units, self.baselines, self.central, self.registrations, self.scores, self.readings, self.tasks)
        return sum(part.changes for part in parts)


UNCHANGED = Founding(False, Counts(), Counts(), Counts(), Counts(), Counts(), has_new_files=False)
"""The files said nothing that the store did not know."""


def found_campaign(
    session: Session,
    files: CampaignFiles,
    *,
    is_demonstration: bool = False,
    rehearsal_now: datetime | None = None,
    seed: int | None = None,
    changed_from: Mapping[str, bytes] | None = None,
    context: ChangeContext,
) -> Founding:
    """Load a campaign's files into the store, or bring a store up to changed files; equal files change nothing.

    `changed_from`: what the files were before somebody changed them on screen; without it they are a folder's, and
    followed where they differ from the version in force. Raises WrongStore where the store holds another
    campaign, or is no demonstration and one was asked for.
    """
    require(session, context, Permission.CHANGE_CAMPAIGN)
    state = session.exec(select(StoreState)).one_or_none()
    if state is not None:
        check_same(state, files, is_demonstration=is_demonstration)
    newest, held = session.exec(NEWEST).first(), find_texts(session)
    told = held if changed_from is None else changed_from
    is_seen = newest is not None and (changed_from is not None or newest.fingerprint == files.fingerprint)
    if newest is not None and is_seen and (not told or not files.texts or told == files.texts):
        if not held:
            _keep_files(session, newest, held, files.texts)  # a store from before files were kept
        return UNCHANGED
    if newest is not None and told and told == files.texts:
        newest.fingerprint = files.fingerprint  # the folder was brought up to the store, as an export does
        session.add(newest)
        return UNCHANGED
    is_new = state is None
    if state is None:
        state = StoreState(
            campaign_key=files.campaign.key, simulated=is_demonstration, rehearsal_now=rehearsal_now, seed=seed
        )
        session.add(state)
        session.flush()
    before, differences = (
        _loaded_last(told, files.texts),
        changes_between(told, files.texts) if told and files.texts else (),
    )
    version = CampaignVersion(
        content=campaign_to_json(files.campaign),
        fingerprint=files.fingerprint if changed_from is None or newest is None else newest.fingerprint,
        by=context.by,
        reason=context.reason,
        recorded_at=context.now,
    )
    session.add(version)
    session.flush()
    _keep_files(session, version, held, files.texts)
    _follow_sources(session, files)
    units = record_units(session, _units_to_follow(session, files, before), is_whole=True, context=context)
    following = to_follow(files, before)
    facts = _record_facts(session, following, is_simulated=state.simulated, context=context)
    readings, last_day = _record_readings(session, files, following.readings, context=context)
    tasks = _same(following.tasks) + record_tasks(
        session, following.tasks.rows, is_simulated=state.simulated, context=context
    )
    founding = Founding(is_new, units, *facts, readings, tasks, differences=differences)
    record(
        session,
        context=context,
        action="found_campaign" if is_new else "change_campaign",
        subject=files.campaign.key,
        old=_places({change: change.old for change in differences}) or None,
        new=_places({change: change.new for change in differences})
        | {"fingerprint": files.fingerprint, "changes": founding.changes},
    )
    if held and not any(change.touches_figures for change in differences):
        state.kept_version = state.data_version
        session.add(state)
    elif not propose_targets(session, context=context).proposed or last_day is not None:
        bring_up_to_date(session, through=last_day)
    return founding


def leave_folder(
    session: Session, files: CampaignFiles, differences: Sequence[Change], *, context: ChangeContext
) -> None:
    """Note that a folder was looked at and its differences were not taken over: the campaign stays as it is."""
    require(session, context, Permission.CHANGE_CAMPAIGN)
    newest = session.exec(NEWEST).one()
    newest.fingerprint = files.fingerprint
    session.add(newest)
    record(
        session,
        context=context,
        action="leave_folder",
        subject=files.campaign.key,
        new=_places({change: change.new for change in differences}) | {"fingerprint": files.fingerprint},
        is_change=False,
    )


def _places(values: Mapping[Change, str | None]) -> dict[str, Any]:
    """What stands at each place, as the audit trail keeps it."""
    reported: dict[str, Any] = {
        f"{change.file}, {change.place}": value for change, value in list(values.items())[:MOST_TOLD]
    }
    return reported if len(values) <= MOST_TOLD else reported | {"more": len(values) - MOST_TOLD}


def _loaded_last(texts: Mapping[str, bytes], now: Mapping[str, bytes]) -> CampaignFiles | None:
    """What the files said when they were loaded last; None where this program can no longer read that.

    Where only the settings cannot be read, the tables are read under today's settings: rows that say what they always
    said then overwrite nothing that was imported since.
    """
    tables = {file: texts.get(file, content) if file in CSV_COLUMNS else content for file, content in now.items()}
    for readable in (texts, tables) if texts else ():
        try:
            return load_campaign_texts(readable)
        except CampaignFilesError:
            continue
    return None


def _keep_files(
    session: Session, version: CampaignVersion, held: Mapping[str, bytes], texts: Mapping[str, bytes]
) -> None:
    for file in dict.fromkeys((*held, *texts)):
        if texts and held.get(file) != texts.get(file):
            content = zlib.compress(texts[file]) if file in texts else None
            session.add(CampaignFile(version_id=version.id or 0, file=file, content=content))
    session.flush()


def _units_to_follow(session: Session, files: CampaignFiles, before: CampaignFiles | None) -> Sequence[Unit]:
    if before is None:
        return files.units
    return units_to_follow(files.units, before.units, find_units(session))


def check_same(state: StoreState, files: CampaignFiles, *, is_demonstration: bool) -> None:
    """Raise WrongStore where the files are another campaign's, or a demonstration is wanted of a real store."""
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
    session: Session, following: ToFollow, *, is_simulated: bool, context: ChangeContext
) -> tuple[Counts, Counts, Counts, Counts]:
    """Baselines, central targets, registrations and scores.

    Baselines and central targets whose rows were taken out are withdrawn, unless somebody has withdrawn the target
    already. What the files say of the year before is real in a demonstration too.
    """
    baselines = [
        *following.baselines.rows,
        *(
            replace(row, value=None, numerator=None, denominator=None, qualifier=None, source_note="")
            for row in following.baselines.gone
        ),
    ]
    standing = {(row.indicator, row.year, row.level) for row in find_central(session) if row.value is not None}
    central = [
        *following.central.rows,
        *(
            replace(row, value=None, document=context.document or row.document, source_note="")
            for row in following.central.gone
            if (row.indicator, row.year, row.level) in standing
        ),
    ]
    marks: dict[str, Any] = {"is_simulated": is_simulated, "context": context}
    registrations, scores = following.registrations, following.scores
    return (
        _same(following.baselines) + record_baselines(session, baselines, is_simulated=False, context=context),
        _same(following.central) + record_central(session, central, **marks),
        _same(registrations) + record_targets(session, registrations.rows, **marks),
        _same(scores) + _record_scores(session, scores.rows, **marks),
    )


def _same(following: Following[Any]) -> Counts:
    return Counts(unchanged=following.unchanged)


def _record_scores(
    session: Session, scores: Sequence[ScoreRecord], *, is_simulated: bool, context: ChangeContext
) -> Counts:
    """Each source's scores as a run of their own."""
    total = Counts()
    for key in dict.fromkeys(row.source for row in scores):
        run, _ = open_run(session, Arrival(kind="scores", source=key, file_name="scores.csv"), context)
        told = [row for row in scores if row.source == key]
        counts = record_scores(session, told, run=run, is_simulated=is_simulated)
        _close(session, run, counts, received=len(told))
        total += counts
    return total


def _record_readings(
    session: Session, files: CampaignFiles, following: Following[ReadingRecord], *, context: ChangeContext
) -> tuple[Counts, int | None]:
    """Each source's figures as a run of their own, and their last day. They are real in a demonstration too."""
    campaign, ids, total, last = files.campaign, find_unit_ids(session), _same(following), None
    levels = {unit.code: unit.level for unit in files.units}

    def scope_of(row: ReadingRecord) -> str:
        return row.scope or campaign.source(row.source).scope or campaign.level(levels[row.unit]).default_scope

    for key in dict.fromkeys(row.source for row in following.rows):
        told = [row for row in following.rows if row.source == key]
        run, source = open_run(session, Arrival(kind="readings", source=key, file_name="readings.csv"), context)
        frame = pd.DataFrame(
            {
                "unit_id": [ids[row.unit] for row in told],
                "indicator": [row.indicator for row in told],
                "as_of": [day_number(row.as_of) for row in told],
                "scope": [scope_of(row) for row in told],
                **{
                    name: np.array([_float(getattr(row, name)) for row in told])
                    for name in ("numerator", "denominator", "value", "value_high")
                },
                "qualifier": [row.qualifier for row in told],
                "note": [row.note or None for row in told],
            }
        )
        stored = store_readings(session, [frame], run=run, source=source, campaign=campaign, is_simulated=False)
        _close(session, run, stored.counts, received=len(told))
        run.warnings = list(stored.remarks)
        total += stored.counts
        last = max(last or stored.last, stored.last)
    return total, last


def _float(number: Decimal | int | None) -> float:
    return math.nan if number is None else float(number)


def _close(session: Session, run: Run, counts: Counts, *, received: int) -> None:
    """A run of the folder's own files has done what it did."""
    run.received, run.accepted, run.revised, run.unchanged = received, counts.accepted, counts.revised, counts.unchanged
    run.status = "done" if counts.changes else "unchanged"
    session.add(run)


def move_rehearsal(session: Session, *, to: datetime, context: ChangeContext) -> bool:
    """Move a demonstration's instant on, never back; answers whether it moved."""
    require(session, context, Permission.PULL)
    state = find_state(session)
    was = state.rehearsal_now
    if was is None or to <= was:
        return False
    state.rehearsal_now = to
    session.add(state)
    record(
        session,
        context=context,
        action="move_rehearsal",
        subject=state.campaign_key,
        old={"now": was.astimezone(TIMEZONE).isoformat()},
        new={"now": to.astimezone(TIMEZONE).isoformat()},
    )
    return True
