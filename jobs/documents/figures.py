"""The one object that all documents of a meeting are made from: rows as `standing` returns them, and what is beside
them; and what every document says alike: its period, its marks, where its numbers come from, who issues it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import islice

from sqlmodel import Session, select

from jobs.slides.meeting_data import MeetingData, load_meeting_data, seen_by
from jobs.wording import prose
from jobs.wording import results as wording
from jobs.wording.results import where_it_is_from
from models.campaign.holidays import working_days
from models.core import formats
from models.core.audit import find_state
from models.core.clock import business_day
from models.core.columns import day_number, day_of
from models.core.texts import text
from models.meetings.frozen import find_facts
from models.meetings.snapshots import FrozenFigures, SnapshotHead
from models.results.inputs import load_campaign, load_owed, load_units
from models.results.standing import find_standing
from models.tables import UnitRow
from models.tasks.queries import TaskRow, find_tasks
from targets.results import Result
from targets.values import Campaign, Level, Signer

WEEK = timedelta(days=7)
ANSWER_WITHIN = 3
"""Working days a unit has to explain itself."""
LONGEST_REST = 30
"""Days within which so many working days come, whatever is celebrated."""
UNFROZEN = 0
"""The number of a snapshot that was never taken: the figures are of a day as they stand."""


@dataclass(frozen=True)
class Signing:
    """What people decide about a paper before it is printed; what is left empty is a dotted blank."""

    signer: int = 0
    """Which of the campaign's signers, counted from 0."""
    is_dated: bool = False
    """Bears the meeting's day; else the day of signing is left to be written."""
    place: str = ""
    """Where the meeting was held, who chaired it, and who attended."""
    chair: str = ""
    attendance: str = ""


@dataclass(frozen=True)
class PackFigures:
    """What a pack says, in figures."""

    meeting: MeetingData
    province_name: str
    head_title: str | None
    """The title of the head of the province, as the campaign's files call it."""
    head_name: str | None
    last_day: date
    """The day of the meeting before, else a week before the figures' day: the period reported begins after it."""
    targets: Mapping[tuple[str, str], tuple[float | None, ...]]
    """Unit and indicator → the target of each phase of the campaign."""
    tasks: tuple[TaskRow, ...]
    """Conclusions and tasks of this very meeting."""
    signing: Signing = Signing()

    @property
    def campaign(self) -> Campaign:
        return self.meeting.campaign

    @property
    def as_of(self) -> date:
        return self.meeting.as_of

    @property
    def first_day(self) -> date:
        """The first day of the period reported."""
        return self.last_day + timedelta(days=1)

    @property
    def day(self) -> date:
        """The meeting's day: the one on which the figures were frozen, or are looked at."""
        return business_day(self.meeting.frozen.head.recorded_at)

    @property
    def signers(self) -> tuple[Signer, ...]:
        """Who may sign."""
        return signers_of(self.campaign, self.head_name or "")

    @property
    def rows(self) -> tuple[Result, ...]:
        return self.meeting.rows

    @property
    def is_frozen(self) -> bool:
        return self.meeting.frozen.head.id != UNFROZEN

    @property
    def is_simulated(self) -> bool:
        return self.meeting.frozen.head.simulated

    @cached_property
    def is_stale(self) -> bool:
        """Whether a line of the province itself rests on figures that are out of date."""
        return any(row.standing == "stale" for row in self.meeting.province)

    @cached_property
    def groups(self) -> tuple[Level, ...]:
        """The levels that tables list, each as a group."""
        return tuple(level for level in self.campaign.levels if level.group is not None)

    def of_group(self, level: str, indicator: str) -> tuple[Result, ...]:
        """The units of a level on an indicator, in the campaign's order."""
        return tuple(row for row in self.meeting.by_indicator[indicator] if row.level == level)

    @cached_property
    def ranks(self) -> Mapping[tuple[str, str], int]:
        """Unit and indicator → its rank by rate in its level, the best first: fresh figures alone, equal ones share."""
        found: dict[tuple[str, str], int] = {}
        for indicator in self.campaign.indicators:
            for level in self.groups:
                rated = [
                    row
                    for row in self.of_group(level.key, indicator.key)
                    if row.value is not None and row.coverage == 1 and not row.is_bound
                ]
                values = sorted((row.value or 0.0 for row in rated), reverse=not indicator.lower_is_better)
                first = {value: place for place, value in reversed(list(enumerate(values, start=1)))}
                found |= {(row.unit, indicator.key): first[row.value or 0.0] for row in rated}
        return found


def signers_of(campaign: Campaign, head_name: str) -> tuple[Signer, ...]:
    """Whom the campaign lets sign; the head of the unit at the top where it names nobody, or the head not by name."""
    return tuple(
        replace(each, name=each.name or head_name) if each.signs_as == "TM" else each
        for each in campaign.signers or (Signer("TM", ""),)
    )


def figures_of_snapshot(session: Session, snapshot_id: int) -> PackFigures:
    """What a snapshot holds, against the meeting before it. Raises UnknownName."""
    meeting = load_meeting_data(session, snapshot_id)
    return _figures(session, meeting, last_day=meeting.as_of - WEEK if meeting.before is None else meeting.before.as_of)


def figures_of_day(
    session: Session, *, as_of: date, now: datetime, known_at: datetime | None, title: str
) -> PackFigures:
    """Where units stand on a day, as known at a moment; nothing is frozen by it. `title` says so at the foot."""
    campaign = load_campaign(session, known_at=known_at)
    head = SnapshotHead(
        id=UNFROZEN,
        title=title,
        as_of=as_of,
        known_at=known_at or now,
        phase=campaign.phase_on(as_of).key,
        simulated=find_state(session).simulated,
        slot=None,
        by="",
        reason="",
        recorded_at=now,
    )
    facts = find_facts(session, campaign, as_of=as_of, known_at=known_at)
    meeting = MeetingData(
        frozen=FrozenFigures(head=head, campaign=campaign, facts=facts),
        rows=seen_by(head, find_standing(session, as_of=as_of, known_at=known_at), facts),
        before=None,
        recorded=(),
        agenda=(),
    )
    return _figures(session, meeting, last_day=as_of - WEEK, known_at=known_at)


def _figures(
    session: Session, meeting: MeetingData, *, last_day: date, known_at: datetime | None = None
) -> PackFigures:
    """Beside the meeting data: all phases' targets, as known when their own figures were."""
    head, campaign = meeting.frozen.head, meeting.campaign
    moment = head.known_at if head.id != UNFROZEN else known_at
    units = load_units(session, campaign)
    targets = load_owed(session, campaign, units, known_at=moment).target
    province = session.exec(select(UnitRow).where(UnitRow.code == campaign.province)).one()
    return PackFigures(
        meeting=meeting,
        province_name=province.name,
        head_title=province.head_title,
        head_name=province.head_name,
        last_day=last_day,
        targets={
            (code, indicator.key): tuple(None if value != value else float(value) for value in targets[at, place])
            for at, code in enumerate(units.codes)
            for place, indicator in enumerate(campaign.indicators)
        },
        tasks=tuple(find_tasks(session, snapshot=head.id)) if head.id != UNFROZEN else (),
    )


def found_whole(figures: PackFigures, language: str) -> str:
    """The general picture in a paragraph, alike in report and notice."""
    phase = figures.campaign.phase(figures.meeting.frozen.head.phase)
    return prose.whole(figures.meeting.province, figures.campaign, as_of=figures.as_of, phase=phase, language=language)


def answer_by(figures: PackFigures) -> date:
    """By when units are to explain themselves: so many working days after the meeting's day.

    Years after a campaign its calendar knows no working days; days are then counted as they come.
    """
    calendar, today = working_days(figures.campaign), day_number(figures.day)
    ahead = (day for day in range(today + 1, today + LONGEST_REST) if calendar.is_working_day(day))
    return day_of(next(islice(ahead, ANSWER_WITHIN - 1, None), today + ANSWER_WITHIN))


def mark(figures: PackFigures, language: str) -> str:
    """What stands on every page: simulated, out of date; empty where neither is true."""
    said = []
    if figures.is_simulated:
        said.append(text("gaps.download.simulated", language))
    if figures.is_stale:
        said.append(text("pack.stale", language))
    return " · ".join(said)


def period(figures: PackFigures, language: str) -> str:
    """ "(Từ ngày 01/05/2024 đến ngày 07/05/2024)": from the day after last week's figures."""
    first, last = (formats.day(day, language) for day in (figures.first_day, figures.as_of))
    return text("pack.period", language, first=first, last=last)


def numbered_title(figures: PackFigures, language: str) -> str:
    """The title with the campaign's day."""
    day = figures.campaign.day_number(figures.as_of)
    title = text("weekly.title", language)
    if not 1 <= day <= figures.campaign.days:
        return title
    return text("pack.numbered", language, title=title, day=day, days=figures.campaign.days)


def origin(figures: PackFigures, language: str) -> str:
    """Which figures these are: frozen under a name, or as they stood at a moment."""
    head = figures.meeting.frozen.head
    key = "pack.frozen" if figures.is_frozen else "pack.unfrozen"
    terms = {"title": head.title} if figures.is_frozen else {}
    moment = formats.moment(head.known_at, language)
    return text(key, language, moment=moment, product=text("product", language), **terms)


def foot(figures: PackFigures, language: str, *, is_ranked: bool = True) -> tuple[str, ...]:
    """What must be known to read a table; one that ranks and adds up says by what."""
    said = [text("pack.note.change", language)]
    if any(row.origin == "proposed" for row in figures.meeting.rows):
        said.append(text("pack.note.proposed", language))
    facts = figures.meeting.frozen.facts
    for indicator in figures.campaign.indicators:
        mixed = where_it_is_from(facts.sources.get(indicator.key, {}), figures.campaign, language)
        said += [f"{indicator.name.of(language)}: {mixed}."] if mixed else []
    said.append(text("pack.note.missing", language))
    if is_ranked:
        said.append(text("pack.note.rank", language))
    return *said, origin(figures, language)


def plan(figures: PackFigures, language: str) -> str:
    """ "Kế hoạch số 629/KH-UBND ngày 19/03/2024 của UBND tỉnh Gia Lai về …": on what a paper rests."""
    campaign = figures.campaign
    title = campaign.title.of(language)
    if campaign.document_date is None:
        return title
    return text("pack.plan", language, document=campaign.document, campaign=title, body=figures.province_name,
                date=formats.day(campaign.document_date, language))  # fmt: skip


def place(figures: PackFigures) -> str:
    """ "Gia Lai": where a document is dated."""
    return wording.bare_name(figures.province_name)


def leaders(figures: PackFigures, language: str) -> str:
    """To whose leaders a document goes to be known."""
    return text("report.recipient.leaders", language, body=figures.province_name)


def issuer(figures: PackFigures, language: str) -> str:
    """ "ỦY BAN NHÂN DÂN", and "TỈNH GIA LAI" below it: the body that issues a paper, in full."""
    office, _, place_of = figures.province_name.partition(" ")
    if office != "UBND":
        return figures.province_name.upper()
    return f"{text('report.committee', language)}\n{place_of.upper()}"


def signature(figures: PackFigures, language: str) -> tuple[tuple[str, ...], str]:
    """What stands above the room for the signature, by the capacity in which somebody signs; and the name below it."""
    signer = figures.signers[min(figures.signing.signer, len(figures.signers) - 1)]
    head = text("report.signed_by", language)
    title = signer.title.upper() or head
    above = {
        "TM": (text("report.on_behalf", language), title),
        "KT": (text("report.on_behalf", language), text("report.for_head", language, head=head), title),
        "TL": (text("report.by_order", language, head=head), title),
    }
    return above[signer.signs_as], signer.name


def recipients(
    figures: PackFigures, language: str, *, file: str, above: Sequence[str] = (), below: Sequence[str] = ()
) -> tuple[str, ...]:
    """To whom a paper goes: the leaders and whoever the campaign names besides, and above or below whom it concerns."""
    more = (f"{each.rstrip(';.')};" for each in figures.campaign.recipients)
    return *above, leaders(figures, language), *more, *below, file


def everybody(figures: PackFigures, language: str) -> str:
    """ "Sở, ban, ngành; UBND cấp huyện; …;": the units of every level as recipients."""
    levels = "; ".join(level.name.of(language) for level in figures.campaign.levels[1:])
    return text("report.recipient.units", language, levels=levels or figures.province_name)


def place_and_date(figures: PackFigures, language: str) -> str:
    """ "Gia Lai, ngày 07 tháng 5 năm 2024": months from March on without a nought, as the decree writes them.

    Day and month are dotted where the day of signing is left open.
    """
    day = figures.day
    terms = {"place": place(figures), "year": str(day.year)}
    if not figures.signing.is_dated:
        return text("pack.place_and_blank", language, **terms)
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return text("pack.place_and_date", language, **terms, day=f"{day.day:02d}", month=month)
