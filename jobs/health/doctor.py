"""The examination of an installation: one finding for each thing that can be wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shlex import quote
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from jobs.backups import postgresql, sqlite
from jobs.backups.restore import find_put_aside, no_store_but
from jobs.campaigns.changing import load_checked
from jobs.campaigns.folder import compare_folder, load_files
from jobs.health.limits import files_at_most, room_for_pages
from jobs.health.wellness import LEAST_FREE_BYTES, Wellness, find_open_files, find_wellness, free_bytes
from jobs.sources import demands, untaken
from jobs.wording.mistakes import mistake_words, problem_place
from jobs.workplace import Workplace
from models import migrations
from models.core import formats
from models.core.audit import KEY, Head, find_break, find_broken_seal, find_head, find_lost, find_unguarded
from models.core.clock import business_day, business_now, machine_now
from models.core.state import find_state
from models.core.texts import sentence_of, text
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
    """What scripts know it by: English."""
    is_well: bool
    says: str
    name: str = ""
    """The subject in the reader's words."""


@dataclass(frozen=True)
class Examiner:
    """Words findings in the reader's language."""

    language: str

    def words(self, key: str, **terms: str | int) -> str:
        return text(f"doctor.{key}", self.language, **terms)

    def finding(self, kind: str, is_well: bool, says: str, *, of: str = "") -> Finding:
        """`of`: what of this kind was examined, a source's key."""
        subject, name = (text(f"doctor.subject.{kind}", each) for each in ("en", self.language))
        about = f" {of}" if of else ""
        return Finding(subject + about, is_well, says, name + about)


def examine(
    workplace: Workplace, *, against: str | None = None, machine: datetime | None = None, language: str = "en"
) -> list[Finding]:
    """Examine everything; what cannot be examined because something before it is broken is left out.

    `against` is an end of the audit trail noted earlier, or a file that holds some. Raises UnreadableFile where it is
    neither.
    """
    noted = [] if against is None else _noted(against)
    settings, here = workplace.settings, Examiner(language)
    places = here.words("settings", campaign=str(settings.campaign), home=str(settings.home))
    findings = [
        here.finding("settings", True, places),
        _disk(workplace, here),
        _limits(workplace, here),
        _files(workplace, here),
        *_put_aside(workplace, here),
    ]
    try:
        with workplace.store.reading() as session:
            health = find_health(session)
            findings.append(_version(workplace, health.migrations, here))
            state = find_state(session)
            held = here.words("store", campaign=state.campaign_key, version=state.data_version)
            findings.append(here.finding("store", True, held))
            if health.is_well:
                findings += [_calculation(state.calculation, here), *_trail(session, noted, here)]
            findings.append(_campaign_files(session, workplace, here))
            campaign = load_campaign(session)
            untaken_says = here.words("untaken")
            findings += [here.finding("untaken", True, untaken_says, of=source.key) for source in untaken(campaign)]
            asked = demands(campaign, language)
            findings += [here.finding("account", True, says, of=key) for key, says in asked.items()]
            findings.append(_figures(session, workplace, here))
            if health.is_well:
                wellness = find_wellness(session, settings, machine=machine or machine_now())
                findings += [*(_source(feed, here) for feed in wellness.feeds), *_kept_well(wellness, here)]
    except CampaignError as error:
        findings.append(here.finding("store", False, sentence_of(error, language)))
    except DBAPIError as error:
        # Unreachable, or its tables are not those of this code: what the database itself says of it.
        findings.append(here.finding("store", False, str(error.orig).strip().splitlines()[0]))
    return findings


def _trail(session: Session, noted: list[str], here: Examiner) -> list[Finding]:
    """Whether the audit trail is what was written, as far as the store itself and what was noted outside it can say."""
    broken, seal = find_break(session), find_broken_seal(session, here.language)
    unguarded = ", ".join(find_unguarded(session))
    guards = here.words("unguarded", tables=unguarded) if unguarded else here.words("guarded")
    findings = [
        here.finding(
            "audit_chain",
            broken is None,
            broken.sentence(here.language) if broken else here.words("chain", end=str(find_head(session))),
        ),
        here.finding("append_only", not unguarded, guards),
    ]
    if find_state(session).trail_seal or seal:
        says = here.words("sealed" if session.info.get(KEY) else "seal_unknown")
        findings.append(here.finding("audit_seal", seal is None, seal or says))
    lost = [says for says in (find_lost(session, head, here.language) for head in noted) if says]
    if noted:
        says = "; ".join(lost) or here.words("noted", count=len(noted))
        findings.append(here.finding("audit_noted", not lost, says))
    return findings


def _noted(against: str) -> list[str]:
    """Ends of the trail: the one that is written out, or all that a backup, a journal or a mail holds."""
    if Head.WRITTEN.fullmatch(against):
        return [against]
    try:
        content = Path(against).read_bytes()
    except OSError as error:
        raise UnreadableFile(
            f"{against} is neither the end of an audit trail nor a file: {error.strerror}.",
            code="no_end_of_trail",
            written=against,
            why=str(error.strerror),
        ) from error
    for engine in (sqlite, postgresql):
        if content.startswith(engine.HEADER):
            return [engine.read_backup(Path(against)).trail]
    found = {match[0] for match in Head.WRITTEN.finditer(content.decode(errors="replace")) if match["number"]}
    if not found:
        raise UnreadableFile(
            f"{against} holds no end of an audit trail: a number, a colon and 64 digits.",
            code="no_end_in_file",
            file=against,
        )
    return sorted(found)


def _version(workplace: Workplace, says: str, here: Examiner) -> Finding:
    """Which version the tables are of; where that is another one, what to do about it."""
    if says != OK:
        try:
            migrations.check_version(workplace.store, may_be_empty=True)
        except StoreNotReady as error:
            says = sentence_of(error, here.language)
    return here.finding("migrations", says == OK, here.words("version") if says == OK else says)


def _calculation(made_by: int, here: Examiner) -> Finding:
    is_ours = made_by == CALCULATION
    terms = {"made_by": str(made_by)} | ({} if is_ours else {"needed": str(CALCULATION)})
    return here.finding("calculation", is_ours, here.words("calculation" if is_ours else "other_calculation", **terms))


def _files(workplace: Workplace, here: Examiner) -> Finding:
    """Whether anybody but their owner can reach the store, its copies, logs and raw answers."""
    places, count = find_open_files(workplace.settings)
    if not places:
        return here.finding("files", True, here.words("files"))
    mended = " ".join(quote(str(place)) for place in places)
    return here.finding("files", False, here.words("open_files", count=count, files=mended))


def _put_aside(workplace: Workplace, here: Examiner) -> list[Finding]:
    """Stores that a restore put aside; where none stands in their place, one of them is the way back."""
    try:
        aside, is_there = find_put_aside(workplace), workplace.store.has_tables()
    except DBAPIError:
        return []
    if not aside:
        return []
    if is_there:
        return [here.finding("put_aside", True, here.words("put_aside", count=len(aside), file=str(aside[0])))]
    return [here.finding("put_aside", False, sentence_of(no_store_but(aside), here.language))]


def _campaign_files(session: Session, workplace: Workplace, here: Examiner) -> Finding:
    """Whether the campaign's folder says what the store holds; where it does not, the store's holds and all is well."""
    key, folder = find_state(session).campaign_key, str(workplace.settings.campaign)

    def found(said: str, is_well: bool = True, **terms: str | int) -> Finding:
        return here.finding("campaign_files", is_well, here.words(f"campaign.{said}", **terms))

    try:
        files = load_checked(load_files(folder).texts)
    except (UnknownName, UnreadableFile):
        return found("none", folder=folder)
    except CampaignFilesError as mistakes:
        wrong = mistakes.problems[0]
        said = f"{problem_place(wrong, here.language)}: {mistake_words(wrong, here.language)}"
        return found("mistakes", is_well=False, count=len(mistakes.problems), first=said)
    if files.campaign.key != key:
        return found("other", folder=folder, campaign=files.campaign.key)
    compared = compare_folder(session, files)
    if not compared.differences:
        return found("same", folder=folder)
    said, first = "store_differs" if compared.is_known else "folder_differs", str(compared.differences[0])
    return found(said, folder=folder, count=len(compared.differences), first=first)


def _figures(session: Session, workplace: Workplace, here: Examiner) -> Finding:
    now = business_now(workplace.settings, rehearsal=find_state(session).rehearsal_now)
    told = find_overview(session, as_of=business_day(now)).told
    if told.day is None:
        return here.finding("figures", False, here.words("no_figures", units=told.units))
    day = formats.day(told.day, here.language)
    return here.finding("figures", told.told > 0, here.words("figures", date=day, told=told.told, units=told.units))


def _source(feed: FeedState, here: Examiner) -> Finding:
    parts = [here.words(f"feed.{feed.state}")]
    if feed.last_good is None:
        parts.append(here.words("no_answer"))
    else:
        moment = formats.moment(feed.last_good, here.language)
        parts.append(
            here.words("last_answer", moment=moment, hours=formats.decimal(feed.age_hours or 0, here.language))
        )
    if feed.is_late and feed.expected_day is not None:
        parts.append(here.words("missing", date=formats.day(feed.expected_day, here.language)))
    if feed.failures:
        why = failure_sentence(feed.failure or "unexpected", feed.failure_terms or {}, here.language)
        parts.append(here.words("failures", count=feed.failures, why=why))
    return here.finding("source", feed.is_well, "; ".join(parts), of=feed.source)


def _kept_well(wellness: Wellness, here: Examiner) -> list[Finding]:
    """What people left lying, messages that could not be sent, and whether there is a backup."""
    rows = wellness.open_rows
    waiting = here.words("quarantine", rows=rows) if rows else here.words("quarantine_empty")
    findings = [
        here.finding("quarantine", True, waiting),
        here.finding("backup", wellness.backup_is_well, _backup(wellness, here)),
    ]
    if wellness.is_telling or wellness.messages:
        said = _counted(wellness.messages, here) or here.words("no_messages")
        findings.append(here.finding("messages", wellness.messages_are_well, said))
    if wellness.is_mailing or wellness.mails:
        said = _counted(wellness.mails, here) or here.words("no_mails")
        findings.append(here.finding("mails", wellness.mails_are_well, said))
    return findings


def _counted(states: Mapping[Any, int], here: Examiner) -> str:
    return ", ".join(here.words(f"sent.{state}", count=count) for state, count in sorted(states.items()))


def _backup(wellness: Wellness, here: Examiner) -> str:
    age = wellness.health.backup_age_hours
    said = here.words(f"backup.{wellness.backup}")
    return said if age is None else here.words("backup.aged", hours=formats.decimal(age, here.language), said=said)


def _disk(workplace: Workplace, here: Examiner) -> Finding:
    free = free_bytes(workplace.settings)
    said = here.words("disk", size=formats.decimal(free / 1e9, here.language))
    return here.finding("disk", free >= LEAST_FREE_BYTES, said)


def _limits(workplace: Workplace, here: Examiner) -> Finding:
    """How many pages the system lets a server hold open; it raises its own limit as far as it may."""
    files, most = files_at_most(), workplace.settings.most_pages
    room = min(room_for_pages(files), most)
    pages = {"pages": str(room), "files": str(files)}
    if room < most:
        return here.finding("limits", room >= FEW_PAGES, here.words("few_pages", most=str(most), **pages))
    return here.finding("limits", True, here.words("limits", **pages))
