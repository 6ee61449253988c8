"""The settings of watching: who is told what is wrong with a source, who may measure, where backups stand."""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

from models.notifying import notifier

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
