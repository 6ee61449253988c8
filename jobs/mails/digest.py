"""The digest: the week in one mail. Leaders get the province with the pack, each unit head only their own unit.

Raised once for each recipient, claimed before it is sent, settled afterwards: a mail that failed is tried again and
seen, and none is sent twice (see `models.meetings.digests`).
"""

import html
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from jobs.documents.figures import figures_of_snapshot
from jobs.documents.pack import weekly_pack
from jobs.mails.mailing import Attached, Letter, NotTaken, send
from jobs.pulls.turns import in_turn
from jobs.slides.deck import slide
from jobs.slides.meeting_data import MeetingData, load_meeting_data
from jobs.wording import results as wording
from jobs.wording.results import proposed_note, standing_of
from jobs.workplace import Workplace
from models.accounts.queries import find_actor
from models.core import formats
from models.core.audit import find_head
from models.core.clock import business_day, machine_now
from models.core.texts import text
from models.meetings.digests import ClaimedMail, claim_mails, raise_digest, settle_mail
from models.meetings.snapshots import find_snapshots
from models.tasks.queries import TaskRow, find_tasks
from targets.errors import CampaignError
from targets.findings import is_short
from targets.permissions import Actor
from targets.results import Result

LOG = logging.getLogger(__name__)
LANGUAGE = "vi"
SHOWN_TASKS = 10
WAITING = ("open", "reported")
Pack = Callable[[int], Sequence[Attached]]
"""Snapshot → the files that go to leaders."""
Page = Callable[[str], str]
"""Path → the address at which people reach the page; None where nobody said how they do."""


class NoDigest(CampaignError):
    """There is nothing to mail, or no server to hand it in at; the text says what to do."""


@dataclass(frozen=True)
class Mailed:
    """What became of a round: mails raised, taken by the server, and not taken."""

    raised: int = 0
    sent: int = 0
    failed: int = 0


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
    return Mailed(raised=raised, sent=sent, failed=failed)


def send_waiting(workplace: Workplace, *, pack: Pack | None = None, machine: datetime | None = None) -> tuple[int, int]:
    """Send every mail that waits: how many the server took, and how many it did not. Without a server nothing."""
    server = workplace.settings.mail.get_secret_value()
    if not server:
        return 0, 0
    clock, context = machine or machine_now(), workplace.context("send the digest")
    claimed = in_turn(workplace.store, lambda session: claim_mails(session, machine=clock, context=context))
    files: dict[int, Sequence[Attached]] = {}
    sent = failed = 0
    for mail in claimed:
        failure = None
        try:
            with workplace.store.reading() as session:
                page = workplace.page if workplace.settings.public_address else None
                letter = compose(session, mail, page=page, today=business_day(context.now))
                actor = find_actor(session, mail.login)
            if mail.snapshot is not None and actor is not None and actor.role != "unit_head":
                if mail.snapshot not in files:
                    files[mail.snapshot] = (pack or _weekly_pack(workplace))(mail.snapshot)
                letter = Letter(**{**vars(letter), "files": files[mail.snapshot]})
            send(letter, server)
            sent += 1
        except NotTaken as problem:
            failure, failed = str(problem), failed + 1
            LOG.warning("a digest was not taken: %s", failure)

        def settle(session: Session, mail: ClaimedMail = mail, failure: str | None = failure) -> None:
            settle_mail(session, mail.id, failure=failure, machine=clock, context=context)

        in_turn(workplace.store, settle)
    return sent, failed


def _weekly_pack(workplace: Workplace) -> Pack:
    """The pack of a snapshot, made once for all leaders of a round."""

    def made(snapshot: int) -> Sequence[Attached]:
        with workplace.store.reading() as session:
            figures = figures_of_snapshot(session, snapshot)
        return [Attached(file.name, file.mime, file.content) for file in weekly_pack(figures, LANGUAGE)]

    return made


# --- what it says ---------------------------------------------------------------------------------------------------


def compose(session: Session, mail: ClaimedMail, *, page: Page | None, today: date) -> Letter:
    """The mail of one recipient, in words and as HTML that a phone shows without zooming."""
    meeting = load_meeting_data(session, mail.snapshot or 0)
    actor = find_actor(session, mail.login)
    units = actor.units if isinstance(actor, Actor) and actor.role == "unit_head" else ()
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
    return Letter(
        to=mail.address,
        subject=subject,
        text="\n\n".join([*(part.as_text() for part in parts), " · ".join(foot)]) + "\n",
        html=_page(subject, [part.as_html() for part in parts], " · ".join(foot)),
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
    late = [task for task in find_tasks(session, states=WAITING) if task.is_overdue(today)]
    return Section(
        title=meeting.campaign.short_title.of(LANGUAGE),
        headline=found[0].finding,
        lists=_known(
            ("digest.lines", tuple(_line(row, meeting) for row in meeting.province)),
            ("digest.attention", tuple(each.finding for each in found[1:])),
            ("digest.late", _tasks(late, today)),
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
            change=formats.signed(row.week_change, LANGUAGE),
        )
        for row in rows
        if row.week_change
    )
    tasks = [task for task in find_tasks(session, units=[code], states=WAITING) if task.is_to_do]
    return Section(
        title=shown.title,
        headline=shown.finding,
        lists=_known(
            ("digest.lines", tuple(_line(row, meeting) for row in rows)),
            ("digest.moved", moved),
            ("digest.tasks", _tasks(tasks, today)),
        ),
        link=page(f"/unit?unit={code}&as_of={meeting.as_of.isoformat()}") if page else "",
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
    return text(
        "digest.line",
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
            "digest.task_late" if task.is_overdue(today) else "digest.task",
            LANGUAGE,
            unit=task.unit_name,
            what=task.what,
            date="—" if task.due is None else formats.short_day(task.due, LANGUAGE),
        )
        for task in rows[:SHOWN_TASKS]
    )
