"""The examination of an installation: one finding for each thing that can be wrong."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shlex import quote

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from jobs.backups import postgresql, sqlite
from jobs.backups.restore import find_put_aside, no_store_but
from jobs.campaigns.changing import load_checked
from jobs.campaigns.folder import compare_folder, load_files
from jobs.health.limits import files_at_most, room_for_pages
from jobs.health.wellness import LEAST_FREE_BYTES, Wellness, find_open_files, find_wellness, free_bytes
from jobs.sources import UNTAKEN, demands, untaken
from jobs.workplace import Workplace
from models import migrations
from models.core.audit import KEY, Head, find_break, find_broken_seal, find_head, find_lost, find_unguarded
from models.core.clock import business_day, business_now, machine_now
from models.core.state import find_state
from models.feeds.health import OK, find_health
from models.feeds.states import FeedState
from models.feeds.words import failure_sentence
from models.results.inputs import load_campaign
from models.results.overview import find_overview
from targets.errors import CampaignError, CampaignFilesError, StoreNotReady, UnknownName, UnreadableFile
from targets.results import CALCULATION

FEW_PAGES = 100
"""Fewer open pages than that are found too few: an office in the morning."""


@dataclass(frozen=True)
class Finding:
    """What was examined, whether it is well, and what was found."""

    subject: str
    is_well: bool
    says: str


def examine(workplace: Workplace, *, against: str | None = None, machine: datetime | None = None) -> list[Finding]:
    """Examine everything; what cannot be examined because something before it is broken is left out.

    `against` is an end of the audit trail noted earlier, or a file that holds some. Raises UnreadableFile where it is
    neither.
    """
    noted = [] if against is None else _noted(against)
    findings = [
        Finding("settings", True, f"campaign {workplace.settings.campaign}, home {workplace.settings.home}"),
        _disk(workplace),
        _limits(workplace),
        _files(workplace),
        *_put_aside(workplace),
    ]
    try:
        with workplace.store.reading() as session:
            health = find_health(session)
            findings.append(_version(workplace, health.migrations))
            state = find_state(session)
            findings.append(Finding("store", True, f"{state.campaign_key}, data version {state.data_version}"))
            if health.is_well:
                findings += [_calculation(state.calculation), *_trail(session, noted)]
            findings.append(_campaign_files(session, workplace))
            campaign = load_campaign(session)
            findings += [
                Finding(f"untaken source {source.key}", True, f"no indicator takes its figures: {UNTAKEN}")
                for source in untaken(campaign)
            ]
            findings += [Finding(f"account of {key}", True, says) for key, says in demands(campaign).items()]
            findings.append(_figures(session, workplace))
            if health.is_well:
                wellness = find_wellness(session, workplace.settings, machine=machine or machine_now())
                findings += [*map(_source, wellness.feeds), *_kept_well(wellness)]
    except CampaignError as error:
        findings.append(Finding("store", False, str(error)))
    except DBAPIError as error:
        # Unreachable, or its tables are not those of this code: what the database itself says of it.
        findings.append(Finding("store", False, str(error.orig).strip().splitlines()[0]))
    return findings


def _trail(session: Session, noted: list[str]) -> list[Finding]:
    """Whether the audit trail is what was written, as far as the store itself and what was noted outside it can say."""
    broken, seal, unguarded = find_break(session), find_broken_seal(session), find_unguarded(session)
    findings = [
        Finding("audit chain", broken is None, broken or f"whole, it ends at {find_head(session)}"),
        Finding(
            "append-only tables",
            not unguarded,
            "the database lets rows be changed: " + ", ".join(unguarded) + "; restore a backup, or find out who did it"
            if unguarded
            else "the database refuses every change",
        ),
    ]
    if find_state(session).trail_seal or seal:
        says = "it holds" if session.info.get(KEY) else "set CAODIEM_AUDIT_KEY to examine it"
        findings.append(Finding("audit seal", seal is None, seal or says))
    lost = [says for says in (find_lost(session, head) for head in noted) if says]
    if noted:
        says = f"{len(noted)} noted before, all on the chain" if not lost else "; ".join(lost)
        findings.append(Finding("audit trail as noted", not lost, says))
    return findings


def _noted(against: str) -> list[str]:
    """Ends of the trail: the one that is written out, or all that a backup, a journal or a mail holds."""
    if Head.WRITTEN.fullmatch(against):
        return [against]
    try:
        content = Path(against).read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{against} is neither the end of an audit trail nor a file: {error.strerror}.") from error
    for engine in (sqlite, postgresql):
        if content.startswith(engine.HEADER):
            return [engine.read_backup(Path(against)).trail]
    found = {match[0] for match in Head.WRITTEN.finditer(content.decode(errors="replace")) if match["number"]}
    if not found:
        raise UnreadableFile(f"{against} holds no end of an audit trail: a number, a colon and 64 digits.")
    return sorted(found)


def _version(workplace: Workplace, says: str) -> Finding:
    """Which version the tables are of; where that is another one, what to do about it."""
    if says != OK:
        try:
            migrations.check_version(workplace.store, may_be_empty=True)
        except StoreNotReady as error:
            says = str(error)
    return Finding("migrations", says == OK, says)


def _calculation(made_by: int) -> Finding:
    says = f"results are kept by calculation {made_by}"
    if made_by != CALCULATION:
        says += f", this program does {CALCULATION}: `python -m jobs init` computes them anew"
    return Finding("calculation", made_by == CALCULATION, says)


def _files(workplace: Workplace) -> Finding:
    """Whether anybody but their owner can reach the store, its copies, logs and raw answers."""
    places, count = find_open_files(workplace.settings)
    if not places:
        return Finding("files", True, "their owner's alone")
    mended = " ".join(quote(str(place)) for place in places)
    return Finding("files", False, f"{count} can be reached by others than their owner: `chmod -R go-rwx {mended}`")


def _put_aside(workplace: Workplace) -> list[Finding]:
    """Stores that a restore put aside; where none stands in their place, one of them is the way back."""
    try:
        aside, is_there = find_put_aside(workplace), workplace.store.has_tables()
    except DBAPIError:
        return []
    if not aside:
        return []
    if is_there:
        return [Finding("put aside", True, f"{len(aside)} replaced by a restore, newest {aside[0]}")]
    return [Finding("put aside", False, no_store_but(aside))]


def _campaign_files(session: Session, workplace: Workplace) -> Finding:
    """Whether the campaign's folder says what the store holds; where it does not, the store's holds and all is well."""
    subject, key, folder = "campaign files", find_state(session).campaign_key, workplace.settings.campaign
    try:
        files = load_checked(load_files(folder).texts)
    except (UnknownName, UnreadableFile):
        return Finding(subject, True, f"no folder {folder} here; the store is not held to it")
    except CampaignFilesError as mistakes:
        count, first = len(mistakes.problems), mistakes.problems[0]
        says = f"{count} mistake{'s' if count != 1 else ''}, first {first} `python -m jobs init` names all"
        return Finding(subject, False, says)
    if files.campaign.key != key:
        return Finding(subject, True, f"{folder} holds another campaign, {files.campaign.key}")
    compared = compare_folder(session, files)
    if not compared.differences:
        return Finding(subject, True, f"{folder}, as the store holds them")
    says = f"{folder} differs from the store, places: {len(compared.differences)}, first {compared.differences[0]}; "
    if compared.is_known:
        return Finding(subject, True, f"{says}the store's hold, `python -m jobs campaign export` writes them")
    return Finding(
        subject,
        True,
        f"{says}changed since it was taken in: `python -m jobs init` takes it in, or asks",
    )


def _figures(session: Session, workplace: Workplace) -> Finding:
    now = business_now(workplace.settings, rehearsal=find_state(session).rehearsal_now)
    overview = find_overview(session, as_of=business_day(now))
    told = overview.told
    if told.day is None:
        return Finding("figures", False, f"no figure yet of any of {told.units} units")
    says = f"newest {told.day:%d/%m/%Y}; {told.told} of {told.units} units have all their figures, none too old"
    return Finding("figures", told.told > 0, says)


def _source(feed: FeedState) -> Finding:
    parts = [feed.state.replace("_", " ")]
    if feed.last_good is None:
        parts.append("no answer yet")
    else:
        parts.append(f"last answer {feed.last_good:%d/%m/%Y %H:%M}, {feed.age_hours} hours ago")
    if feed.is_late and feed.expected_day is not None:
        parts.append(f"the figures of {feed.expected_day:%d/%m/%Y} are missing")
    if feed.failures:
        why = failure_sentence(feed.failure or "unexpected", feed.failure_terms or {}, "en")
        parts.append(f"{feed.failures} failures in a row: {why}")
    return Finding(f"source {feed.source}", feed.is_well, "; ".join(parts))


def _kept_well(wellness: Wellness) -> list[Finding]:
    """What people left lying, messages that could not be sent, and whether there is a backup."""
    rows = wellness.open_rows
    findings = [
        Finding("quarantine", True, f"{rows} rows wait to be mended" if rows else "empty"),
        Finding("backup", wellness.backup_is_well, _backup(wellness)),
    ]
    if wellness.is_telling or wellness.messages:
        given = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in sorted(wellness.messages.items()))
        findings.append(Finding("messages", wellness.messages_are_well, given or "none yet"))
    if wellness.is_mailing or wellness.mails:
        given = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in sorted(wellness.mails.items()))
        findings.append(Finding("mails", wellness.mails_are_well, given or "none this week"))
    return findings


def _backup(wellness: Wellness) -> str:
    age = wellness.health.backup_age_hours
    said = {
        "demonstration": "a demonstration is made anew by `init`; none is kept unless CAODIEM_BACKUP_FOLDER is set",
        "not_wanted": "none is made by this program (CAODIEM_BACKUP_DAYS=0)",
        "none": "there is none; `python -m jobs schedule` makes one a day, `python -m jobs backup DEST` makes one now",
        "old": "nobody made one since; look at the log of `python -m jobs schedule`",
        "good": "verified when it was written",
    }[wellness.backup]
    return said if age is None else f"{age} hours old; {said}"


def _disk(workplace: Workplace) -> Finding:
    free = free_bytes(workplace.settings)
    return Finding("disk", free >= LEAST_FREE_BYTES, f"{free / 1e9:.1f} GB free")


def _limits(workplace: Workplace) -> Finding:
    """How many pages the system lets a server hold open; it raises its own limit as far as it may."""
    files, most = files_at_most(), workplace.settings.most_pages
    room = min(room_for_pages(files), most)
    says = f"room for {room} open pages"
    if room < most:
        return Finding(
            "limits",
            room >= FEW_PAGES,
            f"{says} of the {most} of CAODIEM_MOST_PAGES: a process may open {files} files. `LimitNOFILE=` of its unit "
            "raises that, or `ulimit -Hn`",
        )
    return Finding("limits", True, f"{says}; a process may open {files} files")
