"""Handing a mail in at the province's own mail server: text and HTML, with files."""

import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr
from urllib.parse import parse_qs, unquote, urlsplit

from jobs.documents.writable import MadeFile
from models.core.clock import machine_now

PATIENCE = 30
"""Seconds a server may take to answer."""
LASTING = 500
"""Answers of a server from here on will be the same tomorrow."""
PORTS = {"mailto": 25, "mailtos": 587, "smtps": 465}


@dataclass(frozen=True)
class Letter:
    """One mail to one person."""

    to: str
    subject: str
    text: str
    html: str
    mark: str
    """The mail's permanent name: a second copy of it would bear the same."""
    files: Sequence[MadeFile] = ()


class NotTaken(Exception):
    """The server did not take a mail; the text is one word for what went wrong and holds no address."""

    def __init__(self, problem: str, *, is_final: bool = False) -> None:
        super().__init__(problem)
        self.is_final = is_final
        """The server will never take it: there is no such recipient."""


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
    except smtplib.SMTPRecipientsRefused as error:
        is_final = all(code >= LASTING for code, _ in error.recipients.values())
        raise NotTaken("no_such_address" if is_final else "refused", is_final=is_final) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotTaken("refused") from error
    finally:
        # By now it has been taken or not; how the server ends the connection changes nothing of that.
        with suppress(smtplib.SMTPException, OSError):
            connection.quit()


def _message(letter: Letter, sender: str, host: str) -> Message:
    words = [MIMEText(letter.text, "plain", "utf-8"), MIMEText(letter.html, "html", "utf-8")]
    message: Message = MIMEMultipart("alternative", _subparts=words)
    if letter.files:
        message = MIMEMultipart("mixed", _subparts=[message, *(_attachment(file) for file in letter.files)])
    message["From"] = formataddr(("Cao Điểm", sender))
    message["To"] = letter.to
    # `EmailMessage` loses the space at which it folds a long subject; this one keeps every letter.
    message["Subject"] = Header(letter.subject, "utf-8", header_name="Subject").encode()
    message["Date"] = format_datetime(machine_now())
    message["Message-ID"] = f"<{letter.mark}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    return message


def _attachment(file: MadeFile) -> Message:
    part = MIMEApplication(file.content, file.mime.partition("/")[2])
    part.replace_header("Content-Type", file.mime)
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", file.name))
    return part
