"""What may be set from outside, by the environment or a file .env: one class, every name CAODIEM_…, checked at the
start."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from models.core.notifying import notifier
from models.core.texts import LANGUAGES, text
from targets.errors import CampaignError
from targets.permissions import ROLES, Role


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
            raise _wrong("no_proxies")
        mapped = [
            ip_network(f"::ffff:{each.network_address}/{96 + each.prefixlen}") for each in networks if each.version == 4
        ]
        return ",".join(dict.fromkeys(map(str, [*networks, *mapped])))

    @field_validator("oidc_issuer")
    @classmethod
    def _is_address(cls, written: str) -> str:
        parts = urlsplit(written)
        if written and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise _wrong("no_web")
        return written.rstrip("/")

    @field_validator("oidc_roles", mode="before")
    @classmethod
    def _from_json(cls, written: Any) -> Any:
        try:
            return json.loads(written) if isinstance(written, str) else written
        except json.JSONDecodeError as error:
            raise _wrong("no_json") from error

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
                raise _wrong("no_cron") from error
        return written

    @field_validator("mail")
    @classmethod
    def _server(cls, written: SecretStr) -> SecretStr:
        address = written.get_secret_value()
        parts = urlsplit(address)
        if address and (parts.scheme not in SCHEMES or not parts.hostname):
            # Said without the address: a password may stand in it.
            raise _wrong("no_mail_server")
        return written


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
            raise _wrong("no_web")
        return address.rstrip("/")

    @field_validator("metrics_token", "audit_key")
    @classmethod
    def _nobody_guesses(cls, token: SecretStr) -> SecretStr:
        if 0 < len(token.get_secret_value()) < LEAST_TOKEN:
            raise _wrong("too_short", least=LEAST_TOKEN)
        return token

    @field_validator("alerts")
    @classmethod
    def _understood(cls, written: SecretStr) -> SecretStr:
        addresses = written.get_secret_value().split()
        wrong = [str(place) for place, address in enumerate(addresses, 1) if notifier(address) is None]
        if wrong:
            # Counted, never repeated: an address holds a password.
            raise _wrong("not_understood", which=", ".join(wrong), of=len(addresses))
        return written

    @property
    def alert_addresses(self) -> tuple[str, ...]:
        """Where messages about sources go; secrets are in them."""
        return tuple(self.alerts.get_secret_value().split())


PROJECT = Path(__file__).resolve().parents[2]
TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""Business time everywhere; Vietnam knows no daylight saving."""
CAMPAIGNS = PROJECT / "data" / "campaigns"
WRONG = "wrong_setting"
"""The type of a mistake whose sentence is ours."""


class WrongSettings(CampaignError):
    """Settings cannot be used; the sentence is a page of help. `problems`: why not, in either language, by name."""

    def __init__(self, problems: dict[str, Mapping[str, str]]) -> None:
        self.problems = problems
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        """Each wrong setting, what it should look like, and why it cannot be used where that is said here."""
        lines = [text("wrong_setting.head", language)]
        for name, why in self.problems.items():
            lines.append(f"  - {meaning(name, language)}")
            if language in why:
                lines.append(f"    ({why[language]})")
        return "\n".join(lines)


def variable(name: str) -> str:
    return f"CAODIEM_{name.upper()}"


def meaning(name: str, language: str) -> str:
    """ "CAODIEM_PORT is a port number, e.g. 8501"."""
    terms = {"roles": ", ".join(ROLES)} if name in ("oidc_roles", "oidc_default_role") else {}
    return f"{variable(name)} {text(f'setting.{name}', language, **terms)}"


def _wrong(key: str, **terms: str | int) -> PydanticCustomError:
    """A mistake that says in either language why a setting cannot be used."""
    said = {language: text(f"wrong_setting.{key}", language, **terms) for language in LANGUAGES}
    return PydanticCustomError(WRONG, "{en}", said)


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
            raise _wrong("no_database") from error
        if engine not in ("sqlite", "postgresql"):
            raise _wrong("other_engine", engine=engine)
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
        raise WrongSettings(
            {
                str(item["loc"][0]): item.get("ctx", {}) if item["type"] == WRONG else {"en": item["msg"]}
                for item in error.errors()
            }
        ) from error
