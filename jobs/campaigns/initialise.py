"""Making a store ready: migrations, the campaign's files, and demonstration days where they are wanted."""

from dataclasses import dataclass
from datetime import datetime, time

from sqlmodel import Session, select

from jobs.campaigns import demonstration
from jobs.campaigns.demonstrated_office import DemonstratedOffice
from jobs.campaigns.folder import Take, take_folder
from jobs.imports.tables.vocabulary import check_headings
from jobs.sources import check_sources
from jobs.sources.simulated import reporting_units, simulated_sources
from jobs.workplace import Step, Tell, Workplace
from models import migrations
from models.campaign.actions import UNCHANGED, Founding, WrongStore
from models.catalogue import CampaignFiles
from models.catalogue.changes import Change
from models.core.audit import ChangeContext
from models.core.clock import business_now
from models.core.settings import TIMEZONE
from models.core.state import find_state
from models.core.store import Store
from models.core.stores import find_keys
from models.readings.actions import record_baselines
from models.readings.loading import Arrival, load_history
from models.readings.records import BaselineRecord
from models.results.inputs import baseline_points
from models.results.kept import compute_anew, days_kept, is_of_another_calculation
from models.tables import Baseline, Run, StoreState
from models.targets.actions import propose_targets
from models.units.queries import find_units


@dataclass(frozen=True)
class Initialised:
    """What `init` did."""

    campaign: str
    founding: Founding
    is_demonstration: bool
    rehearsal_now: datetime | None
    simulated_readings: int
    days_computed_anew: int
    """Days whose kept results another calculation had made; 0 where none had."""
    left: tuple[Change, ...] = ()
    """Differences of the folder that were left as the store holds them."""


def initialise(
    store: Store,
    files: CampaignFiles,
    *,
    with_demonstration: bool,
    by: str,
    now: datetime,
    tell: Tell,
    take: Take | None = None,
) -> Initialised:
    """Create or upgrade the store and load a campaign; with a demonstration, its simulated days too.

    Run again it follows changed files and loses nothing; `take` says which holds where folder and store were both
    changed. Raises FolderDiffers where it does not, WrongStore where the store holds something else, and
    CampaignFilesError where a source is described as its kind cannot use it.
    """
    check_sources(files.campaign)
    check_headings(files.campaign)
    tell(Step("preparing"))
    with migrations.one_at_a_time(store):
        migrations.upgrade(store)
        with store.writing() as session:
            state = session.exec(select(StoreState)).one_or_none()
            is_demonstration = state.simulated if state is not None else with_demonstration
            rehearsal = demonstration.rehearsal_instant(files.campaign) if is_demonstration else None
            # A demonstration is founded before its campaign begins, so that its past can be asked about.
            founded_at = (
                datetime.combine(files.campaign.document_date or files.campaign.baseline_day, time(8), tzinfo=TIMEZONE)
                if is_demonstration and state is None
                else now
            )
            is_made_otherwise = state is not None and is_of_another_calculation(state)
            tell(Step("loading", {"campaign": files.campaign.key}))
            founding: Founding = UNCHANGED
            left: tuple[Change, ...] = ()
            if state is None or not state.is_archived:
                founding, left = take_folder(
                    session,
                    files,
                    take=take,
                    is_demonstration=with_demonstration,
                    rehearsal_now=rehearsal,
                    seed=demonstration.SEED if is_demonstration else None,
                    context=ChangeContext(by=by, reason="init", now=founded_at),
                )
            compute_anew(
                session,
                context=ChangeContext(by=by, reason="init", now=now),
                progress=lambda done, of: tell(Step("computing", {"done": done, "of": of})),
            )
            simulated = 0
            made = select(Run.id).where(Run.kind == "demonstration").limit(1)
            if is_demonstration and session.exec(made).first() is None:
                tell(Step("simulating"))
                simulated = _demonstrate(session, files, by=by, founded_at=founded_at)
            settled = session.exec(select(StoreState)).one()
            return Initialised(
                campaign=files.campaign.key,
                founding=founding,
                is_demonstration=settled.simulated,
                rehearsal_now=settled.rehearsal_now,
                simulated_readings=simulated,
                days_computed_anew=days_kept(settled, files.campaign) if is_made_otherwise else 0,
                left=left,
            )


def check_place(workplace: Workplace, key: str) -> None:
    """Raise WrongStore where a campaign would come into a store that is called after another, or into a second one.

    The key stands in every address, and two stores of one campaign would tell two truths.
    """
    if not workplace.campaign:
        is_there = key in find_keys(workplace.settings)
    elif key != workplace.campaign:
        raise WrongStore(
            f"The store “{workplace.campaign}” is for the campaign of that key, and the folder holds “{key}”. "
            f"Write `--store {key}`.",
            code="store_of_another",
            held=workplace.campaign,
            wanted=key,
        )
    else:
        with workplace.at_front().store.reading() as session:
            is_there = find_state(session).campaign_key == key
    if is_there:
        raise WrongStore(
            f"The campaign “{key}” has a store here already: `python -m jobs doctor` names them.",
            code="store_of_further",
            campaign=key,
        )


def bring_to_this_version(workplace: Workplace) -> None:
    """Upgrade a store that is there, whatever it holds; its campaign stays what it is."""
    with migrations.one_at_a_time(workplace.store):
        migrations.upgrade(workplace.store)
        with workplace.store.writing() as session:
            now = business_now(workplace.settings, rehearsal=find_state(session).rehearsal_now)
            compute_anew(session, context=ChangeContext(by=workplace.by, reason="init", now=now))


def _demonstrate(session: Session, files: CampaignFiles, *, by: str, founded_at: datetime) -> int:
    """Simulated baselines where the files have none, every day up to the rehearsal's, and an office at work."""
    campaign = files.campaign
    units = find_units(session)
    codes = {unit.unit_id: unit.code for unit in units}
    context = ChangeContext(by=by, reason="demonstration: simulated figures", now=founded_at)
    known = {
        (codes[row.unit_id], row.indicator): float(points)
        for row in session.exec(select(Baseline).where(Baseline.year == campaign.baseline_year))
        if (points := baseline_points(row)) is not None
    }
    missing = [
        (unit, indicator.key)
        for unit in units
        for indicator in campaign.indicators
        if (unit.code, indicator.key) not in known
    ]
    made = {
        (unit.code, indicator): demonstration.simulated_baseline(campaign, unit, indicator)
        for unit, indicator in missing
    }
    record_baselines(
        session,
        [
            BaselineRecord(
                unit=unit.code,
                indicator=indicator,
                year=campaign.baseline_year,
                value=made[unit.code, indicator],
                source_note="simulated",
            )
            for unit, indicator in missing
        ],
        is_simulated=True,
        context=context,
    )
    propose_targets(session, context=context)
    office = DemonstratedOffice(session, campaign, by)
    office.before_the_first_day()
    through = demonstration.rehearsal_instant(campaign).date()
    days = demonstration.simulated_days(
        campaign, units, known | {key: float(value) for key, value in made.items()}, through=through
    )
    simulated = simulated_sources(campaign)
    codes = {unit.unit_id: unit.code for unit in units}
    reporting = {source: reporting_units(campaign, options, codes) for source, options in simulated.items()}
    reports = load_history(
        session,
        (
            (
                ChangeContext(by=by, reason=context.reason, now=day.received_at),
                Arrival(kind="demonstration", source=source, received=len(frame), for_date=day.for_date),
                frame,
            )
            for day in days
            for source, reported in reporting.items()
            if not simulated[source].is_silent(day.for_date)
            for frame in [day.frame[day.frame["unit_id"].isin(reported)]]
        ),
        context=ChangeContext(by=by, reason=context.reason, now=demonstration.rehearsal_instant(campaign)),
    )
    office.until_today()
    return sum(report.counts.accepted + report.counts.revised for report in reports)
