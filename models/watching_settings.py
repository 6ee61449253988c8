"""The settings of watching over the sources and the store: who is told what is wrong, and where backups stand."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

from models.notifying import notifier

WATCHING_HELP = {
    "alerts": "CAODIEM_ALERTS names where messages about sources go: one address or several with a space between, e.g."
    " mailtos://user:password@mail.example.vn?to=truc@example.vn or jsons://hooks.example.vn/caodiem",
    "alerts_language": "CAODIEM_ALERTS_LANGUAGE is the language of those messages: vi or en",
    "backup_folder": "CAODIEM_BACKUP_FOLDER is the folder of the daily backups, best on another disk; without it they"
    " stand in the folder “backups” of the home",
    "backup_days": "CAODIEM_BACKUP_DAYS is how many days daily backups are kept, 1 to 3650, e.g. 14; 0: none are made",
}


class WatchingSettings(BaseSettings):
    """What may be set about messages and backups."""

    alerts: SecretStr = SecretStr("")
    """Addresses as the notification library reads them; passwords and tokens stand in them."""
    alerts_language: Literal["vi", "en"] = "vi"
    backup_folder: Path | None = None
    backup_days: int = Field(default=14, ge=0, le=3650)

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
