"""Handing a mail in at the province's own mail server: text and HTML, with files."""

import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr
from urllib.parse import parse_qs, unquote, urlsplit

PATIENCE = 30
"""Seconds a server may take to answer."""
PORTS = {"mailto": 25, "mailtos": 587, "smtps": 465}


@dataclass(frozen=True)
class Attached:
    """A file that goes along."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """One mail to one person."""

    to: str
    subject: str
    text: str
    html: str
    mark: str
    """The mail's permanent name: a second copy of it would bear the same."""
    files: Sequence[Attached] = ()


class NotTaken(Exception):
    """The server did not take a mail; the text is one word for what went wrong and holds no address."""


def send(letter: Letter, server: str) -> None:
    """Hand a mail in at a server. Raises NotTaken, and then nobody has it."""
    parts = urlsplit(server)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    sender = parse_qs(parts.query).get("from", [f"{unquote(parts.username or 'caodiem')}@{host}"])[0]
    message = _message(letter, sender, host)
    context = ssl.create_default_context()
    try:
        if parts.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=context)
        else:
            connection = smtplib.SMTP(host, port, timeout=PATIENCE)
    except OSError as error:
        raise NotTaken("unreachable") from error
    try:
        if parts.scheme == "mailtos":
            connection.starttls(context=context)
        if parts.username:
            connection.login(unquote(parts.username), unquote(parts.password or ""))
        connection.send_message(message)
    except smtplib.SMTPAuthenticationError as error:
        raise NotTaken("not_let_in") from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotTaken("refused") from error
    finally:
        # By now it has been taken or not; how the server ends the connection changes nothing of that.
        with suppress(smtplib.SMTPException, OSError):
            connection.quit()


def _message(letter: Letter, sender: str, host: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = formataddr(("Cao Điểm", sender))
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Message-ID"] = f"<{letter.mark}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    for file in letter.files:
        kind, _, sort = file.mime.partition("/")
        message.add_attachment(file.content, maintype=kind, subtype=sort, filename=file.name)
    return message
