"""The mails of digests and reminders: raised once for each recipient, claimed by whoever sends them, settled."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlmodel import Session, col, select

from models.accounts.queries import find_account, find_actor
from models.core.audit import ChangeContext, record
from models.core.permission import require
from models.feeds.files import find_waiting_files
from models.feeds.queries import RunRow
from models.meetings.snapshots import Announced, find_announced, find_open_announcement
from models.results.inputs import load_campaign
from models.tables import Account, AccountUnit, DigestMail, MailAddress, UnitRow
from models.targets.registrations import Incomplete
from models.tasks.dated import find_open
from targets.errors import UnknownName
from targets.permissions import Permission

Sending = Literal["sent", "waiting", "uncertain", "given_up"]
ANNOUNCED, FILES = "announced", "files"
SENDING = "sending"
"""What `DigestMail.failure` holds while a mail is on its way."""
WATCHED = timedelta(days=7)
"""How long a mail that did not get there is something to look after."""
LONGEST_SENDING = timedelta(minutes=30)
"""How long a round of mails may take; a mail that is on its way for longer was left behind by a sender that died."""
MOST_TRIES = 6
"""Tries after which a mail is given up."""
FIRST_PAUSE = timedelta(minutes=5)
"""Between the first try and the second; it doubles each time."""
ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")


@dataclass(frozen=True)
class ClaimedMail:
    """A mail to be sent now."""

    id: int
    digest: str
    login: str
    address: str
    as_of: date
    snapshot: int | None
    """What a digest is about; other mails are about none."""


@dataclass(frozen=True)
class Wanted:
    """Where somebody wants mails, and which."""

    address: str
    digest: bool = True
    reminders: bool = True


def set_mail_address(
    session: Session, login: str, address: str, *, digest: bool = True, reminders: bool = True, context: ChangeContext
) -> None:
    """Say where a person wants mails, and which; an empty address: nowhere. One's own, or an administrator anybody's.

    Raises Refused, UnknownName, Incomplete.
    """
    require(session, context, Permission.READ if context.by == login else Permission.MANAGE_ACCOUNTS)
    account = find_account(session, login)
    address = address.strip()
    if address and not ADDRESS.fullmatch(address):
        raise Incomplete(f"“{address}” is no mail address.", code="wrong_address", address=address)
    row = session.get(MailAddress, account.id)
    if row is not None and not address:
        session.delete(row)
    elif address:
        row = row or MailAddress(account_id=account.id or 0, address=address)
        row.address, row.digest, row.reminders = address, digest, reminders
        session.add(row)
    session.flush()
    record(session, context=context, action="set_mail_address", subject=login, is_change=False)


def raise_digest(session: Session, digest: str, *, as_of: date, snapshot: int | None, context: ChangeContext) -> int:
    """Have a digest mailed to everybody who wants one, once each however often this is done; answers how many are new.

    Raises Refused.
    """
    require(session, context, Permission.CONCLUDE)
    wanted = _wanting(session, col(MailAddress.digest), ("leader", "coordinator", "unit_head"))
    return _raise(session, digest, wanted, action="raise_digest", as_of=as_of, snapshot=snapshot, context=context)


def find_raised(session: Session, digest: str) -> bool:
    """Whether a digest has been raised, for anybody."""
    return session.exec(select(DigestMail.id).where(DigestMail.digest == digest)).first() is not None


def raise_announced(session: Session, *, today: date, context: ChangeContext) -> int:
    """Tell every unit head with an address which figures are announced, once each; answers how many are new.

    Raises Refused.
    """
    require(session, context, Permission.CONCLUDE)
    announced = find_open_announcement(session)
    if announced is None:
        return 0
    wanted, name = find_to_tell(session, today=today), announced_mail(announced.id)
    return _raise(
        session, name, wanted, action="raise_announced", as_of=announced.as_of, snapshot=None, context=context
    )


def find_to_tell(session: Session, *, today: date) -> list[Account]:
    """Who is still to be told which figures are announced, as long as they may be disputed."""
    announced = find_open_announcement(session)
    if announced is None or announced.deadline < today:
        return []
    have = _who_has(session, announced_mail(announced.id))
    heads = col(Account.id).in_(select(AccountUnit.account_id))
    return [account for account in _wanting(session, heads, ("unit_head",)) if account.id not in have]


def announced_mail(announcement: int) -> str:
    """What the mails about an announcement are called."""
    return f"{ANNOUNCED} {announcement}"


def find_announced_of(session: Session, digest: str) -> Announced | None:
    """What a mail announces; None where it is of another kind."""
    return next((each for each in find_announced(session) if digest == announced_mail(each.id)), None)


def raise_files(session: Session, *, today: date, context: ChangeContext) -> int:
    """Tell whom it concerns which dropped files were not taken in, each file once; answers how many mails are new.

    Raises Refused.
    """
    require(session, context, Permission.CONCLUDE)
    wanted = find_to_tell_of_files(session)
    return sum(
        _raise(session, name, accounts, action="raise_files", as_of=today, snapshot=None, context=context)
        for name, accounts in wanted.items()
    )


def find_to_tell_of_files(session: Session) -> dict[str, list[Account]]:
    """Who is still to be told of dropped files that wait: by the mail's name, which ends in the newest file's number.

    The office decides about them. Who dropped a file nobody knows; the source says which unit sends its files.
    """
    files = find_waiting_files(session)
    if not files:
        return {}
    contacts, headed, told = _contacts(session), _headed(session), _told_of_files(session)
    wanted: dict[str, list[Account]] = {}
    for account in _wanting(session, col(MailAddress.reminders), ("coordinator", "unit_head")):
        number = account.id or 0
        concerned = _files_of(files, headed.get(number, set()) if account.role == "unit_head" else None, contacts)
        if concerned and concerned[0].id > max(told.get(number, ()), default=0):
            wanted.setdefault(f"{FILES} {concerned[0].id}", []).append(account)
    return wanted


def find_files_of(session: Session, digest: str, login: str) -> list[RunRow] | None:
    """The files that a mail tells somebody of, as far as they still wait; None where it is of another kind."""
    kind, _, newest = digest.partition(" ")
    if kind != FILES:
        return None
    numbers = _told_of_files(session).get(find_account(session, login).id or 0, ())
    before = max((number for number in numbers if number < int(newest)), default=0)
    concerned = _files_of(find_waiting_files(session), find_units_of_mail(session, login), _contacts(session))
    return [file for file in concerned if before < file.id <= int(newest)]


def _files_of(
    files: Sequence[RunRow], units: Collection[str] | None, contacts: Mapping[str, str | None]
) -> list[RunRow]:
    """The waiting files that concern somebody: all of them the office, a unit's head those it sends."""
    return [file for file in files if units is None or contacts.get(file.source or "") in units]


def _contacts(session: Session) -> dict[str, str | None]:
    """Which unit sends the files of each source."""
    return {source.key: source.contact for source in load_campaign(session).sources}


def _headed(session: Session) -> dict[int, set[str]]:
    """The codes of the units that each account heads."""
    found: dict[int, set[str]] = {}
    of_units = select(AccountUnit.account_id, UnitRow.code).join(UnitRow, col(UnitRow.id) == col(AccountUnit.unit_id))
    for account, code in session.exec(of_units):
        found.setdefault(account, set()).add(code)
    return found


def _told_of_files(session: Session) -> dict[int, list[int]]:
    """For each account the number of the newest file that each of its mails tells of."""
    found: dict[int, list[int]] = {}
    names = select(DigestMail.account_id, DigestMail.digest).where(col(DigestMail.digest).startswith(f"{FILES} "))
    for account, name in session.exec(names):
        found.setdefault(account, []).append(int(name.split()[1]))
    return found


def raise_reminders(session: Session, *, today: date, context: ChangeContext) -> int:
    """Remind unit heads and coordinators who want it of what is due within two days; once a day, of nothing not at all.

    Raises Refused.
    """
    require(session, context, Permission.CONCLUDE)
    wanted = find_to_remind(session, today=today)
    name = _reminder(today)
    return _raise(session, name, wanted, action="raise_reminders", as_of=today, snapshot=None, context=context)


def find_to_remind(session: Session, *, today: date) -> list[Account]:
    """Whom a reminder of today is still to be raised for."""
    wanted = _wanting(session, col(MailAddress.reminders), ("coordinator", "unit_head"))
    have = _who_has(session, _reminder(today))
    asked = [account for account in wanted if account.id not in have]
    if not asked:
        return []
    waiting = find_open(session)
    is_for_office, is_for_all = bool(waiting.due(None, today)), bool(waiting.due((), today))
    due = waiting.units_due(today)
    heads = {account for account, codes in _headed(session).items() if is_for_all or not codes.isdisjoint(due)}
    return [each for each in asked if (each.id in heads if each.role == "unit_head" else is_for_office)]


def _reminder(today: date) -> str:
    return f"due {today.isoformat()}"


def find_units_of_mail(session: Session, login: str) -> Sequence[str] | None:
    """The codes of the units that somebody's mails are about; None for the whole province."""
    actor = find_actor(session, login)
    return actor.units if actor is not None and actor.role == "unit_head" else None


def _who_has(session: Session, digest: str) -> set[int]:
    return set(session.exec(select(DigestMail.account_id).where(DigestMail.digest == digest)))


def _wanting(session: Session, which: Any, roles: Sequence[str]) -> Sequence[Account]:
    return session.exec(
        select(Account)
        .join(MailAddress, col(Account.id) == col(MailAddress.account_id))
        .where(which, col(Account.is_enabled), col(Account.role).in_(roles))
        .order_by(col(Account.id))
    ).all()


def _raise(
    session: Session,
    digest: str,
    wanted: Sequence[Account],
    *,
    action: str,
    as_of: date,
    snapshot: int | None,
    context: ChangeContext,
) -> int:
    have = _who_has(session, digest)
    raised = [account.id or 0 for account in wanted if account.id not in have]
    session.add_all(
        DigestMail(digest=digest, account_id=account, as_of=as_of, snapshot_id=snapshot, raised_at=context.now)
        for account in raised
    )
    session.flush()
    if raised:
        reported = {"mails": len(raised), "as_of": as_of.isoformat()}
        record(session, context=context, action=action, subject=digest, new=reported, is_change=False)
    return len(raised)


def claim_mails(session: Session, *, machine: datetime, context: ChangeContext) -> Sequence[ClaimedMail]:
    """Take every mail that is to be sent now; nobody else will. Raises Refused."""
    require(session, context, Permission.CONCLUDE)
    statement = (
        select(DigestMail, Account, MailAddress)
        .join(Account, col(Account.id) == col(DigestMail.account_id))
        .join(MailAddress, col(MailAddress.account_id) == col(DigestMail.account_id))
        .where(col(DigestMail.sent_machine).is_(None), col(DigestMail.attempts) < MOST_TRIES, col(Account.is_enabled))
        .order_by(col(DigestMail.id))
    )
    claimed = []
    for mail, account, address in session.exec(statement):
        again = next_try(mail)
        if mail.failure == SENDING or (again is not None and again > machine):
            continue
        mail.attempts, mail.tried_machine, mail.failure = mail.attempts + 1, machine, SENDING
        session.add(mail)
        claimed.append(
            ClaimedMail(mail.id or 0, mail.digest, account.login, address.address, mail.as_of, mail.snapshot_id)
        )
    session.flush()
    return claimed


def next_try(mail: DigestMail) -> datetime | None:
    """When a mail that was not taken may be tried again, machine time; None for one that was never tried."""
    return None if mail.tried_machine is None else mail.tried_machine + FIRST_PAUSE * 2 ** max(0, mail.attempts - 1)


def settle_mail(
    session: Session,
    mail_id: int,
    *,
    failure: str | None,
    is_final: bool = False,
    machine: datetime,
    context: ChangeContext,
) -> None:
    """Write down that a mail was taken, or in a word why it was not; then it is tried again, unless that is final.

    Raises Refused, UnknownName.
    """
    require(session, context, Permission.CONCLUDE)
    mail = session.get(DigestMail, mail_id)
    if mail is None:
        raise UnknownName(kind="mail", name=str(mail_id))
    mail.failure = failure
    mail.sent_machine = machine if failure is None else None
    mail.attempts = MOST_TRIES if is_final else mail.attempts
    session.add(mail)
    session.flush()


@dataclass(frozen=True)
class MailState:
    """One mail to one person, and how it is with its sending."""

    digest: str
    login: str
    as_of: date
    attempts: int
    state: Sending
    failure: str | None
    raised_at: datetime
    next_try: datetime | None
    """Machine time; None where it will not be tried again, or is to be sent now."""


def find_mails(session: Session, *, machine: datetime, most: int = 200) -> list[MailState]:
    """The newest mails first."""
    statement = (
        select(DigestMail, Account.login)
        .join(Account, col(Account.id) == col(DigestMail.account_id))
        .order_by(col(DigestMail.id).desc())
        .limit(most)
    )
    return [_state_of(mail, login, machine) for mail, login in session.exec(statement)]


def count_mails(session: Session, *, machine: datetime) -> dict[Sending, int]:
    """How many mails are in each state: those of the last week, and all that were never tried."""
    tried = col(DigestMail.tried_machine)
    recent = select(DigestMail).where(tried.is_(None) | (tried > machine - WATCHED))
    return dict(Counter(sending(mail, machine=machine) for mail in session.exec(recent)))


def sending(mail: DigestMail, *, machine: datetime) -> Sending:
    """How it is with a mail: `uncertain` was on its way when its sender died, and may have arrived."""
    if mail.sent_machine is not None:
        return "sent"
    if mail.failure == SENDING:
        is_left = mail.tried_machine is not None and machine - mail.tried_machine > LONGEST_SENDING
        return "uncertain" if is_left else "waiting"
    return "given_up" if mail.attempts >= MOST_TRIES else "waiting"


def _state_of(mail: DigestMail, login: str, machine: datetime) -> MailState:
    state = sending(mail, machine=machine)
    again = next_try(mail) if state == "waiting" and mail.failure != SENDING else None
    return MailState(mail.digest, login, mail.as_of, mail.attempts, state, mail.failure, mail.raised_at, again)


def find_addresses(session: Session) -> dict[str, Wanted]:
    """Who wants mails: login → where and which."""
    statement = select(Account.login, MailAddress).join(MailAddress, col(MailAddress.account_id) == col(Account.id))
    return {login: Wanted(row.address, row.digest, row.reminders) for login, row in session.exec(statement)}
