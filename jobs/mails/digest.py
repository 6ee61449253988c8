"""The digest: the week in one mail. Leaders get the province with the pack, each unit head only their own unit.

And the reminder: what somebody has to do within two days; and of dropped files that wait, as soon as they do. Each is
raised once for each recipient, claimed before it is sent, settled afterwards: a mail that failed is tried again and
seen, none is sent twice (`models.meetings.digests`).
"""

import html
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from jobs.documents.figures import figures_of_snapshot
from jobs.documents.pack import weekly_pack
from jobs.documents.writable import MadeFile
from jobs.intake.waiting_files import file_words
from jobs.mails.mailing import Letter, NotTaken, send
from jobs.pulls.turns import in_turn
from jobs.slides.deck import slide
from jobs.slides.meeting_data import MeetingData, load_meeting_data
from jobs.wording import announcing, milestones, surveys
from jobs.wording import results as wording
from jobs.wording.reporting import what_waits_of_whom
from jobs.wording.results import proposed_note, standing_of
from jobs.workplace import Workplace
from models.core import formats
from models.core.audit import find_head
from models.core.clock import business_day, machine_now
from models.core.state import find_state
from models.core.texts import text
from models.feeds.queries import RunRow
from models.meetings.digests import (
    ClaimedMail,
    claim_mails,
    count_mails,
    find_announced_of,
    find_files_of,
    find_to_remind,
    find_to_tell,
    find_to_tell_of_files,
    find_units_of_mail,
    raise_announced,
    raise_digest,
    raise_files,
    raise_reminders,
    settle_mail,
)
from models.meetings.snapshots import Announced, find_snapshots
from models.results.inputs import load_campaign
from models.results.standing import find_standing
from models.targets.agreements import decided_lately, find_agreements
from models.tasks.dated import Dated, find_open
from models.tasks.queries import WAITING, TaskRow, find_tasks
from targets.errors import CampaignError
from targets.findings import is_short
from targets.results import Result
from targets.values import Campaign

LOG = logging.getLogger(__name__)
LANGUAGE = "vi"
SHOWN_TASKS = 10
Pack = Callable[[int], Sequence[MadeFile]]
"""Snapshot → the files that go to leaders."""
Page = Callable[[str], str]
"""Path → the address at which people reach the page; None where nobody said how they do."""


class NoDigest(CampaignError):
    """There is nothing to mail, or no server to hand it in at; the text says what to do."""


@dataclass(frozen=True)
class Mailed:
    """What became of a round: mails raised, taken by the server, and not taken; and what is not sent by now."""

    raised: int = 0
    sent: int = 0
    failed: int = 0
    waiting: int = 0
    """Mails of this week, of any round, that are still to be sent."""
    lost: int = 0
    """Mails of this week that were given up, or of which nobody knows whether they arrived."""


def mail_digest(
    workplace: Workplace,
    digest: str,
    *,
    snapshot: int | None = None,
    pack: Pack | None = None,
    machine: datetime | None = None,
) -> Mailed:
    """Raise a digest of a snapshot (the newest by default) and send what waits. Raises NoDigest, UnknownName."""
    if not workplace.settings.mail.get_secret_value():
        raise NoDigest("No mail server is set: name it in CAODIEM_MAIL.", code="no_mail_server")
    with workplace.store.reading() as session:
        heads = find_snapshots(session)
    chosen = next((head for head in heads if snapshot in (None, head.id)), None)
    if chosen is None:
        raise NoDigest("Nothing has been frozen yet: `python -m jobs snapshot` does.", code="no_snapshot")
    context = workplace.context(f"digest {digest}")
    raised = in_turn(
        workplace.store,
        lambda session: raise_digest(session, digest, as_of=chosen.as_of, snapshot=chosen.id, context=context),
    )
    sent, failed = send_waiting(workplace, pack=pack, machine=machine)
    with workplace.store.reading() as session:
        counts = count_mails(session, machine=machine or machine_now())
    lost = counts.get("given_up", 0) + counts.get("uncertain", 0)
    return Mailed(raised=raised, sent=sent, failed=failed, waiting=counts.get("waiting", 0), lost=lost)


def remind(workplace: Workplace) -> int:
    """Raise today's reminders, once a day; `send_waiting` sends them. Answers how many are new."""
    return _raised(workplace, find_to_remind, raise_reminders, reason="reminders of what is due")


def tell_announced(workplace: Workplace) -> int:
    """Raise the mails about what is announced, once for each unit head; `send_waiting` sends them."""
    return _raised(workplace, find_to_tell, raise_announced, reason="figures are announced")


def _raised(workplace: Workplace, find: Callable[..., object], change: Callable[..., int], *, reason: str) -> int:
    """How many mails were raised; the store is not locked where nobody is to be told anything."""
    context = workplace.context(reason)
    today = business_day(context.now)
    with workplace.store.reading() as session:
        if not find(session, today=today):
            return 0
    return in_turn(workplace.store, lambda session: change(session, today=today, context=context))


def tell_files(workplace: Workplace) -> int:
    """Raise the mails about dropped files that were not taken in, of each file once; `send_waiting` sends them."""
    return _raised(
        workplace, lambda session, **_: find_to_tell_of_files(session), raise_files, reason="files wait for somebody"
    )


def send_waiting(workplace: Workplace, *, pack: Pack | None = None, machine: datetime | None = None) -> tuple[int, int]:
    """Send every mail that waits: how many the server took, and how many it did not. Without a server nothing."""
    server = workplace.settings.mail.get_secret_value()
    if not server:
        return 0, 0
    clock, context = machine or machine_now(), workplace.context("send the digest")
    claimed = in_turn(workplace.store, lambda session: claim_mails(session, machine=clock, context=context))
    files: dict[int, Sequence[MadeFile]] = {}
    sent = failed = 0
    for mail in claimed:
        failure, is_final = None, False
        try:
            with workplace.store.reading() as session:
                page = workplace.page if workplace.settings.public_address else None
                letter = compose(session, mail, page=page, today=business_day(context.now))
                units = find_units_of_mail(session, mail.login)
            if mail.snapshot is not None and units is None:
                if mail.snapshot not in files:
                    files[mail.snapshot] = (pack or _weekly_pack(workplace))(mail.snapshot)
                letter = replace(letter, files=files[mail.snapshot])
            send(letter, server)
            sent += 1
        except NotTaken as problem:
            failure, is_final, failed = str(problem), problem.is_final, failed + 1
            LOG.warning("a mail was not taken: %s", failure)
        except Exception:
            # Whatever one letter stumbles over, the others of the round go out.
            failure, failed = "not_written", failed + 1
            LOG.exception("a mail could not be written")

        def settle(
            session: Session, mail: ClaimedMail = mail, failure: str | None = failure, is_final: bool = is_final
        ) -> None:
            settle_mail(session, mail.id, failure=failure, is_final=is_final, machine=clock, context=context)

        in_turn(workplace.store, settle)
    return sent, failed


def _weekly_pack(workplace: Workplace) -> Pack:
    """The pack of a snapshot, made once for all leaders of a round."""

    def made(snapshot: int) -> Sequence[MadeFile]:
        with workplace.store.reading() as session:
            figures = figures_of_snapshot(session, snapshot)
        return weekly_pack(figures, LANGUAGE)

    return made


# --- what it says ---------------------------------------------------------------------------------------------------


def compose(session: Session, mail: ClaimedMail, *, page: Page | None, today: date) -> Letter:
    """The mail of one recipient, in words and as HTML that a phone shows without zooming."""
    units = find_units_of_mail(session, mail.login)
    announced = find_announced_of(session, mail.digest)
    if announced is not None:
        return _announcement(session, mail, announced, units or (), today=today, page=page)
    files = find_files_of(session, mail.digest, mail.login)
    if files is not None:
        return _files(session, mail, files, is_office=units is None, page=page)
    if mail.snapshot is None:
        return _reminder(session, mail, units, page=page)
    meeting = load_meeting_data(session, mail.snapshot)
    parts = (
        [_of_unit(session, meeting, code, today=today, page=page) for code in units]
        if units
        else [_of_province(session, meeting, today=today, page=page)]
    )
    subject = text(
        "digest.subject_simulated" if meeting.frozen.head.simulated else "digest.subject",
        LANGUAGE,
        title=parts[0].title,
        date=formats.day(meeting.as_of, LANGUAGE),
    )
    foot = [text("slide.foot.as_of", LANGUAGE, date=formats.day(meeting.as_of, LANGUAGE)), meeting.frozen.head.title]
    foot.append(text("digest.trail", LANGUAGE, end=str(find_head(session))))
    proposed = proposed_note(meeting.rows, LANGUAGE)
    if proposed:
        foot.append(proposed.rstrip("."))
    if meeting.frozen.head.simulated:
        foot.append(text("frame.simulated", LANGUAGE))
    return _letter(mail, subject, parts, " · ".join(foot))


def _reminder(session: Session, mail: ClaimedMail, units: Sequence[str] | None, *, page: Page | None) -> Letter:
    """What a unit has to do within two days, or the office to decide; as it stands when the mail is written."""
    campaign, state = load_campaign(session), find_state(session)
    due = find_open(session).due(units, mail.as_of)
    part = Section(
        title=campaign.short_title.of(LANGUAGE),
        headline=text("digest.due", LANGUAGE, count=formats.whole(len(due), LANGUAGE)),
        lists=_known(("digest.due_list", tuple(dated_line(each, campaign) for each in due))),
        link=page("/targets" if units is None else "/unit") if page else "",
    )
    subject = text(
        "digest.due_subject_simulated" if state.simulated else "digest.due_subject", LANGUAGE, title=part.title,
        date=formats.day(mail.as_of, LANGUAGE),
    )  # fmt: skip
    return _letter(mail, subject, [part], text("frame.simulated", LANGUAGE) if state.simulated else part.title)


def _announcement(
    session: Session, mail: ClaimedMail, announced: Announced, units: Sequence[str], *, today: date, page: Page | None
) -> Letter:
    """Which figures of a unit are to be frozen, and until when it may dispute them. Raises NotTaken once it may not."""
    campaign, is_simulated = load_campaign(session), find_state(session).simulated
    rows = find_standing(session, as_of=announced.as_of, units=list(units))
    parts = [
        Section(
            title=of_unit[0].name,
            headline=announcing.headline(announced, LANGUAGE),
            lists=_known(("announced.figures", announcing.figures(of_unit, campaign, LANGUAGE))),
            link=page(f"/unit?unit={code}&as_of={announced.as_of.isoformat()}&tab=requests") if page else "",
        )
        for code in units
        if (of_unit := [row for row in rows if row.unit == code])
    ]
    if announced.state != "open" or announced.deadline < today or not parts:
        raise NotTaken("no_longer_announced", is_final=True)
    key = "announced.subject_simulated" if is_simulated else "announced.subject"
    name = campaign.short_title.of(LANGUAGE)
    subject = text(key, LANGUAGE, title=name, date=formats.day(announced.as_of, LANGUAGE))
    return _letter(mail, subject, parts, text("frame.simulated", LANGUAGE) if is_simulated else name)


def _files(
    session: Session, mail: ClaimedMail, files: Sequence[RunRow], *, is_office: bool, page: Page | None
) -> Letter:
    """Which dropped files were not taken in, why, and what to do. Raises NotTaken once none of them waits."""
    if not files:
        raise NotTaken("no_longer_waiting", is_final=True)
    campaign, is_simulated = load_campaign(session), find_state(session).simulated
    count = formats.whole(len(files), LANGUAGE)
    part = Section(
        title=campaign.short_title.of(LANGUAGE),
        headline=text("digest.files", LANGUAGE, count=count),
        lists=_known(
            ("digest.files_list", tuple(file_words(file, LANGUAGE) for file in files)),
            ("digest.files_next", (text(f"digest.files_do.{'office' if is_office else 'unit'}", LANGUAGE),)),
        ),
        link=page("/feeds") if page and is_office else "",
    )
    key = "digest.files_subject_simulated" if is_simulated else "digest.files_subject"
    subject = text(key, LANGUAGE, title=part.title, count=count)
    return _letter(mail, subject, [part], text("frame.simulated", LANGUAGE) if is_simulated else part.title)


def dated_line(dated: Dated, campaign: Campaign) -> str:
    """ "UBND huyện Một: giải trình về Trực tuyến (đến 09/03)"."""
    terms = {"date": "—" if dated.due is None else formats.short_day(dated.due, LANGUAGE)}
    if dated.unit_name:
        terms["unit"] = dated.unit_name
    if dated.kind == "task":
        terms["what"] = dated.what
    if dated.indicator:
        terms["name"] = campaign.indicator(dated.indicator).name.of(LANGUAGE)
    if dated.as_of is not None:
        terms["day"] = formats.day(dated.as_of, LANGUAGE)
    return text(f"digest.dated.{dated.kind}{'_late' if dated.is_late else ''}", LANGUAGE, **terms)


def _letter(mail: ClaimedMail, subject: str, parts: Sequence["Section"], foot: str) -> Letter:
    return Letter(
        to=mail.address,
        subject=subject,
        text="\n\n".join([*(part.as_text() for part in parts), foot]) + "\n",
        html=_page(subject, [part.as_html() for part in parts], foot),
        mark=f"digest-{mail.id}",
    )


@dataclass(frozen=True)
class Section:
    """A headline, lists below it, and where to look."""

    title: str
    headline: str
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    link: str

    def as_text(self) -> str:
        """In words."""
        lines = [self.headline]
        for name, items in self.lists:
            lines += ["", f"{name}:", *(f"- {item}" for item in items)]
        return "\n".join([*lines, *(["", self.link] if self.link else [])])

    def as_html(self) -> str:
        """One column, letters of a readable size, no picture."""
        said = [f"<h1>{html.escape(self.headline)}</h1>"]
        for name, items in self.lists:
            listed = "".join(f"<li>{html.escape(item)}</li>" for item in items)
            said.append(f"<h2>{html.escape(name)}</h2><ul>{listed}</ul>")
        if self.link:
            shown = html.escape(self.link, quote=True)
            said.append(f'<p><a href="{shown}">{html.escape(text("digest.open", LANGUAGE))}</a></p>')
        return "".join(said)


def _page(subject: str, parts: Sequence[str], foot: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="{LANGUAGE}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(subject)}</title><style>"
        "body{font:17px/1.5 sans-serif;max-width:36em;margin:0 auto;padding:12px}"
        "p{overflow-wrap:anywhere}h1{font-size:21px;line-height:1.3}h2{font-size:18px;margin-bottom:4px}ul{padding-left:20px;margin-top:4px}"
        f"</style></head><body>{''.join(parts)}<p>{html.escape(foot)}</p></body></html>"
    )


def _of_province(session: Session, meeting: MeetingData, *, today: date, page: Page | None) -> Section:
    """Where the province stands, whom to attend to, what is overdue."""
    keys = [
        "province",
        *(f"attention.{meeting.campaign.main}.{level.key}" for level in meeting.campaign.levels if level.group),
    ]
    found = [slide(meeting, key, LANGUAGE) for key in keys]
    waiting = find_open(session).decisions(today)
    late = [task for task in find_tasks(session, states=WAITING) if task.is_overdue(today)]
    return Section(
        title=meeting.campaign.short_title.of(LANGUAGE),
        headline=found[0].finding,
        lists=_known(
            ("digest.milestone", _of_phase(meeting)),
            (
                "digest.lines",
                tuple(_line(row, meeting) for row in surveys.own_lines(meeting.province, meeting.campaign)),
            ),
            ("digest.attention", tuple(each.finding for each in found[1:])),
            ("digest.late", _tasks(late, today)),
            ("digest.decide", tuple(what_waits_of_whom(each, LANGUAGE) for each in waiting)),
        ),
        link=page(f"/meeting?snapshot={meeting.frozen.head.id}") if page else "",
    )


def _of_unit(session: Session, meeting: MeetingData, code: str, *, today: date, page: Page | None) -> Section:
    """Where one unit stands, what moved, what is missing, what it is to do."""
    shown = slide(meeting, f"unit.{code}", LANGUAGE)
    rows = [row for row in meeting.rows if row.unit == code]
    moved = tuple(
        text(
            "digest.moved_line",
            LANGUAGE,
            name=meeting.indicator(row.indicator).name.of(LANGUAGE),
            change=wording.in_full(wording.change(row.week_change, row, LANGUAGE), row, LANGUAGE),
        )
        for row in rows
        if row.week_change
    )
    tasks = [task for task in find_tasks(session, units=[code], states=WAITING) if task.is_carried]
    asked = [each for each in find_open(session).dated([code], today) if each.kind != "task"]
    decided = decided_lately(find_agreements(session, units=[code]), today)
    return Section(
        title=shown.title,
        headline=shown.finding,
        lists=_known(
            ("digest.milestone", _of_phase(meeting, code)),
            ("digest.lines", tuple(_line(row, meeting) for row in surveys.own_lines(rows, meeting.campaign))),
            ("digest.moved", moved),
            ("digest.tasks", _tasks(tasks, today)),
            ("digest.answer", tuple(dated_line(each, meeting.campaign) for each in asked[:SHOWN_TASKS])),
            ("digest.decided", tuple(announcing.decision(each, meeting.campaign, LANGUAGE) for each in decided)),
        ),
        link=page(f"/unit?unit={code}&as_of={meeting.as_of.isoformat()}") if page else "",
    )


def _of_phase(meeting: MeetingData, unit: str | None = None) -> tuple[str, ...]:
    """How the phase ended that the meeting opens with: for the province, or for one unit; empty where it does not."""
    result = meeting.ended
    if result is None:
        return ()
    if unit is None:
        return milestones.told_alone(result, meeting.campaign.main, LANGUAGE)
    ended = result.end.units.get(unit)
    if ended is None:
        return ()
    return (
        milestones.of_unit(result, unit, LANGUAGE),
        milestones.state(result, LANGUAGE),
        *milestones.lines(result.of_unit(unit), result, LANGUAGE),
    )


def _known(*lists: tuple[str, tuple[str, ...]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((text(key, LANGUAGE), items) for key, items in lists if items)


def _line(row: Result, meeting: MeetingData) -> str:
    """ "Tỷ lệ hồ sơ trực tuyến: 47,1% trên 50%; còn thiếu 2,9 điểm phần trăm · 3.228 hồ sơ"."""
    known = meeting.indicator(row.indicator)
    figure = wording.figure_or_dash(row, LANGUAGE)
    if row.target is None:
        return text(
            "digest.line_alone",
            LANGUAGE,
            name=known.name.of(LANGUAGE),
            value=figure,
            standing=standing_of(row, LANGUAGE),
        )
    return wording.said(
        "digest.line",
        row,
        LANGUAGE,
        name=known.name.of(LANGUAGE),
        value=figure,
        target=wording.target_of(row, LANGUAGE),
        standing=standing_of(row, LANGUAGE),
        missing=wording.owed(row, known, LANGUAGE) if is_short(row) else "—",
    )


def _tasks(rows: Sequence[TaskRow], today: date) -> tuple[str, ...]:
    return tuple(
        text(
            f"digest.dated.task{'_late' if task.is_overdue(today) else '' if task.is_to_do else '_reported'}",
            LANGUAGE,
            unit=task.unit_name,
            what=task.what,
            date="—" if task.due is None else formats.short_day(task.due, LANGUAGE),
        )
        for task in rows[:SHOWN_TASKS]
    )
