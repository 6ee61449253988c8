"""The settings of the weekly meeting: when figures are announced and frozen by themselves, and who mails the digest."""

from urllib.parse import urlsplit

from apscheduler.triggers.cron import CronTrigger
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

CRON = 'five fields of cron in Vietnamese time, e.g. "0 14 * * fri"'
MEETING_HELP = {
    "announce": f"CAODIEM_ANNOUNCE is when figures are announced to the units: {CRON}; empty: by hand",
    "announce_days": "CAODIEM_ANNOUNCE_DAYS is for how many days checks may be asked for afterwards, 0 to 30, e.g. 2",
    "freeze": f"CAODIEM_FREEZE is when figures are frozen for the meeting: {CRON}; empty: by hand",
    "digest": f"CAODIEM_DIGEST is when the digest is mailed: {CRON}; empty: on demand only",
    "mail": "CAODIEM_MAIL is the server that mails the digest, e.g."
    " mailtos://user:password@mail.example.vn:587?from=truc@example.vn (mailto:// without TLS, smtps:// with TLS"
    " from the first byte)",
}
SCHEMES = ("mailto", "mailtos", "smtps")


class MeetingSettings(BaseSettings):
    """What may be set about meetings; nothing happens by itself unless a time is set."""

    announce: str = ""
    announce_days: int = Field(default=2, ge=0, le=30)
    freeze: str = ""
    digest: str = ""
    mail: SecretStr = SecretStr("")
    """Where mail is handed in; a password stands in it."""

    @field_validator("announce", "freeze", "digest")
    @classmethod
    def _times(cls, written: str) -> str:
        if written:
            try:
                CronTrigger.from_crontab(written)
            except ValueError as error:
                raise ValueError("these are no five fields of cron") from error
        return written

    @field_validator("mail")
    @classmethod
    def _server(cls, written: SecretStr) -> SecretStr:
        address = written.get_secret_value()
        parts = urlsplit(address)
        if address and (parts.scheme not in SCHEMES or not parts.hostname):
            # Said without the address: a password may stand in it.
            raise ValueError("this is no address of a mail server")
        return written
