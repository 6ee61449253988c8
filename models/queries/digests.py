"""The digest's mails: who has it, whose failed and why, who gets which."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from models.tables import Account, DigestMail, MailAddress

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
