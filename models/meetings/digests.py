"""The digest's mails: raised once for each recipient, claimed by the process that sends them, then settled."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from models.accounts.queries import find_account
from models.core.audit import ChangeContext, record
from models.core.permission import require
from models.tables import Account, DigestMail, MailAddress
from models.targets.registrations import Incomplete
from targets.errors import UnknownName
from targets.permissions import Permission

SENDING = "sending"
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


def set_mail_address(session: Session, login: str, address: str, *, context: ChangeContext) -> None:
    """Say where a person wants the digest; an empty address: nowhere. One's own, or by an administrator anybody's.

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
        row.address = address
        session.add(row)
    record(session, context=context, action="set_mail_address", subject=login, is_change=False)


def raise_digest(session: Session, digest: str, *, as_of: date, snapshot: int | None, context: ChangeContext) -> int:
    """Have a digest mailed to everybody who wants one, once each however often this is done; answers how many are new.

    Raises Refused.
    """
    require(session, context, Permission.CONCLUDE)
    have = set(session.exec(select(DigestMail.account_id).where(DigestMail.digest == digest)))
    wanted = session.exec(
        select(MailAddress.account_id)
        .join(Account, col(Account.id) == col(MailAddress.account_id))
        .where(col(Account.is_enabled), col(Account.role).in_(("leader", "coordinator", "unit_head")))
    )
    raised = [account for account in wanted if account not in have]
    for account in raised:
        session.add(
            DigestMail(digest=digest, account_id=account, as_of=as_of, snapshot_id=snapshot, raised_at=context.now)
        )
    session.flush()
    if raised:
        reported = {"mails": len(raised), "as_of": as_of.isoformat()}
        record(session, context=context, action="raise_digest", subject=digest, new=reported, is_change=False)
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
        pause = FIRST_PAUSE * 2 ** max(0, mail.attempts - 1)
        if mail.failure == SENDING or (mail.tried_machine is not None and mail.tried_machine + pause > machine):
            continue
        mail.attempts, mail.tried_machine, mail.failure = mail.attempts + 1, machine, SENDING
        session.add(mail)
        claimed.append(
            ClaimedMail(mail.id or 0, mail.digest, account.login, address.address, mail.as_of, mail.snapshot_id)
        )
    session.flush()
    return claimed


def settle_mail(
    session: Session, mail_id: int, *, failure: str | None, machine: datetime, context: ChangeContext
) -> None:
    """Write down that a mail was taken, or in a word why it was not; then it is tried again.

    Raises Refused, UnknownName.
    """
    require(session, context, Permission.CONCLUDE)
    mail = session.get(DigestMail, mail_id)
    if mail is None:
        raise UnknownName(kind="mail", name=str(mail_id))
    mail.failure = failure
    mail.sent_machine = machine if failure is None else None
    session.add(mail)
    session.flush()


MOST_TRIES = 6
"""Tries after which a mail is given up."""


@dataclass(frozen=True)
class MailState:
    """One digest to one person. `state`: sent, waiting, uncertain (on its way and never settled), given_up."""

    digest: str
    login: str
    as_of: date
    attempts: int
    state: str
    failure: str | None
    raised_at: datetime


def find_mails(session: Session, *, most: int = 200) -> list[MailState]:
    """The newest mails first."""
    statement = (
        select(DigestMail, Account.login)
        .join(Account, col(Account.id) == col(DigestMail.account_id))
        .order_by(col(DigestMail.id).desc())
        .limit(most)
    )
    return [
        MailState(mail.digest, login, mail.as_of, mail.attempts, _state(mail), mail.failure, mail.raised_at)
        for mail, login in session.exec(statement)
    ]


def _state(mail: DigestMail) -> str:
    if mail.sent_machine is not None:
        return "sent"
    if mail.failure == "sending":
        return "uncertain"
    return "given_up" if mail.attempts >= MOST_TRIES else "waiting"


def find_addresses(session: Session) -> dict[str, str]:
    """Who wants the digest: login → address."""
    statement = select(Account.login, MailAddress.address).join(
        MailAddress, col(MailAddress.account_id) == col(Account.id)
    )
    return dict(session.exec(statement).all())
