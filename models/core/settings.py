"""What may be set from outside, by the environment or a file .env: one class, every name CAODIEM_…, checked at the
start."""

import json
import re
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from models.core.notifying import notifier
from targets.errors import CampaignError
from targets.permissions import ROLES, Role

DOOR_HELP = {
    "public": "CAODIEM_PUBLIC is 1 where anybody may look without signing in, 0 (the default) where nobody may",
    "unit_heads_read": "CAODIEM_UNIT_HEADS_READ is all (the default) or branch: what unit heads may look at",
    "session_idle_hours": "CAODIEM_SESSION_IDLE_HOURS is after how many hours without a click a sign-in ends, e.g. 8",
    "session_hours": "CAODIEM_SESSION_HOURS is after how many hours a sign-in ends whatever happens, e.g. 24",
    "host": "CAODIEM_HOST is the address of this machine that the server listens on: 127.0.0.1 (the default) for this "
    "machine only, 0.0.0.0 for every network it is in",
    "proxy": "CAODIEM_PROXY names the proxies in front, whose word on who calls is believed: addresses and networks, "
    "e.g. 127.0.0.1 (the default) or 10.0.0.2,10.1.0.0/24",
    "most_pages": "CAODIEM_MOST_PAGES is how many pages may be open at once, e.g. 1000 (the default)",
    "most_strangers": "CAODIEM_MOST_STRANGERS is how many of them people may open who have not signed in, "
    "e.g. 200 (the default)",
    "most_strangers_of_an_address": "CAODIEM_MOST_STRANGERS_OF_AN_ADDRESS is how many of those one address may open, "
    "e.g. 20 (the default)",
    "oidc_issuer": "CAODIEM_OIDC_ISSUER is the address of the organisation's sign-in, e.g. https://sso.gialai.gov.vn",
    "oidc_client_id": "CAODIEM_OIDC_CLIENT_ID is what that sign-in calls this dashboard",
    "oidc_client_secret": "CAODIEM_OIDC_CLIENT_SECRET is the secret that goes with it",
    "oidc_name": "CAODIEM_OIDC_NAME is what the button of that sign-in says, e.g. SSO (the default)",
    "oidc_scope": "CAODIEM_OIDC_SCOPE is what is asked for, e.g. openid profile (the default)",
    "oidc_login_claim": "CAODIEM_OIDC_LOGIN_CLAIM is the claim that is the login, one that people cannot change "
    "themselves, e.g. preferred_username (the default)",
    "oidc_role_claim": "CAODIEM_OIDC_ROLE_CLAIM is the claim that gives the role; without one accounts are made here",
    "oidc_unit_claim": "CAODIEM_OIDC_UNIT_CLAIM is the claim that gives the codes of the units somebody heads",
    "oidc_roles": 'CAODIEM_OIDC_ROLES says which of our roles a claim\'s value is, e.g. {"lanh-dao": "leader"}; '
    f"our roles: {', '.join(ROLES)}",
    "oidc_default_role": f"CAODIEM_OIDC_DEFAULT_ROLE is empty or one of {', '.join(ROLES)}: the role of somebody whose "
    "claim names none of these; without it they are turned away",
}


class DoorSettings(BaseSettings):
    """What may be set about coming in."""

    public: bool = False
    unit_heads_read: Literal["all", "branch"] = "all"
    session_idle_hours: float = Field(default=8, gt=0, le=168)
    session_hours: float = Field(default=24, gt=0, le=720)
    host: str = "127.0.0.1"
    proxy: str = "127.0.0.1"
    """Addresses and networks with commas between, each as it is compared."""
    most_pages: int = Field(default=1_000, ge=1)
    most_strangers: int = Field(default=200, ge=1)
    most_strangers_of_an_address: int = Field(default=20, ge=1)

    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = "SSO"
    """What the button calls it."""
    oidc_scope: str = "openid profile"
    oidc_login_claim: str = "preferred_username"
    oidc_role_claim: str = ""
    """Without one, accounts are made here and the organisation's sign-in only says who somebody is."""
    oidc_unit_claim: str = ""
    oidc_roles: Annotated[dict[str, Role], NoDecode] = Field(default_factory=dict)
    oidc_default_role: Role | Literal[""] = ""
    """The role of somebody whose claim names none that we know; without one they are turned away."""

    @field_validator("host")
    @classmethod
    def _is_address_of_a_machine(cls, written: str) -> str:
        return str(ip_address(written.strip()))

    @field_validator("proxy")
    @classmethod
    def _are_addresses_or_networks(cls, written: str) -> str:
        """A server that listens on IPv6 sees an IPv4 proxy under an address of its own, so both are believed."""
        networks = [ip_network(each, strict=False) for each in written.replace(",", " ").split()]
        if not networks or any(not network.prefixlen for network in networks):
            raise ValueError("these are no proxies: everybody would be believed, or nobody")
        mapped = [
            ip_network(f"::ffff:{each.network_address}/{96 + each.prefixlen}") for each in networks if each.version == 4
        ]
        return ",".join(dict.fromkeys(map(str, [*networks, *mapped])))

    @field_validator("oidc_issuer")
    @classmethod
    def _is_address(cls, written: str) -> str:
        parts = urlsplit(written)
        if written and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("this is no address of the web")
        return written.rstrip("/")

    @field_validator("oidc_roles", mode="before")
    @classmethod
    def _from_json(cls, written: Any) -> Any:
        try:
            return json.loads(written) if isinstance(written, str) else written
        except json.JSONDecodeError as error:
            raise ValueError("this is no JSON") from error

    @property
    def is_of_this_machine(self) -> bool:
        """Whether nobody but this machine can reach the server by itself."""
        return ip_address(self.host).is_loopback

    @property
    def idle(self) -> timedelta:
        return timedelta(hours=self.session_idle_hours)

    @property
    def lasts(self) -> timedelta:
        return timedelta(hours=self.session_hours)

    @property
    def has_oidc(self) -> bool:
        return bool(self.oidc_issuer and self.oidc_client_id)


CRON = 'five fields of cron in Vietnamese time, e.g. "0 14 * * fri"'
MEETING_HELP = {
    "announce": f"CAODIEM_ANNOUNCE is when figures are announced to the units: {CRON}; empty: by hand",
    "announce_days": "CAODIEM_ANNOUNCE_DAYS is for how many days checks may be asked for afterwards, 0 to 30, e.g. 2",
    "freeze": f"CAODIEM_FREEZE is when figures are frozen for the meeting: {CRON}; empty: by hand",
    "digest": f"CAODIEM_DIGEST is when the digest is mailed: {CRON}; empty: on demand only",
    "mail": "CAODIEM_MAIL is the server that mails digests and reminders, e.g."
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


WATCHING_HELP = {
    "public_address": "CAODIEM_PUBLIC_ADDRESS is how people reach the dashboard, e.g. https://dieuhanh.gialai.gov.vn",
    "metrics_token": "CAODIEM_METRICS_TOKEN is a secret of 16 characters or more; whoever sends it may read /metrics"
    " from another machine",
    "alerts": "CAODIEM_ALERTS names where messages about sources go: one address or several with a space between, e.g."
    " mailtos://user:password@mail.example.vn?to=truc@example.vn or jsons://hooks.example.vn/caodiem",
    "alerts_language": "CAODIEM_ALERTS_LANGUAGE is the language of those messages: vi or en",
    "backup_folder": "CAODIEM_BACKUP_FOLDER is the folder of the daily backups, best on another disk; without it they"
    " stand in the folder “backups” of the home",
    "audit_key": "CAODIEM_AUDIT_KEY is a secret of 16 characters or more, kept outside the database; with it the audit"
    " trail is sealed, and `doctor` finds what was written by somebody without it",
    "backup_days": "CAODIEM_BACKUP_DAYS is how many days daily backups are kept, 1 to 3650, e.g. 14; 0: none are made",
}

WEBSITE = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
LEAST_TOKEN = 16


class WatchingSettings(BaseSettings):
    """What may be set about messages, measurements and backups."""

    public_address: str = ""
    metrics_token: SecretStr = SecretStr("")
    alerts: SecretStr = SecretStr("")
    """Addresses as the notification library reads them; passwords and tokens stand in them."""
    alerts_language: Literal["vi", "en"] = "vi"
    backup_folder: Path | None = None
    audit_key: SecretStr = SecretStr("")
    backup_days: int = Field(default=14, ge=0, le=3650)

    @field_validator("public_address")
    @classmethod
    def _where_people_come(cls, address: str) -> str:
        if address and not WEBSITE.fullmatch(address):
            raise ValueError("this is no address of the web, or more than one")
        return address.rstrip("/")

    @field_validator("metrics_token", "audit_key")
    @classmethod
    def _nobody_guesses(cls, token: SecretStr) -> SecretStr:
        if 0 < len(token.get_secret_value()) < LEAST_TOKEN:
            raise ValueError(f"it has fewer than {LEAST_TOKEN} characters")
        return token

    @field_validator("alerts")
    @classmethod
    def _understood(cls, written: SecretStr) -> SecretStr:
        addresses = written.get_secret_value().split()
        wrong = [str(place) for place, address in enumerate(addresses, 1) if notifier(address) is None]
        if wrong:
            # Counted, never repeated: an address holds a password.
            raise ValueError(f"not understood: address {', '.join(wrong)} of {len(addresses)}")
        return written

    @property
    def alert_addresses(self) -> tuple[str, ...]:
        """Where messages about sources go; secrets are in them."""
        return tuple(self.alerts.get_secret_value().split())


PROJECT = Path(__file__).resolve().parents[2]
TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""Business time everywhere; Vietnam knows no daylight saving."""
CAMPAIGNS = PROJECT / "data" / "campaigns"
HELP = {
    "home": "CAODIEM_HOME is a folder for the embedded store, archives and logs, e.g. data/store",
    "database": "CAODIEM_DATABASE is an SQLAlchemy address, e.g. sqlite:////var/lib/caodiem/store.db"
    " or postgresql://caodiem@localhost/caodiem",
    "campaign": "CAODIEM_CAMPAIGN is the name of a folder in data/campaigns, or a path to one, or a workbook",
    "now": "CAODIEM_NOW is an ISO instant, e.g. 2024-05-07T08:00:00+07:00 (without an offset: Vietnamese time)",
    "port": "CAODIEM_PORT is a port number, e.g. 8501",
    "archive_days": "CAODIEM_ARCHIVE_DAYS is how many days the raw answers of sources are kept, 1 to 3650, e.g. 90",
    **DOOR_HELP,
    **WATCHING_HELP,
    **MEETING_HELP,
}


class WrongSettings(CampaignError):
    """A setting cannot be used; the text is a page of help."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        lines = "\n".join(f"  - {HELP.get(name, name)}\n    ({problem})" for name, problem in problems.items())
        super().__init__(f"The settings cannot be used; nothing was started:\n{lines}")


class Settings(DoorSettings, WatchingSettings, MeetingSettings):
    """What may be set from outside. Secrets of sources are read by the sources themselves, never kept here."""

    model_config = SettingsConfigDict(
        env_prefix="CAODIEM_", env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    home: Path = Field(default=PROJECT / "data" / "store")
    database: str = ""
    campaign: str = "gia-lai-2024"
    now: datetime | None = None
    port: int = Field(default=8501, ge=1, le=65535)
    archive_days: int = Field(default=90, ge=1, le=3650)

    @field_validator("database")
    @classmethod
    def _known_engine(cls, address: str) -> str:
        if not address:
            return address
        try:
            engine = make_url(address).get_backend_name()
        except ArgumentError as error:
            raise ValueError("this is no database address") from error
        if engine not in ("sqlite", "postgresql"):
            raise ValueError(f"{engine} is not supported; sqlite and postgresql are")
        return address

    @field_validator("now", mode="before")
    @classmethod
    def _iso(cls, written: Any) -> Any:
        """Text is read as ISO only: left to itself pydantic takes 20240507 for seconds since 1970."""
        return datetime.fromisoformat(written) if isinstance(written, str) else written

    @field_validator("now")
    @classmethod
    def _in_vietnam(cls, instant: datetime | None) -> datetime | None:
        if instant is None:
            return None
        return instant.replace(tzinfo=TIMEZONE) if instant.utcoffset() is None else instant.astimezone(TIMEZONE)

    @property
    def database_url(self) -> str:
        """The address of the store; the embedded SQLite file in the home where none is set."""
        return self.database or f"sqlite:///{self.home.resolve() / 'caodiem.db'}"


def load_settings() -> Settings:
    """The settings of this process.

    Raises WrongSettings naming each wrong setting and what it should look like.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise WrongSettings({str(item["loc"][0]): item["msg"] for item in error.errors()}) from error
